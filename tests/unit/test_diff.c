#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/diff.h"
#include "audit/diff_facts.h"
#include "audit/views/view.h"
#include "base/limits.h"
#include "with_arena.h"

WITH_ARENA(1 << 24, 4096)

static json_t *
read_json(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_DECODE_ANY, &error);

	if (value == NULL)
		fail_msg("%s: %s", text, error.text);
	return value;
}

/* ---- facts ------------------------------------------------------------- */

static const struct {
	const char *title, *before, *after;
	const char *want; /* the list of changes */
} facts[] = {
	{ "nothing changed", "{\"a\":[1,{\"b\":2}]}", "{\"a\":[1,{\"b\":2}]}",
	    "[]" },
	{ "a value", "{\"a\":{\"b\":\"x\"}}", "{\"a\":{\"b\":\"y\"}}",
	    "[{\"path\":\"f.a.b\",\"old\":\"x\",\"new\":\"y\"}]" },
	{ "null is not absent", "{\"a\":null}", "{}",
	    "[{\"path\":\"f.a\",\"old\":null}]" },
	{ "what is known now", "{}", "{\"a\":null}",
	    "[{\"path\":\"f.a\",\"new\":null}]" },
	{ "another type", "{\"a\":true}", "{\"a\":\"true\"}",
	    "[{\"path\":\"f.a\",\"old\":true,\"new\":\"true\"}]" },
	{ "the order of texts does not count", "{\"a\":[\"x\",\"y\",\"x\"]}",
	    "{\"a\":[\"y\",\"x\",\"x\"]}", "[]" },
	{ "how often they are there does", "{\"a\":[\"x\",\"y\",\"x\"]}",
	    "{\"a\":[\"y\",\"x\",\"y\"]}",
	    "[{\"path\":\"f.a\",\"old\":[\"x\",\"y\",\"x\"],"
	    "\"new\":[\"y\",\"x\",\"y\"]}]" },
	{ "addresses are found again wherever they stand",
	    "{\"a\":[{\"ip\":\"1\",\"v\":1},{\"ip\":\"2\",\"v\":2}]}",
	    "{\"a\":[{\"ip\":\"2\",\"v\":3},{\"ip\":\"1\",\"v\":1}]}",
	    "[{\"path\":\"f.a[ip=2].v\",\"old\":2,\"new\":3}]" },
	{ "an address that came, and one that went",
	    "{\"a\":[{\"ip\":\"1\"},{\"ip\":\"2\"}]}",
	    "{\"a\":[{\"ip\":\"1\"},{\"ip\":\"3\"}]}",
	    "[{\"path\":\"f.a[ip=2]\",\"old\":{\"ip\":\"2\"}},"
	    "{\"path\":\"f.a[ip=3]\",\"new\":{\"ip\":\"3\"}}]" },
	{ "one address for two identities",
	    "{\"a\":[{\"ip\":\"1\",\"identity\":\"helo\",\"r\":1},"
	    "{\"ip\":\"1\",\"identity\":\"mailfrom\",\"r\":1}]}",
	    "{\"a\":[{\"ip\":\"1\",\"identity\":\"mailfrom\",\"r\":2},"
	    "{\"ip\":\"1\",\"identity\":\"helo\",\"r\":1}]}",
	    "[{\"path\":\"f.a[ip=1,identity=mailfrom].r\",\"old\":1,"
	    "\"new\":2}]" },
	{ "keys by domain and selector",
	    "{\"a\":[{\"domain\":\"d\",\"selector\":\"s\",\"b\":1},"
	    "{\"domain\":\"d\",\"selector\":\"t\",\"b\":1}]}",
	    "{\"a\":[{\"domain\":\"d\",\"selector\":\"t\",\"b\":1},"
	    "{\"domain\":\"d\",\"selector\":\"s\",\"b\":2}]}",
	    "[{\"path\":\"f.a[domain=d,selector=s].b\",\"old\":1,"
	    "\"new\":2}]" },
	{ "problems by code, and by more where it is there twice",
	    "{\"p\":[{\"code\":\"x\",\"name\":\"a\",\"n\":1},"
	    "{\"code\":\"x\",\"name\":\"b\",\"n\":1},{\"code\":\"y\"}]}",
	    "{\"p\":[{\"code\":\"x\",\"name\":\"b\",\"n\":2},"
	    "{\"code\":\"y\"},{\"code\":\"x\",\"name\":\"a\",\"n\":1}]}",
	    "[{\"path\":\"f.p[code=x,name=b].n\",\"old\":1,\"new\":2}]" },
	{ "hosts and their addresses",
	    "{\"h\":[{\"host\":\"m\",\"address\":\"1\",\"v\":1},"
	    "{\"host\":\"m\",\"address\":\"2\",\"v\":1}]}",
	    "{\"h\":[{\"host\":\"m\",\"address\":\"2\",\"v\":1},"
	    "{\"host\":\"m\",\"address\":\"1\",\"v\":2}]}",
	    "[{\"path\":\"f.h[host=m,address=1].v\",\"old\":1,\"new\":2}]" },
	{ "things without a name differ as a whole",
	    "{\"t\":[{\"depth\":1},{\"depth\":2}]}",
	    "{\"t\":[{\"depth\":1},{\"depth\":3}]}",
	    "[{\"path\":\"f.t\",\"old\":[{\"depth\":1},{\"depth\":2}],"
	    "\"new\":[{\"depth\":1},{\"depth\":3}]}]" },
	{ "a list that was empty", "{\"a\":[]}", "{\"a\":[{\"ip\":\"1\"}]}",
	    "[{\"path\":\"f.a[ip=1]\",\"new\":{\"ip\":\"1\"}}]" },
	{ "texts and things mixed", "{\"a\":[\"x\",{\"ip\":\"1\"}]}",
	    "{\"a\":[{\"ip\":\"1\"},\"x\"]}", "[]" },
};

