#include "checks/dkim/dkim_key.h"

#include "base/base64.h"
#include "base/limits.h"

/*
 * RFC 6376 3.6.1, a tag list:
 *   key-v-tag = "v=" "DKIM1"                  (if there, it is first)
 *   key-h-tag = "h=" key-h-tag-alg *( ":" key-h-tag-alg )
 *   key-k-tag = "k=" ( "rsa" / "ed25519" / ... )
 *   key-n-tag = "n=" qp-section
 *   key-p-tag = "p=" [ base64string ]
 *   key-s-tag = "s=" ( "email" / "*" / ... ) *( ":" ... )
 *   key-t-tag = "t=" ( "y" / "s" / ... ) *( ":" ... )
 * and RFC 4871 3.6.1 had g=, a pattern for the local part of i=.
 */

static void
fault(struct dkim_key *k, enum dkim_reason why, struct slice detail)
{
	if (k->fault != DKIM_VALID)
		return;
	k->fault = why;
	k->detail = detail;
}

static void
read_version(struct dkim_key *k, const struct dkim_tags *tags)
{
	const struct dkim_tag *tag = dkim_tags_find(tags, "v");

	if (tag == NULL)
		k->notes |= DKIM_NOTE_NO_VERSION;
	else if (!slice_eq(tag->value, SLICE_LIT("DKIM1")))
		fault(k, DKIM_KEY_SYNTAX,
		    SLICE_LIT("has a v= that is not DKIM1"));
	else if (tag != &tags->tags[0])
		fault(k, DKIM_KEY_SYNTAX,
		    SLICE_LIT("has v=DKIM1, but not as its first tag"));
}

static void
read_type(struct dkim_key *k, const struct dkim_tags *tags)
{
	const struct dkim_tag *tag = dkim_tags_find(tags, "k");

	k->type_text = tag != NULL ? tag->value : SLICE_LIT("rsa");
	if (slice_eq_nocase(k->type_text, SLICE_LIT("rsa")))
		k->type = DKIM_KEY_RSA;
	else if (slice_eq_nocase(k->type_text, SLICE_LIT("ed25519")))
		k->type = DKIM_KEY_ED25519;
	else
		k->type = DKIM_KEY_UNKNOWN;
}

static void
read_rest(struct dkim_key *k, const struct dkim_tags *tags)
{
	struct slice flags = dkim_tags_value(tags, "t");
	const struct dkim_tag *g = dkim_tags_find(tags, "g");

	k->testing = dkim_list_has(flags, SLICE_LIT("y"));
	k->strict = dkim_list_has(flags, SLICE_LIT("s"));
	k->hashes = dkim_tags_value(tags, "h");
	k->services = dkim_tags_value(tags, "s");
	k->note = dkim_tags_value(tags, "n");
	if (k->hashes.n > 0 && !dkim_list_has(k->hashes, SLICE_LIT("sha256")))
		k->notes |= DKIM_NOTE_SHA1_ONLY;
	if (g != NULL)
		k->notes |= DKIM_NOTE_G_OLD;
	if (g != NULL && !slice_eq(g->value, SLICE_LIT("*")))
		k->notes |= DKIM_NOTE_GRANULARITY;
}

static enum rc
read_octets(struct arena *arena, struct dkim_key *k,
    const struct dkim_tags *tags)
{
	const struct dkim_tag *tag = dkim_tags_find(tags, "p");
	struct base64 r;
	unsigned char *p;

	if (tag == NULL) {
		fault(k, DKIM_KEY_SYNTAX, SLICE_LIT("has no p="));
		return RC_OK;
	}
	k->revoked = tag->value.n == 0;
	if (k->revoked) {
		fault(k, DKIM_KEY_REVOKED, SLICE_LIT("has an empty p="));
		return RC_OK;
	}
	p = arena_alloc(arena, BASE64_OCTETS(tag->value.n), 1);
	if (p == NULL)
		return RC_LIMIT;
	r = base64_decode(tag->value, p);
	if (!r.valid)
		fault(k, DKIM_KEY_SYNTAX,
		    SLICE_LIT("has a p= that is not base64"));
	else
		k->octets = slice_of(p, r.n);
	if (r.unpadded)
		k->notes |= DKIM_NOTE_UNPADDED;
	return RC_OK;
}

