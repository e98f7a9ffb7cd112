#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/domain.h"
#include "base/suffix.h"
#include "check_harness.h"
#include "checks/certificate.h"
#include "checks/zone/zone_file.h"
#include "fact_types.h"
#include "probes/store.h"

static const char header[] =
    "{\"schema\":\"presend.evidence/1\",\"as_of\":\"2026-11-21T00:00:00Z\"}\n";

const char scene_suffixes[] = "// ===BEGIN ICANN DOMAINS===\n"
			      "com\nnet\norg\nexample\ntest\n"
			      "uk\nco.uk\ngov.uk\njp\nac.jp\nbr\ncom.br\n"
			      "*.ck\n!www.ck\n"
			      "xn--p1ai\n"
			      "// ===END ICANN DOMAINS===\n"
			      "// ===BEGIN PRIVATE DOMAINS===\n"
			      "uk.com\nblogspot.com\nhosting.example\n"
			      "// ===END PRIVATE DOMAINS===\n";

enum {
	ARENA = 1 << 20,
	ROUNDS_MAX = 40,
	CEILING_STEP = 256,
	NO_QUESTION = -1,
	KEYS = 6, /* of what an object is about */
};

/* ---- one run ----------------------------------------------------------- */

/* The question that is lost, by its number in the order asked. */
struct loss {
	int question;
	enum cause cause;
};

struct outcome {
	enum rc rc;
	json_t *facts;
	json_t *gaps;
	size_t rounds;
	int questions;
};

static void
outcome_free(struct outcome *o)
{
	json_decref(o->facts);
	json_decref(o->gaps);
}

static void
no_wake(struct asker *a)
{
	(void)a;
}

/* What the world is: a recording, and who asks it for the answers. */
struct world {
	struct store *recorded;
	struct store *live;
	struct pins pins;       /* of the check */
	struct pins held;       /* of the answers it got */
	struct asker asker;     /* of the check */
	struct asker librarian; /* of the recording */
	struct trust_anchors *anchors;
	struct suffix_list *suffixes;
	struct arena *zone_arena;
	struct zone_file zone;
	int64_t as_of;
};

static void
world_open(struct world *w, const struct scene *scene, struct arena *arena)
{
	struct slice text, error = SLICE_NONE;
	enum rc rc;

	*w = (struct world){ .recorded = store_new(), .live = store_new() };
	assert_non_null(w->recorded);
	assert_non_null(w->live);
	w->asker = (struct asker){ w->live, &w->pins, no_wake, NULL, 0 };
	w->librarian =
	    (struct asker){ w->recorded, &w->held, no_wake, NULL, 0 };
	text = arena_slicef(arena, "%s%s", header,
	    scene->recording != NULL ? scene->recording : "");
	rc = recording_load(w->recorded, text, &w->as_of, arena, &error);
	if (rc)
		fail_msg("%s: the recording: %.*s", scene->title,
		    SLICE_FMT(error));
	if (scene->anchors != NULL)
		w->anchors = trust_anchors_new(slice_str(scene->anchors));
	if (!scene->no_suffixes)
		assert_int_equal(suffix_list_new("list",
				     slice_str(scene_suffixes), &w->suffixes),
		    RC_OK);
	if (scene->zone == NULL)
		return;
	w->zone_arena = arena_new(ARENA, 4096);
	assert_non_null(w->zone_arena);
	rc = zone_file_read(w->zone_arena, SLICE_LIT("panel.db"),
	    slice_str(scene->zone), SLICE_LIT("example.com"), &w->zone, &error);
	if (rc)
		fail_msg("%s: the zone: %.*s", scene->title, SLICE_FMT(error));
}

static void
world_close(struct world *w)
{
	pins_release(w->live, &w->pins);
	pins_release(w->recorded, &w->held);
	trust_anchors_close(&w->anchors);
	suffix_list_close(&w->suffixes);
	zone_file_close(&w->zone);
	arena_free(w->zone_arena);
	store_free(w->live);
	store_free(w->recorded);
}

