#include "base/limits.h"
#include "checks/dkim/dkim_report.h"

/* ---- telling ----------------------------------------------------------- */

/* Where a problem goes, and of what it is. */
struct telling {
	struct arena *arena;
	json_t *object;    /* its "problems" */
	struct slice name; /* of the key; nothing: of no key */
	bool named;        /* problems have a name */
};

static void
tell(const struct telling *t, const char *code, const char *severity,
    struct slice detail)
{
	json_t *o = check_problem(t->object, "problems", code, detail);

	if (o == NULL)
		return;
	(void)json_object_set_new(o, "severity", json_string(severity));
	if (!t->named)
		return;
	if (t->name.n > 0)
		check_fact_text(o, "name", t->name);
	else
		check_fact_null(o, "name");
}

/* ---- keys -------------------------------------------------------------- */

/* A record that can be used: what is odd about it. */
struct note {
	enum dkim_key_note bit;
	const char *code;
	const char *severity;
	const char *what;
};

static const struct note notes[] = {
	{ DKIM_NOTE_OTHER_TEXT, "dkim.key-other-text", DKIM_WARNING,
	    "is not the only TXT record there, and some receivers take the "
	    "wrong one; remove what is no key" },
	{ DKIM_NOTE_NO_VERSION, "dkim.key-no-version", DKIM_ADVICE,
	    "does not begin with v=DKIM1, which RFC 6376 recommends" },
	{ DKIM_NOTE_UNPADDED, "dkim.key-unpadded", DKIM_WARNING,
	    "has a p= whose base64 lacks \"=\" at its end, and some receivers "
	    "refuse that; publish p= as the signer wrote it" },
	{ DKIM_NOTE_BARE, "dkim.key-bare", DKIM_WARNING,
	    "has a bare RSAPublicKey (PKCS#1) in p= where receivers expect a "
	    "SubjectPublicKeyInfo, and some refuse it; publish what openssl "
	    "rsa -pubout writes" },
	{ DKIM_NOTE_GRANULARITY, "dkim.key-granularity", DKIM_WARNING,
	    "has a g= of RFC 4871, which old receivers hold against the local "
	    "part of i=; take g= out" },
	{ DKIM_NOTE_SHA1_ONLY, "dkim.key-hash", DKIM_ERROR,
	    "allows in h= no sha256, the only hash that counts (RFC 8301); "
	    "take h= out" },
};

static void
tell_notes(const struct telling *t, const struct dkim_named_key *k)
{
	size_t i;

	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if ((k->key->notes & notes[i].bit) != 0)
			tell(t, notes[i].code, notes[i].severity,
			    arena_slicef(t->arena, "The key record at %.*s %s",
				SLICE_FMT(k->name), notes[i].what));
}

static void
tell_fault(const struct telling *t, const struct dkim_named_key *k)
{
	const char *code =
	    arena_printf(t->arena, "dkim.%s", dkim_reason_name(k->key->fault));
	const char *todo = "no signature with it counts; publish one record "
			   "with the signer's public key there";

	if (k->key->fault == DKIM_KEY_REVOKED)
		todo = "it was revoked, and no signature with it counts";
	if (k->key->fault == DKIM_KEY_SHORT)
		todo = "no signature with it counts (RFC 8301); make a key of "
		       "2048 bits";
	if (code != NULL)
		tell(t, code, DKIM_ERROR,
		    arena_slicef(t->arena, "The record at %.*s %.*s: %s",
			SLICE_FMT(k->name), SLICE_FMT(k->key->detail), todo));
}

static void
tell_use(const struct telling *t, const struct dkim_named_key *k)
{
	if (k->key->type == DKIM_KEY_UNKNOWN)
		tell(t, "dkim.key-type", DKIM_ERROR,
		    arena_slicef(t->arena,
			"The key record at %.*s has a k= that receivers do not "
			"know; keys are of type rsa or ed25519",
			SLICE_FMT(k->name)));
	if (k->key->type == DKIM_KEY_RSA &&
	    k->key->bits < DKIM_KEY_BITS_ADVISED)
		tell(t, "dkim.key-weak", DKIM_ADVICE,
		    arena_slicef(t->arena,
			"The RSA key at %.*s has %u bits: it counts, but 2048 "
			"are advised (RFC 8301); make a new key with a "
			"selector of its own",
			SLICE_FMT(k->name), k->key->bits));
	if (k->key->testing)
		tell(t, "dkim.key-testing", DKIM_WARNING,
		    arena_slicef(t->arena,
			"The key record at %.*s has t=y, that DKIM is only "
			"being tested: receivers may treat the mail as "
			"unsigned; take t=y out",
			SLICE_FMT(k->name)));
}

