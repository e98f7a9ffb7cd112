#ifndef PROBES_TLS_SEEN_H
#define PROBES_TLS_SEEN_H

#include <openssl/ssl.h>

#include "probes/evidence.h"

/*
 * What there is to see of a session whose handshake is done; leaves error
 * alone.  Everything goes into the arena; at most LIMIT_CERTIFICATES of at
 * most LIMIT_CERTIFICATE octets.
 */
void tls_seen(const SSL *, struct arena *, struct tls_session *);

/* Its part for the chain alone; certs may be NULL. */
void tls_seen_chain(const STACK_OF(X509) *, struct arena *,
    struct tls_session *);

#endif
