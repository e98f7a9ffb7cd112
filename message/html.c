#include "message/html.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/html_style.h"
#include "message/html_xml.h"

/*
 * libxml2's parser reports elements and text as they come; no tree is made.
 * The tree of one MiB of links takes 50 MiB, and that parser is quadratic in
 * the depth and in the attributes of an element: hence the limits, which are
 * told by what it has not taken yet of what it was given.
 */

/* An open element; links do not stand in each other. */
struct open {
	struct html_style style;
	bool skip;  /* its text is none: title, script, style */
	bool block; /* it begins and ends a line */
	bool link;
};

/* A link whose text is still to be cut out. */
struct span {
	size_t from, to; /* of its text, in shown or in hidden */
	bool closed;
};

struct reader {
	struct html_xml xml;
	htmlParserCtxtPtr context;
	struct arena *arena;
	struct open open[LIMIT_HTML_DEPTH];
	size_t depth;
	struct buf shown;
	struct buf hidden; /* all of it, a stretch after another */
	struct html_link *links;
	struct span *spans; /* of the links */
	size_t n_links, links_cap, spans_cap;
	struct html_hidden *stretches;
	size_t *starts; /* of each stretch in hidden */
	size_t n_stretches, stretches_cap, starts_cap;
	bool in_link;
	bool image_shown; /* something is seen, if no text */
	const char *cut;
};

/* ---- which element ----------------------------------------------------- */

static bool
among(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* Those that do not break a line; what else there is does. */
static const char *const inlines[] = { "a", "abbr", "acronym", "b", "bdo",
	"big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
	"kbd", "label", "q", "s", "samp", "small", "span", "strike", "strong",
	"sub", "sup", "tt", "u", "var", NULL };
static const char *const skipped[] = { "title", "script", "style", "noscript",
	"template", "textarea", "select", NULL };

/* ---- text -------------------------------------------------------------- */

static size_t
line_of(const struct reader *r)
{
	int line = r->context->input != NULL ? r->context->input->line : 0;

	return line > 0 ? (size_t)line : 0;
}

static bool
ends_with(const struct buf *b, char c)
{
	return b->n == 0 || b->p[b->n - 1] == (unsigned char)c;
}

/*
 * A space of any kind, or one of the characters without ink that preheaders
 * are filled up with; its length, or 0.
 */
static size_t
blank_length(struct slice s)
{
	static const char *const blanks[] = { "\302\240", "\302\255",
		"\342\200\213", "\342\200\214", "\342\200\215", "\342\200\207",
		"\342\200\257", "\315\217", "\357\273\277", "\341\240\216" };

	if (s.n > 0 && ascii_is_space(s.p[0]))
		return 1;
	if (s.n == 0 || s.p[0] < 0x80)
		return 0;
	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++)
		if (slice_starts(s, slice_str(blanks[i])))
			return strlen(blanks[i]);
	return 0;
}

/* With every run of blanks one space, and none at the start of a line. */
static void
add_text(struct buf *b, struct slice s)
{
	while (s.n > 0) {
		size_t blank = blank_length(s), n = 0;

		if (blank > 0) {
			if (!ends_with(b, ' ') && !ends_with(b, '\n'))
				buf_add_char(b, ' ');
			s = slice_from(s, blank);
			continue;
		}
		while (n < s.n && blank_length(slice_from(s, n)) == 0)
			n++;
		buf_add(b, slice_sub(s, 0, n));
		s = slice_from(s, n);
	}
}

static bool
is_blank(struct slice s)
{
	size_t n;

	while (s.n > 0 && (n = blank_length(s)) > 0)
		s = slice_from(s, n);
	return s.n == 0;
}

static bool
nothing_shown(const struct reader *r)
{
	return is_blank(buf_slice(&r->shown)) && !r->image_shown;
}

/* The stretch goes on while the way and what is seen stay the same. */
static bool
stretch_new(struct reader *r, enum html_way way)
{
	bool preheader = nothing_shown(r);
	struct html_hidden *last;
	size_t *starts;

	last = r->n_stretches > 0 ? &r->stretches[r->n_stretches - 1] : NULL;
	if (last != NULL && last->way == way && last->preheader == preheader)
		return true;
	if (r->n_stretches == LIMIT_HTML_HIDDEN) {
		r->cut = "there is more hidden text than is kept";
		return false;
	}
	last = arena_grow(r->arena, r->stretches, r->n_stretches,
	    &r->stretches_cap, sizeof(*last));
	starts = arena_grow(r->arena, r->starts, r->n_stretches, &r->starts_cap,
	    sizeof(*starts));
	if (last == NULL || starts == NULL)
		return false;
	r->stretches = last;
	r->starts = starts;
	last[r->n_stretches] =
	    (struct html_hidden){ SLICE_NONE, line_of(r), way, preheader };
	starts[r->n_stretches++] = r->hidden.n;
	return true;
}

static struct open
outermost(void)
{
	return (struct open){ { HTML_SHOWN, false, false, { false, 0 },
				  { false, 0 } },
		false, true, false };
}

