#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arc_fields.h"
#include "base/buf.h"
#include "check_harness.h"
#include "checks/arc/arc_set.h"
#include "checks/table.h"
#include "with_arena.h"

WITH_ARENA(16 * 1024 * 1024, 4096)

#define LIST         "k._domainkey.list.example"
#define NEXT         "k._domainkey.next.example"
#define THIRD        "k._domainkey.third.example"
#define LIST_KEY     FOUND(LIST, "TXT", TXT(ARC_KEY))
#define NEXT_KEY     FOUND(NEXT, "TXT", TXT(ARC_KEY))
#define THIRD_KEY    FOUND(THIRD, "TXT", TXT(ARC_KEY))
#define HEAD         ARC_FROM ARC_TO ARC_SUBJECT
#define ONE          ONE_SEAL ONE_SIGNATURE ONE_RESULTS
#define TWO          TWO_SEAL TWO_SIGNATURE TWO_RESULTS
#define THREE        THREE_SEAL THREE_SIGNATURE THREE_RESULTS
#define FOOT         FOOT_SEAL FOOT_SIGNATURE FOOT_RESULTS
#define SET(name)    name##_SEAL name##_SIGNATURE name##_RESULTS
#define FIRST(fact)  "sets[0]." fact
#define SECOND(fact) "sets[1]." fact
#define PROBLEM      "problems[0].code"

static const struct scene passing[] = {
	{ .title = "no message", .gaps = " needs-message" },
	{ .title = "a message without ARC",
	    .message = HEAD ARC_BODY,
	    .facts = { { "result", "\"none\"" }, { "reason", "null" },
		{ "oldest_pass", "null" }, { "sets", "[]" },
		{ "problems", "[]" } },
	    .rounds = 1 },
	{ .title = "one set",
	    .recording = LIST_KEY,
	    .message = ONE HEAD ARC_BODY,
	    .facts = { { "result", "\"pass\"" }, { "reason", "null" },
		{ "oldest_pass", "0" }, { FIRST("instance"), "1" },
		{ FIRST("line"), "1" }, { FIRST("domain"), "\"list.example\"" },
		{ FIRST("selector"), "\"k\"" }, { FIRST("cv"), "\"none\"" },
		{ FIRST("signer"), "\"list.example\"" },
		{ FIRST("message_signature"), "\"pass\"" },
		{ FIRST("seal"), "\"pass\"" }, { FIRST("reason"), "null" },
		{ FIRST("authentication_results"),
		    "\"mx.list.example;spf=pass "
		    "smtp.mailfrom=a@example.com\"" },
		{ "problems", "[]" } },
	    .rounds = 2 },
	{ .title = "three sets, in any order",
	    .recording = LIST_KEY NEXT_KEY THIRD_KEY,
	    .message =
		TWO_RESULTS ONE THREE HEAD TWO_SIGNATURE TWO_SEAL ARC_BODY,
	    .facts = { { "result", "\"pass\"" }, { "oldest_pass", "0" },
		{ "sets[2].domain", "\"third.example\"" },
		{ "sets[2].seal", "\"pass\"" }, { "problems", "[]" } },
	    .rounds = 2 },
	{ .title = "a key of its own for each set",
	    .recording = LIST_KEY FOUND(NEXT, "TXT", TXT(ARC_OTHER_KEY)),
	    .message = SET(OTHER) ONE HEAD ARC_BODY,
	    .facts = { { "result", "\"pass\"" }, { "oldest_pass", "0" },
		{ "problems", "[]" } } },
	{ .title = "a body changed before the second set",
	    .recording = LIST_KEY NEXT_KEY,
	    .message = FOOT ONE HEAD ARC_BODY ARC_FOOTER,
	    .facts = { { "result", "\"pass\"" }, { "oldest_pass", "2" },
		{ FIRST("message_signature"), "\"fail\"" },
		{ FIRST("seal"), "\"pass\"" },
		{ FIRST("reason"),
		    "\"The ARC-Message-Signature of set 1 (list.example) does "
		    "not verify: the body was changed\"" },
		{ SECOND("message_signature"), "\"pass\"" },
		{ "problems", "[]" } } },
};

