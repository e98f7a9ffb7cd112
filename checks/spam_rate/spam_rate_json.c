/*
 * An export as JSON: a list of days, or an object with one such list, or one
 * that tells of a time alone.  Members are known by their names, as columns
 * are:
 *
 *  export = "[" day *("," day) "]"
 *         / {"provider": name, "days": [day, ...]} / day
 *  day    = {"date": text, "percent": number, "volume": number, ...}
 */
#include <jansson.h>

#include "base/domain.h"
#include "checks/spam_rate/spam_rate_export.h"

struct reading {
	struct arena *arena;
	struct spam_export *out;
	struct spam_error *error;
	enum spam_provider provider; /* of all of it */
	size_t number;               /* of the day, from 1 */
};

static enum rc
fail(struct reading *r, const char *name, const char *what)
{
	return spam_export_fail(r->error, 0, 0,
	    arena_slicef(r->arena, "element %zu, \"%.40s\": %s", r->number,
		name, what));
}

static struct slice
text_of(const json_t *j)
{
	return slice_of(json_string_value(j), json_string_length(j));
}

static enum rc
read_rate(struct reading *r, const char *name, const json_t *j, bool fraction,
    struct spam_row *row)
{
	bool ok;

	if (json_is_null(j))
		return RC_OK;
	if (json_is_string(j))
		ok = spam_rate_parse(text_of(j), fraction, &row->millionths);
	else
		ok = json_is_number(j) && spam_rate_of(json_number_value(j),
					      fraction, &row->millionths);
	if (!ok)
		return fail(r, name,
		    fraction ? "expected a rate of at most 1"
			     : "expected a percentage of at most 100");
	if (fraction && row->millionths > SPAM_RATE_ODD && json_is_number(j))
		return fail(r, name,
		    "a rate of more than 0.05 is over 5 %: call it \"percent\" "
		    "if that is what it is");
	return RC_OK;
}

static enum rc
read_date(struct reading *r, const char *name, const json_t *j,
    struct spam_row *row)
{
	row->has_day = true;
	if (json_is_string(j) && spam_rate_day(text_of(j), &row->day))
		return RC_OK;
	return fail(r, name, "expected a day such as \"2026-11-05\"");
}

static enum rc
read_volume(struct reading *r, const char *name, const json_t *j,
    struct spam_row *row)
{
	if (json_is_null(j))
		return RC_OK;
	if (json_is_string(j) && spam_rate_count(text_of(j), &row->volume))
		return RC_OK;
	row->volume = json_is_integer(j) ? json_integer_value(j) : -1;
	if (row->volume >= 0 && row->volume <= INT64_MAX / 1000000)
		return RC_OK;
	return fail(r, name, "expected a number of messages");
}

static enum rc
read_provider(struct reading *r, const char *name, const json_t *j,
    enum spam_provider *out)
{
	if (json_is_string(j) && spam_provider_parse(text_of(j), out))
		return RC_OK;
	return fail(r, name, "expected gmail, yahoo, outlook or orange");
}

static enum rc
read_domain(struct reading *r, const char *name, const json_t *j,
    struct spam_row *row)
{
	if (json_is_string(j) &&
	    domain_canonical(r->arena, text_of(j), &row->domain) == DOMAIN_FINE)
		return RC_OK;
	return fail(r, name, "expected a domain");
}

static enum rc
read_member(struct reading *r, const char *name, const json_t *j,
    struct spam_row *row)
{
	enum spam_provider p = spam_provider_of(slice_str(name));

	switch (spam_column_of(slice_str(name))) {
	case SPAM_COLUMN_DATE:
		return read_date(r, name, j, row);
	case SPAM_COLUMN_RATE:
	case SPAM_COLUMN_PERCENT:
		if (p != SPAM_PROVIDERS)
			row->provider = p;
		return read_rate(r, name, j,
		    spam_column_of(slice_str(name)) == SPAM_COLUMN_RATE, row);
	case SPAM_COLUMN_VOLUME:
		return read_volume(r, name, j, row);
	case SPAM_COLUMN_PROVIDER:
		return read_provider(r, name, j, &row->provider);
	case SPAM_COLUMN_DOMAIN:
		return read_domain(r, name, j, row);
	case SPAM_COLUMN_OTHER:
	case SPAM_COLUMNS:
		break;
	}
	return RC_OK;
}

static enum rc
read_row(struct reading *r, json_t *day, bool alone)
{
	struct spam_row row = {
		.provider = r->provider,
		.millionths = -1,
		.volume = -1,
		.line = r->number,
	};
	const char *name;
	json_t *value;
	enum rc rc = RC_OK;

	if (!json_is_object(day))
		return fail(r, "", "expected an object");
	json_object_foreach(day, name, value)
	{
		if (rc == RC_OK)
			rc = read_member(r, name, value, &row);
	}
	if (rc || row.millionths < 0)
		return rc;
	if (!row.has_day && !alone)
		return fail(r, "date", "is missing");
	return spam_export_add(r->arena, r->out, &row);
}

static enum rc
read_list(struct reading *r, const json_t *list)
{
	enum rc rc = RC_OK;
	json_t *day;
	size_t i;

	json_array_foreach(list, i, day)
	{
		r->number = i + 1;
		if (rc == RC_OK)
			rc = read_row(r, day, false);
	}
	return rc;
}

/* The first list in it. */
static const json_t *
list_in(json_t *top)
{
	const char *name;
	json_t *value;

	json_object_foreach(top, name, value)
	{
		if (json_is_array(value))
			return value;
	}
	return NULL;
}

static enum rc
read_top(struct reading *r, json_t *top)
{
	json_t *provider = json_object_get(top, "provider");
	const json_t *list = json_is_array(top) ? top : list_in(top);
	enum rc rc = RC_OK;

	r->number = 1;
	if (list != NULL && provider != NULL)
		rc = read_provider(r, "provider", provider, &r->provider);
	if (rc)
		return rc;
	return list != NULL ? read_list(r, list) : read_row(r, top, true);
}

enum rc
spam_json_read(struct arena *a, struct slice text, struct spam_export *out,
    struct spam_error *error)
{
	struct reading r = {
		.arena = a,
		.out = out,
		.error = error,
		.provider = SPAM_PROVIDERS,
	};
	json_error_t e;
	json_t *top = json_loadb((const char *)text.p, text.n,
	    JSON_REJECT_DUPLICATES, &e);
	enum rc rc;

	if (top == NULL)
		return spam_export_fail(error,
		    (size_t)(e.line > 0 ? e.line : 1),
		    (size_t)(e.column > 0 ? e.column : 1),
		    arena_slicef(a, "is no JSON: %s", e.text));
	rc = read_top(&r, top);
	json_decref(top);
	return rc;
}
