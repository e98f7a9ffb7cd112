#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/table.h"

enum { KEYS = 3000 };

struct keys {
	char text[KEYS][8];
	int value[KEYS];
};

static struct slice
key(struct keys *k, int i)
{
	(void)snprintf(k->text[i], sizeof(k->text[i]), "%d", i);
	return slice_str(k->text[i]);
}

static void
values_are_found_and_replaced(void **state)
{
	struct table *t = table_new();
	int one = 1, two = 2;

	(void)state;
	assert_null(table_get(t, SLICE_LIT("a")));
	assert_true(table_put(t, SLICE_LIT("a"), &one));
	assert_true(table_put(t, SLICE_LIT(""), &two));
	assert_ptr_equal(table_get(t, SLICE_LIT("a")), &one);
	assert_ptr_equal(table_get(t, SLICE_NONE), &two);
	assert_true(table_put(t, SLICE_LIT("a"), &two));
	assert_ptr_equal(table_get(t, SLICE_LIT("a")), &two);
	assert_int_equal(table_count(t), 2);
	/* Length and every octet count: no word is padded into another. */
	assert_null(table_get(t, SLICE_LIT("a\0")));
	assert_null(table_get(t, SLICE_LIT("\0a")));
	table_free(t);
	table_free(NULL);
}

/* Removing every third of many: chains of probes are closed behind it. */
static void
removal_keeps_the_rest_reachable(void **state)
{
	struct table *t = table_new();
	static struct keys k;

	(void)state;
	for (int i = 0; i < KEYS; i++)
		assert_true(table_put(t, key(&k, i), &k.value[i]));
	assert_int_equal(table_count(t), KEYS);
	for (int i = 0; i < KEYS; i += 3) {
		table_remove(t, key(&k, i));
		table_remove(t, key(&k, i));
	}
	assert_int_equal(table_count(t), KEYS - KEYS / 3);
	for (int i = 0; i < KEYS; i++) {
		void *want = i % 3 == 0 ? NULL : &k.value[i];

		assert_ptr_equal(table_get(t, key(&k, i)), want);
	}
	for (int i = 0; i < KEYS; i++)
		table_remove(t, key(&k, i));
	assert_int_equal(table_count(t), 0);
	table_free(t);
}

/* 32 keys in 64 slots, again and again with other seeds: chains that wrap. */
static void
half_full_table_survives_any_order_of_removal(void **state)
{
	static struct keys k;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct table *t = table_new();

		for (int i = 0; i < 32; i++)
			assert_true(table_put(t, key(&k, i), &k.value[i]));
		for (int i = 0; i < 32; i++) {
			int gone = (i * 7 + round) % 32;

			table_remove(t, key(&k, gone));
			assert_null(table_get(t, key(&k, gone)));
			for (int j = i + 1; j < 32; j++) {
				int left = (j * 7 + round) % 32;

				assert_ptr_equal(table_get(t, key(&k, left)),
				    &k.value[left]);
			}
		}
		assert_int_equal(table_count(t), 0);
		table_free(t);
	}
}

static void
walk_meets_each_value_once(void **state)
{
	struct table *t = table_new();
	static struct keys k;
	size_t at = 0, seen = 0;
	int *value;

	(void)state;
	assert_null(table_next(t, &at));
	for (int i = 0; i < 500; i++)
		assert_true(table_put(t, key(&k, i), &k.value[i]));
	at = 0;
	while ((value = table_next(t, &at)) != NULL) {
		assert_int_equal(*value, 0);
		*value = 1;
		seen++;
	}
	assert_int_equal(seen, 500);
	assert_null(table_next(t, &at));
	table_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_found_and_replaced),
		cmocka_unit_test(removal_keeps_the_rest_reachable),
		cmocka_unit_test(half_full_table_survives_any_order_of_removal),
		cmocka_unit_test(walk_meets_each_value_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
