#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "bounces/log.h"
#include "bounces/mail.h"
#include "bounces/mail_fields.h"

static struct batch batch;

static int
setup(void **state)
{
	(void)state;
	return batch_init(&batch) == RC_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	batch_free(&batch);
	return 0;
}

static void
is(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_str(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_FMT(s), want);
}

#define HEAD \
	"From: Mail Delivery System <MAILER-DAEMON@mx.a.example>\n" \
	"To: news@a.example\n" \
	"Subject: Undelivered Mail Returned to Sender\n" \
	"Date: Mon, 05 Jan 2026 03:06:18 +0000\n"
#define REPORT \
	HEAD "Content-Type: multipart/report; report-type=delivery-status;\n" \
	     "\tboundary=\"b\"\n\n"
#define STATUS \
	"--b\nContent-Type: message/delivery-status\n\n" \
	"Reporting-MTA: dns; mx.a.example\n" \
	"X-Postfix-Queue-ID: 0ABC\n\n"
#define ORIGINAL \
	"--b\nContent-Type: message/rfc822\n\n" \
	"Return-Path: <bounces@a.example>\nFrom: News <news@a.example>\n" \
	"To: c@b.example\n\nhello\n--b--\n"
/* 2026-01-05T03:06:18Z */
#define DATE INT64_C(1767582378)

