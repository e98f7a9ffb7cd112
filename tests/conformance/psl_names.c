/*
 * psl_names [LIST] prints for each name, one a line of standard input, its
 * organizational domain by the public suffix list; "-": there is none.
 * Without LIST it goes by the system's or the one built in.
 */
#include <stdio.h>
#include <stdlib.h>

#include "audit/files.h"
#include "base/domain.h"
#include "base/limits.h"
#include "base/suffix.h"

static void
die(struct slice why)
{
	(void)fprintf(stderr, "psl_names: %.*s\n", SLICE_FMT(why));
	exit(2);
}

static void
answer(struct suffix_list *l, struct arena *a, struct slice text)
{
	struct slice name = SLICE_NONE;

	arena_reset(a);
	if (domain_canonical(a, text, &name) == DOMAIN_FINE)
		name = suffix_organizational(l, name);
	if (name.n == 0)
		name = SLICE_LIT("-");
	printf("%.*s\n", SLICE_FMT(name));
}

int
main(int argc, char *argv[])
{
	struct arena *a = arena_new(1 << 20, 4096);
	struct slice error = SLICE_NONE, list = SLICE_NONE;
	unsigned char *text = NULL;
	struct suffix_list *l;
	char line[2048];
	size_t n, at;

	if (a == NULL)
		die(SLICE_LIT("out of memory"));
	if (argc > 1) {
		if (file_read(argv[1], LIMIT_SUFFIX_LIST, &text, &n, a,
			&error) != RC_OK)
			die(error);
		list = slice_of(text, n);
	}
	if (suffix_list_new(argv[1], list, &l) != RC_OK ||
	    suffix_list_load(l, &at) != RC_OK)
		die(SLICE_LIT("no list"));
	while (fgets(line, sizeof(line), stdin) != NULL)
		answer(l, a, slice_trim(slice_str(line)));
	suffix_list_close(&l);
	free(text);
	arena_free(a);
	return 0;
}
