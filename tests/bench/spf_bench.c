/*
 * spf_bench eval
 *
 * Evaluates two records over answers that are all there, and prints how many
 * times a second each.
 *
 * spf_bench ask FILE N RESOLVER [IN_FLIGHT]
 *
 * Evaluates the first N lines "IP TAB MAIL-FROM TAB HELO" of a file through
 * the loop, the store and the DNS probe, and prints how long it took and how
 * many passed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "checks/spf/spf_eval.h"
#include "probes/dns.h"

enum { IN_FLIGHT = 100, SCRATCH = 64 * 1024, TIMES = 100000 };

static void
die(const char *why)
{
	(void)fprintf(stderr, "spf_bench: %s\n", why);
	exit(2);
}

static double
seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct spf_outcome
evaluate(struct asker *asker, struct arena *scratch, const struct spf_query *q)
{
	struct check_run run = { .asker = asker, .arena = scratch };
	struct spf_records *rs;
	struct spf_outcome out;

	arena_reset(scratch);
	rs = spf_records_new(&run);
	if (rs == NULL || spf_evaluate(rs, q, &out) != RC_OK)
		die("an evaluation failed");
	return out;
}

/* ---- over answers that are there --------------------------------------- */

#define ANSWERED(name, type, record) \
	"{\"question\":{\"kind\":\"dns\",\"name\":\"" name \
	"\",\"type\":\"" type \
	"\"},\"seen\":\"answered\",\"dns\":{\"records\":[{\"type\":\"" type \
	"\"," record "}]}}\n"
#define SPF(name, terms) \
	ANSWERED(name, "TXT", "\"strings\":[\"v=spf1 " terms "\"]")
#define BRANCH(x) \
	SPF(x ".tree.example", \
	    "include:1." x ".tree.example include:2." x ".tree.example ~all") \
	SPF("1." x ".tree.example", "ip4:198.51.100.0/24 -all") \
	SPF("2." x ".tree.example", "ip4:203.0.113.0/24 -all")

static const char answers[] =
    "{\"schema\":\"presend.evidence/1\",\"as_of\":\"2026-11-21T00:00:00Z\"}\n" SPF(
	"simple.example", "ip4:192.0.2.0/24 -all")
	SPF("tree.example", "include:a.tree.example include:b.tree.example "
			    "include:c.tree.example a:h.tree.example -all")
	    BRANCH("a") BRANCH("b") BRANCH("c")
		ANSWERED("h.tree.example", "A", "\"address\":\"192.0.2.10\"");

static void
no_wake(struct asker *a)
{
	(void)a;
}

static void
bench_one(struct store *store, struct arena *scratch, const char *domain)
{
	struct spf_query q = { .domain = slice_str(domain),
		.local = SLICE_LIT("news"),
		.helo = SLICE_LIT("mta.example") };
	double start = seconds_now(), took;

	if (!ip_parse(SLICE_LIT("192.0.2.10"), &q.ip))
		die("no address");
	for (int i = 0; i < TIMES; i++) {
		struct pins pins = { 0 };
		struct asker asker = { store, &pins, no_wake, NULL, 0 };

		if (evaluate(&asker, scratch, &q).result != SPF_PASS)
			die("it does not pass");
		pins_release(store, &pins);
	}
	took = seconds_now() - start;
	printf("%s %.0f evaluations a second\n", domain, TIMES / took);
}

static void
bench_eval(void)
{
	struct arena *arena = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct arena *scratch = arena_new(LIMIT_AUDIT_ARENA, SCRATCH);
	struct store *store = store_new();
	struct slice error;
	int64_t as_of;

	if (arena == NULL || scratch == NULL || store == NULL)
		die("out of memory");
	if (recording_load(store, slice_str(answers), &as_of, arena, &error))
		die("a bad recording");
	bench_one(store, scratch, "simple.example");
	bench_one(store, scratch, "tree.example");
	store_free(store);
	arena_free(scratch);
	arena_free(arena);
}

/* ---- over DNS ---------------------------------------------------------- */

struct job {
	struct asker asker;
	struct pins pins;
	struct spf_query query;
	struct bench *bench;
	struct job *next; /* in the queue of those that may go on */
};

