/*
 *  logged = [words] *(code ("-" / SP) [status SP] text EOL)
 *           [SP "(in reply to " command " command)"]
 *  code   = ("2" / "4" / "5") 2DIGIT              (RFC 5321 4.2)
 *  status = ("2" / "4" / "5") "." subject "." 1*3DIGIT    (RFC 3463 2)
 *  EOL    = LF / CRLF / "\n" in letters / SP
 */
#include "bounces/reply.h"

struct cleaner {
	struct slice in;
	size_t at;
	unsigned char *out;
	size_t n;
	struct reply *reply;
	unsigned char code[3]; /* its digits */
	struct slice status;   /* as it is written at the begin */
	bool goes_on;          /* the last code had a hyphen behind it */
	bool line;             /* a line begins here */
};

/* ---- codes ------------------------------------------------------------- */

static bool
is_code(struct slice s, size_t at)
{
	s = slice_from(s, at);
	return s.n >= 3 && (s.p[0] == '2' || s.p[0] == '4' || s.p[0] == '5') &&
	       ascii_is_digit(s.p[1]) && ascii_is_digit(s.p[2]) &&
	       (s.n == 3 || !ascii_is_alnum(s.p[3])) &&
	       (s.n < 5 || s.p[3] != '.' || !ascii_is_digit(s.p[4]));
}

/* The digits at an offset, at most three; 0 when there are none or more. */
static size_t
digits(struct slice s, size_t at)
{
	size_t n = 0;

	while (n < 4 && at + n < s.n && ascii_is_digit(s.p[at + n]))
		n++;
	return n <= 3 ? n : 0;
}

/* The length of a status there; nothing that goes on as a number does. */
static size_t
status_length(struct slice s, size_t at)
{
	size_t n = at, subject, detail;

	if (n + 5 > s.n || strchr("245", s.p[n]) == NULL || s.p[n] == '\0' ||
	    s.p[n + 1] != '.')
		return 0;
	n += 2;
	subject = digits(s, n);
	if (subject != 1 || s.p[n] > '7' || s.p[n + 1] != '.')
		return 0;
	n += 2;
	detail = digits(s, n);
	n += detail;
	if (detail == 0 || (n < s.n && ascii_is_alnum(s.p[n])) ||
	    (n + 1 < s.n && s.p[n] == '.' && ascii_is_digit(s.p[n + 1])))
		return 0;
	return n - at;
}

static void
set_status(struct reply *r, struct slice s)
{
	uint16_t detail = 0;

	for (size_t i = 4; i < s.n; i++)
		detail = (uint16_t)(detail * 10 + (s.p[i] - '0'));
	r->has_status = true;
	r->status[0] = (uint16_t)(s.p[0] - '0');
	r->status[1] = (uint16_t)(s.p[2] - '0');
	r->status[2] = detail;
}

bool
reply_status_parse(struct slice s, uint16_t status[3])
{
	struct reply r;

	if (s.n == 0 || status_length(s, 0) != s.n)
		return false;
	set_status(&r, s);
	memcpy(status, r.status, sizeof(r.status));
	return true;
}

/* ---- where the reply begins -------------------------------------------- */

/* What may stand before a code that is not at the begin. */
static bool
opens_code(struct slice s, size_t at)
{
	unsigned char before = s.p[at - 1];
	unsigned char after = at + 3 < s.n ? s.p[at + 3] : ' ';

	if (after != ' ' && after != '-')
		return false;
	if (strchr(";<,\"'\t\n", before) != NULL)
		return before != '\0';
	if (before != ' ' && before != ':')
		return false;
	return before == ':' ||
	       (at > 1 && strchr(":;,", s.p[at - 2]) != NULL &&
		   s.p[at - 2] != '\0') ||
	       after == '-' || status_length(s, at + 4) > 0;
}

static size_t
skip_words(struct slice s)
{
	static const char *const words[] = { "smtp;", "x-unix;", "esmtp;" };
	size_t at = 0;

	while (at < s.n && strchr(" \t\r\n\"'<", s.p[at]) != NULL &&
	       s.p[at] != '\0')
		at++;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (slice_starts_nocase(slice_from(s, at),
			slice_str(words[i]))) {
			at += strlen(words[i]);
			break;
		}
	}
	while (at < s.n && s.p[at] == ' ')
		at++;
	return at;
}

/* Offset of the first code; SIZE_MAX: there is none. */
static size_t
find_code(struct slice s)
{
	size_t at = skip_words(s);

	if (at < s.n && is_code(s, at))
		return at;
	for (at++; at + 3 <= s.n; at++) {
		if (ascii_is_digit(s.p[at]) && is_code(s, at) &&
		    opens_code(s, at))
			return at;
	}
	return SIZE_MAX;
}

