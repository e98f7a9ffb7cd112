#include <stdio.h>

#include "checks/arc/arc_verify.h"
#include "checks/table.h"

/*
 * The Authenticated Received Chain (RFC 8617): what those who forwarded the
 * sample saw when it came to them.  Whoever sends mail need not do anything
 * about it, and the IETF means to give it up; but some receivers still look.
 */

static const struct fact_doc arc_facts[] = {
	{ "result", "none|pass|fail",
	    "none: there is no ARC field; pass; fail: for good (RFC 8617 "
	    "5.2.1)" },
	{ "reason", "text", "why it fails, in words; null: it does not" },
	{ "oldest_pass", "number",
	    "the oldest instance whose ARC-Message-Signature still verifies "
	    "with all later ones; 0: all do (RFC 8617 5.2); null: the chain "
	    "does not pass" },
	{ "sets", "list",
	    "the ARC sets from instance 1 on; as far as they can be told "
	    "apart" },
	{ "sets[].instance", "number", "i=" },
	{ "sets[].line", "number",
	    "line of the ARC-Seal in the message; null: there is none" },
	{ "sets[].domain", "text", "d= of the seal; null: unreadable" },
	{ "sets[].selector", "text", "s= of the seal; null: unreadable" },
	{ "sets[].cv", "none|pass|fail",
	    "what the sealer says of the sets before: none, pass, fail; null: "
	    "another word or none" },
	{ "sets[].signer", "text",
	    "d= of the ARC-Message-Signature; null: unreadable" },
	{ "sets[].message_signature", "pass|fail|policy|permerror",
	    "of the ARC-Message-Signature: pass, fail, policy, permerror "
	    "(RFC 8601); null: not looked at" },
	{ "sets[].seal", "text",
	    "the same of the ARC-Seal; null: not looked at" },
	{ "sets[].reason", "text",
	    "why these do not verify, in words; null: they do, or were not "
	    "looked at" },
	{ "sets[].authentication_results", "text",
	    "what the ARC-Authentication-Results say; null: there are none" },
	{ "problems", "list",
	    "what breaks the chain; with a lost answer there may be more" },
	{ "problems[].code", "arc.*",
	    "stable: arc.too-many, arc.instance-invalid, arc.field-twice, "
	    "arc.field-missing, arc.instance-missing, arc.cv-fail, "
	    "arc.cv-wrong, arc.signature-failed, arc.seal-failed" },
	{ "problems[].severity", "error|warning|advice",
	    "advice: what receivers do with the mail of a sender does not "
	    "hang on it" },
	{ "problems[].detail", "text",
	    "what is wrong, what receivers do, what to do" },
	{ "problems[].instance", "number", "of the ARC set; null: of none" },
	{ NULL, NULL, NULL },
};

/* ---- problems, and why the chain fails --------------------------------- */

struct report {
	struct check_run *run;
	const struct arc_verdicts *v;
	struct slice reason; /* the first; nothing: it does not fail */
	bool fails;
	const struct arc_part *lost; /* the first that it hangs on, or NULL */
};

static void
problem(struct report *r, const char *code, size_t instance, struct slice what)
{
	static const char advice[] =
	    "receivers believe nothing that the ARC fields say; let the host "
	    "that forwarded the message last mend its ARC, or leave the "
	    "fields out";
	struct arena *arena = r->run->arena;
	json_t *p;

	if (!r->fails)
		r->reason = what;
	r->fails = true;
	p = check_problem(r->run->facts, "problems", code,
	    arena_slicef(arena, "%.*s: %s", SLICE_FMT(what), advice));
	if (p == NULL)
		return;
	check_fact_text(p, "severity", SLICE_LIT("advice"));
	(void)json_object_set_new(p, "instance",
	    instance > 0 ? json_integer((json_int_t)instance) : json_null());
}

