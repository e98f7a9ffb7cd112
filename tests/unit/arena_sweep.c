#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_sweep.h"

#define ENOUGH (64 * 1024)

void arena_sweep(enum rc (*run)(struct arena *))
{
	size_t failures = 0, limit;
	enum rc rc = RC_LIMIT;

	for (limit = 0; rc != RC_OK && limit < ENOUGH; limit += 8) {
		struct arena *a = arena_new(limit, 16);

		assert_non_null(a);
		rc = run(a);
		assert_true(rc == RC_OK || rc == RC_LIMIT);
		assert_int_equal(rc == RC_LIMIT, arena_failed(a));
		failures += rc != RC_OK;
		arena_free(a);
	}
	assert_int_equal(rc, RC_OK);
	assert_true(failures > 0);
}
