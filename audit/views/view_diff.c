#include "audit/views/view_diff.h"

/*
 * A comparison (presend.diff/1) for a person: what got worse first, why, and
 * what changed that explains it.
 */

enum { INDENT = 4, LABEL_COLUMN = 14, NAME_COLUMN = 10 };

/* Of all audits so far; lines have no other. */
struct counts {
	long long worse, better;
	long long changed, added, removed;
};

/* Text that is put together; ends the buffer. */
static void
fill(struct page *p, struct buf *text, size_t at, size_t indent)
{
	buf_add(text, slice_of("", 1));
	if (!text->failed)
		page_fill(p, (const char *)text->p, at, indent);
	buf_free(text);
}

/* ---- the two documents ------------------------------------------------- */

static void
print_origin(struct page *p, const json_t *header, const char *key,
    const char *label)
{
	const json_t *o = json_object_get(header, key);
	struct buf text;

	/* Lines do not have it. */
	if (o == NULL)
		return;
	buf_init(&text, p->out->limit);
	buf_printf(&text, "%s, as of %s", view_text_of(o, "file"),
	    view_text_of(o, "as_of"));
	page_style(p, STYLE_DIM);
	page_pad(p, label, LABEL_COLUMN);
	page_style(p, STYLE_PLAIN);
	fill(p, &text, LABEL_COLUMN, LABEL_COLUMN);
}

/* RFC 3339 in UTC: its order is that of time. */
bool
diff_is_backwards(const json_t *header)
{
	const char *old = view_text_of(json_object_get(header, "old"), "as_of");
	const char *new = view_text_of(json_object_get(header, "new"), "as_of");

	return *new != '\0' && strcmp(old, new) > 0;
}

const char diff_backwards[] =
    "The first document is the newer one: what got worse and better is read "
    "from the first to the second.";

static void
diff_begin(struct view_run *run)
{
	struct page p;

	if (run->look.quiet)
		return;
	page_init(&p, &run->out, &run->look);
	print_origin(&p, run->header, "old", "Before");
	print_origin(&p, run->header, "new", "Now");
	if (diff_is_backwards(run->header)) {
		page_style(&p, STYLE_OPEN);
		page_fill(&p, diff_backwards, 0, 0);
		page_style(&p, STYLE_PLAIN);
	}
	page_close(&p);
}

const char *
diff_side(const json_t *object, const char *key)
{
	const char *text = view_text_of(object, key);

	return *text != '\0' ? text : "not judged";
}

/* ---- one rule ---------------------------------------------------------- */

static void
print_text(struct page *p, const json_t *result, const char *key,
    const char *label)
{
	const char *text = view_text_of(result, key);
	size_t at = INDENT;

	if (*text == '\0')
		return;
	page_spaces(p, INDENT);
	page_style(p, STYLE_BOLD);
	at += page_add(p, label);
	page_style(p, STYLE_PLAIN);
	page_fill(p, text, at, INDENT);
}

static void
print_records(struct page *p, const json_t *result)
{
	const json_t *record;
	size_t i;

	json_array_foreach(json_object_get(result, "records"), i, record)
	{
		if (i == 0)
			page_gap(p);
		record_print(p->out, record);
		buf_add_char(p->out, '\n');
	}
}

void
diff_step(struct buf *b, const json_t *result)
{
	buf_printf(b, "%s, now %s (%s)", diff_side(result, "old"),
	    diff_side(result, "new"), view_text_of(result, "level"));
}

/* "Gmail     pass, now fail (must)" */
static void
print_step(struct page *p, const json_t *result, enum style style)
{
	struct buf text;

	buf_init(&text, p->out->limit);
	diff_step(&text, result);
	page_spaces(p, INDENT);
	page_cell(p, view_provider(view_text_of(result, "provider")),
	    NAME_COLUMN);
	page_style(p, style);
	fill(p, &text, INDENT + NAME_COLUMN, INDENT + NAME_COLUMN);
	page_style(p, STYLE_PLAIN);
}

void
diff_gather(struct view_run *run, const json_t *audit, struct diff_wanted want,
    json_t *held, struct findings found[2])
{
	json_t *list = json_array(), *result;
	size_t i;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		json_t *copy;

		if (!view_is(result, "change", want.change) ||
		    view_is(result, "new", "fail") != want.failing)
			continue;
		copy = json_copy(result);
		/* Findings are made of what fails. */
		(void)json_object_set_new(copy, "status", json_string("fail"));
		(void)json_array_append_new(list, copy);
	}
	(void)json_object_set_new(held, "results", list);
	findings_gather(run->arena, held, false, &found[0]);
	findings_gather(run->arena, held, true, &found[1]);
}

static void
print_worse(struct page *p, const struct finding *f, size_t number,
    struct told_facts *t)
{
	const json_t *first = f->results[0];
	char text[32];