/* 5.2 step 2. */
static void
look_at_newest(struct report *r)
{
	size_t n = r->v->chain.n;

	if (r->v->all[n - 1].cv == ARC_CV_FAIL)
		problem(r, "arc.cv-fail", n,
		    arena_slicef(r->run->arena,
			"ARC set %zu says by cv=fail that the chain was broken "
			"when it was sealed",
			n));
}

/* 5.2 step 3: the first has none, all others pass. */
static void
look_at_cv(struct report *r, size_t i)
{
	enum arc_cv right = i == 0 ? ARC_CV_NONE : ARC_CV_PASS;
	const struct arc_verdict *v = &r->v->all[i];
	bool newest = i + 1 == r->v->chain.n;

	if (v->cv == right || v->cv == ARC_CV_OTHER ||
	    (newest && v->cv == ARC_CV_FAIL))
		return;
	problem(r, "arc.cv-wrong", i + 1,
	    arena_slicef(r->run->arena,
		"ARC set %zu has cv=%.*s where it must have cv=%s", i + 1,
		SLICE_FMT(v->cv_text), i == 0 ? "none" : "pass"));
}

static void
look_at_part(struct report *r, const struct arc_part *p, enum arc_kind kind,
    size_t instance)
{
	const char *code =
	    kind == ARC_SEAL ? "arc.seal-failed" : "arc.signature-failed";

	if (arc_part_is_lost(p) && r->lost == NULL)
		r->lost = p;
	if (arc_part_fails(p))
		problem(r, code, instance,
		    arc_part_text(r->run->arena, p, kind, instance));
}

/* 5.2 steps 2 to 6, in their order. */
static void
look(struct report *r)
{
	const struct arc_chain *c = &r->v->chain;
	size_t i;

	look_at_newest(r);
	for (i = 0; i < c->n; i++)
		look_at_cv(r, i);
	look_at_part(r, &r->v->all[c->n - 1].message, ARC_SIGNATURE, c->n);
	for (i = c->n; i > 0; i--)
		look_at_part(r, &r->v->all[i - 1].seal, ARC_SEAL, i);
}

/* ---- facts ------------------------------------------------------------- */

static const char *const unknown[] = { "result", "reason", "oldest_pass" };

static void
gap(struct report *r, const char *fact, const struct arc_part *p)
{
	check_gap_answer(r->run, fact, p->answer,
	    arena_slicef(r->run->arena, "%.*s TXT",
		SLICE_FMT(p->signature.key_name)));
}

static void
gaps(struct report *r, const struct arc_part *p)
{
	size_t i;

	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		gap(r, unknown[i], p);
}

/* 5.2 step 5. */
static void
say_oldest_pass(struct report *r)
{
	size_t i;

	for (i = r->v->chain.n - 1; i > 0; i--) {
		const struct arc_part *p = &r->v->all[i - 1].message;

		if (arc_part_is_lost(p)) {
			gap(r, "oldest_pass", p);
			return;
		}
		if (arc_part_fails(p))
			break;
	}
	(void)json_object_set_new(r->run->facts, "oldest_pass",
	    json_integer(i > 0 ? (json_int_t)i + 1 : 0));
}

static void
say_result(struct report *r)
{
	json_t *facts = r->run->facts;

	if (r->lost != NULL && !r->fails) {
		gaps(r, r->lost);
		return;
	}
	check_fact_text(facts, "result",
	    r->fails ? SLICE_LIT("fail") : SLICE_LIT("pass"));
	if (!r->fails) {
		check_fact_null(facts, "reason");
		say_oldest_pass(r);
		return;
	}
	check_fact_null(facts, "oldest_pass");
	/* What is lost might have been the first to fail. */
	if (r->lost == NULL)
		check_fact_text(facts, "reason", r->reason);
	else
		gap(r, "reason", r->lost);
}

static void
say_text(json_t *o, const char *key, struct slice s)
{
	if (s.n > 0)
		check_fact_text(o, key, s);
	else
		check_fact_null(o, key);
}

static void
say_part(json_t *o, const char *key, const struct arc_part *p)
{
	enum dkim_result result = dkim_reason_result(p->reason);

	if (!arc_part_is_lost(p))
		check_fact_text(o, key, slice_str(dkim_result_name(result)));
}

