#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/domain.h"
#include "base/limits.h"

#define L63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"
#define L61 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1"

static void
names_become_canonical(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "example.com", "example.com" },
		{ "EXAMPLE.Com.", "example.com" },
		{ "com", "com" },
		{ "_dmarc.Example.org", "_dmarc.example.org" },
		{ "s1._domainkey.a-b.example", "s1._domainkey.a-b.example" },
		{ "127.0.0.1", "127.0.0.1" },
		{ "xn--bcher-kva.example", "xn--bcher-kva.example" },
		{ "ab--cd.example", "ab--cd.example" },
		{ L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61 },
		{ L63 "." L63 "." L63 "." L61 ".",
		    L63 "." L63 "." L63 "." L61 },
		{ "B\xc3\x9c"
		  "CHER.example",
		    "xn--bcher-kva.example" },
		/* decomposed */
		{ "bu\xcc\x88"
		  "cher.example.",
		    "xn--bcher-kva.example" },
		/* non-transitional: the sharp s stays one */
		{ "stra\xc3\x9f"
		  "e.example",
		    "xn--strae-oqa.example" },
		/* U+3002 is a dot */
		{ "b\xc3\xbc"
		  "cher\xe3\x80\x82"
		  "example",
		    "xn--bcher-kva.example" },
		{ "_dmarc.b\xc3\xbc"
		  "cher.example",
		    "_dmarc.xn--bcher-kva.example" },
	};
	struct arena *a = arena_new(64 * 1024, 1024);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice out;

		assert_int_equal(domain_canonical(a, slice_str(cases[i].text),
				     &out),
		    DOMAIN_FINE);
		if (!slice_eq(out, slice_str(cases[i].want)))
			fail_msg("%s: %.*s", cases[i].text, SLICE_FMT(out));
	}
	arena_free(a);
}

static void
faults_are_named(void **state)
{
	static const struct {
		const char *text;
		enum domain_fault want;
	} cases[] = {
		{ "", DOMAIN_EMPTY },
		{ ".", DOMAIN_EMPTY },
		{ "..", DOMAIN_EMPTY_LABEL },
		{ ".a", DOMAIN_EMPTY_LABEL },
		{ "a..b", DOMAIN_EMPTY_LABEL },
		{ "a.b..", DOMAIN_EMPTY_LABEL },
		{ L63 "x.example", DOMAIN_LABEL_LONG },
		{ L63 "." L63 "." L63 "." L61 "x", DOMAIN_LONG },
		{ "a b", DOMAIN_CHARACTER },
		{ " a", DOMAIN_CHARACTER },
		{ "a\\046b", DOMAIN_CHARACTER },
		{ "a@b", DOMAIN_CHARACTER },
		{ "\x7f", DOMAIN_CHARACTER },
		{ "\xff.example", DOMAIN_CHARACTER },
		{ "b\xc3\xbc"
		  "cher.a b",
		    DOMAIN_CHARACTER },
		{ "-a.example", DOMAIN_HYPHEN },
		{ "a-.example", DOMAIN_HYPHEN },
		{ "b\xc3\xbc"
		  "cher..example",
		    DOMAIN_EMPTY_LABEL },
		/* a combining mark first */
		{ "\xcc\x88"
		  "a.example",
		    DOMAIN_IDN },
		/* unassigned */
		{ "\xcd\xb8.example", DOMAIN_IDN },
	};
	struct arena *a = arena_new(64 * 1024, 1024);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice out = SLICE_LIT("untouched");
		enum domain_fault got =
		    domain_canonical(a, slice_str(cases[i].text), &out);

		if (got != cases[i].want)
			fail_msg("%s: %s", cases[i].text,
			    domain_fault_text(got));
		assert_true(slice_eq(out, SLICE_LIT("untouched")));
		assert_true(strlen(domain_fault_text(got)) > 5);
	}
	arena_free(a);
}

static void
nul_and_endless_text_are_refused(void **state)
{
	struct arena *a = arena_new(1024, 64);
	char text[LIMIT_DOMAIN_TEXT + 1];
	struct slice out;

	(void)state;
	assert_int_equal(domain_canonical(a, SLICE_LIT("a\0b.example"), &out),
	    DOMAIN_CHARACTER);
	assert_int_equal(domain_canonical(a, SLICE_LIT("\xc3\xbc\0.example"),
			     &out),
	    DOMAIN_CHARACTER);
	/* soft hyphens: mapped to nothing */
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc2\xad", 2);
	text[LIMIT_DOMAIN_TEXT] = 'a';
	assert_int_equal(domain_canonical(a, slice_of(text, sizeof(text)),
			     &out),
	    DOMAIN_LONG);
	arena_free(a);
}