/* "host NAME[IP] said: " and "SMTP error from remote mail server". */
static void
take_host(struct slice head, struct reply *r)
{
	const struct slice host = SLICE_LIT("host ");
	size_t at = slice_find_nocase(head, host);
	struct slice name, ip, rest;

	if (at == SIZE_MAX)
		return;
	name = slice_from(head, at + host.n);
	if (!slice_cut(name, '[', &name, &ip) ||
	    !slice_cut(ip, ']', &ip, &rest))
		return;
	r->ip = ip;
	name = slice_trim(name);
	if (slice_find(name, SLICE_LIT(" ")) == SIZE_MAX)
		r->host = name;
}

static struct slice
take_command(struct slice s, struct reply *r)
{
	const struct slice open = SLICE_LIT("(in reply to ");
	const struct slice close = SLICE_LIT(" command)");
	struct slice inner = slice_trim(s);
	size_t at, end;

	/* It comes last, in brackets. */
	if (inner.n == 0 || inner.p[inner.n - 1] != ')' ||
	    (at = slice_find(s, open)) == SIZE_MAX)
		return s;
	inner = slice_from(s, at + open.n);
	end = slice_find(inner, close);
	if (end == SIZE_MAX)
		return s;
	r->command = slice_sub(inner, 0, end);
	return slice_sub(s, 0, at);
}

/* ---- cleaning ---------------------------------------------------------- */

static void
put(struct cleaner *c, unsigned char octet)
{
	if (c->n < LIMIT_GIST)
		c->out[c->n++] = octet;
	else
		c->reply->cut = true;
}

static void
put_space(struct cleaner *c)
{
	if (c->n > 0 && c->out[c->n - 1] != ' ')
		put(c, ' ');
}

/* A line ends here: LF, CRLF, or a backslash and a letter. */
static size_t
line_end(const struct cleaner *c)
{
	struct slice s = slice_from(c->in, c->at);

	if (s.p[0] != '\\')
		return s.p[0] == '\n' ? 1 : 0;
	if (slice_starts(s, SLICE_LIT("\\r\\n")))
		return 4;
	return slice_starts(s, SLICE_LIT("\\n")) ? 2 : 0;
}

/* The status that every line has, and what may be around it. */
static void
skip_status(struct cleaner *c)
{
	size_t at = c->at, n;

	while (at < c->in.n && strchr(" '#(<", c->in.p[at]) != NULL &&
	       c->in.p[at] != '\0')
		at++;
	n = status_length(c->in, at);
	if (n == 0)
		return;
	if (c->status.p == NULL && !c->reply->has_status) {
		c->status = slice_sub(c->in, at, n);
		set_status(c->reply, c->status);
	} else if (!slice_eq(slice_sub(c->in, at, n), c->status)) {
		return;
	}
	c->at = at + n;
	while (c->at < c->in.n && strchr(",:)", c->in.p[c->at]) != NULL &&
	       c->in.p[c->at] != '\0')
		c->at++;
}

/*
 * At the begin of a word: the codes of a further line, which are left out.  A
 * code with a space behind it is one only at the begin of a line, before the
 * same status, or after lines that went on.
 */
static bool
skip_codes(struct cleaner *c)
{
	size_t after = c->at + 3, n = c->status.n;
	bool goes_on, same;

	if (c->in.n - c->at < 3 || c->reply->code == 0 ||
	    memcmp(c->in.p + c->at, c->code, 3) != 0)
		return false;
	if (after == c->in.n)
		return c->line && (c->at = after) > 0;
	goes_on = c->in.p[after] == '-';
	if (!goes_on && c->in.p[after] != ' ')
		return false;
	same = n > 0 && slice_eq(slice_sub(c->in, after + 1, n), c->status);
	if (!c->line && !same && !(goes_on && after + 1 < c->in.n) &&
	    !c->goes_on)
		return false;
	c->goes_on = goes_on;
	c->at = after + 1;
	skip_status(c);
	return true;
}

/* "[192.0.2.1      14]": Gmail's number behind an address. */
static void
put_bracket(struct cleaner *c)
{
	size_t n = c->n;

	while (n > 0 && ascii_is_digit(c->out[n - 1]))
		n--;
	if (n > 1 && n < c->n && c->out[n - 1] == ' ' &&
	    ascii_hex(c->out[n - 2]) >= 0) {
		size_t at = n - 1;

		while (at > 0 &&
		       (ascii_hex(c->out[at - 1]) >= 0 ||
			   c->out[at - 1] == '.' || c->out[at - 1] == ':'))
			at--;
		if (at > 0 && c->out[at - 1] == '[')
			c->n = n - 1;
	}
	put(c, ']');
}