/* Answers all that is wanted, but for the lost one. */
static void
world_answer(struct world *w, const struct loss *loss, int *asked)
{
	struct entry *e;

	while ((e = store_next_wanted(w->live)) != NULL) {
		if ((*asked)++ == loss->question)
			entry_fail(e, SEEN_TEMPORARY, loss->cause, NULL);
		else
			entry_answer(e,
			    evidence_ask(&w->librarian, entry_question(e)));
	}
}

/* As audit/subject.c has it. */
static void
mail_from_fill(const struct scene *scene, struct arena *arena,
    struct subject *out)
{
	size_t at;

	out->mail_from_domain = slice_str(scene->mail_from_domain);
	out->mail_from_raw_domain = out->mail_from_domain;
	if (scene->mail_from == NULL)
		return;
	out->mail_from = slice_str(scene->mail_from);
	at = out->mail_from.n;
	while (at > 0 && out->mail_from.p[at - 1] != '@')
		at--;
	if (at == 0)
		return;
	out->mail_from_local = slice_sub(out->mail_from, 0, at - 1);
	out->mail_from_raw_domain = slice_from(out->mail_from, at);
	(void)domain_canonical(arena, out->mail_from_raw_domain,
	    &out->mail_from_domain);
}

static void
selectors_fill(const struct scene *scene, struct arena *arena,
    struct subject *out)
{
	struct slice *all = arena_new_of(arena, struct slice, SCENE_SELECTORS);
	size_t i;

	assert_non_null(all);
	for (i = 0; i < SCENE_SELECTORS && scene->selectors[i] != NULL; i++)
		all[out->n_selectors++] = slice_str(scene->selectors[i]);
	out->selectors = all;
}

static void
subject_fill(const struct scene *scene, struct arena *arena,
    struct subject *out)
{
	struct message *message = arena_new_of(arena, struct message, 1);
	struct ip *ips = arena_new_of(arena, struct ip, SCENE_IPS);
	size_t i;

	assert_non_null(ips);
	assert_non_null(message);
	*out = (struct subject){ .ips = ips };
	out->domain = scene->domain != NULL ? slice_str(scene->domain)
					    : SLICE_LIT("example.com");
	out->helo = slice_str(scene->helo);
	mail_from_fill(scene, arena, out);
	for (i = 0; i < SCENE_IPS && scene->ips[i] != NULL; i++) {
		assert_true(ip_parse(slice_str(scene->ips[i]), &ips[i]));
		out->n_ips++;
	}
	selectors_fill(scene, arena, out);
	out->authoritative = scene->authoritative;
	if (scene->message == NULL)
		return;
	assert_int_equal(message_parse(arena, slice_str(scene->message),
			     message),
	    RC_OK);
	out->message = message;
}

static struct outcome
scene_run(const struct check *check, const struct scene *scene,
    const struct loss *loss, size_t ceiling)
{
	struct arena *own = arena_new(ARENA, 4096);
	struct arena *arena = arena_new(ceiling, 64);
	struct arena *kept = arena_new(ceiling, 64);
	struct memos memos = { .arena = kept };
	struct outcome out = { .rc = RC_NOMEM };
	struct subject subject;
	struct world world;
	struct check_run run;

	assert_non_null(own);
	world_open(&world, scene, own);
	subject_fill(scene, own, &subject);
	subject.as_of = world.as_of;
	subject.anchors = world.anchors;
	subject.suffixes = world.suffixes;
	subject.blocklists = scene->blocklists;
	subject.ips_named = scene->ips_named;
	subject.unsubscribe = scene->unsubscribe;
	if (scene->zone != NULL)
		subject.zone = &world.zone;
	subject.postmaster = scene->postmaster;
	subject.spam_rates = scene->spam_rates;
	while (arena != NULL && kept != NULL) {
		arena_reset(arena);
		json_decref(out.facts);
		json_decref(out.gaps);
		out.facts = json_object();
		out.gaps = json_array();
		run = (struct check_run){ &subject, &world.asker, arena,
			out.facts, out.gaps, false, &memos };
		out.rc = check->run(&run);
		if (out.rc || !run.waiting)
			break;
		out.rounds++;
		assert_true(out.rounds < ROUNDS_MAX);
		world_answer(&world, loss, &out.questions);
	}
	arena_free(arena);
	arena_free(kept);
	world_close(&world);
	arena_free(own);
	return out;
}

