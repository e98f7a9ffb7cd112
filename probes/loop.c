#include "probes/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

struct watch {
	loop_ready *ready; /* NULL: not watched */
	void *arg;
	unsigned int events;
};

struct loop {
	int epoll;
	int64_t now;
	int64_t wall;          /* to be added to now */
	struct watch *watches; /* by descriptor */
	size_t n_watches;
	struct timer **heap; /* the earliest first; heap[0] is not used */
	size_t n_heap;
	size_t heap_cap;
	struct put_off *put_off; /* the latest first */
};

enum { LOOP_EVENTS = 64, LOOP_WATCHES_MAX = 1 << 20 };

static int64_t
clock_ms(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
loop_read_clock(struct loop *l)
{
	l->now = clock_ms(CLOCK_MONOTONIC);
}

struct loop *
loop_new(void)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0) {
		free(l);
		return NULL;
	}
	loop_read_clock(l);
	l->wall = clock_ms(CLOCK_REALTIME) - l->now;
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	(void)close(l->epoll);
	free(l->watches);
	free(l->heap);
	free(l);
}

int64_t
loop_now(const struct loop *l)
{
	return l->now;
}

int64_t
loop_wall(const struct loop *l)
{
	return l->now + l->wall;
}

/* ---- descriptors ------------------------------------------------------- */

static enum rc
loop_room(struct loop *l, size_t fd)
{
	size_t n = l->n_watches > 0 ? l->n_watches : 64;
	struct watch *w;

	if (fd < l->n_watches)
		return RC_OK;
	if (fd >= LOOP_WATCHES_MAX)
		return RC_LIMIT;
	while (n <= fd)
		n *= 2;
	w = realloc(l->watches, n * sizeof(*w));
	if (w == NULL)
		return RC_NOMEM;
	for (size_t i = l->n_watches; i < n; i++)
		w[i] = (struct watch){ 0 };
	l->watches = w;
	l->n_watches = n;
	return RC_OK;
}

static enum rc
loop_control(struct loop *l, int op, int fd, unsigned int events)
{
	struct epoll_event e = { .data.fd = fd };

	if ((events & LOOP_READ) != 0)
		e.events |= (unsigned int)EPOLLIN;
	if ((events & LOOP_WRITE) != 0)
		e.events |= (unsigned int)EPOLLOUT;
	return epoll_ctl(l->epoll, op, fd, &e) == 0 ? RC_OK : RC_IO;
}

enum rc
loop_watch(struct loop *l, int fd, unsigned int events, loop_ready *ready,
    void *arg)
{
	struct watch *w;
	bool known;
	enum rc rc;

	if (fd < 0)
		return RC_BUG;
	rc = loop_room(l, (size_t)fd);
	if (rc)
		return rc;
	w = &l->watches[fd];
	known = w->ready != NULL;
	if (events == 0) {
		*w = (struct watch){ 0 };
		if (known) /* may be closed already: the kernel forgot it */
			(void)loop_control(l, EPOLL_CTL_DEL, fd, 0);
		return RC_OK;
	}
	*w = (struct watch){ ready, arg, events };
	rc = RC_IO;
	if (known)
		rc = loop_control(l, EPOLL_CTL_MOD, fd, events);
	if (rc)
		rc = loop_control(l, EPOLL_CTL_ADD, fd, events);
	if (rc)
		*w = (struct watch){ 0 };
	return rc;
}

/* ---- timers: a binary heap --------------------------------------------- */

static void
heap_set(struct loop *l, size_t i, struct timer *t)
{
	l->heap[i] = t;
	t->index = i;
}

static void
heap_up(struct loop *l, size_t i)
{
	struct timer *t = l->heap[i];

	for (; i > 1 && l->heap[i / 2]->at > t->at; i /= 2)
		heap_set(l, i, l->heap[i / 2]);
	heap_set(l, i, t);
}

