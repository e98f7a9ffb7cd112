#include "probes/store.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/table.h"

/*
 * gcc's analyzer does not follow what the table and the lists hold: whatever
 * is taken out of one of them looks lost to it.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

/* Who waits for an entry; a list, as they are few. */
struct waiter {
	struct waiter *next;
	struct asker *asker;
};

enum entry_state {
	ENTRY_WANTED,
	ENTRY_SENT,
	ENTRY_ANSWERED,
	ENTRY_ABANDONED, /* given up by all who waited; see entry_abandon() */
};

/* What an audit holds, and what it saw in place of an answer. */
struct pin {
	struct entry *entry;
	bool given_up;
	bool told;                   /* to a witness */
	struct answer *seen_instead; /* NULL: no memory was left for it */
};

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
	struct answer_reading reading;
	enum entry_state state;
	bool in_flight; /* a probe works on it, answered or not */
	bool sent;      /* a probe has worked on it */
	unsigned int pins;
	struct waiter *waiters;
	struct list *in; /* the list it is in, or NULL */
	struct entry *prev, *next;
};

static const struct answer no_memory = {
	.seen = SEEN_NOT_ASKED,
	.cause = CAUSE_LIMIT,
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
	out->body = slices_copy(a, q->body);
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

static struct pin *
pins_find(const struct pins *p, const struct entry *e)
{
	/* The latest first: a check asks again in the order it asked. */
	for (size_t i = p->n; i-- > 0;) {
		if (p->list[i].entry == e)
			return &p->list[i];
	}
	return NULL;
}

static const struct answer *
pin_answer(const struct pin *pin)
{
	return pin->seen_instead != NULL ? pin->seen_instead : &no_memory;
}

static struct pin *
pins_add(struct store *s, struct pins *p, struct entry *e)
{
	if (p->n == p->cap) {
		size_t cap = p->cap > 0 ? p->cap * 2 : 32;
		struct pin *more = realloc(p->list, cap * sizeof(*more));

		if (more == NULL)
			return NULL;
		p->list = more;
		p->cap = cap;
	}
	p->list[p->n++] = (struct pin){ .entry = e };
	if (e->pins++ == 0 && e->in == &s->idle)
		list_remove(e);
	return &p->list[p->n - 1];
}

/* It may have been sent, and may not be sent again: it is kept. */
static bool
entry_is_spent(const struct entry *e)
{
	return e->question.kind == QUESTION_POST && e->sent;
}

/* Among the idle ones, once it is answered and nobody holds it. */
static void
entry_rest(struct store *s, struct entry *e)
{
	if (e->pins > 0 || e->in_flight || e->in != NULL || entry_is_spent(e))
		return;
	if (e->state == ENTRY_ABANDONED) {
		entry_free(e); /* nothing came of it */
		return;
	}
	if (e->state != ENTRY_ANSWERED)
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
		struct entry *e = p->list[i].entry;

		free(p->list[i].seen_instead);
		e->pins--;
		entry_rest(s, e);
	}
	free(p->list);
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

/* The question's entry, made if there is none; NULL: it cannot be made. */
static struct entry *
entry_find(struct store *s, const struct question *q, const struct pins *p)
{
	struct slice key;
	struct entry *e;

	arena_reset(s->key_arena);
	key = question_key(s->key_arena, q);
	e = key.p != NULL ? table_get(s->table, key) : NULL;
	if (e != NULL || key.p == NULL)
		return e;
	if (p->n >= LIMIT_QUESTIONS || p->witness != NULL)
		return NULL;
	e = entry_new(s, key, q);
	if (e == NULL)
		return NULL;
	if (s->recorded)
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_OFFLINE,
		    "not in the recording");
	else
		list_append(&s->wanted, e);
	return e;
}

/* Another audit wants what all before it gave up. */
static void
entry_revive(struct store *s, struct entry *e)
{
	e->state = e->in_flight ? ENTRY_SENT : ENTRY_WANTED;
	if (!e->in_flight)
		list_append(&s->wanted, e);
}

static const struct answer *
witnessed(const struct pins *p, struct pin *pin, const struct answer *answer)
{
	if (p->witness != NULL && !pin->told) {
		p->witness(p->witness_arg, &pin->entry->question, answer);
		pin->told = true;
	}
	return answer;
}

