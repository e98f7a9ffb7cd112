#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_sweep.h"
#include "base/limits.h"
#include "checks/spf/spf_record.h"
#include "with_arena.h"

WITH_ARENA(LIMIT_AUDIT_ARENA, 1024)

static struct spf_record
parse(struct slice text)
{
	struct spf_record r;

	assert_int_equal(spf_record_parse(arena, text, &r), RC_OK);
	assert_ptr_equal(r.text.p, text.p);
	return r;
}

static void
assert_slice(struct slice s, const char *expected)
{
	assert_true(slice_eq(s, slice_str(expected)));
}

/* ---- which record is one ----------------------------------------------- */

static void
a_record_is_one_by_its_version_alone(void **state)
{
	static const char *const are[] = { "v=spf1", "v=spf1 ", "V=SpF1 -all",
		"v=spf1 nonsense", "v=spf1  a" };
	static const char *const are_not[] = { "", "v=spf", "v=spf10",
		"v=spf1\t-all", " v=spf1", "v = spf1", "v=spf2.0/pra", "spf1",
		"v=spf1mx", "\"v=spf1 -all\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(are) / sizeof(*are); i++)
		assert_true(spf_record_is(slice_str(are[i])));
	for (size_t i = 0; i < sizeof(are_not) / sizeof(*are_not); i++)
		assert_false(spf_record_is(slice_str(are_not[i])));
}

/* ---- what is right ----------------------------------------------------- */

struct right_row {
	const char *text;
	enum spf_kind kind;
	char qualifier;
	const char *spec;
	const char *ip;
	uint8_t bits4, bits6;
	bool macros;
};

static const struct right_row right[] = {
	{ "all", SPF_ALL, '+', "", "", 32, 128, false },
	{ "-ALL", SPF_ALL, '-', "", "", 32, 128, false },
	{ "?all", SPF_ALL, '?', "", "", 32, 128, false },
	{ "~all", SPF_ALL, '~', "", "", 32, 128, false },
	{ "a", SPF_A, '+', "", "", 32, 128, false },
	{ "A/0", SPF_A, '+', "", "", 0, 128, false },
	{ "a//0", SPF_A, '+', "", "", 32, 0, false },
	{ "a/24//64", SPF_A, '+', "", "", 24, 64, false },
	{ "a:a.example/32//128", SPF_A, '+', "a.example", "", 32, 128, false },
	{ "a:a.example.", SPF_A, '+', "a.example.", "", 32, 128, false },
	{ "a:foo:bar/baz.example.com", SPF_A, '+', "foo:bar/baz.example.com",
	    "", 32, 128, false },
	{ "a:x/24/y.example//9", SPF_A, '+', "x/24/y.example", "", 32, 9,
	    false },
	/* An empty label is no matter of syntax, nor is one too long. */
	{ "a:a...example", SPF_A, '+', "a...example", "", 32, 128, false },
	{ "a:.example", SPF_A, '+', ".example", "", 32, 128, false },
	{ "a:a123456789012345678901234567890123456789012345678901234567890123"
	  ".example",
	    SPF_A, '+',
	    "a123456789012345678901234567890123456789012345678901234567890123"
	    ".example",
	    "", 32, 128, false },
	{ "a:a.xn--zckzah", SPF_A, '+', "a.xn--zckzah", "", 32, 128, false },
	{ "a:a.1-2", SPF_A, '+', "a.1-2", "", 32, 128, false },
	{ "a:%{d/}/24", SPF_A, '+', "%{d/}", "", 24, 128, true },
	{ "a:%{d}//64", SPF_A, '+', "%{d}", "", 32, 64, true },
	{ "mx", SPF_MX, '+', "", "", 32, 128, false },
	{ "-mx:a.example/24", SPF_MX, '-', "a.example", "", 24, 128, false },
	{ "mx:%%", SPF_MX, '+', "%%", "", 32, 128, true },
	{ "ptr", SPF_PTR, '+', "", "", 32, 128, false },
	{ "PTR:a.example", SPF_PTR, '+', "a.example", "", 32, 128, false },
	{ "ip4:192.0.2.1", SPF_IP4, '+', "192.0.2.1", "192.0.2.1", 32, 128,
	    false },
	{ "~ip4:1.1.1.1/0", SPF_IP4, '~', "1.1.1.1", "1.1.1.1", 0, 128, false },
	{ "ip6:2001:DB8::CD30", SPF_IP6, '+', "2001:DB8::CD30",
	    "2001:db8::cd30", 32, 128, false },
	{ "ip6:::1.1.1.1/0", SPF_IP6, '+', "::1.1.1.1", "::1.1.1.1", 32, 0,
	    false },
	{ "ip6:::ffff:192.0.2.1/100", SPF_IP6, '+', "::ffff:192.0.2.1",
	    "::ffff:192.0.2.1", 32, 100, false },
	{ "include:a.example", SPF_INCLUDE, '+', "a.example", "", 32, 128,
	    false },
	{ "?INCLUDE:%{d2}", SPF_INCLUDE, '?', "%{d2}", "", 32, 128, true },
	{ "exists:%{ir}.%{l1r+-}._spf.%{d}", SPF_EXISTS, '+',
	    "%{ir}.%{l1r+-}._spf.%{d}", "", 32, 128, true },
	{ "exists:a/%{d}", SPF_EXISTS, '+', "a/%{d}", "", 32, 128, true },
	{ "Redirect=a.example", SPF_REDIRECT, 0, "a.example", "", 32, 128,
	    false },
	{ "exp=%{d}", SPF_EXP, 0, "%{d}", "", 32, 128, true },
	{ "moo.cow-far_out=man:dog/cat", SPF_MODIFIER, 0, "man:dog/cat", "", 32,
	    128, false },
	{ "default=", SPF_MODIFIER, 0, "", "", 32, 128, false },
	{ "x=%{i}+%_", SPF_MODIFIER, 0, "%{i}+%_", "", 32, 128, true },
	/* The "=" makes it a modifier, and no mechanism's name is known. */
	{ "include=a.example", SPF_MODIFIER, 0, "a.example", "", 32, 128,
	    false },
	{ "a=1", SPF_MODIFIER, 0, "1", "", 32, 128, false },
};

static void
what_is_right_is_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		const struct right_row *row = &right[i];
		struct spf_record r =
		    parse(arena_slicef(arena, "v=spf1 %s", row->text));
		const struct spf_term *t = r.terms;
		char ip[IP_TEXT_MAX];

		assert_int_equal(r.n, 1);
		assert_int_equal(r.faults, 0);
		assert_int_equal(t->fault, SPF_FINE);
		assert_int_equal(t->kind, row->kind);
		assert_int_equal(t->qualifier, row->qualifier);
		assert_slice(t->text, row->text);
		assert_int_equal(t->at, 7);
		assert_slice(t->spec, row->spec);
		ip_format(&t->ip, ip);
		assert_string_equal(ip, row->ip);
		assert_int_equal(t->bits4, row->bits4);
		assert_int_equal(t->bits6, row->bits6);
		assert_int_equal(t->macros, row->macros);
	}
}

