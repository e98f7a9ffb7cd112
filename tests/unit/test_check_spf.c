#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define IP4   "192.0.2.1"
#define OTHER "198.51.100.7"
#define IP6   "2001:db8::1"

/* Nothing of the old type 99 beside it. */
#define SPF_AT(name, terms) \
	FOUND(name, "TXT", TXT("v=spf1 " terms)) NODATA(name, "SPF")
#define SPF(terms) SPF_AT("example.com", terms)
#define HELO       NODATA("helo.test", "TXT")
#define REVERSE    "1.2.0.192.in-addr.arpa"

#define RESULT(text) \
	{ \
		"result", "\"" text "\"" \
	}
#define YES "true"
#define NO  "false"

/* ---- each result ------------------------------------------------------- */

#define OUTCOME(name, text, passes, list) \
	.mail_from = "a@example.com", .ips = { IP4 }, .helo = "helo.test", \
	.facts = { \
		{ "domain", "\"example.com\"" }, \
		RESULT(text), \
		{ "pass", passes }, \
		{ "not_covered", list }, \
		{ "helo_result", "\"none\"" }, \
		{ "evaluations[0].result", "\"" text "\"" }, \
		{ "evaluations[0].passed_over", "null" }, \
	}, .title = name

static const struct scene results[] = {
	{ OUTCOME("pass", "pass", YES, "[]"),
	    .recording = HELO SPF("a -all") FOUND("example.com", "A", A(IP4))
		NODATA("example.com", "AAAA") },
	{ OUTCOME("fail", "fail", NO, "[\"" IP4 "\"]"),
	    .recording = HELO SPF("ip4:" OTHER " -all") },
	{ OUTCOME("softfail", "softfail", NO, "[\"" IP4 "\"]"),
	    .recording = HELO SPF("ip4:" OTHER " ~all") },
	{ OUTCOME("neutral", "neutral", NO, "[\"" IP4 "\"]"),
	    .recording = HELO SPF("ip4:" OTHER) },
	{ OUTCOME("none", "none", NO, "[\"" IP4 "\"]"),
	    .recording = HELO FOUND("example.com", "TXT", TXT("v=spf10 -all"))
		NODATA("example.com", "SPF") },
	{ OUTCOME("none, as there is no such name", "none", NO,
	      "[\"" IP4 "\"]"),
	    .recording = HELO NXDOMAIN("example.com", "TXT")
		NXDOMAIN("example.com", "SPF") },
	{ OUTCOME("permerror", "permerror", NO, "[\"" IP4 "\"]"),
	    .recording = HELO SPF("ip4:" IP4 " ip4:x -all") },
	{ OUTCOME("permerror, of two records", "permerror", NO,
	      "[\"" IP4 "\"]"),
	    .recording = HELO FOUND("example.com", "TXT",
		TXT("v=spf1 +all") "," TXT("v=spf1 -all"))
		NODATA("example.com", "SPF") },
};

static void
each_result_is_told(void **state)
{
	(void)state;
	scenes_play(&check_spf, results);
}

/* ---- who is judged ----------------------------------------------------- */

