#include "audit/result.h"

#include "audit/settle.h"
#include "audit/stale.h"
#include "base/limits.h"
#include "rules/template.h"

static const char *const outcome_names[N_OUTCOMES] = { "pass", "fail",
	"unknown", "not-applicable" };

/* What is said of one audit by one rule; all owned. */
struct said {
	json_t *why;
	json_t *fix;
	json_t *records;
	json_t *unknown;        /* NULL but for unknown outcomes */
	const json_t *attested; /* the label's, where it settled; or NULL */
};

static void
say_unknown(struct said *said, const struct judging *j)
{
	const json_t *first;
	const char *detail;

	said->unknown = judging_reasons(j);
	first = json_array_get(said->unknown, 0);
	detail = json_string_value(json_object_get(first, "detail"));
	if (json_object_get(first, "fact") == NULL)
		said->why =
		    json_sprintf("Not known without your answer: %s", detail);
	else
		said->why = json_sprintf("Not known: %s.",
		    detail != NULL ? detail : "");
	said->fix = json_string(settle_text(
	    slice_str(json_string_value(json_object_get(first, "cause")))));
}

/* ---- one result -------------------------------------------------------- */

static void
set_text(json_t *o, const char *key, struct slice s)
{
	(void)json_object_set_new(o, key,
	    json_stringn(s.n > 0 ? (const char *)s.p : "", s.n));
}

/* What is known not to be there is null, never "". */
static void
set_text_or_null(json_t *o, const char *key, struct slice s)
{
	if (s.n > 0)
		set_text(o, key, s);
	else
		(void)json_object_set_new(o, key, json_null());
}

static json_t *
expanded(const struct template *t, const json_t *facts)
{
	json_t *text = NULL;
	struct buf b;

	if (t == NULL)
		return json_null();
	buf_init(&b, LIMIT_EVIDENCE_LINE);
	template_expand(t, facts, &b);
	text = b.n > 0 ? json_stringn((const char *)b.p, b.n) : json_null();
	buf_free(&b);
	return text;
}

static void
add_record(json_t *list, const struct rule_record *r, const json_t *facts,
    size_t i)
{
	struct buf name, value;
	json_t *o = json_object();

	buf_init(&name, LIMIT_RENDERED);
	buf_init(&value, LIMIT_RENDERED);
	rule_record_expand(r, facts, i, &name, &value);
	set_text(o, "name", buf_slice(&name));
	set_text(o, "type", rule_record_type(r, buf_slice(&value)));
	set_text(o, "value", buf_slice(&value));
	(void)json_array_append_new(list, o);
	buf_free(&name);
	buf_free(&value);
}

static json_t *
records_json(const struct judging *j)
{
	const json_t *facts = j->audit->facts;
	json_t *list = json_array();

	for (size_t i = 0; i < j->rule->n_records; i++) {
		const struct rule_record *r = &j->rule->records[i];
		size_t n = rule_record_count(r, facts);

		for (size_t k = 0; k < n; k++)
			add_record(list, r, facts, k);
	}
	return list;
}

/*
 * Who says so and when, behind what the rule says of it where that hangs on
 * nothing that is not known.
 */
static json_t *
answer_json(const struct judging *j, const struct template *why)
{
	const struct attestation *a = j->attested;
	const json_t *facts = j->audit->facts;
	json_t *text;
	struct buf b;

	buf_init(&b, LIMIT_EVIDENCE_LINE);
	if (why != NULL && template_is_filled(why, facts, NULL)) {
		template_expand(why, facts, &b);
		buf_add_char(&b, ' ');
	}
	buf_printf(&b, "Attested by %.*s on %.*s, not measured",
	    SLICE_FMT(a->by), SLICE_FMT(a->date));
	if (a->note.n > 0)
		buf_printf(&b, ": %.*s", SLICE_FMT(a->note));
	buf_add_str(&b,
	    a->note.n > 0 && a->note.p[a->note.n - 1] == '.' ? "" : ".");
	text = json_stringn((const char *)b.p, b.n);
	buf_free(&b);
	return text;
}

