#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "rules/expr.h"

static const struct fact_row facts_known[] = {
	{ "t", NULL, false },
	{ "f", NULL, false },
	{ "n", NULL, false },
	{ "u", NULL, false },
	{ "five", NULL, false },
	{ "name", NULL, false },
	{ "a.b", NULL, false },
	{ "a.c", NULL, false },
	{ "hosts", NULL, false },
	{ "hosts[].name", NULL, false },
	{ "hosts[].up", NULL, false },
	{ "hosts[].tls", NULL, false },
	{ "hosts[].bits", NULL, false },
	{ "hosts[].addresses[]", NULL, false },
	{ "hosts[].peers[].up", NULL, false },
	{ "texts[]", NULL, false },
	{ "bare", NULL, false },
	{ "empty[]", NULL, false },
	{ "nothing[].x", NULL, false },
	{ "lost[].x", NULL, false },
	{ "tree[].kids[].kids[].v", NULL, false },
	{ "typed.yes", "bool", false },
	{ "typed.text", "text", false },
	{ "typed.result", "pass|fail|none", false },
	{ "typed.bits", "number", false },
	{ "typed.list", "list", false },
	{ "typed.group", "object", false },
	{ "typed.texts", "list", false },
	{ "typed.texts[]", "text", false },
	{ "typed.words", "list", false },
	{ "typed.words[]", "error|warning", false },
	{ "typed.hosts", "list", false },
	{ "typed.hosts[].up", "bool", false },
	{ "typed.hosts[].code", "tls.*", false },
	{ NULL, NULL, false },
};

/* Made of them by main(). */
static const struct facts *known;

static const char facts_text[] =
    "{\"t\": true, \"f\": false, \"n\": null, \"five\": 5,"
    " \"name\": \"Mail.Example.COM\", \"a\": {\"b\": \"x\"},"
    " \"hosts\": ["
    "  {\"name\": \"mx1\", \"up\": true, \"tls\": \"TLSv1.2\", \"bits\": 128,"
    "   \"addresses\": [\"192.0.2.1\"], \"peers\": [{\"up\": true}]},"
    "  {\"name\": \"mx2\", \"tls\": \"TLSv1.3\", \"bits\": 256,"
    "   \"addresses\": [], \"peers\": [{\"up\": false}, {}]}],"
    " \"texts\": [\"one\", \"two\"], \"bare\": [{\"code\": \"x\"}],"
    " \"empty\": [], \"nothing\": null}";

static struct arena *arena;

static int
setup(void **state)
{
	arena = arena_new(1024 * 1024, 4096);
	*state = json_loads(facts_text, 0, NULL);
	return arena == NULL || *state == NULL;
}

static int
teardown(void **state)
{
	arena_free(arena);
	json_decref(*state);
	return 0;
}

static const struct expr *
parse(const char *text)
{
	struct compile c = { .arena = arena, .known = known };
	const struct expr *e = NULL;

	if (expr_parse(&c, slice_str(text), &e) != RC_OK)
		fail_msg("%s: at %zu: %.*s", text, c.at, SLICE_FMT(c.what));
	return e;
}

static enum truth
eval(const char *text, const json_t *facts)
{
	return expr_eval(parse(text), facts, NULL);
}

static void
and_or_and_not_are_kleenes(void **state)
{
	static const char *const names[] = { "f", "u", "t" };
	char text[64];

	for (int a = 0; a < 3; a++) {
		(void)snprintf(text, sizeof(text), "not %s", names[a]);
		assert_int_equal(eval(text, *state), 2 - a);
		for (int b = 0; b < 3; b++) {
			(void)snprintf(text, sizeof(text), "%s and %s",
			    names[a], names[b]);
			assert_int_equal(eval(text, *state), a < b ? a : b);
			(void)snprintf(text, sizeof(text), "%s or %s", names[a],
			    names[b]);
			assert_int_equal(eval(text, *state), a > b ? a : b);
		}
	}
}

