/*
 * Asks DNS questions through the loop, the store and the DNS probe, and
 * prints each with its answer as a line of a recording, in the order asked.
 *
 * ask [-1q] [-t MS] [-r RETRIES] -s RESOLVER... [NAME TYPE]...
 *
 * Without names it reads lines "NAME TYPE" from standard input; -1 asks one
 * after the other, -q prints only how many were answered or absent, and how long
 * it took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "probes/dns.h"

enum { WINDOW = 4000 };

struct job {
	struct asker asker;
	struct pins pins;
	struct question question;
	struct run *run;
};

struct run {
	struct arena *arena;
	struct store *store;
	struct loop *loop;
	struct dns *dns;
	struct job *jobs;
	size_t n, cap;
	size_t asked, open, known;
	size_t window;
	bool quiet;
	struct resolver resolvers[LIMIT_DNS_RESOLVERS];
	struct probe_settings settings;
};

static void
die(const char *why)
{
	(void)fprintf(stderr, "ask: %s\n", why);
	exit(2);
}

static void
job_add(struct run *r, const char *name, const char *type)
{
	struct job *j;

	if (r->n == r->cap) {
		r->cap = r->cap > 0 ? r->cap * 2 : 64;
		r->jobs = realloc(r->jobs, r->cap * sizeof(*r->jobs));
		if (r->jobs == NULL)
			die("out of memory");
	}
	j = &r->jobs[r->n++];
	*j = (struct job){ 0 };
	j->question.kind = QUESTION_DNS;
	j->question.name = arena_copy(r->arena, slice_str(name));
	j->question.type = dns_type_parse(slice_str(type));
	if (j->question.type == 0)
		die("unknown type");
}

static void
job_read(struct run *r)
{
	char line[2048];
	struct slice name, type;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (!slice_cut(slice_trim(slice_str(line)), ' ', &name, &type))
			die("not NAME TYPE");
		job_add(r, (const char *)arena_copy(r->arena, name).p,
		    (const char *)arena_copy(r->arena, type).p);
	}
}

static void
job_wake(struct asker *a)
{
	struct job *j = a->owner;
	const struct answer *answer = evidence_ask(a, &j->question);

	j->run->open--;
	if (answer != NULL && answer_known(answer))
		j->run->known++;
	if (j->run->quiet)
		pins_release(j->run->store, &j->pins);
}

static void
job_ask(struct run *r, struct job *j)
{
	j->run = r;
	j->asker = (struct asker){ .store = r->store,
		.pins = &j->pins,
		.wake = job_wake,
		.owner = j };
	r->open++;
	if (evidence_ask(&j->asker, &j->question) != NULL)
		job_wake(&j->asker);
}

static void
run_all(struct run *r)
{
	struct entry *e;

	while (r->asked < r->n || r->open > 0) {
		while (r->asked < r->n && r->open < r->window)
			job_ask(r, &r->jobs[r->asked++]);
		while ((e = store_next_wanted(r->store)) != NULL)
			dns_ask(r->dns, e);
		if (r->open > 0 && loop_turn(r->loop, -1) != RC_OK)
			die("the loop failed");
	}
}

static void
run_options(struct run *r, int argc, char *argv[])
{
	int c;

	r->window = WINDOW;
	r->settings.timeout_ms = 2000;
	r->settings.retries = 2;
	r->settings.resolvers = r->resolvers;
	while ((c = getopt(argc, argv, "1qt:r:s:")) != -1) {
		switch (c) {
		case '1':
			r->window = 1;
			break;
		case 'q':
			r->quiet = true;
			break;
		case 't':
			r->settings.timeout_ms = strtol(optarg, NULL, 10);
			break;
		case 'r':
			r->settings.retries =
			    (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 's':
			if (r->settings.n_resolvers == LIMIT_DNS_RESOLVERS ||
			    !resolver_parse(slice_str(optarg),
				&r->resolvers[r->settings.n_resolvers++]))
				die("bad resolver");
			break;
		default:
			exit(2);
		}
	}
}

static void
run_print(struct run *r, double seconds)
{
	if (r->quiet) {
		printf("%zu questions, %zu known, %.3f s, %.0f a second\n",
		    r->n, r->known, seconds, (double)r->n / seconds);
		return;
	}
	for (size_t i = 0; i < r->n; i++) {
		struct job *j = &r->jobs[i];
		const struct answer *a = evidence_ask(&j->asker, &j->question);

		if (recording_write(stdout, &j->question, a) != RC_OK)
			die("cannot write");
		pins_release(r->store, &j->pins);
	}
}

static double
seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char *argv[])
{
	static struct run r;
	double start;

	r.arena = arena_new((size_t)1 << 30, 4096);
	r.store = store_new();
	r.loop = loop_new();
	if (r.arena == NULL || r.store == NULL || r.loop == NULL)
		die("out of memory");
	run_options(&r, argc, argv);
	if (dns_new(r.loop, &r.settings, &r.dns) != RC_OK)
		die("no DNS");
	for (int i = optind; i + 1 < argc; i += 2)
		job_add(&r, argv[i], argv[i + 1]);
	if (optind == argc)
		job_read(&r);
	start = seconds_now();
	run_all(&r);
	run_print(&r, seconds_now() - start);
	dns_close(&r.dns);
	store_free(r.store);
	loop_free(r.loop);
	free(r.jobs);
	arena_free(r.arena);
	return 0;
}
