#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "probes/smtp_dialogue.h"

#define EHLO_OK     "250-mx.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"
#define TO_STARTTLS "220 mx.example.com ESMTP\r\n" EHLO_OK
#define TO_TLS      TO_STARTTLS "220 ready\r\n"
#define SAID_EHLO   "EHLO c.example\r\n"
#define SAID_TLS    SAID_EHLO "STARTTLS\r\n"

enum handshake { HANDSHAKE_UP, HANDSHAKE_FAILED, HANDSHAKE_CUT };

struct script {
	const char *name;
	const char *clear; /* what the server says before TLS */
	enum handshake handshake;
	const char *tls; /* and in it */
	enum seen seen;
	enum cause cause;
	enum smtp_stage stage;
	uint16_t code;
	const char *detail;
	const char *output;
};

/* The server falls silent (CAUSE_TIMEOUT) or closes at the end of each. */
static const struct script scripts[] = {
	{ "the whole way", TO_TLS, HANDSHAKE_UP, EHLO_OK, SEEN_ANSWERED,
	    CAUSE_NONE, SMTP_DONE, 250, "", SAID_TLS SAID_EHLO "QUIT\r\n" },
	{ "starttls in lower case",
	    "220 a\r\n250-a\r\n250 startTLS\r\n454 no\r\n", HANDSHAKE_UP, "",
	    SEEN_ANSWERED, CAUSE_NONE, SMTP_DONE, 454, "",
	    SAID_TLS "QUIT\r\n" },
	{ "starttls is not offered", "220 a\r\n250-a\r\n250 SIZE\r\n",
	    HANDSHAKE_UP, "", SEEN_ANSWERED, CAUSE_NONE, SMTP_DONE, 250, "",
	    SAID_EHLO "QUIT\r\n" },
	{ "a host called STARTTLS offers nothing", "220 a\r\n250 STARTTLS\r\n",
	    HANDSHAKE_UP, "", SEEN_ANSWERED, CAUSE_NONE, SMTP_DONE, 250, "",
	    SAID_EHLO "QUIT\r\n" },
	{ "bare line feeds and bare codes", "220\n250-\n250 STARTTLS\n501\n",
	    HANDSHAKE_UP, "", SEEN_ANSWERED, CAUSE_NONE, SMTP_DONE, 501, "",
	    SAID_TLS "QUIT\r\n" },
	{ "EHLO refused, HELO taken", "220 a\r\n500 what\r\n250 a\r\n",
	    HANDSHAKE_UP, "", SEEN_ANSWERED, CAUSE_NONE, SMTP_DONE, 250, "",
	    SAID_EHLO "HELO c.example\r\nQUIT\r\n" },
	{ "EHLO and HELO refused", "220 a\r\n550 no\r\n550 5.7.1 no\r\n",
	    HANDSHAKE_UP, "", SEEN_TEMPORARY, CAUSE_REJECTED, SMTP_EHLO, 550,
	    "550 5.7.1 no", SAID_EHLO "HELO c.example\r\nQUIT\r\n" },
	{ "a banner of 554", "554 5.7.1 no\r\n", HANDSHAKE_UP, "",
	    SEEN_TEMPORARY, CAUSE_REJECTED, SMTP_BANNER, 554, "554 5.7.1 no",
	    "QUIT\r\n" },
	{ "a banner of 450", "450-a\r\n450 b\r\n", HANDSHAKE_UP, "",
	    SEEN_TEMPORARY, CAUSE_DEFERRED, SMTP_BANNER, 450, "450 a",
	    "QUIT\r\n" },
	{ "a banner of 421", "421\r\n", HANDSHAKE_UP, "", SEEN_TEMPORARY,
	    CAUSE_DEFERRED, SMTP_BANNER, 421, "421", "" },
	{ "a banner of 250", "250 a\r\n", HANDSHAKE_UP, "", SEEN_MALFORMED,
	    CAUSE_MALFORMED, SMTP_BANNER, 250,
	    "a reply code out of place after connecting, waiting for the "
	    "greeting",
	    "" },
	{ "421 to EHLO", "220 a\r\n421 later\r\n", HANDSHAKE_UP, "",
	    SEEN_TEMPORARY, CAUSE_DEFERRED, SMTP_EHLO, 421, "421 later",
	    SAID_EHLO },
	{ "451 to EHLO", "220 a\r\n451 later\r\n", HANDSHAKE_UP, "",
	    SEEN_TEMPORARY, CAUSE_DEFERRED, SMTP_EHLO, 451, "451 later",
	    SAID_EHLO "QUIT\r\n" },
	{ "354 to EHLO", "220 a\r\n354 go\r\n", HANDSHAKE_UP, "",
	    SEEN_MALFORMED, CAUSE_MALFORMED, SMTP_EHLO, 354,
	    "a reply code out of place after EHLO, waiting for the reply",
	    SAID_EHLO },
	{ "421 to STARTTLS", TO_STARTTLS "421 later\r\n", HANDSHAKE_UP, "",
	    SEEN_TEMPORARY, CAUSE_DEFERRED, SMTP_STARTTLS, 421, "421 later",
	    SAID_TLS },
	{ "a handshake that fails is an answer", TO_TLS, HANDSHAKE_FAILED, "",
	    SEEN_ANSWERED, CAUSE_NONE, SMTP_HANDSHAKE, 220, "", SAID_TLS },
	{ "a handshake that is cut off is none", TO_TLS, HANDSHAKE_CUT, "",
	    SEEN_TEMPORARY, CAUSE_NETWORK, SMTP_HANDSHAKE, 220,
	    "closed by the server in the TLS handshake", SAID_TLS },
	{ "silence in TLS takes nothing back", TO_TLS, HANDSHAKE_UP, "",
	    SEEN_ANSWERED, CAUSE_NONE, SMTP_EHLO_TLS, 220,
	    "closed by the server in TLS, after EHLO, waiting for the reply",
	    SAID_TLS SAID_EHLO },
	{ "garbage in TLS takes nothing back", TO_TLS, HANDSHAKE_UP, "x\r\n",
	    SEEN_ANSWERED, CAUSE_NONE, SMTP_EHLO_TLS, 220,
	    "a line without a reply code in TLS, after EHLO, waiting for the "
	    "reply",
	    SAID_TLS SAID_EHLO },
	{ "421 in TLS takes nothing back", TO_TLS, HANDSHAKE_UP, "421 bye\r\n",
	    SEEN_ANSWERED, CAUSE_NONE, SMTP_EHLO_TLS, 421, "421 bye",
	    SAID_TLS SAID_EHLO },
	{ "EHLO refused in TLS", TO_TLS, HANDSHAKE_UP, "503 no\r\n",
	    SEEN_ANSWERED, CAUSE_NONE, SMTP_DONE, 503, "",
	    SAID_TLS SAID_EHLO "QUIT\r\n" },
	{ "silence after connecting", "", HANDSHAKE_UP, "", SEEN_TEMPORARY,
	    CAUSE_NETWORK, SMTP_BANNER, 0,
	    "closed by the server after connecting, waiting for the greeting",
	    "" },
	{ "half a greeting", "220-a\r\n220", HANDSHAKE_UP, "", SEEN_TEMPORARY,
	    CAUSE_NETWORK, SMTP_BANNER, 0,
	    "closed by the server after connecting, waiting for the greeting",
	    "" },
	{ "silence after HELO", "220 a\r\n500 a\r\n", HANDSHAKE_UP, "",
	    SEEN_TEMPORARY, CAUSE_NETWORK, SMTP_EHLO, 500,
	    "closed by the server after HELO, waiting for the reply",
	    SAID_EHLO "HELO c.example\r\n" },
	{ "no code", "hello\r\n", HANDSHAKE_UP, "", SEEN_MALFORMED,
	    CAUSE_MALFORMED, SMTP_BANNER, 0,
	    "a line without a reply code after connecting, waiting for the "
	    "greeting",
	    "" },
	{ "an empty line", "\r\n", HANDSHAKE_UP, "", SEEN_MALFORMED,
	    CAUSE_MALFORMED, SMTP_BANNER, 0,
	    "a line without a reply code after connecting, waiting for the "
	    "greeting",
	    "" },
	{ "a code of two digits", "22 a\r\n", HANDSHAKE_UP, "", SEEN_MALFORMED,
	    CAUSE_MALFORMED, SMTP_BANNER, 0,
	    "a line without a reply code after connecting, waiting for the "
	    "greeting",
	    "" },
	{ "a code of four digits", "2200 a\r\n", HANDSHAKE_UP, "",
	    SEEN_MALFORMED, CAUSE_MALFORMED, SMTP_BANNER, 0,
	    "neither space nor hyphen after a reply code after connecting, "
	    "waiting for the greeting",
	    "" },
	{ "a code of 600", "600 a\r\n", HANDSHAKE_UP, "", SEEN_MALFORMED,
	    CAUSE_MALFORMED, SMTP_BANNER, 0,
	    "a reply code out of range after connecting, waiting for the "
	    "greeting",
	    "" },
	{ "a code of 199", "220 a\r\n199 a\r\n", HANDSHAKE_UP, "",
	    SEEN_MALFORMED, CAUSE_MALFORMED, SMTP_EHLO, 220,
	    "a reply code out of range after EHLO, waiting for the reply",
	    SAID_EHLO },
	{ "codes that differ", "220-a\r\n250 a\r\n", HANDSHAKE_UP, "",
	    SEEN_MALFORMED, CAUSE_MALFORMED, SMTP_BANNER, 0,
	    "reply codes that differ within one reply after connecting, "
	    "waiting for the greeting",
	    "" },
};

