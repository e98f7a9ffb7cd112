#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "bounces/csv.h"
#include "bounces/log.h"

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

/* 2026-01-05T03:06:18Z, and the seconds of that in a year. */
#define NEW INT64_C(1767582378)
#define OLD INT64_C(356778)

static const struct {
	const char *line;
	enum log_format format;
	enum attempt_kind kind;
	enum moment_kind moment;
	int64_t seconds;
	const char *queue_id, *recipient, *host, *ip, *status, *text;
} failing[] = {
	{ "Jan  5 03:06:18 mx1 postfix/smtp[8101]: EBDB46697E: to=<a@b.example>, "
	  "relay=mx.b.example[192.0.2.1]:25, delay=3, delays=0/0/1/1, "
	  "dsn=5.7.26, status=bounced (host mx.b.example[192.0.2.1] said: "
	  "550-5.7.26 one 550 5.7.26 two (in reply to end of DATA command))",
	    LOG_POSTFIX, ATTEMPT_BOUNCED, MOMENT_YEARLESS, OLD, "EBDB46697E",
	    "a@b.example", "mx.b.example", "192.0.2.1", "5.7.26",
	    "550-5.7.26 one 550 5.7.26 two" },
	{ "Jan  5 03:06:18 mx1 postfix/smtp[8101]: 0A: to=<\"a, (b\"@c>, "
	  "relay=mx.b[192.0.2.1]:25, dsn=5.0.0, status=bounced (host "
	  "mx.b[192.0.2.1] said: 550 no (in reply to a (b)) (in reply to RCPT "
	  "TO command))",
	    LOG_POSTFIX, ATTEMPT_BOUNCED, MOMENT_YEARLESS, OLD, "0A", "<\"a",
	    "mx.b", "192.0.2.1", "5.0.0", "550 no (in reply to a (b))" },
	{ "Jan  5 03:06:18 mx1 postfix/smtp[8101]: 3dLx4S5g1yz9v: "
	  "to=<a@b.example>, orig_to=<c@d.example>, "
	  "relay=mx.b.example[IPv6:2001:db8::1]:25, conn_use=2, delay=3, "
	  "delays=0/0/1/1, dsn=4.7.0, status=deferred (host "
	  "mx.b.example[2001:db8::1] refused to talk to me: 421 4.7.0 later)",
	    LOG_POSTFIX, ATTEMPT_DEFERRED, MOMENT_YEARLESS, OLD,
	    "3dLx4S5g1yz9v", "a@b.example", "mx.b.example", "2001:db8::1",
	    "4.7.0", "421 4.7.0 later" },
	{ "2026-01-05T03:06:18.123456+00:00 mx1 postfix/smtp[8101]: 0A: "
	  "to=<a@b.example>, relay=none, delay=3, delays=0/0/1/1, dsn=4.4.1, "
	  "status=deferred (connect to mx.b.example[192.0.2.1]:25: "
	  "Connection timed out)",
	    LOG_POSTFIX, ATTEMPT_DEFERRED, MOMENT_FULL, NEW, "0A",
	    "a@b.example", "", "", "4.4.1",
	    "connect to mx.b.example[192.0.2.1]:25: Connection timed out" },
	{ "<22>1 2026-01-05T04:06:18+01:00 mx1 postfix/lmtp[81]: 0A: "
	  "to=<a@b.example>, relay=b[private/dovecot-lmtp], delay=3, "
	  "dsn=5.2.2, status=bounced (host b[private/dovecot-lmtp] said: "
	  "552 5.2.2 full (in reply to RCPT TO command))",
	    LOG_POSTFIX, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "0A", "a@b.example",
	    "b", "private/dovecot-lmtp", "5.2.2", "552 5.2.2 full" },
	{ "Jan  5 03:06:18 m postfix/local[1]: 0A: to=nobody@localhost, "
	  "relay=local, delay=0.05, dsn=5.1.1, status=bounced (unknown user: "
	  "\"nobody\")",
	    LOG_POSTFIX, ATTEMPT_BOUNCED, MOMENT_YEARLESS, OLD, "0A",
	    "nobody@localhost", "", "", "5.1.1", "unknown user: \"nobody\"" },
	{ "Jan  5 03:06:18 m postfix/qmgr[1]: 0A: from=<s@x.example>, "
	  "status=expired, returned to sender",
	    LOG_POSTFIX, ATTEMPT_BOUNCED, MOMENT_YEARLESS, OLD, "0A", "", "",
	    "", "", "expired, returned to sender" },
	{ "2026-01-05 03:06:18 1v1az8-1gnkxW-6B ** a@b.example R=dnslookup "
	  "T=remote_smtp H=mx.b.example [192.0.2.1] X=TLS1.3:AES:256 CV=yes "
	  "DN=\"/C=US/O=Acme: Inc/CN=mx\": SMTP error from remote mail server "
	  "after RCPT TO:<a@b.example>: 550-5.1.1 one\\n550 5.1.1 two",
	    LOG_EXIM, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "1v1az8-1gnkxW-6B",
	    "a@b.example", "mx.b.example", "192.0.2.1", "",
	    "550-5.1.1 one\\n550 5.1.1 two" },
	{ "2026-01-05 03:06:18.000 +0000 [4711] 1v1az8-0000001gnkx-6BWq == "
	  "a@b.example R=dnslookup T=remote_smtp defer (-46) H=mx.b.example "
	  "[2001:db8::1]:25: SMTP error from remote mail server after "
	  "pipelined end of data: 421-4.7.27 one\\n421 4.7.27 two",
	    LOG_EXIM, ATTEMPT_DEFERRED, MOMENT_FULL, NEW,
	    "1v1az8-0000001gnkx-6BWq", "a@b.example", "mx.b.example",
	    "2001:db8::1", "", "421-4.7.27 one\\n421 4.7.27 two" },
	{ "2026-01-05 03:06:18 1v1az8-1gnkxW-6B == a@b.example R=dnslookup "
	  "T=remote_smtp defer (111): Connection refused",
	    LOG_EXIM, ATTEMPT_DEFERRED, MOMENT_FULL, NEW, "1v1az8-1gnkxW-6B",
	    "a@b.example", "", "", "", "Connection refused" },
	{ "2026-01-05 03:06:18 1v1az8-1gnkxW-6B ** a@b.example: Unrouteable "
	  "address",
	    LOG_EXIM, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "1v1az8-1gnkxW-6B",
	    "a@b.example", "", "", "", "Unrouteable address" },
	{ "Jan  5 03:06:18 m sm-mta[1]: x05A: to=<a@b.example>, delay=00:00:01, "
	  "mailer=esmtp, pri=1, relay=mx.b.example. [192.0.2.1], dsn=5.1.1, "
	  "reply=550 5.1.1 <a@b.example>... User unknown, stat=User unknown",
	    LOG_SENDMAIL, ATTEMPT_BOUNCED, MOMENT_YEARLESS, OLD, "x05A",
	    "a@b.example", "mx.b.example", "192.0.2.1", "5.1.1",
	    "550 5.1.1 <a@b.example>... User unknown" },
	{ "Jan  5 03:06:18 m sendmail[1]: x05A: to=a@b.example, delay=00:00:01, "
	  "relay=mx.b.example. [192.0.2.1], dsn=4.0.0, stat=Deferred: 451 4.7.1 "
	  "later",
	    LOG_SENDMAIL, ATTEMPT_DEFERRED, MOMENT_YEARLESS, OLD, "x05A",
	    "a@b.example", "mx.b.example", "192.0.2.1", "4.0.0",
	    "451 4.7.1 later" },
	{ "Jan  5 03:06:18 m smtpd[9]: 0123abcd mta delivery evpid=12 "
	  "from=<s@x.example> to=<a@b.example> rcpt=<-> source=\"192.0.2.9\" "
	  "relay=\"192.0.2.1 (mx.b.example)\" delay=1s result=\"PermFail\" "
	  "stat=\"550 5.1.1 no\"",
	    LOG_OPENSMTPD, ATTEMPT_BOUNCED, MOMENT_YEARLESS, OLD, "",
	    "a@b.example", "mx.b.example", "192.0.2.1", "", "550 5.1.1 no" },
	{ "Jan  5 03:06:18 m smtpd[9]: relay: TempFail for 01: session=1, "
	  "from=<s@x.example>, to=<a@b.example>, rcpt=<->, source=192.0.2.9, "
	  "relay=192.0.2.1 (mx.b.example), delay=1s, stat=421 4.7.0 later, so",
	    LOG_OPENSMTPD, ATTEMPT_DEFERRED, MOMENT_YEARLESS, OLD, "",
	    "a@b.example", "mx.b.example", "192.0.2.1", "",
	    "421 4.7.0 later, so" },
	{ "@40000000695b2ab41f2e3d4c delivery 12: deferral: "
	  "Connected_to_192.0.2.1_but_greeting_failed./Remote_host_said:_421_x/",
	    LOG_QMAIL, ATTEMPT_DEFERRED, MOMENT_FULL, NEW, "", "", "",
	    "192.0.2.1", "",
	    "Connected to 192.0.2.1 but greeting failed./Remote host said: 421 "
	    "x" },
	{ "Jan  5 03:06:18 m qmail: 1767582378.123456 delivery 12: failure: "
	  "192.0.2.1_does_not_like_recipient./Remote_host_said:_550_no/",
	    LOG_QMAIL, ATTEMPT_BOUNCED, MOMENT_YEARLESS, OLD, "", "", "", "",
	    "", "192.0.2.1 does not like recipient./Remote host said: 550 no" },
	{ "{\"type\":\"TransientFailure\",\"id\":\"i\",\"sender\":\"s@x\","
	  "\"recipient\":\"a@b\",\"queue\":\"b\",\"response\":{\"code\":421,"
	  "\"enhanced_code\":{\"class\":4,\"subject\":7,\"detail\":32},"
	  "\"content\":\"later\"},\"peer_address\":{\"name\":\"mx.b\","
	  "\"addr\":\"192.0.2.1\"},\"timestamp\":1767582378}",
	    LOG_JSON, ATTEMPT_DEFERRED, MOMENT_FULL, NEW, "i", "a@b", "mx.b",
	    "192.0.2.1", "4.7.32", "421 later" },
	{ "{\"Type\":\"Notification\",\"Message\":\"{\\\"notificationType\\\":"
	  "\\\"Bounce\\\",\\\"bounce\\\":{\\\"bouncedRecipients\\\":[{"
	  "\\\"emailAddress\\\":\\\"a@b\\\",\\\"status\\\":\\\"5.1.1\\\","
	  "\\\"diagnosticCode\\\":\\\"smtp; 550 5.1.1 no\\\"}],"
	  "\\\"timestamp\\\":\\\"2026-01-05T03:06:18.000Z\\\"},"
	  "\\\"mail\\\":{\\\"messageId\\\":\\\"i\\\"}}\"}",
	    LOG_JSON, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "i", "a@b", "", "",
	    "5.1.1", "smtp; 550 5.1.1 no" },
	{ "[{\"email\":\"a@b\",\"timestamp\":1767582378,\"event\":\"bounce\","
	  "\"reason\":\"550 no\",\"status\":\"5.1.1\"}]",
	    LOG_JSON, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "", "a@b", "", "",
	    "5.1.1", "550 no" },
	{ "{\"event-data\":{\"event\":\"failed\",\"severity\":\"permanent\","
	  "\"recipient\":\"a@b\",\"timestamp\":1767582378.9,"
	  "\"delivery-status\":{\"code\":550,\"message\":\"5.7.1 no\","
	  "\"mx-host\":\"mx.b\"},\"id\":\"i\"}}",
	    LOG_JSON, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "i", "a@b", "mx.b", "",
	    "", "550 5.7.1 no" },
	{ "{\"RecordType\":\"Bounce\",\"Type\":\"HardBounce\",\"Email\":\"a@b\","
	  "\"Details\":\"smtp;550 no\",\"BouncedAt\":"
	  "\"2026-01-05T03:06:18.9070259Z\",\"MessageID\":\"i\"}",
	    LOG_JSON, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "i", "a@b", "", "", "",
	    "smtp;550 no" },
	{ "{\"msys\":{\"message_event\":{\"type\":\"bounce\",\"raw_reason\":"
	  "\"550 no\",\"rcpt_to\":\"a@b\",\"timestamp\":\"1767582378\","
	  "\"error_code\":\"550\",\"message_id\":\"i\"}}}",
	    LOG_JSON, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "i", "a@b", "", "", "",
	    "550 no" },
	{ "{\"__REALTIME_TIMESTAMP\":\"1767582378000000\",\"SYSLOG_IDENTIFIER\":"
	  "\"postfix/smtp\",\"MESSAGE\":\"0A: to=<a@b>, relay=none, "
	  "dsn=4.4.1, status=deferred (x)\"}",
	    LOG_JSON, ATTEMPT_DEFERRED, MOMENT_FULL, NEW, "0A", "a@b", "", "",
	    "4.4.1", "x" },
	{ "2026-01-05 03:06:18 1v1az8-1gnkxW-6B ** |/usr/bin/x <a@b.example> "
	  "R=aliases T=pipe: gone",
	    LOG_EXIM, ATTEMPT_BOUNCED, MOMENT_FULL, NEW, "1v1az8-1gnkxW-6B",
	    "a@b.example", "", "", "", "gone" },
};