static void
facts_differ_by_what_they_are_about(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		json_t *before = read_json(facts[i].before);
		json_t *after = read_json(facts[i].after);
		json_t *want = read_json(facts[i].want);
		struct diff_facts d = { arena, json_array(), 0 };

		assert_int_equal(diff_facts(&d, "f", before, after), RC_OK);
		if (!json_equal(d.list, want))
			fail_msg("%s: %s", facts[i].title,
			    json_dumps(d.list, JSON_COMPACT));
		json_decref(d.list);
		json_decref(want);
		json_decref(after);
		json_decref(before);
	}
}

static void
what_is_too_much_is_counted(void **state)
{
	json_t *before = json_object(), *after = json_object();
	struct diff_facts d = { arena, json_array(), 0 };

	(void)state;
	for (int i = 0; i < LIMIT_DIFF_FACTS + 7; i++) {
		char key[16];

		(void)snprintf(key, sizeof(key), "k%d", i);
		(void)json_object_set_new(after, key, json_integer(i));
	}
	assert_int_equal(diff_facts(&d, "f", before, after), RC_OK);
	assert_int_equal(json_array_size(d.list), LIMIT_DIFF_FACTS);
	assert_int_equal(d.more, 7);
	json_decref(d.list);
	json_decref(after);
	json_decref(before);
}

/* ---- rules ------------------------------------------------------------- */

static const struct {
	const char *level, *before, *after, *change; /* NULL: none is said */
} steps[] = {
	{ "must", "pass", "pass", NULL },
	{ "must", "pass", "fail", "worse" },
	{ "should", "pass", "fail", "worse" },
	{ "may", "pass", "fail", "worse" },
	{ "must", "pass", "unknown", "worse" },
	{ "should", "pass", "unknown", "other" },
	{ "may", "pass", "unknown", "other" },
	{ "must", "pass", "not-applicable", "other" },
	{ "must", "fail", "pass", "better" },
	{ "must", "fail", "unknown", "other" },
	{ "must", "fail", "not-applicable", "better" },
	{ "must", "unknown", "pass", "better" },
	{ "must", "unknown", "fail", "worse" },
	{ "must", "unknown", "not-applicable", "other" },
	{ "must", "not-applicable", "pass", "other" },
	{ "must", "not-applicable", "fail", "worse" },
	{ "must", "not-applicable", "unknown", "other" },
	{ "must", "pass", "broken", "other" },
	{ "must", "", "fail", "other" },
};

static json_t *
one_rule(const char *level, const char *status)
{
	return json_pack("[{s:s, s:s, s:s}]", "rule", "p.r", "level", level,
	    "status", status);
}

