#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "bounces/book.h"

static struct book book;
static struct senders block;

static int
setup(void **state)
{
	(void)state;
	book_init(&book);
	senders_init(&block);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	book_free(&book);
	senders_free(&block);
	return 0;
}

static uint64_t
id_of(unsigned int n)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "ID%08u", n);
	return sender_id(&block, slice_str(text));
}

static void
note(void)
{
	assert_int_equal(book_note(&book, &block), RC_OK);
	senders_reset(&block);
}

static bool
is(unsigned int n, const char *want)
{
	struct slice address;

	return book_find(&book, id_of(n), &address) &&
	       slice_eq(address, slice_str(want));
}

static bool
is_told(unsigned int n)
{
	struct slice unused;

	return book_find(&book, id_of(n), &unused);
}

static void
the_last_that_is_told_counts(void **state)
{
	(void)state;
	assert_false(is_told(1));
	senders_put(&block, id_of(1), SLICE_LIT("a@x"));
	senders_put(&block, id_of(2), SLICE_LIT(""));
	note();
	assert_true(is(1, "a@x"));
	assert_true(is(2, ""));
	senders_put(&block, id_of(1), SLICE_LIT("b@x"));
	senders_gone(&block, id_of(2));
	senders_gone(&block, id_of(3));
	note();
	assert_true(is(1, "b@x"));
	assert_false(is_told(2));
	book_clear(&book);
	assert_false(is_told(1));
}

/* Every third goes again, while more come: gaps are closed. */
static void
many_are_kept_and_go(void **state)
{
	enum { MANY = 20000, BLOCK = 500 };

	(void)state;
	for (unsigned int n = 0; n < MANY; n++) {
		senders_put(&block, id_of(n), SLICE_LIT("a@x"));
		if (n >= BLOCK && n % 3 == 0)
			senders_gone(&block, id_of(n - BLOCK));
		if (n % BLOCK == BLOCK - 1)
			note();
	}
	for (unsigned int n = 0; n < MANY; n++)
		assert_int_equal(is_told(n),
		    n >= MANY - BLOCK || (n + BLOCK) % 3 != 0);
	assert_false(book.lost);
}

static void
too_many_are_forgotten_and_that_is_said(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < LIMIT_SENDERS; n++)
		senders_put(&block, id_of(n), SLICE_LIT("a@x"));
	note();
	assert_true(is_told(0));
	assert_false(book.lost);
	senders_put(&block, id_of(LIMIT_SENDERS), SLICE_LIT("b@x"));
	note();
	assert_true(book.lost);
	assert_false(is_told(0));
	assert_true(is(LIMIT_SENDERS, "b@x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_last_that_is_told_counts,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(many_are_kept_and_go, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    too_many_are_forgotten_and_that_is_said, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
