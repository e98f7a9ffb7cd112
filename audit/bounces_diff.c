#include "audit/bounces_diff.h"

#include <string.h>

#include "audit/document.h"
#include "audit/views/view.h"
#include "checks/check.h"

enum side { OLD, NEW, SIDES };

static const char *const side_names[SIDES] = { "old", "new" };

enum change { CHANGE_NEW, CHANGE_MORE, CHANGE_FEWER, CHANGE_GONE, CHANGE_SAME };

enum { CHANGES = CHANGE_SAME + 1 };

static const char *const change_names[CHANGES] = { "new", "more", "fewer",
	"gone", "same" };

/* A tenth more or less is as before. */
static const double NOTICEABLE = 1.1;

struct comparing {
	json_t *const *documents;
	json_t *places[SIDES]; /* key of a cluster: where it stands */
	double attempts[SIDES];
	bool by_share;
	json_t *lists[CHANGES];
	size_t counts[CHANGES];
};

static json_int_t
number(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? n : 0;
}

static const json_t *
clusters(const struct comparing *c, enum side side)
{
	return json_object_get(c->documents[side], "clusters");
}

/* ---- which is which ---------------------------------------------------- */

/* What makes two clusters one and the same, as one text; the caller's. */
static json_t *
key_of(const json_t *cluster)
{
	static const char *const keys[] = { "provider", "reply", "status",
		"reason", "kind", "pattern" };
	json_t *all = json_array(), *text;
	char *dumped;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		(void)json_array_append_new(all,
		    json_string(view_text_of(cluster, keys[i])));
	dumped = json_dumps(all, JSON_COMPACT);
	text = json_string(dumped != NULL ? dumped : "");
	free(dumped);
	json_decref(all);
	return text;
}

/* The first of a key counts; a document of presend has no second. */
static void
note_places(struct comparing *c, enum side side)
{
	const json_t *cluster;
	size_t i;

	c->places[side] = json_object();
	json_array_foreach(clusters(c, side), i, cluster)
	{
		json_t *key = key_of(cluster);
		const char *text = json_string_value(key);

		if (json_object_get(c->places[side], text) == NULL)
			(void)json_object_set_new(c->places[side], text,
			    json_integer((json_int_t)i));
		json_decref(key);
	}
}

static const json_t *
counterpart(const struct comparing *c, enum side side, const char *key)
{
	const json_t *at = json_object_get(c->places[side], key);

	return at != NULL ? json_array_get(clusters(c, side),
				(size_t)json_integer_value(at))
			  : NULL;
}

/* ---- what became of it ------------------------------------------------- */

static double
share(const struct comparing *c, enum side side, const json_t *cluster)
{
	double count = (double)number(cluster, "count");

	return c->by_share ? count / c->attempts[side] : count;
}

/*
 * As many as before would be so many now.  What is a tenth off, and more than
 * chance gives (twice the deviation of two such counts), is a change.
 */
static enum change
change_of(const struct comparing *c, const json_t *pair[SIDES])
{
	double expected, now, off;

	if (pair[OLD] == NULL)
		return CHANGE_NEW;
	if (pair[NEW] == NULL)
		return CHANGE_GONE;
	expected = share(c, OLD, pair[OLD]);
	if (c->by_share)
		expected *= c->attempts[NEW];
	now = (double)number(pair[NEW], "count");
	off = now - expected;
	if (off * off <= 4 * (now + expected))
		return CHANGE_SAME;
	if (now > expected * NOTICEABLE)
		return CHANGE_MORE;
	return expected > now * NOTICEABLE ? CHANGE_FEWER : CHANGE_SAME;
}

/* One side of it; null: it is not there. */
static json_t *
side_json(const struct comparing *c, enum side side, const json_t *cluster)
{
	static const char *const keys[] = { "count", "recipients",
		"recipients_estimated", "first", "last" };
	json_t *o;

	if (cluster == NULL)
		return json_null();
	o = json_object();
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *value = json_object_get(cluster, keys[i]);

		if (value != NULL)
			(void)json_object_set(o, keys[i], value);
	}
	if (c->by_share)
		(void)json_object_set_new(o, "percent",
		    json_real(100 * share(c, side, cluster)));
	return o;
}

static enum rc
add(struct comparing *c, const json_t *pair[SIDES])
{
	static const char *const keys[] = { "provider", "reply", "status",
		"reason", "kind", "rules", "title", "fix", "pattern", "source",
		"text" };
	const json_t *known = pair[NEW] != NULL ? pair[NEW] : pair[OLD];
	enum change change = change_of(c, pair);
	json_t *o;

	c->counts[change]++;
	if (change == CHANGE_SAME)
		return RC_OK;
	o = json_pack("{s:s}", "change", change_names[change]);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *value = json_object_get(known, keys[i]);

		if (value != NULL)
			(void)json_object_set(o, keys[i], value);
	}
	for (int i = 0; i < SIDES; i++)
		(void)json_object_set_new(o, side_names[i],
		    side_json(c, (enum side)i, pair[i]));
	return json_array_append_new(c->lists[change], o) == 0 ? RC_OK
							       : RC_NOMEM;
}

