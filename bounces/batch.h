#ifndef BOUNCES_BATCH_H
#define BOUNCES_BATCH_H

#include "base/arena.h"
#include "bounces/attempt.h"
#include "bounces/senders.h"

/*
 * What one block of an input held: blocks are read by whichever thread is
 * free, and their batches are put together in the order of the input.
 */
enum { LOG_FORMATS_MAX = 16 };

struct batch {
	struct arena *arena; /* for octets that are not in the block */
	struct attempt *attempts;
	size_t n;
	size_t cap;
	struct senders senders; /* who sent what: of this block alone */
	size_t program_at; /* in the last line of syslog; 0: there was none */
	uint64_t lines;
	uint64_t of[LOG_FORMATS_MAX]; /* lines by enum log_format */
	uint64_t delivered;
	bool all;    /* delivered ones are to be attempts too */
	bool failed; /* out of memory */
};

enum rc batch_init(struct batch *);
void batch_free(struct batch *);

/* Empties it, and keeps its memory. */
void batch_reset(struct batch *);

/* Its sender, as far as the block has told it, by the queue id. */
void batch_sender(const struct batch *, struct attempt *);

/* Adds an attempt, whose line is that which is being read. */
void batch_add(struct batch *, const struct attempt *);

#endif
