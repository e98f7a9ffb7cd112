#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/domains.h"
#include "base/limits.h"

enum { ROWS_MAX = 8 };

struct lists {
	const char *title;
	const char *text;
	/* "line domain ips helo mail_from message selector", "-" for none. */
	const char *rows[ROWS_MAX];
	const char *error; /* NULL: none */
};

static const struct lists cases[] = {
	{ "one a line", "a.example\nb.example\n",
	    { "1 a.example 0 - - - -", "2 b.example 0 - - - -" }, NULL },
	{ "no end of line, CR LF, blanks and comments",
	    "# mine\r\n\r\n  a.example\r\n#b.example\n\tc.example.  ",
	    { "3 a.example 0 - - - -", "5 c.example 0 - - - -" }, NULL },
	{ "a byte order mark",
	    "\xef\xbb\xbf"
	    "a.example\n",
	    { "1 a.example 0 - - - -" }, NULL },
	{ "an IDN",
	    "B\xc3\xbc"
	    "cher.example\n",
	    { "1 xn--bcher-kva.example 0 - - - -" }, NULL },
	{ "nothing", "# only this\n\n", { NULL }, "f: holds no domain" },
	{ "a bad name, with its line", "a.example\n\na..b\n",
	    { "1 a.example 0 - - - -" },
	    "f: line 3: 'a..b' has an empty label" },
	{ "CSV in another order",
	    "selector,IP,Domain\ns1,192.0.2.1 2001:db8::1;192.0.2.2,a.example\n",
	    { "2 a.example 3 - - - s1" }, NULL },
	{ "a header of one column", "domain\na.example\n",
	    { "2 a.example 0 - - - -" }, NULL },
	{ "all columns",
	    "domain,ip,helo,mail_from,message,selector\n"
	    "a.example,192.0.2.1,h.example,b@a.example,m.eml,s\n",
	    { "2 a.example 1 h.example b@a.example m.eml s" }, NULL },
	{ "quotes, doubled quotes and commas in them",
	    "domain,message\n\"a.example\",\"a \"\"b\"\", c.eml\"\n",
	    { "2 a.example 0 - - a \"b\", c.eml -" }, NULL },
	{ "white space before a quote",
	    "domain, message\na.example, \"x,y.eml\" \n",
	    { "2 a.example 0 - - x,y.eml -" }, NULL },
	{ "fewer fields than columns, and empty ones",
	    "domain,ip,helo\na.example\nb.example,,\n",
	    { "2 a.example 0 - - - -", "3 b.example 0 - - - -" }, NULL },
	{ "a message without a domain", "domain,message\n,m.eml\n",
	    { "2 - 0 - - m.eml -" }, NULL },
	{ "neither", "domain,message\n,\n", { NULL },
	    "f: line 2: there is no domain and no message" },
	{ "more fields than columns", "domain,ip\na.example,,x\n", { NULL },
	    "f: line 2: there are more fields than columns" },
	{ "an unknown column", "domain,colour\n", { NULL },
	    "f: line 1: 'colour' is no column: they are domain, ip, helo, "
	    "mail_from, message, selector" },
	{ "a column twice", "# x\ndomain,ip,IP\n", { NULL },
	    "f: line 2: 'IP' is a column twice" },
	{ "a quote without an end", "domain,helo\n\"a.example,h\n", { NULL },
	    "f: line 2: a quote does not end" },
	{ "something after a quote", "domain,helo\n\"a.example\"x,h\n",
	    { NULL }, "f: line 2: a quote does not end" },
	{ "a bad address", "domain,ip\na.example,192.0.2.1 192.0.2\n", { NULL },
	    "f: line 2: '192.0.2' is not an IP address" },
	{ "CIDR is none", "domain,ip\na.example,192.0.2.0/24\n", { NULL },
	    "f: line 2: '192.0.2.0/24' is not an IP address" },
	{ "a terminal's escape is shown", "a.example\n\x1b[2J.example\n",
	    { "1 a.example 0 - - - -" },
	    "f: line 2: '\\u{1B}[2J.example' has a character that no domain "
	    "name has" },
};

static const char *
or_none(const char *s)
{
	return s != NULL ? s : "-";
}

static void
check_row(struct arena *a, const struct lists *c, const struct domain_row *row,
    const char *want)
{
	struct slice domain = row->domain.n > 0 ? row->domain : SLICE_LIT("-");
	const char *is = arena_printf(a, "%zu %.*s %zu %s %s %s %s", row->line,
	    SLICE_FMT(domain), row->n_ips, or_none(row->helo),
	    or_none(row->mail_from), or_none(row->message),
	    or_none(row->selector));

	if (want == NULL || strcmp(is, want) != 0)
		fail_msg("%s: \"%s\" is not \"%s\"", c->title, is,
		    or_none(want));
}

static void
check_list(struct arena *a, const struct lists *c)
{
	struct slice error = SLICE_NONE;
	struct domain_list l;
	struct domain_row row;
	size_t n = 0;
	enum rc rc = domain_list_open(&l, "f", slice_str(c->text), a, &error);

	while (rc == RC_OK) {
		rc = domain_list_next(&l, &row, a, &error);
		if (rc != RC_OK || row.line == 0)
			break;
		assert_true(n < ROWS_MAX);
		check_row(a, c, &row, c->rows[n++]);
	}
	assert_int_equal(rc, c->error != NULL ? RC_INVALID : RC_OK);
	if (n < ROWS_MAX && c->rows[n] != NULL)
		fail_msg("%s: row %zu is missing", c->title, n);
	if (c->error != NULL && !slice_eq(error, slice_str(c->error)))
		fail_msg("%s: \"%.*s\"", c->title, SLICE_FMT(error));
}

static void
lists_are_read_with_their_errors(void **state)
{
	struct arena *a = arena_new(1 << 20, 4096);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_list(a, &cases[i]);
	arena_free(a);
}

static void
a_line_over_the_limit_is_said(void **state)
{
	struct arena *a = arena_new(1 << 20, 4096);
	size_t n = LIMIT_LIST_LINE + 1;
	char *text = malloc(n);
	struct slice error = SLICE_NONE;
	struct domain_list l;
	struct domain_row row;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	assert_int_equal(domain_list_open(&l, "f", slice_of(text, n), a,
			     &error),
	    RC_OK);
	assert_int_equal(domain_list_next(&l, &row, a, &error), RC_INVALID);
	assert_true(
	    slice_eq(error, SLICE_LIT("f: line 1: the line is too long")));
	free(text);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_read_with_their_errors),
		cmocka_unit_test(a_line_over_the_limit_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
