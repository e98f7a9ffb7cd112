#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/misplaced_kind.h"
#include "checks/table.h"

#define D                "example.com"
#define KEY              "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC5N3lnvvrYgPCRSoqn"
#define SPF              "v=spf1 ip4:192.0.2.1 -all"
#define DMARC            "v=DMARC1; p=none"
/* A backslash and a quote: escaped for DNS, for JSON and for C. */
#define BQ               "\\\\\\\\\\\""
#define SAY(name, value) FOUND(name, "TXT", TXT(value))

/* The first line of a name counts: these are the names not spoken of. */
#define NOTHING(name) NXDOMAIN(name, "TXT")
#define ELSE \
	NOTHING(D) \
	NOTHING("_dmarc." D) \
	NOTHING("dmarc." D) \
	NOTHING("_domainkey." D) \
	NOTHING("_adsp._domainkey." D) \
	NOTHING(D "." D) \
	NOTHING("_dmarc." D "." D) \
	NOTHING("*." D) \
	NOTHING("_mta-sts." D) \
	NOTHING("_smtp._tls." D)

#define CODE(code) \
	{ \
		"problems[0].code", "\"misplaced." code "\"" \
	}
#define LEVEL(word) \
	{ \
		"problems[0].severity", "\"" word "\"" \
	}
#define NAME(name) \
	{ \
		"problems[0].name", "\"" name "\"" \
	}
#define RIGHT(name) \
	{ \
		"problems[0].right_name", "\"" name "\"" \
	}
#define NOWHERE \
	{ \
		"problems[0].right_name", "null" \
	}
#define ONE \
	{ \
		"problems[1]", NULL \
	}
#define FINE \
	{ \
		"problems", "[]" \
	}
#define STILL \
	{ \
		"move", "[]" \
	}
#define MOVE(name, record) \
	{ \
		"move", "[{\"name\":\"" name "\",\"record\":\"" record "\"}]" \
	}

