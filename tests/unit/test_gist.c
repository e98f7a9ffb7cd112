#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/gist.h"

static const struct {
	const char *text;
	const char *gist;
} cases[] = {
	{ "", "" },
	{ " User \t Unknown\r\n", "user unknown" },
	{ "\x01"
	  "a\x7f"
	  "b",
	    "a b" },
	{ "Bo\xc3\xaete PLEINE", "boite pleine" },
	{ "example\xe2\x80\x99s policy", "example's policy" },
	{ "octets: \xff\xfe", "octets: \xff\xfe" },
	{ "utf-8", "utf-#" },
	/* numbers, times, addresses of hosts */
	{ "840 minutes", "# minutes" },
	{ "ip [192.0.2.1]:25", "ip [#]:#" },
	{ "2026-01-05T10:11:12.131Z", "#" },
	{ "x-2607:4100:3:25:100::2", "x-#" },
	{ "2a00:1450:4864:20::ab1", "#" },
	{ "rfc 5322", "rfc #" },
	/* ids */
	{ "p131si8414989oif.118 - gsmtp", "# - gsmtp" },
	{ "a640c23a62f3a-b8a12345678901.5", "#" },
	{ "08DD4D9FD5AFF45C", "#" },
	{ "deadbeef", "deadbeef" },
	{ "deadbee1", "#" },
	{ "eop-EUR05.prod.protection.outlook.com",
	    "eop-eur05.prod.protection.outlook.com" },
	/* codes */
	{ "[TSS04] (S3150) LPN007_402", "[tss04] (s3150) lpn007_402" },
	{ "AS16012611 S2017062302", "as16012611 s2017062302" },
	{ "RP-001, SC-002", "rp-001, sc-002" },
	{ "rp-001", "rp-#" },
	{ "TOOLONG-001", "toolong-#" },
	{ "#DM000001", "#dm000001" },
	/* addresses of mail */
	{ "<a.b+c=d@Example.com>: no", "<@>: no" },
	{ "mailto:x@y.example?s=1", "@?s=#" },
	{ "@", "@" },
	{ "to you@", "to @" },
};

static void
what_differs_from_reply_to_reply_is_folded(void **state)
{
	unsigned char room[LIMIT_GIST];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice g = gist_of(slice_str(cases[i].text), room);

		if (!slice_eq(g, slice_str(cases[i].gist)))
			fail_msg("%s: %.*s", cases[i].text, SLICE_FMT(g));
	}
}

static void
a_gist_is_its_own_gist_but_for_its_signs(void **state)
{
	unsigned char once[LIMIT_GIST], twice[LIMIT_GIST];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice g = gist_of(slice_str(cases[i].text), once);

		/* A code is one by its capitals. */
		if (slice_find(g, SLICE_LIT("-001")) == SIZE_MAX)
			assert_true(slice_eq(g, gist_of(g, twice)));
	}
}

static void
more_than_the_limit_does_not_count(void **state)
{
	unsigned char room[LIMIT_GIST];
	static char text[LIMIT_GIST + 100];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(gist_of(slice_of(text, sizeof(text)), room).n,
	    LIMIT_GIST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs_from_reply_to_reply_is_folded),
		cmocka_unit_test(a_gist_is_its_own_gist_but_for_its_signs),
		cmocka_unit_test(more_than_the_limit_does_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
