#include "probes/dns_udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/ip.h"
#include "base/limits.h"

enum {
	PACKETS = 64, /* a system call; the kernel parts as many */
	QUERY_MAX = 512,
	/* As many as c-ares reads, and not all in one set of a cache. */
	ANSWER_MAX = 4096 + 64,
	CONTROL = CMSG_SPACE(sizeof(uint16_t)),
};

struct query_out {
	size_t n;
	unsigned char octets[QUERY_MAX];
};

/* A channel has one server, so one UDP socket at a time. */
struct dns_udp {
	ares_socket_t fd; /* ARES_SOCKET_BAD: none */
	int error;        /* of a sending, to be told at the next reading */
	bool bursts;      /* see struct load */
	bool drained;     /* the last reading left nothing behind */
	unsigned int n_out;
	unsigned int n_in, next_in;
	struct query_out *order[PACKETS]; /* out, as it is sent */
	struct sockaddr_storage from[PACKETS];
	struct iovec iov[PACKETS];
	struct mmsghdr in[PACKETS];
	struct query_out out[PACKETS];
	unsigned char packets[PACKETS][ANSWER_MAX];
};

struct dns_udp *
dns_udp_new(void)
{
	struct dns_udp *u = calloc(1, sizeof(*u));

	if (u != NULL)
		u->fd = ARES_SOCKET_BAD;
	return u;
}

void
dns_udp_free(struct dns_udp *u)
{
	free(u);
}

/* ---- opening and closing ----------------------------------------------- */

static void
udp_begin(struct dns_udp *u, ares_socket_t fd)
{
	u->fd = fd;
	u->error = 0;
	u->n_out = u->n_in = u->next_in = 0;
	u->bursts = u->drained = false;
}

/* What c-ares would set by itself, if it had opened the socket. */
static ares_socket_t
udp_open(int domain, int type, int protocol, void *arg)
{
	const int size = LIMIT_DNS_SOCKET;
	ares_socket_t fd =
	    socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return ARES_SOCKET_BAD;
	/* The kernel gives what it may; less only loses answers earlier. */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	udp_begin(arg, fd);
	return fd;
}

static int
udp_close(ares_socket_t fd, void *arg)
{
	struct dns_udp *u = arg;

	if (fd == u->fd)
		udp_begin(u, ARES_SOCKET_BAD);
	return close(fd);
}

static bool
is_loopback(const struct sockaddr *to)
{
	const void *octets = to;
	struct ip ip = { 0 };

	if (to->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = octets;

		(void)ip_from_octets(slice_of(v6->sin6_addr.s6_addr, 16), &ip);
	} else {
		const struct sockaddr_in *v4 = octets;

		(void)ip_from_octets(slice_of(&v4->sin_addr, 4), &ip);
	}
	return ip_scope(&ip) == IP_LOOPBACK;
}

/*
 * Bursts only to this machine itself: there no network card and no driver,
 * some of which do it wrong, has to part them.
 */
static int
udp_connect(ares_socket_t fd, const struct sockaddr *to, ares_socklen_t n,
    void *arg)
{
	struct dns_udp *u = arg;
	const int off = 0;

	if (fd == u->fd && is_loopback(to)) /* Linux 4.18 and later */
		u->bursts = setsockopt(fd, SOL_UDP, UDP_SEGMENT, &off,
				sizeof(off)) == 0;
	return connect(fd, to, n);
}

/* ---- sending ----------------------------------------------------------- */

/*
 * What goes with one system call: messages, each of one query, or of several
 * of one size that the kernel parts again (UDP_SEGMENT).  So it runs through
 * the most of its network code once for all of them.
 */
struct load {
	unsigned int n;
	struct mmsghdr messages[PACKETS];
	struct iovec iov[PACKETS];
	/* CMSG_SPACE() keeps each aligned behind the first. */
	alignas(struct cmsghdr) unsigned char control[PACKETS][CONTROL];
};

static void
message_part(struct load *l, struct msghdr *m)
{
	uint16_t size = (uint16_t)m->msg_iov->iov_len;
	struct cmsghdr *c;

	m->msg_control = l->control[l->n];
	m->msg_controllen = CONTROL;
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = SOL_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(c), &size, sizeof(size));
}

/* Of all that waits, from this one on. */
static void
load_make(const struct dns_udp *u, unsigned int at, struct load *l)
{
	l->n = 0;
	while (at < u->n_out) {
		size_t size = u->order[at]->n;
		struct msghdr *m = &l->messages[l->n].msg_hdr;

		*m = (struct msghdr){ .msg_iov = &l->iov[at] };
		do {
			l->iov[at] =
			    (struct iovec){ u->order[at]->octets, size };
			m->msg_iovlen++;
			at++;
		} while (u->bursts && at < u->n_out && u->order[at]->n == size);
		if (m->msg_iovlen > 1)
			message_part(l, m);
		l->n++;
	}
}

