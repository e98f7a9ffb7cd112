#ifndef CHECKS_DKIM_DKIM_TAGS_H
#define CHECKS_DKIM_DKIM_TAGS_H

#include "base/limits.h"
#include "base/slice.h"
#include "message/message.h"

/*
 * The tag lists of RFC 6376 3.2, strictly: those of DKIM-Signature, of key
 * records and of ARC's fields.  (checks/tags.h reads them as loosely as DMARC
 * wants it.)
 */

struct dkim_tag {
	struct slice name;
	struct slice value; /* without white space at its ends; may be empty */
	struct slice whole; /* all between "=" and ";" or the end */
	size_t at;          /* offset of the name in the list */
};

enum dkim_tags_fault {
	DKIM_TAGS_FINE,
	DKIM_TAGS_EMPTY,    /* no tag at all */
	DKIM_TAGS_NOTHING,  /* nothing between two semicolons */
	DKIM_TAGS_NO_EQUAL, /* a tag without "=" */
	DKIM_TAGS_NAME,     /* the name is none */
	DKIM_TAGS_OCTET,    /* an octet that a value cannot have */
	DKIM_TAGS_TWICE,    /* the same name again */
	DKIM_TAGS_MANY,     /* over LIMIT_DKIM_TAGS */
};

struct dkim_tags {
	struct slice text;
	struct dkim_tag tags[LIMIT_DKIM_TAGS];
	size_t n;
	enum dkim_tags_fault fault; /* the first; what is before it was read */
	size_t at;                  /* offset of the fault */
	struct slice what;          /* the tag's name, where there is one */
};

/* False: there is a fault. */
bool dkim_tags_read(struct slice text, struct dkim_tags *);

/* Names differ by case (RFC 6376 3.2); NULL: not there. */
const struct dkim_tag *dkim_tags_find(const struct dkim_tags *,
    const char *name);

/* Its value; nothing: not there. */
struct slice dkim_tags_value(const struct dkim_tags *, const char *name);

/* Half a sentence: "has no \"=\"". */
const char *dkim_tags_fault_text(enum dkim_tags_fault);

/*
 * Takes the next item off a list with colons between, trimmed.  False at the
 * end; an empty list has no item.
 */
bool dkim_list_next(struct slice *rest, struct slice *item);

/* The list has the item, in any case. */
bool dkim_list_has(struct slice list, struct slice item);

/* Line and column, from 1, of an offset in a field's value. */
struct dkim_place {
	size_t line;
	size_t column;
};

struct dkim_place dkim_place(const struct field *, size_t at);

#endif
