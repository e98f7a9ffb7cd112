#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/inputs.h"

#define MAIL(who) "From: a@" who ".example\r\n\r\nHello\r\n"

/* What stands in the folder of the test; a name that ends in / is a folder. */
static const struct {
	const char *name, *text;
} files[] = {
	{ "one.eml", MAIL("one") },
	{ "two.eml", MAIL("two") },
	{ "empty.eml", "" },
	{ "box", "From x Fri Nov 20 10:00:00 2026\n" MAIL(
		     "b1") "\n"
			   "From x Fri Nov 20 10:00:00 2026\n" MAIL("b2") },
	{ "folder/", NULL },
	{ "folder/b.eml", MAIL("b") },
	{ "folder/a.eml", MAIL("a") },
	{ "folder/.hidden", "x" },
	{ "none/", NULL },
	{ "maildir/", NULL },
	{ "maildir/cur/", NULL },
	{ "maildir/new/", NULL },
	{ "maildir/tmp/", NULL },
	{ "maildir/cur/1:2,S", MAIL("read") },
	{ "maildir/new/2", MAIL("fresh") },
	{ "maildir/tmp/3", MAIL("unfinished") },
	{ "list", "a.example\nb.example\n" },
	{ "single", "a.example\n" },
	{ "table.csv", "domain,message\na.example,one.eml\nb.example,\n" },
	{ "lost.csv", "domain,message\na.example,no.eml\nb.example,\n" },
	{ "bad", "a.example\na..b\n" },
};

enum { N_FILES = sizeof(files) / sizeof(files[0]), LIST_MAX = 4 };

static int
setup(void **state)
{
	char path[] = "/tmp/presend-inputs.XXXXXX";

	if (mkdtemp(path) == NULL || chdir(path) != 0)
		return -1;
	*state = strdup(path);
	for (size_t i = 0; i < N_FILES; i++) {
		FILE *f;

		if (files[i].text == NULL) {
			if (mkdir(files[i].name, 0700) != 0)
				return -1;
			continue;
		}
		f = fopen(files[i].name, "w");
		if (f == NULL || fputs(files[i].text, f) == EOF ||
		    fclose(f) != 0)
			return -1;
	}
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	for (size_t i = N_FILES; i-- > 0;)
		(void)remove(files[i].name);
	if (chdir("/") != 0 || rmdir(*state) != 0)
		return -1;
	free(*state);
	return 0;
}

struct row {
	const char *title;
	const char *operands[LIST_MAX], *messages[LIST_MAX], *lists[LIST_MAX];
	/* "domain file; ..." in order, "-" for none, "!error" for a bad one. */
	const char *all;
	const char *error;
};

static const struct row rows[] = {
	{ .title = "domains alone",
	    .operands = { "B.example", "a.example." },
	    .all = "b.example -; a.example -" },
	{ .title = "a message alone",
	    .messages = { "one.eml" },
	    .all = "- one.eml" },
	{ .title = "one message goes with every domain",
	    .operands = { "a.example", "b.example" },
	    .messages = { "one.eml" },
	    .all = "a.example one.eml; b.example one.eml" },
	{ .title = "one domain goes with every message",
	    .operands = { "a.example" },
	    .messages = { "one.eml", "two.eml" },
	    .all = "a.example one.eml; a.example two.eml" },
	{ .title = "and so does one row of a list",
	    .lists = { "single" },
	    .messages = { "one.eml", "two.eml" },
	    .all = "a.example one.eml; a.example two.eml" },
	{ .title = "operands come before lists",
	    .operands = { "z.example" },
	    .lists = { "list", "single" },
	    .all = "z.example -; a.example -; b.example -; a.example -" },
	{ .title = "a folder, by name, without what is hidden",
	    .messages = { "folder" },
	    .all = "- folder/a.eml; - folder/b.eml" },
	{ .title = "a Maildir, what is read and what is new",
	    .messages = { "maildir" },
	    .all = "- maildir/cur/1:2,S; - maildir/new/2" },
	{ .title = "an mbox",
	    .messages = { "box" },
	    .all = "- box:1; - box:2" },
	{ .title = "a table with messages",
	    .lists = { "table.csv" },
	    .all = "a.example one.eml; b.example -" },
	{ .title = "a message of a table that is not there",
	    .lists = { "lost.csv" },
	    .all = "a.example no.eml !no.eml: No such file or directory; "
		   "b.example -" },
	{ .title = "nothing",
	    .error = "nothing to audit: name a DOMAIN, a sample message (-m "
		     "FILE) or a list (-d FILE)" },
	{ .title = "several of both",
	    .operands = { "a.example", "b.example" },
	    .messages = { "one.eml", "two.eml" },
	    .error = "several domains and several messages: which belongs to "
		     "which?  Use a CSV list (-d) with a message column" },
	{ .title = "a bad domain",
	    .operands = { "a..b" },
	    .error = "domain 'a..b' has an empty label" },
	{ .title = "a missing message",
	    .messages = { "no.eml" },
	    .error = "no.eml: No such file or directory" },
	{ .title = "an empty message",
	    .messages = { "empty.eml" },
	    .error = "empty.eml: is empty" },
	{ .title = "a bad list, before anything is judged",
	    .operands = { "a.example" },
	    .lists = { "bad" },
	    .error = "bad: line 2: 'a..b' has an empty label" },
	{ .title = "a missing list",
	    .lists = { "no.csv" },
	    .error = "no.csv: No such file or directory" },
};

