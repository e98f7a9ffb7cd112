#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "spf_scene.h"

/* ---- RFC 7208 4.3: initial processing ---------------------------------- */

static void
a_domain_that_is_no_domain_name_is_none_without_a_question(void **state)
{
	static const char *const names[] = { "localhost", "com.", "[192.0.2.1]",
		"[IPv6:2001:db8::1]", "192.0.2.1", "2001:db8::1",
		".example.com", "a..example.com", "x" LABEL_63 ".example.com",
		"exa mple.com", "example.com..", "%%%.example.com",
		"-a.b c.example.com",
		LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct scene scene = { .title = names[i],
			.domain = names[i],
			.ips = { IP4 },
			.facts = { RESULT("none"), REASON("bad-name"),
			    { "matched", "null" }, { "lookups", "0" } } };

		scene_play(&spf_scene, &scene);
	}
}

static const struct scene initial[] = {
	{ .title = "a trailing dot and capitals are no other domain",
	    .domain = "EXAMPLE.com.",
	    .recording = SPF("ip4:192.0.2.3 -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), WHERE("example.com") } },
	{ .title = "of a trailing dot no macro makes an empty label",
	    .domain = "example.com.",
	    .recording = SPF("a:%{o}.%{o1-}.x.example -all")
		FOUND("example.com.example.com.x.example", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("pass") } },
	{ .title = "a name in Unicode is asked for by its A-labels",
	    .domain = "b\303\274cher.example",
	    .recording = SPF_AT("xn--bcher-kva.example", "a:%{o} -all")
		FOUND("xn--bcher-kva.example", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("pass") } },
	{ .title = "and explained by them",
	    .domain = "b\303\274cher.example",
	    .recording = SPF_AT("xn--bcher-kva.example", "-all exp=x.example")
		FOUND("x.example", "TXT", TXT("%{o}")),
	    .ips = { IP4 },
	    .facts = { { "explanation", QUOTED("xn--bcher-kva.example") } } },
	{ .title = "DNS has labels that begin with a hyphen",
	    .domain = "-a.example.com",
	    .recording = SPF_AT("-a.example.com", "-all"),
	    .ips = { IP4 },
	    .facts = { RESULT("fail") } },
	{ .title = "a label of 63 octets",
	    .domain = LABEL_63 ".example.com",
	    .recording = SPF_AT(LABEL_63 ".example.com", "-all"),
	    .ips = { IP4 },
	    .facts = { RESULT("fail") } },
	{ .title = "an IPv4 address inside an IPv6 one is IPv4",
	    .recording = SPF("ip4:192.0.2.3 -all"),
	    .ips = { "::ffff:192.0.2.3" },
	    .facts = { RESULT("pass") } },
};

/* ---- 4.4, 4.5: record lookup and selection ----------------------------- */

static const struct scene selection[] = {
	{ .title = "NXDOMAIN is none",
	    .recording = NXDOMAIN("example.com", "TXT"),
	    .ips = { IP4 },
	    .facts = { RESULT("none"), REASON("no-domain"), { "voids", "0" },
		{ "explanation", "null" } },
	    .rounds = 1 },
	{ .title = "no TXT record is none",
	    .recording = NODATA("example.com", "TXT"),
	    .ips = { IP4 },
	    .facts = { RESULT("none"), REASON("no-record"),
		{ "voids", "0" } } },
	{ .title = "other TXT records do not matter",
	    .recording = FOUND("example.com", "TXT",
		TXT("v=spf10 +all") "," TXT("v=spf2.0/pra +all") "," TXT(
		    "spf1") "," TXT("v=spf1 -all") "," TXT("")),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), MATCHED("-all") } },
	{ .title = "only others are none",
	    .recording =
		FOUND("example.com", "TXT", TXT("v=spf10") "," TXT("x")),
	    .ips = { IP4 },
	    .facts = { RESULT("none"), REASON("no-record") } },
	{ .title = "two records are permerror, even if they are the same",
	    .recording = FOUND("example.com", "TXT",
		TXT("v=spf1 -all") "," TXT("V=SPF1 -all")),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("many-records"),
		{ "failing", "null" }, WHERE("example.com") } },
	{ .title = "strings are joined without a blank",
	    .recording =
		FOUND("example.com", "TXT", TXT2("v=spf1 ip4:192.", "0.2.3")),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), MATCHED("ip4:192.0.2.3") } },
	{ .title = "a record without terms is neutral",
	    .recording = FOUND("example.com", "TXT", TXT("v=spf1")),
	    .ips = { IP4 },
	    .facts = { RESULT("neutral"), REASON("no-match"),
		{ "matched", "null" } } },
};

