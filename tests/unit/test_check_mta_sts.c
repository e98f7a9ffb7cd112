#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"
#include "make_certificate.h"

static const struct certificate_plan plans[] = {
	{ .name = "root", .common_name = "Root", .authority = true },
	{ .name = "good",
	    .alternative = "DNS:mta-sts.example.com",
	    .issuer = "root" },
	{ .name = "cn",
	    .common_name = "mta-sts.example.com",
	    .issuer = "root" },
	{ .name = "old",
	    .alternative = "DNS:mta-sts.example.com",
	    .issuer = "root",
	    .from = -9,
	    .until = -1 },
	{ .name = "own", .alternative = "DNS:mta-sts.example.com" },
	{ 0 },
};

#define URL          "https://mta-sts.example.com/.well-known/mta-sts.txt"
#define RECORD(text) FOUND("_mta-sts.example.com", "TXT", TXT(text))
#define RECORD_HERE  RECORD("v=STSv1; id=20261121;")
#define MX_HERE \
	FOUND("example.com", "MX", MX(10, "mx.example.com")) \
	FOUND("mx.example.com", "A", A("192.0.2.1")) \
	NODATA("mx.example.com", "AAAA")
#define HOST_HERE \
	FOUND("mta-sts.example.com", "A", A("192.0.2.9")) \
	NODATA("mta-sts.example.com", "AAAA")
#define WORLD RECORD_HERE MX_HERE HOST_HERE
#define SERVED(status, type, name, body, more) \
	HTTPS(URL, "\"status\":" #status ",\"content_type\":\"" type \
		   "\",\"body\":[" body "]" more ",\"tls\":{\"version\":" \
		   "\"TLSv1.3\",\"chain\":[\"@" name "@\"]}")
#define POLICY(body) SERVED(200, "text/plain", "good", body, "")
#define STS          "\"version: STSv1\","
#define ENFORCE      "\"mode: enforce\","
#define AGE          "\"max_age: 604800\""
#define GOOD_BODY    STS ENFORCE "\"mx: mx.example.com\"," AGE ",\"\""
#define PROBLEM(n, code) \
	{ \
		"problems[" #n "].code", "\"mta_sts." code "\"" \
	}
#define RIGHT \
	{ "valid", "true" }, \
	{ \
		"problems", "[]" \
	}
#define WRONG(code) { "valid", "false" }, PROBLEM(0, code)
#define ALONE \
	{ \
		"problems[1]", NULL \
	}

/* The policy is what it is about: all else is right. */
#define BODY(name, body, ...) \
	{ \
		.title = name, .recording = WORLD POLICY(body), .facts = { \
			__VA_ARGS__ \
		} \
	}
/* A pattern for mx.example.com. */
#define PATTERN(name, pattern, ...) \
	BODY(name, STS ENFORCE "\"mx: " pattern "\"," AGE, __VA_ARGS__)
/* No record that counts. */
#define NO_RECORD(name, text, ...) \
	{ \
		.title = name, .recording = RECORD(text), .facts = { \
			{ "record", "null" }, \
			{ "policy", "null" }, \
			{ "id", "null" }, \
			{ "hosts", "null" }, \
			__VA_ARGS__ \
		} \
	}

static struct scene scenes[] = {
	BODY("all is right", GOOD_BODY, RIGHT,
	    { "record", "\"v=STSv1; id=20261121;\"" }, { "id", "\"20261121\"" },
	    { "policy", "{\"version\":\"STSv1\",\"mode\":\"enforce\",\"mx\":["
			"\"mx.example.com\"],\"max_age\":604800}" },
	    { "mode", "\"enforce\"" },
	    { "hosts", "[{\"name\":\"mx.example.com\",\"matches\":true}]" },
	    { "unmatched", "[]" }, { "certificate_ok", "true" }),

