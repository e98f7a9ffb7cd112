#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/bounces_diff.h"
#include "audit/views/view.h"

static const char *const files[] = { "o.json", "n.json" };

/* Clusters of a count each, all of one code; the reason tells them apart. */
struct side {
	int delivered;
	const char *reasons[4];
	int counts[4];
};

static json_t *
document(const struct side *s)
{
	json_t *clusters = json_array();
	int bounced = 0;

	for (size_t i = 0; i < 4 && s->reasons[i] != NULL; i++) {
		(void)json_array_append_new(clusters,
		    json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "provider",
			"gmail", "reply", "550", "reason", s->reasons[i],
			"kind", "bounced", "count", s->counts[i], "first",
			"2026-11-19T00:00:00Z", "last",
			i == 0 ? "2026-11-20T00:00:00Z"
			       : "2026-11-19T12:00:00Z"));
		bounced += s->counts[i];
	}
	return json_pack("{s:s, s:{s:i, s:i}, s:o}", "schema",
	    "presend.bounces/1", "totals", "delivered", s->delivered, "bounced",
	    bounced, "clusters", clusters);
}

static void
make(const struct side sides[2], struct bounces_diff *out)
{
	json_t *documents[2] = { document(&sides[0]), document(&sides[1]) };

	assert_int_equal(bounces_diff_make(documents, files, out), RC_OK);
	json_decref(documents[0]);
	json_decref(documents[1]);
}

/* "new spf, gone dkim; 1 same" */
static void
told(const struct bounces_diff *d, char *out, size_t size)
{
	const json_t *counts = json_object_get(d->document, "counts"), *c;
	size_t i, n = 0;

	out[0] = '\0';
	json_array_foreach(json_object_get(d->document, "clusters"), i, c)
	{
		n += (size_t)snprintf(out + n, size - n, "%s %s, ",
		    view_text_of(c, "change"), view_text_of(c, "reason"));
	}
	(void)snprintf(out + n, size - n, "%d same",
	    (int)json_integer_value(json_object_get(counts, "same")));
}

static void
what_became_of_each_cluster_is_told(void **state)
{
	static const struct {
		struct side sides[2];
		const char *want;
		size_t worse;
	} rows[] = {
		{ { { 100, { "spf" }, { 5 } }, { 100, { "spf" }, { 5 } } },
		    "1 same", 0 },
		{ { { 100, { "spf" }, { 5 } }, { 100, { "dkim" }, { 5 } } },
		    "new dkim, gone spf, 0 same", 1 },
		{ { { 1000, { "spf" }, { 50 } }, { 1000, { "spf" }, { 100 } } },
		    "more spf, 0 same", 1 },
		{ { { 1000, { "spf" }, { 100 } }, { 1000, { "spf" }, { 50 } } },
		    "fewer spf, 0 same", 0 },
		/* Twice the mail has twice the bounces. */
		{ { { 1000, { "spf" }, { 50 } }, { 2000, { "spf" }, { 100 } } },
		    "1 same", 0 },
		{ { { 2000, { "spf" }, { 100 } }, { 900, { "spf" }, { 100 } } },
		    "more spf, 0 same", 1 },
		/* Of so few, chance gives as much. */
		{ { { 100, { "spf" }, { 3 } }, { 100, { "spf" }, { 6 } } },
		    "1 same", 0 },
		/* So many differ by more than chance, and by too little. */
		{ { { 900000, { "spf" }, { 100000 } },
		      { 895000, { "spf" }, { 105000 } } },
		    "1 same", 0 },
		/* Bounce messages tell of no delivery: numbers it is. */
		{ { { 0, { "spf" }, { 100 } }, { 9999, { "spf" }, { 200 } } },
		    "more spf, 0 same", 1 },
		/* The order is that of the newer document. */
		{ { { 100, { "a", "b" }, { 1, 1 } },
		      { 100, { "d", "a", "c" }, { 1, 1, 1 } } },
		    "new d, new c, gone b, 1 same", 2 },
		{ { { 0, { NULL }, { 0 } }, { 0, { NULL }, { 0 } } }, "0 same",
		    0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bounces_diff d;
		char text[256];

		make(rows[i].sides, &d);
		told(&d, text, sizeof(text));
		if (strcmp(text, rows[i].want) != 0)
			fail_msg("%zu: %s, not %s", i, text, rows[i].want);
		assert_int_equal(d.worse, rows[i].worse);
		bounces_diff_close(&d);
	}
}

static void
both_sides_are_told(void **state)
{
	static const struct side sides[2] = {
		{ 950, { "spf", "dkim" }, { 40, 10 } },
		{ 900, { "spf" }, { 100 } },
	};
	const json_t *cluster, *new;
	struct bounces_diff d;

	(void)state;
	make(sides, &d);
	cluster = json_array_get(json_object_get(d.document, "clusters"), 0);
	new = json_object_get(cluster, "new");
	assert_string_equal(view_text_of(d.document, "by"), "share");
	assert_int_equal(json_integer_value(json_object_get(new, "count")),
	    100);
	assert_true(json_real_value(json_object_get(new, "percent")) == 10.0);
	assert_true(
	    json_real_value(json_object_get(json_object_get(cluster, "old"),
		"percent")) == 4.0);
	cluster = json_array_get(json_object_get(d.document, "clusters"), 1);
	assert_true(json_is_null(json_object_get(cluster, "new")));
	new = json_object_get(d.document, "new");
	assert_string_equal(view_text_of(new, "file"), "n.json");
	assert_string_equal(view_text_of(new, "last"), "2026-11-20T00:00:00Z");
	bounces_diff_close(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_became_of_each_cluster_is_told),
		cmocka_unit_test(both_sides_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
