#include "base/domain.h"
#include "base/suffix.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The first line is a name, the rest a public suffix list.  What is found is
 * the end of the name, by whole labels; it is its own organizational domain;
 * and what is below a suffix is never one.
 */
static void
check(struct suffix_list *l, struct slice name)
{
	struct slice found = suffix_organizational(l, name);

	if (found.p == NULL)
		return;
	if (found.n == 0 || found.p + found.n != name.p + name.n ||
	    !domain_is_under(name, found))
		__builtin_trap();
	if (!slice_eq(suffix_organizational(l, found), found))
		__builtin_trap();
	if (domain_labels(found) < 2 ||
	    suffix_organizational(l, domain_parent(found)).p != NULL)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice list = slice_of(data, size), line, name;
	struct arena *a = arena_new(1 << 16, 1024);
	struct suffix_list *l = NULL;
	size_t at;

	if (a == NULL || !slice_line(&list, &line) || list.p == NULL ||
	    suffix_list_new("list", list, &l) != RC_OK)
		goto out;
	switch (suffix_list_load(l, &at)) {
	case RC_OK:
		if (suffix_list_source(l) == NULL)
			__builtin_trap();
		if (domain_canonical(a, line, &name) == DOMAIN_FINE)
			check(l, name);
		break;
	case RC_INVALID:
		if (suffix_list_source(l) != NULL ||
		    suffix_organizational(l, SLICE_LIT("a.b.c")).p != NULL)
			__builtin_trap();
		break;
	case RC_NOMEM:
		break;
	case RC_LIMIT:
	case RC_IO:
	case RC_BUG:
		__builtin_trap();
	}
out:
	suffix_list_close(&l);
	arena_free(a);
	return 0;
}
