#include "audit/views/columns.h"

#include <string.h>

#include "audit/views/view.h"
#include "base/limits.h"

/* What the checks saw of the world, and of what it was seen. */

static void
set(struct cell *out, struct slice text)
{
	if (text.n > 0)
		*out = (struct cell){ .kind = CELL_TEXT, .text = text };
}

static void
set_str(struct cell *out, const char *text)
{
	set(out, slice_str(text));
}

static bool
is_of(const struct row *r, const char *list)
{
	return strcmp(r->list, list) == 0;
}

/* ---- records as they are published ------------------------------------- */

static const char *const dns[] = { "facts.mx.hosts", "facts.ptr.ips",
	"facts.helo", "facts.spf.tree", "facts.dkim.keys", "facts.dmarc",
	"facts.mta_sts", "facts.tls_rpt", "facts.bimi", NULL };

/* Each list has one member that is what stands in the zone. */
static const json_t *
published(const json_t *v)
{
	static const char *const members[] = { "record", "names", "addresses" };
	const json_t *found = NULL;

	for (size_t i = 0; found == NULL && i < 3; i++)
		found = json_object_get(v, members[i]);
	if (json_is_string(found) || json_array_size(found) > 0)
		return found;
	return NULL;
}

static bool
is_published(const json_t *v)
{
	return published(v) != NULL;
}

static const char *
domain_of(const struct row *r)
{
	return view_text_of(json_object_get(r->item, "subject"), "domain");
}

static void
dns_name(const struct row *r, struct cell *out)
{
	if (is_of(r, "facts.mx.hosts"))
		set_str(out, domain_of(r));
	else if (is_of(r, "facts.ptr.ips"))
		set_str(out, view_text_of(r->value, "ip"));
	else if (is_of(r, "facts.helo"))
		set_str(out, view_text_of(r->value, "host"));
	else if (is_of(r, "facts.spf.tree"))
		set_str(out, view_text_of(r->value, "domain"));
	else if (is_of(r, "facts.mta_sts"))
		set(out, arena_slicef(r->arena, "_mta-sts.%s", domain_of(r)));
	else if (is_of(r, "facts.dmarc"))
		set_str(out, view_text_of(r->value, "location"));
	else
		set_str(out, view_text_of(r->value, "name"));
}

static void
dns_type(const struct row *r, struct cell *out)
{
	if (is_of(r, "facts.mx.hosts"))
		set_str(out, "MX");
	else if (is_of(r, "facts.ptr.ips"))
		set_str(out, "PTR");
	else if (is_of(r, "facts.helo"))
		set_str(out, "A, AAAA");
	else
		set_str(out, "TXT");
}

static void
dns_value(const struct row *r, struct cell *out)
{
	if (is_of(r, "facts.mx.hosts"))
		set(out, arena_slicef(r->arena, "%lld %s",
			     (long long)json_integer_value(
				 json_object_get(r->value, "preference")),
			     view_text_of(r->value, "name")));
	else
		table_cell(r, published(r->value), CELL_TEXT, out);
}

static void
dns_use(const struct row *r, struct cell *out)
{
	static const char *const uses[][2] = {
		{ "facts.mx.hosts", "mail exchanger" },
		{ "facts.ptr.ips", "reverse DNS" },
		{ "facts.helo", "HELO name" },
		{ "facts.spf.tree", "SPF" },
		{ "facts.dkim.keys", "DKIM key" },
		{ "facts.dmarc", "DMARC" },
		{ "facts.mta_sts", "MTA-STS" },
		{ "facts.tls_rpt", "TLS reporting" },
		{ "facts.bimi", "BIMI" },
	};

	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (is_of(r, uses[i][0]))
			set_str(out, uses[i][1]);
	}
}

static const struct column dns_columns[] = {
	DOMAIN,
	MESSAGE,
	MADE("use", "Used for", 15, dns_use),
	MADE("name", "Name", 40, dns_name),
	MADE("type", "Type", 8, dns_type),
	MADE("value", "Value", 80, dns_value),
};

const struct table table_dns = {
	.name = "dns",
	.title = "DNS",
	.document = DOCUMENT_AUDIT,
	.lists = dns,
	.wanted = is_published,
	COLUMNS(dns_columns),
};

