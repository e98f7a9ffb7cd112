#ifndef BOUNCES_PROVIDER_H
#define BOUNCES_PROVIDER_H

#include "rules/bounce.h"

/* How a receiver was recognised. */
enum provider_by {
	PROVIDER_UNKNOWN,
	PROVIDER_BY_HOST,   /* the name of the mail host */
	PROVIDER_BY_IP,     /* its address */
	PROVIDER_BY_TEXT,   /* what it alone writes into replies */
	PROVIDER_BY_DOMAIN, /* the recipient's domain */
	PROVIDER_GIVEN,
};

const char *provider_by_name(enum provider_by);

/*
 * The receiver by the host's name, in any letter case, with or without a dot
 * at its end; NULL: no pack knows it.
 */
const struct bounce_provider *provider_of_host(const struct bounces *,
    struct slice host);

const struct bounce_provider *provider_of_ip(const struct bounces *,
    const struct ip *);

/* By the gist of a reply. */
const struct bounce_provider *provider_of_text(const struct bounces *,
    struct slice gist, const struct grams *);

const struct bounce_provider *provider_of_domain(const struct bounces *,
    struct slice domain);

#endif
