#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"
#include "mail_signer.h"
#include "with_arena.h"

WITH_ARENA(1 << 24, 4096)

#define NAME              "default._bimi.example.com"
#define DMARC(name, tags) FOUND("_dmarc." name, "TXT", TXT("v=DMARC1; " tags))
#define NONE(name)        NXDOMAIN("_dmarc." name, "TXT")
#define SPF(text)         FOUND("example.com", "TXT", TXT("v=spf1 " text))
#define ENFORCED          DMARC("example.com", "p=reject") NONE("com") SPF("-all")
#define LOGO              "https://example.com/logo.svg"
#define RIGHT             "v=BIMI1; l=" LOGO "; a=https://example.com/vmc.pem"
#define AT(name, text)    FOUND(name, "TXT", TXT(text))
#define RECORD(text)      ENFORCED AT(NAME, text)

#define READY \
	{ "valid", "true" }, { "dmarc_enforced", "true" }, \
	    { "ready", "true" }, \
	{ \
		"problems", "[]" \
	}
#define WRONG(code) \
	{ "valid", "false" }, { "ready", "false" }, \
	    { "problems[0].code", "\"" code "\"" }, \
	{ \
		"problems[0].severity", "\"error\"" \
	}
/* Right, and of no use. */
#define USELESS(code) \
	{ "valid", "true" }, { "ready", "false" }, \
	    { "dmarc_enforced", "false" }, \
	    { "problems[0].code", "\"" code "\"" }, \
	{ \
		"problems[1]", NULL \
	}
#define ABSENT \
	{ "record", "null" }, { "location", "null" }, { "logo", "null" }, \
	    { "valid", "null" }, { "ready", "null" }, \
	{ \
		"lps", "[]" \
	}
#define LOST(cause) \
	"record " cause "; location " cause "; logo " cause \
	"; certificate " cause "; avp " cause "; lps " cause \
	"; declined " cause "; valid " cause "; ready " cause \
	"; problems " cause

