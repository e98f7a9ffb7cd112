#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cursor.h"

static void
octets_are_read_big_endian(void **state)
{
	struct cursor c = cursor_of(SLICE_LIT("\x01\x02\x03\xff\xfe\xfd\xfc"));

	(void)state;
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_u16(&c), 0x0203);
	assert_true(cursor_u32(&c) == 0xfffefdfc);
	assert_true(cursor_done(&c));
	assert_false(c.failed);
	assert_int_equal(cursor_peek(&c), -1);
}

static void
failure_sticks_and_moves_nothing(void **state)
{
	struct cursor c = cursor_of(SLICE_LIT("\x01\x02\x03"));

	(void)state;
	assert_int_equal(cursor_u16(&c), 0x0102);
	assert_int_equal(cursor_u16(&c), 0);
	assert_true(c.failed);
	assert_int_equal(c.at, 2);
	assert_int_equal(cursor_left(&c), 0);
	assert_int_equal(cursor_peek(&c), -1);
	assert_false(cursor_skip(&c, 3));
	assert_int_equal(cursor_u8(&c), 0);
	assert_null(cursor_bytes(&c, 1).p);
	assert_int_equal(cursor_rest(&c).n, 0);
}

static void
take_has_a_bound(void **state)
{
	struct cursor c = cursor_of(SLICE_LIT("abc"));

	(void)state;
	assert_null(cursor_bytes(&c, SIZE_MAX).p);
	assert_true(c.failed);
	c = cursor_of(SLICE_LIT("\x01\x02\x03"));
	assert_int_equal(cursor_u32(&c), 0x01020000);
	assert_true(c.failed);
}

static void
skip_takes_only_what_it_names(void **state)
{
	struct cursor c = cursor_of(SLICE_LIT("ab"));

	(void)state;
	assert_false(cursor_skip(&c, 'b'));
	assert_false(c.failed);
	assert_true(cursor_skip(&c, 'a'));
	assert_true(slice_eq(cursor_rest(&c), SLICE_LIT("b")));
	assert_true(cursor_done(&c));
}

static void
start_past_the_end_is_a_failure(void **state)
{
	struct cursor c = cursor_at(SLICE_LIT("abc"), 3);

	(void)state;
	assert_false(c.failed);
	assert_true(cursor_done(&c));
	c = cursor_at(SLICE_LIT("abc"), 4);
	assert_true(c.failed);
	c = cursor_of(SLICE_NONE);
	assert_true(cursor_done(&c));
	assert_false(c.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(octets_are_read_big_endian),
		cmocka_unit_test(failure_sticks_and_moves_nothing),
		cmocka_unit_test(take_has_a_bound),
		cmocka_unit_test(skip_takes_only_what_it_names),
		cmocka_unit_test(start_past_the_end_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