/* Messages that tell of one attempt. */
static const struct {
	const char *message;
	enum attempt_kind kind;
	int64_t seconds; /* 0: none */
	const char *sender, *recipient, *host, *ip, *status, *text, *queue_id;
} single[] = {
	{ REPORT STATUS
	    "Final-Recipient: rfc822; c@b.example\nAction: failed\n"
	    "Status: 5.1.1 (bad mailbox)\nRemote-MTA: dns; mx.b.example\n"
	    "Diagnostic-Code: smtp; 550-5.1.1 User\n    550 5.1.1 unknown\n"
	    "Last-Attempt-Date: Mon, 05 Jan 2026 03:06:17 +0000\n\n" ORIGINAL,
	    ATTEMPT_BOUNCED, DATE - 1, "bounces@a.example", "c@b.example",
	    "mx.b.example", "", "5.1.1", "550-5.1.1 User\n550 5.1.1 unknown",
	    "0ABC" },
	{ REPORT STATUS
	    "Original-Recipient: rfc822;d@b.example\nAction: delayed\n"
	    "Status: 4.4.1\nRemote-MTA: dns; mx.b.example (192.0.2.1, the "
	    "server)\nDiagnostic-Code: X-Postfix; connect to mx: timed out\n\n"
	    "--b--\n",
	    ATTEMPT_DEFERRED, DATE, "news@a.example", "d@b.example",
	    "mx.b.example", "192.0.2.1", "4.4.1", "connect to mx: timed out",
	    "0ABC" },
	/* Without an action the status tells. */
	{ REPORT STATUS
	    "Final-Recipient: rfc822; c@b.example\nStatus: 4.2.2\n"
	    "Remote-MTA: dns; [IPv6:2001:db8::1]\nDiagnostic-Code: smtp; full\n",
	    ATTEMPT_DEFERRED, DATE, "news@a.example", "c@b.example", "",
	    "2001:db8::1", "4.2.2", "full", "0ABC" },
	/* A number is no diagnosis; the notice has one. */
	{ REPORT "--b\n\n<c@b.example>\n\n   ----- Transcript -----\n"
		 "... while talking to mx.b.example.:\n>>> DATA\n"
		 "<<< 552 5.2.2 full\n\n" STATUS
		 "Final-Recipient: rfc822; c@b.example\nAction: failed\n"
		 "Status: 5.0.0\nDiagnostic-Code: X-Unix; 71\n\n" ORIGINAL,
	    ATTEMPT_BOUNCED, DATE, "bounces@a.example", "c@b.example", "", "",
	    "5.0.0", "552 5.2.2 full", "0ABC" },
	{ REPORT "--b\nContent-Type: message/delivery-status\n"
		 "Content-Transfer-Encoding: base64\n\n"
		 "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGNAYi5leGFtcGxlCkFjdGlvbjog"
		 "ZmFpbGVkCg==\n--b--\n",
	    ATTEMPT_BOUNCED, DATE, "news@a.example", "c@b.example", "", "", "",
	    "", "" },
	/* No boundary: the fields are found in the text. */
	{ HEAD "Content-Type: multipart/report\n\n--b\n"
	       "Content-Type: text/plain\n\nnotice\n\n--b\n"
	       "Content-Type: message/delivery-status\n\n"
	       "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; c@b.example\n"
	       "Action: failed\nDiagnostic-Code: smtp; 550 no\n",
	    ATTEMPT_BOUNCED, DATE, "news@a.example", "c@b.example", "", "", "",
	    "550 no", "" },
	/* Exim */
	{ HEAD "X-Failed-Recipients: c@b.example\n\n"
	       "The following address(es) failed:\n\n  c@b.example\n"
	       "    host mx.b.example [192.0.2.1]\n"
	       "    SMTP error from remote mail server after end of data:\n"
	       "    550-5.7.26 one\n    550 5.7.26 two\n\n"
	       "------ This is a copy of the message, including all the "
	       "headers. ------\n\nReturn-path: <bounces@a.example>\n\nhello\n",
	    ATTEMPT_BOUNCED, DATE, "bounces@a.example", "c@b.example",
	    "mx.b.example", "192.0.2.1", "", "550-5.7.26 one\n550 5.7.26 two",
	    "" },
	/* qmail */
	{ HEAD
	    "\nHi. This is the qmail-send program at mx.a.example.\n\n"
	    "<c@b.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
	    "--- Below this line is a copy of the message.\n\n"
	    "Return-Path: <bounces@a.example>\n",
	    ATTEMPT_BOUNCED, DATE, "bounces@a.example", "c@b.example", "", "",
	    "", "Sorry, no mailbox here by that name. (#5.1.1)", "" },
	/* Postfix without a report */
	{ HEAD "\n<c@b.example>: host mx.b.example[192.0.2.1] said: 550\n"
	       "    5.1.1 unknown (in reply to RCPT TO command)\n",
	    ATTEMPT_BOUNCED, DATE, "news@a.example", "c@b.example", "", "", "",
	    "host mx.b.example[192.0.2.1] said: 550\n"
	    "5.1.1 unknown (in reply to RCPT TO command)",
	    "" },
	/* Gmail */
	{ HEAD "X-Failed-Recipients: c@b.example\n\n"
	       "Delivery to the following recipient failed permanently:\n\n"
	       "     c@b.example\n\nTechnical details of permanent failure: \n"
	       "Google tried to deliver your message.\n\n"
	       "The error that the other server returned was:\n"
	       "550 5.1.1 no such user\n\n----- Original message -----\n\n"
	       "Return-Path: <bounces@a.example>\n",
	    ATTEMPT_BOUNCED, DATE, "bounces@a.example", "c@b.example", "", "",
	    "", "550 5.1.1 no such user", "" },
	/* Exchange */
	{ HEAD "\nYour message\n\n  To: list\n\ndid not reach the following "
	       "recipient(s):\n\nc@b.example on Mon, 5 Jan 2026\n"
	       "    The recipient name is not recognized\n",
	    ATTEMPT_BOUNCED, DATE, "news@a.example", "c@b.example", "", "", "",
	    "on Mon, 5 Jan 2026\nThe recipient name is not recognized", "" },
	/* The address stands in a sentence; whom to ask is not refused. */
	{ HEAD
	    "\nFor help, contact <help@d.example>.\n\n"
	    "There was an error delivering your mail to <c@b.example>.\n\n"
	    "mx.b.example [192.0.2.1] did not like our RCPT TO:\n"
	    "550 5.1.1 unknown\n\nMessage headers follow.\n\nFrom: x@a.example\n",
	    ATTEMPT_BOUNCED, DATE, "x@a.example", "c@b.example", "mx.b.example",
	    "192.0.2.1", "", "550 5.1.1 unknown", "" },
	{ HEAD "Content-Type: text/html\n\n<html><style>p {}</style>"
	       "<p>Not delivered to &lt;c@b.example&gt;:</p>"
	       "<div>550 no</div></html>\n",
	    ATTEMPT_BOUNCED, DATE, "news@a.example", "c@b.example", "", "", "",
	    "550 no", "" },
	{ HEAD "Content-Transfer-Encoding: quoted-printable\n\n"
	       "<c@b.exam=\nple>:\n550 caf=C3=A9\n",
	    ATTEMPT_BOUNCED, DATE, "news@a.example", "c@b.example", "", "", "",
	    "550 caf\xc3\xa9", "" },
	{ HEAD "Content-Type: text/plain; charset=iso-8859-1\n\n"
	       "<c@b.example>:\n550 caf\xe9\n",
	    ATTEMPT_BOUNCED, DATE, "news@a.example", "c@b.example", "", "", "",
	    "550 caf\xc3\xa9", "" },
	{ "From: MAILER-DAEMON\nTo: news@a.example\n"
	  "Subject: Warning: message 1abc delayed 24 hours\n\n"
	  "The address to which it has not yet been delivered is:\n\n"
	  "  c@b.example\n    450 4.2.1 later\n",
	    ATTEMPT_DEFERRED, 0, "news@a.example", "c@b.example", "", "", "",
	    "450 4.2.1 later", "" },
	/* Old Macintosh */
	{ "From: MAILER-DAEMON\rTo: news@a.example\rSubject: failure notice\r\r"
	  "<c@b.example>:\r550 no\r",
	    ATTEMPT_BOUNCED, 0, "news@a.example", "c@b.example", "", "", "",
	    "550 no", "" },
	{ "From: c@b.example\nTo: news@a.example\nSubject: Away\n"
	  "Auto-Submitted: auto-replied\n\nI am away; 550 no.\n",
	    ATTEMPT_DEFERRED, 0, "news@a.example", "c@b.example", "", "", "",
	    "Auto-Submitted: auto-replied (an automatic reply by the "
	    "recipient)",
	    "" },
	{ "From: fbl@b.example\nSubject: complaint\n"
	  "Content-Type: multipart/report; boundary=b\n\n--b\n"
	  "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
	  "Original-Mail-From: <bounces@a.example>\n"
	  "Removal-Recipient: c@b.example\n\n--b--\n",
	    ATTEMPT_BOUNCED, 0, "bounces@a.example", "c@b.example", "", "", "",
	    "Feedback-Type: abuse (a complaint by the recipient)", "" },
};