static const struct scene identities[] = {
	{ .title = "the null sender is postmaster at HELO",
	    .recording = SPF_AT("helo.test", "exists:%{l}.%{o}.test -all")
		FOUND("postmaster.helo.test.test", "A", A("127.0.0.2")),
	    .mail_from = "",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { { "domain", "\"helo.test\"" }, RESULT("pass"),
		{ "pass", YES }, { "helo_result", "\"pass\"" } } },
	{ .title = "the null sender without HELO is not known",
	    .mail_from = "",
	    .ips = { IP4 },
	    .facts = { { "result", NULL }, { "pass", NULL },
		{ "evaluations", NULL } },
	    .gaps = " needs-helo" },
	{ .title = "an address literal in HELO is no domain name",
	    .recording = HELO SPF("ip4:" IP4 " -all"),
	    .mail_from = "a@example.com",
	    .helo = "[192.0.2.1]",
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "helo_result", "\"none\"" },
		{ "helo_reason",
		    "\"\\\"[192.0.2.1]\\\" is no full domain name\"" } },
	    .rounds = 1 },
	{ .title = "an address literal in HELO of the null sender",
	    .mail_from = "",
	    .helo = "[192.0.2.1]",
	    .ips = { IP4 },
	    .facts = { { "domain", "null" }, { "record", "null" },
		{ "records_found", "0" }, { "tree", "[]" }, RESULT("none"),
		{ "pass", NO }, { "helo_result", "\"none\"" } } },
	{ .title = "nor is an address without brackets",
	    .mail_from = "",
	    .helo = "192.0.2.1",
	    .ips = { IP4 },
	    .facts = { { "domain", "null" }, { "record", "null" },
		RESULT("none") } },
	{ .title = "a label that ends with a hyphen is one of DNS",
	    .helo = "helo.test",
	    .recording = HELO SPF_AT("a-.example.com", "ip4:" IP4 " -all"),
	    .mail_from = "a@A-.example.com",
	    .ips = { IP4 },
	    .facts = { { "domain", "\"a-.example.com\"" },
		{ "record", "\"v=spf1 ip4:" IP4 " -all\"" }, { "all", "\"-\"" },
		RESULT("pass") } },
	{ .title = "an internationalized domain is asked for in A-labels",
	    .helo = "helo.test",
	    .recording = HELO SPF_AT("xn--mller-kva.example",
		"exists:%{o}.test exists:%{d}.test -all")
		FOUND("xn--mller-kva.example.test", "A", A("127.0.0.2")),
	    .mail_from = "a@m\303\274ller.example",
	    .ips = { IP4 },
	    .facts = { { "domain", "\"xn--mller-kva.example\"" },
		RESULT("pass"),
		{ "evaluations[0].mechanism", "\"exists:%{o}.test\"" } } },
	{ .title = "HELO is judged by itself",
	    .recording = SPF("ip4:" IP4 " -all") SPF_AT("helo.test", "a -all")
		FOUND("helo.test", "A", A(OTHER)),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "helo_result", "\"fail\"" },
		{ "evaluations[1].identity", "\"helo\"" },
		{ "evaluations[1].domain", "\"helo.test\"" } } },
	{ .title = "%{d} in an include is the included domain",
	    .recording = HELO SPF("include:i.test exists:%{d}.x.test -all")
		SPF_AT("i.test", "exists:%{d}.y.test ?all")
		    NODATA("i.test.y.test", "A")
			FOUND("example.com.x.test", "A", A("127.0.0.2")),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { RESULT("pass"),
		{ "evaluations[0].mechanism", "\"exists:%{d}.x.test\"" },
		{ "evaluations[0].void_lookups", "1" } } },
};

static void
the_identity_is_the_one_that_a_receiver_judges(void **state)
{
	(void)state;
	scenes_play(&check_spf, identities);
}

/* ---- IPs --------------------------------------------------------------- */

static const struct scene addresses[] = {
	{ .title = "without an IP only the record is judged",
	    .recording = HELO SPF("ip4:" IP4 " -all"),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .facts = { { "record", "\"v=spf1 ip4:" IP4 " -all\"" },
		{ "all", "\"-\"" }, { "lookups", "0" }, { "result", NULL },
		{ "pass", NULL }, { "reason", NULL }, { "evaluations", "[]" } },
	    .gaps = "result needs-ip; pass needs-ip; reason needs-ip; "
		    "helo_result needs-ip; helo_pass needs-ip; "
		    "helo_reason needs-ip" },
	{ .title = "without an IP, what decides for all of them",
	    .recording = HELO SPF("ip4:300.0.2.1 -all"),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .facts = { RESULT("permerror"), { "pass", NO } },
	    .gaps = "helo_result needs-ip; helo_pass needs-ip; "
		    "helo_reason needs-ip" },
	{ .title = "without an IP, an address literal in HELO",
	    .mail_from = "",
	    .helo = "[IPv6:2001:db8::1]",
	    .facts = { RESULT("none"), { "pass", NO },
		{ "helo_result", NULL } },
	    .gaps = "helo_result needs-ip; helo_pass needs-ip; "
		    "helo_reason needs-ip" },
	{ .title = "one IP of several is not covered",
	    .recording = HELO SPF("ip4:192.0.2.0/24 ip6:2001:db8::/32 a ~all")
		FOUND("example.com", "A", A("203.0.113.1")),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4, OTHER, IP6 },
	    .facts = { RESULT("softfail"), { "pass", NO },
		{ "not_covered", "[\"" OTHER "\"]" },
		{ "reason", "\"For " OTHER ", \\\"~all\\\" in the record of "
			    "example.com matches " OTHER "\"" } } },
	{ .title = "IPv6 asks for AAAA",
	    .recording = HELO SPF("a -all") FOUND("example.com", "AAAA",
		AAAA(IP6)) FOUND("example.com", "A", A(OTHER)),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP6, OTHER },
	    .facts = { RESULT("pass"), { "pass", YES },
		{ "not_covered", "[]" } } },
};

static void
every_ip_is_judged(void **state)
{
	(void)state;
	scenes_play(&check_spf, addresses);
}

/* ---- lost answers ------------------------------------------------------ */

