#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "probes/smtp_dialogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Input: one octet of choices, then what the server says in clear, then,
 * after "\n~TLS~\n", what it says in TLS.  Choices: bits 0 to 3 the size of
 * the pieces, bits 4 and 5 how the handshake ends.
 */
enum { CHOICE_UP, CHOICE_UP_TOO, CHOICE_FAILED, CHOICE_CUT };

struct result {
	struct arena *arena;
	struct answer answer;
	struct buf output;
};

static void
require(bool holds)
{
	if (!holds)
		__builtin_trap();
}

static void
feed(struct smtp_dialogue *d, struct slice text, size_t piece, struct buf *out)
{
	for (size_t at = 0; at < text.n; at += piece) {
		smtp_dialogue_input(d, slice_sub(text, at, piece));
		buf_add(out, smtp_dialogue_output(d));
	}
}

static void
run(struct slice clear, struct slice tls, unsigned int choice, size_t piece,
    struct result *r)
{
	const struct tls_session up = { .version = SLICE_LIT("TLSv1.2") };
	const struct tls_session failed = { .error = SLICE_LIT("bad") };
	struct smtp_dialogue *d;

	r->arena = arena_new(LIMIT_ANSWER_ARENA, 1024);
	buf_init(&r->output, 4096);
	require(r->arena != NULL);
	d = smtp_dialogue_new(r->arena, SLICE_LIT("c.example"));
	require(d != NULL);
	feed(d, clear, piece, &r->output);
	if (smtp_dialogue_next(d) == SMTP_NEXT_TLS) {
		smtp_dialogue_tls_begin(d);
		require(smtp_dialogue_next(d) == SMTP_NEXT_HANDSHAKE);
		if (choice == CHOICE_FAILED)
			smtp_dialogue_tls_failed(d, &failed);
		else if (choice != CHOICE_CUT)
			smtp_dialogue_tls_up(d, &up);
		feed(d, tls, piece, &r->output);
	}
	smtp_dialogue_lost(d, CAUSE_TIMEOUT, "");
	buf_add(&r->output, smtp_dialogue_output(d));
	require(smtp_dialogue_next(d) == SMTP_NEXT_END);
	require(smtp_dialogue_answer(d, &r->answer) == RC_OK);
	smtp_dialogue_close(&d);
}

/* Only our commands, and each as often as there is a place for it. */
static void
check_output(struct slice out)
{
	unsigned int ehlo = 0, helo = 0, starttls = 0, quit = 0;
	struct slice line;

	require(out.n == 0 || out.p[out.n - 1] == '\n');
	while (slice_line(&out, &line)) {
		require(quit == 0);
		if (slice_eq(line, SLICE_LIT("EHLO c.example")))
			ehlo++;
		else if (slice_eq(line, SLICE_LIT("HELO c.example")))
			helo++;
		else if (slice_eq(line, SLICE_LIT("STARTTLS")))
			starttls++;
		else if (slice_eq(line, SLICE_LIT("QUIT")))
			quit++;
		else
			__builtin_trap();
	}
	require(ehlo <= 1 + starttls && helo <= 1 && starttls <= 1);
	require(helo + starttls <= 1);
}

static void
check_answer(const struct answer *a)
{
	const struct smtp_answer *s = &a->as.smtp;

	require((a->seen == SEEN_ANSWERED) == (a->cause == CAUSE_NONE));
	require(s->transcript.n <= LIMIT_SMTP_TRANSCRIPT);
	require(s->n_capabilities < LIMIT_SMTP_REPLY_LINES);
	require(s->code == 0 || (s->code >= 200 && s->code <= 599));
	require(s->tls.version.n == 0 || s->starttls_code == 220);
	require(s->starttls_code == 0 || s->starttls_offered);
	require(!s->injection || s->starttls_code == 220);
	require(!s->ehlo_refused || !s->starttls_offered);
	require(s->stage != SMTP_CONNECT);
	require(s->stage != SMTP_DONE || a->seen == SEEN_ANSWERED);
}

static void
check_same(const struct result *a, const struct result *b)
{
	const struct smtp_answer *s = &a->answer.as.smtp;
	const struct smtp_answer *t = &b->answer.as.smtp;

	require(a->answer.seen == b->answer.seen);
	require(a->answer.cause == b->answer.cause);
	require(slice_eq(a->answer.detail, b->answer.detail));
	require(s->stage == t->stage && s->code == t->code);
	require(s->injection == t->injection);
	require(s->n_capabilities == t->n_capabilities);
	require(slice_eq(s->banner, t->banner));
	require(slice_eq(s->transcript, t->transcript));
	require(slice_eq(buf_slice(&a->output), buf_slice(&b->output)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slice mark = { (const unsigned char *)"\n~TLS~\n",
		7 };
	struct cursor c = cursor_of(slice_of(data, size));
	unsigned int choices = cursor_u8(&c);
	struct slice all = cursor_rest(&c), clear, tls;
	struct result whole, cut;
	size_t at = slice_find(all, mark);

	clear = all;
	tls = SLICE_NONE;
	if (at != SIZE_MAX) {
		clear = slice_sub(all, 0, at + 1);
		tls = slice_from(all, at + mark.n);
	}
	run(clear, tls, choices >> 4 & 3, SIZE_MAX / 2, &whole);
	run(clear, tls, choices >> 4 & 3, (choices & 15) + 1, &cut);
	check_output(buf_slice(&whole.output));
	check_answer(&whole.answer);
	check_same(&whole, &cut);
	buf_free(&whole.output);
	buf_free(&cut.output);
	arena_free(whole.arena);
	arena_free(cut.arena);
	return 0;
}