static const struct scene scenes[] = {
	{ .title = "a record that shows a logo",
	    .recording = RECORD(RIGHT ";"),
	    .facts = { READY, { "selector", "\"default\"" },
		{ "selector_signed", "null" }, { "name", "\"" NAME "\"" },
		{ "location", "\"" NAME "\"" }, { "record", "\"" RIGHT ";\"" },
		{ "logo", "\"" LOGO "\"" },
		{ "certificate", "\"https://example.com/vmc.pem\"" },
		{ "avp", "\"brand\"" }, { "lps", "[]" },
		{ "declined", "false" } },
	    .rounds = 1 },
	{ .title = "blanks, capitals of a scheme, newer tags and unknown ones",
	    .recording = RECORD(
		"v = BIMI1 ;l=HTTPS://Example.com/a.SVG?x=1; A=b; "
		"avp=personal; lps=news, team-; a=https://example.com/x"),
	    .facts = { READY, { "avp", "\"personal\"" },
		{ "lps", "[\"news\",\"team-\"]" },
		{ "logo", "\"HTTPS://Example.com/a.SVG?x=1\"" } } },
	{ .title = "without a certificate",
	    .recording = RECORD("v=BIMI1; l=" LOGO),
	    .facts = { { "ready", "true" }, { "certificate", "null" },
		{ "problems[0].code", "\"bimi.no-certificate\"" },
		{ "problems[0].severity", "\"advice\"" } } },
	{ .title = "no record",
	    .recording = ENFORCED NXDOMAIN(NAME, "TXT"),
	    .facts = { ABSENT, { "dmarc_enforced", "true" },
		{ "problems", "[]" } } },
	{ .title = "other text there",
	    .recording = RECORD("v=spf1 -all"),
	    .facts = { ABSENT, { "problems", "[]" } } },
	{ .title = "a version that is not exact",
	    .recording = RECORD("v=bimi1; l=" LOGO),
	    .facts = { ABSENT,
		{ "problems[0].code", "\"bimi.bad-version\"" } } },
	{ .title = "two records count as none",
	    .recording = ENFORCED FOUND(NAME, "TXT",
		TXT("v=BIMI1; l=" LOGO) "," TXT(RIGHT)),
	    .facts = { { "record", "null" }, WRONG("bimi.multiple-records") } },
	{ .title = "a domain that wants no logo",
	    .recording = DMARC("example.com", "p=none") NONE("com") SPF("+all")
		AT(NAME, "v=BIMI1; l=; a=;"),
	    .facts = { { "declined", "true" }, { "valid", "true" },
		{ "ready", "false" }, { "problems", "[]" } } },
	{ .title = "no logo at all",
	    .recording = RECORD("v=BIMI1; a=https://example.com/vmc.pem"),
	    .facts = { WRONG("bimi.logo-missing") } },
	{ .title = "an empty logo with a certificate",
	    .recording = RECORD("v=BIMI1; l=; a=https://example.com/vmc.pem"),
	    .facts = { WRONG("bimi.logo-empty"), { "declined", "false" } } },
	{ .title = "a logo over http",
	    .recording = RECORD("v=BIMI1; l=http://example.com/logo.svg"),
	    .facts = { WRONG("bimi.logo-uri") } },
	{ .title = "a logo at an address",
	    .recording = RECORD("v=BIMI1; l=https://192.0.2.1/logo.svg"),
	    .facts = { WRONG("bimi.logo-uri") } },
	{ .title = "two logos",
	    .recording = RECORD("v=BIMI1; l=" LOGO "," LOGO),
	    .facts = { WRONG("bimi.logo-comma") } },
	{ .title = "a logo that is no SVG",
	    .recording = RECORD("v=BIMI1; l=https://example.com/l.PNG?x.svg"),
	    .facts = { WRONG("bimi.logo-format") } },
	{ .title = "a certificate over http",
	    .recording =
		RECORD("v=BIMI1; l=" LOGO "; a=http://example.com/vmc.pem"),
	    .facts = { WRONG("bimi.certificate-uri") } },
	{ .title = "the logo for a certificate",
	    .recording = RECORD("v=BIMI1; l=" LOGO "; a=" LOGO),
	    .facts = { WRONG("bimi.certificate-format") } },
	{ .title = "a tag twice",
	    .recording = RECORD(RIGHT "; l=" LOGO),
	    .facts = { WRONG("bimi.duplicate-tag") } },
	{ .title = "a word that is no tag",
	    .recording = RECORD(RIGHT "; what"),
	    .facts = { WRONG("bimi.syntax") } },
	{ .title = "a preference that there is not",
	    .recording = RECORD(RIGHT "; avp=mine"),
	    .facts = { { "avp", "\"mine\"" }, { "ready", "true" },
		{ "problems[0].code", "\"bimi.avp\"" },
		{ "problems[0].severity", "\"warning\"" } } },

	{ .title = "no DMARC record",
	    .recording =
		NONE("example.com") NONE("com") SPF("-all") AT(NAME, RIGHT),
	    .facts = { USELESS("bimi.dmarc-none") } },
	{ .title = "p=none",
	    .recording = DMARC("example.com", "p=none") NONE("com") SPF("-all")
		AT(NAME, RIGHT),
	    .facts = { USELESS("bimi.dmarc-policy") } },
	{ .title = "quarantine for half of the mail",
	    .recording = DMARC("example.com", "p=quarantine; pct=50")
		NONE("com") SPF("-all") AT(NAME, RIGHT),
	    .facts = { USELESS("bimi.dmarc-pct") } },
	{ .title = "pct=100 is all of it",
	    .recording = DMARC("example.com", "p=quarantine; pct=100")
		NONE("com") SPF("-all") AT(NAME, RIGHT),
	    .facts = { READY } },
	{ .title = "a policy that is tried out",
	    .recording = DMARC("example.com", "p=reject; t=y") NONE("com")
		SPF("-all") AT(NAME, RIGHT),
	    .facts = { USELESS("bimi.dmarc-testing") } },
	{ .title = "none for subdomains",
	    .recording = DMARC("example.com", "p=reject; sp=none") NONE("com")
		SPF("-all") AT(NAME, RIGHT),
	    .facts = { USELESS("bimi.dmarc-subdomains") } },
	{ .title = "SPF for everybody",
	    .recording = DMARC("example.com", "p=reject") NONE("com")
		SPF("mx all") AT(NAME, RIGHT),
	    .facts = { { "dmarc_enforced", "true" }, { "ready", "false" },
		{ "problems[0].code", "\"bimi.spf-plus-all\"" } } },

	{ .title = "a subdomain takes the record of its organization",
	    .domain = "news.example.com",
	    .recording = ENFORCED NONE("news.example.com")
		NXDOMAIN("default._bimi.news.example.com", "TXT")
		    NXDOMAIN("news.example.com", "TXT") AT(NAME, RIGHT),
	    .facts = { READY, { "location", "\"" NAME "\"" },
		{ "name", "\"default._bimi.news.example.com\"" } },
	    .rounds = 2 },
	{ .title = "a subdomain that wants none",
	    .domain = "news.example.com",
	    .recording = ENFORCED NONE("news.example.com")
		NXDOMAIN("news.example.com", "TXT")
		    AT("default._bimi.news.example.com", "v=BIMI1; l=; a=")
			AT(NAME, RIGHT),
	    .facts = { { "declined", "true" }, { "ready", "false" } } },
	{ .title = "an organization that is not strict enough",
	    .domain = "news.example.com",
	    .recording = DMARC("news.example.com", "p=reject")
		DMARC("example.com", "p=none") NONE("com")
		    NXDOMAIN("news.example.com", "TXT")
			AT("default._bimi.news.example.com", RIGHT)
			    NXDOMAIN(NAME, "TXT"),
	    .facts = { USELESS("bimi.dmarc-policy") } },
	{ .title = "the organization's record is lost",
	    .domain = "news.example.com",
	    .recording = DMARC("news.example.com", "p=reject")
		TIMEOUT("_dmarc.example.com", "TXT") NONE("com")
		    NXDOMAIN("news.example.com", "TXT")
			AT("default._bimi.news.example.com", RIGHT),
	    .facts = { { "valid", "true" }, { "ready", NULL },
		{ "dmarc_enforced", NULL }, { "problems", "[]" } },
	    .gaps = "ready timeout; dmarc_enforced timeout" },

	{ .title = "a lost record",
	    .recording = ENFORCED TIMEOUT(NAME, "TXT"),
	    .facts = { { "record", NULL }, { "ready", NULL },
		{ "dmarc_enforced", "true" } },
	    .gaps = LOST("timeout") },
	{ .title = "a lost SPF record",
	    .recording = DMARC("example.com", "p=reject") NONE("com")
		TIMEOUT("example.com", "TXT") AT(NAME, RIGHT),
	    .facts = { { "valid", "true" }, { "ready", NULL } },
	    .gaps = "ready timeout" },
};