	/* The record. */
	{ .title = "no record",
	    .recording = NXDOMAIN("_mta-sts.example.com", "TXT"),
	    .facts = { { "record", "null" }, { "id", "null" },
		{ "policy", "null" }, { "mode", "null" }, { "hosts", "null" },
		{ "unmatched", "null" }, { "valid", "null" },
		{ "certificate_ok", "null" }, { "problems", "[]" } },
	    .rounds = 1 },
	{ .title = "a record that cannot be told",
	    .recording = TIMEOUT("_mta-sts.example.com", "TXT"),
	    .facts = { { "record", NULL }, { "valid", NULL } },
	    .gaps = " timeout" },
	{ .title = "two records are none",
	    .recording = FOUND("_mta-sts.example.com", "TXT",
		TXT("v=STSv1; id=1;") "," TXT("v=STSv1; id=2;")),
	    .facts = { { "record", "null" }, { "policy", "null" },
		WRONG("multiple-records") } },
	{ .title = "another TXT record does not count",
	    .recording = FOUND("_mta-sts.example.com", "TXT",
		TXT("hello") "," TXT("v=STSv1; id=1;"))
		MX_HERE HOST_HERE POLICY(GOOD_BODY),
	    .facts = { RIGHT, { "id", "\"1\"" } } },
	{ .title = "a record in two strings",
	    .recording = FOUND("_mta-sts.example.com", "TXT",
		TXT2("v=STSv1; i", "d=1;")) MX_HERE HOST_HERE POLICY(GOOD_BODY),
	    .facts = { RIGHT, { "id", "\"1\"" } } },
	NO_RECORD("a version without a semicolon is no record", "v=STSv1",
	    { "valid", "null" }, PROBLEM(0, "not-a-record")),
	NO_RECORD("a version in another case is none", "v=stsv1; id=1;",
	    { "valid", "null" }, PROBLEM(0, "not-a-record")),
	NO_RECORD("white space before the version", " v=STSv1; id=1;",
	    { "valid", "null" }, PROBLEM(0, "not-a-record")),
	NO_RECORD("another version", "v=STSv10; id=1;", { "valid", "null" },
	    PROBLEM(0, "not-a-record")),
	NO_RECORD("something else", "v=spf1 -all", { "valid", "null" },
	    { "problems", "[]" }),
#define ID(name, text, ...) \
	{ \
		.title = name, \
		.recording = RECORD(text) MX_HERE HOST_HERE POLICY(GOOD_BODY), \
		.facts = { \
			__VA_ARGS__ \
		} \
	}
	ID("white space around the semicolons", "v=STSv1 ; id=1 ; ", RIGHT),
	ID("no id", "v=STSv1;", WRONG("bad-id"), { "id", "null" }),
	ID("an empty id", "v=STSv1; id=;", WRONG("bad-id"), { "id", "null" }),
	ID("an id with a hyphen", "v=STSv1; id=2026-11;", WRONG("bad-id")),
	ID("32 digits", "v=STSv1; id=01234567890123456789012345678901;", RIGHT),
	ID("33 digits", "v=STSv1; id=012345678901234567890123456789012;",
	    WRONG("bad-id")),
	ID("white space within", "v=STSv1; id =1;", WRONG("bad-id")),
	ID("of two ids the first counts", "v=STSv1; id=1; id=-;", RIGHT,
	    { "id", "\"1\"" }),
	ID("an unknown field", "v=STSv1; id=1; new=x;", RIGHT),
	ID("a part without a value", "v=STSv1; id=1; junk;",
	    WRONG("bad-record")),
	{ .title = "a bad id settles it, whatever the policy is",
	    .recording = RECORD("v=STSv1; id=-;")
		MX_HERE HOST_HERE HTTPS_LOST(URL, "timeout"),
	    .facts = { WRONG("bad-id") },
	    .gaps = "policy timeout; mode timeout; hosts timeout; unmatched "
		    "timeout; certificate_ok timeout; valid timeout" },

	/* How the policy is served. */
	{ .title = "no policy host",
	    .recording = RECORD_HERE MX_HERE NXDOMAIN("mta-sts.example.com",
		"A") NXDOMAIN("mta-sts.example.com", "AAAA"),
	    .facts = { WRONG("no-host"), { "policy", "null" },
		{ "certificate_ok", "null" } } },
	{ .title = "a policy host that cannot be told",
	    .recording = RECORD_HERE MX_HERE NODATA("mta-sts.example.com", "A")
		TIMEOUT("mta-sts.example.com", "AAAA"),
	    .facts = { { "valid", NULL }, { "policy", NULL },
		{ "problems", "[]" } },
	    .gaps = "policy timeout; mode timeout; hosts timeout; unmatched "
		    "timeout; certificate_ok timeout; valid timeout" },
	{ .title = "not found",
	    .recording = WORLD SERVED(404, "text/html", "good", "\"no\"", ""),
	    .facts = { WRONG("status"), { "policy", "null" },
		{ "hosts", "null" }, { "certificate_ok", "true" }, ALONE } },
	{ .title = "a redirect is not followed",
	    .recording = WORLD SERVED(301, "text/plain", "good", "", ""),
	    .facts = { WRONG("status"), { "policy", "null" },
		{ "problems[0].detail",
		    "\"HTTP status 301 instead of 200; a redirect is not "
		    "followed\"" } } },
	{ .title = "not available for now",
	    .recording = WORLD SERVED(503, "text/html", "good", "", ""),
	    .facts = { { "valid", NULL }, { "policy", NULL },
		{ "problems", "[]" } },
	    .gaps = "policy deferred; mode deferred; hosts deferred; unmatched "
		    "deferred; certificate_ok deferred; valid deferred" },
	{ .title = "another media type",
	    .recording = WORLD SERVED(200, "text/html", "good", GOOD_BODY, ""),
	    .facts = { WRONG("content-type"), ALONE,
		{ "mode", "\"enforce\"" } } },
	{ .title = "a charset and another case are fine",
	    .recording = WORLD SERVED(200, "Text/Plain ; charset=utf-8", "good",
		GOOD_BODY, ""),
	    .facts = { RIGHT } },
	{ .title = "too long to be read",
	    .recording = WORLD SERVED(200, "text/plain", "good", GOOD_BODY,
		",\"body_truncated\":true"),
	    .facts = { WRONG("too-large"), { "policy", NULL },
		{ "hosts", NULL } },
	    .gaps = "policy limit; mode limit; hosts limit; unmatched limit" },
	{ .title = "an expired certificate",
	    .recording = WORLD SERVED(200, "text/plain", "old", GOOD_BODY, ""),
	    .facts = { WRONG("certificate"), { "certificate_ok", "false" },
		{ "problems[0].detail", "\"it has expired\"" } } },
	{ .title = "the common name does not count",
	    .recording = WORLD SERVED(200, "text/plain", "cn", GOOD_BODY, ""),
	    .facts = { WRONG("certificate") } },
	{ .title = "a certificate of its own",
	    .recording = WORLD SERVED(200, "text/plain", "own", GOOD_BODY, ""),
	    .facts = { WRONG("certificate") } },

