/*
 *  template = *("{{" / place / text)
 *  place    = "{" (parts / "reverse(" parts ")") ["|" fallback] "}"
 *  parts    = path ["[" [choice] "]." path]
 *  text     = any octet but "{"
 *  fallback = template                      ; its braces paired
 *
 * "a[].b" is the fact b of each element of the list a; "a[c=x,y].b" of
 * those that the choice takes (choice.h).  "{{" is one brace; a
 * closing brace outside of a place is itself.  The fallback stands in when the
 * fact is null or absent or an empty list.  reverse() is the name of an
 * address, or of each of a list, under in-addr.arpa or ip6.arpa.
 */
#include "rules/template.h"

#include "base/ip.h"
#include "base/limits.h"
#include "rules/choice.h"

struct piece {
	struct slice text; /* before the place */
	bool place;
	bool reverse;
	bool parted;
	struct path path;
	struct path part;                /* of each element, when parted */
	struct choice choice;            /* which elements */
	const struct template *fallback; /* or NULL */
};

struct template
{
	struct slice source;
	struct piece *pieces;
	size_t n;
};

/* "[", a choice or nothing, "]." behind a path; its octets, 0: none. */
static size_t
choice_length(struct slice s)
{
	size_t end = slice_find(s, SLICE_LIT("]."));

	if (s.n == 0 || s.p[0] != '[' || end == SIZE_MAX)
		return 0;
	return end + 2;
}

static size_t
parts_length(struct slice s)
{
	size_t n = path_length(s), choice = choice_length(slice_from(s, n));
	size_t more = path_length(slice_from(s, n + choice));

	return n > 0 && choice > 0 && more > 0 ? n + choice + more : n;
}

static enum rc
parse_parts(struct compile *c, struct slice s, size_t at, struct piece *out)
{
	size_t n = path_length(s), end = parts_length(s), choice;
	struct slice outer = c->each;
	enum rc rc;

	if (n == 0)
		return compile_fail(c, at,
		    SLICE_LIT("expected a fact behind \"{\" (\"{{\" is a "
			      "brace)"));
	out->parted = end > n;
	rc = path_compile(c, at, slice_sub(s, 0, n),
	    out->parted ? PATH_LIST : PATH_TEXT, &out->path);
	if (rc || !out->parted)
		return rc;
	choice = choice_length(slice_from(s, n));
	c->each = out->path.shown;
	rc = choice_parse(c, slice_sub(s, n + 1, choice - 3), at + n + 1,
	    &out->choice);
	if (rc == RC_OK)
		rc = choice_path(c, slice_sub(s, n + choice, end - n - choice),
		    at, &out->part);
	c->each = outer;
	return rc;
}

/* at is where the fallback begins in the whole. */
static enum rc
fallback_parse(struct compile *c, struct slice text, size_t at,
    struct piece *out)
{
	size_t base = c->base;
	enum rc rc;

	if (c->depth == LIMIT_TEMPLATE_DEPTH)
		return compile_fail(c, at,
		    SLICE_LIT("too many places inside places"));
	c->base += at;
	c->depth++;
	rc = template_parse(c, text, &out->fallback);
	c->depth--;
	c->base = base;
	return rc;
}

/* The brace that closes the one before from; the length if none does. */
static size_t
closing_brace(struct slice text, size_t from)
{
	size_t depth = 1;

	for (; from < text.n; from++) {
		if (text.p[from] == '{')
			depth++;
		if (text.p[from] == '}' && --depth == 0)
			break;
	}
	return from;
}

/* inner is what stands between the braces; at, where it begins. */
static enum rc
parse_place(struct compile *c, struct slice inner, size_t at, struct piece *out)
{
	const struct slice reverse = SLICE_LIT("reverse(");
	struct slice head, fallback;
	size_t n;
	enum rc rc;

	out->place = true;
	if (slice_cut(inner, '|', &head, &fallback)) {
		rc = fallback_parse(c, fallback, at + head.n + 1, out);
		if (rc)
			return rc;
	}
	if (slice_starts(head, reverse)) {
		out->reverse = true;
		head = slice_from(head, reverse.n);
		at += reverse.n;
	}
	rc = parse_parts(c, head, at, out);
	if (rc)
		return rc;
	n = parts_length(head);
	if (out->reverse && n < head.n && head.p[n] == ')')
		n++;
	else if (out->reverse)
		return compile_fail(c, at + n,
		    SLICE_LIT("expected \")\" behind the fact"));
	if (n < head.n)
		return compile_fail(c, at + n,
		    SLICE_LIT("expected \"}\" or \"|\" behind the fact"));
	return RC_OK;
}

