#include "probes/dns.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/limits.h"
#include "probes/dns_server.h"
#include "probes/dns_wire.h"

enum {
	RCODE_FORMERR = 1,
	UDP_SIZE = 512,    /* RFC 1035 4.2.1: without EDNS */
	SERVER_SILENT = 3, /* failures in a row, then another goes first */
	TIMER_SLACK = 2,   /* ms; c-ares has a clock of its own */
	IDS = 128,         /* getrandom(2) gives 256 octets at once */
};

/* How a try can end without any answer. */
enum failure { FAILED_TIMEOUT, FAILED_PORT, FAILED_TCP, N_FAILURES };

static const struct {
	enum cause cause;
	const char *text;
} failures[N_FAILURES] = {
	[FAILED_TIMEOUT] = { CAUSE_TIMEOUT, "no answer from" },
	[FAILED_PORT] = { CAUSE_NETWORK, "no resolver at" },
	[FAILED_TCP] = { CAUSE_NETWORK, "no answer over TCP from" },
};

/* A question on its way.  Sets of servers are bits by index. */
struct ask {
	struct query query;
	struct dns *dns;
	struct entry *entry;
	struct ask *next;
	struct server *server; /* of this try; NULL: the preferred one */
	bool tcp;
	int64_t began; /* loop_now() of the first sending; 0: none */
	unsigned int tries;
	uint32_t refused_by; /* answered by an error code */
	uint32_t failed[N_FAILURES];
	enum failure last;
	bool has_kept;
	struct answer kept; /* the last error code */
};

struct dns {
	struct loop *loop;
	const struct probe_settings *settings;
	struct server *servers;
	size_t n_servers;
	size_t preferred;
	struct ask *first, *last; /* to be sent */
	struct ask *spare;
	struct timer timer;
	struct put_off flush;
	unsigned int busy; /* inside callbacks: send nothing now */
	uint16_t ids[IDS];
	size_t n_ids;
	int64_t when; /* wall clock, milliseconds, as of loop_now() at */
	int64_t at;
};

/* ---- the queue --------------------------------------------------------- */

static void
queue_append(struct dns *d, struct ask *a)
{
	a->next = NULL;
	if (d->last != NULL)
		d->last->next = a;
	else
		d->first = a;
	d->last = a;
}

static void
queue_prepend(struct dns *d, struct ask *a)
{
	a->next = d->first;
	d->first = a;
	if (d->last == NULL)
		d->last = a;
}

static struct ask *
queue_take(struct dns *d)
{
	struct ask *a = d->first;

	d->first = a->next;
	if (d->first == NULL)
		d->last = NULL;
	return a;
}

static struct ask *
ask_new(struct dns *d, struct entry *e)
{
	struct ask *a = d->spare;

	if (a != NULL)
		d->spare = a->next;
	else
		a = malloc(sizeof(*a));
	if (a != NULL)
		*a = (struct ask){ .dns = d, .entry = e };
	return a;
}

static void
asks_free(struct ask *a)
{
	struct ask *next;

	for (; a != NULL; a = next) {
		next = a->next;
		free(a);
	}
}

/* ---- answers ----------------------------------------------------------- */

static int64_t
wall_clock(struct dns *d)
{
	struct timespec t;

	if (d->at != loop_now(d->loop) || d->when == 0) {
		(void)clock_gettime(CLOCK_REALTIME, &t);
		d->when = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
		d->at = loop_now(d->loop);
	}
	return d->when;
}

/* What RFC 7208 4.6.4 limits in sum. */
static uint32_t
time_taken(const struct ask *a)
{
	int64_t took = loop_now(a->dns->loop) - a->began;

	if (a->began == 0)
		return 0;
	if (took < 1)
		return 1;
	return took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
}

/* The last thing that is done with an ask. */
static void
ask_settle(struct ask *a, struct answer *answer)
{
	struct dns *d = a->dns;
	struct entry *e = a->entry;

	answer->when = wall_clock(d);
	answer->took = time_taken(a);
	entry_answer(e, answer);
	a->next = d->spare;
	d->spare = a;
}

