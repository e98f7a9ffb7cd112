#include "base/domain.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Canonical of canonical is itself, and it keeps what the header promises. */
static void
check_name(struct arena *a, struct slice name)
{
	struct slice again, up = name;
	size_t labels = domain_labels(name);

	if (name.n == 0 || name.n > 253 || labels == 0)
		__builtin_trap();
	if (domain_canonical(a, name, &again) != DOMAIN_FINE ||
	    !slice_eq(name, again))
		__builtin_trap();
	for (size_t i = 0; i < labels; i++) {
		if (up.n == 0 || !domain_is_under(name, up))
			__builtin_trap();
		up = domain_parent(up);
	}
	if (up.n != 0)
		__builtin_trap();
	if (domain_is_fqdn(name) && labels < 2)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size), out = SLICE_NONE;
	struct arena *a = arena_new(64 * 1024, 1024);
	enum domain_fault fault;

	if (a == NULL)
		return 0;
	fault = domain_canonical(a, in, &out);
	if ((fault == DOMAIN_FINE) != (out.p != NULL))
		__builtin_trap();
	if (fault == DOMAIN_FINE)
		check_name(a, out);
	if (domain_fault_text(fault) == NULL)
		__builtin_trap();
	/* These take any octets. */
	(void)domain_is_fqdn(in);
	(void)domain_is_under(in, domain_parent(in));
	arena_free(a);
	return 0;
}