static const struct {
	const char *text;
	enum truth worth;
} worths[] = {
	{ "true", TRUTH_TRUE },
	{ "false", TRUTH_FALSE },
	{ "n", TRUTH_FALSE },
	{ "five", TRUTH_FALSE },
	{ "t or f and f", TRUTH_TRUE },
	{ "(t or f) and f", TRUTH_FALSE },
	{ "not f and t", TRUTH_TRUE },
	{ "not (f and t)", TRUTH_TRUE },
	/* exists, null, absent */
	{ "a exists", TRUTH_TRUE },
	{ "a.b exists", TRUTH_TRUE },
	{ "a.c exists", TRUTH_UNKNOWN },
	{ "n exists", TRUTH_FALSE },
	{ "u exists", TRUTH_UNKNOWN },
	{ "n == null", TRUTH_TRUE },
	{ "t == null", TRUTH_FALSE },
	{ "u == null", TRUTH_UNKNOWN },
	{ "n != null", TRUTH_FALSE },
	{ "n != \"x\"", TRUTH_TRUE },
	{ "a == null", TRUTH_FALSE },
	{ "a != null", TRUTH_TRUE },
	{ "nothing == null", TRUTH_TRUE },
	{ "u != \"x\"", TRUTH_UNKNOWN },
	{ "n < 1", TRUTH_FALSE },
	{ "n >= 1", TRUTH_FALSE },
	{ "u < 1", TRUTH_UNKNOWN },
	/* comparison */
	{ "a.b == \"x\"", TRUTH_TRUE },
	{ "\"x\" == a.b", TRUTH_TRUE },
	{ "name == \"mail.example.com\"", TRUTH_FALSE },
	{ "five == 5", TRUTH_TRUE },
	{ "five == 5.0", TRUTH_TRUE },
	{ "five != 5.5", TRUTH_TRUE },
	{ "five > 4.9", TRUTH_TRUE },
	{ "five > -6", TRUTH_TRUE },
	{ "five < 5", TRUTH_FALSE },
	{ "five <= 5", TRUTH_TRUE },
	{ "five >= 5.01", TRUTH_FALSE },
	{ "five == \"5\"", TRUTH_FALSE },
	{ "five != \"5\"", TRUTH_TRUE },
	{ "name < 5", TRUTH_FALSE },
	{ "name >= 5", TRUTH_FALSE },
	{ "name < five", TRUTH_FALSE },
	{ "f == false", TRUTH_TRUE },
	{ "n == false", TRUTH_FALSE },
	/* versions */
	{ "all(hosts, it.tls >= \"TLSv1.2\")", TRUTH_TRUE },
	{ "any(hosts, it.tls > \"TLSv1.2\")", TRUTH_TRUE },
	{ "all(hosts, it.tls > \"TLSv1\")", TRUTH_TRUE },
	{ "all(hosts, it.tls < \"TLSv1.10\")", TRUTH_TRUE },
	{ "any(hosts, it.tls < \"SSLv3\")", TRUTH_FALSE },
	{ "any(hosts, it.tls >= \"SSLv3\")", TRUTH_FALSE },
	{ "name >= \"TLSv1.2\"", TRUTH_FALSE },
	/* in */
	{ "a.b in [\"y\", \"x\"]", TRUTH_TRUE },
	{ "a.b in [\"y\", 1, null, true]", TRUTH_FALSE },
	{ "n in [\"y\", null]", TRUTH_TRUE },
	{ "u in [\"y\"]", TRUTH_UNKNOWN },
	{ "\"two\" in texts", TRUTH_TRUE },
	{ "\"six\" in texts", TRUTH_FALSE },
	{ "u in texts", TRUTH_UNKNOWN },
	{ "u in empty", TRUTH_FALSE },
	{ "\"x\" in nothing", TRUTH_FALSE },
	{ "\"x\" in lost", TRUTH_UNKNOWN },
	{ "any(hosts, \"192.0.2.1\" in it.addresses)", TRUTH_TRUE },
	/* matches */
	{ "name matches \"^(?i)mail\\.\"", TRUTH_TRUE },
	{ "name matches \"^mail\"", TRUTH_FALSE },
	{ "name matches \"\"", TRUTH_TRUE },
	{ "n matches \".\"", TRUTH_FALSE },
	{ "five matches \"5\"", TRUTH_FALSE },
	{ "u matches \".\"", TRUTH_UNKNOWN },
	{ "any(texts, it matches \"^tw\")", TRUTH_TRUE },
	/* all, any, count */
	{ "all(texts, it != \"six\")", TRUTH_TRUE },
	{ "any(texts, it == \"six\")", TRUTH_FALSE },
	{ "all(empty, it == \"x\")", TRUTH_TRUE },
	{ "any(empty, it == \"x\")", TRUTH_FALSE },
	{ "all(nothing, it.x)", TRUTH_FALSE },
	{ "any(nothing, it.x)", TRUTH_FALSE },
	{ "all(lost, it.x)", TRUTH_UNKNOWN },
	{ "all(hosts, it.up)", TRUTH_UNKNOWN },
	{ "any(hosts, it.up)", TRUTH_TRUE },
	{ "all(hosts, not it.up)", TRUTH_FALSE },
	{ "any(hosts, not it.up)", TRUTH_UNKNOWN },
	{ "all(hosts, it.up or it.bits == 256)", TRUTH_TRUE },
	{ "any(hosts, any(it.peers, it.up == false))", TRUTH_TRUE },
	{ "all(hosts, all(it.peers, it.up))", TRUTH_FALSE },
	{ "any(hosts, it.up and any(it.peers, it.up))", TRUTH_TRUE },
	{ "any(hosts, any(it.peers, it.up) and it.bits == 128)", TRUTH_TRUE },
	{ "any(bare, it.code == \"x\")", TRUTH_TRUE },
	{ "count(hosts) == 2", TRUTH_TRUE },
	{ "count(empty) == 0", TRUTH_TRUE },
	{ "count(nothing) == 0", TRUTH_TRUE },
	{ "count(lost) == 0", TRUTH_UNKNOWN },
	{ "any(hosts, count(it.addresses) == 0)", TRUTH_TRUE },
	{ "five > count(hosts)", TRUTH_TRUE },
	/* under */
	{ "under(name, \"example.com\")", TRUTH_TRUE },
	{ "under(name, \"MAIL.example.com\")", TRUTH_TRUE },
	{ "under(name, \"ample.com\")", TRUTH_FALSE },
	{ "under(\"example.com\", name)", TRUTH_FALSE },
	{ "under(n, \"example.com\")", TRUTH_FALSE },
	{ "under(name, five)", TRUTH_FALSE },
	{ "under(u, \"example.com\")", TRUTH_UNKNOWN },
};