static void
heap_down(struct loop *l, size_t i)
{
	struct timer *t = l->heap[i];

	for (size_t child = i * 2; child <= l->n_heap; child = i * 2) {
		if (child < l->n_heap &&
		    l->heap[child + 1]->at < l->heap[child]->at)
			child++;
		if (l->heap[child]->at >= t->at)
			break;
		heap_set(l, i, l->heap[child]);
		i = child;
	}
	heap_set(l, i, t);
}

void
loop_timer_stop(struct loop *l, struct timer *t)
{
	size_t i = t->index;
	struct timer *last;

	if (i == 0)
		return;
	t->index = 0;
	last = l->heap[l->n_heap--];
	if (last == t)
		return;
	heap_set(l, i, last);
	heap_up(l, i);
	heap_down(l, last->index);
}

enum rc
loop_timer(struct loop *l, struct timer *t, int64_t at)
{
	loop_timer_stop(l, t);
	if (l->n_heap + 2 > l->heap_cap) {
		size_t cap = l->heap_cap > 0 ? l->heap_cap * 2 : 64;
		struct timer **h = realloc(l->heap, cap * sizeof(*h));

		if (h == NULL)
			return RC_NOMEM;
		l->heap = h;
		l->heap_cap = cap;
	}
	t->at = at;
	heap_set(l, ++l->n_heap, t);
	heap_up(l, l->n_heap);
	return RC_OK;
}

/*
 * Fires what was due when the turn began.  A timer that is started again from
 * its own callback for the same moment waits for the next turn: at most as
 * many fire as there were.
 */
static void
loop_fire_due(struct loop *l)
{
	size_t most = l->n_heap;

	while (most-- > 0 && l->n_heap > 0 && l->heap[1]->at <= l->now) {
		struct timer *t = l->heap[1];

		loop_timer_stop(l, t);
		t->fire(t->arg);
	}
}

/* ---- what is put off --------------------------------------------------- */

void
loop_put_off(struct loop *l, struct put_off *p)
{
	if (p->waits)
		return;
	p->waits = true;
	p->next = l->put_off;
	l->put_off = p;
}

void
loop_put_off_stop(struct loop *l, struct put_off *p)
{
	struct put_off **at = &l->put_off;

	if (!p->waits)
		return;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	p->waits = false;
}

static void
loop_run_put_off(struct loop *l)
{
	struct put_off *p;

	while ((p = l->put_off) != NULL) {
		l->put_off = p->next;
		p->waits = false;
		p->run(p->arg);
	}
}

/* ---- a turn ------------------------------------------------------------ */

static int
loop_wait(const struct loop *l, int max_wait)
{
	int64_t wait = max_wait;

	if (l->n_heap > 0) {
		int64_t until = l->heap[1]->at - l->now;

		until = until < 0 ? 0 : until;
		if (wait < 0 || until < wait)
			wait = until;
	}
	return wait > 60000 ? 60000 : (int)wait;
}

static void
loop_call(struct loop *l, const struct epoll_event *e)
{
	const struct watch *w = &l->watches[e->data.fd];
	unsigned int events = 0;

	if (w->ready == NULL) /* ended by an earlier callback of this turn */
		return;
	if ((e->events & (EPOLLERR | EPOLLHUP)) != 0)
		events = LOOP_READ | LOOP_WRITE;
	if ((e->events & EPOLLIN) != 0)
		events |= LOOP_READ;
	if ((e->events & EPOLLOUT) != 0)
		events |= LOOP_WRITE;
	w->ready(w->arg, e->data.fd, events & w->events);
}

enum rc
loop_turn(struct loop *l, int max_wait)
{
	struct epoll_event events[LOOP_EVENTS];
	int n;

	loop_run_put_off(l);
	loop_read_clock(l);
	n = epoll_wait(l->epoll, events, LOOP_EVENTS, loop_wait(l, max_wait));
	if (n < 0 && errno != EINTR)
		return RC_IO;
	loop_read_clock(l);
	for (int i = 0; i < n; i++)
		loop_call(l, &events[i]);
	loop_fire_due(l);
	return RC_OK;
}
