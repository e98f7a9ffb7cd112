#include "checks/dkim/dkim_signature.h"

#include "base/base64.h"
#include "base/domain.h"

/*
 * RFC 6376 3.5:
 *   sig-v-tag = "v=" "1"
 *   sig-a-tag = "a=" ( "rsa-sha1" / "rsa-sha256" / "ed25519-sha256" / ... )
 *   sig-b-tag = "b=" base64string
 *   sig-bh-tag = "bh=" base64string
 *   sig-c-tag = "c=" canon-alg [ "/" canon-alg ]
 *   sig-d-tag = "d=" domain-name
 *   sig-h-tag = "h=" hdr-name *( ":" hdr-name )
 *   sig-i-tag = "i=" [ Local-part ] "@" domain-name
 *   sig-l-tag = "l=" 1*76DIGIT
 *   sig-q-tag = "q=" sig-q-tag-method *( ":" sig-q-tag-method )
 *   sig-s-tag = "s=" selector
 *   sig-t-tag = "t=" 1*12DIGIT
 *   sig-x-tag = "x=" 1*12DIGIT
 *   sig-z-tag = "z=" sig-z-tag-copy *( "|" sig-z-tag-copy )
 */

enum {
	SHA1_OCTETS = 20,
	SHA256_OCTETS = 32,
	/* b= as text: of LIMIT_DKIM_KEY_BITS and more. */
	SIGNATURE_TEXT = 4 * 1024,
	NAME_OCTETS = 253, /* RFC 1035 2.3.4, as text */
};

struct reading {
	struct arena *arena;
	struct dkim_signature *out;
	struct dkim_tags tags;
};

/* ---- faults ------------------------------------------------------------ */

static void
fault_at(struct reading *g, enum dkim_reason why, size_t at,
    struct slice detail)
{
	struct dkim_signature *s = g->out;

	if (s->fault != DKIM_VALID)
		return;
	s->fault = why;
	s->place = dkim_place(s->field, at);
	s->detail = detail;
}

/* Of a tag, at its begin. */
static void
fault_in(struct reading *g, const struct dkim_tag *tag, enum dkim_reason why,
    struct slice detail)
{
	fault_at(g, why, tag->at, detail);
}

static void
bad_value(struct reading *g, const struct dkim_tag *tag, const char *what)
{
	fault_in(g, tag, DKIM_TAG_VALUE,
	    arena_slicef(g->arena, "%.*s= %s", SLICE_FMT(tag->name), what));
}

static void
tags_fault(struct reading *g)
{
	const struct dkim_tags *t = &g->tags;
	enum dkim_reason why = DKIM_SYNTAX;
	struct slice detail = slice_str(dkim_tags_fault_text(t->fault));

	if (t->fault == DKIM_TAGS_TWICE)
		why = DKIM_TAG_TWICE;
	else if (t->fault == DKIM_TAGS_MANY)
		why = DKIM_LIMIT;
	if (t->what.n > 0)
		detail = arena_slicef(g->arena, "%.*s: %.*s", SLICE_FMT(detail),
		    SLICE_FMT(t->what));
	fault_at(g, why, t->at, detail);
}

/* ---- single tags ------------------------------------------------------- */

/* A tag that must be there, and be something. */
static const struct dkim_tag *
want(struct reading *g, const char *name)
{
	const struct dkim_tag *tag = dkim_tags_find(&g->tags, name);

	if (tag == NULL)
		fault_at(g, DKIM_TAG_MISSING, 0,
		    arena_slicef(g->arena, "has no %s=", name));
	else if (tag->value.n == 0)
		bad_value(g, tag, "is empty");
	else
		return tag;
	return NULL;
}

static void
read_version(struct reading *g)
{
	const struct dkim_tag *tag = want(g, "v");

	if (tag != NULL && !slice_eq(tag->value, SLICE_LIT("1")))
		fault_in(g, tag, DKIM_VERSION,
		    SLICE_LIT("has a v= that is not 1"));
}

enum dkim_algorithm
dkim_algorithm_find(struct slice name)
{
	static const struct {
		const char *name;
		enum dkim_algorithm is;
	} rows[] = {
		{ "rsa-sha256", DKIM_RSA_SHA256 },
		{ "ed25519-sha256", DKIM_ED25519_SHA256 },
		{ "rsa-sha1", DKIM_RSA_SHA1 },
	};

	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (slice_eq_nocase(name, slice_str(rows[i].name)))
			return rows[i].is;
	return DKIM_NO_ALGORITHM;
}

