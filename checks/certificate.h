#ifndef CHECKS_CERTIFICATE_H
#define CHECKS_CERTIFICATE_H

#include "checks/check.h"

/*
 * Certificates as evidence: what stands in them, and whether they would be
 * believed, at a given time, by someone who trusts given anchors.
 */

/*
 * Trust anchors from PEM text, which is borrowed and read at first use
 * and as far as needed (checks/anchors.h).  NULL: out of memory.
 */
struct trust_anchors *trust_anchors_new(struct slice pem);
void trust_anchors_close(struct trust_anchors **);

/* Whether there is at least one certificate in it. */
bool trust_anchors_any(struct trust_anchors *);

struct certificate {
	bool readable;        /* nothing below counts if not */
	struct slice subject; /* RFC 2253 */
	struct slice issuer;
	const struct slice *names; /* DNS names and addresses it is for */
	size_t n_names;
	int64_t not_before, not_after; /* seconds since 1970 */
	bool expired, not_yet_valid;
	bool self_signed; /* and with its own key */
	bool trust_known; /* false: there are no anchors */
	bool trusted;     /* apart from the leaf's dates and names */
	bool matches_host;
	bool matches_san; /* the same without the common name, RFC 8461 4.1 */
	struct slice key_type; /* "RSA", "EC", "ED25519"; nothing: unknown */
	int key_bits;
	struct slice signature; /* "RSA-SHA256" */
	bool weak;          /* key under 2048 (RSA) or 224 (EC), or MD5/SHA-1 */
	struct slice error; /* why it is not trusted; or nothing */
};

/* The leaf of a chain in DER.  host: empty for none. */
enum rc certificate_read(struct check_run *, const struct tls_session *,
    struct slice host, struct certificate *out);

/* {"subject": ..., "names": [...], ...} as documented for tls.hosts[]. */
json_t *certificate_json(const struct certificate *);

enum dane_match { DANE_UNUSABLE, DANE_MISMATCH, DANE_MATCH };

/*
 * RFC 7672 3.1: whether the chain matches the TLSA record (as.tlsa): usage 3
 * the leaf, usage 2 an anchor in the chain that the leaf is good under at the
 * audit's time and for the host or the subject's domain; others are unusable.
 */
enum dane_match certificate_dane(struct check_run *, const struct tls_session *,
    const struct dns_record *, struct slice host);

#endif
