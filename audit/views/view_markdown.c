#include "audit/views/mark.h"
#include "audit/views/markdown.h"
#include "audit/views/words.h"
#include "base/limits.h"

/* An audit as GitHub-flavoured Markdown, for a ticket. */

/* A line that was put together; it is freed. */
static void
add_line(struct buf *out, struct buf *line)
{
	buf_add(line, slice_of("", 1));
	if (line->failed)
		out->failed = true;
	else
		mark_text(out, (const char *)line->p);
	buf_free(line);
}

/* ---- who is audited, and the verdicts ---------------------------------- */

static void
add_member(void *ctx, const char *label, const char *text)
{
	struct buf *out = ctx;

	buf_printf(out, "- %s: ", label);
	mark_text(out, text);
	buf_add_char(out, '\n');
}

static void
add_subject(struct view_run *run, const json_t *subject)
{
	words_subject(run, subject,
	    (struct word_sink){ add_member, &run->out });
	buf_add_char(&run->out, '\n');
}

void
markdown_verdict(struct buf *out, const json_t *verdict)
{
	struct buf sentence;

	buf_init(&sentence, LIMIT_RENDERED);
	verdict_sentence(&sentence, verdict);
	buf_add_str(out, "| ");
	mark_text(out, view_provider(view_text_of(verdict, "provider")));
	buf_add_str(out, " | **");
	mark_text(out, verdict_head(verdict));
	buf_add_str(out, "** | ");
	add_line(out, &sentence);
	buf_add_str(out, " |\n");
}

static void
add_verdicts(struct buf *out, const json_t *audit)
{
	const json_t *verdict;
	struct buf stale;
	size_t i;

	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		if (i == 0)
			buf_add_str(out, "| Provider | Verdict | Why |\n"
					 "| --- | --- | --- |\n");
		markdown_verdict(out, verdict);
	}
	buf_add_str(out, i > 0 ? "\n" : "");
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		buf_init(&stale, LIMIT_RENDERED);
		verdict_stale(&stale, verdict);
		if (stale.n == 0)
			continue;
		add_line(out, &stale);
		buf_add_str(out, "\n\n");
	}
}

/* ---- findings ---------------------------------------------------------- */

/* Numbers of the headings below, by what is gained. */
static void
add_contents(struct buf *out, const struct findings *all)
{
	size_t n = changes_needed(all), k, i;
	const char *gain, *consequence;
	struct buf line;

	if (n > 0)
		buf_add_str(out, "## What to change, in this order\n\n");
	for (k = 0; (gain = change_gain(k, &consequence)) != NULL; k++) {
		bool begun = false;

		for (i = 0; i < n; i++) {
			const json_t *change = all->list[i].change;

			if (strcmp(view_text_of(change, "consequence"),
				consequence) != 0)
				continue;
			if (!begun)
				markdown_paragraph(out, "", gain);
			begun = true;
			buf_init(&line, LIMIT_RENDERED);
			change_add(&line, change);
			buf_printf(out, "%zu. ", i + 1);
			add_line(out, &line);
			buf_add_char(out, '\n');
		}
		buf_add_str(out, begun ? "\n" : "");
	}
}

void
markdown_paragraph(struct buf *out, const char *label, const char *text)
{
	if (*text == '\0')
		return;
	buf_add_str(out, label);
	mark_text(out, text);
	buf_add_str(out, "\n\n");
}

