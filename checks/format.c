#include "base/civil.h"
#include "base/limits.h"
#include "checks/check.h"
#include "checks/format_html.h"
#include "checks/format_mime.h"
#include "checks/table.h"
#include "message/address.h"
#include "message/fields.h"
#include "message/lines.h"
#include "message/lint.h"
#include "message/message.h"

/*
 * The form of the sample: what the lints of message/ find wrong by the
 * standards, and measures by which the packs judge what providers allow.
 */

static const struct fact_doc format_facts[] = {
	{ "problems", "list",
	    "what is wrong with the message, from its top to its end" },
	{ "problems[].code", "format.*", "stable: format.bare-lf, ..." },
	{ "problems[].severity", "error|warning",
	    "error: a MUST of a standard is broken, or receivers refuse it; "
	    "warning: a SHOULD, or what is held against the message" },
	{ "problems[].group", "text",
	    "what rules choose by: repeated (a field that may be there once), "
	    "message-id, author (whom From names), name (the display name), "
	    "reply, template, clock (a date that is far off), undecodable, "
	    "exotic (characters in addresses); of parts mime (how they are "
	    "marked off and described), encoding, charset, alternative "
	    "(text beside HTML), html, clipped (it is too long); what is "
	    "left is error or advice, by its severity" },
	{ "problems[].line", "number",
	    "line of the message, from 1; null: the whole message" },
	{ "problems[].column", "number",
	    "octet of that line, from 1; null: the whole line" },
	{ "problems[].header", "text",
	    "name of the header field, as written; null: none" },
	{ "problems[].detail", "text", "what is wrong, for people" },
	{ "problems[].sentence", "text", "where it is, and the detail" },
	{ "problems[].clause", "text", "of which standard: RFC 5322 2.3" },
	{ "problems[].todo", "text", "what to do, for people" },
	{ "problems[].count", "number",
	    "how many of that code there are in that field, or in the body" },
	{ "errors", "number", "how many of the problems are errors" },
	{ "warnings", "number", "how many are warnings" },
	{ "header_octets", "number",
	    "of all the header, each line end counted as CRLF" },
	{ "header_fields", "number", "how many header fields there are" },
	{ "longest_value", "object", "null: there is no field" },
	{ "longest_value.header", "text",
	    "field with the longest value, but for To, Cc and References" },
	{ "longest_value.octets", "number",
	    "of that value: all behind the colon, without folding" },
	{ "longest_name", "number", "octets of the longest field name" },
	{ "message_id", "text", "Message-ID, unfolded; null: there is none" },
	{ "message_id_octets", "number", "of that; null: there is none" },
	{ "subject_octets", "number",
	    "of Subject, unfolded, not decoded; null: there is none" },
	{ "from_octets", "number",
	    "of all From fields, unfolded, not decoded; null: there is none" },
	{ "to_octets", "number", "likewise, of To; null: there is none" },
	{ "message_octets", "number",
	    "of the sample as it goes over the wire, each line end as CRLF" },
	{ "from_addresses", "number",
	    "addresses in From, as far as they can be read" },
	{ "display_name", "text",
	    "name of the first address in From, decoded; null: it has none" },
	{ "display_name_flags", "list",
	    "codes of the problems with that name: format.name-..." },
	{ "date", "text", "Date, in UTC; null: there is none to be read" },
	{ "date_offset_seconds", "number",
	    "from the time of the audit to Date; null likewise" },
	{ "feedback_id", "text", "Feedback-ID, unfolded; null: there is none" },
	{ "feedback_ids", "number", "how many Feedback-ID fields there are" },
	{ "missing", "list", "fields to put in: Date and Message-ID" },
	{ "missing[].name", "text", "of the field" },
	{ "missing[].value", "text",
	    "of the time of the audit; UNIQUE in it is to be another in each "
	    "message" },
	{ "text_part", "bool", "there is a text/plain body; no attachment" },
	{ "html_part", "bool", "there is a text/html body likewise" },
	{ "html_octets", "number",
	    "of the HTML, its transfer encoding undone; null: there is none" },
	{ "hidden_text", "object",
	    "text of the HTML that its inline styles hide, but for the "
	    "preheader; null: there is no HTML" },
	{ "hidden_text.octets", "number", "how much of it there is" },
	{ "hidden_text.ways", "list",
	    "how: display:none, visibility:hidden, font-size, opacity:0, "
	    "height:0, color of the background" },
	{ "hidden_text.text", "text", "the begin of it; null: none" },
	{ "preheader", "text",
	    "hidden text before all that is seen, which mailboxes show beside "
	    "the subject; null: none" },
	{ "unclear_links", "list",
	    "links whose text is a URL of another owner than they lead to; "
	    "null: there is no HTML" },
	{ "unclear_links[].text", "text", "what a link reads" },
	{ "unclear_links[].href", "text", "where it leads" },
	{ "unclear_links[].detail", "text", "for people" },
	{ "parts", "list", "the message, and all parts that are in it" },
	{ "parts[].type", "text", "text/plain, multipart/mixed, ..." },
	{ "parts[].depth", "number", "parts around it; 0: the message" },
	{ "parts[].line", "number", "line of the message where it begins" },
	{ "parts[].octets", "number",
	    "of its body, its transfer encoding undone" },
	{ "parts[].charset", "text", "in lower case; null: not named" },
	{ "parts[].encoding",
	    "7bit|8bit|binary|quoted-printable|base64|unknown",
	    "7bit, 8bit, binary, quoted-printable, base64 or unknown" },
	{ "parts[].disposition", "inline|attachment",
	    "inline or attachment; null: not said" },
	{ "parts[].name", "text", "file name, decoded; null: none" },
	{ "parts[].extension", "text",
	    "of that, in lower case, without the dot; null: none" },
	{ "attachments", "list",
	    "the parts that have a file name or are said to be attachments" },
	{ "attachments[].type", "text", "as of parts" },
	{ "attachments[].octets", "number", "likewise" },
	{ "attachments[].name", "text", "likewise; null: none" },
	{ "attachments[].extension", "text", "likewise; null: none" },
	{ NULL, NULL, NULL },
};