static struct open
innermost(const struct reader *r)
{
	return r->depth > 0 ? r->open[r->depth - 1] : outermost();
}

static void
take_text(struct reader *r, struct slice s)
{
	struct open in = innermost(r);
	enum html_way way = html_style_hides(&in.style);

	if (in.skip)
		return;
	if (way == HTML_SHOWN)
		add_text(&r->shown, s);
	else if (is_blank(s))
		add_text(&r->hidden, SLICE_LIT(" "));
	else if (stretch_new(r, way))
		add_text(&r->hidden, s);
}

static void
break_line(struct reader *r)
{
	if (r->shown.n > 0 && !ends_with(&r->shown, '\n'))
		buf_add_char(&r->shown, '\n');
	if (r->hidden.n > 0 && !ends_with(&r->hidden, ' '))
		buf_add_char(&r->hidden, ' ');
}

/* ---- links ------------------------------------------------------------- */

static bool
link_begin(struct reader *r, struct html_link link)
{
	struct html_link *links;
	struct span *spans;

	if (r->n_links == LIMIT_HTML_LINKS) {
		r->cut = "there are more links than are looked at";
		r->xml.stop(r->context);
		return false;
	}
	links = arena_grow(r->arena, r->links, r->n_links, &r->links_cap,
	    sizeof(*links));
	spans = arena_grow(r->arena, r->spans, r->n_links, &r->spans_cap,
	    sizeof(*spans));
	if (links == NULL || spans == NULL) {
		r->xml.stop(r->context);
		return false;
	}
	r->links = links;
	r->spans = spans;
	link.line = line_of(r);
	links[r->n_links] = link;
	spans[r->n_links].from = spans[r->n_links].to =
	    link.hidden == HTML_SHOWN ? r->shown.n : r->hidden.n;
	spans[r->n_links++].closed = false;
	return true;
}

static void
link_end(struct reader *r)
{
	struct html_link *link = &r->links[r->n_links - 1];

	r->in_link = false;
	/* What is in it may hide itself though the link does not. */
	r->spans[r->n_links - 1].to =
	    link->hidden == HTML_SHOWN ? r->shown.n : r->hidden.n;
	r->spans[r->n_links - 1].closed = true;
}

static void
take_image(struct reader *r, const struct open *in, struct slice alt)
{
	bool shown = html_style_hides(&in->style) == HTML_SHOWN;

	if (alt.n > 0)
		take_text(r, alt);
	if (r->in_link) {
		r->links[r->n_links - 1].image = true;
		r->image_shown = r->image_shown || shown;
	}
}

/* ---- what libxml2 reports ---------------------------------------------- */

struct attributes {
	struct slice href, alt, title, label;
	bool has_href;
};

static struct slice
keep(struct reader *r, struct slice s)
{
	return arena_copy(r->arena, slice_trim(s));
}

static void
take_attributes(const xmlChar **list, struct open *o, struct attributes *a)
{
	for (; list != NULL && list[0] != NULL; list += 2) {
		struct slice name = slice_str((const char *)list[0]);
		struct slice value = slice_str((const char *)list[1]);

		if (slice_eq(name, SLICE_LIT("href"))) {
			a->href = value;
			a->has_href = value.p != NULL;
		} else if (slice_eq(name, SLICE_LIT("alt"))) {
			a->alt = value;
		} else if (slice_eq(name, SLICE_LIT("title"))) {
			a->title = value;
		} else if (slice_eq(name, SLICE_LIT("aria-label"))) {
			a->label = value;
		} else {
			html_style_attribute(&o->style, name, value);
		}
	}
}

static void
take_link(struct reader *r, const struct open *o, const struct attributes *a)
{
	struct slice label = a->label.n > 0 ? a->label : a->title;
	struct html_link link = { .href = keep(r, a->href) };

	if (label.n > 0)
		link.label = keep(r, label);
	link.hidden = html_style_hides(&o->style);
	r->in_link = link_begin(r, link);
}

static void
on_start(void *arg, const xmlChar *element, const xmlChar **list)
{
	struct reader *r = arg;
	const char *name = (const char *)element;
	struct attributes a = { .has_href = false };
	struct open o = innermost(r);

	if (r->depth == LIMIT_HTML_DEPTH) {
		r->cut = "its elements are too deep in each other";
		r->xml.stop(r->context);
		return;
	}
	o.skip = o.skip || among(name, skipped);
	o.block = !among(name, inlines);
	take_attributes(list, &o, &a);
	if (o.block)
		break_line(r);
	o.link = strcmp(name, "a") == 0 && a.has_href && !r->in_link;
	if (o.link)
		take_link(r, &o, &a);
	r->open[r->depth++] = o;
	if (strcmp(name, "img") == 0)
		take_image(r, &o, a.alt);
	/* An area of an image map has nothing but its alt to be known by. */
	if (strcmp(name, "area") == 0 && a.has_href && !r->in_link) {
		take_link(r, &o, &a);
		take_image(r, &o, a.alt);
		if (r->in_link)
			link_end(r);
	}
}