static void
what_fails_is_an_attempt(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		const struct attempt *a;

		batch_reset(&batch);
		batch.lines = 7;
		assert_int_equal(log_line(&batch, slice_str(failing[i].line)),
		    failing[i].format);
		assert_int_equal(batch.n, 1);
		a = batch.attempts;
		assert_int_equal(a->kind, failing[i].kind);
		assert_int_equal(a->time.kind, failing[i].moment);
		assert_int_equal(a->time.seconds, failing[i].seconds);
		assert_int_equal(a->line, 7);
		is(a->queue_id, failing[i].queue_id);
		is(a->recipient, failing[i].recipient);
		is(a->host, failing[i].host);
		is(a->ip, failing[i].ip);
		is(a->status, failing[i].status);
		is(a->text, failing[i].text);
	}
}

static const struct {
	const char *line;
	enum log_format format;
	uint64_t delivered;
} others[] = {
	{ "Jan  5 03:06:18 mx1 postfix/smtp[8101]: 0A: to=<a@b>, relay=b[::1]:25, "
	  "dsn=2.0.0, status=sent (250 2.0.0 OK status=bounced)",
	    LOG_POSTFIX, 1 },
	{ "2026-01-05 03:06:18 1v1az8-1gnkxW-6B => a@b.example R=r T=t",
	    LOG_EXIM, 1 },
	{ "2026-01-05 03:06:18 1v1az8-1gnkxW-6B -> a@b.example R=r T=t",
	    LOG_EXIM, 1 },
	{ "2026-01-05 03:06:18 1v1az8-1gnkxW-6B Completed", LOG_EXIM, 0 },
	{ "Jan  5 03:06:18 mx1 postfix/smtpd[8101]: connect from a[192.0.2.1]",
	    LOG_POSTFIX, 0 },
	{ "Jan  5 03:06:18 mx1 postfix/smtpd[8101]: NOQUEUE: reject: RCPT from "
	  "a[192.0.2.1]: 550 5.1.1 to=<x@y> status=bounced",
	    LOG_POSTFIX, 0 },
	{ "Jan  5 03:06:18 mx1 opendkim[8101]: 0A: DKIM-Signature field added",
	    LOG_OTHER, 0 },
	{ "Jan 35 99:06:18 mx1 sshd[1]: x", LOG_OTHER, 0 },
	{ "Jan  5 03:06:18 m sm-mta[1]: x05A: to=<a@b>,<c@d>, dsn=2.0.0, "
	  "stat=Sent (ok)",
	    LOG_SENDMAIL, 2 },
	{ "@40000000695b2ab41f2e3d4c delivery 12: success: ok/", LOG_QMAIL, 1 },
	{ "{\"eventType\":\"Delivery\",\"delivery\":{\"recipients\":[\"a@b\","
	  "\"c@d\"]},\"mail\":{}}",
	    LOG_JSON, 2 },
	{ "{\"a\":1,\"a\":2}", LOG_NONE, 0 },
	{ "{\"event\":\"open\",\"email\":\"a@b\"}", LOG_NONE, 0 },
	{ "", LOG_NONE, 0 },
	{ "\x01\x02 binary", LOG_NONE, 0 },
	{ "Jan  5 03:06:18 mx1", LOG_NONE, 0 },
	{ "2026-01-05 03:06:18 1v1az8-1gnkxW-6B", LOG_NONE, 0 },
};