/* In the order of the newer, which is what to mend first; then what is gone. */
static enum rc
compare(struct comparing *c)
{
	enum rc rc = RC_OK;

	for (int side = NEW; side >= OLD; side--) {
		const json_t *cluster;
		size_t i;

		json_array_foreach(clusters(c, (enum side)side), i, cluster)
		{
			json_t *key = key_of(cluster);
			const char *text = json_string_value(key);
			const json_t *pair[SIDES] = {
				counterpart(c, OLD, text),
				counterpart(c, NEW, text),
			};
			bool first = pair[side] == cluster;

			if (rc == RC_OK && first &&
			    (side == NEW || pair[NEW] == NULL))
				rc = add(c, pair);
			json_decref(key);
		}
	}
	return rc;
}

/* ---- the document ------------------------------------------------------ */

/* The first and last time of all clusters; RFC 3339 in UTC sorts by time. */
static void
add_times(json_t *o, const json_t *clusters)
{
	const char *first = "", *last = "";
	const json_t *cluster;
	size_t i;

	json_array_foreach(clusters, i, cluster)
	{
		const char *from = view_text_of(cluster, "first");
		const char *to = view_text_of(cluster, "last");

		if (*from != '\0' &&
		    (*first == '\0' || strcmp(from, first) < 0))
			first = from;
		if (strcmp(to, last) > 0)
			last = to;
	}
	if (*first != '\0')
		(void)json_object_set_new(o, "first", json_string(first));
	if (*last != '\0')
		(void)json_object_set_new(o, "last", json_string(last));
}

static json_t *
origin(const struct comparing *c, enum side side, const char *file)
{
	static const char *const keys[] = { "delivered", "deferred",
		"bounced" };
	const json_t *totals = json_object_get(c->documents[side], "totals");
	json_t *o = json_object(), *generator;

	generator = json_object_get(c->documents[side], "generator");
	(void)json_object_set_new(o, "file", check_json(slice_str(file)));
	if (generator != NULL)
		(void)json_object_set(o, "generator", generator);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		(void)json_object_set_new(o, keys[i],
		    json_integer(number(totals, keys[i])));
	add_times(o, clusters(c, side));
	return o;
}

static json_t *
document_of(const struct comparing *c, const char *const files[SIDES])
{
	json_t *o = json_pack("{s:s, s:s}", "schema", BOUNCES_DIFF_SCHEMA,
	    "generator", "presend " PACKAGE_VERSION);
	json_t *counts = json_object(), *all = json_array();

	for (int i = 0; i < SIDES; i++)
		(void)json_object_set_new(o, side_names[i],
		    origin(c, (enum side)i, files[i]));
	(void)json_object_set_new(o, "by",
	    json_string(c->by_share ? "share" : "count"));
	for (size_t i = 0; i < CHANGES; i++) {
		(void)json_object_set_new(counts, change_names[i],
		    json_integer((json_int_t)c->counts[i]));
		if (i != CHANGE_SAME)
			(void)json_array_extend(all, c->lists[i]);
	}
	(void)json_object_set_new(o, "counts", counts);
	(void)json_object_set_new(o, "clusters", all);
	return o;
}

enum rc
bounces_diff_make(json_t *const documents[SIDES],
    const char *const files[SIDES], struct bounces_diff *out)
{
	struct comparing c = { .documents = documents, .by_share = true };
	enum rc rc;

	for (int i = 0; i < SIDES; i++) {
		const json_t *totals = json_object_get(documents[i], "totals");
		double delivered = (double)number(totals, "delivered");

		c.attempts[i] = delivered + (double)number(totals, "deferred") +
				(double)number(totals, "bounced");
		c.by_share = c.by_share && delivered > 0;
		note_places(&c, (enum side)i);
	}
	for (size_t i = 0; i < CHANGES; i++)
		c.lists[i] = json_array();
	rc = compare(&c);
	*out = (struct bounces_diff){
		.document = rc == RC_OK ? document_of(&c, files) : NULL,
		.worse = c.counts[CHANGE_NEW] + c.counts[CHANGE_MORE],
	};
	for (int i = 0; i < SIDES; i++)
		json_decref(c.places[i]);
	for (size_t i = 0; i < CHANGES; i++)
		json_decref(c.lists[i]);
	return rc == RC_OK && out->document == NULL ? RC_NOMEM : rc;
}

void
bounces_diff_close(struct bounces_diff *d)
{
	json_decref(d->document);
	*d = (struct bounces_diff){ .document = NULL };
}
