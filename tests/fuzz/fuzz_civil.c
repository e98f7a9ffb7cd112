#include "base/civil.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A time that was formatted reads as itself, and civil time agrees. */
static void
check_time(int64_t when)
{
	char text[CIVIL_TEXT_MAX];
	struct civil t;
	int64_t again;

	civil_from_unix(when, &t);
	if (!civil_valid(&t) || t.weekday < 0 || t.weekday > 6)
		__builtin_trap();
	civil_rfc3339_format(when, text);
	if (!civil_rfc3339_parse(slice_str(text), &again))
		__builtin_trap();
	if (again != civil_to_unix(&t))
		__builtin_trap();
	if (when >= 0 && when < INT64_C(253402300800) && again != when)
		__builtin_trap();
}

static void
check_mail(struct slice in)
{
	struct civil_stamp stamp = { 0 };

	switch (civil_rfc5322_parse(in, &stamp)) {
	case CIVIL_UNREADABLE:
	case CIVIL_IMPOSSIBLE:
		if (stamp.unix_seconds != 0 || stamp.zone_minutes != 0)
			__builtin_trap();
		break;
	case CIVIL_WEEKDAY:
		if (!stamp.has_weekday)
			__builtin_trap();
		check_time(stamp.unix_seconds);
		break;
	case CIVIL_FINE:
	case CIVIL_ZONE:
	case CIVIL_OBSOLETE:
		check_time(stamp.unix_seconds);
		break;
	}
	if (stamp.zone_minutes <= -24 * 60 || stamp.zone_minutes >= 24 * 60)
		__builtin_trap();
	if (stamp.zone_unknown && stamp.zone_minutes != 0)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	int64_t when;

	if (civil_rfc3339_parse(in, &when))
		check_time(when);
	check_mail(in);
	if (size >= sizeof(when)) {
		memcpy(&when, data, sizeof(when));
		check_time(when);
	}
	return 0;
}
