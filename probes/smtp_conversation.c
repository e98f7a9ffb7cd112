#include "probes/smtp_conversation.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/smtp_dialogue.h"
#include "probes/tls.h"

enum {
	SMTP_CHUNK = 16 * 1024,
	SMTP_WIRE_MAX = 256 * 1024,
	SMTP_LINGER_MS = 1000, /* for the 221; nobody waits for it */
	SMTP_CEILING = 6,      /* timeouts: one for each of six waits */
	/*
	 * Greeting late is a common defence: postscreen waits 6 s, Sendmail's
	 * greet_pause 5 s.  Our usual timeout alone would miss them all.
	 */
	SMTP_BANNER_TIMES = 2,
};

static loop_ready on_ready;
static void on_timer(void *);

static void
finish(struct smtp_conversation *c)
{
	c->over(c);
}

/* ---- answers ----------------------------------------------------------- */

static struct slice
asked_of(const struct smtp_conversation *c)
{
	struct arena *a = entry_arena(c->entry);
	unsigned int port = c->at.port;
	char ip[IP_TEXT_MAX];

	ip_format(&c->at.ip, ip);
	if (c->at.ip.family == 6)
		return arena_slicef(a, "[%s]:%u", ip, port);
	return arena_slicef(a, "%s:%u", ip, port);
}

void
smtp_conversation_fail(struct smtp_conversation *c, const char *detail)
{
	struct entry *e = c->entry;

	c->entry = NULL;
	if (e != NULL)
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_LIMIT, detail);
}

static void
answer_unconnected(struct smtp_conversation *c, enum cause cause,
    const char *detail)
{
	struct entry *e = c->entry;
	struct answer a = {
		.seen = SEEN_TEMPORARY,
		.cause = cause,
		.detail = arena_copy(entry_arena(e), slice_str(detail)),
		.asked_of = asked_of(c),
		.when = loop_wall(c->shared->loop),
	};

	c->entry = NULL;
	entry_answer(e, &a);
}

static void
answer_dialogue(struct smtp_conversation *c)
{
	struct entry *e = c->entry;
	struct answer a;

	if (smtp_dialogue_answer(c->dialogue, &a) != RC_OK) {
		smtp_conversation_fail(c, "out of memory");
		return;
	}
	a.asked_of = asked_of(c);
	a.when = loop_wall(c->shared->loop);
	c->entry = NULL;
	entry_answer(e, &a);
}

/* ---- waiting ----------------------------------------------------------- */

static enum rc
set_timer(struct smtp_conversation *c)
{
	struct loop *l = c->shared->loop;
	int64_t wait = c->shared->settings->timeout_ms;
	int64_t at;

	if (c->phase == SMTP_LINGERING && wait > SMTP_LINGER_MS)
		wait = SMTP_LINGER_MS;
	if (c->phase == SMTP_TALKING &&
	    smtp_dialogue_stage(c->dialogue) == SMTP_BANNER)
		wait *= SMTP_BANNER_TIMES;
	at = loop_now(l) + wait;
	if (c->phase != SMTP_LINGERING && at > c->end_at)
		at = c->end_at;
	return loop_timer(l, &c->timer, at);
}

static enum rc
set_watch(struct smtp_conversation *c)
{
	unsigned int events = LOOP_READ;

	if (c->phase == SMTP_CONNECTING)
		events = LOOP_WRITE;
	else if (c->wire.n > 0)
		events |= LOOP_WRITE;
	return loop_watch(c->shared->loop, c->fd, events, on_ready, c);
}

/* ---- octets ------------------------------------------------------------ */

static bool
not_now(int error)
{
	return error == EAGAIN || error == EINTR;
}

/* What cannot be sent is not missed: the next read says that all is over. */
static void
flush(struct smtp_conversation *c)
{
	ssize_t n;

	while (c->wire.n > 0) {
		n = send(c->fd, c->wire.p, c->wire.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && !not_now(errno))
			buf_reset(&c->wire);
		if (n < 0)
			return;
		buf_drop(&c->wire, (size_t)n);
	}
}

