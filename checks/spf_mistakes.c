#include "checks/spf_mistakes.h"

#include "checks/spf_names.h"

enum { TERM_MAX = 512 }; /* nobody means anything by a longer one */

/* One term under suspicion, and what comes of it. */
struct suspicion {
	const struct spf_suspect *of;
	const struct spf_term *term;
	const struct spf_term *next; /* or NULL */
	struct spf_parts parts;
	struct spf_mistake *out;
};

typedef bool rule(struct suspicion *);

/* ---- trying what might be meant ---------------------------------------- */

/* All of it reads, and means something. */
static bool
reads(struct arena *a, struct slice text)
{
	struct spf_record r;

	if (memchr(text.p, '\0', text.n) != NULL)
		return false;
	text = arena_slicef(a, "v=spf1 %.*s", SLICE_FMT(text));
	if (text.p == NULL || spf_record_parse(a, text, &r) || r.faults > 0)
		return false;
	for (size_t i = 0; i < r.n; i++) {
		const struct spf_term *t = &r.terms[i];

		if (t->kind == SPF_MODIFIER || spf_runs_on(t))
			return false;
	}
	return r.n > 0;
}

static bool
found(struct suspicion *s, const char *code, const char *said, bool sure)
{
	s->out->code = code;
	s->out->said = said;
	s->out->sure = sure;
	return true;
}

/* Keeps what might be meant, if it reads. */
static bool
means(struct suspicion *s, struct slice text)
{
	if (text.p == NULL || !reads(s->of->arena, text))
		return false;
	s->out->meant = text;
	return true;
}

/* ---- octets that do not belong there ----------------------------------- */

/* Blanks of other kinds by blanks, those of no width by nothing. */
static bool
white_space(struct suspicion *s)
{
	struct slice t = s->term->text, plain;

	if (!spf_plain_blanks(s->of->arena, t, &plain))
		return false;
	plain = slice_trim(plain);
	if (plain.n > 0 && !means(s, plain))
		return false;
	return found(s, "spf.white-space",
	    "has white space in it that is no plain blank", true);
}

/* "ip4:x.x.x.x", "ip4:YOUR_IP", "include:<domain>" */
static bool
placeholder(struct suspicion *s)
{
	bool faulty = s->term->fault != SPF_FINE;

	if (faulty ? !spf_is_placeholder(s->term->text)
		   : !spf_is_placeholder_name(s->term->text))
		return false;
	return found(s, "spf.placeholder",
	    "is a placeholder that was never filled in", faulty);
}

/* "-all\"", "include:a.example;" and a backslash of a zone file. */
static bool
quotes(struct suspicion *s)
{
	bool quoted = false;
	struct slice bare = spf_unquote(s->term->text, &quoted);

	if (bare.n == s->term->text.n || (bare.n > 0 && !means(s, bare)))
		return false;
	if (quoted)
		return found(s, "spf.quotes", "has a quotation mark in it",
		    true);
	return found(s, "spf.syntax", "has punctuation at its end", true);
}

/* An en dash, a minus sign: what word processors make of "-". */
static bool
dash(struct suspicion *s)
{
	size_t n = spf_dash_length(s->term->text);

	if (n == 0)
		return false;
	return means(s, arena_slicef(s->of->arena, "-%.*s",
			    SLICE_FMT(slice_from(s->term->text, n)))) &&
	       found(s, "spf.syntax",
		   "begins with a dash that is not the sign \"-\"", true);
}

/* ---- blanks too many, blanks missing ----------------------------------- */

/* Where the strings of the record meet within these octets. */
static bool
has_border(const struct dns_record *published, size_t from, size_t to)
{
	size_t at = 0;

	for (size_t i = 0; published != NULL && i < published->as.text.n; i++) {
		at += published->as.text.strings[i].n;
		if (i + 1 < published->as.text.n && at >= from && at <= to)
			return true;
	}
	return false;
}

static bool
joined(struct suspicion *s, const char *between)
{
	struct slice a = s->term->text, b = s->next->text;

	if (a.n + b.n > TERM_MAX ||
	    !means(s, arena_slicef(s->of->arena, "%.*s%s%.*s", SLICE_FMT(a),
			  between, SLICE_FMT(b))))
		return false;
	s->out->terms = 2;
	return true;
}

/* Two terms that are one: "+ a", "include: x", "ip4:192.0. 2.1". */
static bool
blank_within(struct suspicion *s)
{
	const struct spf_term *t = s->term, *next = s->next;
	bool sign = t->text.n == 1 && s->parts.sign.n == 1;

	if (next == NULL || (!sign && (next->fault == SPF_FINE ||
					  spf_parts_of(next->text).sign.n > 0)))
		return false;
	if (!joined(s, "") && (t->fault == SPF_BAD_OCTET || !joined(s, ":")))
		return false;
	if (sign)
		return found(s, "spf.blank-after-qualifier",
		    "is a sign alone: the blank behind it makes it a term of "
		    "its own",
		    true);
	if (has_border(s->of->published, t->at + t->text.n, next->at))
		return found(s, "spf.split-blank",
		    "is cut in two by a blank where the record was split into "
		    "strings, which are joined as they are",
		    true);
	if (spf_kind_name_is(t->text, SPF_INCLUDE))
		return found(s, "spf.include-without-colon",
		    "has a blank where its colon belongs", true);
	return found(s, "spf.white-space", "has a blank in it", true);
}

