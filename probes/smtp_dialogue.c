#include "probes/smtp_dialogue.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/limits.h"

/* All commands of a conversation, of 512 octets each (RFC 5321 4.5.3.1.4). */
enum { OUTPUT_MAX = 6 * 512 };

enum state {
	STATE_BANNER,
	STATE_EHLO,
	STATE_HELO,
	STATE_STARTTLS,
	STATE_CLEAR, /* 220 to STARTTLS was read, the ClientHello not sent */
	STATE_HANDSHAKE,
	STATE_EHLO_TLS,
	STATE_OVER,
};

struct reply {
	uint16_t code;
	struct slice *texts; /* what follows the code, line by line */
	size_t n;
	size_t cap;
};

struct smtp_dialogue {
	struct arena *arena;
	struct slice ehlo;
	enum state state;
	struct reply reply;
	unsigned char line[LIMIT_SMTP_LINE]; /* the one being read */
	size_t n_line;
	size_t dropped; /* octets that came in clear after the 220 */
	struct buf output;
	struct buf sent; /* what smtp_dialogue_output() lent */
	struct buf transcript;
	bool transcript_full;
	enum seen seen;
	enum cause cause;
	struct slice detail;
	struct smtp_answer smtp;
};

typedef void reply_fn(struct smtp_dialogue *);

static reply_fn on_banner, on_ehlo, on_helo, on_starttls, on_ehlo_tls;

struct state_row {
	enum smtp_stage stage;
	enum smtp_next next;
	reply_fn *on_reply;
	const char *where;
};

static const struct state_row states[] = {
	[STATE_BANNER] = { SMTP_BANNER, SMTP_NEXT_LISTEN, on_banner,
	    "after connecting, waiting for the greeting" },
	[STATE_EHLO] = { SMTP_EHLO, SMTP_NEXT_LISTEN, on_ehlo,
	    "after EHLO, waiting for the reply" },
	[STATE_HELO] = { SMTP_EHLO, SMTP_NEXT_LISTEN, on_helo,
	    "after HELO, waiting for the reply" },
	[STATE_STARTTLS] = { SMTP_STARTTLS, SMTP_NEXT_LISTEN, on_starttls,
	    "after STARTTLS, waiting for the reply" },
	[STATE_CLEAR] = { SMTP_HANDSHAKE, SMTP_NEXT_TLS, NULL,
	    "before the TLS handshake" },
	[STATE_HANDSHAKE] = { SMTP_HANDSHAKE, SMTP_NEXT_HANDSHAKE, NULL,
	    "in the TLS handshake" },
	[STATE_EHLO_TLS] = { SMTP_EHLO_TLS, SMTP_NEXT_LISTEN, on_ehlo_tls,
	    "in TLS, after EHLO, waiting for the reply" },
	[STATE_OVER] = { SMTP_DONE, SMTP_NEXT_END, NULL, "" },
};

/* ---- the transcript ---------------------------------------------------- */

static void
transcribe(struct smtp_dialogue *d, const char *before, struct slice text,
    const char *after)
{
	static const char full[] = "-- the rest is left out --\n";
	size_t n = strlen(before) + text.n + strlen(after) + sizeof(full);

	if (d->transcript_full)
		return;
	if (n > LIMIT_SMTP_TRANSCRIPT - d->transcript.n) {
		d->transcript_full = true;
		buf_add_str(&d->transcript, full);
		return;
	}
	buf_add_str(&d->transcript, before);
	buf_add(&d->transcript, text);
	buf_add_str(&d->transcript, after);
}

void
smtp_dialogue_note(struct smtp_dialogue *d, const char *text)
{
	transcribe(d, "-- ", slice_str(text), " --\n");
}

/* The line so far, also when its end never came. */
static void
transcribe_line(struct smtp_dialogue *d)
{
	if (d->n_line > 0)
		transcribe(d, "S: ", slice_of(d->line, d->n_line), "\n");
	d->n_line = 0;
}

static void
transcribe_dropped(struct smtp_dialogue *d)
{
	struct slice text;

	transcribe_line(d);
	if (d->dropped == 0)
		return;
	text = arena_slicef(d->arena,
	    "%zu octets in clear before TLS were dropped", d->dropped);
	transcribe(d, "-- ", text, " --\n");
	d->dropped = 0;
}

/* ---- moving on --------------------------------------------------------- */

static void
enter(struct smtp_dialogue *d, enum state state)
{
	d->state = state;
	if (state != STATE_OVER)
		d->smtp.stage = states[state].stage;
}

