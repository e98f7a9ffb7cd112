#ifndef PROBES_POSTMASTER_H
#define PROBES_POSTMASTER_H

#include "probes/http.h"

/*
 * The Gmail Postmaster Tools API: signs in with the settings' credentials (RFC
 * 6749 6) and asks with the access token it got (RFC 6750 2.1), which is
 * renewed once a question when it has expired.  What is busy or slow is asked
 * again, as long as the server wishes to wait.  No secret leaves this room:
 * not in a question, and not in an answer either, if a server echoes one.
 */
struct postmaster;

/* The loop, the settings and the HTTPS probe must outlive it. */
enum rc postmaster_new(struct loop *, const struct probe_settings *,
    struct http *, struct postmaster **);

/* After the HTTPS probe was closed.  What was not answered yet stays so. */
void postmaster_close(struct postmaster **);

/* Answers the entry, a QUESTION_TOKEN or QUESTION_POSTMASTER. */
void postmaster_ask(struct postmaster *, struct entry *);

/*
 * Milliseconds to wait before a request is made again, by Retry-After (RFC
 * 9110 10.2.3) or by how often it was made; now: milliseconds since 1970.
 */
int64_t postmaster_wait(struct slice headers, unsigned int tries, int64_t now);

#endif