/* ---- what was said ----------------------------------------------------- */

/* "ips[0].confirmed"; NULL when it is not there. */
static json_t *
fact_at(json_t *facts, const char *path)
{
	struct slice rest = slice_str(path), step, index;

	while (facts != NULL && rest.n > 0) {
		uint64_t place = 0;
		bool in_list;

		(void)slice_cut(rest, '.', &step, &rest);
		in_list = slice_cut(step, '[', &step, &index);
		facts = json_object_getn(facts, (const char *)step.p, step.n);
		if (!in_list)
			continue;
		assert_true(slice_number(slice_sub(index, 0, index.n - 1), 1000,
		    &place));
		facts = json_array_get(facts, (size_t)place);
	}
	return facts;
}

static void
fact_check(const struct scene *scene, json_t *facts,
    const struct expected_fact *want)
{
	json_t *is = fact_at(facts, want->path);
	char *text = is != NULL ? json_dumps(is, JSON_ENCODE_ANY) : NULL;
	json_t *should = want->json != NULL
			     ? json_loads(want->json, JSON_DECODE_ANY, NULL)
			     : NULL;

	if (want->json != NULL && should == NULL)
		fail_msg("%s: %s is no JSON", scene->title, want->json);
	if ((is == NULL) != (should == NULL) ||
	    (is != NULL && !json_equal(is, should)))
		fail_msg("%s: %s is %s, not %s", scene->title, want->path,
		    text != NULL ? text : "absent",
		    want->json != NULL ? want->json : "absent");
	free(text);
	json_decref(should);
}

static void
gaps_check(const struct scene *scene, json_t *gaps)
{
	const char *want = scene->gaps != NULL ? scene->gaps : "";
	struct arena *arena = arena_new(ARENA, 1024);
	struct slice all = SLICE_LIT("");
	size_t i;

	assert_non_null(arena);
	for (i = 0; i < json_array_size(gaps); i++) {
		json_t *gap = json_array_get(gaps, i);

		assert_non_null(json_object_get(gap, "detail"));
		all = arena_slicef(arena, "%.*s%s%s %s", SLICE_FMT(all),
		    i > 0 ? "; " : "",
		    json_string_value(json_object_get(gap, "fact")),
		    json_string_value(json_object_get(gap, "cause")));
	}
	if (!slice_eq(all, slice_str(want)))
		fail_msg("%s: gaps are \"%.*s\", not \"%s\"", scene->title,
		    SLICE_FMT(all), want);
	arena_free(arena);
}

/* ---- less, but never other --------------------------------------------- */

static bool is_less(json_t *less, json_t *full);

/* Both are of one list and kind, as far as they are of any. */
static bool
same_sort(json_t *a, json_t *b)
{
	static const char *const keys[] = { "zone", "kind" };
	bool same = true;

	for (size_t i = 0; i < 2; i++)
		same = same && (json_object_get(a, keys[i]) == NULL ||
				   json_equal(json_object_get(a, keys[i]),
				       json_object_get(b, keys[i])));
	return same;
}

