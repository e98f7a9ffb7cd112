#include "audit/views/html_many.h"
#include "audit/views/view_diff.h"

/* ---- facts ------------------------------------------------------------- */

static void
facts_open(struct html *h, const char *caption)
{
	html_table_open(h, caption);
	html_put(h,
	    "<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Before"
	    "</th><th scope=\"col\">Now</th></tr></thead>\n<tbody>");
}

static void
put_change(void *html, const json_t *change)
{
	static const char *const sides[] = { "old", "new" };
	struct html *h = html;

	html_put(h, "<tr><th scope=\"row\" class=\"long\">");
	html_bdi(h, view_text_of(change, "path"));
	html_put(h, "</th>");
	for (size_t i = 0; i < 2; i++) {
		html_put(h, "<td class=\"long\"><bdi>");
		told_side(html_words(h), change, sides[i]);
		html_say(h);
		html_put(h, "</bdi></td>");
	}
	html_put(h, "</tr>\n");
}

/* ---- rules ------------------------------------------------------------- */

static void
put_steps(struct html *h, const struct finding *f, bool better)
{
	html_put(h, "<ul class=\"askers\">\n");
	for (size_t i = 0; i < f->n; i++) {
		const json_t *r = f->results[i];

		html_wrap(h, "<li><strong>",
		    view_provider(view_text_of(r, "provider")), "</strong> ");
		html_put(h, better ? "<span class=\"good\">"
			    : view_is(r, "new", "fail")
				? "<span class=\"bad\">"
				: "<span class=\"open\">");
		diff_step(html_words(h), r);
		html_say(h);
		html_put(h, "</span></li>\n");
	}
	html_put(h, "</ul>\n");
}

static void
put_worse(struct html *h, const struct finding *f, struct told_facts *told)
{
	const json_t *first = f->results[0];
	const char *check = view_text_of(first, "check");

	html_wrap(h, "<section id=\"", html_id(h, view_text_of(first, "rule")),
	    "\">\n");
	html_heading(h, 1, NULL, view_text_of(first, "title"));
	put_steps(h, f, false);
	html_line(h, "<p>", view_text_of(first, "why"), "</p>\n");
	html_line(h, "<p><strong>Fix:</strong> ", view_text_of(first, "fix"),
	    "</p>\n");
	html_records(h, json_object_get(first, "records"));
	if (told_facts_left(told, check)) {
		facts_open(h, "What changed");
		told_facts_tell(told, check,
		    (struct told_sink){ put_change, h });
		html_table_close(h);
	}
	html_put(h, "</section>\n");
}

/* What fails comes before what is not known any more. */
static void
put_all_worse(struct html *h, const json_t *audit, struct told_facts *told)
{
	struct findings found[2][2];
	json_t *failing = json_object(), *lost = json_object();

	diff_gather(h->run, audit, (struct diff_wanted){ "worse", true },
	    failing, found[0]);
	diff_gather(h->run, audit, (struct diff_wanted){ "worse", false }, lost,
	    found[1]);
	if (found[0][0].n + found[0][1].n + found[1][0].n + found[1][1].n > 0)
		html_heading(h, 0, NULL, "What got worse");
	for (int i = 0; i < 4; i++) {
		const struct findings *some = &found[i % 2][i / 2];

		for (size_t k = 0; k < some->n; k++)
			put_worse(h, &some->list[k], told);
	}
	json_decref(failing);
	json_decref(lost);
}

static void
put_brief(struct html *h, const json_t *audit, const char *change,
    const char *heading)
{
	struct findings found[2];
	json_t *held = json_object();

	diff_gather(h->run, audit, (struct diff_wanted){ change, false }, held,
	    found);
	if (found[0].n + found[1].n > 0)
		html_heading(h, 0, NULL, heading);
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < found[i].n; k++) {
			const struct finding *f = &found[i].list[k];

			html_heading(h, 1, NULL,
			    view_text_of(f->results[0], "title"));
			put_steps(h, f, strcmp(change, "better") == 0);
		}
	}
	json_decref(held);
}

static void
put_unmatched(struct html *h, const json_t *audit, const char *change,
    const char *which)
{
	if (!diff_unmatched(html_words(h), audit, change, which))
		return;
	html_put(h, "<p>");
	html_say(h);
	html_put(h, "</p>\n");
}

/* ---- the rest of an audit ---------------------------------------------- */

static void
put_verdicts(struct html *h, const json_t *audit)
{
	const json_t *verdict;
	size_t i;

	html_put(h, "<ul class=\"askers\">\n");
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		html_wrap(h, "<li><strong>",
		    view_provider(view_text_of(verdict, "provider")),
		    "</strong> ");
		html_wrap(h, "<span class=\"",
		    html_class(verdict_style(view_text_of(verdict, "new"))),
		    "\">");
		diff_verdict(html_words(h), verdict);
		html_say(h);
		html_put(h, "</span></li>\n");
	}
	html_put(h, "</ul>\n");
}

static void
put_error(struct html *h, const json_t *audit)
{
	const json_t *error = json_object_get(audit, "error");
	const char *new = view_text_of(error, "new");

	html_line(h, "<p class=\"bad\">Cannot be audited any more: ", new,
	    "</p>\n");
	if (*new == '\0')
		html_line(h, "<p class=\"bad\">Could not be audited before: ",
		    view_text_of(error, "old"), "</p>\n");
}

