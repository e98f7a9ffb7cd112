#include "checks/check.h"
#include "checks/dmarc/dmarc_suggest.h"
#include "checks/misplaced_kind.h"
#include "checks/table.h"

/*
 * Mail records that stand where no receiver looks for them.  DNS says nothing
 * of the mistake and neither does the panel that made it; the record can be
 * read, and counts for nothing.
 */

static const struct fact_doc misplaced_facts[] = {
	{ "names", "list", "the names that were looked at" },
	{ "names[].name", "text", "the name" },
	{ "names[].misplaced", "bool",
	    "a mail record stands there that belongs elsewhere, or that cannot "
	    "be read as it stands" },
	{ "names[].left_over", "bool",
	    "a record stands there of a protocol that is no longer used" },
	{ "problems", "list", "what is wrong, a record each" },
	{ "problems[].code", "misplaced.*",
	    "stable: misplaced.dkim-at-domain, misplaced.dmarc-at-domain, "
	    "misplaced.dmarc-without-underscore, misplaced.spf-at-dmarc, "
	    "misplaced.doubled-name, misplaced.quoted, "
	    "misplaced.mta-sts-at-domain, misplaced.tlsrpt-at-domain, "
	    "misplaced.wildcard, misplaced.adsp, "
	    "misplaced.domainkeys-policy" },
	{ "problems[].severity", "error|warning|advice",
	    "error, warning or advice" },
	{ "problems[].detail", "text", "for people" },
	{ "problems[].name", "text", "where the record stands" },
	{ "problems[].record", "text", "the record, strings joined" },
	{ "problems[].right_name", "text",
	    "where it belongs; null: nowhere, or for a DKIM key at "
	    "SELECTOR._domainkey, of which only the signer knows the selector" },
	{ "move", "list", "what is to be published at another name" },
	{ "move[].name", "text", "the right name, which has no such record" },
	{ "move[].record", "text",
	    "the record, without quotes; of DMARC with its mistakes mended" },
	{ NULL, NULL, NULL },
};

enum { NAME_MAX_OCTETS = 253 };

/* ---- where to look ----------------------------------------------------- */

enum place {
	AT_DOMAIN,
	AT_DMARC,
	AT_DMARC_BARE,
	AT_DOMAINKEY,
	AT_ADSP,
	AT_DOUBLED,
	AT_DOUBLED_DMARC,
	AT_WILDCARD,
	AT_MTA_STS,
	AT_TLSRPT,
	PLACES,
};

static const struct {
	const char *prefix;
	bool doubled; /* the panel put the domain behind the domain */
} places[] = {
	[AT_DOMAIN] = { "", false },
	[AT_DMARC] = { "_dmarc.", false },
	[AT_DMARC_BARE] = { "dmarc.", false },
	[AT_DOMAINKEY] = { "_domainkey.", false },
	[AT_ADSP] = { "_adsp._domainkey.", false },
	[AT_DOUBLED] = { "", true },
	[AT_DOUBLED_DMARC] = { "_dmarc.", true },
	/* RFC 4592 2.2: asked by its own name it answers for itself. */
	[AT_WILDCARD] = { "*.", false },
	[AT_MTA_STS] = { "_mta-sts.", false },
	[AT_TLSRPT] = { "_smtp._tls.", false },
};

/* Where records of a kind belong; PLACES: at none of these. */
static enum place
place_of(enum kind kind)
{
	switch (kind) {
	case KIND_SPF:
		return AT_DOMAIN;
	case KIND_DMARC:
		return AT_DMARC;
	case KIND_MTA_STS:
		return AT_MTA_STS;
	case KIND_TLSRPT:
		return AT_TLSRPT;
	case KIND_OTHER:
	case KIND_DKIM:
	case KIND_ADSP:
	case KIND_DOMAINKEYS:
		break;
	}
	return PLACES;
}

/* One TXT record at one place. */
struct found {
	enum place at;
	enum kind kind; /* of what is between the quotes, if it is quoted */
	bool quoted;
	struct slice text;  /* as published */
	struct slice plain; /* without quotes */
};

