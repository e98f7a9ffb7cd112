#include "base/fold.h"

#include "base/utf8.h"

/* ---- Latin ------------------------------------------------------------- */

/*
 * The letter without its mark, by code point; a digit stands for two letters,
 * and "." for no change.  Made of the decompositions of Unicode.
 */
static const char latin_c0[] = "aaaaaa2ceeeeiiiidnooooo.ouuuuy41"
			       "aaaaaa2ceeeeiiiidnooooo.ouuuuy4y"
			       "aaaaaaccccccccddddeeeeeeeeeegggg"
			       "gggghhhhiiiiiiiiiiiijjkkklllllll"
			       "lllnnnnnnnnnoooooo33rrrrrrssssss"
			       "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
			       "bb.............e................"
			       "oo.............uu..............."
			       "....dddlllnnnaaiioouuuuuuuuuu.aa"
			       "aa22..ggkkoooo..jdddgg..nnaa22oo"
			       "aaaaeeeeiiiioooorrrruuuusstt..hh"
			       "......aaeeooooooooyy............"
			       ".........e";
static const char latin_1e00[] = "aabbbbbbccddddddddddeeeeeeeeeeff"
				 "gghhhhhhhhhhiiiikkkkkkllllllllmm"
				 "mmmmnnnnnnnnoooooooopppprrrrrrrr"
				 "ssssssssssttttttttuuuuuuuuuuvvvv"
				 "wwwwwwwwwwxxxxyyzzzzzzhtwyas..1."
				 "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
				 "eeeeeeeeiiiioooooooooooooooooooo"
				 "oooouuuuuuuuuuuuuuyyyyyyyy......";

static const char *const pairs[] = { "ss", "ae", "oe", "th" };

/* The letters in place of a Latin one; or nothing. */
static struct slice
latin(uint32_t c)
{
	const char *at = NULL;

	if (c >= 0xc0 && c - 0xc0 < sizeof(latin_c0) - 1)
		at = &latin_c0[c - 0xc0];
	else if (c >= 0x1e00 && c - 0x1e00 < sizeof(latin_1e00) - 1)
		at = &latin_1e00[c - 0x1e00];
	if (at == NULL || *at == '.')
		return SLICE_NONE;
	if (*at >= '1' && *at <= '4')
		return slice_str(pairs[*at - '1']);
	return slice_of(at, 1);
}

/* ---- other letters ----------------------------------------------------- */

struct range {
	uint16_t from, to; /* code points */
	int16_t add;
	bool even; /* only the even ones: capitals before small ones */
};

static const struct range lower[] = {
	{ 0x0391, 0x03a9, 32, false },    /* Greek */
	{ 0x0410, 0x042f, 32, false },    /* Cyrillic */
	{ 0x0400, 0x040f, 80, false },    /* with marks */
	{ 0x0460, 0x0481, 1, true },      /* old */
	{ 0x048a, 0x04bf, 1, true },      /* of other languages */
	{ 0x04d0, 0x052f, 1, true },      /* more of them */
	{ 0x0531, 0x0556, 48, false },    /* Armenian */
	{ 0x1c90, 0x1cbf, -3008, false }, /* Georgian */
};

/* What is left of a letter with a mark, or of one that only looks other. */
static const struct {
	uint16_t from, to;
} bare[] = {
	{ 0x0386, 0x03b1 },
	{ 0x0388, 0x03b5 },
	{ 0x0389, 0x03b7 },
	{ 0x038a, 0x03b9 },
	{ 0x038c, 0x03bf },
	{ 0x038e, 0x03c5 },
	{ 0x038f, 0x03c9 },
	{ 0x0390, 0x03b9 },
	{ 0x03aa, 0x03b9 },
	{ 0x03ab, 0x03c5 },
	{ 0x03ac, 0x03b1 },
	{ 0x03ad, 0x03b5 },
	{ 0x03ae, 0x03b7 },
	{ 0x03af, 0x03b9 },
	{ 0x03b0, 0x03c5 },
	{ 0x03c2, 0x03c3 },
	{ 0x03ca, 0x03b9 },
	{ 0x03cb, 0x03c5 },
	{ 0x03cc, 0x03bf },
	{ 0x03cd, 0x03c5 },
	{ 0x03ce, 0x03c9 },
	{ 0x0439, 0x0438 },
	{ 0x0450, 0x0435 },
	{ 0x0451, 0x0435 },
	{ 0x0453, 0x0433 },
	{ 0x0457, 0x0456 },
	{ 0x045c, 0x043a },
	{ 0x045d, 0x0438 },
	{ 0x045e, 0x0443 },
	/* Arabic, and the Persian forms of its letters. */
	{ 0x0622, 0x0627 },
	{ 0x0623, 0x0627 },
	{ 0x0625, 0x0627 },
	{ 0x0629, 0x0647 },
	{ 0x0649, 0x064a },
	{ 0x06a9, 0x0643 },
	{ 0x06cc, 0x064a },
	/* Apostrophes. */
	{ 0x00b4, '\'' },
	{ 0x02bc, '\'' },
	{ 0x2018, '\'' },
	{ 0x2019, '\'' },
};

static uint32_t
other(uint32_t c)
{
	for (size_t i = 0; i < sizeof(lower) / sizeof(*lower); i++) {
		const struct range *r = &lower[i];

		if (c >= r->from && c <= r->to && !(r->even && c % 2 != 0)) {
			c = (uint32_t)((int32_t)c + r->add);
			break;
		}
	}
	for (size_t i = 0; i < sizeof(bare) / sizeof(*bare); i++)
		if (c == bare[i].from)
			return bare[i].to;
	/* The wide forms of ASCII, U+FF01 on. */
	if (c >= 0xff01 && c <= 0xff5e) {
		c -= 0xff00 - 0x20;
		return c < 0x80 ? ascii_lower((unsigned char)c) : c;
	}
	return c;
}