static void
a_step_is_worse_better_or_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		json_t *before = one_rule(steps[i].level, steps[i].before);
		json_t *after = one_rule(steps[i].level, steps[i].after);
		struct diff_counts n = { 0, 0 };
		json_t *list = diff_results(before, after, &n);
		const char *change =
		    view_text_of(json_array_get(list, 0), "change");

		assert_int_equal(json_array_size(list),
		    steps[i].change != NULL);
		if (steps[i].change != NULL)
			assert_string_equal(change, steps[i].change);
		assert_int_equal(n.worse, strcmp(change, "worse") == 0);
		assert_int_equal(n.better, strcmp(change, "better") == 0);
		json_decref(list);
		json_decref(after);
		json_decref(before);
	}
}

static void
rules_of_one_document_are_neither_worse_nor_better(void **state)
{
	json_t *before = read_json("[{\"rule\":\"a\",\"status\":\"fail\"},"
				   "{\"rule\":5},{}]");
	json_t *after = read_json("[{\"rule\":\"b\",\"status\":\"fail\"}]");
	struct diff_counts n = { 0, 0 };
	json_t *list = diff_results(before, after, &n);
	json_t *want = read_json(
	    "[{\"rule\":\"b\",\"change\":\"added\",\"new\":\"fail\"},"
	    "{\"rule\":\"a\",\"change\":\"removed\",\"old\":\"fail\"}]");

	(void)state;
	assert_true(json_equal(list, want));
	assert_int_equal(n.worse + n.better, 0);
	json_decref(list);
	json_decref(want);
	json_decref(after);
	json_decref(before);
}

/* ---- pairs ------------------------------------------------------------- */

#define AUDIT(domain, more) "{\"subject\":{\"domain\":\"" domain "\"" more "}}"
#define MAIL(file, sha) \
	",\"message\":{\"file\":\"" file "\",\"sha256\":\"" sha "\"}"
#define IPS(ip) ",\"ips\":[\"" ip "\"]"

static const struct {
	const char *title, *before, *after;
	const char *want; /* of each pair "old-new" by place, - for none */
} matches[] = {
	{ "by domain", "[" AUDIT("a", "") "," AUDIT("b", "") "]",
	    "[" AUDIT("b", "") "," AUDIT("a", "") "]", "1-0 0-1" },
	{ "one that came and one that went",
	    "[" AUDIT("a", "") "," AUDIT("b", "") "]",
	    "[" AUDIT("a", "") "," AUDIT("c", "") "]", "0-0 --1 1--" },
	{ "the same message, whatever its file",
	    "[" AUDIT("a", MAIL("x", "1")) "," AUDIT("a", MAIL("y", "2")) "]",
	    "[" AUDIT("a", MAIL("z", "2")) "," AUDIT("a", MAIL("x", "1")) "]",
	    "1-0 0-1" },
	{ "the same file with another message",
	    "[" AUDIT("a", MAIL("x", "1")) "," AUDIT("a", MAIL("y", "2")) "]",
	    "[" AUDIT("a", MAIL("y", "3")) "," AUDIT("a", MAIL("x", "4")) "]",
	    "1-0 0-1" },
	{ "another message of a domain that has one",
	    "[" AUDIT("a", MAIL("x", "1")) "]",
	    "[" AUDIT("a", MAIL("y", "2")) "]", "0-0" },
	{ "a message where there was none", "[" AUDIT("a", "") "]",
	    "[" AUDIT("a", MAIL("y", "2")) "]", "0-0" },
	{ "two messages for one: nobody knows which",
	    "[" AUDIT("a", MAIL("x", "1")) "]",
	    "[" AUDIT("a", MAIL("y", "2")) "," AUDIT("a", MAIL("z", "3")) "]",
	    "--0 --1 0--" },
	{ "one domain by two addresses",
	    "[" AUDIT("a", IPS("1")) "," AUDIT("a", IPS("2")) "]",
	    "[" AUDIT("a", IPS("2")) "," AUDIT("a", IPS("1")) "]", "1-0 0-1" },
	{ "another address of one domain", "[" AUDIT("a", IPS("1")) "]",
	    "[" AUDIT("a", IPS("2")) "]", "0-0" },
	{ "the same twice, in order", "[" AUDIT("a", "") "," AUDIT("a", "") "]",
	    "[" AUDIT("a", "") "," AUDIT("a", "") "," AUDIT("a", "") "]",
	    "0-0 1-1 --2" },
	{ "no subject at all", "[{}]", "[{}]", "0-0" },
	{ "nothing", "[]", "[]", "" },
};