static void
each_test_has_its_worth(void **state)
{
	for (size_t i = 0; i < sizeof(worths) / sizeof(worths[0]); i++) {
		if (eval(worths[i].text, *state) != worths[i].worth)
			fail_msg("%s is not %d", worths[i].text,
			    (int)worths[i].worth);
	}
}

static const struct {
	const char *text;
	const char *absent; /* joined by a space */
} absences[] = {
	{ "u", "u" },
	{ "t and u", "u" },
	{ "u and f", "" },
	{ "f and u", "" },
	{ "u or t", "" },
	{ "u or a.c", "u a.c" },
	{ "u and u", "u" },
	{ "not u", "u" },
	{ "(u or t) and a.c exists", "a.c" },
	{ "(u and f) or a.c exists", "a.c" },
	{ "(u or t) and (u or a.c == 1)", "u a.c" },
	{ "u == a.c", "u a.c" },
	{ "u in lost", "u lost" },
	{ "all(hosts, it.up)", "hosts[].up" },
	{ "any(hosts, it.up)", "" },
	{ "all(hosts, all(it.peers, it.up or u))", "u hosts[].peers[].up" },
	{ "all(hosts, any(it.peers, it.up))", "hosts[].peers[].up" },
	{ "all(lost, it.x)", "lost" },
	{ "count(lost) == 0", "lost" },
	{ "under(u, a.c)", "u a.c" },
};

