#include "base/civil.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "message/trace.h"

/* Clauses of a Received field (RFC 5321 4.4, "tls" as Exim and Haraka do). */
enum clause {
	CLAUSE_NONE,
	CLAUSE_FROM,
	CLAUSE_BY,
	CLAUSE_WITH,
	CLAUSE_TLS,
	CLAUSE_OTHER, /* via, id, for */
};

static const struct {
	const char *word;
	enum clause clause;
} clauses[] = {
	{ "from", CLAUSE_FROM },
	{ "by", CLAUSE_BY },
	{ "with", CLAUSE_WITH },
	{ "tls", CLAUSE_TLS },
	{ "via", CLAUSE_OTHER },
	{ "id", CLAUSE_OTHER },
	{ "for", CLAUSE_OTHER },
	{ "envelope-from", CLAUSE_OTHER },
};

/* IANA "Mail Transmission Types", and what receivers write besides. */
static const struct {
	const char *name;
	bool tls;
	bool submitted;
	bool tls_unknown;
} protocols[] = {
	{ .name = "SMTP" },
	{ .name = "ESMTP" },
	{ .name = "LMTP", .submitted = true },
	{ .name = "UTF8SMTP" },
	{ .name = "UTF8LMTP", .submitted = true },
	{ .name = "ESMTPA", .submitted = true },
	{ .name = "LMTPA", .submitted = true },
	{ .name = "UTF8SMTPA", .submitted = true },
	{ .name = "UTF8LMTPA", .submitted = true },
	{ .name = "ASMTP", .submitted = true },
	{ .name = "SMTPS", .tls = true },
	{ .name = "ESMTPS", .tls = true },
	{ .name = "LMTPS", .tls = true, .submitted = true },
	{ .name = "UTF8SMTPS", .tls = true },
	{ .name = "UTF8LMTPS", .tls = true, .submitted = true },
	{ .name = "ESMTPSA", .tls = true, .submitted = true },
	{ .name = "LMTPSA", .tls = true, .submitted = true },
	{ .name = "UTF8SMTPSA", .tls = true, .submitted = true },
	{ .name = "UTF8LMTPSA", .tls = true, .submitted = true },
	{ .name = "HTTP", .submitted = true, .tls_unknown = true },
	{ .name = "HTTPS", .submitted = true, .tls_unknown = true },
	{ .name = "MAPI", .submitted = true, .tls_unknown = true },
	{ .name = "local", .submitted = true, .tls_unknown = true },
	{ .name = "IMAP", .submitted = true, .tls_unknown = true },
	{ .name = "POP3", .submitted = true, .tls_unknown = true },
	/* getmail */
	{ .name = "IMAP4", .submitted = true, .tls_unknown = true },
	{ .name = "IMAP4-SSL", .tls = true, .submitted = true },
	{ .name = "POP3-SSL", .tls = true, .submitted = true },
	{ .name = "MMS", .submitted = true, .tls_unknown = true },
	{ .name = "ESMTP-TLS", .tls = true }, /* CommuniGate */
	/* Exchange names its program; without TLS text it had none. */
	{ .name = "Microsoft SMTP Server" },
	{ .name = "Microsoft SMTPSVC" },
};

enum {
	CLAUSES = sizeof(clauses) / sizeof(clauses[0]),
	PROTOCOLS = sizeof(protocols) / sizeof(protocols[0]),
};

struct reader {
	struct cursor c;
	struct received *out;
	struct slice helo; /* from a comment */
	enum clause clause;
	unsigned int seen; /* a bit a clause */
	size_t words;      /* in this clause so far */
	size_t with;       /* offset of the first word of the protocol */
};

/* --- words ----------------------------------------------------------------- */

/* Takes up to white space or a stop. */
static struct slice
word_take(struct cursor *c, const char *stops)
{
	size_t start = c->at, n = strlen(stops);

	while (!cursor_done(c) && !ascii_is_space(c->all.p[c->at]) &&
	       memchr(stops, c->all.p[c->at], n) == NULL)
		c->at++;
	return slice_sub(c->all, start, c->at - start);
}

static void
spaces_take(struct cursor *c)
{
	while (!cursor_done(c) && ascii_is_space(c->all.p[c->at]))
		c->at++;
}