/* In the words of whoever switched it off. */
static json_t *
why_off(const struct judging *j)
{
	const struct rule_off *off = j->rule->off;
	json_t *why;
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	buf_add_str(&b, "It is disabled, in ");
	buf_add(&b, off->file);
	buf_printf(&b, " line %zu", off->line);
	buf_add_str(&b, off->why != NULL ? ": " : ".");
	if (off->why != NULL)
		template_expand(off->why, j->audit->facts, &b);
	why = check_json(buf_slice(&b));
	buf_free(&b);
	return why;
}

static void
say(struct said *said, const struct judging *j)
{
	const struct rule *r = j->rule;

	switch (j->outcome) {
	case OUTCOME_UNKNOWN:
		say_unknown(said, j);
		break;
	case OUTCOME_FAIL:
		said->why = j->answered ? answer_json(j, r->why)
					: expanded(r->why, j->audit->facts);
		said->fix = expanded(r->fix, j->audit->facts);
		said->records = records_json(j);
		break;
	case OUTCOME_PASS:
		said->why = j->answered ? answer_json(j, NULL)
					: expanded(r->pass, j->audit->facts);
		break;
	case OUTCOME_NOT_APPLICABLE:
		said->why =
		    r->off != NULL ? why_off(j) : json_incref(j->label->idle);
		break;
	}
	if (j->answered)
		said->attested = j->label->attested_json;
	if (said->fix == NULL)
		said->fix = json_null();
	if (said->records == NULL)
		said->records = json_incref(j->label->none);
}

static bool
says(const json_t *result, const char *key, const json_t *value)
{
	const json_t *there = json_object_get(result, key);

	if (there == NULL || value == NULL)
		return there == value;
	return there == value || json_equal(there, value);
}

/* Whether the result of an earlier audit says just that. */
static bool
said_before(const struct judging *j, const struct said *said)
{
	const json_t *last = j->label->last;

	return last != NULL &&
	       json_object_get(last, "status") ==
		   j->label->outcomes[j->outcome] &&
	       says(last, "why", said->why) && says(last, "fix", said->fix) &&
	       says(last, "records", said->records) &&
	       says(last, "attested", said->attested) &&
	       says(last, "unknown", said->unknown);
}

/* A result that only the label holds, to be said anew. */
static json_t *
result_blank(struct scorecard_label *l)
{
	size_t i = 0;

	while (
	    i < RESULTS_KEPT && l->kept[i] != NULL && l->kept[i]->refcount > 1)
		i++;
	if (i == RESULTS_KEPT) {
		i = l->next;
		l->next = (l->next + 1) % RESULTS_KEPT;
		json_decref(l->kept[i]);
		l->kept[i] = NULL;
	}
	if (l->kept[i] == NULL)
		l->kept[i] = json_copy(l->blank);
	return l->kept[i];
}

json_t *
result_json(const struct judging *j)
{
	struct scorecard_label *l = j->label;
	struct said said = { 0 };

	say(&said, j);
	if (said_before(j, &said)) {
		json_decref(said.why);
		json_decref(said.fix);
		json_decref(said.records);
		json_decref(said.unknown);
		return json_incref(l->last);
	}
	l->last = result_blank(l);
	(void)json_object_set(l->last, "status", l->outcomes[j->outcome]);
	(void)json_object_set_new(l->last, "why", said.why);
	(void)json_object_set_new(l->last, "fix", said.fix);
	(void)json_object_set_new(l->last, "records", said.records);
	if (j->answered)
		(void)json_object_set(l->last, "attested", l->attested_json);
	else
		(void)json_object_del(l->last, "attested");
	if (said.unknown != NULL)
		(void)json_object_set_new(l->last, "unknown", said.unknown);
	else
		(void)json_object_del(l->last, "unknown");
	return json_incref(l->last);
}

/* ---- labels ------------------------------------------------------------ */

