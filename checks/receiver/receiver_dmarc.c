#include "checks/receiver/receiver_ours.h"
#include "checks/table.h"

/* ---- ours -------------------------------------------------------------- */

/* Of all of it, of the result, or of the record on which that hangs. */
static bool
is_of_result(const char *fact)
{
	return fact != NULL && (*fact == '\0' || strcmp(fact, "result") == 0 ||
				   strcmp(fact, "record") == 0);
}

/* Why the check of DMARC does not know its result. */
static void
gap_find(json_t *gaps, struct arena *a, struct ours *out)
{
	const json_t *gap;
	size_t i;

	json_array_foreach(gaps, i, gap)
	{
		const char *fact =
		    json_string_value(json_object_get(gap, "fact"));
		struct slice cause =
		    slice_str(json_string_value(json_object_get(gap, "cause")));
		struct slice detail = slice_str(
		    json_string_value(json_object_get(gap, "detail")));

		if (!is_of_result(fact) || !cause_parse(cause, &out->gap))
			continue;
		out->lost_what = arena_copy(a, detail);
		return;
	}
}

/*
 * What DMARC comes to is a fact of its check.  That is a function of the same
 * evidence, so it is run once more, and what it says besides is thrown away.
 */
static enum rc
result_find(struct check_run *run, struct ours *out)
{
	struct check_run own = *run;
	struct slice result;
	enum rc rc;

	own.facts = json_object();
	own.gaps = json_array();
	rc = check_dmarc.run(&own);
	run->waiting |= own.waiting;
	result =
	    slice_str(json_string_value(json_object_get(own.facts, "result")));
	if (rc == RC_OK && result.n > 0 &&
	    !slice_eq(result, SLICE_LIT("temperror"))) {
		out->known = true;
		out->result = arena_copy(run->arena, result);
	} else if (rc == RC_OK) {
		gap_find(own.gaps, run->arena, out);
	}
	json_decref(own.facts);
	json_decref(own.gaps);
	return rc;
}

/* ---- why they differ --------------------------------------------------- */

/* Outlook.com's word for mail without a record that would pass with one. */
static bool
is_best_guess(struct slice result)
{
	return slice_eq(result, SLICE_LIT("bestguesspass"));
}

static void
explain_change(const struct receiver_job *job, const struct claim *c,
    struct ours *out)
{
	struct arena *a = job->run->arena;
	bool later = receiver_is_later(job);

	out->cause = later ? "dns-changed" : "unclear";
	if (later)
		out->explanation = arena_slicef(a,
		    "DMARC was %.*s there %.*s and is %.*s here: the record, "
		    "or what SPF and DKIM hang on, was changed since; send a "
		    "new sample to see what they say of it",
		    SLICE_FMT(c->result), SLICE_FMT(receiver_when(job)),
		    SLICE_FMT(out->result));
	else
		out->explanation = arena_slicef(a,
		    "DMARC was %.*s there and is %.*s here at nearly the same "
		    "time: DNS answers are kept for a while, and receivers "
		    "find the record by RFC 9989 or by RFC 7489",
		    SLICE_FMT(c->result), SLICE_FMT(out->result));
}

static void
explain(const struct receiver_job *job, const struct claim *c, struct ours *out)
{
	if (slice_eq(c->result, SLICE_LIT("temperror"))) {
		out->cause = "their-temperror";
		out->explanation = SLICE_LIT(
		    "DNS gave the receiver no answer when the message came, so "
		    "it could not judge DMARC; if that happens often, look at "
		    "the name servers of the domain");
	} else if (slice_eq(c->result, SLICE_LIT("pass")) && job->claims->arc) {
		out->cause = "override";
		out->explanation = arena_slicef(job->run->arena,
		    "the receiver trusted a forwarder's word (ARC) that the "
		    "message was in order; by itself DMARC is %.*s",
		    SLICE_FMT(out->result));
	} else if (job->differs) {
		out->cause = "follows";
		out->explanation = arena_slicef(job->run->arena,
		    "DMARC was %.*s there and is %.*s here, as SPF or DKIM "
		    "came out otherwise",
		    SLICE_FMT(c->result), SLICE_FMT(out->result));
	} else {
		explain_change(job, c, out);
	}
}

enum rc
receiver_dmarc(const struct receiver_job *job, const struct claim *c,
    struct ours *out)
{
	enum rc rc;

	*out = (struct ours){ .gap = CAUSE_UNSUPPORTED,
		.lost_what = SLICE_LIT("the DMARC result") };
	rc = result_find(job->run, out);
	if (rc || !out->known)
		return rc;
	out->agree = slice_eq(c->result, out->result) ||
		     (is_best_guess(c->result) &&
			 slice_eq(out->result, SLICE_LIT("none")));
	/* Whether SPF or DKIM is the reason, is not known either. */
	if (!out->agree && job->open.gap != CAUSE_NONE)
		*out = job->open;
	else if (!out->agree)
		explain(job, c, out);
	return RC_OK;
}
