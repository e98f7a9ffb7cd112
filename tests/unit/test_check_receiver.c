#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

/* Signed once for these tests, by keys that are for nothing else. */
#define RSA \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=exam" \
	"ple.com; s=s1; h=From:To:Subject; bh=yZQq1c8wjBl0fZ4Wc/oraMC" \
	"AG1mZJv5v/hlvyFy+t6A=; b=Pf/1wtFVAeHhTNgPzBc+xJYIIwucMOp7zuu" \
	"84Lp9aGfZvHC4b758ImsbjO9vlQZ0py5wJG+oQcfsmmM/JuRUMGGgBh0sjQH" \
	"DuV1Ez4T2mf7hu6hwB9ZKRJnbv2YFATK+Vc9pWbmZ10EU2JEVur11u9/uVl8" \
	"Sq9Hkh4niOwatfHw=" \
	"\n"
#define RSA_KEY \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDHQ/MwSNEc1bPSRetwFYOW" \
	"j4W6NQzbH6yab57GG+sI9oa6VxfExPjpTYCghyE6SECjfqJyhnT7xI46gOUm" \
	"m9vg9K4szp0TXC3j8t6XNwZu0On/n7UX+Agz52goYUPT/4U9kGZwE57kznF/" \
	"lH4GU1Q2G6MxNOcmoXTD47SGH40r7wIDAQAB"
#define ED \
	"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=" \
	"example.com; s=s2; h=From:To:Subject; bh=yZQq1c8wjBl0fZ4Wc/o" \
	"raMCAG1mZJv5v/hlvyFy+t6A=; b=LWCFfsA3oSpVcLo0w5H+o+BZlRMZnRi" \
	"T6mZ0zwDCwQ6tD1pxONziC3bwSjofcnPoi9zWWgMnes/uKH+fNUNqDw==" \
	"\n"
#define ED_KEY "Z1esi3ACJg9tshidl72+C/BrbCYsKtjFqTBbdm4MYtw="
#define B8     "Pf/1wtFV"

#define FIELDS "From: News <news@example.com>\nTo: x@recv.test\nSubject: Hi\n"
#define BODY   "\nHello.\n"

#define KEY \
	FOUND("s1._domainkey.example.com", "TXT", TXT("v=DKIM1; p=" RSA_KEY))
#define ED_RECORD \
	FOUND("s2._domainkey.example.com", "TXT", \
	    TXT("v=DKIM1; k=ed25519; p=" ED_KEY))
#define SPF(record) FOUND("example.com", "TXT", TXT(record))
#define SPF_PASS    SPF("v=spf1 ip4:192.0.2.1 -all")

/* The audits are as of midnight. */
#define HOP(time) \
	"Received: from mta.example.com (mta.example.com. [192.0.2.1]) by " \
	"mx.google.com with ESMTPS id 1; Fri, 20 Nov 2026 " time " +0000\n"
#define EARLIER       HOP("21:00:00")
#define JUST          HOP("23:50:00")
#define SAID(results) "Authentication-Results: mx.google.com; " results "\n"
#define SENDER \
	.ips = { "192.0.2.1" }, .helo = "mta.example.com", \
	.mail_from = "b@example.com"

