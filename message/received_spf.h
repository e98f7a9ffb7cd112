#ifndef MESSAGE_RECEIVED_SPF_H
#define MESSAGE_RECEIVED_SPF_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/* A Received-SPF field (RFC 7208 9.1).  Nothing: not there. */
struct received_spf {
	struct slice result;  /* as written: "Pass" */
	struct slice comment; /* the first, without its parentheses */
	struct slice client_ip;
	struct slice envelope_from; /* with its angle brackets, if any */
	struct slice helo;
	struct slice receiver;
	struct slice identity;
	struct slice mechanism;
	struct slice problem;
	bool malformed; /* what can be read is there all the same */
};

/*
 * The value of the field, folding and all.  Of a key that is there twice the
 * first counts; other keys are passed over.  Pairs may also stand apart by
 * white space alone, as some servers write them.  RC_NOMEM or RC_LIMIT.
 */
enum rc received_spf_parse(struct arena *, struct slice value,
    struct received_spf *);

#endif
