#include "audit/views/html_parts.h"

/* The report of one audit: verdicts, what to do, and what there is beneath. */

/* ---- the verdicts ------------------------------------------------------ */

void
html_bar(struct html *h, const char *label, const struct html_share parts[3])
{
	struct buf *words = html_words(h);
	long long all = 0, at = 0;

	buf_printf(words, "%s: ", label);
	for (size_t i = 0; i < 3; i++) {
		all += parts[i].n;
		buf_add_str(words, i > 0 ? ", " : "");
		html_add_count(words, (uint64_t)parts[i].n);
		buf_printf(words, " %s", parts[i].word);
	}
	if (all <= 0)
		return;
	html_put(h, "<svg class=\"bar\" role=\"img\" aria-label=\"");
	html_say(h);
	buf_printf(h->out,
	    "\" viewBox=\"0 0 %lld 1\" preserveAspectRatio=\"none\">", all);
	for (size_t i = 0; i < 3; i++) {
		if (parts[i].n > 0)
			buf_printf(h->out,
			    "<rect class=\"%s\" x=\"%lld\" width=\"%lld\" "
			    "height=\"1\"/>",
			    parts[i].class, at, parts[i].n);
		at += parts[i].n;
	}
	html_put(h, "</svg>\n<p class=\"dim\">");
	html_say(h);
	html_put(h, "</p>\n");
}

/* Of the musts. */
static void
show_bar(struct html *h, const json_t *verdict)
{
	static const char *const statuses[] = { "pass", "fail", "unknown" };
	struct html_share parts[] = {
		{ "good", "pass", 0 },
		{ "bad", "fail", 0 },
		{ "open", "not known", 0 },
	};

	for (size_t i = 0; i < 3; i++) {
		long long n = verdict_count(verdict, "must", statuses[i]);

		/* Nobody has so many rules, and the sum shall not overflow. */
		parts[i].n = n < 0 || n > INT32_MAX ? 0 : n;
	}
	html_bar(h, "Musts", parts);
}

static void
show_verdict(struct html *h, const json_t *verdict)
{
	const char *class = html_class(verdict_head_style(verdict));

	buf_printf(h->out, "<li class=\"%s\"><p><strong>", class);
	html_text(h, view_provider(view_text_of(verdict, "provider")));
	buf_printf(h->out, "</strong> <strong class=\"head %s\">", class);
	html_text(h, verdict_head(verdict));
	html_put(h, "</strong> <span>");
	verdict_sentence(html_words(h), verdict);
	html_say(h);
	html_put(h, "</span></p>\n");
	show_bar(h, verdict);
	html_put(h, "</li>\n");
}

static void
show_stale(struct html *h, const json_t *verdict)
{
	struct buf *words = html_words(h);

	verdict_stale(words, verdict);
	if (words->n == 0)
		return;
	html_put(h, "<p class=\"open\">");
	html_say(h);
	html_put(h, "</p>\n");
}

static void
show_verdicts(struct html_audit *a)
{
	const json_t *list = json_object_get(a->audit, "verdicts"), *verdict;
	struct html *h = a->html;
	size_t i;

	if (json_array_size(list) > 0)
		html_put(h, "<ul class=\"verdicts\">\n");
	json_array_foreach(list, i, verdict)
	{
		show_verdict(h, verdict);
	}
	if (json_array_size(list) > 0)
		html_put(h, "</ul>\n");
	json_array_foreach(list, i, verdict)
	{
		show_stale(h, verdict);
	}
}

/* ---- what to change ---------------------------------------------------- */

static bool
changes_wanted(const struct html_audit *a)
{
	return changes_needed(&a->all) > 0;
}

static void
show_change(struct html_audit *a, size_t i)
{
	const json_t *change = a->all.list[i].change;
	struct html *h = a->html;

	buf_printf(h->out, "<li value=\"%zu\">", i + 1);
	html_wrap(h, "<a href=\"#", a->ids[i], "\">");
	html_text(h, view_text_of(change, "title"));
	html_put(h, "</a>");
	change_add_rest(html_words(h), change);
	html_say(h);
	html_put(h, "</li>\n");
}