static const struct scene spf[] = {
	{ .title = "both say pass",
	    .recording = SPF_PASS,
	    SENDER,
	    .message = SAID("spf=pass smtp.mailfrom=b@example.com")
		EARLIER FIELDS BODY,
	    .facts = { { "house", "\"google.com\"" },
		{ "time", "\"2026-11-20T21:00:00Z\"" },
		{ "results[0].name", "\"spf\"" },
		{ "results[0].method", "\"spf\"" },
		{ "results[0].domain", "\"example.com\"" },
		{ "results[0].theirs", "\"pass\"" },
		{ "results[0].ours", "\"pass\"" },
		{ "results[0].agree", "true" }, { "results[0].cause", "null" },
		{ "results[0].explanation", "null" },
		{ "results[0].line", "1" }, { "problems", "[]" } } },
	{ .title = "the record was changed since, for the worse",
	    .recording = SPF("v=spf1 -all"),
	    SENDER,
	    .message = SAID("spf=pass smtp.mailfrom=b@example.com")
		EARLIER FIELDS BODY,
	    .facts = { { "results[0].ours", "\"fail\"" },
		{ "results[0].agree", "false" },
		{ "results[0].cause", "\"dns-changed\"" },
		{ "problems[0].code", "\"receiver.passed-there\"" },
		{ "problems[0].method", "\"spf\"" },
		{ "problems[0].detail",
		    "\"SPF passed there 3 h before this audit and is fail now: "
		    "the record, or one that it includes, was changed since, "
		    "and mail from that address no longer passes; put the "
		    "address back if it still sends\"" } } },
	{ .title = "the record was mended since",
	    .recording = SPF_PASS,
	    SENDER,
	    .message = SAID("spf=softfail smtp.mailfrom=b@example.com")
		EARLIER FIELDS BODY,
	    .facts = { { "results[0].ours", "\"pass\"" },
		{ "results[0].cause", "\"dns-changed\"" },
		{ "problems[0].code", "\"receiver.failed-there\"" } } },
	{ .title = "neither passes, and the words differ",
	    .recording = SPF("v=spf1 -all"),
	    SENDER,
	    .message = SAID("spf=softfail smtp.mailfrom=b@example.com")
		EARLIER FIELDS BODY,
	    .facts = { { "results[0].agree", "false" },
		{ "problems[0].code", "\"receiver.differs\"" } } },
	{ .title = "within minutes no record is said to be changed",
	    .recording = SPF_PASS,
	    SENDER,
	    .message =
		SAID("spf=fail smtp.mailfrom=b@example.com") JUST FIELDS BODY,
	    .facts = { { "results[0].cause", "\"unclear\"" } } },
	{ .title = "they had no answer",
	    .recording = SPF_PASS,
	    SENDER,
	    .message = SAID("spf=temperror smtp.mailfrom=b@example.com")
		EARLIER FIELDS BODY,
	    .facts = { { "results[0].agree", "false" },
		{ "results[0].cause", "\"their-temperror\"" } } },
	{ .title = "without an answer of ours nothing is compared",
	    .recording = TIMEOUT("example.com", "TXT"),
	    SENDER,
	    .message = SAID("spf=pass smtp.mailfrom=b@example.com")
		EARLIER FIELDS BODY,
	    .facts = { { "results[0].theirs", "\"pass\"" },
		{ "results[0].ours", NULL }, { "results[0].agree", NULL },
		{ "results[0].cause", NULL }, { "problems", "[]" } },
	    .gaps = "results[].ours timeout; results[].agree timeout; "
		    "results[].cause timeout; results[].explanation timeout; "
		    "problems timeout" },
	{ .title = "they judged a relay's address",
	    .recording = SPF_PASS,
	    .ips = { "192.0.2.1" },
	    .helo = "mta.example.com",
	    .mail_from = "b@example.com",
	    .message =
		"Received-SPF: fail (google.com: domain of x) "
		"client-ip=198.51.100.7;\n" SAID(
		    "spf=fail smtp.mailfrom=b@example.com") EARLIER FIELDS BODY,
	    .facts = { { "results[0].cause", "\"other-address\"" },
		{ "results[1]", NULL } } },
	{ .title = "they judged another identity",
	    .recording = SPF("v=spf1 -all"),
	    SENDER,
	    .message =
		SAID("spf=pass smtp.helo=mta.example.com") EARLIER FIELDS BODY,
	    .facts = { { "results[0].domain", "\"mta.example.com\"" },
		{ "results[0].cause", "\"other-identity\"" } } },
	{ .title = "they guessed",
	    .recording = NODATA("example.com", "TXT"),
	    SENDER,
	    .message =
		"Received-SPF: pass (google.com: best guess record for "
		"domain of b@example.com designates 192.0.2.1 as "
		"permitted sender) client-ip=192.0.2.1;\n" EARLIER FIELDS BODY,
	    .facts = { { "results[0].ours", "\"none\"" },
		{ "results[0].cause", "\"best-guess\"" } } },
	{ .title = "a stranger's words are not the receiver's",
	    .recording = SPF_PASS,
	    SENDER,
	    .message =
		"Authentication-Results: mx.other.test; spf=fail "
		"smtp.mailfrom=b@example.com\n" EARLIER SAID(
		    "spf=pass") "Received: from a.example.com ([10.0.0.1]) by "
				"mta.example.com with ESMTP\n" SAID("spf=fail")
				    FIELDS BODY,
	    .facts = { { "results[0].theirs", "\"pass\"" },
		{ "results[1]", NULL } } },
	{ .title = "the first of two counts",
	    .recording = SPF_PASS,
	    SENDER,
	    .message = SAID("spf=pass smtp.mailfrom=b@example.com; spf=fail")
		EARLIER FIELDS BODY,
	    .facts = { { "results[0].agree", "true" },
		{ "results[1]", NULL } } },
	{ .title = "no sending address",
	    .recording = SPF_PASS,
	    .mail_from = "b@example.com",
	    .message = SAID("spf=pass smtp.mailfrom=b@example.com")
		EARLIER FIELDS BODY,
	    .facts = { { "results[0].ours", NULL } },
	    .gaps = "results[].ours needs-ip; results[].agree needs-ip; "
		    "results[].cause needs-ip; results[].explanation "
		    "needs-ip; problems needs-ip" },
	{ .title = "no message",
	    .facts = { { "results", NULL }, { "house", NULL } },
	    .gaps = " needs-message" },
	{ .title = "never delivered",
	    .message = FIELDS BODY,
	    .facts = { { "results", "[]" }, { "house", "null" },
		{ "time", "null" }, { "problems", "[]" } } },
};

