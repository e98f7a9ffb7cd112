#include "message/lines.h"

#include "base/limits.h"
#include "base/utf8.h"

/* RFC 5322 2.1.1, without the CRLF. */
enum { LINE_MAX = 998, LINE_SHOULD = 78 };

const struct lint_kind lines_utf16 = {
	"format.utf-16", LINT_ERROR, "RFC 5322 2.1",
	"Write the message in US-ASCII or UTF-8, with MIME for what is not ASCII"
};

const struct lint_kind lines_bom = { "format.bom", LINT_ERROR, "RFC 5322 2.2",
	"Take the three octets EF BB BF off the beginning of the message" };

const struct lint_kind lines_no_header = { "format.no-header", LINT_ERROR,
	"RFC 5322 3.6",
	"Begin the message with its header fields, From and Date at least" };

const struct lint_kind lines_from_line = { "format.from-line", LINT_WARNING,
	"RFC 4155",
	"See that the line is not sent: it belongs to mailbox files" };

const struct lint_kind lines_bare_cr = { "format.bare-cr", LINT_ERROR,
	"RFC 5322 2.3", "End every line with CRLF, and have no other CR" };

const struct lint_kind lines_bare_lf = { "format.bare-lf", LINT_ERROR,
	"RFC 5322 2.3", "End every line with CRLF, and have no other LF" };

const struct lint_kind lines_too_long = {
	"format.line-too-long", LINT_ERROR, "RFC 5322 2.1.1",
	"Fold header lines, and encode the body as quoted-printable or base64"
};

const struct lint_kind lines_nul = { "format.nul", LINT_ERROR, "RFC 5322 2.3",
	"Send what is not text with a transfer encoding (base64)" };

const struct lint_kind lines_control = { "format.header-control", LINT_ERROR,
	"RFC 5322 2.2", "Take control characters out of the header" };

const struct lint_kind lines_8bit = { "format.header-8bit", LINT_ERROR,
	"RFC 5322 2.2", "Write what is not ASCII as encoded words (RFC 2047)" };

const struct lint_kind lines_utf8 = { "format.header-utf8", LINT_WARNING,
	"RFC 6532 3.2", "Write what is not ASCII as encoded words (RFC 2047)" };

const struct lint_kind lines_over_78 = { "format.header-line-78", LINT_WARNING,
	"RFC 5322 2.1.1", "Fold header lines before octet 78" };

const struct lint_kind lines_first_folded = { "format.first-line-folded",
	LINT_ERROR, "RFC 5322 2.2.3",
	"Begin the message with a header field, not with white space" };

const struct lint_kind lines_blank_fold = { "format.blank-fold", LINT_ERROR,
	"RFC 5322 3.2.2",
	"Fold header fields so that no line of them is only white space" };

const struct lint_kind lines_not_a_field = { "format.not-a-field", LINT_ERROR,
	"RFC 5322 2.2",
	"Take the line out, or mend it: a name, a colon, the value" };

const struct lint_kind lines_space_before_colon = { "format.space-before-colon",
	LINT_ERROR, "RFC 5322 4.5",
	"Take out the white space between field name and colon" };

const struct lint_kind lines_no_blank_line = { "format.no-blank-line",
	LINT_ERROR, "RFC 5322 3.5",
	"Put an empty line between the header and the body" };

const struct lint_kind lines_no_body = { "format.no-body", LINT_WARNING,
	"RFC 5322 3.5", "Give the whole message: header, empty line and body" };

const struct lint_kind lines_too_many_fields = {
	"format.too-many-fields", LINT_ERROR, "RFC 5322 3.6",
	"Send fewer header fields: what comes after that many is not looked at"
};

/* Of one thing: where it is first, and how often it is there. */
struct tally {
	size_t at; /* offset within the message */
	size_t n;
};

struct scan {
	struct lint *lint;
	const struct message *m;
	const struct field *field; /* that the line is of; NULL: of none */
	size_t next;               /* the field whose line comes next */
	size_t number;             /* of the line */
	size_t at;                 /* its offset within the message */
	size_t crlf;               /* lines that end so */
	bool strays_end;           /* of what is no field, all has been said */
	struct tally lf, cr, nul, long_body, over_78;
	size_t longest; /* line of the body */
	struct slice lf_header, over_78_header;
};

static void
tally(struct tally *t, size_t at, size_t n)
{
	if (t->n == 0)
		t->at = at;
	t->n += n;
}

