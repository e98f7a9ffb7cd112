#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "spf_scene.h"

/* ---- the check --------------------------------------------------------- */

static const char *const reasons[] = {
	[SPF_BY_TERM] = "by-term",
	[SPF_NO_MATCH] = "no-match",
	[SPF_BAD_NAME] = "bad-name",
	[SPF_NO_DOMAIN] = "no-domain",
	[SPF_NO_RECORD] = "no-record",
	[SPF_MANY_RECORDS] = "many-records",
	[SPF_SYNTAX] = "syntax",
	[SPF_INCLUDE_NONE] = "include-none",
	[SPF_REDIRECT_NONE] = "redirect-none",
	[SPF_REDIRECT_NAME] = "redirect-name",
	[SPF_OVER_LOOKUPS] = "over-lookups",
	[SPF_OVER_VOIDS] = "over-voids",
	[SPF_OVER_MX] = "over-mx",
	[SPF_OVER_TIME] = "over-time",
	[SPF_OVER_SIZE] = "over-size",
	[SPF_DNS] = "dns",
};

static void
say(struct check_run *run, const char *key, struct slice text)
{
	if (text.p != NULL)
		check_fact_text(run->facts, key, text);
	else
		check_fact_null(run->facts, key);
}

static void
say_term(struct check_run *run, const char *key, const struct spf_term *t)
{
	say(run, key, t != NULL ? t->text : SLICE_NONE);
}

/* "1 a.example a:b.example b.example A 192.0.2.1 2/0 match" */
static json_t *
step_json(struct check_run *run, const struct spf_step *s)
{
	return check_json(arena_slicef(run->arena,
	    "%u %.*s [%.*s] %.*s %s [%.*s] %u/%u%s%s%s", s->depth,
	    SLICE_FMT(s->domain),
	    SLICE_FMT(s->term != NULL ? s->term->text : s->record),
	    SLICE_FMT(s->target), spf_type_name(s->type), SLICE_FMT(s->answer),
	    s->lookups, s->voids, s->matched ? " match" : "",
	    s->has_result ? " " : "",
	    s->has_result ? spf_result_name(s->result) : ""));
}

static void
say_trace(struct check_run *run, const struct spf_outcome *out)
{
	json_t *list = json_array();

	for (size_t i = 0; i < out->n_steps; i++)
		(void)json_array_append_new(list,
		    step_json(run, &out->steps[i]));
	(void)json_object_set_new(run->facts, "trace", list);
	(void)json_object_set_new(run->facts, "trace_steps",
	    json_integer((json_int_t)out->n_steps));
}

static void
say_outcome(struct check_run *run, const struct spf_outcome *out)
{
	say(run, "result", slice_str(spf_result_name(out->result)));
	say(run, "reason", slice_str(reasons[out->reason]));
	say(run, "where", out->where);
	say_term(run, "matched", out->matched);
	say_term(run, "failing", out->failing);
	(void)json_object_set_new(run->facts, "lookups",
	    json_integer(out->lookups));
	(void)json_object_set_new(run->facts, "voids",
	    json_integer(out->voids));
	if (out->explanation_lost == NULL)
		say(run, "explanation", out->explanation);
}

static enum rc
evaluate(struct check_run *run, bool traced)
{
	struct spf_records *rs = spf_records_new(run);
	const struct subject *s = run->subject;
	struct spf_outcome out;
	enum rc rc;

	if (rs == NULL)
		return RC_LIMIT;
	rc = spf_evaluate(rs,
	    &(struct spf_query){
		.ip = s->ips[0],
		.domain = s->domain,
		.local = s->mail_from_domain,
		.helo = s->helo,
		.now = s->as_of,
		.traced = traced,
	    },
	    &out);
	if (rc)
		return rc;
	/* It waits if a question is open, and not otherwise. */
	assert_int_equal(out.waiting, run->waiting);
	if (out.waiting)
		return RC_OK;
	if (out.lost != NULL) {
		assert_int_equal(out.result, SPF_TEMPERROR);
		assert_int_equal(out.reason, SPF_DNS);
		check_gap_answer(run, "", out.lost, out.lost_what);
		return RC_OK;
	}
	say_outcome(run, &out);
	if (out.explanation_lost != NULL) {
		check_gap(run, "explanation", CAUSE_TIMEOUT, SLICE_NONE);
		check_gap(run, "trace", CAUSE_TIMEOUT, SLICE_NONE);
		check_gap(run, "trace_steps", CAUSE_TIMEOUT, SLICE_NONE);
	} else if (traced) {
		say_trace(run, &out);
	}
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

static enum rc
evaluate_untraced(struct check_run *run)
{
	return evaluate(run, false);
}

static enum rc
evaluate_traced(struct check_run *run)
{
	return evaluate(run, true);
}

const struct check spf_scene = { .name = "spf", .run = evaluate_untraced };
const struct check spf_scene_traced = { .name = "spf", .run = evaluate_traced };

/* ---- the desk ---------------------------------------------------------- */

static void
no_wake(struct asker *a)
{
	(void)a;
}

void
desk_open(struct desk *d, const char *title, struct slice recording)
{
	struct slice text, error = SLICE_NONE;
	int64_t as_of;

	*d = (struct desk){ .arena = arena_new(LIMIT_AUDIT_ARENA, 4096),
		.store = store_new() };
	assert_non_null(d->arena);
	assert_non_null(d->store);
	d->asker = (struct asker){ d->store, &d->pins, no_wake, NULL, 0 };
	d->run = (struct check_run){ &d->subject, &d->asker, d->arena, NULL,
		NULL, false, NULL };
	text = arena_slicef(d->arena,
	    "{\"schema\":\"presend.evidence/1\",\"as_of\":"
	    "\"2026-11-21T00:00:00Z\"}\n%.*s",
	    SLICE_FMT(recording));
	if (recording_load(d->store, text, &as_of, d->arena, &error))
		fail_msg("%s: %.*s", title, SLICE_FMT(error));
}

void
desk_close(struct desk *d)
{
	pins_release(d->store, &d->pins);
	store_free(d->store);
	arena_free(d->arena);
}

struct spf_outcome
desk_evaluate(struct desk *d, bool traced)
{
	struct spf_query query = { .domain = SLICE_LIT("example.com"),
		.traced = traced };
	struct spf_outcome out;

	if (d->records == NULL)
		d->records = spf_records_new(&d->run);
	assert_non_null(d->records);
	assert_true(ip_parse(SLICE_LIT(IP4), &query.ip));
	assert_int_equal(spf_evaluate(d->records, &query, &out), RC_OK);
	assert_false(out.waiting);
	return out;
}
