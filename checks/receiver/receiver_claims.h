#ifndef CHECKS_RECEIVER_RECEIVER_CLAIMS_H
#define CHECKS_RECEIVER_RECEIVER_CLAIMS_H

#include "checks/hops/hops_notes.h"

/* What the receiver of the delivery says of SPF, DKIM and DMARC. */

enum claim_method { CLAIM_SPF, CLAIM_DKIM, CLAIM_DMARC, CLAIM_METHODS };

/* "dkim" */
const char *claim_method_name(enum claim_method);

/* One result; of SPF and DMARC there is one at most, of DKIM one a signature. */
struct claim {
	enum claim_method method;
	struct slice name;   /* "spf", "dkim example.com s1": none is twice */
	struct slice result; /* in lower case */
	struct slice reason; /* what it says why; or nothing */
	/*
	 * SPF: of the identity, DKIM: d=, DMARC: of From.  Canonical; nothing:
	 * it does not say, or it is none.
	 */
	struct slice domain;
	struct slice selector;  /* DKIM; canonical; or nothing */
	struct slice signature; /* DKIM: the first octets of b=; or nothing */
	bool of_helo;           /* SPF: the identity is HELO */
	struct ip ip;           /* SPF: the address they judged, if they say */
	struct slice server;    /* or nothing */
	size_t line;
};

struct claims {
	const struct claim *list;
	size_t n;
	bool arc; /* they found an ARC chain that passes */
};

/* From the trusted notes; of one name the topmost counts. */
enum rc claims_gather(struct arena *, const struct hop_notes *,
    struct claims *);

#endif
