#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "message/address.h"
#include "with_arena.h"

WITH_ARENA(16 * 1024 * 1024, 4096)

/* Mailboxes as "group:display|local|domain", "\n" between. */
static struct slice
shown(const struct address_list *l)
{
	struct slice all = SLICE_LIT("");

	for (size_t i = 0; i < l->n; i++) {
		const struct mailbox *m = &l->mailboxes[i];

		all = arena_slicef(arena, "%.*s%s%.*s%s%.*s|%.*s|%.*s",
		    SLICE_FMT(all), i > 0 ? "\n" : "", SLICE_FMT(m->group),
		    m->group.p != NULL ? ":" : "", SLICE_FMT(m->display),
		    SLICE_FMT(m->local), SLICE_FMT(m->domain));
	}
	return all;
}

static const struct {
	const char *in, *out;
	size_t groups;
	bool obsolete;
} valid[] = {
	/* RFC 5322 appendix A.1.1 to A.1.3 */
	{ "John Doe <jdoe@machine.example>", "John Doe|jdoe|machine.example", 0,
	    false },
	{ "\"Joe Q. Public\" <john.q.public@example.com>",
	    "Joe Q. Public|john.q.public|example.com", 0, false },
	{ "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
	    "Mary Smith|mary|x.test\n|jdoe|example.org\nWho?|one|y.test", 0,
	    false },
	{ "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@"
	  "example.net>",
	    "|boss|nil.test\nGiant; \"Big\" Box|sysservices|example.net", 0,
	    false },
	{ "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
	    "A Group:Ed Jones|c|a.test\nA Group:|joe|where.test\n"
	    "A Group:John|jdoe|one.test",
	    1, false },
	{ "Undisclosed recipients:;", "", 1, false },
	/* A.5 */
	{ "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
	    "Pete|pete|silly.test", 0, false },
	{ "A Group(Some people)\r\n     :Chris Jones <c@(Chris's host.)"
	  "public.example>,\r\n         joe@example.org,\r\n  John <jdoe@one"
	  ".test> (my dear friend); (the end of the group)",
	    "A Group:Chris Jones|c|public.example\nA Group:|joe|example.org\n"
	    "A Group:John|jdoe|one.test",
	    1, false },
	{ "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", "",
	    1, false },
	/* A.6.1 */
	{ "Joe Q. Public <john.q.public@example.com>",
	    "Joe Q. Public|john.q.public|example.com", 0, true },
	{ "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
	    "Mary Smith|mary|example.net\n|jdoe|test.example", 0, true },
	/* A.6.3 */
	{ "John Doe <jdoe@machine(comment).  example>",
	    "John Doe|jdoe|machine.example", 0, true },
	/* more of 4.4 */
	{ "<@a.test,@b.test,,:x@c.test>", "|x|c.test", 0, true },
	{ "<,@a.test:x@c.test>", "|x|c.test", 0, true },
	{ "a . b@c.test", "|a.b|c.test", 0, true },
	{ "\"a b\".c@d.test", "|a b.c|d.test", 0, true },
	{ "a.\"b\"@d.test", "|a.b|d.test", 0, true },
	{ ",a@b.test", "|a|b.test", 0, true },
	{ "a@b.test,", "|a|b.test", 0, true },
	{ "g:,a@b.test;", "g:|a|b.test", 1, true },
	{ "g:a@b.test,;", "g:|a|b.test", 1, true },
	{ "a.b.c. <a@b.test>", "a.b.c.|a|b.test", 0, true },
	{ "\"a\x01"
	  "b\" <a@b.test>",
	    "a\x01"
	    "b|a|b.test",
	    0, true },
	{ "\"a\\\x01\" <a@b.test>", "a\x01|a|b.test", 0, true },
	{ "(\x7f) a@b.test", "|a|b.test", 0, true },
	{ "a@b.test\r\n \r\n ", "|a|b.test", 0, true },
	{ "a@[1\\2]", "|a|[1\\2]", 0, true },
	/* quoted local parts, literals, odd but current */
	{ "\"a b\"@c.test", "|a b|c.test", 0, false },
	{ "\"a\\\"b\\\\\"@c.test", "|a\"b\\|c.test", 0, false },
	{ "\"\"@c.test", "||c.test", 0, false },
	{ "\"\" <a@c.test>", "|a|c.test", 0, false },
	{ "a@[192.0.2.1]", "|a|[192.0.2.1]", 0, false },
	{ "a@[IPv6:2001:db8::1]", "|a|[IPv6:2001:db8::1]", 0, false },
	{ "a @ b.test", "|a|b.test", 0, false },
	{ "!#$%&'*+-/=?^_`{|}~@b.test", "|!#$%&'*+-/=?^_`{|}~|b.test", 0,
	    false },
	{ "a@b", "|a|b", 0, false },
	{ " \r\n a@b.test \r\n ", "|a|b.test", 0, false },
	{ "\"a\r\n b\" <a@b.test>", "a b|a|b.test", 0, false },
	{ "a \n b <a@b.test>", "a b|a|b.test", 0, false },
	{ "a(x)b <a@b.test>", "a b|a|b.test", 0, false },
	{ "a\"b\" <a@b.test>", "ab|a|b.test", 0, false },
	/* RFC 6532 */
	{ "J\xc3\xbcrgen <j\xc3\xbcrgen@b\xc3\xbc.test>",
	    "J\xc3\xbcrgen|j\xc3\xbcrgen|b\xc3\xbc.test", 0, false },
	{ "\"\xc3\xbc\" (\xc3\xbc) <a@b.test>", "\xc3\xbc|a|b.test", 0, false },
	/* encoded words */
	{ "=?utf-8?Q?J=C3=BCrgen_M=2E?= <j@b.test>",
	    "J\xc3\xbcrgen M.|j|b.test", 0, false },
	{ "=?utf-8?B?w7w=?= =?utf-8?B?w7w=?= x <j@b.test>",
	    "\xc3\xbc\xc3\xbc x|j|b.test", 0, false },
	{ "\"=?utf-8?B?w7w=?=\" <j@b.test>", "\xc3\xbc|j|b.test", 0, false },
	{ "=?utf-8?Q?=C3=BC?=: a@b.test;", "\xc3\xbc:|a|b.test", 1, false },
};

