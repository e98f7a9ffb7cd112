#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define ONE   "192.0.2.1"
#define TWO   "192.0.2.2"
#define SPF_1 TXT("v=spf1 -all")
#define SPF_2 TXT("v=spf1 mx -all")
#define HOST(name, ip) \
	FOUND(name, "A", A(ip)) \
	NODATA(name, "AAAA")
#define ZONE \
	FOUND("example.com", "SOA", "{\"type\":\"SOA\",\"serial\":7}") \
	FOUND("example.com", "NS", NS("ns1.dns.test") "," NS("ns2.dns.test")) \
	HOST("ns1.dns.test", ONE) \
	HOST("ns2.dns.test", TWO)
#define SERIAL(ip, n) \
	FOUND_AT(ip, "example.com", "SOA", \
	    "{\"type\":\"SOA\",\"serial\":" #n "}")
/* All but SPF. */
#define REST_AT(ip) \
	NODATA_AT(ip, "_dmarc.example.com", "TXT") \
	NODATA_AT(ip, "example.com", "MX") \
	NODATA_AT(ip, "_mta-sts.example.com", "TXT") \
	NODATA_AT(ip, "_smtp._tls.example.com", "TXT")
#define REST \
	NODATA("_dmarc.example.com", "TXT") \
	NODATA("example.com", "MX") \
	NODATA("_mta-sts.example.com", "TXT") \
	NODATA("_smtp._tls.example.com", "TXT")
#define RESOLVED(spf) FOUND("example.com", "TXT", spf) REST
#define SERVER(ip, n, spf) \
	SERIAL(ip, n) FOUND_AT(ip, "example.com", "TXT", spf) REST_AT(ip)

static const struct scene scenes[] = {
	{ .title = "not asked for", .facts = { { "asked", "false" } } },
	{ .title = "all agree",
	    .authoritative = true,
	    .recording = ZONE RESOLVED(SPF_1) SERVER(ONE, 7, SPF_1)
		SERVER(TWO, 7, SPF_1),
	    .facts = { { "asked", "true" }, { "zone", "\"example.com\"" },
		{ "servers[0].name", "\"ns1.dns.test\"" },
		{ "servers[0].ip", "\"" ONE "\"" },
		{ "servers[0].serial", "7" }, { "servers[0].lame", "false" },
		{ "servers[1].ip", "\"" TWO "\"" }, { "agree", "true" },
		{ "fresh", "true" }, { "differences", "[]" },
		{ "cached", "[]" }, { "problems", "[]" } } },
	{ .title = "one is behind",
	    .authoritative = true,
	    .recording = ZONE RESOLVED(SPF_2) SERVER(ONE, 7, SPF_1)
		SERVER(TWO, 8, SPF_2),
	    .facts = { { "agree", "false" },
		{ "differences[0].server", "\"ns1.dns.test\"" },
		{ "differences[0].value", "[\"v=spf1 -all\"]" },
		{ "differences[0].others", "[\"v=spf1 mx -all\"]" },
		{ "differences[1].server", "\"ns2.dns.test\"" },
		{ "problems[0].code", "\"authoritative.serial\"" },
		{ "problems[1].code", "\"authoritative.differs\"" },
		{ "fresh", "true" } } },
	{ .title = "a serial that went past its end is newer",
	    .authoritative = true,
	    .recording = ZONE RESOLVED(SPF_1) SERVER(ONE, 4294967295, SPF_1)
		SERVER(TWO, 1, SPF_1),
	    .facts = { { "agree", "false" },
		{ "problems[0].code", "\"authoritative.serial\"" },
		{ "problems[0].detail",
		    "\"ns1.dns.test (192.0.2.1) has serial 4294967295 of "
		    "example.com, older than another name server has: it "
		    "answers without the last changes. See why it does not "
		    "transfer the zone, and whether the serial was raised\"" } } },
	{ .title = "one is lame",
	    .authoritative = true,
	    .recording = ZONE RESOLVED(SPF_1) SERVER(ONE, 7, SPF_1)
		REFUSED_AT(TWO, "example.com", "SOA"),
	    .facts = { { "servers[1].lame", "true" },
		{ "servers[1].serial", "null" }, { "agree", "true" },
		{ "problems[0].code", "\"authoritative.lame\"" } } },
	{ .title = "one answers without authority",
	    .authoritative = true,
	    .recording = ZONE RESOLVED(
		SPF_1) SERVER(ONE, 7, SPF_1) ASKED_AT(TWO, "example.com",
		"SOA") "\"seen\":\"answered\",\"dns\":{\"records\":[{\"type\":"
		       "\"SOA\",\"serial\":7}]}}\n",
	    .facts = { { "servers[1].lame", "true" } } },
	{ .title = "one is silent",
	    .authoritative = true,
	    .recording = ZONE RESOLVED(SPF_1) SERVER(ONE, 7, SPF_1)
		ASKED_AT(TWO, "example.com",
		    "SOA") "\"seen\":\"temporary\",\"cause\":\"timeout\"}\n",
	    .facts = { { "servers[1].lame", NULL }, { "agree", NULL },
		{ "problems", "[]" } },
	    .gaps = "servers timeout; agree unproven; fresh unproven; "
		    "cached unproven" },
	{ .title = "no way to one by IPv6 from here does not count",
	    .authoritative = true,
	    .recording = FOUND("example.com", "SOA",
		"{\"type\":\"SOA\",\"serial\":7}") FOUND("example.com", "NS",
		NS("ns1.dns.test")) FOUND("ns1.dns.test", "A", A(ONE))
		FOUND("ns1.dns.test", "AAAA", AAAA("2001:db8::2")) RESOLVED(
		    SPF_1) SERVER(ONE, 7, SPF_1) ASKED_AT("2001:db8::2",
		    "example.com",
		    "SOA") "\"seen\":\"temporary\",\"cause\":\"network\"}\n",
	    .facts = { { "agree", "true" }, { "fresh", "true" },
		{ "servers[1].lame", NULL } },
	    .gaps = "servers network" },
	{ .title = "the resolver has an older state",
	    .authoritative = true,
	    .recording = ZONE FOUND("example.com", "TXT",
		"{\"type\":\"TXT\",\"ttl\":3200,\"strings\":[\"v=spf1 old\"]}")
		REST SERVER(ONE, 7, SPF_1) SERVER(TWO, 7, SPF_1),
	    .facts = { { "agree", "true" }, { "fresh", "false" },
		{ "cached[0].name", "\"example.com\"" },
		{ "cached[0].type", "\"TXT\"" },
		{ "cached[0].value", "[\"v=spf1 old\"]" },
		{ "cached[0].published", "[\"v=spf1 -all\"]" },
		{ "cached[0].ttl", "3200" } } },
	{ .title = "or still has that there is nothing",
	    .authoritative = true,
	    .recording = ZONE NODATA("example.com", "TXT")
		REST SERVER(ONE, 7, SPF_1) SERVER(TWO, 7, SPF_1),
	    .facts = { { "fresh", "false" }, { "cached[0].ttl", "null" },
		{ "cached[0].value", "[]" } } },
	{ .title = "a name in a zone of its own",
	    .authoritative = true,
	    .recording = ZONE RESOLVED(SPF_1) SERVER(ONE, 7, SPF_1) SERVER(TWO,
		7, SPF_1) ASKED_AT(ONE, "k._domainkey.example.com",
		"TXT") "\"seen\":\"temporary\",\"cause\":\"refused\",\"dns\":{"
		       "\"referral\":true}}\n" NODATA(
			   "k._domainkey.example.com", "TXT"),
	    .selectors = { "k" },
	    .facts = { { "agree", "true" },
		{ "asked_for[1]", "\"k._domainkey.example.com TXT\"" } } },
	{ .title = "a name server without an address",
	    .authoritative = true,
	    .recording = FOUND("example.com", "SOA",
		"{\"type\":\"SOA\",\"serial\":7}") FOUND("example.com", "NS",
		NS("ns1.dns.test") "," NS("x.test")) HOST("ns1.dns.test", ONE)
		NXDOMAIN("x.test", "A") NXDOMAIN("x.test", "AAAA")
		    RESOLVED(SPF_1) SERVER(ONE, 7, SPF_1),
	    .facts = { { "agree", "true" },
		{ "problems[0].code", "\"authoritative.no-address\"" } } },
	{ .title = "the zone above a subdomain",
	    .domain = "news.example.com",
	    .authoritative = true,
	    .recording = NODATA_IN("news.example.com", "SOA", "example.com")
		TIMEOUT("example.com", "NS"),
	    .facts = { { "zone", "\"example.com\"" }, { "agree", NULL } },
	    .gaps = "servers timeout; agree unproven; fresh unproven; "
		    "cached unproven" },
	{ .title = "the zone is not known",
	    .authoritative = true,
	    .recording = TIMEOUT("example.com", "SOA"),
	    .facts = { { "zone", NULL }, { "agree", NULL } },
	    .gaps = " timeout" },
};

static void
each_name_server_is_compared(void **state)
{
	(void)state;
	scenes_play(&check_authoritative, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_server_is_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