/* Two terms in one: "include:a.exampleinclude:b.example", "mx-all". */
static bool
blank_missing(struct suspicion *s)
{
	struct slice t = s->term->text;
	size_t at = 0;
	bool border;

	while (spf_next_start(t, &at)) {
		struct slice two = arena_slicef(s->of->arena, "%.*s %.*s",
		    SLICE_FMT(slice_sub(t, 0, at)),
		    SLICE_FMT(slice_from(t, at)));

		if (!means(s, two))
			continue;
		border = has_border(s->of->published, s->term->at + at,
		    s->term->at + at);
		return found(s, "spf.split-blank",
		    border ? "is two terms without a blank between them: the "
			     "strings of a record are joined as they are"
			   : "is two terms without a blank between them",
		    true);
	}
	return false;
}

/* "ip4:192.0.2.1,192.0.2.2": one name for several values. */
static bool
list(struct suspicion *s)
{
	struct slice all = SLICE_NONE, item, rest = s->term->text, head;
	struct arena *a = s->of->arena;
	bool more = true;

	head = slice_sub(rest, 0, rest.n - s->parts.value.n);
	if (s->parts.value.n == 0 || memchr(rest.p, ',', rest.n) == NULL)
		return false;
	while (more) {
		struct spf_parts p;

		more = slice_cut(rest, ',', &item, &rest);
		p = spf_parts_of(item);
		if (item.n == 0)
			continue;
		if (all.p == NULL || spf_is_kind_name(p.name))
			all = arena_slicef(a, "%.*s%s%.*s", SLICE_FMT(all),
			    all.n > 0 ? " " : "", SLICE_FMT(item));
		else
			all = arena_slicef(a, "%.*s %.*s%.*s", SLICE_FMT(all),
			    SLICE_FMT(head), SLICE_FMT(item));
	}
	return means(s, all) &&
	       found(s, "spf.syntax",
		   "has a list in it; SPF has a term for each value", true);
}

/* ---- values ------------------------------------------------------------ */

/* An address where a name belongs, or behind the wrong mechanism. */
static bool
address(struct suspicion *s)
{
	const struct spf_parts *p = &s->parts;
	struct slice value = p->value.n > 0 ? p->value : p->name, host, bits;
	struct ip ip;

	if (p->value.n == 0 && p->separated)
		return false;
	/* "2001:db8::1" has what looks like a name. */
	if (ip_parse(slice_from(s->term->text, p->sign.n), &ip))
		value = slice_from(s->term->text, p->sign.n);
	(void)slice_cut(value, '/', &host, &bits);
	if (!ip_parse(host, &ip) ||
	    !means(s,
		arena_slicef(s->of->arena, "%.*sip%d:%.*s", SLICE_FMT(p->sign),
		    ip.family == 4 ? 4 : 6, SLICE_FMT(value))))
		return false;
	if (spf_kind_asks(s->term->kind))
		return found(s, "spf.literal-in-a",
		    "has an address where a host name belongs", true);
	return found(s, "spf.syntax", "names an address by the wrong word",
	    true);
}

/* "ip4:mail.example.com" */
static bool
host_in_ip(struct suspicion *s)
{
	const struct spf_parts *p = &s->parts;

	if ((s->term->kind != SPF_IP4 && s->term->kind != SPF_IP6) ||
	    !spf_is_host(p->value))
		return false;
	return means(s, arena_slicef(s->of->arena, "%.*sa:%.*s",
			    SLICE_FMT(p->sign), SLICE_FMT(p->value))) &&
	       found(s, "spf.syntax",
		   "has a host name in the place of an "
		   "address",
		   true);
}

/* "mx:", "a:", "all:" */
static bool
nothing_behind(struct suspicion *s)
{
	struct slice t = s->term->text;

	if (!s->parts.separated || s->parts.value.n > 0 || t.n < 2)
		return false;
	return means(s, slice_sub(t, 0, t.n - 1)) &&
	       found(s, "spf.syntax", "ends with a colon and nothing behind it",
		   true);
}

/* "include:include:a.example", "ip4:ip4:192.0.2.1" */
static bool
doubled(struct suspicion *s)
{
	struct slice value = s->parts.value;

	if (!spf_is_kind_name(s->parts.name) ||
	    !slice_starts_nocase(value, s->parts.name) ||
	    !means(s, arena_slicef(s->of->arena, "%.*s%.*s",
			  SLICE_FMT(s->parts.sign), SLICE_FMT(value))))
		return false;
	return found(s, "spf.syntax", "has its name twice", true);
}