static struct string_list
list_of(const char *const *items)
{
	struct string_list l = { (const char **)(uintptr_t)items, 0, LIST_MAX };

	while (l.n < LIST_MAX && items[l.n] != NULL)
		l.n++;
	return l;
}

/* What comes, as text; each message must be the file's. */
static struct slice
take_all(struct inputs *in, struct arena *a)
{
	struct slice all = SLICE_LIT("");
	struct input i;

	for (size_t n = 0; inputs_next(in, a, &i); n++) {
		all = arena_slicef(a, "%.*s%s%.*s %s%s%.*s", SLICE_FMT(all),
		    n > 0 ? "; " : "",
		    SLICE_FMT(i.domain.n > 0 ? i.domain : SLICE_LIT("-")),
		    i.file != NULL ? i.file : "-", i.error.n > 0 ? " !" : "",
		    SLICE_FMT(i.error));
		if (i.file != NULL && i.error.n == 0)
			assert_true(slice_find(i.octets,
					SLICE_LIT("From: a@")) != SIZE_MAX);
		free(i.owned);
	}
	return all;
}

static void
check(const struct row *r)
{
	const struct settings s = { .operands = list_of(r->operands),
		.messages = list_of(r->messages),
		.domain_files = list_of(r->lists) };
	struct arena *a = arena_new(1 << 20, 4096);
	struct slice error = SLICE_NONE, all;
	struct inputs *in = NULL;
	enum rc rc = inputs_open(&s, a, &in, &error);

	if (rc != (r->error != NULL ? RC_INVALID : RC_OK) ||
	    (r->error != NULL && !slice_eq(error, slice_str(r->error))))
		fail_msg("%s: %d \"%.*s\"", r->title, (int)rc,
		    SLICE_FMT(error));
	if (r->error == NULL) {
		all = take_all(in, a);
		if (!slice_eq(all, slice_str(r->all)))
			fail_msg("%s: \"%.*s\"", r->title, SLICE_FMT(all));
	}
	inputs_close(&in);
	arena_free(a);
}

static void
what_is_named_comes_in_its_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i]);
}

static void
an_empty_folder_is_said(void **state)
{
	const char *const names[LIST_MAX] = { "none" };
	const struct settings s = { .messages = list_of(names) };
	struct arena *a = arena_new(1 << 20, 4096);
	struct slice error = SLICE_NONE;
	struct inputs *in = NULL;

	(void)state;
	assert_int_equal(inputs_open(&s, a, &in, &error), RC_INVALID);
	assert_true(error.n > 0);
	inputs_close(&in);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_named_comes_in_its_order),
		cmocka_unit_test(an_empty_folder_is_said),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