static void
command(struct smtp_dialogue *d, const char *verb, struct slice argument)
{
	buf_add_str(&d->output, verb);
	buf_add(&d->output, argument);
	buf_add_str(&d->output, "\r\n");
	transcribe(d, "C: ", slice_str(verb), "");
	transcribe(d, "", argument, "\n");
}

/* All that was asked is known. */
static void
done(struct smtp_dialogue *d)
{
	command(d, "QUIT", SLICE_NONE);
	d->smtp.stage = SMTP_DONE;
	enter(d, STATE_OVER);
}

/*
 * The conversation ends before its end.  Once TLS is up nothing is left that
 * we wanted to know, so the answer stands.
 */
static void
give_up(struct smtp_dialogue *d, enum seen seen, enum cause cause,
    struct slice detail)
{
	bool known = d->state == STATE_EHLO_TLS;

	d->seen = known ? SEEN_ANSWERED : seen;
	d->cause = known ? CAUSE_NONE : cause;
	d->detail = detail;
	enter(d, STATE_OVER);
}

static void
malformed(struct smtp_dialogue *d, const char *why)
{
	transcribe_line(d);
	smtp_dialogue_note(d, why);
	give_up(d, SEEN_MALFORMED, CAUSE_MALFORMED,
	    arena_slicef(d->arena, "%s %s", why, states[d->state].where));
}

/* ---- one reply each ---------------------------------------------------- */

/* "550 5.7.1 Go away": the server's words, which may be any octets. */
static struct slice
said(struct smtp_dialogue *d)
{
	struct slice all;
	struct buf b;

	buf_init(&b, LIMIT_SMTP_LINE + 4);
	buf_printf(&b, "%u ", (unsigned int)d->reply.code);
	buf_add(&b, d->reply.texts[0]);
	all = arena_copy(d->arena, slice_trim(buf_slice(&b)));
	buf_free(&b);
	return all;
}

/* The server will not talk with us. */
static void
turned_away(struct smtp_dialogue *d)
{
	uint16_t code = d->reply.code;

	if (code < 400) {
		malformed(d, "a reply code out of place");
		return;
	}
	/* RFC 5321 3.8: 421 means that the server closes. */
	if (code != 421)
		command(d, "QUIT", SLICE_NONE);
	give_up(d, SEEN_TEMPORARY, code < 500 ? CAUSE_DEFERRED : CAUSE_REJECTED,
	    said(d));
}

static void
on_banner(struct smtp_dialogue *d)
{
	struct buf text;
	size_t i;

	buf_init(&text, (size_t)LIMIT_SMTP_LINE * LIMIT_SMTP_REPLY_LINES);
	for (i = 0; i < d->reply.n; i++) {
		if (i > 0)
			buf_add_char(&text, '\n');
		buf_add(&text, d->reply.texts[i]);
	}
	d->smtp.banner = arena_copy(d->arena, buf_slice(&text));
	buf_free(&text);
	if (d->reply.code != 220) {
		turned_away(d);
		return;
	}
	command(d, "EHLO ", d->ehlo);
	enter(d, STATE_EHLO);
}

/*
 *   ehlo-ok-rsp  = ( "250" SP Domain [ SP ehlo-greet ] CRLF )
 *                  / ( "250-" Domain [ SP ehlo-greet ] CRLF
 *                  *( "250-" ehlo-line CRLF )
 *                  "250" SP ehlo-line CRLF )
 *   ehlo-line    = ehlo-keyword *( SP ehlo-param )
 *
 * Keywords in any case: RFC 5321 4.1.1.1.
 */
static bool
read_capabilities(struct smtp_dialogue *d)
{
	struct slice keyword, arguments;
	bool starttls = false;
	size_t i;

	d->smtp.capabilities = d->reply.texts + 1;
	d->smtp.n_capabilities = d->reply.n - 1;
	for (i = 1; i < d->reply.n; i++) {
		(void)slice_cut(d->reply.texts[i], ' ', &keyword, &arguments);
		if (slice_eq_nocase(keyword, SLICE_LIT("STARTTLS")))
			starttls = true;
	}
	return starttls;
}

static void
on_ehlo(struct smtp_dialogue *d)
{
	if (d->reply.code >= 500) {
		/* RFC 5321 3.2: then HELO, and no extensions. */
		d->smtp.ehlo_refused = true;
		command(d, "HELO ", d->ehlo);
		enter(d, STATE_HELO);
	} else if (d->reply.code >= 300) {
		turned_away(d);
	} else if (read_capabilities(d)) {
		d->smtp.starttls_offered = true;
		command(d, "STARTTLS", SLICE_NONE);
		enter(d, STATE_STARTTLS);
	} else {
		done(d);
	}
}