static void
changes_show(struct html_audit *a)
{
	size_t n = changes_needed(&a->all);
	const char *text, *consequence;
	struct html *h = a->html;

	for (size_t k = 0; (text = change_gain(k, &consequence)) != NULL; k++) {
		bool begun = false;

		for (size_t i = 0; i < n; i++) {
			if (strcmp(view_text_of(a->all.list[i].change,
				       "consequence"),
				consequence) != 0)
				continue;
			if (!begun) {
				html_line(h, "<p>", text, "</p>\n");
				html_put(h, "<ol>\n");
			}
			begun = true;
			show_change(a, i);
		}
		html_put(h, begun ? "</ol>\n" : "");
	}
}

/* ---- the sections ------------------------------------------------------ */

const struct html_section html_sections[] = {
	{ "changes", "What to change, in this order", changes_wanted,
	    changes_show },
	{ "findings", "What fails, the worst first", html_findings_wanted,
	    html_findings_show },
	{ "message", "What else is wrong with the sample", html_message_wanted,
	    html_message_show },
	{ "unknown", "What is not known, and how to settle it",
	    html_unknown_wanted, html_unknown_show },
	{ "attested", "Attested, not measured", html_attested_wanted,
	    html_attested_show },
	{ "advice", "Advice from the standards", html_advice_wanted,
	    html_advice_show },
	{ "measured", "What was measured", html_measured_wanted,
	    html_measured_show },
	{ "scorecard", "Scorecard", html_scorecard_wanted,
	    html_scorecard_show },
	{ "evidence", "Evidence", html_evidence_wanted, html_evidence_show },
	{ NULL, NULL, NULL, NULL },
};

const json_t *
html_fact(const struct html_audit *a, const char *check)
{
	return json_object_get(a->facts, check);
}

/* Ids of the sections, before a rule can have them; then of the findings. */
static void
give_ids(struct html_audit *a)
{
	struct html *h = a->html;

	for (size_t i = 0; html_sections[i].id != NULL; i++)
		(void)html_id(h, html_sections[i].id);
	a->ids = arena_new_of(h->run->arena, const char *, a->all.n + 1);
	if (a->ids == NULL) {
		a->all.n = 0;
		return;
	}
	for (size_t i = 0; i < a->all.n; i++)
		a->ids[i] =
		    html_id(h, view_text_of(a->all.list[i].results[0], "rule"));
}

void
html_audit_open(struct html_audit *a, struct html *h, const json_t *audit)
{
	*a = (struct html_audit){
		.html = h,
		.audit = audit,
		.facts = json_object_get(audit, "facts"),
	};
	findings_gather(h->run->arena, audit, false, &a->all);
	findings_gather(h->run->arena, audit, true, &a->advice);
	give_ids(a);
}

/* An element's own id, or that which a link leads to. */
static void
put_id(struct html *h, const char *before, const char *id)
{
	html_put(h, before);
	html_text(h, h->base);
	html_text(h, id);
	html_put(h, "\">");
}

static void
show_contents(struct html_audit *a)
{
	struct html *h = a->html;

	html_wrap(h, "<nav aria-label=\"Contents",
	    *h->base != '\0' ? h->base : " of this page", "\"><ul>\n");
	for (size_t i = 0; html_sections[i].id != NULL; i++) {
		if (!html_sections[i].wanted(a))
			continue;
		put_id(h, "<li><a href=\"#", html_sections[i].id);
		html_text(h, html_sections[i].title);
		html_put(h, "</a></li>\n");
	}
	html_put(h, "</ul></nav>\n");
}

void
html_audit_show(struct html_audit *a)
{
	const char *error = view_text_of(a->audit, "error");
	struct html *h = a->html;

	show_verdicts(a);
	if (*error != '\0') {
		html_put(h, "<p class=\"bad\">Could not be audited: ");
		html_bdi(h, error);
		html_put(h, "</p>\n");
		return;
	}
	if (a->all.n == 0)
		html_put(h, words_all_compliant(a->audit)
				? "<p class=\"good\">Nothing fails, and every "
				  "must is known.</p>\n"
				: "<p class=\"open\">Nothing that is known "
				  "fails.</p>\n");
	if (*h->base == '\0')
		show_contents(a);
	for (size_t i = 0; html_sections[i].id != NULL; i++) {
		const struct html_section *s = &html_sections[i];

		if (!s->wanted(a))
			continue;
		put_id(h, "<section id=\"", s->id);
		html_put(h, "\n");
		html_heading(h, 0, NULL, s->title);
		s->show(a);
		html_put(h, "</section>\n");
	}
}
