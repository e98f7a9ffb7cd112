#ifndef BOUNCES_ATTEMPT_H
#define BOUNCES_ATTEMPT_H

#include "bounces/classify.h"

enum attempt_kind {
	ATTEMPT_DELIVERED,
	ATTEMPT_DEFERRED, /* will be tried again */
	ATTEMPT_BOUNCED,  /* will not */
};

enum { ATTEMPT_KINDS = ATTEMPT_BOUNCED + 1 };

/* What is known of a moment. */
enum moment_kind {
	MOMENT_NONE,
	/* Of the old syslog: seconds are those since a year of 366 days began. */
	MOMENT_YEARLESS,
	MOMENT_FULL,
};

struct moment {
	enum moment_kind kind;
	int64_t
	    seconds; /* since 1970 UTC; a log without a zone is taken as UTC */
};

/*
 * One attempt to deliver a message to one recipient that did not succeed.  The
 * slices are of the input, or of the batch that it is in; nothing where the
 * log does not tell.
 */
struct attempt {
	enum attempt_kind kind;
	struct moment time;
	struct slice queue_id;
	struct slice sender;        /* envelope; an empty one has a pointer */
	struct slice sender_domain; /* where that alone is told; or nothing */
	struct slice delivery; /* whose start has to be looked up; or nothing */
	bool sender_gone;      /* the id was that of another message before */
	struct slice recipient;
	struct slice host; /* that answered, or was to be asked */
	struct slice ip;   /* of it */
	struct slice text; /* as logged: the reply, or why there was none */
	bool cut; /* more was said than LIMIT_GIST: its begin is judged */
	/* What else a message about it says; looked at when text tells nothing. */
	struct slice notice;
	/* Who counted it, in a report: ip is then that of the sending host. */
	struct slice reporter;
	uint64_t count; /* of such attempts; 0: one */
	struct slice
	    status;    /* enhanced code that the log has apart; or nothing */
	uint64_t line; /* of its input, from 1 */
	/* By judge_batch(). */
	unsigned int code; /* of the reply; 0: none */
	bool has_enhanced;
	uint16_t enhanced[3];
	struct bounce_class class;
};

/* So many attempts it stands for. */
static inline uint64_t
attempt_count(const struct attempt *a)
{
	return a->count > 0 ? a->count : 1;
}

#endif