/* A comment with its nested ones, without its parentheses. */
static struct slice
comment_take(struct cursor *c)
{
	size_t start = c->at + 1, depth = 0, n = 0;

	do {
		switch (cursor_u8(c)) {
		case '(':
			depth++;
			break;
		case ')':
			depth--;
			break;
		case '\\':
			if (!cursor_done(c))
				c->at++;
			break;
		}
		n = c->at - start;
	} while (depth > 0 && !cursor_done(c));
	return slice_sub(c->all, start, depth == 0 ? n - 1 : n);
}

static bool
has_prefix(struct slice *word, struct slice prefix)
{
	if (!slice_starts_nocase(*word, prefix))
		return false;
	*word = slice_from(*word, prefix.n);
	return true;
}

/* --- TLS ------------------------------------------------------------------- */

static void
tls_note(struct received *r, struct slice version, struct slice cipher)
{
	r->over_tls = true;
	if (r->tls_version.n == 0 && version.n > 0)
		r->tls_version = version;
	if (r->tls_cipher.n == 0 && cipher.n > 0)
		r->tls_cipher = cipher;
}

static bool
is_tls_version(struct slice s)
{
	return slice_starts_nocase(s, SLICE_LIT("TLS")) && s.n > 3 &&
	       (ascii_is_digit(s.p[3]) || ascii_lower(s.p[3]) == 'v');
}

/* "TLSv1.3", "TLS1.2:cipher:256", "TLS1_3" */
static bool
tls_word(struct received *r, struct slice word)
{
	struct slice version, rest, cipher, bits;

	if (slice_eq_nocase(word, SLICE_LIT("TLS"))) {
		tls_note(r, SLICE_NONE, SLICE_NONE);
		return true;
	}
	(void)slice_cut(word, ':', &version, &rest);
	if (!is_tls_version(version))
		return false;
	(void)slice_cut(rest, ':', &cipher, &bits);
	tls_note(r, version, cipher);
	return true;
}

static bool
is_none(struct slice s)
{
	return s.n == 0 || slice_eq_nocase(s, SLICE_LIT("none")) ||
	       slice_eq_nocase(s, SLICE_LIT("no"));
}

/*
 * One word of a comment: "version=X", "cipher=X" (Gmail, Yahoo, Sendmail,
 * Exchange), "using X with cipher Y" (Postfix), "X encrypted" (qpsmtpd),
 * "Cipher X" (MDaemon), "TLS: X" (Courier), or the version first (Exim,
 * OpenSMTPD).
 */
static void
tls_comment_word(struct received *r, struct slice word, struct slice before,
    bool first)
{
	if (has_prefix(&word, SLICE_LIT("version="))) {
		if (!is_none(word))
			tls_note(r, word, SLICE_NONE);
	} else if (has_prefix(&word, SLICE_LIT("cipher="))) {
		if (!is_none(word))
			tls_note(r, SLICE_NONE, word);
	} else if (slice_eq_nocase(before, SLICE_LIT("cipher")) ||
		   slice_eq(before, SLICE_LIT("TLS:"))) {
		if (!tls_word(r, word))
			tls_note(r, SLICE_NONE, word);
	} else if (slice_eq(word, SLICE_LIT("encrypted"))) {
		tls_note(r, SLICE_NONE, before);
	} else if (first || slice_eq_nocase(before, SLICE_LIT("using"))) {
		(void)tls_word(r, word);
	}
}

static void
tls_comment(struct received *r, struct slice comment)
{
	struct cursor c = cursor_of(comment);
	struct slice word, before = SLICE_NONE;

	while (!cursor_done(&c)) {
		spaces_take(&c);
		word = word_take(&c, ",;()");
		if (word.n > 0) {
			tls_comment_word(r, word, before, before.n == 0);
			before = word;
		} else if (!cursor_done(&c)) {
			c.at++;
		}
	}
}

/* --- the client ------------------------------------------------------------ */

/*
 * An address with what stands around it: "[IPv6:2001:db8::1]",
 * "192.0.2.1:1234", "[192.0.2.1:1234]".
 */
static bool
address_read(struct slice word, struct ip *ip)
{
	struct slice head, tail;

	if (has_prefix(&word, SLICE_LIT("["))) {
		if (!slice_cut(word, ']', &head, &tail))
			return false;
		word = head;
	}
	(void)has_prefix(&word, SLICE_LIT("IPv6:"));
	/* A zone (RFC 4007 11) means nothing to anyone else. */
	(void)slice_cut(word, '%', &head, &tail);
	if (ip_parse(head, ip))
		return true;
	/* A port: behind IPv4 only. */
	return slice_cut(word, ':', &head, &tail) && ip_parse(head, ip);
}

