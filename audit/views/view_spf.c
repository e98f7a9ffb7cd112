#include "audit/views/view_parts.h"
#include "audit/views/words.h"
#include "base/limits.h"

enum {
	INDENT = 4,
	COUNT_COLUMNS = 4,
	COUNT_MAX = 999,
	STEP = 2,       /* for each include */
	DEPTH_MAX = 10, /* ten includes are allowed */
	FIRST_LINES = 40,
	LAST_LINES = 6, /* of more lines: how it came out */
};

/* ---- lines ------------------------------------------------------------- */

size_t
spf_line_depth(const json_t *row)
{
	long long depth = view_number(row, "depth");
	size_t n = 0;

	if (depth > 0)
		n = (size_t)(depth < DEPTH_MAX ? depth : DEPTH_MAX);
	return n + !json_is_null(json_object_get(row, "term"));
}

/* A number if it is not that of the line before, then the text, nested. */
static void
print_line(struct page *p, const json_t *row, long long count, struct buf *text)
{
	size_t at = INDENT + COUNT_COLUMNS + STEP * spf_line_depth(row);
	char number[32];

	(void)snprintf(number, sizeof(number), "%2lld",
	    count < COUNT_MAX ? count : COUNT_MAX);
	page_spaces(p, INDENT);
	page_pad(p, count >= 0 ? number : "", COUNT_COLUMNS);
	page_spaces(p, at - INDENT - COUNT_COLUMNS);
	buf_add(text, slice_of("", 1));
	if (!text->failed)
		page_fill(p, (const char *)text->p, at, at + STEP);
	buf_reset(text);
}

/* "... 12 more" in the place of the middle ones; true if i is one of them. */
static bool
is_left_out(struct page *p, size_t i, size_t n)
{
	struct buf line;

	if (n <= FIRST_LINES + LAST_LINES || i < FIRST_LINES ||
	    i >= n - LAST_LINES)
		return false;
	if (i > FIRST_LINES)
		return true;
	buf_init(&line, p->out->limit);
	buf_printf(&line, "... %zu more, which --format json has",
	    n - FIRST_LINES - LAST_LINES);
	buf_add(&line, slice_of("", 1));
	page_spaces(p, INDENT + COUNT_COLUMNS);
	if (!line.failed)
		page_fill(p, (const char *)line.p, INDENT + COUNT_COLUMNS,
		    INDENT + COUNT_COLUMNS);
	buf_free(&line);
	return true;
}

static void
print_title(struct page *p, struct buf *text)
{
	buf_add(text, slice_of("", 1));
	page_gap(p);
	page_spaces(p, INDENT);
	page_style(p, STYLE_BOLD);
	if (!text->failed)
		page_fill(p, (const char *)text->p, INDENT, INDENT);
	page_style(p, STYLE_PLAIN);
	buf_reset(text);
}

/* ---- an evaluation ----------------------------------------------------- */

/* What a mechanism that matches gives, by its qualifier (RFC 7208 4.6.2). */
static const char *
qualified(const char *term)
{
	switch (term[0]) {
	case '-':
		return "fail";
	case '~':
		return "softfail";
	case '?':
		return "neutral";
	default:
		return "pass";
	}
}

static void
add_answer(struct buf *text, const json_t *step)
{
	const char *answer = view_text_of(step, "answer");
	const char *status = view_text_of(step, "status");

	if (*answer != '\0')
		buf_add_str(text, answer);
	else if (strcmp(status, "answered") == 0)
		buf_add_str(text, "nothing of use");
	else if (strcmp(status, "absent") == 0)
		buf_add_str(text, "nothing there");
	else
		buf_printf(text, "no answer (%s)", status);
}

/* Of a term: what became of it. */
static void
add_outcome(struct buf *text, const json_t *step)
{
	const char *term = view_text_of(step, "term");
	const char *result = view_text_of(step, "result");
	bool matched = json_is_true(json_object_get(step, "matched"));

	if (*result != '\0')
		buf_printf(text, "%s%s", result, matched ? ", so it " : "");
	if (matched)
		buf_printf(text, "matches: %s", qualified(term));
	else
		buf_add_str(text,
		    *result != '\0' ? ", so no match" : "no match");
}

