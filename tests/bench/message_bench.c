/*
 * message_bench DIR RESOLVER [TIMES [IN_FLIGHT]]
 *
 * Authenticates each .eml of a folder (so many times) as mail that came from
 * 192.0.2.10, HELO out1.mta.example, MAIL FROM news@campaign.example.com: SPF,
 * DKIM and DMARC (RFC 9989), by the checks' own functions, through the loop,
 * the store and the DNS probe.  Prints how long it took, the reading of the
 * files included, and how many passed in all.
 */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/domain.h"
#include "base/limits.h"
#include "checks/dkim/dkim_keys.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/dmarc/dmarc_result.h"
#include "message/address.h"
#include "message/message.h"
#include "probes/dns.h"

enum { IN_FLIGHT = 16, IN_FLIGHT_MAX = 1024, ARENA_BLOCK = 64 * 1024 };

/* One message on its way.  Used again for the next. */
struct job {
	struct asker asker;
	struct pins pins;
	struct bench *bench;
	struct arena *arena, *scratch;
	struct message message;
	struct subject subject;
	struct memos memos;
	struct job *next; /* among those that may go on */
};

struct bench {
	struct store *store;
	struct loop *loop;
	struct dns *dns;
	struct dkim_keys *keys;
	struct ip ip;
	glob_t files;
	size_t n, started, open, passed;
	uint64_t octets;
	struct job *ready;
};

static void
die(const char *why)
{
	(void)fprintf(stderr, "message_bench: %s\n", why);
	exit(2);
}

static double
seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
job_ready(struct asker *a)
{
	struct job *j = a->owner;

	j->next = j->bench->ready;
	j->bench->ready = j;
}

/* ---- one message ------------------------------------------------------- */

static struct slice
file_read(struct arena *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	unsigned char *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		die("a file cannot be opened");
	p = arena_alloc(a, (size_t)st.st_size + 1, 1);
	if (p == NULL || read(fd, p, (size_t)st.st_size) != st.st_size)
		die("a file cannot be read");
	(void)close(fd);
	return slice_of(p, (size_t)st.st_size);
}

/* The Author Domain. */
static struct slice
from_domain(struct job *j)
{
	const struct field *f = message_field(&j->message, "From", 0);
	struct slice domain = SLICE_NONE;
	struct address_list list;

	if (f == NULL ||
	    address_list_parse(j->arena, f->value, &list) != RC_OK ||
	    list.n != 1 ||
	    domain_canonical(j->arena, list.mailboxes[0].domain, &domain) !=
		DOMAIN_FINE)
		die("a From that has not one domain");
	return domain;
}

static void
job_begin(struct job *j)
{
	struct bench *b = j->bench;
	struct slice octets;

	arena_reset(j->arena);
	octets = file_read(j->arena,
	    b->files.gl_pathv[b->started++ % b->files.gl_pathc]);
	b->octets += octets.n;
	if (message_parse(j->arena, octets, &j->message) != RC_OK)
		die("out of memory");
	j->memos = (struct memos){ .arena = j->arena };
	j->subject = (struct subject){
		.domain = from_domain(j),
		.ips = &b->ip,
		.n_ips = 1,
		.helo = SLICE_LIT("out1.mta.example"),
		.mail_from = SLICE_LIT("news@campaign.example.com"),
		.mail_from_local = SLICE_LIT("news"),
		.mail_from_raw_domain = SLICE_LIT("campaign.example.com"),
		.mail_from_domain = SLICE_LIT("campaign.example.com"),
		.message = &j->message,
		.dkim_keys = b->keys,
		.as_of = (int64_t)time(NULL),
	};
	j->asker = (struct asker){ b->store, &j->pins, job_ready, j, 0 };
}

static bool
is_aligned(struct check_run *run, const struct dmarc_walk *w,
    enum dmarc_tag tag, struct slice domain)
{
	if (dmarc_record_is_strict(&w->policy->record, tag))
		return slice_eq(run->subject->domain, domain);
	return dmarc_align_walk(run, w, domain).aligned;
}

/* RFC 9989 5.3.5: one mechanism that passes and is aligned. */
static bool
dmarc_passes(struct check_run *run, const struct dmarc_walk *w, bool spf,
    const struct dkim_verdicts *dkim)
{
	if (w->policy == NULL)
		return false;
	if (spf &&
	    is_aligned(run, w, DMARC_ASPF, run->subject->mail_from_domain))
		return true;
	for (size_t i = 0; i < dkim->n; i++) {
		if (dkim->all[i].result == DKIM_PASS &&
		    is_aligned(run, w, DMARC_ADKIM, dkim->all[i].domain))
			return true;
	}
	return false;
}