static const struct scene failing[] = {
	{ .title = "a body changed after the last set",
	    .recording = LIST_KEY NEXT_KEY,
	    .message = TWO ONE HEAD ARC_BODY ARC_FOOTER,
	    .facts = { { "result", "\"fail\"" }, { "oldest_pass", "null" },
		{ "reason",
		    "\"The ARC-Message-Signature of set 2 (next.example) does "
		    "not verify: the body was changed\"" },
		{ PROBLEM, "\"arc.signature-failed\"" },
		{ "problems[0].severity", "\"advice\"" },
		{ "problems[0].instance", "2" }, { SECOND("seal"), "\"pass\"" },
		{ "problems[1]", NULL } } },
	{ .title = "a header field changed after the last set",
	    .recording = LIST_KEY,
	    .message = ONE ARC_FROM ARC_TO "Subject: [list] Hello\r\n" ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ FIRST("message_signature"), "\"fail\"" },
		{ "reason",
		    "\"The ARC-Message-Signature of set 1 (list.example) does "
		    "not verify: a header field that it covers was changed, or "
		    "it was made with another key\"" } } },
	{ .title = "results changed after they were sealed",
	    .recording = LIST_KEY,
	    .message = ONE_SEAL ONE_SIGNATURE
	    "ARC-Authentication-Results: i=1; x; dkim=pass\r\n" HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" }, { FIRST("seal"), "\"fail\"" },
		{ FIRST("message_signature"), "\"pass\"" },
		{ PROBLEM, "\"arc.seal-failed\"" },
		{ "reason",
		    "\"The ARC-Seal of set 1 (list.example) does not verify: "
		    "an ARC field up to it was changed, or it was made with "
		    "another key\"" } } },
	{ .title = "another key",
	    .recording = FOUND(LIST, "TXT", TXT(ARC_OTHER_KEY)),
	    .message = ONE HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ "problems[1].code", "\"arc.seal-failed\"" } } },
	{ .title = "no key",
	    .recording = NXDOMAIN(LIST, "TXT"),
	    .message = ONE HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ FIRST("seal"), "\"permerror\"" },
		{ FIRST("reason"),
		    "\"The ARC-Message-Signature of set 1 (list.example) does "
		    "not verify: its key is not in DNS. The ARC-Seal of set 1 "
		    "(list.example) does not verify: its key is not in "
		    "DNS\"" } } },
	{ .title = "sealed as broken",
	    .recording = LIST_KEY NEXT_KEY,
	    .message = SET(BROKEN) ONE HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" }, { PROBLEM, "\"arc.cv-fail\"" },
		{ SECOND("cv"), "\"fail\"" }, { SECOND("seal"), "\"pass\"" },
		{ "reason",
		    "\"ARC set 2 says by cv=fail that the chain was broken "
		    "when it was sealed\"" },
		{ "problems[1]", NULL } } },
	{ .title = "a first set with cv=pass",
	    .recording = LIST_KEY,
	    .message = SET(PASSED) HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ PROBLEM, "\"arc.cv-wrong\"" },
		{ "reason",
		    "\"ARC set 1 has cv=pass where it must have cv=none\"" } } },
	{ .title = "a second set with cv=none",
	    .recording = LIST_KEY NEXT_KEY,
	    .message = SET(AGAIN) ONE HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ PROBLEM, "\"arc.cv-wrong\"" },
		{ "problems[0].instance", "2" } } },
	{ .title = "a seal with h=",
	    .recording = LIST_KEY,
	    .message = SET(LISTED) HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ FIRST("seal"), "\"permerror\"" },
		{ "reason",
		    "\"The ARC-Seal of set 1 (list.example) does not verify: "
		    "it has h=, which a seal must not have\"" } } },
	{ .title = "a signature over a seal",
	    .recording = LIST_KEY,
	    .message = SET(SEALED) HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ FIRST("message_signature"), "\"permerror\"" },
		{ "reason",
		    "\"The ARC-Message-Signature of set 1 (list.example) does "
		    "not verify: its h= names ARC-Seal, which it must "
		    "not\"" } } },
	{ .title = "an expired signature",
	    .recording = LIST_KEY,
	    .message = SET(EXPIRED) HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ "reason",
		    "\"The ARC-Message-Signature of set 1 (list.example) does "
		    "not verify: it has expired\"" } } },
	{ .title = "rsa-sha1",
	    .recording = LIST_KEY,
	    .message = ONE_RESULTS ONE_SIGNATURE
	    "ARC-Seal: i=1; a=rsa-sha1; cv=none; d=list.example; s=k;"
	    " b=AAAA\r\n" HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ FIRST("seal"), "\"policy\"" } } },
	{ .title = "a seal without b= and with a cv= that there is not",
	    .recording = LIST_KEY,
	    .message = ONE_RESULTS ONE_SIGNATURE
	    "ARC-Seal: i=1; a=rsa-sha256; cv=good; d=list.example; s=k"
	    "\r\n" HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" }, { FIRST("cv"), "null" },
		{ FIRST("seal"), "\"permerror\"" },
		{ "reason",
		    "\"The ARC-Seal of set 1 (list.example) does not verify: "
		    "it has no b=\"" } } },
	{ .title = "a cv= that there is not",
	    .recording = LIST_KEY,
	    .message = ONE_RESULTS ONE_SIGNATURE
	    "ARC-Seal: i=1; a=rsa-sha256; cv=None; d=list.example; s=k;"
	    " b=AAAA\r\n" HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ "reason",
		    "\"The ARC-Seal of set 1 (list.example) does not verify: "
		    "its cv= is not none, pass or fail\"" } } },
	{ .title = "a seal whose d= is no domain",
	    .recording = LIST_KEY,
	    .message = ONE_RESULTS ONE_SIGNATURE
	    "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=; s=k;"
	    " b=AAAA\r\n" HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" }, { FIRST("domain"), "null" },
		{ "reason",
		    "\"The ARC-Seal of set 1 (of no domain that can be read) "
		    "does not verify: d= is empty\"" } } },
};

