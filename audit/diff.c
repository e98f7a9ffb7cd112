#include "audit/diff.h"

#include "audit/diff_facts.h"
#include "base/limits.h"
#include "checks/check.h"

enum { SCRATCH_BLOCK = 64 * 1024 };

enum side { OLD, NEW, SIDES };

static const char *const side_names[SIDES] = { "old", "new" };

struct comparing {
	struct diff *out;
	struct arena *scratch; /* emptied for each audit */
	size_t states[4];      /* see state_names */
};

enum state { STATE_SAME, STATE_CHANGED, STATE_ADDED, STATE_REMOVED };

static const char *const state_names[] = { "same", "changed", "added",
	"removed" };

/* ---- one audit --------------------------------------------------------- */

/* What is audited, besides the octets of the sample. */
static enum rc
compare_subjects(struct comparing *c, json_t *pair[SIDES], json_t *to)
{
	static const char *const keys[] = { "ips", "helo", "mail_from",
		"audience", "class" };
	struct diff_facts d = { .arena = c->scratch, .list = json_array() };
	json_t *subjects[SIDES], *message[SIDES];
	enum rc rc = RC_OK;

	for (int i = 0; i < SIDES; i++)
		subjects[i] = json_object_get(pair[i], "subject");
	for (size_t i = 0; rc == RC_OK && i < sizeof(keys) / sizeof(*keys); i++)
		rc = diff_facts(&d, keys[i],
		    json_object_get(subjects[OLD], keys[i]),
		    json_object_get(subjects[NEW], keys[i]));
	for (int i = 0; i < SIDES; i++)
		message[i] = json_object_get(subjects[i], "message");
	if (rc == RC_OK)
		rc = diff_facts(&d, "message", message[OLD], message[NEW]);
	(void)json_object_set_new(to, "subject_changes", d.list);
	return rc == RC_LIMIT ? RC_OK : rc;
}

static void
compare_errors(struct comparing *c, json_t *pair[SIDES], json_t *to)
{
	json_t *o = json_object();
	bool any = false;

	for (int i = 0; i < SIDES; i++) {
		json_t *error = json_object_get(pair[i], "error");

		any = any || json_is_string(error);
		if (json_is_string(error))
			(void)json_object_set(o, side_names[i], error);
	}
	/* What was judged and cannot be any more. */
	c->out->counts.worse += json_object_get(o, "new") != NULL &&
				json_object_get(o, "old") == NULL;
	if (any && json_object_size(o) < SIDES)
		(void)json_object_set(to, "error", o);
	json_decref(o);
}

/* "subject" is among the facts for rules, and stands above. */
static enum rc
compare_facts(struct comparing *c, json_t *pair[SIDES], json_t *to)
{
	struct diff_facts d = { .arena = c->scratch, .list = json_array() };
	json_t *facts[SIDES], *value;
	enum rc rc = RC_OK;
	const char *key;

	for (int i = 0; i < SIDES; i++)
		facts[i] = json_object_get(pair[i], "facts");
	json_object_foreach(facts[OLD], key, value)
	{
		if (rc == RC_OK && strcmp(key, "subject") != 0)
			rc = diff_facts(&d, key, value,
			    json_object_get(facts[NEW], key));
	}
	json_object_foreach(facts[NEW], key, value)
	{
		if (rc == RC_OK && strcmp(key, "subject") != 0 &&
		    json_object_get(facts[OLD], key) == NULL)
			rc = diff_facts(&d, key, NULL, value);
	}
	(void)json_object_set_new(to, "facts", d.list);
	if (rc == RC_LIMIT) { /* no room for their paths: there are more */
		d.more++;
		rc = RC_OK;
	}
	if (d.more > 0)
		(void)json_object_set_new(to, "facts_more",
		    json_integer((json_int_t)d.more));
	return rc;
}

static bool
is_empty(const json_t *o, const char *key)
{
	return json_array_size(json_object_get(o, key)) == 0;
}

static bool
same_verdicts(const json_t *o)
{
	const json_t *verdict;
	size_t i;

	json_array_foreach(json_object_get(o, "verdicts"), i, verdict)
	{
		const json_t *old = json_object_get(verdict, "old");
		const json_t *new = json_object_get(verdict, "new");

		if (old != new && !json_equal(old, new))
			return false;
	}
	return true;
}

static bool
is_same(const json_t *o)
{
	return is_empty(o, "results") && is_empty(o, "facts") &&
	       is_empty(o, "subject_changes") && same_verdicts(o) &&
	       json_object_get(o, "error") == NULL;
}

