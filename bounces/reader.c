#include "bounces/reader.h"

#include <stdlib.h>

#include "base/limits.h"

/* A block stays in the cache of a core while it is read. */
enum { BLOCK = 256 * 1024 };

struct reader {
	const char *const *paths;
	size_t n, next;
	const struct input_format *forced;
	struct arena *arena;
	struct source *source; /* NULL: the next path is to be opened */
	bool packed;
	struct input *input; /* being read; NULL: none */
	struct input **inputs;
	size_t n_inputs, cap_inputs;
	/* Behind the last cut, for the next piece. */
	unsigned char *carry;
	size_t carried;
	bool skipping; /* until the end of a record that is too long */
};

enum rc
piece_init(struct piece *p)
{
	*p = (struct piece){ .room = malloc(BLOCK), .cap = BLOCK };
	return p->room != NULL ? batch_init(&p->batch) : RC_NOMEM;
}

void
piece_free(struct piece *p)
{
	free(p->room);
	batch_free(&p->batch);
	*p = (struct piece){ 0 };
}

static void
read_batch(struct piece *p)
{
	if (p->n > 0)
		p->input->format->read(&p->batch, slice_of(p->room, p->n),
		    p->input->preface);
	/* The reader has counted it: input.too_long. */
	if (p->cut && p->batch.cut_records > 0)
		p->batch.cut_records--;
}

void
piece_read(struct piece *p)
{
	batch_reset(&p->batch);
	read_batch(p);
}

void
piece_read_on(struct piece *p)
{
	batch_again(&p->batch);
	read_batch(p);
}

size_t
piece_extra(const struct piece *p)
{
	return p->cap > BLOCK ? p->cap - BLOCK : 0;
}

void
piece_rest(struct piece *p)
{
	unsigned char *room;

	if (piece_extra(p) == 0 || (room = realloc(p->room, BLOCK)) == NULL)
		return;
	p->room = room;
	p->cap = BLOCK;
}

enum rc
reader_new(const char *const *paths, size_t n,
    const struct input_format *forced, struct arena *a, struct reader **out)
{
	struct reader *r = calloc(1, sizeof(*r));

	*out = r;
	if (r == NULL)
		return RC_NOMEM;
	*r = (struct reader){ .paths = paths,
		.n = n,
		.forced = forced,
		.arena = a,
		.carry = malloc(LIMIT_RECORD) };
	return r->carry != NULL ? RC_OK : RC_NOMEM;
}

void
reader_free(struct reader **rp)
{
	struct reader *r = *rp;

	*rp = NULL;
	if (r == NULL)
		return;
	source_close(&r->source);
	free(r->carry);
	free(r);
}

struct input *const *
reader_inputs(const struct reader *r, size_t *n)
{
	*n = r->n_inputs;
	return r->inputs;
}

static enum rc
begin_input(struct reader *r, struct slice name)
{
	struct input **grown = arena_grow(r->arena, r->inputs, r->n_inputs,
	    &r->cap_inputs, sizeof(struct input *));

	if (grown == NULL)
		return RC_LIMIT;
	r->inputs = grown;
	r->input = arena_new_of(r->arena, struct input, 1);
	if (r->input == NULL)
		return RC_LIMIT;
	r->input->name = name;
	grown[r->n_inputs++] = r->input;
	r->carried = 0;
	r->skipping = false;
	return RC_OK;
}

/* What is wrong with the input ends it, and no other. */
static enum rc
noted(struct reader *r, enum rc rc, struct slice error)
{
	if (rc != RC_INVALID)
		return rc;
	r->input->error = error;
	r->input = NULL;
	source_close(&r->source);
	return RC_OK;
}

/* Fills the room behind what is in it; *at_end: there was no more. */
static enum rc
fill(struct reader *r, struct piece *p, bool *at_end)
{
	struct slice error = SLICE_NONE;
	size_t got = 0;
	enum rc rc =
	    source_read(r->source, p->room + p->n, p->cap - p->n, &got, &error);

	*at_end = rc == RC_OK && got < p->cap - p->n;
	p->n += got;
	r->input->bytes += got;
	return noted(r, rc, error);
}

/* The first member, or the next. */
static enum rc
next_member(struct reader *r)
{
	struct slice name, error = SLICE_NONE;
	bool there = false;
	enum rc rc = source_next(r->source, &name, &there, &error);

	if (rc == RC_INVALID && (rc = begin_input(r, name)) == RC_OK)
		return noted(r, RC_INVALID, error);
	r->input = NULL;
	if (rc == RC_OK && there)
		return begin_input(r, name);
	source_close(&r->source);
	return rc;
}

/* Of the file that is the input so far, which its members are instead. */
static enum rc
first_member(struct reader *r)
{
	struct input *whole = r->input;
	size_t n = --r->n_inputs;
	enum rc rc = next_member(r);

	if (rc == RC_OK && r->n_inputs == n) {
		whole->error = arena_slicef(r->arena, "%.*s: holds nothing",
		    SLICE_FMT(whole->name));
		r->inputs[r->n_inputs++] = whole;
	}
	return rc;
}