/* Why its parts do not verify; false: a key is lost. */
static bool
reason_of(struct report *r, size_t i, struct slice *out)
{
	const struct arc_verdict *v = &r->v->all[i];
	struct arena *arena = r->run->arena;
	bool message = arc_part_is_lost(&v->message);
	bool lost = arc_part_is_lost(&v->seal);
	struct slice seal;

	if (message)
		gap(r, "sets", &v->message);
	if (lost && !(message && v->seal.answer == v->message.answer))
		gap(r, "sets", &v->seal);
	if (message || lost)
		return false;
	if (arc_part_fails(&v->message))
		*out = arc_part_text(arena, &v->message, ARC_SIGNATURE, i + 1);
	if (!arc_part_fails(&v->seal))
		return true;
	seal = arc_part_text(arena, &v->seal, ARC_SEAL, i + 1);
	*out = out->n == 0 ? seal
			   : arena_slicef(arena, "%.*s. %.*s", SLICE_FMT(*out),
				 SLICE_FMT(seal));
	return true;
}

static void
say_verdict(struct report *r, json_t *o, size_t i)
{
	const struct arc_verdict *v = &r->v->all[i];
	struct slice reason = SLICE_NONE;

	say_text(o, "domain", v->seal.signature.domain);
	say_text(o, "selector", v->seal.signature.selector);
	say_text(o, "cv", v->cv == ARC_CV_OTHER ? SLICE_NONE : v->cv_text);
	say_text(o, "signer", v->message.signature.domain);
	say_part(o, "message_signature", &v->message);
	say_part(o, "seal", &v->seal);
	if (reason_of(r, i, &reason))
		say_text(o, "reason", reason);
}

static void
say_nothing(json_t *o)
{
	static const char *const keys[] = { "domain", "selector", "cv",
		"signer", "message_signature", "seal", "reason" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		check_fact_null(o, keys[i]);
}

static void
say_set(struct report *r, json_t *sets, size_t i)
{
	const struct arc_set *set = &r->v->chain.sets[i];
	const struct field *seal = set->fields[ARC_SEAL];
	json_t *o = json_object();

	(void)json_array_append_new(sets, o);
	(void)json_object_set_new(o, "instance",
	    json_integer((json_int_t)i + 1));
	(void)json_object_set_new(o, "line",
	    seal != NULL ? json_integer((json_int_t)seal->line) : json_null());
	say_text(o, "authentication_results", set->results);
	if (r->v->all != NULL)
		say_verdict(r, o, i);
	else
		say_nothing(o);
}

static void
say(struct report *r)
{
	const struct arc_chain *c = &r->v->chain;
	json_t *facts = r->run->facts, *sets = json_array();
	char code[64];
	size_t i;

	(void)json_object_set_new(facts, "sets", sets);
	(void)json_object_set_new(facts, "problems", json_array());
	for (i = 0; i < c->n; i++)
		say_set(r, sets, i);
	if (!c->there) {
		check_fact_text(facts, "result", SLICE_LIT("none"));
		check_fact_null(facts, "reason");
		check_fact_null(facts, "oldest_pass");
		return;
	}
	if (c->fault != ARC_FINE) {
		(void)snprintf(code, sizeof(code), "arc.%s",
		    arc_fault_name(c->fault));
		problem(r, code, c->instance, arc_fault_text(r->run->arena, c));
	} else {
		look(r);
	}
	say_result(r);
}

static enum rc
arc_run(struct check_run *run)
{
	struct report r = { .run = run };
	enum rc rc;

	if (run->subject->message == NULL) {
		check_gap(run, "", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message"));
		return RC_OK;
	}
	rc = arc_verify(run, &r.v);
	if (rc || r.v == NULL)
		return rc;
	say(&r);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_arc = {
	.name = "arc",
	.summary = "ARC: what those who forwarded the message saw",
	.standards = "RFC 8617",
	.facts = arc_facts,
	.run = arc_run,
};
