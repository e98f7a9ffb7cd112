#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define OWN  "_dmarc.example.com"
#define TOP  NXDOMAIN("_dmarc.com", "TXT")
#define HERE FOUND("example.com", "SOA", SOA("example.com")) SPF
#define SPF  FOUND("example.com", "TXT", TXT("v=spf1 ip4:192.0.2.1 -all"))
/* Mail that SPF passes, so that nothing of the sender is a gap. */
#define SENT .ips = { "192.0.2.1" }, .mail_from_domain = "example.com"
#define DKIM "psl.aligned_dkim needs-message; aligned_dkim needs-message"
#define NEWS "_dmarc.news.example.com"
#define NEWS_EMPTY \
	NXDOMAIN(NEWS, "TXT") \
	TOP NODATA_IN("news.example.com", "SOA", "example.com") SPF
/* One record at the domain itself. */
#define AT_OWN(text) FOUND(OWN, "TXT", TXT(text)) TOP HERE

static const struct scene scenes[] = {
	{ .title = "a record at the domain",
	    SENT,
	    .recording = AT_OWN("v=DMARC1; p=quarantine; sp=none"),
	    .facts = { { "name", "\"" OWN "\"" },
		{ "record", "\"v=DMARC1; p=quarantine; sp=none\"" },
		{ "location", "\"" OWN "\"" }, { "policy", "\"quarantine\"" },
		{ "p_tag", "\"quarantine\"" }, { "records_found", "1" },
		{ "defect", "null" },
		{ "suggested", "\"v=DMARC1; p=quarantine; sp=none\"" },
		{ "applies", "\"p\"" }, { "testing", "false" },
		{ "adkim", "\"relaxed\"" }, { "aspf", "\"relaxed\"" },
		{ "rua", "[]" }, { "ruf", "[]" }, { "domain_exists", "true" },
		{ "walk",
		    "[{\"name\":\"" OWN
		    "\",\"records\":1,\"psd\":null},{\"name\":\"_dmarc.com\",\"records\":0,\"psd\":null}]" },
		{ "aligned_spf", "true" }, { "result", "\"pass\"" },
		{ "author_domains", "[\"example.com\"]" },
		{ "methods_agree", "true" },
		{ "problems[0].code", "\"dmarc.no-rua\"" },
		{ "problems[0].severity", "\"advice\"" },
		{ "problems[1]", NULL } },
	    .gaps = DKIM,
	    .rounds = 1 },
	{ .title = "a record in two strings, by way of an alias",
	    SENT,
	    .recording = ALIASED(OWN, "TXT", "x.example.net",
		TXT2("v=DMARC1; p=re", "ject")) TOP HERE,
	    .facts = { { "record", "\"v=DMARC1; p=reject\"" },
		{ "location", "\"" OWN "\"" }, { "policy", "\"reject\"" } },
	    .gaps = DKIM },
	{ .title = "no record anywhere",
	    SENT,
	    .recording = NXDOMAIN(OWN, "TXT") TOP HERE,
	    .facts = { { "record", "null" }, { "location", "null" },
		{ "policy", "null" }, { "p_tag", "null" },
		{ "records_found", "0" }, { "problems", "[]" },
		{ "defect",
		    "\"" OWN " has no DMARC record, nor has a domain above "
		    "it\"" },
		{ "suggested", "\"v=DMARC1; p=none; "
			       "rua=mailto:dmarc-reports@example.com\"" } },
	    .gaps = DKIM,
	    .rounds = 1 },
	{ .title = "an SPF record in the place of a DMARC record",
	    SENT,
	    .recording = FOUND(OWN, "TXT", TXT("v=spf1 -all")) TOP HERE,
	    .facts = { { "record", "null" }, { "records_found", "0" },
		{ "problems[0].code", "\"dmarc.spf-record\"" },
		{ "problems[1]", NULL } },
	    .gaps = DKIM },
	{ .title = "two records count as none",
	    SENT,
	    .recording = FOUND(OWN, "TXT",
		TXT("v=DMARC1; p=reject") "," TXT("v=DMARC1; p=none")) TOP HERE,
	    .facts = { { "record", "null" }, { "policy", "null" },
		{ "records_found", "2" },
		{ "defect",
		    "\"" OWN " has 2 DMARC records, and two count as none\"" },
		{ "suggested", "\"v=DMARC1; p=none\"" },
		{ "problems[0].code", "\"dmarc.multiple-records\"" } },
	    .gaps = DKIM },
	{ .title = "of several records the one with reports is suggested",
	    SENT,
	    .recording = FOUND(OWN, "TXT",
		TXT("v=DMARC1; p=none") "," TXT("v=DMARC1; p=reject; rua=mailto:d@example.com") "," TXT(
		    "v=DMARC1; p=quarantine; rua=mailto:d@example.com"))
		TOP HERE,
	    .facts = { { "records_found", "3" },
		{ "suggested",
		    "\"v=DMARC1; p=quarantine; rua=mailto:d@example.com\"" } },
	    .gaps = DKIM },
	{ .title = "a record without p keeps its tags in the suggestion",
	    SENT,
	    .recording = AT_OWN("v=DMARC1; rua=mailto:a@example.com; adkim=s"),
	    .facts = { { "p_tag", "null" },
		{ "defect", "\"The record at " OWN " (v=DMARC1; "
			    "rua=mailto:a@example.com; adkim=s) has no p\"" },
		{ "suggested", "\"v=DMARC1; p=none; rua=mailto:a@example.com; "
			       "adkim=s\"" } },
	    .gaps = DKIM },
	{ .title = "other text beside the record does not count",
	    SENT,
	    .recording = FOUND(OWN, "TXT",
		TXT("v=spf1 -all") "," TXT(
		    "v=DMARC1;p=none;rua=mailto:d@example.com")) TOP HERE,
	    .facts = { { "record",
			   "\"v=DMARC1;p=none;rua=mailto:d@example.com\"" },
		{ "records_found", "1" }, { "problems", "[]" } },
	    .gaps = DKIM },
	{ .title = "the version has one case",
	    SENT,
	    .recording = AT_OWN("v=dmarc1; p=none"),
	    .facts = { { "record", "null" }, { "records_found", "0" },
		{ "problems[0].code", "\"dmarc.bad-version\"" } },
	    .gaps = DKIM },
	{ .title = "the version stands first",
	    SENT,
	    .recording = AT_OWN("p=none; v=DMARC1"),
	    .facts = { { "record", "null" },
		{ "problems[0].code", "\"dmarc.bad-version\"" } },
	    .gaps = DKIM },
	{ .title = "a version that goes on is another",
	    SENT,
	    .recording = AT_OWN("v=DMARC12; p=none"),
	    .facts = { { "record", "null" },
		{ "problems[0].code", "\"dmarc.bad-version\"" } },
	    .gaps = DKIM },
	{ .title = "white space and case are the ABNF's",
	    SENT,
	    .recording = AT_OWN(
		"V = DMARC1 ; P = Reject ; adkim=s; rua=mailto:d@example.com"),
	    .facts = { { "policy", "\"reject\"" }, { "p_tag", "\"reject\"" },
		{ "problems[0].code", "\"dmarc.version-case\"" },
		{ "problems[1].code", "\"dmarc.tag-case\"" },
		{ "suggested",
		    "\"v=DMARC1; p=reject; adkim=s; rua=mailto:d@example.com\"" },
		{ "problems[2]", NULL } },
	    .gaps = DKIM },
	{ .title = "no p, but reports are asked for",
	    SENT,
	    .recording = AT_OWN("v=DMARC1; rua=mailto:d@example.com"),
	    .facts = { { "policy", "\"none\"" }, { "p_tag", "null" },
		{ "record", "\"v=DMARC1; rua=mailto:d@example.com\"" },
		{ "problems[0].code", "\"dmarc.p-missing\"" },
		{ "problems[1]", NULL } },
	    .gaps = DKIM },
	{ .title = "an rua that is no URI is nowhere",
	    SENT,
	    .recording = AT_OWN("v=DMARC1; p=none; rua=d@example.com;"),
	    .facts = { { "rua", "[]" },
		{ "with_rua",
		    "\"v=DMARC1; p=none; rua=mailto:d@example.com\"" },
		{ "problems[0].code", "\"dmarc.rua-no-scheme\"" },
		{ "problems[1]", NULL } },
	    .gaps = DKIM },
	{ .title = "an rua is put into a record that ends in a semicolon",
	    SENT,
	    .recording = AT_OWN("v=DMARC1; p=reject; adkim=s;"),
	    .facts = { { "with_rua", "\"v=DMARC1; p=reject; "
				     "rua=mailto:dmarc-reports@example.com; "
				     "adkim=s\"" },
		{ "suggested", "\"v=DMARC1; p=reject; adkim=s;\"" } },
	    .gaps = DKIM },
	{ .title = "no p and no reports: of no use",
	    SENT,
	    .recording = AT_OWN("v=DMARC1;"),
	    .facts = { { "record", "\"v=DMARC1;\"" }, { "policy", "null" },
		{ "p_tag", "null" },
		{ "problems[0].code", "\"dmarc.p-missing\"" },
		{ "problems[1].code", "\"dmarc.no-rua\"" },
		{ "problems[2].code", "\"dmarc.no-policy\"" } },
	    .gaps = DKIM },
	{ .title = "a p that is no policy",
	    SENT,
	    .recording = AT_OWN("v=DMARC1; p=monitor; rua=mailto:x"),
	    .facts = { { "policy", "null" }, { "p_tag", "null" },
		{ "problems[0].code", "\"dmarc.p-invalid\"" },
		{ "problems[1].code", "\"dmarc.rua-invalid\"" },
		{ "problems[2].code", "\"dmarc.no-policy\"" } },
	    .gaps = DKIM },
	{ .title = "an sp that is no policy makes it p=none",
	    SENT,
	    .recording =
		AT_OWN("v=DMARC1; p=reject; sp=x; rua=mailto:d@example.com"),
	    .facts = { { "policy", "\"none\"" }, { "p_tag", "\"reject\"" },
		{ "problems[0].code", "\"dmarc.sp-invalid\"" } },
	    .gaps = DKIM },
	{ .title = "a missing semicolon",
	    SENT,
	    .recording = AT_OWN("v=DMARC1 p=none"),
	    .facts = { { "record", "null" }, { "records_found", "0" },
		{ "policy", "null" }, { "p_tag", "null" },
		{ "problems[0].code", "\"dmarc.no-semicolon\"" },
		{ "problems[1]", NULL },
		{ "defect",
		    "\"" OWN " has \\\"v=DMARC1 p=none\\\", which is none as "
		    "it does not begin with v=DMARC1 and a semicolon\"" },
		{ "suggested", "\"v=DMARC1; p=none\"" } },
	    .gaps = DKIM },
	{ .title = "a missing semicolon, and a record above it",
	    SENT,
	    .domain = "news.example.com",
	    .recording = FOUND(NEWS, "TXT", TXT("v=DMARC1 p=none"))
		TOP NODATA("news.example.com", "SOA") FOUND(OWN, "TXT",
		    TXT("v=DMARC1 ; p=reject")) FOUND("example.com", "TXT",
		    TXT("v=spf1 ip4:192.0.2.1 -all")),
	    .facts = { { "location", "\"" OWN "\"" },
		{ "policy", "\"reject\"" }, { "methods_agree", "true" },
		{ "result", "\"pass\"" },
		{ "problems[0].code", "\"dmarc.no-semicolon\"" } },
	    .gaps = DKIM },
	{ .title = "tags that are old, unknown, twice and none",
	    SENT,
	    .recording = AT_OWN(
		"v=DMARC1; p=none; pct=50; x=y; p=reject; junk; rua=mailto:d@example.com"),
	    .facts = { { "policy", "\"none\"" },
		{ "problems[2].code", "\"dmarc.duplicate-tag\"" },
		{ "problems[0].code", "\"dmarc.obsolete-tag\"" },
		{ "problems[1].code", "\"dmarc.unknown-tag\"" },
		{ "problems[3].code", "\"dmarc.syntax\"" } },
	    .gaps = DKIM },
	{ .title = "the organizational domain's record, sp for a subdomain",
	    SENT,
	    .domain = "news.example.com",
	    .recording = NEWS_EMPTY FOUND(OWN, "TXT",
		TXT("v=DMARC1; p=reject; sp=quarantine")),
	    .facts = { { "name", "\"" NEWS "\"" },
		{ "location", "\"" OWN "\"" }, { "policy", "\"quarantine\"" },
		{ "p_tag", "\"reject\"" }, { "records_found", "0" } },
	    .gaps = DKIM,
	    .rounds = 1 },
	{ .title = "p stands in for sp",
	    SENT,
	    .domain = "news.example.com",
	    .recording =
		NEWS_EMPTY FOUND(OWN, "TXT", TXT("v=DMARC1; p=reject")),
	    .facts = { { "policy", "\"reject\"" } },
	    .gaps = DKIM },
	{ .title = "np for a domain that does not exist",
	    SENT,
	    .domain = "news.example.com",
	    .recording = SPF NXDOMAIN(NEWS, "TXT")
		TOP NXDOMAIN("news.example.com", "SOA") FOUND(OWN, "TXT",
		    TXT("v=DMARC1; p=none; sp=quarantine; np=reject")),
	    .facts = { { "policy", "\"reject\"" } },
	    .gaps = DKIM },
	{ .title = "np is not for a domain that exists",
	    SENT,
	    .domain = "news.example.com",
	    .recording = NEWS_EMPTY FOUND(OWN, "TXT",
		TXT("v=DMARC1; p=none; sp=quarantine; np=reject")),
	    .facts = { { "policy", "\"quarantine\"" } },
	    .gaps = DKIM },
	{ .title = "whether it exists is not known",
	    SENT,
	    .domain = "news.example.com",
	    .recording =
		SPF NXDOMAIN(NEWS, "TXT") TOP TIMEOUT("news.example.com", "SOA")
		    FOUND(OWN, "TXT", TXT("v=DMARC1; p=none; np=reject")),
	    .facts = { { "policy", NULL }, { "p_tag", "\"none\"" },
		{ "location", "\"" OWN "\"" } },
	    .gaps =
		"domain_exists timeout; policy timeout; applies timeout; psl.aligned_dkim needs-message; aligned_dkim needs-message; methods_agree timeout" },
	{ .title = "two records at the domain: the walk goes on",
	    SENT,
	    .domain = "news.example.com",
	    .recording = SPF FOUND(NEWS, "TXT",
		TXT("v=DMARC1; p=none") "," TXT("v=DMARC1"))
		TOP NODATA("news.example.com", "SOA")
		    FOUND(OWN, "TXT", TXT("v=DMARC1; p=reject")),
	    .facts = { { "records_found", "2" }, { "policy", "\"reject\"" },
		{ "location", "\"" OWN "\"" },
		{ "problems[0].code", "\"dmarc.multiple-records\"" } },
	    .gaps = DKIM },
	{ .title = "the record with the fewest labels is the organization's",
	    SENT,
	    .domain = "a.news.example.com",
	    .recording = SPF NXDOMAIN("_dmarc.a.news.example.com", "TXT")
		TOP NODATA("a.news.example.com", "SOA")
		    FOUND(NEWS, "TXT", TXT("v=DMARC1; p=reject"))
			FOUND(OWN, "TXT", TXT("v=DMARC1; p=none")),
	    .facts = { { "location", "\"" OWN "\"" },
		{ "policy", "\"none\"" } },
	    .gaps = DKIM },
	{ .title = "psd=n ends the walk",
	    SENT,
	    .domain = "a.news.example.com",
	    .recording = SPF NXDOMAIN("_dmarc.a.news.example.com", "TXT")
		TIMEOUT("_dmarc.com", "TXT") NODATA("a.news.example.com", "SOA")
		    FOUND(NEWS, "TXT", TXT("v=DMARC1; p=reject; psd=n"))
			FOUND(OWN, "TXT", TXT("v=DMARC1; p=none")),
	    .facts = { { "location", "\"" NEWS "\"" },
		{ "policy", "\"reject\"" } },
	    .gaps =
		"psl.aligned_dkim needs-message; aligned_spf timeout; aligned_dkim needs-message; result timeout" },
	{ .title = "below psd=y is the organization",
	    SENT,
	    .domain = "news.example.com",
	    .recording = SPF NXDOMAIN(NEWS, "TXT") NODATA("news.example.com",
		"SOA") FOUND(OWN, "TXT", TXT("v=DMARC1; p=quarantine"))
		FOUND("_dmarc.com", "TXT", TXT("v=DMARC1; p=reject; psd=y")),
	    .facts = { { "location", "\"" OWN "\"" },
		{ "policy", "\"quarantine\"" } },
	    .gaps = DKIM },
	{ .title = "with none below it psd=y itself",
	    SENT,
	    .domain = "news.example.com",
	    .recording = SPF NXDOMAIN(NEWS, "TXT") NODATA("news.example.com",
		"SOA") NXDOMAIN(OWN, "TXT") FOUND("_dmarc.com", "TXT",
		TXT("v=DMARC1; p=reject; sp=none; psd=y")),
	    .facts = { { "location", "\"_dmarc.com\"" },
		{ "policy", "\"none\"" } },
	    .gaps = DKIM },
	{ .title = "a lost answer at the domain",
	    SENT,
	    .recording = TIMEOUT(OWN, "TXT") TOP HERE,
	    .facts = { { "name", "\"" OWN "\"" }, { "record", NULL },
		{ "policy", NULL }, { "records_found", NULL } },
	    .gaps =
		"records_found timeout; suggested timeout; walk timeout; record timeout; location timeout; policy timeout; applies timeout; p_tag timeout; testing timeout; adkim timeout; aspf timeout; rua timeout; ruf timeout; defect timeout; with_rua timeout; external_reports timeout; organizational_domain.tree_walk timeout; psl.record timeout; psl.location timeout; psl.policy timeout; psl.aligned_dkim needs-message; aligned_dkim needs-message; methods_agree timeout" },
	{ .title = "a lost answer on the way",
	    SENT,
	    .domain = "news.example.com",
	    .recording = NEWS_EMPTY TIMEOUT(OWN, "TXT"),
	    .facts = { { "record", NULL }, { "records_found", "0" } },
	    .gaps =
		"walk timeout; record timeout; location timeout; policy timeout; applies timeout; p_tag timeout; testing timeout; adkim timeout; aspf timeout; rua timeout; ruf timeout; defect timeout; with_rua timeout; external_reports timeout; organizational_domain.tree_walk timeout; psl.record timeout; psl.location timeout; psl.policy timeout; psl.aligned_spf timeout; psl.aligned_dkim needs-message; aligned_spf timeout; aligned_dkim needs-message; methods_agree timeout" },
	{ .title = "a lost answer that does not matter",
	    SENT,
	    .recording = SPF FOUND(OWN, "TXT", TXT("v=DMARC1; p=none"))
		TIMEOUT("_dmarc.com", "TXT") TIMEOUT("example.com", "SOA"),
	    .facts = { { "policy", "\"none\"" } },
	    .gaps =
		"domain_exists timeout; walk timeout; organizational_domain.tree_walk timeout; psl.aligned_dkim needs-message; aligned_dkim needs-message; methods_agree timeout" },
	{ .title = "from ten labels the walk jumps to seven",
	    SENT,
	    .domain = "a.b.c.d.e.f.g.h.example.com",
	    .recording = SPF NXDOMAIN("_dmarc.a.b.c.d.e.f.g.h.example.com",
		"TXT") NODATA("a.b.c.d.e.f.g.h.example.com", "SOA")
		NXDOMAIN("_dmarc.d.e.f.g.h.example.com", "TXT")
		    NXDOMAIN("_dmarc.e.f.g.h.example.com", "TXT")
			NXDOMAIN("_dmarc.f.g.h.example.com", "TXT")
			    NXDOMAIN("_dmarc.g.h.example.com", "TXT")
				NXDOMAIN("_dmarc.h.example.com", "TXT")
				    TOP FOUND(OWN, "TXT",
					TXT("v=DMARC1; p=none; sp=reject")),
	    .facts = { { "policy", "\"reject\"" },
		{ "location", "\"" OWN "\"" } },
	    .gaps = DKIM,
	    .rounds = 1 },
};

static void
the_record_that_applies_is_found(void **state)
{
	(void)state;
	scenes_play(&check_dmarc, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_record_that_applies_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
