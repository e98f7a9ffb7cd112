#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "bounces/dmarc_report.h"
#include "bounces/judge.h"
#include "bounces/log.h"

static struct batch batch;
static struct bounces *packs;

static int
setup(void **state)
{
	struct pack_error error;

	(void)state;
	if (bounces_new(&packs) != RC_OK)
		return -1;
	for (const struct builtin_pack *p = builtin_bounces; p->name != NULL;
	     p++) {
		if (bounces_add_pack(packs, slice_str(p->name),
			slice_of(p->text, p->size), &error) != RC_OK)
			return -1;
	}
	return batch_init(&batch) == RC_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	batch_free(&batch);
	bounces_close(&packs);
	return 0;
}

static void
is(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_str(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_FMT(s), want);
}

static void
take(const char *xml)
{
	struct classifier *c = NULL;

	batch_reset(&batch);
	dmarc_report_read(&batch, slice_str(xml));
	assert_int_equal(classifier_new(packs, &c), RC_OK);
	judge_batch(c, NULL, &batch);
	classifier_close(&c);
	assert_false(batch.failed);
	assert_int_equal(batch.lines, 1);
}

#define REPORT(ORG) \
	"<?xml version=\"1.0\"?>\n<feedback><report_metadata><org_name>" ORG \
	"</org_name><date_range><begin>1767571200</begin><end>1767657599" \
	"</end></date_range></report_metadata><policy_published><domain>" \
	"a.example</domain></policy_published>"
#define ROW(COUNT, DISPOSITION, REASON) \
	"<record><row><source_ip>192.0.2.1</source_ip><count>" COUNT \
	"</count><policy_evaluated><disposition>" DISPOSITION \
	"</disposition><dkim>fail</dkim><spf>pass</spf>" REASON \
	"</policy_evaluated></row>"
#define RECORD(COUNT, DISPOSITION, REASON) \
	ROW(COUNT, DISPOSITION, REASON) \
	"<identifiers><header_from>n.a.example</header_from></identifiers>" \
	"<auth_results><spf><domain>x.example</domain></spf></auth_results>" \
	"</record>"
#define COMMENT(TEXT) \
	"<reason><type>local_policy</type><comment>" TEXT "</comment></reason>"
#define END "</feedback>\n"

static const struct {
	const char *xml;
	enum attempt_kind kind;
	uint64_t count;
	const char *provider, *sender_domain, *text;
	enum bounce_reason reason;
} records[] = {
	{ REPORT("google.com") RECORD("3", "reject", "") END, ATTEMPT_BOUNCED,
	    3, "gmail", "n.a.example",
	    "Rejected by the DMARC policy of the domain (dkim=fail, "
	    "spf=pass)",
	    REASON_DMARC },
	{ REPORT("Yahoo") ROW("2", "quarantine", "") "</record>" END,
	    ATTEMPT_BOUNCED, 2, "yahoo", "a.example",
	    "Quarantined by the DMARC policy of the domain (dkim=fail, "
	    "spf=pass)",
	    REASON_DMARC },
	{ REPORT("google.com") RECORD("7", "none",
	      COMMENT("Sender requirement failed: 550-5.7.30")) END,
	    ATTEMPT_BOUNCED, 7, "gmail", "n.a.example",
	    "Sender requirement failed: 550-5.7.30", REASON_DKIM },
	{ REPORT("google.com") RECORD("7", "none",
	      COMMENT("Sender requirement failed: 550-5.7.25")) END,
	    ATTEMPT_BOUNCED, 7, "gmail", "n.a.example",
	    "Sender requirement failed: 550-5.7.25", REASON_PTR },
	{ REPORT("google.com") RECORD("7", "none",
	      COMMENT("Sender requirement failed: 421-4.7.32")) END,
	    ATTEMPT_DEFERRED, 7, "gmail", "n.a.example",
	    "Sender requirement failed: 421-4.7.32", REASON_ALIGNMENT },
	/* RFC 9990, in its name space and with a prefix. */
	{ "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">" RECORD("1",
	      "reject", "") END,
	    ATTEMPT_BOUNCED, 1, NULL, "n.a.example",
	    "Rejected by the DMARC policy of the domain (dkim=fail, "
	    "spf=pass)",
	    REASON_DMARC },
	{ "<d:feedback xmlns:d=\"urn:x\"><d:record><d:row><d:policy_evaluated>"
	  "<d:disposition>reject</d:disposition></d:policy_evaluated></d:row>"
	  "</d:record></d:feedback>",
	    ATTEMPT_BOUNCED, 1, NULL, "",
	    "Rejected by the DMARC policy of the domain (dkim=, "
	    "spf=)",
	    REASON_DMARC },
	{ REPORT("Enterprise Outlook") RECORD("many", "reject", "") END,
	    ATTEMPT_BOUNCED, 1, "outlook", "n.a.example",
	    "Rejected by the DMARC policy of the domain (dkim=fail, "
	    "spf=pass)",
	    REASON_DMARC },
};