/* What stands behind "user@", as ident and netqmail write it. */
static struct slice
after_at(struct slice word)
{
	struct slice head, tail;

	while (slice_cut(word, '@', &head, &tail))
		word = tail;
	return word;
}

static void
reverse_note(struct received *r, struct slice name)
{
	struct ip ip;

	name = after_at(name);
	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (r->reverse.n > 0 || name.n == 0 ||
	    memchr(name.p, '.', name.n) == NULL || address_read(name, &ip))
		return;
	r->reverse = name;
}

static bool
is_helo_word(struct slice s)
{
	return slice_eq_nocase(s, SLICE_LIT("HELO")) ||
	       slice_eq_nocase(s, SLICE_LIT("EHLO")) ||
	       slice_eq_nocase(s, SLICE_LIT("LHLO"));
}

/* "name[ip]" is two words, "user@[ip]" and "helo=[ip]" are one. */
static struct slice
client_word_take(struct cursor *c)
{
	size_t start = c->at;
	struct slice word = word_take(c, ",;()"), name, rest;

	if (!slice_cut(word, '[', &name, &rest) || name.n == 0 ||
	    name.p[name.n - 1] == '=' || name.p[name.n - 1] == '@')
		return word;
	c->at = start + name.n;
	return name;
}

/* True when the word was an address or a HELO name. */
static bool
from_comment_word(struct reader *rd, struct slice word, struct slice before)
{
	struct received *r = rd->out;
	struct ip ip;

	if (is_helo_word(before) || has_prefix(&word, SLICE_LIT("helo=")) ||
	    has_prefix(&word, SLICE_LIT("ehlo="))) {
		if (rd->helo.n == 0)
			rd->helo = word;
		return true;
	}
	if (!address_read(after_at(word), &ip))
		return false;
	if (r->ip.family == 0)
		r->ip = ip;
	reverse_note(r, before);
	return true;
}

/*
 * "rdns [ip]", "[ip] helo=name", "HELO name", "user@ip", "ip".  Comments
 * within ("may be forged") are passed over.  True when it is about the client.
 */
static bool
from_comment(struct reader *rd, struct slice comment)
{
	struct cursor c = cursor_of(comment);
	struct slice word, before = SLICE_NONE;
	bool client = false;

	while (!cursor_done(&c)) {
		spaces_take(&c);
		if (cursor_peek(&c) == '(') {
			(void)comment_take(&c);
			continue;
		}
		word = client_word_take(&c);
		if (word.n == 0 && !cursor_done(&c))
			c.at++;
		if (word.n > 0 && from_comment_word(rd, word, before)) {
			client = true;
			word = SLICE_NONE;
		}
		before = word;
	}
	return client;
}

static bool
is_name(struct slice s)
{
	return s.n > 0 && !slice_eq_nocase(s, SLICE_LIT("unknown"));
}

/* Which of the names is which, once all of the comments are read. */
static void
client_settle(struct reader *rd)
{
	struct received *r = rd->out;
	struct ip ip;

	if (address_read(r->from, &ip)) {
		/* With an address in the comment it is what HELO said. */
		if (r->ip.family == 0) {
			r->ip = ip;
			r->from = SLICE_NONE;
		}
	} else if (rd->helo.n > 0 && is_name(r->from)) {
		reverse_note(r, r->from);
	}
	if (rd->helo.n > 0)
		r->from = rd->helo;
	if (!is_name(r->from))
		r->from = SLICE_NONE;
}

/* --- clauses --------------------------------------------------------------- */

static enum clause
clause_of(struct slice word)
{
	for (size_t i = 0; i < CLAUSES; i++) {
		if (slice_eq_nocase(word, slice_str(clauses[i].word)))
			return clauses[i].clause;
	}
	return CLAUSE_NONE;
}

static void
clause_begin(struct reader *rd, enum clause clause)
{
	/* What comes a second time is not of this field's grammar. */
	if ((rd->seen & 1U << clause) != 0)
		clause = CLAUSE_OTHER;
	rd->seen |= 1U << clause;
	rd->clause = clause;
	rd->words = 0;
}

