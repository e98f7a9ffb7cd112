#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/blocklists.h"
#include "base/limits.h"
#include "with_arena.h"

WITH_ARENA(1 << 20, 4096)

#define KEY "ab1cd2ef3gh4ij5kl6mn7op8qr"

/* ---- the file ---------------------------------------------------------- */

struct files {
	const char *title;
	const char *text;
	/* "name label kinds test codes" of the last zone; NULL: an error */
	const char *zone;
	size_t n;
	const char *error;
};

static const struct files cases[] = {
	{ "a zone alone holds addresses", "# mine\n\nBL.example.org.\n",
	    "bl.example.org bl.example.org 46- - 0", 1, NULL },
	{ "several words, a comment, CRLF, a byte order mark",
	    "\xef\xbb\xbf"
	    "a.test\r\n  b.test\tip4 127.0.0.2=SBL 127.0.0.3=X=Y # it\r\n",
	    "b.test b.test 4-- - 2", 2, NULL },
	{ "of domains, with a test point", "dbl.test domain test=DBLtest.com",
	    "dbl.test dbl.test --d dbltest.com 0", 1, NULL },
	{ "of all kinds, with a test address",
	    "x.test IP domain test=127.0.0.3", "x.test x.test 46d 127.0.0.3 0",
	    1, NULL },
	{ "one of IPv6", "x.test ip6", "x.test x.test -6- - 0", 1, NULL },
	{ "a name of its own", KEY ".zen.test name=Zen",
	    KEY ".zen.test zen 46- - 0", 1, NULL },
	{ "a key is left out of the name", KEY ".zen.test",
	    KEY ".zen.test zen.test 46- - 0", 1, NULL },
	{ "the same key before two zones",
	    KEY ".zen.test\n" KEY ".dbl.test domain\n",
	    KEY ".dbl.test dbl.test --d - 0", 2, NULL },
	{ "a long label before a top-level domain is no key",
	    "averylonglabelofalist.test",
	    "averylonglabelofalist.test averylonglabelofalist.test 46- - 0", 1,
	    NULL },
	{ "nothing", "# zen.test\n", NULL, 0, "f: names no zone" },
	{ "an empty file", "", NULL, 0, "f: names no zone" },
	{ "a zone that is none is not repeated", "a.test\n" KEY "..test\n",
	    NULL, 0, "f: line 2: the zone has an empty label" },
	{ "a zone of one label", "zen\n", NULL, 0,
	    "f: line 1: the zone has one label only" },
	{ "an unknown word", "zen.test ip4 ipv6\n", NULL, 0,
	    "f: line 1: 'ipv6' is none of: ip, ip4, ip6, domain, name=LABEL, "
	    "test=POINT, 127.x.x.x=MEANING" },
	{ "a meaning of what is no answer", "zen.test 10.0.0.1=x\n", NULL, 0,
	    "f: line 1: '10.0.0.1=x' is none of: ip, ip4, ip6, domain, "
	    "name=LABEL, test=POINT, 127.x.x.x=MEANING" },
	{ "an escape in a word is shown", "zen.test \x1b[2J\n", NULL, 0,
	    "f: line 1: '\\u{1B}[2J' is none of: ip, ip4, ip6, domain, "
	    "name=LABEL, test=POINT, 127.x.x.x=MEANING" },
	{ "nothing behind the sign", "zen.test name=\n", NULL, 0,
	    "f: line 1: 'name=' has nothing behind the =" },
	{ "a name that is none", "zen.test name=a..b\n", NULL, 0,
	    "f: line 1: 'a..b' has an empty label" },
	{ "a test point that is none", "zen.test test=a..b\n", NULL, 0,
	    "f: line 1: 'a..b' is neither an address nor a domain" },
	{ "a zone twice", "zen.test\nZEN.test domain\n", NULL, 0,
	    "f: line 2: the zone stands in the file before" },
	{ "a name twice", "a.test name=x\nb.test name=X\n", NULL, 0,
	    "f: line 2: 'x' is what another zone is called; give it another "
	    "name=" },
	{ "the name of a zone for another", "a.test\nb.test name=a.test\n",
	    NULL, 0,
	    "f: line 2: 'a.test' is what another zone is called; give it "
	    "another name=" },
};

static const char *
describe(const struct blocklist_zone *z)
{
	struct slice test = z->test_domain;

	if (z->test_ip.family != 0)
		test = ip_text(arena, &z->test_ip);
	if (test.n == 0)
		test = SLICE_LIT("-");
	return arena_printf(arena, "%.*s %.*s %s%s%s %.*s %zu",
	    SLICE_FMT(z->name), SLICE_FMT(z->label),
	    z->holds[BLOCKLIST_IP4] ? "4" : "-",
	    z->holds[BLOCKLIST_IP6] ? "6" : "-",
	    z->holds[BLOCKLIST_DOMAIN] ? "d" : "-", SLICE_FMT(test),
	    z->n_codes);
}

static void
zones_are_read_with_their_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct files *c = &cases[i];
		struct blocklist_zones zones = { NULL, 0 };
		struct slice error = SLICE_NONE;
		enum rc rc = blocklists_read("f", slice_str(c->text), arena,
		    &zones, &error);

		if (!slice_eq(error, slice_str(c->error)))
			fail_msg("%s: %.*s", c->title, SLICE_FMT(error));
		assert_int_equal(rc, c->error != NULL ? RC_INVALID : RC_OK);
		assert_int_equal(zones.n, c->n);
		if (c->zone != NULL &&
		    strcmp(describe(&zones.list[c->n - 1]), c->zone) != 0)
			fail_msg("%s: %s", c->title,
			    describe(&zones.list[c->n - 1]));
	}
}