static void
on_helo(struct smtp_dialogue *d)
{
	if (d->reply.code < 300)
		done(d);
	else
		turned_away(d);
}

static void
on_starttls(struct smtp_dialogue *d)
{
	d->smtp.starttls_code = d->reply.code;
	/* RFC 3207 4: 220, 501 or 454; 421 is no word about TLS. */
	if (d->reply.code == 220)
		enter(d, STATE_CLEAR);
	else if (d->reply.code == 421)
		turned_away(d);
	else
		done(d);
}

static void
on_ehlo_tls(struct smtp_dialogue *d)
{
	/* RFC 3207 4.2: what was said before TLS is to be forgotten. */
	if (d->reply.code < 300)
		(void)read_capabilities(d);
	if (d->reply.code == 421)
		turned_away(d);
	else
		done(d);
}

/* ---- reply lines ------------------------------------------------------- */

static bool
take_digit(struct cursor *c, uint16_t *code)
{
	int ch = cursor_peek(c);

	if (ch < '0' || ch > '9')
		return false;
	*code = (uint16_t)(*code * 10 + (ch - '0'));
	(void)cursor_u8(c);
	return true;
}

/*
 *   Reply-line = *( Reply-code "-" [ textstring ] CRLF )
 *                Reply-code [ SP textstring ] CRLF
 *   Reply-code = %x32-35 %x30-35 %x30-39
 *
 * RFC 5321 4.2.  The second digit is let run to 9: servers do say 571.
 * NULL, or why the line is none.
 */
static const char *
read_line(struct slice line, uint16_t *code, bool *more, struct slice *text)
{
	struct cursor c = cursor_of(line);

	*code = 0;
	for (int digits = 0; digits < 3; digits++) {
		if (!take_digit(&c, code))
			return "a line without a reply code";
	}
	if (*code < 200 || *code > 599)
		return "a reply code out of range";
	*more = cursor_skip(&c, '-');
	if (!*more && !cursor_skip(&c, ' ') && !cursor_done(&c))
		return "neither space nor hyphen after a reply code";
	*text = cursor_rest(&c);
	return NULL;
}

static bool
reply_add(struct smtp_dialogue *d, struct slice text)
{
	struct reply *r = &d->reply;
	struct slice *texts;

	texts = arena_grow(d->arena, r->texts, r->n, &r->cap, sizeof(*texts));
	if (texts == NULL)
		return false;
	r->texts = texts;
	texts[r->n++] = arena_copy(d->arena, text);
	return true;
}

static void
reply_line(struct smtp_dialogue *d, struct slice line)
{
	const char *why;
	struct slice text;
	uint16_t code;
	bool more;

	why = read_line(line, &code, &more, &text);
	if (why == NULL && d->reply.n > 0 && code != d->reply.code)
		why = "reply codes that differ within one reply";
	if (why == NULL && d->reply.n >= LIMIT_SMTP_REPLY_LINES)
		why = "a reply of too many lines";
	if (why != NULL) {
		malformed(d, why);
		return;
	}
	d->reply.code = code;
	if (!reply_add(d, text)) {
		give_up(d, SEEN_NOT_ASKED, CAUSE_LIMIT, SLICE_NONE);
		return;
	}
	if (more)
		return;
	d->smtp.code = code;
	states[d->state].on_reply(d);
	d->reply = (struct reply){ 0 };
}

/* A bare LF ends a line too, as it does for most servers and clients. */
static void
line_done(struct smtp_dialogue *d)
{
	struct slice line = slice_of(d->line, d->n_line - 1);

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	transcribe(d, "S: ", line, "\n");
	d->n_line = 0;
	if (d->state != STATE_CLEAR)
		reply_line(d, line);
}

static void
take_octet(struct smtp_dialogue *d, unsigned char octet)
{
	/*
	 * Whoever sits on the way may put commands there that a careless
	 * client takes for protected (CVE-2011-0411).
	 */
	if (d->state == STATE_CLEAR) {
		d->smtp.injection = true;
		d->dropped++;
	}
	d->line[d->n_line++] = octet;
	if (octet == '\n')
		line_done(d);
	else if (d->n_line == sizeof(d->line) && d->state == STATE_CLEAR)
		transcribe_line(d);
	else if (d->n_line == sizeof(d->line))
		malformed(d, "a line that is too long");
}