static void
ask_drop(struct ask *a, enum cause cause, const char *why)
{
	struct answer none = { .seen = SEEN_NOT_ASKED, .cause = cause };

	none.detail = arena_copy(entry_arena(a->entry), slice_str(why));
	ask_settle(a, &none);
}

/* Adds "; no resolver at 192.0.2.1:53, 192.0.2.2:53" to the text. */
static const char *
failure_add(const struct ask *a, enum failure f, const char *text)
{
	const struct dns *d = a->dns;
	const char *lead = text[0] != '\0' ? "; " : "";
	const char *what = failures[f].text;

	for (size_t n = 0; n < d->n_servers; n++) {
		if ((a->failed[f] >> n & 1) == 0)
			continue;
		text = arena_printf(entry_arena(a->entry), "%s%s%s %s", text,
		    lead, what, d->servers[n].name);
		if (text == NULL)
			return "";
		lead = ",";
		what = "";
	}
	return text;
}

static struct slice
failure_text(const struct ask *a)
{
	long long ms = (long long)a->dns->settings->timeout_ms;
	bool whole = ms % 1000 == 0;
	const char *text = "";

	for (unsigned int f = 0; f < N_FAILURES; f++)
		text = failure_add(a, (enum failure)f, text);
	return arena_slicef(entry_arena(a->entry), "%s (%u %s of %lld %s)",
	    text, a->tries, a->tries == 1 ? "try" : "tries",
	    whole ? ms / 1000 : ms, whole ? "s" : "ms");
}

static void
ask_give_up(struct ask *a)
{
	struct answer none = { .seen = SEEN_TEMPORARY };

	if (a->has_kept) {
		ask_settle(a, &a->kept);
		return;
	}
	none.cause = failures[a->last].cause;
	none.detail = failure_text(a);
	ask_settle(a, &none);
}

/* ---- tries ------------------------------------------------------------- */

static size_t
server_index(const struct dns *d, const struct server *s)
{
	return (size_t)(s - d->servers);
}

/* The one after this that has not answered by an error code yet. */
static struct server *
server_after(const struct ask *a)
{
	struct dns *d = a->dns;
	size_t at = server_index(d, a->server);

	for (size_t i = 1; i <= d->n_servers; i++) {
		size_t n = (at + i) % d->n_servers;

		if ((a->refused_by >> n & 1) == 0)
			return &d->servers[n];
	}
	return NULL;
}

/* One try was in vain. */
static void
ask_again(struct ask *a)
{
	struct server *next = server_after(a);

	a->tries++;
	if (next == NULL || a->tries > a->dns->settings->retries) {
		ask_give_up(a);
		return;
	}
	a->server = next;
	a->tcp = false;
	queue_prepend(a->dns, a);
}

/* A resolver that is silent must not cost every question a timeout. */
static void
server_was_silent(struct dns *d, struct server *s)
{
	if (++s->silent < SERVER_SILENT)
		return;
	if (d->preferred == server_index(d, s))
		d->preferred = (d->preferred + 1) % d->n_servers;
}

static void
ask_failed(struct ask *a, enum failure f)
{
	struct dns *d = a->dns;

	a->failed[f] |= (uint32_t)1 << server_index(d, a->server);
	a->last = f;
	server_was_silent(d, a->server);
	ask_again(a);
}

/*
 * TC; or the cut that c-ares makes without EDNS; or a server that does not
 * know EDNS, which over TCP is not used.
 */
static bool
message_needs_tcp(const struct dns_message *m)
{
	return m->truncated || (!m->has_opt && (m->packet.n == UDP_SIZE ||
						   m->rcode == RCODE_FORMERR));
}

static void
ask_keep(struct ask *a, const struct answer *answer)
{
	a->kept = *answer;
	a->has_kept = true;
	a->refused_by |= (uint32_t)1 << server_index(a->dns, a->server);
}