/* Opens the next path and reads its first block. */
static enum rc
open_next(struct reader *r, struct piece *p, bool *at_end)
{
	const char *path = r->paths[r->next++];
	struct slice error = SLICE_NONE, head;
	enum rc rc = begin_input(r,
	    slice_str(strcmp(path, "-") == 0 ? "standard input" : path));

	if (rc != RC_OK)
		return rc;
	r->packed = false;
	rc = source_open(path, r->arena, &r->source, &error);
	if (rc != RC_OK)
		return noted(r, rc, error);
	rc = fill(r, p, at_end);
	head = slice_of(p->room, p->n);
	if (rc != RC_OK || r->input == NULL || !source_is_packed(head))
		return rc;
	p->n = 0;
	*at_end = false;
	r->packed = true;
	rc = source_unpack(r->source, head, &error);
	if (rc != RC_OK)
		return noted(r, rc, error);
	return first_member(r);
}

/* All of an input has been read. */
static enum rc
end_input(struct reader *r)
{
	if (r->packed)
		return next_member(r);
	r->input = NULL;
	source_close(&r->source);
	return RC_OK;
}

static enum rc
recognise(struct reader *r, const struct piece *p)
{
	struct slice head = slice_of(p->room, p->n);
	struct input *in = p->input;

	in->format =
	    r->forced != NULL ? r->forced : input_format_recognise(head);
	in->preface = arena_copy(r->arena, slice_sub(head, 0, LIMIT_PREFACE));
	return in->preface.p != NULL ? RC_OK : RC_LIMIT;
}

/* Twice the room, as far as records of the format go. */
static bool
grow(struct piece *p)
{
	unsigned char *bigger;

	if (p->cap == 0 || p->cap >= p->input->format->record_max)
		return false;
	bigger = realloc(p->room, p->cap * 2);
	if (bigger == NULL)
		return false;
	p->room = bigger;
	p->cap *= 2;
	return true;
}

/*
 * The rest of a record that was too long: up to the end of a line, or of all
 * that is one record.
 */
static void
skip(struct reader *r, struct piece *p)
{
	const unsigned char *end =
	    p->input->format->cut != NULL ? memchr(p->room, '\n', p->n) : NULL;
	size_t n = end != NULL ? (size_t)(end - p->room) + 1 : p->n;

	memmove(p->room, p->room + n, p->n - n);
	p->n -= n;
	r->skipping = end == NULL;
}

/*
 * Keeps what is behind the last whole record for the next piece.  Of a record
 * that is longer than there may be, the beginning is read.
 */
static void
cut(struct reader *r, struct piece *p)
{
	const struct input_format *f = p->input->format;
	size_t n = f->cut != NULL ? f->cut(slice_of(p->room, p->n)) : 0;

	if (n == 0) {
		p->cut = true;
		p->input->too_long++;
		r->skipping = true;
		return;
	}
	r->carried = p->n - n;
	memcpy(r->carry, p->room + n, r->carried);
	p->n = n;
}

/* Reads on until the piece holds whole records, or the input ends. */
static enum rc
complete(struct reader *r, struct piece *p, bool at_end)
{
	const struct input_format *f = p->input->format;
	enum rc rc = RC_OK;

	while (rc == RC_OK && r->input != NULL) {
		if (r->skipping)
			skip(r, p);
		if (at_end)
			return end_input(r);
		if (p->n == p->cap) {
			if ((f->cut != NULL &&
				f->cut(slice_of(p->room, p->n)) > 0) ||
			    !grow(p))
				break;
		}
		rc = fill(r, p, &at_end);
	}
	/* Broken off: what was read counts. */
	if (rc == RC_OK && r->input != NULL)
		cut(r, p);
	return rc;
}

/* As large as blocks are, or as what is carried over needs. */
static bool
fit(struct piece *p, size_t carried)
{
	size_t want = BLOCK;
	unsigned char *room;

	while (want < carried + BLOCK / 2)
		want *= 2;
	if (want == p->cap)
		return true;
	room = realloc(p->room, want);
	if (room == NULL)
		return false;
	p->room = room;
	p->cap = want;
	return true;
}

enum rc
reader_next(struct reader *r, struct piece *p, bool *end)
{
	bool at_end = false;
	enum rc rc = RC_OK;

	if (!fit(p, r->carried))
		return RC_NOMEM;
	p->n = 0;
	while (rc == RC_OK && r->input == NULL) {
		*end = r->source == NULL && r->next == r->n;
		if (*end)
			return RC_OK;
		p->n = 0;
		rc = open_next(r, p, &at_end);
	}
	if (rc != RC_OK)
		return rc;
	if (r->carried > 0)
		memcpy(p->room, r->carry, r->carried);
	p->n += r->carried;
	r->carried = 0;
	p->input = r->input;
	p->cut = false;
	p->index = r->n_inputs - 1;
	if (!at_end && p->n < p->cap && (rc = fill(r, p, &at_end)) != RC_OK)
		return rc;
	if (p->input->format == NULL && (rc = recognise(r, p)) != RC_OK)
		return rc;
	return complete(r, p, at_end);
}
