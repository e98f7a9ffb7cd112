#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>

#include "base/arena.h"

static void
memory_is_zeroed_and_aligned(void **state)
{
	struct arena *a = arena_new(64 * 1024, 256);

	(void)state;
	for (size_t n = 0; n < 200; n++) {
		unsigned char *p = arena_alloc(a, n, 1);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	assert_false(arena_failed(a));
	arena_free(a);
}

static void
ceiling_is_never_passed_and_sticks(void **state)
{
	struct arena *a = arena_new(4096, 64);

	(void)state;
	assert_null(arena_alloc(a, 1, 4097));
	assert_true(arena_failed(a));
	assert_int_equal(arena_size(a), 0);
	/* What still fits is given, and the failure stays known. */
	assert_non_null(arena_alloc(a, 1, 16));
	assert_true(arena_failed(a));
	while (arena_alloc(a, 1, 100) != NULL)
		assert_true(arena_size(a) <= 4096);
	assert_true(arena_size(a) <= 4096);
	assert_true(arena_size(a) > 2048);
	arena_free(a);
}

static void
product_that_overflows_is_refused(void **state)
{
	struct arena *a = arena_new(SIZE_MAX, 64);
	volatile size_t huge = SIZE_MAX;

	(void)state;
	assert_null(arena_alloc(a, huge, 16));
	assert_null(arena_alloc(a, huge, 1));
	assert_null(arena_alloc(a, huge / 2 + 1, 2));
	assert_null(arena_copy(a, slice_of("", huge)).p);
	assert_true(arena_failed(a));
	arena_free(a);
}

static void
reset_forgets_the_failure_and_gives_zeroes(void **state)
{
	struct arena *a = arena_new(4096, 256);
	unsigned char *p;

	(void)state;
	p = arena_alloc(a, 1, 100);
	memset(p, 0xff, 100);
	while (arena_alloc(a, 1, 100) != NULL)
		continue;
	arena_reset(a);
	assert_false(arena_failed(a));
	assert_true(arena_size(a) <= 256);
	p = arena_alloc(a, 1, 100);
	assert_non_null(p);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	arena_free(a);
}

static void
what_came_after_a_mark_is_forgotten(void **state)
{
	struct arena *a = arena_new(64 * 1024, 256);
	struct arena_mark begin = arena_mark(a), mark;
	unsigned char *before, *after;
	size_t size;

	(void)state;
	before = arena_alloc(a, 1, 100);
	memset(before, 0xff, 100);
	mark = arena_mark(a);
	size = arena_size(a);
	for (int i = 0; i < 100; i++) {
		after = arena_alloc(a, 1, 100);
		assert_non_null(after);
		memset(after, 0xff, 100);
	}
	assert_true(arena_size(a) > size);
	arena_rewind(a, mark);
	assert_int_equal(arena_size(a), size);
	assert_int_equal(before[99], 0xff);
	after = arena_alloc(a, 1, 100);
	assert_non_null(after);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(after[i], 0);
	arena_rewind(a, begin);
	assert_ptr_equal(arena_alloc(a, 1, 100), before);
	assert_int_equal(before[99], 0);
	arena_free(a);
}

static void
empty_arena_can_be_reset_and_none_freed(void **state)
{
	struct arena *a = arena_new(0, 0);

	(void)state;
	arena_reset(a);
	assert_null(arena_alloc(a, 1, 1));
	assert_true(arena_failed(a));
	arena_free(a);
	arena_free(NULL);
}

static void
array_grows_and_keeps_its_elements(void **state)
{
	struct arena *a = arena_new(64 * 1024, 64);
	size_t cap = 0;
	int *v = NULL;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		v = arena_grow(a, v, (size_t)i, &cap, sizeof(*v));
		assert_non_null(v);
		v[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v[i], i);
	assert_true(cap >= 1000);
	arena_free(a);
}

static void
array_that_cannot_grow_stays_valid(void **state)
{
	struct arena *a = arena_new(256, 256);
	size_t cap = 0;
	int *v = NULL, *more;
	int n = 0;

	(void)state;
	while ((more = arena_grow(a, v, (size_t)n, &cap, sizeof(*v))) != NULL) {
		v = more;
		v[n] = n;
		n++;
	}
	assert_true(arena_failed(a));
	assert_int_equal(n, (int)cap);
	assert_int_equal(v[n - 1], n - 1);
	arena_free(a);
}

static void
copy_is_terminated_and_own(void **state)
{
	struct arena *a = arena_new(1024, 64);
	char text[] = "a\0b";
	struct slice s = arena_copy(a, slice_of(text, 3));

	(void)state;
	text[0] = 'x';
	assert_int_equal(s.n, 3);
	assert_memory_equal(s.p, "a\0b", 4);
	s = arena_copy(a, SLICE_NONE);
	assert_non_null(s.p);
	assert_int_equal(s.n, 0);
	arena_free(a);
}

static void
formatted_text_may_hold_a_nul(void **state)
{
	struct arena *a = arena_new(256, 64);
	struct slice s;

	(void)state;
	assert_string_equal(arena_printf(a, "%d %s", 42, "x"), "42 x");
	s = arena_slicef(a, "a%cb", 0);
	assert_int_equal(s.n, 3);
	assert_memory_equal(s.p, "a\0b", 3);
	assert_null(arena_printf(a, "%300d", 1));
	assert_null(arena_slicef(a, "%300d", 1).p);
	assert_true(arena_failed(a));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(ceiling_is_never_passed_and_sticks),
		cmocka_unit_test(product_that_overflows_is_refused),
		cmocka_unit_test(reset_forgets_the_failure_and_gives_zeroes),
		cmocka_unit_test(what_came_after_a_mark_is_forgotten),
		cmocka_unit_test(empty_arena_can_be_reset_and_none_freed),
		cmocka_unit_test(array_grows_and_keeps_its_elements),
		cmocka_unit_test(array_that_cannot_grow_stays_valid),
		cmocka_unit_test(copy_is_terminated_and_own),
		cmocka_unit_test(formatted_text_may_hold_a_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
