#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_sweep.h"
#include "base/limits.h"
#include "checks/spf/spf_macro.h"
#include "with_arena.h"

WITH_ARENA(LIMIT_AUDIT_ARENA, 1024)

static void
assert_slice(struct slice s, struct slice expected)
{
	assert_int_equal(s.n, expected.n);
	assert_memory_equal(s.p, expected.p, expected.n);
}

/* ---- syntax ------------------------------------------------------------ */

struct syntax_row {
	const char *text;
	enum spf_macro_place place;
};

static void
what_is_right_is_taken(void **state)
{
	static const struct syntax_row rows[] = {
		{ "a.example", SPF_DOMAIN_SPEC },
		{ "a.example.", SPF_DOMAIN_SPEC },
		{ ".example", SPF_DOMAIN_SPEC },
		{ "a.b-c", SPF_DOMAIN_SPEC },
		{ "a.1-2", SPF_DOMAIN_SPEC },
		{ "a.1a", SPF_DOMAIN_SPEC },
		{ "a.a1", SPF_DOMAIN_SPEC },
		{ "!\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~.a", SPF_DOMAIN_SPEC },
		{ "%{s}", SPF_DOMAIN_SPEC },
		{ "%{S}.%{L}.%{O}.%{D}.%{I}.%{P}.%{H}.%{V}", SPF_DOMAIN_SPEC },
		{ "%{d1}%{d128}%{d99999999999999999999999999}",
		    SPF_DOMAIN_SPEC },
		{ "%{d01}", SPF_DOMAIN_SPEC },
		{ "%{dr}%{dR}%{d2r.-+,/_=..}", SPF_DOMAIN_SPEC },
		{ "%%", SPF_DOMAIN_SPEC },
		{ "a%_", SPF_DOMAIN_SPEC },
		{ "a%-", SPF_DOMAIN_SPEC },
		{ "%{d}.a", SPF_DOMAIN_SPEC },
		{ "", SPF_MACRO_STRING },
		{ "pass", SPF_MACRO_STRING },
		{ "%{i}.", SPF_MACRO_STRING },
		{ "", SPF_EXPLANATION },
		{ "See http://%{d}/why?s=%{S}&i=%{C} at %{t}, %{R}%%.",
		    SPF_EXPLANATION },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool macro;
		size_t at;

		assert_true(spf_macro_valid(slice_str(rows[i].text),
		    rows[i].place, &at, &macro));
	}
}

struct fault_row {
	const char *text;
	enum spf_macro_place place;
	size_t at;
	bool macro;
};