/* ---- what is wrong ----------------------------------------------------- */

struct wrong_row {
	const char *text;
	enum spf_kind kind;
	enum spf_fault fault;
	const char *name;
};

static const struct wrong_row wrong[] = {
	{ "moo", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM, "moo" },
	{ "include_spf.example.com", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM,
	    "include_spf.example.com" },
	{ "all.", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM, "all." },
	{ "redirect:a.example", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM,
	    "redirect" },
	{ "moo.cow/far_out=man:dog/cat", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM,
	    "moo.cow" },
	{ "moo.cow:far_out=man:dog/cat", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM,
	    "moo.cow" },
	{ "1up=foo", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM, "1up" },
	{ "=all", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM, "" },
	{ "a,b", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM, "a,b" },
	{ "%{d}", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM, "%{d}" },
	{ "!all", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM, "!all" },
	{ "192.0.2.1", SPF_NONSENSE, SPF_UNKNOWN_MECHANISM, "192.0.2.1" },
	{ "+", SPF_NONSENSE, SPF_BAD_QUALIFIER, "" },
	{ "--all", SPF_ALL, SPF_BAD_QUALIFIER, "all" },
	{ "-redirect=a.example", SPF_REDIRECT, SPF_BAD_QUALIFIER, "redirect" },
	{ "+x=y", SPF_MODIFIER, SPF_BAD_QUALIFIER, "x" },
	{ "include", SPF_INCLUDE, SPF_NO_VALUE, "include" },
	{ "include:", SPF_INCLUDE, SPF_NO_VALUE, "include" },
	{ "include/24", SPF_INCLUDE, SPF_NO_VALUE, "include" },
	{ "exists", SPF_EXISTS, SPF_NO_VALUE, "exists" },
	{ "exists:", SPF_EXISTS, SPF_NO_VALUE, "exists" },
	{ "redirect=", SPF_REDIRECT, SPF_NO_VALUE, "redirect" },
	{ "exp=", SPF_EXP, SPF_NO_VALUE, "exp" },
	{ "a:", SPF_A, SPF_NO_VALUE, "a" },
	{ "a:/24", SPF_A, SPF_NO_VALUE, "a" },
	{ "mx:", SPF_MX, SPF_NO_VALUE, "mx" },
	{ "ptr:", SPF_PTR, SPF_NO_VALUE, "ptr" },
	{ "ip4", SPF_IP4, SPF_NO_VALUE, "ip4" },
	{ "ip4:", SPF_IP4, SPF_NO_VALUE, "ip4" },
	{ "ip6", SPF_IP6, SPF_NO_VALUE, "ip6" },
	{ "ip6/64", SPF_IP6, SPF_NO_VALUE, "ip6" },
	{ "all:foobar", SPF_ALL, SPF_SURPLUS_VALUE, "all" },
	{ "all/8", SPF_ALL, SPF_SURPLUS_VALUE, "all" },
	{ "ptr/0", SPF_PTR, SPF_SURPLUS_VALUE, "ptr" },
	{ "ptr:a.example/24", SPF_PTR, SPF_SURPLUS_VALUE, "ptr" },
	{ "include:a.example/24", SPF_INCLUDE, SPF_SURPLUS_VALUE, "include" },
	{ "exists:%{d}/24", SPF_EXISTS, SPF_SURPLUS_VALUE, "exists" },
	{ "redirect=a.example/x", SPF_REDIRECT, SPF_SURPLUS_VALUE, "redirect" },
	{ "ip4:1.2.3.4:8080", SPF_IP4, SPF_SURPLUS_VALUE, "ip4" },
	{ "ip4:1.2.3", SPF_IP4, SPF_BAD_ADDRESS, "ip4" },
	{ "ip4:01.2.3.4", SPF_IP4, SPF_BAD_ADDRESS, "ip4" },
	{ "ip4:1.2.3.256", SPF_IP4, SPF_BAD_ADDRESS, "ip4" },
	{ "ip4:/24", SPF_IP4, SPF_BAD_ADDRESS, "ip4" },
	{ "ip4:x.x.x.x", SPF_IP4, SPF_BAD_ADDRESS, "ip4" },
	{ "ip4:%{i}", SPF_IP4, SPF_BAD_ADDRESS, "ip4" },
	{ "ip4:2001:db8::1", SPF_IP4, SPF_BAD_ADDRESS, "ip4" },
	{ "ip4:::ffff:192.0.2.1", SPF_IP4, SPF_BAD_ADDRESS, "ip4" },
	{ "ip6:192.0.2.1", SPF_IP6, SPF_BAD_ADDRESS, "ip6" },
	{ "ip6::CAFE::BABE", SPF_IP6, SPF_BAD_ADDRESS, "ip6" },
	{ "ip6:[2001:db8::1]", SPF_IP6, SPF_BAD_ADDRESS, "ip6" },
	{ "ip6:fe80::1%eth0", SPF_IP6, SPF_BAD_ADDRESS, "ip6" },
	{ "ip4:1.2.3.4/33", SPF_IP4, SPF_BAD_PREFIX, "ip4" },
	{ "ip4:1.2.3.4/032", SPF_IP4, SPF_BAD_PREFIX, "ip4" },
	{ "ip4:1.2.3.4/00", SPF_IP4, SPF_BAD_PREFIX, "ip4" },
	{ "ip4:1.2.3.4//32", SPF_IP4, SPF_BAD_PREFIX, "ip4" },
	{ "ip4:1.2.3.4/", SPF_IP4, SPF_BAD_PREFIX, "ip4" },
	{ "ip4:1.2.3.4/-1", SPF_IP4, SPF_BAD_PREFIX, "ip4" },
	{ "ip4:1.2.3.4/99999999999999999999999", SPF_IP4, SPF_BAD_PREFIX,
	    "ip4" },
	{ "ip6:::1/129", SPF_IP6, SPF_BAD_PREFIX, "ip6" },
	{ "ip6:::1.1.1.1//33", SPF_IP6, SPF_BAD_PREFIX, "ip6" },
	{ "a/33", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a//129", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a/24/64", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a//64/24", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a/", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a//", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a///64", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a/08", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a/x", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a/24:a.example", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a:a.example/33", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a:a.example/x", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "a:a.example/", SPF_A, SPF_BAD_PREFIX, "a" },
	{ "mx:a.example/24/24", SPF_MX, SPF_BAD_PREFIX, "mx" },
	{ "mx:%{d/}/24/", SPF_MX, SPF_BAD_PREFIX, "mx" },
	{ "exists:a%(ir).example", SPF_EXISTS, SPF_BAD_MACRO, "exists" },
	{ "a:%{a}.example", SPF_A, SPF_BAD_MACRO, "a" },
	{ "a:%{d", SPF_A, SPF_BAD_MACRO, "a" },
	{ "a:%{d0}", SPF_A, SPF_BAD_MACRO, "a" },
	{ "exp=%{r}.example", SPF_EXP, SPF_BAD_MACRO, "exp" },
	{ "foo=%abc", SPF_MODIFIER, SPF_BAD_MACRO, "foo" },
	{ "foo=%{c}", SPF_MODIFIER, SPF_BAD_MACRO, "foo" },
	{ "a:museum", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:museum.", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:foo-bar", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:111.222.33.44", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:192.0.2.1/24", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:abc.123", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:example.-com", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:example.com-", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:example.com:8080", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:example.com..", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:%{d}.", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "a:a.%{d}com", SPF_A, SPF_BAD_DOMAIN, "a" },
	{ "exists:foo/bar", SPF_EXISTS, SPF_BAD_DOMAIN, "exists" },
	{ "redirect=-all", SPF_REDIRECT, SPF_BAD_DOMAIN, "redirect" },
	{ "exp=-all", SPF_EXP, SPF_BAD_DOMAIN, "exp" },
	{ "a:foo.example.com\r", SPF_A, SPF_BAD_OCTET, "a" },
	{ "a:\xEF\xBB\xBFgarbage.example.net", SPF_A, SPF_BAD_OCTET, "a" },
	{ "\x80"
	  "a:example.net",
	    SPF_NONSENSE, SPF_BAD_OCTET,
	    "\x80"
	    "a" },
	{ "ip4:192.0.2.5\n", SPF_IP4, SPF_BAD_OCTET, "ip4" },
	{ "a\tmx", SPF_NONSENSE, SPF_BAD_OCTET, "a\tmx" },
	{ "foo=\x7f", SPF_MODIFIER, SPF_BAD_OCTET, "foo" },
	/* What is wrong first is told. */
	{ "--a:museum", SPF_A, SPF_BAD_QUALIFIER, "a" },
	{ "a:museum/33", SPF_A, SPF_BAD_PREFIX, "a" },
};

static void
what_is_wrong_is_told_apart(void **state)
{
	bool seen[SPF_FAULTS] = { [SPF_FINE] = true, [SPF_REPEATED] = true };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const struct wrong_row *row = &wrong[i];
		struct spf_record r =
		    parse(arena_slicef(arena, "v=spf1 ?a  %s mx", row->text));
		const struct spf_term *t = &r.terms[1];

		assert_int_equal(r.n, 3);
		assert_int_equal(r.faults, 1);
		assert_int_equal(t->fault, row->fault);
		assert_int_equal(t->kind, row->kind);
		assert_slice(t->name, row->name);
		assert_slice(t->text, row->text);
		assert_int_equal(t->at, 11);
		assert_int_equal(r.terms[0].fault, SPF_FINE);
		assert_int_equal(r.terms[2].fault, SPF_FINE);
		seen[t->fault] = true;
	}
	for (size_t i = 0; i < SPF_FAULTS; i++)
		assert_true(seen[i]);
}