const struct answer *
evidence_ask(struct asker *a, const struct question *q)
{
	struct store *s = a->store;
	struct entry *e = entry_find(s, q, a->pins);
	struct pin *pin;

	if (e == NULL)
		return &no_memory;
	pin = e->pins > 0 ? pins_find(a->pins, e) : NULL;
	if (pin == NULL && (pin = pins_add(s, a->pins, e)) == NULL)
		return &no_memory;
	if (pin->given_up)
		return witnessed(a->pins, pin, pin_answer(pin));
	if (e->state == ENTRY_ANSWERED)
		return witnessed(a->pins, pin, &e->answer);
	if (a->pins->witness != NULL)
		return NULL;
	if (e->state == ENTRY_ABANDONED)
		entry_revive(s, e);
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
	e->sent = true;
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
	return e->state == ENTRY_ANSWERED || e->state == ENTRY_ABANDONED;
}

static void
entry_settle(struct entry *e, const struct answer *answer)
{
	struct store *s = e->store;
	struct waiter *w = e->waiters, *next;

	list_remove(e);
	e->answer = *answer;
	e->reading = (struct answer_reading){ .arena = e->arena };
	e->answer.reading = &e->reading;
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
	/* Too late for who gave it up, but there will be no other. */
	if (e->state == ENTRY_ABANDONED && entry_is_spent(e))
		entry_settle(e, answer);
	else if (entry_answered(e))
		entry_rest(e->store, e);
	else
		entry_settle(e, answer);
}

void
entry_fail(struct entry *e, enum seen seen, enum cause cause,
    const char *detail)
{
	struct answer a = { .seen = seen, .cause = cause };

	if (detail != NULL)
		a.detail = arena_copy(e->arena, slice_str(detail));
	entry_answer(e, &a);
}

/* Takes the asker off those who wait; whether it was among them. */
static bool
waiter_remove(struct entry *e, struct asker *a)
{
	for (struct waiter **w = &e->waiters; *w != NULL; w = &(*w)->next) {
		struct waiter *gone = *w;

		if (gone->asker != a)
			continue;
		*w = gone->next;
		free(gone);
		a->pending--;
		return true;
	}
	return false;
}

/*
 * Nobody waits any more.  A probe that works on it goes on, and its answer
 * comes too late; who has not given it up may still ask.
 */
static void
entry_abandon(struct entry *e, const struct answer *answer)
{
	struct store *s = e->store;

	list_remove(e);
	e->state = ENTRY_ABANDONED;
	if (s->observer != NULL)
		s->observer(s->observer_arg, &e->question, answer);
}

static void
pin_give_up(struct pin *pin, enum cause cause, struct slice detail)
{
	if (pin->given_up)
		return;
	pin->given_up = true;
	pin->seen_instead = malloc(sizeof(*pin->seen_instead));
	if (pin->seen_instead != NULL)
		*pin->seen_instead = (struct answer){ .seen = SEEN_NOT_ASKED,
			.cause = cause,
			.detail = detail };
}

void
store_give_up(struct store *s, struct asker *a, enum cause cause,
    struct slice detail)
{
	unsigned int before = a->pending;

	(void)s;
	for (size_t i = 0; a->pending > 0 && i < a->pins->n; i++) {
		struct pin *pin = &a->pins->list[i];

		if (!waiter_remove(pin->entry, a))
			continue;
		pin_give_up(pin, cause, detail);
		if (pin->entry->waiters == NULL)
			entry_abandon(pin->entry, pin_answer(pin));
	}
	if (before > 0 && a->pending == 0)
		a->wake(a);
}

void
store_forget(struct store *s, struct asker *a)
{
	(void)s;
	for (size_t i = 0; a->pending > 0 && i < a->pins->n; i++)
		(void)waiter_remove(a->pins->list[i].entry, a);
}

void
store_observe(struct store *s, store_observer *observer, void *arg)
{
	s->observer = observer;
	s->observer_arg = arg;
}

enum rc
store_preload(struct store *s, const struct question *q, struct entry **out)
{
	struct slice key;
	struct entry *e;

	*out = NULL;
	arena_reset(s->key_arena);
	key = question_key(s->key_arena, q);
	if (key.p == NULL)
		return RC_LIMIT;
	e = table_get(s->table, key);
	if (e == NULL)
		e = entry_new(s, key, q);
	else if (e->answer.seen != SEEN_NOT_ASKED)
		return RC_OK;
	if (e == NULL)
		return RC_NOMEM;
	e->state = ENTRY_SENT;
	*out = e;
	return RC_OK;
}

bool
store_holds(const struct store *s, enum question_kind kind)
{
	const struct entry *e;

	for (size_t at = 0; (e = table_next(s->table, &at)) != NULL;) {
		if (e->question.kind == kind)
			return true;
	}
	return false;
}

void
store_set_recorded(struct store *s)
{
	s->recorded = true;
}
