#include "checks/arc/arc_verify.h"

/* What is wrong with what was signed, or with its key. */
static const char *const causes[DKIM_REASONS] = {
	[DKIM_SHA1] = "rsa-sha1 does not count any more (RFC 8301)",
	[DKIM_EXPIRED] = "it has expired",
	[DKIM_KEY_LOST] = "its key could not be had from DNS",
	[DKIM_KEY_MISSING] = "its key is not in DNS",
	[DKIM_KEY_SEVERAL] = "DNS has several keys in the place of its key",
	[DKIM_KEY_SYNTAX] = "the record in the place of its key is none",
	[DKIM_KEY_REVOKED] = "its key was revoked",
	[DKIM_KEY_TYPE] = "its key is of another type than its algorithm",
	[DKIM_KEY_HASH] = "its key is not for the hash of its algorithm",
	[DKIM_KEY_SERVICE] = "its key is not for email",
	[DKIM_KEY_STRICT] = "its key is not for subdomains",
	[DKIM_KEY_SHORT] = "its RSA key has less than 1024 bits (RFC 8301)",
	[DKIM_KEY_LONG] = "its RSA key is longer than any that is read",
	[DKIM_BODY_SHORT] = "the body is shorter than its l= says",
	[DKIM_BODY_CHANGED] = "the body was changed",
	[DKIM_KEY_MISMATCH] = "it was not made with the key in DNS",
};

static const char *
changed(enum arc_kind kind)
{
	return kind == ARC_SEAL
		   ? "an ARC field up to it was changed, or it was made with "
		     "another key"
		   : "a header field that it covers was changed, or it was "
		     "made with another key";
}

/* "has no b=" of it, "b= is empty" as it stands. */
static struct slice
fault_of(struct arena *arena, struct slice detail)
{
	struct slice word, rest;

	(void)slice_cut(detail, ' ', &word, &rest);
	if (word.n > 0 && word.p[word.n - 1] == '=')
		return detail;
	return arena_slicef(arena, "it %.*s", SLICE_FMT(detail));
}

struct slice
arc_part_text(struct arena *arena, const struct arc_part *p, enum arc_kind kind,
    size_t instance)
{
	const struct dkim_signature *s = &p->signature;
	struct slice why = slice_str(causes[p->reason]);
	struct slice of = s->domain;

	if (p->reason == DKIM_HEADER_CHANGED)
		why = slice_str(changed(kind));
	else if (p->forbidden != NULL)
		why = slice_str(p->forbidden);
	else if (p->reason == s->fault)
		why = fault_of(arena, s->detail);
	if (of.n == 0)
		of = SLICE_LIT("of no domain that can be read");
	return arena_slicef(arena,
	    "The %s of set %zu (%.*s) does not verify: "
	    "%.*s",
	    arc_kind_name(kind), instance, SLICE_FMT(of), SLICE_FMT(why));
}