static void
a_nul_is_no_end(void **state)
{
	struct spf_record r =
	    parse(SLICE_LIT("v=spf1 a:foo.example.com\0 -all"));

	(void)state;
	assert_int_equal(r.n, 2);
	assert_int_equal(r.terms[0].fault, SPF_BAD_OCTET);
	assert_int_equal(r.terms[0].text.n, 18);
	assert_int_equal(r.terms[1].kind, SPF_ALL);
}

/* ---- records ----------------------------------------------------------- */

static void
redirect_and_exp_may_stand_once(void **state)
{
	struct spf_record r =
	    parse(SLICE_LIT("v=spf1 exp=a.example REDIRECT=b.example x=1 x=2 "
			    "redirect=c.example exp= redirect=d.example"));

	(void)state;
	assert_int_equal(r.n, 7);
	assert_int_equal(r.faults, 3);
	assert_ptr_equal(r.exp, &r.terms[0]);
	assert_ptr_equal(r.redirect, &r.terms[1]);
	assert_int_equal(r.terms[1].fault, SPF_FINE);
	assert_int_equal(r.terms[3].fault, SPF_FINE);
	assert_int_equal(r.terms[4].fault, SPF_REPEATED);
	assert_int_equal(r.terms[5].fault, SPF_NO_VALUE);
	assert_int_equal(r.terms[6].fault, SPF_REPEATED);
}

