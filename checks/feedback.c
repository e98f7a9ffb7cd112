#include "checks/check.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/table.h"

/*
 * Feedback-ID, by which Gmail's feedback loop tells campaigns apart.  No
 * standard has it; Google's page gives the form:
 *
 *  Feedback-ID = a ":" b ":" c ":" SenderId
 *
 * a, b and c may be empty; SenderId has 5 to 15 characters and is always the
 * same.  There is one such field, DKIM signs it, and no two of its labels are
 * the same.
 */

static const char name[] = "Feedback-ID";

static const struct fact_doc feedback_facts[] = {
	{ "fields", "number", "how many Feedback-ID fields the sample has" },
	{ "value", "text", "of the first, unfolded; null: there is none" },
	{ "sender_id", "text", "its last label; null: none, or it is empty" },
	{ "signed", "bool",
	    "a DKIM signature that passes covers every such field; null: there "
	    "is none" },
	{ "problems", "list", "what is wrong with it" },
	{ "problems[].code", "text",
	    "stable: feedback.several, feedback.labels, feedback.sender-id, "
	    "feedback.repeated, feedback.unsigned" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

enum { LABELS = 4, SENDER_ID_MIN = 5, SENDER_ID_MAX = 15 };

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
}

/* ---- the form ---------------------------------------------------------- */

/* The labels from the left, four at most; how many there are. */
static size_t
labels_of(struct slice value, struct slice labels[LABELS])
{
	size_t n = 0;
	bool more;

	do {
		struct slice label;

		more = slice_cut(value, ':', &label, &value);
		if (n < LABELS)
			labels[n] = slice_trim(label);
		n++;
	} while (more);
	return n;
}

/* In characters: octets that continue one do not count (RFC 3629 3). */
static size_t
characters(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (s.p[i] & 0xc0) != 0x80;
	return n;
}

static bool
is_repeated(const struct slice labels[LABELS])
{
	for (size_t i = 1; i < LABELS; i++) {
		for (size_t k = 0; k < i; k++) {
			if (labels[i].n > 0 && slice_eq(labels[i], labels[k]))
				return true;
		}
	}
	return false;
}

static void
judge_sender(struct check_run *run, struct slice sender)
{
	size_t n = characters(sender);

	if (sender.n > 0)
		check_fact_text(run->facts, "sender_id", sender);
	else
		check_fact_null(run->facts, "sender_id");
	if (n >= SENDER_ID_MIN && n <= SENDER_ID_MAX)
		return;
	problem(run, "feedback.sender-id",
	    n == 0 ? SLICE_LIT("Feedback-ID ends without a SenderId, so Gmail "
			       "makes no report of it")
		   : arena_slicef(run->arena,
			 "The SenderId of Feedback-ID, \"%.*s\", has a "
			 "length of %zu; Gmail takes 5 to 15 characters",
			 SLICE_FMT(sender), n));
}

static void
judge_form(struct check_run *run, struct slice value)
{
	struct slice labels[LABELS] = { { 0 } };
	size_t n = labels_of(value, labels);

	judge_sender(run, labels[n < LABELS ? n - 1 : LABELS - 1]);
	if (n != LABELS)
		problem(run, "feedback.labels",
		    arena_slicef(run->arena,
			"Feedback-ID \"%.*s\" has %zu labels; Gmail reads "
			"a:b:c:SenderId, from the right, of which the first "
			"three may be empty",
			SLICE_FMT(value), n));
	if (is_repeated(labels))
		problem(run, "feedback.repeated",
		    arena_slicef(run->arena,
			"Feedback-ID \"%.*s\" has the same label twice, so "
			"Gmail adds up what does not belong together",
			SLICE_FMT(value)));
}

/* ---- the signature ----------------------------------------------------- */

static enum rc
judge_signed(struct check_run *run)
{
	const struct dkim_verdict *lost = NULL;
	const struct dkim_verdicts *v;
	bool covered = false;
	enum rc rc = dkim_verify(run, &v);

	if (rc || v == NULL)
		return rc;
	for (size_t i = 0; i < v->n; i++) {
		const struct dkim_verdict *x = &v->all[i];

		if (!dkim_covers(x, run->subject->message, name))
			continue;
		if (x->result == DKIM_PASS)
			covered = true;
		else if (x->result == DKIM_TEMPERROR)
			lost = x;
	}
	if (!covered && lost != NULL) {
		check_gap_answer(run, "signed", lost->lost, lost->name);
		return RC_OK;
	}
	if (!covered && v->cut) {
		check_gap(run, "signed", CAUSE_LIMIT,
		    SLICE_LIT("the sample has more signatures than are looked "
			      "at"));
		return RC_OK;
	}
	check_fact_bool(run->facts, "signed", covered);
	if (!covered)
		problem(run, "feedback.unsigned",
		    SLICE_LIT("No DKIM signature that passes covers "
			      "Feedback-ID: anybody could have written it, "
			      "and Gmail does not go by it"));
	return RC_OK;
}

/* ------------------------------------------------------------------------ */

static enum rc
feedback_run(struct check_run *run)
{
	const struct message *m = run->subject->message;
	const struct field *f;
	size_t n;
	enum rc rc;

	if (m == NULL) {
		check_gap(run, "", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message"));
		return RC_OK;
	}
	n = message_count(m, name);
	(void)json_object_set_new(run->facts, "fields",
	    json_integer((json_int_t)n));
	(void)json_object_set_new(run->facts, "problems", json_array());
	f = message_field(m, name, 0);
	if (f == NULL) {
		check_fact_null(run->facts, "value");
		check_fact_null(run->facts, "sender_id");
		check_fact_null(run->facts, "signed");
		return RC_OK;
	}
	check_fact_text(run->facts, "value", field_unfolded(run->arena, f));
	if (n > 1)
		problem(run, "feedback.several",
		    arena_slicef(run->arena,
			"The sample has %zu Feedback-ID fields, and Gmail goes "
			"by one",
			n));
	judge_form(run, field_unfolded(run->arena, f));
	rc = judge_signed(run);
	return rc == RC_OK && arena_failed(run->arena) ? RC_LIMIT : rc;
}

const struct check check_feedback = {
	.name = "feedback",
	.summary = "Feedback-ID, for the feedback loop of Gmail",
	.standards = "none; Google's page on the feedback loop",
	.facts = feedback_facts,
	.run = feedback_run,
};
