#include "audit/views/html_parts.h"

#include "base/escape.h"
#include "base/limits.h"

/* ---- one finding ------------------------------------------------------- */

static void
show_askers(struct html *h, const struct finding *f)
{
	html_put(h, "<ul class=\"askers\">\n");
	for (size_t i = 0; i < f->n; i++) {
		const json_t *r = f->results[i];

		if (!finding_asks(f, i))
			continue;
		html_wrap(h, "<li><strong>",
		    view_provider(view_text_of(r, "provider")), "</strong> ");
		html_wrap(h, "<span class=\"", html_class(finding_style(r)),
		    "\">");
		finding_asker(html_words(h), r);
		html_say(h);
		html_put(h, "</span></li>\n");
	}
	html_put(h, "</ul>\n");
}

/* What else it mends of a provider that stands above already; then notes. */
static void
show_others(struct html *h, const struct finding *f)
{
	for (size_t i = 1; i < f->n; i++) {
		if (finding_said(f, i, "provider") &&
		    !finding_said(f, i, "title"))
			html_line(h, "<p><strong>Mends too:</strong> ",
			    view_text_of(f->results[i], "title"), "</p>\n");
	}
	for (size_t i = 0; i < f->n; i++) {
		if (!finding_said(f, i, "notes"))
			html_line(h, "<p><strong>Note:</strong> ",
			    view_text_of(f->results[i], "notes"), "</p>\n");
	}
}

/* Rule ids and codes, then each source. */
static void
show_references(struct html *h, const struct finding *f)
{
	html_put(h, "<p class=\"dim\">");
	for (size_t i = 0; i < f->n; i++) {
		html_put(h, i > 0 ? ", " : "");
		html_bdi(h, view_text_of(f->results[i], "rule"));
	}
	finding_codes(html_words(h), f);
	html_say(h);
	for (size_t i = 0; i < f->n; i++) {
		const json_t *r = f->results[i];

		if (*view_text_of(r, "source") == '\0' ||
		    finding_said(f, i, "source"))
			continue;
		html_put(h, "<br>");
		html_link(h, view_text_of(r, "source"));
		html_line(h, " (", view_text_of(r, "checked"), ")");
	}
	html_put(h, "</p>\n");
}

static void
show_finding(struct html_audit *a, size_t i)
{
	const struct finding *f = &a->all.list[i];
	const json_t *first = f->results[0];
	struct html *h = a->html;

	html_wrap(h, "<article id=\"", a->ids[i], "\">\n");
	html_heading_open(h, 1, NULL);
	buf_printf(h->out, "<span class=\"number\">%zu</span> ", i + 1);
	html_text(h, view_text_of(first, "title"));
	html_heading_close(h, 1);
	show_askers(h, f);
	html_line(h, "<p>", view_text_of(first, "why"), "</p>\n");
	html_line(h, "<p><strong>Fix:</strong> ", view_text_of(first, "fix"),
	    "</p>\n");
	html_records(h, json_object_get(first, "records"));
	show_others(h, f);
	show_references(h, f);
	html_put(h, "</article>\n");
}

bool
html_findings_wanted(const struct html_audit *a)
{
	return a->all.n > 0;
}

void
html_findings_show(struct html_audit *a)
{
	for (size_t i = 0; i < a->all.n; i++)
		show_finding(a, i);
}

/* ---- advice ------------------------------------------------------------ */

bool
html_advice_wanted(const struct html_audit *a)
{
	return a->advice.n > 0;
}

void
html_advice_show(struct html_audit *a)
{
	struct html *h = a->html;

	for (size_t i = 0; i < a->advice.n; i++) {
		const json_t *r = a->advice.list[i].results[0];
		char said[RECORD_SAID_MAX];

		html_wrap(h, "<article id=\"",
		    html_id(h, view_text_of(r, "rule")), "\">\n");
		html_heading(h, 1, NULL, view_text_of(r, "title"));
		html_line(h, "<p>", view_text_of(r, "why"), "</p>\n");
		html_line(h, "<p><strong>Fix:</strong> ",
		    view_text_of(r, "fix"), "</p>\n");
		if (advice_record(&a->advice, i, &a->all, said))
			html_line(h, "<p>", said, "</p>\n");
		else
			html_records(h, json_object_get(r, "records"));
		html_line(h, "<p class=\"dim\">", view_text_of(r, "rule"),
		    "</p>\n");
		html_put(h, "</article>\n");
	}
}