static void
what_was_refused_is_an_attempt_with_a_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		const struct attempt *a;

		take(records[i].xml);
		if (batch.n != 1)
			fail_msg("%zu: %zu attempts", i, batch.n);
		a = &batch.attempts[0];
		is(a->text, records[i].text);
		is(a->sender_domain, records[i].sender_domain);
		assert_int_equal(a->kind, records[i].kind);
		assert_int_equal(a->count, records[i].count);
		assert_int_equal(a->class.reason, records[i].reason);
		if (records[i].provider == NULL)
			assert_null(a->class.provider);
		else
			is(a->class.provider->name, records[i].provider);
		assert_int_equal(batch.of[LOG_NONE], 0);
	}
}

static void
what_passed_was_delivered(void **state)
{
	(void)state;
	take(REPORT("google.com") RECORD("40", "none", "")
		RECORD("2", "none", COMMENT("arc=pass")) END);
	assert_int_equal(batch.n, 0);
	assert_int_equal(batch.delivered, 42);
}

static void
the_time_is_the_begin_of_the_report(void **state)
{
	(void)state;
	take(REPORT("x") RECORD("1", "reject", "") END);
	assert_int_equal(batch.attempts[0].time.kind, MOMENT_FULL);
	assert_int_equal(batch.attempts[0].time.seconds, 1767571200);
	is(batch.attempts[0].ip, "192.0.2.1");
}

#define NINE(E, F) \
	"<!ENTITY " E " \"&" F ";&" F ";&" F ";&" F ";&" F ";&" F ";&" F \
	";&" F ";&" F ";\">"

/* What is broken, with how many attempts came before. */
static const struct {
	const char *xml;
	size_t attempts;
} broken[] = {
	{ "<?xml version=\"1.0\"?>\n", 0 },
	{ "<html><record/></html>", 0 },
	{ REPORT("x") RECORD("1", "reject", ""), 1 },
	{ REPORT("x") RECORD("1", "reject", "") "</wrong>", 1 },
	{ REPORT("x") "<record><row>", 0 },
	/* Billion laughs */
	{ "<!DOCTYPE feedback [<!ENTITY a \"ha\">" NINE("b", "a") NINE("c",
	      "b") NINE("d", "c") NINE("e", "d") NINE("f", "e") NINE("g", "f")
		NINE("h", "g") NINE("i",
		    "h") "]>"
			 "<feedback><report_metadata><org_name>&i;</org_name>"
			 "</report_metadata>" RECORD("1", "reject", "") END,
	    0 },
	/* An external entity is not read, and nothing behind it. */
	{ "<!DOCTYPE feedback [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
	  "<feedback>" RECORD("1", "reject", COMMENT("&x;")) END,
	    0 },
	{ "<!DOCTYPE feedback SYSTEM \"http://x.example/x.dtd\"><feedback/>",
	    0 },
	{ "<feedback>" RECORD("1", "reject", COMMENT("&x;")) END, 0 },
};

static void
what_is_broken_is_counted_and_what_came_before_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		take(broken[i].xml);
		if (batch.n != broken[i].attempts || batch.of[LOG_NONE] != 1)
			fail_msg("%zu: %zu attempts", i, batch.n);
	}
}

