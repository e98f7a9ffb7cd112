#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "probes/dns.h"

/* A socket that takes questions and says nothing. */
static int silent;
static uint16_t silent_port;

struct lab {
	struct loop *loop;
	struct store *store;
	struct dns *dns;
	struct resolver resolver;
	struct probe_settings settings;
	struct pins pins;
	struct asker asker;
	unsigned int woken;
};

static void
wake(struct asker *a)
{
	struct lab *l = a->owner;

	l->woken++;
}

static int
silent_open(void **state)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t n = sizeof(sin);

	(void)state;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	silent = socket(AF_INET, SOCK_DGRAM, 0);
	if (silent < 0 || bind(silent, (struct sockaddr *)&sin, n) != 0 ||
	    getsockname(silent, (struct sockaddr *)&sin, &n) != 0)
		return -1;
	silent_port = ntohs(sin.sin_port);
	return 0;
}

static int
silent_close(void **state)
{
	(void)state;
	return close(silent);
}

static void
lab_open(struct lab *l)
{
	*l = (struct lab){ 0 };
	assert_true(ip_parse(SLICE_LIT("127.0.0.1"), &l->resolver.ip));
	l->resolver.port = silent_port;
	l->settings.resolvers = &l->resolver;
	l->settings.n_resolvers = 1;
	l->settings.timeout_ms = 20;
	l->loop = loop_new();
	l->store = store_new();
	assert_non_null(l->loop);
	assert_non_null(l->store);
	assert_int_equal(dns_new(l->loop, &l->settings, &l->dns), RC_OK);
	l->asker = (struct asker){
		.store = l->store,
		.pins = &l->pins,
		.wake = wake,
		.owner = l,
	};
}

static void
lab_close(struct lab *l)
{
	dns_close(&l->dns);
	assert_null(l->dns);
	pins_release(l->store, &l->pins);
	store_free(l->store);
	loop_free(l->loop);
}

static const struct answer *
lab_ask(struct lab *l, const char *name)
{
	struct question q = { .kind = QUESTION_DNS,
		.name = slice_str(name),
		.type = DNS_A };
	const struct answer *a = evidence_ask(&l->asker, &q);
	struct entry *e;

	while ((e = store_next_wanted(l->store)) != NULL)
		dns_ask(l->dns, e);
	return a != NULL ? a : evidence_ask(&l->asker, &q);
}

static size_t
datagrams_received(void)
{
	char octets[512];
	size_t n = 0;

	while (recv(silent, octets, sizeof(octets), MSG_DONTWAIT) > 0)
		n++;
	return n;
}

/* Names of two lengths, in turn. */
static struct slice
nth_name(unsigned int i, char name[32])
{
	(void)snprintf(name, 32, i % 2 == 0 ? "h%03u.test" : "host%03u.test",
	    i);
	return slice_str(name);
}

static void
ask_all(struct lab *l, unsigned int from, unsigned int to)
{
	char name[32];

	for (unsigned int i = from; i < to; i++) {
		(void)nth_name(i, name);
		assert_null(lab_ask(l, name));
	}
}

/* Each of these names came in a datagram of its own, and nothing else did. */
static void
assert_received(unsigned int from, unsigned int to)
{
	bool seen[LIMIT_DNS_BURST] = { false };
	unsigned char octets[512];
	char name[32];
	ssize_t n;

	while ((n = recv(silent, octets, sizeof(octets), MSG_DONTWAIT)) > 0) {
		struct slice packet = slice_of(octets, (size_t)n);
		unsigned int i = from;
		struct slice label;

		/* Header, name, type and class, OPT: RFC 1035 4.1, 6891 6.1 */
		label = slice_sub(packet, 13, octets[12]);
		for (; i < to; i++) {
			struct slice all = nth_name(i, name);

			if (!seen[i - from] &&
			    slice_eq(slice_sub(all, 0, label.n), label) &&
			    packet.n == 12 + all.n + 2 + 4 + 11)
				break;
		}
		assert_true(i < to);
		seen[i - from] = true;
	}
	for (unsigned int i = from; i < to; i++)
		assert_true(seen[i - from]);
}

static void
questions_of_one_turn_are_a_datagram_each(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	ask_all(&l, 0, 3);
	assert_received(0, 0);
	assert_int_equal(loop_turn(l.loop, 0), RC_OK);
	assert_received(0, 3);
	/* More than go at once; and they fit where nobody reads. */
	ask_all(&l, 3, LIMIT_DNS_BURST);
	assert_int_equal(loop_turn(l.loop, 0), RC_OK);
	assert_received(3, LIMIT_DNS_BURST);
	lab_close(&l);
}

/* Makes the kernel refuse what it would have to part, as IPsec does. */
static void
forbid_bursts(void)
{
	const int on = 1;
	unsigned int found = 0;

	for (int fd = 3; fd < 64; fd++) {
		struct sockaddr_in to;
		socklen_t n = sizeof(to);

		if (getpeername(fd, (struct sockaddr *)&to, &n) != 0 ||
		    to.sin_port != htons(silent_port))
			continue;
		found++;
		assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_NO_CHECK, &on,
				     sizeof(on)),
		    0);
	}
	assert_int_equal(found, 1);
}

static void
where_bursts_are_forbidden_each_question_goes_alone(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	ask_all(&l, 0, 1);
	forbid_bursts();
	ask_all(&l, 1, 100);
	assert_int_equal(loop_turn(l.loop, 0), RC_OK);
	assert_received(0, 100);
	lab_close(&l);
}