enum { N_SCRIPTS = sizeof(scripts) / sizeof(scripts[0]) };

struct run {
	struct arena *arena;
	struct smtp_dialogue *dialogue;
	struct buf output;
	struct answer answer;
};

static void
drain(struct run *r)
{
	buf_add(&r->output, smtp_dialogue_output(r->dialogue));
}

static void
run_begin(struct run *r)
{
	*r = (struct run){ 0 };
	r->arena = arena_new(LIMIT_ANSWER_ARENA, 1024);
	assert_non_null(r->arena);
	r->dialogue = smtp_dialogue_new(r->arena, SLICE_LIT("c.example"));
	assert_non_null(r->dialogue);
	buf_init(&r->output, 8192);
}

static void
run_end(struct run *r)
{
	drain(r);
	assert_int_equal(smtp_dialogue_next(r->dialogue), SMTP_NEXT_END);
	assert_int_equal(smtp_dialogue_answer(r->dialogue, &r->answer), RC_OK);
}

static void
run_free(struct run *r)
{
	smtp_dialogue_close(&r->dialogue);
	buf_free(&r->output);
	arena_free(r->arena);
}

/* Feeds in pieces of so many octets. */
static void
feed(struct run *r, struct slice text, size_t piece)
{
	for (size_t at = 0; at < text.n; at += piece) {
		smtp_dialogue_input(r->dialogue, slice_sub(text, at, piece));
		drain(r);
	}
}

