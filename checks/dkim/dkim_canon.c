#include "checks/dkim/dkim_canon.h"

#include "base/wsp.h"

static const struct slice crlf = { (const unsigned char *)"\r\n", 2 };
static const struct slice space = { (const unsigned char *)" ", 1 };

const char *
dkim_canon_name(enum dkim_canon canon)
{
	return canon == DKIM_RELAXED ? "relaxed" : "simple";
}

/* ---- the sink ---------------------------------------------------------- */

void
dkim_sink_init(struct dkim_sink *k, void (*take)(void *, struct slice),
    void *arg)
{
	k->take = take;
	k->arg = arg;
	k->n = 0;
}

void
dkim_sink_flush(struct dkim_sink *k)
{
	if (k->n > 0)
		k->take(k->arg, slice_of(k->held, k->n));
	k->n = 0;
}

void
dkim_sink_put(struct dkim_sink *k, struct slice s)
{
	if (s.n > DKIM_SINK - k->n)
		dkim_sink_flush(k);
	if (s.n >= DKIM_SINK / 2) {
		dkim_sink_flush(k);
		k->take(k->arg, s);
	} else if (s.n > 0) {
		memcpy(k->held + k->n, s.p, s.n);
		k->n += s.n;
	}
}

static void
put_octet(struct dkim_sink *k, unsigned char c)
{
	if (k->n == DKIM_SINK)
		dkim_sink_flush(k);
	k->held[k->n++] = c;
}

void
dkim_take_buf(void *buf, struct slice s)
{
	buf_add(buf, s);
}

/* ---- lines ------------------------------------------------------------- */

bool
dkim_lines_are_bare(struct slice octets)
{
	size_t lf = slice_find(octets, SLICE_LIT("\n"));

	if (lf == SIZE_MAX || (lf > 0 && octets.p[lf - 1] == '\r'))
		return false;
	return slice_find(octets, crlf) == SIZE_MAX;
}

static bool
is_wsp(unsigned char c)
{
	return c == ' ' || c == '\t';
}

/* A line end at the end of s: its length, or 0. */
static size_t
line_end_behind(struct slice s, bool bare)
{
	if (s.n == 0 || s.p[s.n - 1] != '\n')
		return 0;
	if (bare)
		return 1;
	return s.n > 1 && s.p[s.n - 2] == '\r' ? 2 : 0;
}

/*
 * 3.4.3, 3.4.4: without the empty lines at its end, and its last line end.
 * What has no line end is no line: white space there counts.
 */
static struct slice
without_empty_lines(struct slice body, enum dkim_canon canon, bool bare)
{
	size_t end = line_end_behind(body, bare);

	while (end > 0) {
		body.n -= end;
		while (canon == DKIM_RELAXED && body.n > 0 &&
		       is_wsp(body.p[body.n - 1]))
			body.n--;
		end = line_end_behind(body, bare);
	}
	return body;
}

/*
 * 3.4.4: white space at the end of a line goes, other white space is one
 * space.  CRLF stays as it stands.  ended: a line end comes behind it.
 */
static void
put_relaxed(struct dkim_sink *k, struct slice s, bool ended)
{
	size_t from = 0, at;

	while ((at = wsp_find_untidy(s, from)) < s.n) {
		dkim_sink_put(k, slice_sub(s, from, at - from));
		for (from = at; from < s.n && is_wsp(s.p[from]); from++)
			continue;
		if (from < s.n ? !slice_starts(slice_from(s, from), crlf)
			       : !ended)
			dkim_sink_put(k, space);
	}
	dkim_sink_put(k, slice_from(s, from));
}

static void
put_octets(struct dkim_sink *k, enum dkim_canon canon, struct slice s,
    bool ended)
{
	if (canon == DKIM_RELAXED)
		put_relaxed(k, s, ended);
	else
		dkim_sink_put(k, s);
}

void
dkim_canon_body(struct dkim_sink *k, enum dkim_canon canon, struct slice body,
    bool bare)
{
	struct slice line;

	body = without_empty_lines(body, canon, bare);
	if (body.n == 0) {
		/* 3.4.4 leaves nothing of an empty body, 3.4.3 a CRLF. */
		if (canon == DKIM_SIMPLE)
			dkim_sink_put(k, crlf);
		return;
	}
	while (bare && slice_cut(body, '\n', &line, &body)) {
		put_octets(k, canon, line, true);
		dkim_sink_put(k, crlf);
	}
	put_octets(k, canon, bare ? line : body, false);
	dkim_sink_put(k, crlf);
}