/* What an object in a list is about, so that it is found again. */
static json_t *
same_item(json_t *item, json_t *list)
{
	static const char *const keys[] = { "ip", "name", "domain", "address",
		"host", "subject" };
	size_t i, k, n = json_array_size(list);

	for (i = 0; i < n; i++)
		if (json_equal(item, json_array_get(list, i)))
			return json_array_get(list, i);
	for (i = 0; i < n * KEYS; i++) {
		json_t *other = json_array_get(list, i % n);

		k = i / n;
		if (json_object_get(item, keys[k]) != NULL &&
		    same_sort(item, other) &&
		    json_equal(json_object_get(item, keys[k]),
			json_object_get(other, keys[k])))
			return other;
	}
	return NULL;
}

/* It stands for something of which nothing is known, not even if it is. */
static bool
says_nothing(json_t *item)
{
	return json_is_object(item) &&
	       json_object_size(item) ==
		   (size_t)(json_object_get(item, "host") != NULL) +
		       (size_t)(json_object_get(item, "role") != NULL);
}

/*
 * RFC 7208 2.6.6: temperror is how SPF says that it does not know, and then
 * these say why.
 */
static bool
is_temperror(json_t *o, const char *result)
{
	const char *value = json_string_value(json_object_get(o, result));

	return value != NULL && strcmp(value, "temperror") == 0;
}

static bool
says_temperror(json_t *o, const char *key)
{
	static const char *const helo[] = { "helo_result", "helo_reason" };
	static const char *const own[] = { "result", "reason" };
	size_t i;

	/* Why an IP gets no pass: one that is known will do for another. */
	if (json_object_get(o, own[0]) == NULL && strcmp(key, own[1]) == 0)
		return true;
	for (i = 0; i < 2; i++) {
		if (is_temperror(o, own[0]) && strcmp(key, own[i]) == 0)
			return true;
		if (is_temperror(o, helo[0]) && strcmp(key, helo[i]) == 0)
			return true;
	}
	return false;
}

/* RFC 7208 5.5, 7.3: what SPF says without that answer, which it names. */
static bool
passes_over(json_t *o)
{
	return json_is_string(json_object_get(o, "passed_over"));
}

static bool
is_less_list(json_t *less, json_t *full)
{
	size_t i;

	for (i = 0; i < json_array_size(less); i++) {
		json_t *item = json_array_get(less, i);

		if (!says_nothing(item) && !is_temperror(item, "result") &&
		    !passes_over(item) && !is_less(item, same_item(item, full)))
			return false;
	}
	return true;
}

/* Every fact in less is in full, and is the same there. */
static bool
is_less(json_t *less, json_t *full)
{
	const char *key;
	json_t *value;

	if (full == NULL || json_typeof(less) != json_typeof(full))
		return false;
	if (json_is_array(less))
		return is_less_list(less, full);
	if (!json_is_object(less))
		return json_equal(less, full);
	json_object_foreach(less, key, value)
	{
		/* Which of several names confirms may change. */
		if (strcmp(key, "confirmed_name") != 0 &&
		    /* It tells of the loss itself. */
		    strcmp(key, "trace") != 0 && !says_temperror(less, key) &&
		    !is_less(value, json_object_get(full, key)))
			return false;
	}
	return true;
}

/* A gap covers a path at, above or below its own. */
static bool
gap_covers(json_t *gaps, struct slice path)
{
	size_t i;

	for (i = 0; i < json_array_size(gaps); i++) {
		struct slice gap = slice_str(json_string_value(
		    json_object_get(json_array_get(gaps, i), "fact")));
		struct slice shorter = gap.n < path.n ? gap : path;
		struct slice longer = gap.n < path.n ? path : gap;

		if (shorter.n == 0 || longer.n == shorter.n ||
		    longer.p[shorter.n] == '.' || longer.p[shorter.n] == '[')
			if (slice_starts(longer, shorter))
				return true;
	}
	return false;
}

/* Two runs, of which the second may say less. */
struct pair {
	struct arena *arena;
	json_t *gaps; /* of the second */
};

