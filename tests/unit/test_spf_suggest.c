#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/spf/spf_suggest.h"

/* ---- a check of the suggestions alone ---------------------------------- */

/* RFC 7208 4.6: what is suggested reads without a fault, whatever was there. */
static void
fact(struct check_run *run, const char *key, struct slice text)
{
	struct spf_record r;

	if (text.p == NULL) {
		check_fact_null(run->facts, key);
		return;
	}
	assert_true(spf_record_is(text));
	if (spf_record_parse(run->arena, text, &r) == RC_OK)
		assert_int_equal(r.faults, 0);
	check_fact_text(run->facts, key, text);
}

static enum rc
run_record(struct check_run *run)
{
	struct spf_records *records = spf_records_new(run);
	const struct spf_published *p;
	struct spf_wish wish = { .missing = run->subject->ips,
		.n = run->subject->n_ips };
	struct slice text;
	enum rc rc;

	if (records == NULL)
		return RC_LIMIT;
	p = spf_published(records, run->subject->domain);
	if (p == NULL)
		return RC_LIMIT;
	if (p->answer == NULL)
		return RC_OK;
	wish.published = p;
	wish.examples = spf_has_examples(wish.missing, wish.n);
	rc = spf_suggest_record(run->arena, &wish, &text);
	if (rc)
		return rc;
	if (answer_known(p->answer))
		fact(run, "suggested", text);
	else
		check_gap(run, "suggested", CAUSE_TIMEOUT, SLICE_LIT("x"));
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

static const struct check check_record = { .name = "record",
	.run = run_record };

static enum rc
flat_fact(struct check_run *run, const struct spf_judged *of)
{
	struct spf_flat flat;
	enum rc rc = spf_suggest_flat(run, of,
	    of->tree->rows[0].record->record.text, &flat);

	if (rc)
		return rc;
	if (flat.lost != NULL)
		check_gap_answer(run, "flattened", flat.lost, flat.lost_what);
	else
		fact(run, "flattened", flat.text);
	return RC_OK;
}

static enum rc
run_flat(struct check_run *run)
{
	struct spf_records *records = spf_records_new(run);
	struct spf_tree tree;
	struct spf_judged of = { .records = records,
		.tree = &tree,
		.domain = run->subject->domain };
	enum rc rc;

	if (records == NULL)
		return RC_LIMIT;
	rc = spf_tree_walk(run, records, of.domain, &tree);
	if (rc || run->waiting)
		return rc;
	rc = flat_fact(run, &of);
	/* The tree has asked for all of it. */
	assert_true(rc || !run->waiting);
	return rc;
}

static const struct check check_flat = { .name = "flat", .run = run_flat };

/* ---- the record -------------------------------------------------------- */

/* texts: TXT records, the first ones of them; NULL wanted: nothing. */
static const struct {
	const char *texts[3];
	const char *ips[3];
	const char *wanted;
} records[] = {
	{ { "v=spf1 ip4:8.8.8.8  -all " }, { NULL }, NULL },
	{ { "v=spf1 exp=e.example ra=x ip4:8.8.8.8 ~all" }, { NULL }, NULL },
	{ { "v=spf1 a ?all" }, { NULL }, "v=spf1 a ~all" },
	{ { "v=spf1 ip4:10.0.0.1 ip4:192.168.0.0/16 ip6:fe80::/10 "
	    "ip4:127.0.0.1 ip4:203.0.113.0/24 a -all" },
	    { NULL }, "v=spf1 a -all" },
	{ { "v=spf1 ip4:203.0.113.0/24 ip4:10.0.0.1 -all" }, { "192.0.2.1" },
	    "v=spf1 ip4:203.0.113.0/24 ip4:192.0.2.1 -all" },
	{ { "v=spf1 ip4:10.0.0.0/7 a -all" }, { NULL }, NULL },
	{ { "v=spf1 ip4:0.0.0.0/0 -all" }, { "8.8.8.8" },
	    "v=spf1 ip4:8.8.8.8 -all" },
	{ { "v=spf1 a exists:%{i} -all" }, { NULL }, "v=spf1 a -all" },
	{ { "v=spf1 a all-" }, { NULL }, "v=spf1 a -all" },
	{ { "v=spf1;include:a.example;-all" }, { NULL },
	    "v=spf1 include:a.example -all" },
	{ { "v=spf1 a -all; p=none" }, { NULL }, "v=spf1 a -all" },
	{ { NULL }, { NULL }, NULL },
	{ { NULL }, { "192.0.2.1", "2001:db8::1" },
	    "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ~all" },
	{ { NULL }, { "10.0.0.1" }, NULL },
	{ { "hello" }, { "192.0.2.1" }, "v=spf1 ip4:192.0.2.1 ~all" },
	{ { "v=spf1 a -all" }, { "192.0.2.1", "192.0.2.1" },
	    "v=spf1 a ip4:192.0.2.1 -all" },
	{ { "v=spf1 a -all" }, { "127.0.0.1" }, NULL },
	{ { "v=spf1 -ip4:192.0.2.0/24 a -all" }, { "192.0.2.1" },
	    "v=spf1 ip4:192.0.2.1 -ip4:192.0.2.0/24 a -all" },
	{ { "v=spf1 -ip4:192.0.2.1 a -all" }, { "192.0.2.1" },
	    "v=spf1 ip4:192.0.2.1 a -all" },
	{ { "v=spf1 redirect=a.example" }, { "192.0.2.1" },
	    "v=spf1 ip4:192.0.2.1 redirect=a.example" },
	{ { "v=spf1 a" }, { NULL }, "v=spf1 a ~all" },
	{ { "v=spf1 a +all" }, { NULL }, "v=spf1 a ~all" },
	{ { "v=spf1 a all" }, { NULL }, "v=spf1 a ~all" },
	{ { "V=SPF1 a -ALL" }, { NULL }, "v=spf1 a -all" },
	{ { "v=spf1 a -all mx ip4:8.8.8.8" }, { NULL },
	    "v=spf1 a mx ip4:8.8.8.8 -all" },
	{ { "v=spf1 a ~all redirect=a.example" }, { NULL }, "v=spf1 a ~all" },
	{ { "v=spf1 a a A mx ip4:8.8.8.0/24 ip4:8.8.8.8 +mx -all" }, { NULL },
	    "v=spf1 a mx ip4:8.8.8.0/24 -all" },
	{ { "v=spf1 + a a:8.8.8.8 -al" }, { NULL },
	    "v=spf1 +a ip4:8.8.8.8 -all" },
	{ { "v=spf1 a:8.8.8.8 -all" }, { "8.8.8.8" },
	    "v=spf1 ip4:8.8.8.8 -all" },
	{ { "v=spf1 include_spf.a.example -all" }, { NULL },
	    "v=spf1 include:_spf.a.example -all" },
	{ { "v=spf1 include_mail.a.example -all" }, { "8.8.8.8" }, NULL },
	{ { "v=spf1 foo -all" }, { "8.8.8.8" }, NULL },
	{ { "v=spf1 ip4:x.x.x.x -all" }, { "8.8.8.8" },
	    "v=spf1 ip4:8.8.8.8 -all" },
	{ { "v=spf1 a v=spf1 mx -all" }, { NULL }, "v=spf1 a mx -all" },
	{ { "v=spf1 include=a.example ~all" }, { NULL },
	    "v=spf1 include:a.example ~all" },
	{ { "v=spf1 a -all; " }, { NULL }, "v=spf1 a -all" },
	{ { "\\\"v=spf1 a -all\\\"" }, { NULL }, "v=spf1 a -all" },
	{ { "spf1 a -all" }, { "192.0.2.1" }, "v=spf1 a ip4:192.0.2.1 -all" },
	{ { "v=spf1 include:a.example -all", "v=spf1 include:b.example -all" },
	    { NULL }, "v=spf1 include:a.example include:b.example -all" },
	{ { "v=spf1 a ip4:8.8.8.8 -all", "v=spf1 a mx ~all",
	      "v=spf1 redirect=c.example" },
	    { NULL }, "v=spf1 a ip4:8.8.8.8 mx include:c.example ~all" },
	{ { "v=spf1 redirect=c.example", "v=spf1 redirect=c.example" },
	    { NULL }, "v=spf1 include:c.example ~all" },
	{ { "v=spf1 *exists:%{i} a -all" }, { NULL }, "v=spf1 a -all" },
	{ { "v=spf1 a -all", "spf2.0/pra mx -all" }, { NULL }, NULL },
	{ { "v=spf1 ptr ~all" }, { NULL }, NULL },
	{ { "v=spf1" }, { "192.0.2.1" }, "v=spf1 ip4:192.0.2.1 ~all" },
	{ { "v=spf1 ip4:192.0.2.0/24 -all" }, { "192.0.2.9" }, NULL },
};

static struct slice
recording(struct arena *a, const char *const *texts, size_t n)
{
	struct slice all = SLICE_LIT("");
	size_t i;

	for (i = 0; i < n && texts[i] != NULL; i++)
		all = arena_slicef(a,
		    "%.*s%s{\"type\":\"TXT\",\"strings\":"
		    "[\"%s\"]}",
		    SLICE_FMT(all), i > 0 ? "," : "", texts[i]);
	if (i == 0)
		return slice_str(NXDOMAIN("example.com", "TXT"));
	return arena_slicef(a,
	    ASKED("example.com", "TXT") "\"seen\":\"answered\",\"dns\":{"
					"\"records\":[%.*s]}}\n",
	    SLICE_FMT(all));
}

static void
each_record_is_mended(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(records) / sizeof(*records); i++) {
		struct arena *a = arena_new(1 << 20, 4096);
		struct scene scene = { .title = records[i].texts[0] };
		const char *wanted = records[i].wanted;
		struct slice json;

		assert_non_null(a);
		if (scene.title == NULL)
			scene.title = "no record";
		scene.recording =
		    (const char *)recording(a, records[i].texts, 3).p;
		for (k = 0; k < 3; k++)
			scene.ips[k] = records[i].ips[k];
		json = wanted != NULL ? arena_slicef(a, "\"%s\"", wanted)
				      : SLICE_LIT("null");
		scene.facts[0] =
		    (struct expected_fact){ "suggested", (const char *)json.p };
		scene_play(&check_record, &scene);
		arena_free(a);
	}
}