/* How many queries went; none: there is no room, or u->error says why. */
static unsigned int
load_send(struct dns_udp *u, struct load *l)
{
	unsigned int gone = 0;
	int n;

	do {
		n = sendmmsg(u->fd, l->messages, l->n, 0);
	} while (n < 0 && errno == EINTR);
	for (int i = 0; i < n; i++)
		gone += (unsigned int)l->messages[i].msg_hdr.msg_iovlen;
	if (n < 0 && errno != EAGAIN && errno != ENOBUFS && errno != ENOMEM)
		u->error = errno;
	return gone;
}

/* Those of one size together; they are few, and most are in order. */
static void
out_sort(struct dns_udp *u)
{
	for (unsigned int i = 0; i < u->n_out; i++) {
		unsigned int at = i;

		for (; u->bursts && at > 0 && u->order[at - 1]->n > u->out[i].n;
		     at--)
			u->order[at] = u->order[at - 1];
		u->order[at] = &u->out[i];
	}
}

/* The first of the order have gone; the others move up. */
static void
out_gone(struct dns_udp *u, unsigned int gone)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < gone; i++)
		u->order[i]->n = 0;
	for (unsigned int i = 0; gone < u->n_out && i < u->n_out; i++) {
		if (u->out[i].n > 0)
			u->out[n++] = u->out[i];
	}
	u->n_out = n;
}

bool
dns_udp_flush(struct dns_udp *u)
{
	unsigned int gone = 0, more = 1;
	struct load l;

	if (u->n_out == 0 || u->error != 0)
		return u->error == 0;
	out_sort(u);
	while (gone < u->n_out && more > 0) {
		load_make(u, gone, &l);
		more = load_send(u, &l);
		gone += more;
		/* An IPsec policy, say, forbids bursts. */
		if (u->error != 0 && u->bursts) {
			u->bursts = false;
			u->error = 0;
			more = 1;
		}
	}
	out_gone(u, gone);
	return u->n_out == 0;
}

ares_socket_t
dns_udp_broken(const struct dns_udp *u)
{
	return u->error != 0 ? u->fd : ARES_SOCKET_BAD;
}

/* Puts it with the others; when they are many they go. */
static ares_ssize_t
udp_send(ares_socket_t fd, const struct iovec *v, int n, void *arg)
{
	struct dns_udp *u = arg;

	if (fd != u->fd || n != 1 || v->iov_len > QUERY_MAX)
		return writev(fd, v, n);
	if (u->n_out == PACKETS && !dns_udp_flush(u) && u->n_out == PACKETS) {
		errno = u->error != 0 ? u->error : EAGAIN;
		return -1;
	}
	memcpy(u->out[u->n_out].octets, v->iov_base, v->iov_len);
	u->out[u->n_out++].n = v->iov_len;
	return (ares_ssize_t)v->iov_len;
}

/* ---- reading ----------------------------------------------------------- */

static bool
udp_fill(struct dns_udp *u)
{
	int n;

	for (unsigned int i = 0; i < PACKETS; i++) {
		u->iov[i] = (struct iovec){ u->packets[i], ANSWER_MAX };
		u->in[i].msg_hdr = (struct msghdr){ .msg_name = &u->from[i],
			.msg_namelen = sizeof(u->from[i]),
			.msg_iov = &u->iov[i],
			.msg_iovlen = 1 };
	}
	u->n_in = u->next_in = 0;
	n = recvmmsg(u->fd, u->in, PACKETS, MSG_DONTWAIT, NULL);
	if (n <= 0)
		return false;
	u->n_in = (unsigned int)n;
	/* An error behind a packet wakes the loop once more. */
	u->drained = n < PACKETS;
	return true;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* 0, with the packet that is next, or an error. */
static int
udp_next(struct dns_udp *u, unsigned int *packet)
{
	if (u->error != 0) {
		int error = u->error;

		u->error = 0;
		return error;
	}
	if (u->next_in == u->n_in && u->drained) {
		u->drained = false;
		return EAGAIN;
	}
	if (u->next_in == u->n_in && !udp_fill(u))
		return errno;
	*packet = u->next_in++;
	return 0;
}

/* c-ares reads until there is nothing at hand. */
static ares_ssize_t
udp_receive(ares_socket_t fd, void *to, size_t room, int flags,
    struct sockaddr *from, ares_socklen_t *from_size, void *arg)
{
	struct dns_udp *u = arg;
	unsigned int i = 0;
	size_t n;

	if (fd != u->fd)
		return recvfrom(fd, to, room, flags, from, from_size);
	errno = udp_next(u, &i);
	if (errno != 0)
		return -1;
	n = smaller(room, u->in[i].msg_len);
	memcpy(to, u->packets[i], n);
	*from_size =
	    (ares_socklen_t)smaller(*from_size, u->in[i].msg_hdr.msg_namelen);
	memcpy(from, &u->from[i], *from_size);
	return (ares_ssize_t)n;
}

static const struct ares_socket_functions udp_functions = {
	.asocket = udp_open,
	.aclose = udp_close,
	.aconnect = udp_connect,
	.arecvfrom = udp_receive,
	.asendv = udp_send,
};

void
dns_udp_attach(struct dns_udp *u, ares_channel channel)
{
	ares_set_socket_functions(channel, &udp_functions, u);
}
