#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

/* What comes of a record: alignment, the result, reports, both ways. */

#define OWN                "_dmarc.example.com"
#define NONE(name)         NXDOMAIN("_dmarc." name, "TXT")
#define SOA_OF(name)       FOUND(name, "SOA", SOA(name))
#define RECORD(name, tags) FOUND("_dmarc." name, "TXT", TXT("v=DMARC1; " tags))
#define SPF(name)          FOUND(name, "TXT", TXT("v=spf1 ip4:192.0.2.1 -all"))
#define RUA                "; rua=mailto:d@example.com"
/* example.com, with a record, and mail of its own. */
#define HERE(tags)         RECORD("example.com", tags) NONE("com") SOA_OF("example.com")
#define PSL_DKIM           "psl.aligned_dkim needs-message"
#define OWN_DKIM           "aligned_dkim needs-message"
#define DKIM               PSL_DKIM "; " OWN_DKIM
/* Without a message DKIM may make it pass; the cause is SPF's, or DKIM's. */
#define NO_RESULT(cause) \
	PSL_DKIM "; psl.result " cause "; " OWN_DKIM "; result " cause
#define NOT_PASSED NO_RESULT("needs-message")
#define TOLD(n, name) \
	{ \
		"problems[" #n "].code", "\"dmarc." name "\"" \
	}
#define NOT_TOLD(n) \
	{ \
		"problems[" #n "]", NULL \
	}

