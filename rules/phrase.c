#include "rules/phrase.h"

#include "base/limits.h"
#include "rules/gist.h"

/* ---- groups of four ---------------------------------------------------- */

enum { GRAM = 4 };

/* Bit 0 is set in every struct grams: that of a piece shorter than a group. */
static uint16_t
gram_at(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return (uint16_t)(v * UINT32_C(2654435761) >> 20);
}

void
grams_of(struct slice gist, struct grams *g)
{
	memset(g, 0, sizeof(*g));
	g->words[0] = 1;
	for (size_t i = 0; i + GRAM <= gist.n; i++) {
		uint16_t bit = gram_at(&gist.p[i]);

		g->words[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

void
grams_choose(struct slice piece, uint16_t grams[2])
{
	grams[0] = grams[1] = 0;
	if (piece.n < GRAM)
		return;
	grams[0] = gram_at(&piece.p[(piece.n - GRAM) / 2]);
	grams[1] = gram_at(&piece.p[piece.n - GRAM]);
}

static void
choose_grams(struct phrase *p)
{
	struct slice longest = p->pieces[0];

	for (size_t i = 1; i < p->n; i++) {
		if (p->pieces[i].n > longest.n)
			longest = p->pieces[i];
	}
	grams_choose(longest, p->grams);
}

/* ---- reading ----------------------------------------------------------- */

static bool
has_letter(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_alpha(s.p[i]) || s.p[i] >= 0x80)
			return true;
	}
	return false;
}

static enum rc
add_piece(struct compile *c, struct phrase *p, size_t at, struct slice text)
{
	unsigned char folded[LIMIT_GIST];
	struct slice piece = gist_of(text, folded);

	if (piece.n == 0)
		return compile_fail(c, at,
		    SLICE_LIT("expected words to look for"));
	if (!has_letter(piece))
		return compile_fail(c, at,
		    SLICE_LIT("numbers and addresses are folded: expected "
			      "letters too"));
	if (text.n > LIMIT_GIST)
		return compile_fail(c, at,
		    SLICE_LIT("these words are too long to be found"));
	if (p->n == PHRASE_PIECES)
		return compile_fail(c, at,
		    SLICE_LIT("a phrase has at most 8 pieces"));
	piece = arena_copy(c->arena, piece);
	if (piece.p == NULL)
		return RC_NOMEM;
	p->pieces[p->n++] = piece;
	p->length += piece.n;
	return RC_OK;
}

/* Without spaces around it; *at is where it begins. */
static struct slice
trim_at(struct slice s, size_t *at)
{
	struct slice t = slice_trim(s);

	if (t.n > 0)
		*at += slice_offset(s, t);
	return t;
}

static enum rc
read_pieces(struct compile *c, size_t at, struct slice s, struct phrase *p)
{
	const struct slice dots = SLICE_LIT("...");
	enum rc rc = RC_OK;

	while (rc == RC_OK) {
		size_t n = slice_find(s, dots), begin = at;
		struct slice piece = slice_sub(s, 0, n);

		piece = trim_at(piece, &begin);
		rc = add_piece(c, p, begin, piece);
		if (n == SIZE_MAX)
			break;
		s = slice_from(s, n + dots.n);
		at += n + dots.n;
	}
	return rc;
}

static enum rc
read_phrase(struct compile *c, size_t at, struct slice s, struct phrase *p)
{
	enum rc rc;

	s = trim_at(s, &at);
	*p = (struct phrase){ .source = s };
	p->ends = slice_ends_nocase(s, SLICE_LIT("$"));
	if (p->ends)
		s.n--;
	p->begins = slice_starts(s, SLICE_LIT("^"));
	if (p->begins) {
		s = slice_from(s, 1);
		at++;
	}
	rc = read_pieces(c, at, s, p);
	if (rc == RC_OK)
		choose_grams(p);
	return rc;
}

enum rc
phrases_parse(struct compile *c, struct slice text, struct phrases *out)
{
	struct phrase *list = NULL;
	struct slice rest = text, one;
	size_t n = 0, cap = 0, longest = 0;
	enum rc rc = RC_OK;
	bool more = true;

	while (rc == RC_OK && more) {
		struct phrase *grown;
		size_t at = text.n - rest.n;

		more = slice_cut(rest, '|', &one, &rest);
		grown = arena_grow(c->arena, list, n, &cap, sizeof(*list));
		if (grown == NULL)
			return RC_NOMEM;
		list = grown;
		rc = read_phrase(c, at, one, &list[n]);
		if (list[n].length > longest)
			longest = list[n].length;
		n++;
	}
	*out = (struct phrases){ list, n, longest };
	return rc;
}

/* ---- finding ----------------------------------------------------------- */

static bool
is_word(unsigned char c)
{
	return ascii_is_alnum(c);
}

/* Where the piece is found from an offset on, or SIZE_MAX. */
static size_t
find_piece(struct slice gist, size_t from, struct slice piece)
{
	while (from <= gist.n) {
		size_t at = slice_find(slice_from(gist, from), piece);

		if (at == SIZE_MAX)
			return SIZE_MAX;
		at += from;
		if (at == 0 || !is_word(piece.p[0]) || !is_word(gist.p[at - 1]))
			return at;
		from = at + 1;
	}
	return SIZE_MAX;
}

/* The same, for a piece that must be the end. */
static size_t
find_last(struct slice gist, size_t from, struct slice piece)
{
	size_t at;

	if (gist.n < piece.n || gist.n - piece.n < from)
		return SIZE_MAX;
	at = find_piece(gist, gist.n - piece.n, piece);
	return at;
}

bool
phrase_found(const struct phrase *p, struct slice gist)
{
	size_t at = 0;

	for (size_t i = 0; i < p->n; i++) {
		size_t from = at;

		at = p->ends && i + 1 == p->n
			 ? find_last(gist, from, p->pieces[i])
			 : find_piece(gist, from, p->pieces[i]);
		if (at == SIZE_MAX || (i == 0 && p->begins && at > 0))
			return false;
		at += p->pieces[i].n;
	}
	return true;
}

const struct phrase *
phrases_find(const struct phrases *all, struct slice gist,
    const struct grams *grams)
{
	const struct phrase *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct phrase *p = &all->list[i];

		if ((best == NULL || p->length > best->length) &&
		    grams_may(grams, p->grams) && phrase_found(p, gist))
			best = p;
	}
	return best;
}
