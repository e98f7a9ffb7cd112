/*
 * A rule pack, UTF-8 text:
 *
 *  pack         = [BOM] *(line EOL)
 *  line         = blank / comment / section / entry / continuation
 *  blank        = *WSP
 *  comment      = *WSP "#" *OCTET
 *  section      = "[" *WSP name *WSP "]" *WSP
 *  entry        = key *WSP "=" *WSP value
 *  continuation = 1*WSP value
 *  EOL          = LF / CRLF
 *
 * A continuation goes on with the value of the entry before it, behind one
 * space; blank lines and comments between them count for nothing.  Keys and
 * sections are those of section.c, or of
 * bounce_section.c.
 */
#include "rules/pack.h"

#include "base/escape.h"
#include "base/limits.h"
#include "rules/mender.h"

/* The entry whose lines are being gathered. */
struct entry {
	bool open;
	size_t row;
	struct spot spot;
	struct value_part *parts;
	struct slice *texts; /* of each part */
	size_t n;
	size_t cap_parts;
	size_t cap_texts;
	size_t length; /* of the texts and the spaces between them */
};

enum rc
pack_fail(struct pack_reader *r, struct spot spot, struct slice what)
{
	struct slice before = slice_sub(spot.line, 0, spot.octet);
	size_t column = 1;

	if (what.p == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < before.n; i++)
		column += (before.p[i] & 0xc0) != 0x80;
	*r->error = (struct pack_error){ r->file, spot.line_no, column, what };
	return RC_INVALID;
}

struct spot
value_spot(const struct value *v, size_t at)
{
	const struct value_part *part = &v->parts[0];
	struct spot spot;

	for (size_t i = 1; i < v->n && v->parts[i].at <= at; i++)
		part = &v->parts[i];
	spot = part->spot;
	spot.octet += at - part->at;
	return spot;
}

enum rc
value_fail(struct pack_reader *r, const struct value *v, size_t at,
    struct slice what)
{
	return pack_fail(r, value_spot(v, at), what);
}

/* --- entries -------------------------------------------------------------- */

static enum rc
entry_add(struct pack_reader *r, struct entry *e, struct spot spot,
    struct slice text)
{
	struct value_part *parts =
	    arena_grow(r->arena, e->parts, e->n, &e->cap_parts, sizeof(*parts));
	struct slice *texts =
	    arena_grow(r->arena, e->texts, e->n, &e->cap_texts, sizeof(*texts));

	if (parts == NULL || texts == NULL)
		return RC_NOMEM;
	e->parts = parts;
	e->texts = texts;
	if (e->n > 0)
		e->length++;
	e->parts[e->n] = (struct value_part){ e->length, spot };
	e->texts[e->n++] = text;
	e->length += text.n;
	return RC_OK;
}

static struct slice
entry_join(struct pack_reader *r, const struct entry *e)
{
	unsigned char *p;

	if (e->n == 1)
		return e->texts[0];
	p = arena_new_of(r->arena, unsigned char, e->length);
	if (p == NULL)
		return SLICE_NONE;
	memset(p, ' ', e->length);
	for (size_t i = 0; i < e->n; i++)
		memcpy(&p[e->parts[i].at], e->texts[i].p, e->texts[i].n);
	return slice_of(p, e->length);
}

static enum rc
entry_end(struct pack_reader *r, struct entry *e)
{
	struct value v;
	enum rc rc;

	if (!e->open)
		return RC_OK;
	if (e->n == 0)
		return pack_fail(r, e->spot,
		    SLICE_LIT("expected a value behind \"=\""));
	v = (struct value){ entry_join(r, e), e->parts, e->n };
	if (v.text.p == NULL)
		return RC_NOMEM;
	rc = r->grammar->take(r, e->row, &v);
	*e = (struct entry){ .open = false };
	return rc;
}

/* --- lines ---------------------------------------------------------------- */

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static size_t
blanks(struct slice s)
{
	size_t n = 0;

	while (n < s.n && is_blank(s.p[n]))
		n++;
	return n;
}

static struct spot
spot_at(struct spot line, size_t octet)
{
	line.octet = octet;
	return line;
}