static void
tell_key(const struct telling *t, const struct dkim_named_key *k)
{
	if (k->fault != NULL) {
		tell(t, "dkim.selector-invalid", DKIM_ERROR,
		    arena_slicef(t->arena, "The selector \"%.*s\" %s",
			SLICE_FMT(k->selector), k->fault));
		return;
	}
	if (k->answer == NULL || !answer_known(k->answer))
		return;
	if (k->key == NULL) {
		tell(t, "dkim.key-missing", DKIM_ERROR,
		    arena_slicef(t->arena,
			"There is no TXT record at %.*s, so no signature with "
			"that selector counts; publish the public key there",
			SLICE_FMT(k->name)));
		return;
	}
	if (k->key->fault != DKIM_VALID)
		tell_fault(t, k);
	else
		tell_use(t, k);
	tell_notes(t, k);
}

void
dkim_key_problems(const struct dkim_report *d, const struct dkim_named_key *k,
    json_t *object)
{
	const struct telling t = { .arena = d->run->arena, .object = object };

	tell_key(&t, k);
}

/* ---- signatures -------------------------------------------------------- */

enum {
	/* RFC 5321 4.5.4.1: a sender tries for four or five days. */
	QUEUE_DAYS = 5,
	DAY = 24 * 60 * 60,
	SKEW = 5 * 60, /* clocks that differ */
};

static void
tell_times(const struct telling *t, const struct dkim_verdict *v, int64_t as_of)
{
	const struct dkim_signature *s = v->signature;
	uint64_t now = as_of > 0 ? (uint64_t)as_of : 0;
	uint64_t from = s->has_time ? s->time : now;

	if (!s->has_expiry)
		tell(t, "dkim.no-expiry", DKIM_ADVICE,
		    arena_slicef(t->arena,
			"The signature of %.*s has no x=: whoever has the "
			"message can send it again for ever; let x= be one to "
			"two weeks after t=",
			SLICE_FMT(v->domain)));
	else if (s->expiry - from < QUEUE_DAYS * DAY &&
		 v->reason != DKIM_EXPIRED)
		tell(t, "dkim.expires-soon", DKIM_WARNING,
		    arena_slicef(t->arena,
			"The signature of %.*s expires %llu hours after it was "
			"made: mail that waits in a queue, which may take five "
			"days, arrives with a signature that does not count; "
			"let x= be one to two weeks after t=",
			SLICE_FMT(v->domain),
			(unsigned long long)((s->expiry - from) / 3600)));
	if (s->has_time && s->time > now + SKEW)
		tell(t, "dkim.signed-later", DKIM_WARNING,
		    arena_slicef(t->arena,
			"The signature of %.*s has a t= in the future: "
			"receivers may leave it out of account; set the "
			"signer's clock",
			SLICE_FMT(v->domain)));
}

static struct slice
join(struct arena *arena, struct slice list, struct slice item)
{
	if (list.n == 0)
		return item;
	return arena_slicef(arena, "%.*s, %.*s", SLICE_FMT(list),
	    SLICE_FMT(item));
}

static void
tell_coverage(const struct telling *t, const struct dkim_verdict *v,
    const struct message *m)
{
	struct slice lack = SLICE_NONE;
	size_t i;

	for (i = 0; dkim_important[i] != NULL; i++)
		if (message_field(m, dkim_important[i], 0) != NULL &&
		    !dkim_covers(v, m, dkim_important[i]))
			lack =
			    join(t->arena, lack, slice_str(dkim_important[i]));
	if (lack.n > 0)
		tell(t, "dkim.not-covered", DKIM_WARNING,
		    arena_slicef(t->arena,
			"The signature of %.*s does not cover %.*s: who "
			"changes that on the way is not noticed; let the "
			"signer name it in h=",
			SLICE_FMT(v->domain), SLICE_FMT(lack)));
	if (!dkim_oversigns(v, m, "From"))
		tell(t, "dkim.from-not-oversigned", DKIM_ADVICE,
		    arena_slicef(t->arena,
			"The signature of %.*s names From in h= no more often "
			"than it is there, so a second From can be added "
			"without breaking it; let the signer name it once more",
			SLICE_FMT(v->domain)));
}

