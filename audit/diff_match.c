#include "audit/diff.h"
#include "audit/views/view.h"
#include "base/table.h"

/* By how much two audits must agree; from pass to pass by less. */
enum pass { PASS_ALL, PASS_MESSAGE, PASS_FILE, PASS_DOMAIN, N_PASSES };

/* One of the older audits that has no partner yet. */
struct waiting {
	json_t *audit;
	struct waiting *next; /* of the same key */
	bool paired;
	bool alone; /* it is the only one of its key */
};

struct matching {
	struct arena *arena;
	struct waiting *old;
	size_t n_old;
	struct diff_pair *pairs; /* those of the newer come first */
	size_t n_new;
};

/* ---- keys -------------------------------------------------------------- */

static struct slice
text_of(const json_t *o, const char *key)
{
	return slice_str(view_text_of(o, key));
}

/* What is said of one message; a file may be another message by now. */
static struct slice
message_key(const json_t *subject, enum pass pass)
{
	const json_t *message = json_object_get(subject, "message");

	if (!json_is_object(message))
		return SLICE_LIT("-");
	return text_of(message, pass == PASS_FILE ? "file" : "sha256");
}

static struct slice
senders_key(struct arena *a, const json_t *subject)
{
	struct slice key = SLICE_LIT("");
	const json_t *ip;
	size_t i;

	json_array_foreach(json_object_get(subject, "ips"), i, ip)
	{
		const char *text = json_string_value(ip);

		key = arena_slicef(a, "%.*s%s ", SLICE_FMT(key),
		    text != NULL ? text : "");
	}
	return arena_slicef(a, "%.*s\n%s\n%s", SLICE_FMT(key),
	    view_text_of(subject, "helo"), view_text_of(subject, "mail_from"));
}

/* Nothing: this audit has no part in the pass. */
static struct slice
key_of(struct arena *a, const json_t *audit, enum pass pass)
{
	const json_t *subject = json_object_get(audit, "subject");
	const char *domain = view_text_of(subject, "domain");
	struct slice message = message_key(subject, pass);

	switch (pass) {
	case PASS_ALL:
		return arena_slicef(a, "%s\n%.*s\n%.*s", domain,
		    SLICE_FMT(message), SLICE_FMT(senders_key(a, subject)));
	case PASS_MESSAGE:
	case PASS_FILE:
		return message.n > 0 ? arena_slicef(a, "%s\n%.*s", domain,
					   SLICE_FMT(message))
				     : SLICE_NONE;
	case PASS_DOMAIN:
	case N_PASSES:
		break;
	}
	return arena_slicef(a, "%s", domain);
}

/* ---- a pass ------------------------------------------------------------ */

/* Those that wait, by key; the first of the document comes first. */
static bool
index_old(struct matching *m, struct table *t, enum pass pass)
{
	for (size_t i = m->n_old; i-- > 0;) {
		struct waiting *w = &m->old[i], *other;
		struct slice key;

		if (w->paired)
			continue;
		key = key_of(m->arena, w->audit, pass);
		if (key.n == 0)
			continue;
		other = table_get(t, key);
		w->next = other;
		w->alone = other == NULL;
		if (!table_put(t, key, w))
			return false;
	}
	return true;
}

/* Of a domain alone it must be clear which is meant. */
static bool
count_new(struct matching *m, struct table *t)
{
	for (size_t i = 0; i < m->n_new; i++) {
		struct slice key;

		if (m->pairs[i].before != NULL)
			continue;
		key = key_of(m->arena, m->pairs[i].after, PASS_DOMAIN);
		/* A second one: neither is meant, as the value says. */
		if (!table_put(t, key,
			table_get(t, key) == NULL ? (void *)&m->pairs[i]
						  : (void *)m))
			return false;
	}
	return true;
}

/* The next one of that key is who waits now. */
static void
take(struct table *old, struct slice key, struct waiting *w)
{
	w->paired = true;
	if (w->next == NULL)
		table_remove(old, key);
	else
		(void)table_put(old, key, w->next); /* in its place */
}

static void
pair_up(struct matching *m, struct table *old, struct table *new,
    enum pass pass)
{
	for (size_t i = 0; i < m->n_new; i++) {
		struct diff_pair *p = &m->pairs[i];
		struct waiting *w;
		struct slice key;

		if (p->before != NULL)
			continue;
		key = key_of(m->arena, p->after, pass);
		w = key.n > 0 ? table_get(old, key) : NULL;
		if (w == NULL ||
		    (new != NULL && (!w->alone || table_get(new, key) != p)))
			continue;
		take(old, key, w);
		p->before = w->audit;
	}
}

static enum rc
run_pass(struct matching *m, enum pass pass)
{
	struct table *old = table_new(), *new = NULL;
	bool good = old != NULL && index_old(m, old, pass);

	if (pass == PASS_DOMAIN) {
		new = table_new();
		good = good && new != NULL &&count_new(m, new);
	}
	if (good)
		pair_up(m, old, new, pass);
	table_free(old);
	table_free(new);
	return good ? RC_OK : RC_NOMEM;
}

/* ---- all --------------------------------------------------------------- */

enum rc
diff_match(struct arena *a, const json_t *before, const json_t *after,
    struct diff_pair **out, size_t *n)
{
	struct matching m = { .arena = a,
		.n_old = json_array_size(before),
		.n_new = json_array_size(after) };
	enum rc rc = RC_OK;

	m.old = arena_new_of(a, struct waiting, m.n_old + 1);
	m.pairs = arena_new_of(a, struct diff_pair, m.n_old + m.n_new + 1);
	if (m.old == NULL || m.pairs == NULL)
		return RC_LIMIT;
	for (size_t i = 0; i < m.n_old; i++)
		m.old[i].audit = json_array_get(before, i);
	for (size_t i = 0; i < m.n_new; i++)
		m.pairs[i].after = json_array_get(after, i);
	for (int pass = 0; pass < N_PASSES && rc == RC_OK; pass++)
		rc = run_pass(&m, (enum pass)pass);
	*out = m.pairs;
	*n = m.n_new;
	for (size_t i = 0; i < m.n_old; i++) {
		if (!m.old[i].paired)
			m.pairs[(*n)++].before = m.old[i].audit;
	}
	return rc == RC_OK && arena_failed(a) ? RC_LIMIT : rc;
}
