#include "checks/arc/arc_verify.h"

#include "checks/dkim/dkim_hash.h"
#include "checks/dkim/dkim_key.h"

struct job {
	struct check_run *run;
	struct arc_verdicts *out;
	struct dkim_hasher hasher;
	struct dkim_keys *own; /* when the subject has none */
	struct dkim_digest seals[LIMIT_ARC_SETS];
};

/* ---- reading ----------------------------------------------------------- */

static enum arc_cv
cv_of(struct slice text)
{
	static const struct {
		const char *name;
		enum arc_cv is;
	} rows[] = {
		{ "none", ARC_CV_NONE },
		{ "pass", ARC_CV_PASS },
		{ "fail", ARC_CV_FAIL },
	};

	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (slice_eq(text, slice_str(rows[i].name)))
			return rows[i].is;
	return ARC_CV_OTHER;
}

/* 4.1.3: a seal with h= makes the chain fail. */
static void
read_seal(const struct arc_set *set, struct arc_verdict *v)
{
	struct dkim_tags tags;

	(void)dkim_tags_read(set->fields[ARC_SEAL]->value, &tags);
	v->cv_text = dkim_tags_value(&tags, "cv");
	v->cv = cv_of(v->cv_text);
	if (v->cv == ARC_CV_OTHER && v->seal.reason == DKIM_VALID)
		v->seal.forbidden = "its cv= is not none, pass or fail";
	if (dkim_tags_find(&tags, "h") != NULL)
		v->seal.forbidden = "it has h=, which a seal must not have";
	if (v->seal.forbidden != NULL)
		v->seal.reason = DKIM_TAG_VALUE;
}

static enum rc
read_set(struct check_run *run, const struct arc_set *set,
    struct arc_verdict *v)
{
	enum rc rc = dkim_signature_read(run->arena, set->fields[ARC_SIGNATURE],
	    DKIM_ARC_MESSAGE_SIGNATURE, &v->message.signature);

	if (rc == RC_OK)
		rc = dkim_signature_read(run->arena, set->fields[ARC_SEAL],
		    DKIM_ARC_SEAL, &v->seal.signature);
	if (rc)
		return rc;
	v->message.reason = v->message.signature.fault;
	v->seal.reason = v->seal.signature.fault;
	/* 4.1.2 */
	if (dkim_signature_names(&v->message.signature, SLICE_LIT("ARC-Seal")) >
	    0) {
		v->message.forbidden =
		    "its h= names ARC-Seal, which it must not";
		v->message.reason = DKIM_TAG_VALUE;
	}
	read_seal(set, v);
	return RC_OK;
}

static enum rc
read_all(struct job *j)
{
	struct arc_verdicts *o = j->out;
	enum rc rc = RC_OK;
	size_t i;

	o->all = arena_new_of(j->run->arena, struct arc_verdict, o->chain.n);
	if (o->all == NULL)
		return RC_LIMIT;
	for (i = 0; rc == RC_OK && i < o->chain.n; i++)
		rc = read_set(j->run, &o->chain.sets[i], &o->all[i]);
	return rc;
}

/* ---- keys -------------------------------------------------------------- */

static void
ask(struct check_run *run, struct arc_part *p)
{
	if (p->signature.key_name.n > 0)
		p->answer = check_ask_dns(run, p->signature.key_name, DNS_TXT);
}

/* What is wrong before anything is hashed; its key, where there is one. */
static enum rc
prepare(struct job *j, struct arc_part *p, const struct dkim_public **public)
{
	const struct dkim_signature *s = &p->signature;
	struct dkim_key *key = NULL;
	enum rc rc;

	*public = NULL;
	if (p->reason == DKIM_VALID && s->algorithm == DKIM_RSA_SHA1)
		p->reason = DKIM_SHA1;
	if (p->reason == DKIM_VALID &&
	    dkim_signature_is_expired(s, j->run->subject->as_of))
		p->reason = DKIM_EXPIRED;
	if (p->reason == DKIM_VALID && !answer_known(p->answer))
		p->reason = DKIM_KEY_LOST;
	if (p->reason != DKIM_VALID)
		return RC_OK;
	rc = dkim_key_find(j->run->arena, p->answer, j->hasher.keys, &key);
	if (rc)
		return rc;
	p->reason = key != NULL ? dkim_key_allows(key, s) : DKIM_KEY_MISSING;
	if (p->reason == DKIM_VALID)
		*public = dkim_key_public(j->hasher.keys, key);
	if (p->reason == DKIM_VALID && *public == NULL)
		return RC_NOMEM;
	return RC_OK;
}

/* ---- ARC-Message-Signature --------------------------------------------- */

static bool
hash_bodies(struct job *j, struct dkim_body *bodies)
{
	size_t i;

	for (i = 0; i < j->out->chain.n; i++) {
		const struct dkim_signature *s =
		    &j->out->all[i].message.signature;

		bodies[i] = (struct dkim_body){ .canon = s->body_canon,
			.limited = s->has_length,
			.length = s->length };
	}
	return dkim_hash_bodies(&j->hasher, bodies, j->out->chain.n);
}

