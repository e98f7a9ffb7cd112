#ifndef PROBES_DNS_DIRECT_H
#define PROBES_DNS_DIRECT_H

#include "probes/loop.h"
#include "probes/probes.h"
#include "probes/store.h"

/*
 * DNS questions to name servers that the question names by address, by UDP and
 * by TCP as probes/dns.h has it, at port 53 or where --connect-to leads.
 */
struct dns_direct;

/* The settings must outlive it. */
enum rc dns_direct_new(struct loop *, const struct probe_settings *,
    struct dns_direct **);

/* Questions still under way stay without an answer. */
void dns_direct_close(struct dns_direct **);

/* Private addresses are CAUSE_PRIVATE; see probes_endpoint(). */
void dns_direct_ask(struct dns_direct *, struct entry *);

#endif