static void
address_lists_are_read(void **state)
{
	struct address_list l;

	(void)state;
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		struct slice in = slice_str(valid[i].in), out;

		assert_int_equal(address_list_parse(arena, in, &l), RC_OK);
		out = shown(&l);
		if (l.fault != ADDRESS_FINE ||
		    !slice_eq(out, slice_str(valid[i].out)))
			fail_msg("%s: fault %d at %zu: %.*s", valid[i].in,
			    (int)l.fault, l.at, SLICE_FMT(out));
		assert_int_equal(l.groups, valid[i].groups);
		if (l.obsolete != valid[i].obsolete)
			fail_msg("%s: obsolete %d", valid[i].in, l.obsolete);
	}
}

static const struct {
	const char *in;
	enum address_fault fault;
	size_t at;
	size_t kept;
} invalid[] = {
	{ "", ADDRESS_EMPTY, 0, 0 },
	{ " \r\n ", ADDRESS_EMPTY, 4, 0 },
	{ "(only a comment)", ADDRESS_EMPTY, 16, 0 },
	{ ",,", ADDRESS_EMPTY, 2, 0 },
	{ "a", ADDRESS_NO_DOMAIN, 1, 0 },
	{ "a, b@c.test", ADDRESS_NO_DOMAIN, 1, 0 },
	{ "x <a>", ADDRESS_NO_DOMAIN, 4, 0 },
	{ "g: a;", ADDRESS_NO_DOMAIN, 4, 0 },
	{ "a@b.test, c", ADDRESS_NO_DOMAIN, 11, 1 },
	{ "a@", ADDRESS_SYNTAX, 2, 0 },
	{ "@b", ADDRESS_SYNTAX, 0, 0 },
	{ "a@b@c", ADDRESS_SYNTAX, 3, 1 },
	{ "<>", ADDRESS_SYNTAX, 1, 0 },
	{ "a b@c.test", ADDRESS_SYNTAX, 2, 0 },
	{ ".a@b.test", ADDRESS_SYNTAX, 0, 0 },
	{ "a.@b.test", ADDRESS_SYNTAX, 2, 0 },
	{ "a..b@c.test", ADDRESS_SYNTAX, 2, 0 },
	{ "a@.b", ADDRESS_SYNTAX, 2, 0 },
	{ "a@b.", ADDRESS_SYNTAX, 4, 0 },
	{ "a@b..c", ADDRESS_SYNTAX, 4, 0 },
	{ "a@\"b\"", ADDRESS_SYNTAX, 2, 0 },
	{ "a@b c", ADDRESS_SYNTAX, 4, 1 },
	{ "a@b.test; c@d.test", ADDRESS_SYNTAX, 8, 1 },
	{ "a@b.test x@y", ADDRESS_SYNTAX, 9, 1 },
	{ "x <a@b.test> y", ADDRESS_SYNTAX, 13, 1 },
	{ "x <<a@b.test>>", ADDRESS_SYNTAX, 3, 0 },
	{ "a@b.test>", ADDRESS_SYNTAX, 8, 1 },
	{ ".x <a@b.test>", ADDRESS_SYNTAX, 0, 0 },
	{ ":a@b.test;", ADDRESS_SYNTAX, 0, 0 },
	{ "g: h: a@b.test;;", ADDRESS_SYNTAX, 4, 0 },
	{ "g: a@b.test; c@d.test", ADDRESS_SYNTAX, 13, 1 },
	{ "<@a.test:>", ADDRESS_SYNTAX, 9, 0 },
	{ "<@a.test x@b>", ADDRESS_SYNTAX, 9, 0 },
	{ "a@b\\c", ADDRESS_SYNTAX, 3, 1 },
	{ "a\x01@b", ADDRESS_SYNTAX, 1, 0 },
	{ "\xff@b", ADDRESS_SYNTAX, 0, 0 },
	{ "\"a\xff\" <a@b>", ADDRESS_SYNTAX, 2, 0 },
	{ "a@b\r\nc", ADDRESS_SYNTAX, 3, 1 },
	{ "a@b\r c", ADDRESS_SYNTAX, 3, 1 },
	{ "a@b\r\n", ADDRESS_SYNTAX, 3, 1 },
	{ "[x] <a@b>", ADDRESS_SYNTAX, 0, 0 },
	{ "a@[b[c]", ADDRESS_SYNTAX, 4, 0 },
	{ "a@b)", ADDRESS_SYNTAX, 3, 1 },
	{ "\"a <a@b>", ADDRESS_UNCLOSED, 0, 0 },
	{ "x@y, \"a\\\"", ADDRESS_UNCLOSED, 5, 1 },
	{ "a@b (c (d)", ADDRESS_UNCLOSED, 4, 1 },
	{ "x <a@b", ADDRESS_UNCLOSED, 2, 0 },
	{ "a@[1.2", ADDRESS_UNCLOSED, 2, 0 },
	{ "g: a@b", ADDRESS_UNCLOSED, 1, 1 },
	{ "g:", ADDRESS_UNCLOSED, 1, 0 },
};

