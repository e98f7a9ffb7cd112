#ifndef PROBES_HTTP_H
#define PROBES_HTTP_H

#include "probes/probes.h"

/*
 * GET of https URLs, and the POST of RFC 8058.  Nothing is resolved, followed, kept or trusted here:
 * the addresses come with the question, a redirect is an answer (RFC 8461
 * 3.3), and the certificates are evidence that the checks judge.  But for
 * requests that carry secrets: see http_send().
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

/*
 * A request that is no entry's alone (probes/postmaster.h).  What it points to
 * must last until it is answered.
 */
struct http_request {
	const struct question *question; /* the URL, and where to connect */
	struct arena *arena;             /* of the answer */
	struct slice body;               /* of a POST; nothing: GET */
	const char *fields[4];           /* "Name: value"; a NULL ends them */
	size_t body_max;                 /* of the answer, in octets */
	/*
	 * It carries secrets: it goes to nobody but a server whose certificate
	 * is good now by the settings' anchors.  A connection may serve several.
	 */
	bool secret;
	/* So does the answer: it lasts until answered() returns, and is wiped. */
	bool secret_answer;
	/* Nobody waits for it any more; NULL: somebody always does. */
	bool (*given_up)(void *arg);
	/* Before the answer is made of them; NULL: they may be kept. */
	void (*hide)(void *arg, unsigned char *octets, size_t n);
	void (*answered)(void *arg, const struct answer *);
	void *arg;
};

/* The request is copied. */
void http_send(struct http *, const struct http_request *);

#endif