static void
tell_signature(const struct telling *t, const struct dkim_report *d,
    const struct dkim_verdict *v)
{
	const struct subject *s = d->run->subject;

	if (v->reason != DKIM_VALID && v->reason != DKIM_KEY_LOST) {
		const char *code = arena_printf(t->arena, "dkim.%s",
		    dkim_reason_name(v->reason));

		if (code != NULL)
			tell(t, code, DKIM_ERROR, v->detail);
	}
	if (v->signature->fault != DKIM_VALID)
		return;
	if (v->signature->has_length)
		tell(t, "dkim.body-length", DKIM_WARNING,
		    arena_slicef(t->arena,
			"The signature of %.*s has l=: anybody can append to "
			"the body without breaking it, and some receivers do "
			"not count it; leave l= out",
			SLICE_FMT(v->domain)));
	tell_coverage(t, v, s->message);
	tell_times(t, v, s->as_of);
}

/* Signatures that only few receivers can verify (RFC 8463 5). */
static void
tell_ed25519_alone(const struct telling *t, const struct dkim_verdicts *all)
{
	const struct dkim_verdict *alone = NULL;
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct dkim_verdict *v = &all->all[i];
		bool ed = v->signature->algorithm == DKIM_ED25519_SHA256;

		if (ed && v->result == DKIM_PASS)
			alone = v;
		else if (!ed && (v->result == DKIM_PASS ||
				    v->result == DKIM_TEMPERROR))
			return;
	}
	if (alone != NULL && !all->cut)
		tell(t, "dkim.ed25519-alone", DKIM_WARNING,
		    arena_slicef(t->arena,
			"The only signature that passes is ed25519-sha256 (of "
			"%.*s), which Gmail, Yahoo and Microsoft do not "
			"verify: to them the mail is unsigned; sign with "
			"rsa-sha256 as well",
			SLICE_FMT(alone->domain)));
}

static void
tell_message(struct telling *t, const struct dkim_report *d)
{
	const struct dkim_verdicts *all = d->verdicts;
	size_t i;

	if (all->cut)
		tell(t, "dkim.too-many", DKIM_ERROR,
		    arena_slicef(t->arena,
			"The message has %zu DKIM-Signature fields: receivers "
			"look at a few of them, and here it is the first %d",
			all->there, LIMIT_DKIM_SIGNATURES));
	for (i = 0; i < all->n; i++) {
		t->name = all->all[i].name;
		tell_signature(t, d, &all->all[i]);
	}
	t->name = SLICE_NONE;
	tell_ed25519_alone(t, all);
	if (all->there == 0)
		tell(t, "dkim.unsigned", DKIM_ERROR,
		    SLICE_LIT("The message has no DKIM-Signature: Gmail and "
			      "Yahoo refuse bulk mail that is not signed; let "
			      "the sending server sign with a key of the From "
			      "domain"));
}

/* A signature said that already. */
static bool
is_said(const struct dkim_report *d, const struct dkim_named_key *k)
{
	enum dkim_reason why =
	    k->key != NULL ? k->key->fault : DKIM_KEY_MISSING;
	size_t i;

	for (i = 0; i < d->verdicts->n && why != DKIM_VALID; i++)
		if (d->verdicts->all[i].reason == why &&
		    slice_eq(d->verdicts->all[i].name, k->name))
			return true;
	return false;
}

enum rc
dkim_report_problems(const struct dkim_report *d)
{
	struct telling t = { .arena = d->run->arena,
		.object = d->run->facts,
		.named = true };
	size_t i;

	(void)json_object_set_new(d->run->facts, "problems", json_array());
	if (d->run->subject->message != NULL)
		tell_message(&t, d);
	for (i = 0; i < d->n_keys; i++) {
		t.name = d->keys[i].name;
		if (!is_said(d, &d->keys[i]))
			tell_key(&t, &d->keys[i]);
	}
	return RC_OK;
}
