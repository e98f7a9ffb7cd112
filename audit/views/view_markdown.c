#include "audit/views/mark.h"
#include "audit/views/markdown.h"
#include "audit/views/view_parts.h"
#include "base/limits.h"

/* An audit as GitHub-flavoured Markdown, for a ticket. */

/* ---- who is audited, and the verdicts ---------------------------------- */

static void
add_member(struct buf *out, const char *label, const char *text)
{
	if (*text == '\0')
		return;
	buf_printf(out, "- %s: ", label);
	mark_text(out, text);
	buf_add_char(out, '\n');
}

static void
add_ips(struct buf *out, const json_t *ips)
{
	const json_t *ip;
	size_t i;

	json_array_foreach(ips, i, ip)
	{
		buf_add_str(out, i > 0 ? ", " : "- Sent from: ");
		mark_text(out, json_string_value(ip) != NULL
				   ? json_string_value(ip)
				   : "");
	}
	buf_add_str(out, i > 0 ? "\n" : "");
}

static void
add_subject(struct view_run *run, const json_t *subject)
{
	const json_t *message = json_object_get(subject, "message");
	const json_t *from = json_object_get(subject, "mail_from");
	struct buf *out = &run->out;

	add_ips(out, json_object_get(subject, "ips"));
	add_member(out, "HELO", view_text_of(subject, "helo"));
	add_member(out, "MAIL FROM",
	    json_is_null(from) ? "<>" : view_text_of(subject, "mail_from"));
	add_member(out, "Message", view_text_of(message, "file"));
	add_member(out, "Subject", view_text_of(message, "subject"));
	add_member(out, "Judged as", view_text_of(subject, "audience"));
	add_member(out, "Class of mail", view_text_of(subject, "class"));
	add_member(out, "As of", view_text_of(run->header, "as_of"));
	buf_add_char(out, '\n');
}

void
markdown_verdict(struct buf *out, const json_t *verdict)
{
	struct buf sentence;

	buf_init(&sentence, LIMIT_RENDERED);
	verdict_sentence(&sentence, verdict);
	buf_add(&sentence, slice_of("", 1));
	buf_add_str(out, "| ");
	mark_text(out, view_provider(view_text_of(verdict, "provider")));
	buf_add_str(out, " | **");
	mark_text(out, verdict_head(verdict));
	buf_add_str(out, "** | ");
	mark_text(out, sentence.failed ? "" : (const char *)sentence.p);
	buf_add_str(out, " |\n");
	buf_free(&sentence);
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
	buf_init(&stale, LIMIT_RENDERED);
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		buf_reset(&stale);
		verdict_stale(&stale, verdict);
		if (stale.n == 0)
			continue;
		buf_add(&stale, slice_of("", 1));
		mark_text(out, stale.failed ? "" : (const char *)stale.p);
		buf_add_str(out, "\n\n");
	}
	buf_free(&stale);
}

/* ---- findings ---------------------------------------------------------- */

