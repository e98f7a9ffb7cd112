#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "message/mime_value.h"
#include "with_arena.h"

WITH_ARENA(1024 * 1024, 4096)

#define NO_FAULT MIME_FAULTS

static const struct {
	const char *in;
	const char *type, *subtype; /* NULL: none */
	const char *name, *value;   /* of a parameter; NULL: none */
	enum mime_fault fault;      /* the only one; or NO_FAULT */
	size_t at;
} cases[] = {
	{ "text/plain", "text", "plain", "charset", NULL, NO_FAULT, 0 },
	{ " Text / Plain (a) ; CharSet = \"UTF-8\" (b)", "Text", "Plain",
	    "charset", "UTF-8", NO_FAULT, 0 },
	{ "a/b;;x=y;", "a", "b", "x", "y", NO_FAULT, 0 },
	{ "a/b; x=\"a\r\n b\"", "a", "b", "x", "a b", NO_FAULT, 0 },
	{ "a/b; x=\"a\\\"b\\\\\"", "a", "b", "x", "a\"b\\", NO_FAULT, 0 },
	{ "a/b; x=\"\"", "a", "b", "x", "", NO_FAULT, 0 },
	/* RFC 2231 3, 4 */
	{ "message/external-body; access-type=URL;\r\n URL*0=\"ftp://\";\r\n"
	  " URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\"",
	    "message", "external-body", "url",
	    "ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar", NO_FAULT,
	    0 },
	{ "application/x-stuff;\r\n"
	  " title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
	    "application", "x-stuff", "title", "This is ***fun***", NO_FAULT,
	    0 },
	{ "application/x-stuff;\r\n"
	  " title*0*=us-ascii'en'This%20is%20even%20more%20;\r\n"
	  " title*1*=%2A%2A%2Afun%2A%2A%2A%20;\r\n title*2=\"isn't it!\"",
	    "application", "x-stuff", "title",
	    "This is even more ***fun*** isn't it!", NO_FAULT, 0 },
	{ "a/b; x*1=c; x*0*=iso-8859-1''%e4", "a", "b", "x",
	    "\xc3\xa4"
	    "c",
	    NO_FAULT, 0 },
	{ "a/b; x=c; x*=utf-8''d", "a", "b", "x", "d", NO_FAULT, 0 },
	{ "a/b; x*=''d%41", "a", "b", "x", "dA", NO_FAULT, 0 },

	{ "", NULL, NULL, "x", NULL, MIME_FAULT_TYPE, 0 },
	{ " text; x=y", NULL, NULL, "x", "y", MIME_FAULT_TYPE, 1 },
	{ "text/", NULL, NULL, "x", NULL, MIME_FAULT_TYPE, 0 },
	{ "/plain; x=y", NULL, NULL, "x", "y", MIME_FAULT_TYPE, 0 },
	{ "x=y", NULL, NULL, "x", NULL, MIME_FAULT_TYPE, 0 },
	{ "text/plain/x", "text", "plain/x", "x", NULL, MIME_FAULT_SYNTAX, 0 },
	{ "a/b x=y", "a", "b", "x", "y", MIME_FAULT_SYNTAX, 4 },
	{ "a/b; x", "a", "b", "x", NULL, MIME_FAULT_SYNTAX, 5 },
	{ "a/b; x=; y=z", "a", "b", "y", "z", MIME_FAULT_SYNTAX, 5 },
	{ "a/b; =z; y=z", "a", "b", "y", "z", MIME_FAULT_SYNTAX, 5 },
	{ "a/b; x=y z=a", "a", "b", "z", "a", MIME_FAULT_SYNTAX, 9 },
	{ "a/b; x \"y\"; z=a", "a", "b", "z", "a", MIME_FAULT_SYNTAX, 5 },
	{ "a/b; x=My file.pdf; y=z", "a", "b", "x", "My file.pdf",
	    MIME_FAULT_UNQUOTED, 7 },
	{ "a/b; x=----=_Part", "a", "b", "x", "----=_Part", MIME_FAULT_UNQUOTED,
	    7 },
	{ "a/b; x=\"y", "a", "b", "x", "y", MIME_FAULT_UNCLOSED, 7 },
	{ "a/b (c; x=y", "a", "b", "x", NULL, MIME_FAULT_UNCLOSED, 4 },
	{ "a/b; x=y; X=z", "a", "b", "x", "y", MIME_FAULT_TWICE, 10 },
	{ "a/b; x=\"=?iso-8859-1?q?=E4?=\"", "a", "b", "x", "\xc3\xa4",
	    MIME_FAULT_WORD, 5 },
	{ "a/b; x=\"\xe4\"", "a", "b", "x", "\xe4", MIME_FAULT_8BIT, 5 },
	{ "a/b; x*=utf-8''%4", "a", "b", "x", "%4", MIME_FAULT_EXTENDED, 5 },
	{ "a/b; x*=utf-8''%E4", "a", "b", "x", "\xef\xbf\xbd",
	    MIME_FAULT_EXTENDED, 5 },
	{ "a/b; x*=abc", "a", "b", "x", "abc", MIME_FAULT_EXTENDED, 5 },
	{ "a/b; x*=x-none''%E4", "a", "b", "x", "\xe4", MIME_FAULT_EXTENDED,
	    5 },
	{ "a/b; x*0=c; x*2=d", "a", "b", "x", "cd", MIME_FAULT_EXTENDED, 12 },
	{ "a/b; x*a=c", "a", "b", "x", "c", MIME_FAULT_EXTENDED, 5 },
};