static enum rc
compare_parts(struct comparing *c, json_t *pair[SIDES], json_t *o)
{
	struct diff_counts before = c->out->counts;
	json_t *results, *verdicts;
	enum rc rc;

	compare_errors(c, pair, o);
	results = diff_results(json_object_get(pair[OLD], "results"),
	    json_object_get(pair[NEW], "results"), &c->out->counts);
	verdicts = diff_verdicts(json_object_get(pair[OLD], "verdicts"),
	    json_object_get(pair[NEW], "verdicts"));
	(void)json_object_set_new(o, "worse",
	    json_integer((json_int_t)(c->out->counts.worse - before.worse)));
	(void)json_object_set_new(o, "better",
	    json_integer((json_int_t)(c->out->counts.better - before.better)));
	(void)json_object_set_new(o, "verdicts", verdicts);
	(void)json_object_set_new(o, "results", results);
	if (results == NULL || verdicts == NULL)
		return RC_NOMEM;
	rc = compare_subjects(c, pair, o);
	return rc == RC_OK ? compare_facts(c, pair, o) : rc;
}

static enum rc
compare(struct comparing *c, const struct diff_pair *p)
{
	json_t *pair[SIDES] = { p->before, p->after };
	json_t *known = p->after != NULL ? p->after : p->before;
	enum state state = STATE_CHANGED;
	json_t *o = json_object();
	enum rc rc = RC_OK;

	if (p->before == NULL)
		state = STATE_ADDED;
	if (p->after == NULL)
		state = STATE_REMOVED;
	arena_reset(c->scratch);
	(void)json_object_set_new(o, "state", json_null()); /* comes first */
	(void)json_object_set(o, "subject", json_object_get(known, "subject"));
	if (state == STATE_CHANGED)
		rc = compare_parts(c, pair, o);
	if (state == STATE_CHANGED && rc == RC_OK && is_same(o))
		state = STATE_SAME;
	(void)json_object_set_new(o, "state", json_string(state_names[state]));
	c->states[state]++;
	if (rc == RC_OK && state != STATE_SAME &&
	    json_array_append(c->out->audits, o) != 0)
		rc = RC_NOMEM;
	json_decref(o);
	return rc;
}

/* ---- the document ------------------------------------------------------ */

static json_t *
origin(const struct saved *s, const char *file)
{
	static const char *const keys[] = { "generator", "as_of" };
	json_t *o = json_object();

	(void)json_object_set_new(o, "file", check_json(slice_str(file)));
	for (size_t i = 0; i < 2; i++) {
		json_t *value = json_object_get(s->header, keys[i]);

		if (value != NULL)
			(void)json_object_set(o, keys[i], value);
	}
	return o;
}

static json_t *
make_header(const struct comparing *c, const struct saved saved[2],
    const char *const files[2])
{
	json_t *header = json_object(), *counts = json_object();
	const struct diff_counts *n = &c->out->counts;

	(void)json_object_set_new(header, "schema", json_string(DIFF_SCHEMA));
	(void)json_object_set_new(header, "generator",
	    json_string("presend " PACKAGE_VERSION));
	for (int i = 0; i < SIDES; i++)
		(void)json_object_set_new(header, side_names[i],
		    origin(&saved[i], files[i]));
	(void)json_object_set_new(counts, "worse",
	    json_integer((json_int_t)n->worse));
	(void)json_object_set_new(counts, "better",
	    json_integer((json_int_t)n->better));
	for (size_t i = 0; i < sizeof(state_names) / sizeof(*state_names); i++)
		(void)json_object_set_new(counts, state_names[i],
		    json_integer((json_int_t)c->states[i]));
	(void)json_object_set_new(header, "counts", counts);
	return header;
}

enum rc
diff_make(struct arena *a, const struct saved saved[2],
    const char *const files[2], struct diff *out)
{
	struct comparing c = { .out = out };
	struct diff_pair *pairs;
	size_t n = 0;
	enum rc rc;

	*out = (struct diff){ .audits = json_array() };
	c.scratch = arena_new(LIMIT_AUDIT_ARENA, SCRATCH_BLOCK);
	rc = c.scratch != NULL && out->audits != NULL ? RC_OK : RC_NOMEM;
	if (rc == RC_OK)
		rc = diff_match(a, saved[OLD].audits, saved[NEW].audits, &pairs,
		    &n);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = compare(&c, &pairs[i]);
	if (rc == RC_OK)
		out->header = make_header(&c, saved, files);
	arena_free(c.scratch);
	return rc;
}

void
diff_close(struct diff *d)
{
	json_decref(d->header);
	json_decref(d->audits);
	*d = (struct diff){ .header = NULL };
}
