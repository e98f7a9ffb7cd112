#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/changes.h"
#include "rules/template.h"

/* Rules of a pack that knows no facts; the provider is the id's first word. */
#define RULE(id, level, consequence, require, fix, more) \
	"[" id "]\ntitle = " id "\nlevel = " level \
	"\nconsequence = " consequence \
	"\nsource = https://example.com/\nwhy = W\n" \
	"require = " require "\nfix = " fix "\n" more "\n"
#define MUST(id, require, fix) RULE(id, "must", "reject", require, fix, "")

static json_t *
records_of(const struct rule *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_records; i++) {
		struct slice name = template_source(r->records[i].name);
		struct slice value = template_source(r->records[i].value);

		(void)json_array_append_new(list,
		    json_pack("{s:s%, s:s%}", "name", (const char *)name.p,
			name.n, "value", (const char *)value.p, value.n));
	}
	return list;
}

static json_t *
text_json(struct slice s)
{
	return json_stringn((const char *)s.p, s.n);
}

static json_t *
result_of(const struct rule *r, const json_t *facts)
{
	json_t *o = json_object();
	bool fails = expr_eval(r->require, facts, NULL) == TRUTH_FALSE;

	(void)json_object_set_new(o, "rule", text_json(r->id));
	(void)json_object_set_new(o, "provider", text_json(r->provider));
	(void)json_object_set_new(o, "check", text_json(r->check));
	(void)json_object_set_new(o, "status",
	    json_string(fails ? "fail" : "pass"));
	(void)json_object_set_new(o, "title", text_json(r->title));
	(void)json_object_set_new(o, "fix", text_json(template_source(r->fix)));
	(void)json_object_set_new(o, "records", records_of(r));
	return o;
}

static json_t *
element_of(const struct rules *rules, const json_t *facts)
{
	json_t *o = json_object(), *results = json_array();

	for (size_t i = 0; i < rules->n; i++)
		(void)json_array_append_new(results,
		    result_of(rules->rules[i], facts));
	(void)json_object_set_new(o, "results", results);
	assert_int_equal(changes_set(o, rules, facts), RC_OK);
	return o;
}

static struct rules *
rules_of(const char *pack)
{
	struct rules *rules = NULL;
	struct pack_error e;

	assert_int_equal(rules_new(&rules), RC_OK);
	if (rules_add_pack(rules, SLICE_LIT("p.rules"), slice_str(pack), NULL,
		&e) != RC_OK)
		fail_msg("%zu:%zu: %.*s", e.line, e.column, SLICE_FMT(e.what));
	return rules;
}

static void
add_words(char *to, size_t size, const char *before, const json_t *list)
{
	const json_t *word;
	size_t i;

	json_array_foreach(list, i, word)
	{
		size_t n = strlen(to);

		(void)snprintf(to + n, size - n, "%s%s", i > 0 ? " " : before,
		    json_string_value(word));
	}
}

/* "a.x b.x +c.x; b.y = a b": rules, implied ones, and what it completes. */
static void
list_changes(const json_t *element, const char *key, char *to, size_t size)
{
	const json_t *change;
	size_t i;

	to[0] = '\0';
	json_array_foreach(json_object_get(element, key), i, change)
	{
		if (i > 0)
			(void)snprintf(to + strlen(to), size - strlen(to),
			    "; ");
		add_words(to, size, "", json_object_get(change, "rules"));
		add_words(to, size, " +", json_object_get(change, "implied"));
		add_words(to, size, " = ",
		    json_object_get(change, "completes"));
	}
}

