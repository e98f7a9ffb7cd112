#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/suffix.h"

#define BUECHER \
	"b\xc3\xbc" \
	"cher"

static const char list_text[] =
    "\xef\xbb\xbf// a comment of more than 255 octets "
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    " com.example.invalid\n"
    "// ===BEGIN ICANN DOMAINS===\n"
    "COM\r\n"
    "  net and what follows\n"
    "\n"
    "*.ck\n!www.ck\n"
    "*.kobe.test\n!city.kobe.test\n" BUECHER ".example\n"
    "// ===END ICANN DOMAINS===\n"
    "// ===BEGIN PRIVATE DOMAINS===\n"
    "uk.com\n"
    "// ===END PRIVATE DOMAINS===\n"
    "outside.com";

static struct suffix_list *
list_of(struct slice text)
{
	struct suffix_list *l;

	assert_int_equal(suffix_list_new("given", text, &l), RC_OK);
	return l;
}

static void
the_organizational_domain_is_a_suffix_and_a_label(void **state)
{
	static const struct {
		const char *name;
		const char *want; /* NULL: a public suffix itself */
	} cases[] = {
		{ "com", NULL },
		{ "example.com", "example.com" },
		{ "a.b.example.com", "example.com" },
		{ "x.net", "x.net" },
		/* the private section counts, and what is in none */
		{ "uk.com", NULL },
		{ "mail.shop.uk.com", "shop.uk.com" },
		{ "outside.com", NULL },
		{ "x.outside.com", "x.outside.com" },
		/* wildcards and exceptions */
		{ "ck", NULL },
		{ "x.ck", NULL },
		{ "a.b.x.ck", "b.x.ck" },
		{ "www.ck", "www.ck" },
		{ "mail.www.ck", "www.ck" },
		{ "kobe.test", NULL },
		{ "c.kobe.test", NULL },
		{ "a.c.kobe.test", "a.c.kobe.test" },
		{ "a.city.kobe.test", "city.kobe.test" },
		/* a rule in U-labels, a name in A-labels */
		{ "xn--bcher-kva.example", NULL },
		{ "a.b.xn--bcher-kva.example", "b.xn--bcher-kva.example" },
		/* no rule: "*" */
		{ "unlisted", NULL },
		{ "a.unlisted", "a.unlisted" },
		{ "b.a.unlisted", "a.unlisted" },
		/* what stands in a comment is no rule */
		{ "example.invalid", "example.invalid" },
		/* an escaped dot ends no label */
		{ "a\\046com.example.com", "example.com" },
		{ "\\000\\255.com", "\\000\\255.com" },
		{ "_dmarc.example.com", "example.com" },
	};
	struct suffix_list *l = list_of(slice_str(list_text));

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice name = slice_str(cases[i].name);
		struct slice want = slice_str(cases[i].want);
		struct slice found = suffix_organizational(l, name);

		if (!slice_eq(found, want) ||
		    (found.p == NULL) != (want.p == NULL))
			fail_msg("%s: %.*s", cases[i].name, SLICE_FMT(found));
		/* It is the end of what was given. */
		if (found.p != NULL)
			assert_ptr_equal(found.p + found.n, name.p + name.n);
	}
	suffix_list_close(&l);
	assert_null(l);
	suffix_list_close(&l);
}

static void
there_is_none_of_nothing(void **state)
{
	char long_name[4 * 253 + 2];
	struct suffix_list *l = list_of(slice_str(list_text));
	struct slice s;

	(void)state;
	memset(long_name, 'a', sizeof(long_name));
	s = slice_of(long_name, sizeof(long_name));
	assert_null(suffix_organizational(l, s).p);
	assert_null(suffix_organizational(l, SLICE_NONE).p);
	assert_null(suffix_organizational(l, SLICE_LIT("")).p);
	assert_null(suffix_organizational(NULL, SLICE_LIT("a.com")).p);
	assert_null(suffix_list_source(NULL));
	assert_string_equal(suffix_list_source(l), "given");
	suffix_list_close(&l);
}

