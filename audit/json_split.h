#ifndef AUDIT_JSON_SPLIT_H
#define AUDIT_JSON_SPLIT_H

#include <jansson.h>

#include "base/buf.h"
#include "base/rc.h"

/*
 * JSON text in pieces, without a tree of the whole (RFC 8259): the members of
 * an object, and of the one that is the list of its items each element.  Where
 * a piece ends is found here, what is in it is for jansson; both together take
 * what jansson takes of the whole, and nothing else.
 */

struct json_source {
	/* At most n octets; 0 is the end, or that no more can be read. */
	size_t (*read)(void *ctx, unsigned char *to, size_t n);
	void *ctx;
};

enum json_piece_kind {
	JSON_PIECE_MEMBER,
	JSON_PIECE_ITEM, /* an element of the list, or a value of many */
	JSON_PIECE_END,  /* of the object, or of the text */
};

struct json_piece {
	enum json_piece_kind kind;
	const char *name; /* of a member; until the next call */
	json_t *value;    /* the caller's; NULL where it is not kept */
};

enum json_split_state {
	JSON_SPLIT_BETWEEN, /* values of the text */
	JSON_SPLIT_FIRST,   /* in an object, before its first member */
	JSON_SPLIT_MEMBERS, /* behind a member */
	JSON_SPLIT_LISTED,  /* in the list, before its first element */
	JSON_SPLIT_ITEMS,   /* behind an element */
};

enum { JSON_SPLIT_BLOCK = 64 * 1024 };

struct json_split {
	struct json_source source;
	const char *list; /* the member whose elements are items */
	bool skip;        /* items are looked at no further than their end */
	unsigned char in[JSON_SPLIT_BLOCK];
	size_t at, n;
	enum json_split_state state;
	bool listed;     /* that member was there */
	size_t line;     /* that is read now, from 1 */
	size_t begin;    /* of the piece that was read last */
	struct buf text; /* of one piece */
	json_t *name;
	char why[JSON_ERROR_TEXT_LENGTH]; /* of RC_INVALID; of line */
};

/* A piece has max octets at most.  Nothing is read yet. */
void json_split_init(struct json_split *, struct json_source, const char *list,
    size_t max);

/* Safe twice. */
void json_split_free(struct json_split *);

/*
 * Before the next value of the text: enters it, if it is an object.  *more is
 * false, and nothing is entered, when the text ends.  RC_INVALID: it is no
 * object.
 */
enum rc json_split_enter(struct json_split *, bool *more);

/*
 * In an object: its next member, the next element of its list, or its end.
 * Between values: the next one as a whole, or the end of the text.
 * RC_INVALID with why and line; RC_NOMEM.
 */
enum rc json_split_next(struct json_split *, struct json_piece *);

#endif
