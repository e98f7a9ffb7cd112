#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define SOA_HERE   FOUND("example.com", "SOA", SOA("example.com"))
#define NO_ADDRESS NODATA("example.com", "A") NODATA("example.com", "AAAA")
#define MX1_GOOD \
	FOUND("mx1.example.com", "A", A("203.0.113.25")) \
	NODATA("mx1.example.com", "AAAA")

#define THIRTYTWO \
	EIGHT("1") \
	"," EIGHT("2") "," EIGHT("3") "," EIGHT( \
	    "4") "," MX(20, "last.example.com")
#define EIGHT(p) \
	MX(10, "192.0.2.1" p) \
	"," MX(11, "192.0.2.1" p) "," MX(12, "192.0.2.1" p) "," MX(13, \
	    "192.0.2.1" p) "," MX(14, "192.0.2.1" p) "," MX(15, \
	    "192.0.2.1" p) "," MX(16, "192.0.2.1" p) "," MX(17, "192.0.2.1" p)

static const struct scene scenes[] = {
	{ .title = "MX hosts come in order of preference",
	    .recording = FOUND("example.com", "MX",
		MX(20, "mx2.example.com") "," MX(10, "mx1.example.com"))
		NO_ADDRESS MX1_GOOD SOA_HERE FOUND("mx2.example.com", "AAAA",
		    AAAA("2001:db8::25")) NODATA("mx2.example.com", "A"),
	    .facts = { { "present", "true" }, { "null", "false" },
		{ "implicit", "false" },
		{ "hosts[0]",
		    "{\"name\":\"mx1.example.com\",\"preference\":10,"
		    "\"addresses\":[\"203.0.113.25\"],\"resolves\":true,"
		    "\"alias\":false,\"address_literal\":false}" },
		{ "hosts[1].addresses", "[\"2001:db8::25\"]" },
		{ "hosts[2]", NULL }, { "aliases", "[]" },
		{ "unresolved", "[]" }, { "problems", "[]" },
		{ "domains", "[{\"domain\":\"example.com\",\"role\":\"from\","
			     "\"exists\":true,\"soa\":\"example.com\","
			     "\"own_soa\":true,\"null_mx\":false}]" },
		{ "missing_domains", "[]" } },
	    .rounds = 2 },
	{ .title = "a null MX takes no mail",
	    .recording =
		FOUND("example.com", "MX", MX(0, "")) NO_ADDRESS SOA_HERE,
	    .facts = { { "present", "false" }, { "null", "true" },
		{ "implicit", "false" }, { "hosts", "[]" },
		{ "domains[0].null_mx", "true" },
		{ "null_mx_domains", "[\"example.com\"]" },
		{ "problems", "[]" } },
	    .rounds = 1 },
	{ .title = "a null MX beside others is none",
	    .recording = FOUND("example.com", "MX",
		MX(0, "") "," MX(10, "mx1.example.com"))
		NO_ADDRESS SOA_HERE MX1_GOOD,
	    .facts = { { "present", "true" }, { "null", "false" },
		{ "hosts[0].name", "\"mx1.example.com\"" },
		{ "hosts[1]", NULL },
		{ "problems[0].code", "\"mx.null-beside-others\"" } } },
	{ .title = "a null MX has preference 0",
	    .recording =
		FOUND("example.com", "MX", MX(10, "")) NO_ADDRESS SOA_HERE,
	    .facts = { { "null", "true" },
		{ "problems[0].code", "\"mx.null-preference\"" },
		{ "problems[1]", NULL } } },
	{ .title = "without MX the addresses are used",
	    .recording = NODATA("example.com", "MX") FOUND("example.com", "A",
		A("203.0.113.9")) NODATA("example.com", "AAAA") SOA_HERE,
	    .facts = { { "present", "false" }, { "null", "false" },
		{ "implicit", "true" }, { "hosts", "[]" } } },
	{ .title = "neither MX nor address",
	    .recording = NODATA("example.com", "MX") NO_ADDRESS SOA_HERE,
	    .facts = { { "present", "false" }, { "implicit", "false" } } },
	{ .title = "a lost MX answer",
	    .recording = TIMEOUT("example.com", "MX") NO_ADDRESS SOA_HERE,
	    .facts = { { "present", NULL }, { "null", NULL },
		{ "implicit", NULL }, { "hosts", NULL },
		{ "domains[0].exists", "true" },
		{ "domains[0].null_mx", NULL } },
	    .gaps = "present timeout; null timeout; implicit timeout; hosts "
		    "timeout; aliases timeout; unresolved timeout; "
		    "domains[].null_mx timeout" },
	{ .title = "an MX that is an alias",
	    .recording = FOUND("example.com", "MX", MX(10, "mx.example.com"))
		NO_ADDRESS SOA_HERE ALIASED("mx.example.com", "A",
		    "host.example.net", A("203.0.113.25"))
		    TIMEOUT("mx.example.com", "AAAA"),
	    .facts = { { "hosts[0].alias", "true" },
		{ "hosts[0].resolves", "true" }, { "hosts[0].addresses", NULL },
		{ "aliases", "[\"mx.example.com\"]" },
		{ "problems[0].code", "\"mx.alias\"" } },
	    .gaps = "hosts timeout" },
	{ .title = "an MX without an address",
	    .recording = FOUND("example.com", "MX", MX(10, "mx.example.com"))
		NO_ADDRESS SOA_HERE NXDOMAIN("mx.example.com", "A")
		    NXDOMAIN("mx.example.com", "AAAA"),
	    .facts = { { "hosts[0].resolves", "false" },
		{ "hosts[0].addresses", "[]" },
		{ "unresolved", "[\"mx.example.com\"]" },
		{ "problems[0].code", "\"mx.unresolved\"" } } },
	{ .title = "an address where a name must be",
	    .recording = FOUND("example.com", "MX", MX(10, "203.0.113.25"))
		NO_ADDRESS SOA_HERE,
	    .facts = { { "hosts[0].address_literal", "true" },
		{ "hosts[0].resolves", "false" },
		{ "unresolved", "[\"203.0.113.25\"]" },
		{ "problems[0].code", "\"mx.address-literal\"" },
		{ "problems[1].code", "\"mx.unresolved\"" } },
	    .rounds = 1 },
	{ .title = "more hosts than are looked at",
	    .recording =
		FOUND("example.com", "MX", THIRTYTWO) NO_ADDRESS SOA_HERE,
	    .facts = { { "hosts[31].preference", "17" },
		{ "hosts[31].resolves", "false" },
		{ "hosts[32].address_literal", "false" },
		{ "hosts[32].resolves", NULL }, { "hosts[33]", NULL } },
	    .gaps = "hosts limit" },
	{ .title = "the domain of MAIL FROM counts too",
	    .recording = FOUND("example.com", "MX", MX(10, "mx1.example.com"))
		NO_ADDRESS MX1_GOOD SOA_HERE NXDOMAIN("bounce.example.net",
		    "MX") NXDOMAIN("bounce.example.net", "SOA"),
	    .mail_from_domain = "bounce.example.net",
	    .facts = { { "domains[1]",
			   "{\"domain\":\"bounce.example.net\",\"role\":"
			   "\"mail-from\",\"exists\":false,\"soa\":null,"
			   "\"own_soa\":false,\"null_mx\":false}" },
		{ "missing_domains", "[\"bounce.example.net\"]" } },
	    .rounds = 2 },
	{ .title = "a name inside a zone exists, and the zone is named",
	    .domain = "news.example.com",
	    .mail_from_domain = "news.example.com",
	    .recording = NODATA("news.example.com", "MX")
		NODATA("news.example.com", "A") NODATA("news.example.com",
		    "AAAA") NODATA_IN("news.example.com", "SOA", "example.com"),
	    .facts = { { "domains[0].exists", "true" },
		{ "domains[0].soa", "\"example.com\"" },
		{ "domains[0].own_soa", "false" },
		{ "without_soa", "[\"news.example.com\"]" },
		{ "domains[1]", NULL } } },
	{ .title = "no zone is named",
	    .recording = NODATA("example.com", "MX")
		NO_ADDRESS NODATA("example.com", "SOA"),
	    .facts = { { "domains[0].exists", "true" },
		{ "domains[0].soa", NULL } },
	    .gaps = "domains[].soa malformed" },
	{ .title = "a lost SOA answer",
	    .recording = NODATA("example.com", "MX")
		NO_ADDRESS TIMEOUT("example.com", "SOA"),
	    .facts = { { "domains[0].exists", NULL },
		{ "domains[0].soa", NULL }, { "domains[0].own_soa", NULL },
		{ "without_soa", "[]" }, { "missing_domains", "[]" } },
	    .gaps = "domains timeout" },
};

static void
mail_exchangers_are_judged(void **state)
{
	(void)state;
	scenes_play(&check_mx, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail_exchangers_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