static void
fact_number(json_t *o, const char *key, size_t n)
{
	(void)json_object_set_new(o, key, json_integer((json_int_t)n));
}

static void
number_or_null(json_t *o, const char *key, size_t n)
{
	if (n > 0)
		fact_number(o, key, n);
	else
		check_fact_null(o, key);
}

static void
text_or_null(json_t *o, const char *key, struct slice text)
{
	if (text.p != NULL)
		check_fact_text(o, key, text);
	else
		check_fact_null(o, key);
}

/* ---- problems ---------------------------------------------------------- */

static const char *
severity_name(enum lint_severity severity)
{
	switch (severity) {
	case LINT_ERROR:
		return "error";
	case LINT_WARNING:
		break;
	}
	return "warning";
}

static const struct {
	const char *code; /* or its beginning */
	const char *group;
} groups[] = {
	{ "format.duplicate-field", "repeated" },
	{ "format.message-id-", "message-id" },
	{ "format.no-message-id", "message-id" },
	{ "format.from-", "author" },
	{ "format.no-from", "author" },
	{ "format.no-sender", "author" },
	{ "format.name-", "name" },
	{ "format.subject-reply", "reply" },
	{ "format.template", "template" },
	{ "format.date-future", "clock" },
	{ "format.date-past", "clock" },
	{ "format.word-charset", "undecodable" },
	{ "format.word-malformed", "undecodable" },
	{ "format.word-octets", "undecodable" },
	{ "format.header-8bit", "undecodable" },
	{ "format.address-characters", "exotic" },
	/* Of parts; what leaves one unreadable stays an error. */
	{ "format.mime-version", "mime" },
	{ "format.mime-field-twice", "mime" },
	{ "format.mime-epilogue", "mime" },
	{ "format.content-", "mime" },
	{ "format.parameter-", "mime" },
	{ "format.boundary-long", "mime" },
	{ "format.boundary-characters", "mime" },
	{ "format.boundary-space", "mime" },
	{ "format.boundary-unterminated", "mime" },
	{ "format.boundary-nested", "mime" },
	{ "format.boundary-prefix", "mime" },
	{ "format.boundary-text", "mime" },
	{ "format.boundary-after-end", "mime" },
	{ "format.multipart-empty", "mime" },
	{ "format.part-", "mime" },
	{ "format.message-partial", "mime" },
	{ "format.message-external-body", "mime" },
	{ "format.text-is-html", "mime" },
	{ "format.encoding-binary", "encoding" },
	{ "format.body-8bit", "encoding" },
	{ "format.qp-", "encoding" },
	{ "format.base64-", "encoding" },
	{ "format.charset-", "charset" },
	{ "format.html-only", "alternative" },
	{ "format.alternative-", "alternative" },
	{ "format.text-empty", "alternative" },
	{ "format.html-clipped", "clipped" },
	{ "format.html-", "html" },
};

