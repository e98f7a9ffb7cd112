#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/spam_rate/spam_rate.h"
#include "checks/table.h"

/* Days before the audit, which is of 2026-11-21. */
#define TODAY 20778
#define DAY(before, percent, count) \
	{ \
		.provider = SPAM_GMAIL, .has_day = true, \
		.day = TODAY - (before), \
		.millionths = (int64_t)((percent)*10000 + 0.5) * 100, \
		.volume = (count) \
	}
#define OF(name, before, percent) \
	{ \
		.provider = SPAM_GMAIL, .domain = SLICE_INIT(name), \
		.has_day = true, .day = TODAY - (before), \
		.millionths = (int64_t)((percent)*10000 + 0.5) * 100, \
		.volume = -1 \
	}
#define SLICE_INIT(s) \
	{ \
		(const unsigned char *)(s), sizeof(s) - 1 \
	}
#define TOLD(list) \
	&(const struct spam_rates) \
	{ \
		.of[SPAM_GMAIL] = { \
			.given = true, \
			.rows = (list), \
			.n = sizeof(list) / sizeof((list)[0]), \
			.source = SLICE_INIT("r.csv"), \
		} \
	}
#define OTHERS \
	"yahoo needs-spam-rate; outlook needs-spam-rate; orange needs-spam-rate"
#define NONE_GIVEN "gmail needs-spam-rate; " OTHERS

static const struct spam_row single[] = { { .millionths = 120000,
    .volume = -1 } };
static const struct spam_row single_weighed[] = { { .millionths = 300000,
    .volume = 400 } };
static const struct spam_row weighed[] = { DAY(3, 0.1, 9000), DAY(2, 0.5, 1000),
	DAY(0, 0.1, 0) };
static const struct spam_row unweighed[] = { DAY(3, 0.1, 9000), DAY(2, 0.5, -1),
	DAY(1, 0.3, 10) };
/* 31 days apart: the first is out of the window, but not of the run. */
static const struct spam_row window[] = { DAY(31, 0.9, 10000),
	DAY(30, 0.2, 10000), DAY(1, 0.1, 10000), DAY(0, 0.2, 10000) };
static const struct spam_row inside[] = { DAY(29, 0.9, 10000),
	DAY(0, 0.1, 10000) };
static const struct spam_row future[] = { DAY(1, 0.1, 10000),
	DAY(-1, 0.9, 10000) };
static const struct spam_row only_future[] = { DAY(-1, 0.9, 10000) };
static const struct spam_row old[] = { DAY(9, 0.1, 10000), DAY(8, 0.1, 10000) };
static const struct spam_row fresh[] = { DAY(7, 0.1, 10000) };
static const struct spam_row domains[] = { OF("com", 1, 0.4),
	OF("example.com", 1, 0.1), OF("mail.example.com", 1, 0.2),
	OF("other.example", 1, 0.9) };
static const struct spam_row strange[] = { OF("other.example", 1, 0.9) };
static const struct spam_row nobody[] = { DAY(1, 0.0, 0) };

