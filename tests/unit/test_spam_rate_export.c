#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "checks/spam_rate/spam_rate_export.h"

/* ---- cells ------------------------------------------------------------- */

static void
rates_are_read_to_a_millionth_of_a_percent(void **state)
{
	static const struct {
		const char *text;
		bool fraction;
		int64_t millionths; /* -1: none */
	} rows[] = {
		{ "0.12", false, 120000 },
		{ "0,12", false, 120000 },
		{ "0.12%", false, 120000 },
		{ " 0,12 % ", false, 120000 },
		{ "0.12 %", true, 120000 },
		{ ".3", false, 300000 },
		{ "3.", false, 3000000 },
		{ "0", false, 0 },
		{ "100", false, 100000000 },
		{ "100.000001", false, -1 },
		{ "101%", false, -1 },
		{ "0.0012", true, 120000 },
		{ "1.2E-3", true, 120000 },
		{ "12e-4", true, 120000 },
		{ "5e-5", true, 5000 },
		{ "1e1", false, 10000000 },
		{ "1e+9", false, -1 },
		{ "0e99", false, 0 },
		{ "0.0000005", false, 1 },
		{ "0.0000004", false, 0 },
		{ "1", true, 100000000 },
		{ "1.1", true, -1 },
		{ "0.3000", false, 300000 },
		{ "000000000000000.3", false, -1 },
		{ "", false, -1 },
		{ ".", false, -1 },
		{ "%", false, -1 },
		{ "-0.1", false, -1 },
		{ "0.1x", false, -1 },
		{ "1e", false, -1 },
		{ "1.2.3", false, -1 },
		{ "0x1", false, -1 },
		{ "nan", false, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t got = -1;
		bool ok = spam_rate_parse(slice_str(rows[i].text),
		    rows[i].fraction, &got);

		if (ok != (rows[i].millionths >= 0) ||
		    (ok && got != rows[i].millionths))
			fail_msg("\"%s\": %d %lld", rows[i].text, ok,
			    (long long)got);
	}
}

static void
numbers_of_json_are_rates_too(void **state)
{
	int64_t n = -1;

	(void)state;
	assert_true(spam_rate_of(0.3, false, &n));
	assert_int_equal(n, 300000);
	assert_true(spam_rate_of(0.003, true, &n));
	assert_int_equal(n, 300000);
	assert_false(spam_rate_of(100.1, false, &n));
	assert_false(spam_rate_of(-0.1, false, &n));
	assert_false(spam_rate_of(1e300, true, &n));
}

static void
days_have_several_forms(void **state)
{
	static const struct {
		const char *text;
		int64_t day; /* -1: none */
	} rows[] = {
		{ "2026-11-05", 20762 },
		{ " 2026-11-05 ", 20762 },
		{ "2026-11-05T00:00:00Z", 20762 },
		{ "2026-11-05 10:00", 20762 },
		{ "20261105", 20762 },
		{ "2026/11/5", 20762 },
		{ "11/05/2026", 20762 },
		{ "11/5/2026", 20762 },
		{ "05.11.2026", 20762 },
		{ "5.11.2026", 20762 },
		{ "2024-02-29", 19782 },
		{ "2026-02-29", -1 },
		{ "13/05/2026", -1 },
		{ "2026-1-5", -1 },
		{ "05-11-2026", -1 },
		{ "11/05/26", -1 },
		{ "5.11.", -1 },
		{ "1.2.3.2026", -1 },
		{ "20261305", -1 },
		{ "1969-12-31", -1 },
		{ "Nov 5, 2026", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t got = -1;
		bool ok = spam_rate_day(slice_str(rows[i].text), &got);

		if (ok != (rows[i].day >= 0) || (ok && got != rows[i].day))
			fail_msg("\"%s\": %d %lld", rows[i].text, ok,
			    (long long)got);
	}
}

static void
counts_may_have_marks_between_thousands(void **state)
{
	static const struct {
		const char *text;
		int64_t count; /* -1: none */
	} rows[] = {
		{ "0", 0 },
		{ "12345", 12345 },
		{ "12,345", 12345 },
		{ "1.234.567", 1234567 },
		{ "1 234", 1234 },
		{ "1'234", 1234 },
		{ "12345.0", 12345 },
		{ "12345,00", 12345 },
		{ "1.000", 1000 },
		{ "999999999999999", 999999999999999 },
		{ "9999999999999999", -1 },
		{ "999,999,999,999,999,999", -1 },
		{ "12,34", -1 },
		{ "1234,567", -1 },
		{ "1,234.567", -1 },
		{ "12345.6", -1 },
		{ "1,", -1 },
		{ "-1", -1 },
		{ "x", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t got = -1;
		bool ok = spam_rate_count(slice_str(rows[i].text), &got);

		if (ok != (rows[i].count >= 0) || (ok && got != rows[i].count))
			fail_msg("\"%s\": %d %lld", rows[i].text, ok,
			    (long long)got);
	}
}

/* ---- exports ----------------------------------------------------------- */

/* "gmail 20762 120000 5000; ": provider, domain, day, millionths, volume. */
static void
list_rows(const struct spam_export *all, char *to, size_t size)
{
	to[0] = '\0';
	for (size_t i = 0; i < all->n; i++) {
		const struct spam_row *r = &all->rows[i];
		size_t n = strlen(to);

		(void)snprintf(to + n, size - n, "%s%s%.*s %lld %lld %lld; ",
		    r->provider < SPAM_PROVIDERS
			? spam_provider_name(r->provider)
			: "-",
		    r->domain.n > 0 ? " " : "", SLICE_FMT(r->domain),
		    r->has_day ? (long long)r->day : -1,
		    (long long)r->millionths, (long long)r->volume);
	}
}

static const struct {
	const char *text, *rows;
} exports[] = {
	{ "date,percent,volume\n2026-11-05,0.12,5000\n2026-11-04,0,10\n",
	    "- 20761 0 10; - 20762 120000 5000; " },
	{ "\xef\xbb\xbf"
	  "Date,User-reported spam rate\r\n"
	  "11/05/2026,0.0012\r\n\r\n# end\r\n",
	    "gmail 20762 120000 -1; " },
	{ "Date;Complaint rate (%);Delivered\n05.11.2026;0,12;12.345\n",
	    "yahoo 20762 120000 12345; " },
	{ "Day\tRate\n20261105\t0,12%\n", "- 20762 120000 -1; " },
	{ "\"date\", \"percent\" , \"the \"\"volume\"\"\"\n"
	  "\"2026-11-05\", \"0,12 %\" , \"5,000\"",
	    "- 20762 120000 5000; " },
	{ "percent,date,other\n0.12,2026-11-05,\n,2026-11-04,\n",
	    "- 20762 120000 -1; " },
	{ "date,domain,percent,provider\n2026-11-05,B.example,0.2,Yahoo\n"
	  "2026-11-05,a.example,0.1,yahoo\n2026-11-05,,0.3,gmail\n",
	    "gmail 20762 300000 -1; yahoo a.example 20762 100000 -1; "
	    "yahoo b.example 20762 200000 -1; " },
	{ "date,rate,percent\n2026-11-05,0.9,0.12\n", "- 20762 120000 -1; " },
	{ "date,spam rate,spam rate upper bound\n2026-11-05,0.001,0.002\n",
	    "- 20762 100000 -1; " },
	{ "[{\"date\":\"2026-11-05\",\"percent\":0.12,\"volume\":5000},"
	  "{\"date\":\"11/04/2026\",\"rate\":\"0,1 %\",\"volume\":null},"
	  "{\"date\":\"2026-11-03\",\"percent\":null}]",
	    "- 20761 100000 -1; - 20762 120000 5000; " },
	{ " {\"x\":1,\"provider\":\"gmail\",\"days\":[{\"day\":\"20261105\","
	  "\"spamRate\":0.0012,\"messages\":\"5,000\"}]}",
	    "gmail 20762 120000 5000; " },
	{ "{\"percent\":0.12,\"volume\":5000}", "- -1 120000 5000; " },
	{ "[{\"date\":\"2026-11-05\",\"complaintRate\":0.001,"
	  "\"domain\":\"A.Example\"}]",
	    "yahoo a.example 20762 100000 -1; " },
};

static void
an_export_is_read_whatever_its_dialect(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++) {
		struct arena *a = arena_new(1 << 20, 4096);
		struct spam_error e = { 0 };
		struct spam_export all;
		char rows[1024];

		if (spam_export_read(a, slice_str(exports[i].text), &all, &e) !=
		    RC_OK)
			fail_msg("%zu: %zu:%zu: %.*s", i, e.line, e.column,
			    SLICE_FMT(e.what));
		list_rows(&all, rows, sizeof(rows));
		if (strcmp(rows, exports[i].rows) != 0)
			fail_msg("%zu: \"%s\"", i, rows);
		arena_free(a);
	}
}

static const struct {
	const char *text;
	size_t line, column;
	const char *what;
} errors[] = {
	{ "", 0, 0, "holds nothing" },
	{ "\n# nothing\n", 0, 0, "holds nothing" },
	{ "date,percent\n", 0, 0, "holds no day with a rate" },
	{ "date,percent\n2026-11-05,\n", 0, 0, "holds no day with a rate" },
	{ "2026-11-05,0.1\n", 1, 1,
	    "expected a header with a column \"date\"" },
	{ "date,volume\n2026-11-05,5\n", 1, 1,
	    "expected a column \"percent\" or \"rate\" in the header" },
	{ "date,percent\n2026-13-05,0.1\n", 2, 1,
	    "expected a day such as 2026-11-05 or 11/05/2026; found "
	    "\"2026-13-05\"" },
	{ "date,percent\n2026-11-05, high\n", 2, 13,
	    "expected a percentage of at most 100; found \"high\"" },
	{ "date,percent\n2026-11-05,\"101\"\n", 2, 13,
	    "expected a percentage of at most 100; found \"101\"" },
	{ "date,rate\n2026-11-05,2\n", 2, 12,
	    "expected a rate of at most 1, or with \"%\"; found \"2\"" },
	{ "date,rate\n2026-11-05,0.12\n", 2, 12,
	    "a rate of more than 0.05 is over 5 %: call the column \"percent\" "
	    "if that is what it has; found \"0.12\"" },
	{ "date,percent,volume\n2026-11-05,0.1,many\n", 2, 16,
	    "expected a number of messages; found \"many\"" },
	{ "date,percent\n2026-11-05,0,1\n", 2, 1,
	    "expected 2 cells as in the header, found 3 (a number with a comma "
	    "in it needs quotes)" },
	{ "date,percent,volume\n2026-11-05,0.1\n", 2, 1,
	    "expected 3 cells as in the header, found 2 (a number with a comma "
	    "in it needs quotes)" },
	{ "date,percent\n2026-11-05,\"0.1\n", 2, 12,
	    "a quote does not end in its line" },
	{ "date,percent\n\"2026-11-05\"x,0.1\n", 2, 13,
	    "expected a separator behind the quote" },
	{ "date,percent,provider\n2026-11-05,0.1,aol\n", 2, 16,
	    "expected gmail, yahoo, outlook or orange; found \"aol\"" },
	{ "date,percent,domain\n2026-11-05,0.1,a..b\n", 2, 16,
	    "expected a domain; found \"a..b\"" },
	{ "date,percent,x\n2026-11-05,0.1,\n2026-11-04,0.1,\n"
	  "11/05/2026,0.1,\n",
	    4, 1, "the day stands here twice, first in line 2" },
	{ "[{]", 1, 3, "is no JSON: string or '}' expected near ']'" },
	{ "[{\"date\":\"2026-11-05\",\"percent\":0.1},3]", 0, 0,
	    "element 2, \"\": expected an object" },
	{ "[{\"percent\":0.1}]", 0, 0, "element 1, \"date\": is missing" },
	{ "[{\"date\":5,\"percent\":0.1}]", 0, 0,
	    "element 1, \"date\": expected a day such as \"2026-11-05\"" },
	{ "[{\"date\":\"2026-11-05\",\"percent\":101}]", 0, 0,
	    "element 1, \"percent\": expected a percentage of at most 100" },
	{ "[{\"date\":\"2026-11-05\",\"rate\":0.12}]", 0, 0,
	    "element 1, \"rate\": a rate of more than 0.05 is over 5 %: call it "
	    "\"percent\" if that is what it is" },
	{ "[{\"date\":\"2026-11-05\",\"percent\":0.1,\"volume\":-5}]", 0, 0,
	    "element 1, \"volume\": expected a number of messages" },
	{ "{\"provider\":\"aol\",\"days\":[]}", 0, 0,
	    "element 1, \"provider\": expected gmail, yahoo, outlook or "
	    "orange" },
	{ "[{\"date\":\"2026-11-05\",\"percent\":0.1},"
	  "{\"date\":\"2026-11-06\",\"percent\":0.1},"
	  "{\"date\":\"11/5/2026\",\"percent\":0.1}]",
	    0, 0, "element 3: the day stands here twice, first in element 1" },
	{ "{}", 0, 0, "holds no day with a rate" },
};

static void
an_error_says_what_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct arena *a = arena_new(1 << 20, 4096);
		struct spam_error e = { 0 };
		struct spam_export all;

		assert_int_equal(spam_export_read(a, slice_str(errors[i].text),
				     &all, &e),
		    RC_INVALID);
		if (e.line != errors[i].line || e.column != errors[i].column ||
		    !slice_eq(e.what, slice_str(errors[i].what)))
			fail_msg("%zu: %zu:%zu: %.*s", i, e.line, e.column,
			    SLICE_FMT(e.what));
		arena_free(a);
	}
}