static const struct scene results[] = {
	{ .title = "SPF passes and is aligned by its organization",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "bounce.example.com",
	    .recording = HERE("p=none" RUA) NONE("bounce.example.com")
		SPF("bounce.example.com"),
	    .facts = { { "aligned_spf", "true" }, { "result", "\"pass\"" },
		{ "psl.aligned_spf", "true" }, { "psl.result", "\"pass\"" },
		{ "psl.source", "\"list\"" }, { "problems", "[]" } },
	    .gaps = DKIM,
	    .rounds = 1 },
	{ .title = "aspf=s wants the same name",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "bounce.example.com",
	    .recording = HERE("p=none; aspf=s" RUA) NONE("bounce.example.com")
		SPF("bounce.example.com"),
	    .facts = { { "aligned_spf", "false" }, { "result", NULL },
		{ "aspf", "\"strict\"" }, { "psl.aligned_spf", "false" } },
	    .gaps = NOT_PASSED },
	{ .title = "aspf=s has the same name",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none; aspf=s" RUA) SPF("example.com"),
	    .facts = { { "aligned_spf", "true" }, { "result", "\"pass\"" } },
	    .gaps = DKIM },
	{ .title = "another organization's envelope sender",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "example.net",
	    .recording = HERE("p=none" RUA) NONE("example.net") NONE("net")
		SPF("example.net"),
	    .facts = { { "aligned_spf", "false" }, { "result", NULL } },
	    .gaps = NOT_PASSED },
	{ .title = "one of two addresses does not pass",
	    .ips = { "192.0.2.1", "192.0.2.2" },
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none" RUA) SPF("example.com"),
	    .facts = { { "aligned_spf", "true" }, { "result", NULL } },
	    .gaps = NOT_PASSED },
	{ .title = "the lost name of a ptr may be a pass",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none" RUA)
		FOUND("example.com", "TXT", TXT("v=spf1 ptr -all"))
		    TIMEOUT("1.2.0.192.in-addr.arpa", "PTR"),
	    .facts = { { "aligned_spf", "true" }, { "result", NULL } },
	    .gaps = NO_RESULT("timeout") },
	{ .title = "a macro asks for the HELO name, which is not known",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none" RUA) FOUND("example.com", "TXT",
		TXT("v=spf1 exists:%{h}.test -all")),
	    .facts = { { "aligned_spf", "true" }, { "result", NULL } },
	    .gaps = NO_RESULT("needs-helo") },
	{ .title = "the null sender has the HELO name",
	    .ips = { "192.0.2.1" },
	    .helo = "Mail.example.com",
	    .recording = HERE("p=none" RUA) NONE("mail.example.com")
		SPF("mail.example.com"),
	    .facts = { { "aligned_spf", "true" }, { "result", "\"pass\"" } },
	    .gaps = DKIM },
	{ .title = "a HELO that is no name is aligned with none",
	    .ips = { "192.0.2.1" },
	    .helo = "[192.0.2.1]",
	    .recording = HERE("p=none" RUA),
	    .facts = { { "aligned_spf", "false" }, { "result", NULL } },
	    .gaps = NOT_PASSED },
	{ .title = "neither a sender nor a HELO name",
	    .ips = { "192.0.2.1" },
	    .recording = HERE("p=none" RUA),
	    .facts = { { "aligned_spf", NULL } },
	    .gaps = "psl.aligned_spf needs-helo; " PSL_DKIM
		    "; psl.result needs-helo; aligned_spf needs-helo; " OWN_DKIM
		    "; result needs-helo" },
	{ .title = "no sending IP",
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none" RUA),
	    .facts = { { "aligned_spf", "true" }, { "result", NULL } },
	    .gaps = NO_RESULT("needs-ip") },
	{ .title = "no record is no DMARC",
	    .mail_from_domain = "example.com",
	    .recording = NONE("example.com") NONE("com") SOA_OF("example.com"),
	    .facts = { { "result", "\"none\"" }, { "psl.result", "\"none\"" },
		{ "methods_agree", "true" }, { "problems", "[]" } },
	    .gaps = DKIM },
	{ .title = "a record without a policy is no DMARC",
	    .mail_from_domain = "example.com",
	    .recording = HERE("adkim=s"),
	    .facts = { { "result", "\"none\"" }, { "psl.result", "\"none\"" },
		{ "adkim", "\"strict\"" } },
	    .gaps = DKIM },
	{ .title = "without a record each name is its own organization",
	    .ips = { "192.0.2.1" },
	    .domain = "a.example.com",
	    .mail_from_domain = "example.com",
	    .recording = NONE("a.example.com") NONE("example.com") NONE("com")
		SOA_OF("a.example.com") SPF("example.com"),
	    .facts = { { "organizational_domain.tree_walk",
			   "\"a.example.com\"" },
		{ "organizational_domain.psl", "\"example.com\"" },
		{ "aligned_spf", "false" }, { "psl.aligned_spf", "true" },
		{ "methods_agree", "false" }, { "problems", "[]" } },
	    .gaps = DKIM },
	{ .title = "SPF cannot be said now",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none" RUA) TIMEOUT("example.com", "TXT"),
	    .facts = { { "result", NULL }, { "psl.result", NULL },
		{ "aligned_spf", "true" } },
	    .gaps = NO_RESULT("timeout") },
	{ .title = "SPF cannot be said now, of a name that is not aligned",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "example.net",
	    .recording = HERE("p=none" RUA) NONE("example.net") NONE("net")
		TIMEOUT("example.net", "TXT"),
	    .facts = { { "result", NULL }, { "aligned_spf", "false" } },
	    .gaps = NOT_PASSED },
	{ .title = "SPF passes, and whether it is aligned is lost",
	    .ips = { "192.0.2.1" },
	    .mail_from_domain = "bounce.example.com",
	    .recording = HERE("p=none" RUA) TIMEOUT("_dmarc.bounce.example.com",
		"TXT") SPF("bounce.example.com"),
	    .facts = { { "result", NULL }, { "aligned_spf", NULL },
		{ "psl.result", "\"pass\"" } },
	    .gaps = PSL_DKIM "; aligned_spf timeout; " OWN_DKIM
			     "; result timeout" },
	{ .title = "there is no suffix list",
	    .mail_from_domain = "example.com",
	    .no_suffixes = true,
	    .recording = HERE("p=none" RUA),
	    .facts = { { "psl", NULL }, { "methods_agree", NULL },
		{ "organizational_domain.psl", NULL },
		{ "organizational_domain.tree_walk", "\"example.com\"" } },
	    .gaps = "organizational_domain.psl no-list; psl no-list; " OWN_DKIM
		    "; result needs-ip; methods_agree no-list" },
	{ .title = "a public suffix with a record of its own",
	    .domain = "co.uk",
	    .mail_from_domain = "co.uk",
	    .recording = RECORD("co.uk", "p=reject; psd=y" RUA) NONE("uk")
		SOA_OF("co.uk") NONE("example.com") NONE("com")
		    FOUND("co.uk._report._dmarc.example.com", "TXT",
			TXT("v=DMARC1")),
	    .facts = { { "organizational_domain.psl", "\"co.uk\"" },
		{ "methods_agree", "true" }, { "walk[0].psd", "\"y\"" },
		{ "walk[1]", NULL } },
	    .gaps = NO_RESULT("needs-ip") },
	{ .title = "a domain of one label",
	    .domain = "localhost",
	    .mail_from_domain = "localhost",
	    .recording = NONE("localhost") NXDOMAIN("localhost", "SOA"),
	    .facts = { { "domain_exists", "false" }, { "record", "null" },
		{ "methods_agree", "true" } },
	    .gaps = DKIM },
};