static void
what_was_absent_and_mattered_is_told_once(void **state)
{
	for (size_t i = 0; i < sizeof(absences) / sizeof(absences[0]); i++) {
		json_t *absent = json_pack("[s]", "before");
		char got[256] = "", want[256];
		size_t k;

		(void)expr_eval(parse(absences[i].text), *state, absent);
		for (k = 0; k < json_array_size(absent); k++) {
			size_t n = strlen(got);

			(void)snprintf(got + n, sizeof(got) - n, "%s%s",
			    k > 0 ? " " : "",
			    json_string_value(json_array_get(absent, k)));
		}
		(void)snprintf(want, sizeof(want), "before%s%s",
		    *absences[i].absent != '\0' ? " " : "", absences[i].absent);
		json_decref(absent);
		if (strcmp(got, want) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", absences[i].text,
			    got, want);
	}
}

static const struct {
	const char *text;
	size_t at;
	const char *what;
} errors[] = {
	{ "", 0, "expected a fact or a value, found the end" },
	{ "t and", 5, "expected a fact or a value, found the end" },
	{ "t t", 2, "expected \"and\", \"or\" or the end, found t" },
	{ "t = f", 2, "expected \"and\", \"or\" or the end, found =" },
	{ "t &", 2, "expected \"and\", \"or\" or the end, found &" },
	{ "t == ", 5, "expected a fact or a value, found the end" },
	{ "(t", 2, "expected \")\", found the end" },
	{ "t)", 1, "expected \"and\", \"or\" or the end, found )" },
	{ "or", 0, "expected a fact or a value, found or" },
	{ "a.b == \"x", 7, "a text without its closing quote" },
	{ "a.b == \"x\\\"", 7, "a text without its closing quote" },
	{ "5", 0, "a value alone is no condition: compare it" },
	{ "t and \"x\"", 6, "a value alone is no condition: compare it" },
	{ "null or t", 0, "a value alone is no condition: compare it" },
	{ "count(hosts)", 0, "a value alone is no condition: compare it" },
	{ "1 == 2", 0, "expected a fact on one side of a comparison" },
	/* types */
	{ "typed.text", 0,
	    "expected a condition, or a fact that is yes or no; \"typed.text\" "
	    "is a text" },
	{ "not typed.bits", 4,
	    "expected a condition, or a fact that is yes or no; \"typed.bits\" "
	    "is a number" },
	{ "typed.list", 0, "expected one fact; \"typed.list\" is a list" },
	{ "typed.list > 3", 0, "expected one fact; \"typed.list\" is a list" },
	{ "typed.group == 3", 0,
	    "expected one fact; \"typed.group\" is a group of facts" },
	{ "typed.text == 3", 14,
	    "expected a text, as \"typed.text\" is; found a number" },
	{ "3 == typed.text", 0,
	    "expected a text, as \"typed.text\" is; found a number" },
	{ "typed.text > 3", 13,
	    "expected a text, as \"typed.text\" is; found a number" },
	{ "typed.bits < \"TLSv1.2\"", 13,
	    "expected a number, as \"typed.bits\" is; found a text" },
	{ "typed.yes == \"yes\"", 13,
	    "expected yes or no, as \"typed.yes\" is; found a text" },
	{ "typed.yes < 5", 0,
	    "only numbers and versions such as \"TLSv1.2\" have an order" },
	{ "typed.bits == typed.text", 14,
	    "expected a number, as \"typed.bits\" is; \"typed.text\" is a "
	    "text" },
	{ "count(typed.list) == typed.text", 21,
	    "expected a number, as \"typed.list\" is; \"typed.text\" is a "
	    "text" },
	{ "typed.result == \"passed\"", 16,
	    "\"typed.result\" is never \"passed\": expected pass, fail or "
	    "none" },
	{ "typed.result in [\"pass\", \"best\"]", 25,
	    "\"typed.result\" is never \"best\": expected pass, fail or none" },
	{ "typed.bits in [1, \"two\"]", 18,
	    "expected a number, as \"typed.bits\" is; found a text" },
	{ "5 in typed.texts", 0,
	    "expected a text, as \"typed.texts\" is; found a number" },
	{ "typed.bits in typed.texts", 14,
	    "expected a number, as \"typed.bits\" is; \"typed.texts\" is a "
	    "text" },
	{ "\"note\" in typed.words", 0,
	    "\"typed.words[]\" is never \"note\": expected error or warning" },
	{ "typed.bits matches \"x\"", 0,
	    "expected a text; \"typed.bits\" is a number" },
	{ "under(typed.bits, \"x\")", 6,
	    "expected a domain; \"typed.bits\" is a number" },
	{ "any(typed.text, it)", 4,
	    "expected a list of facts; \"typed.text\" is a text" },
	{ "all(typed.group, it)", 4,
	    "expected a list of facts; \"typed.group\" is a group of facts" },
	{ "any(typed.hosts, it.code == \"spf.x\")", 28,
	    "\"typed.hosts[].code\" is never \"spf.x\": expected tls.*" },
	{ "any(typed.hosts, it.up == 1)", 26,
	    "expected yes or no, as \"it.up\" is; found a number" },
	{ "five < true", 7,
	    "only numbers and versions such as \"TLSv1.2\" have an order" },
	{ "name >= \"b\"", 8,
	    "only numbers and versions such as \"TLSv1.2\" have an order" },
	{ "count(hosts) > \"TLSv1\"", 15, "a count is compared with a number" },
	{ "count(hosts) == null", 16, "a count is compared with a number" },
	{ "five == 1234567890123456", 8, "the number is too long" },
	{ "t exists exists", 9,
	    "expected \"and\", \"or\" or the end, found exists" },
	{ "5 exists", 0, "expected a fact before \"exists\"" },
	{ "5 matches \"x\"", 0, "expected a fact before \"matches\"" },
	{ "name matches x", 13,
	    "expected a regular expression in quotes, found x" },
	{ "name matches \"a(\"", 16,
	    "bad regular expression: missing closing parenthesis" },
	{ "name matches \"\\\\d\\\"[z-a]\"", 22,
	    "bad regular expression: range out of order in character class" },
	{ "name matches \"\\C\"", 16,
	    "bad regular expression: using \\C is disabled by the "
	    "application" },
	{ "t in 5", 5, "expected \"[\" or a list of facts, found 5" },
	{ "t in []", 6, "expected a value, found ]" },
	{ "t in [1", 7, "expected \",\" or \"]\", found the end" },
	{ "t in [t]", 6, "expected a value, found t" },
	{ "5 in [5]", 0, "expected a fact before \"in [\"" },
	{ "all(hosts it.up)", 10, "expected \",\", found it.up" },
	{ "all(5, t)", 4, "expected a fact, found 5" },
	{ "all hosts", 4, "expected \"(\", found hosts" },
	{ "under(name)", 10, "expected \",\", found )" },
	{ "under(name, 5)", 12, "expected a domain: a fact or a text" },
	{ "it.up", 0,
	    "\"it\" stands for an element: it means something only inside "
	    "all() or any()" },
	{ "all(hosts, t) and it.up", 18,
	    "\"it\" stands for an element: it means something only inside "
	    "all() or any()" },
	{ "a.d", 0, "unknown fact \"a.d\", did you mean \"a.b\"?" },
	{ "all(hosts, it.nam == 1)", 11,
	    "unknown fact \"hosts[].nam\", did you mean \"hosts[].name\"?" },
	{ "hosts.name == 1", 0,
	    "unknown fact \"hosts.name\", did you mean \"hosts[].name\"?" },
	{ "quite_another_thing", 0, "unknown fact \"quite_another_thing\"" },
	{ "a == 1", 0, "expected one fact; \"a\" is a group of facts" },
	{ "hosts == 1", 0, "expected one fact; \"hosts\" is a list" },
	{ "all(five, t) and all(a, t)", 21,
	    "expected a list of facts; \"a\" is a group of facts" },
};

