#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probes/probes.h"

static void
resolvers_are_read(void **state)
{
	static const struct {
		const char *text, *ip;
		unsigned int port;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1", 53 },
		{ "127.0.0.1:5353", "127.0.0.1", 5353 },
		{ "192.0.2.1:65535", "192.0.2.1", 65535 },
		{ "::1", "::1", 53 },
		{ "2001:db8::53", "2001:db8::53", 53 },
		{ "[::1]", "::1", 53 },
		{ "[::1]:5353", "::1", 5353 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct resolver r;
		char ip[IP_TEXT_MAX];

		if (!resolver_parse(slice_str(rows[i].text), &r))
			fail_msg("%s is refused", rows[i].text);
		ip_format(&r.ip, ip);
		assert_string_equal(ip, rows[i].ip);
		assert_int_equal(r.port, rows[i].port);
	}
}

static void
what_is_no_resolver_is_refused(void **state)
{
	static const char *const rows[] = { "", ":", "53", ":53", "localhost",
		"127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
		"127.0.0.1:53:53", "127.0.0.1 ", "127.0.0.1:5353x", "[::1",
		"[::1]5353", "[::1]:", "[::1]:x", "[127.0.0.1]:53", "[]",
		"[]:53", "fe80::1%eth0", "1.2.3" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct resolver r = { .port = 7 };

		if (resolver_parse(slice_str(rows[i]), &r))
			fail_msg("%s is let through", rows[i]);
		assert_int_equal(r.port, 7);
	}
}

static void
resolv_conf_is_read(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *ips[3];
	} rows[] = {
		{ "nameserver 192.0.2.1\n", 1, { "192.0.2.1" } },
		{ "# nameserver 192.0.2.1\n; nameserver 192.0.2.2\n"
		  "search example.test\nnameserver\t192.0.2.3",
		    1, { "192.0.2.3" } },
		{ "nameserver 192.0.2.1 # first\r\nnameserver ::1\r\n", 2,
		    { "192.0.2.1", "::1" } },
		{ "  nameserver 192.0.2.1\n", 1, { "192.0.2.1" } },
		{ "nameserver 1.1.1.1\nnameserver 2.2.2.2\n"
		  "nameserver 3.3.3.3\nnameserver 4.4.4.4\n",
		    3, { "1.1.1.1", "2.2.2.2", "3.3.3.3" } },
		{ "nameserver fe80::1%eth0\nnameserver bad\nnameserver\n", 1,
		    { "127.0.0.1" } },
		{ "nameservers 192.0.2.1\n", 1, { "127.0.0.1" } },
		{ "", 1, { "127.0.0.1" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct resolver r[3];
		char ip[IP_TEXT_MAX];

		assert_int_equal(resolver_system(slice_str(rows[i].text), r, 3),
		    rows[i].n);
		for (size_t n = 0; n < rows[i].n; n++) {
			ip_format(&r[n].ip, ip);
			assert_string_equal(ip, rows[i].ips[n]);
			assert_int_equal(r[n].port, 53);
		}
	}
	assert_int_equal(resolver_system(SLICE_LIT("nameserver ::1"), NULL, 0),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolvers_are_read),
		cmocka_unit_test(what_is_no_resolver_is_refused),
		cmocka_unit_test(resolv_conf_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