static void
tls_is_up(struct smtp_conversation *c, bool up)
{
	struct arena *a = entry_arena(c->entry);
	struct tls_session session;
	size_t sent = tls_session(c->tls, a, &session);
	const char *left_out;

	if (sent > session.n_chain) {
		left_out = arena_printf(a, "%zu of %zu certificates left out",
		    sent - session.n_chain, sent);
		smtp_dialogue_note(c->dialogue,
		    left_out != NULL ? left_out : "");
	}
	if (up)
		smtp_dialogue_tls_up(c->dialogue, &session);
	else
		smtp_dialogue_tls_failed(c->dialogue, &session);
}

/* The handshake, as far as it goes.  Whether it is over and well. */
static bool
shake_hands(struct smtp_conversation *c)
{
	if (smtp_dialogue_next(c->dialogue) != SMTP_NEXT_HANDSHAKE)
		return true;
	switch (tls_handshake(c->tls)) {
	case TLS_MORE:
		return false;
	case TLS_DONE:
		tls_is_up(c, true);
		return true;
	case TLS_CLOSED:
	case TLS_FAILED:
		tls_is_up(c, false);
		return false;
	}
	return false;
}

static void
read_tls(struct smtp_conversation *c)
{
	unsigned char data[SMTP_CHUNK / 4];
	size_t n;

	while (smtp_dialogue_next(c->dialogue) == SMTP_NEXT_LISTEN) {
		switch (tls_read(c->tls, data, sizeof(data), &n)) {
		case TLS_DONE:
			smtp_dialogue_input(c->dialogue, slice_of(data, n));
			break;
		case TLS_MORE:
			return;
		case TLS_CLOSED:
			smtp_dialogue_lost(c->dialogue, CAUSE_NETWORK,
			    "closed by the server");
			return;
		case TLS_FAILED:
			smtp_dialogue_tls_broken(c->dialogue,
			    slice_str(tls_error(c->tls)));
			return;
		}
	}
}

/* Octets of the network, in clear or not. */
static void
take(struct smtp_conversation *c, struct slice octets)
{
	if (c->tls == NULL) {
		smtp_dialogue_input(c->dialogue, octets);
		return;
	}
	if (tls_feed(c->tls, octets) != RC_OK)
		smtp_conversation_fail(c, "out of memory");
	else if (shake_hands(c))
		read_tls(c);
}

/* Reads once: the loop comes again while there is more. */
static void
receive(struct smtp_conversation *c)
{
	unsigned char chunk[SMTP_CHUNK / 2];
	ssize_t n;

	n = recv(c->fd, chunk, sizeof(chunk), 0);
	if (n > 0)
		take(c, slice_of(chunk, (size_t)n));
	else if (n == 0)
		smtp_dialogue_lost(c->dialogue, CAUSE_NETWORK,
		    "closed by the server");
	else if (errno == ETIMEDOUT)
		smtp_dialogue_lost(c->dialogue, CAUSE_TIMEOUT, "");
	else if (!not_now(errno))
		smtp_dialogue_lost(c->dialogue, CAUSE_NETWORK,
		    "reset by the server");
}

/* The 220 was read: everything until our ClientHello is in clear. */
static void
start_tls(struct smtp_conversation *c)
{
	struct smtp_shared *s = c->shared;

	receive(c);
	if (smtp_dialogue_next(c->dialogue) != SMTP_NEXT_TLS)
		return;
	if (s->tls == NULL)
		s->tls = tls_context_new();
	if (s->tls == NULL ||
	    tls_new(s->tls, entry_question(c->entry)->name, &c->tls) != RC_OK) {
		smtp_conversation_fail(c, "TLS cannot be started here");
		return;
	}
	smtp_dialogue_tls_begin(c->dialogue);
	(void)shake_hands(c);
}

/* Moves what the dialogue says to the wire; whether there was anything. */
static bool
speak(struct smtp_conversation *c)
{
	struct slice said = smtp_dialogue_output(c->dialogue);

	if (said.n > 0 && c->tls != NULL)
		(void)tls_write(c->tls, said);
	else
		buf_add(&c->wire, said);
	return said.n > 0;
}

