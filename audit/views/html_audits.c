#include "audit/settle.h"
#include "audit/views/html_many.h"

/* The page of many audits: an overview, what fails most, and each audit. */

struct audits {
	struct html_many many;
	struct tallies tallies;
	json_t *columns; /* providers of the overview */
	json_t *early;   /* rows from before they were known */
};

/* ---- a row of the overview --------------------------------------------- */

/* The verdict of that provider; a cell for each column. */
static void
put_verdict(struct html *h, const json_t *audit, const char *provider)
{
	const json_t *verdict;
	size_t i;

	html_put(h, "<td>");
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		if (strcmp(view_text_of(verdict, "provider"), provider) != 0)
			continue;
		html_wrap(h, "<span class=\"",
		    html_class(verdict_head_style(verdict)), "\">");
		html_text(h, verdict_short(verdict));
		html_put(h, "</span>");
		break;
	}
	html_put(h, "</td>");
}

static void
put_failure(struct html *h, const char *failure)
{
	html_put(h, "<td class=\"long\">");
	html_text(h, failure);
	html_put(h, "</td></tr>\n");
}

/* Audits without a verdict that came before the columns were known. */
static void
put_early(struct audits *s)
{
	struct html *h = &s->many.html;
	const json_t *one;
	size_t i;

	json_array_foreach(s->early, i, one)
	{
		html_many_name(&s->many, view_text_of(one, "id"),
		    view_text_of(one, "name"));
		for (size_t k = 0; k < json_array_size(s->columns); k++)
			html_put(h, "<td></td>");
		put_failure(h, view_text_of(one, "failure"));
	}
	(void)json_array_clear(s->early);
}

static void
know_columns(struct audits *s, const json_t *verdicts)
{
	const json_t *verdict;
	size_t i;

	json_array_foreach(verdicts, i, verdict)
	{
		(void)json_array_append_new(s->columns,
		    json_string(view_text_of(verdict, "provider")));
	}
}

static void
put_row(struct audits *s, const json_t *audit, const char *id,
    const char *failure)
{
	struct html *h = &s->many.html;
	const char *name = tallies_name(h->run, audit);
	const json_t *provider;
	size_t i;

	if (json_array_size(s->columns) == 0)
		know_columns(s, json_object_get(audit, "verdicts"));
	if (json_array_size(s->columns) == 0) {
		(void)json_array_append_new(s->early,
		    json_pack("{s:s, s:s, s:s}", "id", id, "name", name,
			"failure", failure));
		return;
	}
	put_early(s);
	html_many_name(&s->many, id, name);
	json_array_foreach(s->columns, i, provider)
	{
		put_verdict(h, audit, json_string_value(provider));
	}
	put_failure(h, failure);
}

/* ---- an audit ---------------------------------------------------------- */

static void
audits_begin(struct view_run *run)
{
	struct audits *s = run->state;

	s->columns = json_array();
	s->early = json_array();
	run->rc = html_many_open(&s->many, run);
	if (run->rc == RC_OK)
		run->rc = tallies_open(&s->tallies);
	if (s->columns == NULL || s->early == NULL)
		run->rc = RC_NOMEM;
}

static void
show_body(struct html_many *m, const json_t *audit, const char *id)
{
	struct html *h = &m->html;
	struct html_audit a;

	html_wrap(h, "<article class=\"audit\" id=\"", id, "\">\n<h2>");
	html_bdi(h, tallies_name(h->run, audit));
	html_put(h, "</h2>\n");
	html_subject(h, audit);
	html_audit_open(&a, h, audit);
	html_audit_show(&a);
	html_put(h, "<p><a href=\"#overview\">Back to the overview</a></p>\n"
		    "</article>\n");
}

static void
audits_item(struct view_run *run, const json_t *audit)
{
	struct audits *s = run->state;
	const char *id = html_many_id(&s->many, html_subject_name(audit));

	show_body(&s->many, audit, id);
	html_many_body(&s->many);
	(void)html_many_row(&s->many);
	put_row(s, audit, id, tallies_add(run, &s->tallies, audit));
	html_many_row_end(&s->many);
}

/* ---- the end: all of it in order --------------------------------------- */

static void
show_overview(struct audits *s)
{
	struct html *h = &s->many.html;
	const json_t *provider;
	size_t i;

	html_put(h, "<section id=\"overview\">\n<h2>Overview</h2>\n");
	html_table_open(h, "Each audit, and what fails there");
	html_put(h, "<thead><tr><th scope=\"col\">Domain</th>");
	json_array_foreach(s->columns, i, provider)
	{
		html_put(h, "<th scope=\"col\">");
		html_text(h, view_provider(json_string_value(provider)));
		html_put(h, "</th>");
	}
	html_put(h, "<th scope=\"col\">Fails</th></tr></thead>\n<tbody>");
	spool_give(&s->many.rows, h->run);
	put_early(s);
	html_table_close(h);
	html_put(h, "</section>\n");
}