/* What types allow; null may be anywhere. */
static void
what_makes_sense_by_its_types_is_taken(void **state)
{
	static const char *const texts[] = { "typed.yes", "typed.yes == true",
		"typed.text == \"x\"", "typed.text != null",
		"typed.result in [\"pass\", null]", "typed.bits >= 5",
		"typed.text >= \"TLSv1.2\"", "typed.text < typed.result",
		"typed.result == typed.text", "count(typed.list) > typed.bits",
		"\"x\" in typed.texts", "typed.text in typed.texts",
		"5 in typed.list", "typed.group exists", "typed.list == null",
		"\"error\" in typed.words", "any(typed.list, it.x == 5)",
		"any(typed.list, it)", "typed.group.whatever == 5",
		"any(typed.hosts, it.up and it.code == \"tls.old\")",
		"under(typed.text, \"x\")", "typed.result matches \"p\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		(void)parse(texts[i]);
}

static void
an_error_says_what_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct compile c = { .arena = arena, .known = known };
		const struct expr *e;

		if (expr_parse(&c, slice_str(errors[i].text), &e) !=
			RC_INVALID ||
		    c.at != errors[i].at ||
		    !slice_eq(c.what, slice_str(errors[i].what)))
			fail_msg("%s: at %zu: %.*s", errors[i].text, c.at,
			    SLICE_FMT(c.what));
	}
}

