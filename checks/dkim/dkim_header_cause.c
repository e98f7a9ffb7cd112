#include "base/limits.h"
#include "checks/dkim/dkim_diagnose.h"

/*
 * A header that is not the one signed: what if a field of it had been
 * otherwise?  Each try hashes it once more; only what then verifies is said.
 */
struct trial {
	struct arena *arena;
	const struct dkim_found *found;
	const struct dkim_signature *signature;
	const struct message *message;
	const struct dkim_digest *over; /* NULL: Ed25519 */
	struct dkim_verdict *verdict;
};

static bool
fits(const struct trial *t, struct dkim_change change)
{
	struct dkim_digest d;
	size_t n = t->message->header.n + DKIM_SINK;

	if (n > LIMIT_DKIM_TRIED - *t->found->tried)
		return false;
	*t->found->tried += n;
	if (!dkim_hash_changed(t->found->hasher, t->signature, &change, &d))
		return false;
	if (t->over != NULL)
		return dkim_digest_is(t->over,
		    slice_of(d.octets, sizeof(d.octets)));
	return dkim_public_verify(t->found->key, &d, t->signature->value);
}

static bool
fits_with(const struct trial *t, const struct field *f, struct slice value)
{
	struct dkim_change change = { t->signature->header_canon, f, value };

	if (value.p == NULL || !fits(t, change))
		return false;
	t->verdict->changed = f->name;
	return true;
}

static bool
by_other_canon(const struct trial *t)
{
	struct dkim_change change = {
		.canon = t->signature->header_canon == DKIM_SIMPLE
			     ? DKIM_RELAXED
			     : DKIM_SIMPLE,
	};

	return fits(t, change);
}

/* ---- which fields ------------------------------------------------------ */

enum { TRIES_MAX = 200, TRIAL_BLOCK = 4096 };

/* Tries something with each field that h= covers. */
static bool
any_field(const struct trial *t,
    bool (*attempt)(const struct trial *, const struct field *))
{
	size_t i, tries = 0;

	for (i = 0; i < t->message->n_fields && tries < TRIES_MAX; i++) {
		const struct field *f = &t->message->fields[i];

		if (f == t->signature->field ||
		    dkim_signature_names(t->signature, f->name) == 0)
			continue;
		tries++;
		if (attempt(t, f))
			return true;
	}
	return false;
}

static bool
when_absent(const struct trial *t, const struct field *f)
{
	struct dkim_change change = { t->signature->header_canon, f,
		SLICE_NONE };

	if (!fits(t, change))
		return false;
	t->verdict->changed = f->name;
	return true;
}

/* ---- values ------------------------------------------------------------ */

static size_t
leading_space(struct slice s)
{
	size_t n = 0;

	while (n < s.n && ascii_is_space(s.p[n]))
		n++;
	return n;
}

/* The value's white space before it, and then something else. */
static struct slice
with_text(const struct trial *t, struct slice value, struct slice text)
{
	struct slice space = slice_sub(value, 0, leading_space(value));

	return space.n == 0 ? text
			    : arena_slicef(t->arena, "%.*s%.*s",
				  SLICE_FMT(space), SLICE_FMT(text));
}

enum { WORDS_MAX = 12 };

/* "[list] ", "Re: ", "***SPAM*** ": so many words were put before it. */
static bool
without_prefix(const struct trial *t, const struct field *f)
{
	struct slice rest = slice_trim(f->value), word;
	size_t i;

	if (!slice_eq_nocase(f->name, SLICE_LIT("Subject")) ||
	    rest.n > LIMIT_TRACE_FIELD)
		return false;
	for (i = 0; i < WORDS_MAX; i++) {
		if (!slice_cut(rest, ' ', &word, &rest))
			return false;
		if (fits_with(t, f, with_text(t, f->value, rest)))
			return true;
	}
	return false;
}

static bool
has_addresses(const struct field *f)
{
	static const char *const names[] = { "From", "To", "Cc", "Reply-To",
		"Sender" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eq_nocase(f->name, slice_str(names[i])))
			return true;
	return false;
}

