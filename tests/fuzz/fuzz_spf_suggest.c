#include "checks/spf/spf_judge.h"
#include "checks/spf/spf_suggest.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { RECORDS = 4, ARENA = 8 << 20, INPUT_MAX = 4096, STRING = 255 };

/* The TXT records of a name, as spf_published() has them. */
struct zone {
	struct dns_record records[RECORDS];
	struct answer answer;
	struct spf_published published;
};

static void
zone_add(struct arena *a, struct zone *z, struct slice text)
{
	struct dns_record *r = &z->records[z->answer.as.dns.n_records++];
	size_t n = text.n / STRING + 1;
	struct slice *strings = arena_new_of(a, struct slice, n);

	if (strings == NULL)
		__builtin_trap();
	for (size_t i = 0; i < n; i++)
		strings[i] = slice_sub(text, i * STRING, STRING);
	r->type = DNS_TXT;
	r->as.text = (struct dns_text){ strings, n };
	if (!spf_record_is(text) || z->published.found++ > 0)
		return;
	z->published.first = r;
	if (spf_record_parse(a, text, &z->published.record))
		__builtin_trap();
}

static void
zone_init(struct zone *z)
{
	*z = (struct zone){ .answer = { .seen = SEEN_ANSWERED } };
	z->answer.as.dns.records = z->records;
	z->published.domain = SLICE_LIT("example.com");
	z->published.answer = &z->answer;
}

/* Each line is a TXT record. */
static void
zone_read(struct arena *a, struct zone *z, struct slice in)
{
	struct slice line;

	zone_init(z);
	while (z->answer.as.dns.n_records < RECORDS && slice_line(&in, &line))
		zone_add(a, z, line);
}

/* What is suggested reads, and nothing is to be changed in it. */
static void
check_suggestion(struct arena *a, struct slice text, const struct ip *ips,
    size_t n)
{
	struct spf_record r;
	struct slice again;
	struct zone z;
	struct spf_wish wish = { .published = &z.published,
		.missing = ips,
		.n = n,
		.examples = n > 0 };

	if (!spf_record_is(text) || spf_record_parse(a, text, &r) ||
	    r.faults > 0)
		__builtin_trap();
	zone_init(&z);
	zone_add(a, &z, text);
	if (spf_suggest_record(a, &wish, &again))
		__builtin_trap();
	if (again.p != NULL)
		__builtin_trap();
}

static void
check_problems(struct arena *a, const struct zone *z)
{
	struct check_run run = { .arena = a, .facts = json_object() };
	struct spf_judged of = { .domain = z->published.domain };
	struct spf_judge j = { &run, &of, &z->published };

	if (z->published.found == 1) {
		spf_judge_record(&j, &z->published);
		if (spf_judge_ranges(&j, &z->published))
			__builtin_trap();
	}
	/* A record with a fault has a problem. */
	if (z->published.found == 1 && z->published.record.faults > 0 &&
	    json_array_size(json_object_get(run.facts, "problems")) == 0)
		__builtin_trap();
	json_decref(run.facts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ip ips[] = { { 4, { 192, 0, 2, 1 } },
		{ 6, { 0x20, 0x01, 0x0d, 0xb8 } } };
	struct arena *a = arena_new(ARENA, 64 * 1024);
	struct slice text;
	struct zone z;
	struct spf_wish wish = { .published = &z.published,
		.missing = ips,
		.n = 2,
		.examples = true };

	if (a == NULL || size > INPUT_MAX) {
		arena_free(a);
		return 0;
	}
	zone_read(a, &z, slice_of(data, size));
	check_problems(a, &z);
	if (spf_suggest_record(a, &wish, &text))
		__builtin_trap();
	if (text.p != NULL)
		check_suggestion(a, text, ips, 2);
	wish = (struct spf_wish){ .published = &z.published };
	if (spf_suggest_record(a, &wish, &text))
		__builtin_trap();
	if (text.p != NULL)
		check_suggestion(a, text, NULL, 0);
	arena_free(a);
	return 0;
}
