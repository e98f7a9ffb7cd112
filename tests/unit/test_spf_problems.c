#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "check_harness.h"
#include "checks/spf/spf_judge.h"
#include "checks/spf/spf_problems.h"
#include "checks/table.h"

/* ---- a check of the problems alone ------------------------------------- */

static bool
is_listed(const char *code)
{
	for (size_t i = 0; spf_problem_codes[i] != NULL; i++)
		if (strcmp(code, spf_problem_codes[i]) == 0)
			return true;
	return strcmp(code, "problems.more") == 0;
}

/* "code severity term" of each, which is all that most scenes look at. */
static void
short_facts(struct check_run *run)
{
	json_t *list = json_object_get(run->facts, "problems"), *o;
	json_t *out = json_array();
	size_t i;

	json_array_foreach(list, i, o)
	{
		const char *code =
		    json_string_value(json_object_get(o, "code"));
		const char *term =
		    json_string_value(json_object_get(o, "term"));
		const char *detail =
		    json_string_value(json_object_get(o, "detail"));

		assert_true(is_listed(code));
		assert_true(strlen(detail) > 20);
		assert_non_null(json_object_get(o, "domain"));
		(void)json_array_append_new(out,
		    json_sprintf("%s %s%s%s", &code[4],
			json_string_value(json_object_get(o, "severity")),
			term != NULL ? " " : "", term != NULL ? term : ""));
	}
	(void)json_object_set_new(run->facts, "short", out);
}

static enum rc
run_problems(struct check_run *run)
{
	struct spf_records *records = spf_records_new(run);
	struct spf_tree tree;
	struct spf_judged of = { .records = records,
		.tree = &tree,
		.domain = run->subject->domain,
		.not_covered = run->subject->ips,
		.n_not_covered = run->subject->n_ips };
	enum rc rc;

	if (records == NULL)
		return RC_LIMIT;
	rc = spf_tree_walk(run, records, of.domain, &tree);
	if (rc == RC_OK)
		rc = spf_problems(run, &of);
	if (rc == RC_OK && !run->waiting)
		short_facts(run);
	return rc;
}

static const struct check check_problems = { .name = "problems",
	.run = run_problems };

/* ---- scenes ------------------------------------------------------------ */

#define NO99            NODATA("example.com", "TYPE99")
#define SPF(name, text) FOUND(name, "TXT", TXT("v=spf1" text))
#define OWN(text)       SPF("example.com", text) NO99
#define HERE(name)      FOUND(name, "A", A("203.0.113.7")) NODATA(name, "AAAA")
#define ONE(name, text, ...) \
	{ \
		.title = name, .recording = OWN(text), .facts = { \
			{ "short", "[" __VA_ARGS__ "]" } \
		} \
	}
#define IPS(n) " ip4:8.8." #n ".1 ip4:8.8." #n ".3 ip4:8.8." #n ".5"