struct bench {
	struct arena *arena, *scratch;
	struct store *store;
	struct loop *loop;
	struct dns *dns;
	struct job *jobs;
	struct job *ready, **ready_end;
	size_t n, started, open, passed;
};

static void
job_ready(struct job *j)
{
	j->next = NULL;
	*j->bench->ready_end = j;
	j->bench->ready_end = &j->next;
}

static void
job_wake(struct asker *a)
{
	job_ready(a->owner);
}

static void
jobs_read(struct bench *b, const char *path, size_t n)
{
	FILE *f = fopen(path, "r");
	char line[2048];

	b->jobs = calloc(n + 1, sizeof(*b->jobs));
	if (f == NULL || b->jobs == NULL)
		die("no lines");
	while (b->n < n && fgets(line, sizeof(line), f) != NULL) {
		struct slice all =
		    arena_copy(b->arena, slice_trim(slice_str(line)));
		struct slice ip, from, rest;
		struct job *j = &b->jobs[b->n++];

		(void)slice_cut(all, '\t', &ip, &rest);
		(void)slice_cut(rest, '\t', &from, &j->query.helo);
		(void)slice_cut(from, '@', &j->query.local, &j->query.domain);
		if (!ip_parse(ip, &j->query.ip))
			die("not an address");
		j->bench = b;
		j->asker = (struct asker){ b->store, &j->pins, job_wake, j, 0 };
	}
	(void)fclose(f);
}

static void
job_work(struct bench *b, struct job *j)
{
	struct spf_outcome out = evaluate(&j->asker, b->scratch, &j->query);
	struct entry *e;

	while ((e = store_next_wanted(b->store)) != NULL)
		dns_ask(b->dns, e);
	if (out.waiting)
		return;
	b->open--;
	b->passed += out.result == SPF_PASS;
	store_forget(b->store, &j->asker);
	pins_release(b->store, &j->pins);
}

static void
jobs_run(struct bench *b, size_t in_flight)
{
	struct job *j;

	for (;;) {
		while (b->open < in_flight && b->started < b->n) {
			b->open++;
			job_ready(&b->jobs[b->started++]);
		}
		if (b->open == 0)
			return;
		while ((j = b->ready) != NULL) {
			b->ready = j->next;
			if (b->ready == NULL)
				b->ready_end = &b->ready;
			job_work(b, j);
		}
		if (b->open > 0 && b->ready == NULL &&
		    (b->open == in_flight || b->started == b->n) &&
		    loop_turn(b->loop, -1) != RC_OK)
			die("the loop failed");
	}
}

static void
bench_ask(char **argv, size_t in_flight)
{
	struct resolver resolver;
	struct probe_settings settings = { .resolvers = &resolver,
		.n_resolvers = 1,
		.timeout_ms = 2000,
		.retries = 2 };
	struct bench b = { .arena = arena_new((size_t)1 << 30, 4096),
		.scratch = arena_new(LIMIT_AUDIT_ARENA, SCRATCH),
		.store = store_new(),
		.loop = loop_new() };
	double start;

	b.ready_end = &b.ready;
	if (b.arena == NULL || b.scratch == NULL || b.store == NULL ||
	    b.loop == NULL || !resolver_parse(slice_str(argv[2]), &resolver) ||
	    dns_new(b.loop, &settings, &b.dns) != RC_OK)
		die("cannot begin");
	jobs_read(&b, argv[0], (size_t)strtoul(argv[1], NULL, 10));
	start = seconds_now();
	jobs_run(&b, in_flight);
	printf("BENCH n=%zu loop_s=%.6f pass=%zu notpass=%zu\n", b.n,
	    seconds_now() - start, b.passed, b.n - b.passed);
	dns_close(&b.dns);
	store_free(b.store);
	loop_free(b.loop);
	free(b.jobs);
	arena_free(b.scratch);
	arena_free(b.arena);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && slice_eq(slice_str(argv[1]), SLICE_LIT("eval")))
		bench_eval();
	else if (argc >= 5 && slice_eq(slice_str(argv[1]), SLICE_LIT("ask")))
		bench_ask(argv + 2,
		    argc > 5 ? (size_t)strtoul(argv[5], NULL, 10) : IN_FLIGHT);
	else
		die("spf_bench eval | ask FILE N RESOLVER [IN_FLIGHT]");
	return 0;
}