static struct lint_place
line_place(const struct scan *s, size_t column)
{
	return (struct lint_place){ s->number, column,
		s->field != NULL ? s->field->name : SLICE_NONE };
}

static struct lint_place
place_of(const struct scan *s, size_t offset, struct slice header)
{
	struct lint_place p = { .header = header };

	message_place(s->m, offset, &p.line, &p.column);
	return p;
}

/* ---- one line of the header -------------------------------------------- */

/* What there is in a line beside printable ASCII and tabs. */
struct odd {
	struct tally cr, nul, control, high;
};

static void
odd_find(struct slice line, struct odd *o)
{
	*o = (struct odd){ 0 };
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = line.p[i];

		if (c > 127)
			tally(&o->high, i, 1);
		else if (c == '\r')
			tally(&o->cr, i, 1);
		else if (c == '\0')
			tally(&o->nul, i, 1);
		else if ((c < ' ' && c != '\t') || c == 127)
			tally(&o->control, i, 1);
	}
}

static void
say_odd(struct scan *s, const struct lint_kind *kind, const struct tally *t,
    const char *detail)
{
	if (t->n > 0)
		lint_say_many(s->lint, kind, line_place(s, t->at + 1),
		    slice_str(detail), t->n);
}

static void
high_lint(struct scan *s, struct slice line, const struct tally *high)
{
	struct tally first = { high->at, 1 };
	size_t n;

	if (utf8_valid(line)) {
		say_odd(s, &lines_utf8, &first,
		    "The field has UTF-8 as it is, which only servers that "
		    "announce SMTPUTF8 take; others refuse the message or "
		    "show something else");
		return;
	}
	for (size_t i = high->at; i < line.n; i += n) {
		struct tally bad = { i, 1 };

		if (utf8_next(slice_from(line, i), &n) != UINT32_MAX)
			continue;
		say_odd(s, &lines_8bit, &bad,
		    "The field has octets over 127 that are not UTF-8: what "
		    "they mean nobody can know");
		return;
	}
}

static void
odd_lint(struct scan *s, struct slice line)
{
	struct odd o;

	odd_find(line, &o);
	say_odd(s, &lines_bare_cr, &o.cr,
	    "A CR stands alone in the header; some servers take it for the "
	    "end of the line, others refuse the message");
	say_odd(s, &lines_nul, &o.nul,
	    "There is a NUL octet in the header, where servers may cut the "
	    "message off or refuse it");
	say_odd(s, &lines_control, &o.control,
	    "There is a control character in the header");
	if (o.high.n > 0)
		high_lint(s, line, &o.high);
}

/* White space where the line could have been folded. */
static bool
can_fold(const struct scan *s, struct slice line)
{
	size_t from = 1;

	if (s->number == s->field->line)
		from = slice_offset(line, s->field->value) + 1;
	else
		line = slice_trim(line);
	line = slice_trim(slice_from(line, from));
	return memchr(line.p, ' ', line.n) != NULL;
}

/*
 * RFC 5322 2.1.1 has the 78 for those who show a message as it is: so it counts
 * for what people read.  Others (List-Unsubscribe with its URIs, signatures)
 * are longer everywhere, and nobody minds.
 */
static bool
is_read(struct slice name)
{
	static const char *const names[] = { "Subject", "From", "To", "Cc",
		"Sender", "Reply-To", "Comments" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_eq_nocase(name, slice_str(names[i])))
			return true;
	}
	return false;
}

static void
length_lint(struct scan *s, struct slice line)
{
	if (line.n > LINE_MAX &&
	    lint_wants(s->lint, &lines_too_long, line_place(s, 0).header))
		lint_say(s->lint, &lines_too_long, line_place(s, LINE_MAX + 1),
		    arena_slicef(s->lint->arena,
			"The line has %zu octets, and 998 are allowed: servers "
			"cut it or refuse the message",
			line.n));
	else if (line.n > LINE_MAX)
		lint_say(s->lint, &lines_too_long, line_place(s, 0),
		    SLICE_NONE);
	else if (line.n > LINE_SHOULD && s->field != NULL &&
		 is_read(s->field->name) && can_fold(s, line)) {
		if (s->over_78.n == 0)
			s->over_78_header = s->field->name;
		tally(&s->over_78, s->at + LINE_SHOULD, 1);
	}
}

/* Where the body begins without an empty line before it. */
static bool
is_body(const struct scan *s)
{
	return s->m->body.p == NULL && s->next == s->m->n_fields &&
	       s->m->n_fields > 0;
}

