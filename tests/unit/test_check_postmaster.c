#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/postmaster/postmaster_read.h"
#include "checks/table.h"
#include "with_arena.h"

/* ---- a recording of the API -------------------------------------------- */

#define API   "gmailpostmastertools.googleapis.com"
#define OAUTH "oauth2.googleapis.com"
#define DNS \
	FOUND(API, "A", A("203.0.113.10")) \
	NODATA(API, "AAAA") \
	FOUND(OAUTH, "A", A("203.0.113.11")) NODATA(OAUTH, "AAAA")
#define TOKEN_QUESTION \
	"{\"question\":{\"kind\":\"token\",\"name\":\"https://" OAUTH \
	"/token\"},"
#define TOKEN TOKEN_QUESTION "\"seen\":\"answered\",\"token\":{}}\n"
#define NO_TOKEN(cause) \
	TOKEN_QUESTION "\"seen\":\"temporary\",\"cause\":\"" cause "\"}\n"
#define SIGNED_IN DNS TOKEN

#define ANSWER(status, body) \
	"\"seen\":\"answered\",\"postmaster\":{\"status\":" #status \
	",\"body\":[\"" body "\"]}}\n"
#define STATUS_QUESTION(domain) \
	"{\"question\":{\"kind\":\"postmaster\",\"name\":\"https://" API \
	"/v2/domains/" domain "/complianceStatus\"},"
#define STATUS(domain, status, body) \
	STATUS_QUESTION(domain) ANSWER(status, body)

/* A quote and a backslash as they stand in a body in JSON in C. */
#define Q "\\\""
#define B "\\\\\\\\" Q
#define METRIC(name, standard) \
	"{" Q "name" Q ":" Q name Q "," Q "baseMetric" Q ":{" Q \
	"standardMetric" Q ":" Q standard Q "}"
#define FILTER(text) "," Q "filter" Q ":" Q text Q "}"
#define AUTH(type) \
	METRIC(type, "AUTH_SUCCESS_RATE") FILTER("auth_type = " B type B)
#define ERROR(type, reason) \
	METRIC(type "_" reason, "DELIVERY_ERROR_RATE") \
	FILTER("error_type = " B type B " AND error_reason = " B reason B)
#define ALL_RATES \
	METRIC("spam", "SPAM_RATE") \
	"}," AUTH("spf") "," AUTH("dkim") "," AUTH( \
	    "dmarc") "," METRIC("tls", "TLS_ENCRYPTION_RATE") \
	    FILTER("traffic_direction = " B "inbound" B)
#define ALL_ERRORS \
	ERROR("reject", "bad_attachment") \
	"," ERROR("reject", "bad_or_missing_ptr_record") "," ERROR("reject", \
	    "ip_in_rbls") "," ERROR("reject", \
	    "low_domain_reputation") "," ERROR("reject", \
	    "low_ip_reputation") "," ERROR("reject", \
	    "spammy_content") "," ERROR("reject", \
	    "stamp_policy_error") "," ERROR("reject", \
	    "other") "," ERROR("temp_fail", \
	    "anomalous_traffic_pattern") "," ERROR("temp_fail", "other")
/* Strings may not be longer than C99 has them: see play(). */
#define RATES  "<rates>"
#define ERRORS "<errors>"
#define DAY(year, month, day) \
	"{" Q "year" Q ":" #year "," Q "month" Q ":" #month "," Q "day" Q \
	":" #day "}"
#define STATS_QUESTION(domain, metrics, page) \
	"{\"question\":{\"kind\":\"postmaster\",\"name\":\"https://" API \
	"/v2/domains/" domain "/domainStats:query\",\"body\":\"{" Q \
	"metricDefinitions" Q ":[" metrics "]," Q "timeQuery" Q ":{" Q \
	"dateRanges" Q ":{" Q "dateRanges" Q ":[{" Q "start" Q \
	":" DAY(2026, 10, 23) "," Q "end" Q ":" DAY(2026, 11, \
	    21) "}]}}," Q "aggregationGranularity" Q ":" Q "DAILY" Q "," Q \
		"pageSize" Q ":200" page "}\"},"