static void
other_lines_fail_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		batch_reset(&batch);
		if (log_line(&batch, slice_str(others[i].line)) !=
		    others[i].format)
			fail_msg("%s", others[i].line);
		assert_int_equal(batch.n, 0);
		assert_int_equal(batch.delivered, others[i].delivered);
	}
}

/* The way to read a line may be known by the one before. */
static void
a_line_is_the_same_behind_its_like(void **state)
{
	char log[2048];
	int n;

	(void)state;
	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		n = snprintf(log, sizeof(log), "%s\n%s", failing[i].line,
		    failing[i].line);
		batch_reset(&batch);
		log_read(&batch, slice_of(log, (size_t)n));
		assert_int_equal(batch.of[failing[i].format], 2);
		assert_int_equal(batch.n, 2);
		assert_int_equal(batch.attempts[1].kind, failing[i].kind);
		assert_int_equal(batch.attempts[1].time.seconds,
		    failing[i].seconds);
		is(batch.attempts[1].recipient, failing[i].recipient);
		is(batch.attempts[1].text, failing[i].text);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (others[i].line[0] == '\0')
			continue;
		n = snprintf(log, sizeof(log), "%s\n%s", others[i].line,
		    others[i].line);
		batch_reset(&batch);
		log_read(&batch, slice_of(log, (size_t)n));
		assert_int_equal(batch.of[others[i].format], 2);
		assert_int_equal(batch.delivered, 2 * others[i].delivered);
	}
}