/* ---- what is wrong with the sample ------------------------------------- */

static const json_t *
problems_of(const struct html_audit *a)
{
	return json_object_get(html_fact(a, "format"), "problems");
}

bool
html_message_wanted(const struct html_audit *a)
{
	const json_t *problem;
	size_t i;

	json_array_foreach(problems_of(a), i, problem)
	{
		if (problem_wanted(problem, &a->all))
			return true;
	}
	return false;
}

static void
show_problem(struct html *h, const json_t *problem)
{
	char place[PLACE_MAX];
	bool error = problem_is_error(problem);

	problem_place(problem, place);
	html_put(h, "<tr><th scope=\"row\" class=\"n\">");
	html_text(h, place);
	html_put(h, error ? "</th><td><span class=\"s bad\">error</span>"
			  : "</th><td><span class=\"s open\">");
	if (!error)
		html_wrap(h, "", view_text_of(problem, "severity"), "</span>");
	html_put(h, "</td><td class=\"long\">");
	problem_sentence(html_words(h), problem);
	html_say(h);
	html_line(h, " <span class=\"dim\">", view_text_of(problem, "clause"),
	    "</span>");
	html_put(h, "</td></tr>\n");
}

void
html_message_show(struct html_audit *a)
{
	const json_t *problem;
	struct html *h = a->html;
	size_t i;

	html_table_open(h, "Problems by line and column of the sample");
	html_put(h, "<thead><tr><th scope=\"col\" class=\"n\">Line</th>"
		    "<th scope=\"col\">Severity</th><th scope=\"col\">"
		    "What is wrong, and what to do</th></tr></thead>\n<tbody>");
	for (int errors = 1; errors >= 0; errors--) {
		json_array_foreach(problems_of(a), i, problem)
		{
			if (problem_is_error(problem) == errors &&
			    problem_wanted(problem, &a->all))
				show_problem(h, problem);
		}
	}
	html_table_close(h);
}

/* ---- what is not known ------------------------------------------------- */

bool
html_unknown_wanted(const struct html_audit *a)
{
	return unknowns_count(a->audit) > 0;
}

static void
show_list(struct html *h, const json_t *list, const struct unknown *u)
{
	const json_t *text;
	size_t i;

	html_put(h, "<ul>\n");
	json_array_foreach(list, i, text)
	{
		html_line(h, "<li>", json_string_value(text), "</li>\n");
	}
	if (u != NULL && u->advice > 0) {
		html_put(h, "<li>");
		unknown_advice(html_words(h), u);
		html_say(h);
		html_put(h, "</li>\n");
	}
	html_put(h, "</ul>\n");
}

/* The lines of an attest file, as the text view has them. */
static void
show_questions(struct html *h, const json_t *audit)
{
	const struct view_look look = { .width = VIEW_WIDTH, .unicode = true };
	struct buf text;
	struct page p;

	buf_init(&text, LIMIT_RENDERED);
	page_init(&p, &text, &look);
	attest_print(&p, audit);
	page_close(&p);
	if (text.n > 0) {
		html_put(h, "<pre class=\"record\">");
		escape_html(h->out, slice_trim(buf_slice(&text)));
		html_put(h, "</pre>\n");
	}
	h->out->failed |= text.failed;
	buf_free(&text);
}

static void
show_cause(void *ctx, const json_t *audit, const struct unknown *u)
{
	struct html *h = ctx;

	html_heading(h, 1, NULL, u->heading);
	show_list(h, u->titles, u);
	if (json_array_size(u->details) > 0)
		show_list(h, u->details, NULL);
	html_line(h, "<p><strong>Do:</strong> ", u->todo, "</p>\n");
	if (strcmp(u->cause, "needs-attestation") == 0)
		show_questions(h, audit);
}

void
html_unknown_show(struct html_audit *a)
{
	unknowns_each(a->audit, (struct unknown_sink){ show_cause, a->html });
}