static void
stray_lint(struct scan *s, struct slice line)
{
	bool first = s->number == s->m->line;

	if (s->strays_end ||
	    (first && slice_starts(line, SLICE_LIT("\xef\xbb\xbf"))))
		return;
	if (is_body(s)) {
		s->strays_end = true;
		lint_say(s->lint, &lines_no_blank_line, line_place(s, 1),
		    SLICE_LIT("The body begins without an empty line before "
			      "it, so it is taken for broken header fields"));
	} else if (first && (line.p[0] == ' ' || line.p[0] == '\t')) {
		lint_say(s->lint, &lines_first_folded, line_place(s, 1),
		    SLICE_LIT("The message begins with white space, as if "
			      "there were a header field to continue"));
	} else {
		lint_say(s->lint, &lines_not_a_field, line_place(s, 1),
		    SLICE_LIT("The line is no header field; many receivers end "
			      "the header here, and lose all fields below it"));
	}
}

static void
field_line_lint(struct scan *s, struct slice line)
{
	const struct field *f = s->field;

	if (s->number > f->line) {
		if (slice_trim(line).n == 0)
			lint_say(s->lint, &lines_blank_fold, line_place(s, 1),
			    SLICE_LIT(
				"A line of the folded field is only "
				"white space; a server that trims it ends "
				"the header there"));
	} else if (slice_offset(line, f->value) > f->name.n + 1) {
		lint_say(s->lint, &lines_space_before_colon,
		    line_place(s, f->name.n + 1),
		    SLICE_LIT(
			"There is white space between the field name and "
			"its colon, so receivers may not know the field"));
	}
}

/* The field that the line is of, by the numbers of its lines. */
static void
field_find(struct scan *s)
{
	const struct message *m = s->m;

	if (s->field != NULL && s->number >= s->field->line + s->field->lines)
		s->field = NULL;
	if (s->next < m->n_fields && m->fields[s->next].line == s->number)
		s->field = &m->fields[s->next++];
}

static void
header_line_lint(struct scan *s, struct slice line)
{
	field_find(s);
	if (s->field != NULL)
		field_line_lint(s, line);
	else
		stray_lint(s, line);
	if (!slice_is_printable(line))
		odd_lint(s, line);
	length_lint(s, line);
}

/* Takes a line; its end is counted. */
static bool
line_take(struct scan *s, struct slice *rest, struct slice *line)
{
	struct slice before = *rest;
	size_t taken;

	if (!slice_line(rest, line))
		return false;
	taken = before.n - rest->n;
	if (taken == line->n + 2)
		s->crlf++;
	else if (taken == line->n + 1 && before.p[line->n] == '\n')
		tally(&s->lf, s->at + line->n, 1);
	return true;
}

static void
header_lint(struct scan *s)
{
	struct slice rest = s->m->header, line;

	s->number = s->m->line;
	while (line_take(s, &rest, &line)) {
		/* What comes behind the last field that was kept is not known. */
		if (s->m->too_many && s->next == s->m->n_fields)
			break;
		header_line_lint(s, line);
		if (s->lf.n == 1 && s->lf_header.p == NULL && s->field != NULL)
			s->lf_header = s->field->name;
		s->number++;
		s->at = s->m->header.n - rest.n;
	}
	s->field = NULL;
}

/* ---- the body ---------------------------------------------------------- */

static size_t
count_octet(struct slice s, unsigned char octet, size_t *first)
{
	struct slice head, tail, rest = s;
	size_t n = 0;

	while (slice_cut(rest, octet, &head, &tail)) {
		if (n++ == 0)
			*first = head.n;
		rest = tail;
	}
	return n;
}

/* Lines only: what is in them is for the parts that they are of. */
static void
body_lint(struct scan *s)
{
	struct slice rest = s->m->body, line, empty;
	size_t first = 0, n, begin;

	if (rest.p == NULL)
		return;
	begin = slice_offset(s->m->octets, rest);
	/* The empty line before it. */
	s->at = s->m->header.n;
	empty = slice_sub(s->m->octets, s->at, begin - s->at);
	(void)line_take(s, &empty, &line);
	s->at = begin;
	while (line_take(s, &rest, &line)) {
		n = count_octet(line, '\r', &first);
		if (n > 0)
			tally(&s->cr, s->at + first, n);
		if (line.n > LINE_MAX)
			tally(&s->long_body, s->at + LINE_MAX, 1);
		if (line.n > s->longest)
			s->longest = line.n;
		s->at = begin + s->m->body.n - rest.n;
	}
	n = count_octet(s->m->body, '\0', &first);
	if (n > 0)
		tally(&s->nul, begin + first, n);
}

