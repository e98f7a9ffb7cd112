#include "checks/misplaced_kind.h"

#include "checks/tags.h"

enum { KEY_MIN_OCTETS = 40 };

const char *
kind_name(enum kind kind)
{
	static const char *const names[] = {
		[KIND_OTHER] = "record",
		[KIND_SPF] = "SPF record",
		[KIND_DMARC] = "DMARC record",
		[KIND_DKIM] = "DKIM key",
		[KIND_MTA_STS] = "MTA-STS record",
		[KIND_TLSRPT] = "TLS reporting record",
		[KIND_ADSP] = "ADSP record",
		[KIND_DOMAINKEYS] = "DomainKeys policy",
	};

	return names[kind];
}

static bool
is_spf(struct slice text)
{
	return slice_starts_nocase(text, SLICE_LIT("v=spf1")) &&
	       (text.n == 6 || text.p[6] == ' ');
}

/* Of records whose version stands first, by its value. */
static enum kind
kind_of_version(struct slice version)
{
	static const struct {
		const char *version;
		enum kind kind;
	} kinds[] = {
		{ "DMARC1", KIND_DMARC },
		{ "DKIM1", KIND_DKIM },
		{ "STSv1", KIND_MTA_STS },
		{ "TLSRPTv1", KIND_TLSRPT },
	};

	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_starts_nocase(version, slice_str(kinds[i].version)))
			return kinds[i].kind;
	return KIND_OTHER;
}

/*
 * RFC 6376 3.6.1: v= may be left out of a key.  Then p= must hold what looks
 * like one: the DER of an RSA key, "MI" in base64, or anything by its k=.
 */
static enum kind
kind_of_tags(struct slice text)
{
	bool algorithm = false, key = false, rsa = false, policy = false;
	struct tag t;

	while (tag_next(&text, &t)) {
		if (t.malformed)
			return KIND_OTHER;
		if (slice_eq(t.name, SLICE_LIT("k")))
			algorithm = slice_eq(t.value, SLICE_LIT("rsa")) ||
				    slice_eq(t.value, SLICE_LIT("ed25519"));
		if (slice_eq(t.name, SLICE_LIT("p"))) {
			key = t.value.n >= KEY_MIN_OCTETS;
			rsa = slice_starts(t.value, SLICE_LIT("MI"));
		}
		/* RFC 4870 3.6: "~", "-", "!" or "." */
		if (slice_eq(t.name, SLICE_LIT("o")))
			policy = t.value.n == 1 &&
				 memchr("~-!.", t.value.p[0], 4) != NULL;
	}
	if (key && (algorithm || rsa))
		return KIND_DKIM;
	return policy ? KIND_DOMAINKEYS : KIND_OTHER;
}

enum kind
kind_of(struct slice text)
{
	struct slice rest = text;
	struct tag t;

	if (is_spf(text))
		return KIND_SPF;
	if (!tag_next(&rest, &t) || t.malformed)
		return KIND_OTHER;
	if (slice_eq_nocase(t.name, SLICE_LIT("v")))
		return kind_of_version(t.value);
	/* RFC 5617 4.2.1 */
	if (slice_eq(t.name, SLICE_LIT("dkim")))
		return KIND_ADSP;
	return kind_of_tags(text);
}

/* ---- quotes ------------------------------------------------------------ */

bool
kind_is_quoted(struct slice text)
{
	if (text.n > 1 && text.p[0] == '\\')
		text = slice_from(text, 1);
	return text.n > 2 && text.p[0] == '"' && text.p[text.n - 1] == '"';
}

struct slice
kind_unquoted(struct arena *arena, struct slice text)
{
	unsigned char *out = arena_new_of(arena, unsigned char, text.n + 1);
	bool inside = false;
	size_t i, n = 0;

	if (out == NULL)
		return SLICE_NONE;
	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			inside = !inside;
		else if (inside && !(text.p[i] == '\\' && i + 1 < text.n &&
				       text.p[i + 1] == '"'))
			out[n++] = text.p[i];
	}
	return slice_of(out, n);
}
