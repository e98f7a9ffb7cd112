#include "checks/dkim/dkim_report.h"

#include "base/civil.h"
#include "base/limits.h"
#include "base/table.h"
#include "checks/dkim/dkim_headers.h"
#include "checks/dmarc/dmarc_align.h"

/* ---- helpers ----------------------------------------------------------- */

static void
text_or_null(json_t *o, const char *key, struct slice text)
{
	if (text.n > 0)
		check_fact_text(o, key, text);
	else
		check_fact_null(o, key);
}

static void
word_or_null(json_t *o, const char *key, const char *word)
{
	text_or_null(o, key, slice_str(word));
}

static void
time_or_null(json_t *o, const char *key, bool there, uint64_t when)
{
	char text[CIVIL_TEXT_MAX];

	if (!there || when > INT64_MAX) {
		check_fact_null(o, key);
		return;
	}
	civil_rfc3339_format((int64_t)when, text);
	check_fact_text(o, key, slice_str(text));
}

static json_t *
list_of(json_t *o, const char *key)
{
	json_t *list = json_array();

	(void)json_object_set_new(o, key, list);
	return list;
}

static struct slice
lower_case(struct arena *arena, struct slice s)
{
	unsigned char *p = arena_new_of(arena, unsigned char, s.n + 1);
	size_t i;

	if (p == NULL)
		return SLICE_LIT("");
	for (i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return slice_of(p, s.n);
}

/* ---- what is covered --------------------------------------------------- */

/* Names of the message's fields, with how many there are. */
struct coverage {
	struct arena *arena;
	struct dkim_headers *headers;
	const struct dkim_signature *signature;
	json_t *covers, *oversigned;
};

static bool
is_first_mention(const struct dkim_signature *s, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (slice_eq_nocase(s->names[k], s->names[i]))
			return false;
	return true;
}

static void
cover_name(const struct coverage *c, struct slice name)
{
	size_t there = dkim_headers_count(c->headers, name);
	size_t named = dkim_signature_names(c->signature, name);
	struct slice shown = lower_case(c->arena, name);

	if (there > 0 && named >= there)
		(void)json_array_append_new(c->covers, check_json(shown));
	if (named > there)
		(void)json_array_append_new(c->oversigned, check_json(shown));
}

static void
coverage_facts(const struct coverage *c, json_t *o)
{
	json_t *not_covered = list_of(o, "not_covered");
	const struct dkim_signature *s = c->signature;
	size_t i;

	for (i = 0; i < s->n_names; i++)
		if (is_first_mention(s, i))
			cover_name(c, s->names[i]);
	for (i = 0; dkim_important[i] != NULL; i++) {
		struct slice name = slice_str(dkim_important[i]);
		size_t there = dkim_headers_count(c->headers, name);

		if (there > 0 && dkim_signature_names(s, name) < there)
			(void)json_array_append_new(not_covered,
			    check_json(lower_case(c->arena, name)));
	}
}

/* ---- alignment --------------------------------------------------------- */

static void
aligned_fact(const struct dkim_report *d, const struct dkim_verdict *v,
    json_t *o)
{
	struct dmarc_alignment a =
	    dmarc_align(d->run, d->walk, DMARC_ADKIM, v->domain);

	if (a.lost != NULL)
		check_gap_answer(d->run, "signatures[].aligned", a.lost->answer,
		    arena_slicef(d->run->arena, "%.*s TXT",
			SLICE_FMT(a.lost->name)));
	else
		check_fact_bool(o, "aligned", a.aligned);
}

/* ---- signatures -------------------------------------------------------- */

static struct slice
canon_text(struct arena *arena, const struct dkim_signature *s)
{
	return arena_slicef(arena, "%s/%s", dkim_canon_name(s->header_canon),
	    dkim_canon_name(s->body_canon));
}

static void
signature_says(const struct dkim_report *d, const struct dkim_verdict *v,
    json_t *o)
{
	const struct dkim_signature *s = v->signature;

	text_or_null(o, "name", v->name);
	text_or_null(o, "domain", v->domain);
	text_or_null(o, "selector", v->selector);
	text_or_null(o, "identity", s->identity);
	text_or_null(o, "algorithm", s->algorithm_text);
	check_fact_text(o, "canonicalization", canon_text(d->run->arena, s));
	(void)json_object_set_new(o, "line",
	    json_integer((json_int_t)v->field->line));
	if (s->has_length && s->length <= INT64_MAX)
		(void)json_object_set_new(o, "body_length",
		    json_integer((json_int_t)s->length));
	else
		check_fact_null(o, "body_length");
	time_or_null(o, "signed_at", s->has_time, s->time);
	time_or_null(o, "expires", s->has_expiry, s->expiry);
}

static void
lose_facts(const struct dkim_report *d, const struct dkim_verdict *v,
    const char *const *facts)
{
	for (; *facts != NULL; facts++)
		check_gap_answer(d->run, *facts, v->answer,
		    arena_slicef(d->run->arena, "%.*s TXT",
			SLICE_FMT(v->name)));
}

/* What the key's answer alone tells. */
static void
key_facts_of(const struct dkim_report *d, const struct dkim_verdict *v,
    json_t *o)
{
	static const char *const lost[] = { "signatures[].key_bits",
		"signatures[].testing", NULL };

	if (v->answer != NULL && !answer_known(v->answer)) {
		lose_facts(d, v, lost);
		return;
	}
	if (v->key != NULL && v->key->bits > 0)
		(void)json_object_set_new(o, "key_bits",
		    json_integer(v->key->bits));
	else
		check_fact_null(o, "key_bits");
	check_fact_bool(o, "testing", v->testing);
}

static void
verdict_facts(const struct dkim_report *d, const struct dkim_verdict *v,
    json_t *o)
{
	static const char *const lost[] = { "signatures[].result",
		"signatures[].pass", "signatures[].reason",
		"signatures[].detail", "signatures[].body_cause",
		"signatures[].header_cause", "signatures[].changed", NULL };

	check_fact_text(o, "result", slice_str(dkim_result_name(v->result)));
	word_or_null(o, "reason", dkim_reason_name(v->reason));
	text_or_null(o, "detail", v->detail);
	key_facts_of(d, v, o);
	if (v->lost != NULL) {
		lose_facts(d, v, lost);
		return;
	}
	check_fact_bool(o, "pass", v->result == DKIM_PASS);
	word_or_null(o, "body_cause", v->body_cause);
	word_or_null(o, "header_cause", v->header_cause);
	text_or_null(o, "changed", v->changed);
}

enum rc
dkim_report_signatures(const struct dkim_report *d)
{
	struct coverage c = { .arena = d->run->arena };
	json_t *list = list_of(d->run->facts, "signatures");
	enum rc rc;
	size_t i;

	if (d->verdicts->n == 0)
		return RC_OK;
	rc = dkim_headers_new(d->run->arena, d->run->subject->message,
	    &c.headers);
	for (i = 0; rc == RC_OK && i < d->verdicts->n; i++) {
		const struct dkim_verdict *v = &d->verdicts->all[i];
		json_t *o = json_object();

		signature_says(d, v, o);
		verdict_facts(d, v, o);
		aligned_fact(d, v, o);
		c.signature = v->signature;
		c.covers = list_of(o, "covers");
		c.oversigned = list_of(o, "oversigned");
		coverage_facts(&c, o);
		(void)json_array_append_new(list, o);
	}
	dkim_headers_close(&c.headers);
	return rc;
}

/* ---- keys -------------------------------------------------------------- */

static void
lost_key_facts(const struct dkim_report *d, const struct dkim_named_key *k)
{
	static const char *const lost[] = { "keys[].present", "keys[].type",
		"keys[].bits", "keys[].revoked", "keys[].testing",
		"keys[].strict", "keys[].record", "keys[].alias",
		"keys[].suggested", "keys[].problems" };
	size_t i;

	for (i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
		check_gap_answer(d->run, lost[i], k->answer,
		    arena_slicef(d->run->arena, "%.*s TXT",
			SLICE_FMT(k->name)));
}

static void
no_key_facts(json_t *o)
{
	static const char *const null[] = { "type", "bits", "revoked",
		"testing", "strict", "record", "suggested" };
	size_t i;

	for (i = 0; i < sizeof(null) / sizeof(null[0]); i++)
		check_fact_null(o, null[i]);
}

static void
record_facts(struct arena *arena, const struct dkim_key *k, json_t *o)
{
	text_or_null(o, "suggested", dkim_suggested_key(arena, k));
	check_fact_text(o, "record", k->text);
	check_fact_text(o, "type", k->type_text);
	if (k->bits > 0)
		(void)json_object_set_new(o, "bits", json_integer(k->bits));
	else
		check_fact_null(o, "bits");
	check_fact_bool(o, "revoked", k->revoked);
	check_fact_bool(o, "testing", k->testing);
	check_fact_bool(o, "strict", k->strict);
}

static void
key_report(const struct dkim_report *d, const struct dkim_named_key *k,
    json_t *o)
{
	const struct dns_answer *dns;

	text_or_null(o, "name", k->name);
	check_fact_text(o, "domain", k->domain);
	check_fact_text(o, "selector", k->selector);
	if (k->answer != NULL && !answer_known(k->answer)) {
		lost_key_facts(d, k);
		return;
	}
	check_fact_bool(o, "present", k->key != NULL);
	dns = k->answer != NULL ? &k->answer->as.dns : NULL;
	if (dns != NULL && dns->n_chain > 0)
		check_fact_text(o, "alias",
		    dns->chain[dns->n_chain - 1].as.name);
	else
		check_fact_null(o, "alias");
	if (k->key != NULL)
		record_facts(d->run->arena, k->key, o);
	else
		no_key_facts(o);
	(void)list_of(o, "problems");
	dkim_key_problems(d, k, o);
}

enum rc
dkim_report_keys(const struct dkim_report *d)
{
	json_t *list = list_of(d->run->facts, "keys");
	size_t i;

	for (i = 0; i < d->n_keys; i++) {
		json_t *o = json_object();

		key_report(d, &d->keys[i], o);
		(void)json_array_append_new(list, o);
	}
	return RC_OK;
}