static void
first_wrong_octet_is_told(void **state)
{
	struct address_list l;

	(void)state;
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		struct slice in = slice_str(invalid[i].in);

		assert_int_equal(address_list_parse(arena, in, &l), RC_OK);
		if (l.fault != invalid[i].fault || l.at != invalid[i].at ||
		    l.n != invalid[i].kept)
			fail_msg("%s: fault %d at %zu, kept %zu", invalid[i].in,
			    (int)l.fault, l.at, l.n);
	}
	assert_int_equal(address_list_parse(arena, SLICE_LIT("a\0b@c"), &l),
	    RC_OK);
	assert_int_equal(l.fault, ADDRESS_SYNTAX);
	assert_int_equal(l.at, 1);
}

static void
comments_nest_to_the_limit(void **state)
{
	char text[2 * LIMIT_COMMENT_DEPTH + 8];
	struct address_list l;
	size_t d = LIMIT_COMMENT_DEPTH;

	(void)state;
	memset(text, '(', d);
	memset(text + d, ')', d);
	memcpy(text + 2 * d, "a@b", 3);
	assert_int_equal(address_list_parse(arena, slice_of(text, 2 * d + 3),
			     &l),
	    RC_OK);
	assert_int_equal(l.fault, ADDRESS_FINE);
	text[d] = '(';
	assert_int_equal(address_list_parse(arena, slice_of(text, 2 * d + 3),
			     &l),
	    RC_OK);
	assert_int_equal(l.fault, ADDRESS_TOO_DEEP);
	assert_int_equal(l.at, d);
}