	(void)snprintf(text, sizeof(text), "%2zu  ", number);
	page_gap(p);
	page_style(p, STYLE_BOLD);
	(void)page_add(p, text);
	page_fill(p, view_text_of(first, "title"), INDENT, INDENT);
	page_style(p, STYLE_PLAIN);
	for (size_t i = 0; i < f->n; i++)
		print_step(p, f->results[i],
		    view_is(f->results[i], "new", "fail") ? STYLE_BAD
							  : STYLE_OPEN);
	page_gap(p);
	print_text(p, first, "why", "");
	print_text(p, first, "fix", "Fix: ");
	print_records(p, first);
	told_facts_explain(p, t, view_text_of(first, "check"));
}

/* What fails comes before what is not known any more. */
static void
print_all_worse(struct view_run *run, struct page *p, const json_t *audit,
    struct told_facts *t)
{
	struct findings found[2][2];
	json_t *failing = json_object(), *lost = json_object();
	size_t number = 0;

	diff_gather(run, audit, (struct diff_wanted){ "worse", true }, failing,
	    found[0]);
	diff_gather(run, audit, (struct diff_wanted){ "worse", false }, lost,
	    found[1]);
	if (found[0][0].n + found[0][1].n + found[1][0].n + found[1][1].n > 0)
		page_heading(p, "WHAT GOT WORSE");
	for (int i = 0; i < 4; i++) {
		const struct findings *some = &found[i % 2][i / 2];

		for (size_t k = 0; k < some->n; k++)
			print_worse(p, &some->list[k], ++number, t);
	}
	json_decref(failing);
	json_decref(lost);
}

/* A line a deed, and a line a provider. */
static void
print_brief(struct view_run *run, struct page *p, const json_t *audit,
    const char *change, const char *heading)
{
	enum style style =
	    strcmp(change, "better") == 0 ? STYLE_GOOD : STYLE_OPEN;
	struct findings found[2];
	json_t *held = json_object();

	diff_gather(run, audit, (struct diff_wanted){ change, false }, held,
	    found);
	if (found[0].n + found[1].n > 0)
		page_heading(p, heading);
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < found[i].n; k++) {
			const struct finding *f = &found[i].list[k];

			page_spaces(p, 2);
			(void)page_add(p, "- ");
			page_fill(p, view_text_of(f->results[0], "title"),
			    INDENT, INDENT);
			for (size_t n = 0; n < f->n; n++)
				print_step(p, f->results[n], style);
		}
	}
	json_decref(held);
}

/* Rules that only one of the documents knows: of another release, say. */
bool
diff_unmatched(struct buf *b, const json_t *audit, const char *change,
    const char *which)
{
	const json_t *result;
	size_t i, n = 0, failing = 0;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (!view_is(result, "change", change))
			continue;
		n++;
		failing += view_is(result, "new", "fail");
	}
	if (n == 0)
		return false;
	buf_printf(b, "%zu rule%s judged %s", n, n == 1 ? " is" : "s are",
	    which);
	if (failing > 0)
		buf_printf(b, ", of which %zu fail%s", failing,
		    failing == 1 ? "s" : "");
	buf_add_str(b, "; that is neither worse nor better.");
	return true;
}

static void
print_unmatched(struct page *p, const json_t *audit, const char *change,
    const char *which)
{
	struct buf text;

	buf_init(&text, p->out->limit);
	if (diff_unmatched(&text, audit, change, which)) {
		page_gap(p);
		fill(p, &text, 0, 0);
	}
	buf_free(&text);
}

/* ---- one audit --------------------------------------------------------- */

void
diff_verdict(struct buf *b, const json_t *verdict)
{
	const char *old = diff_side(verdict, "old"),
		   *new = diff_side(verdict, "new");

	if (strcmp(old, new) == 0)
		buf_printf(b, "%s, as before", verdict_word(new));
	else
		buf_printf(b, "%s, now %s", verdict_word(old),
		    verdict_word(new));
}

static void
print_verdicts(struct page *p, const json_t *audit)
{
	const json_t *verdict;
	size_t i;

	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		const char *new = diff_side(verdict, "new");
		struct buf text;

		buf_init(&text, p->out->limit);
		diff_verdict(&text, verdict);
		page_spaces(p, 2);
		page_cell(p, view_provider(view_text_of(verdict, "provider")),
		    NAME_COLUMN);
		page_style(p, verdict_style(new));
		fill(p, &text, 2 + NAME_COLUMN, 2 + NAME_COLUMN);
		page_style(p, STYLE_PLAIN);
	}
}

void
diff_subject(struct buf *b, const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject");
	const json_t *message = json_object_get(subject, "message");
	const char *domain = view_text_of(subject, "domain");
	const char *file = view_text_of(message, "file");

	buf_add_str(b, *domain != '\0' ? domain : "(no domain)");
	if (*file != '\0')
		buf_printf(b, ", %s", file);
	if (view_is(audit, "state", "added"))
		buf_add_str(b, ": only in the newer document");
	if (view_is(audit, "state", "removed"))
		buf_add_str(b, ": only in the older document");
}

