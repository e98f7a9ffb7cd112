#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define REVERSE_9  "9.113.0.203.in-addr.arpa"
#define REVERSE_10 "10.113.0.203.in-addr.arpa"

/* mail.example.com and 203.0.113.9 name each other. */
#define GOOD \
	FOUND("mail.example.com", "A", A("203.0.113.9")) \
	NODATA("mail.example.com", "AAAA") \
	FOUND(REVERSE_9, "PTR", PTR("mail.example.com"))

static const struct scene scenes[] = {
	{ .title = "a name that is the address's own",
	    .recording = GOOD,
	    .helo = "Mail.Example.com",
	    .ips = { "203.0.113.9" },
	    .facts = { { "name", "\"Mail.Example.com\"" },
		{ "literal", "false" }, { "literal_matches_ip", "null" },
		{ "fqdn", "true" }, { "resolves", "true" },
		{ "addresses", "[\"203.0.113.9\"]" }, { "matches_ip", "true" },
		{ "matches_ptr", "true" }, { "problems", "[]" } },
	    .rounds = 1 },
	{ .title = "a name of another address",
	    .recording = FOUND("mail.example.com", "A", A("203.0.113.1"))
		NODATA("mail.example.com", "AAAA")
		    FOUND(REVERSE_9, "PTR", PTR("other.example.com")),
	    .helo = "mail.example.com",
	    .ips = { "203.0.113.9" },
	    .facts = { { "resolves", "true" }, { "matches_ip", "false" },
		{ "matches_ptr", "false" },
		{ "problems[0].code", "\"helo.mismatch\"" },
		{ "problems[1]", NULL } } },
	{ .title = "a name that does not resolve",
	    .recording = NXDOMAIN("mail.example.com", "A")
		NXDOMAIN("mail.example.com", "AAAA") NXDOMAIN(REVERSE_9, "PTR"),
	    .helo = "mail.example.com",
	    .ips = { "203.0.113.9" },
	    .facts = { { "resolves", "false" }, { "addresses", "[]" },
		{ "matches_ip", "false" }, { "matches_ptr", "false" },
		{ "problems[0].code", "\"helo.unresolvable\"" } } },
	{ .title = "one of two IPs is not held: that settles it",
	    .recording = GOOD TIMEOUT(REVERSE_10, "PTR"),
	    .helo = "mail.example.com",
	    .ips = { "203.0.113.9", "203.0.113.10" },
	    .facts = { { "matches_ip", "false" }, { "matches_ptr", NULL } },
	    .gaps = "matches_ptr timeout" },
	{ .title = "no answer is no mismatch",
	    .recording = TIMEOUT("mail.example.com", "A")
		NODATA("mail.example.com", "AAAA") TIMEOUT(REVERSE_9, "PTR"),
	    .helo = "mail.example.com",
	    .ips = { "203.0.113.9" },
	    .facts = { { "fqdn", "true" }, { "resolves", NULL },
		{ "addresses", NULL }, { "matches_ip", NULL },
		{ "matches_ptr", NULL }, { "problems", "[]" } },
	    .gaps = "resolves timeout; addresses timeout; matches_ip timeout; "
		    "matches_ptr timeout" },
	{ .title = "one family is enough to resolve",
	    .recording = FOUND("mail.example.com", "A", A("203.0.113.9"))
		TIMEOUT("mail.example.com", "AAAA")
		    FOUND(REVERSE_9, "PTR", PTR("mail.example.com")),
	    .helo = "mail.example.com",
	    .ips = { "203.0.113.9" },
	    .facts = { { "resolves", "true" }, { "addresses", NULL },
		{ "matches_ip", "true" } },
	    .gaps = "addresses timeout" },
	{ .title = "without a sending IP the name is still looked at",
	    .recording = GOOD,
	    .helo = "mail.example.com",
	    .facts = { { "resolves", "true" }, { "matches_ip", NULL },
		{ "matches_ptr", NULL } },
	    .gaps = "matches_ip needs-ip; matches_ptr needs-ip" },
	{ .title = "a literal of the sending IP",
	    .helo = "[203.0.113.9]",
	    .ips = { "203.0.113.9" },
	    .facts = { { "literal", "true" }, { "literal_matches_ip", "true" },
		{ "matches_ip", "true" }, { "fqdn", "false" },
		{ "resolves", "null" }, { "addresses", "[]" },
		{ "matches_ptr", "false" }, { "problems", "[]" } } },
	{ .title = "a literal of IPv6",
	    .helo = "[IPv6:2001:db8::25]",
	    .ips = { "2001:db8:0:0::25" },
	    .facts = { { "literal_matches_ip", "true" },
		{ "problems", "[]" } } },
	{ .title = "a literal of another address",
	    .helo = "[203.0.113.1]",
	    .ips = { "203.0.113.9" },
	    .facts = { { "literal_matches_ip", "false" },
		{ "matches_ip", "false" },
		{ "problems[0].code", "\"helo.literal-mismatch\"" } } },
	{ .title = "a literal without a sending IP",
	    .helo = "[203.0.113.1]",
	    .facts = { { "literal", "true" }, { "literal_matches_ip", NULL },
		{ "matches_ip", NULL } },
	    .gaps = "literal_matches_ip needs-ip; matches_ip needs-ip" },
	{ .title = "IPv6 without its tag",
	    .helo = "[2001:db8::25]",
	    .ips = { "2001:db8::25" },
	    .facts = { { "literal", "false" }, { "literal_matches_ip", "null" },
		{ "matches_ip", "false" },
		{ "problems[0].code", "\"helo.literal-syntax\"" },
		{ "problems[1]", NULL } } },
	{ .title = "IPv4 with the tag of IPv6",
	    .helo = "[IPv6:203.0.113.9]",
	    .ips = { "203.0.113.9" },
	    .facts = { { "problems[0].code", "\"helo.literal-syntax\"" } } },
	{ .title = "a literal that is not closed",
	    .helo = "[203.0.113.9",
	    .ips = { "203.0.113.9" },
	    .facts = { { "literal", "false" },
		{ "problems[0].code", "\"helo.literal-syntax\"" } } },
	{ .title = "an address without brackets",
	    .helo = "203.0.113.9",
	    .ips = { "203.0.113.9" },
	    .facts = { { "literal", "false" }, { "fqdn", "false" },
		{ "resolves", "null" }, { "matches_ip", "false" },
		{ "problems[0].code", "\"helo.bare-ip\"" },
		{ "problems[1]", NULL } } },
	{ .title = "localhost",
	    .recording = NXDOMAIN("localhost.localdomain", "A")
		NXDOMAIN("localhost.localdomain", "AAAA")
		    NXDOMAIN(REVERSE_9, "PTR"),
	    .helo = "localhost.localdomain",
	    .ips = { "203.0.113.9" },
	    .facts = { { "problems[0].code", "\"helo.localhost\"" },
		{ "resolves", "false" } } },
	{ .title = "a name of one label",
	    .recording = NXDOMAIN("mailserver", "A")
		NXDOMAIN("mailserver", "AAAA") NXDOMAIN(REVERSE_9, "PTR"),
	    .helo = "mailserver",
	    .ips = { "203.0.113.9" },
	    .facts = { { "fqdn", "false" },
		{ "problems[0].code", "\"helo.not-fqdn\"" } } },
	{ .title = "a name with an underscore",
	    .recording = FOUND("my_host.example.com", "A", A("203.0.113.9"))
		NODATA("my_host.example.com", "AAAA")
		    NXDOMAIN(REVERSE_9, "PTR"),
	    .helo = "my_host.example.com",
	    .ips = { "203.0.113.9" },
	    .facts = { { "fqdn", "false" }, { "matches_ip", "true" },
		{ "problems[0].code", "\"helo.underscore\"" } } },
	{ .title = "a name that is none",
	    .helo = "mail..example.com",
	    .ips = { "203.0.113.9" },
	    .facts = { { "fqdn", "false" }, { "resolves", "null" },
		{ "problems[0].code", "\"helo.syntax\"" } } },
	{ .title = "nothing at all is said",
	    .helo = "",
	    .ips = { "203.0.113.9" },
	    .facts = { { "name", "\"\"" }, { "fqdn", "false" },
		{ "problems[0].code", "\"helo.empty\"" } } },
	{ .title = "what is said is not known",
	    .ips = { "203.0.113.9" },
	    .facts = { { "name", NULL }, { "problems", NULL } },
	    .gaps = " needs-helo" },
};

static void
what_is_said_in_ehlo_is_judged(void **state)
{
	(void)state;
	scenes_play(&check_helo, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_in_ehlo_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
