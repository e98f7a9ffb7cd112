#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

static void
additions_follow_each_other(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1024);
	buf_add(&b, SLICE_LIT("a\0b"));
	buf_add_str(&b, "cd");
	buf_add_char(&b, 'e');
	buf_printf(&b, "%d", 7);
	assert_true(slice_eq(buf_slice(&b), SLICE_LIT("a\0bcde7")));
	buf_drop(&b, 3);
	assert_true(slice_eq(buf_slice(&b), SLICE_LIT("cde7")));
	buf_drop(&b, 100);
	assert_int_equal(b.n, 0);
	assert_false(b.failed);
	buf_free(&b);
	buf_free(&b);
}

static void
ceiling_is_exact_and_sticks(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_add_str(&b, "0123456789");
	assert_false(b.failed);
	buf_add(&b, SLICE_NONE);
	assert_false(b.failed);
	buf_add_char(&b, 'x');
	assert_true(b.failed);
	assert_int_equal(b.n, 10);
	buf_drop(&b, 10);
	buf_add_char(&b, 'x');
	assert_int_equal(b.n, 0);
	buf_reset(&b);
	buf_printf(&b, "%010d", 1);
	assert_false(b.failed);
	assert_int_equal(b.n, 10);
	buf_printf(&b, "%d", 1);
	assert_true(b.failed);
	buf_free(&b);
}

static void
size_that_overflows_is_refused(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	buf_add_char(&b, 'x');
	buf_add(&b, slice_of("", SIZE_MAX));
	assert_true(b.failed);
	assert_int_equal(b.n, 1);
	buf_reset(&b);
	buf_add(&b, slice_of("", SIZE_MAX / 2 + 1));
	assert_true(b.failed);
	buf_free(&b);
}

static void
growth_keeps_what_was_there(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5000);
	for (int i = 0; i < 5000; i++)
		buf_add_char(&b, (char)('a' + i % 26));
	assert_false(b.failed);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
	assert_true(b.cap <= 5001);
	buf_free(&b);
}

static void
zeroed_one_can_be_freed(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_free(&b);
	buf_add_char(&b, 'x');
	assert_true(b.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(additions_follow_each_other),
		cmocka_unit_test(ceiling_is_exact_and_sticks),
		cmocka_unit_test(size_that_overflows_is_refused),
		cmocka_unit_test(growth_keeps_what_was_there),
		cmocka_unit_test(zeroed_one_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