/* Pieces that the text can have at most: one more than it has braces. */
static size_t
count_pieces(struct slice text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '{';
	return n;
}

/* What follows an opening brace at offset at; *at moves past it. */
static enum rc
parse_brace(struct compile *c, struct slice text, size_t *at,
    struct piece *piece)
{
	size_t end = *at + 1;
	struct slice inner;
	enum rc rc;

	if (end < text.n && text.p[end] == '{') {
		/* The first of the two is text, the second is dropped. */
		piece->text.n++;
		*at += 2;
		return RC_OK;
	}
	end = closing_brace(text, end);
	if (end == text.n)
		return compile_fail(c, *at,
		    SLICE_LIT("\"{\" without its \"}\" (\"{{\" is a brace)"));
	inner = slice_sub(text, *at + 1, end - *at - 1);
	rc = parse_place(c, inner, *at + 1, piece);
	*at = end + 1;
	return rc;
}

enum rc
template_parse(struct compile *c, struct slice text,
    const struct template **out)
{
	struct template *t = arena_new_of(c->arena, struct template, 1);
	size_t at = 0, start;
	struct piece *piece;
	enum rc rc = RC_OK;

	if (t == NULL)
		return RC_NOMEM;
	t->source = text;
	t->pieces = arena_new_of(c->arena, struct piece, count_pieces(text));
	if (t->pieces == NULL)
		return RC_NOMEM;
	while (at < text.n && rc == RC_OK) {
		piece = &t->pieces[t->n++];
		start = at;
		while (at < text.n && text.p[at] != '{')
			at++;
		piece->text = slice_sub(text, start, at - start);
		if (at < text.n)
			rc = parse_brace(c, text, &at, piece);
	}
	if (rc == RC_OK)
		*out = t;
	return rc;
}

/* --- expansion ------------------------------------------------------------ */

struct expansion {
	const json_t *facts;
	const json_t *it; /* the element, inside each() */
	struct buf *out;
};

static void
expand_text(struct slice s, bool reverse, struct buf *out)
{
	char name[IP_REVERSE_MAX];
	struct ip ip;

	if (reverse && ip_parse(s, &ip)) {
		ip_reverse_name(&ip, name);
		buf_add_str(out, name);
	} else {
		buf_add(out, s);
	}
}

static void
expand_real(double d, struct buf *out)
{
	/* Four decimals, with a point whatever the locale. */
	long long scaled = (long long)(d * 10000 + (d < 0 ? -0.5 : 0.5));
	long long whole = scaled / 10000, part = scaled % 10000;
	int width = 4;

	part = part < 0 ? -part : part;
	for (; width > 1 && part % 10 == 0; width--)
		part /= 10;
	buf_printf(out, "%s%lld", scaled < 0 && whole == 0 ? "-" : "", whole);
	if (part > 0)
		buf_printf(out, ".%0*lld", width, part);
}

static void
expand_scalar(const json_t *j, bool reverse, struct buf *out)
{
	double d;

	switch (json_typeof(j)) {
	case JSON_NULL:
		buf_add_str(out, "nothing");
		break;
	case JSON_TRUE:
		buf_add_str(out, "yes");
		break;
	case JSON_FALSE:
		buf_add_str(out, "no");
		break;
	case JSON_INTEGER:
		buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(j));
		break;
	case JSON_REAL:
		d = json_real_value(j);
		if (d > -1e12 && d < 1e12)
			expand_real(d, out);
		else
			buf_printf(out, "%.0f", d);
		break;
	case JSON_STRING:
		expand_text(slice_of(json_string_value(j),
				json_string_length(j)),
		    reverse, out);
		break;
	case JSON_ARRAY:
		buf_add_str(out, "(list)");
		break;
	case JSON_OBJECT:
		buf_add_str(out, "(several facts)");
		break;
	}
}