#define PAGE(token) "," Q "pageToken" Q ":" Q token Q
#define STATS(domain, metrics, page, status, body) \
	STATS_QUESTION(domain, metrics, page) ANSWER(status, body)

#define ROW(metric, day, rate) \
	"{" Q "metric" Q ":" Q metric Q "," Q "date" Q ":" day "," Q "value" Q \
	":{" Q "doubleValue" Q ":" #rate "}}"
#define ROWS(rows) "{" Q "domainStats" Q ":[" rows "]}"
#define ROWS_AND(rows, token) \
	"{" Q "domainStats" Q ":[" rows "]," Q "nextPageToken" Q ":" Q token Q \
	"}"

#define REQUIRED(name, state) \
	"{" Q "requirement" Q ":" Q name Q "," Q "status" Q ":{" Q "status" Q \
	":" Q state Q "}}"
#define BLOCK(domain, rows) \
	"{" Q "domainId" Q ":" Q domain Q "," Q "rowData" Q ":[" rows "]}"
#define STATED(rows) "{" Q "complianceData" Q ":" BLOCK("example.com", rows) "}"
#define REFUSAL(status, reason) \
	"{" Q "error" Q ":{" Q "status" Q ":" Q status Q "," Q "details" Q \
	":[{" Q "reason" Q ":" Q reason Q "}]}}"

#define FIGURES(domain) \
	STATS(domain, RATES, "", 200, \
	    ROWS(ROW("spam", DAY(2026, 11, 18), 0.001) "," ROW("spam", \
		DAY(2026, 11, 10), \
		0.0035) "," ROW("dkim", DAY(2026, 11, 18), 0.5))) \
	STATS(domain, ERRORS, "", 200, \
	    ROWS(ROW("reject_other", DAY(2026, 11, 18), \
		0) "," ROW("temp_fail_other", DAY(2026, 11, 18), 0.02)))

/* What Google leaves out of the status above, and of the figures. */
#define LACKS_BUT_SPF_DKIM \
	"compliant.SPF_AND_DKIM no-data; requirements.SPF_AND_DKIM no-data; " \
	"compliant.DMARC_POLICY no-data; requirements.DMARC_POLICY no-data; " \
	"compliant.DMARC_ALIGNMENT no-data; requirements.DMARC_ALIGNMENT " \
	"no-data; compliant.MESSAGE_FORMATTING no-data; requirements." \
	"MESSAGE_FORMATTING no-data; compliant.DNS_RECORDS no-data; " \
	"requirements.DNS_RECORDS no-data; compliant.ENCRYPTION no-data; " \
	"requirements.ENCRYPTION no-data; compliant." \
	"USER_REPORTED_SPAM_RATE no-data; requirements." \
	"USER_REPORTED_SPAM_RATE no-data; compliant." \
	"ONE_CLICK_UNSUBSCRIBE no-data; requirements." \
	"ONE_CLICK_UNSUBSCRIBE no-data; compliant.HONOR_UNSUBSCRIBE " \
	"no-data; requirements.HONOR_UNSUBSCRIBE no-data; one_click " \
	"no-data; honor_unsubscribe no-data"
#define LACKS_FIGURES \
	"days no-data; auth.spf no-data; auth.dmarc no-data; tls no-data; "
#define LOST_STATUS(cause) \
	"domain " cause "; requirements " cause "; compliant " cause \
	"; one_click " cause "; honor_unsubscribe " cause \
	"; deliverability " cause "; registrable " cause
#define LOST_RATES(cause) \
	"from " cause "; to " cause "; days " cause "; missing_days " cause \
	"; spam_rate " cause "; auth " cause "; tls " cause "; "
#define LOST_ERRORS(cause) "delivery_errors " cause "; "

WITH_ARENA(1 << 20, 4096)

