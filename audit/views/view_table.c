#include "audit/settle.h"
#include "audit/views/view_parts.h"
#include "audit/views/words.h"
#include "base/limits.h"

/* Columns: a domain, a word for each provider, the checks that fail. */
enum { CELL = 9, CHECK_CELL = 13, DOMAIN_MIN = 16, FAILURE_MIN = 14 };

struct widths {
	size_t domain;
	size_t failure; /* 0: there is no room for a table */
};

struct summary {
	struct tallies tallies;
	struct buf early; /* rows that wait for the head of the table */
};

static struct widths
widths_of(const struct view_run *run, size_t providers)
{
	size_t cells = providers * CELL, all = run->look.width;
	size_t left = all > cells ? all - cells : 0;
	struct widths w = { .domain = left };

	if (left < DOMAIN_MIN + FAILURE_MIN)
		return w;
	w.failure = left * 2 / 5;
	w.domain = left - w.failure;
	return w;
}

/* ---- rows -------------------------------------------------------------- */

static void
print_head(struct view_run *run, struct page *p, const json_t *verdicts)
{
	struct widths w = widths_of(run, json_array_size(verdicts));
	const json_t *v;
	size_t i;

	if (w.failure == 0)
		return;
	page_style(p, STYLE_BOLD);
	page_pad(p, "Domain", w.domain);
	json_array_foreach(verdicts, i, v)
	{
		page_cell(p, view_provider(view_text_of(v, "provider")), CELL);
	}
	(void)page_add(p, "Fails");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

/* Filled into lines; quiet all on one, for grep. */
static void
end_row(struct page *p, const char *text, size_t at)
{
	if (p->look->quiet)
		(void)page_add(p, text);
	else if (*text != '\0')
		page_fill(p, text, at, at);
	if (*text != '\0' && !p->look->quiet)
		return;
	while (p->out->n > 0 && p->out->p[p->out->n - 1] == ' ')
		p->out->n--;
	buf_add_char(p->out, '\n');
}

/* The name, and a place for what stands below or behind it. */
static void
print_name(struct page *p, const char *name)
{
	if (p->look->quiet) {
		(void)page_add(p, name);
	} else {
		page_fill(p, name, 0, 2);
	}
	page_spaces(p, 2);
}

static void
print_cells(struct page *p, const json_t *verdicts, const char *name,
    struct widths w)
{
	size_t used = page_columns(p, name);
	const json_t *verdict;
	size_t i;

	if (used + 2 > w.domain && !p->look->quiet) {
		page_fill(p, name, 0, 2);
		used = 0;
	} else {
		used = page_add(p, name);
	}
	page_spaces(p, used + 2 > w.domain ? 2 : w.domain - used);
	json_array_foreach(verdicts, i, verdict)
	{
		page_style(p, verdict_head_style(verdict));
		used = page_add(p, verdict_short(verdict));
		page_style(p, STYLE_PLAIN);
		page_spaces(p, used < CELL ? CELL - used : 1);
	}
}

/* Those of one word, by name; false: there are none. */
static bool
add_verdicts(struct buf *b, const json_t *verdicts, const char *word)
{
	const char *before = b->n > 0 ? "; " : "";
	const json_t *verdict;
	bool any = false;
	size_t i;

	json_array_foreach(verdicts, i, verdict)
	{
		if (strcmp(verdict_short(verdict), word) != 0)
			continue;
		buf_printf(b, "%s%s", any ? ", " : before,
		    view_provider(view_text_of(verdict, "provider")));
		any = true;
	}
	if (any)
		buf_printf(b, " %s", word);
	return any;
}

/* Where not all has room: "Gmail, Yahoo FAILS; Apple ok (dmarc)". */
static void
print_listed(struct page *p, const json_t *verdicts, const char *failure)
{
	static const char *const words[] = { "REJECT", "SPAM", "no help",
		"FAILS", "unknown", "ok" };

	static const enum style styles[] = { STYLE_BAD, STYLE_BAD, STYLE_OPEN,
		STYLE_BAD, STYLE_OPEN, STYLE_GOOD };
	enum style style = STYLE_PLAIN;
	struct buf text;

	buf_init(&text, p->out->limit);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		bool first = text.n == 0;

		if (add_verdicts(&text, verdicts, words[i]) && first)
			style = styles[i];
	}
	if (*failure != '\0')
		buf_printf(&text, " (%s)", failure);
	buf_add(&text, slice_of("", 1));
	page_style(p, style);
	if (!text.failed)
		end_row(p, (const char *)text.p, 2);
	page_style(p, STYLE_PLAIN);
	buf_free(&text);
}

static void
print_row(struct view_run *run, struct page *p, const json_t *audit,
    const char *failure)
{
	const json_t *verdicts = json_object_get(audit, "verdicts");
	size_t n = json_array_size(verdicts);
	struct widths w = widths_of(run, n);
	const char *name = tallies_name(run, audit);

	if (n == 0) {
		print_name(p, name);
		page_style(p, STYLE_BAD);
		end_row(p, failure, 2);
		page_style(p, STYLE_PLAIN);
	} else if (w.failure == 0) {
		print_name(p, name);
		print_listed(p, verdicts, failure);
	} else {
		print_cells(p, verdicts, name, w);
		end_row(p, failure, w.domain + n * CELL);
	}
}