/* ---- by the tree ------------------------------------------------------- */

/* The same with the tree of the record. */
static enum rc
run_with_tree(struct check_run *run)
{
	struct spf_records *all = spf_records_new(run);
	struct spf_tree tree;
	struct spf_wish wish = { .tree = &tree,
		.missing = run->subject->ips,
		.n = run->subject->n_ips };
	struct slice text;
	enum rc rc;

	if (all == NULL)
		return RC_LIMIT;
	rc = spf_tree_walk(run, all, run->subject->domain, &tree);
	if (rc || run->waiting)
		return rc;
	wish.published = tree.rows[0].record;
	if (tree.lost != NULL || tree.lost_void != NULL) {
		check_gap(run, "suggested", CAUSE_TIMEOUT, SLICE_LIT("x"));
		return RC_OK;
	}
	rc = spf_suggest_record(run->arena, &wish, &text);
	if (rc == RC_OK)
		fact(run, "suggested", text);
	return rc;
}

static const struct check check_with_tree = { .name = "with_tree",
	.run = run_with_tree };

#define ROOT(text)     FOUND("example.com", "TXT", TXT("v=spf1" text))
#define OF(name, text) FOUND(name, "TXT", TXT("v=spf1" text))
#define BECOMES(text) \
	{ \
		{ \
			"suggested", "\"" text "\"" \
		} \
	}