	/* The policy. */
	BODY("lines end in CR LF",
	    "\"version: STSv1\\\\013\",\"mode: enforce\\\\013\","
	    "\"mx: mx.example.com\\\\013\",\"max_age: 604800\\\\013\",\"\"",
	    RIGHT),
	BODY("white space after values, none before",
	    "\"version:STSv1 \",\"mode:enforce\\\\009\","
	    "\"mx:mx.example.com  \",\"max_age:0\"",
	    RIGHT, { "policy.max_age", "0" }),
	BODY("empty lines are let pass", "\"\"," GOOD_BODY ",\"\",\"\"", RIGHT),
	BODY("unknown keys are ignored", "\"x-new.key_1: y\"," GOOD_BODY,
	    RIGHT),
	BODY("a line without a key", "\"hello\"," GOOD_BODY, WRONG("bad-line")),
	BODY("white space before the colon",
	    "\"version : STSv1\"," ENFORCE "\"mx: mx.example.com\"," AGE,
	    WRONG("bad-version"), PROBLEM(1, "bad-line")),
	BODY("no version", ENFORCE "\"mx: mx.example.com\"," AGE,
	    WRONG("bad-version"), { "policy.version", "null" }, ALONE),
	BODY("another version",
	    "\"version: STSv2\"," ENFORCE "\"mx: mx.example.com\"," AGE,
	    WRONG("bad-version")),
	BODY("the version need not come first",
	    ENFORCE "\"mx: mx.example.com\"," STS AGE, RIGHT),
	BODY("of two modes the first counts",
	    STS "\"mode: testing\"," ENFORCE "\"mx: mx.example.com\"," AGE,
	    RIGHT, { "mode", "\"testing\"" }),
	BODY("of two max_age the first counts, though it is wrong",
	    STS ENFORCE "\"mx: mx.example.com\",\"max_age: x\"," AGE,
	    WRONG("bad-max-age"), { "policy.max_age", "null" }),
	BODY("no mode", STS "\"mx: mx.example.com\"," AGE, WRONG("bad-mode"),
	    { "mode", "null" }),
	BODY("a mode in another case",
	    STS "\"mode: Enforce\",\"mx: mx.example.com\"," AGE,
	    WRONG("bad-mode")),
	BODY("no max_age", STS ENFORCE "\"mx: mx.example.com\"",
	    WRONG("bad-max-age")),
	BODY("the longest max_age",
	    STS ENFORCE "\"mx: mx.example.com\",\"max_age: 31557600\"", RIGHT),
	BODY("a longer one",
	    STS ENFORCE "\"mx: mx.example.com\",\"max_age: 31557601\"",
	    WRONG("bad-max-age")),
	BODY("a negative one",
	    STS ENFORCE "\"mx: mx.example.com\",\"max_age: -1\"",
	    WRONG("bad-max-age")),
	BODY("mode none needs no mx", STS "\"mode: none\"," AGE, RIGHT,
	    { "hosts", "null" }, { "unmatched", "null" },
	    { "policy.mx", "[]" }),
	BODY("another mode does", STS ENFORCE AGE, WRONG("no-mx"),
	    { "unmatched", "[\"mx.example.com\"]" }),
	BODY("an empty policy", "\"\"", WRONG("bad-version"),
	    PROBLEM(1, "bad-mode"), PROBLEM(2, "bad-max-age"),
	    PROBLEM(3, "no-mx")),

