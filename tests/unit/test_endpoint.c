#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probes/probes.h"

struct good {
	const char *text;
	const char *host1;
	uint16_t port1;
	const char *host2;
	uint16_t port2;
};

static void
what_curl_takes_is_parsed(void **state)
{
	static const struct good goods[] = {
		{ "mx.example.com:25:127.0.0.1:2525", "mx.example.com", 25,
		    "127.0.0.1", 2525 },
		{ ":25:127.0.0.1:2525", "", 25, "127.0.0.1", 2525 },
		{ "::127.0.0.1:", "", 0, "127.0.0.1", 0 },
		{ ":::", "", 0, "", 0 },
		{ "a.example:::8443", "a.example", 0, "", 8443 },
		{ "[2001:db8::1]:25:[::1]:26", "2001:db8::1", 25, "::1", 26 },
		{ "192.0.2.1:25:localhost:65535", "192.0.2.1", 25, "localhost",
		    65535 },
		{ "x:1:LocalHost:1", "x", 1, "LocalHost", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(goods) / sizeof(*goods); i++) {
		const struct good *g = &goods[i];
		struct connect_to to;

		print_message("# %s\n", g->text);
		assert_true(connect_to_parse(slice_str(g->text), &to));
		assert_true(slice_eq(to.host1, slice_str(g->host1)));
		assert_true(slice_eq(to.host2, slice_str(g->host2)));
		assert_int_equal(to.port1, g->port1);
		assert_int_equal(to.port2, g->port2);
	}
}

static void
what_is_not_four_parts_or_has_a_name_to_resolve_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		":",
		"::",
		"::::",
		"a:1:127.0.0.1",
		"a:1:127.0.0.1:2:3",
		"a:1:mx.example.net:25", /* would have to be resolved */
		"a:0:127.0.0.1:25",
		"a:1:127.0.0.1:0",
		"a:65536:127.0.0.1:25",
		"a:99999999999999999999:127.0.0.1:25",
		"a:-1:127.0.0.1:25",
		"a:1:127.0.0.1:25x",
		"a:1:127.0.0.01:25",
		"a:1:::1:25",
		"a:1:[::1:25",
		"a:1:[127.0.0.1]:25",
		"a:1:[localhost]:25",
		"a:1:[]:25",
		"a:1:[::1]x:25",
		"a b:1:127.0.0.1:25",
		"[::1:1:127.0.0.1:25",
		"a]:1:127.0.0.1:25",
		"\xc3\xa4:1:127.0.0.1:25",
	};
	struct connect_to to;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		print_message("# %s\n", bad[i]);
		assert_false(connect_to_parse(slice_str(bad[i]), &to));
	}
	assert_false(connect_to_parse(SLICE_LIT("a\0b:1:127.0.0.1:25"), &to));
}

/* What host:port at an address becomes; to NULL: refused. */
struct way {
	const char *host;
	const char *ip;
	uint16_t port;
	const char *to;
	uint16_t to_port;
};

static void
assert_ways(const struct probe_settings *s, const struct way *ways, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct way *w = &ways[i];
		char text[IP_TEXT_MAX];
		struct endpoint at;
		struct ip ip;

		print_message("# %s %s\n", w->host, w->ip);
		assert_true(ip_parse(slice_str(w->ip), &ip));
		assert_int_equal(probes_endpoint(s, slice_str(w->host), &ip,
				     w->port, &at),
		    w->to != NULL);
		if (w->to == NULL)
			continue;
		ip_format(&at.ip, text);
		assert_string_equal(text, w->to);
		assert_int_equal(at.port, w->to_port);
	}
}

#define ASSERT_WAYS(s, ways) \
	assert_ways((s), (ways), sizeof(ways) / sizeof(*(ways)))