static const struct scene with_trees[] = {
	{ .title = "an include of no record goes",
	    .recording = ROOT(" include:a.example include:b.example -all")
		NXDOMAIN("a.example", "TXT")
		    OF("b.example", " ip4:8.8.4.4 -all"),
	    .facts = BECOMES("v=spf1 include:b.example -all") },
	{ .title = "a record that includes itself does so no more",
	    .recording = ROOT(" ip4:8.8.8.8 include:example.com -all"),
	    .facts = BECOMES("v=spf1 ip4:8.8.8.8 -all") },
	{ .title = "a redirect to no record becomes an all",
	    .recording = ROOT(" ip4:8.8.8.8 redirect=a.example")
		NXDOMAIN("a.example", "TXT"),
	    .facts = BECOMES("v=spf1 ip4:8.8.8.8 ~all") },
	{ .title = "names that have nothing go",
	    .recording = ROOT(" a:a.example exists:b.example ip4:8.8.8.8 -all")
		NXDOMAIN("a.example", "A") NXDOMAIN("a.example", "AAAA")
		    NXDOMAIN("b.example", "A"),
	    .facts = BECOMES("v=spf1 ip4:8.8.8.8 -all") },
	{ .title = "what is let in stands before others' errors",
	    .recording = ROOT(" include:a.example -all") OF("a.example",
		" include:b.example -all") NXDOMAIN("b.example", "TXT"),
	    .ips = { "8.8.8.8" },
	    .facts = BECOMES("v=spf1 ip4:8.8.8.8 include:a.example -all") },
};

