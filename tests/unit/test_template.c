#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/template.h"

static const struct fact_row facts_known[] = {
	{ "domain", NULL, false },
	{ "empty", NULL, false },
	{ "null", NULL, false },
	{ "absent", NULL, false },
	{ "yes", NULL, false },
	{ "no", NULL, false },
	{ "number", NULL, false },
	{ "real", NULL, false },
	{ "texts[]", NULL, false },
	{ "none[]", NULL, false },
	{ "ips[].ip", NULL, false },
	{ "ips[].names[]", NULL, false },
	{ "ips[].ok", NULL, false },
	{ "problems", NULL, false },
	{ "said[].code", NULL, false },
	{ "said[].detail", NULL, false },
	{ "group.fact", NULL, false },
	{ NULL, NULL, false },
};

/* Made of them by main(). */
static const struct facts *known;

static const char facts_text[] =
    "{\"domain\": \"example.com\", \"empty\": \"\", \"null\": null,"
    " \"yes\": true, \"no\": false, \"number\": -42, \"real\": 0.125,"
    " \"texts\": [\"192.0.2.1\", \"2001:db8::1\"], \"none\": [],"
    " \"ips\": [{\"ip\": \"192.0.2.1\", \"names\": [\"a\", \"b\"],"
    "   \"ok\": true}, {\"ip\": \"192.0.2.2\", \"names\": []}],"
    " \"problems\": [{\"detail\": \"one\"}, {\"detail\": \"two\"}],"
    " \"said\": [{\"code\": \"a.b\", \"detail\": \"first\"},"
    "   {\"code\": \"a.c\", \"detail\": \"the second\"},"
    "   {\"detail\": \"third. And more.\"}, {\"code\": \"d\", \"detail\": \"last\"}]}";

static const struct {
	const char *text;
	const char *expanded;
} expansions[] = {
	{ "", "" },
	{ "plain } text", "plain } text" },
	{ "{domain}", "example.com" },
	{ "at {domain}.", "at example.com." },
	{ "{{domain}", "{domain}" },
	{ "{{{domain}}", "{example.com}" },
	{ "{{{{", "{{" },
	{ "{empty}", "" },
	{ "{null}", "nothing" },
	{ "{absent}", "(not known)" },
	{ "{null|no record}", "no record" },
	{ "{absent|}", "" },
	{ "{empty|x}", "" },
	{ "{domain|a | b}", "example.com" },
	{ "{absent|a | b}", "a | b" },
	{ "{yes}, {no}", "yes, no" },
	{ "{number} {real}", "-42 0.125" },
	{ "{texts}", "192.0.2.1, 2001:db8::1" },
	{ "{none}", "nothing" },
	{ "{none|x}", "x" },
	{ "{null|at {domain}.}", "at example.com." },
	{ "{null|{absent|{number}}!}", "-42!" },
	{ "{ips[].ip}", "192.0.2.1, 192.0.2.2" },
	{ "{ips[].ok|?}", "yes, ?" },
	{ "{ips[].names}", "a, b, nothing" },
	{ "{problems[].detail}", "one, two" },
	{ "{group.fact}", "(not known)" },
	{ "{said[code=a.b].detail}", "first" },
	{ "{said[code=a.b,d].detail}", "first, last" },
	{ "{said[code=d,\n a.c , a.b].detail}", "first; the second; last" },
	{ "{said[code=a].detail}", "nothing" },
	{ "{said[].detail}.", "first. the second. third. And more. last." },
	{ "{said[code=a].detail|none}", "none" },
	{ "{reverse(texts)}", "1.2.0.192.in-addr.arpa, "
			      "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
			      "8.b.d.0.1.0.0.2.ip6.arpa" },
	{ "{reverse(domain)}", "example.com" },
	{ "{reverse(null)|x}", "x" },
};

static void
each_place_is_expanded(void **state)
{
	struct arena *a = arena_new(64 * 1024, 1024);
	json_t *facts = json_loads(facts_text, 0, NULL);
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < sizeof(expansions) / sizeof(expansions[0]);
	     i++) {
		struct slice text = slice_str(expansions[i].text);
		struct compile c = { .arena = a, .known = known };
		const struct template *t;

		if (template_parse(&c, text, &t) != RC_OK)
			fail_msg("%s: %.*s", expansions[i].text,
			    SLICE_FMT(c.what));
		buf_reset(&out);
		template_expand(t, facts, &out);
		if (!slice_eq(buf_slice(&out),
			slice_str(expansions[i].expanded)))
			fail_msg("%s: %.*s", expansions[i].text,
			    SLICE_FMT(buf_slice(&out)));
		assert_true(slice_eq(template_source(t), text));
	}
	buf_free(&out);
	json_decref(facts);
	arena_free(a);
}

