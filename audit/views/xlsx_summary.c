#include "audit/views/xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "audit/views/view_parts.h"

/* The first sheet of audits: it is written last, when all is known. */

enum {
	COLOR_PASS = 0x3A9E4E,
	COLOR_FAIL = 0xC0392B,
	COLOR_UNKNOWN = 0xE0A800,
	CHART_WIDTH = 900,
	CHART_HEAD = 130, /* pixels that are no bars */
	CHART_BAR = 30,
};

/* ---- what is counted --------------------------------------------------- */

static struct summary_count *
count_of(struct summary *s, const char *provider)
{
	size_t i = 0;

	while (i < s->n_counts && strcmp(s->counts[i].provider, provider) != 0)
		i++;
	if (i < s->n_counts)
		return &s->counts[i];
	if (s->n_counts == SUMMARY_PROVIDERS)
		return NULL;
	s->counts[i] = (struct summary_count){ .provider = strdup(provider) };
	if (s->counts[i].provider == NULL)
		return NULL;
	s->n_counts++;
	return &s->counts[i];
}

static void
count_verdict(struct summary_count *c, const json_t *verdict)
{
	const char *word = view_text_of(verdict, "verdict");
	const char *worst = verdict_consequence(verdict);

	c->compliant += strcmp(word, "compliant") == 0;
	c->incomplete += strcmp(word, "incomplete") == 0;
	c->failing += strcmp(word, "non-compliant") == 0;
	c->reject += strcmp(worst, "reject") == 0;
	c->spam += strcmp(worst, "spam") == 0;
}

static void
keep(struct summary *s, json_t *subject, json_t *verdict)
{
	s->verdicts++;
	if (s->n_rows == SUMMARY_ROWS)
		return;
	s->rows[s->n_rows].subject = json_incref(subject);
	s->rows[s->n_rows].verdict = json_incref(verdict);
	s->n_rows++;
}

void
summary_add(struct summary *s, const json_t *audit)
{
	json_t *subject = json_object_get(audit, "subject"), *verdict;
	struct summary_count *c;
	size_t i;

	s->audits++;
	s->broken += json_object_get(audit, "error") != NULL;
	s->untold += json_object_get(audit, "changes") == NULL;
	if (s->audits == 1) {
		s->evidence = json_incref(json_object_get(audit, "evidence"));
		s->domain = strdup(view_text_of(subject, "domain"));
	}
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		keep(s, subject, verdict);
		c = count_of(s, view_text_of(verdict, "provider"));
		if (c != NULL)
			count_verdict(c, verdict);
	}
}

void
summary_close(struct summary *s)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		json_decref(s->rows[i].subject);
		json_decref(s->rows[i].verdict);
	}
	for (size_t i = 0; i < s->n_counts; i++)
		free(s->counts[i].provider);
	json_decref(s->evidence);
	free(s->domain);
	*s = (struct summary){ .sheet = NULL };
}

/* ---- the head ---------------------------------------------------------- */

static void
write_head(const struct summary *s, const json_t *header)
{
	struct sheet *sheet = s->sheet;

	sheet_is_page(sheet);
	sheet->fitted = true;
	sheet_title(sheet, "Sender compliance audit");
	xlsx_line(sheet,
	    "What mail providers require of senders, and what DNS, the mail "
	    "servers and a sample message show of it.",
	    BOOK_NOTE);
	sheet_end_row(sheet);
	xlsx_time(sheet, "As of (UTC)", view_text_of(header, "as_of"));
	xlsx_fact(sheet, "Made by", view_text_of(header, "generator"));
	if (s->audits != 1)
		xlsx_count(sheet, "Audits", (int64_t)s->audits);
	if (s->broken > 0)
		xlsx_count(sheet, "Not done (see Verdicts)",
		    (int64_t)s->broken);
}

/* Of one audit: what of. */
static void
write_subject(const struct summary *s)
{
	const json_t *subject = s->rows[0].subject;
	const json_t *message = json_object_get(subject, "message");
	struct row row = { .arena = s->sheet->book->run->arena };
	struct cell ips;

	if (s->audits != 1 || s->n_rows == 0)
		return;
	xlsx_fact(s->sheet, "Domain", view_text_of(subject, "domain"));
	table_cell(&row, json_object_get(subject, "ips"), CELL_TEXT, &ips);
	if (ips.kind == CELL_TEXT)
		xlsx_fact(s->sheet, "Sending addresses",
		    (const char *)ips.text.p);
	xlsx_fact(s->sheet, "HELO", view_text_of(subject, "helo"));
	xlsx_fact(s->sheet, "MAIL FROM", view_text_of(subject, "mail_from"));
	xlsx_fact(s->sheet, "Sample message", view_text_of(message, "file"));
	xlsx_fact(s->sheet, "SHA-256 of it", view_text_of(message, "sha256"));
}

static void
write_evidence(const struct summary *s)
{
	const json_t *e = s->evidence;

	if (s->audits != 1)
		return;
	if (!json_is_object(e)) {
		xlsx_fact(s->sheet, "Evidence", "not in this document");
		return;
	}
	xlsx_fact(s->sheet, "SHA-256 of the evidence",
	    view_text_of(e, "sha256"));
	xlsx_count(s->sheet, "Questions asked",
	    json_integer_value(json_object_get(e, "questions")));
	xlsx_time(s->sheet, "First answer (UTC)", view_text_of(e, "first"));
	xlsx_time(s->sheet, "Last answer (UTC)", view_text_of(e, "last"));
}

/* ---- verdicts ---------------------------------------------------------- */

