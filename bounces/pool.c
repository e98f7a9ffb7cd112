#include "bounces/pool.h"

#include <pthread.h>
#include <stdlib.h>

/* Of a piece. */
enum state { FREE, TAKEN, UNDER_WAY, DONE };

struct pool {
	const struct pool_work *work;
	void *const *pieces;
	enum state *states;
	unsigned int n;
	/* Numbers of pieces since the beginning, each at its place modulo n. */
	unsigned long taken, begun, put;
	bool end; /* nothing more is to be taken, or to be done */
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

struct worker {
	struct pool *pool;
	unsigned int number;
	pthread_t thread;
};

/* Does one piece that waits, under the lock at both ends; false: none does. */
static bool
do_one(struct pool *p, unsigned int number)
{
	unsigned long at;

	if (p->begun == p->taken)
		return false;
	at = p->begun++ % p->n;
	p->states[at] = UNDER_WAY;
	(void)pthread_mutex_unlock(&p->lock);
	p->work->work(p->work->ctx, p->pieces[at], number);
	(void)pthread_mutex_lock(&p->lock);
	p->states[at] = DONE;
	(void)pthread_cond_broadcast(&p->changed);
	return true;
}

static void *
worker_run(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;

	(void)pthread_mutex_lock(&p->lock);
	while (!p->end || p->begun < p->taken) {
		if (!do_one(p, w->number))
			(void)pthread_cond_wait(&p->changed, &p->lock);
	}
	(void)pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* The next piece to put is done. */
static bool
can_put(const struct pool *p)
{
	return p->put < p->taken && p->states[p->put % p->n] == DONE;
}

static enum rc
put_one(struct pool *p)
{
	unsigned long at = p->put % p->n;
	enum rc rc;

	(void)pthread_mutex_unlock(&p->lock);
	rc = p->work->put(p->work->ctx, p->pieces[at]);
	(void)pthread_mutex_lock(&p->lock);
	p->states[at] = FREE;
	p->put++;
	return rc;
}

static enum rc
take_one(struct pool *p)
{
	unsigned long at = p->taken % p->n;
	bool end = false;
	enum rc rc;

	(void)pthread_mutex_unlock(&p->lock);
	rc = p->work->take(p->work->ctx, p->pieces[at], &end);
	(void)pthread_mutex_lock(&p->lock);
	if (rc != RC_OK)
		return rc;
	p->end = end;
	if (!end) {
		p->states[at] = TAKEN;
		p->taken++;
	}
	(void)pthread_cond_broadcast(&p->changed);
	return RC_OK;
}

/* There is a free piece, and what it takes. */
static bool
can_take(const struct pool *p)
{
	const struct pool_work *w = p->work;

	return !p->end && p->taken - p->put < p->n &&
	       (p->taken == p->put || w->may_take == NULL ||
		   w->may_take(w->ctx));
}

/*
 * Under the lock.  Puts first, so that pieces get free; does pieces itself
 * when it cannot take more.
 */
static enum rc
lead(struct pool *p)
{
	enum rc rc = RC_OK;

	while (rc == RC_OK && (!p->end || p->put < p->taken)) {
		if (can_put(p))
			rc = put_one(p);
		else if (can_take(p))
			rc = take_one(p);
		else if (!do_one(p, 0))
			(void)pthread_cond_wait(&p->changed, &p->lock);
	}
	/* After a failure nobody begins anything. */
	p->end = true;
	p->begun = p->taken;
	(void)pthread_cond_broadcast(&p->changed);
	return rc;
}

enum rc
pool_run(const struct pool_work *work, void *const *pieces,
    unsigned int n_pieces, unsigned int threads)
{
	struct pool p = { .work = work,
		.pieces = pieces,
		.n = n_pieces,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER };
	struct worker *workers = calloc(threads, sizeof(*workers));
	unsigned int n = 1;
	enum rc rc = RC_NOMEM;

	p.states = calloc(n_pieces, sizeof(p.states[0]));
	if (workers == NULL || p.states == NULL)
		goto out;
	for (; n < threads; n++) {
		workers[n] = (struct worker){ .pool = &p, .number = n };
		if (pthread_create(&workers[n].thread, NULL, worker_run,
			&workers[n]) != 0)
			break;
	}
	(void)pthread_mutex_lock(&p.lock);
	rc = lead(&p);
	(void)pthread_mutex_unlock(&p.lock);
	while (n > 1)
		(void)pthread_join(workers[--n].thread, NULL);
out:
	free(workers);
	free(p.states);
	return rc;
}
