#ifndef CHECKS_DKIM_DKIM_VERIFY_H
#define CHECKS_DKIM_DKIM_VERIFY_H

#include "checks/check.h"
#include "checks/dkim/dkim_reason.h"
#include "message/message.h"

/* The signatures of the sample message, verified (RFC 6376 6, RFC 8601). */

struct dkim_key;
struct dkim_signature;

struct dkim_verdict {
	const struct field *field; /* of the message */
	enum dkim_result result;
	enum dkim_reason reason;
	/*
	 * What the signature says (checks/dkim/dkim_signature.h); what could
	 * not be read of it is nothing.  Never NULL.
	 */
	const struct dkim_signature *signature;
	struct slice domain;   /* d=, canonical; nothing: unreadable */
	struct slice selector; /* s=, canonical; nothing: unreadable */
	/* checks/dkim/dkim_key.h; NULL: not looked for, lost or not there. */
	const struct dkim_key *key;
	bool testing; /* t=y of the key */
	/* For the key; NULL: none is asked for.  Without it others may tell. */
	const struct answer *answer;
	/* temperror: that answer, which is not known; else NULL. */
	const struct answer *lost;
	struct slice name;   /* where the key is; or nothing */
	struct slice detail; /* a sentence for people; nothing: it passes */
	/*
	 * What was done to body and header, where that was found out: stable
	 * words (checks/dkim/dkim_diagnose.h), or NULL.
	 */
	const char *body_cause, *header_cause;
	size_t cause_line;    /* footer: the first line of it; else 0 */
	struct slice changed; /* name of the field that was; or nothing */
};

struct dkim_verdicts {
	const struct dkim_verdict *all; /* in the order of the message */
	size_t n;
	bool cut;     /* LIMIT_DKIM_SIGNATURES: the rest was not looked at */
	size_t there; /* signature fields that there are */
};

/*
 * All signatures of the subject's message, verified once an audit
 * (MEMO_DKIM).  *out is NULL while a question is open: then run->waiting is
 * set.  Without a message n is 0.  RC_NOMEM, RC_LIMIT.
 */
enum rc dkim_verify(struct check_run *, const struct dkim_verdicts **out);

/*
 * Whether every field of that name (any case) is under the signature, be it
 * good or bad: h= counts from the bottom up (RFC 6376 5.4.2).  False: there is
 * none of that name, or h= cannot be read.
 */
bool dkim_covers(const struct dkim_verdict *, const struct message *,
    const char *name);

/* Whether one more field of that name would break it (RFC 6376 8.15). */
bool dkim_oversigns(const struct dkim_verdict *, const struct message *,
    const char *name);

#endif
