/*
 * smtp_ask [-e EHLO] [-n TIMES] [-t MS] PORT: asks the server on that port of
 * 127.0.0.1, TIMES at once under as many names, and prints each question with
 * its answer as a line of a recording.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "probes/smtp.h"

enum { ASK_MAX = 100 };

struct ask {
	struct probe_settings settings;
	uint16_t port;
	unsigned int times;
};

static bool
number(const char *text, uint64_t max, uint64_t *out)
{
	return slice_number(slice_str(text), max, out);
}

static bool
read_options(int argc, char *argv[], struct ask *ask)
{
	uint64_t n = 0;
	int option;

	*ask = (struct ask){ .settings = { .timeout_ms = 5000,
				 .allow_private = true },
		.times = 1 };
	while ((option = getopt(argc, argv, "e:n:pt:")) != -1) {
		if (option == 'e')
			ask->settings.ehlo = optarg;
		else if (option == 'p')
			ask->settings.allow_private = false;
		else if (option == 'n' && number(optarg, ASK_MAX, &n))
			ask->times = (unsigned int)n;
		else if (option == 't' && number(optarg, 60000, &n))
			ask->settings.timeout_ms = (int64_t)n;
		else
			return false;
	}
	if (optind + 1 != argc || !number(argv[optind], UINT16_MAX, &n))
		return false;
	ask->port = (uint16_t)n;
	return true;
}

static void
woken(struct asker *a)
{
	(void)a;
}

static void
print_answer(void *arg, const struct question *q, const struct answer *a)
{
	(void)recording_write(arg, q, a);
}

static void
ask_all(const struct ask *ask, struct asker *asker)
{
	struct question q = { .kind = QUESTION_SMTP,
		.type = ask->port,
		.n_addresses = 1 };
	char name[32];
	struct ip ip;

	(void)ip_parse(SLICE_LIT("127.0.0.1"), &ip);
	q.addresses = &ip;
	for (unsigned int i = 0; i < ask->times; i++) {
		(void)snprintf(name, sizeof(name), "mx%u.example.com", i);
		q.name = slice_str(name);
		(void)evidence_ask(asker, &q);
	}
}

int
main(int argc, char *argv[])
{
	struct store *store = store_new();
	struct loop *loop = loop_new();
	struct pins pins = { 0 };
	struct asker asker = { .store = store, .pins = &pins, .wake = woken };
	struct smtp *smtp = NULL;
	struct entry *e;
	struct ask ask;
	int status = EXIT_FAILURE;

	if (store == NULL || loop == NULL || !read_options(argc, argv, &ask) ||
	    smtp_new(loop, &ask.settings, &smtp) != RC_OK)
		goto out;
	store_observe(store, print_answer, stdout);
	ask_all(&ask, &asker);
	while ((e = store_next_wanted(store)) != NULL)
		smtp_ask(smtp, e);
	while (asker.pending > 0) {
		if (loop_turn(loop, -1) != RC_OK)
			goto out;
	}
	status = EXIT_SUCCESS;
out:
	smtp_close(&smtp);
	if (store != NULL)
		pins_release(store, &pins);
	store_free(store);
	loop_free(loop);
	return status;
}
