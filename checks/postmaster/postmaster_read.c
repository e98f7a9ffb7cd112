#include "checks/postmaster/postmaster_read.h"

#include <jansson.h>

#include "base/civil.h"
#include "base/limits.h"

enum { SECONDS_A_DAY = 86400, TOKEN_MAX = 4096 };

const char *const postmaster_requirements[POSTMASTER_REQUIREMENTS] = { "SPF",
	"DKIM", "SPF_AND_DKIM", "DMARC_POLICY", "DMARC_ALIGNMENT",
	"MESSAGE_FORMATTING", "DNS_RECORDS", "ENCRYPTION",
	"USER_REPORTED_SPAM_RATE", "ONE_CLICK_UNSUBSCRIBE",
	"HONOR_UNSUBSCRIBE" };

/* An object, to be given back by json_decref(); NULL: it is none. */
static json_t *
load(struct slice body)
{
	json_t *j = NULL;

	if (body.n > 0)
		j = json_loadb((const char *)body.p, body.n,
		    JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(j))
		return j;
	json_decref(j);
	return NULL;
}

/* Nothing when it is no string, or an empty one. */
static struct slice
text_of(struct arena *a, const json_t *o, const char *key)
{
	const json_t *j = json_object_get(o, key);
	struct slice s = slice_of(json_string_value(j), json_string_length(j));

	if (s.n == 0)
		return SLICE_NONE;
	return arena_copy(a, slice_sub(s, 0, LIMIT_POSTMASTER_TEXT));
}

/* ---- complianceStatus -------------------------------------------------- */

static void
read_verdict(struct arena *a, const json_t *o, const char *key,
    struct postmaster_verdict *out)
{
	const json_t *verdict = json_object_get(o, key);
	const json_t *status = json_object_get(verdict, "status");

	/* deliverabilityStatusVerdict says "state". */
	if (status == NULL)
		status = json_object_get(verdict, "state");
	out->status = text_of(a, status, "status");
	out->reason = text_of(a, verdict, "reason");
	if (slice_eq(out->reason, SLICE_LIT("REASON_UNSPECIFIED")))
		out->reason = SLICE_NONE;
}

/* The first of several rows of one requirement counts. */
static void
read_row(struct arena *a, const json_t *row, struct postmaster_block *out)
{
	const char *name =
	    json_string_value(json_object_get(row, "requirement"));
	struct slice status =
	    text_of(a, json_object_get(row, "status"), "status");

	for (size_t i = 0; name != NULL && i < POSTMASTER_REQUIREMENTS; i++) {
		if (strcmp(name, postmaster_requirements[i]) == 0 &&
		    out->requirements[i].p == NULL)
			out->requirements[i] = status;
	}
}

static bool
read_block(struct arena *a, const json_t *o, struct postmaster_block *out)
{
	const json_t *rows = json_object_get(o, "rowData"), *row;
	size_t i;

	if (o == NULL || json_is_null(o))
		return true;
	if (!json_is_object(o) || (rows != NULL && !json_is_array(rows)))
		return false;
	out->there = true;
	out->domain = text_of(a, o, "domainId");
	json_array_foreach(rows, i, row)
	{
		read_row(a, row, out);
	}
	read_verdict(a, o, "oneClickUnsubscribeVerdict", &out->one_click);
	read_verdict(a, o, "honorUnsubscribeVerdict", &out->honor_unsubscribe);
	read_verdict(a, o, "deliverabilityStatusVerdict", &out->deliverability);
	return true;
}

bool
postmaster_status_read(struct arena *a, struct slice body,
    struct postmaster_status *out)
{
	json_t *o = load(body);
	bool right;

	*out = (struct postmaster_status){ 0 };
	right = o != NULL && json_object_get(o, "error") == NULL &&
		read_block(a, json_object_get(o, "complianceData"),
		    &out->registrable) &&
		read_block(a, json_object_get(o, "subdomainComplianceData"),
		    &out->subdomain);
	json_decref(o);
	return right;
}

/* ---- domainStats:query ------------------------------------------------- */

static int
number_of(const json_t *o, const char *key, int max)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n >= 0 && n <= max ? (int)n : -1;
}

/* google.type.Date. */
static bool
read_day(const json_t *o, int64_t *day)
{
	struct civil c = {
		.year = number_of(o, "year", 9999),
		.month = number_of(o, "month", 12),
		.day = number_of(o, "day", 31),
	};

	if (c.year < 1970 || !civil_valid(&c))
		return false;
	*day = civil_to_unix(&c) / SECONDS_A_DAY;
	return true;
}

/* Not what is no number (JSON has "NaN" in quotes), or no share of a whole. */
static bool
read_rate(const json_t *value, double *rate)
{
	static const char *const kinds[] = { "doubleValue", "floatValue" };

	for (size_t i = 0; i < 2; i++) {
		const json_t *j = json_object_get(value, kinds[i]);

		*rate = json_number_value(j);
		if (json_is_number(j))
			return *rate >= 0 && *rate <= 1;
	}
	return false;
}

static bool
read_stat(struct arena *a, const json_t *o, struct postmaster_row *out)
{
	out->metric = text_of(a, o, "metric");
	return out->metric.p != NULL &&
	       read_day(json_object_get(o, "date"), &out->day) &&
	       read_rate(json_object_get(o, "value"), &out->rate);
}

static bool
read_rows(struct arena *a, const json_t *stats, struct postmaster_page *out)
{
	size_t n = json_array_size(stats);
	struct postmaster_row *rows =
	    arena_new_of(a, struct postmaster_row, n + 1);

	if (rows == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (read_stat(a, json_array_get(stats, i), &rows[out->n]))
			out->n++;
		else
			out->odd++;
	}
	out->rows = rows;
	return true;
}

static bool
read_token(struct arena *a, const json_t *token, struct slice *out)
{
	size_t n = json_string_length(token);

	if (token == NULL || (json_is_string(token) && n == 0))
		return true;
	if (!json_is_string(token) || n > TOKEN_MAX)
		return false;
	*out = arena_copy(a, slice_of(json_string_value(token), n));
	return true;
}

bool
postmaster_page_read(struct arena *a, struct slice body,
    struct postmaster_page *out)
{
	json_t *o = load(body);
	const json_t *stats = json_object_get(o, "domainStats");
	bool right;

	*out = (struct postmaster_page){ 0 };
	right = o != NULL && json_object_get(o, "error") == NULL &&
		(stats == NULL || json_is_array(stats)) &&
		read_rows(a, stats, out) &&
		read_token(a, json_object_get(o, "nextPageToken"), &out->next);
	json_decref(o);
	return right;
}

/* ---- errors ------------------------------------------------------------ */

bool
postmaster_error_read(struct arena *a, struct slice body,
    struct postmaster_error *out)
{
	json_t *o = load(body);
	const json_t *error = json_object_get(o, "error"), *detail;
	bool right = json_is_object(error);
	size_t i;

	*out = (struct postmaster_error){ 0 };
	out->status = text_of(a, error, "status");
	out->message = text_of(a, error, "message");
	json_array_foreach(json_object_get(error, "details"), i, detail)
	{
		if (out->reason.p == NULL)
			out->reason = text_of(a, detail, "reason");
	}
	json_decref(o);
	return right;
}