/* All of them stand behind a line of Postfix that is whole. */
static void
a_broken_line_is_not_of_postfix(void **state)
{
	static const char *const broken[] = {
		"Jan  5 03-06:18 mx1 postfix/smtpd[8101]: connect from a",
		"Jan__5 03:06:18 mx1 postfix/cleanup[8101]: connect from a",
		"Jan  5 03:06:18_mx1 postfix/smtpd[8101]: connect from a",
		"Jan  5 03:06:18 mx1_postfix/smtpd[8101]: connect from a",
		"Jan  5 03:06:18 mx1 postfix/smtp",
	};
	char log[256];

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		int n = snprintf(log, sizeof(log),
		    "Jan  5 03:06:18 mx1 postfix/qmgr[9]: 0A: removed\n%s",
		    broken[i]);

		batch_reset(&batch);
		log_read(&batch, slice_of(log, (size_t)n));
		assert_int_equal(batch.of[LOG_POSTFIX], 1);
	}
}

/* Each queue id and the sender that is then known; NULL: not told. */
static void
senders_are_found_by_queue_id(void **state)
{
	static const char log[] =
	    "Jan  5 03:06:18 m postfix/qmgr[9]: 0A: from=<s@x.example>, size=1\n"
	    "Jan  5 03:06:18 m postfix/qmgr[9]: 0B: from=<>, size=1\n"
	    "Jan  5 03:06:18 m postfix/smtp[8]: 0A: to=<a@b>, status=bounced (x)\n"
	    "Jan  5 03:06:18 m postfix/smtp[8]: 0B: to=<a@b>, status=bounced (x)\n"
	    "Jan  5 03:06:18 m postfix/qmgr[9]: 0A: removed\r\n"
	    "Jan  5 03:06:18 m postfix/smtp[8]: 0A: to=<a@b>, status=bounced (x)\n"
	    "Jan  5 03:06:18 m postfix/smtp[8]: 0C: to=<a@b>, status=bounced (x)\n"
	    "2026-01-05 03:06:18 1v1az8-1gnkxW-6B <= s@y.example H=h\n"
	    "2026-01-05 03:06:18 1v1az8-1gnkxW-6B ** a@b: x\n"
	    "2026-01-05 03:06:18 1v1az8-1gnkxW-6B ** a@b F=<f@z.example>: x";

	static const struct {
		uint64_t line;
		const char *sender;
	} want[] = { { 3, "s@x.example" }, { 4, "" }, { 6, NULL }, { 7, NULL },
		{ 9, "s@y.example" }, { 10, "f@z.example" } };

	(void)state;
	batch_reset(&batch);
	log_read(&batch, slice_str(log));
	assert_int_equal(batch.lines, 10);
	assert_int_equal(batch.of[LOG_POSTFIX], 7);
	assert_int_equal(batch.of[LOG_EXIM], 3);
	assert_int_equal(batch.n, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < batch.n; i++) {
		assert_int_equal(batch.attempts[i].line, want[i].line);
		assert_int_equal(batch.attempts[i].sender.p != NULL,
		    want[i].sender != NULL);
		if (want[i].sender != NULL)
			is(batch.attempts[i].sender, want[i].sender);
	}
}

