#include "audit/views/html_tables.h"

#include "audit/views/tables.h"
#include "audit/views/words.h"
#include "base/limits.h"

#define TEXT(t, p) \
	{ \
		.name = (p), .title = (t), .kind = CELL_TEXT, .path = (p) \
	}
#define LONG_TEXT(t, p) \
	{ \
		.name = (p), .title = (t), .kind = CELL_TEXT, .width = 60, \
		.path = (p) \
	}
#define NUMBER(t, p) \
	{ \
		.name = (p), .title = (t), .kind = CELL_NUMBER, .path = (p) \
	}
#define FLAG(t, p) \
	{ \
		.name = (p), .title = (t), .kind = CELL_FLAG, .path = (p) \
	}
#define TIME(t, p) \
	{ \
		.name = (p), .title = (t), .kind = CELL_TIME, .path = (p) \
	}
#define MADE(n, t, m) \
	{ \
		.name = (n), .title = (t), .kind = CELL_TEXT, .make = (m) \
	}

#define LIST(name, path) static const char *const name[] = { (path), NULL }
#define TABLE(n, t, l, c) \
	const struct table html_##n = { \
		.name = #n, \
		.title = (t), \
		.document = DOCUMENT_AUDIT, \
		.lists = (l), \
		COLUMNS(c), \
	}

static void
set_text(const struct row *r, struct cell *out, struct buf *text)
{
	if (text->n > 0)
		*out = (struct cell){ .kind = CELL_TEXT,
			.text = arena_copy(r->arena, buf_slice(text)) };
	buf_free(text);
}

/* ---- signatures, keys, reports ----------------------------------------- */

LIST(signatures, "facts.dkim.signatures");

static const struct column signature_columns[] = {
	TEXT("Domain", "domain"),
	TEXT("Selector", "selector"),
	TEXT("Result", "result"),
	FLAG("Aligned", "aligned"),
	TEXT("Algorithm", "algorithm"),
	NUMBER("Key bits", "key_bits"),
	TEXT("Canonical form", "canonicalization"),
	LONG_TEXT("Signs", "covers"),
	LONG_TEXT("Because", "detail"),
};

TABLE(signatures, "Signatures", signatures, signature_columns);

LIST(keys, "facts.dkim.keys");

static const struct column key_columns[] = {
	TEXT("Name", "name"),
	FLAG("There", "present"),
	TEXT("Type", "type"),
	NUMBER("Bits", "bits"),
	FLAG("Revoked", "revoked"),
	FLAG("Testing", "testing"),
	LONG_TEXT("Record", "record"),
};

TABLE(keys, "Keys", keys, key_columns);

LIST(reports, "facts.dmarc.external_reports");

static const struct column report_columns[] = {
	TEXT("Target", "target"),
	FLAG("Authorized", "authorized"),
};

TABLE(reports, "Reports", reports, report_columns);

/* ---- hosts ------------------------------------------------------------- */

LIST(hosts, "facts.tls.hosts");

static const struct column host_columns[] = {
	TEXT("Host", "host"),
	TEXT("Address", "address"),
	FLAG("STARTTLS", "starttls"),
	TEXT("Version", "version"),
	TEXT("Cipher", "cipher"),
	TEXT("Certificate", "certificate.subject"),
	TEXT("Issuer", "certificate.issuer"),
	TIME("Valid until", "certificate.not_after"),
	FLAG("Trusted", "certificate.trusted"),
	FLAG("Of that host", "certificate.matches_host"),
	TEXT("Error", "certificate.error"),
};

TABLE(hosts, "TLS", hosts, host_columns);

LIST(addresses, "facts.ptr.ips");

static const struct column address_columns[] = {
	TEXT("Address", "ip"),
	TEXT("Names", "names"),
	FLAG("Leads back", "confirmed"),
	FLAG("Generic name", "generic"),
};

TABLE(addresses, "Addresses", addresses, address_columns);

LIST(mx, "facts.mx.hosts");

static const struct column mx_columns[] = {
	TEXT("Host", "name"),
	NUMBER("Preference", "preference"),
	FLAG("Resolves", "resolves"),
	TEXT("Addresses", "addresses"),
};

TABLE(mx, "Mail hosts", mx, mx_columns);

/* ---- the way of the sample --------------------------------------------- */

static void
client(const struct row *r, struct cell *out)
{
	struct buf text;

	buf_init(&text, LIMIT_RENDERED);
	hop_from(&text, r->value);
	set_text(r, out, &text);
}

