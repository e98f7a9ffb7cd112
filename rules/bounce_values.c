/*
 * The lists of a bounce pack, words with white space between:
 *
 *  replies  = reply *(1*WSP reply)
 *  reply    = 3DIGIT / ("2" / "4" / "5") "xx"
 *  statuses = status *(1*WSP status)
 *  status   = class "." subject "." detail        (RFC 3463 2)
 *  class    = "2" / "4" / "5" / "x"
 *  subject  = 1*3DIGIT / "*"
 *  detail   = 1*3DIGIT ["-" 1*3DIGIT] / "*"
 *  tags     = tag *(1*WSP tag)
 *  tag      = 1*(ALPHA / DIGIT / "_" / "-") with at most one "*" in it
 *  networks = network *(1*WSP network)
 *  network  = address "/" 1*3DIGIT
 */
#include "rules/bounce_values.h"

#include "rules/gist.h"

/* A word of a value, and where it begins. */
struct word {
	struct slice text;
	size_t at;
};

/* Room for all words of a value. */
static size_t
most_words(struct slice s)
{
	return s.n / 2 + 1;
}

static bool
next_word(struct slice s, struct word *w)
{
	size_t at = w->at + w->text.n, n = 0;

	while (at < s.n && ascii_is_space(s.p[at]))
		at++;
	while (at + n < s.n && !ascii_is_space(s.p[at + n]))
		n++;
	*w = (struct word){ slice_sub(s, at, n), at };
	return n > 0;
}

static enum rc
bad_word(struct pack_reader *r, const struct value *v, const struct word *w,
    const char *expected)
{
	return value_fail(r, v, w->at,
	    arena_slicef(r->arena, "expected %s; found \"%.*s\"", expected,
		SLICE_FMT(compile_quote(w->text))));
}

/* ---- codes ------------------------------------------------------------- */

static bool
read_reply(struct slice s, struct bounce_reply *out)
{
	uint64_t n;

	if (s.n != 3 || s.p[0] < '2' || s.p[0] > '5')
		return false;
	if (slice_eq(slice_from(s, 1), SLICE_LIT("xx"))) {
		n = (uint64_t)(s.p[0] - '0') * 100;
		*out = (struct bounce_reply){ (uint16_t)n, (uint16_t)(n + 99) };
		return true;
	}
	if (!slice_number(s, 599, &n))
		return false;
	*out = (struct bounce_reply){ (uint16_t)n, (uint16_t)n };
	return true;
}

enum rc
bounce_take_replies(struct pack_reader *r, const struct value *v,
    struct bounce_pattern *p)
{
	struct bounce_reply *list =
	    arena_new_of(r->arena, struct bounce_reply, most_words(v->text));
	struct word w = { .at = 0 };
	size_t n = 0;

	if (list == NULL)
		return RC_NOMEM;
	while (next_word(v->text, &w)) {
		if (!read_reply(w.text, &list[n++]))
			return bad_word(r, v, &w,
			    "reply codes such as 550 or 4xx");
	}
	p->replies = list;
	p->n_replies = n;
	return RC_OK;
}

static bool
read_part(struct slice s, uint16_t *out)
{
	uint64_t n;

	if (s.n == 0 || s.n > 3 || !slice_number(s, 999, &n))
		return false;
	*out = (uint16_t)n;
	return true;
}

static bool
read_detail(struct slice s, struct bounce_status *out)
{
	struct slice from, to;

	if (slice_eq(s, SLICE_LIT("*"))) {
		out->from = 0;
		out->to = 999;
		return true;
	}
	if (!slice_cut(s, '-', &from, &to))
		to = from;
	return read_part(from, &out->from) && read_part(to, &out->to) &&
	       out->from <= out->to;
}

static bool
read_status(struct slice s, struct bounce_status *out)
{
	struct slice class, subject, detail;
	uint16_t n = 0;

	if (!slice_cut(s, '.', &class, &detail) || class.n != 1 ||
	    strchr("245x", class.p[0]) == NULL ||
	    !slice_cut(detail, '.', &subject, &detail) ||
	    !read_detail(detail, out))
		return false;
	out->class = class.p[0] == 'x' ? -1 : (int16_t)(class.p[0] - '0');
	out->subject = -1;
	if (slice_eq(subject, SLICE_LIT("*")))
		return true;
	if (!read_part(subject, &n))
		return false;
	out->subject = (int16_t)n;
	return true;
}

enum rc
bounce_take_statuses(struct pack_reader *r, const struct value *v,
    struct bounce_pattern *p)
{
	struct bounce_status *list =
	    arena_new_of(r->arena, struct bounce_status, most_words(v->text));
	struct word w = { .at = 0 };
	size_t n = 0;

	if (list == NULL)
		return RC_NOMEM;
	while (next_word(v->text, &w)) {
		if (!read_status(w.text, &list[n++]))
			return bad_word(r, v, &w,
			    "enhanced codes such as 5.7.26, x.7.28, 4.2.* or "
			    "5.7.606-649");
	}
	p->statuses = list;
	p->n_statuses = n;
	return RC_OK;
}

/* ---- words ------------------------------------------------------------- */

enum rc
bounce_take_words(struct pack_reader *r, const struct value *v,
    const struct slice **out, size_t *n)
{
	struct slice *list =
	    arena_new_of(r->arena, struct slice, most_words(v->text));
	struct word w = { .at = 0 };

	if (list == NULL)
		return RC_NOMEM;
	*n = 0;
	while (next_word(v->text, &w))
		list[(*n)++] = w.text;
	*out = list;
	return RC_OK;
}

static bool
is_tag(struct slice s)
{
	size_t stars = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '*')
			stars++;
		else if (!ascii_is_alnum(s.p[i]) && s.p[i] != '_' &&
			 s.p[i] != '-')
			return false;
	}
	return stars <= 1 && s.n > 1;
}