static const struct scene seen[] = {
	{
	    .title = "nothing_is_asked_without_credentials",
	    .facts = { { "requirements", NULL } },
	    .gaps = " needs-postmaster",
	},
	{
	    .title = "what_google_says_is_told",
	    .postmaster = true,
	    .recording = SIGNED_IN STATUS("example.com", 200,
		STATED(REQUIRED("SPF", "COMPLIANT") "," REQUIRED("DKIM",
		    "NEEDS_WORK") "," REQUIRED("SPF", "NEEDS_WORK")))
		FIGURES("example.com"),
	    .facts = { { "domain", "\"example.com\"" },
		{ "requirements",
		    "{\"SPF\":\"compliant\",\"DKIM\":\"needs-work\"}" },
		{ "compliant", "{\"SPF\":true,\"DKIM\":false}" },
		{ "registrable", "null" }, { "deliverability", "null" },
		{ "from", "\"2026-10-23\"" }, { "to", "\"2026-11-21\"" },
		{ "spam_rate",
		    "{\"percent\":0.225,\"worst_percent\":0.35,\"days\":2,"
		    "\"latest_percent\":0.1,\"week_worst_percent\":0.1,"
		    "\"from\":\"2026-11-10\",\"to\":\"2026-11-18\","
		    "\"source\":\"postmaster\"}" },
		{ "auth", "{\"dkim\":{\"percent\":50.0,\"worst_percent\":50.0,"
			  "\"days\":1}}" },
		{ "days[1]", "{\"date\":\"2026-11-18\",\"spam_percent\":0.1,"
			     "\"dkim_percent\":50.0}" },
		{ "missing_days[27]", "\"2026-11-21\"" },
		{ "missing_days[28]", NULL },
		{ "delivery_errors",
		    "[{\"type\":\"temp_fail\",\"reason\":\"other\","
		    "\"percent\":2.0,\"worst_percent\":2.0,\"days\":1}]" } },
	    .gaps = LACKS_FIGURES LACKS_BUT_SPF_DKIM,
	},
	{
	    .title = "a_word_that_is_new_is_neither_met_nor_not",
	    .postmaster = true,
	    .recording = SIGNED_IN STATUS("example.com", 200,
		STATED(REQUIRED("SPF", "RATHER_GOOD") "," REQUIRED("DKIM",
		    "STATE_UNSPECIFIED") "," REQUIRED("KARMA", "COMPLIANT")))
		FIGURES("example.com"),
	    .facts = { { "requirements", "{\"SPF\":\"RATHER_GOOD\",\"DKIM\":"
					 "\"unspecified\"}" },
		{ "compliant", "{}" } },
	    .gaps = LACKS_FIGURES
	    "compliant.SPF no-data; compliant.DKIM no-data; " LACKS_BUT_SPF_DKIM,
	},
	{
	    .title = "a_sub_domain_has_data_of_its_own",
	    .domain = "a.example.com",
	    .postmaster = true,
	    .recording = SIGNED_IN STATUS("a.example.com", 200,
		"{" Q "complianceData" Q ":" BLOCK("example.com",
		    REQUIRED("SPF",
			"NEEDS_WORK")) "," Q "subdomainComplianceData" Q
				       ":" BLOCK("a.example.com",
					   REQUIRED("SPF",
					       "COMPLIANT") "," REQUIRED("DKIM",
					       "COMPLIANT")) "}")
		FIGURES("a.example.com"),
	    .facts = { { "domain", "\"a.example.com\"" },
		{ "compliant.SPF", "true" },
		{ "registrable",
		    "{\"domain\":\"example.com\",\"requirements\":{\"SPF\":"
		    "\"needs-work\"}}" } },
	    .gaps = LACKS_FIGURES LACKS_BUT_SPF_DKIM,
	},
	{
	    .title = "what_is_not_registered_may_be_seen_from_above",
	    .domain = "a.example.com",
	    .postmaster = true,
	    .recording = SIGNED_IN STATUS("a.example.com", 404,
		REFUSAL("NOT_FOUND", "x")) STATUS("example.com", 200,
		STATED(REQUIRED("SPF", "COMPLIANT") "," REQUIRED("DKIM",
		    "COMPLIANT"))) STATS("a.example.com", RATES, "", 404,
		REFUSAL("NOT_FOUND", "x")) STATS("a.example.com", ERRORS, "",
		404, REFUSAL("NOT_FOUND", "x")) FIGURES("example.com"),
	    .facts = { { "domain", "\"example.com\"" },
		{ "spam_rate.days", "2" } },
	    .gaps = LACKS_FIGURES LACKS_BUT_SPF_DKIM,
	},
	{
	    .title = "neither_it_nor_what_is_above_it",
	    .domain = "a.example.com",
	    .postmaster = true,
	    .recording = SIGNED_IN STATUS("a.example.com", 404,
		REFUSAL("NOT_FOUND", "x")) STATUS("example.com", 403,
		REFUSAL("PERMISSION_DENIED", "x")) STATS("a.example.com", RATES,
		"", 404, REFUSAL("NOT_FOUND", "x")) STATS("a.example.com",
		ERRORS, "", 404, REFUSAL("NOT_FOUND", "x")),
	    .facts = { { "domain", NULL } },
	    .gaps = LOST_RATES("unregistered") LOST_ERRORS("unregistered")
		LOST_STATUS("unregistered"),
	},
	{
	    .title = "the_rows_of_all_pages_count",
	    .postmaster = true,
	    .recording = SIGNED_IN STATUS("example.com", 200,
		STATED(REQUIRED("SPF", "COMPLIANT") "," REQUIRED("DKIM",
		    "COMPLIANT"))) STATS("example.com", RATES, "", 200,
		ROWS_AND(ROW("spam", DAY(2026, 11, 1), 0.001), "a/b"))
		STATS("example.com", RATES, PAGE("a/b"), 200,
		    ROWS_AND(ROW("spam", DAY(2026, 11, 2),
				 0.003) "," ROW("spam", DAY(2026, 11, 2), 0.5),
			"c")) STATS("example.com", RATES, PAGE("c"), 200,
		    ROWS("")) STATS("example.com", ERRORS, "", 200, "{}"),
	    .facts = { { "spam_rate.percent", "0.2" },
		{ "spam_rate.days", "2" }, { "delivery_errors", NULL } },
	    .gaps = "days no-data; days malformed; auth.spf no-data; "
		    "auth.dkim no-data; auth.dmarc no-data; tls no-data; "
		    "delivery_errors no-data; " LACKS_BUT_SPF_DKIM,
	},
	{
	    .title = "pages_that_lead_in_a_circle_are_not_believed",
	    .postmaster = true,
	    .recording = SIGNED_IN STATUS("example.com", 503,
		"") STATS("example.com", RATES, "", 200, ROWS_AND("", "a"))
		STATS("example.com", RATES, PAGE("a"), 200, ROWS_AND("", "a"))
		    STATS("example.com", ERRORS, "", 429, "no"),
	    .facts = { { "days", NULL } },
	    .gaps = LOST_RATES("malformed") LOST_ERRORS("rate")
		LOST_STATUS("deferred"),
	},
};