static void
show_failures(struct html *h, json_t *failures)
{
	json_t *said = json_object();
	const char *title;

	html_put(h, "<section id=\"fails\">\n"
		    "<h2>What fails, and how often</h2>\n");
	html_table_open(h, "Audits in which it fails");
	html_put(h,
	    "<thead><tr><th scope=\"col\" class=\"n\">Audits</th>"
	    "<th scope=\"col\">Check</th><th scope=\"col\">What is asked</th>"
	    "</tr></thead>\n<tbody>");
	while ((title = tallies_next(failures, said)) != NULL) {
		const json_t *o = json_object_get(failures, title);

		buf_printf(h->out, "<tr><td class=\"n\">%lld</td><td>",
		    (long long)json_integer_value(json_object_get(o, "n")));
		html_text(h, view_text_of(o, "check"));
		html_put(h, "</td><th scope=\"row\">");
		html_text(h, title);
		html_put(h, "</th></tr>\n");
	}
	html_table_close(h);
	html_put(h, "</section>\n");
	json_decref(said);
}

static void
show_unknowns(struct html *h, json_t *unknowns)
{
	json_t *said = json_object();
	const char *cause;

	html_put(h, "<section id=\"unknown\">\n"
		    "<h2>What is not known, and how to settle it</h2>\n");
	html_table_open(h, "Audits in which it is not known");
	html_put(h,
	    "<thead><tr><th scope=\"col\" class=\"n\">Audits</th>"
	    "<th scope=\"col\">Why</th><th scope=\"col\">What to do</th>"
	    "</tr></thead>\n<tbody>");
	while ((cause = tallies_next(unknowns, said)) != NULL) {
		const json_t *o = json_object_get(unknowns, cause);

		buf_printf(h->out,
		    "<tr><td class=\"n\">%lld</td><th scope=\"row\">",
		    (long long)json_integer_value(json_object_get(o, "n")));
		html_text(h, unknown_heading(cause));
		html_put(h, "</th><td class=\"long\">");
		html_text(h, settle_text(slice_str(cause)));
		html_put(h, "</td></tr>\n");
	}
	html_table_close(h);
	html_put(h, "</section>\n");
	json_decref(said);
}

static void
show_total(struct html *h, const char *provider, const json_t *counts)
{
	struct html_share parts[] = {
		{ "good", "compliant", 0 },
		{ "bad", "non-compliant", 0 },
		{ "open", "incomplete", 0 },
	};

	for (size_t i = 0; i < 3; i++)
		parts[i].n = (long long)json_integer_value(
		    json_object_get(counts, parts[i].word));
	html_bar(h, view_provider(provider), parts);
}

static void
show_totals(struct html *h, void *audits)
{
	struct audits *s = audits;
	const char *provider;
	const json_t *counts;

	html_put(h, "<p>Judged as of ");
	html_text(h, view_text_of(h->run->header, "as_of"));
	if (s->tallies.unjudged > 0)
		buf_printf(h->out, "; %zu not done", s->tallies.unjudged);
	html_put(h, "</p>\n");
	json_object_foreach(s->tallies.totals, provider, counts)
	{
		show_total(h, provider, counts);
	}
}

static void
audits_end(struct view_run *run)
{
	struct audits *s = run->state;
	struct html *h = &s->many.html;
	const char *heading = arena_printf(run->arena, "%zu audit%s",
	    run->items, run->items == 1 ? "" : "s");
	const char *title = arena_printf(run->arena, "%s as of %s",
	    heading != NULL ? heading : "", view_text_of(run->header, "as_of"));

	html_page_begin(h,
	    &(struct html_head){ .title = title != NULL ? title : "",
		.heading = heading != NULL ? heading : "",
		.more = show_totals,
		.ctx = s });
	show_overview(s);
	if (json_object_size(s->tallies.failures) > 0)
		show_failures(h, s->tallies.failures);
	if (json_object_size(s->tallies.unknowns) > 0)
		show_unknowns(h, s->tallies.unknowns);
	spool_give(&s->many.bodies, run);
	html_page_end(h);
}

static void
audits_close(struct view_run *run)
{
	struct audits *s = run->state;

	html_many_close(&s->many);
	tallies_close(&s->tallies);
	json_decref(s->columns);
	json_decref(s->early);
}

const struct view_part html_of_audits = {
	.state = sizeof(struct audits),
	.begin = audits_begin,
	.item = audits_item,
	.end = audits_end,
	.close = audits_close,
};
