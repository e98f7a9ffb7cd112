#include "base/limits.h"
#include "checks/zone/zone_file.h"
#include "checks/zone/zone_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_record(const struct zone_file *z, const struct zone_record *r,
    struct slice text)
{
	const struct zone_record *found = zone_file_find(z, r->rr.owner);

	check(r->rr.owner.n <= ZONE_NAME_MAX && r->line > 0 &&
	      r->line <= text.n + 1);
	check(found != NULL && slice_eq(found->rr.owner, r->rr.owner));
	check(zone_file_find_type(z, r->rr.owner, r->rr.type) != NULL);
	if (r->rr.type != DNS_TXT)
		return;
	check(r->rr.as.text.n > 0);
	for (size_t i = 0; i < r->rr.as.text.n; i++)
		check(r->rr.as.text.strings[i].n <= 255);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size), error = SLICE_NONE;
	struct arena *a = arena_new(8 * 1024 * 1024, 4096);
	struct zone_file z;
	size_t n = 0;
	enum rc rc;

	if (a == NULL)
		return 0;
	rc = zone_file_read(a, SLICE_LIT("db"), text, SLICE_LIT("example.com"),
	    &z, &error);
	check(rc != RC_INVALID || error.n > 0);
	check(rc != RC_BUG && rc != RC_IO);
	for (const struct zone_record *r = z.first; rc == RC_OK && r != NULL;
	     r = r->next, n++)
		check_record(&z, r, text);
	check(rc != RC_OK || (n == z.n_records && n > 0));
	check(z.n_faults <= LIMIT_PROBLEMS && z.n_faults <= z.all_faults);
	for (size_t i = 0; rc == RC_OK && i < z.n_faults; i++)
		check(z.faults[i].at.line > 0 && z.faults[i].at.column > 0 &&
		      z.faults[i].at.column <= size + 1 &&
		      z.faults[i].detail.n > 0);
	zone_file_close(&z);
	arena_free(a);
	return 0;
}