/* The start of a delivery tells of what it is; its end comes later. */
static void
deliveries_of_qmail_are_found_by_number(void **state)
{
	static const char log[] =
	    "@40000000695b2ab41f2e3d4c info msg 5: bytes 4 from <s@x> qp 7 uid 1\n"
	    "@40000000695b2ab41f2e3d4c starting delivery 12: msg 5 to remote a@b\n"
	    "@40000000695b2ab41f2e3d4c delivery 12: failure: no/\n"
	    "@40000000695b2ab41f2e3d4c delivery 13: failure: no/\n";

	(void)state;
	batch_reset(&batch);
	log_read(&batch, slice_str(log));
	assert_int_equal(batch.of[LOG_QMAIL], 4);
	assert_int_equal(batch.n, 2);
	is(batch.attempts[0].recipient, "a@b");
	is(batch.attempts[0].sender, "s@x");
	is(batch.attempts[0].queue_id, "5");
	assert_null(batch.attempts[1].recipient.p);
	is(batch.attempts[1].delivery, "13");
}

static void
tables_are_read_by_the_names_of_their_columns(void **state)
{
	static const char acct[] =
	    "type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,jobId\r\n"
	    "b,2026-01-05 03:06:18+0000,s@x,a@b,5.1.1 (bad),\"smtp;550 \"\"no\"\",\n"
	    "really\",mx.b (192.0.2.1),j\n"
	    "d,2026-01-05 03:06:18+0000,s@x,c@b,2.0.0,ok,mx.b (192.0.2.1),j\n"
	    "t,2026-01-05 03:06:18+0000,s@x,d@b,4.0.0,,mx.b,j";
	static const char tracking[] =
	    "#Software: Microsoft Exchange Server\n"
	    "#Fields: date-time,event-id,recipient-address,recipient-status,"
	    "sender-address\n"
	    "2026-01-05T03:06:18.000Z,FAIL,a@b,\"[{LED=550 5.1.10 no};{MSG=};"
	    "{FQDN=mx.b};{IP=192.0.2.1}]\",s@x\n";

	(void)state;
	assert_true(csv_recognise(slice_str(acct)));
	assert_false(csv_recognise(SLICE_LIT("type,orig\nb,x\n")));
	assert_false(csv_recognise(SLICE_LIT("")));
	assert_int_equal(csv_cut(SLICE_LIT("a\n\"b\nc\"\nd,\"e\n")), 8);
	batch_reset(&batch);
	csv_read(&batch, slice_str(acct), slice_str(acct));
	assert_int_equal(batch.n, 2);
	assert_int_equal(batch.delivered, 1);
	assert_int_equal(batch.lines, 5);
	is(batch.attempts[0].text, "smtp;550 \"no\",\nreally");
	is(batch.attempts[0].host, "mx.b");
	is(batch.attempts[0].status, "5.1.1");
	assert_int_equal(batch.attempts[0].time.seconds, NEW);
	assert_int_equal(batch.attempts[0].line, 2);
	assert_int_equal(batch.attempts[1].line, 5);
	is(batch.attempts[1].text, "t");
	batch_reset(&batch);
	csv_read(&batch, slice_str(tracking), slice_str(tracking));
	assert_int_equal(batch.n, 1);
	is(batch.attempts[0].text, "550 5.1.10 no");
	is(batch.attempts[0].host, "mx.b");
	is(batch.attempts[0].ip, "192.0.2.1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fails_is_an_attempt),
		cmocka_unit_test(other_lines_fail_nothing),
		cmocka_unit_test(a_line_is_the_same_behind_its_like),
		cmocka_unit_test(a_broken_line_is_not_of_postfix),
		cmocka_unit_test(senders_are_found_by_queue_id),
		cmocka_unit_test(deliveries_of_qmail_are_found_by_number),
		cmocka_unit_test(tables_are_read_by_the_names_of_their_columns),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
