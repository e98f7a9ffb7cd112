#include "probes/store.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/table.h"

/* Who waits for an entry; a list, as they are few. */
struct waiter {
	struct waiter *next;
	struct asker *asker;
};

enum entry_state { ENTRY_WANTED, ENTRY_SENT, ENTRY_ANSWERED };

/*
 * An entry is in one of the store's lists: wanted (to be sent), none (sent,
 * or answered and pinned), or idle (answered, held by nobody).
 */
struct entry {
	struct store *store;
	struct arena *arena;
	struct slice key;
	struct question question;
	struct answer answer;
	enum entry_state state;
	bool in_flight; /* a probe works on it, answered or not */
	unsigned int pins;
	struct waiter *waiters;
	struct list *in; /* the list it is in, or NULL */
	struct entry *prev, *next;
};

struct list {
	struct entry *first, *last;
	size_t bytes;
};

struct store {
	struct table *table;
	struct list wanted;
	struct list idle; /* the longest idle first */
	bool recorded;    /* a recording was loaded: ask nothing else */
	store_observer *observer;
	void *observer_arg;
	struct arena *key_arena;
};

enum { ENTRY_BLOCK = 640 };

/* ---- lists ------------------------------------------------------------- */

static size_t
entry_bytes(const struct entry *e)
{
	return arena_size(e->arena) + sizeof(*e);
}

static void
list_append(struct list *l, struct entry *e)
{
	e->in = l;
	e->prev = l->last;
	e->next = NULL;
	if (l->last != NULL)
		l->last->next = e;
	else
		l->first = e;
	l->last = e;
	l->bytes += entry_bytes(e);
}

/* Out of whatever list it is in. */
static void
list_remove(struct entry *e)
{
	struct list *l = e->in;

	if (l == NULL)
		return;
	if (e->prev != NULL)
		e->prev->next = e->next;
	else
		l->first = e->next;
	if (e->next != NULL)
		e->next->prev = e->prev;
	else
		l->last = e->prev;
	l->bytes -= entry_bytes(e);
	e->in = NULL;
	e->prev = e->next = NULL;
}

/* ---- life of entries --------------------------------------------------- */

static struct slice
slices_copy(struct arena *a, struct slice s)
{
	return s.p != NULL ? arena_copy(a, s) : SLICE_NONE;
}

static bool
question_copy(struct arena *a, const struct question *q, struct question *out)
{
	struct ip *ips = NULL;

	*out = *q;
	out->name = slices_copy(a, q->name);
	out->addresses = NULL;
	if (q->n_addresses > 0) {
		ips = arena_new_of(a, struct ip, q->n_addresses);
		if (ips == NULL)
			return false;
		memcpy(ips, q->addresses, q->n_addresses * sizeof(*ips));
		out->addresses = ips;
	}
	return !arena_failed(a);
}

static struct entry *
entry_new(struct store *s, struct slice key, const struct question *q)
{
	struct entry *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->store = s;
	e->arena = arena_new(LIMIT_ANSWER_ARENA, ENTRY_BLOCK);
	if (e->arena == NULL)
		goto fail;
	e->key = arena_copy(e->arena, key);
	if (!question_copy(e->arena, q, &e->question) ||
	    !table_put(s->table, e->key, e))
		goto fail;
	return e;
fail:
	arena_free(e->arena);
	free(e);
	return NULL;
}

static void
entry_free(struct entry *e)
{
	struct waiter *next;

	list_remove(e);
	table_remove(e->store->table, e->key);
	for (struct waiter *w = e->waiters; w != NULL; w = next) {
		next = w->next;
		free(w);
	}
	arena_free(e->arena);
	free(e);
}

struct store *
store_new(void)
{
	struct store *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->table = table_new();
	s->key_arena = arena_new(LIMIT_ANSWER_ARENA, 1024);
	if (s->table == NULL || s->key_arena == NULL) {
		table_free(s->table);
		arena_free(s->key_arena);
		free(s);
		return NULL;
	}
	return s;
}

void
store_free(struct store *s)
{
	if (s == NULL)
		return;
	for (size_t at = 0; table_count(s->table) > 0;) {
		struct entry *e = table_next(s->table, &at);

		if (e == NULL)
			at = 0;
		else
			entry_free(e);
	}
	table_free(s->table);
	arena_free(s->key_arena);
	free(s);
}

/* ---- pins -------------------------------------------------------------- */

static bool
pins_hold(const struct pins *p, const struct entry *e)
{
	/* The latest first: a check asks again in the order it asked. */
	for (size_t i = p->n; i-- > 0;) {
		if (p->entries[i] == e)
			return true;
	}
	return false;
}

static bool
pins_add(struct store *s, struct pins *p, struct entry *e)
{
	if (pins_hold(p, e))
		return true;
	if (p->n == p->cap) {
		size_t cap = p->cap > 0 ? p->cap * 2 : 32;
		struct entry **more = realloc(p->entries, cap * sizeof(*more));

		if (more == NULL)
			return false;
		p->entries = more;
		p->cap = cap;
	}
	p->entries[p->n++] = e;
	if (e->pins++ == 0 && e->in == &s->idle)
		list_remove(e);
	return true;
}

/* Among the idle ones, once it is answered and nobody holds it. */
static void
entry_rest(struct store *s, struct entry *e)
{
	if (e->state != ENTRY_ANSWERED || e->pins > 0 || e->in_flight ||
	    e->in != NULL)
		return;
	if (s->recorded)
		return; /* a recording stays whole */
	list_append(&s->idle, e);
	while (s->idle.bytes > LIMIT_STORE_IDLE)
		entry_free(s->idle.first);
}