static void
what_a_message_tells_of_is_an_attempt(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
		const struct attempt *a;

		batch_reset(&batch);
		mail_read(&batch, slice_str(single[i].message));
		if (batch.n != 1)
			fail_msg("%zu: %zu attempts", i, batch.n);
		a = &batch.attempts[0];
		is(a->text, single[i].text);
		is(a->recipient, single[i].recipient);
		is(a->sender, single[i].sender);
		is(a->host, single[i].host);
		is(a->ip, single[i].ip);
		is(a->status, single[i].status);
		is(a->queue_id, single[i].queue_id);
		assert_int_equal(a->kind, single[i].kind);
		assert_int_equal(a->time.kind,
		    single[i].seconds != 0 ? MOMENT_FULL : MOMENT_NONE);
		if (single[i].seconds != 0)
			assert_int_equal(a->time.seconds, single[i].seconds);
		assert_int_equal(batch.lines, 1);
		assert_int_equal(batch.of[LOG_NONE], 0);
	}
}

static void
each_recipient_of_a_report_is_one(void **state)
{
	(void)state;
	batch_reset(&batch);
	mail_read(&batch,
	    SLICE_LIT(REPORT STATUS
		"Final-Recipient: rfc822; c@b.example\nAction: failed\n"
		"Diagnostic-Code: smtp; 550 no\n\n"
		"Final-Recipient: rfc822; d@b.example\nAction: delayed\n\n"
		"Final-Recipient: rfc822; e@b.example\nAction: delivered\n\n"
		"Final-Recipient: rfc822; f@b.example\nAction: expanded\n\n"
		"Final-Recipient: rfc822; g@b.example\nAction: relayed\n\n"
		"X-Comment: none\n\n" ORIGINAL));
	assert_int_equal(batch.n, 2);
	assert_int_equal(batch.delivered, 3);
	is(batch.attempts[0].recipient, "c@b.example");
	is(batch.attempts[1].recipient, "d@b.example");
}