static const struct scene losses[] = {
	{ .title = "of one IP of two: the other's fail is certain, no more",
	    .recording =
		HELO SPF("ip4:" OTHER " ip6:2001:db8::/32 exists:%{ir}.test "
			 "-all") NXDOMAIN("9.100.51.198.test", "A")
		    TIMEOUT("1.2.0.192.test", "A"),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4, "198.51.100.9" },
	    .facts = { { "result", NULL }, { "pass", NO },
		{ "not_covered", NULL },
		{ "evaluations[0].result", "\"temperror\"" },
		{ "evaluations[2].result", "\"fail\"" } },
	    .gaps = "result timeout; not_covered timeout; "
		    "suggested timeout" },
	{ .title = "of ptr: SPF goes on without it, the facts do not",
	    .recording = HELO SPF("ptr -all") TIMEOUT(REVERSE, "PTR"),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { { "result", NULL }, { "pass", NULL }, { "reason", NULL },
		{ "not_covered", NULL },
		{ "evaluations[0].result", "\"fail\"" },
		{ "evaluations[0].passed_over", "\"" REVERSE " PTR\"" } },
	    .gaps = "result timeout; reason timeout; pass timeout; "
		    "not_covered timeout; suggested timeout" },
	{ .title = "of a name that ptr does not need",
	    .recording = HELO SPF("ptr -all")
		FOUND(REVERSE, "PTR", PTR("a.test") "," PTR("m.example.com"))
		    TIMEOUT("a.test", "A") FOUND("m.example.com", "A", A(IP4)),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { RESULT("pass"), { "pass", YES },
		{ "evaluations[0].passed_over", "null" } } },
	{ .title = "of %{p}",
	    .recording = HELO SPF("exists:%{p}.test -all") FOUND(REVERSE, "PTR",
		PTR("m.example.com")) FOUND("m.example.com", "A", A(IP4))
		FOUND("m.example.com.test", "A", A("127.0.0.2"))
		    NXDOMAIN("unknown.test", "A"),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { RESULT("pass") } },
	{ .title = "of an explanation",
	    .recording = HELO SPF("-all exp=x.test") TIMEOUT("x.test", "TXT"),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "pass", NO },
		{ "evaluations[0].explanation", NULL } },
	    .gaps = "evaluations[].explanation timeout" },
	{ .title = "of what an explanation says of the client",
	    .recording = HELO SPF("-all exp=x.test") FOUND("x.test", "TXT",
		TXT("%{p} is not ours")) FOUND(REVERSE, "PTR",
		PTR("m.example.net")) FOUND("m.example.net", "A", A(IP4)),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { RESULT("fail"),
		{ "evaluations[0].explanation",
		    "\"m.example.net is not ours\"" } } },
	{ .title = "anywhere in a tree",
	    .recording = HELO SPF("include:i.test mx include:j.test "
				  "redirect=r.test") SPF_AT("i.test",
		"a:h.i.test ?all") NODATA("h.i.test", "A") NODATA("h.i.test",
		"AAAA") FOUND("example.com", "MX", MX(10, "mx.example.com"))
		FOUND("mx.example.com", "A", A(OTHER)) NODATA("mx.example.com",
		    "AAAA") SPF_AT("j.test", "ip4:" IP4 " -all")
		    SPF_AT("r.test", "~all"),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4, "203.0.113.5" },
	    .facts = { RESULT("softfail"), { "all", "\"~\"" },
		{ "lookups", "5" }, { "void_lookups", "1" },
		{ "not_covered", "[\"203.0.113.5\"]" } } },
	{ .title = "the HELO name, which %{h} asks for",
	    .recording = HELO SPF("exists:%{h}.test -all"),
	    .mail_from = "a@example.com",
	    .ips = { IP4 },
	    .facts = { { "result", NULL }, { "pass", NULL },
		{ "not_covered", NULL }, { "helo_result", NULL },
		{ "evaluations[0].passed_over", "\"HELO\"" } },
	    .gaps = "result needs-helo; reason needs-helo; pass needs-helo; "
		    "not_covered needs-helo; helo_result needs-helo; "
		    "helo_pass needs-helo; helo_reason needs-helo; "
		    "suggested needs-helo" },
	{ .title = "the HELO name, which only an explanation asks for",
	    .recording = HELO SPF("-all exp=x.test")
		FOUND("x.test", "TXT", TXT("%{h} is not ours")),
	    .mail_from = "a@example.com",
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "pass", NO },
		{ "evaluations[0].explanation", NULL } },
	    .gaps = "evaluations[].explanation needs-helo; "
		    "helo_result needs-helo; helo_pass needs-helo; "
		    "helo_reason needs-helo" },
	{ .title = "all hangs on a redirect that hangs on macros",
	    .recording = HELO SPF("redirect=%{d}.test")
		SPF_AT("example.com.test", "-all"),
	    .mail_from = "a@example.com",
	    .helo = "helo.test",
	    .ips = { IP4 },
	    .facts = { RESULT("fail"), { "all", NULL }, { "dynamic", YES } },
	    .gaps = "all needs-ip" },
};