static void
what_leads_nowhere_is_taken_out(void **state)
{
	(void)state;
	scenes_play(&check_with_tree, with_trees);
}

/* ---- flattening -------------------------------------------------------- */

#define SPF(name, text) FOUND(name, "TXT", TXT("v=spf1" text))
#define EIGHT \
	" exists:%{i}.a exists:%{i}.b exists:%{i}.c " \
	"exists:%{i}.d exists:%{i}.e exists:%{i}.f " \
	"exists:%{i}.g exists:%{i}.h"
#define EIGHT_MORE \
	"exists:%{i}.a exists:%{i}.b exists:%{i}.c " \
	"exists:%{i}.d exists:%{i}.e exists:%{i}.f " \
	"exists:%{i}.g exists:%{i}.h"

static const struct scene flats[] = {
	{ .title = "ten lookups need no flattening",
	    .recording = SPF("example.com", EIGHT
		" include:a.example include:b.example -all") SPF("a.example",
		" ip4:8.8.8.8 -all") SPF("b.example", " ip4:8.8.4.4 -all"),
	    .facts = { { "flattened", "null" } } },
	{ .title = "the costliest goes first, with what it includes",
	    .recording = SPF("example.com",
		EIGHT " include:a.example include:b.example ip4:9.9.9.9 -all")
		SPF("a.example", " ip4:8.8.8.8 -all") SPF("b.example",
		    " include:c.example a mx ip6:2a00::/32 ~all")
		    SPF("c.example", " ip4:8.8.4.0/25 ip4:8.8.4.128/25 "
				     "ip4:8.8.4.4 ip4:8.8.5.0/24 -all")
			FOUND("b.example", "A", A("7.7.7.7"))
			    FOUND("b.example", "AAAA", AAAA("2a00::7"))
				FOUND("b.example", "MX", MX(1, "m.b.example"))
				    FOUND("m.b.example", "A", A("7.7.7.6"))
					NODATA("m.b.example", "AAAA"),
	    .facts = { { "flattened",
		"\"v=spf1 " EIGHT_MORE " include:a.example ip4:7.7.7.6/31 "
		"ip4:8.8.4.0/23 ip6:2a00::/32 ip4:9.9.9.9 -all\"" } } },
	{ .title = "what came earlier is not said again",
	    .recording = SPF("example.com", EIGHT
		" a:x.example ip4:8.8.8.0/24 include:a.example "
		"include:b.example -all") FOUND("x.example", "A", A("7.7.7.7"))
		NODATA("x.example", "AAAA")
		    SPF("a.example", " ip4:8.8.8.8 ip4:8.8.4.4 -all")
			SPF("b.example", " ip4:8.8.4.4 -all"),
	    .facts = { { "flattened",
		"\"v=spf1 " EIGHT_MORE " a:x.example ip4:8.8.8.0/24 "
		"ip4:8.8.4.4 include:b.example -all\"" } } },
	{ .title = "what hangs on the message stays",
	    .recording = SPF("example.com", EIGHT
		" include:a.example include:b.example ?include:c.example -all")
		SPF("a.example", " exists:%{i}.x -all")
		    SPF("b.example", " ip4:8.8.8.8 ?ip4:8.8.4.4 -all")
			SPF("c.example", " ip4:8.8.8.8 -all"),
	    .facts = { { "flattened", "null" } } },
	{ .title = "an include that lets all in, or leads nowhere, stays",
	    .recording = SPF("example.com", EIGHT
		" include:a.example include:b.example include:c.example -all")
		SPF("a.example", " +all") SPF("b.example",
		    " include:example.com -all") NXDOMAIN("c.example", "TXT"),
	    .facts = { { "flattened", "null" } } },
	{ .title = "addresses that are not public let nobody in",
	    .recording = SPF("example.com",
		EIGHT " include:a.example mx:%{d} a:%{d} -all") SPF("a.example",
		" ip4:10.0.0.1 ip4:8.8.8.8 ip4:192.0.2.1 -all"),
	    .facts = { { "flattened",
		"\"v=spf1 " EIGHT_MORE " ip4:8.8.8.8 mx:%{d} a:%{d} "
		"-all\"" } } },
	{ .title = "a redirect within an include is followed",
	    .recording = SPF("example.com",
		EIGHT " include:a.example mx:%{d} -all") SPF("a.example",
		" redirect=b.example") SPF("b.example", " ip4:8.8.8.8 -all"),
	    .facts = { { "flattened",
		"\"v=spf1 " EIGHT_MORE " ip4:8.8.8.8 mx:%{d} -all\"" } } },
	{ .title = "an include of nobody goes",
	    .recording = SPF("example.com",
		EIGHT " include:a.example mx:%{d} a:%{d} -all")
		SPF("a.example", " -all"),
	    .facts = { { "flattened",
		"\"v=spf1 " EIGHT_MORE " mx:%{d} a:%{d} -all\"" } } },
};