/* ---- SPF --------------------------------------------------------------- */

static const char *const spf_tree[] = { "facts.spf.tree", NULL };

/* A record stands a step left of its terms. */
static void
spf_step(const struct row *r, struct cell *out)
{
	json_int_t depth =
	    json_integer_value(json_object_get(r->value, "depth"));
	const char *term = view_text_of(r->value, "term");
	int indent = depth > 0 && depth < 100 ? (int)depth * 4 : 0;

	if (term[0] != '\0')
		set(out, arena_slicef(r->arena, "%*s%s", indent + 2, "", term));
	else
		set(out, arena_slicef(r->arena, "%*s%s", indent, "",
			     view_text_of(r->value, "domain")));
}

static const struct column spf_columns[] = {
	DOMAIN,
	MESSAGE,
	COUNT("depth", "Depth", 7),
	CELL(CELL_TEXT, "of", "Record of", 30, "domain"),
	MADE("term", "Name or term", 46, spf_step),
	COUNT("lookups", "Lookups", 9),
	COUNT("below", "Below", 9),
	COUNT("total", "In all so far", 9),
	TEXT("record", "Record", 60),
	TEXT("note", "Note", 40),
};

const struct table table_spf_tree = {
	.name = "spf_tree",
	.title = "SPF tree",
	.document = DOCUMENT_AUDIT,
	.lists = spf_tree,
	COLUMNS(spf_columns),
};

/* ---- DKIM and DMARC ---------------------------------------------------- */

#define SIGNATURES "facts.dkim.signatures"
#define KEYS       "facts.dkim.keys"
#define DMARC      "facts.dmarc"

static const char *const authentication[] = { SIGNATURES, KEYS, DMARC, NULL };

static void
what_it_is(const struct row *r, struct cell *out)
{
	set_str(out, is_of(r, SIGNATURES) ? "DKIM signature"
		     : is_of(r, KEYS)     ? "DKIM key"
					  : "DMARC policy");
}

/* What of it is unknown is not named. */
static void
alignment(const struct row *r, struct cell *out)
{
	const json_t *spf = json_object_get(r->value, "aligned_spf");
	const json_t *dkim = json_object_get(r->value, "aligned_dkim");

	if (!is_of(r, DMARC)) {
		table_cell(r, json_object_get(r->value, "aligned"), CELL_FLAG,
		    out);
		return;
	}
	set(out,
	    arena_slicef(r->arena, "%s%s%s",
		json_is_boolean(spf) ? json_is_true(spf) ? "SPF yes" : "SPF no"
				     : "",
		json_is_boolean(spf) && json_is_boolean(dkim) ? ", " : "",
		json_is_boolean(dkim)
		    ? json_is_true(dkim) ? "DKIM yes" : "DKIM no"
		    : ""));
}

static void
method(const struct row *r, struct cell *out)
{
	const char *algorithm = view_text_of(r->value, "algorithm");

	if (is_of(r, DMARC))
		set_str(out, view_text_of(r->value, "policy"));
	else if (is_of(r, KEYS))
		set_str(out, view_text_of(r->value, "type"));
	else if (algorithm[0] != '\0')
		set(out, arena_slicef(r->arena, "%s, %s", algorithm,
			     view_text_of(r->value, "canonicalization")));
}

static void
bits(const struct row *r, struct cell *out)
{
	table_cell(r,
	    json_object_get(r->value, is_of(r, KEYS) ? "bits" : "key_bits"),
	    CELL_NUMBER, out);
}

static void
add_line(struct buf *text, const char *line)
{
	if (line[0] != '\0')
		buf_printf(text, "%s%s", text->n > 0 ? "\n" : "", line);
}

static void
remarks(const struct row *r, struct cell *out)
{
	const json_t *problem;
	struct buf text;
	size_t i;

	buf_init(&text, LIMIT_RENDERED);
	add_line(&text, view_text_of(r->value, "reason"));
	add_line(&text, view_text_of(r->value, "detail"));
	add_line(&text, view_text_of(r->value, "defect"));
	json_array_foreach(json_object_get(r->value, "problems"), i, problem)
	    add_line(&text, view_text_of(problem, "detail"));
	set(out, arena_copy(r->arena, buf_slice(&text)));
	buf_free(&text);
}