static const struct scene scenes[] = {
	{ .title = "a domain without records has none at a wrong name",
	    .recording = ELSE,
	    .facts = { FINE, STILL, { "names[0].name", "\"" D "\"" },
		{ "names[0].misplaced", "false" },
		{ "names[9].left_over", "false" }, { "names[10]", NULL } },
	    .rounds = 1 },
	{ .title = "records at their right names are none",
	    .recording = SAY(D, SPF) SAY("_dmarc." D, DMARC)
		SAY("_mta-sts." D, "v=STSv1; id=1") SAY("_smtp._tls." D,
		    "v=TLSRPTv1; rua=mailto:a@b.example") ELSE,
	    .facts = { FINE, STILL } },
	{ .title = "other text is nobody's concern",
	    .recording = SAY(D, "google-site-verification=abc; p=1")
		SAY("dmarc." D, "hello") SAY("*." D, "parked")
		    SAY("_domainkey." D, "hello") SAY(D "." D, "v=verify1")
			ELSE,
	    .facts = { FINE } },

	/* DKIM */
	{ .title = "a key at the domain",
	    .recording = SAY(D, "v=DKIM1; k=rsa; p=" KEY) ELSE,
	    .facts = { CODE("dkim-at-domain"), LEVEL("error"), NAME(D), NOWHERE,
		STILL, ONE, { "names[0].misplaced", "true" },
		{ "names[1].misplaced", "false" } } },
	{ .title = "a key that has no version, by its algorithm",
	    .recording = SAY(D, "k=rsa; p=" KEY) ELSE,
	    .facts = { CODE("dkim-at-domain") } },
	{ .title = "a key that has nothing but itself",
	    .recording = SAY("_domainkey." D, "p=" KEY) ELSE,
	    .facts = { CODE("dkim-at-domain"), NAME("_domainkey." D) } },
	{ .title = "a key in two strings at _dmarc",
	    .recording =
		FOUND("_dmarc." D, "TXT", TXT2("v=DKIM1; p=MI", KEY)) ELSE,
	    .facts = { CODE("dkim-at-domain"), NAME("_dmarc." D),
		{ "problems[0].record", "\"v=DKIM1; p=MI" KEY "\"" } } },
	{ .title = "p= of something else is no key",
	    .recording = SAY(D, "p=MI; k=rsa") SAY("dmarc." D, "p=none") ELSE,
	    .facts = { FINE } },

	/* DMARC */
	{ .title = "DMARC at the domain is to be moved",
	    .recording = SAY(D, DMARC) ELSE,
	    .facts = { CODE("dmarc-at-domain"), LEVEL("error"),
		RIGHT("_dmarc." D), MOVE("_dmarc." D, DMARC), ONE } },
	{ .title = "a DMARC record that is to be moved is mended",
	    .recording = FOUND(D, "TXT",
		TXT("v=dmarc1 p=reject rua=a@example.com")) ELSE,
	    .facts = { CODE("dmarc-at-domain"), ONE,
		MOVE("_dmarc." D,
		    "v=DMARC1; p=reject; rua=mailto:a@example.com") } },
	{ .title = "but not to where there is one",
	    .recording =
		SAY(D, DMARC) SAY("_dmarc." D, "v=DMARC1; p=reject") ELSE,
	    .facts = { CODE("dmarc-at-domain"), STILL } },
	{ .title = "DMARC without the underscore",
	    .recording = SAY("dmarc." D, "V=DMARC1;p=none") ELSE,
	    .facts = { CODE("dmarc-without-underscore"), NAME("dmarc." D),
		RIGHT("_dmarc." D), MOVE("_dmarc." D, "v=DMARC1; p=none") } },
	{ .title = "which the right name may be an alias of",
	    .recording = ALIASED("_dmarc." D, "TXT", "dmarc." D, TXT(DMARC))
		SAY("dmarc." D, DMARC) ELSE,
	    .facts = { FINE } },
	{ .title = "two at wrong names are not both moved",
	    .recording = SAY(D, DMARC) SAY("dmarc." D, DMARC) ELSE,
	    .facts = { CODE("dmarc-at-domain"),
		{ "problems[1].code",
		    "\"misplaced.dmarc-without-underscore\"" },
		MOVE("_dmarc." D, DMARC) } },

	/* SPF */
	{ .title = "SPF at _dmarc",
	    .recording = SAY("_dmarc." D, SPF) ELSE,
	    .facts = { CODE("spf-at-dmarc"), LEVEL("error"), RIGHT(D),
		MOVE(D, SPF) } },
	{ .title = "SPF of a host that is called dmarc is its own",
	    .recording = SAY("dmarc." D, SPF) ELSE,
	    .facts = { FINE } },
	{ .title = "v=spf10 is none",
	    .recording = SAY("_dmarc." D, "v=spf10 -all") ELSE,
	    .facts = { FINE } },

	/* the domain twice */
	{ .title = "DMARC with the domain twice",
	    .recording = SAY("_dmarc." D "." D, DMARC) ELSE,
	    .facts = { CODE("doubled-name"), LEVEL("error"),
		NAME("_dmarc." D "." D), RIGHT("_dmarc." D),
		MOVE("_dmarc." D, DMARC), ONE } },
	{ .title = "SPF with the domain twice",
	    .recording = SAY(D "." D, SPF) SAY(D, "v=spf1 -all") ELSE,
	    .facts = { CODE("doubled-name"), RIGHT(D), STILL } },
	{ .title = "a key with the domain twice",
	    .recording = SAY(D "." D, "v=DKIM1; p=" KEY) ELSE,
	    .facts = { CODE("doubled-name"), NOWHERE, STILL } },

	/* left over */
	{ .title = "ADSP is left over",
	    .recording = SAY("_adsp._domainkey." D, "dkim=all") ELSE,
	    .facts = { CODE("adsp"), LEVEL("advice"), NOWHERE, STILL,
		{ "names[4].misplaced", "false" },
		{ "names[4].left_over", "true" } } },
	{ .title = "a revoked key of a wildcard is no ADSP",
	    .recording = SAY("_adsp._domainkey." D, "v=DKIM1; p=") ELSE,
	    .facts = { FINE } },
	{ .title = "a policy of DomainKeys is left over",
	    .recording = SAY("_domainkey." D, "t=y; o=~;") ELSE,
	    .facts = { CODE("domainkeys-policy"), LEVEL("advice"), NOWHERE,
		{ "names[3].left_over", "true" } } },
	{ .title = "o= of something else is not",
	    .recording = SAY("_domainkey." D, "o=all") ELSE,
	    .facts = { FINE } },

	/* quotes */
	{ .title = "quotes in the value",
	    .recording = SAY("_dmarc." D, "\\\"" DMARC "\\\"") ELSE,
	    .facts = { CODE("quoted"), LEVEL("error"), RIGHT("_dmarc." D),
		{ "problems[0].record", "\"\\\"" DMARC "\\\"\"" },
		MOVE("_dmarc." D, DMARC) } },
	{ .title = "escaped ones, and several strings",
	    .recording = SAY(D, BQ "v=spf1 " BQ " " BQ "-all" BQ) ELSE,
	    .facts = { CODE("quoted"), MOVE(D, "v=spf1 -all") } },
	{ .title = "quotes around what is no mail record",
	    .recording = SAY(D, "\\\"hello\\\"") ELSE,
	    .facts = { FINE } },
	{ .title = "quotes in the middle are of the record",
	    .recording = SAY(D, "v=spf1 \\\"-all\\\"") ELSE,
	    .facts = { FINE } },
	{ .title = "one quote alone is not around anything",
	    .recording = SAY(D, "\\\"") SAY("dmarc." D, "\\\\\\\\") ELSE,
	    .facts = { FINE } },

	/* TLS */
	{ .title = "MTA-STS at the domain",
	    .recording = SAY(D, "v=STSv1; id=1") ELSE,
	    .facts = { CODE("mta-sts-at-domain"), RIGHT("_mta-sts." D),
		MOVE("_mta-sts." D, "v=STSv1; id=1") } },
	{ .title = "TLS reporting at the domain",
	    .recording = SAY(D, "v=TLSRPTv1; rua=mailto:a@b.example") ELSE,
	    .facts = { CODE("tlsrpt-at-domain"), RIGHT("_smtp._tls." D) } },

	/* wildcards */
	{ .title = "a wildcard's record is spoken of once",
	    .recording = SAY("*." D, SPF) SAY("_dmarc." D, SPF) SAY("dmarc." D,
		SPF) SAY(D "." D, SPF) SAY("_dmarc." D "." D, SPF) ELSE,
	    .facts = { CODE("wildcard"), LEVEL("warning"), NAME("*." D),
		NOWHERE, STILL, ONE, { "names[1].misplaced", "false" },
		{ "names[7].misplaced", "true" } } },
	{ .title = "one that shuts names off is right",
	    .recording =
		SAY("*." D, "v=spf1 -all") SAY("_dmarc." D, "v=spf1 -all") ELSE,
	    .facts = { FINE } },
	{ .title = "beside a wildcard a record may be wrong by itself",
	    .recording = SAY("*." D, "v=spf1 -all") SAY("_dmarc." D, SPF) ELSE,
	    .facts = { CODE("spf-at-dmarc"), ONE } },
	{ .title = "the domain itself is no wildcard's",
	    .recording = SAY("*." D, DMARC) SAY(D, DMARC) ELSE,
	    .facts = { CODE("dmarc-at-domain"),
		{ "problems[1].code", "\"misplaced.wildcard\"" } } },

	/* what is lost */
	{ .title = "a lost name is a gap of its own",
	    .recording = TIMEOUT("dmarc." D, "TXT") SAY(D, DMARC) ELSE,
	    .facts = { CODE("dmarc-at-domain"),
		{ "names[2]", "{\"name\":\"dmarc." D "\"}" },
		{ "names[0].misplaced", "true" } },
	    .gaps = "names[] timeout" },
	{ .title = "without the wildcard a finding below it is open",
	    .recording = TIMEOUT("*." D, "TXT") SAY("_dmarc." D, SPF) ELSE,
	    .facts = { FINE, { "names[1].misplaced", NULL },
		{ "names[1].left_over", "false" },
		{ "names[2].misplaced", "false" } },
	    .gaps = "names[].misplaced timeout; names[] timeout" },
	{ .title = "where a record is to go must be known to be free",
	    .recording = TIMEOUT("_dmarc." D, "TXT") SAY(D, DMARC) ELSE,
	    .facts = { CODE("dmarc-at-domain"), STILL },
	    .gaps = "move timeout; names[] timeout" },
	{ .title = "a name that the domain twice makes too long is not asked",
	    .domain = "a23456789.a23456789.a23456789.a23456789.a23456789."
		      "a23456789.a23456789.a23456789.a23456789.a23456789."
		      "a23456789.a23456789.a23456789.example",
	    .facts = { { "names[5].misplaced", NULL }, { "names[8]", NULL } },
	    .gaps = "names[] offline; names[] offline; names[] offline; "
		    "names[] offline; names[] offline; names[] offline; "
		    "names[] offline; names[] offline" },
};