/* A record that is wrong where it is. */
struct fault {
	const char *code, *severity;
	struct slice detail;
};

enum verdict { IS_NOT, IS, IS_UNKNOWN };

struct search {
	struct check_run *run;
	struct slice names[PLACES];
	const struct answer *answers[PLACES];
	const struct found *found[PLACES];
	size_t n_found[PLACES];
	enum verdict misplaced[PLACES], left_over[PLACES];
	enum place hides[PLACES]; /* whose lost answer leaves it open */
};

static void
search_ask(struct search *s)
{
	struct slice domain = s->run->subject->domain;
	enum place i;

	for (i = 0; i < PLACES; i++) {
		struct slice name = arena_slicef(s->run->arena, "%s%.*s%s%.*s",
		    places[i].prefix, SLICE_FMT(domain),
		    places[i].doubled ? "." : "",
		    places[i].doubled ? (int)domain.n : 0,
		    (const char *)domain.p);

		if (name.n == 0 || name.n > NAME_MAX_OCTETS)
			continue;
		s->names[i] = name;
		s->answers[i] = check_ask_dns(s->run, name, DNS_TXT);
	}
}

static bool
is_lost(const struct search *s, enum place at)
{
	return s->answers[at] != NULL && !answer_known(s->answers[at]);
}

static struct found
found_of(struct arena *arena, enum place at, const struct dns_record *r)
{
	struct found f = { .at = at };

	f.text = slice_trim(check_text(arena, r));
	f.quoted = kind_is_quoted(f.text);
	f.plain = f.quoted ? slice_trim(kind_unquoted(arena, f.text)) : f.text;
	f.kind = kind_of(f.plain);
	return f;
}

/* Reads the records of a place. */
static void
search_read(struct search *s, enum place at)
{
	const struct answer *a = s->answers[at];
	struct found *found;
	size_t i;

	if (a == NULL || a->seen != SEEN_ANSWERED)
		return;
	found = arena_new_of(s->run->arena, struct found, a->as.dns.n_records);
	if (found == NULL)
		return;
	for (i = 0; i < a->as.dns.n_records; i++)
		found[i] = found_of(s->run->arena, at, &a->as.dns.records[i]);
	s->found[at] = found;
	s->n_found[at] = a->as.dns.n_records;
}

/* The answer is the wildcard's, of which is spoken once. */
static bool
is_of_wildcard(const struct search *s, const struct found *f)
{
	size_t i;

	if (f->at == AT_DOMAIN || f->at == AT_WILDCARD)
		return false;
	for (i = 0; i < s->n_found[AT_WILDCARD]; i++)
		if (slice_eq(s->found[AT_WILDCARD][i].text, f->text))
			return true;
	return false;
}

/* "_dmarc" is an alias whose target is "dmarc": then it is no mistake. */
static bool
is_alias_target(const struct search *s, enum place at, enum place of)
{
	const struct answer *a = s->answers[of];
	size_t i;

	for (i = 0; a != NULL && answer_known(a) && i < a->as.dns.n_chain; i++)
		if (slice_eq(a->as.dns.chain[i].as.name, s->names[at]))
			return true;
	return false;
}

/* ---- what is wrong ----------------------------------------------------- */

/* For the reader; of a key only the signer knows the selector. */
static struct slice
right_name(const struct search *s, enum kind kind)
{
	enum place right = place_of(kind);

	if (right < PLACES)
		return s->names[right];
	return arena_slicef(s->run->arena, "SELECTOR._domainkey.%.*s",
	    SLICE_FMT(s->run->subject->domain));
}

static struct fault
fault_dkim(const struct search *s, const struct found *f)
{
	return (struct fault){ "misplaced.dkim-at-domain", "error",
		arena_slicef(s->run->arena,
		    "%.*s has a DKIM key, and receivers do not look there: it "
		    "belongs at %.*s, with the selector that the signatures "
		    "name in s=",
		    SLICE_FMT(s->names[f->at]),
		    SLICE_FMT(right_name(s, f->kind))) };
}

