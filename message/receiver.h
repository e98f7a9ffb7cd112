#ifndef MESSAGE_RECEIVER_H
#define MESSAGE_RECEIVER_H

#include "base/slice.h"

/* Names under which one provider's own hosts are; NULL after the last. */
enum { RECEIVER_SUFFIXES = 8 };

struct receiver {
	const char *suffixes[RECEIVER_SUFFIXES];
	/* Hosts that take mail from outside, and from nowhere else. */
	const char *edge;
	/* It takes mail in for others and hands it on to their own servers. */
	bool gateway;
};

/* The provider whose a host is, or NULL. */
const struct receiver *receiver_of(struct slice host);

bool receiver_is_edge(struct slice host);

/*
 * Whose a host is: its provider's first suffix, else the last two labels of
 * the name.  Nothing for a name without a dot and for an address.
 */
struct slice receiver_house(struct slice host);

#endif
