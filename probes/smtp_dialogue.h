#ifndef PROBES_SMTP_DIALOGUE_H
#define PROBES_SMTP_DIALOGUE_H

#include "base/arena.h"
#include "probes/evidence.h"

/*
 * The conversation that tells whether a mail server offers STARTTLS and what
 * the session looks like: greeting, EHLO, STARTTLS, EHLO again, QUIT.  It
 * does no I/O: octets of the server go in, octets to send come out.  How the
 * octets are cut into reads makes no difference.
 */
struct smtp_dialogue;

/* What the caller must do next, once the output is sent. */
enum smtp_next {
	SMTP_NEXT_LISTEN, /* feed what the server says */
	/*
	 * Feed what has come already (it came in clear), then call
	 * smtp_dialogue_tls_begin() and send the ClientHello.
	 */
	SMTP_NEXT_TLS,
	SMTP_NEXT_HANDSHAKE, /* tls_up or tls_failed; octets are not for us */
	SMTP_NEXT_END,       /* the answer is there */
};

/*
 * At the moment when the connection is made.  ehlo: what we call ourselves.
 * What the answer holds goes into the arena.  NULL: out of memory.
 */
struct smtp_dialogue *smtp_dialogue_new(struct arena *, struct slice ehlo);
void smtp_dialogue_close(struct smtp_dialogue **);

void smtp_dialogue_input(struct smtp_dialogue *, struct slice octets);
enum smtp_next smtp_dialogue_next(const struct smtp_dialogue *);
enum smtp_stage smtp_dialogue_stage(const struct smtp_dialogue *);

/* Takes what is to be sent; borrowed until the next call. */
struct slice smtp_dialogue_output(struct smtp_dialogue *);

/* The ClientHello is about to be sent. */
void smtp_dialogue_tls_begin(struct smtp_dialogue *);

/* How the handshake ended.  The session must live in the arena. */
void smtp_dialogue_tls_up(struct smtp_dialogue *, const struct tls_session *);
void smtp_dialogue_tls_failed(struct smtp_dialogue *,
    const struct tls_session *);

/*
 * The server is gone or silent.  how: half a sentence that a place follows
 * ("closed by the server"), or "".
 */
void smtp_dialogue_lost(struct smtp_dialogue *, enum cause, const char *how);

/* TLS broke after the handshake: an alert, a bad record. */
void smtp_dialogue_tls_broken(struct smtp_dialogue *, struct slice error);

/* A line of ours in the transcript: "-- text --". */
void smtp_dialogue_note(struct smtp_dialogue *, const char *text);

/*
 * Fills all but asked_of and when.  Only at SMTP_NEXT_END.  RC_LIMIT when the
 * arena was too small, RC_NOMEM when memory was.
 */
enum rc smtp_dialogue_answer(struct smtp_dialogue *, struct answer *);

#endif