static void
whom_to_contact_is_not_refused(void **state)
{
	(void)state;
	batch_reset(&batch);
	mail_read(&batch,
	    SLICE_LIT(HEAD "\nFor assistance contact <help@x.example>\n\n"
			   "Fragen an <help@x.example>\nrichten.\n\n"
			   "<c@b.example>: 550 no\n"));
	assert_int_equal(batch.n, 1);
	is(batch.attempts[0].recipient, "c@b.example");
	is(batch.attempts[0].text, "550 no");
}

static void
each_address_of_a_notice_has_its_own_reply(void **state)
{
	(void)state;
	batch_reset(&batch);
	mail_read(&batch,
	    SLICE_LIT(HEAD "\nc@b.example: 550 5.1.1 unknown\n"
			   "d@b.example: 552 5.2.2 full\n\n"
			   "<e@b.example>:\nnot found\n\n"
			   ">>> RCPT TO:<f@b.example>\n<<< 450 later\n"
			   "<<< 554 never\n\n"
			   "550 <g@b.example>... Host unknown\n"));
	assert_int_equal(batch.n, 5);
	is(batch.attempts[0].text, "550 5.1.1 unknown");
	is(batch.attempts[1].text, "552 5.2.2 full");
	is(batch.attempts[2].text, "not found");
	is(batch.attempts[3].text, "554 never");
	is(batch.attempts[4].text, "550 <g@b.example>... Host unknown");
}

/* Messages that tell of nothing. */
static const char *const others[] = {
	"From: c@b.example\nTo: news@a.example\nSubject: hello\n\nhello\n",
	"From: c@b.example\nSubject: Re: 550\n\n> 550 5.1.1 d@b.example\n",
	"Subject: delivery\n\nYour parcel\n",
	"From: MAILER-DAEMON\n",
	"\n",
	"\n\n\n",
	"no header",
	"From: x\nContent-Type: multipart/report; boundary=\"\"\n\n--\n--\n",
};

static void
what_is_none_of_these_is_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		batch_reset(&batch);
		mail_read(&batch, slice_str(others[i]));
		if (batch.n != 0 || batch.of[LOG_NONE] != 1 || batch.lines != 1)
			fail_msg("%zu: %zu attempts", i, batch.n);
	}
}

static void
a_wanted_message_is_no_complaint(void **state)
{
	(void)state;
	batch_reset(&batch);
	mail_read(&batch,
	    SLICE_LIT("From: f@b.example\nContent-Type: multipart/report; "
		      "boundary=b\n\n--b\n"
		      "Content-Type: message/feedback-report\n\n"
		      "Feedback-Type: not-spam\n\n--b--\n"));
	assert_int_equal(batch.n, 0);
	assert_int_equal(batch.of[LOG_NONE], 0);
}

static void
add(struct buf *b, const char *text, size_t times)
{
	while (times-- > 0)
		buf_add_str(b, text);
}

/* One record is, by that alone. */
static void
cut_is(enum cut c)
{
	assert_int_equal(batch.cut_records, 1);
	for (unsigned int i = 0; i < CUTS; i++)
		assert_int_equal(batch.cut[i], i == (unsigned int)c);
}

static void
ten_thousand_parts_in_each_other_are_read_to_a_depth(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 8 * 1024 * 1024);
	buf_add_str(&b, HEAD "Content-Type: multipart/mixed; boundary=0\n\n");
	for (unsigned int i = 0; i < 10000; i++)
		buf_printf(&b,
		    "--%u\nContent-Type: multipart/mixed; boundary=%u\n\n", i,
		    i + 1);
	add(&b, "<c@b.example>: 550 no\n", 1);
	batch_reset(&batch);
	mail_read(&batch, buf_slice(&b));
	assert_int_equal(batch.lines, 1);
	assert_false(batch.failed);
	/* What is not taken apart is a text, and a long one. */
	assert_int_equal(batch.cut_records, 1);
	assert_int_equal(batch.cut[CUT_PARTS], 1);
	assert_int_equal(batch.cut[CUT_TEXT], 1);
	buf_free(&b);
}