static void
addresses_over_the_limit_are_told(void **state)
{
	size_t n = ((size_t)LIMIT_ADDRESSES + 1) * 4;
	char *text = malloc(n);
	struct address_list l;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i += 4)
		memcpy(text + i, "a@b,", 4);
	assert_int_equal(address_list_parse(arena, slice_of(text, n - 5), &l),
	    RC_OK);
	assert_int_equal(l.fault, ADDRESS_FINE);
	assert_int_equal(l.n, LIMIT_ADDRESSES);
	assert_int_equal(address_list_parse(arena, slice_of(text, n), &l),
	    RC_OK);
	assert_int_equal(l.fault, ADDRESS_TOO_MANY);
	assert_int_equal(l.at, n - 4);
	free(text);
}

static const struct {
	const char *in;
	bool fine, null;
	const char *local, *domain;
} paths[] = {
	{ "<a@b.test>", true, false, "a", "b.test" },
	{ " <a@b.test> ", true, false, "a", "b.test" },
	{ "a@b.test", true, false, "a", "b.test" },
	{ "<@x.test,@y.test:a@b.test>", true, false, "a", "b.test" },
	{ "<\"a b\"@b.test>", true, false, "a b", "b.test" },
	{ "<a@[192.0.2.1]>", true, false, "a", "[192.0.2.1]" },
	{ "<bounce+a=b=c.test@d.test> (x)", true, false, "bounce+a=b=c.test",
	    "d.test" },
	{ "<>", true, true, "", "" },
	{ " < > (null)", true, true, "", "" },
	{ "", false, false, "", "" },
	{ "<a>", false, false, "", "" },
	{ "<a@b.test", false, false, "", "" },
	{ "a@b.test>", false, false, "", "" },
	{ "<a@b.test> x", false, false, "", "" },
	{ "<a@b.test>, <c@d.test>", false, false, "", "" },
	{ "x <a@b.test>", false, false, "", "" },
	{ "<> x", false, false, "", "" },
	{ "<@x.test>", false, false, "", "" },
};

static void
paths_are_read(void **state)
{
	struct path p;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		bool fine = path_parse(arena, slice_str(paths[i].in), &p);

		if (fine != paths[i].fine)
			fail_msg("%s", paths[i].in);
		assert_int_equal(p.null, paths[i].null);
		assert_true(slice_eq(p.local, slice_str(paths[i].local)));
		assert_true(slice_eq(p.domain, slice_str(paths[i].domain)));
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(address_lists_are_read),
		TEST(first_wrong_octet_is_told),
		TEST(comments_nest_to_the_limit),
		TEST(addresses_over_the_limit_are_told),
		TEST(paths_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