static bool
dkim_passes(const struct dkim_verdicts *dkim)
{
	bool passes = dkim->n > 0;

	for (size_t i = 0; i < dkim->n; i++)
		passes = passes && dkim->all[i].result == DKIM_PASS;
	return passes;
}

/* False: something is not here yet. */
static bool
authenticate(struct job *j, bool *passes)
{
	struct check_run run = { .subject = &j->subject,
		.asker = &j->asker,
		.arena = j->scratch,
		.memos = &j->memos };
	const struct dkim_verdicts *dkim;
	const struct dmarc_walk *walk;
	struct dmarc_spf_said spf;
	bool aligned;

	arena_reset(j->scratch);
	walk = dmarc_walk(&run, j->subject.domain);
	if (walk == NULL || dkim_verify(&run, &dkim) != RC_OK ||
	    dmarc_spf(&run, &spf) != RC_OK)
		die("an evaluation failed");
	if (run.waiting || dkim == NULL)
		return false;
	aligned = dmarc_passes(&run, walk, spf.all == DMARC_SPF_PASS, dkim);
	*passes = aligned && spf.all == DMARC_SPF_PASS && dkim_passes(dkim);
	return !run.waiting;
}

static void
job_work(struct job *j)
{
	struct bench *b = j->bench;
	struct entry *e;
	bool passes = false, done = authenticate(j, &passes);

	while ((e = store_next_wanted(b->store)) != NULL)
		dns_ask(b->dns, e);
	if (!done)
		return;
	b->open--;
	b->passed += passes;
	store_forget(b->store, &j->asker);
	pins_release(b->store, &j->pins);
	if (b->started < b->n) {
		b->open++;
		job_begin(j);
		job_ready(&j->asker);
	}
}

/* ---- all of them ------------------------------------------------------- */

static void
jobs_run(struct bench *b, struct job *jobs, size_t in_flight)
{
	struct job *j;

	for (size_t i = 0; i < in_flight && b->started < b->n; i++) {
		jobs[i] = (struct job){ .bench = b,
			.arena = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK),
			.scratch = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK) };
		if (jobs[i].arena == NULL || jobs[i].scratch == NULL)
			die("out of memory");
		b->open++;
		job_begin(&jobs[i]);
		job_ready(&jobs[i].asker);
	}
	while (b->open > 0) {
		while ((j = b->ready) != NULL) {
			b->ready = j->next;
			job_work(j);
		}
		if (b->open > 0 && loop_turn(b->loop, -1) != RC_OK)
			die("the loop failed");
	}
	for (size_t i = 0; i < in_flight; i++) {
		arena_free(jobs[i].arena);
		arena_free(jobs[i].scratch);
	}
}

static size_t
number(const char *text)
{
	uint64_t n;

	if (!slice_number(slice_str(text), 1000000, &n) || n == 0)
		die("not a number");
	return (size_t)n;
}

static void
bench_files(struct bench *b, const char *dir, size_t times)
{
	char pattern[4096];

	(void)snprintf(pattern, sizeof(pattern), "%s/*.eml", dir);
	if (glob(pattern, 0, NULL, &b->files) != 0)
		die("no .eml there");
	b->n = b->files.gl_pathc * times;
}

int
main(int argc, char **argv)
{
	static struct job jobs[IN_FLIGHT_MAX];
	struct resolver resolver;
	struct probe_settings settings = { .resolvers = &resolver,
		.n_resolvers = 1,
		.timeout_ms = 2000,
		.retries = 2 };
	struct bench b = { .store = store_new(),
		.loop = loop_new(),
		.keys = dkim_keys_new() };
	size_t in_flight = argc > 4 ? number(argv[4]) : IN_FLIGHT;
	double start;

	if (argc < 3)
		die("message_bench DIR RESOLVER [TIMES [IN_FLIGHT]]");
	if (b.store == NULL || b.loop == NULL || b.keys == NULL ||
	    in_flight > IN_FLIGHT_MAX ||
	    !resolver_parse(slice_str(argv[2]), &resolver) ||
	    dns_new(b.loop, &settings, &b.dns) != RC_OK ||
	    !ip_parse(SLICE_LIT("192.0.2.10"), &b.ip))
		die("cannot begin");
	bench_files(&b, argv[1], argc > 3 ? number(argv[3]) : 1);
	start = seconds_now();
	jobs_run(&b, jobs, in_flight);
	printf("BENCH n=%zu loop_s=%.6f bytes=%ju pass=%zu notpass=%zu\n", b.n,
	    seconds_now() - start, (uintmax_t)b.octets, b.passed,
	    b.n - b.passed);
	dns_close(&b.dns);
	store_free(b.store);
	loop_free(b.loop);
	dkim_keys_close(&b.keys);
	globfree(&b.files);
	return 0;
}
