#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define HEAD "@ SOA ns1.panel.test. root 7 1 2 3 4\n@ NS ns1.panel.test.\n"
#define SERVED \
	FOUND("example.com", "NS", NS("ns1.dns.test")) \
	FOUND("example.com", "SOA", "{\"type\":\"SOA\",\"serial\":9}")
#define KEY     "s._domainkey.example.com"
#define KEY_AT  FOUND(KEY, "TXT", TXT("v=DKIM1; p=AbC"))
#define NO_KEY  NXDOMAIN(KEY, "TXT")
#define KEYFILE HEAD "s._domainkey TXT \"v=DKIM1; k=rsa; \" \"p=AbC\"\n"
#define AGREES \
	{ "missing", "[]" }, { "differs", "[]" }, { "extra", "[]" }, \
	    { "agrees", "true" }, \
	{ \
		"answered", "true" \
	}

static const struct scene scenes[] = {
	{ .title = "no file", .facts = { { "file", "null" } } },
	{ .title = "the key was never copied",
	    .zone = KEYFILE,
	    .recording = SERVED NO_KEY,
	    .facts = { { "file", "\"panel.db\"" },
		{ "name", "\"example.com\"" }, { "serial", "7" },
		{ "published_serial", "9" }, { "records", "3" },
		{ "compared", "1" }, { "missing[0].name", "\"" KEY "\"" },
		{ "missing[0].type", "\"TXT\"" },
		{ "missing[0].value", "\"v=DKIM1; k=rsa; p=AbC\"" },
		{ "missing[0].kind", "\"dkim\"" }, { "missing[0].line", "3" },
		{ "missing_keys[0].value", "\"v=DKIM1; k=rsa; p=AbC\"" },
		{ "agrees", "false" }, { "answered", "true" },
		{ "nameservers", "[\"ns1.dns.test\"]" },
		{ "file_nameservers", "[\"ns1.panel.test\"]" },
		{ "moved", "true" },
		{ "where",
		    "\"Public DNS for example.com is served by ns1.dns.test. "
		    "The file names ns1.panel.test, which the public does not "
		    "ask: what is changed there does not reach anybody\"" } },
	    .rounds = 1 },
	{ .title = "a key is the same by its tags",
	    .zone = KEYFILE,
	    .recording = SERVED FOUND(KEY, "TXT",
		TXT2("v=DKIM1;p=Ab", "C ; n=note;s=*")),
	    .facts = { AGREES } },
	{ .title = "but not by another p",
	    .zone = KEYFILE,
	    .recording = SERVED FOUND(KEY, "TXT", TXT("v=DKIM1; p=abc")),
	    .facts = { { "missing", "[]" }, { "agrees", "false" },
		{ "differs[0].expected", "\"v=DKIM1; k=rsa; p=AbC\"" },
		{ "differs[0].published", "[\"v=DKIM1; p=abc\"]" },
		{ "extra", "[]" } } },
	{ .title = "nor in a test",
	    .zone = KEYFILE,
	    .recording = SERVED FOUND(KEY, "TXT", TXT("v=DKIM1; t=y; p=AbC")),
	    .facts = { { "agrees", "false" } } },
	{ .title = "the key's answer is lost",
	    .zone = KEYFILE,
	    .recording = SERVED TIMEOUT(KEY, "TXT"),
	    .facts = { { "missing", "[]" }, { "agrees", NULL },
		{ "answered", NULL } },
	    .gaps = "answered timeout; agrees unproven" },
	{ .title = "SPF by its words, DMARC by its tags",
	    .zone = HEAD "@ TXT \"v=spf1  A mx -all\"\n@ TXT \"other\"\n"
			 "_dmarc TXT \"v=DMARC1; p=Reject; pct=100\"\n",
	    .recording = SERVED FOUND("example.com", "TXT",
		TXT("v=spf1 a mx -all") "," TXT("unlike"))
		FOUND("_dmarc.example.com", "TXT",
		    TXT("v=DMARC1;pct=100;p=reject;")),
	    .facts = { AGREES, { "compared", "2" } } },
	{ .title = "a second SPF record in public",
	    .zone = HEAD "@ TXT \"v=spf1 -all\"\n",
	    .recording = SERVED FOUND("example.com", "TXT",
		TXT("v=spf1 -all") "," TXT("v=spf1 mx -all")),
	    .facts = { { "agrees", "false" }, { "differs", "[]" },
		{ "extra[0].value", "\"v=spf1 mx -all\"" } } },
	{ .title = "MX by their order, not by their numbers",
	    .zone = HEAD "@ MX 10 a\n@ MX 20 b.mail.test.\na A 192.0.2.1\n",
	    .recording = SERVED FOUND("example.com", "MX",
		MX(5, "a.example.com") "," MX(7, "b.mail.test"))
		FOUND("a.example.com", "A", A("192.0.2.1")),
	    .facts = { AGREES, { "compared", "2" } } },
	{ .title = "and so when they are the other way round",
	    .zone = HEAD "@ MX 10 a.mail.test.\n@ MX 20 b.mail.test.\n",
	    .recording = SERVED FOUND("example.com", "MX",
		MX(7, "a.mail.test") "," MX(5, "b.mail.test")),
	    .facts = { { "agrees", "false" },
		{ "differs[0].expected", "\"10 a.mail.test.\"" },
		{ "differs[1].expected", "\"20 b.mail.test.\"" } } },
	{ .title = "a mail host without its address",
	    .zone = HEAD "@ MX 10 a\na A 192.0.2.1\nwww A 192.0.2.9\n",
	    .recording = SERVED FOUND("example.com", "MX",
		MX(10, "a.example.com")) NODATA("a.example.com", "A"),
	    .facts = { { "missing[0].name", "\"a.example.com\"" },
		{ "missing[0].value", "\"192.0.2.1\"" },
		{ "missing[0].kind", "\"host\"" }, { "compared", "2" } } },
	{ .title = "a sending host by its address, and by its name",
	    .zone = HEAD "out A 192.0.2.7\nhelo AAAA 2001:db8::7\n",
	    .ips = { "192.0.2.7" },
	    .helo = "HELO.example.com",
	    .recording = SERVED FOUND("out.example.com", "A", A("192.0.2.7"))
		FOUND("helo.example.com", "AAAA", AAAA("2001:db8::8")),
	    .facts = { { "compared", "2" }, { "missing", "[]" },
		{ "differs[0].name", "\"helo.example.com\"" } } },
	{ .title = "a CNAME that is there",
	    .zone = HEAD "s._domainkey CNAME s.esp.test.\n",
	    .recording =
		SERVED ALIASED(KEY, "TXT", "s.esp.test", TXT("v=DKIM1; p=x")),
	    .facts = { AGREES } },
	{ .title = "a CNAME that is not",
	    .zone = HEAD "s._domainkey CNAME s.esp.test.\n",
	    .recording = SERVED NO_KEY,
	    .facts = { { "missing[0].type", "\"CNAME\"" },
		{ "missing[0].value", "\"s.esp.test.\"" },
		{ "missing_keys", "[]" } } },
	{ .title = "a CNAME in whose place its records are",
	    .zone = HEAD "s._domainkey CNAME s.esp.test.\n",
	    .recording = SERVED KEY_AT FOUND("s.esp.test", "TXT",
		TXT("v=DKIM1;k=rsa;p=AbC")),
	    .facts = { AGREES } },
	{ .title = "and others",
	    .zone = HEAD "s._domainkey CNAME s.esp.test.\n",
	    .recording = SERVED KEY_AT FOUND("s.esp.test", "TXT",
		TXT("v=DKIM1;k=rsa;p=new")),
	    .facts = { { "differs[0].type", "\"CNAME\"" },
		{ "differs[0].expected", "\"s.esp.test.\"" },
		{ "differs[0].published", "[\"v=DKIM1; p=AbC\"]" } } },
	{ .title = "a CNAME to elsewhere",
	    .zone = HEAD "s._domainkey CNAME s.esp.test.\n",
	    .recording = SERVED ALIASED(KEY, "TXT", "old.esp.test",
		TXT("v=DKIM1; p=x")) NXDOMAIN("s.esp.test", "TXT"),
	    .facts = { { "differs[0].published", "[\"old.esp.test.\"]" } } },
	{ .title = "TXT in the file, by way of a CNAME in public",
	    .zone = KEYFILE,
	    .recording =
		SERVED ALIASED(KEY, "TXT", "s.esp.test", TXT("v=DKIM1; p=AbC")),
	    .facts = { AGREES } },
	{ .title = "MTA-STS, TLS-RPT and BIMI",
	    .zone = HEAD "_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts A 192.0.2.1\n"
			 "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@b.test\"\n"
			 "default._bimi TXT \"v=BIMI1; l=\"\n",
	    .recording = SERVED FOUND("_mta-sts.example.com", "TXT",
		TXT("v=STSv1; id=1;")) FOUND("mta-sts.example.com", "A",
		A("192.0.2.1")) NXDOMAIN("_smtp._tls.example.com", "TXT")
		NXDOMAIN("default._bimi.example.com", "TXT"),
	    .facts = { { "compared", "4" },
		{ "missing[0].kind", "\"tls-rpt\"" },
		{ "missing[1].kind", "\"bimi\"" } } },
	{ .title = "a subdomain sees its own and its parents' policies",
	    .domain = "news.example.com",
	    .zone = HEAD "@ TXT \"v=spf1 -all\"\nnews TXT \"v=spf1 mx -all\"\n"
			 "_dmarc TXT \"v=DMARC1; p=none\"\n"
			 "s._domainkey.shop TXT \"p=x\"\n"
			 "s._domainkey TXT \"p=AbC\"\n",
	    .recording = SERVED KEY_AT FOUND("news.example.com", "TXT",
		TXT("v=spf1 mx -all"))
		FOUND("_dmarc.example.com", "TXT", TXT("v=DMARC1; p=none")),
	    .facts = { AGREES, { "compared", "3" } } },
	{ .title = "the same name servers",
	    .zone = HEAD,
	    .recording = FOUND("example.com", "NS",
		NS("ns1.panel.test") "," NS("ns2.panel.test"))
		NODATA("example.com", "SOA"),
	    .facts = { AGREES, { "moved", "false" },
		{ "published_serial", "null" } } },
	{ .title = "no delegation",
	    .zone = "example.com. TXT \"v=spf1 -all\"\n",
	    .recording = NXDOMAIN("example.com", "NS")
		NXDOMAIN("example.com", "SOA") NXDOMAIN("example.com", "TXT"),
	    .facts = { { "moved", "null" }, { "nameservers", "[]" },
		{ "serial", "null" }, { "missing[0].kind", "\"spf\"" } } },
	{ .title = "what cannot be read is said",
	    .zone = HEAD "bad A x\n$INCLUDE f\n",
	    .recording = SERVED,
	    .facts = { AGREES, { "problems[0].code", "\"zone.data\"" },
		{ "problems[0].line", "3" }, { "problems[0].column", "7" },
		{ "problems[0].detail",
		    "\"panel.db, line 3, column 7: \\\"x\\\" is no IPv4 "
		    "address\"" },
		{ "problems[1].code", "\"zone.include\"" } } },
	{ .title = "hostile octets come out escaped",
	    .zone = KEYFILE "x._domainkey TXT \"v=DKIM1; p=\\027[31m\\000\"\n",
	    .recording =
		SERVED KEY_AT NXDOMAIN("x._domainkey.example.com", "TXT"),
	    .facts = { { "missing[0].value",
		"\"v=DKIM1; p=\\\\027[31m\\\\000\"" } } },
};

static void
the_zone_file_is_compared_with_public_dns(void **state)
{
	(void)state;
	scenes_play(&check_zone, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_zone_file_is_compared_with_public_dns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