static void
what_is_wrong_is_shown(void **state)
{
	static const struct fault_row rows[] = {
		/* no end of a domain */
		{ "", SPF_DOMAIN_SPEC, 0, false },
		{ ".", SPF_DOMAIN_SPEC, 0, false },
		{ "museum", SPF_DOMAIN_SPEC, 0, false },
		{ "museum.", SPF_DOMAIN_SPEC, 0, false },
		{ "a.example..", SPF_DOMAIN_SPEC, 10, false },
		{ "192.0.2.1", SPF_DOMAIN_SPEC, 8, false },
		{ "a.-b", SPF_DOMAIN_SPEC, 2, false },
		{ "a.b-", SPF_DOMAIN_SPEC, 2, false },
		{ "a.b_c", SPF_DOMAIN_SPEC, 2, false },
		{ "a.b/c", SPF_DOMAIN_SPEC, 2, false },
		{ "%{d}.", SPF_DOMAIN_SPEC, 4, false },
		{ "%{d}com", SPF_DOMAIN_SPEC, 4, false },
		{ "a.%{d}com", SPF_DOMAIN_SPEC, 6, false },
		/* octets */
		{ "a b.c", SPF_DOMAIN_SPEC, 1, false },
		{ "a.b\t", SPF_DOMAIN_SPEC, 3, false },
		{ "%{d}\x80.a", SPF_DOMAIN_SPEC, 4, false },
		{ "a b", SPF_MACRO_STRING, 1, false },
		{ "a\x7f", SPF_MACRO_STRING, 1, false },
		{ "\xEF\xBB\xBF"
		  "Explanation",
		    SPF_EXPLANATION, 0, false },
		{ "a\tb", SPF_EXPLANATION, 1, false },
		/* macros */
		{ "%", SPF_DOMAIN_SPEC, 0, true },
		{ "foo%.sbl.example", SPF_DOMAIN_SPEC, 3, true },
		{ "foo%(ir).example", SPF_DOMAIN_SPEC, 3, true },
		{ "%%%", SPF_DOMAIN_SPEC, 2, true },
		{ "%{", SPF_DOMAIN_SPEC, 0, true },
		{ "%{}", SPF_DOMAIN_SPEC, 0, true },
		{ "%{d", SPF_DOMAIN_SPEC, 0, true },
		{ "%{d2", SPF_DOMAIN_SPEC, 0, true },
		{ "%{dr", SPF_DOMAIN_SPEC, 0, true },
		{ "%{d-", SPF_DOMAIN_SPEC, 0, true },
		{ "%{d0}", SPF_DOMAIN_SPEC, 0, true },
		{ "%{d000}", SPF_DOMAIN_SPEC, 0, true },
		{ "%{dr2}", SPF_DOMAIN_SPEC, 0, true },
		{ "%{drr}", SPF_DOMAIN_SPEC, 0, true },
		{ "%{d:}", SPF_DOMAIN_SPEC, 0, true },
		{ "%{d }", SPF_DOMAIN_SPEC, 0, true },
		{ "%{-}", SPF_DOMAIN_SPEC, 0, true },
		{ "%{a}.example", SPF_DOMAIN_SPEC, 0, true },
		{ "x.%{c}", SPF_DOMAIN_SPEC, 2, true },
		{ "x.%{R}", SPF_DOMAIN_SPEC, 2, true },
		{ "%{t}", SPF_DOMAIN_SPEC, 0, true },
		{ "%{c}", SPF_MACRO_STRING, 0, true },
		{ "The %{x}-files.", SPF_EXPLANATION, 4, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool macro;
		size_t at;

		assert_false(spf_macro_valid(slice_str(rows[i].text),
		    rows[i].place, &at, &macro));
		assert_int_equal(at, rows[i].at);
		assert_int_equal(macro, rows[i].macro);
	}
}

static void
a_nul_is_no_letter(void **state)
{
	struct spf_letters l = { 0 };
	struct slice text = SLICE_LIT("a%{\0}"), out;
	bool macro;
	size_t at;

	(void)state;
	assert_false(spf_macro_valid(text, SPF_EXPLANATION, &at, &macro));
	assert_int_equal(at, 1);
	assert_true(macro);
	assert_int_equal(spf_macro_expand(arena, text, &l, &out), RC_OK);
	assert_slice(out, SLICE_LIT("a"));
}

static void
letters_are_found(void **state)
{
	(void)state;
	assert_true(spf_macro_has(SLICE_LIT("a%%%{d}%{P2r.}"), 'p'));
	assert_true(spf_macro_has(SLICE_LIT("%{p}"), 'P'));
	assert_false(spf_macro_has(SLICE_LIT("a%%{p}%{i}p"), 'p'));
	assert_false(spf_macro_has(SLICE_LIT("%{z}%(p)%{p}"), 'p'));
	assert_false(spf_macro_has(SLICE_LIT(""), 'p'));
}

/* ---- expansion --------------------------------------------------------- */

static struct spf_letters
letters(const char *ip)
{
	struct spf_letters l = { .sender_local = SLICE_LIT("strong-bad"),
		.sender_domain = SLICE_LIT("email.example.com"),
		.domain = SLICE_LIT("email.example.com"),
		.helo = SLICE_LIT("mail.example.com"),
		.now = 1795290000 };

	assert_true(ip_parse(slice_str(ip), &l.ip));
	return l;
}

static struct slice
expand(const char *text, const struct spf_letters *l)
{
	struct slice out;

	assert_int_equal(spf_macro_expand(arena, slice_str(text), l, &out),
	    RC_OK);
	assert_non_null(out.p);
	return out;
}

struct expand_row {
	const char *text, *expected;
};

static void
assert_expands(const struct expand_row *rows, size_t n,
    const struct spf_letters *l)
{
	for (size_t i = 0; i < n; i++)
		assert_slice(expand(rows[i].text, l),
		    slice_str(rows[i].expected));
}

/* The examples of RFC 7208 7.4, and what they leave out. */
static void
ipv4_expands(void **state)
{
	static const struct expand_row rows[] = {
		{ "", "" },
		{ "%{s}", "strong-bad@email.example.com" },
		{ "%{o}", "email.example.com" },
		{ "%{d}", "email.example.com" },
		{ "%{d4}", "email.example.com" },
		{ "%{d3}", "email.example.com" },
		{ "%{d2}", "example.com" },
		{ "%{d1}", "com" },
		{ "%{dr}", "com.example.email" },
		{ "%{d2r}", "example.email" },
		{ "%{l}", "strong-bad" },
		{ "%{l-}", "strong.bad" },
		{ "%{lr}", "strong-bad" },
		{ "%{lr-}", "bad.strong" },
		{ "%{l1r-}", "strong" },
		{ "%{ir}.%{v}._spf.%{d2}",
		    "3.2.0.192.in-addr._spf.example.com" },
		{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
		{ "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
		    "bad.strong.lp.3.2.0.192.in-addr._spf.example.com" },
		{ "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
		    "3.2.0.192.in-addr.strong.lp._spf.example.com" },
		{ "%{d2}.trusted-domains.example.net",
		    "example.com.trusted-domains.example.net" },
		{ "%{d99999999999999999999999999999}", "email.example.com" },
		{ "%{i3}", "0.2.3" },
		{ "%{i1r}", "192" },
		{ "%{c} %{t} %{h} %{p} %{r}",
		    "192.0.2.3 1795290000 mail.example.com unknown unknown" },
		{ "%%%_%-", "% %20" },
		{ "%{S}", "strong-bad%40email.example.com" },
		/* joined with dots, whatever it was split on */
		{ "%{s-}", "strong.bad@email.example.com" },
		{ "%{s1.-}", "com" },
		{ "%{s2.-}", "example.com" },
		{ "%{sr.-}", "com.example.bad@email.strong" },
		{ "%{s2r.-}", "bad@email.strong" },
		{ "%{D1R}", "email" },
	};
	struct spf_letters l = letters("192.0.2.3");

	(void)state;
	assert_expands(rows, sizeof(rows) / sizeof(*rows), &l);
}

static void
ipv6_expands(void **state)
{
	static const struct expand_row rows[] = {
		{ "%{ir}.%{v}._spf.%{d2}",
		    "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		    "8.b.d.0.1.0.0.2.ip6._spf.example.com" },
		{ "%{i4}", "c.b.0.1" },
		{ "%{c} %{C}", "2001:db8::cb01 2001%3Adb8%3A%3Acb01" },
		{ "%{v}", "ip6" },
	};
	struct spf_letters l = letters("2001:DB8::CB01");

	(void)state;
	assert_expands(rows, sizeof(rows) / sizeof(*rows), &l);
}

static void
odd_values_expand(void **state)
{
	static const struct expand_row rows[] = {
		{ "%{l}", "~jack&jill=up-a_b3.c" },
		{ "%{L}", "~jack%26jill%3Dup-a_b3.c" },
		{ "%{l=}", "~jack&jill.up-a_b3.c" },
		{ "%{l1r=}", "~jack&jill" },
		{ "%{l=-_}", "~jack&jill.up.a.b3.c" },
		{ "%{l=-_.}", "~jack&jill.up.a.b3.c" },
		{ "%{L1=}", "up-a_b3.c" },
		{ "%{o}", "..a.." },
		{ "%{o1}", "" },
		{ "%{o2}", "." },
		{ "%{o3}", "a.." },
		{ "%{or}", "..a.." },
		{ "%{o3r}", "a.." },
		{ "%{h}", "" },
		{ "%{hr}", "" },
		{ "%{h1}", "" },
		{ "%{H1r-}", "" },
		/* escapes of canonical names are octets again */
		{ "%{d}", "a b.example" },
		{ "%{D}", "a%20b.example" },
		{ "%{p}", "\xff.example" },
		{ "%{P}", "%FF.example" },
		{ "%{r}", "mx.receiver.example" },
		{ "%{t}", "-9223372036854775808" },
	};
	struct spf_letters l = { .sender_local =
				     SLICE_LIT("~jack&jill=up-a_b3.c"),
		.sender_domain = SLICE_LIT("..a.."),
		.domain = SLICE_LIT("a\\032b.example"),
		.validated = SLICE_LIT("\\255.example"),
		.receiver = SLICE_LIT("mx.receiver.example"),
		.now = INT64_MIN };

	(void)state;
	assert_expands(rows, sizeof(rows) / sizeof(*rows), &l);
}

static void
the_ceiling_is_told(void **state)
{
	static unsigned char text[LIMIT_SPF_EXPANSION + 1];
	struct spf_letters l = letters("192.0.2.3");
	struct slice out;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(spf_macro_expand(arena,
			     slice_of(text, LIMIT_SPF_EXPANSION), &l, &out),
	    RC_OK);
	assert_int_equal(out.n, LIMIT_SPF_EXPANSION);
	assert_int_equal(spf_macro_expand(arena, slice_of(text, sizeof(text)),
			     &l, &out),
	    RC_LIMIT);
	assert_false(arena_failed(arena));
}

/* Each part taken is one octet, of a value that is long. */
static void
what_is_read_is_bounded_too(void **state)
{
	static unsigned char text[65520], local[32 * 1024];
	struct spf_letters l = letters("192.0.2.3");
	struct slice out;

	(void)state;
	memset(local, '.', sizeof(local));
	l.sender_local = slice_of(local, sizeof(local));
	for (size_t i = 0; i < sizeof(text); i += 5)
		memcpy(text + i, "%{l1}", 5);
	assert_int_equal(spf_macro_expand(arena, slice_of(text, 10), &l, &out),
	    RC_OK);
	assert_int_equal(out.n, 0);
	assert_int_equal(spf_macro_expand(arena, slice_of(text, sizeof(text)),
			     &l, &out),
	    RC_LIMIT);
}

/* ---- names ------------------------------------------------------------- */

#define L63 "a23456789012345678901234567890123456789012345678901234567890123"
#define L61 "b234567890123456789012345678901234567890123456789012345678901"

static void
names_are_canonical(void **state)
{
	static const struct expand_row rows[] = {
		{ "Mail.Example.COM", "mail.example.com" },
		{ "example.com.", "example.com" },
		{ "a", "a" },
		{ "_spf.-a-.1", "_spf.-a-.1" },
		{ "foo:bar/baz.example.com", "foo:bar/baz.example.com" },
		{ "macro%percent  space%20url-space.example.com",
		    "macro%percent\\032\\032space%20url-space.example.com" },
		{ "a\\b.example", "a\\092b.example" },
		{ "\x01\x7f\xff.example", "\\001\\127\\255.example" },
		/* U-labels, in either case; one that is none stays */
		{ "b\xc3\xbc"
		  "cher.example",
		    "xn--bcher-kva.example" },
		{ "B\xc3\x9c"
		  "CHER.example",
		    "xn--bcher-kva.example" },
		{ "x y.b\xc3\xbc"
		  "cher",
		    "x\\032y.xn--bcher-kva" },
		{ "\xc3.example", "\\195.example" },
		{ "\xe3\x80\x82.example", "\\227\\128\\130.example" },
		{ L63 ".example", L63 ".example" },
		{ L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61 },
		/* left labels go */
		{ "x." L63 "." L63 "." L63 "." L61,
		    L63 "." L63 "." L63 "." L61 },
		{ L63 "." L63 "." L63 ".b" L61, L63 "." L63 ".b" L61 },
		{ L63 "x." L63 "." L63 "." L61 ".", L63 "." L63 "." L61 },
		{ "a..b." L63 "." L63 "." L63 "." L61,
		    L63 "." L63 "." L63 "." L61 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct slice out;

		assert_true(
		    spf_target_name(arena, slice_str(rows[i].text), &out));
		assert_slice(out, slice_str(rows[i].expected));
	}
}

static void
no_names_are_refused(void **state)
{
	static const char *const rows[] = { "", ".", "..", "a..", ".a", "a..b",
		"a...example.com", L63 "x", L63 "x.example",
		"x." L63 "x.example", L63 L63 L63 L63 L63 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct slice out;

		assert_false(spf_target_name(arena, slice_str(rows[i]), &out));
	}
	assert_false(arena_failed(arena));
}

/* The conformance suite's case, by the way that it goes. */
static void
a_long_expansion_is_cut_at_labels(void **state)
{
	struct spf_letters l = letters("192.168.218.40");
	struct slice out;

	(void)state;
	l.sender_domain = SLICE_LIT("somewhat.long.exp.example.com");
	assert_true(spf_target_name(arena,
	    expand("foobar.%{o}.%{o}.%{o}.%{o}.%{o}.%{o}.%{o}.%{o}."
		   "example.com",
		&l),
	    &out));
	assert_int_equal(out.n, 251);
	assert_slice(slice_sub(out, 0, 14), SLICE_LIT("somewhat.long."));
}

/* ---- memory ------------------------------------------------------------ */

static enum rc
run_all(struct arena *a)
{
	struct spf_letters l = letters("192.0.2.3");
	struct slice out, name;
	enum rc rc;

	l.domain = SLICE_LIT("a\\032b.b\\195\\188cher.example");
	l.validated = SLICE_LIT("c\\032d.example");
	rc = spf_macro_expand(a, SLICE_LIT("%{s}.%{d}.%{p}"), &l, &out);
	if (rc)
		return rc;
	if (!spf_target_name(a, out, &name)) {
		assert_true(arena_failed(a));
		return RC_LIMIT;
	}
	assert_slice(name, SLICE_LIT("strong-bad@email.example.com.a\\032b."
				     "xn--bcher-kva.example.c\\032d.example"));
	return RC_OK;
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	arena_sweep(run_all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right_is_taken),
		cmocka_unit_test(what_is_wrong_is_shown),
		cmocka_unit_test(a_nul_is_no_letter),
		cmocka_unit_test(letters_are_found),
		cmocka_unit_test(ipv4_expands),
		cmocka_unit_test(ipv6_expands),
		cmocka_unit_test(odd_values_expand),
		cmocka_unit_test(the_ceiling_is_told),
		cmocka_unit_test(what_is_read_is_bounded_too),
		cmocka_unit_test(names_are_canonical),
		cmocka_unit_test(no_names_are_refused),
		cmocka_unit_test(a_long_expansion_is_cut_at_labels),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