/* ---- a body that was mended -------------------------------------------- */

static bool
take_line(struct slice *rest, bool any, struct slice *line)
{
	size_t i, end = 0;

	if (rest->n == 0)
		return false;
	if (!any)
		return slice_line(rest, line);
	for (i = 0; i < rest->n && end == 0; i++) {
		if (rest->p[i] == '\n')
			end = 1;
		else if (rest->p[i] == '\r')
			end = i + 1 < rest->n && rest->p[i + 1] == '\n' ? 2 : 1;
	}
	*line = slice_sub(*rest, 0, end > 0 ? i - 1 : i);
	*rest = slice_from(*rest, line->n + end);
	return true;
}

static struct slice
mend_line(struct slice line, const struct dkim_mending *how)
{
	if (how->quoted && slice_starts(line, SLICE_LIT(">From ")))
		return slice_from(line, 1);
	if (how->dots && slice_starts(line, SLICE_LIT("..")))
		return slice_from(line, 1);
	return line;
}

void
dkim_canon_mended(struct dkim_sink *k, enum dkim_canon canon, struct slice body,
    const struct dkim_mending *how)
{
	size_t empty = 0;
	bool any = false;
	struct slice line;

	while (take_line(&body, how->line_ends, &line)) {
		line = mend_line(line, how);
		while (canon == DKIM_RELAXED && line.n > 0 &&
		       is_wsp(line.p[line.n - 1]))
			line.n--;
		if (line.n == 0) {
			empty++;
			continue;
		}
		for (; empty > 0; empty--)
			dkim_sink_put(k, crlf);
		put_octets(k, canon, line, true);
		dkim_sink_put(k, crlf);
		any = true;
	}
	if (!any && canon == DKIM_SIMPLE)
		dkim_sink_put(k, crlf);
}

/* ---- header fields ----------------------------------------------------- */

/* One piece of a value as it is, but for bare line ends. */
static void
put_simple(struct dkim_sink *k, struct slice s, bool bare)
{
	struct slice line;

	while (bare && slice_cut(s, '\n', &line, &s)) {
		dkim_sink_put(k, line);
		dkim_sink_put(k, crlf);
	}
	dkim_sink_put(k, bare ? line : s);
}

struct unfolding {
	bool begun;   /* something is there before */
	bool pending; /* white space comes before what is next */
};

static size_t
word_length(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n && !ascii_is_space(s.p[i]); i++)
		continue;
	return i;
}

/* 3.4.2: unfolded, white space is one space, and none is at its ends. */
static void
put_unfolded(struct dkim_sink *k, struct slice s, bool bare,
    struct unfolding *u)
{
	while (s.n > 0) {
		size_t n = word_length(s);

		if (n == 0 && is_wsp(s.p[0])) {
			u->pending = u->begun;
			s = slice_from(s, 1);
			continue;
		}
		if (n == 0 &&
		    (slice_starts(s, crlf) || (bare && s.p[0] == '\n'))) {
			s = slice_from(s, bare ? 1 : crlf.n);
			continue;
		}
		if (u->pending)
			put_octet(k, ' ');
		n += n == 0; /* a CR or LF alone is an octet like any */
		dkim_sink_put(k, slice_sub(s, 0, n));
		*u = (struct unfolding){ .begun = true };
		s = slice_from(s, n);
	}
}

static void
put_lower(struct dkim_sink *k, struct slice name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		put_octet(k, ascii_lower(name.p[i]));
}

void
dkim_canon_field(struct dkim_sink *k, enum dkim_canon canon,
    const struct dkim_field *f, bool bare)
{
	struct slice value = f->field->value, hole = f->hole;
	struct slice before = value, after = SLICE_NONE;
	struct unfolding u = { 0 };

	if (hole.p != NULL) {
		size_t end = slice_span(value, hole).n;

		before = slice_sub(value, 0, end - hole.n);
		after = slice_from(value, end);
	}
	if (canon == DKIM_RELAXED) {
		put_lower(k, f->field->name);
		put_octet(k, ':');
		put_unfolded(k, before, bare, &u);
		put_unfolded(k, after, bare, &u);
	} else {
		if (f->apart) {
			dkim_sink_put(k, f->field->name);
			put_octet(k, ':');
			put_simple(k, before, bare);
		} else {
			put_simple(k, slice_span(f->field->name, before), bare);
		}
		put_simple(k, after, bare);
	}
	if (!f->last)
		dkim_sink_put(k, crlf);
}