/* For those that are wrong by their name and nothing else. */
static struct fault
fault_moved(const struct search *s, const struct found *f, const char *code)
{
	return (struct fault){ code, "error",
		arena_slicef(s->run->arena,
		    "%.*s has %s %s, and receivers do not look there: it "
		    "belongs at %.*s",
		    SLICE_FMT(s->names[f->at]),
		    f->kind == KIND_SPF || f->kind == KIND_MTA_STS ? "an" : "a",
		    kind_name(f->kind), SLICE_FMT(right_name(s, f->kind))) };
}

static struct fault
fault_doubled(const struct search *s, const struct found *f)
{
	return (struct fault){ "misplaced.doubled-name", "error",
		arena_slicef(s->run->arena,
		    "%.*s has the domain twice in its name, as panels make it "
		    "that put the domain behind what is typed: receivers do "
		    "not look there, and its %s belongs at %.*s",
		    SLICE_FMT(s->names[f->at]), kind_name(f->kind),
		    SLICE_FMT(right_name(s, f->kind))) };
}

static struct fault
fault_quoted(const struct search *s, const struct found *f)
{
	return (struct fault){ "misplaced.quoted", "error",
		arena_slicef(s->run->arena,
		    "the %s at %.*s has quotes in its value, so it begins with "
		    "a quote and receivers do not know it for one; this panel "
		    "sets the quotes itself",
		    kind_name(f->kind), SLICE_FMT(s->names[f->at])) };
}

/* A wildcard with "v=spf1 -all" is how unused names are shut off. */
static struct fault
fault_wildcard(const struct search *s, const struct found *f)
{
	if (slice_eq_nocase(f->plain, SLICE_LIT("v=spf1 -all")))
		return (struct fault){ 0 };
	return (struct fault){ "misplaced.wildcard", "warning",
		arena_slicef(s->run->arena,
		    "every name below %.*s that has no records of its own, "
		    "those of other mail records too, is answered with the "
		    "wildcard's %s, and receivers that look there for another "
		    "record find this one",
		    SLICE_FMT(s->run->subject->domain), kind_name(f->kind)) };
}

static struct fault
fault_at_domain(const struct search *s, const struct found *f)
{
	switch (f->kind) {
	case KIND_DKIM:
		return fault_dkim(s, f);
	case KIND_DMARC:
		return fault_moved(s, f, "misplaced.dmarc-at-domain");
	case KIND_MTA_STS:
		return fault_moved(s, f, "misplaced.mta-sts-at-domain");
	case KIND_TLSRPT:
		return fault_moved(s, f, "misplaced.tlsrpt-at-domain");
	case KIND_OTHER:
	case KIND_SPF:
	case KIND_ADSP:
	case KIND_DOMAINKEYS:
		break;
	}
	return (struct fault){ 0 };
}

static struct fault
fault_at_domainkey(const struct search *s, const struct found *f)
{
	if (f->kind == KIND_DKIM)
		return fault_dkim(s, f);
	if (f->kind != KIND_DOMAINKEYS)
		return (struct fault){ 0 };
	return (struct fault){ "misplaced.domainkeys-policy", "advice",
		arena_slicef(s->run->arena,
		    "%.*s has a policy of DomainKeys (RFC 4870), which DKIM "
		    "replaced in 2007; receivers do not look there, and it "
		    "belongs nowhere",
		    SLICE_FMT(s->names[f->at])) };
}

static struct fault
fault_at_adsp(const struct search *s, const struct found *f)
{
	if (f->kind != KIND_ADSP)
		return (struct fault){ 0 };
	return (struct fault){ "misplaced.adsp", "advice",
		arena_slicef(s->run->arena,
		    "%.*s has a record of ADSP (RFC 5617), which is historic "
		    "since 2013; receivers do not look there, and DMARC has "
		    "its place",
		    SLICE_FMT(s->names[f->at])) };
}

