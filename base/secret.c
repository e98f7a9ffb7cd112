#include "base/secret.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

void *
secret_new(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	/* Both are more than one may ask for; without them it works too. */
	(void)madvise(p, size, MADV_DONTDUMP);
	(void)mlock(p, size);
	return p;
}

void
secret_free(void *p, size_t size)
{
	if (p == NULL)
		return;
	secret_wipe(p, size);
	(void)munmap(p, size);
}

void
secret_wipe(void *p, size_t n)
{
	if (p != NULL && n > 0)
		explicit_bzero(p, n);
}

/* What libraries copy lies in other pages: so no core dump at all. */
void
secret_no_core(void)
{
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

static void
wiping_free(void *p)
{
	if (p != NULL)
		secret_wipe(p, malloc_usable_size(p));
	free(p);
}

json_t *
secret_json(struct slice text)
{
	json_t *j;

	json_set_alloc_funcs(malloc, wiping_free);
	j = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES,
	    NULL);
	if (json_is_object(j))
		return j;
	secret_json_end(j);
	return NULL;
}

void
secret_json_end(json_t *j)
{
	json_decref(j);
	json_set_alloc_funcs(malloc, free);
}
