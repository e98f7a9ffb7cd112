#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "spf_scene.h"

/* ---- 5.3, 5.4, 5.7: a, mx, exists -------------------------------------- */

#define MX_TEN \
	MX(10, "m0.example") \
	"," MX(9, "m1.example") "," MX(8, "m2.example") "," MX(7, \
	    "m3.example") "," MX(6, "m4.example") "," MX(5, \
	    "m5.example") "," MX(4, "m6.example") "," MX(3, \
	    "m7.example") "," MX(2, "m8.example") "," MX(1, "m9.example")
#define TEN_OTHERS \
	OTHER("m1.example") \
	OTHER("m2.example") \
	OTHER("m3.example") \
	OTHER("m4.example") \
	OTHER("m5.example") \
	OTHER("m6.example") \
	OTHER("m7.example") OTHER("m8.example") OTHER("m9.example")

static const struct scene mechanisms[] = {
	{ .title = "a, by IPv4, with a prefix",
	    .recording = SPF("a/30//128 -all")
		FOUND("example.com", "A", A("198.51.100.1") "," A("192.0.2.1")),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), MATCHED("a/30//128") } },
	{ .title = "a, by IPv6, with a prefix",
	    .recording = SPF("a:h.example/32//64 -all")
		FOUND("h.example", "AAAA", AAAA("2001:db8::1")),
	    .ips = { IP6 },
	    .facts = { RESULT("pass") } },
	{ .title = "a whose name no DNS can have does not match",
	    .recording = SPF("a:%{l}..example ?a:x%{l}.example -all")
		FOUND("xa.example", "A", A(IP4)),
	    .mail_from_domain = "a",
	    .ips = { IP4 },
	    .facts = { RESULT("neutral"), { "lookups", "2" } } },
	{ .title = "a by way of an alias",
	    .recording =
		SPF("a -all") ALIASED("example.com", "A", "b.example", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("pass") } },
	{ .title = "exists asks for A, whatever the client",
	    .recording = SPF("exists:%{ir}.%{v}.%{d2} -all") FOUND(
		"1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0."
		"0.2.ip6.example.com",
		"A", A("127.0.0.1")),
	    .ips = { IP6 },
	    .facts = { RESULT("pass") } },
	{ .title = "exists without an address is void and does not match",
	    .recording = SPF("exists:x.example -all") NODATA("x.example", "A"),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "voids", "1" } } },
	{ .title = "mx: the address of the last of ten",
	    .recording = SPF("mx -all") FOUND("example.com", "MX", MX_TEN)
		TEN_OTHERS FOUND("m0.example", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "lookups", "1" }, { "voids", "0" } },
	    .rounds = 3 },
	{ .title = "mx: eleven names are permerror",
	    .recording = SPF("mx -all")
		FOUND("example.com", "MX", MX_TEN "," MX(0, "m10.example")),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("over-mx"), FAILING("mx") },
	    .rounds = 2 },
	{ .title = "mx: the preferred come first, so that voids do not matter",
	    .recording = SPF("mx -all") FOUND("example.com", "MX",
		MX(30, "v1.example") "," MX(20, "v2.example") "," MX(40,
		    "v3.example") "," MX(10, "m.example"))
		NODATA("v1.example", "A") NXDOMAIN("v2.example", "A")
		    NODATA("v3.example", "A") FOUND("m.example", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "voids", "0" } } },
	{ .title = "mx: three hosts without an address are too many voids",
	    .recording = SPF("mx -all") FOUND("example.com", "MX",
		MX(1, "v1.example") "," MX(2, "v2.example") "," MX(3,
		    "v3.example") "," MX(4, "m.example"))
		NODATA("v1.example", "A") NXDOMAIN("v2.example", "A")
		    NODATA("v3.example", "A") FOUND("m.example", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("over-voids"),
		{ "voids", "3" }, FAILING("mx") } },
	{ .title = "mx: a null MX has no host",
	    .recording = SPF("mx -all") FOUND("example.com", "MX", MX(0, "")),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "voids", "0" } } },
	{ .title = "mx: none is void, and the domain's address no MX",
	    .recording = SPF("mx -all") NODATA("example.com", "MX"),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "voids", "1" } } },
	{ .title = "mx: by IPv6, with a prefix",
	    .recording = SPF("mx:b.example//120 -all")
		FOUND("b.example", "MX", MX(1, "m.b.example"))
		    FOUND("m.b.example", "AAAA", AAAA("2001:db8::cb77")),
	    .ips = { IP6 },
	    .facts = { RESULT("pass") } },
};