static void
ten_thousand_parts_beside_each_other_are_cut(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 8 * 1024 * 1024);
	buf_add_str(&b, REPORT);
	add(&b, "--b\nContent-Type: text/html\n\n<c@b.example>: 550 no\n",
	    10000);
	batch_reset(&batch);
	mail_read(&batch, buf_slice(&b));
	assert_int_equal(batch.n, 1);
	assert_false(batch.failed);
	cut_is(CUT_PARTS);
	buf_free(&b);
}

/* The last of them ends the message. */
static void
as_many_parts_as_there_may_be_are_all(void **state)
{
	struct buf b;

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		buf_init(&b, 8 * 1024 * 1024);
		buf_add_str(&b, REPORT);
		add(&b, "--b\nContent-Type: text/html\n\n<c@b.example>: no\n",
		    LIMIT_BOUNCE_PARTS + more);
		buf_add_str(&b, "--b--\n");
		batch_reset(&batch);
		mail_read(&batch, buf_slice(&b));
		assert_int_equal(batch.cut[CUT_PARTS], more);
		assert_int_equal(batch.cut_records, more);
		buf_free(&b);
	}
}

static void
recipients_of_a_notice_have_a_limit_and_share_a_reply(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 8 * 1024 * 1024);
	buf_add_str(&b, HEAD "\n550 ");
	add(&b, "long ", 1000);
	buf_add_str(&b, "\n\n");
	for (unsigned int i = 0; i < 1000; i++)
		buf_printf(&b, "<c%u@b.example>\n", i);
	batch_reset(&batch);
	mail_read(&batch, buf_slice(&b));
	assert_int_equal(batch.n, LIMIT_BOUNCE_RECIPIENTS);
	assert_false(batch.failed);
	assert_true(batch.attempts[0].cut);
	cut_is(CUT_RECIPIENTS);
	buf_free(&b);
}

static void
a_report_of_many_recipients_shares_what_the_notice_says(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 8 * 1024 * 1024);
	buf_add_str(&b, REPORT "--b\n\n550 ");
	add(&b, "long\n", 1000);
	buf_add_str(&b, "\n" STATUS);
	add(&b, "Final-Recipient: rfc822; c@b.example\nAction: failed\n\n",
	    15000);
	buf_add_str(&b, ORIGINAL);
	batch_reset(&batch);
	mail_read(&batch, buf_slice(&b));
	assert_int_equal(batch.n, LIMIT_BATCH_ATTEMPTS);
	assert_true(batch.more && !batch.failed);
	assert_ptr_equal(batch.attempts[1].text.p, batch.attempts[2].text.p);
	batch_again(&batch);
	mail_read(&batch, buf_slice(&b));
	assert_int_equal(batch.n, 15000 - LIMIT_BATCH_ATTEMPTS);
	assert_false(batch.more || batch.failed);
	assert_int_equal(batch.lines, 1);
	assert_int_equal(batch.cut_records, 0);
	buf_free(&b);
}

#define AGAIN(TEXT, BYTES) TEXT, (BYTES) / (sizeof(TEXT) - 1) + 1

