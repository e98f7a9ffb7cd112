/* Date (RFC 5322 3.6.1), and that of Received. */
#include "base/civil.h"
#include "message/field_lint.h"

/* How far a Date may be off before filters count it against the message. */
enum {
	AHEAD_OF_RECEIVED = 3 * 3600,
	BEHIND_RECEIVED = 4 * 86400,
	AHEAD_OF_AUDIT = 86400,
	BEHIND_AUDIT = 365 * 86400, /* of a sample that nobody received */
};

const struct lint_kind field_date_syntax = { "format.date-syntax", LINT_ERROR,
	"RFC 5322 3.3",
	"Write the date like this: Sat, 21 Nov 2026 18:50:31 +0000" };

const struct lint_kind field_date_impossible = { "format.date-impossible",
	LINT_ERROR, "RFC 5322 3.3", "Write the date and time of sending" };

const struct lint_kind field_date_zone = { "format.date-zone", LINT_ERROR,
	"RFC 5322 3.3", "Write the zone as an offset, such as +0000" };

const struct lint_kind field_date_weekday = { "format.date-weekday", LINT_ERROR,
	"RFC 5322 3.3", "Put in the right day of the week, or none" };

const struct lint_kind field_date_obsolete = { "format.date-obsolete",
	LINT_WARNING, "RFC 5322 4.3",
	"Write the date like this: Sat, 21 Nov 2026 18:50:31 +0000" };

const struct lint_kind field_date_future = { "format.date-future", LINT_WARNING,
	"RFC 5322 3.6.1",
	"Set the clock of the sending system, and its time zone" };

const struct lint_kind field_date_past = { "format.date-past", LINT_WARNING,
	"RFC 5322 3.6.1", "Date the message when it is sent, not before" };

const struct lint_kind field_received_date = { "format.received-date",
	LINT_WARNING, "RFC 5322 3.6.7",
	"Have the server end its Received field with \";\" and the date" };

static size_t
first_octet(struct slice value)
{
	size_t i = 0;

	while (i < value.n && ascii_is_space(value.p[i]))
		i++;
	return i;
}

static void
say(struct field_job *job, const struct lint_kind *kind, const char *text)
{
	struct slice value = job->field->value, detail = SLICE_NONE;

	if (field_wants(job, kind))
		detail = arena_slicef(job->lint->arena, "The date %.*s %s",
		    SLICE_FMT(field_quote(job, value)), text);
	field_say(job, kind, first_octet(value), detail);
}

/* ---- against the clock ------------------------------------------------- */

/* What stands behind the last ";" of a Received field. */
static struct slice
received_date(const struct field *f)
{
	const unsigned char *at =
	    f->value.n > 0 ? memrchr(f->value.p, ';', f->value.n) : NULL;

	if (at == NULL)
		return SLICE_NONE;
	return slice_from(f->value, (size_t)(at - f->value.p) + 1);
}

static bool
stamp_read(struct slice s, struct civil_stamp *out)
{
	enum civil_fault fault = civil_rfc5322_parse(s, out);

	return fault != CIVIL_UNREADABLE && fault != CIVIL_IMPOSSIBLE;
}

static void
days_say(struct field_job *job, const struct lint_kind *kind, int64_t seconds,
    const char *than)
{
	int64_t hours = seconds / 3600;
	bool days = hours >= 48;

	field_say(job, kind, first_octet(job->field->value),
	    arena_slicef(job->lint->arena,
		"The date is %lld %s %s; receivers hold that against the "
		"message",
		(long long)(days ? hours / 24 : hours), days ? "days" : "hours",
		than));
}

static void
clock_lint(struct field_job *job, const struct civil_stamp *date)
{
	const struct field *received = job->fields->first[FIELD_RECEIVED];
	struct civil_stamp taken;
	int64_t off;

	if (received != NULL && stamp_read(received_date(received), &taken)) {
		off = date->unix_seconds - taken.unix_seconds;
		if (off > AHEAD_OF_RECEIVED)
			days_say(job, &field_date_future, off,
			    "later than the receiver took the message");
		else if (off < -BEHIND_RECEIVED)
			days_say(job, &field_date_past, -off,
			    "earlier than the receiver took the message");
		return;
	}
	off = date->unix_seconds - job->as_of;
	if (off > AHEAD_OF_AUDIT)
		days_say(job, &field_date_future, off, "in the future");
	else if (off < -BEHIND_AUDIT)
		days_say(job, &field_date_past, -off, "in the past");
}

/* ---- what is written --------------------------------------------------- */

static const char *
weekday_text(struct field_job *job, const struct civil_stamp *date)
{
	static const char *const names[] = { "Sunday", "Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday" };
	struct civil local;
	const char *text;

	civil_from_unix(date->unix_seconds + (int64_t)date->zone_minutes * 60,
	    &local);
	text = arena_printf(job->lint->arena,
	    "has the wrong day of the week: it was a %s", names[local.weekday]);
	return text != NULL ? text : "";
}

void
field_date_lint(struct field_job *job)
{
	struct civil_stamp date;

	switch (civil_rfc5322_parse(job->field->value, &date)) {
	case CIVIL_FINE:
		break;
	case CIVIL_UNREADABLE:
		say(job, &field_date_syntax,
		    "is not written as dates in mail are");
		field_no_words_lint(job);
		return;
	case CIVIL_IMPOSSIBLE:
		say(job, &field_date_impossible, "does not exist");
		return;
	case CIVIL_ZONE:
		say(job, &field_date_zone,
		    "has a time zone that does not exist");
		break;
	case CIVIL_WEEKDAY:
		say(job, &field_date_weekday, weekday_text(job, &date));
		break;
	case CIVIL_OBSOLETE:
		say(job, &field_date_obsolete,
		    "has an old form: a year of two digits, a named zone or "
		    "missing spaces");
		break;
	}
	clock_lint(job, &date);
}

void
field_received_lint(struct field_job *job)
{
	struct slice when = received_date(job->field);
	struct civil_stamp stamp;

	if (when.p == NULL)
		field_say(job, &field_received_date, 0,
		    SLICE_LIT("A Received field has no \";\" with a date "
			      "behind it"));
	else if (!stamp_read(when, &stamp))
		field_say(job, &field_received_date,
		    slice_offset(job->field->value, when) + first_octet(when),
		    SLICE_LIT("The date of a Received field cannot be read"));
}
