#ifndef CHECKS_HOPS_HOPS_NOTES_H
#define CHECKS_HOPS_HOPS_NOTES_H

#include "checks/hops/hops_chain.h"

/* What receivers wrote into the header of what they found. */

enum hop_note_kind {
	NOTE_RESULTS,  /* Authentication-Results (RFC 8601) */
	NOTE_ORIGINAL, /* the same, renamed by a later receiver */
	NOTE_ARC,      /* ARC-Authentication-Results (RFC 8617 4.1.1) */
	NOTE_SPF,      /* Received-SPF (RFC 7208 9.1) */
	NOTE_KINDS,
};

/* The name of the field. */
const char *hop_note_name(enum hop_note_kind);

/*
 * One field.  Of a Received-SPF there is one result, of "spf", its comment the
 * reason, and its pairs are properties without a ptype.  All texts are as
 * hop_shown() has them, and in the arena.
 */
struct hop_note {
	enum hop_note_kind kind;
	size_t line;
	struct slice server; /* nothing: it names none */
	size_t hop;          /* number of the hop it is about; 0: unclear */
	bool trusted;        /* last_hop_wrote(); never of ARC */
	bool malformed;
	const struct auth_result *results;
	size_t n;
};

struct hop_notes {
	const struct hop_note *list; /* from the top of the message */
	size_t n;
	bool cut; /* LIMIT_RECEIVED of a kind, LIMIT_AUTH_RESULTS, ... */
};

/* RC_NOMEM or RC_LIMIT. */
enum rc hop_notes_read(struct arena *, const struct message *,
    const struct hops *, struct hop_notes *);

/* The value of a property, "smtp" "mailfrom"; or nothing. */
struct slice hop_note_property(const struct auth_result *, const char *ptype,
    const char *name);

#endif
