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

/* What was not read of a record, because a limit was reached. */
enum cut {
	CUT_LENGTH,     /* it is too long (LIMIT_BOUNCE_CR) */
	CUT_PARTS,      /* LIMIT_BOUNCE_PARTS, LIMIT_BOUNCE_DEPTH */
	CUT_TEXT,       /* LIMIT_BOUNCE_TEXT */
	CUT_STATUS,     /* LIMIT_BOUNCE_STATUS */
	CUT_RECIPIENTS, /* LIMIT_BOUNCE_RECIPIENTS */
	CUT_ARCHIVE,    /* LIMIT_BOUNCE_MEMBERS, LIMIT_RECORD */
	CUT_VALUE,      /* LIMIT_DMARC_VALUE, LIMIT_BOUNCE_WORD and the like */
};

enum { CUTS = CUT_VALUE + 1 };

/* For the document. */
const char *cut_name(enum cut);

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
	uint64_t cut[CUTS];   /* records by enum cut, which may be several */
	uint64_t cut_records; /* with any of these */
	unsigned int cutting; /* of the record being read: bits by enum cut */
	/*
	 * A block may tell of more attempts than a batch takes; then it is read
	 * again for those that follow.  All other numbers are of the whole
	 * block, each time.
	 */
	uint64_t first; /* attempts of the block before those here */
	uint64_t seen;  /* attempts of it so far */
	bool more;      /* there are others behind */
	bool all;       /* delivered ones are to be attempts too */
	bool failed;    /* out of memory */
};

enum rc batch_init(struct batch *);
void batch_free(struct batch *);

/* Empties it, and keeps its memory. */
void batch_reset(struct batch *);

/* Empties it, for the attempts that follow those it had. */
void batch_again(struct batch *);

/* Its sender, as far as the block has told it, by the queue id. */
void batch_sender(const struct batch *, struct attempt *);

/*
 * Whether the next attempt is to be added.  If not it is passed over in this
 * reading, and nothing of it need be made.
 */
bool batch_wants(struct batch *);

/* Adds an attempt if it is wanted; its line is that which is being read. */
void batch_add(struct batch *, const struct attempt *);

/* Something of the record being read is not looked at. */
void batch_cut(struct batch *, enum cut);

/* The record has been read. */
void batch_end_record(struct batch *);

#endif