void
pins_release(struct store *s, struct pins *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct entry *e = p->entries[i];

		e->pins--;
		entry_rest(s, e);
	}
	free(p->entries);
	*p = (struct pins){ 0 };
}

/* ---- asking ------------------------------------------------------------ */

static bool
waiter_add(struct entry *e, struct asker *a)
{
	struct waiter *w;

	for (w = e->waiters; w != NULL; w = w->next) {
		if (w->asker == a)
			return true;
	}
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		return false;
	*w = (struct waiter){ e->waiters, a };
	e->waiters = w;
	a->pending++;
	return true;
}

static const struct answer no_memory = {
	.seen = SEEN_NOT_ASKED,
	.cause = CAUSE_LIMIT,
};

const struct answer *
evidence_ask(struct asker *a, const struct question *q)
{
	struct store *s = a->store;
	struct slice key;
	struct entry *e;

	arena_reset(s->key_arena);
	key = question_key(s->key_arena, q);
	if (key.p == NULL)
		return &no_memory;
	e = table_get(s->table, key);
	if (e == NULL) {
		if (a->pins->n >= LIMIT_QUESTIONS)
			return &no_memory;
		e = entry_new(s, key, q);
		if (e == NULL)
			return &no_memory;
		if (s->recorded)
			entry_fail(e, SEEN_NOT_ASKED, CAUSE_OFFLINE,
			    "not in the recording");
		else
			list_append(&s->wanted, e);
	}
	if (!pins_add(s, a->pins, e))
		return &no_memory;
	if (e->state == ENTRY_ANSWERED)
		return &e->answer;
	return waiter_add(e, a) ? NULL : &no_memory;
}

/* ---- answering --------------------------------------------------------- */

struct entry *
store_next_wanted(struct store *s)
{
	struct entry *e = s->wanted.first;

	if (e == NULL)
		return NULL;
	list_remove(e);
	e->state = ENTRY_SENT;
	e->in_flight = true;
	return e;
}

const struct question *
entry_question(const struct entry *e)
{
	return &e->question;
}

struct slice
entry_key(const struct entry *e)
{
	return e->key;
}

struct arena *
entry_arena(struct entry *e)
{
	return e->arena;
}

bool
entry_answered(const struct entry *e)
{
	return e->state == ENTRY_ANSWERED;
}

static void
entry_settle(struct entry *e, const struct answer *answer)
{
	struct store *s = e->store;
	struct waiter *w = e->waiters, *next;

	list_remove(e);
	e->answer = *answer;
	e->state = ENTRY_ANSWERED;
	e->waiters = NULL;
	if (s->observer != NULL)
		s->observer(s->observer_arg, &e->question, &e->answer);
	/* The entry may be gone from here on. */
	entry_rest(s, e);
	for (; w != NULL; w = next) {
		struct asker *a = w->asker;

		next = w->next;
		free(w);
		if (--a->pending == 0)
			a->wake(a);
	}
}

void
entry_answer(struct entry *e, const struct answer *answer)
{
	e->in_flight = false;
	if (e->state == ENTRY_ANSWERED)
		entry_rest(e->store, e);
	else
		entry_settle(e, answer);
}

static struct answer
no_answer(struct entry *e, enum seen seen, enum cause cause, const char *detail)
{
	struct answer a = { .seen = seen, .cause = cause };

	if (detail != NULL)
		a.detail = arena_copy(e->arena, slice_str(detail));
	return a;
}

void
entry_fail(struct entry *e, enum seen seen, enum cause cause,
    const char *detail)
{
	struct answer a = no_answer(e, seen, cause, detail);

	entry_answer(e, &a);
}

/* Its probe goes on, and its answer will come too late. */
static void
entry_give_up(struct entry *e, enum cause cause, const char *detail)
{
	struct answer a = no_answer(e, SEEN_NOT_ASKED, cause, detail);

	entry_settle(e, &a);
}

void
store_give_up(struct store *s, struct asker *a, enum cause cause,
    const char *detail)
{
	(void)s;
	/* Each answer may wake the asker; the pins stay until released. */
	for (size_t i = 0; a->pending > 0 && i < a->pins->n; i++) {
		struct entry *e = a->pins->entries[i];

		for (const struct waiter *w = e->waiters; w != NULL;
		     w = w->next) {
			if (w->asker == a) {
				entry_give_up(e, cause, detail);
				break;
			}
		}
	}
}

void
store_forget(struct store *s, struct asker *a)
{
	(void)s;
	for (size_t i = 0; a->pending > 0 && i < a->pins->n; i++) {
		struct waiter **w = &a->pins->entries[i]->waiters;

		while (*w != NULL) {
			struct waiter *gone = *w;

			if (gone->asker != a) {
				w = &gone->next;
				continue;
			}
			*w = gone->next;
			free(gone);
			a->pending--;
		}
	}
}

void
store_observe(struct store *s, store_observer *observer, void *arg)
{
	s->observer = observer;
	s->observer_arg = arg;
}

/* For recording_load(): the answer is there before anyone asks. */
enum rc
store_preload(struct store *s, const struct question *q, struct entry **out)
{
	struct slice key;
	struct entry *e;

	*out = NULL;
	arena_reset(s->key_arena);
	key = question_key(s->key_arena, q);
	if (key.p == NULL)
		return RC_NOMEM;
	if (table_get(s->table, key) != NULL)
		return RC_INVALID;
	e = entry_new(s, key, q);
	if (e == NULL)
		return RC_NOMEM;
	e->state = ENTRY_SENT;
	*out = e;
	return RC_OK;
}

void
store_set_recorded(struct store *s)
{
	s->recorded = true;
}