static bool
has(const char *text, const char *what)
{
	return text != NULL && strstr(text, what) != NULL;
}

/* What parts texts of which each may be a word, a sentence or several. */
static const char *
separator(const struct piece *p, const json_t *list)
{
	const char *between = ", ";
	const json_t *j;
	size_t i;

	json_array_foreach(list, i, j)
	{
		const char *text;

		if (!choice_takes(&p->choice, j))
			continue;
		text = json_string_value(path_find(&p->part, NULL, j));
		if (has(text, ". "))
			return ". ";
		if (has(text, " "))
			between = "; ";
	}
	return between;
}

static bool
is_nothing(const json_t *j)
{
	return j == NULL || json_is_null(j) ||
	       (json_is_array(j) && json_array_size(j) == 0);
}

static void
expand_fallback(const struct piece *p, const json_t *j,
    const struct expansion *e)
{
	if (p->fallback != NULL)
		template_expand_it(p->fallback, e->facts, e->it, e->out);
	else
		buf_add_str(e->out, j != NULL ? "nothing" : "(not known)");
}

/* One fact, or a list of them with commas between. */
static void
expand_fact(const struct piece *p, const json_t *j, const struct expansion *e)
{
	const json_t *item;
	size_t i;

	if (is_nothing(j)) {
		expand_fallback(p, j, e);
		return;
	}
	if (!json_is_array(j)) {
		expand_scalar(j, p->reverse, e->out);
		return;
	}
	json_array_foreach(j, i, item)
	{
		buf_add_str(e->out, i > 0 ? ", " : "");
		expand_scalar(item, p->reverse, e->out);
	}
}

/* Without the period of a sentence: what follows the place has one. */
static const json_t *
unended(const json_t *j, json_t **made)
{
	const char *text = json_string_value(j);
	size_t n = json_string_length(j);

	if (!has(text, " ") || text[n - 1] != '.')
		return j;
	*made = json_stringn(text, n - 1);
	return *made;
}

/* One fact of each element that is chosen. */
static void
expand_parts(const struct piece *p, const json_t *list,
    const struct expansion *e)
{
	const char *between = separator(p, list);
	const json_t *item;
	size_t i, said = 0;

	json_array_foreach(list, i, item)
	{
		json_t *made = NULL;

		if (!choice_takes(&p->choice, item))
			continue;
		buf_add_str(e->out, said++ > 0 ? between : "");
		item = path_find(&p->part, e->facts, item);
		expand_fact(p, unended(item, &made), e);
		json_decref(made);
	}
	if (said == 0)
		expand_fallback(p, list, e);
}

static void
expand_place(const struct piece *p, const struct expansion *e)
{
	const json_t *j = path_find(&p->path, e->facts, e->it);

	if (p->parted && json_array_size(j) > 0)
		expand_parts(p, j, e);
	else
		expand_fact(p, j, e);
}

void
template_expand_it(const struct template *t, const json_t *facts,
    const json_t *it, struct buf *out)
{
	const struct expansion e = { facts, it, out };
	const struct piece *p;

	for (size_t i = 0; i < t->n; i++) {
		p = &t->pieces[i];
		buf_add(out, p->text);
		if (p->place)
			expand_place(p, &e);
	}
}

static bool
place_is_filled(const struct piece *p, const json_t *facts, const json_t *it)
{
	const json_t *j = path_find(&p->path, facts, it);

	if (!p->place || p->parted || !is_nothing(j))
		return true;
	return p->fallback != NULL &&
	       template_is_filled(p->fallback, facts, it);
}

bool
template_is_filled(const struct template *t, const json_t *facts,
    const json_t *it)
{
	for (size_t i = 0; i < t->n; i++) {
		if (!place_is_filled(&t->pieces[i], facts, it))
			return false;
	}
	return true;
}

void
template_expand(const struct template *t, const json_t *facts, struct buf *out)
{
	template_expand_it(t, facts, NULL, out);
}

struct slice
template_source(const struct template *t)
{
	return t->source;
}

const struct path *
template_bare_place(const struct template *t, size_t *at)
{
	while (*at < t->n) {
		const struct piece *p = &t->pieces[(*at)++];

		if (p->place && !p->parted && p->fallback == NULL &&
		    !p->path.it)
			return &p->path;
	}
	return NULL;
}