	/* The patterns. */
	PATTERN("a star is one label", "*.example.com", RIGHT,
	    { "hosts[0].matches", "true" }),
	PATTERN("a star is not two", "*.com", { "valid", "true" },
	    { "hosts[0].matches", "false" },
	    { "unmatched", "[\"mx.example.com\"]" }),
	PATTERN("a star is not none", "*.mx.example.com",
	    { "hosts[0].matches", "false" }),
	PATTERN("case does not count", "MX.Example.COM", RIGHT,
	    { "hosts[0].matches", "true" }),
	PATTERN("nor with a star", "*.EXAMPLE.com", RIGHT,
	    { "hosts[0].matches", "true" }),
	PATTERN("a part of a label is no pattern", "m*.example.com",
	    WRONG("bad-mx"), { "hosts[0].matches", "false" }),
	PATTERN("a leading dot is none", ".example.com", WRONG("bad-mx")),
	PATTERN("a trailing dot is none", "mx.example.com.", WRONG("bad-mx")),
	PATTERN("a star alone is none", "*", WRONG("bad-mx")),
	PATTERN("nothing is none", "", WRONG("bad-line"), PROBLEM(1, "no-mx")),
	PATTERN("an A-label is one", "mx.xn--bcher-kva.example", RIGHT),
	PATTERN("a U-label is none",
	    "mx.b\xc3\xbc"
	    "cher.example",
	    WRONG("bad-mx")),
	{ .title = "MX that cannot be told",
	    .recording = RECORD_HERE HOST_HERE TIMEOUT("example.com", "MX")
		POLICY(GOOD_BODY),
	    .facts = { RIGHT, { "hosts", NULL }, { "unmatched", NULL } },
	    .gaps = "hosts timeout; unmatched timeout" },
	{ .title = "MX in another case, and a null one beside",
	    .recording = RECORD_HERE HOST_HERE FOUND("example.com", "MX",
		MX(10, "MX.Example.Com") "," MX(0, "") "," MX(20,
		    "mx.example.com"))
		FOUND("MX.Example.Com", "A", A("192.0.2.1"))
		    NODATA("MX.Example.Com", "AAAA") POLICY(GOOD_BODY),
	    .facts = { RIGHT, { "hosts[0].matches", "true" },
		{ "hosts[1]", NULL } } },
	{ .title = "without MX the domain is the host",
	    .recording = RECORD_HERE HOST_HERE NODATA("example.com", "MX")
		FOUND("example.com", "A", A("192.0.2.1"))
		    NODATA("example.com", "AAAA") POLICY(GOOD_BODY),
	    .facts = { RIGHT, { "unmatched", "[\"example.com\"]" } } },
	{ .title = "without MX and addresses that cannot be told",
	    .recording = RECORD_HERE HOST_HERE NODATA("example.com", "MX")
		NODATA("example.com", "A") TIMEOUT("example.com", "AAAA")
		    POLICY(GOOD_BODY),
	    .facts = { RIGHT, { "hosts", NULL } },
	    .gaps = "hosts timeout; unmatched timeout" },
};

static void
policies_are_judged(void **state)
{
	static const char *const roots[] = { "root", NULL };
	struct certificates made;
	char *anchors;

	(void)state;
	certificates_make(&made, plans);
	anchors = certificates_pem(&made, roots);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		char *text = certificates_expand(&made, scenes[i].recording);

		scenes[i].recording = text;
		scenes[i].anchors = anchors;
		scene_play(&check_mta_sts, &scenes[i]);
		free(text);
	}
	free(anchors);
	certificates_free(&made);
}

static void
without_anchors_valid_is_not_known(void **state)
{
	struct scene scene = BODY("no anchors", GOOD_BODY, { "valid", NULL },
	    { "certificate_ok", NULL }, { "mode", "\"enforce\"" });
	struct scene wrong = { .title = "no anchors, and it is old",
		.recording =
		    WORLD SERVED(200, "text/plain", "old", GOOD_BODY, ""),
		.facts = { WRONG("certificate") } };
	struct certificates made;
	char *one, *two;

	(void)state;
	certificates_make(&made, plans);
	scene.recording = one = certificates_expand(&made, scene.recording);
	wrong.recording = two = certificates_expand(&made, wrong.recording);
	scene.gaps = "certificate_ok offline; valid offline";
	scene_play(&check_mta_sts, &scene);
	scene_play(&check_mta_sts, &wrong);
	free(one);
	free(two);
	certificates_free(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies_are_judged),
		cmocka_unit_test(without_anchors_valid_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
