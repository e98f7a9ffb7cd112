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
#include "rules/extend.h"
#include "rules/mender.h"

/* What is passed over behind an error. */
enum skip { SKIP_NOTHING, SKIP_ENTRY, SKIP_SECTION };

/* The entry whose lines are being gathered. */
struct entry {
	bool open;
	enum skip skip;
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
	struct pack_error error, *more;
	size_t column = 1;

	if (what.p == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < before.n; i++)
		column += (before.p[i] & 0xc0) != 0x80;
	error = (struct pack_error){ r->file, spot.line_no, column, what };
	if (r->n_errors++ == 0)
		*r->error = error;
	if (r->errors == NULL || r->n_errors > LIMIT_PROBLEMS)
		return RC_INVALID;
	more = arena_grow(r->arena, r->errors->list, r->errors->n,
	    &r->errors->cap, sizeof(*more));
	if (more == NULL)
		return RC_NOMEM;
	r->errors->list = more;
	more[r->errors->n++] = error;
	return RC_INVALID;
}

enum rc
pack_forgive(struct pack_reader *r, enum rc rc)
{
	if (rc != RC_INVALID || r->errors == NULL)
		return rc;
	r->section.wrong = true;
	return RC_OK;
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

	if (!e->open)
		return RC_OK;
	e->open = false;
	if (e->n == 0)
		return pack_fail(r, e->spot,
		    SLICE_LIT("expected a value behind \"=\""));
	v = (struct value){ entry_join(r, e), e->parts, e->n };
	if (v.text.p == NULL)
		return RC_NOMEM;
	return r->grammar->take(r, e->row, &v);
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

/* Most of a pack: text of ASCII. */
static bool
is_plain(unsigned char c)
{
	return (c >= ' ' && c < 0x7f) || c == '\t';
}

/* Whether the line is UTF-8 without control characters but tabs. */
static enum rc
check_octets(struct pack_reader *r, struct spot spot)
{
	struct slice line = spot.line;
	size_t n, *at = &spot.octet;
	uint32_t c;

	for (*at = 0; *at < line.n; *at += n) {
		n = 1;
		if (is_plain(line.p[*at]))
			continue;
		c = utf8_next(slice_from(line, *at), &n);
		if (c == UINT32_MAX)
			return pack_fail(r, spot,
			    arena_slicef(r->arena,
				"expected UTF-8, found octet 0x%02x",
				(unsigned int)line.p[*at]));
		if (c < 0x20 || c == 0x7f)
			return pack_fail(r, spot,
			    arena_slicef(r->arena,
				"expected text, found control character "
				"0x%02x",
				(unsigned int)c));
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
	*e = (struct entry){ .open = false };
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
	if (e->skip != SKIP_NOTHING)
		return RC_OK;
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
	rc = pack_forgive(r, entry_end(r, e));
	if (rc)
		return rc;
	if (spot.line.p[0] == '[') {
		rc = read_section(r, spot);
		e->skip = rc ? SKIP_SECTION : SKIP_NOTHING;
	} else if (e->skip != SKIP_SECTION) {
		rc = read_entry(r, e, spot);
		e->skip = rc ? SKIP_ENTRY : SKIP_NOTHING;
	}
	return rc;
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
		rc = pack_forgive(r, read_line(r, &entry, spot));
	}
	if (rc == RC_OK)
		rc = pack_forgive(r, entry_end(r, &entry));
	if (rc == RC_OK)
		rc = r->grammar->end(r);
	return rc == RC_OK && r->n_errors > 0 ? RC_INVALID : rc;
}

static enum rc
keep_pack(struct rules *rules, struct slice file, struct slice text)
{
	struct rule_pack *packs = arena_grow(rules->arena, rules->packs,
	    rules->n_packs, &rules->cap_packs, sizeof(*packs));

	if (packs == NULL)
		return RC_NOMEM;
	rules->packs = packs;
	packs[rules->n_packs++] = (struct rule_pack){ file, text, NULL };
	return RC_OK;
}

enum rc
rules_add_pack(struct rules *rules, struct slice file, struct slice text,
    const struct facts *known, struct pack_error *error)
{
	static const struct pack_grammar grammar = { section_begin, section_key,
		section_take, section_end };
	struct pack_reader r = {
		.grammar = &grammar,
		.rules = rules,
		.arena = rules->arena,
		.known = known,
		.error = error,
		.errors = rules->errors,
		.before = rules->n,
	};
	enum rc rc = RC_NOMEM;

	r.file = arena_copy(r.arena, file);
	if (text.n <= LIMIT_PACK)
		text = arena_copy(r.arena, text);
	if (r.file.p != NULL && text.p != NULL)
		rc = pack_read(&r, text);
	if (rc == RC_OK)
		rc = extend_all(&r);
	for (size_t i = r.before; rc == RC_OK && i < rules->n; i++)
		rc = pack_forgive(&r, mender_check(&r, rules->rules[i]));
	if (rc == RC_OK && r.n_errors > 0)
		rc = RC_INVALID;
	if (rc == RC_OK)
		rc = keep_pack(rules, r.file, text);
	if (rc == RC_OK)
		switch_off_all(&r);
	else
		rules_cut(rules, r.before);
	return rc;
}

enum rc
rules_add_builtin(struct rules *rules, const struct builtin_pack *pack,
    const struct facts *known, struct pack_error *error)
{
	enum rc rc = rules_add_pack(rules, slice_str(pack->name),
	    slice_of(pack->text, pack->size), known, error);

	if (rc == RC_OK)
		rules->packs[rules->n_packs - 1].built_in = pack;
	return rc;
}