/* ---- both ways --------------------------------------------------------- */

static const struct scene ways[] = {
	{ .title = "t=y is not known to RFC 7489",
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=reject; t=y" RUA),
	    .facts = { { "policy", "\"quarantine\"" }, { "testing", "true" },
		{ "applies", "\"p\"" }, { "psl.policy", "\"reject\"" },
		{ "methods_agree", "false" }, TOLD(0, "methods-differ"),
		NOT_TOLD(1) },
	    .gaps = NO_RESULT("needs-ip") },
	{ .title = "pct=0 is not known to RFC 9989",
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=reject; pct=0" RUA),
	    .facts = { { "policy", "\"reject\"" },
		{ "psl.policy", "\"quarantine\"" },
		{ "methods_agree", "false" }, TOLD(0, "obsolete-tag"),
		TOLD(1, "methods-differ"), NOT_TOLD(2) },
	    .gaps = NO_RESULT("needs-ip") },
	{ .title = "psd=y of a public suffix is not known to RFC 7489",
	    .domain = "a.co.uk",
	    .mail_from_domain = "a.co.uk",
	    .recording = RECORD("co.uk", "p=reject; psd=y; rua=mailto:d@co.uk")
		NONE("a.co.uk") NONE("uk") SOA_OF("a.co.uk"),
	    .facts = { { "location", "\"_dmarc.co.uk\"" },
		{ "psl.record", "null" }, { "methods_agree", "false" },
		/* Reports go to the name at which the record is. */
		{ "external_reports", "[]" }, TOLD(0, "methods-differ"),
		{ "problems[0].detail",
		    "\"For receivers that go by RFC 9989 (tree walk) the "
		    "organizational domain is a.co.uk, and by the record at "
		    "_dmarc.co.uk reject applies; for those that go by RFC "
		    "7489 (public suffix list) it is a.co.uk, and no record "
		    "applies: RFC 7489 knows no psd, by which a record holds "
		    "for all that is below a public suffix; a record at "
		    "_dmarc.a.co.uk makes both find the same\"" },
		NOT_TOLD(1) },
	    .gaps = PSL_DKIM "; " OWN_DKIM "; result needs-ip" },
	{ .title = "psd=y at a name that the list has not",
	    .domain = "x.a.example.com",
	    .mail_from_domain = "a.example.com",
	    .recording = RECORD("example.com", "p=reject; psd=y" RUA)
		NONE("x.a.example.com") NONE("a.example.com")
		    SOA_OF("x.a.example.com"),
	    .facts = { { "organizational_domain.tree_walk",
			   "\"a.example.com\"" },
		{ "aligned_spf", "true" }, { "external_reports", "[]" },
		TOLD(0, "methods-differ"),
		{ "problems[0].detail",
		    "\"For receivers that go by RFC 9989 (tree walk) the "
		    "organizational domain is a.example.com, and by the record "
		    "at " OWN " reject applies; for those that go by RFC 7489 "
		    "(public suffix list) it is example.com, and by the record "
		    "at " OWN " reject applies: names under example.com but "
		    "not under a.example.com are aligned at receivers of the "
		    "second kind alone; take psd=y out of the record at " OWN
		    ", which is for those under whose name others register "
		    "theirs; if that is so, have example.com put on the "
		    "list\"" },
		NOT_TOLD(1) },
	    .gaps = NO_RESULT("needs-ip") },
	{ .title = "np is not known to RFC 7489",
	    .domain = "a.example.com",
	    .mail_from_domain = "example.com",
	    .recording = RECORD("example.com", "p=none; np=reject" RUA) NONE(
		"a.example.com") NONE("com") NXDOMAIN("a.example.com", "SOA"),
	    .facts = { { "policy", "\"reject\"" }, { "applies", "\"np\"" },
		{ "domain_exists", "false" }, { "psl.policy", "\"none\"" },
		{ "psl.location", "\"" OWN "\"" }, { "methods_agree", "false" },
		TOLD(0, "methods-differ") },
	    .gaps = NO_RESULT("needs-ip") },
	{ .title = "a suffix of the list has a record without psd",
	    .domain = "a.hosting.example",
	    .mail_from_domain = "a.hosting.example",
	    .recording = RECORD("hosting.example",
		"p=reject"
		"; rua=mailto:d@a.hosting.example") NONE("a.hosting.example")
		NONE("example") SOA_OF("a.hosting.example"),
	    .facts = { { "location", "\"_dmarc.hosting.example\"" },
		{ "policy", "\"reject\"" }, { "psl.record", "null" },
		{ "psl.policy", "null" }, { "psl.result", "\"none\"" },
		{ "organizational_domain", "{\"tree_walk\":\"hosting.example\","
					   "\"psl\":\"a.hosting.example\"}" },
		TOLD(0, "methods-differ"),
		{ "problems[0].detail",
		    "\"For receivers that go by RFC 9989 (tree walk) the "
		    "organizational domain is hosting.example, and by the "
		    "record at _dmarc.hosting.example reject applies; for "
		    "those that go by RFC 7489 (public suffix list) it is "
		    "a.hosting.example, and no record applies: names under "
		    "hosting.example but not under a.hosting.example are "
		    "aligned at receivers of the first kind alone; a record at "
		    "_dmarc.a.hosting.example with psd=n makes both find the "
		    "same\"" } },
	    .gaps = PSL_DKIM "; " OWN_DKIM "; result needs-ip" },
	{ .title = "two records end RFC 7489's way",
	    .domain = "a.example.com",
	    .mail_from_domain = "example.com",
	    .recording = FOUND("_dmarc.a.example.com", "TXT",
		TXT("v=DMARC1; p=none") "," TXT("v=DMARC1; p=none"))
		RECORD("example.com", "p=reject" RUA) NONE("com")
		    SOA_OF("a.example.com"),
	    .facts = { { "policy", "\"reject\"" }, { "psl.record", "null" },
		{ "suggested", "\"v=DMARC1; p=none\"" },
		TOLD(0, "multiple-records"), TOLD(1, "methods-differ"),
		{ "problems[1].detail",
		    "\"For receivers that go by RFC 9989 (tree walk) the "
		    "organizational domain is example.com, and by the record "
		    "at " OWN " reject applies; for those that go by RFC 7489 "
		    "(public suffix list) it is example.com, and no record "
		    "applies: of several records at one name RFC 9989 passes "
		    "over all and goes on above it, where RFC 7489 ends; keep "
		    "one of them\"" } },
	    .gaps = PSL_DKIM "; " OWN_DKIM "; result needs-ip" },
	{ .title = "psd=n is not known to RFC 7489",
	    .domain = "x.a.example.com",
	    .mail_from_domain = "example.com",
	    .recording = RECORD("a.example.com", "p=reject; psd=n" RUA)
		NONE("x.a.example.com") RECORD("example.com", "p=none")
		    NONE("com") SOA_OF("x.a.example.com")
			FOUND("a.example.com._report._dmarc.example.com", "TXT",
			    TXT("v=DMARC1")),
	    .facts = { { "location", "\"_dmarc.a.example.com\"" },
		{ "psl.location", "\"" OWN "\"" }, { "aligned_spf", "false" },
		{ "psl.aligned_spf", "true" }, TOLD(0, "methods-differ") },
	    .gaps = PSL_DKIM "; psl.result needs-ip; " OWN_DKIM
			     "; result needs-message" },
	{ .title = "sp and np below the organizational domain",
	    .domain = "a.example.com",
	    .mail_from_domain = "example.com",
	    .recording = RECORD("a.example.com", "p=none; sp=none; np=none" RUA)
		RECORD("example.com", "p=none") NONE("com")
		    SOA_OF("a.example.com"),
	    .facts = { { "organizational_domain.tree_walk", "\"example.com\"" },
		{ "methods_agree", "true" }, TOLD(0, "sp-no-effect"),
		TOLD(1, "np-no-effect"), NOT_TOLD(2) },
	    .gaps = NO_RESULT("needs-ip") },
	{ .title = "sp and np at the organizational domain",
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none; sp=none; np=none" RUA),
	    .facts = { { "problems", "[]" } },
	    .gaps = NO_RESULT("needs-ip") },
};

