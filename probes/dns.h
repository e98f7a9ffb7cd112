#ifndef PROBES_DNS_H
#define PROBES_DNS_H

#include "probes/loop.h"
#include "probes/probes.h"
#include "probes/store.h"

/*
 * DNS questions to the settings' resolvers, over UDP, and over TCP what does
 * not fit.  A question is tried retries + 1 times; after a timeout, an error
 * code or a lost connection it goes to the next resolver.  When every one has
 * answered with an error code it is not asked again.
 */
struct dns;

/* The settings must outlive it.  RC_LIMIT: over LIMIT_DNS_RESOLVERS. */
enum rc dns_new(struct loop *, const struct probe_settings *, struct dns **);

/* Questions still under way stay without an answer. */
void dns_close(struct dns **);

/* Nothing is under way, and nobody is inside it: it may be closed. */
bool dns_is_idle(const struct dns *);

/* Sends the entry's question, now or as soon as there is room. */
void dns_ask(struct dns *, struct entry *);

#endif
