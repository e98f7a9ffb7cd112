#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message/received_spf.h"
#include "with_arena.h"

WITH_ARENA(1024 * 1024, 4096)

/* "result (comment) key=value ..." of what was found. */
static struct slice
shown(const struct received_spf *spf)
{
	struct slice all = arena_copy(arena, spf->result);

	const struct {
		const char *key;
		struct slice value;
	} pairs[] = {
		{ "ip", spf->client_ip },
		{ "from", spf->envelope_from },
		{ "helo", spf->helo },
		{ "by", spf->receiver },
		{ "identity", spf->identity },
		{ "mechanism", spf->mechanism },
		{ "problem", spf->problem },
	};

	if (spf->comment.p != NULL)
		all = arena_slicef(arena, "%.*s (%.*s)", SLICE_FMT(all),
		    SLICE_FMT(spf->comment));
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i].value.p != NULL)
			all =
			    arena_slicef(arena, "%.*s %s=%.*s", SLICE_FMT(all),
				pairs[i].key, SLICE_FMT(pairs[i].value));
	}
	return all;
}

static const struct {
	const char *in, *out;
	bool malformed;
} fields[] = {
	/* as RFC 7208 9.1 has them */
	{ "pass (mx.recv.test: domain of b@example.com designates\r\n"
	  "     192.0.2.1 as permitted sender)\r\n"
	  "     receiver=mx.recv.test; client-ip=192.0.2.1;\r\n"
	  "     envelope-from=\"b@example.com\"; helo=mta.example.com;",
	    "pass (mx.recv.test: domain of b@example.com designates\r\n"
	    "     192.0.2.1 as permitted sender) ip=192.0.2.1 "
	    "from=b@example.com helo=mta.example.com by=mx.recv.test",
	    false },
	{ "fail identity=mailfrom; client-ip=2001:db8::1; mechanism=-all; "
	  "problem=\"a \\\"b\\\" c\"",
	    "fail ip=2001:db8::1 identity=mailfrom mechanism=-all "
	    "problem=a \"b\" c",
	    false },
	{ "none", "none", false },
	{ "(first) softfail (a (b) \\) c) helo (x) = (y) z",
	    "softfail (a (b) "
	    "\\) c) helo=z",
	    false },
	/* Gmail, Outlook.com, policyd-spf */
	{ "pass (google.com: domain of b@example.com designates 192.0.2.1 as "
	  "permitted sender) client-ip=192.0.2.1;",
	    "pass (google.com: domain of b@example.com designates 192.0.2.1 as "
	    "permitted sender) ip=192.0.2.1",
	    false },
	{ "Pass (protection.outlook.com: domain of example.com designates "
	  "192.0.2.1 as permitted sender) "
	  "receiver=protection.outlook.com; client-ip=192.0.2.1; "
	  "helo=mta.example.com; pr=C",
	    "Pass (protection.outlook.com: domain of example.com designates "
	    "192.0.2.1 as permitted sender) ip=192.0.2.1 helo=mta.example.com "
	    "by=protection.outlook.com",
	    false },
	{ "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1; "
	  "helo=mta.example.com; envelope-from=<b@example.com>; "
	  "receiver=<UNKNOWN>",
	    "Pass (mailfrom) ip=192.0.2.1 from=<b@example.com> "
	    "helo=mta.example.com by=<UNKNOWN> identity=mailfrom",
	    false },
	/* pairs apart by white space alone */
	{ "neutral client-ip=192.0.2.1 helo=a.test",
	    "neutral ip=192.0.2.1 "
	    "helo=a.test",
	    false },
	/* of a key there twice the first counts */
	{ "pass helo=a.test; helo=b.test", "pass helo=a.test", false },
	{ "pass helo=; receiver=\"\"", "pass helo= by=", false },
	/* malformed */
	{ "", "", true },
	{ "helo=a.test", "helo", true },
	{ "perhaps client-ip=192.0.2.1", "perhaps ip=192.0.2.1", true },
	{ "pass (open; client-ip=192.0.2.1", "pass (open; client-ip=192.0.2.1)",
	    true },
	{ "pass client-ip=\"192.0.2.1", "pass ip=192.0.2.1", true },
	{ "pass = x; helo=a.test", "pass helo=a.test", true },
	{ "pass helo; client-ip=192.0.2.1", "pass ip=192.0.2.1", true },
	{ "pass helo=\"a\\", "pass helo=a\\", true },
};

static void
fields_are_read_and_faults_are_flagged(void **state)
{
	struct received_spf spf;

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		assert_int_equal(received_spf_parse(arena,
				     slice_str(fields[i].in), &spf),
		    RC_OK);
		if (!slice_eq(shown(&spf), slice_str(fields[i].out)))
			fail_msg("%s: %.*s", fields[i].in,
			    SLICE_FMT(shown(&spf)));
		if (spf.malformed != fields[i].malformed)
			fail_msg("%s: malformed is %d", fields[i].in,
			    spf.malformed);
	}
}

static void
an_arena_that_is_full_is_said(void **state)
{
	struct arena *small = arena_new(64, 16);
	struct received_spf spf;

	(void)state;
	assert_non_null(small);
	assert_int_equal(
	    received_spf_parse(small,
		SLICE_LIT("pass problem=\"0123456789012345678901234567890123456"
			  "789012345678901234567890123456789\""),
		&spf),
	    RC_LIMIT);
	arena_free(small);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_are_read_and_faults_are_flagged),
		TEST(an_arena_that_is_full_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
