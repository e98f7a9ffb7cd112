#ifndef PROBES_LOOP_H
#define PROBES_LOOP_H

#include "base/rc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one loop: descriptors and timers of all probes over epoll(7).
 * Everything runs on one thread; a callback may add, change and remove any
 * watch or timer, its own too.
 */
struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

/* events: LOOP_READ and LOOP_WRITE; an error or hang-up shows as both. */
typedef void loop_ready(void *arg, int fd, unsigned int events);

struct loop *loop_new(void);
void loop_free(struct loop *);

/* Milliseconds of the monotonic clock, read once per turn of the loop. */
int64_t loop_now(const struct loop *);

/*
 * The same moment as milliseconds since 1970, by the wall clock as it was when
 * the loop was made: it never goes back.
 */
int64_t loop_wall(const struct loop *);

/* Starts, changes (same fd) or, with events 0, ends a watch. */
enum rc loop_watch(struct loop *, int fd, unsigned int events, loop_ready *,
    void *arg);

/*
 * A timer, owned and zero-initialised by its user; it must be stopped before
 * its memory goes.
 */
struct timer {
	void (*fire)(void *arg);
	void *arg;
	int64_t at;   /* loop_now() at which it fires */
	size_t index; /* in the heap, from 1; 0: not running */
};

/* Starts or restarts; fires once. */
enum rc loop_timer(struct loop *, struct timer *, int64_t at);
void loop_timer_stop(struct loop *, struct timer *);

/*
 * Work that is put off, so that what a whole turn brings is done at once: it
 * runs when the loop is about to wait, once however often it was put off.  It
 * must wake nobody, as nobody would look before the wait is over; a timer can.
 * Owned and zero-initialised by its user; stopped before its memory goes.
 */
struct put_off {
	void (*run)(void *arg);
	void *arg;
	struct put_off *next;
	bool waits;
};

void loop_put_off(struct loop *, struct put_off *);
void loop_put_off_stop(struct loop *, struct put_off *);

/*
 * One turn: waits until something is ready or due (at most max_wait
 * milliseconds; -1: as long as it takes; 0: not at all) and calls back.
 */
enum rc loop_turn(struct loop *, int max_wait);

#endif