static void
spf_is_set_beside_ours(void **state)
{
	(void)state;
	scenes_play(&check_receiver, spf);
}

#define DKIM_SAID(result) \
	SAID("dkim=" result \
	     " header.i=@example.com header.s=s1 header.b=\"" B8 "\"")

static const struct scene dkim[] = {
	{ .title = "both verify it",
	    .recording = KEY,
	    .message = DKIM_SAID("pass") EARLIER RSA FIELDS BODY,
	    .facts = { { "results[0].name", "\"dkim example.com s1 " B8 "\"" },
		{ "results[0].domain", "\"example.com\"" },
		{ "results[0].selector", "\"s1\"" },
		{ "results[0].ours", "\"pass\"" },
		{ "results[0].agree", "true" } } },
	{ .title = "the key was taken out since",
	    .recording = NXDOMAIN("s1._domainkey.example.com", "TXT"),
	    .message = DKIM_SAID("pass") EARLIER RSA FIELDS BODY,
	    .facts = { { "results[0].agree", "false" },
		{ "results[0].cause", "\"key-gone\"" },
		{ "problems[0].code", "\"receiver.passed-there\"" },
		{ "problems[0].method", "\"dkim\"" } } },
	{ .title = "the key was revoked since",
	    .recording =
		FOUND("s1._domainkey.example.com", "TXT", TXT("v=DKIM1; p=")),
	    .message = DKIM_SAID("pass") EARLIER RSA FIELDS BODY,
	    .facts = { { "results[0].cause", "\"key-gone\"" } } },
	{ .title = "the body was altered since",
	    .recording = KEY,
	    .message = DKIM_SAID("pass") EARLIER RSA FIELDS "\nHello, you.\n",
	    .facts = { { "results[0].ours", "\"fail\"" },
		{ "results[0].cause", "\"altered\"" } } },
	{ .title = "it failed there and is right here",
	    .recording = KEY,
	    .message = DKIM_SAID("neutral") EARLIER RSA FIELDS BODY,
	    .facts = { { "results[0].agree", "false" },
		{ "results[0].cause", "\"dns-changed\"" },
		{ "problems[0].code", "\"receiver.failed-there\"" } } },
	{ .title = "the same within minutes",
	    .recording = KEY,
	    .message = DKIM_SAID("fail") JUST RSA FIELDS BODY,
	    .facts = { { "results[0].cause", "\"unclear\"" } } },
	{ .title = "they had no answer for the key",
	    .recording = KEY,
	    .message = DKIM_SAID("temperror") EARLIER RSA FIELDS BODY,
	    .facts = { { "results[0].cause", "\"their-temperror\"" } } },
	{ .title = "both do not verify it, in other words",
	    .recording = KEY,
	    .message = DKIM_SAID("neutral") EARLIER RSA FIELDS "\nAltered\n",
	    .facts = { { "results[0].agree", "true" }, { "problems", "[]" } } },
	{ .title = "a signature that is not there",
	    .recording = KEY,
	    .message = SAID("dkim=pass header.d=other.test header.s=x")
		EARLIER RSA FIELDS BODY,
	    .facts = { { "results[0].ours", "null" },
		{ "results[0].agree", "false" },
		{ "results[0].cause", "\"signature-gone\"" } } },
	{ .title = "none of either",
	    .message = SAID("dkim=none") EARLIER FIELDS BODY,
	    .facts = { { "results[0].name", "\"dkim\"" },
		{ "results[0].ours", "null" },
		{ "results[0].agree", "true" } } },
	{ .title = "Ed25519 they do not know",
	    .recording = KEY ED_RECORD,
	    .message = SAID("dkim=pass header.d=example.com header.s=s1; "
			    "dkim=neutral header.d=example.com header.s=s2")
		EARLIER ED RSA FIELDS BODY,
	    .facts = { { "results[0].agree", "true" },
		{ "results[1].ours", "\"pass\"" },
		{ "results[1].cause", "\"ed25519\"" } } },
	{ .title = "a claim that does not tell which",
	    .recording = KEY NXDOMAIN("s2._domainkey.example.com", "TXT"),
	    .message = SAID("dkim=pass header.d=example.com")
		EARLIER ED RSA FIELDS BODY,
	    .facts = { { "results[0].name", "\"dkim example.com\"" },
		{ "results[0].agree", "true" } } },
	{ .title = "without the key nothing is compared",
	    .recording = TIMEOUT("s1._domainkey.example.com", "TXT"),
	    .message = DKIM_SAID("pass") EARLIER RSA FIELDS BODY,
	    .facts = { { "results[0].theirs", "\"pass\"" },
		{ "results[0].ours", NULL }, { "results[0].agree", NULL } },
	    .gaps = "results[].ours timeout; results[].agree timeout; "
		    "results[].cause timeout; results[].explanation timeout; "
		    "problems timeout" },
};

