#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/blocklist/blocklist_zone.h"
#include "checks/table.h"

#define NAMED(text) \
	{ \
		(const unsigned char *)(text), sizeof(text) - 1 \
	}

/* ---- lists, and what they hold ----------------------------------------- */

static const struct blocklist_code codes[] = {
	{ { 4, { 127, 0, 0, 2 } }, NAMED("SBL") },
	{ { 4, { 127, 0, 0, 4 } }, NAMED("XBL") },
};

static const struct blocklist_zone ip_zone[] = {
	{ .name = NAMED("KEY.bl.test"),
	    .label = NAMED("bl.test"),
	    .holds = { true, true, false },
	    .codes = codes,
	    .n_codes = 2 },
};
static const struct blocklist_zones ip_list = { ip_zone, 1 };

static const struct blocklist_zone ip4_zone[] = {
	{ .name = NAMED("bl.test"),
	    .label = NAMED("bl.test"),
	    .holds = { true, false, false } },
};
static const struct blocklist_zones ip4_list = { ip4_zone, 1 };

static const struct blocklist_zone domain_zone[] = {
	{ .name = NAMED("dbl.test"),
	    .label = NAMED("dbl.test"),
	    .holds = { false, false, true } },
};
static const struct blocklist_zones domain_list = { domain_zone, 1 };

static const struct blocklist_zone tested_zone[] = {
	{ .name = NAMED("dbl.test"),
	    .label = NAMED("dbl.test"),
	    .holds = { false, false, true },
	    .test_domain = NAMED("dbltest.com") },
};
static const struct blocklist_zones tested_list = { tested_zone, 1 };

static const struct blocklist_zone two_zones[] = {
	{ .name = NAMED("a.test"),
	    .label = NAMED("a.test"),
	    .holds = { true, false, false } },
	{ .name = NAMED("b.test"),
	    .label = NAMED("b.test"),
	    .holds = { true, false, false } },
};
static const struct blocklist_zones two_lists = { two_zones, 2 };

#define KEY ".KEY.bl.test"
#define LISTS(zone, code) \
	FOUND("2.0.0.127" zone, "A", A(code)) NXDOMAIN("1.0.0.127" zone, "A")
#define WORKS(zone) LISTS(zone, "127.0.0.2")
#define WORKS_DOMAIN \
	FOUND("test.dbl.test", "A", A("127.0.1.2")) \
	NXDOMAIN("invalid.dbl.test", "A")
#define V6(head, zone) \
	head ".0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2" zone
#define MAPPED(last, zone) \
	last \
	    ".0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0" zone
#define WORKS_V6(zone) \
	FOUND(MAPPED("2", zone), "A", A("127.0.0.2")) \
	NXDOMAIN(MAPPED("1", zone), "A")
#define IP4 "1.2.0.192"
#define AT(a) \
	{ \
		"192.0.2.1" a \
	}

#define FAULT(code) \
	{ "zones[0].works", "false" }, { "zones[0].fault", "\"" code "\"" }, \
	    { "problems[0].code", "\"" code "\"" }, \
	    { "problems[0].severity", "\"warning\"" }, { "listings", "[]" }, \
	    { "ip_listed", NULL }, \
	{ \
		"listed", NULL \
	}
#define LOST(cause) "listings " cause "; ip_listed " cause "; listed " cause
#define LOST_DOMAIN(cause) \
	"listings " cause "; domain_listed " cause "; listed " cause
#define NO_DOMAINS "domain_listed no-blocklists"

static const char dead[] = NXDOMAIN("2.0.0.127.bl.test", "A")
    NXDOMAIN("1.0.0.127.bl.test", "A") NXDOMAIN(IP4 ".bl.test", "A");