/* What is beyond a limit is said, and what is below it is not. */
static const struct {
	const char *begin, *often;
	size_t times;
	const char *end;
	unsigned int cut; /* enum cut; CUTS: nothing is */
} large[] = {
	{ HEAD "\n<c@b.example>: 550 no\n", AGAIN("word\n", 100 * 1024), "",
	    CUTS },
	{ HEAD "\n<c@b.example>: 550 no\n", AGAIN("word\n", LIMIT_BOUNCE_TEXT),
	    "", CUT_TEXT },
	/* What came back is not looked at. */
	{ HEAD "\n<c@b.example>: 550 no\n\n--- Original message ---\n",
	    AGAIN("word\n", LIMIT_BOUNCE_TEXT), "", CUTS },
	{ REPORT STATUS "Final-Recipient: rfc822; c@b.example\n"
			"Action: failed\n\n--b\nContent-Type: "
			"message/rfc822\n\nFrom: a@a.example\n\n",
	    AGAIN("word\n", LIMIT_BOUNCE_TEXT), "--b--\n", CUTS },
	/* But for its header. */
	{ REPORT STATUS "Final-Recipient: rfc822; c@b.example\n"
			"Action: failed\n\n--b\nContent-Type: "
			"message/rfc822\n\nX: a\n",
	    AGAIN("Y: word\n", LIMIT_BOUNCE_TEXT), "--b--\n", CUT_TEXT },
	{ REPORT STATUS,
	    AGAIN("Final-Recipient: rfc822; c@b.example\n"
		  "Action: failed\n\n",
		LIMIT_BOUNCE_STATUS),
	    "--b--\n", CUT_STATUS },
	{ REPORT "--b\nContent-Type: message/delivery-status\n"
		 "Content-Transfer-Encoding: quoted-printable\n\n"
		 "Final-Recipient: rfc822; c@b.example\nX: ",
	    AGAIN("=20=20=20", 3 * LIMIT_BOUNCE_STATUS), "\n--b--\n",
	    CUT_STATUS },
	/* Within a text. */
	{ HEAD "Content-Type: text/html\n\nReporting-MTA: dns; x\n\n",
	    AGAIN("\nFinal-Recipient: rfc822; c@b.example\n", 100000), "",
	    CUTS },
	{ "From: MAILER-DAEMON\rTo: a@a.example\r\r<c@b.example>: 550 no\r",
	    AGAIN("word\r", LIMIT_BOUNCE_CR), "", CUT_LENGTH },
	{ HEAD "X-Failed-Recipients: c@b.example", AGAIN(", c@b.example", 1200),
	    "\n\nno\n", CUTS },
	{ HEAD "X-Failed-Recipients: c@b.example", AGAIN(", c@b.example", 1400),
	    "\n\nno\n", CUT_RECIPIENTS },
	{ HEAD "Content-Type: message/feedback-report\n\nFeedback-Type: ",
	    AGAIN("abuses", LIMIT_BOUNCE_WORD - 6), "\n", CUTS },
	{ HEAD "Content-Type: message/feedback-report\n\nFeedback-Type: "
	       "fraud",
	    AGAIN("abuses", LIMIT_BOUNCE_WORD), "\n", CUT_VALUE },
};

static void
what_is_not_read_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		bool cut = large[i].cut < CUTS;
		struct buf b;

		buf_init(&b, 8 * 1024 * 1024);
		buf_add_str(&b, large[i].begin);
		add(&b, large[i].often, large[i].times);
		buf_add_str(&b, large[i].end);
		batch_reset(&batch);
		mail_read(&batch, buf_slice(&b));
		assert_false(batch.failed);
		if (batch.n == 0 || batch.cut_records != cut ||
		    (cut && batch.cut[large[i].cut] != 1))
			fail_msg("%zu: %zu attempts, %llu cut", i, batch.n,
			    (unsigned long long)batch.cut_records);
		buf_free(&b);
	}
}

static void
memory_that_ends_is_said(void **state)
{
	(void)state;
	for (size_t ceiling = 256; ceiling < 8192; ceiling += 64) {
		struct batch b;

		assert_int_equal(batch_init(&b), RC_OK);
		arena_free(b.arena);
		b.arena = arena_new(ceiling, 64);
		assert_non_null(b.arena);
		for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
			mail_read(&b, slice_str(single[i].message));
		assert_true(
		    b.failed || b.n == sizeof(single) / sizeof(*single));
		batch_free(&b);
	}
}

static void
a_mail_is_known_by_its_header(void **state)
{
	static const char *const mails[] = {
		"Return-Path: <>\nReceived: x\n\tby y\n\nbody",
		"From: a@b.example\r\nSubject: x\r\n\r\n",
		"Received: x\rFrom: y\r\rbody",
	};
	static const char *const none[] = {
		"Jan  5 03:06:18 mx1 postfix/smtp[1]: 0A: to=<a@b.example>\n",
		"2026-01-05 03:06:18 1v1az8-1gnkxW-6B ** a@b.example: x\n",
		"{\"type\": \"Bounce\"}\n",
		"type,timeLogged\nb,2026\n",
		"",
		"X-None: of\nX-These: names\n\n",
		"From: x\nnot a field\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++)
		assert_true(mail_recognise(slice_str(mails[i])));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		if (mail_recognise(slice_str(none[i])))
			fail_msg("taken for mail: %s", none[i]);
	}
}