#define REPEAT_8(x)  x, x, x, x, x, x, x, x
#define REPEAT_33(x) REPEAT_8(x), REPEAT_8(x), REPEAT_8(x), REPEAT_8(x), x

static const bool special[256] = {
	[0] = REPEAT_33(true), /* up to the space */
	['\\'] = true,
	[']'] = true,
	[0x7f] = true,
};

/* Of a word: nothing there asks for more than to be copied. */
static bool
is_plain(unsigned char c)
{
	return !special[c];
}

static void
clean_word(struct cleaner *c)
{
	struct slice rest = slice_from(c->in, c->at);
	size_t n = 1, room = LIMIT_GIST - c->n;

	while (n < rest.n && is_plain(rest.p[n]))
		n++;
	c->reply->cut |= n > room;
	if (n < room)
		room = n;
	memcpy(c->out + c->n, rest.p, room);
	c->n += room;
	c->at += n;
	c->line = false;
}

static void
clean_octet(struct cleaner *c)
{
	unsigned char octet = c->in.p[c->at++];

	c->line = false;
	if (octet <= ' ' || octet == 0x7f)
		put_space(c);
	else if (octet == ']')
		put_bracket(c);
	else
		put(c, octet); /* a backslash that is one */
}

static void
clean(struct cleaner *c)
{
	while (c->at < c->in.n) {
		size_t n = line_end(c);

		if (n > 0) {
			c->at += n;
			c->line = true;
			put_space(c);
		} else if (!is_plain(c->in.p[c->at])) {
			clean_octet(c);
		} else if (!ascii_is_digit(c->in.p[c->at]) ||
			   (c->n > 0 && c->out[c->n - 1] != ' ') ||
			   !skip_codes(c)) {
			clean_word(c);
		}
	}
	while (c->n > 0 && c->out[c->n - 1] == ' ')
		c->n--;
}

/* ---- the end of it ----------------------------------------------------- */

/* Google's id of the session: "... p131si8414989oif.118 - gsmtp". */
static void
drop_session(struct cleaner *c)
{
	const struct slice mark = SLICE_LIT(" - gsmtp");
	struct slice text = slice_of(c->out, c->n);
	size_t end = c->n - (c->n >= mark.n ? mark.n : 0), at = end;
	bool number = false;

	if (!slice_ends_nocase(text, mark))
		return;
	while (at > 0 && c->out[at - 1] != ' ') {
		at--;
		number |= ascii_is_digit(c->out[at]);
		if (c->out[at] == '/')
			return;
	}
	if (!number || at == 0)
		return;
	memmove(c->out + at - 1, c->out + end, mark.n);
	c->n = at - 1 + mark.n;
}

/* A status that is not where it belongs: "User unknown (#5.1.1)". */
static void
find_status(struct cleaner *c)
{
	struct slice s = slice_of(c->out, c->n);

	for (size_t i = 0; i + 5 <= s.n; i++) {
		size_t n;

		if (!ascii_is_digit(s.p[i]) ||
		    (i > 0 && strchr(" #('", s.p[i - 1]) == NULL) ||
		    (c->reply->code > 0 && s.p[i] != c->code[0]))
			continue;
		n = status_length(s, i);
		if (n > 0) {
			set_status(c->reply, slice_sub(s, i, n));
			return;
		}
	}
}

void
reply_parse(struct slice logged, unsigned char room[LIMIT_GIST],
    struct reply *out)
{
	size_t begin = find_code(logged);
	struct cleaner c = { .out = room, .reply = out };

	*out = (struct reply){ .code = 0 };
	if (begin == SIZE_MAX) {
		c.in = take_command(logged, out);
		c.at = skip_words(c.in);
		skip_status(&c);
	} else {
		take_host(slice_sub(logged, 0, begin), out);
		c.in = take_command(slice_from(logged, begin), out);
		memcpy(c.code, c.in.p, 3);
		out->code = (unsigned int)(c.code[0] - '0') * 100 +
			    (unsigned int)(c.code[1] - '0') * 10 +
			    (unsigned int)(c.code[2] - '0');
		c.line = true;
		c.goes_on = false;
	}
	clean(&c);
	drop_session(&c);
	if (!out->has_status)
		find_status(&c);
	out->text = slice_of(room, c.n);
}
