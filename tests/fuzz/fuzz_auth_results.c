#include "message/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_result(const struct auth_result *r, bool malformed)
{
	check(r->method.n > 0);
	check(r->result.n > 0 || malformed);
	check((r->n_properties == 0) == (r->properties == NULL));
	for (size_t i = 0; i < r->n_properties; i++) {
		const struct auth_property *p = &r->properties[i];

		check(p->name.n > 0);
		check(p->ptype.n > 0 || malformed);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(4 * 1024 * 1024, 4096);
	struct auth_results ar;

	if (a == NULL)
		return 0;
	if (auth_results_parse(a, slice_of(data, size), &ar) == RC_OK) {
		check(ar.server.n <= size);
		check(ar.server.n > 0 || ar.malformed);
		for (size_t i = 0; i < ar.n; i++)
			check_result(&ar.results[i], ar.malformed);
	} else {
		check(arena_failed(a));
	}
	arena_free(a);
	return 0;
}