static const struct scene scenes[] = {
	ONE("nothing is wrong", " ip4:8.8.8.0/24 ip6:2a00:1450::/32 ~all", ""),

	/* The name. */
	{ .title = "no record",
	    .recording = NXDOMAIN("example.com", "TXT") NO99,
	    .facts = { { "short", "[\"no-record error\"]" } } },
	{ .title = "other TXT records",
	    .recording = FOUND("example.com", "TXT", TXT("hello")) NO99,
	    .facts = { { "short", "[\"no-record error\"]" } } },
	{ .title = "a near miss",
	    .recording = FOUND("example.com", "TXT", TXT("spf1 a -all")) NO99,
	    .facts = { { "short", "[\"version error\"]" } } },
	{ .title = "a blank behind the version that is none",
	    .recording =
		FOUND("example.com", "TXT", TXT("v=spf1\\ta -all")) NO99,
	    .facts = { { "problems[0].detail",
		"\"example.com has the TXT record \\\"v=spf1\\\\009a -all\\\" "
		"(octet 0x09 at 6), which receivers do not take for SPF: it "
		"has to begin with \\\"v=spf1\\\" and a blank. So they answer "
		"none, and SPF never passes. Correct it.\"" } } },
	{ .title = "a near miss beside a record",
	    .recording = FOUND("example.com", "TXT",
		TXT("v=spf1 ip4:8.8.8.8 -all") "," TXT("spf2.0/pra a -all"))
		NO99,
	    .facts = { { "short", "[\"version advice\"]" } } },
	{ .title = "two records",
	    .recording = FOUND("example.com", "TXT",
		TXT("v=spf1 a -all") "," TXT("v=spf1 include:a.example -all"))
		NO99,
	    .facts = { { "short", "[\"multiple-records error\"]" } } },
	{ .title = "two services",
	    .recording = FOUND("example.com", "TXT",
		TXT("v=spf1 include:b.example -all") "," TXT(
		    "v=spf1 include:a.example -all")) NO99,
	    .facts = { { "short", "[\"multiple-records error\",\"two-services "
				  "advice\"]" } } },
	{ .title = "type 99 beside TXT",
	    .recording = SPF("example.com",
		" ip4:8.8.8.8 -all") ASKED("example.com",
		"TYPE99") "\"seen\":\"answered\",\"dns\":{\"records\":[{\"type\":"
			  "\"TYPE99\",\"rdata\":\"0676\"}]}}\n",
	    .facts = { { "short", "[\"type99 advice\"]" } } },
	{ .title = "type 99 cannot be told",
	    .recording = SPF("example.com", " ip4:8.8.8.8 -all")
		TIMEOUT("example.com", "TYPE99"),
	    .facts = { { "short", "[]" } },
	    .gaps = "problems timeout" },
	{ .title = "who is not covered",
	    .recording = OWN(" ip4:8.8.8.8 -all"),
	    .ips = { "192.0.2.1" },
	    .facts = { { "short", "[\"not-covered error\"]" },
		{ "problems[0].detail",
		    "\"192.0.2.1 sends this mail, and SPF of example.com does "
		    "not pass for it. The record has to let it in "
		    "(ip4:192.0.2.1, or the include of the service whose "
		    "address it is), without an error.\"" } } },

	/* How it ends. */
	ONE("plus all", " +all", "\"plus-all error +all\""),
	ONE("all alone is plus all", " ip4:8.8.8.8 all",
	    "\"plus-all error all\""),
	ONE("neutral all", " ?all", "\"neutral-all warning ?all\""),
	ONE("no all", " ip4:8.8.8.8", "\"no-all warning\""),
	ONE("terms after all", " -all ip4:8.8.8.8 mx",
	    "\"terms-after-all error ip4:8.8.8.8\""),
	ONE("a second all has nothing to be moved", " ~all -all",
	    "\"terms-after-all warning -all\""),
	ONE("a second record is one mistake",
	    " ip4:8.8.8.8 -all v=spf1 include:a.example ~all",
	    "\"repeated-version error v=spf1\""),
	ONE("a fault behind all is one mistake", " ip4:8.8.8.8 -all 3600",
	    "\"syntax error 3600\""),
	ONE("an all with a fault is no missing all", " ip4:8.8.8.8 -all;",
	    "\"syntax error -all;\""),
	ONE("a redirect with a fault is no missing all", " redirect:a.example",
	    "\"syntax error redirect:a.example\""),
	ONE("an all cut from its sign lets nobody in", " ip4:8.8.8.8 ~ all",
	    "\"blank-after-qualifier error ~\""),
	ONE("tags of DMARC do no harm",
	    " ip4:8.8.8.8 rua=mailto:a@b.example "
	    "-all",
	    "\"ignored warning rua=mailto:a@b.example\""),
	{ .title = "a list is one mistake, not a name without a record",
	    .recording = OWN(" include:a.example,include:b.example -all")
		NXDOMAIN("a.example,include:b.example", "TXT"),
	    .facts = { { "short",
		"[\"syntax error "
		"include:a.example,include:b.example\"]" } } },
	ONE("an address alone is no name", " exists:%{i} -all",
	    "\"void-lookup warning exists:%{i}\""),
	{ .title = "what stands behind all is not asked for",
	    .recording = OWN(" -all include:a.example redirect=b.example"),
	    .facts = { { "short",
		"[\"terms-after-all error include:a.example\","
		"\"redirect-with-all warning redirect=b.example\"]" } } },
	ONE("a range that is but partly private", " ip4:10.0.0.0/7 -all",
	    "\"huge-range warning ip4:10.0.0.0/7\""),
	ONE("a redirect beside all", " redirect=a.example -all",
	    "\"redirect-with-all warning redirect=a.example\""),
	{ .title = "the all of the record that it redirects to",
	    .recording = OWN(" redirect=_spf.example.com")
		SPF("_spf.example.com", " ip4:8.8.8.8 ?all"),
	    .facts = { { "short", "[\"neutral-all warning ?all\"]" },
		{ "problems[0].domain", "\"_spf.example.com\"" } } },
	{ .title = "the all of an include does not matter, but +all",
	    .recording = OWN(" include:a.example include:b.example -all")
		SPF("a.example", " ?all") SPF("b.example", " +all"),
	    .facts = { { "short", "[\"plus-all error +all\"]" } } },

	/* The whole. */
	ONE("ptr", " ptr -all", "\"ptr warning ptr\""),
	ONE("a long record",
	    IPS(1) IPS(2) IPS(3) IPS(4) IPS(5) IPS(6) IPS(7) IPS(8) IPS(9)
		IPS(10) IPS(11) IPS(12) " -all",
	    "\"long-record advice\""),
	{ .title = "upper case",
	    .recording = FOUND("example.com", "TXT",
		TXT("V=SPF1 ip4:8.8.8.8 -ALL")) NO99,
	    .facts = { { "short", "[\"upper-case advice\"]" } } },
	ONE("blanks are allowed", "   ip4:8.8.8.8   -all  ", ""),

	/* Ranges. */
	ONE("a huge range", " ip4:8.0.0.0/15 -all",
	    "\"huge-range warning ip4:8.0.0.0/15\""),
	ONE("a range that may be", " ip4:8.0.0.0/16 -all", ""),
	ONE("all of IPv4", " ip4:0.0.0.0/0 -all",
	    "\"huge-range error ip4:0.0.0.0/0\""),
	ONE("a huge range of IPv6", " ip6:2a00::/31 ip6:2a02:1450::/32 -all",
	    "\"huge-range warning ip6:2a00::/31\""),
	ONE("a range that is not let in", " -ip4:8.0.0.0/8 ~all", ""),
	{ .title = "others may list wide ranges, but no /8",
	    .recording = OWN(" include:a.example -all")
		SPF("a.example", " ip4:40.92.0.0/14 ip4:8.0.0.0/8 -all"),
	    .facts = { { "short",
		"[\"huge-range warning ip4:8.0.0.0/8\"]" } } },
	{ .title = "many ranges together",
	    .recording = OWN(" include:a.example -all")
		SPF("a.example", " ip4:8.0.0.0/11 ip4:9.0.0.0/16 -all"),
	    .facts = { { "short", "[\"huge-range advice\"]" } } },
	ONE("private and documentation addresses",
	    " ip4:10.1.2.3 ip4:192.0.2.1 ip6:fe80::1 ip4:127.0.0.1 ~all",
	    "\"private-address warning ip4:10.1.2.3\","
	    "\"documentation-address warning ip4:192.0.2.1\","
	    "\"private-address warning ip6:fe80::1\","
	    "\"private-address warning ip4:127.0.0.1\""),
	ONE("what is there twice",
	    " ip4:8.8.8.0/24 ip4:8.8.8.8 ip4:8.8.8.9/24 -ip4:8.8.8.7 "
	    "exists:%{i}.a.example -exists:%{i}.A.example -all",
	    "\"unreachable advice ip4:8.8.8.8\","
	    "\"duplicate advice ip4:8.8.8.9/24\","
	    "\"unreachable warning -ip4:8.8.8.7\","
	    "\"duplicate warning -exists:%{i}.A.example\""),

	/* The tree. */
	{ .title = "includes that lead nowhere",
	    .recording = OWN(" include:a.example include:b.example "
			     "include:c.example include:a..b.example -all")
		NXDOMAIN("a.example", "TXT")
		    FOUND("b.example", "TXT", TXT("hello")) FOUND("c.example",
			"TXT", TXT("v=spf1") "," TXT("v=spf1 -all")),
	    .facts = { { "short",
		"[\"include-no-record error include:a.example\","
		"\"include-no-record error include:b.example\","
		"\"multiple-records error include:c.example\","
		"\"include-no-record error include:a..b.example\"]" } } },
	{ .title = "a loop is told once, wherever it is come to",
	    .recording = OWN(" include:a.example include:a.example -all")
		SPF("a.example", " include:example.com -all"),
	    .facts = { { "short", "[\"duplicate warning include:a.example\","
				  "\"include-loop error include:example.com\""
				  "]" } } },
	{ .title = "eleven lookups",
	    .recording =
		OWN(" include:a.example a a a a a a -all") HERE("example.com")
		    HERE("a.example") SPF("a.example", " a a a ?a -all"),
	    .facts = { { "short[0]", "\"too-many-lookups error\"" } } },
	{ .title = "ten lookups",
	    .recording = OWN(" include:a.example exists:%{i}.a.example -all")
		HERE("a.example") SPF("a.example", " a a a a a a a ~a -all"),
	    .facts = { { "short", "[\"lookups-full advice\"]" } } },
	{ .title = "void lookups, one of which is one too many",
	    .recording = OWN(" a exists:x.example include:a.example -all")
		NODATA("example.com", "A") NODATA("example.com", "AAAA")
		    NODATA("x.example", "A") SPF("a.example", " mx -all")
			NODATA("a.example", "MX"),
	    .facts = { { "short", "[\"too-many-voids error\","
				  "\"void-lookup warning a\","
				  "\"void-lookup warning exists:x.example\","
				  "\"void-lookup warning mx\"]" } } },
	{ .title = "a void lookup of others is theirs",
	    .recording = OWN(" include:a.example -all")
		SPF("a.example", " mx -all") NODATA("a.example", "MX"),
	    .facts = { { "short", "[]" } } },
	{ .title = "macros decide",
	    .recording = OWN(" include:%{d}.a.example exists:%{i}.x -all"),
	    .facts = { { "short", "[\"macro-lookups advice "
				  "include:%{d}.a.example\"]" } } },
	{ .title = "eleven MX hosts",
	    .recording = OWN(" mx -all") FOUND("example.com", "MX",
		MX(1, "") "," MX(1, "") "," MX(1, "") "," MX(1, "") "," MX(1,
		    "") "," MX(1, "") "," MX(1, "") "," MX(1, "") "," MX(1,
		    "") "," MX(1, "") "," MX(1, "")),
	    .facts = { { "short", "[\"mx-many error mx\"]" } } },
	{ .title = "a fault in what is included",
	    .recording = OWN(" include:a.example -all") SPF("a.example",
		" ptr ipv4:8.8.8.8 10.1.1.1 mx:8.8.8.8 ip4:10.0.0.1"),
	    .facts = { { "short", "[\"syntax error ipv4:8.8.8.8\",\"syntax "
				  "error 10.1.1.1\",\"literal-in-a error "
				  "mx:8.8.8.8\"]" } } },
	{ .title = "a record that is not known",
	    .recording =
		OWN(" include:a.example ptr -all") TIMEOUT("a.example", "TXT"),
	    .facts = { { "short", "[\"ptr warning ptr\"]" } },
	    .gaps = "problems timeout" },
	{ .title = "a fault is told with what was meant, and where",
	    .recording = OWN(" inlcude:a.example -all"),
	    .facts = { { "problems[0].detail",
			   "\"\\\"inlcude:a.example\\\" at octet 7 of the "
			   "record of example.com is misspelled, it seems; "
			   "receivers answer permerror to the whole record, so "
			   "nothing passes. What was meant is "
			   "\\\"include:a.example\\\".\"" },
		{ "problems[0].domain", "\"example.com\"" },
		{ "problems[0].term", "\"inlcude:a.example\"" } } },
	{ .title = "an octet is named",
	    .recording = OWN(" ip4:8.8.8.8\\\\009-all"),
	    .facts = { { "short",
			   "[\"white-space error ip4:8.8.8.8\\t-all\"]" },
		{ "problems[0].detail",
		    "\"\\\"ip4:8.8.8.8\\\\009-all\\\" at octet 7 of the "
		    "record of example.com (octet 0x09 at 18) has white "
		    "space in it that is no plain blank; receivers answer "
		    "permerror to the whole record, so nothing passes. What "
		    "was meant is \\\"ip4:8.8.8.8 -all\\\".\"" } } },
};