static void
every_allocation_may_fail(void **state)
{
	static const char csv[] =
	    "date,percent,domain\n\"2026-11-05\",0.1,a.example\n"
	    "2026-11-04,0.1,a.example\n2026-11-04,0.2,a.example\n";
	enum rc rc = RC_NOMEM;

	(void)state;
	for (size_t limit = 0; rc != RC_INVALID && limit < 1024 * 1024;
	     limit += 16) {
		struct arena *a = arena_new(limit, 16);
		struct spam_error e = { 0 };
		struct spam_export all;

		assert_non_null(a);
		rc = spam_export_read(a, slice_str(csv), &all, &e);
		/* A domain that no memory is left for is told as a bad one. */
		if (rc == RC_INVALID && e.line == 2)
			rc = RC_NOMEM;
		assert_true(
		    rc == RC_NOMEM || (rc == RC_INVALID && e.line == 4));
		arena_free(a);
	}
	assert_int_equal(rc, RC_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_read_to_a_millionth_of_a_percent),
		cmocka_unit_test(numbers_of_json_are_rates_too),
		cmocka_unit_test(days_have_several_forms),
		cmocka_unit_test(counts_may_have_marks_between_thousands),
		cmocka_unit_test(an_export_is_read_whatever_its_dialect),
		cmocka_unit_test(an_error_says_what_and_where),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