/* ---- all of it --------------------------------------------------------- */

static void
say_tally(struct scan *s, const struct lint_kind *kind, const struct tally *t,
    struct slice header, struct slice detail)
{
	if (t->n > 0)
		lint_say_many(s->lint, kind, place_of(s, t->at, header), detail,
		    t->n);
}

static void
say_tallies(struct scan *s)
{
	struct arena *a = s->lint->arena;

	say_tally(s, &lines_bare_cr, &s->cr, SLICE_NONE,
	    SLICE_LIT("A CR stands alone in the body; some servers take it for "
		      "the end of the line, others refuse the message"));
	if (s->crlf > 0 && s->lf.n > 0)
		say_tally(s, &lines_bare_lf, &s->lf, s->lf_header,
		    arena_slicef(a,
			"%zu of %zu lines end with LF alone, the others with "
			"CRLF; servers refuse such mail, because it smuggles "
			"messages in",
			s->lf.n, s->lf.n + s->crlf));
	say_tally(s, &lines_nul, &s->nul, SLICE_NONE,
	    SLICE_LIT("There is a NUL octet in the body, where servers may cut "
		      "the message off or refuse it"));
	if (s->long_body.n > 0)
		say_tally(s, &lines_too_long, &s->long_body, SLICE_NONE,
		    arena_slicef(a,
			"A line of the body is longer than 998 octets (the "
			"longest has %zu): servers cut it, which breaks DKIM, "
			"or refuse the message",
			s->longest));
	if (s->over_78.n > 0)
		say_tally(s, &lines_over_78, &s->over_78, s->over_78_header,
		    SLICE_LIT("Header lines that could be folded are longer "
			      "than 78 octets"));
}

/* A byte order mark, or every second octet NUL, as ASCII text has it. */
static bool
is_utf16(struct slice all)
{
	struct slice s = slice_sub(all, 0, 32);
	size_t even = 0, odd = 0;

	if (slice_starts(s, SLICE_LIT("\xff\xfe")) ||
	    slice_starts(s, SLICE_LIT("\xfe\xff")))
		return true;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\0')
			continue;
		even += i % 2 == 0;
		odd += i % 2 == 1;
	}
	return s.n >= 8 && (even == 0 || odd == 0) && even + odd >= s.n / 2 - 1;
}

static bool
begin_lint(struct scan *s)
{
	const struct message *m = s->m;
	struct lint_place first = { m->line, 1, SLICE_NONE };

	if (is_utf16(m->octets)) {
		lint_say(s->lint, &lines_utf16, first,
		    SLICE_LIT("The message is UTF-16, which no receiver reads "
			      "as mail"));
		return false;
	}
	if (m->header.n == 0) {
		lint_say(s->lint, &lines_no_header, first,
		    m->octets.n == 0
			? SLICE_LIT("There is nothing in the message")
			: SLICE_LIT("The message begins with an empty line: it "
				    "has no header"));
		return false;
	}
	if (m->line > 1)
		lint_say(s->lint, &lines_from_line,
		    (struct lint_place){ 1, 1, SLICE_NONE },
		    SLICE_LIT("An mbox \"From \" line stands before the "
			      "message; receivers that get it see no header"));
	if (slice_starts(m->octets, SLICE_LIT("\xef\xbb\xbf")))
		lint_say(s->lint, &lines_bom, first,
		    SLICE_LIT("A byte order mark stands before the message, so "
			      "its first header field is lost"));
	return true;
}

static void
end_lint(struct scan *s)
{
	const struct message *m = s->m;

	if (m->too_many)
		lint_say(s->lint, &lines_too_many_fields,
		    (struct lint_place){ s->number, 0, SLICE_NONE },
		    arena_slicef(s->lint->arena,
			"There are more than %d header fields",
			LIMIT_HEADER_FIELDS));
	else if (m->body.p == NULL && m->strays == 0)
		lint_say(s->lint, &lines_no_body,
		    (struct lint_place){ s->number, 0, SLICE_NONE },
		    SLICE_LIT("The message ends with its header: there is no "
			      "empty line and no body"));
}

bool
lines_lint(struct lint *l, const struct message *m)
{
	struct scan s = { .lint = l, .m = m };

	if (l == NULL)
		return true;
	if (!begin_lint(&s))
		return false;
	header_lint(&s);
	end_lint(&s);
	body_lint(&s);
	say_tallies(&s);
	return true;
}