static void
check_faults(size_t i, const struct mime_value *v)
{
	for (size_t k = 0; k < MIME_FAULTS; k++) {
		bool want = k == cases[i].fault;

		if ((v->faults[k].count > 0) != want)
			fail_msg("%s: fault %zu: %zu", cases[i].in, k,
			    v->faults[k].count);
		if (want && v->faults[k].at != cases[i].at)
			fail_msg("%s: fault %zu at %zu", cases[i].in, k,
			    v->faults[k].at);
	}
}

static void
fields_are_read_faults_and_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mime_value v;
		struct slice value;

		mime_value_parse(slice_str(cases[i].in), true, &v);
		value = mime_value_get(arena, &v, cases[i].name, true);
		if (!slice_eq(v.type, slice_str(cases[i].type)) ||
		    !slice_eq(v.subtype, slice_str(cases[i].subtype)))
			fail_msg("%s: %.*s / %.*s", cases[i].in,
			    SLICE_FMT(v.type), SLICE_FMT(v.subtype));
		if (!slice_eq(value, slice_str(cases[i].value)) ||
		    (value.p == NULL) != (cases[i].value == NULL))
			fail_msg("%s: %.*s", cases[i].in, SLICE_FMT(value));
		check_faults(i, &v);
	}
}

static void
a_disposition_has_no_subtype(void **state)
{
	struct mime_value v;

	(void)state;
	mime_value_parse(SLICE_LIT(" Attachment ; filename=a/b"), false, &v);
	assert_true(slice_eq(v.type, SLICE_LIT("Attachment")));
	assert_null(v.subtype.p);
	assert_int_equal(v.faults[MIME_FAULT_TYPE].count, 0);
	assert_int_equal(v.faults[MIME_FAULT_UNQUOTED].count, 1);
	mime_value_parse(SLICE_LIT("filename=a"), false, &v);
	assert_int_equal(v.faults[MIME_FAULT_TYPE].count, 1);
}

static void
there_is_a_limit_to_parameters(void **state)
{
	char text[LIMIT_MIME_PARAMETERS * 16] = "a/b";
	struct mime_value v;
	size_t n = 3;

	(void)state;
	for (int i = 0; i <= LIMIT_MIME_PARAMETERS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, ";x%d=y", i);
	mime_value_parse(slice_of(text, n), true, &v);
	assert_int_equal(v.n, LIMIT_MIME_PARAMETERS);
	assert_int_equal(v.faults[MIME_FAULT_LIMIT].count, 1);
	assert_int_equal(v.faults[MIME_FAULT_LIMIT].at, n - 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_are_read_faults_and_all),
		TEST(a_disposition_has_no_subtype),
		TEST(there_is_a_limit_to_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