static const struct column authentication_columns[] = {
	DOMAIN,
	MESSAGE,
	MADE("kind", "What", 15, what_it_is),
	TEXT("name", "Name", 36),
	CELL(CELL_TEXT, "signer", "Signing domain", 24, "domain"),
	TEXT("result", "Result", 11),
	MADE("aligned", "Aligned", 18, alignment),
	MADE("method", "Algorithm or policy", 28, method),
	MADE("bits", "Key bits", 9, bits),
	TEXT("record", "Record", 60),
	MADE("remarks", "Remarks", 60, remarks),
};

const struct table table_authentication = {
	.name = "authentication",
	.title = "DKIM and DMARC",
	.document = DOCUMENT_AUDIT,
	.lists = authentication,
	COLUMNS(authentication_columns),
};

/* ---- TLS --------------------------------------------------------------- */

static const char *const tls[] = { "facts.tls.hosts", NULL };

#define CERTIFICATE(k, n, t, w) CELL(k, n, t, w, "certificate." n)

static const struct column tls_columns[] = {
	DOMAIN,
	MESSAGE,
	TEXT("host", "Host", 30),
	TEXT("address", "Address", 18),
	TEXT("role", "Role", 8),
	FLAG("listening", "Listens"),
	FLAG("starttls", "STARTTLS"),
	TEXT("version", "Version", 10),
	TEXT("cipher", "Cipher", 26),
	FLAG("weak", "Weak"),
	FLAG("injection", "Takes injected commands"),
	TEXT("handshake_error", "Handshake", 30),
	CERTIFICATE(CELL_TEXT, "subject", "Certificate", 30),
	CERTIFICATE(CELL_TEXT, "names", "Names in it", 34),
	CERTIFICATE(CELL_TEXT, "issuer", "Issuer", 30),
	CERTIFICATE(CELL_TIME, "not_before", "Valid from", 20),
	CERTIFICATE(CELL_TIME, "not_after", "Valid until", 20),
	CERTIFICATE(CELL_FLAG, "trusted", "Trusted", 9),
	CERTIFICATE(CELL_FLAG, "matches_host", "Is of the host", 9),
	CERTIFICATE(CELL_TEXT, "key_type", "Key", 8),
	CERTIFICATE(CELL_NUMBER, "key_bits", "Key bits", 9),
	CERTIFICATE(CELL_TEXT, "signature", "Signature", 16),
	CERTIFICATE(CELL_TEXT, "error", "Defect", 30),
};

const struct table table_tls = {
	.name = "tls",
	.title = "TLS",
	.document = DOCUMENT_AUDIT,
	.lists = tls,
	COLUMNS(tls_columns),
};

/* ---- what it all rests on ---------------------------------------------- */

static const char *const evidence[] = { "evidence.list", NULL };

static const struct column evidence_columns[] = {
	DOMAIN,
	MESSAGE,
	TEXT("kind", "Kind", 11),
	TEXT("question", "Question", 50),
	TEXT("answer", "Answer", 80),
	CELL(CELL_TIME, "asked", "Asked", 20, "asked"),
	TEXT("from", "Asked of", 24),
	TEXT("cause", "Why not known", 16),
};

const struct table table_evidence = {
	.name = "evidence",
	.title = "Evidence",
	.document = DOCUMENT_AUDIT,
	.lists = evidence,
	COLUMNS(evidence_columns),
};

static const char *const packs[] = { "packs", NULL };

static const struct column pack_columns[] = {
	TEXT("name", "Rule pack", 24),
	TEXT("provider", "Provider", 12),
	COUNT("rules", "Rules", 9),
	CELL(CELL_DAY, "oldest_checked", "Oldest source read", 13,
	    "oldest_checked"),
	CELL(CELL_DAY, "checked", "Newest source read", 13, "checked"),
	FLAG("built_in", "Built in"),
	TEXT("sha256", "SHA-256", 66),
};

const struct table table_packs = {
	.name = "packs",
	.title = "Rule packs",
	.document = DOCUMENT_AUDIT,
	.lists = packs,
	.header = true,
	COLUMNS(pack_columns),
};
