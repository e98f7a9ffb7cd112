#ifndef CHECKS_ANCHORS_H
#define CHECKS_ANCHORS_H

#include <openssl/x509.h>

#include "checks/certificate.h"

/*
 * Loads the anchors that could bear on a certificate: those of its issuer's
 * name and of its own, and so on upwards.  To read all of a system's bundle
 * takes longer than most audits, and two or three of them matter.
 */
void anchors_load_for(struct trust_anchors *, const X509 *);

/* What was loaded; NULL when out of memory. */
X509_STORE *anchors_store(const struct trust_anchors *);

#endif