/* "X encrypted SMTP" (qmail with TLS) ends with the protocol. */
static void
with_word(struct reader *rd, struct slice word)
{
	struct received *r = rd->out;

	if (slice_eq(word, SLICE_LIT("encrypted"))) {
		tls_note(r, SLICE_NONE, r->with);
		rd->words = 0;
		return;
	}
	if (rd->words == 0)
		rd->with = rd->c.at - word.n;
	r->with = slice_sub(rd->c.all, rd->with, rd->c.at - rd->with);
	rd->words++;
}

static void
reader_word(struct reader *rd, struct slice word)
{
	struct received *r = rd->out;
	enum clause next = clause_of(word);
	bool must = rd->words == 0 &&
		    (rd->clause == CLAUSE_FROM || rd->clause == CLAUSE_BY);

	if (next != CLAUSE_NONE && !must) {
		clause_begin(rd, next);
		return;
	}
	switch (rd->clause) {
	case CLAUSE_FROM:
		/* "from helo [ip] by" (smail, Lotus, old MDaemon) */
		if (must)
			r->from = word;
		else
			(void)from_comment_word(rd, word, SLICE_NONE);
		break;
	case CLAUSE_BY:
		if (must)
			r->by = word;
		break;
	case CLAUSE_WITH:
		with_word(rd, word);
		return;
	case CLAUSE_TLS:
		if (rd->words == 0)
			tls_note(r, SLICE_NONE, word);
		break;
	case CLAUSE_NONE:
	case CLAUSE_OTHER:
		break;
	}
	rd->words++;
}

static void
reader_comment(struct reader *rd, struct slice comment)
{
	if (rd->clause == CLAUSE_FROM) {
		rd->words++;
		/* A host may be called TLS1.example. */
		if (from_comment(rd, comment))
			return;
	}
	if (rd->clause == CLAUSE_WITH && rd->out->with.n > 0)
		rd->clause = CLAUSE_OTHER;
	tls_comment(rd->out, comment);
}

/*
 * Received = [*Received-token] ";" date-time, the tokens in words and
 * comments.  Returns the date: behind the last ";" outside comments.
 */
static struct slice
reader_run(struct reader *rd)
{
	struct cursor *c = &rd->c;
	struct slice date = SLICE_NONE, word;

	while (!cursor_done(c)) {
		spaces_take(c);
		if (cursor_peek(c) == '(') {
			reader_comment(rd, comment_take(c));
			continue;
		}
		if (cursor_skip(c, ';')) {
			date = slice_from(c->all, c->at);
			clause_begin(rd, CLAUSE_OTHER);
			continue;
		}
		word = word_take(c, "(;");
		if (word.n > 0)
			reader_word(rd, word);
	}
	return date;
}

/* "ESMTPS" of "ESMTPS", "ESMTP" of "ESMTP/TLS/cipher". */
static void
protocol_settle(struct received *r)
{
	struct slice name, more, cipher, with = r->with;

	if (slice_cut(r->with, '/', &name, &more)) {
		with = name;
		if (slice_cut(more, '/', &name, &cipher) &&
		    slice_starts_nocase(name, SLICE_LIT("TLS")))
			tls_note(r, SLICE_NONE, cipher);
	}
	for (size_t i = 0; i < PROTOCOLS; i++) {
		struct slice row = slice_str(protocols[i].name);

		if (!slice_eq_nocase(with, row) &&
		    !(slice_starts_nocase(with, row) && with.p[row.n] == ' '))
			continue;
		r->submitted = protocols[i].submitted;
		r->over_tls = r->over_tls || protocols[i].tls;
		r->tls_known = r->over_tls || !protocols[i].tls_unknown;
	}
	r->tls_known = r->tls_known || r->over_tls;
}

void
received_parse(struct arena *a, const struct field *f, struct received *out)
{
	struct reader rd = { .out = out };
	struct civil_stamp stamp;
	struct slice date;

	*out = (struct received){ .when = INT64_MIN, .line = f->line };
	if (f->value.n > LIMIT_TRACE_FIELD)
		return;
	rd.c = cursor_of(field_unfolded(a, f));
	date = reader_run(&rd);
	out->date = slice_trim(date);
	client_settle(&rd);
	protocol_settle(out);
	switch (civil_rfc5322_parse(date, &stamp)) {
	case CIVIL_UNREADABLE:
	case CIVIL_IMPOSSIBLE:
		break;
	case CIVIL_FINE:
	case CIVIL_ZONE:
	case CIVIL_WEEKDAY:
	case CIVIL_OBSOLETE:
		out->when = stamp.unix_seconds;
		break;
	}
}