static const struct {
	const char *text;
	size_t at;
	const char *what;
} errors[] = {
	{ "a {", 2, "\"{\" without its \"}\" (\"{{\" is a brace)" },
	{ "{domain", 0, "\"{\" without its \"}\" (\"{{\" is a brace)" },
	{ "{domain {null}", 0, "\"{\" without its \"}\" (\"{{\" is a brace)" },
	{ "{domain {null}}", 7, "expected \"}\" or \"|\" behind the fact" },
	{ "{domain|a {domian}}", 11,
	    "unknown fact \"domian\", did you mean \"domain\"?" },
	{ "{null|{null|{null|{null|{null|x}}}}}", 30,
	    "too many places inside places" },
	{ "{}", 1, "expected a fact behind \"{\" (\"{{\" is a brace)" },
	{ "x{ domain}", 2, "expected a fact behind \"{\" (\"{{\" is a brace)" },
	{ "{domain }", 7, "expected \"}\" or \"|\" behind the fact" },
	{ "{reverse(domain}", 15, "expected \")\" behind the fact" },
	{ "{reverse()}", 9,
	    "expected a fact behind \"{\" (\"{{\" is a brace)" },
	{ "{domian}", 1, "unknown fact \"domian\", did you mean \"domain\"?" },
	{ "{{{{ {it}", 6,
	    "\"it\" stands for an element: it means something only inside "
	    "all() or any()" },
	{ "{group}", 1, "expected one fact; \"group\" is a group of facts" },
	{ "{ips}", 1, "expected one fact; \"ips\" is a list" },
	{ "{group[].fact}", 1,
	    "expected a list of facts; \"group\" is a group of facts" },
	{ "{ips[].iq}", 1,
	    "unknown fact \"ips[].iq\", did you mean \"ips[].ip\"?" },
	{ "{ips[]}", 1, "expected one fact; \"ips\" is a list" },
	{ "{said[code].detail}", 6, "expected FACT=WORD or \"]\"" },
	{ "{said[co de=a].detail}", 6, "expected FACT=WORD or \"]\"" },
	{ "{said[cod=a].detail}", 6,
	    "unknown fact \"said[].cod\", did you mean \"said[].code\"?" },
	{ "{said[code=].detail}", 11, "expected words with commas between" },
	{ "{said[code=a,].detail}", 11, "expected words with commas between" },
	{ "{said[code=a]detail}", 1, "expected one fact; \"said\" is a list" },
};

static void
an_error_says_what_and_where(void **state)
{
	struct arena *a = arena_new(64 * 1024, 1024);

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct compile c = { .arena = a, .known = known };
		const struct template *t;

		if (template_parse(&c, slice_str(errors[i].text), &t) !=
			RC_INVALID ||
		    c.at != errors[i].at ||
		    !slice_eq(c.what, slice_str(errors[i].what)))
			fail_msg("%s: at %zu: %.*s", errors[i].text, c.at,
			    SLICE_FMT(c.what));
	}
	arena_free(a);
}

static void
it_is_the_element(void **state)
{
	struct arena *a = arena_new(64 * 1024, 1024);
	struct compile c = { .arena = a, .each = SLICE_LIT("texts") };
	json_t *it = json_string("192.0.2.9");
	const struct template *t;
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(template_parse(&c, SLICE_LIT("{reverse(it)}"), &t),
	    RC_OK);
	template_expand_it(t, it, it, &out);
	assert_true(
	    slice_eq(buf_slice(&out), SLICE_LIT("9.2.0.192.in-addr.arpa")));
	buf_free(&out);
	json_decref(it);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_is_expanded),
		cmocka_unit_test(an_error_says_what_and_where),
		cmocka_unit_test(it_is_the_element),
	};
	struct arena *facts = arena_new(64 * 1024, 4096);
	int failed;

	if (facts == NULL || facts_new(facts, facts_known, &known) != RC_OK)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(facts);
	return failed;
}
