#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "check_harness.h"
#include "checks/spf/spf_tree.h"

#define SPF(name, text) FOUND(name, "TXT", TXT("v=spf1" text))

/* ---- a check of the tree alone ----------------------------------------- */

static struct slice
row_text(struct arena *a, const struct spf_row *row)
{
	struct slice term =
	    row->term != NULL ? row->term->text : SLICE_LIT("-");

	return arena_slicef(a, "%u %.*s %.*s %u %u %u%s%s%s%s", row->depth,
	    SLICE_FMT(row->domain), SLICE_FMT(term), row->lookups, row->below,
	    row->total, row->empty ? " void" : "", row->loop ? " loop" : "",
	    row->never ? " never" : "",
	    row->record != NULL && row->record->found != 1 ? " none" : "");
}

static void
tree_facts(struct check_run *run, const struct spf_tree *t)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < t->n && i < 64; i++)
		(void)json_array_append_new(rows,
		    check_json(row_text(run->arena, &t->rows[i])));
	if (t->lost != NULL) {
		check_gap_answer(run, "lookups", t->lost, t->lost_what);
		check_gap_answer(run, "rows", t->lost, t->lost_what);
		json_decref(rows);
	} else {
		(void)json_object_set_new(run->facts, "lookups",
		    json_integer(t->lookups));
		if (t->lost_void == NULL)
			(void)json_object_set_new(run->facts, "rows", rows);
		else
			json_decref(rows);
	}
	if (t->lost != NULL || t->lost_void != NULL)
		check_gap_answer(run, "",
		    t->lost != NULL ? t->lost : t->lost_void,
		    t->lost != NULL ? t->lost_what : t->lost_void_what);
	else
		(void)json_object_set_new(run->facts, "voids",
		    json_integer(t->voids));
	if (t->lost != NULL)
		return;
	check_fact_bool(run->facts, "dynamic", t->dynamic);
	check_fact_bool(run->facts, "cut", t->cut);
}

static enum rc
run_tree(struct check_run *run)
{
	struct spf_records *records = spf_records_new(run);
	struct spf_tree tree;
	enum rc rc;

	if (records == NULL)
		return RC_LIMIT;
	rc = spf_tree_walk(run, records, run->subject->domain, &tree);
	assert_true(rc || !tree.waiting || run->waiting);
	if (rc == RC_OK && !run->waiting)
		tree_facts(run, &tree);
	return rc == RC_OK && arena_failed(run->arena) ? RC_LIMIT : rc;
}

static const struct check check_tree = { .name = "tree", .run = run_tree };

/* ---- scenes ------------------------------------------------------------ */

