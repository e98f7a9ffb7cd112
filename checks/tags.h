#ifndef CHECKS_TAGS_H
#define CHECKS_TAGS_H

#include "base/slice.h"
#include "checks/check.h"

/*
 * The records made of tag=value pairs with semicolons between (RFC 6376 3.2,
 * and all that took it over), and the one TXT record among several.
 */

struct tag {
	struct slice name;
	struct slice value; /* white space at its ends is gone */
	bool malformed;     /* no "=", or no name before it */
};

/* Takes the next tag off *rest; empty ones are skipped.  False at the end. */
bool tag_next(struct slice *rest, struct tag *);

/* The value of the tag "v", which stands first. */
struct version {
	struct slice value; /* "DMARC1" */
	/*
	 * "V" is "v", white space may be around the "=", and after the value
	 * nothing else before the semicolon (RFC 9989 4.7, 4.8).
	 */
	bool loose;
};

/* The text begins with it, as versioned_find() has it. */
bool version_begins(struct slice text, const struct version *);

/*
 * The records of a TXT answer that begin with the version, exactly, followed
 * by the end, a semicolon or white space.
 */
struct versioned {
	size_t found;      /* how many there are */
	struct slice text; /* the first */
	struct slice near; /* another that only seems to be one; or nothing */
};

struct versioned versioned_find(struct check_run *, const struct answer *,
    const struct version *);

/* Takes the next item off a comma-separated list, trimmed. */
bool list_next(struct slice *rest, struct slice *item);

/*
 * An absolute URI by its looks (RFC 3986): a scheme, a colon, something, and
 * only visible ASCII.  *scheme may be NULL.
 */
bool uri_split(struct slice uri, struct slice *scheme, struct slice *rest);

/* mailto: with something on both sides of an @ (RFC 6068, of use here). */
bool uri_is_mailto(struct slice uri);

/* https: with a host (RFC 9110 4.2.2). */
bool uri_is_https(struct slice uri);

#endif