static void
shake_hands(struct run *r, enum handshake how)
{
	struct tls_session up = { .version = SLICE_LIT("TLSv1.3"),
		.cipher = SLICE_LIT("TLS_AES_128_GCM_SHA256") };
	struct tls_session failed = { .error = SLICE_LIT("wrong version") };

	smtp_dialogue_tls_begin(r->dialogue);
	if (how == HANDSHAKE_UP)
		smtp_dialogue_tls_up(r->dialogue, &up);
	else if (how == HANDSHAKE_FAILED)
		smtp_dialogue_tls_failed(r->dialogue, &failed);
	drain(r);
}

static void
run_script(struct run *r, const struct script *s, size_t piece)
{
	run_begin(r);
	feed(r, slice_str(s->clear), piece);
	if (smtp_dialogue_next(r->dialogue) == SMTP_NEXT_TLS) {
		shake_hands(r, s->handshake);
		feed(r, slice_str(s->tls), piece);
	}
	smtp_dialogue_lost(r->dialogue, CAUSE_NETWORK, "closed by the server");
	run_end(r);
}

static void
assert_text(struct slice got, const char *want)
{
	if (!slice_eq(got, slice_str(want)))
		fail_msg("got \"%.*s\", not \"%s\"", SLICE_FMT(got), want);
}

static void
each_server_gives_its_answer(void **state)
{
	const struct script *s;
	struct run r;

	(void)state;
	for (s = scripts; s < scripts + N_SCRIPTS; s++) {
		run_script(&r, s, SIZE_MAX / 2);
		print_message("# %s\n", s->name);
		assert_int_equal(r.answer.seen, s->seen);
		assert_int_equal(r.answer.cause, s->cause);
		assert_int_equal(r.answer.as.smtp.stage, s->stage);
		assert_int_equal(r.answer.as.smtp.code, s->code);
		assert_text(r.answer.detail, s->detail);
		assert_text(buf_slice(&r.output), s->output);
		run_free(&r);
	}
}