/* ---- what is wrong, over all of them ----------------------------------- */

static void
print_failures(struct tallies *s, struct page *p)
{
	json_t *said = json_object();
	const char *title;

	if (json_object_size(s->failures) > 0)
		page_heading(p, "WHAT FAILS, AND HOW OFTEN");
	while ((title = tallies_next(s->failures, said)) != NULL) {
		const json_t *o = json_object_get(s->failures, title);

		buf_printf(p->out, "%6lld  ", (long long)view_number(o, "n"));
		page_cell(p, view_text_of(o, "check"), CHECK_CELL);
		page_fill(p, title, 8 + CHECK_CELL, 8 + CHECK_CELL);
	}
	json_decref(said);
}

static void
print_unknowns(struct tallies *s, struct page *p)
{
	json_t *said = json_object();
	const char *cause;

	if (json_object_size(s->unknowns) > 0)
		page_heading(p, "WHAT IS NOT KNOWN, AND HOW TO SETTLE IT");
	while ((cause = tallies_next(s->unknowns, said)) != NULL) {
		const json_t *o = json_object_get(s->unknowns, cause);

		buf_printf(p->out, "%6lld  ", (long long)view_number(o, "n"));
		page_style(p, STYLE_OPEN);
		page_fill(p, unknown_heading(cause), 8, 8);
		page_style(p, STYLE_PLAIN);
		page_spaces(p, 8);
		page_fill(p, settle_text(slice_str(cause)), 8, 8);
	}
	json_decref(said);
}

/* ---- totals ------------------------------------------------------------ */

static void
print_total(struct page *p, const char *provider, const json_t *counts)
{
	static const char *const words[] = { "compliant", "non-compliant",
		"incomplete" };
	struct buf line;

	buf_init(&line, p->out->limit);
	for (size_t i = 0; i < 3; i++)
		buf_printf(&line, "%s%lld %s", i > 0 ? ", " : "",
		    (long long)json_integer_value(
			json_object_get(counts, words[i])),
		    words[i]);
	buf_add(&line, slice_of("", 1));
	page_spaces(p, 2);
	page_cell(p, view_provider(provider), CELL + 1);
	if (!line.failed)
		page_fill(p, (const char *)line.p, CELL + 3, CELL + 3);
	buf_free(&line);
}

static void
print_totals(struct view_run *run, struct page *p)
{
	const struct tallies *s = &((struct summary *)run->state)->tallies;
	const char *provider;
	const json_t *counts;

	buf_printf(&run->out, "\n%zu audit%s", run->items,
	    run->items == 1 ? "" : "s");
	if (s->unjudged > 0)
		buf_printf(&run->out, ", %zu not done", s->unjudged);
	buf_add_char(&run->out, '\n');
	json_object_foreach(s->totals, provider, counts)
	{
		print_total(p, provider, counts);
	}
}

/* ---- the view ---------------------------------------------------------- */

static void
summary_begin(struct view_run *run)
{
	struct summary *s = run->state;

	run->rc = tallies_open(&s->tallies);
	buf_init(&s->early, LIMIT_RENDERED);
}

static void
summary_close(struct view_run *run)
{
	struct summary *s = run->state;

	tallies_close(&s->tallies);
	buf_free(&s->early);
}

/* The head names the providers, which only what was judged has. */
static bool
has_head(const struct summary *s, const json_t *verdicts)
{
	return json_object_size(s->tallies.totals) > 0 ||
	       json_array_size(verdicts) > 0;
}

static void
take_early(struct view_run *run)
{
	struct summary *s = run->state;

	buf_add(&run->out, buf_slice(&s->early));
	run->out.failed |= s->early.failed;
	buf_reset(&s->early);
}

static void
summary_audit(struct view_run *run, const json_t *audit)
{
	const json_t *verdicts = json_object_get(audit, "verdicts");
	struct summary *s = run->state;
	struct page p;

	page_init(&p, has_head(s, verdicts) ? &run->out : &s->early,
	    &run->look);
	if (json_object_size(s->tallies.totals) == 0 &&
	    json_array_size(verdicts) > 0) {
		print_head(run, &p, verdicts);
		take_early(run);
	}
	print_row(run, &p, audit, tallies_add(run, &s->tallies, audit));
	page_close(&p);
}

static void
summary_end(struct view_run *run)
{
	struct tallies *s = &((struct summary *)run->state)->tallies;
	struct page p;

	take_early(run);
	page_init(&p, &run->out, &run->look);
	if (!run->look.quiet &&
	    json_object_size(s->failures) + json_object_size(s->unknowns) > 0) {
		buf_add_char(&run->out, '\n');
		print_failures(s, &p);
		print_unknowns(s, &p);
	}
	print_totals(run, &p);
	page_close(&p);
}

const struct view_part text_of_audits = {
	.state = sizeof(struct summary),
	.begin = summary_begin,
	.item = summary_audit,
	.end = summary_end,
	.close = summary_close,
};