/* ---- 4.6.4: limits ----------------------------------------------------- */

#define A_TEN    "a a a a a a a a a a "
#define NOT_HERE FOUND("example.com", "A", A("198.51.100.1"))

static const struct scene limits[] = {
	{ .title = "ten terms that ask",
	    .recording = SPF(A_TEN "ip4:192.0.2.3 -all") NOT_HERE,
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "lookups", "10" } },
	    .rounds = 2 },
	{ .title = "an eleventh is permerror",
	    .recording = SPF(A_TEN "a:h.example -all") NOT_HERE,
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("over-lookups"),
		FAILING("a:h.example"), { "lookups", "11" } },
	    .rounds = 2 },
	{ .title = "but not before it is come to",
	    .recording =
		SPF(A_TEN "ip4:192.0.2.3 a:h.example a a a -all") NOT_HERE,
	    .ips = { IP4 },
	    .facts = { RESULT("pass") },
	    .rounds = 2 },
	{ .title = "a redirect is one of them",
	    .recording = SPF(A_TEN "redirect=r.example") NOT_HERE,
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("over-lookups"),
		FAILING("redirect=r.example") },
	    .rounds = 2 },
	{ .title = "over all records: nine below an include and it",
	    .recording = SPF("include:i.example ip4:192.0.2.3 -all")
		SPF_AT("i.example", "a a a a a a a a a") OTHER("i.example"),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "lookups", "10" } },
	    .rounds = 3 },
	{ .title = "over all records: ten below an include and it",
	    .recording = SPF("include:i.example ip4:192.0.2.3 -all")
		SPF_AT("i.example", A_TEN) OTHER("i.example"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("over-lookups"),
		WHERE("i.example") },
	    .rounds = 3 },
	{ .title = "%{p} counts for nothing",
	    .recording = SPF("?exists:%{p}.x.example a -all")
		NXDOMAIN("3.2.0.192.in-addr.arpa", "PTR")
		    FOUND("unknown.x.example", "A", A("127.0.0.1"))
			FOUND("example.com", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("neutral"), { "lookups", "1" },
		{ "voids", "0" } } },
	{ .title = "two void lookups, of one name",
	    .recording = SPF("a:v.example a:v.example ip4:192.0.2.3 -all")
		NXDOMAIN("v.example", "A"),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "voids", "2" } } },
	{ .title = "a third is permerror",
	    .recording = SPF("a:v.example mx:v.example exists:w.example "
			     "ip4:192.0.2.3 -all") NXDOMAIN("v.example", "A")
		NODATA("v.example", "MX") NXDOMAIN("w.example", "A"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("over-voids"),
		FAILING("exists:w.example"), { "voids", "3" },
		{ "lookups", "3" } },
	    .rounds = 2 },
	{ .title = "over all records",
	    .recording = SPF("a:v.example include:i.example -all")
		SPF_AT("i.example", "a:v.example a:v.example")
		    NXDOMAIN("v.example", "A"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"), REASON("over-voids"),
		WHERE("i.example") } },
	{ .title = "20 seconds are no permerror, nor temperror",
	    .recording = ASKED("example.com",
		"TXT") "\"took_ms\":20000,"
		       "\"seen\":\"answered\",\"dns\":{\"records\":[" TXT(
			   "v=spf1 -all") "]}}\n",
	    .ips = { IP4 },
	    .facts = { RESULT("fail") } },
	{ .title = "what is too slow for a term is told with the term",
	    .recording = SPF("include:slow.example -all") ASKED("slow.example",
		"TXT") "\"took_ms\":20001,\"seen\":"
		       "\"answered\",\"dns\":{\"records\":[" TXT(
			   "v=spf1 +all") "]}}\n",
	    .ips = { IP4 },
	    .facts = { RESULT("temperror"), REASON("over-time"),
		FAILING("include:slow.example"), WHERE("example.com") } },
	{ .title = "longer is temperror",
	    .recording = SPF("a:slow.example -all") ASKED("slow.example",
		"A") "\"took_ms\":20001,\"seen\":\"answered\",\"dns\":{\"records\":"
		     "[" A(IP4) "]}}\n",
	    .ips = { IP4 },
	    .facts = { RESULT("temperror"), REASON("over-time"),
		FAILING("a:slow.example") } },
};