#define LABEL "abcdefghij-abcdefghij-abcdefghij-abcdefghij-abcdefghij"
#define LONG \
	LABEL "." LABEL "." LABEL "." LABEL ".abcdefghijklabcdef.example.com"

static const struct scene names[] = {
	{ .title = "a name to which _dmarc cannot be put",
	    .domain = LONG,
	    .mail_from_domain = "example.com",
	    .recording = NXDOMAIN(LONG, "SOA") HERE("p=none" RUA)
		NXDOMAIN("_dmarc." LABEL "." LABEL "." LABEL
			 ".abcdefghijklabcdef.example.com",
		    "TXT") NXDOMAIN("_dmarc." LABEL "." LABEL
				    ".abcdefghijklabcdef.example.com",
		    "TXT")
		    NXDOMAIN("_dmarc." LABEL ".abcdefghijklabcdef.example.com",
			"TXT") NONE("abcdefghijklabcdef.example.com"),
	    .facts = { { "location", "\"" OWN "\"" }, { "records_found", "0" },
		TOLD(0, "name-too-long"), NOT_TOLD(1) },
	    .gaps = NO_RESULT("needs-ip") },
};

/* ---- From -------------------------------------------------------------- */

#define FROM(fields) .message = fields "Subject: x\r\n\r\n"