/* The first path in full that is not in less and has no gap; or nothing. */
static struct slice
uncovered(const struct pair *p, json_t *full, json_t *less, struct slice path)
{
	struct slice bad = SLICE_NONE;
	const char *key;
	json_t *value;
	size_t i;

	for (i = 0; i < json_array_size(full) && bad.p == NULL; i++) {
		value = json_array_get(full, i);
		if (same_item(value, less) != NULL)
			bad = uncovered(p, value, same_item(value, less),
			    arena_slicef(p->arena, "%.*s[]", SLICE_FMT(path)));
	}
	json_object_foreach(full, key, value)
	{
		struct slice at = arena_slicef(p->arena, "%.*s%s%s",
		    SLICE_FMT(path), path.n > 0 ? "." : "", key);
		json_t *other = json_object_get(less, key);

		if (bad.p == NULL && other != NULL)
			bad = uncovered(p, value, other, at);
		else if (bad.p == NULL && !gap_covers(p->gaps, at))
			bad = at;
	}
	return bad;
}

static void
losses_are_gaps(const struct scene *scene, json_t *full,
    const struct outcome *less, int question)
{
	struct pair p = { arena_new(ARENA, 4096), less->gaps };
	struct slice bad;

	assert_non_null(p.arena);
	bad = uncovered(&p, full, less->facts, SLICE_LIT(""));
	if (bad.p != NULL)
		fail_msg("%s: without answer %d %.*s has no gap", scene->title,
		    question, SLICE_FMT(bad));
	arena_free(p.arena);
}

static void
sweep_losses(const struct check *check, const struct scene *scene,
    const struct outcome *whole)
{
	static const enum cause causes[] = { CAUSE_TIMEOUT, CAUSE_SERVFAIL };

	int i;

	for (i = 0; i < 2 * whole->questions; i++) {
		struct loss loss = { i / 2, causes[i % 2] };
		struct outcome o = scene_run(check, scene, &loss, ARENA);

		if (o.rc || !is_less(o.facts, whole->facts))
			fail_msg("%s: without answer %d: %s", scene->title,
			    loss.question, json_dumps(o.facts, 0));
		losses_are_gaps(scene, whole->facts, &o, loss.question);
		outcome_free(&o);
	}
}

static void
sweep_ceilings(const struct check *check, const struct scene *scene,
    const struct outcome *whole)
{
	static const struct loss none = { NO_QUESTION, CAUSE_NONE };
	size_t ceiling;

	for (ceiling = 64;; ceiling += CEILING_STEP) {
		struct outcome o = scene_run(check, scene, &none, ceiling);
		bool done = o.rc == RC_OK;

		assert_true(done || o.rc == RC_LIMIT || o.rc == RC_NOMEM);
		if (done && !json_equal(o.facts, whole->facts))
			fail_msg("%s: under %zu octets: %s", scene->title,
			    ceiling, json_dumps(o.facts, 0));
		outcome_free(&o);
		if (done)
			return;
	}
}

json_t *
scene_facts(const struct check *check, const struct scene *scene)
{
	static const struct loss none = { NO_QUESTION, CAUSE_NONE };
	struct outcome o = scene_run(check, scene, &none, ARENA);

	assert_int_equal(o.rc, RC_OK);
	fact_types_hold(check, o.facts);
	json_decref(o.gaps);
	return o.facts;
}

void
scene_play(const struct check *check, const struct scene *scene)
{
	static const struct loss none = { NO_QUESTION, CAUSE_NONE };
	struct outcome o = scene_run(check, scene, &none, ARENA);
	size_t i;

	assert_int_equal(o.rc, RC_OK);
	fact_types_hold(check, o.facts);
	for (i = 0; i < SCENE_FACTS && scene->facts[i].path != NULL; i++)
		fact_check(scene, o.facts, &scene->facts[i]);
	gaps_check(scene, o.gaps);
	if (scene->rounds != 0 && o.rounds > scene->rounds)
		fail_msg("%s: asked %zu times", scene->title, o.rounds);
	sweep_losses(check, scene, &o);
	sweep_ceilings(check, scene, &o);
	outcome_free(&o);
}