static void
ask_answered(struct ask *a, struct slice packet)
{
	struct server *s = a->server;
	struct arena *arena = entry_arena(a->entry);
	struct answer answer = { 0 };
	struct dns_message m;

	s->silent = 0;
	dns_message_open(packet, &m);
	if (!a->tcp && !m.has_opt)
		server_check_edns(s, a->query.channel);
	if (!a->tcp && message_needs_tcp(&m)) {
		a->tcp = true;
		queue_prepend(a->dns, a);
		return;
	}
	if (dns_decode(arena, &m, entry_question(a->entry), &answer) != RC_OK) {
		ask_drop(a, CAUSE_LIMIT, "the answer is too large");
		return;
	}
	answer.asked_of = arena_copy(arena, slice_str(s->name));
	answer.as.dns.over_tcp = a->tcp;
	if (!s->local) /* RFC 6840 5.8: the way to it is not to be trusted */
		answer.as.dns.authentic = false;
	if (answer.seen != SEEN_TEMPORARY) {
		ask_settle(a, &answer);
		return;
	}
	answer.detail = arena_slicef(arena, "%.*s from %.*s",
	    SLICE_FMT(answer.detail), SLICE_FMT(answer.asked_of));
	ask_keep(a, &answer);
	ask_again(a);
}

static void
ask_end(struct query *q, enum channel_end end, struct slice packet)
{
	struct ask *a = (struct ask *)q; /* its first member */
	struct dns *d = a->dns;

	d->busy++;
	switch (end) {
	case CHANNEL_ANSWER:
		ask_answered(a, packet);
		break;
	case CHANNEL_TIMEOUT:
		ask_failed(a, FAILED_TIMEOUT);
		break;
	case CHANNEL_NETWORK:
		ask_failed(a, a->tcp ? FAILED_TCP : FAILED_PORT);
		break;
	case CHANNEL_NO_MEMORY:
		ask_drop(a, CAUSE_LIMIT, "out of memory");
		break;
	case CHANNEL_CLOSED:
		a->next = d->spare;
		d->spare = a;
		break;
	}
	d->busy--;
}

/* ---- sending ----------------------------------------------------------- */

static uint16_t
id_next(struct dns *d)
{
	if (d->n_ids == 0) {
		while (getrandom(d->ids, sizeof(d->ids), 0) !=
		       (ssize_t)sizeof(d->ids))
			continue;
		d->n_ids = IDS;
	}
	return d->ids[--d->n_ids];
}

static void
ask_send(struct ask *a, struct channel *c, struct slice message)
{
	if (a->began == 0)
		a->began = loop_now(a->dns->loop);
	channel_send(c, &a->query, message);
}

/* The first in the queue; false when it has to wait. */
static bool
send_first(struct dns *d)
{
	struct ask *a = d->first;
	struct server *s = a->server;
	struct dns_query q;
	struct channel *c;
	bool edns;

	if (entry_answered(a->entry)) {
		ask_drop(queue_take(d), CAUSE_DEADLINE, "");
		return true;
	}
	if (s == NULL)
		s = &d->servers[d->preferred];
	c = server_channel(s, a->tcp);
	if (c != NULL && !channel_has_room(c))
		return false;
	a = queue_take(d);
	a->server = s;
	a->query.end = ask_end;
	edns = !a->tcp && !server_is_plain(s);
	if (c == NULL)
		ask_drop(a, CAUSE_LIMIT, "no channel to the resolver");
	else if (!dns_query_make(entry_question(a->entry), id_next(d), edns,
		     &q))
		ask_drop(a, CAUSE_LIMIT, "the name cannot be a DNS name");
	else
		ask_send(a, c, slice_of(q.wire, q.n));
	return true;
}

/*
 * One timer is enough, as all queries have the same time: it need not be
 * moved when the oldest is answered, only looked at when it fires.
 */
static void
timer_start(struct dns *d)
{
	int64_t now = loop_now(d->loop), first = INT64_MAX;

	if (d->first != NULL)
		first = now + DNS_UNREAD_MS;
	if (d->timer.index != 0 && d->timer.at <= first)
		return;
	for (size_t i = 0; i < d->n_servers; i++) {
		int64_t t = server_deadline(&d->servers[i]);

		if (t < first)
			first = t;
	}
	if (first < now + TIMER_SLACK)
		first = now + TIMER_SLACK;
	if (first != INT64_MAX)
		(void)loop_timer(d->loop, &d->timer, first);
}