long long
spf_step_text(struct buf *text, const json_t *step, const json_t *before)
{
	long long count = view_number(step, "lookups");
	long long voids = view_number(step, "void_lookups");

	if (json_is_null(json_object_get(step, "term"))) {
		buf_printf(text, "%s: ", view_text_of(step, "domain"));
		add_answer(text, step);
	} else {
		buf_printf(text, "%s -> ", view_text_of(step, "term"));
		if (*view_text_of(step, "asked") != '\0') {
			buf_printf(text, "%s: ", view_text_of(step, "asked"));
			add_answer(text, step);
			buf_add_str(text, " -> ");
		}
		add_outcome(text, step);
	}
	if (voids > view_number(before, "void_lookups"))
		buf_printf(text, " (void lookup %lld)", voids);
	return count != view_number(before, "lookups") ? count : -1;
}

static void
print_step(struct page *p, const json_t *step, const json_t *before,
    struct buf *text)
{
	long long count = spf_step_text(text, step, before);

	print_line(p, step, count, text);
}

const json_t *
spf_evaluation(const json_t *spf)
{
	const char *result = view_text_of(spf, "result");
	const json_t *e;
	size_t i;

	json_array_foreach(json_object_get(spf, "evaluations"), i, e)
	{
		if (strcmp(view_text_of(e, "identity"), "mailfrom") == 0 &&
		    strcmp(view_text_of(e, "result"), result) == 0)
			return e;
	}
	return NULL;
}

void
spf_trace_title(struct buf *b, const json_t *evaluation)
{
	buf_printf(b,
	    "How SPF comes to %s for %s; in front, the lookups so far:",
	    view_text_of(evaluation, "result"), view_text_of(evaluation, "ip"));
}

static void
print_trace(struct page *p, const json_t *spf)
{
	const json_t *e = spf_evaluation(spf), *step, *before = NULL;
	const json_t *trace = json_object_get(e, "trace");
	struct buf text;
	size_t i;

	if (json_array_size(trace) == 0)
		return;
	buf_init(&text, p->out->limit);
	spf_trace_title(&text, e);
	print_title(p, &text);
	json_array_foreach(trace, i, step)
	{
		if (!is_left_out(p, i, json_array_size(trace)))
			print_step(p, step, before, &text);
		before = step;
	}
	buf_add_char(p->out, '\n');
	buf_free(&text);
}

/* ---- the tree ---------------------------------------------------------- */

const char spf_tree_title[] =
    "Where the lookups are: what each term costs, with all that it leads to; "
    "ten are allowed:";

bool
spf_row_shown(const json_t *row)
{
	if (json_is_null(json_object_get(row, "term")))
		return view_number(row, "depth") == 0;
	return view_number(row, "below") > 0 ||
	       *view_text_of(row, "note") != '\0';
}

long long
spf_row_text(struct buf *text, const json_t *row)
{
	const char *note = view_text_of(row, "note");

	if (json_is_null(json_object_get(row, "term")))
		buf_printf(text, "the record of %s",
		    view_text_of(row, "domain"));
	else
		buf_add_str(text, view_text_of(row, "term"));
	if (*note != '\0')
		buf_printf(text, " (%s)", note);
	return view_number(row, "below");
}

static void
print_row(struct page *p, const json_t *row, struct buf *text)
{
	long long count = spf_row_text(text, row);

	print_line(p, row, count, text);
}

static void
print_tree(struct page *p, const json_t *spf)
{
	const json_t *tree = json_object_get(spf, "tree"), *row;
	struct buf text;
	size_t i, n = 0, at = 0;

	json_array_foreach(tree, i, row)
	{
		n += spf_row_shown(row);
	}
	if (n == 0)
		return;
	buf_init(&text, p->out->limit);
	buf_add_str(&text, spf_tree_title);
	print_title(p, &text);
	json_array_foreach(tree, i, row)
	{
		if (spf_row_shown(row) && !is_left_out(p, at++, n))
			print_row(p, row, &text);
	}
	buf_add_char(p->out, '\n');
	buf_free(&text);
}

/* ---- the one or the other ---------------------------------------------- */

void
view_spf_explain(struct page *p, const json_t *result, struct explained *said)
{
	const json_t *spf = json_object_get(said->facts, "spf");

	if (said->spf || strcmp(view_text_of(result, "check"), "spf") != 0)
		return;
	said->spf = true;
	if (view_number(spf, "lookups") > SPF_LOOKUPS)
		print_tree(p, spf);
	else if (json_is_false(json_object_get(spf, "pass")))
		print_trace(p, spf);
}