static void
records_at_wrong_names_are_found(void **state)
{
	(void)state;
	scenes_play(&check_misplaced, scenes);
}

static void
what_a_value_is_shows_by_its_looks(void **state)
{
	static const struct {
		const char *text;
		enum kind kind;
	} cases[] = {
		{ "", KIND_OTHER },
		{ ";;", KIND_OTHER },
		{ "v", KIND_OTHER },
		{ "v=", KIND_OTHER },
		{ "v=spf1", KIND_SPF },
		{ "V=SPF1 -all", KIND_SPF },
		{ "v=spf1-all", KIND_OTHER },
		{ "v = DMARC1 ; p=none", KIND_DMARC },
		{ "v=DMARC1 p=none", KIND_DMARC },
		{ "v=dkim1;p=", KIND_DKIM },
		{ "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		    KIND_DKIM },
		{ "k=other; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		    KIND_OTHER },
		{ "v=STSv1; id=1", KIND_MTA_STS },
		{ "v=TLSRPTv1; rua=", KIND_TLSRPT },
		{ "dkim=unknown", KIND_ADSP },
		{ "o=-", KIND_DOMAINKEYS },
		{ "o=; o", KIND_OTHER },
	};

	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (kind_of(slice_str(cases[i].text)) != cases[i].kind)
			fail_msg("%s is taken for a %s", cases[i].text,
			    kind_name(kind_of(slice_str(cases[i].text))));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_at_wrong_names_are_found),
		cmocka_unit_test(what_a_value_is_shows_by_its_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