/* "1. Title (Gmail, Yahoo; then no must fails at Yahoo)": leads below. */
static void
add_contents(struct buf *out, const struct findings *all)
{
	struct buf line;

	if (all->n < 2)
		return;
	buf_add_str(out, "## What to change, in this order\n\n");
	buf_init(&line, LIMIT_RENDERED);
	for (size_t i = 0; i < all->n; i++) {
		const json_t *change = all->list[i].change;

		buf_reset(&line);
		buf_printf(&line, "%s",
		    view_text_of(all->list[i].results[0], "title"));
		changes_providers(&line, json_object_get(change, "providers"),
		    " (", ")");
		changes_providers(&line, json_object_get(change, "completes"),
		    "; then no must fails at ", "");
		buf_add(&line, slice_of("", 1));
		buf_printf(out, "%zu. ", i + 1);
		mark_text(out, line.failed ? "" : (const char *)line.p);
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
	buf_free(&line);
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
	for (size_t i = 0; i < f->n; i++) {
		const json_t *r = f->results[i];

		if (finding_asked(f, i))
			continue;
		buf_add_str(out, "- ");
		mark_text(out, view_provider(view_text_of(r, "provider")));
		buf_printf(out, " %s (", finding_does(r));
		mark_text(out, view_text_of(r, "level"));
		buf_add_str(out, ")\n");
	}
	buf_add_char(out, '\n');
}

/* "Rules: `gmail.auth.dkim`; bounces `5.7.30`.  Source: <https://...>" */
static void
add_references(struct buf *out, const struct finding *f)
{
	struct buf codes;

	buf_init(&codes, LIMIT_RENDERED);
	finding_codes(&codes, f);
	buf_add(&codes, slice_of("", 1));
	for (size_t i = 0; i < f->n; i++) {
		buf_add_str(out, i > 0 ? ", " : "Rule: ");
		mark_text(out, view_text_of(f->results[i], "rule"));
	}
	mark_text(out, codes.failed ? "" : (const char *)codes.p);
	buf_add_char(out, '\n');
	buf_free(&codes);
	for (size_t i = 0; i < f->n; i++) {
		const json_t *r = f->results[i];

		if (*view_text_of(r, "source") == '\0' ||
		    finding_said(f, i, "source"))
			continue;
		buf_add_str(out, "Source: ");
		mark_link(out, view_text_of(r, "source"));
		buf_add_str(out, ", read on ");
		mark_text(out, view_text_of(r, "checked"));
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
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
			markdown_paragraph(out, "Note: ",
			    view_text_of(f->results[i], "notes"));
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
	json_int_t count =
	    json_integer_value(json_object_get(problem, "count"));
	char place[64];

	view_message_place(problem, place, sizeof(place));
	buf_printf(out, "| %s | ", place);
	mark_text(out, view_text_of(problem, "severity"));
	buf_add_str(out, " | ");
	mark_text(out, view_text_of(problem, "header"));
	buf_add_str(out, " | ");
	mark_text(out, view_text_of(problem, "detail"));
	if (count > 1)
		buf_printf(out, " (%lld times)", (long long)count);
	buf_add_str(out, " | ");
	mark_text(out, view_text_of(problem, "todo"));
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
		if (!view_message_wants(problem, before))
			continue;
		if (!begun)
			buf_add_str(out,
			    "## What else is wrong with the message\n\n"
			    "| Line | Severity | Header | Problem | To do |\n"
			    "| --- | --- | --- | --- | --- |\n");
		begun = true;
		add_problem(out, problem);
	}
	buf_add_str(out, begun ? "\n" : "");
}

/* ---- what is not known ------------------------------------------------- */

/* Titles by what settles them, in the order of the document. */
static json_t *
gather_unknown(const json_t *audit)
{
	json_t *ways = json_object(), *titles;
	const json_t *result;
	size_t i;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		const char *fix = view_text_of(result, "fix");

		if (strcmp(view_text_of(result, "status"), "unknown") != 0 ||
		    view_is_advice(result))
			continue;
		titles = json_object_get(ways, fix);
		if (titles == NULL) {
			titles = json_object();
			(void)json_object_set_new(ways, fix, titles);
		}
		(void)json_object_set_new(titles, view_text_of(result, "title"),
		    json_true());
	}
	return ways;
}

static void
add_unknown(struct buf *out, const json_t *audit)
{
	json_t *ways = gather_unknown(audit), *titles, *value;
	const char *way, *title;

	if (json_object_size(ways) > 0)
		buf_add_str(out, "## What is not known, and how to settle "
				 "it\n\n");
	json_object_foreach(ways, way, titles)
	{
		markdown_paragraph(out, "", way);
		json_object_foreach(titles, title, value)
		{
			buf_add_str(out, "- ");
			mark_text(out, title);
			buf_add_char(out, '\n');
		}
		buf_add_char(out, '\n');
	}
	json_decref(ways);
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
