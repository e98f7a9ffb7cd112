#include "base/civil.h"
#include "base/limits.h"
#include "checks/dkim/dkim_diagnose.h"
#include "checks/dkim/dkim_key.h"
#include "checks/zone/zone_file.h"

/*
 * The sentence for people: what is wrong, what receivers do, what to do.  It
 * begins with whose signature it is.
 */
struct telling {
	struct arena *arena;
	const struct check_run *run;
	const struct dkim_verdict *v;
	struct slice who;
};

static struct slice
who(struct arena *arena, const struct dkim_verdict *v)
{
	if (v->domain.n > 0 && v->selector.n > 0)
		return arena_slicef(arena,
		    "The DKIM signature of %.*s (selector %.*s)",
		    SLICE_FMT(v->domain), SLICE_FMT(v->selector));
	return arena_slicef(arena, "The DKIM signature in line %zu",
	    v->field->line);
}

/* ---- the field --------------------------------------------------------- */

static struct slice
tell_field(const struct telling *t)
{
	const struct dkim_signature *s = t->v->signature;

	return arena_slicef(t->arena,
	    "%.*s %.*s (line %zu, column %zu): receivers do not verify it; "
	    "mend it in the signer's settings, or replace the signer",
	    SLICE_FMT(t->who), SLICE_FMT(s->detail), s->place.line,
	    s->place.column);
}

static struct slice
tell_sha1(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s is made with rsa-sha1, which receivers do not count any more "
	    "(RFC 8301); let the signer use rsa-sha256",
	    SLICE_FMT(t->who));
}

static struct slice
tell_limit(const struct telling *t)
{
	const struct dkim_signature *s = t->v->signature;

	return arena_slicef(t->arena, "%.*s %.*s, and was not verified",
	    SLICE_FMT(t->who),
	    SLICE_FMT(s->detail.n > 0
			  ? s->detail
			  : SLICE_LIT("is of a message with too many fields")));
}

static struct slice
tell_expired(const struct telling *t)
{
	char expiry[CIVIL_TEXT_MAX], now[CIVIL_TEXT_MAX];

	civil_rfc3339_format((int64_t)t->v->signature->expiry, expiry);
	civil_rfc3339_format(t->run->subject->as_of, now);
	return arena_slicef(t->arena,
	    "%.*s expired at %s, and it is judged as of %s: receivers need not "
	    "count it then; let x= be a week and more after t=, or leave it "
	    "out",
	    SLICE_FMT(t->who), expiry, now);
}

/* ---- the key ----------------------------------------------------------- */

/* The key is where the sender believes it to be, and nowhere else. */
static bool
zone_has_key(const struct telling *t)
{
	const struct zone_file *z = t->run->subject->zone;

	return z != NULL && zone_file_find(z, t->v->name) != NULL;
}

static struct slice
tell_no_key(const struct telling *t)
{
	if (zone_has_key(t))
		return arena_slicef(t->arena,
		    "%.*s cannot be verified: the record of %.*s stands in "
		    "your zone file and not in public DNS, where receivers "
		    "look; publish it there, at the DNS provider that serves "
		    "the zone",
		    SLICE_FMT(t->who), SLICE_FMT(t->v->name));
	return arena_slicef(t->arena,
	    "%.*s cannot be verified: there is no TXT record at %.*s; publish "
	    "the signer's public key there, or sign with a selector that has "
	    "one",
	    SLICE_FMT(t->who), SLICE_FMT(t->v->name));
}

static struct slice
tell_lost(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s cannot be verified now: DNS gave no answer for %.*s",
	    SLICE_FMT(t->who), SLICE_FMT(t->v->name));
}

static struct slice
tell_key(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s cannot be verified: the record at %.*s %.*s; publish one "
	    "record there, v=DKIM1 with k= and the signer's public key in p=",
	    SLICE_FMT(t->who), SLICE_FMT(t->v->name),
	    SLICE_FMT(t->v->key->detail));
}

static struct slice
tell_several(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s cannot be verified: there are %zu key records at %.*s, and "
	    "which one counts is undefined; leave only the one that the signer "
	    "uses, and give each other key a selector of its own",
	    SLICE_FMT(t->who), t->v->key->records, SLICE_FMT(t->v->name));
}

static struct slice
tell_revoked(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s is made with a key that was revoked: the record at %.*s has "
	    "an empty p=; let the signer use a key that is in force",
	    SLICE_FMT(t->who), SLICE_FMT(t->v->name));
}

