#ifndef AUDIT_INPUTS_H
#define AUDIT_INPUTS_H

#include "audit/domains.h"
#include "audit/settings.h"

/*
 * What is to be audited, one after the other: the DOMAIN operands, the rows
 * of --domains, the messages of --message.  Without a domain each message is
 * an audit of its own; one message goes with every domain, and one domain
 * with every message.
 */
struct inputs;

/* One audit's worth; its parts live in the arena given with it. */
struct input {
	struct slice domain; /* canonical; nothing: the message's From */
	struct domain_row row;
	const char *file;     /* the message's; NULL: no message */
	struct slice octets;  /* the message; lives with the inputs, or: */
	unsigned char *owned; /* what octets points into; free() it */
	struct slice error;   /* it could not be read; "FILE: why" */
	bool starved;         /* out of memory on the way here */
};

/*
 * Reads and checks all there is to check before anything is judged.
 * RC_INVALID: *error in the arena.
 */
enum rc inputs_open(const struct settings *, struct arena *, struct inputs **,
    struct slice *error);
void inputs_close(struct inputs **);

/* Adds a message that is in memory already (the built-in example). */
enum rc inputs_of_octets(struct arena *, const char *file, struct slice octets,
    struct inputs **);

/* The next; false at the end.  A row that went wrong is in error. */
bool inputs_next(struct inputs *, struct arena *, struct input *);

/* How many there are, or 0: not known. */
size_t inputs_count(const struct inputs *);

#endif