/* ---- the course of a conversation -------------------------------------- */

/* QUIT was said; stays to hear the 221 or ends. */
static void
linger(struct smtp_conversation *c)
{
	c->phase = SMTP_LINGERING;
	if (set_timer(c) != RC_OK || set_watch(c) != RC_OK)
		finish(c);
}

/* After anything that happened: what follows from it. */
static void
go_on(struct smtp_conversation *c)
{
	bool said = speak(c);

	if (c->entry != NULL &&
	    smtp_dialogue_next(c->dialogue) == SMTP_NEXT_TLS) {
		start_tls(c);
		said = speak(c);
	}
	if (c->tls != NULL)
		tls_drain(c->tls, &c->wire);
	flush(c);
	if (c->wire.failed)
		smtp_conversation_fail(c, "out of memory");
	if (c->entry == NULL) {
		finish(c);
		return;
	}
	if (smtp_dialogue_next(c->dialogue) != SMTP_NEXT_END) {
		if (set_watch(c) != RC_OK) {
			smtp_conversation_fail(c,
			    "the connection cannot be watched");
			finish(c);
		}
		return;
	}
	answer_dialogue(c);
	if (said)
		linger(c);
	else
		finish(c);
}

static void
unconnected(struct smtp_conversation *c, int error)
{
	switch (error) {
	case ECONNREFUSED:
		answer_unconnected(c, CAUSE_REFUSED, "connection refused");
		break;
	case ETIMEDOUT:
		answer_unconnected(c, CAUSE_TIMEOUT,
		    entry_question(c->entry)->type == 25
			? "connecting; port 25 may be blocked from here"
			: "connecting");
		break;
	case EACCES:
	case EPERM:
		answer_unconnected(c, CAUSE_BLOCKED,
		    "this machine does not let us connect");
		break;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EADDRNOTAVAIL:
		smtp_conversation_fail(c, "no socket to be had");
		break;
	case ECONNRESET:
		answer_unconnected(c, CAUSE_NETWORK,
		    "connection reset while connecting");
		break;
	default:
		answer_unconnected(c, CAUSE_NETWORK, "no way to the address");
		break;
	}
	finish(c);
}

/* RFC 5321 4.1.3: "[192.0.2.5]", "[IPv6:2001:db8::1]". */
static struct slice
our_name(struct smtp_conversation *c)
{
	struct arena *a = entry_arena(c->entry);
	const char *name = c->shared->settings->ehlo;
	struct sockaddr_storage at = { 0 };
	socklen_t n = sizeof(at);
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;
	char text[IP_TEXT_MAX];
	struct ip ip = { .family = 4 };

	if (name != NULL)
		return slice_str(name);
	(void)getsockname(c->fd, (struct sockaddr *)&at, &n);
	if (at.ss_family == AF_INET6) {
		memcpy(&v6, &at, sizeof(v6));
		(void)ip_from_octets(slice_of(&v6.sin6_addr, 16), &ip);
		ip_format(&ip, text);
		return arena_slicef(a, "[IPv6:%s]", text);
	}
	memcpy(&v4, &at, sizeof(v4));
	(void)ip_from_octets(slice_of(&v4.sin_addr, 4), &ip);
	ip_format(&ip, text);
	return arena_slicef(a, "[%s]", text);
}

static void
connected(struct smtp_conversation *c)
{
	c->dialogue = smtp_dialogue_new(entry_arena(c->entry), our_name(c));
	if (c->dialogue == NULL) {
		smtp_conversation_fail(c, "out of memory");
		finish(c);
		return;
	}
	c->phase = SMTP_TALKING;
	if (set_timer(c) != RC_OK) {
		smtp_conversation_fail(c, "out of memory");
		finish(c);
		return;
	}
	go_on(c);
}

static void
on_connect(struct smtp_conversation *c)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof(int);
	int error = 0;

	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
		error = errno;
	if (error != 0) {
		unconnected(c, error);
		return;
	}
	/* An event of an earlier socket of this number is none of ours. */
	n = sizeof(peer);
	if (getpeername(c->fd, (struct sockaddr *)&peer, &n) == 0)
		connected(c);
}

