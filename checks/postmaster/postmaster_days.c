#include "checks/postmaster/postmaster_days.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/escape.h"
#include "base/limits.h"
#include "checks/postmaster/postmaster_read.h"

enum { SECONDS_A_DAY = 86400, QUERY_MAX = 16 * 1024 };

const struct postmaster_metric postmaster_rates[] = {
	{ "spam", "SPAM_RATE", NULL },
	{ "spf", "AUTH_SUCCESS_RATE", "auth_type = \"spf\"" },
	{ "dkim", "AUTH_SUCCESS_RATE", "auth_type = \"dkim\"" },
	{ "dmarc", "AUTH_SUCCESS_RATE", "auth_type = \"dmarc\"" },
	{ "tls", "TLS_ENCRYPTION_RATE", "traffic_direction = \"inbound\"" },
	{ NULL, NULL, NULL },
};

#define ERROR_OF(type, reason) \
	{ \
		type "_" reason, "DELIVERY_ERROR_RATE", \
		    "error_type = \"" type "\" AND error_reason = \"" reason \
		    "\"" \
	}

const struct postmaster_metric postmaster_errors[] = {
	ERROR_OF("reject", "bad_attachment"),
	ERROR_OF("reject", "bad_or_missing_ptr_record"),
	ERROR_OF("reject", "ip_in_rbls"),
	ERROR_OF("reject", "low_domain_reputation"),
	ERROR_OF("reject", "low_ip_reputation"),
	ERROR_OF("reject", "spammy_content"),
	ERROR_OF("reject", "stamp_policy_error"),
	ERROR_OF("reject", "other"),
	ERROR_OF("temp_fail", "anomalous_traffic_pattern"),
	ERROR_OF("temp_fail", "other"),
	{ NULL, NULL, NULL },
};

/* ---- the query --------------------------------------------------------- */

int64_t
postmaster_first_day(const struct subject *s)
{
	return s->as_of / SECONDS_A_DAY - (POSTMASTER_DAYS - 1);
}

static void
add_day(struct buf *b, const char *key, int64_t day)
{
	struct civil c;

	civil_from_unix(day * SECONDS_A_DAY, &c);
	buf_printf(b, "\"%s\":{\"year\":%d,\"month\":%d,\"day\":%d}", key,
	    c.year, c.month, c.day);
}

static void
add_metrics(struct buf *b, const struct postmaster_metric *m)
{
	for (size_t i = 0; m[i].name != NULL; i++) {
		buf_printf(b,
		    "%s{\"name\":\"%s\",\"baseMetric\":{\"standardMetric\":"
		    "\"%s\"}",
		    i > 0 ? "," : "", m[i].name, m[i].standard);
		if (m[i].filter != NULL) {
			buf_add_str(b, ",\"filter\":\"");
			escape_json(b, slice_str(m[i].filter));
			buf_add_char(b, '"');
		}
		buf_add_char(b, '}');
	}
}

/* The same octets each time: it is a part of the question. */
static struct slice
query(struct arena *a, const struct postmaster_metric *m, int64_t first,
    struct slice page)
{
	struct slice text = SLICE_NONE;
	struct buf b;

	buf_init(&b, QUERY_MAX);
	buf_add_str(&b, "{\"metricDefinitions\":[");
	add_metrics(&b, m);
	buf_add_str(&b, "],\"timeQuery\":{\"dateRanges\":{\"dateRanges\":[{");
	add_day(&b, "start", first);
	buf_add_char(&b, ',');
	add_day(&b, "end", first + POSTMASTER_DAYS - 1);
	buf_add_str(&b, "}]}},\"aggregationGranularity\":\"DAILY\","
			"\"pageSize\":200");
	if (page.n > 0) {
		buf_add_str(&b, ",\"pageToken\":\"");
		escape_json(&b, page);
		buf_add_char(&b, '"');
	}
	buf_add_char(&b, '}');
	if (!b.failed)
		text = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return text;
}

/* ---- the pages --------------------------------------------------------- */

static void
days_clear(struct postmaster_days *d, int64_t first)
{
	*d = (struct postmaster_days){ .first = first };
	for (size_t i = 0; i < POSTMASTER_METRICS; i++) {
		for (size_t k = 0; k < POSTMASTER_DAYS; k++)
			d->rates[i][k] = -1;
	}
}

/* The first of several figures of one day counts. */
static void
days_take(struct postmaster_days *d, const struct postmaster_metric *m,
    const struct postmaster_row *r)
{
	int64_t day = r->day - d->first;
	size_t i = 0;

	while (m[i].name != NULL && !slice_eq(r->metric, slice_str(m[i].name)))
		i++;
	if (m[i].name == NULL || day < 0 || day >= POSTMASTER_DAYS ||
	    d->rates[i][day] >= 0)
		d->odd++;
	else
		d->rates[i][day] = r->rate;
}

static bool
take_page(struct check_run *run, struct slice body,
    const struct postmaster_metric *m, struct postmaster_days *d,
    struct slice *next)
{
	struct postmaster_page page;

	if (!postmaster_page_read(run->arena, body, &page))
		return false;
	for (size_t i = 0; i < page.n; i++)
		days_take(d, m, &page.rows[i]);
	d->odd += page.odd;
	/* It would never end. */
	if (page.next.n > 0 && slice_eq(page.next, *next))
		return false;
	*next = page.next;
	return true;
}

struct postmaster_reply
postmaster_days_ask(struct check_run *run, const struct postmaster_api *api,
    struct slice domain, const struct postmaster_metric *m,
    struct postmaster_days *d)
{
	struct slice next = SLICE_NONE;

	days_clear(d, postmaster_first_day(run->subject));
	for (size_t i = 0; i < LIMIT_POSTMASTER_PAGES; i++) {
		struct slice q = query(run->arena, m, d->first, next);
		struct postmaster_reply r;

		if (q.p == NULL)
			break;
		r = postmaster_ask_stats(run, api, domain, q);
		if (r.body.p == NULL)
			return r;
		if (!take_page(run, r.body, m, d, &next))
			return postmaster_odd(run, domain,
			    "the answer is not what the API says of itself");
		if (next.n == 0)
			return r;
	}
	return (struct postmaster_reply){
		.cause = CAUSE_LIMIT,
		.detail = arena_slicef(run->arena,
		    "asking Google for %.*s: there are more pages than are "
		    "read",
		    SLICE_FMT(domain)),
	};
}

/* ---- what they come to ------------------------------------------------- */

static double
greater(double a, double b)
{
	return a > b ? a : b;
}

struct postmaster_sum
postmaster_sum(const struct postmaster_days *d, size_t metric)
{
	enum { WEEK = 7 };
	struct postmaster_sum s = { 0 };
	const double *rate = d->rates[metric];
	double all = 0;

	for (int i = 0; i < POSTMASTER_DAYS; i++) {
		if (rate[i] < 0)
			continue;
		if (s.days++ == 0)
			s.from = i;
		s.to = i;
		s.latest = rate[i];
		s.worst = greater(s.worst, rate[i]);
		if (i >= POSTMASTER_DAYS - WEEK)
			s.week_worst = greater(s.week_worst, rate[i]);
		all += rate[i];
	}
	if (s.days > 0)
		s.mean = all / (double)s.days;
	return s;
}

struct slice
postmaster_date(struct arena *a, int64_t day)
{
	struct civil c;

	civil_from_unix(day * SECONDS_A_DAY, &c);
	return arena_slicef(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

json_t *
postmaster_percent(double rate)
{
	return json_real((double)(int64_t)(rate * 1e6 + 0.5) / 1e4);
}
