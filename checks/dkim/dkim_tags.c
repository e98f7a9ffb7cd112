#include "checks/dkim/dkim_tags.h"

#include "base/cursor.h"
#include "base/utf8.h"

/*
 * RFC 6376 3.2:
 *   tag-list  = tag-spec *( ";" tag-spec ) [ ";" ]
 *   tag-spec  = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
 *   tag-name  = ALPHA *ALNUMPUNC
 *   tag-value = [ tval *( 1*(WSP / FWS) tval ) ]
 *   tval      = 1*VALCHAR
 *   VALCHAR   = %x21-3A / %x3C-7E
 *   ALNUMPUNC = ALPHA / DIGIT / "_"
 * and RFC 8616 4 lets UTF-8 into values.
 */

const char *
dkim_tags_fault_text(enum dkim_tags_fault fault)
{
	switch (fault) {
	case DKIM_TAGS_FINE:
		return "is right";
	case DKIM_TAGS_EMPTY:
		return "has no tag";
	case DKIM_TAGS_NOTHING:
		return "has nothing between two semicolons";
	case DKIM_TAGS_NO_EQUAL:
		return "has a tag without \"=\"";
	case DKIM_TAGS_NAME:
		return "has something before \"=\" that is no name of a tag";
	case DKIM_TAGS_OCTET:
		return "has an octet that no tag may have";
	case DKIM_TAGS_TWICE:
		return "has a tag twice";
	case DKIM_TAGS_MANY:
		return "has more tags than are looked at";
	}
	return "";
}

static bool
fail(struct dkim_tags *t, enum dkim_tags_fault fault, size_t at,
    struct slice what)
{
	t->fault = fault;
	t->at = at;
	t->what = what;
	return false;
}

static size_t
skip_space(struct slice s, size_t at)
{
	while (at < s.n && ascii_is_space(s.p[at]))
		at++;
	return at;
}

static size_t
name_end(struct slice s, size_t at)
{
	if (at >= s.n || !ascii_is_alpha(s.p[at]))
		return at;
	while (at < s.n && (ascii_is_alnum(s.p[at]) || s.p[at] == '_'))
		at++;
	return at;
}

/*
 * The first octet that a value cannot have: a control, or no UTF-8.  CR and LF
 * are white space here; where they may be is the message's affair.
 */
static size_t
bad_octet(struct slice value)
{
	size_t i;

	for (i = 0; i < value.n; i++)
		if ((value.p[i] < ' ' || value.p[i] >= 0x7f) &&
		    !ascii_is_space(value.p[i]))
			break;
	if (i == value.n || (value.p[i] >= 0x80 && utf8_valid(value)))
		return SIZE_MAX;
	return i;
}

const struct dkim_tag *
dkim_tags_find(const struct dkim_tags *t, const char *name)
{
	struct slice want = slice_str(name);
	size_t i;

	for (i = 0; i < t->n; i++)
		if (slice_eq(t->tags[i].name, want))
			return &t->tags[i];
	return NULL;
}

static bool
is_there(const struct dkim_tags *t, struct slice name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (slice_eq(t->tags[i].name, name))
			return true;
	return false;
}

/* One tag-spec, from at up to end, where its semicolon or the end is. */
static bool
read_tag(struct dkim_tags *t, size_t at, size_t end)
{
	struct slice s = slice_sub(t->text, 0, end);
	size_t from = skip_space(s, at), to = name_end(s, from), equal, bad;
	struct dkim_tag *tag = &t->tags[t->n];

	if (from == end)
		return fail(t, DKIM_TAGS_NOTHING, at, SLICE_NONE);
	equal = skip_space(s, to);
	if (equal == end)
		return fail(t, DKIM_TAGS_NO_EQUAL, from,
		    slice_sub(s, from, to - from));
	if (to == from || s.p[equal] != '=') {
		bool any = slice_find(slice_from(s, equal), SLICE_LIT("=")) !=
			   SIZE_MAX;

		return fail(t, any ? DKIM_TAGS_NAME : DKIM_TAGS_NO_EQUAL, from,
		    SLICE_NONE);
	}
	if (t->n == LIMIT_DKIM_TAGS)
		return fail(t, DKIM_TAGS_MANY, from, SLICE_NONE);
	tag->name = slice_sub(s, from, to - from);
	tag->whole = slice_from(s, equal + 1);
	tag->value = slice_trim(tag->whole);
	tag->at = from;
	if (is_there(t, tag->name))
		return fail(t, DKIM_TAGS_TWICE, from, tag->name);
	bad = bad_octet(tag->whole);
	if (bad != SIZE_MAX)
		return fail(t, DKIM_TAGS_OCTET, equal + 1 + bad, tag->name);
	t->n++;
	return true;
}

static size_t
spec_end(struct slice text, size_t at)
{
	struct slice head, tail;

	(void)slice_cut(slice_from(text, at), ';', &head, &tail);
	return at + head.n;
}

bool
dkim_tags_read(struct slice text, struct dkim_tags *t)
{
	size_t at = 0;

	t->text = text;
	t->n = 0;
	t->fault = DKIM_TAGS_FINE;
	t->at = 0;
	t->what = SLICE_NONE;
	if (skip_space(text, 0) == text.n)
		return fail(t, DKIM_TAGS_EMPTY, 0, SLICE_NONE);
	while (at < text.n) {
		size_t end = spec_end(text, at);

		if (!read_tag(t, at, end))
			return false;
		at = end + 1;
		/* One semicolon may stand at the end. */
		if (skip_space(text, at) >= text.n)
			break;
	}
	return true;
}

struct slice
dkim_tags_value(const struct dkim_tags *t, const char *name)
{
	const struct dkim_tag *tag = dkim_tags_find(t, name);

	return tag != NULL ? tag->value : SLICE_NONE;
}

bool
dkim_list_next(struct slice *rest, struct slice *item)
{
	if (rest->n == 0)
		return false;
	(void)slice_cut(*rest, ':', item, rest);
	*item = slice_trim(*item);
	return true;
}

bool
dkim_list_has(struct slice list, struct slice item)
{
	struct slice one;

	while (dkim_list_next(&list, &one))
		if (slice_eq_nocase(one, item))
			return true;
	return false;
}

struct dkim_place
dkim_place(const struct field *f, size_t at)
{
	struct slice before = slice_sub(slice_span(f->name, f->value), 0,
	    slice_span(f->name, f->value).n - f->value.n + at);
	struct dkim_place place = { f->line, 1 };
	size_t i, start = 0;

	for (i = 0; i < before.n; i++) {
		if (before.p[i] == '\n') {
			place.line++;
			start = i + 1;
		}
	}
	place.column = before.n - start + 1;
	return place;
}
