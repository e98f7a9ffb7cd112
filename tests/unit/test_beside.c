#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/beside.h"

enum { ROWS = 11, DKIM = 1 };

#define RULE(provider, level, status) \
	"{\"rule\":\"r." status "\",\"provider\":\"" provider \
	"\",\"requirement\":\"DKIM\",\"level\":\"" level \
	"\",\"status\":\"" status "\"}"
#define GMAIL(status) RULE("gmail", "must", status)
#define GOOGLE(state, met) \
	"{\"domain\":\"example.com\",\"requirements\":{\"DKIM\":\"" state \
	"\"},\"compliant\":{" met "},\"auth\":{\"dkim\":{\"percent\":87.5}}}"

static const struct {
	const char *google;
	const char *results;
	const char *ours; /* NULL: null */
	bool differs;
	const char *reason; /* a part of it; NULL: there is none */
	size_t rules;
} rows[] = {
	{ GOOGLE("compliant", "\"DKIM\":true"), "[" GMAIL("pass") "]", "pass",
	    false, NULL, 1 },
	{ GOOGLE("compliant", "\"DKIM\":true"),
	    "[" GMAIL("pass") "," GMAIL("fail") "]", "fail", true, "87.5 %",
	    2 },
	{ GOOGLE("compliant", "\"DKIM\":true"),
	    "[" GMAIL("pass") "," GMAIL("unknown") "]", "unknown", false, NULL,
	    2 },
	{ GOOGLE("compliant", "\"DKIM\":true"), "[]", NULL, false, NULL, 0 },
	{ GOOGLE("compliant", "\"DKIM\":true"),
	    "[" RULE("yahoo", "must", "fail") "," RULE("gmail", "should",
		"fail") "," GMAIL("not-applicable") "]",
	    NULL, false, NULL, 0 },
	{ GOOGLE("needs-work", "\"DKIM\":false"), "[" GMAIL("pass") "]", "pass",
	    true, "another stream", 1 },
	{ GOOGLE("needs-work", "\"DKIM\":false"), "[" GMAIL("fail") "]", "fail",
	    false, NULL, 1 },
	{ GOOGLE("needs-work", "\"DKIM\":false"), "[" GMAIL("unknown") "]",
	    "unknown", false, NULL, 1 },
	/* What Google does not say differs from nothing. */
	{ GOOGLE("unspecified", ""), "[" GMAIL("fail") "]", "fail", false, NULL,
	    1 },
	{ GOOGLE("NEW", ""), "[" GMAIL("pass") "]", "pass", false, NULL, 1 },
};

static json_t *
make(const char *google, const char *results)
{
	json_t *subject = json_pack("{s:{}}", "message");
	json_t *facts =
	    json_pack("{s:o}", "postmaster", json_loads(google, 0, NULL));
	json_t *list = json_loads(results, 0, NULL), *made;

	assert_non_null(list);
	made = beside_make(subject, facts, list);
	json_decref(subject);
	json_decref(facts);
	json_decref(list);
	return made;
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void
a_row_has_both_and_why_they_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *made = make(rows[i].google, rows[i].results);
		const json_t *row = json_array_get(made, DKIM);

		print_message("# row %zu\n", i);
		assert_int_equal(json_array_size(made), ROWS);
		assert_string_equal(text_of(row, "requirement"), "DKIM");
		assert_non_null(text_of(row, "google"));
		if (rows[i].ours != NULL)
			assert_string_equal(text_of(row, "ours"), rows[i].ours);
		else
			assert_true(json_is_null(json_object_get(row, "ours")));
		assert_int_equal(json_is_true(json_object_get(row, "differs")),
		    rows[i].differs);
		assert_int_equal(json_array_size(json_object_get(row, "rules")),
		    rows[i].rules);
		if (rows[i].reason != NULL)
			assert_non_null(
			    strstr(text_of(row, "reason"), rows[i].reason));
		else
			assert_true(
			    json_is_null(json_object_get(row, "reason")));
		json_decref(made);
	}
}

static void
what_google_does_not_say_is_null(void **state)
{
	json_t *made = make(GOOGLE("compliant", "\"DKIM\":true"), "[]");

	(void)state;
	assert_true(
	    json_is_null(json_object_get(json_array_get(made, 0), "google")));
	json_decref(made);
}

static void
without_google_there_are_no_rows(void **state)
{
	(void)state;
	assert_null(make("{}", "[" GMAIL("fail") "]"));
	assert_null(make("{\"requirements\":{}}", "[" GMAIL("fail") "]"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_has_both_and_why_they_differ),
		cmocka_unit_test(what_google_does_not_say_is_null),
		cmocka_unit_test(without_google_there_are_no_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
