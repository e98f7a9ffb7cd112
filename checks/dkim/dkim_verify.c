#include "checks/dkim/dkim_verify.h"

#include "base/limits.h"
#include "checks/dkim/dkim_diagnose.h"
#include "checks/dkim/dkim_hash.h"
#include "checks/dkim/dkim_key.h"

/* ---- the signatures of a message, read once ---------------------------- */

struct signatures {
	struct dkim_signature *all;
	size_t n;
	size_t there;
};

static const char field_name[] = "DKIM-Signature";

static enum rc
read_signatures(struct arena *arena, const struct message *m,
    struct signatures *out)
{
	const struct field *f = NULL;
	enum rc rc = RC_OK;

	out->there = message_count(m, field_name);
	out->n = out->there < LIMIT_DKIM_SIGNATURES ? out->there
						    : LIMIT_DKIM_SIGNATURES;
	out->all = arena_new_of(arena, struct dkim_signature, out->n + 1);
	if (out->all == NULL)
		return RC_LIMIT;
	for (size_t i = 0; rc == RC_OK && i < out->n; i++) {
		f = message_next(m, field_name, f);
		rc =
		    dkim_signature_read(arena, f, DKIM_SIGNATURE, &out->all[i]);
	}
	return rc;
}

static enum rc
signatures(struct check_run *run, const struct signatures **out)
{
	struct memos *memos = run->memos;
	struct signatures *s;
	enum rc rc;

	*out = memos->of[MEMO_DKIM_SIGNATURES];
	if (*out != NULL)
		return RC_OK;
	s = arena_new_of(memos->arena, struct signatures, 1);
	if (s == NULL)
		return RC_LIMIT;
	rc = read_signatures(memos->arena, run->subject->message, s);
	if (rc == RC_OK)
		*out = memos->of[MEMO_DKIM_SIGNATURES] = s;
	return rc;
}

/* ---- one verification -------------------------------------------------- */

struct job {
	struct check_run *run;
	const struct signatures *signatures;
	const struct answer *answers[LIMIT_DKIM_SIGNATURES];
	struct dkim_body bodies[LIMIT_DKIM_SIGNATURES];
	struct dkim_hasher hasher;
	struct dkim_keys *own; /* when the subject has none */
	struct dkim_verdicts *out;
	size_t tried;
};

/* False: one is not here yet. */
static bool
ask_all(struct job *j)
{
	bool here = true;
	size_t i;

	for (i = 0; i < j->signatures->n; i++) {
		const struct dkim_signature *s = &j->signatures->all[i];

		if (s->key_name.n == 0)
			continue;
		j->answers[i] = check_ask_dns(j->run, s->key_name, DNS_TXT);
		here = here && j->answers[i] != NULL;
	}
	return here;
}

/* What is wrong before anything is hashed. */
static enum dkim_reason
reason_before(struct job *j, size_t i, const struct dkim_verdict *v)
{
	const struct dkim_signature *s = v->signature;
	const struct answer *a = j->answers[i];

	if (s->fault != DKIM_VALID)
		return s->fault;
	if (j->run->subject->message->too_many)
		return DKIM_LIMIT;
	if (s->algorithm == DKIM_RSA_SHA1)
		return DKIM_SHA1;
	if (dkim_signature_is_expired(s, j->run->subject->as_of))
		return DKIM_EXPIRED;
	if (!answer_known(a))
		return DKIM_KEY_LOST;
	if (v->key == NULL)
		return DKIM_KEY_MISSING;
	return dkim_key_allows(v->key, s);
}

static enum rc
begin_verdict(struct job *j, size_t i, struct dkim_verdict *v)
{
	const struct dkim_signature *s = &j->signatures->all[i];
	struct dkim_key *key = NULL;
	enum rc rc = RC_OK;

	*v = (struct dkim_verdict){ .field = s->field,
		.signature = s,
		.domain = s->domain,
		.selector = s->selector,
		.name = s->key_name,
		.answer = j->answers[i] };
	if (j->answers[i] != NULL && answer_known(j->answers[i]))
		rc = dkim_key_find(j->run->memos->arena, j->answers[i],
		    j->hasher.keys, &key);
	if (rc)
		return rc;
	v->key = key;
	v->testing = key != NULL && key->testing;
	v->reason = reason_before(j, i, v);
	if (v->reason == DKIM_KEY_LOST)
		v->lost = j->answers[i];
	j->bodies[i] = (struct dkim_body){ .canon = s->body_canon,
		.limited = s->has_length,
		.length = s->length };
	return RC_OK;
}

/*
 * 6.1.3.  When both hashes differ and the signature was not made with the key
 * at all, that is the cause.
 */