/* ---- no answer --------------------------------------------------------- */

#define SAID(title_, status, body, cause) \
	{ \
		.title = title_, .postmaster = true, \
		.recording = SIGNED_IN STATUS("example.com", status, body) \
		    STATS("example.com", RATES, "", status, body) \
			STATS("example.com", ERRORS, "", status, body), \
		.facts = { { "compliant", NULL }, { "spam_rate", NULL } }, \
		.gaps = \
		    LOST_RATES(cause) LOST_ERRORS(cause) LOST_STATUS(cause), \
	}

static const struct scene lost[] = {
	{
	    .title = "a_token_that_is_refused",
	    .postmaster = true,
	    .recording = DNS NO_TOKEN("credentials"),
	    .facts = { { "domain", NULL } },
	    .gaps = " credentials",
	},
	{
	    .title = "no_address_of_google",
	    .postmaster = true,
	    .recording = NXDOMAIN(API, "A") NXDOMAIN(API, "AAAA")
		FOUND(OAUTH, "A", A("203.0.113.11")) NODATA(OAUTH, "AAAA"),
	    .facts = { { "domain", NULL } },
	    .gaps = " network",
	},
	{
	    .title = "no_answer_of_dns",
	    .postmaster = true,
	    .recording = TIMEOUT(OAUTH, "A") TIMEOUT(OAUTH, "AAAA")
		FOUND(API, "A", A("203.0.113.11")) NODATA(API, "AAAA"),
	    .facts = { { "domain", NULL } },
	    .gaps = " timeout",
	},
	SAID("not_shared", 403, REFUSAL("PERMISSION_DENIED", "x"), "forbidden"),
	SAID("too_small_a_scope", 403,
	    REFUSAL("PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
	    "credentials"),
	SAID("not_registered", 404, REFUSAL("NOT_FOUND", "x"), "unregistered"),
	SAID("a_token_that_is_no_more", 401, REFUSAL("UNAUTHENTICATED", "x"),
	    "credentials"),
	SAID("too_many_requests", 429, "", "rate"),
	SAID("a_server_that_fails", 500, "", "deferred"),
	SAID("a_question_it_cannot_use", 400, REFUSAL("INVALID_ARGUMENT", "x"),
	    "malformed"),
	SAID("html_in_place_of_json", 200, "<html>", "malformed"),
	SAID("html_with_404_says_nothing_of_the_domain", 404, "<html>",
	    "malformed"),
	SAID("json_of_another_shape", 200, "[]", "malformed"),
	SAID("an_error_with_status_200", 200, REFUSAL("x", "y"), "malformed"),
	SAID("a_redirect", 302, "", "malformed"),
};

/* Text with each of a word in it replaced. */
static struct slice
replaced(struct slice text, struct slice word, const char *by)
{
	struct slice all = SLICE_LIT("");
	size_t at;

	while ((at = slice_find(text, word)) != SIZE_MAX) {
		all = arena_slicef(arena, "%.*s%.*s%s", SLICE_FMT(all), (int)at,
		    (const char *)text.p, by);
		text = slice_from(text, at + word.n);
	}
	return arena_slicef(arena, "%.*s%.*s", SLICE_FMT(all), SLICE_FMT(text));
}

static void
play(const struct scene *scenes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct scene scene = scenes[i];
		struct slice text = slice_str(scene.recording);

		arena_reset(arena);
		text = replaced(text, SLICE_LIT(RATES), ALL_RATES);
		text = replaced(text, SLICE_LIT(ERRORS), ALL_ERRORS);
		assert_false(arena_failed(arena));
		scene.recording = (const char *)text.p;
		scene_play(&check_postmaster, &scene);
	}
}

