#ifndef CHECKS_DKIM_DKIM_CANON_H
#define CHECKS_DKIM_DKIM_CANON_H

#include "base/buf.h"
#include "base/slice.h"
#include "message/message.h"

/* Canonical forms (RFC 6376 3.4), handed on piece by piece. */

enum dkim_canon { DKIM_SIMPLE, DKIM_RELAXED };

/* "simple", "relaxed" */
const char *dkim_canon_name(enum dkim_canon);

/*
 * Takes canonical octets.  Short pieces are gathered, long ones are handed
 * over where they stand.
 */
enum { DKIM_SINK = 4096 };

struct dkim_sink {
	void (*take)(void *arg, struct slice);
	void *arg;
	size_t n;
	unsigned char held[DKIM_SINK];
};

void dkim_sink_init(struct dkim_sink *, void (*take)(void *, struct slice),
    void *arg);
void dkim_sink_put(struct dkim_sink *, struct slice);

/* Hands over what is held; to be called at the end. */
void dkim_sink_flush(struct dkim_sink *);

/* The same, into a buffer: arg is a struct buf. */
void dkim_take_buf(void *buf, struct slice);

/*
 * Whether the message was saved with bare LF for line ends throughout: then
 * each LF is taken for the CRLF that was sent.
 */
bool dkim_lines_are_bare(struct slice octets);

/*
 * The body (RFC 6376 3.4.3, 3.4.4), without l=.  bare: see above.
 */
void dkim_canon_body(struct dkim_sink *, enum dkim_canon, struct slice body,
    bool bare);

/*
 * The same, by lines, of a body as it may have been before something was done
 * to it on the way.
 */
struct dkim_mending {
	bool line_ends; /* LF and CR alone are line ends as well */
	bool quoted;    /* ">From " was "From " (RFC 4155) */
	bool dots;      /* ".." at the begin of a line was "." */
};

void dkim_canon_mended(struct dkim_sink *, enum dkim_canon, struct slice body,
    const struct dkim_mending *);

/*
 * One field (3.4.1, 3.4.2), with its CRLF.  hole: a part of its value that
 * counts as not there, as the value of b= in the signature itself (3.7), or
 * nothing.
 */
struct dkim_field {
	const struct field *field;
	struct slice hole;
	bool last;  /* without the CRLF */
	bool apart; /* its value does not stand behind its name */
};

void dkim_canon_field(struct dkim_sink *, enum dkim_canon,
    const struct dkim_field *, bool bare);

#endif
