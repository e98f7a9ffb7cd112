#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message/mailbox.h"

#define FROM "From a@b.example Sat Nov 21 18:50:31 2026\n"

static const struct {
	const char *file;
	const char *messages[4];
} files[] = {
	{ FROM "a: b\n\nbody\n", { "a: b\n\nbody\n" } },
	{ FROM "a: b\n\nbody\n\n", { "a: b\n\nbody\n" } },
	{ FROM "a: b\n\nbody\n\n\n", { "a: b\n\nbody\n\n" } },
	{ FROM "a: b\n\nbody", { "a: b\n\nbody" } },
	{ FROM "a: b\n\n1\n\n" FROM "c: d\n\n2\n\n" FROM "e: f\n\n3\n",
	    { "a: b\n\n1\n", "c: d\n\n2\n", "e: f\n\n3\n" } },
	{ "From - Sat Nov 21 18:50:31 2026\r\na: b\r\n\r\n1\r\n\r\n"
	  "From x@y Sat Nov  7 18:50:31 +0000 2026\r\nc: d\r\n\r\n2\r\n",
	    { "a: b\r\n\r\n1\r\n", "c: d\r\n\r\n2\r\n" } },
	/* what only looks like a From_ line */
	{ FROM "a: b\n\nx\n\nFrom now on\n\nFrom Sat to Sun\n",
	    { "a: b\n\nx\n\nFrom now on\n\nFrom Sat to Sun\n" } },
	{ FROM "a: b\n\nx\n" FROM "y\n",
	    { "a: b\n\nx\n"
	      "From a@b.example Sat Nov 21 18:50:31 2026\ny\n" } },
	{ FROM "a: b\n\nx\n\n>" FROM "y\n", { "a: b\n\nx\n\n>" FROM "y\n" } },
	/* mboxcl: the length says what is body */
	{ FROM "Content-Length: 45\n\nx\n\n" FROM "\n" FROM "c: d\n\n2\n",
	    { "Content-Length: 45\n\nx\n\n" FROM, "c: d\n\n2\n" } },
	/* and is not believed where no message begins there */
	{ FROM "Content-Length: 4\n\nx\n\n" FROM "c: d\n\n2\n",
	    { "Content-Length: 4\n\nx\n", "c: d\n\n2\n" } },
	{ FROM "Content-Length: 999\n\nx\n\n" FROM "c: d\n\n2\n",
	    { "Content-Length: 999\n\nx\n", "c: d\n\n2\n" } },
	{ FROM "content-length: x\n\nx\n\n" FROM "c: d\n\n2\n",
	    { "content-length: x\n\nx\n", "c: d\n\n2\n" } },
	/* nothing between */
	{ FROM FROM "a: b\n", { "", "a: b\n" } },
	{ "From a Sat Nov 21 18:50:31 2026", { "" } },
	{ "before\n" FROM "a: b\n", { "a: b\n" } },
};

static void
each_message_is_a_slice_of_the_file(void **state)
{
	struct slice rest, one;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		rest = slice_str(files[i].file);
		for (size_t j = 0; files[i].messages[j] != NULL; j++) {
			const char *want = files[i].messages[j];

			assert_true(mailbox_next(&rest, &one));
			assert_non_null(one.p);
			if (!slice_eq(one, slice_str(want)))
				fail_msg("%zu: %.*s", i, SLICE_FMT(one));
		}
		assert_false(mailbox_next(&rest, &one));
	}
}

static const struct {
	const char *file;
	bool is;
} beginnings[] = {
	{ FROM, true },
	{ "From a@b Sat Nov 21 18:50 2026", true },
	{ "From  Sat Nov 21 18:50:31 2026\r\n", true },
	{ "From a b c Sat Nov 21 18:50:31 2026\n", true },
	{ "From 123@xxx Tue Nov 24 18:50:31 +0000 2026\n", true },
	{ "", false },
	{ "From", false },
	{ "From: a@b\n", false },
	{ "From : a@b\n", false },
	{ "From a@b\n", false },
	{ "From a@b Sat\n", false },
	{ "From a@b Sat Nov\n", false },
	{ "From a@b Sat Nov x\n", false },
	{ "From a@b Sat 21 Nov 2026\n", false },
	{ "from a@b Sat Nov 21 18:50:31 2026\n", false },
	{ "\n" FROM, false },
};

static void
a_mailbox_begins_with_a_dated_from_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		assert_int_equal(mailbox_is_mbox(slice_str(beginnings[i].file)),
		    beginnings[i].is);
}

static void
quoted_from_lines_are_noticed(void **state)
{
	(void)state;
	assert_true(mailbox_is_quoted(SLICE_LIT("a: b\n\nx\n>From x\n")));
	assert_true(mailbox_is_quoted(SLICE_LIT("a: b\n\n>>From x")));
	assert_false(mailbox_is_quoted(SLICE_LIT("a: b\n\n> From x\n")));
	assert_false(mailbox_is_quoted(SLICE_LIT("a: b\n\nFrom x\n>Fro")));
	assert_false(mailbox_is_quoted(SLICE_NONE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message_is_a_slice_of_the_file),
		cmocka_unit_test(a_mailbox_begins_with_a_dated_from_line),
		cmocka_unit_test(quoted_from_lines_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
