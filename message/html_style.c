#include "message/html_style.h"

static const char *const way_names[HTML_WAYS] = {
	[HTML_SHOWN] = "shown",
	[HTML_DISPLAY] = "display:none",
	[HTML_VISIBILITY] = "visibility:hidden",
	[HTML_FONT_SIZE] = "font-size",
	[HTML_OPACITY] = "opacity:0",
	[HTML_HEIGHT] = "height:0",
	[HTML_COLOR] = "color of the background",
};

const char *
html_way_name(enum html_way way)
{
	return way_names[way];
}

/* ---- values ------------------------------------------------------------ */

/* What stands before "!important". */
static struct slice
plain(struct slice value)
{
	struct slice head, tail;

	(void)slice_cut(value, '!', &head, &tail);
	return slice_trim(head);
}

/* CSS 2.1 4.3.2: a number and its unit. */
struct length {
	uint32_t whole; /* at most a million or so */
	bool more;      /* there is a fraction to it */
	struct slice unit;
};

static bool
length_read(struct slice s, struct length *out)
{
	bool fraction = false;
	size_t i;

	*out = (struct length){ 0 };
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && !fraction)
			fraction = true;
		else if (!ascii_is_digit(s.p[i]))
			break;
		else if (fraction)
			out->more = out->more || s.p[i] != '0';
		else if (out->whole < 1000 * 1000)
			out->whole = out->whole * 10 + s.p[i] - '0';
	}
	out->unit = slice_trim(slice_from(s, i));
	return i > 0;
}

static bool
is_zero(struct slice value)
{
	struct length n;

	return length_read(value, &n) && n.whole == 0 && !n.more;
}

static bool
is_word(struct slice s, const char *word)
{
	return slice_eq_nocase(s, slice_str(word));
}

/* 0 of any unit, or one pixel or point at most. */
static bool
is_tiny(struct slice value)
{
	struct length n;

	if (is_zero(value))
		return true;
	return length_read(value, &n) &&
	       (is_word(n.unit, "px") || is_word(n.unit, "pt")) &&
	       (n.whole == 0 || (n.whole == 1 && !n.more));
}

static const struct {
	const char *name;
	uint32_t rgb;
} colors[] = {
	{ "white", 0xffffff },
	{ "black", 0x000000 },
	{ "red", 0xff0000 },
	{ "green", 0x008000 },
	{ "blue", 0x0000ff },
	{ "yellow", 0xffff00 },
	{ "gray", 0x808080 },
	{ "grey", 0x808080 },
	{ "silver", 0xc0c0c0 },
	{ "navy", 0x000080 },
	{ "whitesmoke", 0xf5f5f5 },
};

/* "#" 3HEXDIG / "#" 6HEXDIG; the attributes do without the "#". */
static struct html_color
color_hex(struct slice s)
{
	struct html_color out = { s.n == 3 || s.n == 6, 0 };

	for (size_t i = 0; i < s.n && out.known; i++) {
		int digit = ascii_hex(s.p[i]);

		out.known = digit >= 0;
		if (!out.known)
			break;
		out.rgb = out.rgb << 4 | (uint32_t)digit;
		if (s.n == 3)
			out.rgb = out.rgb << 4 | (uint32_t)digit;
	}
	return out;
}

/* "rgb(" number "," number "," number ")" */
static struct html_color
color_rgb(struct slice s)
{
	struct html_color out = { true, 0 };
	struct slice part;
	uint64_t n;

	for (int i = 0; i < 3; i++) {
		(void)slice_cut(s, i < 2 ? ',' : ')', &part, &s);
		out.known =
		    out.known && slice_number(slice_trim(part), 255, &n);
		out.rgb = out.known ? out.rgb << 8 | (uint32_t)n : 0;
	}
	return out;
}

static struct html_color
color_read(struct slice s)
{
	if (slice_starts(s, SLICE_LIT("#")))
		return color_hex(slice_from(s, 1));
	if (slice_starts_nocase(s, SLICE_LIT("rgb(")))
		return color_rgb(slice_from(s, 4));
	for (size_t i = 0; i < sizeof(colors) / sizeof(*colors); i++)
		if (slice_eq_nocase(s, slice_str(colors[i].name)))
			return (struct html_color){ true, colors[i].rgb };
	return (struct html_color){ false, 0 };
}

/* ---- declarations ------------------------------------------------------ */

/* What only counts together with another declaration of the same element. */
struct box {
	bool flat;    /* height or max-height of 0 */
	bool clipped; /* overflow:hidden */
};

static void
go(struct html_style *s, enum html_way way)
{
	if (s->gone == HTML_SHOWN)
		s->gone = way;
}

static void
declare_box(struct html_style *s, struct box *b, struct slice name,
    struct slice value)
{
	if (is_word(name, "display") && is_word(value, "none"))
		go(s, HTML_DISPLAY);
	else if (is_word(name, "opacity") && is_zero(value))
		go(s, HTML_OPACITY);
	else if (is_word(name, "height") || is_word(name, "max-height"))
		b->flat = b->flat || is_zero(value);
	else if (is_word(name, "overflow"))
		b->clipped = is_word(value, "hidden");
}

static void
declare(struct html_style *s, struct box *b, struct slice name,
    struct slice value)
{
	if (is_word(value, "inherit"))
		return;
	if (is_word(name, "visibility")) {
		s->invisible =
		    is_word(value, "hidden") || is_word(value, "collapse");
	} else if (is_word(name, "font-size")) {
		s->tiny = is_tiny(value);
	} else if (is_word(name, "color")) {
		s->color = color_read(value);
	} else if (is_word(name, "background-color") ||
		   is_word(name, "background")) {
		if (!is_word(value, "transparent") && !is_word(value, "none"))
			s->background = color_read(value);
	} else {
		declare_box(s, b, name, value);
	}
}

/*
 * CSS 2.1 4.1.8: declarations with semicolons between.  One within quotes or
 * parentheses cuts a value that none of these have.
 */
static void
declarations(struct html_style *s, struct slice text)
{
	struct box box = { false, false };
	struct slice one, name, value;

	while (text.n > 0) {
		(void)slice_cut(text, ';', &one, &text);
		if (slice_cut(one, ':', &name, &value))
			declare(s, &box, slice_trim(name), plain(value));
	}
	if (box.flat && box.clipped)
		go(s, HTML_HEIGHT);
}

void
html_style_attribute(struct html_style *s, struct slice name,
    struct slice value)
{
	struct slice v = slice_trim(value);

	if (is_word(name, "style")) {
		declarations(s, value);
	} else if (is_word(name, "hidden")) {
		go(s, HTML_DISPLAY);
	} else if (is_word(name, "bgcolor")) {
		s->background = color_read(v);
		if (!s->background.known)
			s->background = color_hex(v);
	} else if (is_word(name, "background")) {
		/* An image, whose colours are not known. */
		s->background = (struct html_color){ false, 0 };
	} else if (is_word(name, "color")) { /* of <font> */
		s->color = color_read(v);
		if (!s->color.known)
			s->color = color_hex(v);
	}
}

enum html_way
html_style_hides(const struct html_style *s)
{
	if (s->gone != HTML_SHOWN)
		return s->gone;
	if (s->invisible)
		return HTML_VISIBILITY;
	if (s->tiny)
		return HTML_FONT_SIZE;
	if (s->color.known && s->background.known &&
	    s->color.rgb == s->background.rgb)
		return HTML_COLOR;
	return HTML_SHOWN;
}