/* Its place in the list, or "-". */
static const char *
place(const json_t *list, const json_t *audit)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (json_array_get(list, i) == audit)
			return arena_printf(arena, "%zu", i);
	}
	return "-";
}

static void
audits_are_matched_by_their_subjects(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++) {
		json_t *before = read_json(matches[i].before);
		json_t *after = read_json(matches[i].after);
		const char *is = "";
		struct diff_pair *pairs;
		size_t n;

		assert_int_equal(diff_match(arena, before, after, &pairs, &n),
		    RC_OK);
		for (size_t k = 0; k < n; k++)
			is = arena_printf(arena, "%s%s%s-%s", is,
			    k > 0 ? " " : "", place(before, pairs[k].before),
			    place(after, pairs[k].after));
		if (strcmp(is, matches[i].want) != 0)
			fail_msg("%s: %s", matches[i].title, is);
		json_decref(after);
		json_decref(before);
	}
}

/* ---- whole documents --------------------------------------------------- */

static struct saved
saved_of(const char *text)
{
	struct slice error = SLICE_NONE;
	struct saved_file f = { "f", slice_str(text), arena, &error };
	struct saved s;

	if (saved_read(&f, &s) != RC_OK)
		fail_msg("%.*s", SLICE_FMT(error));
	return s;
}

static struct diff
diff_of(const char *before, const char *after)
{
	struct saved saved[2] = { saved_of(before), saved_of(after) };
	static const char *const files[] = { "a\033.json", "b" };
	struct diff d;

	assert_int_equal(diff_make(arena, saved, files, &d), RC_OK);
	saved_close(&saved[0]);
	saved_close(&saved[1]);
	return d;
}

#define DOCUMENT(as_of, audits) \
	"{\"schema\":\"presend.audit/1\",\"as_of\":\"" as_of \
	"\",\"audits\":[" audits "]}"
#define FULL(domain, status, record) \
	"{\"subject\":{\"domain\":\"" domain \
	"\"},\"verdicts\":[{\"provider\":\"p\",\"verdict\":\"" status \
	"\"}],\"results\":[{\"rule\":\"p.r\",\"level\":\"must\",\"status\":\"" status \
	"\"}],\"facts\":{\"spf\":{\"record\":" record \
	"},\"subject\":{\"x\":" record "}}}"
#define FAILED(domain) \
	"{\"subject\":{\"domain\":\"" domain "\"},\"error\":\"no From\"}"

static void
what_is_the_same_is_counted_only(void **state)
{
	static const char text[] = DOCUMENT("2026-11-21T00:00:00Z",
	    FULL("a", "pass", "1") "," FAILED(
		"b") ","
		     "{\"verdicts\":[{\"provider\":\"p\"}],"
		     "\"results\":[{\"rule\":\"r\"},{\"rule\":\"r\","
		     "\"status\":\"fail\"}]}");
	struct diff d = diff_of(text, text);
	json_t *want = read_json("{\"worse\":0,\"better\":0,\"same\":3,"
				 "\"changed\":0,\"added\":0,\"removed\":0}");

	(void)state;
	assert_int_equal(json_array_size(d.audits), 0);
	assert_true(json_equal(json_object_get(d.header, "counts"), want));
	json_decref(want);
	diff_close(&d);
}

static void
a_changed_audit_tells_what_became_of_it(void **state)
{
	struct diff d =
	    diff_of(DOCUMENT("2026-11-21T00:00:00Z",
			FULL("a", "pass", "1") "," FULL("b", "pass", "1")),
		DOCUMENT("2026-11-22T00:00:00Z",
		    FULL("a", "fail", "2") "," FAILED("b") "," FAILED("c")));
	json_t *a = json_array_get(d.audits, 0);
	json_t *b = json_array_get(d.audits, 1);
	json_t *want =
	    read_json("[{\"path\":\"spf.record\",\"old\":1,\"new\":2}]");

	(void)state;
	/* One rule, and an audit that cannot be made any more. */
	assert_int_equal(d.counts.worse, 2);
	assert_string_equal(view_text_of(a, "state"), "changed");
	assert_true(json_equal(json_object_get(a, "facts"), want));
	assert_string_equal(view_text_of(json_array_get(json_object_get(a,
							    "verdicts"),
					     0),
				"new"),
	    "fail");
	assert_string_equal(view_text_of(json_object_get(b, "error"), "new"),
	    "no From");
	assert_string_equal(view_text_of(json_array_get(d.audits, 2), "state"),
	    "added");
	assert_string_equal(view_text_of(d.header, "schema"), DIFF_SCHEMA);
	assert_string_equal(view_text_of(json_object_get(d.header, "new"),
				"as_of"),
	    "2026-11-22T00:00:00Z");
	json_decref(want);
	diff_close(&d);
}