static void
what_is_lost_is_not_guessed(void **state)
{
	(void)state;
	scenes_play(&check_spf, losses);
}

/* ---- size -------------------------------------------------------------- */

enum { BLANKS = 20, BLANKS_EACH = 250 };

/* "v=spf1", thousands of blanks, "-all". */
static void
long_record(char *out, size_t size)
{
	size_t n = 0, i;

	n += (size_t)snprintf(out, size, "%s",
	    ASKED("example.com",
		"TXT") "\"seen\":\"answered\",\"dns\":{\"records\":[{\"type\":"
		       "\"TXT\",\"strings\":[\"v=spf1\"");
	for (i = 0; i < BLANKS; i++)
		n += (size_t)snprintf(out + n, size - n, ",\"%*s\"",
		    (int)BLANKS_EACH, "");
	(void)snprintf(out + n, size - n, "%s",
	    ",\"-all\"]}]}}\n" HELO NODATA("example.com", "SPF"));
}

/*
 * An include of a long record, a hundred times, or twenty sending IPs: what
 * is shown of it for each would be more than can be held.
 */
static void
a_long_record_is_shown_whole_once(void **state)
{
	char recording[BLANKS * (BLANKS_EACH + 8) + 512];
	struct scene scene = { .title = "a long record",
		.recording = recording,
		.helo = "helo.test",
		.mail_from = "a@example.com",
		.ips = { IP4 },
		.facts = { RESULT("fail"), { "lookups", "0" } } };
	char cut[4096 + 64], whole[BLANKS * BLANKS_EACH + 64];

	(void)state;
	long_record(recording, sizeof(recording));
	(void)snprintf(whole, sizeof(whole), "\"v=spf1%*s-all\"",
	    (int)(BLANKS * BLANKS_EACH), "");
	(void)snprintf(cut, sizeof(cut), "\"v=spf1%*s... (5010 octets)\"",
	    4096 - 6, "");
	scene.facts[2] = (struct expected_fact){ "record", whole };
	scene.facts[3] = (struct expected_fact){ "tree[0].record", cut };
	scene.facts[4] =
	    (struct expected_fact){ "evaluations[0].trace[0].answer", cut };
	scene_play(&check_spf, &scene);
}

/* Ranges that do not match are one step, however many they are. */
static void
ranges_in_a_row_are_one_step(void **state)
{
	static const struct scene scene = { .title = "ranges in a row",
		.recording =
		    HELO SPF("ip4:10.0.0.1 ip4:10.0.0.2 include:i.test "
			     "ip4:10.0.0.3 ip4:10.0.0.4 ip6:2001:db8:: "
			     "ip4:" IP4 " -all")
			SPF_AT("i.test", "ip4:10.0.0.5 ip4:10.0.0.6"),
		.mail_from = "a@example.com",
		.helo = "helo.test",
		.ips = { IP4 },
		.facts = { RESULT("pass"),
		    { "evaluations[0].trace[1].term",
			"\"ip4:10.0.0.1 ... ip4:10.0.0.2 (2 ranges)\"" },
		    { "evaluations[0].trace[2].term", "\"include:i.test\"" },
		    { "evaluations[0].trace[3].term", "null" },
		    { "evaluations[0].trace[4].term",
			"\"ip4:10.0.0.5 ... ip4:10.0.0.6 (2 ranges)\"" },
		    { "evaluations[0].trace[5].term",
			"\"ip4:10.0.0.3 ... ip6:2001:db8:: (3 ranges)\"" },
		    { "evaluations[0].trace[6].term", "\"ip4:" IP4 "\"" },
		    { "evaluations[0].trace[6].matched", YES },
		    { "evaluations[0].trace[7]", NULL } } };

	(void)state;
	scene_play(&check_spf, &scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_result_is_told),
		cmocka_unit_test(
		    the_identity_is_the_one_that_a_receiver_judges),
		cmocka_unit_test(every_ip_is_judged),
		cmocka_unit_test(what_is_lost_is_not_guessed),
		cmocka_unit_test(a_long_record_is_shown_whole_once),
		cmocka_unit_test(ranges_in_a_row_are_one_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
