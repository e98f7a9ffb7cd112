#include "checks/unsubscribe/unsubscribe_signed.h"

#include "base/buf.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/dmarc/dmarc_align.h"
#include "checks/tags.h"
#include "message/message.h"

enum truth {
	NO,
	YES,
	LOST, /* an answer would tell */
};

/* What all signatures together come to. */
struct cover {
	struct check_run *run;
	const struct dkim_verdicts *verdicts;
	enum truth both;    /* one that passes covers both fields */
	enum truth aligned; /* and is of the From domain */
	bool cut;           /* there are signatures that were not looked at */
	/* Covers both, and does not pass; or NULL. */
	const struct dkim_verdict *failing;
	/* Passes, and covers one field only; or NULL. */
	const struct dkim_verdict *half;
	/* Passes and covers both, but is not aligned; or NULL. */
	const struct dkim_verdict *foreign;
	/* Without these answers it is not known; or NULL. */
	const struct dkim_verdict *lost;
	const struct dmarc_level *lost_level;
};

/* ---- alignment --------------------------------------------------------- */

static enum truth
is_aligned(struct cover *c, const struct dkim_verdict *v)
{
	const struct dmarc_walk *from =
	    dmarc_walk(c->run, c->run->subject->domain);
	struct dmarc_alignment a;

	if (from == NULL)
		return NO;
	a = dmarc_align(c->run, from, DMARC_ADKIM, v->domain);
	if (a.lost != NULL)
		c->lost_level = a.lost;
	return a.lost != NULL ? LOST : a.aligned ? YES : NO;
}

/* ---- which fields ------------------------------------------------------ */

static enum truth
better(enum truth old, enum truth new)
{
	if (old == YES || new == YES)
		return YES;
	return old == LOST || new == LOST ? LOST : NO;
}

static void
take_pass(struct cover *c, const struct dkim_verdict *v)
{
	enum truth aligned = is_aligned(c, v);

	c->both = YES;
	c->aligned = better(c->aligned, aligned);
	if (aligned == NO)
		c->foreign = v;
}

static void
take_verdict(struct cover *c, const struct dkim_verdict *v)
{
	const struct message *m = c->run->subject->message;
	bool list = dkim_covers(v, m, list_unsubscribe);
	bool post = dkim_covers(v, m, list_unsubscribe_post);

	if (list && post && v->result == DKIM_PASS) {
		take_pass(c, v);
	} else if (list && post && v->result == DKIM_TEMPERROR) {
		c->both = better(c->both, LOST);
		c->aligned = better(c->aligned, LOST);
		c->lost = v;
	} else if (list && post) {
		c->failing = v;
	} else if (list != post && v->result == DKIM_PASS) {
		c->half = v;
	}
}

/* ---- what is to be signed ---------------------------------------------- */

/* Signed by who follows RFC 6376 5.4.1, in the order of most signers. */
static const char *const usual[] = { "From", "To", "Cc", "Reply-To", "Subject",
	"Date", "Message-ID", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "List-ID", list_unsubscribe,
	list_unsubscribe_post };

static bool
names(struct slice list, const char *name)
{
	struct slice one;

	while (list.n > 0) {
		(void)slice_cut(list, ':', &one, &list);
		if (slice_eq_nocase(slice_trim(one), slice_str(name)))
			return true;
	}
	return false;
}

/* The h= of a signature, without folding; or nothing. */
static struct slice
signed_names(struct check_run *run, const struct dkim_verdict *v)
{
	struct slice rest = field_unfolded(run->arena, v->field), one;
	struct slice out = SLICE_NONE;
	struct tag t;

	while (tag_next(&rest, &t))
		if (slice_eq(t.name, SLICE_LIT("h")))
			break;
	if (!slice_eq(t.name, SLICE_LIT("h")))
		return SLICE_NONE;
	for (rest = t.value; rest.n > 0;) {
		(void)slice_cut(rest, ':', &one, &rest);
		one = slice_trim(one);
		if (one.n > 0 && slice_is_printable(one))
			out = arena_slicef(run->arena, "%.*s%s%.*s",
			    SLICE_FMT(out), out.n > 0 ? ":" : "",
			    SLICE_FMT(one));
	}
	return out;
}

/* The one that lacks least, whatever came of it; NULL: there is none. */
static const struct dkim_verdict *
best_signature(const struct cover *c)
{
	const struct message *m = c->run->subject->message;

	for (size_t i = 0; i < c->verdicts->n; i++) {
		const struct dkim_verdict *v = &c->verdicts->all[i];

		if (dkim_covers(v, m, list_unsubscribe) ||
		    dkim_covers(v, m, list_unsubscribe_post))
			return v;
	}
	return c->verdicts->n > 0 ? &c->verdicts->all[0] : NULL;
}