static struct fault
fault_at_dmarc(const struct search *s, const struct found *f)
{
	if (f->kind == KIND_DKIM)
		return fault_dkim(s, f);
	if (f->kind == KIND_SPF)
		return fault_moved(s, f, "misplaced.spf-at-dmarc");
	return (struct fault){ 0 };
}

static bool
is_mail(enum kind kind)
{
	return kind == KIND_DKIM || place_of(kind) != PLACES;
}

/* A fault without a code: there is none. */
static struct fault
fault_of(const struct search *s, const struct found *f)
{
	if (f->quoted && place_of(f->kind) == f->at)
		return fault_quoted(s, f);
	switch (f->at) {
	case AT_DOMAIN:
		return fault_at_domain(s, f);
	case AT_DMARC:
		return fault_at_dmarc(s, f);
	case AT_DMARC_BARE:
		if (f->kind == KIND_DKIM)
			return fault_dkim(s, f);
		if (f->kind == KIND_DMARC &&
		    !is_alias_target(s, f->at, AT_DMARC))
			return fault_moved(s, f,
			    "misplaced.dmarc-without-underscore");
		break;
	case AT_DOMAINKEY:
		return fault_at_domainkey(s, f);
	case AT_ADSP:
		return fault_at_adsp(s, f);
	case AT_DOUBLED:
	case AT_DOUBLED_DMARC:
		if (is_mail(f->kind))
			return fault_doubled(s, f);
		break;
	case AT_WILDCARD:
		if (is_mail(f->kind))
			return fault_wildcard(s, f);
		break;
	case AT_MTA_STS:
	case AT_TLSRPT:
	case PLACES:
		break;
	}
	return (struct fault){ 0 };
}

/*
 * The place whose lost answer may yet excuse the record; PLACES: none.  No
 * wildcard answers for the domain itself, nor for itself.
 */
static enum place
excuse_lost(const struct search *s, const struct found *f)
{
	if (f->at == AT_DOMAIN || f->at == AT_WILDCARD)
		return PLACES;
	if (is_lost(s, AT_WILDCARD))
		return AT_WILDCARD;
	if (f->at == AT_DMARC_BARE && is_lost(s, AT_DMARC))
		return AT_DMARC;
	return PLACES;
}

/* ---- what to do about it ----------------------------------------------- */

/* Whether the place has, or may have, a record of the kind to be read. */
static enum verdict
has_kind(const struct search *s, enum place at, enum kind kind)
{
	size_t i;

	if (is_lost(s, at))
		return IS_UNKNOWN;
	for (i = 0; i < s->n_found[at]; i++)
		if (s->found[at][i].kind == kind && !s->found[at][i].quoted)
			return IS;
	return IS_NOT;
}

static bool
is_moved_already(const json_t *move, struct slice name)
{
	size_t i;

	for (i = 0; i < json_array_size(move); i++)
		if (slice_eq(name,
			slice_str(json_string_value(
			    json_object_get(json_array_get(move, i), "name")))))
			return true;
	return false;
}

/* As it is to be published: what no receiver can read is of no use there. */
static struct slice
record_of(struct search *s, const struct found *f)
{
	struct slice out;

	if (f->kind == KIND_DMARC &&
	    dmarc_suggest(s->run->arena, f->plain, s->run->subject->domain,
		&out) == RC_OK)
		return out;
	return f->plain;
}

/* A second record at the right name would be a new mistake. */
static void
move(struct search *s, const struct found *f, enum place right)
{
	json_t *list = json_object_get(s->run->facts, "move"), *o;

	switch (has_kind(s, right, f->kind)) {
	case IS:
		return;
	case IS_UNKNOWN:
		check_gap_answer(s->run, "move", s->answers[right],
		    arena_slicef(s->run->arena, "%.*s TXT",
			SLICE_FMT(s->names[right])));
		return;
	case IS_NOT:
		break;
	}
	if (is_moved_already(list, s->names[right]))
		return;
	o = json_object();
	check_fact_text(o, "name", s->names[right]);
	check_fact_text(o, "record", record_of(s, f));
	(void)json_array_append_new(list, o);
}

