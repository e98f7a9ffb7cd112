#ifndef AUDIT_ENGINE_H
#define AUDIT_ENGINE_H

#include <jansson.h>

#include "checks/check.h"
#include "message/message.h"
#include "probes/probes.h"

/* One check of one audit: run, wait, run again. */
struct task {
	struct asker asker;
	struct audit *audit;
	const struct check *check;
	json_t *facts;
	json_t *gaps;
	struct task *next; /* in the ready queue */
	bool done;
};

/*
 * One audit: who sends what, what is known about it, what is not.  The
 * subject's slices live in its arena or in octets.
 */
struct audit {
	size_t index; /* in input order, from 0 */
	struct arena *arena;
	struct subject subject;
	struct message message;
	unsigned char *octets; /* of the message; owned */
	json_t *described;     /* the document's "subject" object */
	json_t *facts;         /* by check, with "subject" */
	json_t *gaps;
	json_t *evidence;  /* the document's "evidence"; NULL: not wanted */
	const char *error; /* nothing can be judged, and why; in the arena */

	/* The engine's. */
	struct engine *engine;
	struct audit *next, **before; /* among those in flight */
	struct pins pins;
	struct memos memos;
	struct task *tasks;
	size_t open; /* tasks that are not done */
	struct timer deadline;
	bool late;
};

/* RC_NOMEM only. */
enum rc audit_new(size_t index, struct audit **);
void audit_close(struct audit **);

struct engine_settings {
	size_t jobs;         /* audits in flight */
	int64_t deadline_ms; /* of one audit */
	bool (*selected)(void *arg, const struct check *);

	/* The next audit, *out NULL: no more. */
	enum rc (*next)(void *arg, struct audit **out);
	/* Whether another may start now; if not, something is in flight. */
	bool (*room)(void *arg);
	/*
	 * All checks of it are done, and it still holds its answers: for whoever
	 * wants to list them.  May be NULL.
	 */
	enum rc (*checked)(void *arg, struct audit *);
	/* Takes the audit over. */
	enum rc (*done)(void *arg, struct audit *);
	/* After each turn, for progress; open questions. */
	void (*tick)(void *arg, size_t in_flight);
	void *arg;
};

/*
 * Runs audits until there are no more.  The first failure ends it: of a
 * callback, of the loop, or for want of memory.
 */
enum rc engine_run(struct loop *, struct store *, struct probes *,
    const struct engine_settings *);

#endif
