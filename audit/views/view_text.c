#include "audit/views/view_parts.h"
#include "audit/views/words.h"
#include "base/limits.h"

enum {
	LABEL_COLUMN = 14,
	NAME_COLUMN = 10,
	WORD_COLUMN = 16,
	SENTENCE_MIN = 24
};

/* ---- who is audited ---------------------------------------------------- */

static void
print_label(struct page *p, const char *label)
{
	page_spaces(p, 2);
	page_style(p, STYLE_DIM);
	page_pad(p, label, LABEL_COLUMN - 2);
	page_style(p, STYLE_PLAIN);
}

static void
print_member(void *page, const char *label, const char *text)
{
	print_label(page, label);
	page_fill(page, text, LABEL_COLUMN, LABEL_COLUMN);
}

static void
say(struct word_sink sink, const char *label, const char *text)
{
	if (*text != '\0')
		sink.line(sink.ctx, label, text);
}

static void
say_ips(struct word_sink sink, const json_t *ips)
{
	struct buf line;
	const json_t *ip;
	size_t i;

	buf_init(&line, LIMIT_RENDERED);
	json_array_foreach(ips, i, ip)
	{
		const char *text = json_string_value(ip);

		buf_printf(&line, "%s%s", i > 0 ? ", " : "", text ? text : "");
	}
	if (json_array_size(ips) == 0)
		buf_add_str(&line, "not known");
	buf_add(&line, slice_of("", 1));
	if (!line.failed)
		say(sink, "Sent from", (const char *)line.p);
	buf_free(&line);
}

static void
say_mail_from(struct word_sink sink, const json_t *subject)
{
	const json_t *from = json_object_get(subject, "mail_from");

	if (json_is_null(from) ||
	    (json_is_string(from) && json_string_length(from) == 0))
		say(sink, "MAIL FROM", "<> (the null sender)");
	else
		say(sink, "MAIL FROM", view_text_of(subject, "mail_from"));
}

static void
say_message(struct word_sink sink, const json_t *message)
{
	if (!json_is_object(message)) {
		say(sink, "Message", "none given");
		return;
	}
	say(sink, "Message", view_text_of(message, "file"));
	say(sink, "Subject", view_text_of(message, "subject"));
}

static void
say_judged(const struct view_run *run, struct word_sink sink,
    const json_t *subject)
{
	const char *audience = view_text_of(subject, "audience");
	const char *class = view_text_of(subject, "class");
	const char *as_of = view_text_of(run->header, "as_of");
	const char *text = arena_printf(run->arena, "%s%s%s%sas of %s",
	    strcmp(audience, "all") == 0 ? "any sender" : audience,
	    *class != '\0' ? ", " : "", class,
	    *audience != '\0' || *class != '\0' ? ", " : "", as_of);

	if (text != NULL)
		say(sink, "Judged", text);
}

void
words_subject(const struct view_run *run, const json_t *subject,
    struct word_sink sink)
{
	say_ips(sink, json_object_get(subject, "ips"));
	say(sink, "HELO", view_text_of(subject, "helo"));
	say_mail_from(sink, subject);
	say_message(sink, json_object_get(subject, "message"));
	say_judged(run, sink, subject);
}

static void
print_subject(struct view_run *run, struct page *p, const json_t *subject)
{
	const char *domain = view_text_of(subject, "domain");

	page_style(p, STYLE_BOLD);
	page_fill(p, *domain != '\0' ? domain : "(no domain)", 0, 2);
	page_style(p, STYLE_PLAIN);
	words_subject(run, subject, (struct word_sink){ print_member, p });
}

/* ---- the verdicts ------------------------------------------------------ */

/* Without the spaces that fill its last cell. */
static void
end_line(struct page *p)
{
	while (p->out->n > 0 && p->out->p[p->out->n - 1] == ' ')
		p->out->n--;
	buf_add_char(p->out, '\n');
}

static void
print_verdict(struct page *p, const json_t *verdict)
{
	size_t at = 2 + NAME_COLUMN + WORD_COLUMN;
	struct buf sentence;

	page_cell(p, view_provider(view_text_of(verdict, "provider")),
	    NAME_COLUMN);
	page_style(p, verdict_head_style(verdict));
	page_cell(p, verdict_head(verdict), WORD_COLUMN);
	page_style(p, STYLE_PLAIN);
	if (!p->look->quiet && at + SENTENCE_MIN > p->look->width) {
		at = 2 + NAME_COLUMN;
		end_line(p);
		page_spaces(p, at);
	}
	buf_init(&sentence, p->out->limit);
	verdict_sentence(&sentence, verdict);
	buf_add(&sentence, slice_of("", 1));
	if (!sentence.failed && p->look->quiet)
		(void)page_add(p, (const char *)sentence.p);
	else if (!sentence.failed)
		page_fill(p, (const char *)sentence.p, at, at);
	buf_free(&sentence);
}

/* Rules that may be out of date. */
static void
print_stale(struct page *p, const json_t *audit)
{
	const json_t *verdict;
	struct buf line;
	size_t i;

	buf_init(&line, p->out->limit);
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		buf_reset(&line);
		verdict_stale(&line, verdict);
		if (line.n == 0 || line.failed)
			continue;
		buf_add(&line, slice_of("", 1));
		page_gap(p);
		page_spaces(p, 2);
		page_style(p, STYLE_OPEN);
		page_fill(p, (const char *)line.p, 2, 2);
		page_style(p, STYLE_PLAIN);
	}
	buf_free(&line);
}