static const struct scene author_fields[] = {
	{ .title = "the domain that is audited",
	    .mail_from_domain = "example.com",
	    FROM("From: A <a@Example.COM>, b@example.com\r\n"),
	    .recording = HERE("p=none" RUA),
	    .facts = { { "author_domains", "[\"example.com\"]" },
		{ "problems", "[]" } },
	    .gaps = "psl.result needs-ip; result needs-ip" },
	{ .title = "another domain",
	    .mail_from_domain = "example.com",
	    FROM("From: a@b\xc3\xbc"
		 "cher.example\r\n"),
	    .recording = HERE("p=none" RUA),
	    .facts = { { "author_domains", "[\"xn--bcher-kva.example\"]" },
		{ "location", "\"" OWN "\"" }, TOLD(0, "from-differs") },
	    .gaps = "psl.result needs-ip; result needs-ip" },
	{
	    .title = "no From",
	    .mail_from_domain = "example.com",
	    FROM(""),
	    .recording = HERE("p=none" RUA),
	    .facts = { { "author_domains", "[]" },
		{ "result", "\"permerror\"" },
		{ "psl.result", "\"permerror\"" }, TOLD(0, "from-none") },
	},
	{
	    .title = "an address literal is no domain",
	    .mail_from_domain = "example.com",
	    FROM("From: <a@[192.0.2.1]>\r\n"),
	    .recording = HERE("p=none" RUA),
	    .facts = { { "result", "\"permerror\"" }, TOLD(0, "from-none") },
	},
	{
	    .title = "two domains in one field",
	    .mail_from_domain = "example.com",
	    FROM("From: a@example.com, b@example.net\r\n"),
	    .recording = HERE("p=none" RUA),
	    .facts = { { "author_domains",
			   "[\"example.com\",\"example.net\"]" },
		{ "result", "\"permerror\"" }, TOLD(0, "from-multiple") },
	},
	{
	    .title = "more domains than are told apart",
	    .mail_from_domain = "example.com",
	    FROM("From: a@1.test, a@2.test, a@3.test, a@4.test, a@5.test, "
		 "a@6.test, a@7.test, a@8.test, a@9.test, a@10.test, "
		 "a@11.test, a@12.test, a@13.test, a@14.test, a@15.test, "
		 "a@16.test, a@17.test\r\n"),
	    .recording = HERE("p=none" RUA),
	    .facts = { { "author_domains[15]", "\"16.test\"" },
		{ "author_domains[16]", NULL }, TOLD(0, "from-multiple"),
		{ "result", "\"permerror\"" } },
	},
	{
	    .title = "one domain in two fields",
	    .mail_from_domain = "example.com",
	    FROM("From: a@example.com\r\nFrom: b@example.com\r\n"),
	    .recording = HERE("p=none" RUA),
	    .facts = { { "author_domains", "[\"example.com\"]" },
		{ "result", "\"permerror\"" },
		{ "psl.result", "\"permerror\"" }, TOLD(0, "from-multiple"),
		NOT_TOLD(1) },
	},
	{
	    .title = "two domains in two fields",
	    .mail_from_domain = "example.com",
	    FROM("From: a@example.com\r\nFrom: b@example.net\r\n"),
	    .recording = HERE("p=none" RUA),
	    .facts = { { "result", "\"permerror\"" },
		TOLD(0, "from-multiple") },
	},
};