static void
each_scene(void **state)
{
	(void)state;
	scenes_play(&check_problems, scenes);
}

/* ---- much of it -------------------------------------------------------- */

enum { MOST = 64 * 1024 - 64 };

/* A record of 64 KB of terms; each has the number in it where "%d" stands. */
static struct slice
long_record(struct arena *a, const char *before, const char *after)
{
	unsigned char *text = arena_new_of(a, unsigned char, MOST + 64);
	size_t at = strlen("v=spf1");
	int n;

	assert_non_null(text);
	memcpy(text, "v=spf1", at);
	for (n = 0; at < MOST; n++) {
		struct arena *own = arena_new(4096, 256);
		struct slice t;

		assert_non_null(own);
		t = arena_slicef(own, " %s%d%s", before, n % 250, after);
		memcpy(&text[at], t.p, t.n);
		at += t.n;
		arena_free(own);
	}
	return slice_of(text, at);
}

static const struct {
	const char *before, *after;
} many[] = {
	{ "ip4:8.8.8.", "" },
	{ "ip4:8.8.", ".0/24" },
	{ "x", "" },
	{ "+ a", "" },
	{ "a /", "" },
	{ "mx ", "" },
	{ "", "" },
	{ "a:", ".example" },
	{ "include:", ".exampleinclude:b.example" },
	{ "ip6:2a00::", "" },
	{ "ip4:8.8.8.8ip4:9.9.9.", "" },
};

