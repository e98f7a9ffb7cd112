#ifndef CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_URI_H
#define CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_URI_H

#include "checks/check.h"

/* An https URI that receivers are to POST to (RFC 3986, RFC 8058 3.1). */

enum uri_host {
	URI_HOST_NAME,    /* one that anyone may look up */
	URI_HOST_ADDRESS, /* a public address */
	URI_HOST_PRIVATE, /* an address or a name that only its owner reaches */
	URI_HOST_BAD,     /* no host name at all */
};

struct unsubscribe_uri {
	struct slice host; /* canonical, or an address without brackets */
	enum uri_host kind;
	struct ip ip;      /* of an address; family 0: a name */
	struct slice port; /* as written; nothing: none */
	struct slice path; /* with the query, without the fragment */
	bool userinfo;
	bool fragment;
	/* As it is asked for: lower case, without default port and fragment. */
	struct slice request;
};

/* uri_is_https() holds for it. */
void unsubscribe_uri_read(struct arena *, struct slice uri,
    struct unsubscribe_uri *);

/* The port is another than 443, or none that there is. */
bool unsubscribe_uri_odd_port(const struct unsubscribe_uri *);

/*
 * By its looks: something in path, query or host tells one recipient from
 * another, such as a number, an address or letters and digits mixed.
 */
bool unsubscribe_uri_has_token(const struct unsubscribe_uri *);

#endif
