#include "checks/dkim/dkim_hash.h"

#include "base/limits.h"

enum rc
dkim_hasher_init(struct arena *arena, struct dkim_keys *keys,
    const struct message *m, struct dkim_hasher *h)
{
	*h = (struct dkim_hasher){
		.keys = keys,
		.message = m,
		.bare = dkim_lines_are_bare(m->octets),
	};
	return dkim_headers_new(arena, m, &h->headers);
}

void
dkim_hasher_close(struct dkim_hasher *h)
{
	dkim_headers_close(&h->headers);
}

/* ---- the header -------------------------------------------------------- */

/*
 * 3.5: h= does not mean the signature itself, which is in the message by now;
 * there are those who sign the other ones.
 */
static const struct field *
take_other(struct dkim_headers *h, struct slice name, const struct field *self,
    const struct field *absent)
{
	const struct field *f;

	do
		f = dkim_headers_take(h, name);
	while (f != NULL && (f == self || f == absent));
	return f;
}

bool
dkim_hash_changed(struct dkim_hasher *h, const struct dkim_signature *s,
    const struct dkim_change *change, struct dkim_digest *out)
{
	struct dkim_field self = { .field = s->field,
		.hole = s->hole,
		.last = true };
	const struct field *absent =
	    change->value.p == NULL ? change->field : NULL;
	struct field other = { 0 };
	struct dkim_sink sink;
	size_t i;

	if (!dkim_hash_begin(h->keys))
		return false;
	dkim_sink_init(&sink, dkim_hash_take, h->keys);
	dkim_headers_rewind(h->headers);
	for (i = 0; i < s->n_names; i++) {
		struct dkim_field f = { .field = take_other(h->headers,
					    s->names[i], s->field, absent) };

		if (f.field == NULL)
			continue;
		if (f.field == change->field) {
			other = *f.field;
			other.value = change->value;
			f.field = &other;
			f.apart = true;
		}
		dkim_canon_field(&sink, change->canon, &f, h->bare);
	}
	dkim_canon_field(&sink, change->canon, &self, h->bare);
	dkim_sink_flush(&sink);
	return dkim_hash_end(h->keys, out);
}

bool
dkim_hash_header(struct dkim_hasher *h, const struct dkim_signature *s,
    struct dkim_digest *out)
{
	struct dkim_change none = { .canon = s->header_canon };

	return dkim_hash_changed(h, s, &none, out);
}

bool
dkim_hash_fields(struct dkim_hasher *h, enum dkim_canon canon,
    const struct dkim_field *fields, size_t n, struct dkim_digest *out)
{
	struct dkim_sink sink;
	size_t i;

	if (!dkim_hash_begin(h->keys))
		return false;
	dkim_sink_init(&sink, dkim_hash_take, h->keys);
	for (i = 0; i < n; i++)
		dkim_canon_field(&sink, canon, &fields[i], h->bare);
	dkim_sink_flush(&sink);
	return dkim_hash_end(h->keys, out);
}

/* ---- the body ---------------------------------------------------------- */

/* The bodies of one canonicalization, the shortest first. */
struct bodies {
	struct dkim_keys *keys;
	struct dkim_body *sorted[LIMIT_DKIM_SIGNATURES];
	size_t n, done;
	uint64_t hashed;
	bool failed;
};

static void
sort_in(struct bodies *b, struct dkim_body *body)
{
	size_t i = b->n++;

	for (; i > 0 && b->sorted[i - 1]->length > body->length; i--)
		b->sorted[i] = b->sorted[i - 1];
	b->sorted[i] = body;
}

static void
finish_reached(struct bodies *b)
{
	while (b->done < b->n && b->sorted[b->done]->limited &&
	       b->sorted[b->done]->length == b->hashed) {
		if (!dkim_hash_peek(b->keys, &b->sorted[b->done]->digest))
			b->failed = true;
		b->done++;
	}
}

static void
take_body(void *arg, struct slice s)
{
	struct bodies *b = arg;

	while (s.n > 0 && b->done < b->n) {
		uint64_t room = b->sorted[b->done]->length - b->hashed;
		struct slice head =
		    slice_sub(s, 0, room < s.n ? (size_t)room : s.n);

		dkim_hash_take(b->keys, head);
		b->hashed += head.n;
		s = slice_from(s, head.n);
		finish_reached(b);
	}
}

static bool
hash_bodies_of(struct dkim_hasher *h, enum dkim_canon canon,
    struct dkim_body *bodies, size_t n)
{
	struct bodies b = { .keys = h->keys };
	struct dkim_digest whole;
	struct dkim_sink sink;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!bodies[i].limited)
			bodies[i].length = UINT64_MAX;
		if (!bodies[i].known && bodies[i].canon == canon &&
		    b.n < LIMIT_DKIM_SIGNATURES)
			sort_in(&b, &bodies[i]);
	}
	if (b.n == 0)
		return true;
	if (!dkim_hash_begin(h->keys))
		return false;
	finish_reached(&b); /* l=0 */
	dkim_sink_init(&sink, take_body, &b);
	dkim_canon_body(&sink, canon, h->message->body, h->bare);
	dkim_sink_flush(&sink);
	if (!dkim_hash_end(h->keys, &whole))
		return false;
	for (; b.done < b.n; b.done++) {
		b.sorted[b.done]->too_short = b.sorted[b.done]->limited;
		b.sorted[b.done]->digest = whole;
	}
	return !b.failed;
}

/* Those of the audit, the latest first. */
struct kept {
	struct dkim_body body;
	const struct kept *next;
};

static void
body_find(const struct kept *k, struct dkim_body *body)
{
	body->known = false;
	for (; k != NULL && !body->known; k = k->next) {
		if (k->body.canon != body->canon ||
		    k->body.limited != body->limited ||
		    (body->limited && k->body.length != body->length))
			continue;
		*body = k->body;
		body->known = true;
	}
}

/* A failure sticks in the arena, and is seen there. */
static void
body_keep(struct memos *m, const struct dkim_body *body)
{
	struct kept *k = arena_new_of(m->arena, struct kept, 1);

	if (k == NULL)
		return;
	*k = (struct kept){ *body, m->of[MEMO_DKIM_BODIES] };
	m->of[MEMO_DKIM_BODIES] = k;
}

bool
dkim_hash_bodies(struct dkim_hasher *h, struct dkim_body *bodies, size_t n)
{
	const struct kept *kept =
	    h->memos != NULL ? h->memos->of[MEMO_DKIM_BODIES] : NULL;
	size_t i;

	for (i = 0; i < n; i++)
		body_find(kept, &bodies[i]);
	if (!hash_bodies_of(h, DKIM_SIMPLE, bodies, n) ||
	    !hash_bodies_of(h, DKIM_RELAXED, bodies, n))
		return false;
	for (i = 0; h->memos != NULL && i < n; i++)
		if (!bodies[i].known)
			body_keep(h->memos, &bodies[i]);
	return true;
}
