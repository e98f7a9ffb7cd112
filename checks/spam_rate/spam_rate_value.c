/*
 *  rate   = 1*DIGIT [sep *DIGIT] [exp] *WSP ["%"]
 *         / sep 1*DIGIT [exp] *WSP ["%"]
 *  sep    = "." / ","
 *  exp    = ("e" / "E") ["+" / "-"] 1*2DIGIT
 *  day    = 4DIGIT "-" 2DIGIT "-" 2DIGIT [("T" / " ") *OCTET]
 *         / 4DIGIT "/" 1*2DIGIT "/" 1*2DIGIT
 *         / 1*2DIGIT "/" 1*2DIGIT "/" 4DIGIT
 *         / 1*2DIGIT "." 1*2DIGIT "." 4DIGIT
 *         / 8DIGIT
 *  count  = 1*DIGIT [sep 1*"0"] / 1*3DIGIT 1*(mark 3DIGIT)
 *  mark   = "," / "." / " " / "'"
 */
#include "checks/spam_rate/spam_rate_value.h"

#include "base/civil.h"
#include "base/cursor.h"

enum {
	DIGITS_MAX = 15,
	SECONDS_A_DAY = 24 * 3600,
	/* Places of a millionth of a percent in a percentage, and in a rate. */
	PERCENT_PLACES = 6,
	FRACTION_PLACES = 8,
};

#define RATE_MAX ((int64_t)100 * SPAM_RATE_PERCENT)

/* --- rates ---------------------------------------------------------------- */

/* Digits onto *n; how many there were.  More than fit are left. */
static size_t
take_digits(struct cursor *c, int64_t *n, size_t max)
{
	size_t i = 0;

	for (; i < max && ascii_is_digit((unsigned char)cursor_peek(c)) &&
	       cursor_peek(c) >= 0;
	     i++)
		*n = *n * 10 + (cursor_u8(c) - '0');
	return i;
}

static bool
take_exponent(struct cursor *c, int *places)
{
	int64_t n = 0;
	bool minus;

	if (!cursor_skip(c, 'e') && !cursor_skip(c, 'E'))
		return true;
	minus = cursor_skip(c, '-');
	if (!minus)
		(void)cursor_skip(c, '+');
	if (take_digits(c, &n, 2) == 0)
		return false;
	*places += (int)(minus ? -n : n);
	return true;
}

/* n times ten to the power of places, rounded; false when over the most. */
static bool
scale(int64_t n, int places, int64_t *out)
{
	for (; places > 0 && n > 0 && n <= RATE_MAX; places--)
		n *= 10;
	for (; places < 0 && n > 0; places++)
		n = n / 10 + (places == -1 && n % 10 >= 5);
	*out = n;
	return n <= RATE_MAX;
}

bool
spam_rate_parse(struct slice text, bool fraction, int64_t *millionths)
{
	struct cursor c = cursor_of(slice_trim(text));
	int64_t n = 0;
	int places = 0;
	size_t digits = take_digits(&c, &n, DIGITS_MAX), after = 0;

	if (cursor_skip(&c, '.') || cursor_skip(&c, ','))
		after = take_digits(&c, &n, DIGITS_MAX - digits);
	places = -(int)after;
	if (digits + after == 0 || !take_exponent(&c, &places))
		return false;
	while (cursor_skip(&c, ' ') || cursor_skip(&c, '\t'))
		continue;
	if (cursor_skip(&c, '%'))
		fraction = false;
	places += fraction ? FRACTION_PLACES : PERCENT_PLACES;
	return cursor_done(&c) && !c.failed && scale(n, places, millionths);
}

bool
spam_rate_of(double n, bool fraction, int64_t *millionths)
{
	double percent = fraction ? n * 100 : n;

	if (!(percent >= 0 && percent <= 100))
		return false;
	*millionths = (int64_t)(percent * SPAM_RATE_PERCENT + 0.5);
	return true;
}

/* --- days ----------------------------------------------------------------- */

static bool
to_day(uint64_t year, uint64_t month, uint64_t day, int64_t *out)
{
	struct civil date = { .year = (int)year,
		.month = (int)month,
		.day = (int)day };

	if (year < 1970 || !civil_valid(&date))
		return false;
	*out = civil_to_unix(&date) / SECONDS_A_DAY;
	return true;
}

/* Three numbers with that mark between. */
static bool
three(struct slice text, unsigned char mark, uint64_t n[3])
{
	struct slice part;
	size_t i = 0;
	bool more = true;

	for (; i < 3 && more; i++) {
		more = slice_cut(text, mark, &part, &text);
		if (part.n == 0 || part.n > 4 ||
		    !slice_number(part, 9999, &n[i]))
			return false;
	}
	return i == 3 && !more;
}

bool
spam_rate_day(struct slice text, int64_t *day)
{
	uint64_t n[3];
	struct slice date, rest;

	text = slice_trim(text);
	if (!slice_cut(text, 'T', &date, &rest))
		(void)slice_cut(text, ' ', &date, &rest);
	if (three(date, '-', n))
		return date.n == 10 && to_day(n[0], n[1], n[2], day);
	if (three(text, '/', n) && n[0] > 31)
		return to_day(n[0], n[1], n[2], day);
	if (three(text, '/', n))
		return to_day(n[2], n[0], n[1], day);
	if (three(text, '.', n))
		return to_day(n[2], n[1], n[0], day);
	return text.n == 8 && slice_number(text, 99999999, &n[0]) &&
	       to_day(n[0] / 10000, n[0] / 100 % 100, n[0] % 100, day);
}

/* --- counts --------------------------------------------------------------- */

static bool
only_zeros(struct cursor *c)
{
	size_t n = 0;

	while (cursor_skip(c, '0'))
		n++;
	return n > 0 && n != 3 && cursor_done(c);
}

static bool
is_mark(int c)
{
	return c == ',' || c == '.' || c == ' ' || c == '\'';
}

bool
spam_rate_count(struct slice text, int64_t *count)
{
	struct cursor c = cursor_of(slice_trim(text)), behind;
	int mark;
	size_t digits;

	*count = 0;
	digits = take_digits(&c, count, DIGITS_MAX);
	mark = cursor_peek(&c);
	if (digits == 0 || cursor_done(&c))
		return digits > 0;
	behind = c;
	if ((cursor_skip(&behind, '.') || cursor_skip(&behind, ',')) &&
	    only_zeros(&behind))
		return true;
	if (digits > 3 || !is_mark(mark))
		return false;
	while (cursor_skip(&c, (unsigned char)mark)) {
		size_t n = take_digits(&c, count, 3);

		digits += n;
		if (n != 3 || digits > DIGITS_MAX)
			return false;
	}
	return cursor_done(&c) && !c.failed;
}