static const char *
group_of(const struct lint_kind *k)
{
	/* It stands before the message, not in its From field. */
	if (strcmp(k->code, "format.from-line") == 0)
		return "advice";
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (slice_starts(slice_str(k->code), slice_str(groups[i].code)))
			return groups[i].group;
	}
	return k->severity == LINT_ERROR ? "error" : "advice";
}

/* "Line 12, Subject: The subject is empty" */
static struct slice
sentence(struct check_run *run, const struct lint_problem *p)
{
	struct slice at = SLICE_LIT("");

	if (p->line > 0 && p->header.n > 0)
		at = arena_slicef(run->arena, "Line %zu, %.*s: ", p->line,
		    SLICE_FMT(slice_sub(p->header, 0, 80)));
	else if (p->line > 0)
		at = arena_slicef(run->arena, "Line %zu: ", p->line);
	return arena_slicef(run->arena, "%.*s%.*s", SLICE_FMT(at),
	    SLICE_FMT(p->detail));
}

static void
problem_add(struct check_run *run, const struct lint_problem *p)
{
	json_t *o =
	    check_problem(run->facts, "problems", p->kind->code, p->detail);

	if (o == NULL)
		return;
	(void)json_object_set_new(o, "severity",
	    json_string(severity_name(p->kind->severity)));
	(void)json_object_set_new(o, "group", json_string(group_of(p->kind)));
	number_or_null(o, "line", p->line);
	number_or_null(o, "column", p->column);
	text_or_null(o, "header", p->header);
	check_fact_text(o, "sentence", sentence(run, p));
	(void)json_object_set_new(o, "clause", json_string(p->kind->clause));
	(void)json_object_set_new(o, "todo", json_string(p->kind->todo));
	fact_number(o, "count", p->count);
}

/* In the place of what is over the limit. */
static void
problems_cut(struct check_run *run)
{
	const struct lint_kind more = { "problems.more", LINT_WARNING, "-",
		"Mend what is said first, and look again" };
	const struct lint_problem p = { &more, 0, 0, SLICE_NONE,
		SLICE_LIT("There are more problems than are listed"), 1 };

	problem_add(run, &p);
}

