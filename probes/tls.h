#ifndef PROBES_TLS_H
#define PROBES_TLS_H

#include <openssl/ssl.h>

#include "base/arena.h"
#include "base/buf.h"
#include "probes/evidence.h"

/*
 * The client's end of a TLS session, for looking at: nothing is verified and
 * nothing is refused that OpenSSL can still speak, so that the weak is seen
 * and can be judged.  Nothing secret may be sent over it.  No I/O: octets of
 * the network go in and come out.
 */

/* What all sessions share; NULL when OpenSSL gives none. */
SSL_CTX *tls_context_new(void);

struct tls;

enum tls_step {
	TLS_MORE,   /* it waits for the server; send what is there first */
	TLS_DONE,   /* the handshake is over; there is data */
	TLS_CLOSED, /* the server ended the session in good order */
	TLS_FAILED, /* tls_session() says why */
};

/* host: for SNI; an address or an empty name sends none. */
enum rc tls_new(SSL_CTX *, struct slice host, struct tls **);
void tls_close(struct tls **);

/* Octets from the network. */
enum rc tls_feed(struct tls *, struct slice);

/* Adds what is to be sent to the network. */
void tls_drain(struct tls *, struct buf *);

/* TLS_DONE, TLS_MORE or TLS_FAILED. */
enum tls_step tls_handshake(struct tls *);

/* At most room octets of data; TLS_DONE: *n of them, at least one. */
enum tls_step tls_read(struct tls *, unsigned char *data, size_t room,
    size_t *n);

/* After the handshake only. */
enum tls_step tls_write(struct tls *, struct slice);

/*
 * What was seen, also of a handshake that failed: the chain if the server got
 * as far as sending it.  Returns how many certificates the server sent; those
 * past LIMIT_CERTIFICATES, or from one over LIMIT_CERTIFICATE octets on, are
 * not in the session.
 */
size_t tls_session(const struct tls *, struct arena *, struct tls_session *);

/* Why it failed: OpenSSL's reason; or "". */
const char *tls_error(const struct tls *);

#endif
