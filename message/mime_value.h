#ifndef MESSAGE_MIME_VALUE_H
#define MESSAGE_MIME_VALUE_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/slice.h"

/*
 * A Content-Type or Content-Disposition field (RFC 2045 5.1, RFC 2183 2, RFC
 * 2231), read as receivers do: what is broken is said and then made the best
 * of.
 */

enum mime_fault {
	MIME_FAULT_TYPE,   /* no type, or no "/" and subtype */
	MIME_FAULT_SYNTAX, /* where a ";", a name, a "=" or a value should be */
	MIME_FAULT_UNQUOTED, /* a value that needs quotes has none */
	MIME_FAULT_UNCLOSED, /* a quoted string or a comment */
	MIME_FAULT_TWICE,    /* a parameter that is there already */
	MIME_FAULT_WORD,     /* an encoded word in a value (RFC 2047 5) */
	MIME_FAULT_8BIT,
	MIME_FAULT_EXTENDED, /* RFC 2231: sections, charset, percent signs */
	MIME_FAULT_LIMIT,    /* LIMIT_MIME_PARAMETERS, LIMIT_MIME_PARAMETER */
	MIME_FAULTS,
};

/* Of one kind: how many, and the offset of the first in the field's value. */
struct mime_faults {
	size_t count;
	size_t at;
};

/* "name=value", or one section of it: "name*1*=value". */
struct mime_parameter {
	struct slice name; /* without its stars */
	struct slice raw;  /* without its quotes, otherwise as written */
	size_t at;         /* offset of the name */
	int section;       /* -1: there are none */
	bool extended;     /* percent-encoded; the first one has a charset */
	bool quoted;
};

struct mime_value {
	struct slice type, subtype; /* as written; nothing: MIME_FAULT_TYPE */
	struct mime_parameter parameters[LIMIT_MIME_PARAMETERS];
	size_t n;
	struct mime_faults faults[MIME_FAULTS];
};

/* The field's value, folding and all.  subtype: there must be one. */
void mime_value_parse(struct slice, bool subtype, struct mime_value *);

/*
 * What a parameter (any case) says: quotes, sections and percent signs undone,
 * an extended one as UTF-8, an encoded word too when words is set.  Adds to
 * the faults.  At most LIMIT_MIME_PARAMETER octets.  Nothing: it is not there,
 * or arena_failed().
 */
struct slice mime_value_get(struct arena *, struct mime_value *,
    const char *name, bool words);

#endif