/* Offset of the first octet that may not be in a line, or its length. */
static enum rc
check_octets(struct pack_reader *r, struct spot spot)
{
	struct slice rest = spot.line;
	uint32_t c;
	size_t n;

	while (rest.n > 0) {
		c = utf8_next(rest, &n);
		spot.octet = spot.line.n - rest.n;
		if (c == UINT32_MAX)
			return pack_fail(r, spot,
			    arena_slicef(r->arena,
				"expected UTF-8, found octet 0x%02x",
				(unsigned int)rest.p[0]));
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return pack_fail(r, spot,
			    arena_slicef(r->arena,
				"expected text, found control character "
				"0x%02x",
				(unsigned int)c));
		rest = slice_from(rest, n);
	}
	return RC_OK;
}

static enum rc
read_section(struct pack_reader *r, struct spot spot)
{
	struct slice name, rest;
	size_t end;

	if (!slice_cut(slice_from(spot.line, 1), ']', &name, &rest))
		return pack_fail(r, spot_at(spot, spot.line.n),
		    SLICE_LIT(
			"expected \"]\" at the end of the section's name"));
	end = spot.line.n - rest.n;
	if (blanks(rest) < rest.n)
		return pack_fail(r, spot_at(spot, end + blanks(rest)),
		    SLICE_LIT("expected nothing behind \"]\""));
	return r->grammar->begin(r, spot_at(spot, 1 + blanks(name)),
	    slice_trim(name));
}

static enum rc
read_entry(struct pack_reader *r, struct entry *e, struct spot spot)
{
	struct slice key, value;
	enum rc rc;

	if (!slice_cut(spot.line, '=', &key, &value))
		return pack_fail(r, spot,
		    SLICE_LIT("expected \"[id]\", \"key = value\", an indented "
			      "line or a comment"));
	rc = r->grammar->key(r, spot, slice_trim(key), &e->row);
	if (rc)
		return rc;
	e->open = true;
	e->spot = spot_at(spot, spot.line.n);
	spot.octet = key.n + 1 + blanks(value);
	value = slice_trim(value);
	return value.n > 0 ? entry_add(r, e, spot, value) : RC_OK;
}

static enum rc
read_continuation(struct pack_reader *r, struct entry *e, struct spot spot)
{
	if (!e->open)
		return pack_fail(r, spot,
		    SLICE_LIT("an indented line goes on with a value: expected "
			      "a key before it"));
	return entry_add(r, e, spot, slice_trim(spot.line));
}

static enum rc
read_line(struct pack_reader *r, struct entry *e, struct spot spot)
{
	size_t indent = blanks(spot.line);
	enum rc rc = check_octets(r, spot);

	if (rc || indent == spot.line.n || spot.line.p[indent] == '#')
		return rc;
	if (indent > 0)
		return read_continuation(r, e, spot_at(spot, indent));
	rc = entry_end(r, e);
	if (rc)
		return rc;
	if (spot.line.p[0] == '[')
		return read_section(r, spot);
	return read_entry(r, e, spot);
}

enum rc
pack_read(struct pack_reader *r, struct slice text)
{
	struct spot spot = { .line_no = 0 };
	struct entry entry = { .open = false };
	enum rc rc = RC_OK;

	if (text.n > LIMIT_PACK)
		return pack_fail(r, (struct spot){ .line_no = 1 },
		    arena_slicef(r->arena, "a pack is at most %d octets long",
			(int)LIMIT_PACK));
	if (slice_starts(text, SLICE_LIT("\xef\xbb\xbf")))
		text = slice_from(text, 3);
	while (rc == RC_OK && slice_line(&text, &spot.line)) {
		spot.line_no++;
		rc = read_line(r, &entry, spot);
	}
	if (rc == RC_OK)
		rc = entry_end(r, &entry);
	if (rc == RC_OK)
		rc = r->grammar->end(r);
	return rc;
}

enum rc
rules_add_pack(struct rules *rules, struct slice file, struct slice text,
    const char *const *known_facts, struct pack_error *error)
{
	static const struct pack_grammar grammar = { section_begin, section_key,
		section_take, section_end };
	struct pack_reader r = {
		.grammar = &grammar,
		.rules = rules,
		.arena = rules->arena,
		.known = known_facts,
		.error = error,
	};
	size_t before = rules->n;
	enum rc rc = RC_NOMEM;

	r.file = arena_copy(r.arena, file);
	if (text.n <= LIMIT_PACK)
		text = arena_copy(r.arena, text);
	if (r.file.p != NULL && text.p != NULL)
		rc = pack_read(&r, text);
	for (size_t i = before; rc == RC_OK && i < rules->n; i++)
		rc = mender_check(&r, rules->rules[i]);
	if (rc)
		rules->n = before;
	return rc;
}