static void
read_algorithm(struct reading *g)
{
	const struct dkim_tag *tag = want(g, "a");
	struct dkim_signature *s = g->out;

	if (tag == NULL)
		return;
	s->algorithm_text = tag->value;
	s->algorithm = dkim_algorithm_find(tag->value);
	if (s->algorithm == DKIM_NO_ALGORITHM)
		fault_in(g, tag, DKIM_ALGORITHM,
		    SLICE_LIT("has an algorithm in a= that receivers do not "
			      "know"));
}

static bool
read_canon_of(struct slice text, enum dkim_canon *out)
{
	text = slice_trim(text);
	*out = slice_eq_nocase(text, SLICE_LIT("relaxed")) ? DKIM_RELAXED
							   : DKIM_SIMPLE;
	return *out == DKIM_RELAXED ||
	       slice_eq_nocase(text, SLICE_LIT("simple"));
}

static void
read_canon(struct reading *g)
{
	const struct dkim_tag *tag = dkim_tags_find(&g->tags, "c");
	struct dkim_signature *s = g->out;
	struct slice header, body;
	bool both;

	if (tag == NULL)
		return;
	s->canon_text = tag->value;
	both = slice_cut(tag->value, '/', &header, &body);
	if (!read_canon_of(header, &s->header_canon) ||
	    (both && !read_canon_of(body, &s->body_canon)))
		bad_value(g, tag, "names a canonicalization that there is not");
}

static struct slice
decode(struct reading *g, const struct dkim_tag *tag)
{
	struct slice text = tag->value;
	struct base64 r;
	unsigned char *p;

	if (text.n > SIGNATURE_TEXT) {
		bad_value(g, tag, "is longer than any that can be right");
		return SLICE_NONE;
	}
	p = arena_alloc(g->arena, BASE64_OCTETS(text.n), 1);
	if (p == NULL)
		return SLICE_NONE;
	r = base64_decode(text, p);
	if (!r.valid) {
		bad_value(g, tag, "is not base64");
		return SLICE_NONE;
	}
	return slice_of(p, r.n);
}

static void
read_value(struct reading *g)
{
	const struct dkim_tag *there = dkim_tags_find(&g->tags, "b");
	const struct dkim_tag *tag = want(g, "b");

	if (there != NULL)
		g->out->hole = there->whole;
	if (tag != NULL)
		g->out->value = decode(g, tag);
}

static void
read_body_hash(struct reading *g)
{
	const struct dkim_tag *tag = want(g, "bh");
	struct dkim_signature *s = g->out;
	size_t octets =
	    s->algorithm == DKIM_RSA_SHA1 ? SHA1_OCTETS : SHA256_OCTETS;

	if (tag == NULL)
		return;
	s->body_hash = decode(g, tag);
	if (s->body_hash.n != octets)
		bad_value(g, tag, "is not as long as the hash of a= is");
}

/* ---- who signed -------------------------------------------------------- */

static struct slice
read_name(struct reading *g, const char *which)
{
	const struct dkim_tag *tag = want(g, which);
	struct slice name = SLICE_NONE;
	enum domain_fault fault;

	if (tag == NULL)
		return SLICE_NONE;
	fault = domain_canonical(g->arena, tag->value, &name);
	if (fault == DOMAIN_FINE)
		return name;
	bad_value(g, tag, domain_fault_text(fault));
	return SLICE_NONE;
}

static void
read_names_of_key(struct reading *g)
{
	struct dkim_signature *s = g->out;
	struct slice name;

	s->domain = read_name(g, "d");
	s->selector = read_name(g, "s");
	if (s->domain.n == 0 || s->selector.n == 0)
		return;
	name = arena_slicef(g->arena, "%.*s._domainkey.%.*s",
	    SLICE_FMT(s->selector), SLICE_FMT(s->domain));
	if (name.n <= NAME_OCTETS)
		s->key_name = name;
	else
		bad_value(g, dkim_tags_find(&g->tags, "s"),
		    "and d= make a longer name than DNS takes");
}

/* The octets behind the last "@"; nothing: there is none. */
static struct slice
behind_at(struct slice s)
{
	size_t i;

	for (i = s.n; i > 0; i--)
		if (s.p[i - 1] == '@')
			return slice_from(s, i);
	return SLICE_NONE;
}

/* 3.5: its domain is that of d=, or below it. */
static void
read_identity(struct reading *g)
{
	const struct dkim_tag *tag = dkim_tags_find(&g->tags, "i");
	struct dkim_signature *s = g->out;
	enum domain_fault fault;
	struct slice domain;

	s->identity_domain = s->domain;
	if (tag == NULL)
		return;
	s->identity = tag->value;
	domain = behind_at(tag->value);
	if (domain.p == NULL) {
		bad_value(g, tag, "has no \"@\"");
		return;
	}
	fault = domain_canonical(g->arena, domain, &s->identity_domain);
	if (fault != DOMAIN_FINE)
		bad_value(g, tag, domain_fault_text(fault));
	else if (s->domain.n > 0 &&
		 !domain_is_under(s->identity_domain, s->domain))
		fault_in(g, tag, DKIM_IDENTITY,
		    SLICE_LIT("has a domain in i= that is not under d="));
}