static void
the_first_all_counts(void **state)
{
	struct spf_record r = parse(SLICE_LIT("v=spf1 a ~all mx -all"));

	(void)state;
	assert_ptr_equal(r.all, &r.terms[1]);
	assert_true(r.terms[1].qualified);
	assert_false(r.terms[0].qualified);
	assert_int_equal(r.faults, 0);
	assert_null(r.redirect);
	assert_null(r.exp);
}

static void
spaces_are_many_or_last(void **state)
{
	struct spf_record r = parse(SLICE_LIT("V=SPF1   a  -all   "));

	(void)state;
	assert_int_equal(r.n, 2);
	assert_int_equal(r.faults, 0);
	assert_int_equal(r.terms[0].at, 9);
	assert_int_equal(r.terms[1].at, 12);
	r = parse(SLICE_LIT("v=spf1"));
	assert_int_equal(r.n, 0);
	assert_null(r.all);
	r = parse(SLICE_LIT("v=spf1 "));
	assert_int_equal(r.n, 0);
	r = parse(SLICE_LIT(""));
	assert_int_equal(r.n, 0);
}

static void
a_record_of_64_kib_stays_small(void **state)
{
	static unsigned char text[LIMIT_DNS_MESSAGE];
	struct arena *a = arena_new(3 * 1024 * 1024, 1024);
	struct spf_record r;

	(void)state;
	assert_non_null(a);
	memset(text, ' ', sizeof(text));
	memcpy(text, "v=spf1", 6);
	for (size_t i = 7; i < sizeof(text); i += 2)
		text[i] = 'a';
	assert_int_equal(spf_record_parse(a, slice_of(text, sizeof(text)), &r),
	    RC_OK);
	assert_int_equal(r.n, (LIMIT_DNS_MESSAGE - 6) / 2);
	assert_int_equal(r.faults, 0);
	assert_false(r.cut);
	arena_free(a);
}