static void
report(struct search *s, const struct found *f, const struct fault *fault)
{
	json_t *list = json_object_get(s->run->facts, "problems"), *o;
	enum place right = f->at == AT_WILDCARD ? PLACES : place_of(f->kind);

	check_problem(s->run->facts, "problems", fault->code, fault->detail);
	o = json_array_get(list, json_array_size(list) - 1);
	if (json_object_get(o, "severity") != NULL ||
	    strcmp(json_string_value(json_object_get(o, "code")),
		fault->code) != 0)
		return; /* LIMIT_PROBLEMS */
	check_fact_text(o, "severity", slice_str(fault->severity));
	check_fact_text(o, "name", s->names[f->at]);
	check_fact_text(o, "record", f->text);
	if (right == PLACES) {
		check_fact_null(o, "right_name");
		return;
	}
	check_fact_text(o, "right_name", s->names[right]);
	move(s, f, right);
}

/* ---- all of it --------------------------------------------------------- */

static void
judge_record(struct search *s, const struct found *f)
{
	struct fault fault = fault_of(s, f);
	enum verdict *what;
	enum place lost;

	if (fault.code == NULL || is_of_wildcard(s, f))
		return;
	what = strcmp(fault.severity, "advice") == 0 ? &s->left_over[f->at]
						     : &s->misplaced[f->at];
	lost = excuse_lost(s, f);
	if (lost != PLACES) {
		s->hides[f->at] = lost;
		if (*what == IS_NOT)
			*what = IS_UNKNOWN;
		return;
	}
	*what = IS;
	report(s, f, &fault);
}

/* The path is that of the fact: "names[].misplaced", or "names[].left_over". */
static void
verdict_fact(struct search *s, json_t *o, enum place at, const char *path)
{
	const char *key = path + strlen("names[].");
	enum verdict v =
	    strcmp(key, "misplaced") == 0 ? s->misplaced[at] : s->left_over[at];
	enum place lost = s->hides[at];

	if (v != IS_UNKNOWN)
		check_fact_bool(o, key, v == IS);
	else
		check_gap_answer(s->run, path, s->answers[lost],
		    arena_slicef(s->run->arena, "%.*s TXT",
			SLICE_FMT(s->names[lost])));
}

static void
judge_place(struct search *s, enum place at)
{
	json_t *o = json_object();
	size_t i;

	check_fact_text(o, "name", s->names[at]);
	(void)json_array_append_new(json_object_get(s->run->facts, "names"), o);
	if (is_lost(s, at)) {
		check_gap_answer(s->run, "names[]", s->answers[at],
		    arena_slicef(s->run->arena, "%.*s TXT",
			SLICE_FMT(s->names[at])));
		return;
	}
	for (i = 0; i < s->n_found[at]; i++)
		judge_record(s, &s->found[at][i]);
	verdict_fact(s, o, at, "names[].misplaced");
	verdict_fact(s, o, at, "names[].left_over");
}

static enum rc
misplaced_run(struct check_run *run)
{
	static const char *const lists[] = { "names", "problems", "move" };
	struct search s = { .run = run };
	enum place at;
	size_t i;

	search_ask(&s);
	if (run->waiting || arena_failed(run->arena))
		return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		(void)json_object_set_new(run->facts, lists[i], json_array());
	for (at = 0; at < PLACES; at++)
		search_read(&s, at);
	for (at = 0; at < PLACES && !arena_failed(run->arena); at++)
		if (s.answers[at] != NULL)
			judge_place(&s, at);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_misplaced = {
	.name = "misplaced",
	.summary = "mail records at names where nobody looks for them",
	.standards =
	    "RFC 7208 3, RFC 9989 4.6, RFC 6376 3.6.2.1, RFC 8461 3.1, "
	    "RFC 8460 3",
	.facts = misplaced_facts,
	.run = misplaced_run,
};
