#include "audit/views/html_parts.h"

#include "audit/views/tables.h"
#include "base/limits.h"

/* What each rule says, what was attested, and what all of it stands on. */

/* ---- the scorecard ----------------------------------------------------- */

bool
html_scorecard_wanted(const struct html_audit *a)
{
	return json_array_size(json_object_get(a->audit, "results")) > 0;
}

static bool
is_of(const json_t *result, const char *provider)
{
	return strcmp(view_text_of(result, "provider"), provider) == 0;
}

static void
show_summary(struct html *h, const json_t *results, const char *provider)
{
	static const char *const statuses[] = { "pass", "fail", "unknown",
		"not-applicable" };
	size_t n[4] = { 0 }, i;
	const char *before = ": ";
	const json_t *r;

	json_array_foreach(results, i, r)
	{
		for (size_t k = 0; k < 4 && is_of(r, provider); k++)
			n[k] +=
			    strcmp(view_text_of(r, "status"), statuses[k]) == 0;
	}
	html_fold_open(h);
	html_put(h, "<strong>");
	html_text(h, view_provider(provider));
	html_put(h, "</strong>");
	for (size_t k = 0; k < 4; k++) {
		if (n[k] == 0)
			continue;
		buf_printf(h->out, "%s%zu %s", before, n[k], statuses[k]);
		before = ", ";
	}
	html_fold_body(h);
}

static void
show_result(struct html *h, const json_t *r)
{
	html_put(h, "<tr><td>");
	html_status(h, view_text_of(r, "status"));
	html_put(h, "</td><td><div class=\"two\"><div>");
	html_text(h, view_text_of(r, "title"));
	html_put(h, "<br><span class=\"dim\">");
	html_bdi(h, view_text_of(r, "rule"));
	html_line(h, ", ", view_text_of(r, "level"), "");
	html_line(h, ", ", view_text_of(r, "consequence"), "");
	if (json_object_get(r, "disabled") != NULL)
		html_put(h, ", disabled");
	html_put(h, "</span></div><div>");
	html_text(h, view_text_of(r, "why"));
	if (strcmp(view_text_of(r, "status"), "fail") == 0)
		html_line(h,
		    "<br><span class=\"dim\">Fix: ", view_text_of(r, "fix"),
		    "</span>");
	html_put(h, "</div></div></td></tr>\n");
}

static void
show_provider(struct html *h, const json_t *results, const char *provider)
{
	const json_t *r;
	struct buf caption;
	size_t i;

	show_summary(h, results, provider);
	buf_init(&caption, LIMIT_RENDERED);
	buf_printf(&caption, "Every rule of %s", view_provider(provider));
	buf_add(&caption, slice_of("", 1));
	if (!caption.failed)
		html_table_open(h, (const char *)caption.p);
	h->out->failed |= caption.failed;
	buf_free(&caption);
	html_put(h, "<thead><tr><th scope=\"col\">Status</th>"
		    "<th scope=\"col\">What is asked, and why it came out so"
		    "</th></tr></thead>\n<tbody>");
	json_array_foreach(results, i, r)
	{
		if (is_of(r, provider))
			show_result(h, r);
	}
	html_table_close(h);
	html_fold_close(h);
}

void
html_scorecard_show(struct html_audit *a)
{
	const json_t *results = json_object_get(a->audit, "results"), *r;
	json_t *said = json_object();
	size_t i;

	json_array_foreach(results, i, r)
	{
		const char *provider = view_text_of(r, "provider");

		if (json_object_get(said, provider) != NULL)
			continue;
		(void)json_object_set_new(said, provider, json_true());
		show_provider(a->html, results, provider);
	}
	json_decref(said);
}

/* ---- what was attested ------------------------------------------------- */

bool
html_attested_wanted(const struct html_audit *a)
{
	const json_t *r;
	size_t i;

	json_array_foreach(json_object_get(a->audit, "results"), i, r)
	{
		if (json_is_object(json_object_get(r, "attested")))
			return true;
	}
	return false;
}