static void
each_record_is_flattened(void **state)
{
	(void)state;
	scenes_play(&check_flat, flats);
}

/* a.example has too many addresses for a record, b.example has not. */
static void
an_include_that_is_too_long_stays(void **state)
{
	struct arena *a = arena_new(1 << 20, 4096);
	struct scene scene = { .title = "long",
		.facts = { { "flattened",
		    "\"v=spf1 " EIGHT_MORE
		    " include:a.example ip4:8.8.8.8 -all\"" } } };
	struct slice addresses = SLICE_LIT("");
	int i;

	(void)state;
	assert_non_null(a);
	for (i = 0; i < 120; i++)
		addresses = arena_slicef(a, "%.*s ip4:203.113.%d.99",
		    SLICE_FMT(addresses), i);
	scene.recording = arena_printf(a, "%s%s%.*s%s%s",
	    SPF("example.com",
		EIGHT " include:a.example include:b.example -all"),
	    ASKED("a.example", "TXT") "\"seen\":\"answered\",\"dns\":{"
				      "\"records\":[{\"type\":\"TXT\","
				      "\"strings\":[\"v=spf1 "
				      "include:b.example",
	    SLICE_FMT(addresses), " -all\"]}]}}\n",
	    SPF("b.example", " ip4:8.8.8.8 -all"));
	scene_play(&check_flat, &scene);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_record_is_mended),
		cmocka_unit_test(what_leads_nowhere_is_taken_out),
		cmocka_unit_test(each_record_is_flattened),
		cmocka_unit_test(an_include_that_is_too_long_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
