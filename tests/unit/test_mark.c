#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/views/mark.h"
#include "audit/views/view.h"

static void
expect(struct buf *b, const char *want)
{
	assert_false(b->failed);
	buf_add_char(b, '\0');
	assert_string_equal((const char *)b->p, want);
	buf_reset(b);
}

static void
a_fence_is_longer_than_what_is_in_it(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1024);
	mark_fenced(&b, SLICE_LIT("a"));
	expect(&b, "```text\na\n```\n");
	mark_fenced(&b, SLICE_LIT("a `b` ``c``\n"));
	expect(&b, "```text\na `b` ``c``\n```\n");
	mark_fenced(&b, SLICE_LIT("```\n````x"));
	expect(&b, "`````text\n```\n````x\n`````\n");
	mark_fenced(&b, SLICE_NONE);
	expect(&b, "```text\n```\n");
	buf_free(&b);
}

static void
only_an_https_uri_is_a_link(void **state)
{
	static const char *const bad[] = { "", "https://", "http://a.example",
		"javascript:alert(1)", "https://a.example/>", "HTTPS://a",
		"https://a.example/ b", "https://a.example/\"x",
		"https://a.example/\xc3\xbc", "https://a.example/\n",
		"https://a.example/`" };
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(mark_is_link(bad[i]));
	assert_true(mark_is_link("https://a.example/b?c=d&e=%20#f"));
	buf_init(&b, 1024);
	mark_link(&b, "https://a.example/b");
	expect(&b, "<https://a.example/b>");
	mark_link(&b, "http://a.example/b");
	expect(&b, "`http://a.example/b`");
	buf_free(&b);
}

static void
records_are_there_to_be_copied(void **state)
{
	json_t *records = json_pack("[{s:s, s:s, s:s}, {s:s, s:s, s:s}]",
	    "name", "a.example.", "type", "TXT", "value", "v=```", "name",
	    "X-A", "type", "header", "value", "b");
	json_t *none = json_array();
	struct buf b;

	(void)state;
	buf_init(&b, 1024);
	mark_records(&b, records);
	expect(&b, "````text\na.example. IN TXT \"v=```\"\nX-A: b\n````\n");
	mark_records(&b, none);
	assert_int_equal(b.n, 0);
	json_decref(records);
	json_decref(none);
	buf_free(&b);
}

static void
a_time_is_one_of_a_document(void **state)
{
	static const char *const bad[] = { "", "2026-11-21",
		"2026-11-21T08:00:00", "2026-11-21T08:00:00Zx",
		"2026-11-21 08:00:00Z", "2026-11-2xT08:00:00Z",
		"2026-11-21T08:00:00+01:00" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(view_is_time(bad[i]));
	assert_true(view_is_time("2026-11-21T08:00:00Z"));
}

static void
a_name_says_the_form_by_its_longest_end(void **state)
{
	static const struct {
		const char *path;
		enum format format;
	} cases[] = {
		{ "a.junit.xml", FORMAT_JUNIT },
		{ "a.xml", FORMAT_JUNIT },
		{ "d.json/a.XML", FORMAT_JUNIT },
		{ "a.sarif", FORMAT_SARIF },
		{ "a.sarif.json", FORMAT_SARIF },
		{ "a.json", FORMAT_JSON },
		{ "a.md", FORMAT_MARKDOWN },
		{ "a.markdown", FORMAT_MARKDOWN },
		{ "a.csv", FORMAT_CSV },
		{ "junit.xml.txt", FORMAT_TEXT },
		{ "xml", FORMAT_TEXT },
		{ "axml", FORMAT_TEXT },
		{ "-", FORMAT_TEXT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(view_find(FORMAT_BY_NAME, cases[i].path)
				     ->format,
		    cases[i].format);
	assert_int_equal(view_find(FORMAT_SARIF, "a.json")->format,
	    FORMAT_SARIF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fence_is_longer_than_what_is_in_it),
		cmocka_unit_test(only_an_https_uri_is_a_link),
		cmocka_unit_test(records_are_there_to_be_copied),
		cmocka_unit_test(a_time_is_one_of_a_document),
		cmocka_unit_test(a_name_says_the_form_by_its_longest_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
