#include "rules/gist.h"

#include "base/fold.h"

/*
 *  chain = run *(1*2("." / ":" / "-") run)
 *  run   = 1*(ALPHA / DIGIT / "_")
 */
enum { CHAIN_MAX = 32, ID_MIN = 12, HEX_ID_MIN = 8 };

enum {
	LETTER = 1, /* no hexadecimal digit */
	HEX = 2,    /* a letter that is one */
	DIGIT = 4,
	LINE = 8, /* _ */
	JOIN = 16,
	RUN = LETTER | HEX | DIGIT | LINE,
};

struct run {
	size_t at;
	size_t n;
	unsigned int kinds;
};

struct chain {
	struct run runs[CHAIN_MAX];
	size_t n;
	size_t end; /* offset in the text */
	bool any;   /* a run that is nothing but a number or an id */
	bool colon;
};

struct gist {
	struct slice in;
	size_t at;
	unsigned char *out;
	size_t n;
};

#define REPEAT_4(x)  x, x, x, x
#define REPEAT_10(x) REPEAT_4(x), REPEAT_4(x), x, x

static const unsigned char kinds[256] = {
	['.'] = JOIN,
	[':'] = JOIN,
	['-'] = JOIN,
	['_'] = LINE,
	['0'] = REPEAT_10(DIGIT),
	['A'] = REPEAT_4(HEX),
	HEX,
	HEX,
	REPEAT_10(LETTER),
	REPEAT_10(LETTER),
	['a'] = REPEAT_4(HEX),
	HEX,
	HEX,
	REPEAT_10(LETTER),
	REPEAT_10(LETTER),
};

/* ---- a chain ----------------------------------------------------------- */

static bool
is_id(const struct run *r)
{
	if ((r->kinds & DIGIT) == 0)
		return false;
	if (r->kinds == DIGIT || r->n >= ID_MIN)
		return true;
	return r->kinds == (DIGIT | HEX) && r->n >= HEX_ID_MIN;
}

static struct run
take_run(const struct gist *g, size_t at)
{
	struct run r = { at, 0, 0 };

	while (at + r.n < g->in.n && (kinds[g->in.p[at + r.n]] & RUN) != 0)
		r.kinds |= kinds[g->in.p[at + r.n++]];
	return r;
}

/* How many octets join the run before to one behind; 0: there is none. */
static size_t
joint(const struct gist *g, size_t at)
{
	size_t n = 0;

	while (n < 2 && at + n < g->in.n && kinds[g->in.p[at + n]] == JOIN)
		n++;
	if (n == 0 || at + n == g->in.n || (kinds[g->in.p[at + n]] & RUN) == 0)
		return 0;
	return n;
}

static void
take_chain(const struct gist *g, struct chain *c)
{
	size_t at = g->at, gap;

	c->n = 0;
	c->any = c->colon = false;
	do {
		c->runs[c->n] = take_run(g, at);
		c->any |= is_id(&c->runs[c->n]);
		at += c->runs[c->n++].n;
		c->end = at;
		gap = joint(g, at);
		c->colon |= gap > 0 && g->in.p[at] == ':';
		at += gap;
	} while (gap > 0 && c->n < CHAIN_MAX);
}

/* RP-001 and its like. */
static bool
is_code(const struct gist *g, const struct chain *c)
{
	return c->n == 2 && c->runs[1].n == 3 && c->runs[1].kinds == DIGIT &&
	       (c->runs[0].kinds & (DIGIT | LINE)) == 0 && c->runs[0].n >= 2 &&
	       c->runs[0].n <= 4 && g->in.p[c->runs[0].at] < 'a' &&
	       g->in.p[c->runs[1].at - 1] == '-';
}

static bool
is_folded(const struct gist *g, const struct chain *c, const struct run *r)
{
	if (is_id(r) || ascii_is_digit(g->in.p[r->at]))
		return true;
	if ((r->kinds & ~(unsigned int)(DIGIT | HEX)) != 0)
		return false;
	return (r->kinds & DIGIT) != 0 || c->colon;
}

static void
put(struct gist *g, unsigned char c)
{
	g->out[g->n++] = c;
}

static void
put_lower(struct gist *g, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		put(g, ascii_lower(g->in.p[i]));
}

static void
put_chain(struct gist *g, const struct chain *c)
{
	bool fold = c->any && !is_code(g, c), before = false;

	for (size_t i = 0; i < c->n; i++) {
		const struct run *r = &c->runs[i];
		bool now = fold && is_folded(g, c, r);

		if (i > 0 && !(before && now))
			put_lower(g, r[-1].at + r[-1].n, r->at);
		if (!now)
			put_lower(g, r->at, r->at + r->n);
		else if (!before)
			put(g, '#');
		before = now;
	}
	g->at = c->end;
}

/* A word of letters alone is no chain, and most words are that. */
static bool
put_word(struct gist *g)
{
	/* Not by g, which an octet that is put might change. */
	struct slice rest = slice_from(g->in, g->at);
	unsigned char *out = g->out + g->n;
	size_t n = 0;

	while (n < rest.n && (kinds[rest.p[n]] & (LETTER | HEX)) != 0) {
		out[n] = rest.p[n] | 0x20;
		n++;
	}
	if (n == 0 || (n < rest.n && (kinds[rest.p[n]] & (RUN | JOIN)) != 0))
		return false;
	g->n += n;
	g->at += n;
	return true;
}

/* ---- the rest ---------------------------------------------------------- */

static bool
ends_address(unsigned char c)
{
	return c <= ' ' || strchr("<>()[]{},;\"'", c) != NULL;
}

/* At an "@": what stands on both sides is an address. */
static void
put_address(struct gist *g)
{
	while (g->n > 0 && !ends_address(g->out[g->n - 1]))
		g->n--;
	put(g, '@');
	g->at++;
	while (g->at < g->in.n && (kinds[g->in.p[g->at]] & (RUN | JOIN)) != 0)
		g->at++;
}

static void
put_foreign(struct gist *g)
{
	size_t from = g->at, n;

	while (g->at < g->in.n && g->in.p[g->at] >= 0x80)
		g->at++;
	n = fold_octets(slice_sub(g->in, from, g->at - from), g->out + g->n);
	g->n += n;
}

static void
put_other(struct gist *g, unsigned char c)
{
	g->at++;
	if (c > ' ' && c != 0x7f)
		put(g, c);
	else if (g->n > 0 && g->out[g->n - 1] != ' ')
		put(g, ' ');
}

struct slice
gist_of(struct slice text, unsigned char out[LIMIT_GIST])
{
	struct gist g = { slice_sub(text, 0, LIMIT_GIST), 0, out, 0 };
	struct chain c;

	while (g.at < g.in.n) {
		unsigned char next = g.in.p[g.at];

		if ((kinds[next] & RUN) != 0) {
			if (put_word(&g))
				continue;
			take_chain(&g, &c);
			put_chain(&g, &c);
		} else if (next == '@') {
			put_address(&g);
		} else if (next >= 0x80) {
			put_foreign(&g);
		} else {
			put_other(&g, next);
		}
	}
	while (g.n > 0 && out[g.n - 1] == ' ')
		g.n--;
	return slice_of(out, g.n);
}
