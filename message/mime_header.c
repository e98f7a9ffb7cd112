#include "message/mime_header.h"

#include "message/charset.h"
#include "message/mime_value.h"
#include "message/octets.h"

static const struct {
	const char *name;
} known[MIME_FIELDS] = {
	[MIME_FIELD_VERSION] = { "MIME-Version" },
	[MIME_FIELD_TYPE] = { "Content-Type" },
	[MIME_FIELD_ENCODING] = { "Content-Transfer-Encoding" },
	[MIME_FIELD_DISPOSITION] = { "Content-Disposition" },
	[MIME_FIELD_ID] = { "Content-ID" },
};

void
mime_header_add(struct mime_header *h, const struct mime_lint *l,
    const struct field *f)
{
	unsigned char c = ascii_lower(f->name.p[0]);

	if (c != 'c' && c != 'm')
		return;
	for (size_t i = 0; i < MIME_FIELDS; i++) {
		if (!slice_eq_nocase(f->name, slice_str(known[i].name)))
			continue;
		h->any = true;
		if (h->first[i].name.n == 0)
			h->first[i] = *f;
		else
			mime_say(l, &mime_twice, f->name, f->name,
			    SLICE_LIT("The field is there more than once, and "
				      "receivers differ in which one counts"));
		return;
	}
}

/* ---- faults of a field with parameters --------------------------------- */

static const struct {
	const struct lint_kind *kind;
	const char *detail;
} fault_kinds[MIME_FAULTS] = {
	[MIME_FAULT_TYPE] = { &mime_type,
	    "The field has no type that can be read, so the part is taken for "
	    "plain text or for an unknown file" },
	[MIME_FAULT_SYNTAX] = { &mime_parameter,
	    "Here should be a parameter, name=value, with a semicolon before "
	    "it; receivers may drop this one or all that follow" },
	[MIME_FAULT_UNQUOTED] = { &mime_unquoted,
	    "The value has characters that need double quotes around it; some "
	    "receivers read only the first piece of it" },
	[MIME_FAULT_UNCLOSED] = { &mime_unclosed,
	    "A quote or a comment begins here and does not end, so the rest of "
	    "the field is lost" },
	[MIME_FAULT_TWICE] = { &mime_parameter_twice,
	    "The parameter is there already, and receivers differ in which one "
	    "counts" },
	[MIME_FAULT_WORD] = { &mime_word,
	    "An encoded word stands in a parameter, where it is not decoded by "
	    "all receivers" },
	[MIME_FAULT_8BIT] = { &mime_parameter_8bit,
	    "The parameter has octets over 127 as they are; which characters "
	    "they mean nobody can know" },
	[MIME_FAULT_EXTENDED] = { &mime_extended,
	    "The parameter is encoded by RFC 2231 with a fault: a section is "
	    "missing, the charset is not known, or a % has no two hexadecimal "
	    "digits" },
	[MIME_FAULT_LIMIT] = { &mime_parameter_limit,
	    "There are too many parameters, or one of them is too long" },
};

static void
faults_say(const struct mime_lint *l, const struct field *f,
    const struct mime_value *v)
{
	for (size_t i = 0; l->lint != NULL && i < MIME_FAULTS; i++) {
		const struct lint_kind *kind = fault_kinds[i].kind;

		if (v->faults[i].count == 0)
			continue;
		if (i == MIME_FAULT_TYPE &&
		    ascii_lower(slice_from(f->name, 8).p[0]) == 'd')
			kind = &mime_disposition;
		mime_say(l, kind, f->name,
		    slice_from(f->value, v->faults[i].at),
		    slice_str(fault_kinds[i].detail));
	}
}

/* ---- one field each ---------------------------------------------------- */

/*
 * boundary      := 0*69<bchars> bcharsnospace
 * bchars        := bcharsnospace / " "
 * bcharsnospace := DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" /
 *                  "." / "/" / ":" / "=" / "?"            (RFC 2046 5.1.1)
 */
static bool
is_boundary_octet(unsigned char c)
{
	return ascii_is_alnum(c) || memchr("'()+_,-./:=? ", c, 13) != NULL;
}