static const struct scene lost[] = {
	{ .title = "the newest key is lost",
	    .recording = LIST_KEY TIMEOUT(NEXT, "TXT"),
	    .message = TWO ONE HEAD ARC_BODY,
	    .facts = { { "result", NULL }, { "reason", NULL },
		{ "oldest_pass", NULL }, { SECOND("seal"), NULL },
		{ SECOND("message_signature"), NULL },
		{ SECOND("reason"), NULL }, { FIRST("seal"), "\"pass\"" },
		{ SECOND("domain"), "\"next.example\"" },
		{ "problems", "[]" } },
	    .gaps = "sets timeout; result timeout; reason timeout; "
		    "oldest_pass timeout" },
	{ .title = "it fails whatever the lost key is",
	    .recording = LIST_KEY TIMEOUT(NEXT, "TXT"),
	    .message = SET(BROKEN) ONE HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" }, { "reason", NULL },
		{ PROBLEM, "\"arc.cv-fail\"" } },
	    .gaps = "sets timeout; reason timeout" },
};

/* Nothing is asked for a chain that is not whole. */
static const struct scene broken[] = {
	{ .title = "no seal",
	    .message = ONE_SIGNATURE ONE_RESULTS HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ "reason", "\"ARC set 1 has no ARC-Seal\"" },
		{ PROBLEM, "\"arc.field-missing\"" },
		{ "problems[0].instance", "1" }, { FIRST("line"), "null" },
		{ FIRST("seal"), "null" } },
	    .rounds = 1 },
	{ .title = "no results",
	    .message = ONE_SEAL ONE_SIGNATURE HEAD ARC_BODY,
	    .facts = { { "reason",
			   "\"ARC set 1 has no ARC-Authentication-Results\"" },
		{ FIRST("authentication_results"), "null" } } },
	{ .title = "two seals",
	    .message = ONE ONE_SEAL HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ "reason", "\"ARC set 1 has a second ARC-Seal\"" },
		{ PROBLEM, "\"arc.field-twice\"" } } },
	{ .title = "the first set is gone",
	    .message = TWO HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ "reason", "\"ARC set 1 is missing below a later one\"" },
		{ PROBLEM, "\"arc.instance-missing\"" },
		{ SECOND("instance"), "2" } } },
	{ .title = "results without an instance",
	    .message = ONE_SEAL ONE_SIGNATURE
	    "ARC-Authentication-Results: x; i=1; spf=pass\r\n" HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" },
		{ PROBLEM, "\"arc.instance-invalid\"" },
		{ "problems[0].instance", "null" },
		{ "reason",
		    "\"The ARC-Authentication-Results of line 3 has no i= from "
		    "1 to 50\"" } } },
	{ .title = "only an instance that cannot be",
	    .message = "ARC-Seal: i=51; cv=pass\r\n" HEAD ARC_BODY,
	    .facts = { { "result", "\"fail\"" }, { "sets", "[]" },
		{ PROBLEM, "\"arc.instance-invalid\"" } } },
};

static void
chains_pass(void **state)
{
	(void)state;
	scenes_play(&check_arc, passing);
}