enum rc
dkim_key_read(struct arena *arena, struct slice text, struct dkim_key *k)
{
	struct dkim_tags tags;

	*k = (struct dkim_key){ .text = text };
	if (!dkim_tags_read(text, &tags))
		fault(k, DKIM_KEY_SYNTAX,
		    slice_str(dkim_tags_fault_text(tags.fault)));
	read_version(k, &tags);
	read_type(k, &tags);
	read_rest(k, &tags);
	return read_octets(arena, k, &tags);
}

/* ---- which record ------------------------------------------------------ */

/* It is meant to be a key: by its version, or by p= without one. */
static bool
is_meant(struct slice text)
{
	struct slice rest = text, head, name, value;
	bool p = false;

	while (rest.n > 0) {
		(void)slice_cut(rest, ';', &head, &rest);
		if (!slice_cut(head, '=', &name, &value))
			continue;
		name = slice_trim(name);
		if (slice_eq_nocase(name, SLICE_LIT("v")))
			return slice_starts_nocase(slice_trim(value),
			    SLICE_LIT("DKIM"));
		p = p || slice_eq(name, SLICE_LIT("p"));
	}
	return p;
}

/* The record that is the key, or the first that is not. */
static struct slice
choose(struct arena *arena, const struct answer *a, struct dkim_key *k)
{
	struct slice first = SLICE_NONE, meant = SLICE_NONE;
	size_t i;

	k->records = 0;
	for (i = 0; i < a->as.dns.n_records; i++) {
		struct slice text = check_text(arena, &a->as.dns.records[i]);

		if (first.p == NULL)
			first = text;
		if (is_meant(text) && k->records++ == 0)
			meant = text;
	}
	return k->records > 0 ? meant : first;
}

static enum rc
look_inside(struct dkim_keys *keys, struct dkim_key *k)
{
	const struct dkim_public *public;
	enum rc rc;

	if (k->fault != DKIM_VALID || k->type == DKIM_KEY_UNKNOWN)
		return RC_OK;
	rc = dkim_public_read(keys, k->type, k->octets, &public);
	if (rc)
		return rc;
	if (public == NULL) {
		fault(k, DKIM_KEY_SYNTAX,
		    k->type == DKIM_KEY_RSA
			? SLICE_LIT("has a p= that is no RSA key")
			: SLICE_LIT("has a p= that is not the 32 octets of an "
				    "Ed25519 key"));
		return RC_OK;
	}
	k->bits = dkim_public_bits(public);
	if (dkim_public_is_bare(public))
		k->notes |= DKIM_NOTE_BARE;
	if (k->type != DKIM_KEY_RSA)
		return RC_OK;
	if (k->bits < DKIM_KEY_BITS_MIN)
		fault(k, DKIM_KEY_SHORT,
		    SLICE_LIT("has an RSA key of under 1024 bits"));
	if (k->bits > LIMIT_DKIM_KEY_BITS)
		fault(k, DKIM_KEY_LONG,
		    SLICE_LIT("has a longer RSA key than is used"));
	return RC_OK;
}

