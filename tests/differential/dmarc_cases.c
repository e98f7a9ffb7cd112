/*
 * What our check says to the cases on its standard input: the facts of each as
 * a line of JSON.
 */
#include <stdlib.h>

#include "audit/files.h"
#include "base/limits.h"
#include "base/suffix.h"
#include "checks/table.h"
#include "tests/differential/ours.h"

enum { ROUNDS = 200, LIST_MAX = 1024 * 1024 };

static void
ask(struct test_case *c, struct suffix_list *suffixes, struct arena *arena)
{
	struct ip ip = { .family = 4, .b = { 192, 0, 2, 1 } };
	struct slice sender = slice_str(case_value(c, "sender"));
	struct subject subject = { .domain = slice_str(case_value(c, "domain")),
		.ips = &ip,
		.n_ips = 1,
		.mail_from_domain = sender,
		.suffixes = suffixes };
	struct zone_store z;
	struct check_run run;
	int rounds = 0;

	subject.mail_from = arena_slicef(arena, "user@%.*s", SLICE_FMT(sender));
	zone_store_open(&z, c);
	do {
		run = (struct check_run){ &subject, &z.asker, arena,
			json_object(), json_array(), false, NULL };
		if (check_dmarc.run(&run) != RC_OK)
			abort();
		zone_store_answer(&z);
		(void)json_object_set(run.facts, "gaps", run.gaps);
		json_decref(run.gaps);
		if (!run.waiting)
			(void)json_dumpf(run.facts, stdout, JSON_COMPACT);
		json_decref(run.facts);
	} while (run.waiting && ++rounds < ROUNDS);
	(void)putchar('\n');
	(void)fflush(stdout);
	zone_store_close(&z);
	arena_reset(arena);
}

static int
ask_all(const char *path, struct test_case *c, struct arena *arena)
{
	struct suffix_list *suffixes = NULL;
	struct slice error = SLICE_NONE;
	unsigned char *list = NULL;
	int status = 2;
	size_t n = 0;

	if (file_read(path, LIST_MAX, &list, &n, arena, &error) != RC_OK ||
	    suffix_list_new(path, slice_of(list, n), &suffixes) != RC_OK)
		goto out;
	while (case_read(stdin, c))
		ask(c, suffixes, arena);
	case_clear(c);
	status = 0;
out:
	suffix_list_close(&suffixes);
	free(list);
	return status;
}

/* Without a list it is asked only whether it is there. */
int
main(int argc, char **argv)
{
	struct test_case *c = calloc(1, sizeof(*c));
	struct arena *arena = arena_new(LIMIT_AUDIT_ARENA, 64 * 1024);
	int status = 2;

	if (c != NULL && arena != NULL)
		status = argc > 1 ? ask_all(argv[1], c, arena) : 0;
	free(c);
	arena_free(arena);
	return status;
}