static void
lines_are_read_as_a_document_is(void **state)
{
	struct diff d =
	    diff_of("{\"schema\":\"presend.audit/1\",\"as_of\":\"t\","
		    "\"subject\":{\"domain\":\"a\"}}\n\n"
		    "{\"schema\":\"presend.audit/1\",\"as_of\":\"t\","
		    "\"subject\":{\"domain\":\"b\"}}\n",
		DOCUMENT("u", AUDIT("b", "") "," AUDIT("a", "")));

	(void)state;
	assert_int_equal(json_array_size(d.audits), 0);
	diff_close(&d);
}

static const struct {
	const char *text, *error;
} refused[] = {
	{ "", "f: line 1: '[' or '{' expected near end of file" },
	{ "{", "f: line 1: string or '}' expected near end of file" },
	{ "[]", "f: line 1: is not an object" },
	{ "{\"audits\":[]}", "f: its schema is neither presend.audit/1 nor "
			     "presend.bounces/1" },
	{ "{\"schema\":1,\"audits\":[]}",
	    "f: its schema is neither presend.audit/1 nor "
	    "presend.bounces/1" },
	{ "{\"schema\":\"presend.audit/2\",\"audits\":[]}",
	    "f: its schema is neither presend.audit/1 nor "
	    "presend.bounces/1" },
	{ "{\"schema\":\"presend.explain/1\",\n\"meanings\":[]}",
	    "f: is an explanation (presend.explain/1); what is compared are "
	    "audits and analyses of bounces" },
	{ "{\"schema\":\"presend.evidence/1\"}\n{\"question\":{}}\n",
	    "f: line 1: is a recording (presend.evidence/1); audit by it with "
	    "--replay, and compare the documents" },
	{ "{\"schema\":\"presend.diff/1\",\"audits\":[]}",
	    "f: is a comparison (presend.diff/1); what is compared are audits "
	    "and analyses of bounces" },
	{ "{\"schema\":\"presend.audit/1\",\n\"audits\":{}}",
	    "f: has no list of audits" },
	{ "{\"schema\":\"presend.audit/1\",\"audits\":[1]}",
	    "f: has an audit that is no object" },
	{ "{\"schema\":\"presend.audit/1\",\"as_of\":\"t\"}\n"
	  "{\"schema\":\"presend.audit/1\",\"as_of\":\"u\"}\n",
	    "f: line 2: has another schema or as_of than the first" },
	{ "{\"schema\":\"presend.audit/1\"}\nx\n",
	    "f: line 2: '[' or '{' expected near 'x'" },
	{ "{\"schema\":\"presend.audit/1\"}\n[]\n",
	    "f: line 2: is not an object" },
	{ "{\"schema\":\"presend.audit/1\",\"audits\":[],\"audits\":[]}",
	    "f: line 1: duplicate object key near '\"audits\"'" },
};

static void
what_is_no_document_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct slice error = SLICE_NONE;
		struct saved_file f = { "f", slice_str(refused[i].text), arena,
			&error };
		struct saved s;

		assert_int_equal(saved_read(&f, &s), RC_INVALID);
		if (!slice_eq(error, slice_str(refused[i].error)))
			fail_msg("%s: %.*s", refused[i].text, SLICE_FMT(error));
		saved_close(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_differ_by_what_they_are_about),
		cmocka_unit_test(what_is_too_much_is_counted),
		cmocka_unit_test(a_step_is_worse_better_or_other),
		cmocka_unit_test(
		    rules_of_one_document_are_neither_worse_nor_better),
		cmocka_unit_test(audits_are_matched_by_their_subjects),
		cmocka_unit_test(what_is_the_same_is_counted_only),
		cmocka_unit_test(a_changed_audit_tells_what_became_of_it),
		cmocka_unit_test(lines_are_read_as_a_document_is),
		cmocka_unit_test(what_is_no_document_is_named),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
