#include "checks/spf/spf_records.h"

#include "base/limits.h"
#include "checks/spf/spf_macro.h"

/* A domain's record, and its place among those whose targets are asked for. */
struct held {
	struct spf_published published;
	struct held *queue_next;
	bool queued;
};

/* One question of this run. */
struct asked {
	struct asked *next; /* in its bucket */
	uint64_t hash;
	struct slice name;
	uint16_t type;
	const struct answer *answer;
	struct held *held; /* of a TXT question, if its record was wanted */
};

struct spf_records {
	struct check_run *run;
	struct asked **buckets; /* a power of two of them */
	size_t n_buckets;
	size_t n_asked;
	struct held *queue, **queue_end; /* whose targets are to be asked for */
	size_t n_led_to;
	size_t n_steps;
};

enum { BUCKETS_FIRST = 32 };

struct spf_records *
spf_records_new(struct check_run *run)
{
	struct spf_records *rs =
	    arena_new_of(run->arena, struct spf_records, 1);

	if (rs == NULL)
		return NULL;
	rs->run = run;
	rs->n_buckets = BUCKETS_FIRST;
	rs->buckets = arena_new_of(run->arena, struct asked *, rs->n_buckets);
	rs->queue_end = &rs->queue;
	return rs->buckets != NULL ? rs : NULL;
}

struct arena *
spf_records_arena(const struct spf_records *rs)
{
	return rs->run->arena;
}

bool
spf_records_step(struct spf_records *rs)
{
	if (rs->n_steps == LIMIT_SPF_STEPS)
		return false;
	rs->n_steps++;
	return true;
}

void
spf_records_step_back(struct spf_records *rs)
{
	rs->n_steps--;
}

/* ---- questions --------------------------------------------------------- */

/* FNV-1a; who makes names collide gains no more than LIMIT_QUESTIONS. */
static uint64_t
question_hash(struct slice name, uint16_t type)
{
	uint64_t h = 0xcbf29ce484222325u ^ type;

	for (size_t i = 0; i < name.n; i++)
		h = (h ^ name.p[i]) * 0x100000001b3u;
	return h ^ h >> 32;
}

static struct asked **
bucket_of(const struct spf_records *rs, uint64_t hash)
{
	return &rs->buckets[hash & (rs->n_buckets - 1)];
}

/* Without memory for more buckets the chains get longer. */
static void
buckets_double(struct spf_records *rs)
{
	size_t n = rs->n_buckets;
	struct asked **old = rs->buckets, *a, *next;
	struct asked **more =
	    arena_new_of(rs->run->arena, struct asked *, n * 2);

	if (more == NULL)
		return;
	rs->buckets = more;
	rs->n_buckets = n * 2;
	for (size_t i = 0; i < n; i++) {
		for (a = old[i]; a != NULL; a = next) {
			struct asked **b = bucket_of(rs, a->hash);

			next = a->next;
			a->next = *b;
			*b = a;
		}
	}
}

/* One that was asked before; NULL: it was not. */
static struct asked *
asked_known(const struct spf_records *rs, struct slice name, uint16_t type)
{
	uint64_t hash = question_hash(name, type);
	struct asked *a = *bucket_of(rs, hash);

	while (a != NULL &&
	       (a->hash != hash || a->type != type || !slice_eq(a->name, name)))
		a = a->next;
	return a;
}

static struct asked *
asked_find(struct spf_records *rs, struct slice name, uint16_t type)
{
	uint64_t hash = question_hash(name, type);
	struct asked *a = asked_known(rs, name, type);

	if (a != NULL)
		return a;
	if (rs->n_asked >= rs->n_buckets)
		buckets_double(rs);
	a = arena_new_of(rs->run->arena, struct asked, 1);
	if (a == NULL)
		return NULL;
	*a = (struct asked){ .hash = hash, .name = name, .type = type };
	a->answer = check_ask_dns(rs->run, name, type);
	a->next = *bucket_of(rs, hash);
	*bucket_of(rs, hash) = a;
	rs->n_asked++;
	return a;
}

const struct answer *
spf_ask(struct spf_records *rs, struct slice name, uint16_t type)
{
	const struct asked *a = asked_find(rs, name, type);

	return a != NULL ? a->answer : NULL;
}

/* ---- records ----------------------------------------------------------- */

/* What comes of the answer to a question for TXT. */
struct selected {
	size_t found;
	const struct dns_record *first;
	struct slice text; /* of the first */
	struct spf_record record;
};

