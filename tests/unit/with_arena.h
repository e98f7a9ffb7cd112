#ifndef TESTS_UNIT_WITH_ARENA_H
#define TESTS_UNIT_WITH_ARENA_H

#include "base/arena.h"

/* The arena of a test, or of a group of them: for cmocka's setup and teardown. */
#define WITH_ARENA(limit, block) \
	static struct arena *arena; \
\
	static int setup(void **state) \
	{ \
		(void)state; \
		arena = arena_new(limit, block); \
		return arena != NULL ? 0 : -1; \
	} \
\
	static int teardown(void **state) \
	{ \
		(void)state; \
		arena_free(arena); \
		return 0; \
	}

#endif