static void
long_records_take_no_square_time(void **state)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	size_t i;

	(void)state;
	assert_non_null(a);
	for (i = 0; i < sizeof(many) / sizeof(*many); i++) {
		struct check_run run = { .arena = a, .facts = json_object() };
		struct spf_judged of = { .domain = SLICE_LIT("example.com") };
		struct spf_judge j = { .run = &run, .of = &of };
		struct answer answer = { .seen = SEEN_ANSWERED };
		struct spf_published p = { .domain = of.domain,
			.answer = &answer,
			.found = 1 };
		struct slice text;

		arena_reset(a);
		text = long_record(a, many[i].before, many[i].after);
		assert_int_equal(spf_record_parse(a, text, &p.record), RC_OK);
		spf_judge_record(&j, &p);
		assert_int_equal(spf_judge_ranges(&j, &p), RC_OK);
		assert_true(json_array_size(
				json_object_get(run.facts, "problems")) > 1);
		assert_true(json_array_size(json_object_get(run.facts,
				"problems")) <= LIMIT_PROBLEMS + 1);
		json_decref(run.facts);
	}
	arena_free(a);
}

/* What `presend checks` says of problems[].code. */
static void
each_code_is_documented(void **state)
{
	const struct fact_doc *doc = check_spf.facts;

	(void)state;
	while (doc->path != NULL && strcmp(doc->path, "problems[].code") != 0)
		doc++;
	assert_non_null(doc->path);
	for (size_t i = 0; spf_problem_codes[i] != NULL; i++)
		if (strstr(doc->meaning, spf_problem_codes[i]) == NULL)
			fail_msg("%s is in no manual", spf_problem_codes[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_scene),
		cmocka_unit_test(long_records_take_no_square_time),
		cmocka_unit_test(each_code_is_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
