#include "base/limits.h"

#include "audit/view_parts.h"

/* Columns: a domain, a word for each provider, what fails first. */
enum { CELL = 9, DOMAIN_MIN = 16, FAILURE_MIN = 14 };

struct widths {
	size_t domain;
	size_t cells;   /* providers that have a column */
	size_t failure; /* 0: no such column */
};

static struct widths
widths_of(const struct view_run *run, size_t providers)
{
	size_t all = run->look.width, left;
	struct widths w = { .cells = providers };

	while (w.cells > 1 && DOMAIN_MIN + w.cells * CELL > all)
		w.cells--;
	left = all - w.cells * CELL;
	w.failure = left >= DOMAIN_MIN + FAILURE_MIN ? left / 2 : 0;
	w.domain = left - w.failure;
	return w;
}

static const char *
short_word(const char *verdict)
{
	if (strcmp(verdict, "compliant") == 0)
		return "ok";
	return strcmp(verdict, "incomplete") == 0 ? "unknown" : "FAILS";
}

static const char *
subject_name(const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject");
	const char *domain = view_text_of(subject, "domain");

	if (*domain != '\0')
		return domain;
	return view_text_of(json_object_get(subject, "message"), "file");
}

/* ---- counting ---------------------------------------------------------- */

static void
count(struct view_run *run, const json_t *verdict)
{
	const char *provider = view_text_of(verdict, "provider");
	const char *word = view_text_of(verdict, "verdict");
	json_t *o = json_object_get(run->totals, provider);
	json_int_t n;

	if (o == NULL) {
		(void)json_object_set_new(run->totals, provider, json_object());
		o = json_object_get(run->totals, provider);
	}
	n = json_integer_value(json_object_get(o, word));
	(void)json_object_set_new(o, word, json_integer(n + 1));
}

/* ---- rows -------------------------------------------------------------- */

static void
print_head(struct view_run *run, struct page *p, const json_t *verdicts)
{
	struct widths w = widths_of(run, json_array_size(verdicts));

	page_style(p, STYLE_BOLD);
	page_pad(p, "Domain", w.domain);
	for (size_t i = 0; i < w.cells; i++) {
		const json_t *v = json_array_get(verdicts, i);

		page_cell(p, view_provider(view_text_of(v, "provider")), CELL);
	}
	(void)page_add(p, w.failure > 0 ? "First failure" : "");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

static void
print_row(struct view_run *run, struct page *p, const json_t *audit,
    const char *failure)
{
	const json_t *verdicts = json_object_get(audit, "verdicts");
	struct widths w = widths_of(run, json_array_size(verdicts));
	size_t used = page_cut(p, subject_name(audit), w.domain - 2);

	page_spaces(p, w.domain - used);
	for (size_t i = 0; i < w.cells; i++) {
		const char *verdict =
		    view_text_of(json_array_get(verdicts, i), "verdict");

		page_style(p, verdict_style(verdict));
		used = page_add(p, short_word(verdict));
		page_style(p, STYLE_PLAIN);
		page_spaces(p, CELL - used);
	}
	if (w.failure > 0)
		(void)page_clip(p, failure, w.failure);
	while (p->out->n > 0 && p->out->p[p->out->n - 1] == ' ')
		p->out->n--;
	buf_add_char(p->out, '\n');
}

/* "example.com: Publish ...; Sign ...", one line, for after the table. */
static void
note_failures(struct view_run *run, const json_t *audit,
    const struct findings *all)
{
	struct page p;
	struct buf titles;

	buf_init(&titles, LIMIT_RENDERED);
	for (size_t i = 0; i < all->n; i++)
		buf_printf(&titles, "%s%s", i > 0 ? "; " : ": ",
		    view_text_of(all->list[i].results[0], "title"));
	buf_add(&titles, slice_of("", 1));
	page_init(&p, &run->later, &run->look);
	if (!titles.failed) {
		size_t used =
		    page_cut(&p, subject_name(audit), run->look.width / 2);

		(void)page_clip(&p, (const char *)titles.p,
		    run->look.width - used);
		buf_add_char(&run->later, '\n');
	}
	page_close(&p);
	buf_free(&titles);
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
	const char *provider;
	const json_t *counts;

	buf_printf(&run->out, "\n%zu audit%s", run->audits,
	    run->audits == 1 ? "" : "s");
	if (run->unjudged > 0)
		buf_printf(&run->out, ", %zu not done", run->unjudged);
	buf_add_char(&run->out, '\n');
	json_object_foreach(run->totals, provider, counts)
	{
		print_total(p, provider, counts);
	}
}

/* ---- the view ---------------------------------------------------------- */

void
summary_begin(struct view_run *run)
{
	(void)run;
}

/* The head names the providers, which only what was judged has. */
static bool
has_head(const struct view_run *run, const json_t *verdicts)
{
	return json_object_size(run->totals) > 0 ||
	       json_array_size(verdicts) > 0;
}

static void
take_early(struct view_run *run)
{
	buf_add(&run->out, buf_slice(&run->early));
	run->out.failed |= run->early.failed;
	buf_reset(&run->early);
}

/* The name stands in the first column already. */
static const char *
without_name(const char *failure, const char *name)
{
	size_t n = strlen(name);

	if (n > 0 && strncmp(failure, name, n) == 0 &&
	    strncmp(failure + n, ": ", 2) == 0)
		return failure + n + 2;
	return failure;
}

void
summary_audit(struct view_run *run, const json_t *audit)
{
	const json_t *verdicts = json_object_get(audit, "verdicts"), *verdict;
	const char *failure = view_text_of(audit, "error");
	struct findings all;
	struct page p;
	size_t i;

	page_init(&p, has_head(run, verdicts) ? &run->out : &run->early,
	    &run->look);
	if (json_object_size(run->totals) == 0 &&
	    json_array_size(verdicts) > 0) {
		print_head(run, &p, verdicts);
		take_early(run);
	}
	json_array_foreach(verdicts, i, verdict)
	{
		count(run, verdict);
	}
	run->unjudged += *failure != '\0';
	failure = without_name(failure, subject_name(audit));
	findings_gather(run->arena, audit, false, &all);
	if (all.n > 0) {
		failure = view_text_of(all.list[0].results[0], "title");
		note_failures(run, audit, &all);
	}
	print_row(run, &p, audit, failure);
	page_close(&p);
}

void
summary_end(struct view_run *run)
{
	struct page p;

	take_early(run);
	page_init(&p, &run->out, &run->look);
	if (run->later.n > 0 && !run->look.quiet) {
		buf_add_char(&run->out, '\n');
		page_heading(&p, "WHAT FAILS");
		buf_add(&run->out, buf_slice(&run->later));
	}
	if (run->later.failed)
		buf_add_str(&run->out, "(and more than is kept)\n");
	print_totals(run, &p);
	page_close(&p);
}
