#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fact_types.h"
#include "rules/fact.h"

struct walk {
	struct arena *arena;
	const struct check *check;
	const struct facts *known;
};

static enum fact_kind
kind_of(const json_t *j)
{
	switch (json_typeof(j)) {
	case JSON_NULL:
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		return FACT_BOOL;
	case JSON_INTEGER:
	case JSON_REAL:
		return FACT_NUMBER;
	case JSON_STRING:
		return FACT_TEXT;
	case JSON_ARRAY:
		return FACT_LIST;
	case JSON_OBJECT:
		return FACT_GROUP;
	}
	return FACT_ANY; /* every fact may be null */
}

static void
is_known(const struct walk *w, struct slice path, const json_t *j)
{
	const struct fact *fact = facts_find(w->known, path);
	const struct fact_doc *doc = w->check->facts;
	enum fact_kind is = kind_of(j);

	while (doc->path != NULL && !slice_eq(slice_str(doc->path), path))
		doc++;
	if (json_is_null(j) && doc->path != NULL &&
	    !checks_may_be_null(w->check, doc))
		fail_msg(
		    "%s: %.*s is null, and its meaning says nothing of that",
		    w->check->name, SLICE_FMT(path));
	if (fact == NULL) {
		if (!facts_unsaid(w->known, path))
			fail_msg("%s: no fact %.*s in its table",
			    w->check->name, SLICE_FMT(path));
		return;
	}
	if (is != FACT_ANY && fact->kind != FACT_ANY && is != fact->kind)
		fail_msg("%s: %.*s is %s, and the table says %s",
		    w->check->name, SLICE_FMT(path), fact_kind_text(is),
		    fact_kind_text(fact->kind));
	/* Any list of problems may end with it (check_problem()). */
	if (is == FACT_TEXT &&
	    strcmp(json_string_value(j), "problems.more") != 0 &&
	    !fact_may_be(fact, slice_str(json_string_value(j))))
		fail_msg("%s: %.*s is %s, and the table has only %.*s",
		    w->check->name, SLICE_FMT(path), json_string_value(j),
		    SLICE_FMT(fact->words));
}

static void
walk(const struct walk *w, struct slice path, json_t *j)
{
	const char *key;
	json_t *item;
	size_t i;

	if (path.n > 0)
		is_known(w, path, j);
	json_object_foreach(j, key, item) walk(w,
	    arena_slicef(w->arena, "%.*s%s%s", SLICE_FMT(path),
		path.n > 0 ? "." : "", key),
	    item);
	json_array_foreach(j, i, item)
	    walk(w, arena_slicef(w->arena, "%.*s[]", SLICE_FMT(path)), item);
}

void
fact_types_hold(const struct check *check, const json_t *facts)
{
	struct walk w = { .check = check };
	struct fact_row *rows;
	size_t n = 0;

	if (check->facts == NULL)
		return; /* a test's own, of what is below a check */
	w.arena = arena_new(64 * 1024 * 1024, 64 * 1024);
	assert_non_null(w.arena);
	while (check->facts[n].path != NULL)
		n++;
	rows = arena_new_of(w.arena, struct fact_row, n + 1);
	assert_non_null(rows);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct fact_row){ check->facts[i].path,
			check->facts[i].type, false };
	assert_int_equal(facts_new(w.arena, rows, &w.known), RC_OK);
	walk(&w, SLICE_LIT(""), (json_t *)(uintptr_t)facts);
	arena_free(w.arena);
}