/* "- Gmail rejects such mail (must)", once a provider. */
static void
add_askers(struct buf *out, const struct finding *f)
{
	struct buf line;

	for (size_t i = 0; i < f->n; i++) {
		const json_t *r = f->results[i];

		if (!finding_asks(f, i))
			continue;
		buf_init(&line, LIMIT_RENDERED);
		buf_printf(&line, "%s ",
		    view_provider(view_text_of(r, "provider")));
		finding_asker(&line, r);
		buf_add_str(out, "- ");
		add_line(out, &line);
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
}

/* "Rules: `gmail.auth.dkim`; bounces `5.7.30`.  Source: <https://...>" */
static void
add_references(struct buf *out, const struct finding *f)
{
	struct buf line;

	buf_init(&line, LIMIT_RENDERED);
	for (size_t i = 0; i < f->n; i++)
		buf_printf(&line, "%s%s", i > 0 ? ", " : "Rule: ",
		    view_text_of(f->results[i], "rule"));
	finding_codes(&line, f);
	add_line(out, &line);
	buf_add_str(out, "\n\n");
	for (size_t i = 0; i < f->n; i++) {
		const json_t *r = f->results[i];

		if (*view_text_of(r, "source") == '\0' ||
		    finding_said(f, i, "source"))
			continue;
		buf_add_str(out, "Source: ");
		mark_link(out, view_text_of(r, "source"));
		buf_add_str(out, ", read on ");
		mark_text(out, view_text_of(r, "checked"));
		buf_add_str(out, "\n\n");
	}
}

static void
add_finding(struct buf *out, const struct finding *f, size_t number)
{
	const json_t *first = f->results[0];

	buf_printf(out, "### %zu. ", number);
	mark_text(out, view_text_of(first, "title"));
	buf_add_str(out, "\n\n");
	add_askers(out, f);
	markdown_paragraph(out, "", view_text_of(first, "why"));
	markdown_paragraph(out, "**Fix:** ", view_text_of(first, "fix"));
	mark_records(out, json_object_get(first, "records"));
	if (json_array_size(json_object_get(first, "records")) > 0)
		buf_add_char(out, '\n');
	for (size_t i = 1; i < f->n; i++) {
		if (finding_said(f, i, "provider") &&
		    !finding_said(f, i, "title"))
			markdown_paragraph(out, "Mends too: ",
			    view_text_of(f->results[i], "title"));
	}
	for (size_t i = 0; i < f->n; i++) {
		if (!finding_said(f, i, "notes"))
			markdown_paragraph(out,
			    "Note: ", view_text_of(f->results[i], "notes"));
	}
	add_references(out, f);
}

static void
add_findings(struct view_run *run, const struct findings *all)
{
	struct buf *out = &run->out;

	if (all->n == 0) {
		buf_add_str(out, "Nothing that is known fails.\n\n");
		return;
	}
	buf_add_str(out, "## What fails, the worst first\n\n");
	for (size_t i = 0; i < all->n; i++)
		add_finding(out, &all->list[i], i + 1);
}

/* ---- the message ------------------------------------------------------- */

static void
add_problem(struct buf *out, const json_t *problem)
{
	char place[PLACE_MAX];
	struct buf line;

	problem_place(problem, place);
	buf_printf(out, "| %s | ", place);
	buf_init(&line, LIMIT_RENDERED);
	problem_sentence(&line, problem);
	add_line(out, &line);
	buf_add_str(out, " |\n");
}

static void
add_problems(struct buf *out, const json_t *audit,
    const struct findings *before)
{
	const json_t *problem;
	bool begun = false;
	size_t i;

	json_array_foreach(view_message_problems(audit), i, problem)
	{
		if (!problem_wanted(problem, before))
			continue;
		if (!begun)
			buf_add_str(out,
			    "## What else is wrong with the message\n\n"
			    "| Line | Problem |\n| --- | --- |\n");
		begun = true;
		add_problem(out, problem);
	}
	buf_add_str(out, begun ? "\n" : "");
}

/* ---- what is not known ------------------------------------------------- */

static void
add_texts(struct buf *out, const json_t *texts)
{
	const json_t *text;
	size_t i;

	json_array_foreach(texts, i, text)
	{
		buf_add_str(out, "- ");
		mark_text(out, json_string_value(text));
		buf_add_char(out, '\n');
	}
}

static void
add_cause(void *ctx, const json_t *audit, const struct unknown *u)
{
	struct buf *out = ctx, line;

	(void)audit;
	buf_add_str(out, "**");
	mark_text(out, u->heading);
	buf_add_str(out, "**\n\n");
	add_texts(out, u->titles);
	if (u->advice > 0) {
		buf_init(&line, LIMIT_RENDERED);
		unknown_advice(&line, u);
		buf_add_str(out, "- ");
		add_line(out, &line);
		buf_add_char(out, '\n');
	}
	if (json_array_size(u->details) > 0)
		buf_add_str(out, "\nAsked in vain:\n\n");
	add_texts(out, u->details);
	buf_add_char(out, '\n');
	markdown_paragraph(out, "To do: ", u->todo);
}

static void
add_unknown(struct buf *out, const json_t *audit)
{
	if (unknowns_count(audit) > 0)
		buf_add_str(out, "## What is not known, and how to settle "
				 "it\n\n");
	unknowns_each(audit, (struct unknown_sink){ add_cause, out });
}

/* ---- advice and facts -------------------------------------------------- */

static void
add_advice(struct view_run *run, const json_t *audit)
{
	struct buf *out = &run->out;
	struct findings all;

	findings_gather(run->arena, audit, true, &all);
	if (all.n > 0)
		buf_add_str(out, "## Advice from the standards\n\n");
	for (size_t i = 0; i < all.n; i++) {
		const json_t *r = all.list[i].results[0];

		buf_add_str(out, "**");
		mark_text(out, view_text_of(r, "title"));
		buf_add_str(out, "** (");
		mark_text(out, view_text_of(r, "rule"));
		buf_add_str(out, ")\n\n");
		markdown_paragraph(out, "", view_text_of(r, "why"));
		markdown_paragraph(out, "Fix: ", view_text_of(r, "fix"));
		mark_records(out, json_object_get(r, "records"));
		if (json_array_size(json_object_get(r, "records")) > 0)
			buf_add_char(out, '\n');
	}
}

/* What a reader of a ticket looks for first; all of it is in the document. */
static const struct {
	const char *label, *check, *fact;
} facts[] = {
	{ "SPF record", "spf", "record" },
	{ "SPF result", "spf", "result" },
	{ "DMARC record", "dmarc", "record" },
	{ "DMARC policy", "dmarc", "policy" },
	{ "DMARC result", "dmarc", "result" },
	{ "DKIM result", "dkim", "result" },
	{ "BIMI record", "bimi", "record" },
	{ "MTA-STS record", "mta_sts", "record" },
	{ "TLS-RPT record", "tls_rpt", "record" },
};

static void
add_facts(struct buf *out, const json_t *audit)
{
	const json_t *all = json_object_get(audit, "facts");
	bool begun = false;

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const json_t *check = json_object_get(all, facts[i].check);
		const char *text = view_text_of(check, facts[i].fact);

		if (json_is_null(json_object_get(check, facts[i].fact)))
			text = "none";
		if (*text == '\0')
			continue;
		if (!begun)
			buf_add_str(out, "## What was found\n\n"
					 "| Fact | Value |\n| --- | --- |\n");
		begun = true;
		buf_printf(out, "| %s | ", facts[i].label);
		mark_text(out, text);
		buf_add_str(out, " |\n");
	}
	buf_add_str(out, begun ? "\n" : "");
}

/* ---- one audit --------------------------------------------------------- */

void
markdown_title(struct buf *out, const char *level, const json_t *subject)
{
	const char *domain = view_text_of(subject, "domain");
	const char *file =
	    view_text_of(json_object_get(subject, "message"), "file");

	buf_printf(out, "%s Mail of ", level);
	mark_text(out, *domain != '\0' ? domain : "no domain");
	if (*file != '\0') {
		buf_add_str(out, ", ");
		mark_text(out, file);
	}
	buf_add_str(out, "\n\n");
}

void
markdown_audit(struct view_run *run, const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject");
	const char *error = view_text_of(audit, "error");
	struct buf *out = &run->out;
	struct findings all;

	markdown_title(out, "#", subject);
	if (!run->look.quiet)
		add_subject(run, subject);
	add_verdicts(out, audit);
	markdown_paragraph(out, "Could not be audited: ", error);
	if (run->look.quiet || *error != '\0')
		return;
	findings_gather(run->arena, audit, false, &all);
	add_contents(out, &all);
	add_findings(run, &all);
	add_problems(out, audit, &all);
	add_unknown(out, audit);
	add_advice(run, audit);
	add_facts(out, audit);
}

const struct view_part markdown_of_audit = { .item = markdown_audit };