static void
dkim_is_set_beside_ours(void **state)
{
	(void)state;
	scenes_play(&check_receiver, dkim);
}

#define DMARC \
	FOUND("_dmarc.example.com", "TXT", TXT("v=DMARC1; p=reject")) \
	NXDOMAIN("_dmarc.com", "TXT")
#define NO_DMARC \
	NXDOMAIN("_dmarc.example.com", "TXT") NXDOMAIN("_dmarc.com", "TXT")
#define DMARC_SAID(result) \
	SAID("spf=pass smtp.mailfrom=b@example.com; dmarc=" result \
	     " header.from=example.com")

static const struct scene dmarc[] = {
	{ .title = "both say pass",
	    .recording = SPF_PASS DMARC,
	    SENDER,
	    .message = DMARC_SAID("pass") EARLIER FIELDS BODY,
	    .facts = { { "results[1].name", "\"dmarc\"" },
		{ "results[1].domain", "\"example.com\"" },
		{ "results[1].ours", "\"pass\"" },
		{ "results[1].agree", "true" } } },
	{ .title = "there was no record then",
	    .recording = SPF_PASS DMARC,
	    SENDER,
	    .message = DMARC_SAID("none") EARLIER FIELDS BODY,
	    .facts = { { "results[1].agree", "false" },
		{ "results[1].cause", "\"dns-changed\"" },
		{ "problems[0].code", "\"receiver.failed-there\"" },
		{ "problems[0].method", "\"dmarc\"" } } },
	{ .title = "it follows from SPF",
	    .recording = SPF_PASS DMARC,
	    SENDER,
	    .message = SAID("dmarc=fail header.from=example.com; spf=fail "
			    "smtp.mailfrom=b@example.com") EARLIER FIELDS BODY,
	    .facts = { { "results[0].name", "\"spf\"" },
		{ "results[0].cause", "\"dns-changed\"" },
		{ "results[1].cause", "\"follows\"" } } },
	{ .title = "a forwarder's word was taken",
	    .recording = SPF_PASS NO_DMARC,
	    SENDER,
	    .message =
		SAID("arc=pass; spf=pass smtp.mailfrom=b@example.com; "
		     "dmarc=pass header.from=example.com") EARLIER FIELDS BODY,
	    .facts = { { "results[1].ours", "\"none\"" },
		{ "results[1].cause", "\"override\"" } } },
	{ .title = "they had no answer",
	    .recording = SPF_PASS DMARC,
	    SENDER,
	    .message = DMARC_SAID("temperror") EARLIER FIELDS BODY,
	    .facts = { { "results[1].cause", "\"their-temperror\"" } } },
	{ .title = "within minutes",
	    .recording = SPF_PASS DMARC,
	    SENDER,
	    .message = DMARC_SAID("fail") JUST FIELDS BODY,
	    .facts = { { "results[1].cause", "\"unclear\"" } } },
	{ .title = "what would pass with a record has none",
	    .recording = SPF_PASS NO_DMARC,
	    SENDER,
	    .message = DMARC_SAID("bestguesspass") EARLIER FIELDS BODY,
	    .facts = { { "results[1].ours", "\"none\"" },
		{ "results[1].agree", "true" } } },
	{ .title = "without the record nothing is compared",
	    .recording = SPF_PASS TIMEOUT("_dmarc.example.com", "TXT"),
	    SENDER,
	    .message = DMARC_SAID("pass") EARLIER FIELDS BODY,
	    .facts = { { "results[1].theirs", "\"pass\"" },
		{ "results[1].ours", NULL }, { "results[1].agree", NULL } },
	    .gaps = "results[].ours timeout; results[].agree timeout; "
		    "results[].cause timeout; results[].explanation timeout; "
		    "problems timeout" },
};

static void
dmarc_is_set_beside_ours(void **state)
{
	(void)state;
	scenes_play(&check_receiver, dmarc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spf_is_set_beside_ours),
		cmocka_unit_test(dkim_is_set_beside_ours),
		cmocka_unit_test(dmarc_is_set_beside_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
