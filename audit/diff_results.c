#include "audit/diff_results.h"

#include "audit/views/view.h"
#include "base/table.h"

enum outcome {
	OUTCOME_PASS,
	OUTCOME_FAIL,
	OUTCOME_UNKNOWN,
	OUTCOME_NOT_APPLICABLE,
	OUTCOME_OTHER, /* what no release has written */
};

enum change { CHANGE_OTHER, CHANGE_WORSE, CHANGE_BETTER, CHANGE_LOST };

/*
 * From the row to the column.  What fails now and did not is worse; what no
 * longer fails is better, unless it is merely not known any more.  A pass that
 * is not known any more is worse for a must alone (CHANGE_LOST): without it no
 * verdict holds.
 */
static const enum change changes[OUTCOME_OTHER][OUTCOME_OTHER] = {
	[OUTCOME_PASS] = { CHANGE_OTHER, CHANGE_WORSE, CHANGE_LOST,
	    CHANGE_OTHER },
	[OUTCOME_FAIL] = { CHANGE_BETTER, CHANGE_OTHER, CHANGE_OTHER,
	    CHANGE_BETTER },
	[OUTCOME_UNKNOWN] = { CHANGE_BETTER, CHANGE_WORSE, CHANGE_OTHER,
	    CHANGE_OTHER },
	[OUTCOME_NOT_APPLICABLE] = { CHANGE_OTHER, CHANGE_WORSE, CHANGE_OTHER,
	    CHANGE_OTHER },
};

static enum outcome
outcome_of(const json_t *result)
{
	static const char *const names[] = { "pass", "fail", "unknown",
		"not-applicable" };
	unsigned int i = 0;

	while (i < OUTCOME_OTHER &&
	       strcmp(view_text_of(result, "status"), names[i]) != 0)
		i++;
	return (enum outcome)i;
}

static const char *
change_of(const json_t *before, const json_t *after)
{
	enum outcome old = outcome_of(before), new = outcome_of(after);
	bool must = strcmp(view_text_of(after, "level"), "must") == 0;

	if (old == OUTCOME_OTHER || new == OUTCOME_OTHER)
		return "other";
	switch (changes[old][new]) {
	case CHANGE_WORSE:
		return "worse";
	case CHANGE_BETTER:
		return "better";
	case CHANGE_LOST:
		return must ? "worse" : "other";
	case CHANGE_OTHER:
		break;
	}
	return "other";
}

/* ---- one rule ---------------------------------------------------------- */

static void
copy(json_t *to, const char *name, const json_t *from, const char *key)
{
	json_t *value = json_object_get(from, key);

	if (value != NULL)
		(void)json_object_set(to, name, value);
}

/* What is said of it is what the newer document says. */
static void
append(json_t *list, const char *change, const json_t *before,
    const json_t *after)
{
	static const char *const keys[] = { "rule", "provider", "check",
		"requirement", "audience", "level", "consequence", "title" };
	static const char *const said[] = { "why", "fix", "records", "codes",
		"source", "checked", "unknown" };
	const json_t *known = after != NULL ? after : before;
	json_t *o = json_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		copy(o, keys[i], known, keys[i]);
	(void)json_object_set_new(o, "change", json_string(change));
	copy(o, "old", before, "status");
	copy(o, "new", after, "status");
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		copy(o, said[i], after, said[i]);
	(void)json_array_append_new(list, o);
}

/* ---- all of them ------------------------------------------------------- */

static struct slice
key_of(const json_t *o, const char *key)
{
	return slice_str(view_text_of(o, key));
}

/* By their keys, the first of two; what has none is passed over. */
static bool
index_by(struct table *t, const json_t *list, const char *key)
{
	json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		struct slice k = key_of(o, key);

		if (k.n > 0 && table_get(t, k) == NULL && !table_put(t, k, o))
			return false;
	}
	return true;
}

static void
compare(json_t *list, const json_t *before, const json_t *after,
    struct diff_counts *counts)
{
	const char *change;

	if (before == NULL) {
		append(list, "added", NULL, after);
		return;
	}
	/* The same, or no status of either. */
	if (json_object_get(before, "status") ==
		json_object_get(after, "status") ||
	    json_equal(json_object_get(before, "status"),
		json_object_get(after, "status")))
		return;
	change = change_of(before, after);
	counts->worse += strcmp(change, "worse") == 0;
	counts->better += strcmp(change, "better") == 0;
	append(list, change, before, after);
}

json_t *
diff_results(const json_t *before, const json_t *after,
    struct diff_counts *counts)
{
	struct table *old = table_new(), *new = table_new();
	json_t *list = json_array(), *o;
	size_t i;

	if (old == NULL || new == NULL || list == NULL ||
	    !index_by(old, before, "rule") || !index_by(new, after, "rule")) {
		json_decref(list);
		list = NULL;
	}
	json_array_foreach(after, i, o)
	{
		struct slice key = key_of(o, "rule");

		if (list != NULL && table_get(new, key) == o)
			compare(list, table_get(old, key), o, counts);
	}
	json_array_foreach(before, i, o)
	{
		struct slice key = key_of(o, "rule");

		if (list != NULL && table_get(old, key) == o &&
		    table_get(new, key) == NULL)
			append(list, "removed", o, NULL);
	}
	table_free(old);
	table_free(new);
	return list;
}

json_t *
diff_verdicts(const json_t *before, const json_t *after)
{
	struct table *old = table_new(), *new = table_new();
	json_t *list = json_array(), *o, *verdict;
	size_t i;

	if (old == NULL || new == NULL || list == NULL ||
	    !index_by(old, before, "provider") ||
	    !index_by(new, after, "provider")) {
		json_decref(list);
		list = NULL;
	}
	json_array_foreach(after, i, o)
	{
		if (list == NULL || table_get(new, key_of(o, "provider")) != o)
			continue;
		verdict = json_object();
		copy(verdict, "provider", o, "provider");
		copy(verdict, "old", table_get(old, key_of(o, "provider")),
		    "verdict");
		copy(verdict, "new", o, "verdict");
		(void)json_array_append_new(list, verdict);
	}
	table_free(old);
	table_free(new);
	return list;
}