/* ---- what is put off --------------------------------------------------- */

static void
count_up(void *arg)
{
	unsigned int *n = arg;

	(*n)++;
}

static void
what_is_put_off_runs_once_before_the_wait(void **state)
{
	struct loop *loop = loop_new();
	unsigned int n = 0, never = 0;
	struct put_off a = { .run = count_up, .arg = &n };
	struct put_off b = { .run = count_up, .arg = &never };

	(void)state;
	assert_non_null(loop);
	loop_put_off(loop, &b);
	loop_put_off(loop, &a);
	loop_put_off(loop, &a);
	loop_put_off_stop(loop, &b);
	loop_put_off_stop(loop, &b);
	assert_int_equal(n, 0);
	assert_int_equal(loop_turn(loop, 0), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(loop_turn(loop, 0), RC_OK);
	assert_int_equal(n, 1);
	loop_put_off(loop, &a);
	assert_int_equal(loop_turn(loop, 0), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(never, 0);
	loop_free(loop);
}

static void
silence_is_a_timeout_after_all_tries(void **state)
{
	struct lab l;
	const struct answer *a;

	(void)state;
	lab_open(&l);
	l.settings.retries = 2;
	assert_null(lab_ask(&l, "silent.test"));
	while (l.woken == 0)
		assert_int_equal(loop_turn(l.loop, -1), RC_OK);
	a = lab_ask(&l, "silent.test");
	assert_int_equal(a->seen, SEEN_TEMPORARY);
	assert_int_equal(a->cause, CAUSE_TIMEOUT);
	assert_true(a->when > 0);
	assert_true(a->took >= 3 * 20 - 3 && a->took < 10 * 1000);
	assert_int_equal(datagrams_received(), 3);
	lab_close(&l);
}

static void
closing_leaves_what_is_under_way_unanswered(void **state)
{
	struct lab l;
	char name[32];

	(void)state;
	lab_open(&l);
	for (unsigned int i = 0; i < LIMIT_DNS_BURST * 4; i++) {
		(void)snprintf(name, sizeof(name), "h%u.test", i);
		assert_null(lab_ask(&l, name));
	}
	assert_int_equal(loop_turn(l.loop, 0), RC_OK);
	dns_close(&l.dns);
	assert_int_equal(l.woken, 0);
	assert_null(evidence_ask(&l.asker, &(struct question){
					       .kind = QUESTION_DNS,
					       .name = SLICE_LIT("h0.test"),
					       .type = DNS_A,
					   }));
	/* Nothing was answered: no more are sent than its buffer holds. */
	assert_true(datagrams_received() <= LIMIT_DNS_BURST);
	lab_close(&l);
}

static void
what_was_given_up_is_not_tried_again(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	l.settings.retries = 5;
	assert_null(lab_ask(&l, "silent.test"));
	store_give_up(l.store, &l.asker, CAUSE_DEADLINE, SLICE_LIT("too late"));
	assert_int_equal(l.woken, 1);
	pins_release(l.store, &l.pins);
	for (int i = 0; i < 10; i++)
		assert_int_equal(loop_turn(l.loop, 10), RC_OK);
	assert_int_equal(datagrams_received(), 1);
	lab_close(&l);
}

static void
offline_nothing_is_asked(void **state)
{
	struct lab l;
	const struct answer *a;

	(void)state;
	lab_open(&l);
	l.settings.offline = true;
	a = lab_ask(&l, "example.test");
	assert_int_equal(a->seen, SEEN_NOT_ASKED);
	assert_int_equal(a->cause, CAUSE_OFFLINE);
	assert_int_equal(a->took, 0);
	assert_int_equal(datagrams_received(), 0);
	lab_close(&l);
}

static void
a_name_that_is_none_is_not_asked(void **state)
{
	struct lab l;
	const struct answer *a;

	(void)state;
	lab_open(&l);
	a = lab_ask(&l, "a..test");
	assert_int_equal(a->seen, SEEN_NOT_ASKED);
	assert_int_equal(a->cause, CAUSE_LIMIT);
	assert_int_equal(a->took, 0);
	assert_int_equal(datagrams_received(), 0);
	lab_close(&l);
}

static void
too_many_resolvers_are_refused(void **state)
{
	struct probe_settings s = { .n_resolvers = LIMIT_DNS_RESOLVERS + 1 };
	struct dns *d = NULL;

	(void)state;
	assert_int_equal(dns_new(NULL, &s, &d), RC_LIMIT);
	assert_null(d);
	dns_close(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_of_one_turn_are_a_datagram_each),
		cmocka_unit_test(
		    where_bursts_are_forbidden_each_question_goes_alone),
		cmocka_unit_test(what_is_put_off_runs_once_before_the_wait),
		cmocka_unit_test(silence_is_a_timeout_after_all_tries),
		cmocka_unit_test(closing_leaves_what_is_under_way_unanswered),
		cmocka_unit_test(what_was_given_up_is_not_tried_again),
		cmocka_unit_test(offline_nothing_is_asked),
		cmocka_unit_test(a_name_that_is_none_is_not_asked),
		cmocka_unit_test(too_many_resolvers_are_refused),
	};

	return cmocka_run_group_tests(tests, silent_open, silent_close);
}