/* A line a verdict, with the domain first: for grep. */
static void
print_quiet(struct page *p, const json_t *audit)
{
	const char *domain =
	    view_text_of(json_object_get(audit, "subject"), "domain");
	const char *error = view_text_of(audit, "error");
	const json_t *verdict;
	size_t i;

	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		(void)page_add(p, domain);
		page_spaces(p, 2);
		print_verdict(p, verdict);
		buf_add_char(p->out, '\n');
	}
	if (*error != '\0') {
		(void)page_add(p, domain);
		page_spaces(p, 2);
		(void)page_add(p, error);
		buf_add_char(p->out, '\n');
	}
}

/* ---- what is left ------------------------------------------------------ */

/* "Passes: Gmail 12, Yahoo 10." of one status; nothing of none. */
/* Nothing when the line is empty. */
static void
print_list(struct page *p, const char *label, struct buf *line)
{
	if (line->n == 0)
		return;
	buf_add(line, slice_of("", 1));
	if (line->failed)
		return;
	page_style(p, STYLE_BOLD);
	page_pad(p, label, LABEL_COLUMN + 2);
	page_style(p, STYLE_PLAIN);
	page_fill(p, (const char *)line->p, LABEL_COLUMN + 2, LABEL_COLUMN + 2);
}

static void
print_counts(struct page *p, const json_t *audit, const char *label,
    const char *status)
{
	static const char *const levels[] = { "must", "should", "may" };
	struct buf line;
	const json_t *verdict;
	long long n, all = 0;
	size_t i;

	buf_init(&line, p->out->limit);
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		n = 0;
		for (size_t k = 0; k < 3; k++)
			n += verdict_count(verdict, levels[k], status);
		buf_printf(&line, "%s%s %lld", i > 0 ? ", " : "",
		    view_provider(view_text_of(verdict, "provider")), n);
		all += n;
	}
	if (all == 0)
		buf_reset(&line);
	print_list(p, label, &line);
	buf_free(&line);
}

/* Rules that a pack of the user's has switched off: no verdict hides them. */
static void
print_disabled(struct page *p, const json_t *audit)
{
	const json_t *result;
	struct buf line;
	size_t i;

	buf_init(&line, p->out->limit);
	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (json_object_get(result, "disabled") != NULL)
			buf_printf(&line, "%s%s", line.n > 0 ? ", " : "",
			    view_text_of(result, "rule"));
	}
	print_list(p, "Disabled", &line);
	buf_free(&line);
}

/* Again at the end, where the eye is when the report has run through. */
static void
print_last(struct page *p, const json_t *audit)
{
	const json_t *verdict;
	size_t i;

	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		const char *word = view_text_of(verdict, "verdict");

		page_style(p, STYLE_BOLD);
		page_pad(p, i == 0 ? "Verdict" : "", LABEL_COLUMN + 2);
		page_style(p, STYLE_PLAIN);
		page_cell(p, view_provider(view_text_of(verdict, "provider")),
		    NAME_COLUMN);
		page_style(p, verdict_head_style(verdict));
		page_fill(p, verdict_word(word), LABEL_COLUMN + 2 + NAME_COLUMN,
		    LABEL_COLUMN + 2 + NAME_COLUMN);
		page_style(p, STYLE_PLAIN);
	}
}

bool
words_all_compliant(const json_t *audit)
{
	const json_t *verdict;
	size_t i;

	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		if (strcmp(view_text_of(verdict, "verdict"), "compliant") != 0)
			return false;
	}
	return i > 0;
}

static void
print_findings(struct view_run *run, struct page *p, const json_t *audit)
{
	struct explained said = { .facts = json_object_get(audit, "facts") };
	struct findings all, advice;

	findings_gather(run->arena, audit, false, &all);
	changes_print(p, &all);
	if (all.n > 0) {
		page_heading(p, "WHAT FAILS, THE WORST FIRST");
		findings_print(p, &all, &said);
	} else if (words_all_compliant(audit)) {
		page_heading(p, "Nothing fails, and every must is known.");
	} else {
		page_heading(p, "Nothing that is known fails.");
	}
	zone_print(p, audit);
	view_message_print(p, audit, &all);
	unknowns_print(p, audit);
	attested_print(p, audit);
	said.before = &all;
	findings_gather(run->arena, audit, true, &advice);
	if (advice.n > 0) {
		page_heading(p, "ADVICE FROM THE STANDARDS");
		findings_print_advice(p, &advice, &said);
	}
	hops_print(p, audit);
	receiver_print(p, audit);
	postmaster_print(p, audit);
	page_gap(p);
	print_counts(p, audit, "Passes", "pass");
	print_counts(p, audit, "Does not apply", "not_applicable");
	print_disabled(p, audit);
	print_last(p, audit);
}

/* ---- the view ---------------------------------------------------------- */

static void
text_audit(struct view_run *run, const json_t *audit)
{
	const char *error = view_text_of(audit, "error");
	const json_t *verdict;
	struct page p;
	size_t i;

	page_init(&p, &run->out, &run->look);
	if (run->look.quiet) {
		print_quiet(&p, audit);
		page_close(&p);
		return;
	}
	if (run->items > 1)
		buf_add_char(&run->out, '\n');
	print_subject(run, &p, json_object_get(audit, "subject"));
	buf_add_char(&run->out, '\n');
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		page_spaces(&p, 2);
		print_verdict(&p, verdict);
	}
	print_stale(&p, audit);
	if (*error != '\0') {
		page_style(&p, STYLE_BAD);
		(void)page_add(&p, "  Could not be audited: ");
		page_style(&p, STYLE_PLAIN);
		page_fill(&p, error, 24, 4);
	} else {
		print_findings(run, &p, audit);
	}
	page_close(&p);
}

const struct view_part text_of_audit = { .item = text_audit };
