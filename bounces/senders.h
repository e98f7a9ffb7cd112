#ifndef BOUNCES_SENDERS_H
#define BOUNCES_SENDERS_H

#include "base/hash.h"
#include "base/rc.h"

/*
 * Envelope senders by queue id, as a log tells them in other lines than those
 * about delivery.  Ids are kept by a hash of 64 bits under a key of the run.
 */
struct sender_slot {
	uint64_t id;            /* 0: free */
	const unsigned char *p; /* its address; NULL: its message has gone */
	size_t n;
};

struct senders {
	struct sender_slot *slots;
	size_t size; /* a power of two */
	size_t n;
	uint64_t seed;
	bool failed; /* out of memory: some are not known */
};

void senders_init(struct senders *);

void senders_free(struct senders *);

/* Forgets all; keeps the memory. */
void senders_reset(struct senders *);

/* Hash of a queue id; never 0. */
static inline uint64_t
sender_id(const struct senders *s, struct slice id)
{
	uint64_t h;

	if (id.n >= 8 && id.n <= 16)
		h = hash_mix(hash_word(id.p) ^ s->seed,
		    hash_word(id.p + id.n - 8) ^ HASH_K1 ^ id.n);
	else
		h = hash64(id, s->seed);
	return h | 1;
}

/* Where an id belongs in a table of so many slots: the lowest bit says nothing. */
static inline size_t
senders_place(uint64_t id, size_t size)
{
	return (id >> 1) & (size - 1);
}

/* The address is borrowed. */
void senders_put(struct senders *, uint64_t id, struct slice address);

/* The message has left the queue: its id may come again for another. */
void senders_gone(struct senders *, uint64_t id);

enum sender_known { SENDER_NOT_TOLD, SENDER_GONE, SENDER_TOLD };

/* What lines so far told of a queue id. */
enum sender_known senders_get(const struct senders *, uint64_t id,
    struct slice *address);

#endif