static const struct scene scenes[] = {
	{ .title = "nothing is told",
	    .facts = { { "given", "[]" }, { "problems", "[]" } },
	    .gaps = NONE_GIVEN },
	{ .title = "one figure has neither days nor volume",
	    .spam_rates = TOLD(single),
	    .facts = { { "given", "[\"gmail\"]" }, { "gmail.percent", "0.12" },
		{ "gmail.worst_percent", "0.12" },
		{ "gmail.last_percent", "0.12" }, { "gmail.volume", "null" },
		{ "gmail.little_volume", "null" }, { "gmail.days", "null" },
		{ "gmail.days_above_0_3", "null" }, { "gmail.to", "null" },
		{ "gmail.source", "\"r.csv\"" },
		{ "gmail.basis",
		    "\"of mail whose amount is not given, by r.csv\"" },
		{ "problems", "[]" } },
	    .gaps = OTHERS },
	{ .title = "little mail is said to be little",
	    .spam_rates = TOLD(single_weighed),
	    .facts = { { "gmail.percent", "0.3" }, { "gmail.volume", "400" },
		{ "gmail.little_volume", "true" },
		{ "gmail.basis", "\"of 400 messages, by r.csv\"" },
		{ "problems[0].code", "\"spam_rate.little-volume\"" },
		{ "problems[0].provider", "\"gmail\"" },
		{ "problems[0].detail",
		    "\"The rate rests on 400 messages, too few to tell: one "
		    "report more is 0.25 % of them\"" } },
	    .gaps = OTHERS },
	{ .title = "days weigh by their mail",
	    .spam_rates = TOLD(weighed),
	    .facts = { { "gmail.percent", "0.14" },
		{ "gmail.worst_percent", "0.5" },
		{ "gmail.worst_day", "\"2026-11-19\"" },
		{ "gmail.last_percent", "0.1" }, { "gmail.volume", "10000" },
		{ "gmail.days", "3" }, { "gmail.days_above_0_3", "1" },
		{ "gmail.days_below_0_3_run", "1" },
		{ "gmail.from", "\"2026-11-18\"" },
		{ "gmail.to", "\"2026-11-21\"" },
		{ "gmail.basis",
		    "\"of 10000 messages in 3 days up to 2026-11-21, by "
		    "r.csv\"" } },
	    .gaps = OTHERS },
	{ .title = "they weigh the same where one has no volume; 0.3 is high",
	    .spam_rates = TOLD(unweighed),
	    .facts = { { "gmail.percent", "0.3" }, { "gmail.volume", "null" },
		{ "gmail.days_above_0_3", "2" },
		{ "gmail.days_below_0_3_run", "0" } },
	    .gaps = OTHERS },
	{ .title = "thirty days count, and a run is longer",
	    .spam_rates = TOLD(window),
	    .facts = { { "gmail.days", "2" }, { "gmail.worst_percent", "0.2" },
		{ "gmail.days_above_0_3", "0" },
		{ "gmail.days_below_0_3_run", "3" },
		{ "gmail.from", "\"2026-11-20\"" } },
	    .gaps = OTHERS },
	{ .title = "the thirtieth day is in",
	    .spam_rates = TOLD(inside),
	    .facts = { { "gmail.days", "2" },
		{ "gmail.worst_percent", "0.9" } },
	    .gaps = OTHERS },
	{ .title = "what comes after the audit does not count",
	    .spam_rates = TOLD(future),
	    .facts = { { "gmail.days", "1" }, { "gmail.percent", "0.1" } },
	    .gaps = OTHERS },
	{ .title = "nor is it known when there is nothing else",
	    .spam_rates = TOLD(only_future),
	    .facts = { { "given", "[]" } },
	    .gaps = NONE_GIVEN },
	{ .title = "old figures are said to be old",
	    .spam_rates = TOLD(old),
	    .facts = { { "problems[0].code", "\"spam_rate.old\"" },
		{ "problems[0].detail",
		    "\"The figures end on 2026-11-13, 8 days before this "
		    "audit: take the export anew\"" } },
	    .gaps = OTHERS },
	{ .title = "those of a week are not",
	    .spam_rates = TOLD(fresh),
	    .facts = { { "problems", "[]" } },
	    .gaps = OTHERS },
	{ .title = "of several domains the audited one counts",
	    .spam_rates = TOLD(domains),
	    .facts = { { "gmail.percent", "0.1" } },
	    .gaps = OTHERS },
	{ .title = "or the closest above it",
	    .domain = "a.mail.example.com",
	    .spam_rates = TOLD(domains),
	    .facts = { { "gmail.percent", "0.2" } },
	    .gaps = OTHERS },
	{ .title = "or none",
	    .spam_rates = TOLD(strange),
	    .facts = { { "given", "[]" } },
	    .gaps = NONE_GIVEN },
	{ .title = "no mail weighs nothing",
	    .spam_rates = TOLD(nobody),
	    .facts = { { "gmail.percent", "0.0" }, { "gmail.volume", "0" },
		{ "gmail.little_volume", "true" } },
	    .gaps = OTHERS },
};

static void
what_the_provider_shows_is_told_with_what_it_rests_on(void **state)
{
	(void)state;
	scenes_play(&check_spam_rate, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_the_provider_shows_is_told_with_what_it_rests_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
