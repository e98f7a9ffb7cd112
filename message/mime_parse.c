#include "base/limits.h"
#include "message/mime_header.h"
#include "message/mime_judge.h"
#include "message/octets.h"
#include "message/piece.h"

/*
 * One walk over the octets.  The multiparts that are open are on a stack, and
 * each line that begins with "--" is compared with their boundaries.
 *
 *   multipart-body := [preamble CRLF]
 *                     dash-boundary transport-padding CRLF body-part
 *                     *(CRLF dash-boundary transport-padding CRLF body-part)
 *                     CRLF dash-boundary "--" transport-padding
 *                     [CRLF epilogue]                      (RFC 2046 5.1.1)
 */

/* A multipart that is being taken apart. */
struct level {
	size_t part; /* its number */
	struct slice boundary;
	bool used;   /* a delimiter line of it was there */
	bool closed; /* the last one: what follows is epilogue */
	bool after;  /* and has delimiter lines of it */
};

struct reader {
	struct arena *arena;
	struct mime_lint lint;
	struct mime *mime;
	struct slice all;
	struct pieces at; /* what is left, and the line before it */

	struct mime_part *parts;
	size_t n, cap;
	size_t open[LIMIT_MIME_DEPTH + 1]; /* numbers, one of each depth */
	size_t depth;                      /* that many parts are open */

	struct level levels[LIMIT_MIME_DEPTH + 1];
	size_t n_levels;
	/* How many of their boundaries begin with that octet. */
	size_t begins[256];
};

/* A delimiter line. */
struct delimiter {
	size_t level;
	size_t at;  /* offset of what belongs to it: the line end before it */
	size_t end; /* behind its own line end */
	bool last;  /* it closes the multipart */
};

static size_t
offset(const struct reader *r)
{
	return r->all.n - r->at.rest.n;
}

/* From one offset to another; nothing when the end is before the begin. */
static struct slice
between(const struct reader *r, size_t from, size_t to)
{
	return slice_sub(r->all, from, to > from ? to - from : 0);
}

/* ---- delimiter lines --------------------------------------------------- */