static void
what_no_dns_message_holds_is_cut(void **state)
{
	static unsigned char text[LIMIT_SPF_TERMS * 2 + 10];
	struct spf_record r;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 0 ? 'a' : ' ';
	r = parse(slice_of(text, sizeof(text)));
	assert_true(r.cut);
	assert_int_equal(r.n, LIMIT_SPF_TERMS);
}

/* ---- names ------------------------------------------------------------- */

static void
kinds_have_names_and_some_ask(void **state)
{
	static const struct {
		enum spf_kind kind;
		const char *name;
		bool asks;
	} rows[] = {
		{ SPF_ALL, "all", false },
		{ SPF_INCLUDE, "include", true },
		{ SPF_A, "a", true },
		{ SPF_MX, "mx", true },
		{ SPF_PTR, "ptr", true },
		{ SPF_IP4, "ip4", false },
		{ SPF_IP6, "ip6", false },
		{ SPF_EXISTS, "exists", true },
		{ SPF_REDIRECT, "redirect", true },
		{ SPF_EXP, "exp", false },
		{ SPF_MODIFIER, "unknown modifier", false },
		{ SPF_NONSENSE, "unknown mechanism", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_string_equal(spf_kind_name(rows[i].kind), rows[i].name);
		assert_int_equal(spf_kind_asks(rows[i].kind), rows[i].asks);
	}
}

static void
faults_have_texts_of_their_own(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < SPF_FAULTS; i++) {
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(spf_fault_text(
						    (enum spf_fault)i),
			    spf_fault_text((enum spf_fault)j));
	}
}

static enum rc
parse_small(struct arena *a)
{
	struct spf_record r;

	return spf_record_parse(a, SLICE_LIT("v=spf1 a mx -all"), &r);
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	arena_sweep(parse_small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_one_by_its_version_alone),
		cmocka_unit_test(what_is_right_is_taken_apart),
		cmocka_unit_test(what_is_wrong_is_told_apart),
		cmocka_unit_test(a_nul_is_no_end),
		cmocka_unit_test(redirect_and_exp_may_stand_once),
		cmocka_unit_test(the_first_all_counts),
		cmocka_unit_test(spaces_are_many_or_last),
		cmocka_unit_test(a_record_of_64_kib_stays_small),
		cmocka_unit_test(what_no_dns_message_holds_is_cut),
		cmocka_unit_test(kinds_have_names_and_some_ask),
		cmocka_unit_test(faults_have_texts_of_their_own),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
