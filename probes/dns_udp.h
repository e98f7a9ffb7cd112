#ifndef PROBES_DNS_UDP_H
#define PROBES_DNS_UDP_H

#include <ares.h>

#include "base/rc.h"

#include <stdbool.h>

/*
 * The UDP socket of a c-ares channel to one server.  c-ares sends and reads
 * one packet a system call, which is most of what a question on loopback
 * costs; here many go with one, and in the same order.
 */
struct dns_udp;

struct dns_udp *dns_udp_new(void);

/* After ares_destroy(): that closes the socket. */
void dns_udp_free(struct dns_udp *);

/* From here on the channel's sockets are these.  Before its first query. */
void dns_udp_attach(struct dns_udp *, ares_channel);

/*
 * Sends what the channel has given so far.  False: not all of it.  Either the
 * kernel had no room, then the rest goes with the next call; or the socket is
 * of no use, and the channel is told when it reads (dns_udp_broken()).
 */
bool dns_udp_flush(struct dns_udp *);

/* The socket that the channel must read, to be told; or ARES_SOCKET_BAD. */
ares_socket_t dns_udp_broken(const struct dns_udp *);

#endif