/* In lower case; the longer half is what it is looked for by. */
static enum rc
read_tag(struct pack_reader *r, struct slice s, struct bounce_tag *out)
{
	unsigned char *p = arena_new_of(r->arena, unsigned char, s.n);

	if (p == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	out->any = slice_cut(slice_of(p, s.n), '*', &out->head, &out->tail);
	grams_choose(out->head.n >= out->tail.n ? out->head : out->tail,
	    out->grams);
	return RC_OK;
}

enum rc
bounce_take_tags(struct pack_reader *r, const struct value *v,
    struct bounce_pattern *p)
{
	struct bounce_tag *list =
	    arena_new_of(r->arena, struct bounce_tag, most_words(v->text));
	struct word w = { .at = 0 };
	unsigned char folded[LIMIT_GIST];
	size_t n = 0;
	enum rc rc = RC_OK;

	if (list == NULL)
		return RC_NOMEM;
	while (rc == RC_OK && next_word(v->text, &w)) {
		if (!is_tag(w.text))
			return bad_word(r, v, &w,
			    "tags such as TSS04 or LPN*_402");
		if (slice_find(gist_of(w.text, folded), SLICE_LIT("#")) !=
		    SIZE_MAX)
			return bad_word(r, v, &w,
			    "a tag that is not folded as a number or an id");
		rc = read_tag(r, w.text, &list[n++]);
	}
	p->tags = list;
	p->n_tags = n;
	return rc;
}

enum rc
bounce_take_phrases(struct pack_reader *r, const struct value *v,
    struct phrases *out)
{
	struct compile c = { .arena = r->arena };
	enum rc rc = phrases_parse(&c, v->text, out);

	return rc == RC_INVALID ? value_fail(r, v, c.at, c.what) : rc;
}

enum rc
bounce_take_reason(struct pack_reader *r, const struct value *v,
    enum bounce_reason *out)
{
	const char *names[BOUNCE_REASONS + 1], *suggestion;

	for (int i = 0; i < BOUNCE_REASONS; i++) {
		names[i] = bounce_reason_name((enum bounce_reason)i);
		if (slice_eq(v->text, slice_str(names[i]))) {
			*out = (enum bounce_reason)i;
			return RC_OK;
		}
	}
	names[BOUNCE_REASONS] = NULL;
	suggestion = compile_suggest(r->arena, v->text, names);
	if (suggestion == NULL)
		return RC_NOMEM;
	return value_fail(r, v, 0,
	    arena_slicef(r->arena, "there is no reason \"%.*s\"%s",
		SLICE_FMT(compile_quote(v->text)), suggestion));
}

/* ---- networks ---------------------------------------------------------- */

static bool
read_network(struct slice s, struct bounce_network *out)
{
	struct slice ip, bits;
	uint64_t n;

	if (!slice_cut(s, '/', &ip, &bits) || bits.n == 0 ||
	    !ip_parse(ip, &out->ip) ||
	    !slice_number(bits, out->ip.family == 4 ? 32 : 128, &n))
		return false;
	out->bits = (unsigned int)n;
	return true;
}

enum rc
bounce_take_networks(struct pack_reader *r, const struct value *v,
    struct bounce_provider *p)
{
	struct bounce_network *list =
	    arena_new_of(r->arena, struct bounce_network, most_words(v->text));
	struct word w = { .at = 0 };
	size_t n = 0;

	if (list == NULL)
		return RC_NOMEM;
	while (next_word(v->text, &w)) {
		if (!read_network(w.text, &list[n++]))
			return bad_word(r, v, &w,
			    "networks such as 192.0.2.0/24");
	}
	p->networks = list;
	p->n_networks = n;
	return RC_OK;
}

/* ---- captures ---------------------------------------------------------- */

/*
 *  captures = capture *("|" capture)
 *  capture  = words "{" kind "}" [words]
 */
static enum rc
read_capture(struct pack_reader *r, const struct value *v, struct slice s,
    struct bounce_capture *out)
{
	size_t at = slice_offset(v->text, s);
	struct slice kind;

	if (!slice_cut(s, '{', &out->before, &kind) ||
	    !slice_cut(kind, '}', &kind, &out->after) ||
	    slice_trim(out->before).n == 0)
		return value_fail(r, v, at,
		    SLICE_LIT("expected words and a place such as "
			      "\"with ip: [{ip}]\""));
	out->before = slice_trim(out->before);
	out->after = slice_trim(out->after);
	for (int i = 0; i < BOUNCE_IDENTITIES; i++) {
		out->kind = (enum bounce_identity_kind)i;
		if (slice_eq(kind, slice_str(bounce_identity_name(out->kind))))
			return RC_OK;
	}
	return value_fail(r, v, slice_offset(v->text, kind),
	    SLICE_LIT("expected ip, netblock, dkim_domain, spf_domain, "
		      "from_domain or url"));
}

enum rc
bounce_take_captures(struct pack_reader *r, const struct value *v,
    struct bounce_captures *out)
{
	struct bounce_capture *list = NULL, *grown;
	struct slice rest = v->text, one;
	size_t n = 0, cap = 0;
	enum rc rc = RC_OK;
	bool more = true;

	while (rc == RC_OK && more) {
		more = slice_cut(rest, '|', &one, &rest);
		grown = arena_grow(r->arena, list, n, &cap, sizeof(*list));
		if (grown == NULL)
			return RC_NOMEM;
		list = grown;
		list[n] = (struct bounce_capture){ .after = SLICE_NONE };
		rc = read_capture(r, v, one, &list[n++]);
	}
	*out = (struct bounce_captures){ list, n };
	return rc;
}