static const struct book_column verdict_heads[] = {
	{ "Domain", 26, true },
	{ "Provider", 20, true },
	{ "Verdict", 15, true },
	{ "Consequence", 14, true },
	{ "Must: pass", 9, true },
	{ "Must: fail", 9, true },
	{ "Must: unknown", 9, true },
	{ "Should: pass", 9, true },
	{ "Should: fail", 9, true },
	{ "Should: unknown", 9, true },
};

enum { VERDICT_HEADS = sizeof(verdict_heads) / sizeof(verdict_heads[0]) };

static void
put_word(struct sheet *sheet, size_t column, const char *word)
{
	static const struct column c = { .name = "verdict" };
	struct cell cell = { .kind = CELL_TEXT, .text = slice_str(word) };

	sheet_cell(sheet, column, &cell, xlsx_style_of(&c, &cell, false));
}

static void
write_verdict(struct sheet *sheet, const json_t *subject, const json_t *v)
{
	static const char *const statuses[] = { "pass", "fail", "unknown" };

	sheet_text(sheet, 0, view_text_of(subject, "domain"), BOOK_WRAP);
	sheet_text(sheet, 1, view_provider(view_text_of(v, "provider")),
	    BOOK_WRAP);
	put_word(sheet, 2, view_text_of(v, "verdict"));
	put_word(sheet, 3, verdict_consequence(v));
	if (verdict_consequence(v)[0] == '\0')
		sheet_blank(sheet, 3, BOOK_WRAP);
	for (size_t i = 0; i < 3; i++) {
		sheet_number(sheet, 4 + i,
		    verdict_count(v, "must", statuses[i]), BOOK_COUNT);
		sheet_number(sheet, 7 + i,
		    verdict_count(v, "should", statuses[i]), BOOK_COUNT);
	}
	sheet_end_row(sheet);
}

static void
chart_verdicts(const struct summary *s, size_t first)
{
	static const struct book_series series[] = {
		{ "pass", COLOR_PASS, 4 },
		{ "fail", COLOR_FAIL, 5 },
		{ "not known", COLOR_UNKNOWN, 6 },
	};
	struct book_chart c = {
		.title = "Requirements (must), by provider",
		.lying = true,
		.stacked = true,
		.labels = 1,
		.label_columns = 1,
		.first = first,
		.last = first + s->n_rows - 1,
		.series = series,
		.n_series = 3,
		.width = CHART_WIDTH,
		.height = (unsigned int)(CHART_HEAD + CHART_BAR * s->n_rows),
	};

	sheet_end_row(s->sheet);
	sheet_chart(s->sheet, &c, 0);
}

static void
write_verdicts(const struct summary *s)
{
	size_t first;

	sheet_end_row(s->sheet);
	xlsx_line(s->sheet, "Verdicts", BOOK_HEADING);
	sheet_heads(s->sheet, verdict_heads, VERDICT_HEADS, false);
	first = s->sheet->row;
	for (size_t i = 0; i < s->n_rows; i++)
		write_verdict(s->sheet, s->rows[i].subject, s->rows[i].verdict);
	if (s->n_rows > 0 && s->audits == 1)
		chart_verdicts(s, first);
}

/* ---- many audits ------------------------------------------------------- */

static const struct book_column provider_heads[] = {
	{ "Provider", 26, true },
	{ "Compliant", 20, true },
	{ "Non-compliant", 15, true },
	{ "Incomplete", 14, true },
	{ "Will be rejected", 9, true },
	{ "Will go to spam", 9, true },
};

enum { PROVIDER_HEADS = sizeof(provider_heads) / sizeof(provider_heads[0]) };

static void
write_count(struct sheet *sheet, const struct summary_count *c)
{
	sheet_text(sheet, 0, view_provider(c->provider), BOOK_WRAP);
	sheet_number(sheet, 1, (int64_t)c->compliant, BOOK_COUNT);
	sheet_number(sheet, 2, (int64_t)c->failing, BOOK_COUNT);
	sheet_number(sheet, 3, (int64_t)c->incomplete, BOOK_COUNT);
	sheet_number(sheet, 4, (int64_t)c->reject, BOOK_COUNT);
	sheet_number(sheet, 5, (int64_t)c->spam, BOOK_COUNT);
	sheet_end_row(sheet);
}

static void
chart_providers(const struct summary *s, size_t first)
{
	static const struct book_series series[] = {
		{ "compliant", COLOR_PASS, 1 },
		{ "non-compliant", COLOR_FAIL, 2 },
		{ "incomplete", COLOR_UNKNOWN, 3 },
	};
	struct book_chart c = {
		.title = "Verdicts, by provider",
		.lying = true,
		.stacked = true,
		.label_columns = 1,
		.first = first,
		.last = first + s->n_counts - 1,
		.series = series,
		.n_series = 3,
		.width = CHART_WIDTH,
		.height = (unsigned int)(CHART_HEAD + CHART_BAR * s->n_counts),
	};

	sheet_end_row(s->sheet);
	sheet_chart(s->sheet, &c, 0);
	sheet_below_chart(s->sheet, &c);
}

static void
write_providers(const struct summary *s)
{
	size_t first;

	sheet_end_row(s->sheet);
	xlsx_line(s->sheet, "Verdicts by provider", BOOK_HEADING);
	sheet_heads(s->sheet, provider_heads, PROVIDER_HEADS, false);
	first = s->sheet->row;
	for (size_t i = 0; i < s->n_counts; i++)
		write_count(s->sheet, &s->counts[i]);
	if (s->n_counts > 0)
		chart_providers(s, first);
}

void
summary_write(struct summary *s, const json_t *header)
{
	if (s->sheet == NULL)
		return;
	write_head(s, header);
	write_subject(s);
	write_evidence(s);
	if (s->audits > 1)
		write_providers(s);
	/* All of them stand on a sheet of their own. */
	if (s->verdicts <= s->n_rows)
		write_verdicts(s);
}