/* ---- 4.6: record evaluation -------------------------------------------- */

static const struct scene evaluation[] = {
	{ .title = "an error anywhere is permerror before anything else",
	    .recording = SPF("ip4:192.0.2.3 -all ipv4:192.0.2.9"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("syntax"),
		FAILING("ipv4:192.0.2.9"), { "lookups", "0" } } },
	{ .title = "and nothing is asked for",
	    .recording = SPF("a:nowhere.example.com include:"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), FAILING("include:") },
	    .rounds = 1 },
	{ .title = "the first match from the left decides",
	    .recording = SPF("ip4:192.0.2.9 ~ip4:192.0.2.0/24 -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("softfail"), MATCHED("~ip4:192.0.2.0/24") } },
	{ .title = "a question mark is neutral, by the term",
	    .recording = SPF("?all"),
	    .ips = { IP4 },
	    .facts = { RESULT("neutral"), REASON("by-term"),
		MATCHED("?all") } },
	{ .title = "unknown modifiers play no part",
	    .recording = SPF("moo=cow%{i} ip4:192.0.2.3 -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("pass") } },
	{ .title = "nothing behind all is asked for",
	    .recording = SPF("~all a:nowhere.example.com"),
	    .ips = { IP4 },
	    .facts = { RESULT("softfail"), { "lookups", "0" } },
	    .rounds = 1 },
	{ .title = "an address of the other family never matches",
	    .recording = SPF("ip4:0.0.0.0/0 ip6:::ffff:192.0.2.3 ?all"),
	    .ips = { IP6 },
	    .facts = { RESULT("neutral"), MATCHED("?all") } },
	{ .title = "nor one of IPv4 that is written as IPv6",
	    .recording = SPF("ip6:::ffff:192.0.2.3 ?all"),
	    .ips = { IP4 },
	    .facts = { RESULT("neutral"), MATCHED("?all") } },
	{ .title = "a prefix that ends within an octet",
	    .recording = SPF("ip6:2001:db8::cb00/127 -all"),
	    .ips = { IP6 },
	    .facts = { RESULT("pass") } },
	{ .title = "and one that does not cover it",
	    .recording = SPF("ip6:2001:db8::cb02/127 ip4:192.0.2.0/31 -all"),
	    .ips = { IP6 },
	    .facts = { RESULT("fail") } },
	{ .title = "a prefix of nothing covers all",
	    .recording = SPF("ip4:198.51.100.1/0 -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("pass") } },
};

/* ---- 5.2: include ------------------------------------------------------ */

#define INCLUDES(text, terms) \
	SPF(terms) \
	SPF_AT("a.example", text)

static const struct scene includes[] = {
	{ .title = "what passes there matches here",
	    .recording =
		INCLUDES("ip4:192.0.2.3 -all", "~include:a.example -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("softfail"), MATCHED("~include:a.example"),
		WHERE("example.com"), { "lookups", "1" } },
	    .rounds = 2 },
	{ .title = "a fail there is no match",
	    .recording = INCLUDES("-all", "include:a.example ?all"),
	    .ips = { IP4 },
	    .facts = { RESULT("neutral"), MATCHED("?all") } },
	{ .title = "nor is a softfail",
	    .recording = INCLUDES("~all", "include:a.example -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("fail") } },
	{ .title = "nor is neutral",
	    .recording = INCLUDES("?all", "include:a.example -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("fail") } },
	{ .title = "permerror there is permerror here",
	    .recording = INCLUDES("foo", "include:a.example +all"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("syntax"), FAILING("foo"),
		WHERE("a.example") } },
	{ .title = "two records there as well",
	    .recording = SPF("include:a.example +all")
		FOUND("a.example", "TXT", TXT("v=spf1") "," TXT("v=spf1")),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("many-records"),
		WHERE("a.example") } },
	{ .title = "no record there is permerror, and a void lookup",
	    .recording =
		SPF("include:a.example +all") NXDOMAIN("a.example", "TXT"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("include-none"),
		FAILING("include:a.example"), WHERE("example.com"),
		{ "voids", "1" } } },
	{ .title = "other TXT records there are no void lookup",
	    .recording = SPF("include:a.example +all")
		FOUND("a.example", "TXT", TXT("x")),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("include-none"),
		{ "voids", "0" } } },
	{ .title = "a name of one label there is permerror",
	    .recording = SPF("include:%{h} +all"),
	    .helo = "localhost",
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("include-none"),
		FAILING("include:%{h}") } },
	{ .title = "the explanation there is not ours",
	    .recording =
		INCLUDES("-all exp=x.example", "include:a.example -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "explanation", "null" } } },
	{ .title = "%{d} is the included domain, %{o} the sender's",
	    .recording = INCLUDES("exists:%{d}.%{o}.x.example",
		"include:a.example")
		FOUND("a.example.example.com.x.example", "A", A("127.0.0.2")),
	    .ips = { IP6 },
	    .facts = { RESULT("pass") } },
	{ .title = "what comes after an include of ours that is here",
	    .recording = INCLUDES("ip4:192.0.2.9", "include:a.example a -all")
		FOUND("example.com", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), MATCHED("a"), { "lookups", "2" } },
	    .rounds = 2 },
	{ .title = "one that includes itself ends by the limit",
	    .recording = SPF("include:example.com -all"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("over-lookups"),
		FAILING("include:example.com"), { "lookups", "11" } },
	    .rounds = 1 },
};

/* ---- 6.1: redirect ----------------------------------------------------- */

static const struct scene redirects[] = {
	{ .title = "its result is ours, and its term",
	    .recording = SPF("ip4:192.0.2.9 redirect=a.example")
		SPF_AT("a.example", "~all"),
	    .ips = { IP4 },
	    .facts = { RESULT("softfail"), MATCHED("~all"), WHERE("a.example"),
		{ "lookups", "1" } },
	    .rounds = 2 },
	{ .title = "it stands at the end, wherever it is written",
	    .recording = SPF("redirect=a.example ip4:192.0.2.3"),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "lookups", "0" } },
	    .rounds = 1 },
	{ .title = "all beside it makes it void",
	    .recording = SPF("redirect=a.example ?all"),
	    .ips = { IP4 },
	    .facts = { RESULT("neutral"), { "lookups", "0" } },
	    .rounds = 1 },
	{ .title = "none there is permerror",
	    .recording = SPF("redirect=a.example") NODATA("a.example", "TXT"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("redirect-none"),
		FAILING("redirect=a.example"), { "voids", "1" } } },
	{ .title = "no name to go to is permerror",
	    .recording = SPF("redirect=%{h}"),
	    .helo = "localhost",
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("redirect-name"),
		FAILING("redirect=%{h}"), WHERE("example.com") } },
	{ .title = "the explanation is that of where it leads",
	    .recording = SPF("redirect=a.example exp=no.example")
		SPF_AT("a.example", "-all exp=x.%{d}")
		    FOUND("x.a.example", "TXT", TXT("not %{i} for %{d}")),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"),
		{ "explanation", QUOTED("not 192.0.2.3 for a.example") } },
	    .rounds = 3 },
	{ .title = "and there is none when there is none there",
	    .recording = SPF("redirect=a.example exp=no.example")
		SPF_AT("a.example", "-all"),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "explanation", "null" } } },
	{ .title = "an included one's redirect is the included one's",
	    .recording = SPF("include:a.example -all") SPF_AT("a.example",
		"redirect=b.example") SPF_AT("b.example", "ip4:192.0.2.3"),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), MATCHED("include:a.example"),
		WHERE("example.com"), { "lookups", "2" } } },
};

/* ---- all --------------------------------------------------------------- */

PLAYS(the_domain_is_made_canonical, initial, spf_scene)
PLAYS(one_record_is_selected, selection, spf_scene)
PLAYS(terms_are_evaluated_from_the_left, evaluation, spf_scene)
PLAYS(an_include_matches_by_pass_alone, includes, spf_scene)
PLAYS(a_redirect_takes_the_place_of_the_record, redirects, spf_scene)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_domain_that_is_no_domain_name_is_none_without_a_question),
		cmocka_unit_test(the_domain_is_made_canonical),
		cmocka_unit_test(one_record_is_selected),
		cmocka_unit_test(terms_are_evaluated_from_the_left),
		cmocka_unit_test(an_include_matches_by_pass_alone),
		cmocka_unit_test(a_redirect_takes_the_place_of_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
