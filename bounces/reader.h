#ifndef BOUNCES_READER_H
#define BOUNCES_READER_H

#include "bounces/input_format.h"
#include "bounces/source.h"

/* One file, or one member of an archive. */
struct input {
	struct slice name;
	const struct input_format *format;
	struct slice preface; /* how it begins, LIMIT_PREFACE at most */
	uint64_t bytes;       /* unpacked */
	uint64_t too_long;    /* records over format.record_max, cut short */
	struct slice error;   /* why it ended early; or nothing */
};

/* Whole records of one input. */
struct piece {
	unsigned char *room;
	size_t cap;
	size_t n;
	size_t index; /* of its input */
	struct input *input;
	bool cut; /* it is the begin of one record that is too long */
	struct batch batch;
};

/*
 * Goes through files, one after the other, and cuts them into pieces of whole
 * records.  Where it cuts depends on nothing but the octets: a log is cut in
 * the same places when it comes through a pipe or compressed.
 */
struct reader;

/* paths and the arena are borrowed; format NULL: by what is in each. */
enum rc reader_new(const char *const *paths, size_t n,
    const struct input_format *, struct arena *, struct reader **);
void reader_free(struct reader **);

/*
 * The next piece, which keeps its room from one time to the next.  RC_NOMEM,
 * RC_LIMIT; what is wrong with an input is said in it.
 */
enum rc reader_next(struct reader *, struct piece *, bool *end);

/* All inputs so far. */
struct input *const *reader_inputs(const struct reader *, size_t *n);

/* Reads a piece into its batch: by any thread. */
void piece_read(struct piece *);

/* Again, for the attempts that follow: while the batch says that there are. */
void piece_read_on(struct piece *);

/* Octets that it has for long records, over those of usual ones. */
size_t piece_extra(const struct piece *);

/* It has been put: gives these back. */
void piece_rest(struct piece *);

enum rc piece_init(struct piece *);
void piece_free(struct piece *);

#endif