/* RFC 7208 4.5: which of the TXT records is it; none else plays a part. */
static void
record_find(struct arena *arena, const struct answer *a, struct selected *s)
{
	const struct dns_answer *d = &a->as.dns;

	for (size_t i = 0; i < d->n_records; i++) {
		struct slice t = check_text(arena, &d->records[i]);

		if (!spf_record_is(t))
			continue;
		if (s->found++ == 0) {
			s->first = &d->records[i];
			s->text = t;
		}
	}
}

static size_t
text_octets(const struct dns_record *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->as.text.n; i++)
		n += r->as.text.strings[i].n;
	return n;
}

/* With the answer itself, for whoever reads it next. */
static const struct selected *
record_keep(struct answer_reading *r, const struct selected *found)
{
	struct selected *s = arena_new_of(r->arena, struct selected, 1);

	if (s == NULL)
		return NULL;
	*s = *found;
	s->text = check_text(r->arena, s->first);
	if (s->text.p == NULL ||
	    spf_record_parse(r->arena, s->text, &s->record) != RC_OK)
		return NULL;
	return s;
}

static const char reader; /* its address stands for this file */

/* What was kept; NULL: nothing, and now there is nothing to keep. */
static const struct selected *
record_kept(struct answer_reading *r, const struct selected *found)
{
	if (r == NULL || (r->by != NULL && r->by != &reader))
		return NULL;
	if (r->by == NULL && found != NULL && found->found == 1 &&
	    text_octets(found->first) <= LIMIT_SPF_KEPT) {
		r->by = &reader;
		r->what = record_keep(r, found);
	}
	return r->by != NULL ? r->what : NULL;
}

static void
record_select(struct arena *arena, struct spf_published *p)
{
	struct selected own = { 0 };
	const struct selected *s;

	if (p->answer->seen != SEEN_ANSWERED)
		return;
	s = record_kept(p->answer->reading, NULL);
	if (s == NULL) {
		record_find(arena, p->answer, &own);
		s = record_kept(p->answer->reading, &own);
	}
	if (s == NULL) {
		s = &own;
		/* A failure sticks in the arena, and is seen there. */
		if (own.found == 1)
			(void)spf_record_parse(arena, own.text, &own.record);
	}
	p->found = s->found;
	p->first = s->first;
	p->record = s->record;
}

static struct held *
held_find(struct spf_records *rs, struct slice domain)
{
	struct asked *a = asked_find(rs, domain, DNS_TXT);
	struct held *h;

	if (a == NULL || a->held != NULL)
		return a != NULL ? a->held : NULL;
	h = arena_new_of(rs->run->arena, struct held, 1);
	if (h == NULL)
		return NULL;
	h->published.domain = a->name;
	h->published.answer = a->answer;
	if (a->answer != NULL)
		record_select(rs->run->arena, &h->published);
	a->held = h;
	return h;
}

const struct spf_published *
spf_published_alone(struct spf_records *rs, struct slice domain)
{
	struct held *h = held_find(rs, domain);

	return h != NULL ? &h->published : NULL;
}

/* ---- where they lead --------------------------------------------------- */

static void
queue_add(struct spf_records *rs, struct held *h)
{
	if (h->queued)
		return;
	h->queued = true;
	*rs->queue_end = h;
	rs->queue_end = &h->queue_next;
}

static void
term_follow(struct spf_records *rs, const struct spf_term *t)
{
	struct slice target;
	struct held *h;

	if (t->fault != SPF_FINE || t->macros ||
	    (t->kind != SPF_INCLUDE && t->kind != SPF_REDIRECT))
		return;
	if (!spf_target_name(rs->run->arena, t->spec, &target))
		return;
	h = held_find(rs, target);
	if (h == NULL || h->queued)
		return;
	rs->n_led_to++;
	queue_add(rs, h);
}

/* Nothing behind all is evaluated (5.1), and no redirect beside it (6.1). */
static void
record_follow(struct spf_records *rs, const struct spf_record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct spf_term *t = &r->terms[i];

		if (rs->n_led_to >= LIMIT_SPF_RECORDS ||
		    (r->all != NULL && t > r->all))
			return;
		if (t->kind != SPF_REDIRECT || r->all == NULL)
			term_follow(rs, t);
	}
}

const struct spf_published *
spf_published(struct spf_records *rs, struct slice domain)
{
	struct held *h = held_find(rs, domain);

	if (h == NULL)
		return NULL;
	queue_add(rs, h);
	while (rs->queue != NULL) {
		struct held *next = rs->queue;

		rs->queue = next->queue_next;
		if (rs->queue == NULL)
			rs->queue_end = &rs->queue;
		record_follow(rs, &next->published.record);
	}
	return &h->published;
}

bool
spf_is_led_to(const struct spf_records *rs, struct slice domain)
{
	const struct asked *a = asked_known(rs, domain, DNS_TXT);

	return a != NULL && a->held != NULL && a->held->queued;
}
