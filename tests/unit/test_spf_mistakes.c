#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "checks/check.h"
#include "checks/spf/spf_mistakes.h"

static const struct {
	const char *record;
	const char *code;  /* of the first term that is one; NULL: none */
	const char *meant; /* "": left out; NULL: not known */
	bool sure;
	size_t terms;
} mistakes[] = {
	{ "v=spf1 a mx ip4:8.8.8.8 include:a.example -all", NULL, NULL, false,
	    0 },
	{ "v=spf1 + a -all", "spf.blank-after-qualifier", "+a", true, 2 },
	{ "v=spf1 - all", "spf.blank-after-qualifier", "-all", true, 2 },
	{ "v=spf1 -al", "spf.syntax", "-all", true, 1 },
	{ "v=spf1 \xe2\x80\x93"
	  "all",
	    "spf.syntax", "-all", true, 1 },
	{ "v=spf1 --all", "spf.syntax", "-all", true, 1 },
	{ "v=spf1 inlcude:a.example", "spf.syntax", "include:a.example", true,
	    1 },
	{ "v=spf1 includ:a.example", "spf.syntax", "include:a.example", true,
	    1 },
	{ "v=spf1 redirect:a.example", "spf.syntax", "redirect=a.example", true,
	    1 },
	{ "v=spf1 ~include=a.example", "spf.syntax", "~include:a.example", true,
	    1 },
	{ "v=spf1 include=a.example", "spf.ignored", "include:a.example", true,
	    1 },
	{ "v=spf1 ip4=8.8.8.8", "spf.ignored", "ip4:8.8.8.8", true, 1 },
	{ "v=spf1 a v=spf1 mx", "spf.repeated-version", "", true, 1 },
	{ "v=spf1 ra=postmaster rp=10", NULL, NULL, false, 0 },
	{ "v=spf1 ipv4:8.8.8.8/24", "spf.syntax", "ip4:8.8.8.8/24", true, 1 },
	{ "v=spf1 ip:8.8.8.8", "spf.syntax", "ip4:8.8.8.8", true, 1 },
	{ "v=spf1 8.8.8.8", "spf.syntax", "ip4:8.8.8.8", true, 1 },
	{ "v=spf1 2a00:1450::1", "spf.syntax", "ip6:2a00:1450::1", true, 1 },
	{ "v=spf1 ip4:2a00::1", "spf.syntax", "ip6:2a00::1", true, 1 },
	{ "v=spf1 -ip6:8.8.8.8", "spf.syntax", "-ip4:8.8.8.8", true, 1 },
	{ "v=spf1 a:8.8.8.8", "spf.literal-in-a", "ip4:8.8.8.8", true, 1 },
	{ "v=spf1 include:8.8.8.0/24", "spf.literal-in-a", "ip4:8.8.8.0/24",
	    true, 1 },
	{ "v=spf1 ip4:mail.example.com", "spf.syntax", "a:mail.example.com",
	    true, 1 },
	{ "v=spf1 mx: -all", "spf.syntax", "mx", true, 1 },
	{ "v=spf1 include_spf.example.com", "spf.include-without-colon",
	    "include:_spf.example.com", true, 1 },
	{ "v=spf1 include_mail.example.com", "spf.include-without-colon",
	    "include:_mail.example.com", false, 1 },
	{ "v=spf1 include;mail.example.com", "spf.include-without-colon",
	    "include:mail.example.com", true, 1 },
	{ "v=spf1 include spf.example.com", "spf.include-without-colon",
	    "include:spf.example.com", true, 2 },
	{ "v=spf1 include: spf.example.com", "spf.white-space",
	    "include:spf.example.com", true, 2 },
	{ "v=spf1 include:include:a.example", "spf.syntax", "include:a.example",
	    true, 1 },
	{ "v=spf1 ip4:x.x.x.x", "spf.placeholder", "", true, 1 },
	{ "v=spf1 ip4:YOUR_SERVER_IP", "spf.placeholder", "", true, 1 },
	{ "v=spf1 ip4:<ip>", "spf.placeholder", "", true, 1 },
	{ "v=spf1 include:mail.yourdomain.com", "spf.placeholder", NULL, false,
	    1 },
	{ "v=spf1 a:www1.your-server.de", NULL, NULL, false, 0 },
	{ "v=spf1 -all\"", "spf.quotes", "-all", true, 1 },
	{ "v=spf1 \\\"a", "spf.quotes", "a", true, 1 },
	{ "v=spf1 a \xe2\x80\x9d", "spf.quotes", "", true, 1 },
	{ "v=spf1 -all;", "spf.syntax", "-all", true, 1 },
	{ "v=spf1 a\t-all", "spf.white-space", "a -all", true, 1 },
	{ "v=spf1 a\xc2\xa0-all", "spf.white-space", "a -all", true, 1 },
	{ "v=spf1 -all\r\n", "spf.white-space", "-all", true, 1 },
	{ "v=spf1 ip4:8.8.8.8,9.9.9.9", "spf.syntax", "ip4:8.8.8.8 ip4:9.9.9.9",
	    true, 1 },
	{ "v=spf1 ip4:8.8.8.8,ip4:9.9.9.9", "spf.syntax",
	    "ip4:8.8.8.8 ip4:9.9.9.9", true, 1 },
	{ "v=spf1 include:a.exampleinclude:b.example", "spf.split-blank",
	    "include:a.example include:b.example", true, 1 },
	{ "v=spf1 include:a.example-all", "spf.split-blank",
	    "include:a.example -all", true, 1 },
	{ "v=spf1 ip4:8.8.8.8ip4:9.9.9.9", "spf.split-blank",
	    "ip4:8.8.8.8 ip4:9.9.9.9", true, 1 },
	{ "v=spf1 mx-all", "spf.split-blank", "mx -all", true, 1 },
	{ "v=spf1 \xe2\x80\xa6 -all", "spf.placeholder", "", true, 1 },
	{ "v=spf1 ...", "spf.placeholder", "", true, 1 },
	{ "v=spf1 !all", "spf.syntax", "~all", true, 1 },
	{ "v=spf1 =all", "spf.syntax", "~all", true, 1 },
	{ "v=spf1 all-", "spf.syntax", "-all", true, 1 },
	{ "v=spf1 \"all\"", "spf.quotes", "~all", true, 1 },
	{ "v=spf1 -all:example.com", "spf.syntax", "-all", true, 1 },
	{ "v=spf1 \xe2\x88\xbc"
	  "all",
	    "spf.syntax", "~all", true, 1 },
	{ "v=spf1 a | mx", "spf.syntax", "", true, 1 },
	{ "v=spf1 a and mx", "spf.syntax", "", true, 1 },
	{ "v=spf1 -all 3600", "spf.syntax", "", true, 1 },
	{ "v=spf1 a 3600", NULL, NULL, false, 0 },
	{ "v=spf1 ip4:8.8.8.8 /24", "spf.split-blank", "ip4:8.8.8.8/24", false,
	    1 },
	{ "v=spf1 a:localhost b.example", "spf.syntax", "a:b.example", false,
	    1 },
	{ "v=spf1 include:a.example b.example", "spf.syntax",
	    "include:b.example", false, 1 },
	{ "v=spf1 ip4:8.8.8.*", "spf.syntax", "ip4:8.8.8.0/24", true, 1 },
	{ "v=spf1 ip4:8.8.*.*", "spf.syntax", "ip4:8.8.0.0/16", true, 1 },
	{ "v=spf1 ip4:8.8.8/24", "spf.syntax", "ip4:8.8.8.0/24", true, 1 },
	{ "v=spf1 -ip4:8.8.8.0/255.255.252.0", "spf.syntax", "-ip4:8.8.8.0/22",
	    true, 1 },
	{ "v=spf1 ip4:8.8.8.0/255.0.255.0", NULL, NULL, false, 0 },
	{ "v=spf1 ip4:8.8.8.0\\24", "spf.syntax", "ip4:8.8.8.0/24", true, 1 },
	{ "v=spf1 ip4:008.008.008.008", "spf.syntax", "ip4:8.8.8.8", true, 1 },
	{ "v=spf1 ip4:8.8.8", NULL, NULL, false, 0 },
	{ "v=spf1 ip4:8.8.8.8.8", NULL, NULL, false, 0 },
	{ "v=spf1 ip48.8.8.8", "spf.syntax", "ip4:8.8.8.8", true, 1 },
	{ "v=spf1 ip4;8.8.8.8", "spf.syntax", "ip4:8.8.8.8", true, 1 },
	{ "v=spf1 ip4:[8.8.8.8]", "spf.syntax", "ip4:8.8.8.8", true, 1 },
	{ "v=spf1 include:<a.example>", "spf.syntax", "include:a.example", true,
	    1 },
	{ "v=spf1 include:https://a.example/b", "spf.syntax",
	    "include:a.example", true, 1 },
	{ "v=spf1 include:me@a.example", "spf.syntax", "include:a.example",
	    true, 1 },
	{ "v=spf1 include:a.example;-all", "spf.syntax",
	    "include:a.example -all", true, 1 },
	{ "v=spf1 mx:/24", "spf.syntax", "mx/24", true, 1 },
	{ "v=spf1 a p=none", "spf.ignored", "", true, 1 },
	{ "v=spf1 p=10", NULL, NULL, false, 0 },
	{ "v=spf1 spf.example.com", "spf.syntax", "include:spf.example.com",
	    false, 1 },
	{ "v=spf1 foo", NULL, NULL, false, 0 },
	{ "v=spf1 ip4:8.8.8.8/33", NULL, NULL, false, 0 },
};