static struct slice
tell_type(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s has a=%.*s, but the key at %.*s is of type %.*s: they do not "
	    "go together; publish the key of the algorithm that signs",
	    SLICE_FMT(t->who), SLICE_FMT(t->v->signature->algorithm_text),
	    SLICE_FMT(t->v->name), SLICE_FMT(t->v->key->type_text));
}

static struct slice
tell_use(const struct telling *t)
{
	const char *what = "has t=s, by which i= may have no subdomain of d=; "
			   "take t=s out of it, or let i= be of d= itself";

	if (t->v->reason == DKIM_KEY_HASH)
		what = "allows other hashes in h= than that of a=; take h= out "
		       "of it";
	if (t->v->reason == DKIM_KEY_SERVICE)
		what = "is by its s= not for email; take s= out of it";
	return arena_slicef(t->arena, "%.*s does not count: the key at %.*s %s",
	    SLICE_FMT(t->who), SLICE_FMT(t->v->name), what);
}

static struct slice
tell_size(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s is made with an RSA key of %u bits: receivers count only "
	    "keys of 1024 to %d bits (RFC 8301); make a new key of 2048 bits",
	    SLICE_FMT(t->who), t->v->key->bits, LIMIT_DKIM_KEY_BITS);
}

/* ---- the message ------------------------------------------------------- */

static struct slice
tell_short(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s says l=%llu, and the body has fewer octets: it was cut on the "
	    "way, or signed in another form than it was sent; leave l= out",
	    SLICE_FMT(t->who), (unsigned long long)t->v->signature->length);
}

static struct slice
tell_mismatch(const struct telling *t)
{
	return arena_slicef(t->arena,
	    "%.*s was not made with the key that is at %.*s: signer and DNS do "
	    "not have the same key pair; publish the public key that belongs to "
	    "the signer's private key",
	    SLICE_FMT(t->who), SLICE_FMT(t->v->name));
}

static struct slice
tell_changed(const struct telling *t)
{
	const struct dkim_verdict *v = t->v;
	struct slice body = SLICE_LIT(""), header = SLICE_LIT("");

	if (v->reason != DKIM_HEADER_CHANGED)
		body = dkim_body_cause_text(t->arena, v);
	if (v->reason == DKIM_HEADER_CHANGED || v->header_cause != NULL)
		header = dkim_header_cause_text(t->arena, v);
	return arena_slicef(t->arena, "%.*s does not verify: %.*s%s%.*s",
	    SLICE_FMT(t->who), SLICE_FMT(body),
	    body.n > 0 && header.n > 0 ? "; and " : "", SLICE_FMT(header));
}

/* ---- all of them ------------------------------------------------------- */

static struct slice
tell(const struct telling *t)
{
	switch (t->v->reason) {
	case DKIM_VALID:
	case DKIM_REASONS:
		break;
	case DKIM_SYNTAX:
	case DKIM_TAG_MISSING:
	case DKIM_TAG_TWICE:
	case DKIM_TAG_VALUE:
	case DKIM_VERSION:
	case DKIM_ALGORITHM:
	case DKIM_FROM_UNSIGNED:
	case DKIM_IDENTITY:
	case DKIM_QUERY:
		return tell_field(t);
	case DKIM_SHA1:
		return tell_sha1(t);
	case DKIM_EXPIRED:
		return tell_expired(t);
	case DKIM_KEY_LOST:
		return tell_lost(t);
	case DKIM_KEY_MISSING:
		return tell_no_key(t);
	case DKIM_KEY_SEVERAL:
		return tell_several(t);
	case DKIM_KEY_SYNTAX:
		return tell_key(t);
	case DKIM_KEY_REVOKED:
		return tell_revoked(t);
	case DKIM_KEY_TYPE:
		return tell_type(t);
	case DKIM_KEY_HASH:
	case DKIM_KEY_SERVICE:
	case DKIM_KEY_STRICT:
		return tell_use(t);
	case DKIM_KEY_SHORT:
	case DKIM_KEY_LONG:
		return tell_size(t);
	case DKIM_BODY_SHORT:
		return tell_short(t);
	case DKIM_KEY_MISMATCH:
		return tell_mismatch(t);
	case DKIM_BODY_CHANGED:
	case DKIM_HEADER_CHANGED:
		return tell_changed(t);
	case DKIM_LIMIT:
		return tell_limit(t);
	}
	return SLICE_LIT("");
}

enum rc
dkim_explain(struct check_run *run, struct dkim_verdict *v)
{
	struct telling t = { .arena = run->memos->arena, .run = run, .v = v };

	t.who = who(t.arena, v);
	v->detail = tell(&t);
	return arena_failed(t.arena) ? RC_LIMIT : RC_OK;
}
