#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "bounces/reply.h"

static const struct {
	const char *logged;
	unsigned int code;
	const char *status; /* "" none */
	const char *text;
} cases[] = {
	{ "", 0, "", "" },
	{ "550", 550, "", "" },
	{ "5.7.26", 0, "5.7.26", "" },
	{ "550 5.7.26", 550, "5.7.26", "" },
	{ "550 User unknown", 550, "", "User unknown" },
	{ "550 5.1.1 <a@b.example>: User unknown", 550, "5.1.1",
	    "<a@b.example>: User unknown" },
	{ "421 4.7.0: rejected", 421, "4.7.0", "rejected" },
	/* lines */
	{ "550-5.7.26 one\r\n550-5.7.26 two\r\n550 5.7.26 three", 550, "5.7.26",
	    "one two three" },
	{ "550-5.7.26 one\\n550-5.7.26 two\\n550 5.7.26  three", 550, "5.7.26",
	    "one two three" },
	{ "550-5.7.26 one 550-5.7.26 two 550 5.7.26 three", 550, "5.7.26",
	    "one two three" },
	{ "550-one\n550-two\n550 three", 550, "", "one two three" },
	{ "550-one 550-two 550 three", 550, "", "one two three" },
	{ "550 one of 550 users", 550, "", "one of 550 users" },
	{ "550-5.7.1 one 551-5.7.1 two", 550, "5.7.1", "one 551-5.7.1 two" },
	/* reply and status of two classes, and neither */
	{ "421 5.7.32 x", 421, "5.7.32", "x" },
	{ "550 7.7.1 The IP", 550, "", "7.7.1 The IP" },
	{ "571 5.7.1 x", 571, "5.7.1", "x" },
	{ "451 4.16.55.1 x", 451, "", "4.16.55.1 x" },
	/* a status in other places */
	{ "550 #5.1.0 Address rejected.", 550, "5.1.0", "Address rejected." },
	{ "550 No (#5.1.1)", 550, "5.1.1", "No (#5.1.1)" },
	{ "550 cuda_nsu 5.1.1 <x>", 550, "5.1.1", "cuda_nsu 5.1.1 <x>" },
	{ "5.1.0 - Unknown address error 550-'5.7.1 <x>... Access denied'", 550,
	    "5.7.1", "<x>... Access denied'" },
	{ "5.7.606-649 Access denied", 0, "5.7.606", "-649 Access denied" },
	/* words around it */
	{ "host mx.example.com[192.0.2.1] said: 550 5.1.1 No (in reply to RCPT "
	  "TO command)",
	    550, "5.1.1", "No" },
	{ "SMTP error from remote mail server after RCPT TO:<a@b.example>: 550 "
	  "No such user",
	    550, "", "No such user" },
	{ "smtp; 550 5.1.1 no", 550, "5.1.1", "no" },
	{ "SMTP; 552-5.2.3 no", 552, "5.2.3", "no" },
	{ "failed,5.1.1 (bad),smtp;553 Relaying disallowed", 553, "",
	    "Relaying disallowed" },
	/* no reply */
	{ "connect to mx.example.com[192.0.2.1]:25: Connection timed out", 0,
	    "",
	    "connect to mx.example.com[192.0.2.1]:25: Connection timed out" },
	{ "203.0.113.5 is blocked", 0, "", "203.0.113.5 is blocked" },
	{ "unable to deliver in 840 minutes", 0, "",
	    "unable to deliver in 840 minutes" },
	/* what does not belong to the text */
	{ "550 5.7.1 [192.0.2.1      14] Our system", 550, "5.7.1",
	    "[192.0.2.1] Our system" },
	{ "550 5.7.1 [2001:db8::1 12] Our", 550, "5.7.1", "[2001:db8::1] Our" },
	{ "550 x [-20] y [a 14]", 550, "", "x [-20] y [a]" },
	{ "550 5.1.1 more information. a640c-20020ab.5 - gsmtp", 550, "5.1.1",
	    "more information. - gsmtp" },
	{ "550 5.1.1 see https://x.example/?p=1 - gsmtp", 550, "5.1.1",
	    "see https://x.example/?p=1 - gsmtp" },
	{ "550 a\x1b[31m\tb\x7f", 550, "", "a [31m b" },
};

static void
a_reply_is_taken_apart(void **state)
{
	unsigned char room[LIMIT_GIST];
	char status[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply r;

		reply_parse(slice_str(cases[i].logged), room, &r);
		status[0] = '\0';
		if (r.has_status)
			(void)snprintf(status, sizeof(status), "%d.%d.%d",
			    r.status[0], r.status[1], r.status[2]);
		if (r.code != cases[i].code ||
		    strcmp(status, cases[i].status) != 0 ||
		    !slice_eq(r.text, slice_str(cases[i].text)))
			fail_msg("%s: %u %s \"%.*s\"", cases[i].logged, r.code,
			    status, SLICE_FMT(r.text));
	}
}

static void
host_address_and_command_are_those_of_the_log(void **state)
{
	unsigned char room[LIMIT_GIST];
	struct reply r;

	(void)state;
	reply_parse(SLICE_LIT("host mx.example.com[192.0.2.1] said: 550 No (in "
			      "reply to MAIL FROM command))"),
	    room, &r);
	assert_true(slice_eq(r.host, SLICE_LIT("mx.example.com")));
	assert_true(slice_eq(r.ip, SLICE_LIT("192.0.2.1")));
	assert_true(slice_eq(r.command, SLICE_LIT("MAIL FROM")));
	reply_parse(SLICE_LIT("host a b c[192.0.2.1] said: 550 No"), room, &r);
	assert_int_equal(r.host.n, 0);
	assert_int_equal(r.command.n, 0);
}

static void
a_long_reply_is_cut_and_says_so(void **state)
{
	static char text[2 * LIMIT_GIST];
	unsigned char room[LIMIT_GIST];
	struct reply r;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "550 ", 4);
	reply_parse(slice_of(text, sizeof(text)), room, &r);
	assert_true(r.cut);
	assert_int_equal(r.text.n, LIMIT_GIST);
	reply_parse(slice_of(text, 100), room, &r);
	assert_false(r.cut);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_taken_apart),
		cmocka_unit_test(host_address_and_command_are_those_of_the_log),
		cmocka_unit_test(a_long_reply_is_cut_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