/* As a Unix tool saves it. */
static void
bare_lf_throughout_is_crlf(void **state)
{
	static const char crlf[] = ONE HEAD ARC_BODY;
	char bare[sizeof(crlf)];
	struct scene scene = { .title = "bare LF",
		.recording = LIST_KEY,
		.message = bare,
		.facts = { { "result", "\"pass\"" } } };
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < sizeof(crlf); i++)
		if (crlf[i] != '\r')
			bare[n++] = crlf[i];
	scene_play(&check_arc, &scene);
}

static void
chains_fail(void **state)
{
	(void)state;
	scenes_play(&check_arc, failing);
}

static void
lost_keys_leave_it_open(void **state)
{
	(void)state;
	scenes_play(&check_arc, lost);
}

static void
chains_are_not_whole(void **state)
{
	(void)state;
	scenes_play(&check_arc, broken);
}

/* ---- instances --------------------------------------------------------- */

struct row {
	const char *fields;
	enum arc_fault fault;
	size_t n;
	const char *results; /* of instance 1; NULL: none */
};

#define RESULTS "ARC-Authentication-Results:"

static const struct row rows[] = {
	{ "From: a@example.com\r\n", ARC_FINE, 0, NULL },
	{ RESULTS "i=1;x\r\n", ARC_MISSING, 1, "x" },
	{ RESULTS " (a (b\\) c)) i (d) = (e)\r\n 1 (f) ; x ;\r\n", ARC_MISSING,
	    1, "x ;" },
	{ RESULTS "i=01; x\r\n", ARC_MISSING, 1, "x" },
	{ RESULTS "i=1;\r\n", ARC_MISSING, 1, "" },
	{ "arc-authentication-results: i=50;x\r\n", ARC_GAP, 50, NULL },
	{ RESULTS "i=51;x\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS "i=0;x\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS "i=001;x\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS "i=;x\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS "i=-1;x\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS "I=1;x\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS "i=1 x;\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS "i=1\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS " (i=1; x\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ RESULTS "\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ "ARC-Seal: a=b; i = 2 ; c=d\r\n", ARC_GAP, 2, NULL },
	{ "ARC-Seal: I=1\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ "ARC-Seal: i=1; i=2\r\n", ARC_MISSING, 1, NULL },
	{ "ARC-Message-Signature: i=1;;\r\n", ARC_MISSING, 1, NULL },
	{ "ARC-Message-Signature: i=1x\r\n", ARC_NO_INSTANCE, 0, NULL },
	{ "ARC-Unknown: i=1\r\n", ARC_FINE, 0, NULL },
	{ ONE TWO THREE, ARC_FINE, 3,
	    "mx.list.example;spf=pass smtp.mailfrom=a@example.com" },
	{ TWO_SEAL ONE_SEAL TWO_SEAL, ARC_TWICE, 2, NULL },
};

static void
instances_are_read(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct message m;
		struct arc_chain c;

		print_message("%s", r->fields);
		assert_int_equal(message_parse(arena, slice_str(r->fields), &m),
		    RC_OK);
		arc_chain_read(&m, &c);
		assert_int_equal(c.fault, r->fault);
		assert_int_equal(c.n, r->n);
		assert_true(slice_eq(c.sets[0].results, slice_str(r->results)));
	}
}

static void
more_fields_than_fifty_sets_have(void **state)
{
	enum { MANY = 20 * 1000, TEXT_MAX = 1024 * 1024 };

	struct message m;
	struct arc_chain c;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text, TEXT_MAX);
	for (i = 0; i < MANY; i++)
		buf_printf(&text, "ARC-Seal: i=%zu\r\n", i + 1);
	assert_int_equal(message_parse(arena, buf_slice(&text), &m), RC_OK);
	arc_chain_read(&m, &c);
	/* The first fault is the 51st. */
	assert_int_equal(c.fault, ARC_NO_INSTANCE);
	assert_int_equal(c.field->line, LIMIT_ARC_SETS + 1);
	assert_int_equal(c.n, LIMIT_ARC_SETS);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_pass),
		cmocka_unit_test(bare_lf_throughout_is_crlf),
		cmocka_unit_test(chains_fail),
		cmocka_unit_test(lost_keys_leave_it_open),
		cmocka_unit_test(chains_are_not_whole),
		cmocka_unit_test(instances_are_read),
		cmocka_unit_test(more_fields_than_fifty_sets_have),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
