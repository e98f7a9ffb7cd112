#ifndef CHECKS_RECEIVER_RECEIVER_OURS_H
#define CHECKS_RECEIVER_RECEIVER_OURS_H

#include "checks/receiver/receiver_claims.h"

/* Our own verdict on what a claim is about, and why the two differ. */

struct ours {
	bool known;
	/* In the words of RFC 8601; nothing: there is no such signature. */
	struct slice result;
	bool agree;
	/* When they do not agree: a stable word, and a sentence for people. */
	const char *cause;
	struct slice explanation;
	/* Not known: why. */
	enum cause gap;
	const struct answer *lost; /* or NULL */
	struct slice lost_what;
};

struct receiver_job {
	struct check_run *run;
	const struct hops *hops;
	const struct claims *claims;
	/* Of SPF and DKIM, before DMARC, which hangs on them. */
	bool differs;
	struct ours open; /* one that is not known; gap CAUSE_NONE: none */
};

/* Each counts only once no question is open.  RC_NOMEM, RC_LIMIT. */
enum rc receiver_spf(const struct receiver_job *, const struct claim *,
    struct ours *);
enum rc receiver_dkim(const struct receiver_job *, const struct claim *,
    struct ours *);
enum rc receiver_dmarc(const struct receiver_job *, const struct claim *,
    struct ours *);

/* Since the hop there was time for DNS to change. */
bool receiver_is_later(const struct receiver_job *);

/* "2 d 3 h before this audit", or "when it came". */
struct slice receiver_when(const struct receiver_job *);

#endif
