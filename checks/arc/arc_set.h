#ifndef CHECKS_ARC_ARC_SET_H
#define CHECKS_ARC_ARC_SET_H

#include "base/limits.h"
#include "message/message.h"

/* The ARC sets of a message, put together (RFC 8617 4.2, 5.2 steps 1, 3). */

enum arc_kind {
	ARC_RESULTS,   /* ARC-Authentication-Results */
	ARC_SIGNATURE, /* ARC-Message-Signature */
	ARC_SEAL,      /* ARC-Seal */
	ARC_KINDS,
};

const char *arc_kind_name(enum arc_kind);

struct arc_set {
	const struct field *fields[ARC_KINDS]; /* NULL: not there */
	struct slice results; /* what is behind "i=1;", folding and all */
};

enum arc_fault {
	ARC_FINE,
	ARC_TOO_MANY,    /* over 50 sets, or more fields than those have */
	ARC_NO_INSTANCE, /* i= is not there, or no number from 1 to 50 */
	ARC_TWICE,       /* two fields of a kind have one instance */
	ARC_MISSING,     /* a set lacks a field */
	ARC_GAP,         /* an instance is left out */
};

/* "instance-invalid": stable. */
const char *arc_fault_name(enum arc_fault);

struct arc_chain {
	struct arc_set sets[LIMIT_ARC_SETS]; /* the first is instance 1 */
	size_t n;                            /* the highest instance */
	bool there;                          /* any ARC field is */
	/* The first, of which and of what: the chain fails. */
	enum arc_fault fault;
	enum arc_kind kind;
	size_t instance;           /* from 1; of the fault, where it has one */
	const struct field *field; /* likewise; NULL: of none */
};

/* One walk over the header. */
void arc_chain_read(const struct message *, struct arc_chain *);

/* The fault in words; nothing: there is none. */
struct slice arc_fault_text(struct arena *, const struct arc_chain *);

#endif