static void
pieces_make_no_difference(void **state)
{
	const struct script *s;
	struct run whole, cut;
	size_t piece;

	(void)state;
	for (s = scripts; s < scripts + N_SCRIPTS; s++) {
		run_script(&whole, s, SIZE_MAX / 2);
		for (piece = 1; piece < 8; piece++) {
			run_script(&cut, s, piece);
			assert_true(slice_eq(cut.answer.as.smtp.transcript,
			    whole.answer.as.smtp.transcript));
			assert_true(slice_eq(buf_slice(&cut.output),
			    buf_slice(&whole.output)));
			run_free(&cut);
		}
		run_free(&whole);
	}
}

static void
capabilities_are_those_of_the_last_ehlo(void **state)
{
	const struct script s = { .clear = TO_TLS,
		.tls = "250-mx\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n" };
	struct run r;

	(void)state;
	run_script(&r, &s, 3);
	assert_true(r.answer.as.smtp.starttls_offered);
	assert_int_equal(r.answer.as.smtp.starttls_code, 220);
	assert_int_equal(r.answer.as.smtp.n_capabilities, 2);
	assert_text(r.answer.as.smtp.capabilities[0], "AUTH PLAIN");
	assert_text(r.answer.as.smtp.capabilities[1], "8BITMIME");
	assert_text(r.answer.as.smtp.tls.version, "TLSv1.3");
	run_free(&r);
}

static void
greeting_keeps_all_its_lines(void **state)
{
	const struct script s = { .clear =
				      "220-mx.example.com\r\n220 No spam\r\n" };
	struct run r;

	(void)state;
	run_script(&r, &s, 5);
	assert_text(r.answer.as.smtp.banner, "mx.example.com\nNo spam");
	run_free(&r);
}

static void
octets_after_220_are_injection_and_dropped(void **state)
{
	const struct script s = { .clear = TO_TLS "250-x\r\n250 AUTH\r\n25",
		.tls = EHLO_OK };
	struct run r;

	(void)state;
	run_script(&r, &s, 4);
	assert_int_equal(r.answer.seen, SEEN_ANSWERED);
	assert_int_equal(r.answer.as.smtp.stage, SMTP_DONE);
	assert_true(r.answer.as.smtp.injection);
	assert_int_equal(r.answer.as.smtp.n_capabilities, 2);
	assert_text(r.answer.as.smtp.transcript,
	    "S: 220 mx.example.com ESMTP\nC: EHLO c.example\n"
	    "S: 250-mx.example.com\nS: 250-SIZE 1000\nS: 250 STARTTLS\n"
	    "C: STARTTLS\nS: 220 ready\nS: 250-x\nS: 250 AUTH\nS: 25\n"
	    "-- 19 octets in clear before TLS were dropped --\n"
	    "-- TLS started: TLSv1.3 TLS_AES_128_GCM_SHA256 --\n"
	    "C: EHLO c.example\n"
	    "S: 250-mx.example.com\nS: 250-SIZE 1000\nS: 250 STARTTLS\n"
	    "C: QUIT\n");
	run_free(&r);
}

static void
nothing_after_220_is_no_injection(void **state)
{
	const struct script s = { .clear = TO_TLS, .tls = EHLO_OK };
	struct run r;

	(void)state;
	run_script(&r, &s, 1);
	assert_false(r.answer.as.smtp.injection);
	run_free(&r);
}

static void
alert_after_the_handshake_is_an_error_of_tls(void **state)
{
	struct run r;

	(void)state;
	run_begin(&r);
	feed(&r, SLICE_LIT(TO_TLS), 100);
	shake_hands(&r, HANDSHAKE_UP);
	smtp_dialogue_tls_broken(r.dialogue, SLICE_LIT("certificate required"));
	run_end(&r);
	assert_int_equal(r.answer.seen, SEEN_ANSWERED);
	assert_int_equal(r.answer.as.smtp.stage, SMTP_EHLO_TLS);
	assert_text(r.answer.as.smtp.tls.error, "certificate required");
	run_free(&r);
}