static void
on_end(void *arg, const xmlChar *element)
{
	struct reader *r = arg;

	(void)element;
	if (r->depth == 0)
		return;
	r->depth--;
	if (r->open[r->depth].link && r->in_link)
		link_end(r);
	if (r->open[r->depth].block)
		break_line(r);
}

static void
on_text(void *arg, const xmlChar *text, int n)
{
	take_text(arg, slice_of(text, n > 0 ? (size_t)n : 0));
}

/* ---- the whole --------------------------------------------------------- */

/*
 * libxml2 takes a NUL for an end.  It has taken all of a chunk but for a tag or
 * text whose end is not there yet.
 */
static void
give_chunk(struct reader *r, struct slice s)
{
	unsigned char copy[HTML_CHUNK];
	size_t left;

	for (size_t i = 0; i < s.n; i++)
		copy[i] = s.p[i] != '\0' ? s.p[i] : ' ';
	(void)r->xml.parse_chunk(r->context, (const char *)copy, (int)s.n, 0);
	left = r->context->input != NULL
		   ? (size_t)(r->context->input->end - r->context->input->cur)
		   : 0;
	if (r->cut == NULL && left > LIMIT_HTML_TOKEN)
		r->cut = "a tag or a stretch of text in it is too long";
}

static bool
stopped(const struct reader *r)
{
	return r->cut != NULL || arena_failed(r->arena) || r->shown.failed ||
	       r->hidden.failed;
}

static enum rc
parse(struct reader *r, struct slice body)
{
	htmlSAXHandler events = { .startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text };
	size_t at;

	r->context =
	    r->xml.create(&events, r, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (r->context == NULL)
		return RC_NOMEM;
	(void)r->xml.use_options(r->context,
	    HTML_PARSE_NONET | HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
		HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC);
	for (at = 0; at < body.n && !stopped(r); at += HTML_CHUNK)
		give_chunk(r, slice_sub(body, at, HTML_CHUNK));
	if (!stopped(r))
		(void)r->xml.parse_chunk(r->context, NULL, 0, 1);
	r->xml.free_context(r->context);
	r->context = NULL;
	return r->shown.failed || r->hidden.failed ? RC_NOMEM : RC_OK;
}

/* The line of the text around what stands from..to, as far as that matters. */
static struct slice
line_around(struct slice text, size_t from, size_t to)
{
	size_t start = from, end = to;

	while (start > 0 && from - start < HTML_AROUND &&
	       text.p[start - 1] != '\n')
		start--;
	while (end < text.n && end - to < HTML_AROUND && text.p[end] != '\n')
		end++;
	return slice_trim(slice_sub(text, start, end - start));
}

static void
cut_out(struct reader *r, struct html *out)
{
	struct slice shown = arena_copy(r->arena, buf_slice(&r->shown));
	struct slice hidden = arena_copy(r->arena, buf_slice(&r->hidden));

	if (shown.p == NULL || hidden.p == NULL)
		return;
	for (size_t i = 0; i < r->n_links; i++) {
		struct html_link *l = &r->links[i];
		struct span *s = &r->spans[i];
		bool seen = l->hidden == HTML_SHOWN;
		struct slice from = seen ? shown : hidden;
		size_t to = s->closed ? s->to : from.n;

		l->text = slice_trim(slice_sub(from, s->from, to - s->from));
		l->around = seen ? line_around(from, s->from, to) : l->text;
	}
	for (size_t i = 0; i < r->n_stretches; i++) {
		size_t end =
		    i + 1 < r->n_stretches ? r->starts[i + 1] : hidden.n;

		r->stretches[i].text = slice_trim(
		    slice_sub(hidden, r->starts[i], end - r->starts[i]));
	}
	out->text = shown;
}

enum rc
html_read(struct arena *arena, struct slice body, struct html *out)
{
	struct reader *r = arena_new_of(arena, struct reader, 1);
	enum rc rc;

	*out = (struct html){ .text = SLICE_LIT("") };
	if (r == NULL)
		return RC_LIMIT;
	out->missing = html_xml_load(&r->xml);
	if (out->missing != NULL)
		return RC_OK;
	r->arena = arena;
	/* An entity is shorter as text than as it is written. */
	buf_init(&r->shown, 2 * LIMIT_HTML);
	buf_init(&r->hidden, 2 * LIMIT_HTML);
	rc = parse(r, slice_sub(body, 0, LIMIT_HTML));
	if (!rc)
		cut_out(r, out);
	buf_free(&r->shown);
	buf_free(&r->hidden);
	if (r->cut == NULL && body.n > LIMIT_HTML)
		r->cut = "it is longer than one MiB";
	out->cut = r->cut;
	out->links = r->links;
	out->n_links = r->n_links;
	out->hidden = r->stretches;
	out->n_hidden = r->n_stretches;
	if (!rc && arena_failed(arena))
		rc = RC_LIMIT;
	return rc;
}