/* Why the rule does not apply, when it does not. */
static json_t *
idle_json(const struct scorecard_settings *s, const struct rule *r)
{
	struct buf b;
	json_t *why;

	if (r->audience == AUDIENCE_BULK && s->audience != AUDIENCE_BULK)
		return json_string("It is asked of bulk senders only.");
	if (r->class != CLASS_ANY && r->class != s->class)
		return json_sprintf("It is asked of %s mail only.",
		    mail_class_name(r->class));
	if (r->when == NULL)
		return json_null();
	buf_init(&b, LIMIT_RENDERED);
	buf_add_str(&b, "It is asked only when this holds: ");
	expr_print(r->when, &b);
	buf_add_char(&b, '.');
	why = json_stringn((const char *)b.p, b.n);
	buf_free(&b);
	return why;
}

static json_t *
attested_json(const struct attestation *a, int64_t as_of)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "answer",
	    json_string(a->yes ? "yes" : "no"));
	set_text(o, "by", a->by);
	set_text(o, "date", a->date);
	if (a->note.n > 0)
		set_text(o, "note", a->note);
	(void)json_object_set_new(o, "stale",
	    json_boolean(stale_is(a->date, as_of)));
	return o;
}

/* Where a pack of the user's switches the rule off. */
static json_t *
off_json(const struct rule_off *off)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "pack", check_json(off->file));
	(void)json_object_set_new(o, "line",
	    json_integer((json_int_t)off->line));
	return o;
}

/* The order is that of the documents. */
static json_t *
blank_json(const struct rule *r, json_t *none, int64_t as_of)
{
	json_t *o = json_object(), *codes = json_array();

	for (size_t i = 0; i < r->n_codes; i++)
		(void)json_array_append_new(codes,
		    json_stringn((const char *)r->codes[i].p, r->codes[i].n));

	set_text(o, "rule", r->id);
	set_text(o, "provider", r->provider);
	set_text(o, "check", r->check);
	set_text_or_null(o, "requirement", r->requirement);
	(void)json_object_set_new(o, "audience",
	    json_string(audience_name(r->audience)));
	(void)json_object_set_new(o, "level",
	    json_string(level_name(r->level)));
	(void)json_object_set_new(o, "consequence",
	    json_string(consequence_name(r->consequence)));
	(void)json_object_set_new(o, "status", json_null());
	set_text(o, "title", r->title);
	(void)json_object_set_new(o, "why", json_null());
	(void)json_object_set_new(o, "fix", json_null());
	(void)json_object_set(o, "records", none);
	(void)json_object_set_new(o, "codes", codes);
	set_text_or_null(o, "source", r->source);
	set_text_or_null(o, "checked", r->checked);
	(void)json_object_set_new(o, "stale",
	    json_boolean(stale_is(r->checked, as_of)));
	if (r->notes.p != NULL)
		set_text(o, "notes", r->notes);
	if (r->attest.p != NULL)
		set_text(o, "question", r->attest);
	if (r->off != NULL)
		(void)json_object_set_new(o, "disabled", off_json(r->off));
	return o;
}

void
result_label_open(struct scorecard_label *l, const struct scorecard_settings *s,
    const struct rule *r)
{
	l->none = json_array();
	l->blank = blank_json(r, l->none, s->as_of);
	l->idle = idle_json(s, r);
	l->attested = attest_find(s->attested, r);
	if (l->attested != NULL)
		l->attested_json = attested_json(l->attested, s->as_of);
	for (size_t i = 0; i < N_OUTCOMES; i++)
		l->outcomes[i] = json_string(outcome_names[i]);
}

void
result_label_close(struct scorecard_label *l)
{
	json_decref(l->none);
	json_decref(l->blank);
	json_decref(l->idle);
	json_decref(l->attested_json);
	for (size_t i = 0; i < N_OUTCOMES; i++)
		json_decref(l->outcomes[i]);
	for (size_t i = 0; i < RESULTS_KEPT; i++)
		json_decref(l->kept[i]);
}
