#include "checks/dmarc/dmarc_suggest.h"
#include "base/buf.h"
#include "base/limits.h"
#include "checks/dmarc/dmarc_problems.h"

/*
 * Reads a record as whoever wrote it meant it, not as receivers do; what is
 * left over in doubt is left out.  Nothing is made up but p=none.
 */

enum {
	/* "mailto:" before each of the shortest addresses and a comma. */
	GROWTH = 4,
	SMART_QUOTE = 3,
	NBSP = 2,
};

struct mending {
	struct arena *arena;
	bool reports; /* there is to be an rua in any case */
	bool changed; /* the text is not right as it is */
	struct slice values[DMARC_TAGS];
	struct buf uris[2]; /* of rua and of ruf */
	enum dmarc_tag order[DMARC_TAGS];
	size_t n; /* tags there are */
	enum dmarc_tag last;
	size_t nth; /* pieces so far, the version is the first */
};

/* ---- octets ------------------------------------------------------------ */

/* Quotation marks and backslashes go; other white space becomes a blank. */
static struct slice
cleaned(struct arena *arena, struct slice s)
{
	unsigned char *p = arena_new_of(arena, unsigned char, s.n + 1);
	size_t n = 0;

	while (p != NULL && s.n > 0) {
		struct dmarc_octets three =
		    dmarc_octets_look(slice_sub(s, 0, SMART_QUOTE));
		bool blank = ascii_is_space(s.p[0]);
		size_t taken = 1;

		if (three.smart_quotes && s.p[0] == 0xe2) {
			taken = SMART_QUOTE;
		} else if (slice_starts(s, SLICE_LIT("\xc2\xa0"))) {
			taken = NBSP;
			blank = true;
		} else if (!blank && s.p[0] != '"' && s.p[0] != '\\') {
			p[n++] = s.p[0];
		}
		if (blank)
			p[n++] = ' ';
		s = slice_from(s, taken);
	}
	return slice_of(p, n);
}

/* ---- where reports go -------------------------------------------------- */

static struct buf *
uris_of(struct mending *m, enum dmarc_tag tag)
{
	return &m->uris[tag == DMARC_RUF];
}

static void
take_uri(struct mending *m, struct buf *out, struct slice word)
{
	struct slice bare = dmarc_uri_without_sizes(word);
	struct dmarc_uri u = dmarc_uri_read(bare);

	m->changed = m->changed || bare.n != word.n ||
		     u.kind == DMARC_ADDRESS || u.kind == DMARC_NO_URI;
	if (u.kind == DMARC_NO_URI)
		return;
	if (out->n > 0)
		buf_add_char(out, ',');
	if (u.kind == DMARC_ADDRESS)
		buf_add_str(out, "mailto:");
	buf_add(out, u.text);
}

/* Items are parted by commas, and here by blanks too. */
static void
take_uris(struct mending *m, enum dmarc_tag tag, struct slice value)
{
	struct buf *out = uris_of(m, tag);
	struct slice item;
	size_t n;

	m->changed = m->changed || value.n == 0;
	while (list_next(&value, &item)) {
		m->changed = m->changed || item.n == 0;
		while (item.n > 0) {
			for (n = 0; n < item.n && item.p[n] != ' '; n++)
				continue;
			take_uri(m, out, slice_sub(item, 0, n));
			m->changed = m->changed || n < item.n;
			item = slice_trim(slice_from(item, n));
		}
	}
}

/* ---- tags -------------------------------------------------------------- */

static bool
is_uris(enum dmarc_tag tag)
{
	return tag == DMARC_RUA || tag == DMARC_RUF;
}

static bool
is_there(const struct mending *m, enum dmarc_tag tag)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->order[i] == tag)
			return true;
	return false;
}

static void
take_tag(struct mending *m, enum dmarc_tag tag, struct slice value)
{
	if (dmarc_tag_is_obsolete(tag) || is_there(m, tag)) {
		m->changed = true;
		m->last = DMARC_TAGS;
		return;
	}
	m->last = tag;
	if (!is_uris(tag) && !dmarc_tag_is_valid(tag, value)) {
		m->changed = true;
		return;
	}
	m->changed = m->changed || (tag == DMARC_P && m->nth > 2);
	m->values[tag] = value;
	m->order[m->n++] = tag;
	if (is_uris(tag))
		take_uris(m, tag, value);
}

/* What is no tag=value: a URI after a semicolon, or "fo:1". */
static bool
take_stray(struct mending *m, struct slice piece)
{
	struct slice name, value;
	enum dmarc_tag tag;

	if (is_uris(m->last) && dmarc_uri_is_stray(piece)) {
		m->changed = true;
		take_uris(m, m->last, piece);
		return true;
	}
	if (slice_find(piece, SLICE_LIT("=")) != SIZE_MAX)
		return false;
	m->changed = true;
	if (!slice_cut(piece, ':', &name, &value))
		return true;
	tag = dmarc_tag_find(slice_trim(name));
	if (tag != DMARC_TAGS)
		take_tag(m, tag, slice_trim(value));
	return true;
}