static const struct {
	const char *name, *pack, *facts, *changes, *recommended;
} cases[] = {
	{ "nothing fails", MUST("a.x", "f.x", "X"), "{\"f\":{\"x\":true}}", "",
	    "" },
	{ "the same words of two providers are one deed",
	    MUST("a.x", "f.x", "X") MUST("b.x", "f.x", "X"),
	    "{\"f\":{\"x\":false}}", "a.x b.x = a b", "" },
	{ "of one provider too",
	    MUST("a.x", "f.x", "X") MUST("a.y", "f.y", "X"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.x a.y = a", "" },
	{ "other words are another deed",
	    MUST("a.x", "f.x", "X") MUST("a.y", "f.y", "Y"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.x; a.y = a", "" },
	{ "the same record is one deed, whatever is said of it",
	    RULE("a.x", "must", "reject", "f.x", "X", "record = n TXT v\n")
		RULE("b.x", "must", "reject", "f.x == true", "Y",
		    "record = n TXT v\n"),
	    "{\"f\":{\"x\":false}}", "a.x b.x = a b", "" },
	{ "the same words with other records are two",
	    RULE("a.x", "must", "reject", "f.x", "X", "record = n TXT v\n")
		RULE("b.y", "must", "reject", "f.y", "X", "record = n TXT w\n"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.x = a; b.y = b", "" },
	{ "what either of two mends that are needed anyway is no third",
	    MUST("a.any", "f.x or f.y", "Do X or Y") MUST("a.x", "f.x", "X")
		MUST("a.y", "f.y", "Y"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.x +a.any; a.y = a", "" },
	{ "what one of two mends that is needed anyway is no second",
	    MUST("a.any", "f.x or f.y", "Do X or Y") MUST("b.x", "f.x", "X"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "b.x +a.any = b a", "" },
	{ "alone it is a change of its own",
	    MUST("a.any", "f.x or f.y", "Do X or Y"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.any = a", "" },
	{ "what two mend together is no third",
	    MUST("a.both", "f.x and f.y", "Do both") MUST("a.x", "f.x", "X")
		MUST("a.y", "f.y", "Y"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.x +a.both; a.y = a", "" },
	{ "what asks for two things does not bring both of them",
	    MUST("a.both", "f.x and f.y", "X") MUST("b.y", "f.y", "Y"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.both = a; b.y = b", "" },
	{ "what asks for two things brings the one that lacks",
	    MUST("a.both", "f.x and f.y", "X") MUST("b.y", "f.y", "Y"),
	    "{\"f\":{\"x\":true,\"y\":false}}", "b.y +a.both = b a", "" },
	{ "a part of what is asked for stays to be done",
	    MUST("a.aligned", "(f.x and f.own) or f.z", "Align")
		MUST("a.x", "f.x", "X"),
	    "{\"f\":{\"x\":false,\"own\":false,\"z\":false}}",
	    "a.aligned; a.x = a", "" },
	{ "or not, when the rest is there",
	    MUST("a.aligned", "(f.x and f.own) or f.z", "Align")
		MUST("a.x", "f.x", "X"),
	    "{\"f\":{\"x\":false,\"own\":true,\"z\":false}}",
	    "a.x +a.aligned = a", "" },
	{ "a rule says what mends it too",
	    RULE("a.aligned", "must", "reject", "f.z", "Align",
		"mended_by = a.x\n") MUST("a.x", "f.x", "X"),
	    "{\"f\":{\"x\":false,\"z\":false}}", "a.x +a.aligned = a", "" },
	{ "only where that is so",
	    RULE("a.aligned", "must", "reject", "f.z", "Align",
		"mended_by = a.x if f.none\n") MUST("a.x", "f.x", "X"),
	    "{\"f\":{\"x\":false,\"z\":false,\"none\":false}}",
	    "a.aligned; a.x = a", "" },
	{ "only where that is known to be so",
	    RULE("a.aligned", "must", "reject", "f.z", "Align",
		"mended_by = a.x if f.none\n") MUST("a.x", "f.x", "X"),
	    "{\"f\":{\"x\":false,\"z\":false}}", "a.aligned; a.x = a", "" },
	{ "what does not fail mends nothing",
	    RULE("a.aligned", "must", "reject", "f.z", "Align",
		"mended_by = a.x\n") MUST("a.x", "f.x", "X"),
	    "{\"f\":{\"x\":true,\"z\":false}}", "a.aligned = a", "" },
	{ "two that mend each other are one",
	    RULE("a.x", "must", "reject", "f.x", "X", "mended_by = a.y\n")
		RULE("a.y", "must", "reject", "f.y", "Y", "mended_by = a.x\n"),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.x +a.y = a", "" },
	{ "a circle of three leaves one",
	    RULE("a.x", "must", "reject", "f.x", "X", "mended_by = a.y\n")
		RULE("a.y", "must", "reject", "f.y", "Y", "mended_by = a.z\n")
		    RULE("a.z", "must", "reject", "f.z", "Z",
			"mended_by = a.x a.y\n"),
	    "{\"f\":{\"x\":false,\"y\":false,\"z\":false}}", "a.y +a.x a.z = a",
	    "" },
	{ "what should be done is not needed",
	    MUST("a.x", "f.x", "X")
		RULE("a.y", "should", "spam", "f.y", "Y", ""),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.x = a", "a.y" },
	{ "but goes along with what is",
	    MUST("a.x", "f.x", "X") RULE("b.x", "should", "spam", "f.x", "X",
		"") RULE("b.z", "may", "advice", "f.x or f.z", "Z", ""),
	    "{\"f\":{\"x\":false,\"z\":false}}", "a.x b.x +b.z = a", "" },
	{ "what should be done does not spare what must",
	    MUST("a.any", "f.x or f.y", "Any")
		RULE("b.x", "should", "spam", "f.x", "X", ""),
	    "{\"f\":{\"x\":false,\"y\":false}}", "a.any = a", "b.x" },
	{ "the gravest comes first, then what unblocks most",
	    RULE("a.m", "must", "mitigation", "f.m", "M", "") MUST("a.x", "f.x",
		"X") RULE("a.s", "must", "spam", "f.s", "S", "")
		MUST("a.y", "f.y", "Y") MUST("b.y", "f.y", "Y"),
	    "{\"f\":{\"m\":false,\"x\":false,\"y\":false,\"s\":false}}",
	    "a.y b.y = b; a.x; a.s; a.m = a", "" },
	{ "advice beside the providers is none of it",
	    MUST("standards.x", "f.x", "X"), "{\"f\":{\"x\":false}}", "", "" },
	{ "equal texts, sets, counts and lists are the same",
	    MUST("a.any",
		"(f.t == \"b\" or f.z) and (f.t in [\"b\", 2] or f.z) and "
		"(count(f.l) > 1 or f.z) and (all(f.l, it.k == null) or f.z) "
		"and (not f.o or f.z)",
		"Any") MUST("a.1", "f.t == \"b\"", "1") MUST("a.2",
		"f.t in [\"b\", 2]", "2") MUST("a.3", "count(f.l) > 1", "3")
		MUST("a.4", "all(f.l, it.k == null)", "4")
		    MUST("a.5", "not f.o", "5"),
	    "{\"f\":{\"t\":\"a\",\"z\":false,\"l\":[{\"k\":1}],\"o\":true}}",
	    "a.1 +a.any; a.2; a.3; a.4; a.5 = a", "" },
	{ "nearly the same is not",
	    MUST("a.any",
		"(f.t == \"b\" or f.z) and (f.t in [\"b\", 2] or f.z) and "
		"(count(f.l) > 1 or f.z)",
		"Any") MUST("a.1", "f.t == \"c\"", "1") MUST("a.2",
		"f.t in [\"b\", 3]", "2") MUST("a.3", "count(f.l) > 2", "3"),
	    "{\"f\":{\"t\":\"a\",\"z\":false,\"l\":[{\"k\":1}]}}",
	    "a.any; a.1; a.2; a.3 = a", "" },
};

static void
the_list_of_changes_is_the_shortest(void **state)
{
	char changes[512], recommended[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rules *rules = rules_of(cases[i].pack);
		json_t *facts = json_loads(cases[i].facts, 0, NULL);
		json_t *element;

		assert_non_null(facts);
		element = element_of(rules, facts);
		list_changes(element, "changes", changes, sizeof(changes));
		list_changes(element, "recommended", recommended,
		    sizeof(recommended));
		if (strcmp(changes, cases[i].changes) != 0 ||
		    strcmp(recommended, cases[i].recommended) != 0)
			fail_msg("%s: \"%s\", \"%s\"", cases[i].name, changes,
			    recommended);
		json_decref(element);
		json_decref(facts);
		rules_close(&rules);
	}
}

/* ---- the packs that are built in --------------------------------------- */

static struct rules *
rules_built_in(void)
{
	struct rules *rules = NULL;
	struct pack_error e;

	assert_int_equal(rules_new(&rules), RC_OK);
	for (const struct builtin_pack *p = builtin_packs; p->name != NULL;
	     p++) {
		if (strcmp(p->name, "gmail.rules") == 0 ||
		    strcmp(p->name, "yahoo.rules") == 0)
			assert_int_equal(rules_add_pack(rules,
					     slice_str(p->name),
					     slice_of(p->text, p->size), NULL,
					     &e),
			    RC_OK);
	}
	return rules;
}

static bool
starts_with_one_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strncmp(s, *words, strlen(*words)) == 0)
			return true;
	}
	return false;
}

/* Of the failed rules about authentication alone. */
static json_t *
authentication_of(const struct rules *rules, const json_t *facts)
{
	static const char *const about[] = { "gmail.auth.", "yahoo.auth.",
		"gmail.dmarc.alignment", "yahoo.dmarc.alignment", NULL };
	json_t *o = json_object(), *results = json_array(), *result;

	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *r = rules->rules[i];

		if (r->require == NULL)
			continue;
		result = result_of(r, facts);
		if (starts_with_one_of(json_string_value(
					   json_object_get(result, "rule")),
			about) &&
		    (r->when == NULL ||
			expr_eval(r->when, facts, NULL) == TRUTH_TRUE))
			(void)json_array_append(results, result);
		json_decref(result);
	}
	(void)json_object_set_new(o, "results", results);
	assert_int_equal(changes_set(o, rules, facts), RC_OK);
	return o;
}

static void
what_either_of_two_mends_is_no_third_change(void **state)
{
	static const struct {
		const char *name, *facts, *changes;
	} rows[] = {
		{ "neither SPF nor DKIM",
		    "{\"hops\":{\"indirect\":false},\"spf\":{\"pass\":false},\"dkim\":{\"pass\":false,"
		    "\"signatures\":[]},\"dmarc\":{\"aligned_spf\":true,"
		    "\"aligned_dkim\":false}}",
		    "gmail.auth.spf gmail.auth.any yahoo.auth.any "
		    "yahoo.auth.both +gmail.dmarc.alignment "
		    "yahoo.dmarc.alignment; gmail.auth.dkim yahoo.auth.dkim = "
		    "gmail yahoo" },
		{ "a mail service's SPF, and no DKIM yet",
		    "{\"hops\":{\"indirect\":false},\"spf\":{\"pass\":true},\"dkim\":{\"pass\":false,"
		    "\"signatures\":[]},\"dmarc\":{\"aligned_spf\":false,"
		    "\"aligned_dkim\":false}}",
		    "gmail.auth.dkim yahoo.auth.dkim +gmail.dmarc.alignment "
		    "yahoo.dmarc.alignment = gmail yahoo" },
		{ "a mail service's SPF, and a signature of its that fails",
		    "{\"hops\":{\"indirect\":false},\"spf\":{\"pass\":true},\"dkim\":{\"pass\":false,"
		    "\"signatures\":[{}]},\"dmarc\":{\"aligned_spf\":false,"
		    "\"aligned_dkim\":false}}",
		    "gmail.auth.dkim yahoo.auth.dkim; gmail.dmarc.alignment "
		    "yahoo.dmarc.alignment = gmail yahoo" },
	};
	struct rules *rules = rules_built_in();
	char changes[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *facts = json_loads(rows[i].facts, 0, NULL);
		json_t *element = authentication_of(rules, facts);

		list_changes(element, "changes", changes, sizeof(changes));
		if (strcmp(changes, rows[i].changes) != 0)
			fail_msg("%s: \"%s\"", rows[i].name, changes);
		json_decref(element);
		json_decref(facts);
	}
	rules_close(&rules);
}

static const char *
member(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void
a_change_says_what_it_lifts_in_the_plainest_words(void **state)
{
	struct rules *rules =
	    rules_of(RULE("a.any", "must", "reject", "f.x or f.y", "X", "")
		    RULE("a.soft", "should", "reject", "f.x", "X", "")
			RULE("b.x", "must", "mitigation", "f.x", "X", "")
			    RULE("a.x", "must", "reject", "f.x", "X", ""));
	json_t *facts =
	    json_loads("{\"f\":{\"x\":false,\"y\":false}}", 0, NULL);
	json_t *element = element_of(rules, facts);
	const json_t *list = json_object_get(element, "changes");
	const json_t *c = json_array_get(list, 0);
	char text[256];

	(void)state;
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(member(c, "title"), "a.x");
	assert_string_equal(member(c, "level"), "must");
	assert_string_equal(member(c, "consequence"), "reject");
	assert_string_equal(member(c, "fix"), "X");
	list_changes(element, "changes", text, sizeof(text));
	assert_string_equal(text, "a.x a.any b.x a.soft = a b");
	json_decref(element);
	json_decref(facts);
	rules_close(&rules);
}

static void
what_should_be_done_lifts_no_consequence_of_a_must(void **state)
{
	struct rules *rules = rules_of(RULE("a.soft", "should", "reject", "f.x",
	    "X", "") RULE("b.x", "must", "mitigation", "f.x", "X", "")
		RULE("b.y", "must", "spam", "f.y", "Y", ""));
	json_t *facts =
	    json_loads("{\"f\":{\"x\":false,\"y\":false}}", 0, NULL);
	json_t *element = element_of(rules, facts);
	const json_t *list = json_object_get(element, "changes");

	(void)state;
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(member(json_array_get(list, 0), "title"), "b.y");
	assert_string_equal(member(json_array_get(list, 1), "title"), "b.x");
	assert_string_equal(member(json_array_get(list, 1), "consequence"),
	    "mitigation");
	json_decref(element);
	json_decref(facts);
	rules_close(&rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_of_changes_is_the_shortest),
		cmocka_unit_test(what_either_of_two_mends_is_no_third_change),
		cmocka_unit_test(
		    a_change_says_what_it_lifts_in_the_plainest_words),
		cmocka_unit_test(
		    what_should_be_done_lifts_no_consequence_of_a_must),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