static void
what_google_says_is_told(void **state)
{
	(void)state;
	play(seen, sizeof(seen) / sizeof(*seen));
}

static void
what_google_does_not_say_is_unknown(void **state)
{
	(void)state;
	play(lost, sizeof(lost) / sizeof(*lost));
}

/* ---- the readers ------------------------------------------------------- */

struct reading {
	const char *body;
	bool right;
	size_t rows, odd;
	const char *next;
};

#define GOOD_ROW \
	"{\"metric\":\"spam\",\"date\":{\"year\":2026,\"month\":2,\"day\":28}," \
	"\"value\":{\"doubleValue\":0.5}}"
#define BAD_ROW(date, value) \
	"{\"domainStats\":[{\"metric\":\"spam\",\"date\":" date \
	",\"value\":" value "}]}"

static void
pages_are_read_or_not(void **state)
{
	static const struct reading readings[] = {
		{ "{}", true, 0, 0, "" },
		{ "{\"domainStats\":[]}", true, 0, 0, "" },
		{ "{\"domainStats\":[" GOOD_ROW "]}", true, 1, 0, "" },
		{ "{\"domainStats\":[" GOOD_ROW ",7,null,{}," GOOD_ROW "]}",
		    true, 2, 3, "" },
		{ "{\"new\":1,\"nextPageToken\":\"a\"}", true, 0, 0, "a" },
		{ "{\"nextPageToken\":\"\"}", true, 0, 0, "" },
		{ "{\"nextPageToken\":7}", false, 0, 0, "" },
		{ "{\"domainStats\":{}}", false, 0, 0, "" },
		{ "{\"error\":{}}", false, 0, 0, "" },
		{ "", false, 0, 0, "" },
		{ "{\"domainStats\":[", false, 0, 0, "" },
		{ BAD_ROW("{\"year\":2026,\"month\":2,\"day\":29}",
		      "{\"doubleValue\":0.5}"),
		    true, 0, 1, "" },
		{ BAD_ROW("{\"year\":2026,\"month\":0,\"day\":1}",
		      "{\"doubleValue\":0.5}"),
		    true, 0, 1, "" },
		{ BAD_ROW("{\"year\":1e300,\"month\":1,\"day\":1}",
		      "{\"doubleValue\":0.5}"),
		    true, 0, 1, "" },
		{ BAD_ROW("{\"year\":2026,\"month\":1,\"day\":1}",
		      "{\"doubleValue\":1.5}"),
		    true, 0, 1, "" },
		{ BAD_ROW("{\"year\":2026,\"month\":1,\"day\":1}",
		      "{\"doubleValue\":\"NaN\"}"),
		    true, 0, 1, "" },
		{ BAD_ROW("{\"year\":2026,\"month\":1,\"day\":1}",
		      "{\"stringValue\":\"x\"}"),
		    true, 0, 1, "" },
		{ BAD_ROW("{\"year\":2026,\"month\":1,\"day\":1}",
		      "{\"floatValue\":1}"),
		    true, 1, 0, "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++) {
		const struct reading *r = &readings[i];
		struct postmaster_page page;

		print_message("# %s\n", r->body);
		assert_int_equal(postmaster_page_read(arena, slice_str(r->body),
				     &page),
		    r->right);
		if (!r->right)
			continue;
		assert_int_equal(page.n, r->rows);
		assert_int_equal(page.odd, r->odd);
		assert_true(slice_eq(page.next, slice_str(r->next)));
	}
}

static void
a_verdict_has_a_status_and_maybe_a_reason(void **state)
{
	static const char body[] =
	    "{\"complianceData\":{\"oneClickUnsubscribeVerdict\":{\"status\":"
	    "{\"status\":\"NEEDS_WORK\"},\"reason\":\"NO_UNSUB_GENERAL\"},"
	    "\"honorUnsubscribeVerdict\":{\"status\":{\"status\":"
	    "\"COMPLIANT\"},\"reason\":\"REASON_UNSPECIFIED\"},"
	    "\"deliverabilityStatusVerdict\":{\"state\":{\"status\":"
	    "\"NEEDS_WORK\"},\"reason\":\"SPAM_RATE_HIGH\"}}}";
	struct postmaster_status s;

	(void)state;
	assert_true(postmaster_status_read(arena, slice_str(body), &s));
	assert_true(s.registrable.there && !s.subdomain.there);
	assert_true(slice_eq(s.registrable.one_click.reason,
	    SLICE_LIT("NO_UNSUB_GENERAL")));
	assert_null(s.registrable.honor_unsubscribe.reason.p);
	assert_true(slice_eq(s.registrable.deliverability.status,
	    SLICE_LIT("NEEDS_WORK")));
	assert_null(s.registrable.domain.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_google_says_is_told),
		cmocka_unit_test(what_google_does_not_say_is_unknown),
		cmocka_unit_test(pages_are_read_or_not),
		cmocka_unit_test(a_verdict_has_a_status_and_maybe_a_reason),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