static const struct {
	const char *text;
	const char *plain;
} prints[] = {
	{ "((t))", "t" },
	{ "t  or(f and u)", "t or f and u" },
	{ "(t or f)and u", "(t or f) and u" },
	{ "not(t or f)", "not (t or f)" },
	{ "not not t", "not not t" },
	{ "not (t == f)", "not t == f" },
	{ "(t or f) or u", "(t or f) or u" },
	{ "a.b in[1,-2.50,null ]", "a.b in [1, -2.50, null]" },
	{ "name matches \"a\\.\\\"b\\\\d\"",
	    "name matches \"a\\\\.\\\"b\\\\d\"" },
	{ "all(hosts,it.up or any(it.peers,it.up))",
	    "all(hosts, it.up or any(it.peers, it.up))" },
	{ "under( name,\"x.y\" )", "under(name, \"x.y\")" },
	{ "5>=count( hosts )", "5 >= count(hosts)" },
	{ "\"x\" in texts", "\"x\" in texts" },
	{ "a exists", "a exists" },
};

static void
an_expression_prints_in_its_plainest_form(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < sizeof(prints) / sizeof(prints[0]); i++) {
		buf_reset(&out);
		expr_print(parse(prints[i].text), &out);
		if (!slice_eq(buf_slice(&out), slice_str(prints[i].plain)))
			fail_msg("%s: %.*s", prints[i].text,
			    SLICE_FMT(buf_slice(&out)));
	}
	buf_free(&out);
}

static void
the_facts_that_are_read_are_listed_once(void **state)
{
	size_t n;
	const struct slice *paths = expr_paths(
	    parse("any(hosts, it.up or it.up) and t and count(hosts) > five"),
	    &n);

	(void)state;
	assert_int_equal(n, 4);
	assert_true(slice_eq(paths[0], SLICE_LIT("hosts")));
	assert_true(slice_eq(paths[1], SLICE_LIT("hosts[].up")));
	assert_true(slice_eq(paths[2], SLICE_LIT("t")));
	assert_true(slice_eq(paths[3], SLICE_LIT("five")));
}

/* How parsing goes of open n times, "t", and close n times. */
static enum rc
parse_nested(const char *open, const char *close, size_t n)
{
	struct compile c = { .arena = arena, .known = known };
	const struct expr *e;
	struct buf text;
	enum rc rc;

	buf_init(&text, 1024 * 1024);
	for (size_t i = 0; i < n; i++)
		buf_add_str(&text, open);
	buf_add_str(&text, "t");
	for (size_t i = 0; i < n; i++)
		buf_add_str(&text, close);
	rc = expr_parse(&c, buf_slice(&text), &e);
	if (rc == RC_INVALID)
		assert_true(slice_eq(c.what,
		    SLICE_LIT("the expression is nested too deeply")));
	buf_free(&text);
	return rc;
}