/* ---- 6.2: exp ---------------------------------------------------------- */

#define EXPLAINED(record) SPF("-all exp=x.example") record

static const struct scene explanations[] = {
	{ .title = "letters c, r and t too, in words",
	    .recording = EXPLAINED(FOUND("x.example", "TXT",
		TXT("%{c} %{r} %{t} %{l} %{h}%_%{s}"))),
	    .mail_from_domain = "lo",
	    .helo = "he.example",
	    .ips = { IP6 },
	    .facts = { RESULT("fail"),
		{ "explanation",
		    QUOTED("2001:db8::cb01 unknown 1795219200 lo he.example "
			   "lo@example.com") } },
	    .rounds = 2 },
	{ .title = "without a local part it is postmaster",
	    .recording = EXPLAINED(FOUND("x.example", "TXT", TXT("%{s}"))),
	    .ips = { IP4 },
	    .facts = { { "explanation", QUOTED("postmaster@example.com") } } },
	{ .title = "strings are joined",
	    .recording =
		EXPLAINED(FOUND("x.example", "TXT", TXT2("a ", "%{i}"))),
	    .ips = { IP4 },
	    .facts = { { "explanation", QUOTED("a 192.0.2.3") } } },
	{ .title = "two records are none",
	    .recording =
		EXPLAINED(FOUND("x.example", "TXT", TXT("one") "," TXT("two"))),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "explanation", "null" } } },
	{ .title = "none is none, and no void lookup",
	    .recording = EXPLAINED(NXDOMAIN("x.example", "TXT")),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "explanation", "null" },
		{ "voids", "0" }, { "lookups", "0" } } },
	{ .title = "a macro that is none spoils it",
	    .recording = EXPLAINED(FOUND("x.example", "TXT", TXT("50% off"))),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "explanation", "null" } } },
	{ .title = "it is US-ASCII or nothing",
	    .recording =
		EXPLAINED(FOUND("x.example", "TXT", TXT("na\303\257ve"))),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "explanation", "null" } } },
	{ .title = "what macros stand for as well",
	    .recording = EXPLAINED(FOUND("x.example", "TXT", TXT("no %{l}"))),
	    .mail_from_domain = "na\303\257ve",
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "explanation", "null" } } },
	{ .title = "a name that no DNS can have",
	    .recording = SPF("-all exp=%{h}..example"),
	    .helo = "h",
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "explanation", "null" } },
	    .rounds = 1 },
	{ .title = "it is looked for upon a fail only",
	    .recording = SPF("~all exp=x.example"),
	    .ips = { IP4 },
	    .facts = { RESULT("softfail"), { "explanation", "null" } },
	    .rounds = 1 },
};

/* ---- a tree, each of whose questions is lost in turn ------------------- */

#define BRANCH(x) \
	SPF_AT(x ".example", "include:" x "1.example include:" x "2.example") \
	SPF_AT(x "1.example", "ip4:198.51.100.0/24 -all") \
	SPF_AT(x "2.example", "ip6:2001:db8:1::/48 ~all")

static const struct scene trees[] = {
	{ .title = "eleven questions",
	    .recording = SPF("include:a.example include:b.example "
			     "include:c.example a:h.example -all") BRANCH("a")
		BRANCH("b") BRANCH("c") FOUND("h.example", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), MATCHED("a:h.example"),
		{ "lookups", "10" }, { "voids", "0" } },
	    .rounds = 3 },
	{ .title = "what is asked ahead and not come to plays no part",
	    .recording = SPF("include:a.example a:h.example -all")
		SPF_AT("a.example", "ip4:192.0.2.0/24 -all")
		    TIMEOUT("h.example", "A"),
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), MATCHED("include:a.example"),
		{ "lookups", "1" } },
	    .rounds = 2 },
};

/* ---- the trace --------------------------------------------------------- */

#define STEP(i, text) \
	{ \
		"trace[" #i "]", QUOTED(text) \
	}

#define TEXT_20  "twenty octets of it."
#define TEXT_100 TEXT_20 TEXT_20 TEXT_20 TEXT_20 TEXT_20
#define TEXT_200 TEXT_100 TEXT_100

