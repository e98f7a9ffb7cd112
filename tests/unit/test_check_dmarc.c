#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define OWN  "_dmarc.example.com"
#define TOP  NXDOMAIN("_dmarc.com", "TXT")
#define HERE FOUND("example.com", "SOA", SOA("example.com"))
#define NEWS "_dmarc.news.example.com"
#define NEWS_EMPTY \
	NXDOMAIN(NEWS, "TXT") \
	TOP NODATA_IN("news.example.com", "SOA", "example.com")
/* One record at the domain itself. */
#define AT_OWN(text) FOUND(OWN, "TXT", TXT(text)) TOP HERE

static const struct scene scenes[] = {
	{ .title = "a record at the domain",
	    .recording = AT_OWN("v=DMARC1; p=quarantine; sp=none"),
	    .facts = { { "name", "\"" OWN "\"" },
		{ "record", "\"v=DMARC1; p=quarantine; sp=none\"" },
		{ "location", "\"" OWN "\"" }, { "policy", "\"quarantine\"" },
		{ "p_tag", "\"quarantine\"" }, { "records_found", "1" },
		{ "defect", "null" }, { "problems", "[]" } },
	    .rounds = 1 },
	{ .title = "a record in two strings, by way of an alias",
	    .recording = ALIASED(OWN, "TXT", "x.example.net",
		TXT2("v=DMARC1; p=re", "ject")) TOP HERE,
	    .facts = { { "record", "\"v=DMARC1; p=reject\"" },
		{ "location", "\"" OWN "\"" }, { "policy", "\"reject\"" } } },
	{ .title = "no record anywhere",
	    .recording = NXDOMAIN(OWN, "TXT") TOP HERE,
	    .facts = { { "record", "null" }, { "location", "null" },
		{ "policy", "null" }, { "p_tag", "null" },
		{ "records_found", "0" }, { "problems", "[]" },
		{ "defect",
		    "\"" OWN " has no DMARC record, nor has a domain above "
		    "it\"" },
		{ "suggested", "\"v=DMARC1; p=none; "
			       "rua=mailto:dmarc-reports@example.com\"" } },
	    .rounds = 1 },
	{ .title = "two records count as none",
	    .recording = FOUND(OWN, "TXT",
		TXT("v=DMARC1; p=none") "," TXT("v=DMARC1; p=reject")) TOP HERE,
	    .facts = { { "record", "null" }, { "policy", "null" },
		{ "records_found", "2" },
		{ "defect",
		    "\"" OWN " has 2 DMARC records, and two count as none\"" },
		{ "problems[0].code", "\"dmarc.multiple-records\"" } } },
	{ .title = "a record without p keeps its tags in the suggestion",
	    .recording = AT_OWN("v=DMARC1; rua=mailto:a@example.com; adkim=s"),
	    .facts = { { "p_tag", "null" },
		{ "defect", "\"The record at " OWN " (v=DMARC1; "
			    "rua=mailto:a@example.com; adkim=s) has no p\"" },
		{ "suggested", "\"v=DMARC1; p=none; rua=mailto:a@example.com; "
			       "adkim=s\"" } } },
	{ .title = "other text beside the record does not count",
	    .recording = FOUND(OWN, "TXT",
		TXT("hello") "," TXT("v=DMARC1;p=none;")) TOP HERE,
	    .facts = { { "record", "\"v=DMARC1;p=none;\"" },
		{ "records_found", "1" }, { "problems", "[]" } } },
	{ .title = "the version has one case",
	    .recording = AT_OWN("v=dmarc1; p=none"),
	    .facts = { { "record", "null" }, { "records_found", "0" },
		{ "problems[0].code", "\"dmarc.bad-version\"" } } },
	{ .title = "the version stands first",
	    .recording = AT_OWN("p=none; v=DMARC1"),
	    .facts = { { "record", "null" },
		{ "problems[0].code", "\"dmarc.bad-version\"" } } },
	{ .title = "a version that goes on is another",
	    .recording = AT_OWN("v=DMARC12; p=none"),
	    .facts = { { "record", "null" },
		{ "problems[0].code", "\"dmarc.bad-version\"" } } },
	{ .title = "white space and case are the ABNF's",
	    .recording = AT_OWN("V = DMARC1 ; P = Reject ; adkim=s"),
	    .facts = { { "policy", "\"reject\"" }, { "p_tag", "\"reject\"" },
		{ "problems[0].code", "\"dmarc.tag-case\"" },
		{ "problems[1]", NULL } } },
	{ .title = "no p, but reports are asked for",
	    .recording = AT_OWN("v=DMARC1; rua=mailto:d@example.com"),
	    .facts = { { "policy", "\"none\"" }, { "p_tag", "null" },
		{ "record", "\"v=DMARC1; rua=mailto:d@example.com\"" },
		{ "problems[0].code", "\"dmarc.p-missing\"" },
		{ "problems[1]", NULL } } },
	{ .title = "no p and no reports: of no use",
	    .recording = AT_OWN("v=DMARC1;"),
	    .facts = { { "record", "\"v=DMARC1;\"" }, { "policy", "null" },
		{ "p_tag", "null" },
		{ "problems[0].code", "\"dmarc.p-missing\"" },
		{ "problems[1].code", "\"dmarc.no-policy\"" } } },
	{ .title = "a p that is no policy",
	    .recording = AT_OWN("v=DMARC1; p=monitor; rua=mailto:x"),
	    .facts = { { "policy", "null" }, { "p_tag", "null" },
		{ "problems[0].code", "\"dmarc.p-invalid\"" },
		{ "problems[1].code", "\"dmarc.rua-invalid\"" },
		{ "problems[2].code", "\"dmarc.no-policy\"" } } },
	{ .title = "an sp that is no policy makes it p=none",
	    .recording =
		AT_OWN("v=DMARC1; p=reject; sp=x; rua=mailto:d@example.com"),
	    .facts = { { "policy", "\"none\"" }, { "p_tag", "\"reject\"" },
		{ "problems[0].code", "\"dmarc.sp-invalid\"" } } },
	{ .title = "a missing semicolon",
	    .recording = AT_OWN("v=DMARC1 p=none"),
	    .facts = { { "record", "\"v=DMARC1 p=none\"" },
		{ "policy", "null" }, { "p_tag", "null" },
		{ "problems[0].code", "\"dmarc.syntax\"" } } },
	{ .title = "tags that are old, unknown, twice and none",
	    .recording =
		AT_OWN("v=DMARC1; p=none; pct=50; x=y; p=reject; junk"),
	    .facts = { { "policy", "\"none\"" },
		{ "problems[0].code", "\"dmarc.duplicate-tag\"" },
		{ "problems[1].code", "\"dmarc.obsolete-tag\"" },
		{ "problems[2].code", "\"dmarc.unknown-tag\"" },
		{ "problems[3].code", "\"dmarc.syntax\"" } } },
	{ .title = "the organizational domain's record, sp for a subdomain",
	    .domain = "news.example.com",
	    .recording = NEWS_EMPTY FOUND(OWN, "TXT",
		TXT("v=DMARC1; p=reject; sp=quarantine")),
	    .facts = { { "name", "\"" NEWS "\"" },
		{ "location", "\"" OWN "\"" }, { "policy", "\"quarantine\"" },
		{ "p_tag", "\"reject\"" }, { "records_found", "0" } },
	    .rounds = 1 },
	{ .title = "p stands in for sp",
	    .domain = "news.example.com",
	    .recording =
		NEWS_EMPTY FOUND(OWN, "TXT", TXT("v=DMARC1; p=reject")),
	    .facts = { { "policy", "\"reject\"" } } },
	{ .title = "np for a domain that does not exist",
	    .domain = "news.example.com",
	    .recording = NXDOMAIN(NEWS, "TXT")
		TOP NXDOMAIN("news.example.com", "SOA") FOUND(OWN, "TXT",
		    TXT("v=DMARC1; p=none; sp=quarantine; np=reject")),
	    .facts = { { "policy", "\"reject\"" } } },
	{ .title = "np is not for a domain that exists",
	    .domain = "news.example.com",
	    .recording = NEWS_EMPTY FOUND(OWN, "TXT",
		TXT("v=DMARC1; p=none; sp=quarantine; np=reject")),
	    .facts = { { "policy", "\"quarantine\"" } } },
	{ .title = "whether it exists is not known",
	    .domain = "news.example.com",
	    .recording = NXDOMAIN(NEWS, "TXT") TOP TIMEOUT("news.example.com",
		"SOA") FOUND(OWN, "TXT", TXT("v=DMARC1; p=none; np=reject")),
	    .facts = { { "policy", NULL }, { "p_tag", "\"none\"" },
		{ "location", "\"" OWN "\"" } },
	    .gaps = "policy timeout" },
	{ .title = "two records at the domain: the walk goes on",
	    .domain = "news.example.com",
	    .recording =
		FOUND(NEWS, "TXT", TXT("v=DMARC1; p=none") "," TXT("v=DMARC1"))
		    TOP NODATA("news.example.com", "SOA")
			FOUND(OWN, "TXT", TXT("v=DMARC1; p=reject")),
	    .facts = { { "records_found", "2" }, { "policy", "\"reject\"" },
		{ "location", "\"" OWN "\"" },
		{ "problems[0].code", "\"dmarc.multiple-records\"" } } },
	{ .title = "the record with the fewest labels is the organization's",
	    .domain = "a.news.example.com",
	    .recording = NXDOMAIN("_dmarc.a.news.example.com", "TXT")
		TOP NODATA("a.news.example.com", "SOA")
		    FOUND(NEWS, "TXT", TXT("v=DMARC1; p=reject"))
			FOUND(OWN, "TXT", TXT("v=DMARC1; p=none")),
	    .facts = { { "location", "\"" OWN "\"" },
		{ "policy", "\"none\"" } } },
	{ .title = "psd=n ends the walk",
	    .domain = "a.news.example.com",
	    .recording = NXDOMAIN("_dmarc.a.news.example.com", "TXT")
		TIMEOUT("_dmarc.com", "TXT") NODATA("a.news.example.com", "SOA")
		    FOUND(NEWS, "TXT", TXT("v=DMARC1; p=reject; psd=n"))
			FOUND(OWN, "TXT", TXT("v=DMARC1; p=none")),
	    .facts = { { "location", "\"" NEWS "\"" },
		{ "policy", "\"reject\"" } } },
	{ .title = "below psd=y is the organization",
	    .domain = "news.example.com",
	    .recording = NXDOMAIN(NEWS, "TXT") NODATA("news.example.com",
		"SOA") FOUND(OWN, "TXT", TXT("v=DMARC1; p=quarantine"))
		FOUND("_dmarc.com", "TXT", TXT("v=DMARC1; p=reject; psd=y")),
	    .facts = { { "location", "\"" OWN "\"" },
		{ "policy", "\"quarantine\"" } } },
	{ .title = "with none below it psd=y itself",
	    .domain = "news.example.com",
	    .recording = NXDOMAIN(NEWS, "TXT") NODATA("news.example.com", "SOA")
		NXDOMAIN(OWN, "TXT") FOUND("_dmarc.com", "TXT",
		    TXT("v=DMARC1; p=reject; sp=none; psd=y")),
	    .facts = { { "location", "\"_dmarc.com\"" },
		{ "policy", "\"none\"" } } },
	{ .title = "a lost answer at the domain",
	    .recording = TIMEOUT(OWN, "TXT") TOP HERE,
	    .facts = { { "name", "\"" OWN "\"" }, { "record", NULL },
		{ "policy", NULL }, { "records_found", NULL } },
	    .gaps = "record timeout; location timeout; policy timeout; p_tag "
		    "timeout; defect timeout; suggested timeout; "
		    "records_found timeout" },
	{ .title = "a lost answer on the way",
	    .domain = "news.example.com",
	    .recording = NEWS_EMPTY TIMEOUT(OWN, "TXT"),
	    .facts = { { "record", NULL }, { "records_found", "0" } },
	    .gaps = "record timeout; location timeout; policy timeout; p_tag "
		    "timeout; defect timeout" },
	{ .title = "a lost answer that does not matter",
	    .recording = FOUND(OWN, "TXT", TXT("v=DMARC1; p=none"))
		TIMEOUT("_dmarc.com", "TXT") TIMEOUT("example.com", "SOA"),
	    .facts = { { "policy", "\"none\"" } } },
	{ .title = "from ten labels the walk jumps to seven",
	    .domain = "a.b.c.d.e.f.g.h.example.com",
	    .recording = NXDOMAIN("_dmarc.a.b.c.d.e.f.g.h.example.com", "TXT")
		NODATA("a.b.c.d.e.f.g.h.example.com", "SOA")
		    NXDOMAIN("_dmarc.d.e.f.g.h.example.com", "TXT")
			NXDOMAIN("_dmarc.e.f.g.h.example.com", "TXT")
			    NXDOMAIN("_dmarc.f.g.h.example.com", "TXT")
				NXDOMAIN("_dmarc.g.h.example.com", "TXT")
				    NXDOMAIN("_dmarc.h.example.com", "TXT")
					TOP FOUND(OWN, "TXT",
					    TXT("v=DMARC1; p=none; sp=reject")),
	    .facts = { { "policy", "\"reject\"" },
		{ "location", "\"" OWN "\"" } },
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
