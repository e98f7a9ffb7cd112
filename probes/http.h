#ifndef PROBES_HTTP_H
#define PROBES_HTTP_H

#include "probes/probes.h"

/*
 * GET of https URLs, and the POST of RFC 8058.  Nothing is resolved, followed, kept or trusted here:
 * the addresses come with the question, a redirect is an answer (RFC 8461
 * 3.3), and the certificates are evidence that the checks judge.
 */
struct http;

/*
 * The loop and the settings must outlive it.  libcurl may be missing: then
 * every question is answered by SEEN_NOT_ASKED.
 */
enum rc http_new(struct loop *, const struct probe_settings *, struct http **);

/* What was not answered yet stays so. */
void http_close(struct http **);

/*
 * Answers the entry, a QUESTION_HTTP or QUESTION_POST; at once or in a later
 * turn.  Each request is made once, whatever comes of it.
 */
void http_ask(struct http *, struct entry *);

#endif
