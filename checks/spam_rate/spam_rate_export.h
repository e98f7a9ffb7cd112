#ifndef CHECKS_SPAM_RATE_SPAM_RATE_EXPORT_H
#define CHECKS_SPAM_RATE_SPAM_RATE_EXPORT_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"
#include "checks/spam_rate/spam_rate_value.h"

/* Whose rates can be told; the facts have a section of that name. */
enum spam_provider {
	SPAM_GMAIL,
	SPAM_YAHOO,
	SPAM_OUTLOOK,
	SPAM_ORANGE,
	SPAM_PROVIDERS, /* how many; or: it is not said */
};

const char *spam_provider_name(enum spam_provider);
bool spam_provider_parse(struct slice, enum spam_provider *);

/* What somebody is told of one day, or of a time that is not said. */
struct spam_row {
	enum spam_provider provider; /* SPAM_PROVIDERS: it is not said */
	struct slice domain;         /* or nothing */
	bool has_day;
	int64_t day;        /* since 1970 */
	int64_t millionths; /* of a percent */
	int64_t volume;     /* messages; -1: not known */
	size_t line;        /* of JSON the number of the element, from 1 */
};

struct spam_export {
	struct spam_row *rows; /* by provider, domain and day */
	size_t n;
	size_t cap;
};

/* Where an export is wrong; line 0: of all of it. */
struct spam_error {
	size_t line, column;
	struct slice what; /* may quote the file: escape it */
};

/*
 * An export, CSV or JSON, appended to *out; what it says borrows text.
 * RC_INVALID: *error, in the arena, says where and what.
 */
enum rc spam_export_read(struct arena *, struct slice text,
    struct spam_export *out, struct spam_error *error);

/* For the two of that: notes an error.  RC_INVALID, or RC_NOMEM. */
enum rc spam_export_fail(struct spam_error *, size_t line, size_t column,
    struct slice what);

/* What a column or member is about, by its name. */
enum spam_column {
	SPAM_COLUMN_OTHER,
	SPAM_COLUMN_DATE,
	SPAM_COLUMN_PERCENT,
	SPAM_COLUMN_RATE, /* of one, unless it has "%" */
	SPAM_COLUMN_VOLUME,
	SPAM_COLUMN_PROVIDER,
	SPAM_COLUMN_DOMAIN,
	SPAM_COLUMNS,
};
enum spam_column spam_column_of(struct slice name);

/* Whose export has a rate of that name; SPAM_PROVIDERS: anybody's. */
enum spam_provider spam_provider_of(struct slice name);

/* A rate of one that is more than so much was meant in percent. */
enum { SPAM_RATE_ODD = 5 * SPAM_RATE_PERCENT };

enum rc spam_json_read(struct arena *, struct slice text, struct spam_export *,
    struct spam_error *);
enum rc spam_export_add(struct arena *, struct spam_export *,
    const struct spam_row *);

#endif
