#ifndef CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_FIELDS_H
#define CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_FIELDS_H

#include "checks/unsubscribe/unsubscribe_uri.h"

/* List-Unsubscribe (RFC 2369) and List-Unsubscribe-Post (RFC 8058). */

extern const char list_unsubscribe[];
extern const char list_unsubscribe_post[];

struct unsubscribe_fields {
	struct slice list;  /* unfolded, of the first; nothing: none */
	struct slice post;  /* likewise */
	struct slice https; /* the first URI of its kind; or nothing */
	struct slice mailto;
	struct slice http;
	struct unsubscribe_uri uri; /* of https, if there is one */
	bool token;                 /* in https */
	bool pair; /* RFC 8058 3.1: both are as they have to be */
};

/* Reads both, and says what is wrong with them. */
void unsubscribe_fields_read(struct check_run *, struct unsubscribe_fields *);

/* How much a problem matters. */
enum unsubscribe_severity {
	UNSUBSCRIBE_ERROR,   /* one click, or the header, does not work */
	UNSUBSCRIBE_WARNING, /* some receivers read it otherwise */
};

void unsubscribe_problem(struct check_run *, enum unsubscribe_severity,
    const char *code, struct slice detail);

/* A field that RFC 8058 allows, with what is right of the one there is. */
struct slice unsubscribe_suggest(struct check_run *,
    const struct unsubscribe_fields *);

#endif
