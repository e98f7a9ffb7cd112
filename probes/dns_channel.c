#include "probes/dns_channel.h"

#include <ares.h>
#include <arpa/inet.h>
#include <stdlib.h>

#include "base/limits.h"
#include "probes/dns_udp.h"

struct channel {
	struct channel_settings settings;
	ares_channel ares;
	struct dns_udp *udp; /* NULL: this is TCP */
	unsigned int under_way;
	unsigned int unread;
	struct query *oldest, *newest;
	struct query *oldest_unread;
	int64_t trip;         /* the quickest answer's, in ms; -1: none yet */
	int64_t epoch;        /* since when answers are counted */
	unsigned int answers; /* since then */
	unsigned int on_way;  /* queries and answers that the way there holds */
	bool closing;
};

/* ---- descriptors ------------------------------------------------------- */

static void
channel_ready(void *arg, int fd, unsigned int events)
{
	struct channel *c = arg;

	ares_process_fd(c->ares,
	    (events & LOOP_READ) != 0 ? fd : ARES_SOCKET_BAD,
	    (events & LOOP_WRITE) != 0 ? fd : ARES_SOCKET_BAD);
	c->settings.idle(c->settings.arg);
}

static void
socket_state(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct channel *c = arg;
	unsigned int events = 0;

	if (readable)
		events |= LOOP_READ;
	if (writable)
		events |= LOOP_WRITE;
	/* If it fails, the queries will run out of time. */
	(void)loop_watch(c->settings.loop, fd, events, channel_ready, c);
}

/* ---- opening and closing ----------------------------------------------- */

static enum rc
channel_point(struct channel *c)
{
	const struct resolver *r = c->settings.resolver;
	struct ares_addr_port_node server = { 0 };

	server.family = r->ip.family == 4 ? AF_INET : AF_INET6;
	memcpy(&server.addr, r->ip.b, r->ip.family == 4 ? 4 : 16);
	server.udp_port = server.tcp_port = r->port;
	return ares_set_servers_ports(c->ares, &server) == ARES_SUCCESS
		   ? RC_OK
		   : RC_NOMEM;
}

/*
 * NOCHECKRESP: SERVFAIL and REFUSED arrive as packets, and not as if nobody
 * were there.  IGNTC: the user repeats over a TCP channel, as c-ares ends all
 * UDP queries to a server along with its TCP connection when that breaks.
 */
static enum rc
channel_start(struct channel *c)
{
	const int common = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOALIASES;
	struct ares_options o = { 0 };
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		   ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB |
		   ARES_OPT_SOCK_RCVBUF | ARES_OPT_NOROTATE;
	int status;

	o.flags = common | ARES_FLAG_USEVC;
	if (!c->settings.tcp)
		o.flags = common | ARES_FLAG_IGNTC | ARES_FLAG_STAYOPEN |
			  ARES_FLAG_EDNS;
	o.timeout = (int)c->settings.timeout_ms;
	o.tries = 1;
	o.ednspsz = DNS_EDNS_SIZE;
	o.sock_state_cb = socket_state;
	o.sock_state_cb_data = c;
	o.socket_receive_buffer_size = LIMIT_DNS_SOCKET;
	status = ares_init_options(&c->ares, &o, mask);
	if (status != ARES_SUCCESS)
		return status == ARES_ENOMEM ? RC_NOMEM : RC_IO;
	if (!c->settings.tcp) {
		c->udp = dns_udp_new();
		if (c->udp == NULL)
			return RC_NOMEM;
		dns_udp_attach(c->udp, c->ares);
	}
	return channel_point(c);
}

enum rc
channel_open(const struct channel_settings *settings, struct channel **out)
{
	struct channel *c = calloc(1, sizeof(*c));
	enum rc rc;

	if (c == NULL)
		return RC_NOMEM;
	c->settings = *settings;
	c->trip = -1;
	c->epoch = loop_now(settings->loop);
	rc = channel_start(c);
	if (rc)
		channel_close(&c);
	*out = c;
	return rc;
}

void
channel_close(struct channel **c)
{
	if (*c == NULL)
		return;
	(*c)->closing = true;
	if ((*c)->ares != NULL)
		ares_destroy((*c)->ares);
	dns_udp_free((*c)->udp);
	free(*c);
	*c = NULL;
}

/* ---- queries ----------------------------------------------------------- */