#define FROM   "From MAILER-DAEMON Mon Jan  5 03:06:18 2026\n"
#define BOUNCE HEAD "\n<c@b.example>:\n550 no\n\n"

static void
an_mbox_is_cut_at_from_lines(void **state)
{
	const struct slice two = SLICE_LIT(
	    FROM BOUNCE ">From x 12:34\n\nFrom here on\n\n" FROM BOUNCE);

	(void)state;
	batch_reset(&batch);
	assert_true(mbox_recognise(two));
	assert_false(mbox_recognise(SLICE_LIT("From: a@b.example\n")));
	assert_int_equal(mbox_cut(two), two.n - (sizeof(FROM BOUNCE) - 1));
	mbox_read(&batch, two);
	assert_int_equal(batch.lines, 2);
	assert_int_equal(batch.n, 2);
	assert_int_equal(batch.attempts[1].line, 2);
	/* One that may go on; and what is left of one that was too long. */
	assert_int_equal(mbox_cut(SLICE_LIT(FROM BOUNCE)), 0);
	assert_int_equal(mbox_cut(SLICE_LIT(BOUNCE)), sizeof(BOUNCE) - 1);
}

static void
parameters_are_found_whatever_is_around_them(void **state)
{
	static const struct {
		const char *value, *want;
	} table[] = {
		{ "multipart/mixed; boundary=abc", "abc" },
		{ "multipart/mixed; Boundary = \"a b;c\"; x=y", "a b;c" },
		{ "multipart/mixed;\n\tboundary=abc; x=y", "abc" },
		{ "multipart/mixed; xboundary=no; boundary=yes", "yes" },
		{ "multipart/mixed; boundary", "" },
		{ "multipart/mixed; boundary=", "" },
		{ "multipart/mixed; boundary=\"open", "open" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		is(field_parameter(slice_str(table[i].value),
		       SLICE_LIT("boundary")),
		    table[i].want);
}

static void
addresses_are_found_in_any_words(void **state)
{
	static const struct {
		const char *value, *want;
	} table[] = {
		{ "Name <c@b.example>", "c@b.example" },
		{ "rfc822;c@b.example", "c@b.example" },
		{ "to c@b.example.", "c@b.example" },
		{ "(c+d=e@b.example)", "c+d=e@b.example" },
		{ "c@localhost d@b.example", "d@b.example" },
		{ "@b.example", "" },
		{ "c@", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		is(field_address(slice_str(table[i].value)), table[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_message_tells_of_is_an_attempt),
		cmocka_unit_test(each_recipient_of_a_report_is_one),
		cmocka_unit_test(whom_to_contact_is_not_refused),
		cmocka_unit_test(each_address_of_a_notice_has_its_own_reply),
		cmocka_unit_test(what_is_none_of_these_is_counted),
		cmocka_unit_test(a_wanted_message_is_no_complaint),
		cmocka_unit_test(
		    ten_thousand_parts_in_each_other_are_read_to_a_depth),
		cmocka_unit_test(ten_thousand_parts_beside_each_other_are_cut),
		cmocka_unit_test(
		    recipients_of_a_notice_have_a_limit_and_share_a_reply),
		cmocka_unit_test(
		    a_report_of_many_recipients_shares_what_the_notice_says),
		cmocka_unit_test(as_many_parts_as_there_may_be_are_all),
		cmocka_unit_test(what_is_not_read_is_said),
		cmocka_unit_test(memory_that_ends_is_said),
		cmocka_unit_test(a_mail_is_known_by_its_header),
		cmocka_unit_test(an_mbox_is_cut_at_from_lines),
		cmocka_unit_test(parameters_are_found_whatever_is_around_them),
		cmocka_unit_test(addresses_are_found_in_any_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
