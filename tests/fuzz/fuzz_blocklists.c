#include "audit/blocklists.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A name that is asked of the zone is shown under its label. */
static void
check_zone(const struct blocklist_zones *all, const struct blocklist_zone *z,
    struct arena *a)
{
	struct answer answer = { .detail = SLICE_NONE };
	struct question q = { .name = arena_slicef(a, "1.%.*s",
				  SLICE_FMT(z->name)) };
	bool any = false;

	for (int i = 0; i < BLOCKLIST_KINDS; i++)
		any = any || z->holds[i];
	if (!any || z->name.n == 0 || z->label.n == 0 ||
	    z->n_codes > LIMIT_BLOCKLIST_CODES)
		__builtin_trap();
	if (blocklists_hide(all, a, &q, &answer) == RC_OK &&
	    slice_ends_nocase(q.name, z->name) &&
	    !slice_ends_nocase(z->label, z->name))
		__builtin_trap();
}

/* A file of --blocklists. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct blocklist_zones zones = { NULL, 0 };
	struct slice error = SLICE_NONE;
	enum rc rc;

	if (a == NULL)
		return 0;
	rc = blocklists_read("f", slice_of(data, n), a, &zones, &error);
	if ((rc == RC_INVALID) != (error.n > 0) || rc == RC_BUG)
		__builtin_trap();
	if (rc == RC_OK && (zones.n == 0 || zones.n > LIMIT_BLOCKLISTS))
		__builtin_trap();
	for (size_t i = 0; rc == RC_OK && i < zones.n; i++)
		check_zone(&zones, &zones.list[i], a);
	arena_free(a);
	return 0;
}