static void
query_link(struct channel *c, struct query *q)
{
	q->prev = c->newest;
	q->next = NULL;
	if (c->newest != NULL)
		c->newest->next = q;
	else
		c->oldest = q;
	c->newest = q;
	c->under_way++;
	q->unread = true;
	c->unread++;
	if (c->oldest_unread == NULL)
		c->oldest_unread = q;
}

static void
query_was_read(struct channel *c, struct query *q)
{
	if (!q->unread)
		return;
	q->unread = false;
	c->unread--;
	if (c->oldest_unread == q)
		c->oldest_unread = q->next;
}

static void
query_unlink(struct channel *c, struct query *q)
{
	query_was_read(c, q);
	if (q->prev != NULL)
		q->prev->next = q->next;
	else
		c->oldest = q->next;
	if (q->next != NULL)
		q->next->prev = q->prev;
	else
		c->newest = q->prev;
	c->under_way--;
}

/*
 * What the way to the resolver and back holds is not in its buffer: as many
 * as it answers in the time of the quickest trip.  To a resolver on this
 * machine that is none.  One that is slow by itself looks far away: so no more
 * than it answers in a part of the time that a query has.
 */
static void
channel_count_answer(struct channel *c, const struct query *q)
{
	int64_t now = loop_now(c->settings.loop), trip = now - q->sent;
	int64_t most = c->settings.timeout_ms / 8;

	if (c->trip < 0 || trip < c->trip)
		c->trip = trip;
	c->answers++;
	if (now - c->epoch < c->trip || now - c->epoch < DNS_EPOCH_MS)
		return;
	if (c->trip < most)
		most = c->trip;
	most = c->answers * most / (now - c->epoch);
	c->on_way = most < LIMIT_DNS_UNDER_WAY ? (unsigned int)most
					       : LIMIT_DNS_UNDER_WAY;
	c->epoch = now;
	c->answers = 0;
}

static enum channel_end
end_of(int status)
{
	switch (status) {
	case ARES_ETIMEOUT:
		return CHANNEL_TIMEOUT;
	case ARES_ENOMEM:
		return CHANNEL_NO_MEMORY;
	case ARES_EDESTRUCTION:
		return CHANNEL_CLOSED;
	default:
		return CHANNEL_NETWORK;
	}
}

static void
query_done(void *arg, int status, int timeouts, unsigned char *p, int n)
{
	struct query *q = arg;
	struct channel *c = q->channel;

	(void)timeouts;
	query_unlink(c, q);
	if (p != NULL && n > 0)
		channel_count_answer(c, q);
	if (c->closing)
		q->end(q, CHANNEL_CLOSED, SLICE_NONE);
	else if (p != NULL && n > 0) /* also with an rcode as status */
		q->end(q, CHANNEL_ANSWER, slice_of(p, (size_t)n));
	else
		q->end(q, end_of(status), SLICE_NONE);
}

void
channel_send(struct channel *c, struct query *q, struct slice message)
{
	q->channel = c;
	q->sent = loop_now(c->settings.loop);
	query_link(c, q);
	ares_send(c->ares, message.p, (int)message.n, query_done, q);
}

unsigned int
channel_under_way(const struct channel *c)
{
	return c->under_way;
}

bool
channel_has_room(struct channel *c)
{
	int64_t before = loop_now(c->settings.loop) - DNS_UNREAD_MS;

	while (c->oldest_unread != NULL && c->oldest_unread->sent <= before)
		query_was_read(c, c->oldest_unread);
	return c->under_way < LIMIT_DNS_UNDER_WAY &&
	       c->unread < LIMIT_DNS_BURST + c->on_way;
}

int64_t
channel_deadline(const struct channel *c)
{
	return c->oldest != NULL ? c->oldest->sent + c->settings.timeout_ms
				 : INT64_MAX;
}

void
channel_expire(struct channel *c)
{
	ares_socket_t broken = ARES_SOCKET_BAD;

	if (c->udp != NULL)
		broken = dns_udp_broken(c->udp);
	ares_process_fd(c->ares, broken, ARES_SOCKET_BAD);
}

bool
channel_flush(struct channel *c)
{
	return c->udp == NULL || dns_udp_flush(c->udp);
}

bool
channel_has_edns(const struct channel *c)
{
	struct ares_options o;
	int mask;
	bool edns;

	if (ares_save_options(c->ares, &o, &mask) != ARES_SUCCESS)
		return true;
	edns = (o.flags & ARES_FLAG_EDNS) != 0;
	ares_destroy_options(&o);
	return edns;
}
