#ifndef BOUNCES_POOL_H
#define BOUNCES_POOL_H

#include "base/rc.h"
#include <stdbool.h>

/*
 * Work that is cut into pieces: taken in order, done by whichever thread is
 * free, put together in the order in which it was taken.  So what comes of it
 * does not depend on the number of threads.
 */
struct pool_work {
	void *ctx;
	/* Fills the next piece, in order; *end: there was none.  One thread. */
	enum rc (*take)(void *ctx, void *piece, bool *end);
	/* Any thread, and no two a piece or a thread number at once. */
	void (*work)(void *ctx, void *piece, unsigned int thread);
	/* In order.  One thread, that of take, which is number 0 of work. */
	enum rc (*put)(void *ctx, void *piece);
	/* Whether to take before what was taken is put; NULL: always. */
	bool (*may_take)(void *ctx);
};

/*
 * Runs all of it: pieces is an array of n_pieces pointers to what take fills,
 * used round and round; threads includes the one that calls, and if the
 * system gives fewer there are fewer.  The first failure of take or put ends it.
 */
enum rc pool_run(const struct pool_work *, void *const *pieces,
    unsigned int n_pieces, unsigned int threads);

#endif