static void
take_piece(struct mending *m, struct slice piece)
{
	struct slice name, value;
	enum dmarc_tag tag;

	m->nth++;
	if (take_stray(m, piece))
		return;
	(void)slice_cut(piece, '=', &name, &value);
	name = slice_trim(name);
	value = slice_trim(value);
	if (slice_eq_nocase(name, SLICE_LIT("v"))) {
		m->changed = m->changed || m->nth > 1 ||
			     !slice_eq(name, SLICE_LIT("v")) ||
			     !slice_eq(value, dmarc_version.value);
		return;
	}
	tag = dmarc_tag_find(name);
	m->changed = m->changed || m->nth == 1 || tag == DMARC_TAGS ||
		     !slice_eq(name, slice_str(dmarc_tag_name(tag)));
	if (tag != DMARC_TAGS)
		take_tag(m, tag, value);
	else
		m->last = DMARC_TAGS;
}

/* Without the commas and blanks around it. */
static struct slice
bare(struct slice s)
{
	while (s.n > 0 && (s.p[0] == ',' || ascii_is_space(s.p[0])))
		s = slice_from(s, 1);
	while (s.n > 0 && (s.p[s.n - 1] == ',' || ascii_is_space(s.p[s.n - 1])))
		s = slice_sub(s, 0, s.n - 1);
	return s;
}

static void
take_segment(struct mending *m, struct slice segment)
{
	struct slice piece;
	bool comma;
	size_t at;

	while (segment.n > 0) {
		at = dmarc_find_bundled(segment, &comma);
		piece = bare(slice_sub(segment, 0, at));
		m->changed =
		    m->changed || at != SIZE_MAX || piece.n != segment.n;
		if (piece.n > 0)
			take_piece(m, piece);
		segment = bare(slice_from(segment, at));
	}
}

static void
take_all(struct mending *m, struct slice text)
{
	struct dmarc_octets o = dmarc_octets_look(text);
	struct slice rest = cleaned(m->arena, text), segment;
	bool more = true;

	m->changed = o.quotes || o.smart_quotes || o.backslash || o.other ||
		     (text.n > 0 && ascii_is_space(text.p[0]));
	while (more) {
		more = slice_cut(rest, ';', &segment, &rest);
		segment = slice_trim(segment);
		m->changed = m->changed || (more && segment.n == 0);
		take_segment(m, segment);
	}
	m->changed = m->changed || m->nth == 0;
}

/* ---- the record -------------------------------------------------------- */

static void
add_reports(struct buf *out, struct slice domain)
{
	buf_add_str(out, "; rua=mailto:dmarc-reports@");
	buf_add(out, domain);
}

static void
add_tag(struct mending *m, enum dmarc_tag tag, struct buf *out)
{
	struct slice value = m->values[tag];

	if (is_uris(tag))
		value = buf_slice(uris_of(m, tag));
	if (value.n == 0 || tag == DMARC_P)
		return;
	buf_add_str(out, "; ");
	buf_add_str(out, dmarc_tag_name(tag));
	buf_add_str(out, "=");
	buf_add(out, value);
}

/* rua=mailto:dmarc-reports@DOMAIN has to be written. */
static bool
lacks_reports(struct mending *m)
{
	return uris_of(m, DMARC_RUA)->n == 0 &&
	       (m->reports || m->values[DMARC_P].p == NULL);
}

static void
build(struct mending *m, struct slice domain, struct buf *out)
{
	const char *p = dmarc_policy_name(m->values[DMARC_P]);
	size_t i;

	buf_add_str(out, "v=DMARC1; p=");
	buf_add_str(out, p != NULL ? p : "none");
	if (lacks_reports(m))
		add_reports(out, domain);
	for (i = 0; i < m->n; i++)
		add_tag(m, m->order[i], out);
}

static enum rc
suggest(struct mending *m, struct slice text, struct slice domain,
    struct slice *out)
{
	size_t limit = (size_t)GROWTH * (text.n + domain.n) + LIMIT_DOMAIN_TEXT;
	struct buf record;
	bool failed;

	buf_init(&record, limit);
	buf_init(&m->uris[0], limit);
	buf_init(&m->uris[1], limit);
	take_all(m, text);
	*out = text;
	if (m->changed || m->values[DMARC_P].p == NULL || lacks_reports(m)) {
		build(m, domain, &record);
		*out = arena_copy(m->arena, buf_slice(&record));
	}
	failed = record.failed || m->uris[0].failed || m->uris[1].failed;
	buf_free(&record);
	buf_free(&m->uris[0]);
	buf_free(&m->uris[1]);
	if (failed)
		return RC_NOMEM;
	return arena_failed(m->arena) ? RC_LIMIT : RC_OK;
}

enum rc
dmarc_suggest(struct arena *arena, struct slice text, struct slice domain,
    struct slice *out)
{
	struct mending m = { .arena = arena, .last = DMARC_TAGS };

	return suggest(&m, text, domain, out);
}

enum rc
dmarc_suggest_reports(struct arena *arena, struct slice text,
    struct slice domain, struct slice *out)
{
	struct mending m = { .arena = arena,
		.reports = true,
		.last = DMARC_TAGS };

	return suggest(&m, text, domain, out);
}