static const struct scene traces[] = {
	{ .title = "each step of it",
	    .recording = SPF("a:h.example mx include:i.example -all "
			     "exp=x.example")
		FOUND("h.example", "A", A("198.51.100.1") "," A("198.51.100.2"))
		    FOUND("example.com", "MX", MX(5, "m.example"))
			NODATA("m.example", "A")
			    SPF_AT("i.example", "ip4:198.51.100.9 ?all")
				FOUND("x.example", "TXT", TXT("no")),
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "trace_steps", "9" },
		STEP(0, "0 example.com [v=spf1 a:h.example mx "
			"include:i.example -all exp=x.example] example.com TXT "
			"[] 0/0 fail"),
		STEP(1, "0 example.com [a:h.example] h.example A "
			"[198.51.100.1, 198.51.100.2] 1/0"),
		STEP(2, "0 example.com [mx] example.com MX [5 m.example] 2/1"),
		STEP(3, "0 example.com [include:i.example] i.example  [] 3/1 "
			"neutral"),
		STEP(4, "1 i.example [v=spf1 ip4:198.51.100.9 ?all] i.example "
			"TXT [] 3/1 neutral"),
		STEP(5, "1 i.example [ip4:198.51.100.9]   [] 3/1"),
		STEP(6, "1 i.example [?all]   [] 3/1 match"),
		STEP(7, "0 example.com [-all]   [] 3/1 match"),
		STEP(8, "0 example.com [exp=x.example] x.example TXT [no] "
			"3/1") } },
	{ .title = "up to the error",
	    .recording = SPF("include:i.example -all") SPF_AT("i.example",
		"redirect=r.example") NXDOMAIN("r.example", "TXT"),
	    .ips = { IP4 },
	    .facts = { RESULT("permerror"),
		STEP(0, "0 example.com [v=spf1 include:i.example -all] "
			"example.com TXT [] 0/0 permerror"),
		STEP(1, "0 example.com [include:i.example] i.example  [] 1/1 "
			"permerror"),
		STEP(2, "1 i.example [v=spf1 redirect=r.example] i.example "
			"TXT [] 1/0 permerror"),
		STEP(3, "1 i.example [redirect=r.example] r.example  [] 2/0 "
			"permerror"),
		STEP(4, "2 r.example [] r.example TXT [] 2/1 none") } },
	{ .title = "an explanation of nothing",
	    .recording = EXPLAINED(FOUND("x.example", "TXT", TXT(""))),
	    .ips = { IP4 },
	    .facts = { { "explanation", QUOTED("") },
		STEP(2, "0 example.com [exp=x.example] x.example TXT [] "
			"0/0") } },
	{ .title = "as long as it may be",
	    .recording = EXPLAINED(FOUND("x.example", "TXT", TXT(TEXT_200))),
	    .ips = { IP4 },
	    .facts = { STEP(2,
		"0 example.com [exp=x.example] x.example TXT [" TEXT_200
		"] 0/0") } },
	{ .title = "longer",
	    .recording =
		EXPLAINED(FOUND("x.example", "TXT", TXT(TEXT_200 "x"))),
	    .ips = { IP4 },
	    .facts = { STEP(2,
		"0 example.com [exp=x.example] x.example TXT [" TEXT_200
		"...] 0/0") } },
	{ .title = "a long answer is cut",
	    .recording = SPF("mx -all") FOUND("example.com", "MX",
		MX(1, LABEL_63 "." LABEL_63 ".example") "," MX(2,
		    LABEL_63 "." LABEL_63 ".example") "," MX(3, "m.example"))
		FOUND(LABEL_63 "." LABEL_63 ".example", "A", A("192.0.2.9"))
		    FOUND("m.example", "A", A(IP4)),
	    .ips = { IP4 },
	    .facts = { STEP(1, "0 example.com [mx] example.com MX [1 " LABEL_63
			       "." LABEL_63 ".example, ... 3 in all] 1/0 "
			       "match") } },
};

/* ---- all --------------------------------------------------------------- */

PLAYS(mechanisms_match_by_addresses, mechanisms, spf_scene)
PLAYS(limits_are_at_their_place, limits, spf_scene)
PLAYS(a_fail_is_explained_if_all_is_well, explanations, spf_scene)
PLAYS(a_tree_is_asked_for_level_by_level, trees, spf_scene)
PLAYS(the_trace_has_each_step, traces, spf_scene_traced)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mechanisms_match_by_addresses),
		cmocka_unit_test(limits_are_at_their_place),
		cmocka_unit_test(a_fail_is_explained_if_all_is_well),
		cmocka_unit_test(a_tree_is_asked_for_level_by_level),
		cmocka_unit_test(the_trace_has_each_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