static void
timeout_says_where(void **state)
{
	struct run r;

	(void)state;
	run_begin(&r);
	smtp_dialogue_lost(r.dialogue, CAUSE_TIMEOUT, "");
	run_end(&r);
	assert_int_equal(r.answer.cause, CAUSE_TIMEOUT);
	assert_text(r.answer.detail,
	    "after connecting, waiting for the greeting");
	run_free(&r);
}

/* A reply of n lines, or a line of n octets, is one too many. */
static void
lines_and_their_octets_are_limited(void **state)
{
	unsigned char line[LIMIT_SMTP_LINE];
	struct run r;
	size_t i;

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, "220-", 4);
	line[sizeof(line) - 1] = '\n';
	run_begin(&r);
	smtp_dialogue_input(r.dialogue, slice_of(line, sizeof(line)));
	assert_int_equal(smtp_dialogue_next(r.dialogue), SMTP_NEXT_LISTEN);
	line[sizeof(line) - 1] = 'x';
	smtp_dialogue_input(r.dialogue, slice_of(line, sizeof(line)));
	run_end(&r);
	assert_int_equal(r.answer.seen, SEEN_MALFORMED);
	assert_text(r.answer.detail,
	    "a line that is too long after connecting, waiting for the "
	    "greeting");
	run_free(&r);

	run_begin(&r);
	for (i = 0; i < LIMIT_SMTP_REPLY_LINES; i++)
		smtp_dialogue_input(r.dialogue, SLICE_LIT("220-\n"));
	assert_int_equal(smtp_dialogue_next(r.dialogue), SMTP_NEXT_LISTEN);
	smtp_dialogue_input(r.dialogue, SLICE_LIT("220-\n"));
	run_end(&r);
	assert_int_equal(r.answer.seen, SEEN_MALFORMED);
	assert_text(r.answer.detail,
	    "a reply of too many lines after connecting, waiting for the "
	    "greeting");
	run_free(&r);
}

static void
transcript_says_that_it_was_cut(void **state)
{
	static const char end[] = "-- the rest is left out --\n";
	unsigned char line[1500];
	struct slice transcript;
	struct run r;

	(void)state;
	memset(line, '\a', sizeof(line));
	memcpy(line, "220-", 4);
	line[sizeof(line) - 1] = '\n';
	run_begin(&r);
	for (int i = 0; i < 30; i++)
		smtp_dialogue_input(r.dialogue, slice_of(line, sizeof(line)));
	smtp_dialogue_lost(r.dialogue, CAUSE_TIMEOUT, "");
	run_end(&r);
	transcript = r.answer.as.smtp.transcript;
	assert_in_range(transcript.n, LIMIT_SMTP_TRANSCRIPT - 1600,
	    LIMIT_SMTP_TRANSCRIPT);
	assert_text(slice_from(transcript, transcript.n - sizeof(end) + 1),
	    end);
	assert_int_equal(transcript.p[3 + 4], '\a');
	run_free(&r);
}

static void
any_ceiling_of_the_arena_is_survived(void **state)
{
	struct answer answer;
	struct smtp_dialogue *d;
	struct arena *a;
	enum rc rc = RC_LIMIT;
	size_t limit;

	(void)state;
	for (limit = 0; rc == RC_LIMIT && limit < 1 << 16; limit += 16) {
		a = arena_new(limit, 64);
		d = smtp_dialogue_new(a, SLICE_LIT("c.example"));
		smtp_dialogue_input(d, SLICE_LIT(TO_STARTTLS "454 no\r\n"));
		rc = smtp_dialogue_answer(d, &answer);
		smtp_dialogue_close(&d);
		arena_free(a);
	}
	assert_int_equal(rc, RC_OK);
	assert_true(limit > 256);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_server_gives_its_answer),
		cmocka_unit_test(pieces_make_no_difference),
		cmocka_unit_test(capabilities_are_those_of_the_last_ehlo),
		cmocka_unit_test(greeting_keeps_all_its_lines),
		cmocka_unit_test(octets_after_220_are_injection_and_dropped),
		cmocka_unit_test(nothing_after_220_is_no_injection),
		cmocka_unit_test(alert_after_the_handshake_is_an_error_of_tls),
		cmocka_unit_test(timeout_says_where),
		cmocka_unit_test(lines_and_their_octets_are_limited),
		cmocka_unit_test(transcript_says_that_it_was_cut),
		cmocka_unit_test(any_ceiling_of_the_arena_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