void
html_attested_show(struct html_audit *a)
{
	const json_t *r;
	struct html *h = a->html;
	size_t i;

	html_put(h, "<ul>\n");
	json_array_foreach(json_object_get(a->audit, "results"), i, r)
	{
		if (!json_is_object(json_object_get(r, "attested")))
			continue;
		html_put(h, "<li>");
		attested_sentence(html_words(h), r);
		html_say(h);
		if (attested_is_stale(r))
			html_line(h, " <strong class=\"open\">", attested_stale,
			    "</strong>");
		html_put(h, "</li>\n");
	}
	html_put(h, "</ul>\n");
}

/* ---- evidence ---------------------------------------------------------- */

static const json_t *
evidence_of(const struct html_audit *a)
{
	return json_object_get(a->audit, "evidence");
}

bool
html_evidence_wanted(const struct html_audit *a)
{
	return json_is_object(evidence_of(a));
}

static void
show_evidence_summary(struct html *h, const json_t *e)
{
	const char *first = view_text_of(e, "first");
	const char *sum = view_text_of(e, "sha256");
	struct buf *words = html_words(h);

	buf_printf(words, "%lld questions",
	    (long long)json_integer_value(json_object_get(e, "questions")));
	if (*first != '\0')
		buf_printf(words, ", asked from %s to %s", first,
		    view_text_of(e, "last"));
	html_put(h, "<p>");
	html_say(h);
	html_line(h, "; SHA-256 of questions and answers: <code>", sum,
	    "</code>");
	html_put(h, "</p>\n");
}

/* A line each; of none the answer in words, and why there is none. */
static void
add_records(struct buf *text, const json_t *records)
{
	const json_t *r;
	size_t i;

	json_array_foreach(records, i, r)
	{
		buf_printf(text, "%s%s %lld %s %s", i > 0 ? "\n" : "",
		    view_text_of(r, "name"),
		    (long long)json_integer_value(json_object_get(r, "ttl")),
		    view_text_of(r, "type"), view_text_of(r, "value"));
	}
}

static void
answer(const struct row *r, struct cell *out)
{
	const char *cause = view_text_of(r->value, "cause");
	struct buf text;

	buf_init(&text, LIMIT_RENDERED);
	add_records(&text, json_object_get(r->value, "records"));
	if (text.n == 0)
		buf_add_str(&text, view_text_of(r->value, "answer"));
	if (*cause != '\0')
		buf_printf(&text, " (%s)", cause);
	*out = (struct cell){ .kind = CELL_TEXT,
		.text = arena_copy(r->arena, buf_slice(&text)) };
	buf_free(&text);
}

static const char *const list[] = { "evidence.list", NULL };

static const struct column columns[] = {
	{
	    .name = "question",
	    .title = "Question",
	    .kind = CELL_TEXT,
	    .width = 60,
	    .path = "question",
	},
	{ .name = "answer",
	    .title = "Answer",
	    .kind = CELL_TEXT,
	    .width = 60,
	    .make = answer },
	{ .name = "asked",
	    .title = "Asked",
	    .kind = CELL_TIME,
	    .path = "asked" },
	{ .name = "from", .title = "Of", .kind = CELL_TEXT, .path = "from" },
};

static const struct table table = {
	.name = "evidence",
	.title = "Evidence",
	.document = DOCUMENT_AUDIT,
	.lists = list,
	COLUMNS(columns),
};

void
html_evidence_show(struct html_audit *a)
{
	static const char *const names[] = { "question", "answer", "asked",
		"from", NULL };
	struct html *h = a->html;
	const json_t *e = evidence_of(a);

	show_evidence_summary(h, e);
	if (json_array_size(json_object_get(e, "list")) == 0)
		return;
	html_fold(h, "Every question and its answer");
	(void)html_table(h,
	    &(struct html_table){ &table, names, "Questions and answers" },
	    a->audit);
	html_fold_close(h);
}