/* The list of the signature that is there, and what it lacks. */
static struct slice
suggest_names(const struct cover *c)
{
	struct check_run *run = c->run;
	const struct dkim_verdict *v = best_signature(c);
	struct slice out = v != NULL ? signed_names(run, v) : SLICE_NONE;
	bool own = out.n > 0;

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++) {
		bool there = message_count(run->subject->message, usual[i]) > 0;
		bool list = i + 2 >= sizeof(usual) / sizeof(*usual);

		if (!names(out, usual[i]) &&
		    (list || i == 0 || (!own && there)))
			out = arena_slicef(run->arena, "%.*s%s%s",
			    SLICE_FMT(out), out.n > 0 ? ":" : "", usual[i]);
	}
	return out;
}

/* ---- what is said ------------------------------------------------------ */

static void
say(struct cover *c, enum unsubscribe_severity severity, const char *code,
    const char *what, const struct dkim_verdict *v)
{
	unsubscribe_problem(c->run, severity, code,
	    v != NULL ? arena_slicef(c->run->arena, "%s, that of %.*s", what,
			    SLICE_FMT(v->domain.n > 0 ? v->domain
						      : SLICE_LIT("nobody")))
		      : slice_str(what));
}

static void
say_uncovered(struct cover *c)
{
	if (c->failing != NULL)
		say(c, UNSUBSCRIBE_ERROR, "unsubscribe.signature-fails",
		    "the only DKIM signature that covers both fields does not "
		    "pass",
		    c->failing);
	else if (c->half != NULL)
		say(c, UNSUBSCRIBE_ERROR, "unsubscribe.half-signed",
		    "the DKIM signature covers only one of List-Unsubscribe "
		    "and List-Unsubscribe-Post",
		    c->half);
	else
		say(c, UNSUBSCRIBE_ERROR, "unsubscribe.not-signed",
		    "no DKIM signature covers List-Unsubscribe and "
		    "List-Unsubscribe-Post",
		    NULL);
}

static void
gap(struct cover *c, const char *fact)
{
	struct arena *a = c->run->arena;
	struct slice name;

	if (c->both == YES && c->lost_level != NULL) {
		name = c->lost_level->name;
		check_gap_answer(c->run, fact, c->lost_level->answer,
		    arena_slicef(a, "asking DNS for %.*s TXT",
			SLICE_FMT(name)));
	} else if (c->lost != NULL && c->lost->lost != NULL) {
		name = c->lost->name;
		check_gap_answer(c->run, fact, c->lost->lost,
		    arena_slicef(a, "asking DNS for %.*s TXT",
			SLICE_FMT(name)));
	} else {
		check_gap(c->run, fact, CAUSE_LIMIT,
		    SLICE_LIT("there are more DKIM signatures than are looked "
			      "at"));
	}
}

static void
fact(struct cover *c, const char *name, enum truth truth)
{
	if (truth == LOST)
		gap(c, name);
	else
		check_fact_bool(c->run->facts, name, truth == YES);
}

/* Where the fields themselves are wrong the signature is of no account. */
static void
report(struct cover *c, const struct unsubscribe_fields *f)
{
	bool there = f->list.p != NULL && f->post.p != NULL;

	fact(c, "dkim_covers", c->both);
	fact(c, "dkim_covers_aligned", c->aligned);
	fact(c, "one_click", f->pair ? c->both : NO);
	check_fact_text(c->run->facts, "suggested_h", suggest_names(c));
	if (there && c->both == NO)
		say_uncovered(c);
	if (there && c->both == YES && c->aligned == NO)
		say(c, UNSUBSCRIBE_WARNING, "unsubscribe.unaligned-signature",
		    "the DKIM signature that covers both fields is not of the "
		    "From domain",
		    c->foreign);
}

enum rc
unsubscribe_signed(struct check_run *run, const struct unsubscribe_fields *f)
{
	struct cover c = { .run = run };
	enum rc rc = dkim_verify(run, &c.verdicts);

	if (rc || c.verdicts == NULL)
		return rc;
	for (size_t i = 0; i < c.verdicts->n; i++)
		take_verdict(&c, &c.verdicts->all[i]);
	if (c.verdicts->cut) {
		c.both = better(c.both, LOST);
		c.aligned = better(c.aligned, LOST);
	}
	report(&c, f);
	return RC_OK;
}