static void
print_subject(struct page *p, const json_t *audit)
{
	struct buf text;

	buf_init(&text, p->out->limit);
	diff_subject(&text, audit);
	buf_add_char(p->out, '\n');
	page_style(p, STYLE_BOLD);
	fill(p, &text, 0, 2);
	page_style(p, STYLE_PLAIN);
}

static void
print_error(struct page *p, const json_t *audit)
{
	const json_t *error = json_object_get(audit, "error");

	if (error == NULL)
		return;
	page_spaces(p, 2);
	page_style(p, STYLE_BAD);
	(void)page_add(p, *view_text_of(error, "new") != '\0'
			      ? "Cannot be audited any more: "
			      : "Could not be audited before: ");
	page_style(p, STYLE_PLAIN);
	page_fill(p,
	    *view_text_of(error, "new") != '\0' ? view_text_of(error, "new")
						: view_text_of(error, "old"),
	    30, 4);
}

/* That the octets are others, Message-ID and Subject say better. */
bool
diff_is_for_machines(const json_t *change)
{
	return view_is(change, "path", "message.sha256") ||
	       view_is(change, "path", "message.bytes");
}

static void
print_subject_changes(struct page *p, const json_t *audit)
{
	const json_t *change;
	bool any = false;
	size_t i;

	json_array_foreach(json_object_get(audit, "subject_changes"), i, change)
	{
		if (diff_is_for_machines(change))
			continue;
		if (!any)
			page_heading(p, "WHAT IS AUDITED IS ANOTHER");
		any = true;
		told_change(p, change, view_text_of(change, "path"));
	}
}

static void
print_quiet(struct page *p, const json_t *audit)
{
	(void)page_add(p,
	    view_text_of(json_object_get(audit, "subject"), "domain"));
	buf_printf(p->out, "  %lld worse, %lld better",
	    view_number(audit, "worse"), view_number(audit, "better"));
	if (!view_is(audit, "state", "changed")) {
		buf_add_str(p->out, ", ");
		(void)page_add(p, view_text_of(audit, "state"));
	}
	buf_add_char(p->out, '\n');
}

static void
count_audit(struct view_run *run, const json_t *audit)
{
	struct counts *c = run->state;

	c->worse += view_number(audit, "worse");
	c->better += view_number(audit, "better");
	c->changed += view_is(audit, "state", "changed");
	c->added += view_is(audit, "state", "added");
	c->removed += view_is(audit, "state", "removed");
}

static void
diff_audit(struct view_run *run, const json_t *audit)
{
	struct told_facts told;
	struct page p;

	count_audit(run, audit);
	page_init(&p, &run->out, &run->look);
	if (run->look.quiet) {
		print_quiet(&p, audit);
		page_close(&p);
		return;
	}
	told_facts_open(run->arena, audit, &told);
	print_subject(&p, audit);
	print_verdicts(&p, audit);
	print_error(&p, audit);
	print_all_worse(run, &p, audit, &told);
	print_subject_changes(&p, audit);
	print_brief(run, &p, audit, "better", "WHAT GOT BETTER");
	print_brief(run, &p, audit, "other", "WHAT IS OTHERWISE NOW");
	print_unmatched(&p, audit, "added", "in the newer document only");
	print_unmatched(&p, audit, "removed", "in the older document only");
	told_facts_rest(&p, &told, view_number(audit, "facts_more"));
	page_close(&p);
}

/* ---- the end ----------------------------------------------------------- */

static void
add_count(struct buf *b, long long n, const char *what)
{
	if (n > 0)
		buf_printf(b, ", %lld %s", n, what);
}

static void
diff_end(struct view_run *run)
{
	const json_t *counts = json_object_get(run->header, "counts");
	const struct counts *c = run->state;
	struct buf text;
	struct page p;

	page_init(&p, &run->out, &run->look);
	/* What was said before may be gone from the buffer. */
	if (!run->look.quiet)
		buf_add_char(&run->out, '\n');
	buf_init(&text, run->out.limit);
	buf_printf(&text, "%lld worse, %lld better; audits: %lld changed",
	    c->worse, c->better, c->changed);
	add_count(&text, view_number(counts, "same"), "the same");
	add_count(&text, c->added, "only in the newer");
	add_count(&text, c->removed, "only in the older");
	page_style(&p, c->worse > 0 ? STYLE_BAD : STYLE_GOOD);
	fill(&p, &text, 0, 0);
	page_style(&p, STYLE_PLAIN);
	page_close(&p);
}

const struct view_part text_of_diff = {
	.state = sizeof(struct counts),
	.begin = diff_begin,
	.item = diff_audit,
	.end = diff_end,
};