static struct slice
without_octet(const struct trial *t, struct slice s, unsigned char octet)
{
	unsigned char *p = arena_new_of(t->arena, unsigned char, s.n + 1);
	size_t i, n = 0;

	if (p == NULL)
		return SLICE_NONE;
	for (i = 0; i < s.n; i++)
		if (s.p[i] != octet)
			p[n++] = s.p[i];
	return slice_of(p, n);
}

/* A relay that writes addresses anew puts quotes round names, or none. */
static bool
with_other_quotes(const struct trial *t, const struct field *f)
{
	struct slice text = slice_trim(f->value), name, address;

	if (!has_addresses(f) || text.n > LIMIT_TRACE_FIELD)
		return false;
	if (slice_find(text, SLICE_LIT("\"")) != SIZE_MAX)
		return fits_with(t, f, without_octet(t, f->value, '"'));
	return slice_cut(text, '<', &name, &address) &&
	       slice_trim(name).n > 0 &&
	       fits_with(t, f,
		   with_text(t, f->value,
		       arena_slicef(t->arena, "\"%.*s\" <%.*s",
			   SLICE_FMT(slice_trim(name)), SLICE_FMT(address))));
}

/* Lists put the author elsewhere when they take From for themselves. */
static bool
from_elsewhere(const struct trial *t, const struct field *f)
{
	static const char *const names[] = { "Reply-To", "X-Original-From",
		"Original-From", "X-MailFrom", "Cc" };
	size_t i;

	if (!slice_eq_nocase(f->name, SLICE_LIT("From")))
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct field *other =
		    message_field(t->message, names[i], 0);

		if (other != NULL && fits_with(t, f, other->value))
			return true;
	}
	return false;
}

/* A relay that encodes the body anew says so. */
static bool
with_other_encoding(const struct trial *t, const struct field *f)
{
	static const char *const values[] = { "8bit", "7bit",
		"quoted-printable", "base64", "binary" };
	size_t i;

	if (!slice_eq_nocase(f->name, SLICE_LIT("Content-Transfer-Encoding")))
		return false;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (fits_with(t, f,
			with_text(t, f->value, slice_str(values[i]))))
			return true;
	return false;
}

/* Of a simple header: it was on one line. */
static bool
unfolded(const struct trial *t, const struct field *f)
{
	if (t->signature->header_canon == DKIM_RELAXED ||
	    f->value.n > LIMIT_TRACE_FIELD ||
	    slice_find(f->value, SLICE_LIT("\n")) == SIZE_MAX)
		return false;
	return fits_with(t, f,
	    without_octet(t, without_octet(t, f->value, '\r'), '\n'));
}

/* ---- z= ---------------------------------------------------------------- */

/* dkim-quoted-printable (RFC 6376 2.11), white space in it being none. */
static struct slice
decode_copy(const struct trial *t, struct slice text)
{
	unsigned char *p = arena_new_of(t->arena, unsigned char, text.n + 1);
	size_t i, n = 0;

	if (p == NULL)
		return SLICE_NONE;
	for (i = 0; i < text.n; i++) {
		if (ascii_is_space(text.p[i]))
			continue;
		if (text.p[i] == '=' && text.n - i > 2 &&
		    ascii_hex(text.p[i + 1]) >= 0 &&
		    ascii_hex(text.p[i + 2]) >= 0) {
			p[n++] = (unsigned char)(ascii_hex(text.p[i + 1]) << 4 |
						 ascii_hex(text.p[i + 2]));
			i += 2;
		} else {
			p[n++] = text.p[i];
		}
	}
	return slice_of(p, n);
}