static const struct scene scenes[] = {
	{ .title = "without lists nothing is asked",
	    .ips = { "192.0.2.1" },
	    .facts = { { "zones", NULL }, { "listed", NULL } },
	    .gaps = " no-blocklists" },
	{ .title = "an address that no list holds",
	    .blocklists = &ip4_list,
	    .recording = WORKS(".bl.test") NXDOMAIN(IP4 ".bl.test", "A"),
	    .ips = { "192.0.2.1" },
	    .facts = { { "listed", "false" }, { "ip_listed", "false" },
		{ "domain_listed", NULL }, { "listings", "[]" },
		{ "problems", "[]" },
		{ "zones", "[{\"name\":\"bl.test\",\"kind\":\"ip4\","
			   "\"looked_up\":1,\"works\":true,\"fault\":null}]" },
		{ "subjects", "[{\"subject\":\"192.0.2.1\",\"kind\":\"ip\","
			      "\"roles\":[\"ip\"]}]" } },
	    .gaps = NO_DOMAINS,
	    .rounds = 1 },
	{ .title =
		"a listed address, with meanings and reason, without the key",
	    .blocklists = &ip_list,
	    .recording = WORKS(KEY) FOUND(IP4 KEY, "A",
		A("127.0.0.4") "," A("127.0.0.2")) FOUND(IP4 KEY, "TXT",
		TXT("see key.bl.test/a") "," TXT2("go to ", "KEY.bl.test")),
	    .ips = { "192.0.2.1", "192.0.2.1" },
	    .facts = { { "listed", "true" }, { "ip_listed", "true" },
		{ "listings[0].subject", "\"192.0.2.1\"" },
		{ "listings[0].kind", "\"ip\"" },
		{ "listings[0].zone", "\"bl.test\"" },
		{ "listings[0].codes", "[\"127.0.0.2\",\"127.0.0.4\"]" },
		{ "listings[0].meanings", "[\"SBL\",\"XBL\"]" },
		{ "listings[0].reason", "\"go to bl.test; see bl.test/a\"" },
		{ "listings[1]", NULL },
		{ "problems[0].code", "\"blocklist.ip-listed\"" },
		{ "problems[0].severity", "\"error\"" },
		{ "problems[0].zone", "\"bl.test\"" },
		{ "zones[0].name", "\"bl.test\"" },
		{ "zones[0].looked_up", "1" } },
	    .gaps = NO_DOMAINS,
	    .rounds = 2 },
	{ .title = "a listing without a reason",
	    .blocklists = &ip4_list,
	    .recording = WORKS(".bl.test") FOUND(IP4 ".bl.test", "A",
		A("127.0.0.3")) NXDOMAIN(IP4 ".bl.test", "TXT"),
	    .ips = { "192.0.2.1" },
	    .facts = { { "listings[0].reason", "null" },
		{ "listings[0].meanings", "[]" } },
	    .gaps = NO_DOMAINS },
	{ .title = "a listing whose reason is lost",
	    .blocklists = &ip4_list,
	    .recording = WORKS(".bl.test") FOUND(IP4 ".bl.test", "A",
		A("127.0.0.3")) TIMEOUT(IP4 ".bl.test", "TXT"),
	    .ips = { "192.0.2.1" },
	    .facts = { { "listings[0].reason", NULL }, { "listed", "true" } },
	    .gaps = "listings[].reason timeout; " NO_DOMAINS },
	{ .title = "an IPv6 address by nibbles",
	    .blocklists = &ip_list,
	    .recording = WORKS_V6(KEY) FOUND(V6("5.2.0.0", KEY), "A",
		A("127.0.0.2")) NODATA(V6("5.2.0.0", KEY), "TXT"),
	    .ips = { "2001:db8::25" },
	    .facts = { { "listings[0].subject", "\"2001:db8::25\"" },
		{ "zones[0].kind", "\"ip6\"" }, { "zones[1]", NULL } },
	    .gaps = NO_DOMAINS },
	{ .title = "a list that turns out to hold no IPv6",
	    .blocklists = &ip_list,
	    .recording = WORKS(KEY) NXDOMAIN(IP4 KEY, "A")
		NXDOMAIN(MAPPED("2", KEY), "A") NXDOMAIN(MAPPED("1", KEY), "A")
		    NXDOMAIN(V6("5.2.0.0", KEY), "A"),
	    .ips = { "192.0.2.1", "2001:db8::25" },
	    .facts = { { "zones[0].works", "true" },
		{ "zones[1].works", "false" },
		{ "zones[1].fault", "\"blocklist.dead\"" },
		{ "listings", "[]" }, { "ip_listed", NULL } },
	    .gaps = LOST("dead-list") "; " NO_DOMAINS },
	{ .title = "an address that no list is for",
	    .blocklists = &ip4_list,
	    .recording = WORKS(".bl.test") NXDOMAIN(IP4 ".bl.test", "A"),
	    .ips = { "192.0.2.1", "2001:db8::25" },
	    .facts = { { "ip_listed", NULL }, { "listed", NULL },
		{ "subjects[1]", NULL } },
	    .gaps =
		"ip_listed no-blocklists; listed no-blocklists; " NO_DOMAINS },
	{ .title = "a list without its test point is dead",
	    .blocklists = &ip4_list,
	    .recording = dead,
	    .ips = { "192.0.2.1" },
	    .facts = { FAULT("blocklist.dead") },
	    .gaps = LOST("dead-list") "; " NO_DOMAINS },
	{ .title = "a list that lists all",
	    .blocklists = &ip4_list,
	    .recording = FOUND("2.0.0.127.bl.test", "A", A("127.0.0.2"))
		FOUND("1.0.0.127.bl.test", "A", A("127.0.0.2"))
		    FOUND(IP4 ".bl.test", "A", A("127.0.0.2")),
	    .ips = { "192.0.2.1" },
	    .facts = { FAULT("blocklist.lists-all") },
	    .gaps = LOST("dead-list") "; " NO_DOMAINS },
	{ .title = "a zone that was parked answers outside 127.0.0.0/8",
	    .blocklists = &ip4_list,
	    .recording = FOUND("2.0.0.127.bl.test", "A", A("203.0.113.5"))
		FOUND("1.0.0.127.bl.test", "A", A("203.0.113.5"))
		    FOUND(IP4 ".bl.test", "A", A("203.0.113.5")),
	    .ips = { "192.0.2.1" },
	    .facts = { FAULT("blocklist.outside") },
	    .gaps = LOST("dead-list") "; " NO_DOMAINS },
	{ .title = "a mistyped zone says so",
	    .blocklists = &ip4_list,
	    .recording = FOUND("2.0.0.127.bl.test", "A", A("127.255.255.252"))
		FOUND("1.0.0.127.bl.test", "A", A("127.255.255.252"))
		    FOUND(IP4 ".bl.test", "A", A("127.255.255.252")),
	    .ips = { "192.0.2.1" },
	    .facts = { FAULT("blocklist.name") },
	    .gaps = LOST("list-name") "; " NO_DOMAINS },
	{ .title = "a public resolver is not served",
	    .blocklists = &ip4_list,
	    .recording = FOUND("2.0.0.127.bl.test", "A", A("127.255.255.254"))
		FOUND("1.0.0.127.bl.test", "A", A("127.255.255.254"))
		    FOUND(IP4 ".bl.test", "A", A("127.255.255.254")),
	    .ips = { "192.0.2.1" },
	    .facts = { FAULT("blocklist.public-resolver") },
	    .gaps = LOST("public-resolver") "; " NO_DOMAINS },
	{ .title = "127.0.0.1 is how some refuse",
	    .blocklists = &ip4_list,
	    .recording = LISTS(".bl.test", "127.0.0.1")
		FOUND(IP4 ".bl.test", "A", A("127.0.0.1")),
	    .ips = { "192.0.2.1" },
	    .facts = { FAULT("blocklist.refused") },
	    .gaps = LOST("refused") "; " NO_DOMAINS },
	{ .title = "other error answers refuse too",
	    .blocklists = &ip4_list,
	    .recording = LISTS(".bl.test", "127.255.255.253")
		NXDOMAIN(IP4 ".bl.test", "A"),
	    .ips = { "192.0.2.1" },
	    .facts = { FAULT("blocklist.refused") },
	    .gaps = LOST("refused") "; " NO_DOMAINS },
	{ .title = "the rate is over while others are looked up",
	    .blocklists = &ip4_list,
	    .recording = WORKS(".bl.test") NXDOMAIN(IP4 ".bl.test", "A")
		FOUND("2.2.0.192.bl.test", "A", A("127.255.255.255"))
		    FOUND("3.2.0.192.bl.test", "A", A("127.255.255.255")),
	    .ips = { "192.0.2.1", "192.0.2.2", "192.0.2.3" },
	    .facts = { { "zones[0].works", "true" },
		{ "problems[0].code", "\"blocklist.rate-limit\"" },
		{ "problems[1]", NULL }, { "listings", "[]" },
		{ "ip_listed", NULL } },
	    .gaps = LOST("rate-limit") "; " NO_DOMAINS },
	{ .title = "an error beside a listing is an error",
	    .blocklists = &ip4_list,
	    .recording = WORKS(".bl.test") FOUND(IP4 ".bl.test", "A",
		A("127.0.0.2") "," A("127.255.255.255")),
	    .ips = { "192.0.2.1" },
	    .facts = { { "listings", "[]" }, { "listed", NULL } },
	    .gaps = LOST("rate-limit") "; " NO_DOMAINS },
	{ .title = "an address outside beside a listing does not count",
	    .blocklists = &ip4_list,
	    .recording = WORKS(".bl.test") FOUND(IP4 ".bl.test", "A",
		A("127.0.0.2") "," A("10.0.0.1")) NODATA(IP4 ".bl.test", "TXT"),
	    .ips = { "192.0.2.1" },
	    .facts = { { "listed", "true" } },
	    .gaps = NO_DOMAINS },
	{ .title = "a timeout is not known",
	    .blocklists = &ip4_list,
	    .recording = WORKS(".bl.test") TIMEOUT(IP4 ".bl.test", "A"),
	    .ips = { "192.0.2.1" },
	    .facts = { { "listed", NULL }, { "listings", "[]" },
		{ "problems", "[]" } },
	    .gaps = LOST("timeout") "; " NO_DOMAINS },
	{ .title = "a lost test point",
	    .blocklists = &ip4_list,
	    .recording = TIMEOUT("2.0.0.127.bl.test", "A")
		NXDOMAIN("1.0.0.127.bl.test", "A")
		    FOUND(IP4 ".bl.test", "A", A("127.0.0.2")),
	    .ips = { "192.0.2.1" },
	    .facts = { { "zones[0].works", NULL }, { "listings", "[]" },
		{ "listed", NULL } },
	    .gaps = "zones[].works timeout; zones[].fault timeout; " LOST(
		"timeout") "; " NO_DOMAINS },
	{ .title = "one list is lost and another lists",
	    .blocklists = &two_lists,
	    .recording = WORKS(".a.test") TIMEOUT(IP4 ".a.test", "A")
		WORKS(".b.test") FOUND(IP4 ".b.test", "A", A("127.0.0.2"))
		    NODATA(IP4 ".b.test", "TXT"),
	    .ips = { "192.0.2.1" },
	    .facts = { { "listed", "true" }, { "ip_listed", "true" },
		{ "listings[0].zone", "\"b.test\"" } },
	    .gaps = LOST("timeout") "; " NO_DOMAINS },
	{ .title = "the domains of a sender, and what they are below",
	    .blocklists = &domain_list,
	    .recording = WORKS_DOMAIN NXDOMAIN("news.example.com.dbl.test", "A")
		FOUND("example.com.dbl.test", "A", A("127.0.1.2"))
		    FOUND("example.com.dbl.test", "TXT", TXT("spam"))
			NXDOMAIN("mail.sender.net.dbl.test", "A")
			    NXDOMAIN("sender.net.dbl.test", "A"),
	    .domain = "news.example.com",
	    .mail_from = "b@news.example.com",
	    .mail_from_domain = "news.example.com",
	    .helo = "mail.sender.net",
	    .facts = { { "listed", "true" }, { "domain_listed", "true" },
		{ "ip_listed", NULL },
		{ "subjects[0]",
		    "{\"subject\":\"news.example.com\",\"kind\":\"domain\","
		    "\"roles\":[\"from\",\"mail_from\"]}" },
		{ "subjects[2].subject", "\"mail.sender.net\"" },
		{ "subjects[3].subject", "\"sender.net\"" },
		{ "subjects[3].roles", "[\"helo\"]" },
		{ "listings[0].subject", "\"example.com\"" },
		{ "listings[0].kind", "\"domain\"" },
		{ "listings[0].reason", "\"spam\"" },
		{ "problems[0].code", "\"blocklist.domain-listed\"" } },
	    .gaps = "ip_listed needs-ip" },
	{ .title = "a list with a test point of its own",
	    .blocklists = &tested_list,
	    .recording = FOUND("dbltest.com.dbl.test", "A", A("127.0.1.2"))
		NXDOMAIN("invalid.dbl.test", "A")
		    NXDOMAIN("example.com.dbl.test", "A"),
	    .facts = { { "listed", "false" }, { "domain_listed", "false" } },
	    .gaps = "ip_listed needs-ip",
	    .rounds = 1 },
	{ .title = "links and signers of the sample, once each",
	    .blocklists = &domain_list,
	    .recording = WORKS_DOMAIN NXDOMAIN("example.com.dbl.test", "A")
		NXDOMAIN("s._domainkey.signer.org", "TXT")
		    NXDOMAIN("signer.org.dbl.test", "A")
			FOUND("go.links.net.dbl.test", "A", A("127.0.1.4"))
			    NODATA("go.links.net.dbl.test", "TXT")
				NXDOMAIN("links.net.dbl.test", "A"),
	    .message = "From: a@example.com\n"
		       "DKIM-Signature: v=1; a=rsa-sha256; d=signer.org; s=s; "
		       "h=from; bh=; b=\n"
		       "\n"
		       "Go: https://joe:pw@GO.links.net:8443/x, or\n"
		       "http://[2001:db8::1]/ or http://192.0.2.9/ or\n"
		       "https://go.links.net\\evil.org mailto:a@other.net\n",
	    .facts = { { "subjects[2].subject", "\"go.links.net\"" },
		{ "subjects[2].roles", "[\"link\"]" },
		{ "subjects[1].subject", "\"signer.org\"" },
		{ "subjects[1].roles", "[\"dkim\"]" }, { "subjects[4]", NULL },
		{ "listings[0].subject", "\"go.links.net\"" } },
	    .gaps = "ip_listed needs-ip" },
	{ .title = "without a suffix list not every name is known",
	    .blocklists = &domain_list,
	    .recording = WORKS_DOMAIN NXDOMAIN("example.com.dbl.test", "A"),
	    .no_suffixes = true,
	    .facts = { { "domain_listed", NULL } },
	    .gaps = LOST_DOMAIN("no-list") "; ip_listed needs-ip" },
	{ .title = "address lists without an address",
	    .blocklists = &ip_list,
	    .facts = { { "zones", "[]" }, { "listed", NULL } },
	    .gaps = "domain_listed no-blocklists; ip_listed needs-ip; "
		    "listed needs-ip",
	    .rounds = 1 },
};

static void
lists_are_asked_and_believed_with_care(void **state)
{
	(void)state;
	scenes_play(&check_blocklist, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_asked_and_believed_with_care),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
