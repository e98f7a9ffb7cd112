#ifndef CHECKS_REVERSE_H
#define CHECKS_REVERSE_H

#include "checks/check.h"

/*
 * The way from an address to its names and back (RFC 8601 3: "iprev"), for
 * the checks that walk it.
 */

/* The PTR names of an address. */
struct reverse {
	const struct answer *answer; /* NULL: asked, not here yet */
	const struct slice *names;   /* sorted, each once; ends of CNAMEs too */
	size_t n;
};

/* RC_LIMIT past the arena's ceiling. */
enum rc reverse_ask(struct check_run *, const struct ip *, struct reverse *);

/* "1.2.0.192.in-addr.arpa PTR": what was asked, for a gap. */
struct slice reverse_question(struct arena *, const struct ip *);

enum holds {
	HOLDS_WAITING,
	HOLDS_NO,
	HOLDS_YES,
	HOLDS_UNKNOWN, /* *why is the answer that is none */
};

/*
 * Whether the name's addresses of the IP's own family hold it; the other
 * family is not asked for, as it cannot tell.
 */
enum holds reverse_holds(struct check_run *, struct slice name,
    const struct ip *, const struct answer **why);

/* "mail.example.com A": what reverse_holds() asked. */
struct slice reverse_forward_question(struct arena *, struct slice name,
    const struct ip *);

/*
 * Whether a name looks made up by a program for its address: it has the
 * address in it, or words such as "dynamic" and "pool" with a number.
 * RFC 8601 has no rule for it; what is looked for is in reverse_generic.c.
 */
bool reverse_generic(struct arena *, struct slice name, const struct ip *);

#endif
