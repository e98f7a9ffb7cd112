#include "audit/views/mark.h"
#include "audit/views/markdown.h"
#include "audit/views/view_parts.h"
#include "base/limits.h"

/*
 * Many audits as Markdown: a table of all, as they come, then each of the
 * first that fail.  Those wait in the state for the end of the table.
 */

struct many {
	struct buf details; /* of those that fail */
	size_t detailed;
	size_t failing;
};

static bool
fails(const json_t *audit)
{
	const json_t *verdict;
	size_t i;

	if (*view_text_of(audit, "error") != '\0')
		return true;
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		if (strcmp(view_text_of(verdict, "verdict"), "non-compliant") ==
		    0)
			return true;
	}
	return false;
}

/* "Gmail: WILL REJECT, Yahoo: COMPLIANT" */
static void
add_row(struct buf *out, const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject"), *verdict;
	const char *error = view_text_of(audit, "error");
	size_t i;

	buf_add_str(out, "| ");
	mark_text(out, view_text_of(subject, "domain"));
	buf_add_str(out, " | ");
	mark_text(out,
	    view_text_of(json_object_get(subject, "message"), "file"));
	buf_add_str(out, " | ");
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		buf_add_str(out, i > 0 ? ", " : "");
		mark_text(out,
		    view_provider(view_text_of(verdict, "provider")));
		buf_add_str(out, ": ");
		mark_text(out, verdict_head(verdict));
	}
	mark_text(out, error);
	buf_add_str(out, " |\n");
}

static void
many_begin(struct view_run *run)
{
	struct many *m = run->state;

	buf_init(&m->details, LIMIT_RENDERED);
	buf_add_str(&run->out, "# Mail of many domains\n\n"
			       "| Domain | Message | Verdicts |\n"
			       "| --- | --- | --- |\n");
}

/* The audit is rendered as ever, and taken off again. */
static void
keep_details(struct view_run *run, const json_t *audit)
{
	struct many *m = run->state;
	size_t before = run->out.n;

	markdown_audit(run, audit);
	buf_add(&m->details, slice_from(buf_slice(&run->out), before));
	run->out.n = run->out.failed ? run->out.n : before;
}

static void
many_audit(struct view_run *run, const json_t *audit)
{
	struct many *m = run->state;

	add_row(&run->out, audit);
	if (!fails(audit))
		return;
	m->failing++;
	if (run->look.quiet || m->detailed == LIMIT_MARKDOWN_DETAILED)
		return;
	m->detailed++;
	keep_details(run, audit);
}

static void
many_end(struct view_run *run)
{
	struct many *m = run->state;
	struct buf *out = &run->out;

	buf_printf(out, "\n%zu audit%s, of which %zu fail%s.\n", run->items,
	    run->items == 1 ? "" : "s", m->failing, m->failing == 1 ? "s" : "");
	if (m->failing > m->detailed && m->detailed > 0)
		buf_printf(out,
		    "The first %zu of those that fail follow; the document has "
		    "all.\n",
		    m->detailed);
	buf_add_str(out, m->detailed > 0 ? "\n" : "");
	buf_add(out, buf_slice(&m->details));
	out->failed |= m->details.failed;
}

static void
many_close(struct view_run *run)
{
	struct many *m = run->state;

	buf_free(&m->details);
}

const struct view_part markdown_of_audits = {
	.state = sizeof(struct many),
	.begin = many_begin,
	.item = many_audit,
	.end = many_end,
	.close = many_close,
};