/* ---- reports ----------------------------------------------------------- */

#define NEEDS_IP NO_RESULT("needs-ip")
#define REPORT   "example.com._report._dmarc.reports.example"
#define ELSEWHERE(tags) \
	HERE("p=none; " tags) NONE("reports.example") NONE("example")

#define TWO   "mailto:d@reports.example,mailto:d@reports.example"
#define EIGHT TWO "," TWO "," TWO "," TWO

static const struct scene reports[] = {
	{ .title = "reports to another organization that takes them",
	    .mail_from_domain = "example.com",
	    .recording = ELSEWHERE("rua=mailto:d@Reports.example!10m")
		FOUND(REPORT, "TXT", TXT("v=DMARC1")),
	    .facts = { { "external_reports",
			   "[{\"target\":\"reports.example\",\"uri\":"
			   "\"mailto:d@Reports.example!10m\",\"tag\":\"rua\","
			   "\"name\":\"" REPORT "\",\"authorized\":true}]" },
		TOLD(0, "obsolete-size"), NOT_TOLD(1) },
	    .gaps = NEEDS_IP,
	    .rounds = 2 },
	{ .title = "reports to another organization that says nothing",
	    .mail_from_domain = "example.com",
	    .recording =
		ELSEWHERE("rua=mailto:d@example.com,"
			  "mailto:d@reports.example; "
			  "ruf=mailto:f@other.example") NONE("other.example")
		    NXDOMAIN("example.com._report._dmarc.other.example", "TXT")
			NXDOMAIN(REPORT, "TXT"),
	    .facts = { { "external_reports[0].authorized", "false" },
		{ "external_reports[1].tag", "\"ruf\"" },
		{ "external_reports[1].authorized", "false" },
		{ "external_reports[2]", NULL },
		TOLD(0, "report-not-authorized"),
		{ "problems[0].detail",
		    "\"rua at " OWN " names mailto:d@reports.example, of "
		    "another organization, which does not say that it takes "
		    "these reports, so receivers send none there; whoever runs "
		    "the DNS of reports.example has to publish " REPORT
		    ". TXT \\\"v=DMARC1\\\"\"" },
		TOLD(1, "report-not-authorized"), NOT_TOLD(2) },
	    .gaps = NEEDS_IP },
	{ .title = "another text does not authorize",
	    .mail_from_domain = "example.com",
	    .recording = ELSEWHERE("rua=mailto:d@reports.example")
		FOUND(REPORT, "TXT", TXT("v=spf1 -all")),
	    .facts = { { "external_reports[0].authorized", "false" } },
	    .gaps = NEEDS_IP },
	{ .title = "several records authorize as one does",
	    .mail_from_domain = "example.com",
	    .recording = ELSEWHERE("rua=mailto:d@reports.example") FOUND(REPORT,
		"TXT", TXT("v=DMARC1;") "," TXT("v=DMARC1; rua=mailto:x@y")),
	    .facts = { { "external_reports[0].authorized", "true" } },
	    .gaps = NEEDS_IP },
	{ .title = "a name of the same organization needs none",
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none; rua=mailto:d@reports.example.com")
		NONE("reports.example.com"),
	    .facts = { { "external_reports", "[]" }, { "problems", "[]" } },
	    .gaps = NEEDS_IP },
	{ .title = "a name below that is its own organization needs one",
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none; rua=mailto:d@reports.example.com")
		RECORD("reports.example.com", "p=none; psd=n")
		    NXDOMAIN("example.com._report._dmarc.reports.example.com",
			"TXT"),
	    .facts = { { "external_reports[0].authorized", "false" } },
	    .gaps = NEEDS_IP },
	{ .title = "the record above is what is asked for",
	    .domain = "a.example.com",
	    .mail_from_domain = "a.example.com",
	    .recording = ELSEWHERE("rua=mailto:d@reports.example")
		NONE("a.example.com") SOA_OF("a.example.com")
		    FOUND(REPORT, "TXT", TXT("v=DMARC1")),
	    .facts = { { "external_reports[0].name", "\"" REPORT "\"" } },
	    .gaps = NEEDS_IP },
	{ .title = "whether it is authorized is not known",
	    .mail_from_domain = "example.com",
	    .recording = ELSEWHERE("rua=mailto:d@reports.example")
		TIMEOUT(REPORT, "TXT"),
	    .facts = { { "external_reports[0].authorized", NULL },
		{ "external_reports[0].target", "\"reports.example\"" } },
	    .gaps = NEEDS_IP "; external_reports[].authorized timeout" },
	{ .title = "whether it is of another organization is not known",
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none; rua=mailto:d@reports.example")
		NONE("reports.example") TIMEOUT("_dmarc.example", "TXT")
		    FOUND(REPORT, "TXT", TXT("v=DMARC1")),
	    .facts = { { "external_reports", "[]" } },
	    .gaps = NEEDS_IP "; external_reports timeout" },
	{ .title = "more addresses than are asked for",
	    .mail_from_domain = "example.com",
	    .recording = ELSEWHERE("rua=" EIGHT "," EIGHT ","
				   "mailto:d@reports.example")
		FOUND(REPORT, "TXT", TXT("v=DMARC1")),
	    .facts = { { "external_reports[15].authorized", "true" },
		{ "external_reports[16]", NULL }, TOLD(0, "many-uris"),
		NOT_TOLD(1) },
	    .gaps = NEEDS_IP },
	{ .title = "what is no address is not asked for",
	    .mail_from_domain = "example.com",
	    .recording = HERE("p=none; rua=d@reports.example,"
			      "https://reports.example/,mailto:d@-x"),
	    .facts = { { "external_reports", "[]" }, TOLD(0, "rua-no-scheme"),
		TOLD(1, "rua-scheme"), NOT_TOLD(2) },
	    .gaps = NEEDS_IP },
};

static void
spf_makes_it_pass_or_it_is_not_known(void **state)
{
	(void)state;
	scenes_play(&check_dmarc, results);
}

static void
both_ways_are_told_apart(void **state)
{
	(void)state;
	scenes_play(&check_dmarc, ways);
}

static void
a_long_name_has_the_record_above_it(void **state)
{
	(void)state;
	scenes_play(&check_dmarc, names);
}

static void
from_has_one_domain(void **state)
{
	(void)state;
	scenes_play(&check_dmarc, author_fields);
}

static void
reports_to_others_have_to_be_taken(void **state)
{
	(void)state;
	scenes_play(&check_dmarc, reports);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spf_makes_it_pass_or_it_is_not_known),
		cmocka_unit_test(both_ways_are_told_apart),
		cmocka_unit_test(a_long_name_has_the_record_above_it),
		cmocka_unit_test(from_has_one_domain),
		cmocka_unit_test(reports_to_others_have_to_be_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