static void
each_mistake_is_known(void **state)
{
	struct arena *a = arena_new(1 << 20, 4096);
	size_t i, k;

	(void)state;
	assert_non_null(a);
	for (i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct spf_mistake m = { 0 };
		struct spf_suspect s = { .arena = a };
		struct spf_record r;
		const char *text = mistakes[i].record;
		const char *meant = mistakes[i].meant;

		assert_int_equal(spf_record_parse(a, slice_str(text), &r),
		    RC_OK);
		s.record = &r;
		for (k = 0; k < r.n && !spf_mistake_find(&s, k, &m); k++)
			;
		if ((m.code == NULL) != (mistakes[i].code == NULL) ||
		    (m.code != NULL && strcmp(m.code, mistakes[i].code) != 0))
			fail_msg("%s: %s (%.*s)", text,
			    m.code != NULL ? m.code : "nothing",
			    SLICE_FMT(m.meant));
		if (m.code == NULL)
			continue;
		if (!slice_eq(m.meant, slice_str(meant)) ||
		    m.sure != mistakes[i].sure || m.terms != mistakes[i].terms)
			fail_msg("%s: \"%.*s\" %d %zu", text,
			    SLICE_FMT(m.meant), m.sure, m.terms);
	}
	arena_free(a);
}

static void
a_border_of_strings_is_told(void **state)
{
	struct arena *a = arena_new(1 << 20, 4096);
	struct slice strings[] = { SLICE_LIT("v=spf1 ip4:8.8."),
		SLICE_LIT(" 8.8 include:a.example"),
		SLICE_LIT("include:b.example -all") };
	struct dns_record txt = { .type = DNS_TXT, .as.text = { strings, 3 } };
	struct spf_record r;
	struct spf_suspect s = { a, &r, &txt };
	struct spf_mistake m;

	(void)state;
	assert_int_equal(spf_record_parse(a, check_text(a, &txt), &r), RC_OK);
	assert_true(spf_mistake_find(&s, 0, &m));
	assert_string_equal(m.code, "spf.split-blank");
	assert_true(slice_eq(m.meant, SLICE_LIT("ip4:8.8.8.8")));
	assert_int_equal(m.terms, 2);
	assert_true(spf_mistake_find(&s, 2, &m));
	assert_non_null(strstr(m.said, "strings"));
	arena_free(a);
}

