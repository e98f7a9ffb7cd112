#include "audit/domains.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_row(const struct domain_row *row, const struct domain_list *l)
{
	if (row->line > l->line || (row->domain.n == 0 && row->message == NULL))
		__builtin_trap();
	if (row->domain.n > 253 || (row->n_ips > 0 && row->ips == NULL))
		__builtin_trap();
	for (size_t i = 0; i < row->n_ips; i++) {
		if (row->ips[i].family != 4 && row->ips[i].family != 6)
			__builtin_trap();
	}
}

/* A list of domains: rows have what they must, lines ascend, it ends. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct slice error = SLICE_NONE;
	struct domain_list l;
	struct domain_row row = { .line = 1 };
	size_t last = 0;
	enum rc rc;

	if (a == NULL)
		return 0;
	rc = domain_list_open(&l, "f", slice_of(data, n), a, &error);
	while (rc == RC_OK) {
		rc = domain_list_next(&l, &row, a, &error);
		if (rc != RC_OK || row.line == 0)
			break;
		if (row.line <= last)
			__builtin_trap();
		last = row.line;
		check_row(&row, &l);
	}
	if (rc == RC_INVALID && error.n == 0)
		__builtin_trap();
	arena_free(a);
	return 0;
}
