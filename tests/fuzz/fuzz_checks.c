#include <stdlib.h>

#include "base/limits.h"
#include "checks/blocklist/blocklist_zone.h"
#include "checks/check.h"
#include "checks/zone/zone_file.h"
#include "message/message.h"
#include "probes/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The input: the lines of a recording, without its header; then, after a line
 * "--", a message.  Each check is run over both.
 */
static const char header[] =
    "{\"schema\":\"presend.evidence/1\",\"as_of\":\"2026-11-21T00:00:00Z\"}\n";

static const struct blocklist_zone lists[] = {
	{ .name = { (const unsigned char *)"bl.test", 7 },
	    .label = { (const unsigned char *)"bl", 2 },
	    .holds = { true, true, true } },
};
static const struct blocklist_zones blocklists = { lists, 1 };

/* What the sender believes in: the input is what public DNS says. */
static const char zone[] =
    "@ SOA ns1 root 1 2 3 4 5\n@ NS ns1\n@ MX 10 mail\n"
    "@ TXT \"v=spf1 mx -all\"\nmail A 203.0.113.9\nmail AAAA 2001:db8::25\n"
    "_dmarc TXT \"v=DMARC1; p=none\"\ns1._domainkey TXT \"v=DKIM1; p=AA==\"\n"
    "s2._domainkey CNAME s2.example.net.\nbad A x\n";

struct world {
	struct arena *arena;
	struct arena *zone_arena;
	struct zone_file zone;
	struct store *store;
	struct pins pins;
	struct subject subject;
	struct message message;
};

static void
no_wake(struct asker *a)
{
	(void)a;
}

/* ---- what holds of each run -------------------------------------------- */

/* The fact's name is the first part of a documented path. */
static bool
is_documented(const struct check *c, const char *fact)
{
	const struct fact_doc *doc;
	size_t n = strlen(fact);

	for (doc = c->facts; doc->path != NULL; doc++)
		if (strncmp(doc->path, fact, n) == 0 &&
		    strchr("[.", doc->path[n]) != NULL)
			return true;
	return false;
}

static void
check_facts(const struct check *c, json_t *facts)
{
	const char *key;
	json_t *value;

	json_object_foreach(facts, key, value)
	{
		if (!is_documented(c, key) || value == NULL)
			__builtin_trap();
	}
}

static void
check_gaps(json_t *gaps)
{
	enum cause cause;
	json_t *gap;
	size_t i;

	json_array_foreach(gaps, i, gap)
	{
		const char *name =
		    json_string_value(json_object_get(gap, "cause"));

		if (!json_is_string(json_object_get(gap, "fact")) ||
		    !json_is_string(json_object_get(gap, "detail")) ||
		    name == NULL || !cause_parse(slice_str(name), &cause) ||
		    cause == CAUSE_NONE)
			__builtin_trap();
	}
}

static json_t *
run_check(struct world *w, const struct check *c, struct arena *arena)
{
	struct asker asker = { w->store, &w->pins, no_wake, NULL, 0 };
	struct arena *kept = arena_new(LIMIT_AUDIT_ARENA, 64);
	struct memos memos = { .arena = kept };
	struct check_run run = { &w->subject, &asker, arena, json_object(),
		json_array(), false, &memos };
	enum rc rc;

	arena_reset(arena);
	rc = kept != NULL ? c->run(&run) : RC_NOMEM;
	if (rc != RC_OK && rc != RC_LIMIT && rc != RC_NOMEM)
		__builtin_trap();
	/* A recording answers everything at once. */
	if (run.waiting)
		__builtin_trap();
	check_facts(c, run.facts);
	check_gaps(run.gaps);
	json_decref(run.gaps);
	arena_free(kept);
	if (rc != RC_OK)
		json_object_clear(run.facts);
	return run.facts;
}

/* ---- the input --------------------------------------------------------- */

/* What stands before and after the line "--". */
static void
split(struct slice in, struct slice *recording, struct slice *octets)
{
	struct slice rest = in, line;

	*recording = in;
	*octets = SLICE_NONE;
	while (slice_line(&rest, &line)) {
		if (!slice_eq(line, SLICE_LIT("--")))
			continue;
		*recording = slice_sub(in, 0, (size_t)(line.p - in.p));
		*octets = rest;
		return;
	}
}

static bool
world_open(struct world *w, struct slice in)
{
	struct slice recording, octets, text, error;
	struct ip *ips = arena_new_of(w->arena, struct ip, 2);
	unsigned char *copy;
	int64_t as_of;

	split(in, &recording, &octets);
	copy =
	    arena_new_of(w->arena, unsigned char, sizeof(header) + recording.n);
	if (ips == NULL || copy == NULL || w->store == NULL)
		return false;
	memcpy(copy, header, sizeof(header) - 1);
	if (recording.n > 0)
		memcpy(copy + sizeof(header) - 1, recording.p, recording.n);
	text = slice_of(copy, sizeof(header) - 1 + recording.n);
	if (zone_file_read(w->zone_arena, SLICE_LIT("db"), slice_str(zone),
		SLICE_LIT("example.com"), &w->zone, &error) != RC_OK)
		__builtin_trap();
	if (recording_load(w->store, text, &as_of, w->arena, &error) != RC_OK)
		return false;
	(void)ip_parse(SLICE_LIT("203.0.113.9"), &ips[0]);
	(void)ip_parse(SLICE_LIT("2001:db8::25"), &ips[1]);
	w->subject = (struct subject){ .domain = SLICE_LIT("example.com"),
		.ips = ips,
		.n_ips = 2,
		.helo = SLICE_LIT("mail.example.com"),
		.mail_from = SLICE_LIT("news@bounce.example.com"),
		.mail_from_local = SLICE_LIT("news"),
		.mail_from_raw_domain = SLICE_LIT("bounce.example.com"),
		.mail_from_domain = SLICE_LIT("bounce.example.com"),
		.receiver = SLICE_LIT("mx.example.net"),
		.blocklists = &blocklists,
		.zone = &w->zone,
		.authoritative = true,
		.as_of = as_of };
	if (octets.p != NULL) {
		if (message_parse(w->arena, octets, &w->message) != RC_OK)
			return false;
		w->subject.message = &w->message;
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { .arena = arena_new(LIMIT_AUDIT_ARENA, 8192),
		.zone_arena = arena_new(LIMIT_AUDIT_ARENA, 8192),
		.store = store_new() };
	struct arena *scratch = arena_new(LIMIT_AUDIT_ARENA, 8192);
	struct arena *tight = arena_new(4096, 64);
	size_t i;

	if (w.arena != NULL && w.zone_arena != NULL && scratch != NULL &&
	    tight != NULL && world_open(&w, slice_of(data, size))) {
		for (i = 0; checks[i] != NULL; i++) {
			json_t *once = run_check(&w, checks[i], scratch);
			json_t *again = run_check(&w, checks[i], scratch);

			/* The same evidence says the same. */
			if (!json_equal(once, again))
				__builtin_trap();
			json_decref(again);
			json_decref(once);
			json_decref(run_check(&w, checks[i], tight));
		}
	}
	if (w.store != NULL)
		pins_release(w.store, &w.pins);
	store_free(w.store);
	zone_file_close(&w.zone);
	arena_free(w.zone_arena);
	arena_free(w.arena);
	arena_free(scratch);
	arena_free(tight);
	return 0;
}