static void
delay(const struct row *r, struct cell *out)
{
	char text[HOP_TEXT_MAX];
	struct buf all;

	hop_delay_text(r->value, text);
	buf_init(&all, LIMIT_RENDERED);
	buf_add_str(&all, text);
	set_text(r, out, &all);
}

static void
tls(const struct row *r, struct cell *out)
{
	char text[HOP_TEXT_MAX];
	struct buf all;

	hop_tls_text(r->value, text);
	buf_init(&all, LIMIT_RENDERED);
	buf_add_str(&all, text);
	set_text(r, out, &all);
}

LIST(hops, "facts.hops.chain");

static const struct column hop_columns[] = {
	NUMBER("Hop", "hop"),
	MADE("delay", "Delay", delay),
	MADE("client", "From", client),
	TEXT("By", "by"),
	TEXT("With", "with"),
	MADE("tls", "TLS", tls),
	TIME("Time", "time"),
};

TABLE(hops, "Hops", hops, hop_columns);

LIST(receiver, "facts.receiver.results");

static void
of(const struct row *r, struct cell *out)
{
	struct buf text;

	buf_init(&text, LIMIT_RENDERED);
	receiver_name(&text, r->value);
	set_text(r, out, &text);
}

static void
ours(const struct row *r, struct cell *out)
{
	*out = (struct cell){ .kind = CELL_TEXT,
		.text = slice_str(receiver_ours(r->value)) };
}

static const struct column receiver_columns[] = {
	MADE("of", "Of", of),
	TEXT("They", "theirs"),
	MADE("ours", "We", ours),
	FLAG("Agree", "agree"),
	LONG_TEXT("Why", "explanation"),
};

TABLE(receiver, "Receiver", receiver, receiver_columns);

/* ---- zones and servers ------------------------------------------------- */

LIST(missing, "facts.zone.missing");

static const struct column missing_columns[] = {
	TEXT("Name", "name"),
	TEXT("Type", "type"),
	LONG_TEXT("Value", "value"),
	LONG_TEXT("What is wrong", "detail"),
};

TABLE(zone_missing, "Missing", missing, missing_columns);

LIST(differs, "facts.zone.differs");

static const struct column differs_columns[] = {
	TEXT("Name", "name"),
	TEXT("Type", "type"),
	LONG_TEXT("In the file", "expected"),
	LONG_TEXT("Public DNS", "published"),
};

TABLE(zone_differs, "Differs", differs, differs_columns);

LIST(servers, "facts.authoritative.servers");

static const struct column server_columns[] = {
	TEXT("Server", "name"),
	TEXT("Address", "ip"),
	NUMBER("Serial", "serial"),
	FLAG("Lame", "lame"),
};

TABLE(servers, "Name servers", servers, server_columns);

LIST(differences, "facts.authoritative.differences");

static const struct column difference_columns[] = {
	TEXT("Name", "name"),
	TEXT("Type", "type"),
	TEXT("Server", "server"),
	LONG_TEXT("Value", "value"),
};

TABLE(differences, "Differences", differences, difference_columns);

/* ---- Google ------------------------------------------------------------ */

LIST(google, "postmaster");

static const struct column google_columns[] = {
	TEXT("Of", "requirement"),
	TEXT("Google", "google"),
	TEXT("We", "ours"),
	FLAG("Differ", "differs"),
	LONG_TEXT("Why", "reason"),
};

TABLE(google, "Google", google, google_columns);

static const char *const figures[] = { "facts.postmaster.spam_rate",
	"facts.postmaster.auth.spf", "facts.postmaster.auth.dkim",
	"facts.postmaster.auth.dmarc", "facts.postmaster.tls",
	"facts.postmaster.delivery_errors", NULL };

static void
what(const struct row *r, struct cell *out)
{
	struct buf text;
	size_t i = 0;

	while (figures[i] != NULL && strcmp(figures[i], r->list) != 0)
		i++;
	buf_init(&text, LIMIT_RENDERED);
	postmaster_figure(&text, i, r->value);
	set_text(r, out, &text);
}

static const struct column figure_columns[] = {
	MADE("what", "Figure", what),
	NUMBER("Percent", "percent"),
	NUMBER("At worst", "worst_percent"),
	NUMBER("Days", "days"),
};

TABLE(figures, "Figures", figures, figure_columns);