static enum rc
verify_one(struct job *j, size_t i, struct dkim_verdict *v)
{
	const struct dkim_signature *s = v->signature;
	const struct dkim_public *key = dkim_key_public(j->hasher.keys, v->key);
	struct dkim_found found = { .tried = &j->tried,
		.hasher = &j->hasher,
		.key = key,
		.body = &j->bodies[i] };

	if (key == NULL || !dkim_hash_header(&j->hasher, s, &found.header))
		return RC_NOMEM;
	found.signed_right = dkim_public_verify(key, &found.header, s->value);
	found.body_right = !j->bodies[i].too_short &&
			   dkim_digest_is(&j->bodies[i].digest, s->body_hash);
	if (found.signed_right && found.body_right)
		return RC_OK;
	return dkim_diagnose(j->run, &found, v);
}

static enum rc
hash_what_counts(struct job *j, const struct dkim_verdict *all)
{
	struct dkim_body wanted[LIMIT_DKIM_SIGNATURES];
	size_t from[LIMIT_DKIM_SIGNATURES], n = 0, i;

	for (i = 0; i < j->signatures->n; i++) {
		if (all[i].reason != DKIM_VALID)
			continue;
		from[n] = i;
		wanted[n++] = j->bodies[i];
	}
	if (!dkim_hash_bodies(&j->hasher, wanted, n))
		return RC_NOMEM;
	for (i = 0; i < n; i++)
		j->bodies[from[i]] = wanted[i];
	return RC_OK;
}

static enum rc
judge(struct job *j, struct dkim_verdict *all)
{
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; rc == RC_OK && i < j->signatures->n; i++)
		rc = begin_verdict(j, i, &all[i]);
	if (rc == RC_OK)
		rc = hash_what_counts(j, all);
	for (i = 0; rc == RC_OK && i < j->signatures->n; i++) {
		if (all[i].reason == DKIM_VALID)
			rc = verify_one(j, i, &all[i]);
		all[i].result = dkim_reason_result(all[i].reason);
		if (rc == RC_OK && all[i].reason != DKIM_VALID)
			rc = dkim_explain(j->run, &all[i]);
	}
	return rc;
}

static enum rc
judge_all(struct job *j)
{
	struct check_run *run = j->run;
	struct dkim_keys *keys = run->subject->dkim_keys;
	struct dkim_verdict *all;
	enum rc rc;

	all = arena_new_of(run->memos->arena, struct dkim_verdict,
	    j->signatures->n + 1);
	j->out = arena_new_of(run->memos->arena, struct dkim_verdicts, 1);
	if (all == NULL || j->out == NULL)
		return RC_LIMIT;
	*j->out = (struct dkim_verdicts){ .all = all,
		.n = j->signatures->n,
		.there = j->signatures->there,
		.cut = j->signatures->there > j->signatures->n };
	if (j->signatures->n == 0)
		return RC_OK;
	if (keys == NULL)
		keys = j->own = dkim_keys_new();
	if (keys == NULL)
		return RC_NOMEM;
	rc = dkim_hasher_init(run->arena, keys, run->subject->message,
	    &j->hasher);
	j->hasher.memos = run->memos;
	if (rc == RC_OK)
		rc = judge(j, all);
	dkim_hasher_close(&j->hasher);
	dkim_keys_close(&j->own);
	return rc;
}

enum rc
dkim_verify(struct check_run *run, const struct dkim_verdicts **out)
{
	static const struct dkim_verdicts none = { 0 };
	struct job j = { .run = run };
	enum rc rc;

	*out = &none;
	if (run->subject->message == NULL)
		return RC_OK;
	*out = run->memos->of[MEMO_DKIM];
	if (*out != NULL)
		return RC_OK;
	rc = signatures(run, &j.signatures);
	if (rc || !ask_all(&j))
		return rc;
	rc = judge_all(&j);
	if (rc == RC_OK && arena_failed(run->memos->arena))
		rc = RC_LIMIT;
	if (rc == RC_OK)
		*out = run->memos->of[MEMO_DKIM] = j.out;
	return rc;
}

/* ---- what is covered --------------------------------------------------- */

bool
dkim_covers(const struct dkim_verdict *v, const struct message *m,
    const char *name)
{
	size_t n = message_count(m, name);

	return n > 0 &&
	       dkim_signature_names(v->signature, slice_str(name)) >= n;
}

bool
dkim_oversigns(const struct dkim_verdict *v, const struct message *m,
    const char *name)
{
	return dkim_signature_names(v->signature, slice_str(name)) >
	       message_count(m, name);
}