static void
on_linger(struct smtp_conversation *c)
{
	unsigned char chunk[SMTP_CHUNK / 2];
	ssize_t n;

	flush(c);
	n = recv(c->fd, chunk, sizeof(chunk), 0);
	if (n == 0 || (n < 0 && !not_now(errno)))
		finish(c);
	else if (set_watch(c) != RC_OK)
		finish(c);
}

static void
on_talk(struct smtp_conversation *c, unsigned int events)
{
	if ((events & LOOP_READ) != 0) {
		receive(c);
		if (c->entry != NULL && set_timer(c) != RC_OK)
			smtp_conversation_fail(c, "out of memory");
	}
	go_on(c);
}

static void
on_ready(void *arg, int fd, unsigned int events)
{
	struct smtp_conversation *c = arg;

	(void)fd;
	switch (c->phase) {
	case SMTP_WAITING:
		break;
	case SMTP_CONNECTING:
		on_connect(c);
		break;
	case SMTP_TALKING:
		on_talk(c, events);
		break;
	case SMTP_LINGERING:
		on_linger(c);
		break;
	}
}

static void
on_timer(void *arg)
{
	struct smtp_conversation *c = arg;
	bool ceiling = loop_now(c->shared->loop) >= c->end_at;

	switch (c->phase) {
	case SMTP_WAITING:
		break;
	case SMTP_CONNECTING:
		unconnected(c, ETIMEDOUT);
		break;
	case SMTP_TALKING:
		smtp_dialogue_lost(c->dialogue, CAUSE_TIMEOUT,
		    ceiling ? "too slow" : "");
		go_on(c);
		break;
	case SMTP_LINGERING:
		finish(c);
		break;
	}
}

/* ---- starting ---------------------------------------------------------- */

static int
open_connection(struct smtp_conversation *c)
{
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(c->at.port),
	};
	struct sockaddr_in v4 = {
		.sin_family = AF_INET,
		.sin_port = htons(c->at.port),
	};
	bool six = c->at.ip.family == 6;
	int rc;

	c->fd = socket(six ? AF_INET6 : AF_INET,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return errno;
	memcpy(&v6.sin6_addr, c->at.ip.b, 16);
	memcpy(&v4.sin_addr, c->at.ip.b, 4);
	rc = six ? connect(c->fd, (const struct sockaddr *)&v6, sizeof(v6))
		 : connect(c->fd, (const struct sockaddr *)&v4, sizeof(v4));
	return rc == 0 || errno == EINPROGRESS ? 0 : errno;
}

/* ---- what the owner calls ---------------------------------------------- */

struct smtp_conversation *
smtp_conversation_new(struct smtp_shared *shared, struct entry *e,
    const struct endpoint *at)
{
	struct smtp_conversation *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->shared = shared;
	c->entry = e;
	c->at = *at;
	c->phase = SMTP_WAITING;
	c->fd = -1;
	c->timer.fire = on_timer;
	c->timer.arg = c;
	buf_init(&c->wire, SMTP_WIRE_MAX);
	return c;
}

void
smtp_conversation_free(struct smtp_conversation *c)
{
	struct loop *l = c->shared->loop;

	loop_timer_stop(l, &c->timer);
	if (c->fd >= 0) {
		(void)loop_watch(l, c->fd, 0, on_ready, c);
		(void)close(c->fd);
	}
	smtp_dialogue_close(&c->dialogue);
	tls_close(&c->tls);
	buf_free(&c->wire);
	free(c);
}

void
smtp_conversation_start(struct smtp_conversation *c)
{
	const struct smtp_shared *s = c->shared;
	int error;

	c->phase = SMTP_CONNECTING;
	c->end_at = loop_now(s->loop) + s->settings->timeout_ms * SMTP_CEILING;
	error = open_connection(c);
	if (error == 0 && (set_watch(c) != RC_OK || set_timer(c) != RC_OK))
		error = ENOMEM;
	if (error != 0)
		unconnected(c, error);
}