static void
more_than_the_limits_is_an_error(void **state)
{
	struct blocklist_zones zones = { NULL, 0 };
	struct slice error = SLICE_NONE, text = SLICE_LIT("");

	(void)state;
	for (int i = 0; i <= LIMIT_BLOCKLISTS; i++)
		text =
		    arena_slicef(arena, "%.*sz%d.test\n", SLICE_FMT(text), i);
	assert_int_equal(blocklists_read("f", text, arena, &zones, &error),
	    RC_INVALID);
	assert_true(slice_eq(error,
	    SLICE_LIT("f: line 65: there are more than 64 zones")));
	text = SLICE_LIT("zen.test");
	for (int i = 0; i <= LIMIT_BLOCKLIST_CODES; i++)
		text = arena_slicef(arena, "%.*s 127.0.0.%d=x", SLICE_FMT(text),
		    i);
	assert_int_equal(blocklists_read("f", text, arena, &zones, &error),
	    RC_INVALID);
	assert_true(slice_eq(error,
	    SLICE_LIT("f: line 1: '127.0.0.32=x' is one meaning too many")));
}

static void
without_memory_there_is_no_half_of_a_file(void **state)
{
	struct slice text = SLICE_LIT(KEY ".zen.test ip 127.0.0.2=SBL\n"
					  "dbl.test domain test=dbltest.com\n");
	enum rc rc = RC_NOMEM;

	(void)state;
	for (size_t limit = 64; rc != RC_OK; limit += 64) {
		struct arena *a = arena_new(limit, 64);
		struct blocklist_zones zones = { NULL, 0 };
		struct slice error = SLICE_NONE;

		assert_non_null(a);
		rc = blocklists_read("f", text, a, &zones, &error);
		assert_true(rc == RC_NOMEM || (rc == RC_OK && zones.n == 2));
		arena_free(a);
	}
}

/* ---- what is hidden ---------------------------------------------------- */

#define S(text) SLICE_LIT(text)

static void
a_key_is_in_no_part_of_a_recorded_answer(void **state)
{
	const struct slice strings[] = { S("go to 2." KEY ".ZEN.test or"),
		S(KEY ".zen.test") };
	const struct dns_record records[] = {
		{ .owner = S("2.0.0.127." KEY ".zen.test"),
		    .type = DNS_TXT,
		    .as.text = { strings, 2 } },
	};
	const struct dns_record chain[] = {
		{ .owner = S("2.0.0.127." KEY ".zen.test"),
		    .type = DNS_CNAME,
		    .as.name = S("x." KEY ".zen.test") },
	};
	struct question q = { .name = S("2.0.0.127." KEY ".zen.test") };
	struct answer a = { .detail = S("of " KEY ".zen.test") };
	struct blocklist_zones zones;
	struct slice error = SLICE_NONE;

	(void)state;
	a.as.dns = (struct dns_answer){ .chain = chain,
		.n_chain = 1,
		.records = records,
		.n_records = 1,
		.soa_owner = S(KEY ".zen.test") };
	assert_int_equal(blocklists_read("f", S(KEY ".zen.test name=zen.org"),
			     arena, &zones, &error),
	    RC_OK);
	assert_true(blocklists_have_secrets(&zones));
	assert_int_equal(blocklists_hide(&zones, arena, &q, &a), RC_OK);
	assert_true(slice_eq(q.name, S("2.0.0.127.zen.org")));
	assert_true(slice_eq(a.detail, S("of zen.org")));
	assert_true(slice_eq(a.as.dns.soa_owner, S("zen.org")));
	assert_true(slice_eq(a.as.dns.chain[0].owner, S("2.0.0.127.zen.org")));
	assert_true(slice_eq(a.as.dns.chain[0].as.name, S("x.zen.org")));
	assert_true(
	    slice_eq(a.as.dns.records[0].owner, S("2.0.0.127.zen.org")));
	assert_true(slice_eq(a.as.dns.records[0].as.text.strings[0],
	    S("go to 2.zen.org or")));
	assert_true(
	    slice_eq(a.as.dns.records[0].as.text.strings[1], S("zen.org")));
}

static void
other_answers_stay_as_they_are(void **state)
{
	struct question q = { .name = S("x" KEY ".zen.test") };
	struct answer a = { .detail = S(KEY ".zen.test") };
	struct blocklist_zones zones;
	struct slice error = SLICE_NONE;

	(void)state;
	assert_int_equal(blocklists_read("f", S(KEY ".zen.test"), arena, &zones,
			     &error),
	    RC_OK);
	assert_int_equal(blocklists_hide(&zones, arena, &q, &a), RC_OK);
	assert_true(slice_eq(q.name, S("x" KEY ".zen.test")));
	assert_true(slice_eq(a.detail, S(KEY ".zen.test")));
	assert_int_equal(blocklists_by_label(arena, &zones), RC_OK);
	assert_true(slice_eq(zones.list[0].name, S("zen.test")));
	assert_false(blocklists_have_secrets(&zones));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_read_with_their_words),
		cmocka_unit_test(more_than_the_limits_is_an_error),
		cmocka_unit_test(without_memory_there_is_no_half_of_a_file),
		cmocka_unit_test(a_key_is_in_no_part_of_a_recorded_answer),
		cmocka_unit_test(other_answers_stay_as_they_are),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
