#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ip.h"

static void
addresses_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "2001:DB8::0:1", "2001:db8::1" },
		{ "::", "::" },
		{ "1:0:0:2:0:0:0:3", "1:0:0:2::3" },
		{ "1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "::FFFF:c000:0201", "192.0.2.1" },
		{ "64:ff9b::192.0.2.1", "64:ff9b::c000:201" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[IP_TEXT_MAX];
		struct ip ip, again;

		assert_true(ip_parse(slice_str(cases[i].text), &ip));
		ip_format(&ip, text);
		assert_string_equal(text, cases[i].want);
		assert_true(ip_parse(slice_str(text), &again));
		assert_true(ip_eq(&ip, &again));
	}
}

static void
what_is_no_address_is_refused(void **state)
{
	static const char *const cases[] = { "", "1.2.3", "1.2.3.4.5",
		"01.2.3.4", "1.2.3.256", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4",
		"0x1.2.3.4", "1", "::1%lo", "fe80::1%1", ":::", "1::2::3",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "[::1]",
		"::ffff:1.2.3.4.5",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000" };
	struct ip ip = { .family = 9 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_false(ip_parse(slice_str(cases[i]), &ip));
	assert_false(ip_parse(SLICE_LIT("1.2.3.4\0"), &ip));
	assert_int_equal(ip.family, 9);
}

static void
wire_octets_keep_mapped_addresses(void **state)
{
	static const unsigned char mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0xff, 0xff, 10, 0, 0, 1 };
	struct ip ip;

	(void)state;
	assert_true(ip_from_octets(slice_of(mapped, 16), &ip));
	assert_int_equal(ip.family, 6);
	assert_int_equal(ip_scope(&ip), IP_PRIVATE);
	assert_true(ip_from_octets(slice_of(mapped + 12, 4), &ip));
	assert_int_equal(ip.family, 4);
	assert_false(ip_from_octets(slice_of(mapped, 5), &ip));
	assert_false(ip_from_octets(SLICE_NONE, &ip));
}

static void
reverse_names_are_those_of_the_rfcs(void **state)
{
	char name[IP_REVERSE_MAX];
	struct ip ip;

	(void)state;
	assert_true(ip_parse(SLICE_LIT("192.0.2.10"), &ip));
	ip_reverse_name(&ip, name);
	assert_string_equal(name, "10.2.0.192.in-addr.arpa");
	assert_true(ip_parse(SLICE_LIT("255.254.253.252"), &ip));
	ip_reverse_name(&ip, name);
	assert_string_equal(name, "252.253.254.255.in-addr.arpa");
	/* RFC 3596 2.5 */
	assert_true(ip_parse(SLICE_LIT("4321:0:1:2:3:4:567:89ab"), &ip));
	ip_reverse_name(&ip, name);
	assert_string_equal(name,
	    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4"
	    ".ip6.arpa");
	ip = (struct ip){ 0 };
	ip_reverse_name(&ip, name);
	assert_string_equal(name, "");
	ip_format(&ip, name);
	assert_string_equal(name, "");
}

static void
scopes_are_those_of_the_registries(void **state)
{
	static const struct {
		const char *text;
		enum ip_scope want;
	} cases[] = {
		{ "8.8.8.8", IP_PUBLIC },
		{ "0.0.0.0", IP_UNSPECIFIED },
		{ "0.255.255.255", IP_UNSPECIFIED },
		{ "1.0.0.0", IP_PUBLIC },
		{ "9.255.255.255", IP_PUBLIC },
		{ "10.0.0.0", IP_PRIVATE },
		{ "10.255.255.255", IP_PRIVATE },
		{ "11.0.0.0", IP_PUBLIC },
		{ "100.63.255.255", IP_PUBLIC },
		{ "100.64.0.0", IP_PRIVATE },
		{ "100.127.255.255", IP_PRIVATE },
		{ "100.128.0.0", IP_PUBLIC },
		{ "127.255.255.255", IP_LOOPBACK },
		{ "169.254.169.254", IP_LINK_LOCAL },
		{ "172.15.255.255", IP_PUBLIC },
		{ "172.16.0.0", IP_PRIVATE },
		{ "172.31.255.255", IP_PRIVATE },
		{ "172.32.0.0", IP_PUBLIC },
		{ "192.0.0.1", IP_RESERVED },
		{ "192.0.2.255", IP_DOCUMENTATION },
		{ "192.0.3.0", IP_PUBLIC },
		{ "192.88.99.1", IP_RESERVED },
		{ "192.168.0.1", IP_PRIVATE },
		{ "198.19.255.255", IP_RESERVED },
		{ "198.20.0.0", IP_PUBLIC },
		{ "198.51.100.0", IP_DOCUMENTATION },
		{ "203.0.113.9", IP_DOCUMENTATION },
		{ "224.0.0.1", IP_MULTICAST },
		{ "239.255.255.255", IP_MULTICAST },
		{ "240.0.0.1", IP_RESERVED },
		{ "255.255.255.255", IP_RESERVED },
		{ "2a00:1450:4001::1a", IP_PUBLIC },
		{ "3ffe:ffff::", IP_PUBLIC },
		{ "::", IP_UNSPECIFIED },
		{ "::1", IP_LOOPBACK },
		{ "::2", IP_RESERVED },
		{ "::7f00:1", IP_RESERVED },
		{ "100::1", IP_RESERVED },
		{ "2001::1", IP_RESERVED },
		{ "2001:1ff::", IP_RESERVED },
		{ "2001:200::", IP_PUBLIC },
		{ "2001:db8::1", IP_DOCUMENTATION },
		{ "3fff:fff::1", IP_DOCUMENTATION },
		{ "3fff:1000::1", IP_PUBLIC },
		{ "4000::1", IP_RESERVED },
		{ "5f00::1", IP_RESERVED },
		{ "fc00::1", IP_PRIVATE },
		{ "fdff::1", IP_PRIVATE },
		{ "fe80::1", IP_LINK_LOCAL },
		{ "febf::1", IP_LINK_LOCAL },
		{ "fec0::1", IP_PRIVATE },
		{ "ff02::1", IP_MULTICAST },
		/* An IPv4 address inside decides. */
		{ "64:ff9b::127.0.0.1", IP_LOOPBACK },
		{ "64:ff9b::8.8.8.8", IP_PUBLIC },
		{ "64:ff9b:1::8.8.8.8", IP_RESERVED },
		{ "2002:7f00:1::1", IP_LOOPBACK },
		{ "2002:a9fe:a9fe::", IP_LINK_LOCAL },
		{ "2002:808:808::1", IP_PUBLIC },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ip ip;

		assert_true(ip_parse(slice_str(cases[i].text), &ip));
		if (ip_scope(&ip) != cases[i].want)
			fail_msg("%s is %s, want %s", cases[i].text,
			    ip_scope_name(ip_scope(&ip)),
			    ip_scope_name(cases[i].want));
	}
}

static void
scope_of_no_address_is_unspecified(void **state)
{
	struct ip ip = { 0 };

	(void)state;
	assert_int_equal(ip_scope(&ip), IP_UNSPECIFIED);
	for (int i = IP_PUBLIC; i <= IP_RESERVED; i++)
		assert_non_null(ip_scope_name((enum ip_scope)i));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_and_written),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(wire_octets_keep_mapped_addresses),
		cmocka_unit_test(reverse_names_are_those_of_the_rfcs),
		cmocka_unit_test(scopes_are_those_of_the_registries),
		cmocka_unit_test(scope_of_no_address_is_unspecified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