static struct slice
without_padding(struct slice s)
{
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' ||
			      s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/* text: what stands behind the first "--".  1: a delimiter, 2: the last. */
static int
delimits(struct slice text, struct slice boundary)
{
	if (text.n == boundary.n)
		return slice_eq(text, boundary) ? 1 : 0;
	return text.n == boundary.n + 2 && slice_starts(text, boundary) &&
		       text.p[text.n - 1] == '-' && text.p[text.n - 2] == '-'
		   ? 2
		   : 0;
}

/* The innermost multipart that waits for it.  False: none. */
static bool
level_find(const struct reader *r, struct slice text, struct delimiter *d)
{
	int is;

	for (size_t i = r->n_levels; i-- > 0;) {
		if (r->levels[i].closed)
			continue;
		is = delimits(text, r->levels[i].boundary);
		if (is == 0)
			continue;
		d->level = i;
		d->last = is == 2;
		return true;
	}
	return false;
}

/* What looks like a delimiter line and is none. */
static void
near_miss(struct reader *r, struct slice line)
{
	struct slice text = slice_from(without_padding(line), 2);

	for (size_t i = r->n_levels; i-- > 0;) {
		struct level *v = &r->levels[i];

		if (v->closed && delimits(text, v->boundary) > 0) {
			v->after = true;
			mime_say(&r->lint, &mime_boundary_after, SLICE_NONE,
			    line,
			    SLICE_LIT("A delimiter line stands behind the end "
				      "of its multipart, so nobody sees what "
				      "follows it"));
			return;
		}
		if (!v->closed && slice_starts(text, v->boundary)) {
			mime_say(&r->lint, &mime_boundary_text, SLICE_NONE,
			    line,
			    SLICE_LIT("The line begins with a boundary but "
				      "goes on, so receivers differ in whether "
				      "a part ends here"));
			return;
		}
	}
}

/* A delimiter line stands next.  Takes nothing. */
static bool
at_delimiter(struct reader *r, struct delimiter *d)
{
	struct slice rest = r->at.rest, line;
	size_t at = offset(r);

	if (r->n_levels == 0 || rest.n < 2 || rest.p[0] != '-' ||
	    rest.p[1] != '-')
		return false;
	if (rest.n == 2 || r->begins[rest.p[2]] == 0)
		return false;
	(void)slice_line(&rest, &line);
	if (!level_find(r, slice_from(without_padding(line), 2), d)) {
		if (r->lint.lint != NULL)
			near_miss(r, line);
		return false;
	}
	d->end = r->all.n - rest.n;
	if (at > 0 && r->all.p[at - 1] == '\n')
		at--;
	if (at > 0 && r->all.p[at - 1] == '\r')
		at--;
	d->at = at;
	return true;
}

/* Goes on to the next delimiter line and stops before it. */
static bool
delimiter_find(struct reader *r, struct delimiter *d)
{
	struct slice line;

	if (r->n_levels == 0) {
		r->at.rest = slice_from(r->at.rest, r->at.rest.n);
		return false;
	}
	for (;;) {
		if (at_delimiter(r, d))
			return true;
		if (!slice_cut(r->at.rest, '\n', &line, &r->at.rest))
			break;
		r->at.line++;
	}
	r->at.rest = slice_from(r->all, r->all.n);
	return false;
}

/* ---- the begin of a part ----------------------------------------------- */

static struct mime_part *
part_add(struct reader *r)
{
	struct mime_part *more =
	    arena_grow(r->arena, r->parts, r->n, &r->cap, sizeof(*more));

	if (more == NULL)
		return NULL;
	r->parts = more;
	r->open[r->depth] = r->n;
	more[r->n] = (struct mime_part){
		.depth = r->depth,
		.octets = slice_from(r->all, offset(r)),
		.line = r->at.line + 1,
	};
	if (r->depth > 0)
		more[r->open[r->depth - 1]].parts++;
	r->depth++;
	return &more[r->n++];
}

/* The header of the message itself has been taken apart already. */
static void
message_header(struct reader *r, struct mime_part *p, struct mime_header *h)
{
	const struct message *m = r->lint.message;
	const struct mime_lint nobody = { NULL, m };

	/* That a field is there twice is said with the others of a message. */
	for (size_t i = 0; i < m->n_fields; i++)
		mime_header_add(h, &nobody, &m->fields[i]);
	p->header = m->header;
	p->body = m->body;
	r->at.rest = slice_sub(m->octets, m->octets.n - m->body.n, m->body.n);
	r->at.line +=
	    octets_lines(slice_sub(m->octets, 0, m->octets.n - m->body.n));
}

static void
stray_say(const struct reader *r, const struct pieces *before)
{
	mime_say(&r->lint, &mime_part_stray, SLICE_NONE, before->rest,
	    SLICE_LIT("The line in the header of a part is no header field, so "
		      "receivers differ in where the part begins"));
}

/* header = *(field) blank line, unless a delimiter or the end comes before. */
static void
part_header(struct reader *r, struct mime_part *p, struct mime_header *h)
{
	size_t begin = offset(r);
	struct pieces before;
	struct delimiter d;
	struct field f;

	for (;;) {
		before = r->at;
		if (at_delimiter(r, &d))
			break;
		switch (piece_take(&r->at, &f)) {
		case PIECE_FIELD:
			mime_header_add(h, &r->lint, &f);
			continue;
		case PIECE_STRAY:
			stray_say(r, &before);
			continue;
		case PIECE_BLANK:
			p->body = slice_from(r->all, offset(r));
			break;
		case PIECE_END:
			break;
		}
		break;
	}
	p->header = between(r, begin, r->all.n - before.rest.n);
	if (p->body.p == NULL)
		mime_say(&r->lint, &mime_part_no_blank, SLICE_NONE,
		    slice_from(r->all, begin),
		    SLICE_LIT("The part has no empty line between header and "
			      "body, so all of it is taken for header"));
	/* An end is a place too, when the body is empty. */
	if (p->body.p == NULL && r->at.rest.p == NULL)
		r->at.rest = slice_from(r->all, r->all.n);
}

/* Boundaries of which one could be taken for another's. */
static void
boundary_compare(const struct reader *r, const struct mime_part *p)
{
	for (size_t i = 0; i < r->n_levels; i++) {
		struct slice outer = r->levels[i].boundary;

		if (r->levels[i].closed)
			continue;
		if (slice_eq(outer, p->boundary))
			mime_say(&r->lint, &mime_boundary_same, SLICE_NONE,
			    p->header,
			    SLICE_LIT("The multipart has the boundary of the "
				      "one around it, so where each ends is "
				      "anyone's guess"));
		else if (slice_starts(outer, p->boundary) ||
			 slice_starts(p->boundary, outer))
			mime_say(&r->lint, &mime_boundary_prefix, SLICE_NONE,
			    p->header,
			    SLICE_LIT("One boundary begins with that of "
				      "another multipart, and receivers that "
				      "compare only the beginning mix them "
				      "up"));
	}
}

static bool
is_message(const struct mime_part *p)
{
	if (!mime_is(p, "message", "rfc822") &&
	    !mime_is(p, "message", "global"))
		return false;
	return p->encoding != MIME_QUOTED_PRINTABLE &&
	       p->encoding != MIME_BASE64 && p->encoding != MIME_OTHER;
}

static bool
room_for_more(struct reader *r, struct slice rest)
{
	if (r->n < LIMIT_MIME_PARTS)
		return true;
	r->mime->too_many = true;
	mime_say(&r->lint, &mime_too_many, SLICE_NONE, rest,
	    arena_slicef(r->arena,
		"There are more than %d parts, and the rest is not looked at",
		LIMIT_MIME_PARTS));
	return false;
}

/*
 * What a part holds, when it is to be taken apart: true for a message in a
 * message/rfc822, which begins at once.
 */
static bool
part_enter(struct reader *r, const struct mime_part *p)
{
	bool multipart = p->boundary.n > 0;

	if (p->body.p == NULL || (!multipart && !is_message(p)))
		return false;
	if (p->depth == LIMIT_MIME_DEPTH) {
		r->mime->too_deep = true;
		mime_say(&r->lint, &mime_too_deep, SLICE_NONE, p->body,
		    arena_slicef(r->arena,
			"More than %d parts stand within each other, and what "
			"is deeper is not looked at",
			LIMIT_MIME_DEPTH));
		return false;
	}
	if (!multipart)
		return room_for_more(r, p->body);
	if (r->lint.lint != NULL)
		boundary_compare(r, p);
	r->levels[r->n_levels++] =
	    (struct level){ .part = r->n - 1, .boundary = p->boundary };
	r->begins[p->boundary.p[0]]++;
	return false;
}

/* The part that its number is of is a multipart/digest. */
static bool
in_digest(const struct reader *r, const struct mime_part *p)
{
	return p->depth > 0 &&
	       mime_is(&r->parts[r->open[p->depth - 1]], "multipart", "digest");
}

/* Begins a part and those that begin with it. */
static bool
part_begin(struct reader *r)
{
	struct mime_part *p;

	do {
		struct mime_header h = { 0 };

		p = part_add(r);
		if (p == NULL)
			return false;
		if (r->n == 1)
			message_header(r, p, &h);
		else
			part_header(r, p, &h);
		p->body_line = r->at.line + 1;
		mime_header_read(r->arena, &r->lint, &h, in_digest(r, p), p);
		if (r->n == 1)
			mime_header_version(&r->lint, &h);
	} while (part_enter(r, p));
	return true;
}

/* ---- the end of a part ------------------------------------------------- */

static void
level_judge(const struct reader *r, const struct level *v)
{
	const struct mime_part *p = &r->parts[v->part];

	if (!v->used)
		mime_say(&r->lint, &mime_boundary_unused, SLICE_NONE, p->body,
		    SLICE_LIT(
			"No line has the boundary of the multipart, so it "
			"has no parts and nothing of it is shown"));
	else if (!v->closed && !r->mime->too_many)
		mime_say(&r->lint, &mime_boundary_open, SLICE_NONE,
		    slice_from(p->octets, p->octets.n),
		    SLICE_LIT("A multipart ends here without its closing "
			      "delimiter, as if the message had been cut off"));
	if (v->closed && p->parts == 0)
		mime_say(&r->lint, &mime_multipart_empty, SLICE_NONE, p->body,
		    SLICE_LIT("The multipart has no parts"));
	if (slice_trim(p->epilogue).n > 0 && !v->after && !r->mime->too_many)
		mime_say(&r->lint, &mime_epilogue, SLICE_NONE,
		    slice_trim(p->epilogue),
		    SLICE_LIT("Text stands behind the closing delimiter of a "
			      "multipart, where no receiver shows it"));
}

/* What is left of it before an end. */
static struct slice
cut_at(const struct reader *r, struct slice s, size_t end)
{
	size_t begin = slice_offset(r->all, s);

	return s.p == NULL ? s : between(r, begin < end ? begin : end, end);
}

static void
part_end(const struct reader *r, struct mime_part *p, size_t end)
{
	struct slice header;

	p->octets = cut_at(r, p->octets, end);
	header = cut_at(r, p->header, end);
	if (header.n <= p->header.n)
		p->header = header;
	p->body = cut_at(r, p->body, end);
	p->epilogue = cut_at(r, p->epilogue, end);
}

/* Ends all parts deeper than that, from within. */
static void
parts_end(struct reader *r, size_t depth, size_t end)
{
	while (r->depth > depth) {
		size_t number = r->open[--r->depth];

		part_end(r, &r->parts[number], end);
		if (r->n_levels == 0 ||
		    r->levels[r->n_levels - 1].part != number)
			continue;
		r->n_levels--;
		r->begins[r->parts[number].boundary.p[0]]--;
		if (!r->levels[r->n_levels].used)
			r->parts[number].preamble = r->parts[number].body;
		if (r->lint.lint != NULL)
			level_judge(r, &r->levels[r->n_levels]);
	}
}

/* A delimiter line: parts end at it, and one may begin behind it. */
static bool
delimiter_take(struct reader *r, const struct delimiter *d)
{
	struct level *v = &r->levels[d->level];
	struct mime_part *p = &r->parts[v->part];
	size_t body = slice_offset(r->all, p->body);

	parts_end(r, p->depth + 1, d->at);
	if (!v->used && d->at > body)
		p->preamble = between(r, body, d->at);
	v->used = true;
	r->at.rest = slice_from(r->all, d->end);
	r->at.line++;
	if (d->last) {
		v->closed = true;
		p->epilogue = r->at.rest;
		return true;
	}
	if (room_for_more(r, r->at.rest))
		return part_begin(r);
	p->epilogue = r->at.rest;
	return true;
}

/* ------------------------------------------------------------------------ */

/* Parents have moved while parts were added. */
static void
parents_set(struct reader *r)
{
	const struct mime_part *last[LIMIT_MIME_DEPTH + 1] = { NULL };

	for (size_t i = 0; i < r->n; i++) {
		struct mime_part *p = &r->parts[i];

		p->parent = p->depth > 0 ? last[p->depth - 1] : NULL;
		last[p->depth] = p;
	}
}

enum rc
mime_parse(struct arena *a, const struct message *m, struct lint *lint,
    struct mime *mime)
{
	struct reader r = {
		.arena = a,
		.lint = { lint, m },
		.mime = mime,
		.all = m->octets,
		.at = { m->octets, m->line - 1 },
	};
	struct delimiter d;
	bool fine;

	*mime = (struct mime){ 0 };
	fine = part_begin(&r);
	while (fine && !mime->too_many && delimiter_find(&r, &d))
		fine = delimiter_take(&r, &d);
	parts_end(&r, 0, r.all.n);
	if (!fine || arena_failed(a))
		return RC_LIMIT;
	parents_set(&r);
	mime->parts = r.parts;
	mime->n = r.n;
	return mime_judge(a, &r.lint, mime, r.parts);
}