/* ---- what the outside calls -------------------------------------------- */

struct smtp_dialogue *
smtp_dialogue_new(struct arena *arena, struct slice ehlo)
{
	struct smtp_dialogue *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->arena = arena;
	d->ehlo = arena_copy(arena, ehlo);
	buf_init(&d->output, OUTPUT_MAX);
	buf_init(&d->sent, OUTPUT_MAX);
	buf_init(&d->transcript, LIMIT_SMTP_TRANSCRIPT);
	enter(d, STATE_BANNER);
	return d;
}

void
smtp_dialogue_close(struct smtp_dialogue **dp)
{
	struct smtp_dialogue *d = *dp;

	*dp = NULL;
	if (d == NULL)
		return;
	buf_free(&d->output);
	buf_free(&d->sent);
	buf_free(&d->transcript);
	free(d);
}

void
smtp_dialogue_input(struct smtp_dialogue *d, struct slice octets)
{
	size_t i;

	for (i = 0; i < octets.n; i++) {
		if (d->state == STATE_HANDSHAKE || d->state == STATE_OVER)
			return;
		take_octet(d, octets.p[i]);
	}
}

enum smtp_next
smtp_dialogue_next(const struct smtp_dialogue *d)
{
	return states[d->state].next;
}

enum smtp_stage
smtp_dialogue_stage(const struct smtp_dialogue *d)
{
	return d->smtp.stage;
}

struct slice
smtp_dialogue_output(struct smtp_dialogue *d)
{
	struct buf empty = d->sent;

	d->sent = d->output;
	d->output = empty;
	buf_reset(&d->output);
	return buf_slice(&d->sent);
}

void
smtp_dialogue_tls_begin(struct smtp_dialogue *d)
{
	if (d->state != STATE_CLEAR)
		return;
	transcribe_dropped(d);
	enter(d, STATE_HANDSHAKE);
}

void
smtp_dialogue_tls_up(struct smtp_dialogue *d, const struct tls_session *session)
{
	struct slice text;

	if (d->state != STATE_HANDSHAKE)
		return;
	d->smtp.tls = *session;
	text = arena_slicef(d->arena, "TLS started: %.*s %.*s",
	    SLICE_FMT(session->version), SLICE_FMT(session->cipher));
	transcribe(d, "-- ", text, " --\n");
	command(d, "EHLO ", d->ehlo);
	enter(d, STATE_EHLO_TLS);
}

void
smtp_dialogue_tls_failed(struct smtp_dialogue *d,
    const struct tls_session *session)
{
	if (d->state != STATE_HANDSHAKE)
		return;
	d->smtp.tls = *session;
	transcribe(d, "-- TLS failed: ", session->error, " --\n");
	enter(d, STATE_OVER);
}

void
smtp_dialogue_lost(struct smtp_dialogue *d, enum cause cause, const char *how)
{
	const char *where = states[d->state].where;
	struct slice text;

	if (d->state == STATE_OVER)
		return;
	transcribe_dropped(d);
	text = arena_slicef(d->arena, "%s%s%s", how, how[0] != '\0' ? " " : "",
	    where);
	transcribe(d, cause == CAUSE_TIMEOUT ? "-- timeout " : "-- ", text,
	    " --\n");
	give_up(d, SEEN_TEMPORARY, cause, text);
}

void
smtp_dialogue_tls_broken(struct smtp_dialogue *d, struct slice error)
{
	if (d->state != STATE_EHLO_TLS)
		return;
	/* In TLS 1.3 a server's refusal comes after our end is up. */
	d->smtp.tls.error = arena_copy(d->arena, error);
	transcribe_line(d);
	transcribe(d, "-- TLS failed: ", error, " --\n");
	enter(d, STATE_OVER);
}

enum rc
smtp_dialogue_answer(struct smtp_dialogue *d, struct answer *out)
{
	if (d->state != STATE_OVER)
		return RC_BUG;
	d->smtp.transcript = arena_copy(d->arena, buf_slice(&d->transcript));
	if (arena_failed(d->arena))
		return RC_LIMIT;
	if (d->transcript.failed || d->sent.failed || d->output.failed)
		return RC_NOMEM;
	*out = (struct answer){
		.seen = d->seen,
		.cause = d->cause,
		.detail = d->detail,
		.as.smtp = d->smtp,
	};
	return RC_OK;
}