static void
lack_of_memory_is_a_fault(void **state)
{
	struct arena *a = arena_new(0, 0);
	struct slice out = SLICE_NONE;

	(void)state;
	assert_int_equal(domain_canonical(a, SLICE_LIT("example.com"), &out),
	    DOMAIN_LONG);
	assert_int_equal(domain_canonical(a, SLICE_LIT("\xc3\xbc.example"),
			     &out),
	    DOMAIN_LONG);
	assert_true(arena_failed(a));
	assert_null(out.p);
	arena_free(a);
}

static void
full_names_are_told_from_others(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{ "mail.example.com", true },
		{ "xn--bcher-kva.example", true },
		{ "1.example", true },
		{ "localhost", false },
		{ "", false },
		{ "a_b.example", false },
		{ "-a.example", false },
		{ "192.0.2.1", false },
		{ "a..b", false },
		{ "a.example.", false },
		{ "[192.0.2.1]", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(domain_is_fqdn(slice_str(cases[i].text)),
		    cases[i].want);
}

static void
parents_are_taken_by_label(void **state)
{
	struct slice s = SLICE_LIT("a\\046b.example.com");

	(void)state;
	assert_int_equal(domain_labels(s), 3);
	s = domain_parent(s);
	assert_true(slice_eq(s, SLICE_LIT("example.com")));
	s = domain_parent(domain_parent(s));
	assert_int_equal(s.n, 0);
	assert_int_equal(domain_labels(s), 0);
	assert_int_equal(domain_parent(s).n, 0);
	assert_int_equal(domain_labels(SLICE_NONE), 0);
}

static void
ancestors_end_at_a_dot(void **state)
{
	static const struct {
		const char *name;
		const char *ancestor;
		bool want;
	} cases[] = {
		{ "a.example.com", "example.com", true },
		{ "A.EXAMPLE.com", "example.COM", true },
		{ "example.com", "example.com", true },
		{ "badexample.com", "example.com", false },
		{ "com", "example.com", false },
		{ "example.com", "", true },
		{ "", "", true },
		{ "", "com", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(domain_is_under(slice_str(cases[i].name),
				     slice_str(cases[i].ancestor)),
		    cases[i].want);
}

static void
octets_are_escaped_and_back(void **state)
{
	static const struct {
		struct slice octets;
		const char *text;
	} cases[] = {
		{ { (const unsigned char *)"a.b", 3 }, "a.b" },
		{ { (const unsigned char *)"A_-/:", 5 }, "A_-/:" },
		{ { (const unsigned char *)"a b\\\0\xff", 6 },
		    "a\\032b\\092\\000\\255" },
		{ { (const unsigned char *)"", 0 }, "" },
	};
	struct arena *a = arena_new(64 * 1024, 1024);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice text = domain_from_octets(a, cases[i].octets);

		assert_true(slice_eq(text, slice_str(cases[i].text)));
		assert_true(slice_eq(domain_octets(a, text), cases[i].octets));
	}
	/* What is no escape stays; a dot inside a label cannot. */
	assert_true(slice_eq(domain_octets(a, SLICE_LIT("a\\b\\25\\256\\")),
	    SLICE_LIT("a\\b\\25\\256\\")));
	assert_true(
	    slice_eq(domain_octets(a, SLICE_LIT("a\\046b")), SLICE_LIT("a.b")));
	arena_free(a);
}

static void
octets_need_memory(void **state)
{
	struct arena *a = arena_new(0, 16);

	(void)state;
	assert_null(domain_from_octets(a, SLICE_LIT("a")).p);
	assert_null(domain_octets(a, SLICE_LIT("\\000")).p);
	assert_true(arena_failed(a));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_canonical),
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(nul_and_endless_text_are_refused),
		cmocka_unit_test(lack_of_memory_is_a_fault),
		cmocka_unit_test(full_names_are_told_from_others),
		cmocka_unit_test(parents_are_taken_by_label),
		cmocka_unit_test(ancestors_end_at_a_dot),
		cmocka_unit_test(octets_are_escaped_and_back),
		cmocka_unit_test(octets_need_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