/* ---- what is signed ---------------------------------------------------- */

static size_t
count_items(struct slice list)
{
	struct slice item;
	size_t n = 0;

	while (dkim_list_next(&list, &item))
		n += item.n > 0;
	return n;
}

static void
read_header_list(struct reading *g)
{
	const struct dkim_tag *tag = want(g, "h");
	struct dkim_signature *s = g->out;
	struct slice rest, item, *names;
	size_t n;

	if (tag == NULL)
		return;
	n = count_items(tag->value);
	if (n > LIMIT_DKIM_NAMES) {
		fault_in(g, tag, DKIM_LIMIT,
		    SLICE_LIT("names more header fields in h= than are "
			      "looked at"));
		return;
	}
	names = arena_new_of(g->arena, struct slice, n + 1);
	if (names == NULL)
		return;
	rest = tag->value;
	while (dkim_list_next(&rest, &item))
		if (item.n > 0)
			names[s->n_names++] = item;
	s->names = names;
	/* 5.4: it MUST be signed. */
	if (dkim_signature_names(s, SLICE_LIT("From")) == 0)
		fault_in(g, tag, DKIM_FROM_UNSIGNED,
		    SLICE_LIT("does not sign From: h= lacks it"));
}

static bool
read_number(struct reading *g, const char *name, uint64_t *out)
{
	const struct dkim_tag *tag = dkim_tags_find(&g->tags, name);

	if (tag == NULL)
		return false;
	if (slice_number(tag->value, UINT64_MAX, out))
		return true;
	bad_value(g, tag, "is no number");
	return false;
}

static void
read_numbers(struct reading *g)
{
	struct dkim_signature *s = g->out;

	s->has_length = read_number(g, "l", &s->length);
	s->has_time = read_number(g, "t", &s->time);
	s->has_expiry = read_number(g, "x", &s->expiry);
	if (s->has_time && s->has_expiry && s->expiry < s->time)
		bad_value(g, dkim_tags_find(&g->tags, "x"), "is before t=");
}

static void
read_query(struct reading *g)
{
	const struct dkim_tag *tag = dkim_tags_find(&g->tags, "q");

	if (tag != NULL && !dkim_list_has(tag->value, SLICE_LIT("dns/txt")))
		fault_in(g, tag, DKIM_QUERY, SLICE_LIT("has no dns/txt in q="));
}

/* ---- all of it --------------------------------------------------------- */

static void
read_what_is_signed(struct reading *g, enum dkim_signature_kind kind)
{
	if (kind == DKIM_ARC_SEAL) {
		read_value(g);
		read_numbers(g);
		return;
	}
	read_header_list(g);
	read_body_hash(g);
	read_value(g);
	read_canon(g);
	read_numbers(g);
	read_query(g);
}

enum rc
dkim_signature_read(struct arena *arena, const struct field *field,
    enum dkim_signature_kind kind, struct dkim_signature *out)
{
	struct reading g;

	*out = (struct dkim_signature){ .field = field };
	g.arena = arena;
	g.out = out;
	if (field->value.n > LIMIT_DKIM_FIELD) {
		fault_at(&g, DKIM_LIMIT, 0,
		    SLICE_LIT("is longer than is looked at"));
		return RC_OK;
	}
	if (!dkim_tags_read(field->value, &g.tags))
		tags_fault(&g);
	if (kind == DKIM_SIGNATURE)
		read_version(&g);
	read_algorithm(&g);
	read_names_of_key(&g);
	if (kind == DKIM_SIGNATURE)
		read_identity(&g);
	else
		out->identity_domain = out->domain;
	read_what_is_signed(&g, kind);
	out->copied = dkim_tags_value(&g.tags, "z");
	return arena_failed(arena) ? RC_LIMIT : RC_OK;
}

bool
dkim_signature_is_expired(const struct dkim_signature *s, int64_t as_of)
{
	return s->has_expiry && as_of >= 0 && s->expiry < (uint64_t)as_of;
}

size_t
dkim_signature_names(const struct dkim_signature *s, struct slice name)
{
	size_t i, n = 0;

	for (i = 0; i < s->n_names; i++)
		n += slice_eq_nocase(s->names[i], name);
	return n;
}
