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
			json_object(), json_array(), false };
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

int
main(int argc, char **argv)
{
	struct test_case *c = calloc(1, sizeof(*c));
	struct arena *arena = arena_new(LIMIT_AUDIT_ARENA, 64 * 1024);
	struct suffix_list *suffixes = NULL;
	struct slice error = SLICE_NONE;
	unsigned char *list = NULL;
	size_t n = 0;

	if (argc < 2)
		return 0;
	if (c == NULL || arena == NULL ||
	    file_read(argv[1], LIST_MAX, &list, &n, arena, &error) != RC_OK ||
	    suffix_list_new(argv[1], slice_of(list, n), &suffixes) != RC_OK)
		return 2;
	while (case_read(stdin, c))
		ask(c, suffixes, arena);
	suffix_list_close(&suffixes);
	case_clear(c);
	free(c);
	free(list);
	arena_free(arena);
	return 0;
}
