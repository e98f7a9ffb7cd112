#include "base/civil.h"
#include "bounces/log_parts.h"

/* Columns of "Jan  5 03:06:18 ". */
enum { DAY_AT = 4, TIME_AT = OLD_STAMP - 8 };

static bool
new_stamp(struct slice s)
{
	return s.n > 19 && s.p[4] == '-' && s.p[7] == '-' &&
	       (s.p[10] == 'T' || s.p[10] == ' ') && log_has_time(s, 11);
}

struct slice
log_inside(struct slice s, unsigned char open, unsigned char close)
{
	if (s.n >= 2 && s.p[0] == open && s.p[s.n - 1] == close)
		return slice_sub(s, 1, s.n - 2);
	return s;
}

struct slice
log_field(struct slice s, struct slice name)
{
	size_t at = slice_find(s, name);
	struct slice value, rest;

	if (at == SIZE_MAX)
		return SLICE_NONE;
	(void)slice_cut(slice_from(s, at + name.n), ',', &value, &rest);
	return value;
}

void
log_peer(struct slice s, struct attempt *a)
{
	struct slice rest = s, host = log_until(&rest, '[');
	struct slice ip = log_until(&rest, ']');

	if (host.p == NULL || ip.p == NULL)
		return;
	host = slice_trim(host);
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	a->host = host;
	a->ip = slice_starts(ip, SLICE_LIT("IPv6:")) ? slice_from(ip, 5) : ip;
}

/* "<PRI>" of RFC 5424 6.2.1, and its version. */
static struct slice
skip_priority(struct slice s)
{
	struct slice rest = s;

	if (s.n == 0 || s.p[0] != '<' || log_until(&rest, '>').n > 4)
		return s;
	return slice_starts(rest, SLICE_LIT("1 ")) ? slice_from(rest, 2) : rest;
}

bool
syslog_parse(struct slice line, struct syslog_line *out)
{
	struct slice rest = skip_priority(line), tag, pid, head;
	bool ends;

	if (log_has_old_stamp(rest)) {
		out->stamp = slice_sub(rest, 0, OLD_STAMP);
		rest = slice_from(rest, OLD_STAMP + 1);
	} else if (new_stamp(rest)) {
		out->stamp = log_until(&rest, ' ');
	} else {
		return false;
	}
	out->host = log_until(&rest, ' ');
	tag = log_until(&rest, ' ');
	if (out->host.p == NULL || tag.p == NULL)
		return false;
	out->text = rest;
	ends = slice_cut(tag, '[', &head, &pid);
	return slice_cut(head, ':', &out->program, &pid) || ends;
}

/* Two digits, or a blank and one; -1: not that. */
static int
two(struct slice s, size_t at)
{
	int tens = s.p[at] == ' ' ? 0 : s.p[at] - '0', ones = s.p[at + 1] - '0';

	if (tens < 0 || tens > 9 || ones < 0 || ones > 9)
		return -1;
	return tens * 10 + ones;
}

static int
month_of(struct slice s)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int m = 0; m < 12; m++) {
		if (slice_starts(s, slice_of(names + m * 3, 3)))
			return m + 1;
	}
	return 0;
}

/* In a leap year, so that 29 February is one day; 1972 is the first. */
static struct moment
old_moment(struct slice s)
{
	struct civil c = { .year = 1972,
		.month = month_of(s),
		.day = two(s, DAY_AT),
		.hour = two(s, TIME_AT),
		.minute = two(s, TIME_AT + 3),
		.second = two(s, TIME_AT + 6) };
	const struct civil begin = { .year = 1972, .month = 1, .day = 1 };

	if (c.month == 0 || !civil_valid(&c))
		return (struct moment){ .kind = MOMENT_NONE };
	return (struct moment){ MOMENT_YEARLESS,
		civil_to_unix(&c) - civil_to_unix(&begin) };
}

/* "+hhmm" or "+hh:mm" at the end of it, in minutes. */
static int
zone_of(struct slice s)
{
	size_t at = 19;
	int sign, hours, minutes;

	while (at < s.n && s.p[at] != '+' && s.p[at] != '-')
		at++;
	if (s.n < at + 5)
		return 0;
	sign = s.p[at] == '-' ? -1 : 1;
	hours = two(s, at + 1);
	at += s.p[at + 3] == ':' ? 4 : 3;
	minutes = s.n >= at + 2 ? two(s, at) : 0;
	return hours < 0 || minutes < 0 ? 0 : sign * (hours * 60 + minutes);
}

static struct moment
new_moment(struct slice s)
{
	struct civil c = { .year = two(s, 0) * 100 + two(s, 2),
		.month = two(s, 5),
		.day = two(s, 8),
		.hour = two(s, 11),
		.minute = two(s, 14),
		.second = two(s, 17) };

	if (c.year < 1970 || !civil_valid(&c))
		return (struct moment){ .kind = MOMENT_NONE };
	return (struct moment){ MOMENT_FULL,
		civil_to_unix(&c) - (int64_t)zone_of(s) * 60 };
}

/* "@" and TAI64 in hexadecimal digits, in which 1970 begins at 2^62 + 10. */
static struct moment
tai_moment(struct slice s)
{
	uint64_t v = 0;

	for (size_t i = 1; i < 17; i++) {
		int digit = ascii_hex(s.p[i]);

		if (digit < 0)
			return (struct moment){ .kind = MOMENT_NONE };
		v = v << 4 | (uint64_t)digit;
	}
	v -= UINT64_C(0x400000000000000a);
	if (v > (uint64_t)UINT32_MAX * 2)
		return (struct moment){ .kind = MOMENT_NONE };
	return (struct moment){ MOMENT_FULL, (int64_t)v };
}

struct moment
log_moment(struct slice stamp)
{
	if (stamp.n >= 17 && stamp.p[0] == '@')
		return tai_moment(stamp);
	if (stamp.n >= 19 && stamp.p[4] == '-')
		return new_moment(stamp);
	return stamp.n == OLD_STAMP ? old_moment(stamp)
				    : (struct moment){ .kind = MOMENT_NONE };
}
