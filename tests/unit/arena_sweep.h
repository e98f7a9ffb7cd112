#ifndef TESTS_UNIT_ARENA_SWEEP_H
#define TESTS_UNIT_ARENA_SWEEP_H

#include "base/arena.h"
#include "base/rc.h"

/*
 * Runs it in arenas of more and more octets until it succeeds: every one of its
 * allocations fails once, and each failure has to be told as RC_LIMIT.
 */
void arena_sweep(enum rc (*run)(struct arena *));

#endif