static void
the_record_and_the_policy_it_needs_are_judged(void **state)
{
	(void)state;
	scenes_play(&check_bimi, scenes);
}

/* ---- BIMI-Selector ----------------------------------------------------- */

#define HEADER(selector) \
	"From: News <news@example.com>\r\n" \
	"To: joe@example.org\r\nSubject: What is new\r\n" selector
#define SELECTOR "BIMI-Selector: v=BIMI1; s=brand;\r\n"
#define KEY      FOUND("s._domainkey.example.com", "TXT", TXT("v=DKIM1; p=@rsa@"))
#define BRAND    AT("brand._bimi.example.com", RIGHT) NXDOMAIN(NAME, "TXT")
#define COVERING "From:To:Subject:BIMI-Selector"

struct mail {
	const char *title, *header, *names, *recording;
	struct expected_fact facts[SCENE_FACTS];
	const char *gaps;
};

static const struct mail mails[] = {
	{ "a selector under a signature", HEADER(SELECTOR), COVERING,
	    ENFORCED BRAND KEY,
	    { READY, { "selector", "\"brand\"" }, { "selector_signed", "true" },
		{ "location", "\"brand._bimi.example.com\"" } },
	    NULL },
	{ "one that no signature covers", HEADER(SELECTOR), NULL,
	    ENFORCED BRAND KEY,
	    { { "selector", "\"brand\"" }, { "selector_signed", "false" },
		{ "problems[0].code", "\"bimi.selector-unsigned\"" } },
	    NULL },
	{ "the key is lost", HEADER(SELECTOR), COVERING,
	    ENFORCED BRAND TIMEOUT("s._domainkey.example.com", "TXT"),
	    { { "selector", "\"brand\"" }, { "selector_signed", NULL } },
	    "selector_signed timeout" },
	{ "there is none", HEADER(""), COVERING, ENFORCED KEY AT(NAME, RIGHT),
	    { READY, { "selector", "\"default\"" },
		{ "selector_signed", "null" } },
	    NULL },
	{ "one that is not of the form", HEADER("BIMI-Selector: s=brand\r\n"),
	    COVERING, ENFORCED KEY AT(NAME, RIGHT),
	    { { "selector", "\"default\"" },
		{ "problems[0].code", "\"bimi.selector-syntax\"" } },
	    NULL },
	{ "one that is no list of tags at all",
	    HEADER("BIMI-Selector: v=BIMI1; s=a; s=b; what\r\n"), COVERING,
	    ENFORCED KEY AT(NAME, RIGHT),
	    { { "selector", "\"default\"" }, { "ready", "true" },
		{ "problems[0].code", "\"bimi.selector-syntax\"" },
		{ "problems[1]", NULL } },
	    NULL },
	{ "one that there is no record of",
	    HEADER("BIMI-Selector: v=BIMI1;\r\n s=a.b\r\n"), COVERING,
	    ENFORCED KEY NXDOMAIN("a.b._bimi.example.com", "TXT")
		AT(NAME, RIGHT),
	    { READY, { "selector", "\"a.b\"" },
		{ "name", "\"a.b._bimi.example.com\"" },
		{ "location", "\"" NAME "\"" } },
	    NULL },
};

static void
a_selector_counts_under_a_signature(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mails) / sizeof(*mails); i++) {
		const struct mail *m = &mails[i];
		struct scene scene = { .title = m->title,
			.recording = signer_expand(arena, m->recording),
			.gaps = m->gaps };

		scene.message =
		    mail_sign(arena, &(struct signing){ .names = m->names },
			m->header, "Hello.\r\n");
		memcpy(scene.facts, m->facts, sizeof(scene.facts));
		scene_play(&check_bimi, &scene);
	}
}

static int
end(void **state)
{
	signer_close();
	return teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_record_and_the_policy_it_needs_are_judged),
		cmocka_unit_test(a_selector_counts_under_a_signature),
	};

	return cmocka_run_group_tests(tests, setup, end);
}
