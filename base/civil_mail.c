/* The date-time of RFC 5322 3.3 with the obsolete forms of 4.3. */
#include "base/civil.h"

#include "base/cursor.h"
#include "base/limits.h"

struct mail_date {
	struct cursor c;
	struct civil local;
	struct civil_stamp stamp;
	bool obsolete;
	bool zone_bad;
};

struct mail_zone {
	char name[4];
	int hours;
};

/* RFC 5322 4.3 obs-zone, but for the military letters. */
static const struct mail_zone zones[] = {
	{ "UT", 0 },
	{ "GMT", 0 },
	{ "EST", -5 },
	{ "EDT", -4 },
	{ "CST", -6 },
	{ "CDT", -5 },
	{ "MST", -7 },
	{ "MDT", -6 },
	{ "PST", -8 },
	{ "PDT", -7 },
};

/* White space and comments between two tokens. */
struct gap {
	bool space;
	bool comment;
};

/* WSP, or the end of a line that WSP follows; how many octets. */
static size_t
gap_space(const struct cursor *c)
{
	struct slice s = slice_sub(c->all, c->at, 3);
	size_t eol = 0;

	if (slice_starts(s, SLICE_LIT("\r\n")))
		eol = 2;
	else if (slice_starts(s, SLICE_LIT("\n")))
		eol = 1;
	if (eol < s.n && (s.p[eol] == ' ' || s.p[eol] == '\t'))
		return eol + 1;
	return 0;
}

/* comment = "(" *([FWS] ccontent) [FWS] ")", nested without recursion */
static void
gap_comment(struct cursor *c)
{
	int depth = 0;

	do {
		size_t space = gap_space(c);

		if (space > 0) {
			(void)cursor_bytes(c, space);
			continue;
		}
		switch (cursor_u8(c)) {
		case '(':
			depth++;
			break;
		case ')':
			depth--;
			break;
		case '\\':
			(void)cursor_u8(c);
			break;
		case '\r':
		case '\n':
			c->failed = true;
			break;
		default:
			break;
		}
		if (depth > LIMIT_COMMENT_DEPTH)
			c->failed = true;
	} while (depth > 0 && !c->failed);
}

/* [CFWS] */
static struct gap
gap_take(struct mail_date *d)
{
	struct gap g = { false, false };
	unsigned int folds = 0;
	size_t n;

	while (!cursor_done(&d->c)) {
		n = gap_space(&d->c);
		if (n > 0) {
			folds += n > 1;
			(void)cursor_bytes(&d->c, n);
			g.space = true;
		} else if (cursor_peek(&d->c) == '(') {
			gap_comment(&d->c);
			g.comment = true;
			folds = 0;
		} else {
			break;
		}
	}
	/* obs-FWS: more than one line end without anything between. */
	if (folds > 1)
		d->obsolete = true;
	return g;
}

/* Where the current grammar wants FWS and the obsolete one [CFWS]. */
static void
gap_wanted(struct mail_date *d)
{
	struct gap g = gap_take(d);

	if (!g.space || g.comment)
		d->obsolete = true;
}

/* Where the current grammar wants nothing. */
static void
gap_unwanted(struct mail_date *d)
{
	struct gap g = gap_take(d);

	if (g.space || g.comment)
		d->obsolete = true;
}

/* Where the current grammar has [FWS]. */
static void
gap_allowed(struct mail_date *d)
{
	if (gap_take(d).comment)
		d->obsolete = true;
}

/* least to most digits; how many there were in *n. */
static int
mail_number(struct cursor *c, size_t least, size_t most, size_t *n)
{
	uint64_t value = 0;
	struct slice digits;

	for (*n = 0; *n < most; (*n)++) {
		digits = slice_sub(c->all, c->at + *n, 1);
		if (digits.n == 0 || !ascii_is_digit(digits.p[0]))
			break;
	}
	digits = cursor_bytes(c, *n);
	if (*n < least || !slice_number(digits, INT32_MAX, &value))
		c->failed = true;
	return (int)value;
}

/* Which of the three-letter names comes next. */
static int
mail_name(struct cursor *c, const char *names, int count)
{
	struct slice all = slice_str(names);
	struct slice name = cursor_bytes(c, 3);

	for (int i = 0; i < count; i++) {
		if (slice_eq_nocase(name, slice_sub(all, (size_t)i * 3, 3)))
			return i;
	}
	c->failed = true;
	return 0;
}

/* day-of-week = ([FWS] day-name) / ([CFWS] day-name [CFWS]) */
static void
mail_weekday(struct mail_date *d)
{
	gap_allowed(d);
	if (!ascii_is_alpha((unsigned char)cursor_peek(&d->c)))
		return;
	d->local.weekday = mail_name(&d->c, "SunMonTueWedThuFriSat", 7);
	d->stamp.has_weekday = true;
	gap_unwanted(d);
	if (!cursor_skip(&d->c, ','))
		d->c.failed = true;
	gap_allowed(d);
}