static void
boundary_judge(const struct mime_lint *l, const struct field *f,
    const struct slice *b)
{
	if (b->n == 0) {
		mime_say(l, &mime_boundary_missing, f->name, f->value,
		    SLICE_LIT("A multipart without a boundary cannot be taken "
			      "apart: it is shown as raw text or not at all"));
		return;
	}
	if (b->n > 70)
		mime_say(l, &mime_boundary_long, f->name, f->value,
		    SLICE_LIT("The boundary has more than 70 characters, and "
			      "receivers may not know its delimiter lines"));
	if (b->p[b->n - 1] == ' ')
		mime_say(l, &mime_boundary_space, f->name, f->value,
		    SLICE_LIT("The boundary ends with a space, which servers "
			      "take off the delimiter lines"));
	for (size_t i = 0; i < b->n; i++) {
		if (is_boundary_octet(b->p[i]))
			continue;
		mime_say(l, &mime_boundary_octets, f->name, f->value,
		    SLICE_LIT("The boundary has characters that none may have, "
			      "and receivers may not know its delimiter "
			      "lines"));
		return;
	}
}

static void
boundary_read(struct arena *a, const struct mime_lint *l, const struct field *f,
    struct mime_value *v, struct mime_part *p)
{
	struct slice b = mime_value_get(a, v, "boundary", false);

	if (l->lint != NULL)
		boundary_judge(l, f, &b);
	while (b.n > 0 && (b.p[b.n - 1] == ' ' || b.p[b.n - 1] == '\t'))
		b.n--;
	if (b.n > 0)
		p->boundary = b;
}

static void
charset_judge(const struct mime_lint *l, const struct field *f,
    struct slice charset)
{
	if (charset.n == 0 || charset_find(charset) >= 0 ||
	    !mime_wants(l, &mime_charset_unknown, f->name))
		return;
	mime_say(l, &mime_charset_unknown, f->name, f->value,
	    arena_slicef(l->lint->arena,
		"The charset %.*s is not known, so receivers guess which "
		"characters the text has",
		SLICE_FMT(mime_shown(charset))));
}

static void
type_read(struct arena *a, const struct mime_lint *l, const struct field *f,
    struct mime_part *p)
{
	struct mime_value v;

	mime_value_parse(f->value, true, &v);
	if (v.type.n > 0) {
		p->type = octets_lower(a, v.type);
		p->subtype = octets_lower(a, v.subtype);
		p->typed = true;
	}
	if (mime_is(p, "multipart", NULL))
		boundary_read(a, l, f, &v, p);
	p->charset = octets_lower(a, mime_value_get(a, &v, "charset", false));
	if (mime_is(p, "text", NULL))
		charset_judge(l, f, p->charset);
	p->name = mime_value_get(a, &v, "name", true);
	faults_say(l, f, &v);
}

/* What is not known is an attachment (RFC 2183 2.8). */
static void
disposition_read(struct arena *a, const struct mime_lint *l,
    const struct field *f, struct mime_part *p)
{
	struct mime_value v;
	struct slice name;

	mime_value_parse(f->value, false, &v);
	if (slice_eq_nocase(v.type, SLICE_LIT("inline")))
		p->disposition = MIME_INLINE;
	else if (v.type.n > 0)
		p->disposition = MIME_ATTACHMENT;
	name = mime_value_get(a, &v, "filename", true);
	if (name.p != NULL)
		p->name = name;
	faults_say(l, f, &v);
}

static const struct {
	const char *name;
	enum mime_encoding encoding;
} encodings[] = {
	{ "7bit", MIME_7BIT },
	{ "8bit", MIME_8BIT },
	{ "binary", MIME_BINARY },
	{ "quoted-printable", MIME_QUOTED_PRINTABLE },
	{ "base64", MIME_BASE64 },
};

static enum mime_encoding
encoding_find(struct slice name)
{
	for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
		if (slice_eq_nocase(name, slice_str(encodings[i].name)))
			return encodings[i].encoding;
	}
	return MIME_OTHER;
}