#define COUNTS(l, v) \
	{ "lookups", #l }, \
	{ \
		"voids", #v \
	}

static const struct scene scenes[] = {
	{ .title = "no record is one row",
	    .recording = NXDOMAIN("example.com", "TXT"),
	    .facts = { COUNTS(0, 0),
		{ "rows", "[\"0 example.com - 0 0 0 none\"]" } } },
	{ .title = "two records are one row",
	    .recording = FOUND("example.com", "TXT",
		TXT("v=spf1 a -all") "," TXT("v=spf1 mx -all")),
	    .facts = { COUNTS(0, 0),
		{ "rows", "[\"0 example.com - 0 0 0 none\"]" } } },
	{ .title = "a record without terms",
	    .recording = SPF("example.com", ""),
	    .facts = { COUNTS(0, 0),
		{ "rows", "[\"0 example.com - 0 0 0\"]" } } },
	{ .title = "includes are followed in their place, a redirect last",
	    .recording = SPF("example.com",
		" redirect=r.example include:a.example ip4:192.0.2.1")
		SPF("a.example", " mx ~all") SPF("r.example", " ptr -all")
		    FOUND("a.example", "MX", MX(10, "mx.a.example"))
			FOUND("mx.a.example", "A", A("192.0.2.1"))
			    NODATA("mx.a.example", "AAAA"),
	    .facts = { COUNTS(4, 0),
		{ "rows", "[\"0 example.com - 0 4 0\","
			  "\"0 example.com include:a.example 1 2 1\","
			  "\"1 a.example - 0 1 1\","
			  "\"1 a.example mx 1 1 2\","
			  "\"1 a.example ~all 0 0 2\","
			  "\"0 example.com ip4:192.0.2.1 0 0 2\","
			  "\"0 example.com redirect=r.example 1 2 3\","
			  "\"1 r.example - 0 1 3\","
			  "\"1 r.example ptr 1 1 4\","
			  "\"1 r.example -all 0 0 4\"]" } },
	    .rounds = 4 },
	{ .title = "an include used twice counts twice",
	    .recording =
		SPF("example.com", " include:a.example include:a.example -all")
		    SPF("a.example", " exists:x.example -all")
			FOUND("x.example", "A", A("127.0.0.2")),
	    .facts = { COUNTS(4, 0), { "rows[7]", "\"1 a.example exists:"
						  "x.example 1 1 4\"" } } },
	{ .title = "nothing behind the first all is evaluated",
	    .recording = SPF("example.com",
		" -all include:a.example mx redirect=b.example all exp=e.x"),
	    .facts = { COUNTS(0, 0),
		{ "rows",
		    "[\"0 example.com - 0 0 0\","
		    "\"0 example.com -all 0 0 0\","
		    "\"0 example.com include:a.example 0 0 0 never\","
		    "\"0 example.com mx 0 0 0 never\","
		    "\"0 example.com all 0 0 0 never\","
		    "\"0 example.com exp=e.x 0 0 0\","
		    "\"0 example.com redirect=b.example 0 0 0 never\"]" } },
	    .rounds = 2 },
	{ .title = "a redirect beside all that follows it never counts",
	    .recording = SPF("example.com", " redirect=b.example ~all"),
	    .facts = { COUNTS(0, 0) },
	    .rounds = 2 },
	{ .title = "an include of itself is a loop",
	    .recording = SPF("example.com", " include:example.com -all"),
	    .facts = { COUNTS(1, 0),
		{ "rows[1]", "\"0 example.com include:example.com 1 1 1 "
			     "loop\"" } } },
	{ .title = "a loop over three is found where it closes",
	    .recording = SPF("example.com", " include:a.example -all")
		SPF("a.example", " redirect=b.example")
		    SPF("b.example", " include:example.com include:a.example a")
			FOUND("b.example", "A", A("192.0.2.1"))
			    NODATA("b.example", "AAAA"),
	    .facts = { COUNTS(5, 0),
		{ "rows[5]", "\"2 b.example include:example.com 1 1 3 loop\"" },
		{ "rows[6]", "\"2 b.example include:a.example 1 1 4 loop\"" },
		{ "rows[7]", "\"2 b.example a 1 1 5\"" } } },
	{ .title = "void lookups are those of both families",
	    .recording = SPF("example.com",
		" a a:b.example a:c.example mx:d.example mx:e.example "
		"exists:f.example include:g.example -all") NODATA("example.com",
		"A") NODATA("example.com", "AAAA") FOUND("b.example", "A",
		A("192.0.2.1")) NODATA("b.example", "AAAA") NODATA("c.example",
		"A") FOUND("c.example", "AAAA", AAAA("2001:db8::1"))
		NODATA("d.example", "MX") FOUND("e.example", "MX",
		    MX(1, "x.example") "," MX(2, "y.example"))
		    NXDOMAIN("x.example", "A") NXDOMAIN("x.example",
			"AAAA") FOUND("y.example", "A", A("192.0.2.1"))
			NODATA("y.example", "AAAA") NXDOMAIN("f.example", "A")
			    NXDOMAIN("g.example", "TXT"),
	    .facts = { COUNTS(7, 5),
		{ "rows[1]", "\"0 example.com a 1 1 1 void\"" },
		{ "rows[2]", "\"0 example.com a:b.example 1 1 2\"" },
		{ "rows[3]", "\"0 example.com a:c.example 1 1 3\"" },
		{ "rows[4]", "\"0 example.com mx:d.example 1 1 4 void\"" },
		{ "rows[5]", "\"0 example.com mx:e.example 1 1 5\"" },
		{ "rows[6]", "\"0 example.com exists:f.example 1 1 6 void\"" },
		{ "rows[7]", "\"0 example.com include:g.example 1 1 7 void "
			     "none\"" } },
	    .rounds = 3 },
	{ .title = "a null MX asks for no address",
	    .recording = SPF("example.com", " mx -all")
		FOUND("example.com", "MX", MX(0, "")),
	    .facts = { COUNTS(1, 0) },
	    .rounds = 2 },
	{ .title = "macros count once, and decide on more",
	    .recording = SPF("example.com",
		" exists:%{i}.x.example include:%{d}.y.example -all"),
	    .facts = { COUNTS(2, 0), { "dynamic", "true" } },
	    .rounds = 1 },
	{ .title = "macros of exists and a are not dynamic",
	    .recording =
		SPF("example.com", " exists:%{i}.x.example a:%{d} -all"),
	    .facts = { COUNTS(2, 0), { "dynamic", "false" } } },
	{ .title = "terms with a fault are rows that count nothing",
	    .recording = SPF("example.com", " inlcude:a.example mx:x. a -all")
		FOUND("example.com", "A", A("192.0.2.1"))
		    NODATA("example.com", "AAAA"),
	    .facts = { COUNTS(1, 0),
		{ "rows[1]", "\"0 example.com inlcude:a.example 0 0 0\"" },
		{ "rows[3]", "\"0 example.com a 1 1 1\"" } } },
	{ .title = "what is included is a name in any letter case",
	    .recording = SPF("example.com", " include:A.Example. -all")
		SPF("a.example", " ip4:192.0.2.1 -all"),
	    .facts = { COUNTS(1, 0),
		{ "rows[2]", "\"1 a.example - 0 0 1\"" } } },
	{ .title = "a lost record leaves counts unknown",
	    .recording = SPF("example.com", " include:a.example -all")
		TIMEOUT("a.example", "TXT"),
	    .facts = { { "lookups", NULL }, { "voids", NULL } },
	    .gaps = "lookups timeout; rows timeout;  timeout" },
	{ .title = "a lost address leaves the voids unknown alone",
	    .recording = SPF("example.com", " a -all")
		TIMEOUT("example.com", "A") NODATA("example.com", "AAAA"),
	    .facts = { { "lookups", "1" }, { "voids", NULL } },
	    .gaps = " timeout" },
	{ .title = "one family is enough to know that it is not void",
	    .recording = SPF("example.com", " a -all") TIMEOUT("example.com",
		"A") FOUND("example.com", "AAAA", AAAA("2001:db8::1")),
	    .facts = { COUNTS(1, 0) } },
};

static void
each_scene(void **state)
{
	(void)state;
	scenes_play(&check_tree, scenes);
}

/* ---- much of it -------------------------------------------------------- */

enum { LEVELS = 25 };

/* n0 includes n1 twice, n1 n2 twice, and so on. */
static struct slice
doubling(struct arena *a)
{
	struct slice out =
	    slice_str(SPF("example.com", " include:n0.example -all"));
	int i;

	for (i = 0; i < LEVELS; i++)
		out = arena_slicef(a,
		    "%.*s{\"question\":{\"kind\":\"dns\",\"name\":"
		    "\"n%d.example\",\"type\":\"TXT\"},\"seen\":\"answered\","
		    "\"dns\":{\"records\":[{\"type\":\"TXT\",\"strings\":["
		    "\"v=spf1 include:n%d.example include:n%d.example -all\"]}]}}\n",
		    SLICE_FMT(out), i, i + 1, i + 1);
	return arena_slicef(a, "%.*s%s", SLICE_FMT(out),
	    NXDOMAIN("n25.example", "TXT"));
}

static void
a_tree_that_doubles_is_counted_without_being_walked(void **state)
{
	struct arena *a = arena_new(1 << 20, 4096);
	struct scene scene = { .title = "doubling",
		.facts = { { "lookups", "1000000" }, { "cut", "true" } } };

	(void)state;
	assert_non_null(a);
	scene.recording = (const char *)doubling(a).p;
	scene_play(&check_tree, &scene);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_scene),
		cmocka_unit_test(
		    a_tree_that_doubles_is_counted_without_being_walked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