/*
 * date = day month year
 * day  = ([FWS] 1*2DIGIT FWS) / ([CFWS] 1*2DIGIT [CFWS])
 * year = (FWS 4*DIGIT FWS) / ([CFWS] 2*DIGIT [CFWS])
 */
static void
mail_day(struct mail_date *d)
{
	size_t n;
	int year;

	d->local.day = mail_number(&d->c, 1, 2, &n);
	gap_wanted(d);
	d->local.month =
	    1 + mail_name(&d->c, "JanFebMarAprMayJunJulAugSepOctNovDec", 12);
	gap_wanted(d);
	year = mail_number(&d->c, 2, 9, &n);
	/* RFC 5322 4.3: 00 to 49 are of this century, 050 to 999 of 1900. */
	if (n < 4) {
		d->obsolete = true;
		year += n == 2 && year < 50 ? 2000 : 1900;
	}
	d->local.year = year;
	gap_wanted(d);
}

/* hour ":" minute [ ":" second ]; gives the gap behind it. */
static struct gap
mail_time(struct mail_date *d)
{
	struct gap g;
	size_t n;

	d->local.hour = mail_number(&d->c, 2, 2, &n);
	gap_unwanted(d);
	if (!cursor_skip(&d->c, ':'))
		d->c.failed = true;
	gap_unwanted(d);
	d->local.minute = mail_number(&d->c, 2, 2, &n);
	g = gap_take(d);
	if (!cursor_skip(&d->c, ':'))
		return g;
	if (g.space || g.comment)
		d->obsolete = true;
	gap_unwanted(d);
	d->local.second = mail_number(&d->c, 2, 2, &n);
	return gap_take(d);
}

/* ( "+" / "-" ) 4DIGIT */
static void
mail_offset(struct mail_date *d)
{
	int sign = cursor_u8(&d->c) == '-' ? -1 : 1;
	size_t n;
	int digits = mail_number(&d->c, 4, 4, &n);
	int hours = digits / 100, minutes = digits % 100;

	d->stamp.zone_unknown = sign < 0 && digits == 0;
	d->stamp.zone_minutes = sign * (hours * 60 + minutes);
	if (hours > 23 || minutes > 59) {
		d->zone_bad = true;
		d->stamp.zone_unknown = true;
		d->stamp.zone_minutes = 0;
	}
}

/*
 * obs-zone; the military letters and all other words are as good as -0000
 * (RFC 5322 4.3), and "J" was never one.
 */
static void
mail_zone_word(struct mail_date *d)
{
	size_t n = 0;
	struct slice word;

	while (
	    n < cursor_left(&d->c) && ascii_is_alpha(d->c.all.p[d->c.at + n]))
		n++;
	word = cursor_bytes(&d->c, n);
	d->obsolete = true;
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		if (slice_eq_nocase(word, slice_str(zones[i].name))) {
			d->stamp.zone_minutes = zones[i].hours * 60;
			return;
		}
	}
	d->stamp.zone_unknown = true;
	d->zone_bad = n > 1 || (n == 1 && ascii_lower(word.p[0]) == 'j');
}

/* zone = (FWS ( "+" / "-" ) 4DIGIT) / obs-zone */
static void
mail_zone(struct mail_date *d, struct gap before)
{
	int next = cursor_peek(&d->c);

	if (before.comment)
		d->obsolete = true;
	if ((next == '+' || next == '-') && before.space)
		mail_offset(d);
	else if (ascii_is_alpha((unsigned char)next))
		mail_zone_word(d);
	else
		d->c.failed = true;
}

enum civil_fault
civil_rfc5322_parse(struct slice s, struct civil_stamp *out)
{
	struct mail_date d = { .c = cursor_of(s) };
	struct civil real;
	int64_t local;

	mail_weekday(&d);
	mail_day(&d);
	mail_zone(&d, mail_time(&d));
	(void)gap_take(&d);
	if (d.c.failed || !cursor_done(&d.c))
		return CIVIL_UNREADABLE;
	/* RFC 5322 3.3: any numeric year 1900 or later */
	if (!civil_valid(&d.local) || d.local.year < 1900)
		return CIVIL_IMPOSSIBLE;
	local = civil_to_unix(&d.local);
	d.stamp.unix_seconds = local - (int64_t)d.stamp.zone_minutes * 60;
	*out = d.stamp;
	if (d.zone_bad)
		return CIVIL_ZONE;
	/* Without the second: 23:59:60 is the next day already. */
	civil_from_unix(local - d.local.second, &real);
	if (d.stamp.has_weekday && real.weekday != d.local.weekday)
		return CIVIL_WEEKDAY;
	return d.obsolete ? CIVIL_OBSOLETE : CIVIL_FINE;
}