static void
dns_send(struct dns *d)
{
	if (d->busy > 0)
		return;
	d->busy++;
	while (d->first != NULL && send_first(d))
		continue;
	d->busy--;
	timer_start(d);
	loop_put_off(d->loop, &d->flush);
}

/* What could not go is looked at soon, by dns_expire(). */
static void
dns_flush(void *arg)
{
	struct dns *d = arg;
	int64_t soon = loop_now(d->loop) + TIMER_SLACK;
	bool all = true;

	for (size_t i = 0; i < d->n_servers; i++)
		all = server_flush(&d->servers[i]) && all;
	if (!all && (d->timer.index == 0 || d->timer.at > soon))
		(void)loop_timer(d->loop, &d->timer, soon);
}

/* Nobody is inside c-ares now. */
static void
dns_idle(void *arg)
{
	struct dns *d = arg;

	if (d->busy > 0)
		return;
	dns_send(d);
	for (size_t i = 0; i < d->n_servers; i++)
		server_drain(&d->servers[i]);
}

static void
dns_expire(void *arg)
{
	struct dns *d = arg;

	for (size_t i = 0; i < d->n_servers; i++)
		server_expire(&d->servers[i]);
	dns_idle(d);
}

/* ---- the whole --------------------------------------------------------- */

static void
dns_server_init(struct dns *d, size_t i)
{
	struct channel_settings settings = {
		.loop = d->loop,
		.resolver = &d->settings->resolvers[i],
		.timeout_ms = d->settings->timeout_ms,
		.idle = dns_idle,
		.arg = d,
	};

	if (settings.timeout_ms > INT_MAX)
		settings.timeout_ms = INT_MAX;
	server_init(&d->servers[i], &settings);
}

enum rc
dns_new(struct loop *loop, const struct probe_settings *settings,
    struct dns **out)
{
	size_t n = settings->n_resolvers;
	struct dns *d;

	if (n > LIMIT_DNS_RESOLVERS)
		return RC_LIMIT;
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return RC_NOMEM;
	d->servers = calloc(n > 0 ? n : 1, sizeof(*d->servers));
	if (d->servers == NULL) {
		free(d);
		return RC_NOMEM;
	}
	d->loop = loop;
	d->settings = settings;
	d->n_servers = n;
	d->timer.fire = dns_expire;
	d->timer.arg = d;
	d->flush.run = dns_flush;
	d->flush.arg = d;
	for (size_t i = 0; i < n; i++)
		dns_server_init(d, i);
	*out = d;
	return RC_OK;
}

void
dns_close(struct dns **d)
{
	if (*d == NULL)
		return;
	(*d)->busy++; /* what ends now is not sent again */
	for (size_t i = 0; i < (*d)->n_servers; i++)
		server_close(&(*d)->servers[i]);
	loop_timer_stop((*d)->loop, &(*d)->timer);
	loop_put_off_stop((*d)->loop, &(*d)->flush);
	asks_free((*d)->first);
	asks_free((*d)->spare);
	free((*d)->servers);
	free(*d);
	*d = NULL;
}

bool
dns_is_idle(const struct dns *d)
{
	if (d->busy > 0 || d->first != NULL)
		return false;
	for (size_t i = 0; i < d->n_servers; i++) {
		if (server_deadline(&d->servers[i]) != INT64_MAX)
			return false;
	}
	return true;
}

void
dns_ask(struct dns *d, struct entry *e)
{
	struct ask *a;

	if (d->settings->offline || d->n_servers == 0) {
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_OFFLINE, NULL);
		return;
	}
	a = ask_new(d, e);
	if (a == NULL) {
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_LIMIT, "out of memory");
		return;
	}
	queue_append(d, a);
	dns_send(d);
}