static bool
is_before(const struct lint_problem *a, const struct lint_problem *b)
{
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* From the top of the message to its end; there are few. */
static void
problems_sort(struct lint *l)
{
	for (size_t i = 1; i < l->n; i++) {
		struct lint_problem moved = l->problems[i];
		size_t at = i;

		for (; at > 0 && is_before(&moved, &l->problems[at - 1]); at--)
			l->problems[at] = l->problems[at - 1];
		l->problems[at] = moved;
	}
}

static void
problems_add(struct check_run *run, const struct lint *l)
{
	json_t *flags = json_array();
	size_t errors = 0;

	(void)json_object_set_new(run->facts, "problems", json_array());
	(void)json_object_set_new(run->facts, "display_name_flags", flags);
	for (size_t i = 0; i < l->n; i++) {
		const char *code = l->problems[i].kind->code;

		problem_add(run, &l->problems[i]);
		errors += l->problems[i].kind->severity == LINT_ERROR;
		if (slice_starts(slice_str(code), SLICE_LIT("format.name-")))
			(void)json_array_append_new(flags, json_string(code));
	}
	fact_number(run->facts, "errors", errors);
	fact_number(run->facts, "warnings", l->n - errors);
	if (l->cut)
		problems_cut(run);
}

/* ---- measures ---------------------------------------------------------- */

/* As it goes over the wire: a file may have LF alone. */
static size_t
wire_octets(struct slice s)
{
	struct slice line;
	size_t n = 0;

	while (slice_line(&s, &line))
		n += line.n + 2;
	return n;
}

/* Without the line ends of its folding. */
static size_t
value_octets(struct slice value)
{
	struct slice rest = value, line;
	size_t n = 0;

	while (slice_line(&rest, &line))
		n += line.n;
	return n;
}

static void
measure_fields(struct check_run *run, const struct message *m)
{
	const struct field *longest = NULL;
	size_t name = 0, value = 0;

	for (size_t i = 0; i < m->n_fields; i++) {
		const struct field *f = &m->fields[i];
		enum field_id id = field_id_of(f->name);
		size_t n;

		if (f->name.n > name)
			name = f->name.n;
		if (id == FIELD_TO || id == FIELD_CC || id == FIELD_REFERENCES)
			continue;
		n = value_octets(f->value);
		if (longest == NULL || n > value) {
			longest = f;
			value = n;
		}
	}
	fact_number(run->facts, "longest_name", name);
	if (longest == NULL) {
		check_fact_null(run->facts, "longest_value");
		return;
	}
	(void)json_object_set_new(run->facts, "longest_value",
	    json_pack("{so sI}", "header", check_json(longest->name), "octets",
		(json_int_t)value));
}

/* Of all fields of that name. */
static void
measure_field(struct check_run *run, const char *fact, const char *name)
{
	const struct field *f = NULL;
	size_t n = 0;
	bool there = false;

	while ((f = message_next(run->subject->message, name, f)) != NULL) {
		n += value_octets(f->value);
		there = true;
	}
	if (there)
		fact_number(run->facts, fact, n);
	else
		check_fact_null(run->facts, fact);
}

static struct slice
unfolded(struct check_run *run, const struct field *f)
{
	struct slice text;

	if (f == NULL)
		return SLICE_NONE;
	text = field_unfolded(run->arena, f);
	return text.p != NULL ? text : SLICE_LIT("");
}

static void
measure_texts(struct check_run *run, const struct fields *f)
{
	struct slice id = unfolded(run, f->first[FIELD_MESSAGE_ID]);
	struct slice subject = unfolded(run, f->first[FIELD_SUBJECT]);

	text_or_null(run->facts, "message_id", id);
	number_or_null(run->facts, "message_id_octets", id.n);
	if (subject.p != NULL)
		fact_number(run->facts, "subject_octets", subject.n);
	else
		check_fact_null(run->facts, "subject_octets");
	text_or_null(run->facts, "feedback_id",
	    unfolded(run, f->first[FIELD_FEEDBACK_ID]));
	fact_number(run->facts, "feedback_ids", f->count[FIELD_FEEDBACK_ID]);
}

static enum rc
measure_from(struct check_run *run, const struct field *from)
{
	struct address_list l = { 0 };
	struct slice name = SLICE_NONE;
	enum rc rc = RC_OK;

	if (from != NULL && from->value.n <= LIMIT_FIELD)
		rc = address_list_parse(run->arena, from->value, &l);
	if (rc)
		return rc;
	if (l.n > 0)
		name = l.mailboxes[0].display;
	fact_number(run->facts, "from_addresses", l.n);
	text_or_null(run->facts, "display_name", name);
	return RC_OK;
}

static void
measure_date(struct check_run *run, const struct field *date)
{
	enum civil_fault fault = CIVIL_UNREADABLE;
	struct civil_stamp stamp;
	char text[CIVIL_TEXT_MAX];

	if (date != NULL)
		fault = civil_rfc5322_parse(date->value, &stamp);
	if (fault == CIVIL_UNREADABLE || fault == CIVIL_IMPOSSIBLE) {
		check_fact_null(run->facts, "date");
		check_fact_null(run->facts, "date_offset_seconds");
		return;
	}
	civil_rfc3339_format(stamp.unix_seconds, text);
	check_fact_text(run->facts, "date", slice_str(text));
	(void)json_object_set_new(run->facts, "date_offset_seconds",
	    json_integer(stamp.unix_seconds - run->subject->as_of));
}

/* ---- to paste ---------------------------------------------------------- */

static void
missing_add(json_t *list, const char *name, struct slice value)
{
	(void)json_array_append_new(list,
	    json_pack("{ss so}", "name", name, "value", check_json(value)));
}

static void
suggest(struct check_run *run, const struct fields *f)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	json_t *list = json_array();
	struct civil t;

	civil_from_unix(run->subject->as_of, &t);
	if (f->count[FIELD_DATE] == 0)
		missing_add(list, "Date",
		    arena_slicef(run->arena,
			"%s, %02d %s %04d %02d:%02d:%02d +0000",
			days[t.weekday], t.day, months[t.month - 1], t.year,
			t.hour, t.minute, t.second));
	if (f->count[FIELD_MESSAGE_ID] == 0)
		missing_add(list, "Message-ID",
		    arena_slicef(run->arena,
			"<%04d%02d%02d.%02d%02d%02d.UNIQUE@%.*s>", t.year,
			t.month, t.day, t.hour, t.minute, t.second,
			SLICE_FMT(run->subject->domain)));
	(void)json_object_set_new(run->facts, "missing", list);
}