/* ---- what is no letter ------------------------------------------------- */

struct span {
	uint32_t from, to;
};

static bool
within(uint32_t c, const struct span *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c >= list[i].from && c <= list[i].to)
			return true;
	return false;
}

/* Combining marks, vowel points, and what has neither ink nor width. */
static const struct span inkless[] = {
	{ 0x00ad, 0x00ad },
	{ 0x00b7, 0x00b7 },
	{ 0x0300, 0x036f },
	{ 0x0591, 0x05bd },
	{ 0x05bf, 0x05c7 },
	{ 0x0610, 0x061a },
	{ 0x0640, 0x0640 },
	{ 0x064b, 0x065f },
	{ 0x0670, 0x0670 },
	{ 0x200b, 0x200f },
	{ 0x202a, 0x202e },
	{ 0x2060, 0x2064 },
	{ 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },
};

static const struct span spaces[] = {
	{ 0x0009, 0x0009 },
	{ 0x000b, 0x000d },
	{ 0x0020, 0x0020 },
	{ '-', '-' },
	{ 0x0085, 0x0085 },
	{ 0x00a0, 0x00a0 },
	{ 0x2000, 0x200a },
	{ 0x2010, 0x2015 },
	{ 0x2028, 0x2029 },
	{ 0x202f, 0x202f },
	{ 0x205f, 0x205f },
	{ 0x2212, 0x2212 },
	{ 0x3000, 0x3000 },
};

static const struct span solid[] = {
	{ 0x0e00, 0x0eff },
	{ 0x0f00, 0x109f },
	{ 0x1780, 0x17ff },
	{ 0x1100, 0x11ff },
	{ 0x2e80, 0x2fff },
	{ 0x3005, 0x3007 },
	{ 0x3040, 0xa4cf },
	{ 0xac00, 0xd7ff },
	{ 0xf900, 0xfaff },
	{ 0x20000, 0x3ffff },
};

static const struct span signs[] = {
	{ 0x0080, 0x00bf },
	{ 0x00d7, 0x00d7 },
	{ 0x00f7, 0x00f7 },
	{ 0x0589, 0x0589 },
	{ 0x05be, 0x05be },
	{ 0x060c, 0x060c },
	{ 0x061b, 0x061f },
	{ 0x066a, 0x066d },
	{ 0x06d4, 0x06d4 },
	{ 0x0964, 0x0965 },
	{ 0x2000, 0x206f },
	{ 0x20a0, 0x20cf },
	{ 0x2100, 0x2bff },
	{ 0x3000, 0x303f },
	{ 0xe000, 0xf8ff },
	{ 0xfe10, 0xfe6f },
	{ 0xff00, 0xff0f },
	{ 0xff1a, 0xff20 },
	{ 0x1f000, 0x1faff },
	{ 0xfff0, 0xffff },
};

#define WITHIN(c, list) within((c), (list), sizeof(list) / sizeof(*(list)))

enum fold_class
fold_class(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_alnum((unsigned char)c) ? FOLD_LETTER
							: FOLD_OTHER;
	if (WITHIN(c, solid))
		return FOLD_SOLID;
	return c == UINT32_MAX || WITHIN(c, signs) ? FOLD_OTHER : FOLD_LETTER;
}

/* ---- the whole --------------------------------------------------------- */

/* What has been made so far; nothing of it is longer than what it is of. */
struct folded {
	unsigned char *p;
	size_t n;
};

static void
add(struct folded *f, struct slice s)
{
	memcpy(f->p + f->n, s.p, s.n);
	f->n += s.n;
}

static void
add_space(struct folded *f)
{
	if (f->n > 0 && f->p[f->n - 1] != ' ' && f->p[f->n - 1] != '\n')
		f->p[f->n++] = ' ';
}

/* RFC 3629 3, for what is below U+10000. */
static void
add_code_point(struct folded *f, uint32_t c)
{
	unsigned char three[] = { (unsigned char)(0xe0 | c >> 12),
		(unsigned char)(0x80 | (c >> 6 & 0x3f)),
		(unsigned char)(0x80 | (c & 0x3f)) };
	unsigned char two[] = { (unsigned char)(0xc0 | c >> 6), three[2] };
	unsigned char one = (unsigned char)c;

	if (c < 0x80)
		add(f, slice_of(&one, 1));
	else if (c < 0x800)
		add(f, slice_of(two, sizeof(two)));
	else
		add(f, slice_of(three, sizeof(three)));
}

static void
fold_one(struct folded *f, struct slice octets, uint32_t c)
{
	struct slice letters = latin(c);

	if (c == '\n')
		add(f, octets);
	else if (letters.p != NULL)
		add(f, letters);
	else if (c == UINT32_MAX || c > 0xffff)
		add(f, octets);
	else if (WITHIN(c, spaces))
		add_space(f);
	else if (!WITHIN(c, inkless))
		add_code_point(f, other(c));
}

size_t
fold_octets(struct slice s, unsigned char *out)
{
	struct folded f = { out, 0 };
	size_t n;

	for (; s.n > 0; s = slice_from(s, n)) {
		uint32_t c = utf8_next(s, &n);

		if (c < 0x80 && ascii_is_alnum((unsigned char)c))
			f.p[f.n++] = ascii_lower((unsigned char)c);
		else
			fold_one(&f, slice_sub(s, 0, n), c);
	}
	return f.n;
}

struct slice
fold_text(struct arena *arena, struct slice s)
{
	unsigned char *p = arena_new_of(arena, unsigned char, s.n + 1);

	return p != NULL ? slice_of(p, fold_octets(s, p)) : SLICE_NONE;
}