static void
nesting_has_a_floor(void **state)
{
	(void)state;
	/* The outermost expression is a level itself. */
	assert_int_equal(parse_nested("(", ")", LIMIT_EXPRESSION_DEPTH - 1),
	    RC_OK);
	assert_int_equal(parse_nested("(", ")", LIMIT_EXPRESSION_DEPTH),
	    RC_INVALID);
	assert_int_equal(parse_nested("not ", "", LIMIT_EXPRESSION_DEPTH - 1),
	    RC_OK);
	assert_int_equal(parse_nested("not ", "", LIMIT_EXPRESSION_DEPTH),
	    RC_INVALID);
	assert_int_equal(parse_nested("t or ", "", 1000), RC_OK);
}

static void
too_much_work_is_unknown(void **state)
{
	json_t *facts = json_object(), *list = json_array(), *absent;
	char long_text[4096];

	(void)state;
	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 2] = '!';
	long_text[sizeof(long_text) - 1] = '\0';
	absent = json_array();
	(void)json_object_set_new(facts, "name", json_string(long_text));
	assert_int_equal(expr_eval(parse("name matches \"^(a+)+$\""), facts,
			     absent),
	    TRUTH_UNKNOWN);
	assert_string_equal(json_string_value(json_array_get(absent, 0)),
	    "name");
	json_decref(absent);

	for (int i = 0; i < 2000; i++)
		(void)json_array_append_new(list, json_string("x"));
	(void)json_object_set_new(facts, "texts", list);
	assert_int_equal(eval("any(texts, any(texts, it == \"y\"))", facts),
	    TRUTH_UNKNOWN);
	assert_int_equal(eval("any(texts, it == \"y\")", facts), TRUTH_FALSE);
	json_decref(facts);
}

static void
invalid_utf8_is_matched_around(void **state)
{
	json_t *facts = json_object();

	(void)state;
	(void)json_object_set_new(facts, "name",
	    json_stringn_nocheck("a\xff"
				 "b\0c",
		5));
	assert_int_equal(eval("name matches \"b\\x00c$\"", facts), TRUTH_TRUE);
	assert_int_equal(eval("name matches \"a.b\"", facts), TRUTH_FALSE);
	json_decref(facts);
}

static void
every_allocation_may_fail(void **state)
{
	const char *text =
	    "all(hosts, it.up or it.name matches \"a[b-d]+\\\"\") "
	    "and a.b in [1, \"two\", null, true, 5.5] and not "
	    "(count(hosts) > 3 or under(name, \"x.y\") and t)";
	enum rc rc = RC_NOMEM;
	size_t limit, failures = 0;

	(void)state;
	for (limit = 0; rc != RC_OK && limit < 256 * 1024; limit += 16) {
		struct arena *a = arena_new(limit, 16);
		struct compile c = { .arena = a, .known = known };
		const struct expr *e;

		assert_non_null(a);
		rc = expr_parse(&c, slice_str(text), &e);
		assert_true(rc == RC_OK || rc == RC_NOMEM);
		failures += rc == RC_NOMEM;
		arena_free(a);
	}
	assert_int_equal(rc, RC_OK);
	assert_true(failures > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(and_or_and_not_are_kleenes),
		cmocka_unit_test(each_test_has_its_worth),
		cmocka_unit_test(what_was_absent_and_mattered_is_told_once),
		cmocka_unit_test(what_makes_sense_by_its_types_is_taken),
		cmocka_unit_test(an_error_says_what_and_where),
		cmocka_unit_test(an_expression_prints_in_its_plainest_form),
		cmocka_unit_test(the_facts_that_are_read_are_listed_once),
		cmocka_unit_test(nesting_has_a_floor),
		cmocka_unit_test(too_much_work_is_unknown),
		cmocka_unit_test(invalid_utf8_is_matched_around),
		cmocka_unit_test(every_allocation_may_fail),
	};
	struct arena *facts = arena_new(64 * 1024, 4096);
	int failed;

	if (facts == NULL || facts_new(facts, facts_known, &known) != RC_OK)
		return 1;
	failed = cmocka_run_group_tests(tests, setup, teardown);
	arena_free(facts);
	return failed;
}