/* All that the answer says by itself. */
static enum rc
answer_read(struct arena *arena, const struct answer *a, struct dkim_key *k)
{
	struct dkim_key seen = { 0 };
	struct slice text = choose(arena, a, &seen);
	enum rc rc = RC_LIMIT;

	if (!arena_failed(arena))
		rc = dkim_key_read(arena, text, k);
	if (rc)
		return rc;
	k->records = seen.records;
	if (k->records > 1) {
		k->fault = DKIM_VALID;
		fault(k, DKIM_KEY_SEVERAL,
		    SLICE_LIT("is not the only key record there"));
	} else if (a->as.dns.n_records > 1 && k->records == 1) {
		k->notes |= DKIM_NOTE_OTHER_TEXT;
	}
	if (a->as.dns.n_chain > 0)
		k->notes |= DKIM_NOTE_ALIAS;
	return RC_OK;
}

static bool
is_short(const struct answer *a)
{
	const struct dns_text *t = &a->as.dns.records[0].as.text;
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->strings[i].n;
	return a->as.dns.n_records == 1 && n <= LIMIT_DKIM_KEPT;
}

static const char reader; /* its address stands for this file */

/* What was read of it before, for another message; NULL: it is not kept. */
static const struct dkim_key *
answer_kept(const struct answer *a)
{
	struct answer_reading *r = a->reading;
	struct dkim_key *k;

	if (r != NULL && r->by == NULL && is_short(a)) {
		r->by = &reader;
		k = arena_new_of(r->arena, struct dkim_key, 1);
		if (k != NULL && answer_read(r->arena, a, k) == RC_OK)
			r->what = k;
	}
	return r != NULL && r->by == &reader ? r->what : NULL;
}

enum rc
dkim_key_find(struct arena *arena, const struct answer *a,
    struct dkim_keys *keys, struct dkim_key **out)
{
	const struct dkim_key *kept;
	struct dkim_key *k;
	enum rc rc = RC_OK;

	*out = NULL;
	if (a->seen != SEEN_ANSWERED || a->as.dns.n_records == 0)
		return RC_OK;
	k = arena_new_of(arena, struct dkim_key, 1);
	if (k == NULL)
		return RC_LIMIT;
	kept = answer_kept(a);
	if (kept != NULL)
		*k = *kept;
	else
		rc = answer_read(arena, a, k);
	if (rc)
		return rc;
	*out = k;
	return keys != NULL ? look_inside(keys, k) : RC_OK;
}

const struct dkim_public *
dkim_key_public(struct dkim_keys *keys, const struct dkim_key *k)
{
	const struct dkim_public *public;

	if (k->fault != DKIM_VALID || k->type == DKIM_KEY_UNKNOWN ||
	    dkim_public_read(keys, k->type, k->octets, &public) != RC_OK)
		return NULL;
	return public;
}

/* ---- 6.1.2: what it is good for ---------------------------------------- */

static bool
type_fits(const struct dkim_key *k, enum dkim_algorithm a)
{
	switch (a) {
	case DKIM_RSA_SHA1:
	case DKIM_RSA_SHA256:
		return k->type == DKIM_KEY_RSA;
	case DKIM_ED25519_SHA256:
		return k->type == DKIM_KEY_ED25519;
	case DKIM_NO_ALGORITHM:
		break;
	}
	return false;
}

enum dkim_reason
dkim_key_allows(const struct dkim_key *k, const struct dkim_signature *s)
{
	struct slice hash = s->algorithm == DKIM_RSA_SHA1 ? SLICE_LIT("sha1")
							  : SLICE_LIT("sha256");

	if (k->fault != DKIM_VALID)
		return k->fault;
	if (!type_fits(k, s->algorithm))
		return DKIM_KEY_TYPE;
	if (k->hashes.n > 0 && !dkim_list_has(k->hashes, hash))
		return DKIM_KEY_HASH;
	if (k->services.n > 0 && !dkim_list_has(k->services, SLICE_LIT("*")) &&
	    !dkim_list_has(k->services, SLICE_LIT("email")))
		return DKIM_KEY_SERVICE;
	/* 3.6.1: the domain of i= is then that of d= itself. */
	if (k->strict && !slice_eq(s->identity_domain, s->domain))
		return DKIM_KEY_STRICT;
	return DKIM_VALID;
}