static const struct {
	const char *text;
	const char *rest; /* NULL: it was never to be one */
} misses[] = {
	{ "spf1 a -all", "a -all" },
	{ "v=spf 1 a -all", "a -all" },
	{ "v=spf1; a -all", "a -all" },
	{ "v=SPF1:a -all", "a -all" },
	{ " v=spf1 a -all", "a -all" },
	{ "\"v=spf1 a -all\"", "a -all" },
	{ "v=spf10 a -all", "a -all" },
	{ "v=spf1.0 a -all", "a -all" },
	{ "v = spf1 a -all", "a -all" },
	{ "v:spf1 a", "a" },
	{ "v=psf1 a", "a" },
	{ "v=spf2.0/pra a", "a" },
	{ "spf2.0/mfrom,pra a", "a" },
	{ "v=spf a -all", "a -all" },
	{ "v=spf1include:a.example", "include:a.example" },
	{ "SPF: v=spf1 a -all", "a -all" },
	{ "@ IN TXT \"v=spf1 a -all\"", "a -all" },
	{ "\xef\xbb\xbfv=spf1 a -all", "a -all" },
	{ "how we came from nothing at all to a record: v=spf1 a", NULL },
	{ "spf", NULL },
	{ "spf-verification=1", NULL },
	{ "spf1verify", NULL },
	{ "v=DMARC1; p=none", NULL },
	{ "", NULL },
	{ "v=", NULL },
};

static void
near_misses_are_seen(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(misses) / sizeof(*misses); i++) {
		struct slice rest = SLICE_NONE;
		bool is = spf_near_miss(slice_str(misses[i].text), &rest);

		if (is != (misses[i].rest != NULL) ||
		    (is && !slice_eq(rest, slice_str(misses[i].rest))))
			fail_msg("\"%s\": %d \"%.*s\"", misses[i].text, is,
			    SLICE_FMT(rest));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_is_known),
		cmocka_unit_test(a_border_of_strings_is_told),
		cmocka_unit_test(near_misses_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