static void
what_is_no_list_is_refused(void **state)
{
	const struct {
		struct slice text;
		size_t line;
	} cases[] = {
		{ SLICE_LIT(""), 0 },
		{ SLICE_LIT("\n\n// nothing\n"), 0 },
		{ SLICE_LIT("\xef\xbb\xbf"), 0 },
		{ SLICE_LIT("com\nroot:x:0:0:root:/root:/bin/sh\n"), 2 },
		{ SLICE_LIT("<!DOCTYPE html>\n"), 1 },
		{ SLICE_LIT("-----BEGIN CERTIFICATE-----\n"), 1 },
		{ SLICE_LIT("\x7f\x45\x4c\x46\x02\x01\x00\x00"), 1 },
		{ SLICE_LIT("com\n\xff\xfe\n"), 2 },
		{ SLICE_LIT("com\n\nnet\na..b\n"), 4 },
		{ SLICE_LIT("a.*.com\n"), 1 },
		{ SLICE_LIT("*com\n"), 1 },
		{ SLICE_LIT("!\n"), 1 },
		{ SLICE_LIT("*.\n"), 1 },
		{ SLICE_LIT("!!com\n"), 1 },
		{ SLICE_LIT(".com\n"), 1 },
		/* DAFSA, cut short, and of another version */
		{ SLICE_LIT(".DAFSA@PSL_"), 0 },
		{ SLICE_LIT(".DAFSA@PSL_0   \n"), 0 },
		{ SLICE_LIT(".DAFSA@PSL_0   \n\x81\x82\xff\xff\xff\x00"), 0 },
		{ SLICE_LIT(".DAFSA@PSL_7   \n\x01\x02\x03"), 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		/* Of their own, so that the sanitizer sees an over-read. */
		unsigned char *own = malloc(cases[i].text.n + 1);
		struct suffix_list *l;
		size_t line = 99;

		assert_non_null(own);
		memcpy(own, cases[i].text.p, cases[i].text.n);
		l = list_of(slice_of(own, cases[i].text.n));
		if (suffix_list_load(l, &line) != RC_INVALID ||
		    line != cases[i].line)
			fail_msg("case %zu: line %zu", i, line);
		/* And stays so. */
		assert_int_equal(suffix_list_load(l, &line), RC_INVALID);
		assert_null(suffix_organizational(l, SLICE_LIT("a.com")).p);
		assert_null(suffix_list_source(l));
		suffix_list_close(&l);
		free(own);
	}
}

static void
a_list_of_the_default_rule_alone_is_one(void **state)
{
	struct suffix_list *l = list_of(SLICE_LIT("*\n"));
	size_t line;

	(void)state;
	assert_int_equal(suffix_list_load(l, &line), RC_OK);
	assert_true(slice_eq(suffix_organizational(l, SLICE_LIT("a.b.com")),
	    SLICE_LIT("b.com")));
	suffix_list_close(&l);
}

/* Whichever it is: what is asked for here is in each since 2007. */
static void
the_systems_or_the_one_built_in_is_read_at_its_first_use(void **state)
{
	struct suffix_list *l;
	size_t line;

	(void)state;
	assert_int_equal(suffix_list_new(NULL, SLICE_NONE, &l), RC_OK);
	assert_true(
	    slice_eq(suffix_organizational(l, SLICE_LIT("a.b.example.co.uk")),
		SLICE_LIT("example.co.uk")));
	assert_null(suffix_organizational(l, SLICE_LIT("co.uk")).p);
	assert_null(suffix_organizational(l, SLICE_LIT("xn--55qx5d.cn")).p);
	assert_int_equal(suffix_list_load(l, &line), RC_OK);
	assert_non_null(suffix_list_source(l));
	suffix_list_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_organizational_domain_is_a_suffix_and_a_label),
		cmocka_unit_test(there_is_none_of_nothing),
		cmocka_unit_test(what_is_no_list_is_refused),
		cmocka_unit_test(a_list_of_the_default_rule_alone_is_one),
		cmocka_unit_test(
		    the_systems_or_the_one_built_in_is_read_at_its_first_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