static enum rc
verify_message(struct job *j, struct arc_part *p, const struct dkim_body *body)
{
	const struct dkim_public *public;
	struct dkim_digest header;
	enum rc rc = prepare(j, p, &public);

	if (rc || public == NULL)
		return rc;
	if (!dkim_hash_header(&j->hasher, &p->signature, &header))
		return RC_NOMEM;
	if (!dkim_public_verify(public, &header, p->signature.value))
		p->reason = DKIM_HEADER_CHANGED;
	if (body->too_short)
		p->reason = DKIM_BODY_SHORT;
	else if (!dkim_digest_is(&body->digest, p->signature.body_hash))
		p->reason = DKIM_BODY_CHANGED;
	return RC_OK;
}

/* ---- ARC-Seal ---------------------------------------------------------- */

static void
put_field(struct dkim_sink *k, const struct arc_set *set, enum arc_kind kind,
    bool bare)
{
	struct dkim_field f = { .field = set->fields[kind] };

	dkim_canon_field(k, DKIM_RELAXED, &f, bare);
}

/* 5.1.1: the seal itself at the end, without its b= and its CRLF. */
static bool
hash_seal(struct job *j, size_t i)
{
	struct dkim_field self = { .field =
				       j->out->chain.sets[i].fields[ARC_SEAL],
		.hole = j->out->all[i].seal.signature.hole,
		.last = true };
	struct dkim_sink sink;

	if (!dkim_fork_begin(j->hasher.keys))
		return false;
	dkim_sink_init(&sink, dkim_fork_take, j->hasher.keys);
	dkim_canon_field(&sink, DKIM_RELAXED, &self, j->hasher.bare);
	dkim_sink_flush(&sink);
	return dkim_fork_end(j->hasher.keys, &j->seals[i]);
}

/*
 * A seal covers all sets up to its own.  What is common to them is hashed
 * once, so that the last of fifty costs no more than the first.
 */
static bool
hash_seals(struct job *j)
{
	const struct arc_chain *c = &j->out->chain;
	struct dkim_digest whole;
	struct dkim_sink sink;
	size_t i;

	if (!dkim_hash_begin(j->hasher.keys))
		return false;
	dkim_sink_init(&sink, dkim_hash_take, j->hasher.keys);
	for (i = 0; i < c->n; i++) {
		put_field(&sink, &c->sets[i], ARC_RESULTS, j->hasher.bare);
		put_field(&sink, &c->sets[i], ARC_SIGNATURE, j->hasher.bare);
		dkim_sink_flush(&sink);
		if (!hash_seal(j, i))
			return false;
		put_field(&sink, &c->sets[i], ARC_SEAL, j->hasher.bare);
	}
	dkim_sink_flush(&sink);
	return dkim_hash_end(j->hasher.keys, &whole);
}

static enum rc
verify_seal(struct job *j, size_t i)
{
	struct arc_part *p = &j->out->all[i].seal;
	const struct dkim_public *public;
	enum rc rc = prepare(j, p, &public);

	if (rc || public == NULL)
		return rc;
	if (!dkim_public_verify(public, &j->seals[i], p->signature.value))
		p->reason = DKIM_HEADER_CHANGED;
	return RC_OK;
}

/* ---- all of it --------------------------------------------------------- */

static enum rc
judge(struct job *j)
{
	struct dkim_body bodies[LIMIT_ARC_SETS];
	enum rc rc = RC_OK;
	size_t i;

	if (!hash_bodies(j, bodies) || !hash_seals(j))
		return RC_NOMEM;
	for (i = 0; rc == RC_OK && i < j->out->chain.n; i++) {
		rc = verify_message(j, &j->out->all[i].message, &bodies[i]);
		if (rc == RC_OK)
			rc = verify_seal(j, i);
	}
	return rc;
}

static enum rc
judge_all(struct job *j)
{
	struct check_run *run = j->run;
	struct dkim_keys *keys = run->subject->dkim_keys;
	enum rc rc;

	if (keys == NULL)
		keys = j->own = dkim_keys_new();
	if (keys == NULL)
		return RC_NOMEM;
	rc = dkim_hasher_init(run->arena, keys, run->subject->message,
	    &j->hasher);
	j->hasher.memos = run->memos;
	if (rc == RC_OK)
		rc = judge(j);
	dkim_hasher_close(&j->hasher);
	dkim_keys_close(&j->own);
	return rc;
}

enum rc
arc_verify(struct check_run *run, const struct arc_verdicts **out)
{
	struct job j = { .run = run };
	enum rc rc;
	size_t i;

	*out = NULL;
	j.out = arena_new_of(run->arena, struct arc_verdicts, 1);
	if (j.out == NULL)
		return RC_LIMIT;
	arc_chain_read(run->subject->message, &j.out->chain);
	if (j.out->chain.fault != ARC_FINE || j.out->chain.n == 0) {
		*out = j.out;
		return RC_OK;
	}
	rc = read_all(&j);
	if (rc)
		return rc;
	for (i = 0; i < j.out->chain.n; i++) {
		ask(run, &j.out->all[i].message);
		ask(run, &j.out->all[i].seal);
	}
	if (run->waiting)
		return RC_OK;
	rc = judge_all(&j);
	if (rc == RC_OK)
		*out = j.out;
	return rc;
}