/* ---- the check --------------------------------------------------------- */

static enum rc
lint_all(struct check_run *run, const struct fields *f, struct lint *l)
{
	const struct message *m = run->subject->message;
	enum rc rc;

	if (!lines_lint(l, m))
		return RC_OK;
	rc = fields_lint(l, m, f, run->subject->as_of);
	return rc ? rc : format_mime_lint(run, l);
}

static enum rc
format_run(struct check_run *run)
{
	const struct message *m = run->subject->message;
	struct lint l = { .arena = run->arena };
	struct fields f;
	enum rc rc;

	if (m == NULL) {
		check_gap(run, "", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message"));
		return RC_OK;
	}
	fields_find(m, &f);
	rc = lint_all(run, &f, &l);
	if (rc)
		return rc;
	problems_sort(&l);
	problems_add(run, &l);
	fact_number(run->facts, "header_octets", wire_octets(m->header));
	fact_number(run->facts, "header_fields", m->n_fields);
	fact_number(run->facts, "message_octets", wire_octets(m->octets));
	measure_fields(run, m);
	measure_field(run, "from_octets", "From");
	measure_field(run, "to_octets", "To");
	measure_texts(run, &f);
	measure_date(run, f.first[FIELD_DATE]);
	suggest(run, &f);
	rc = measure_from(run, f.first[FIELD_FROM]);
	if (rc == RC_OK)
		rc = format_mime_facts(run);
	if (rc == RC_OK)
		rc = format_html_facts(run);
	if (rc)
		return rc;
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_format = {
	.name = "format",
	.summary = "the form of the sample message",
	.standards = "RFC 5322, RFC 5321 2.3.5, RFC 2045 to 2047, RFC 6532",
	.facts = format_facts,
	.run = format_run,
};