/* ---- names ------------------------------------------------------------- */

/*
 * "include_spf.example.com": the colon is missing, or was mistyped.  A name
 * that begins with "_spf." is so common that it is taken for the former.
 */
static bool
include_colon(struct suspicion *s)
{
	const struct slice include = SLICE_LIT("include");
	struct slice t = slice_from(s->term->text, s->parts.sign.n), rest;
	bool sure;

	if (!slice_starts_nocase(t, include) || t.n == include.n)
		return false;
	rest = slice_from(t, include.n);
	sure = slice_starts_nocase(rest, SLICE_LIT("_spf.")) ||
	       ascii_is_alnum(rest.p[0]);
	if (memchr(";.,", rest.p[0], 3) != NULL) {
		rest = slice_from(rest, 1);
		sure = true;
	}
	return spf_is_host(rest) &&
	       means(s, arena_slicef(s->of->arena, "%.*sinclude:%.*s",
			    SLICE_FMT(s->parts.sign), SLICE_FMT(rest))) &&
	       found(s, "spf.include-without-colon", "has no colon", sure);
}

/* A name that is no mechanism's, but nearly. */
static bool
mistyped(struct suspicion *s)
{
	const struct spf_parts *p = &s->parts;
	const char *near = spf_nearest_name(p);
	bool modifier;

	if (near == NULL)
		return false;
	modifier = slice_eq(slice_str(near), SLICE_LIT("redirect")) ||
		   slice_eq(slice_str(near), SLICE_LIT("exp"));
	return means(s, arena_slicef(s->of->arena, "%.*s%s%s%.*s",
			    SLICE_FMT(p->sign), near,
			    !p->separated ? "" : (modifier ? "=" : ":"),
			    SLICE_FMT(p->value))) &&
	       found(s, "spf.syntax",
		   spf_is_kind_name(p->name)
		       ? "has the wrong one of \":\" and \"=\""
		       : "is misspelled, it seems",
		   true);
}

/* "mail.example.com" alone. */
static bool
bare_host(struct suspicion *s)
{
	struct slice host = slice_from(s->term->text, s->parts.sign.n);
	bool record = slice_find_nocase(host, SLICE_LIT("spf")) != SIZE_MAX;

	return spf_is_host(host) &&
	       means(s, arena_slicef(s->of->arena, "%.*s%s:%.*s",
			    SLICE_FMT(s->parts.sign), record ? "include" : "a",
			    SLICE_FMT(host))) &&
	       found(s, "spf.syntax", "is a name without a mechanism before it",
		   false);
}

/* ---- terms without a fault --------------------------------------------- */

/* "include=a.example" is a modifier nobody knows: valid, and ignored. */
static bool
ignored(struct suspicion *s)
{
	struct slice version = SLICE_LIT("v");

	if (slice_eq_nocase(s->parts.name, version))
		return found(s, "spf.repeated-version",
		    "stands within the record: it means nothing there", true);
	return mistyped(s) &&
	       found(s, "spf.ignored",
		   "is taken for a modifier that nobody knows, and ignored",
		   true);
}

/* ---- all rules --------------------------------------------------------- */

static rule *const of_faulty[] = { white_space, placeholder, quotes, dash,
	address, blank_within, doubled, list, host_in_ip, nothing_behind,
	blank_missing, include_colon, mistyped, bare_host };

static rule *const of_fine[] = { placeholder, doubled, list, blank_missing };

enum {
	N_FAULTY = sizeof(of_faulty) / sizeof(*of_faulty),
	N_FINE = sizeof(of_fine) / sizeof(*of_fine),
};

static bool
try_rules(struct suspicion *s, rule *const *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*s->out = (struct spf_mistake){ .terms = 1 };
		if (rules[i](s))
			return true;
	}
	return false;
}

bool
spf_mistake_find(const struct spf_suspect *of, size_t i,
    struct spf_mistake *out)
{
	const struct spf_record *r = of->record;
	const struct spf_term *t = &r->terms[i];
	struct suspicion s = { .of = of,
		.term = t,
		.next = i + 1 < r->n ? &r->terms[i + 1] : NULL,
		.out = out };

	*out = (struct spf_mistake){ .terms = 1 };
	if (t->text.n > TERM_MAX)
		return false;
	s.parts = spf_parts_of(t->text);
	if (t->fault != SPF_FINE)
		return try_rules(&s, of_faulty, N_FAULTY);
	if (t->kind == SPF_MODIFIER)
		return ignored(&s);
	if (!spf_runs_on(t) && !spf_is_placeholder_name(t->text))
		return false;
	return try_rules(&s, of_fine, N_FINE);
}
