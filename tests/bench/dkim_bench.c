/*
 * dkim_bench FOLDER KEYS N
 *
 * Verifies N messages, the .eml of a folder in turn, each read anew, with keys
 * from a file of "name record" lines, and prints how long it took and how many
 * passed.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "checks/dkim/dkim_keys.h"
#include "checks/dkim/dkim_verify.h"
#include "probes/store.h"

enum { BLOCK = 64 * 1024, FILE_MAX = 1 << 20, LINE = 8192 };

static void
die(const char *why)
{
	(void)fprintf(stderr, "dkim_bench: %s\n", why);
	exit(2);
}

static double
seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- keys -------------------------------------------------------------- */

static void
add_key(struct buf *b, char *name, char *record)
{
	size_t n = strcspn(record, "\n"), at;

	buf_printf(b,
	    "{\"question\":{\"kind\":\"dns\",\"name\":\"%s\",\"type\":\"TXT\"},"
	    "\"seen\":\"answered\",\"dns\":{\"records\":[{\"type\":\"TXT\","
	    "\"strings\":[",
	    name);
	for (at = 0; at < n; at += 255)
		buf_printf(b, "%s\"%.*s\"", at > 0 ? "," : "",
		    (int)(n - at < 255 ? n - at : 255), record + at);
	buf_add_str(b, "]}]}}\n");
}

static struct store *
keys_load(const char *path, struct arena *arena)
{
	struct store *store = store_new();
	FILE *f = fopen(path, "r");
	struct slice error;
	char line[LINE];
	int64_t as_of;
	struct buf b;

	buf_init(&b, (size_t)1 << 24);
	buf_add_str(&b, "{\"schema\":\"presend.evidence/1\",\"as_of\":"
			"\"2026-11-21T00:00:00Z\"}\n");
	if (f == NULL || store == NULL)
		die("no keys");
	while (fgets(line, sizeof(line), f) != NULL) {
		char *record = strchr(line, ' ');

		if (record == NULL)
			continue;
		*record++ = '\0';
		add_key(&b, line, record);
	}
	(void)fclose(f);
	if (b.failed ||
	    recording_load(store, buf_slice(&b), &as_of, arena, &error))
		die("bad keys");
	buf_free(&b);
	return store;
}

/* ---- messages ---------------------------------------------------------- */

struct bench {
	struct store *store;
	struct arena *scratch, *kept;
	struct dkim_keys *keys;
	unsigned char *octets;
	char **files;
	size_t n_files;
};

static int
is_message(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 4 && strcmp(e->d_name + n - 4, ".eml") == 0;
}

static void
folder_list(struct bench *b, const char *folder)
{
	struct dirent **found;
	int n = scandir(folder, &found, is_message, alphasort);

	if (n <= 0)
		die("no messages");
	b->n_files = (size_t)n;
	b->files = calloc(b->n_files, sizeof(*b->files));
	for (size_t i = 0; b->files != NULL && i < b->n_files; i++) {
		size_t size = strlen(folder) + strlen(found[i]->d_name) + 2;

		b->files[i] = malloc(size);
		if (b->files[i] == NULL)
			die("out of memory");
		(void)snprintf(b->files[i], size, "%s/%s", folder,
		    found[i]->d_name);
		free(found[i]);
	}
	free(found);
}

static size_t
file_load(struct bench *b, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, b->octets, FILE_MAX) : -1;

	if (n <= 0)
		die("a message cannot be read");
	(void)close(fd);
	return (size_t)n;
}

static void
no_wake(struct asker *a)
{
	(void)a;
}

static bool
verify(struct bench *b, const char *path)
{
	struct pins pins = { 0 };
	struct asker asker = { b->store, &pins, no_wake, NULL, 0 };
	struct memos memos = { .arena = b->kept };
	struct message message;
	struct subject subject = { .message = &message,
		.as_of = 1795219200,
		.dkim_keys = b->keys };
	struct check_run run = { .subject = &subject,
		.asker = &asker,
		.arena = b->scratch,
		.memos = &memos };
	const struct dkim_verdicts *verdicts;
	bool passes = false;

	arena_reset(b->scratch);
	arena_reset(b->kept);
	if (message_parse(b->kept, slice_of(b->octets, file_load(b, path)),
		&message) != RC_OK ||
	    dkim_verify(&run, &verdicts) != RC_OK || verdicts == NULL)
		die("a message was not verified");
	for (size_t i = 0; i < verdicts->n; i++)
		passes = passes || verdicts->all[i].result == DKIM_PASS;
	pins_release(b->store, &pins);
	return passes;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new(LIMIT_COMMAND_ARENA, BLOCK);
	struct bench b = { .scratch = arena_new(LIMIT_AUDIT_ARENA, BLOCK),
		.kept = arena_new(LIMIT_AUDIT_ARENA, BLOCK),
		.keys = dkim_keys_new(),
		.octets = malloc(FILE_MAX) };
	size_t n, passed = 0;
	double start, took;

	if (argc != 4)
		die("dkim_bench FOLDER KEYS N");
	if (arena == NULL || b.scratch == NULL || b.kept == NULL ||
	    b.keys == NULL || b.octets == NULL)
		die("out of memory");
	b.store = keys_load(argv[2], arena);
	folder_list(&b, argv[1]);
	n = (size_t)strtoul(argv[3], NULL, 10);
	start = seconds_now();
	for (size_t i = 0; i < n; i++)
		passed += verify(&b, b.files[i % b.n_files]);
	took = seconds_now() - start;
	printf("BENCH n=%zu loop_s=%.6f pass=%zu notpass=%zu\n", n, took,
	    passed, n - passed);
	for (size_t i = 0; i < b.n_files; i++)
		free(b.files[i]);
	free(b.files);
	free(b.octets);
	dkim_keys_close(&b.keys);
	store_free(b.store);
	arena_free(b.kept);
	arena_free(b.scratch);
	arena_free(arena);
	return 0;
}