/* Composite types may only be 7bit, 8bit or binary (RFC 2045 6.4). */
static bool
is_composite(const struct mime_part *p)
{
	return mime_is(p, "multipart", NULL) ||
	       mime_is(p, "message", "rfc822") ||
	       mime_is(p, "message", "partial") ||
	       mime_is(p, "message", "external-body");
}

static void
encoding_judge(const struct mime_lint *l, const struct field *f,
    const struct mime_part *p)
{
	switch (p->encoding) {
	case MIME_7BIT:
	case MIME_8BIT:
		break;
	case MIME_BINARY:
		if (!is_composite(p))
			mime_say(l, &mime_encoding_binary, f->name, f->value,
			    SLICE_LIT(
				"The encoding is said to be binary, which "
				"mail over SMTP cannot carry"));
		break;
	case MIME_QUOTED_PRINTABLE:
	case MIME_BASE64:
		if (is_composite(p))
			mime_say(l, &mime_encoding_composite, f->name, f->value,
			    SLICE_LIT("What holds parts must not be encoded "
				      "itself; receivers show the raw text, or "
				      "do not look into it"));
		break;
	case MIME_OTHER:
		if (mime_wants(l, &mime_encoding, f->name))
			mime_say(l, &mime_encoding, f->name, f->value,
			    arena_slicef(l->lint->arena,
				"The encoding %.*s is not known, so receivers "
				"cannot show the part",
				SLICE_FMT(mime_shown(p->encoding_name))));
		else
			mime_say(l, &mime_encoding, f->name, f->value,
			    SLICE_NONE);
		break;
	}
}

static void
encoding_read(const struct mime_lint *l, const struct field *f,
    struct mime_part *p)
{
	struct mime_value v;

	mime_value_parse(f->value, false, &v);
	p->encoding_name = v.type;
	p->encoding = encoding_find(v.type);
	if (l->lint != NULL)
		encoding_judge(l, f, p);
	if (mime_is(p, "multipart", NULL))
		p->encoding = MIME_7BIT;
}

/* msg-id := "<" id-left "@" id-right ">"; here without a close look. */
static struct slice
id_read(struct slice value)
{
	struct slice before, id, after;

	if (!slice_cut(value, '<', &before, &id) ||
	    !slice_cut(id, '>', &id, &after))
		return slice_trim(value);
	return slice_trim(id);
}

/* ------------------------------------------------------------------------ */

void
mime_header_read(struct arena *a, const struct mime_lint *l,
    const struct mime_header *h, bool in_digest, struct mime_part *p)
{
	const struct field *f = h->first;

	/* RFC 2045 5.2, RFC 2046 5.1.5 */
	p->type = in_digest ? SLICE_LIT("message") : SLICE_LIT("text");
	p->subtype = in_digest ? SLICE_LIT("rfc822") : SLICE_LIT("plain");
	if (f[MIME_FIELD_TYPE].name.n > 0)
		type_read(a, l, &f[MIME_FIELD_TYPE], p);
	if (f[MIME_FIELD_DISPOSITION].name.n > 0)
		disposition_read(a, l, &f[MIME_FIELD_DISPOSITION], p);
	if (f[MIME_FIELD_ENCODING].name.n > 0)
		encoding_read(l, &f[MIME_FIELD_ENCODING], p);
	if (f[MIME_FIELD_ID].name.n > 0)
		p->id = id_read(f[MIME_FIELD_ID].value);
}

/*
 * version := "MIME-Version" ":" 1*DIGIT "." 1*DIGIT, with comments about
 */
void
mime_header_version(const struct mime_lint *l, const struct mime_header *h)
{
	const struct field *f = &h->first[MIME_FIELD_VERSION];
	struct mime_value v;

	if (l->lint == NULL || !h->any)
		return;
	if (f->name.n == 0) {
		mime_say(l, &mime_version_missing, SLICE_NONE,
		    l->message->octets,
		    SLICE_LIT("There are MIME fields, but no MIME-Version, "
			      "without which they need not be heeded"));
		return;
	}
	mime_value_parse(f->value, false, &v);
	if (!slice_eq(v.type, SLICE_LIT("1.0")) || v.n > 0)
		mime_say(l, &mime_version, f->name, f->value,
		    SLICE_LIT("The only version of MIME that there is is 1.0"));
}
