/*
 * Exports of spam rates: read or refused with a place that is in them; what is
 * read is in bounds and in order.
 */
#include <stdint.h>
#include <string.h>

#include "checks/spam_rate/spam_rate_export.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static size_t
count_lines(struct slice text)
{
	struct slice line;
	size_t n = 0;

	while (slice_line(&text, &line))
		n++;
	return n;
}

static void
check_row(const struct spam_export *all, size_t i)
{
	const struct spam_row *r = &all->rows[i], *before = r - 1;

	must(r->provider <= SPAM_PROVIDERS);
	must(r->millionths >= 0 && r->millionths <= 100 * SPAM_RATE_PERCENT);
	must(r->volume >= -1 && r->line > 0);
	must(!r->has_day || (r->day >= 0 && r->day < 3000000));
	if (i == 0)
		return;
	must(before->provider <= r->provider);
	if (before->provider == r->provider &&
	    slice_eq(before->domain, r->domain))
		must(before->day < r->day || before->has_day != r->has_day);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(16 << 20, 4096);
	struct slice text = slice_of(data, n);
	struct spam_error e = { 0 };
	struct spam_export all;
	enum rc rc;

	must(a != NULL);
	rc = spam_export_read(a, text, &all, &e);
	if (rc == RC_INVALID)
		must(e.what.n > 0 && e.line <= count_lines(text) + 1 &&
		     (e.line == 0) == (e.column == 0));
	if (rc == RC_OK)
		must(all.n > 0);
	for (size_t i = 0; rc == RC_OK && i < all.n; i++)
		check_row(&all, i);
	arena_free(a);
	return 0;
}