static void
values_and_paths_have_a_limit(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4 * 1024 * 1024);
	buf_add_str(&b, "<feedback>");
	for (size_t i = 0; i < 1000; i++)
		buf_add_str(&b, "<record>");
	for (size_t i = 0; i < 1000; i++)
		buf_add_str(&b, "</record>");
	buf_add_str(&b, ROW("1", "reject", "") "<identifiers><header_from>");
	for (size_t i = 0; i < 100000; i++)
		buf_add_str(&b, "a.");
	buf_add_str(&b, "</header_from></identifiers></record></feedback>");
	buf_add_char(&b, '\0');
	take((const char *)b.p);
	assert_int_equal(batch.of[LOG_NONE], 0);
	assert_int_equal(batch.n, 1);
	assert_int_equal(batch.attempts[0].sender_domain.n, LIMIT_DMARC_VALUE);
	assert_int_equal(batch.cut[CUT_VALUE], 1);
	assert_int_equal(batch.cut_records, 1);
	buf_free(&b);
}

static void
more_messages_than_there_may_be_are_said(void **state)
{
	(void)state;
	take(REPORT("x") RECORD("1000000000", "reject", "") END);
	assert_int_equal(batch.cut_records, 0);
	take(REPORT("x") RECORD("1000000001", "reject", "") END);
	assert_int_equal(batch.attempts[0].count, LIMIT_DMARC_COUNT);
	assert_int_equal(batch.cut[CUT_VALUE], 1);
	take(REPORT("x") RECORD("99999999999999999999999", "none", "") END);
	assert_int_equal(batch.delivered, LIMIT_DMARC_COUNT);
	assert_int_equal(batch.cut[CUT_VALUE], 1);
}

/* Each record once, in the order of the report, whatever a batch takes. */
static void
a_report_that_has_no_room_is_read_on(void **state)
{
	uint64_t next = 0, times = 0, number;
	struct buf b;

	(void)state;
	buf_init(&b, 64 * 1024 * 1024);
	buf_add_str(&b, "<feedback>");
	for (unsigned int i = 0; i < 50000; i++)
		buf_printf(&b,
		    ROW("1", "reject", "") "<identifiers><header_from>%0200u"
					   "</header_from></identifiers>"
					   "</record>",
		    i);
	buf_add_str(&b, "</feedback>");
	batch_reset(&batch);
	dmarc_report_read(&batch, buf_slice(&b));
	for (; times < 100; times++) {
		assert_false(batch.failed);
		assert_int_equal(batch.lines, 1);
		assert_int_equal(batch.of[LOG_NONE], 0);
		assert_true(batch.n > 0 && batch.n <= LIMIT_BATCH_ATTEMPTS);
		assert_true(
		    arena_size(batch.arena) < LIMIT_BATCH_TEXTS + 128 * 1024);
		for (size_t i = 0; i < batch.n; i++) {
			assert_true(
			    slice_number(batch.attempts[i].sender_domain, 50000,
				&number));
			assert_int_equal(number, next++);
		}
		if (!batch.more)
			break;
		batch_again(&batch);
		dmarc_report_read(&batch, buf_slice(&b));
	}
	assert_int_equal(next, 50000);
	assert_true(times > 1);
	buf_free(&b);
}

static void
a_report_is_known_by_its_first_octets(void **state)
{
	(void)state;
	assert_true(dmarc_report_recognise(SLICE_LIT("<?xml version")));
	assert_true(dmarc_report_recognise(SLICE_LIT("\n <feedback>")));
	assert_true(dmarc_report_recognise(SLICE_LIT("\xef\xbb\xbf<?xml")));
	assert_false(dmarc_report_recognise(SLICE_LIT("<22>Jan  5 03:06:18")));
	assert_false(dmarc_report_recognise(SLICE_LIT("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_refused_is_an_attempt_with_a_count),
		cmocka_unit_test(what_passed_was_delivered),
		cmocka_unit_test(the_time_is_the_begin_of_the_report),
		cmocka_unit_test(
		    what_is_broken_is_counted_and_what_came_before_kept),
		cmocka_unit_test(values_and_paths_have_a_limit),
		cmocka_unit_test(more_messages_than_there_may_be_are_said),
		cmocka_unit_test(a_report_that_has_no_room_is_read_on),
		cmocka_unit_test(a_report_is_known_by_its_first_octets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