static struct slice
relaxed_value(const struct trial *t, const struct field *f, struct slice value)
{
	struct field as = { .name = f->name, .value = value };
	const struct dkim_field one = { .field = &as, .apart = true };
	struct dkim_sink sink;
	struct slice out;
	struct buf b;

	buf_init(&b, LIMIT_DKIM_FIELD + DKIM_SINK);
	dkim_sink_init(&sink, dkim_take_buf, &b);
	dkim_canon_field(&sink, DKIM_RELAXED, &one, t->found->hasher->bare);
	dkim_sink_flush(&sink);
	out = b.failed ? SLICE_NONE : arena_copy(t->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

/* sig-z-tag-copy = hdr-name [FWS] ":" qp-hdr-value */
static bool
copy_differs(const struct trial *t, struct slice copy)
{
	struct slice name, value, text;
	const struct field *f;

	if (!slice_cut(copy, ':', &name, &value))
		return false;
	name = slice_trim(name);
	f = NULL;
	for (size_t i = t->message->n_fields; i > 0 && f == NULL; i--)
		if (slice_eq_nocase(t->message->fields[i - 1].name, name))
			f = &t->message->fields[i - 1];
	if (f == NULL || dkim_signature_names(t->signature, name) == 0)
		return false;
	text = decode_copy(t, value);
	if (slice_eq(relaxed_value(t, f, text), relaxed_value(t, f, f->value)))
		return false;
	t->verdict->changed = f->name;
	return true;
}

static bool
by_copies(const struct trial *t)
{
	struct slice rest = t->signature->copied, copy;
	size_t i;

	for (i = 0; i < TRIES_MAX && rest.n > 0; i++) {
		(void)slice_cut(rest, '|', &copy, &rest);
		if (copy_differs(t, copy))
			return true;
	}
	return false;
}

/* ---- all of it --------------------------------------------------------- */

static bool
is_alone(const struct trial *t)
{
	size_t i, n = 0;

	for (i = 0; i < t->message->n_fields; i++)
		n += slice_eq_nocase(t->message->fields[i].name,
		    t->verdict->changed);
	return n < 2;
}

static const char *
find_cause(const struct trial *t)
{
	if (by_other_canon(t))
		return "canonicalization";
	if (any_field(t, when_absent))
		return is_alone(t) ? "field-added" : "duplicate";
	if (any_field(t, without_prefix))
		return "subject-prefix";
	if (any_field(t, from_elsewhere))
		return "from-rewritten";
	if (any_field(t, with_other_encoding))
		return "encoding";
	if (any_field(t, with_other_quotes))
		return "quotes";
	if (any_field(t, unfolded))
		return "folding";
	return by_copies(t) ? "copied" : NULL;
}

const char *
dkim_header_cause(const struct dkim_found *found,
    const struct dkim_digest *signed_over, struct dkim_verdict *v)
{
	struct trial t = { arena_new(LIMIT_DKIM_TRIAL, TRIAL_BLOCK), found,
		v->signature, found->hasher->message, signed_over, v };
	const char *cause = NULL;

	if (t.arena != NULL)
		cause = find_cause(&t);
	arena_free(t.arena);
	return cause;
}

struct slice
dkim_header_cause_text(struct arena *arena, const struct dkim_verdict *v)
{
	static const struct {
		const char *cause;
		const char *text;
	} rows[] = {
		{ "field-added",
		    "was added after signing; sign last, behind all that "
		    "rewrites mail" },
		{ "duplicate",
		    "is there more than once, and one was added after "
		    "signing; send one" },
		{ "subject-prefix",
		    "had other words put before it after signing, as mailing "
		    "lists and gateways do; have that done before signing, or "
		    "not at all" },
		{ "from-rewritten",
		    "was another address when it was signed, as mailing lists "
		    "rewrite it; whoever rewrites it has to sign anew" },
		{ "encoding",
		    "was another when it was signed: a relay encoded the body "
		    "anew; send text in 7 bits (quoted-printable or base64)" },
		{ "quotes",
		    "was written anew with other quotes after signing; write "
		    "display names in quotes, or sign behind what does that" },
		{ "folding",
		    "was folded otherwise when it was signed; sign with "
		    "c=relaxed/relaxed" },
		{ "copied", "is not as z= has it from when it was signed; sign "
			    "last, behind all that rewrites mail" },
	};

	size_t i;

	if (v->header_cause != NULL && v->changed.n == 0)
		return SLICE_LIT("the header verifies by the other "
				 "canonicalization than c= names; let the "
				 "signer do as it says");
	for (i = 0;
	     v->header_cause != NULL && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(v->header_cause, rows[i].cause) == 0)
			return arena_slicef(arena, "the header field %.*s %s",
			    SLICE_FMT(v->changed), rows[i].text);
	return SLICE_LIT("a header field that it covers was changed after "
			 "signing; sign last, behind all that rewrites mail, "
			 "with c=relaxed/relaxed");
}
