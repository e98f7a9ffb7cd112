/*
 * views_bench FORMAT FILE [TABLE]
 *
 * Streams a document (JSON lines) through a view, and prints megabytes a
 * second of what comes out: of the view alone, and of copying as much; beside
 * them what reading the JSON takes; and seconds of the view.  An item is rendered as presend has it:
 * when it has just been read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "audit/views/view.h"

enum { ROUNDS = 3, PIECE = 64 * 1024, BATCH = 1024 };

struct job {
	FILE *file;
	char *line;
	size_t cap;
	struct view_run run;
	json_t *items[BATCH];
	size_t n;

	size_t octets; /* of JSON */
	size_t rendered;
	double reading;
	double rendering;
};

static void
die(const char *why)
{
	(void)fprintf(stderr, "views_bench: %s\n", why);
	exit(2);
}

static double
seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* So many lines that they are still in a cache. */
static bool
read_batch(struct job *j)
{
	size_t octets = 0;

	j->n = 0;
	while (octets < PIECE && j->n < BATCH) {
		ssize_t got = getline(&j->line, &j->cap, j->file);

		if (got <= 0)
			break;
		j->items[j->n] = json_loadb(j->line, (size_t)got, 0, NULL);
		if (j->items[j->n++] == NULL)
			die("no JSON");
		octets += (size_t)got;
	}
	j->octets += octets;
	return j->n > 0;
}

/* Where a file would have it: in a page of the kernel. */
static enum rc
take(void *ctx, struct slice s)
{
	static unsigned char copy[PIECE];
	struct job *j = ctx;

	j->rendered += s.n;
	for (size_t n; s.n > 0; s = slice_from(s, n)) {
		n = s.n < PIECE ? s.n : PIECE;
		memcpy(copy, s.p, n);
	}
	return RC_OK;
}

static void
render_batch(struct job *j)
{
	for (size_t i = 0; i < j->n; i++) {
		if (view_item(&j->run, j->items[i]) != RC_OK)
			die("cannot be rendered");
	}
}

static void
drop_batch(struct job *j)
{
	for (size_t i = 0; i < j->n; i++)
		json_decref(j->items[i]);
}

static void
stream(struct job *j, const struct view_wishes *want)
{
	double start = seconds_now(), read;

	if (view_begin(&j->run, want) != RC_OK)
		die("cannot be begun");
	for (; read_batch(j); start = seconds_now()) {
		read = seconds_now();
		j->reading += read - start;
		render_batch(j);
		j->rendering += seconds_now() - read;
		drop_batch(j);
	}
	start = seconds_now();
	if (view_end(&j->run) != RC_OK)
		die("cannot be ended");
	j->rendering += seconds_now() - start;
	view_close(&j->run);
}

static double
copy(size_t octets)
{
	static unsigned char from[PIECE], to[PIECE];
	double start = seconds_now();

	for (size_t n = 0; n < octets; n += PIECE) {
		from[n / PIECE % PIECE]++;
		memcpy(to, from, PIECE);
		from[0] = to[PIECE - 1];
	}
	return seconds_now() - start;
}

static enum document
kind_of(FILE *f)
{
	json_t *first = json_loadf(f, JSON_DISABLE_EOF_CHECK, NULL);
	bool audit = json_object_get(first, "subject") != NULL;

	json_decref(first);
	return audit ? DOCUMENT_AUDIT : DOCUMENT_EVENTS;
}

static const struct view *
view_named(const char *name)
{
	for (const struct view *v = views; v->name != NULL; v++) {
		if (strcmp(v->name, name) == 0)
			return v;
	}
	die("there is no such form");
	return NULL;
}

int
main(int argc, char **argv)
{
	struct job j = { .n = 0 }, best = { .rendering = 1e9 };
	struct view_wishes want = { .sink = { take, &j } };

	if (argc < 3)
		die("which form, and which file?");
	want.view = view_named(argv[1]);
	want.look.many = true;
	want.look.table = argc > 3 ? argv[3] : NULL;
	want.header = json_pack("{s:s, s:s}", "schema", AUDIT_SCHEMA, "as_of",
	    "2026-11-21T00:00:00Z");
	j.file = fopen(argv[2], "r");
	if (j.file == NULL)
		die("cannot read the document");
	want.document = kind_of(j.file);
	for (int round = 0; round < ROUNDS; round++) {
		rewind(j.file);
		j.octets = j.rendered = 0;
		j.reading = j.rendering = 0;
		stream(&j, &want);
		if (j.rendering < best.rendering)
			best = j;
	}
	(void)printf("read %.0f MB/s\n%s %.0f MB/s\ncopy %.0f MB/s\n",
	    (double)best.octets / best.reading / 1e6, argv[1],
	    (double)best.rendered / best.rendering / 1e6,
	    (double)best.rendered / copy(best.rendered) / 1e6);
	(void)printf("octets %zu\nseconds %.3f\n", best.rendered,
	    best.rendering);
	json_decref((json_t *)(uintptr_t)want.header);
	free(j.line);
	(void)fclose(j.file);
	return 0;
}
