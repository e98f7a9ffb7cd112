#include "audit/views/mark.h"
#include "audit/views/markdown.h"
#include "audit/views/view_diff.h"
#include "base/limits.h"

static void
add_origin(struct buf *out, const json_t *header, const char *key,
    const char *label)
{
	const json_t *o = json_object_get(header, key);

	buf_printf(out, "- %s: ", label);
	mark_text(out, view_text_of(o, "file"));
	buf_add_str(out, ", as of ");
	mark_text(out, view_text_of(o, "as_of"));
	buf_add_char(out, '\n');
}

static void
diff_begin(struct view_run *run)
{
	const json_t *counts = json_object_get(run->header, "counts");
	struct buf *out = &run->out;

	buf_printf(out, "# What changed: %lld worse, %lld better\n\n",
	    view_number(counts, "worse"), view_number(counts, "better"));
	add_origin(out, run->header, "old", "Before");
	add_origin(out, run->header, "new", "Now");
	buf_printf(out,
	    "- Audits: %lld changed, %lld the same, %lld only in the newer, "
	    "%lld only in the older\n\n",
	    view_number(counts, "changed"), view_number(counts, "same"),
	    view_number(counts, "added"), view_number(counts, "removed"));
}

static void
add_verdicts(struct buf *out, const json_t *audit)
{
	const json_t *verdict;
	size_t i;

	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		if (i == 0)
			buf_add_str(out, "| Provider | Before | Now |\n"
					 "| --- | --- | --- |\n");
		buf_add_str(out, "| ");
		mark_text(out,
		    view_provider(view_text_of(verdict, "provider")));
		buf_add_str(out, " | ");
		mark_text(out, verdict_word(diff_side(verdict, "old")));
		buf_add_str(out, " | ");
		mark_text(out, verdict_word(diff_side(verdict, "new")));
		buf_add_str(out, " |\n");
	}
	buf_add_str(out, i > 0 ? "\n" : "");
}

/* "- Gmail: pass, now fail (must)", a line a rule. */
static void
add_steps(struct buf *out, const struct finding *f, const char *indent)
{
	for (size_t i = 0; i < f->n; i++) {
		const json_t *r = f->results[i];

		buf_printf(out, "%s- ", indent);
		mark_text(out, view_provider(view_text_of(r, "provider")));
		buf_add_str(out, ": ");
		mark_text(out, diff_side(r, "old"));
		buf_add_str(out, ", now ");
		mark_text(out, diff_side(r, "new"));
		buf_add_str(out, " (");
		mark_text(out, view_text_of(r, "level"));
		buf_add_str(out, ")\n");
	}
}

static void
add_worse(struct buf *out, const struct finding *f)
{
	const json_t *first = f->results[0];

	buf_add_str(out, "#### ");
	mark_text(out, view_text_of(first, "title"));
	buf_add_str(out, "\n\n");
	add_steps(out, f, "");
	buf_add_char(out, '\n');
	markdown_paragraph(out, "", view_text_of(first, "why"));
	markdown_paragraph(out, "**Fix:** ", view_text_of(first, "fix"));
	mark_records(out, json_object_get(first, "records"));
	if (json_array_size(json_object_get(first, "records")) > 0)
		buf_add_char(out, '\n');
}

static void
add_brief(struct buf *out, const struct finding *f)
{
	buf_add_str(out, "- ");
	mark_text(out, view_text_of(f->results[0], "title"));
	buf_add_char(out, '\n');
	add_steps(out, f, "  ");
}

/* What fails comes before what is not known any more. */
static void
add_change(struct view_run *run, const json_t *audit, const char *change,
    const char *heading)
{
	bool worse = strcmp(change, "worse") == 0, begun = false;
	struct buf *out = &run->out;

	for (int failing = 1; failing >= 0; failing--) {
		struct findings found[2];
		json_t *held = json_object();

		diff_gather(run, audit,
		    (struct diff_wanted){ change, failing == 1 }, held, found);
		for (size_t i = 0; i < found[0].n + found[1].n; i++) {
			const struct finding *f =
			    i < found[0].n ? &found[0].list[i]
					   : &found[1].list[i - found[0].n];

			if (!begun)
				buf_printf(out, "### %s\n\n", heading);
			begun = true;
			if (worse)
				add_worse(out, f);
			else
				add_brief(out, f);
		}
		json_decref(held);
	}
	buf_add_str(out, begun && !worse ? "\n" : "");
}

static void
add_cell(struct buf *out, const json_t *change, const char *key)
{
	struct buf text;

	buf_init(&text, LIMIT_RENDERED);
	told_side(&text, change, key);
	buf_add(&text, slice_of("", 1));
	mark_text(out, text.failed ? "" : (const char *)text.p);
	buf_add_str(out, " |");
	buf_free(&text);
}

/* Facts and what is audited, the first of them. */
static void
add_facts(struct buf *out, const json_t *audit, const char *key,
    const char *heading)
{
	const json_t *list = json_object_get(audit, key), *change;
	size_t n = json_array_size(list), i;

	if (n == 0)
		return;
	buf_printf(out,
	    "### %s\n\n| What | Before | Now |\n| --- | --- | --- |\n",
	    heading);
	json_array_foreach(list, i, change)
	{
		if (i == LIMIT_MARKDOWN_DETAILED)
			break;
		buf_add_str(out, "| ");
		mark_text(out, view_text_of(change, "path"));
		buf_add_str(out, " | ");
		add_cell(out, change, "old");
		buf_add_char(out, ' ');
		add_cell(out, change, "new");
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
	if (n > i)
		buf_printf(out, "And %zu more.\n\n", n - i);
}

static void
diff_audit(struct view_run *run, const json_t *audit)
{
	const json_t *error = json_object_get(audit, "error");
	struct buf *out = &run->out;

	markdown_title(out, "##", json_object_get(audit, "subject"));
	if (view_is(audit, "state", "added"))
		buf_add_str(out, "Only in the newer document.\n\n");
	if (view_is(audit, "state", "removed"))
		buf_add_str(out, "Only in the older document.\n\n");
	add_verdicts(out, audit);
	markdown_paragraph(out,
	    "Cannot be audited any more: ", view_text_of(error, "new"));
	if (*view_text_of(error, "new") == '\0')
		markdown_paragraph(out, "Could not be audited before: ",
		    view_text_of(error, "old"));
	if (run->look.quiet)
		return;
	add_change(run, audit, "worse", "What got worse");
	add_change(run, audit, "better", "What got better");
	add_change(run, audit, "other", "What is otherwise now");
	add_facts(out, audit, "subject_changes", "What is audited is another");
	add_facts(out, audit, "facts", "What changed");
}

const struct view_part markdown_of_diff = {
	.begin = diff_begin,
	.item = diff_audit,
};