static void
only_public_addresses_are_connected_to(void **state)
{
	static const struct way ways[] = {
		{ "mx.example", "8.8.8.8", 25, "8.8.8.8", 25 },
		{ "mx.example", "2a00:1450::1", 25, "2a00:1450::1", 25 },
		{ "mx.example", "10.0.0.1", 25, NULL, 0 },
		{ "mx.example", "127.0.0.1", 25, NULL, 0 },
		{ "mx.example", "169.254.169.254", 80, NULL, 0 },
		{ "mx.example", "fd00::1", 25, NULL, 0 },
		{ "mx.example", "::1", 25, NULL, 0 },
		{ "mx.example", "::ffff:127.0.0.1", 25, NULL, 0 },
		{ "mx.example", "64:ff9b::a00:1", 25, NULL, 0 },
		{ "mx.example", "192.0.2.1", 25, NULL, 0 },
		{ "mx.example", "0.0.0.0", 25, NULL, 0 },
		{ "mx.example", "224.0.0.1", 25, NULL, 0 },
		{ "mx.example", "ff02::1", 25, NULL, 0 },
	};
	struct probe_settings s = { 0 };

	(void)state;
	ASSERT_WAYS(&s, ways);
}

static void
allow_private_still_refuses_multicast_and_unspecified(void **state)
{
	static const struct way ways[] = {
		{ "mx.example", "127.0.0.1", 25, "127.0.0.1", 25 },
		{ "mx.example", "10.0.0.1", 25, "10.0.0.1", 25 },
		{ "mx.example", "192.0.2.1", 25, "192.0.2.1", 25 },
		{ "mx.example", "fe80::1", 25, "fe80::1", 25 },
		{ "mx.example", "0.0.0.0", 25, NULL, 0 },
		{ "mx.example", "::", 25, NULL, 0 },
		{ "mx.example", "239.1.1.1", 25, NULL, 0 },
		{ "mx.example", "ff02::1", 25, NULL, 0 },
	};
	struct probe_settings s = { .allow_private = true };

	(void)state;
	ASSERT_WAYS(&s, ways);
}

static void
the_first_connect_to_that_matches_wins(void **state)
{
	static const char *const texts[] = {
		"mx.example.com:25:127.0.0.1:2525",
		"mx.example.com::127.0.0.2:",
		":443:[::1]:8443",
		"192.0.2.7:25:localhost:26",
		"[2001:db8::7]::127.0.0.3:27",
		"port.example:::2525",
	};
	static const struct way ways[] = {
		{ "mx.example.com", "8.8.8.8", 25, "127.0.0.1", 2525 },
		{ "MX.Example.COM", "8.8.8.8", 25, "127.0.0.1", 2525 },
		{ "mx.example.com", "8.8.8.8", 587, "127.0.0.2", 587 },
		{ "mx.example.com", "8.8.8.8", 443, "127.0.0.2", 443 },
		{ "other.example", "8.8.8.8", 443, "::1", 8443 },
		{ "other.example", "10.0.0.1", 443, "::1", 8443 },
		{ "other.example", "192.0.2.7", 25, "127.0.0.1", 26 },
		{ "192.0.2.7", "192.0.2.7", 25, "127.0.0.1", 26 },
		{ "[2001:db8::7]", "2001:db8::7", 25, "127.0.0.3", 27 },
		{ "2001:DB8:0::7", "2001:db8::7", 25, "127.0.0.3", 27 },
		{ "sub.mx.example.com", "8.8.8.8", 25, "8.8.8.8", 25 },
		/* The same host: its address is still DNS's, not the user's. */
		{ "port.example", "8.8.8.8", 25, "8.8.8.8", 2525 },
		{ "port.example", "10.0.0.1", 25, NULL, 0 },
	};
	struct connect_to to[sizeof(texts) / sizeof(*texts)];
	struct probe_settings s = {
		.connect_to = to,
		.n_connect_to = sizeof(to) / sizeof(*to),
	};

	(void)state;
	for (size_t i = 0; i < s.n_connect_to; i++)
		assert_true(connect_to_parse(slice_str(texts[i]), &to[i]));
	ASSERT_WAYS(&s, ways);
}

static void
no_address_is_no_endpoint(void **state)
{
	struct probe_settings s = { .allow_private = true };
	struct endpoint at;
	struct ip none = { 0 };

	(void)state;
	assert_false(probes_endpoint(&s, SLICE_LIT("a"), &none, 25, &at));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_curl_takes_is_parsed),
		cmocka_unit_test(
		    what_is_not_four_parts_or_has_a_name_to_resolve_is_refused),
		cmocka_unit_test(only_public_addresses_are_connected_to),
		cmocka_unit_test(
		    allow_private_still_refuses_multicast_and_unspecified),
		cmocka_unit_test(the_first_connect_to_that_matches_wins),
		cmocka_unit_test(no_address_is_no_endpoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
