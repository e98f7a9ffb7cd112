#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/http.h"
#include "probes/http_transfer.h"

struct field {
	const char *headers;
	const char *name;
	const char *value; /* NULL: there is none */
};

static void
the_first_field_of_a_name_counts(void **state)
{
	static const struct field fields[] = {
		{ "Location: a\r\nLocation: b\r\n", "location", "a" },
		{ "X: 1\r\nLOCATION:\t b c \r\n", "Location", "b c" },
		{ "Location:\r\n", "Location", "" },
		{ "X-Location: a\r\n", "Location", NULL },
		{ "Location : a\r\n", "Location", NULL }, /* RFC 9112 5.1 */
		{ "Location\r\n", "Location", NULL },
		{ " Location: a\r\n", "Location", NULL }, /* a folded line */
		{ "", "Location", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		const struct field *f = &fields[i];
		struct slice v =
		    http_field(slice_str(f->headers), slice_str(f->name));

		print_message("# field %zu\n", i);
		assert_int_equal(v.p != NULL, f->value != NULL);
		if (f->value != NULL)
			assert_true(slice_eq(v, slice_str(f->value)));
	}
}

struct asking {
	struct loop *loop;
	struct store *store;
	struct http *http;
	struct pins pins;
	struct asker asker;
	struct probe_settings settings;
};

static void
wake(struct asker *a)
{
	(void)a;
}

static void
asking_start(struct asking *a)
{
	a->loop = loop_new();
	a->store = store_new();
	a->settings = (struct probe_settings){
		.timeout_ms = 10000,
		.allow_private = true,
	};
	a->pins = (struct pins){ 0 };
	a->asker = (struct asker){ a->store, &a->pins, wake, a, 0 };
	assert_int_equal(http_new(a->loop, &a->settings, &a->http), RC_OK);
}

static void
asking_end(struct asking *a)
{
	http_close(&a->http);
	assert_null(a->http);
	pins_release(a->store, &a->pins);
	store_free(a->store);
	loop_free(a->loop);
}

static void
ask(struct asking *a, const char *url, const char *address)
{
	struct ip ip;
	struct question q = {
		.kind = QUESTION_HTTP,
		.name = slice_str(url),
		.addresses = &ip,
		.n_addresses = 1,
	};

	assert_true(ip_parse(slice_str(address), &ip));
	assert_null(evidence_ask(&a->asker, &q));
	http_ask(a->http, store_next_wanted(a->store));
}

/* A listener on loopback that accepts nothing. */
static int
deaf_server(uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 128), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void
closing_ends_what_is_under_way_and_what_waits(void **state)
{
	struct asking a;
	uint16_t port;
	int fd = deaf_server(&port);

	(void)state;
	asking_start(&a);
	for (int i = 0; i < 40; i++) {
		char url[64];

		(void)snprintf(url, sizeof(url), "https://a.example:%u/%d",
		    port, i);
		ask(&a, url, "127.0.0.1");
	}
	for (int i = 0; i < 5; i++)
		assert_int_equal(loop_turn(a.loop, 20), RC_OK);
	assert_int_equal(a.asker.pending, 40);
	asking_end(&a);
	(void)close(fd);
}

static void
what_was_given_up_is_not_asked_any_more(void **state)
{
	struct asking a;
	uint16_t port;
	int fd = deaf_server(&port);

	(void)state;
	asking_start(&a);
	a.settings.timeout_ms = 100;
	for (int i = 0; i < 40; i++) {
		char url[64];

		(void)snprintf(url, sizeof(url), "https://a.example:%u/%d",
		    port, i);
		ask(&a, url, "127.0.0.1");
	}
	store_give_up(a.store, &a.asker, CAUSE_DEADLINE,
	    SLICE_LIT("out of time"));
	pins_release(a.store, &a.pins);
	/* The 32 under way time out; the others never begin. */
	for (int i = 0; i < 40; i++)
		assert_int_equal(loop_turn(a.loop, 10), RC_OK);
	asking_end(&a);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_field_of_a_name_counts),
		cmocka_unit_test(closing_ends_what_is_under_way_and_what_waits),
		cmocka_unit_test(what_was_given_up_is_not_asked_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