static void
put_subject_changes(struct html *h, const json_t *audit)
{
	const json_t *change;
	bool begun = false;
	size_t i;

	json_array_foreach(json_object_get(audit, "subject_changes"), i, change)
	{
		if (diff_is_for_machines(change))
			continue;
		if (!begun) {
			html_heading(h, 0, NULL, "What is audited is another");
			facts_open(h, "The subject");
		}
		begun = true;
		put_change(h, change);
	}
	if (begun)
		html_table_close(h);
}

static void
put_rest(struct html *h, struct told_facts *told, long long more)
{
	size_t left;

	if (told_facts_left(told, NULL)) {
		html_heading(h, 0, NULL, "What else changed");
		facts_open(h, "Facts that explain nothing above");
		told_facts_tell(told, NULL,
		    (struct told_sink){ put_change, h });
		html_table_close(h);
	}
	left = told_facts_count(told);
	if (left > 0)
		buf_printf(h->out, "<p>and %zu more, which -f json shows</p>\n",
		    left);
	if (more > 0)
		buf_printf(h->out,
		    "<p>and %lld more, of which the document has none</p>\n",
		    more);
}

/* ---- the page ---------------------------------------------------------- */

static void
diff_begin(struct view_run *run)
{
	run->rc = html_many_open(run->state, run);
}

static void
put_row(struct html_many *m, const json_t *audit, const char *id)
{
	struct html *h = html_many_row(m);
	long long worse = view_number(audit, "worse");

	diff_subject(html_words(h), audit);
	buf_add(&h->words, slice_of("", 1));
	html_many_name(m, id, h->words.failed ? "" : (const char *)h->words.p);
	html_put(h, worse > 0 ? "<td class=\"n bad\">" : "<td class=\"n\">");
	buf_printf(h->out, "%lld</td><td class=\"n\">%lld</td><td>", worse,
	    view_number(audit, "better"));
	html_text(h, view_text_of(audit, "state"));
	html_put(h, "</td></tr>\n");
	html_many_row_end(m);
}

static void
diff_item(struct view_run *run, const json_t *audit)
{
	struct html_many *m = run->state;
	struct html *h = &m->html;
	const char *id = html_many_id(m, html_subject_name(audit));
	struct told_facts told;

	told_facts_open(run->arena, audit, &told);
	html_wrap(h, "<article class=\"audit\" id=\"", id, "\">\n<h2>");
	diff_subject(html_words(h), audit);
	html_say(h);
	html_put(h, "</h2>\n");
	put_verdicts(h, audit);
	put_error(h, audit);
	put_all_worse(h, audit, &told);
	put_subject_changes(h, audit);
	put_brief(h, audit, "better", "What got better");
	put_brief(h, audit, "other", "What is otherwise now");
	put_unmatched(h, audit, "added", "in the newer document only");
	put_unmatched(h, audit, "removed", "in the older document only");
	put_rest(h, &told, view_number(audit, "facts_more"));
	html_put(h, "<p><a href=\"#overview\">Back to the overview</a></p>\n"
		    "</article>\n");
	html_many_body(m);
	put_row(m, audit, id);
}

static void
put_origin(struct html *h, const char *key, const char *label)
{
	const json_t *o = json_object_get(h->run->header, key);

	if (o == NULL)
		return;
	html_wrap(h, "<div><dt>", label, "</dt><dd>");
	html_bdi(h, view_text_of(o, "file"));
	html_line(h, ", as of ", view_text_of(o, "as_of"), "");
	html_put(h, "</dd></div>\n");
}

/* Lines of a comparison have none. */
static void
show_counts(struct html *h, const json_t *counts)
{
	long long worse = view_number(counts, "worse");

	if (counts == NULL)
		return;
	buf_printf(h->out,
	    "<p class=\"totals\"><strong class=\"%s\">%lld worse</strong>, "
	    "<strong class=\"good\">%lld better</strong></p>\n<p>Audits: %lld "
	    "changed, %lld the same, %lld only in the newer, %lld only in the "
	    "older</p>\n",
	    worse > 0 ? "bad" : "plain", worse, view_number(counts, "better"),
	    view_number(counts, "changed"), view_number(counts, "same"),
	    view_number(counts, "added"), view_number(counts, "removed"));
}

static void
show_origins(struct html *h, void *ctx)
{
	(void)ctx;
	html_pairs_open(h);
	put_origin(h, "old", "Before");
	put_origin(h, "new", "Now");
	html_pairs_close(h);
	if (diff_is_backwards(h->run->header))
		html_line(h, "<p class=\"open\">", diff_backwards, "</p>\n");
	show_counts(h, json_object_get(h->run->header, "counts"));
}

static void
diff_end(struct view_run *run)
{
	struct html_many *m = run->state;
	struct html *h = &m->html;

	html_page_begin(h,
	    &(struct html_head){ .title = "What changed, by presend",
		.heading = "What changed",
		.more = show_origins });
	html_put(h, "<section id=\"overview\">\n<h2>Overview</h2>\n");
	html_table_open(h, "Each audit that changed");
	html_put(h, "<thead><tr><th scope=\"col\">Domain</th>"
		    "<th scope=\"col\" class=\"n\">Worse</th>"
		    "<th scope=\"col\" class=\"n\">Better</th>"
		    "<th scope=\"col\">State</th></tr></thead>\n<tbody>");
	spool_give(&m->rows, run);
	html_table_close(h);
	html_put(h, "</section>\n");
	spool_give(&m->bodies, run);
	html_page_end(h);
}

static void
diff_close(struct view_run *run)
{
	html_many_close(run->state);
}

const struct view_part html_of_diff = {
	.state = sizeof(struct html_many),
	.begin = diff_begin,
	.item = diff_item,
	.end = diff_end,
	.close = diff_close,
};
