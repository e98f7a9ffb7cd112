#ifndef BOUNCES_BOOK_H
#define BOUNCES_BOOK_H

#include "bounces/senders.h"

struct book_slot {
	uint64_t id; /* 0: free */
	unsigned char *address;
	size_t n;
};

/*
 * Senders by queue id from one block of a log to the next: what blocks tell
 * is noted in the order of the log.
 */
struct book {
	struct book_slot *slots;
	size_t size; /* a power of two, or 0 */
	size_t n;
	bool lost; /* LIMIT_SENDERS was reached, and all were forgotten */
};

void book_init(struct book *);
void book_free(struct book *);

/* Forgets all senders. */
void book_clear(struct book *);

/* Takes over what a block told.  RC_NOMEM. */
enum rc book_note(struct book *, const struct senders *);

/* False: not told.  The address is the book's, until it is changed. */
bool book_find(const struct book *, uint64_t id, struct slice *address);

#endif
