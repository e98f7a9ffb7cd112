/*
 * http_ask [-pP] [-t MS] [-n TIMES] [-c CONNECT-TO]... URL [ADDRESS]...
 *
 * Asks one https URL through loop, store and probe, and prints what a
 * recording would hold, a line each.  -p: private addresses too; -P: by POST.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "probes/http.h"

enum { ADDRESSES = 16, CONNECT_TOS = 8 };

struct run {
	struct probe_settings settings;
	struct connect_to connect_to[CONNECT_TOS];
	struct ip addresses[ADDRESSES];
	size_t n_addresses;
	unsigned int times;
	enum question_kind kind;
	const char *url;
	bool done;
};

static void
on_answer(void *arg, const struct question *q, const struct answer *a)
{
	(void)arg;
	(void)recording_write(stdout, q, a);
}

static void
on_wake(struct asker *a)
{
	struct run *run = a->owner;

	run->done = true;
}

static bool
read_number(const char *text, uint64_t *out)
{
	return slice_number(slice_str(text), 1000000, out);
}

static bool
read_option(struct run *run, int option, const char *value)
{
	struct connect_to *to = &run->connect_to[run->settings.n_connect_to];
	uint64_t n = 0;

	switch (option) {
	case 'p':
		run->settings.allow_private = true;
		return true;
	case 'P':
		run->kind = QUESTION_POST;
		return true;
	case 't':
		if (!read_number(value, &n))
			return false;
		run->settings.timeout_ms = (int64_t)n;
		return true;
	case 'n':
		if (!read_number(value, &n))
			return false;
		run->times = (unsigned int)n;
		return true;
	case 'c':
		if (run->settings.n_connect_to >= CONNECT_TOS ||
		    !connect_to_parse(slice_str(value), to))
			return false;
		run->settings.n_connect_to++;
		return true;
	default:
		return false;
	}
}

static bool
read_arguments(struct run *run, int argc, char **argv)
{
	int option;

	run->settings.connect_to = run->connect_to;
	while ((option = getopt(argc, argv, "pPt:n:c:")) != -1) {
		if (!read_option(run, option, optarg))
			return false;
	}
	if (optind >= argc)
		return false;
	run->url = argv[optind++];
	for (; optind < argc; optind++) {
		if (run->n_addresses >= ADDRESSES ||
		    !ip_parse(slice_str(argv[optind]),
			&run->addresses[run->n_addresses++]))
			return false;
	}
	return true;
}

/* The same URL, or with ?0, ?1 and so on behind it. */
static void
ask_all(const struct run *run, struct asker *asker, struct arena *a)
{
	for (unsigned int i = 0; i < run->times; i++) {
		struct question q = {
			.kind = run->kind,
			.name = slice_str(run->url),
			.addresses = run->addresses,
			.n_addresses = run->n_addresses,
		};

		if (run->times > 1)
			q.name = arena_slicef(a, "%s?%u", run->url, i);
		(void)evidence_ask(asker, &q);
	}
}

static enum rc
turn_until_done(struct run *run, struct store *store, struct loop *loop)
{
	struct http *http = NULL;
	struct entry *e;
	enum rc rc = http_new(loop, &run->settings, &http);

	if (rc)
		return rc;
	while ((e = store_next_wanted(store)) != NULL)
		http_ask(http, e);
	while (!rc && !run->done)
		rc = loop_turn(loop, -1);
	http_close(&http);
	return rc;
}

int
main(int argc, char **argv)
{
	struct run run = { .settings.timeout_ms = 2000,
		.times = 1,
		.kind = QUESTION_HTTP };
	struct store *store = store_new();
	struct loop *loop = loop_new();
	struct arena *arena = arena_new(1 << 20, 1024);
	struct pins pins = { 0 };
	struct asker asker = { store, &pins, on_wake, &run, 0 };
	enum rc rc = RC_NOMEM;

	if (store == NULL || loop == NULL || arena == NULL)
		goto out;
	rc = RC_INVALID;
	if (!read_arguments(&run, argc, argv))
		goto out;
	store_observe(store, on_answer, NULL);
	ask_all(&run, &asker, arena);
	rc = turn_until_done(&run, store, loop);
	pins_release(store, &pins);
out:
	arena_free(arena);
	store_free(store);
	loop_free(loop);
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
