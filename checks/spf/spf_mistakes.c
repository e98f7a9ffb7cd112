#include "checks/spf/spf_mistakes.h"

#include "checks/spf/spf_suspicion.h"

enum { TERM_MAX = 512 }; /* nobody means anything by a longer one */

typedef bool rule(struct spf_suspicion *);

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

bool
spf_found(struct spf_suspicion *s, const char *code, const char *said,
    bool sure)
{
	s->out->code = code;
	s->out->said = said;
	s->out->sure = sure;
	return true;
}

bool
spf_means(struct spf_suspicion *s, struct slice text)
{
	if (text.p == NULL || !reads(s->of->arena, text))
		return false;
	s->out->meant = text;
	return true;
}

/* ---- octets that do not belong there ----------------------------------- */

/* Blanks of other kinds by blanks, those of no width by nothing. */
static bool
white_space(struct spf_suspicion *s)
{
	struct slice t = s->term->text, plain;

	if (!spf_plain_blanks(s->of->arena, t, &plain))
		return false;
	plain = slice_trim(plain);
	if (plain.n > 0 && !spf_means(s, plain))
		return false;
	return spf_found(s, "spf.white-space",
	    "has white space in it that is no plain blank", true);
}

/* "ip4:x.x.x.x", "ip4:YOUR_IP", "include:<domain>" */
static bool
placeholder(struct spf_suspicion *s)
{
	bool faulty = s->term->fault != SPF_FINE;

	if (spf_is_ellipsis(s->term->text))
		return spf_found(s, "spf.placeholder",
		    "stands for what was never filled in", true);
	if (faulty ? !spf_is_placeholder(s->term->text)
		   : !spf_is_placeholder_name(s->term->text))
		return false;
	return spf_found(s, "spf.placeholder",
	    "is a placeholder that was never filled in", faulty);
}

/* "-all\"", "include:a.example;" and a backslash of a zone file. */
static bool
quotes(struct spf_suspicion *s)
{
	bool quoted = false;
	struct slice bare = spf_unquote(s->term->text, &quoted);

	if (bare.n == s->term->text.n || (bare.n > 0 && !spf_means(s, bare)))
		return false;
	if (quoted)
		return spf_found(s, "spf.quotes",
		    memchr(s->term->text.p, '\\', s->term->text.n) != NULL
			? "has a backslash in it, as a zone file may have"
			: "has a quotation mark in it",
		    true);
	return spf_found(s, "spf.syntax", "has punctuation at its end", true);
}

/* An en dash, a minus sign: what word processors make of "-". */
static bool
dash(struct spf_suspicion *s)
{
	size_t n = spf_dash_length(s->term->text);

	if (n == 0)
		return false;
	return spf_means(s, arena_slicef(s->of->arena, "-%.*s",
				SLICE_FMT(slice_from(s->term->text, n)))) &&
	       spf_found(s, "spf.syntax",
		   "begins with a dash that is not the sign \"-\"", true);
}

/* "=all", "!all", "all-", "-all:example.com": which sign is still seen. */
static bool
ending(struct spf_suspicion *s)
{
	struct slice t = s->term->text, sign = SLICE_LIT("~");
	bool more = s->parts.separated && s->term->kind == SPF_ALL;

	if (!more && !slice_eq_nocase(spf_letters(t), SLICE_LIT("all")))
		return false;
	if (more && s->parts.sign.n > 0)
		sign = s->parts.sign;
	for (size_t i = t.n; !more && i > 0; i--)
		if (memchr("-~?", t.p[i - 1], 3) != NULL)
			sign = slice_sub(t, i - 1, 1);
	return spf_means(s,
		   arena_slicef(s->of->arena, "%.*sall", SLICE_FMT(sign))) &&
	       spf_found(s, "spf.syntax", "is not how all is written", true);
}

/* "|", "and": what joins terms in other languages.  A sign is a term cut. */
static bool
filler(struct spf_suspicion *s)
{
	struct slice t = s->term->text;

	if (!slice_eq_nocase(t, SLICE_LIT("and")) &&
	    !slice_eq_nocase(t, SLICE_LIT("or")) &&
	    (!spf_is_punctuation(t) || s->parts.sign.n == t.n))
		return false;
	s->out->advice = "Take it out.";
	return spf_found(s, "spf.syntax",
	    "is no term; blanks alone part the terms", true);
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
joined(struct spf_suspicion *s, const char *between)
{
	struct slice a = s->term->text, b = s->next->text;

	if (a.n + b.n > TERM_MAX ||
	    !spf_means(s, arena_slicef(s->of->arena, "%.*s%s%.*s", SLICE_FMT(a),
			      between, SLICE_FMT(b))))
		return false;
	s->out->terms = 2;
	return true;
}

/* "-all 3600": the TTL of the zone file's line. */
static bool
number(struct spf_suspicion *s)
{
	const struct spf_term *t = s->term, *prev = s->prev;

	for (size_t i = 0; i < t->text.n; i++)
		if (!ascii_is_digit(t->text.p[i]))
			return false;
	if (prev == NULL || prev->kind != SPF_ALL ||
	    has_border(s->of->published, prev->at + prev->text.n, t->at))
		return false;
	s->out->advice = "Take it out.";
	return spf_found(s, "spf.syntax",
	    "is a number alone; if it is a TTL, it has no place in the record",
	    true);
}

/* "ip4:192.0.2.1" and "2": the blank in the second string cut it. */
static bool
cut_off(struct spf_suspicion *s)
{
	const struct spf_term *t = s->term, *prev = s->prev;

	if (prev == NULL || prev->fault != SPF_FINE ||
	    prev->text.n + t->text.n > TERM_MAX ||
	    (t->text.p[0] != '/' &&
		!has_border(s->of->published, prev->at + prev->text.n, t->at)))
		return false;
	return spf_means(s, arena_slicef(s->of->arena, "%.*s%.*s",
				SLICE_FMT(prev->text), SLICE_FMT(t->text))) &&
	       spf_found(s, "spf.split-blank",
		   "is cut off by a blank from the term before it", false);
}

/* Whether two terms are two halves of one, or but look so when joined. */
static bool
is_halved(const struct spf_suspicion *s)
{
	struct slice a = s->term->text, b = s->next->text;

	return (a.n == 1 && s->parts.sign.n == 1) ||
	       memchr(":=./", a.p[a.n - 1], 4) != NULL ||
	       memchr(":=./", b.p[0], 4) != NULL ||
	       has_border(s->of->published, s->term->at + a.n, s->next->at);
}

/* Two terms that are one: "+ a", "include: x", "ip4:192.0. 2.1". */
static bool
blank_within(struct spf_suspicion *s)
{
	const struct spf_term *t = s->term, *next = s->next;
	bool sign = t->text.n == 1 && s->parts.sign.n == 1;

	if (next == NULL || (!sign && (next->fault == SPF_FINE ||
					  spf_parts_of(next->text).sign.n > 0)))
		return false;
	if (!(is_halved(s) && joined(s, "")) &&
	    (t->fault == SPF_BAD_OCTET || s->parts.value.n > 0 ||
		!joined(s, ":")))
		return false;
	if (sign)
		return spf_found(s, "spf.blank-after-qualifier",
		    "is a sign alone: the blank behind it makes it a term of "
		    "its own",
		    true);
	if (has_border(s->of->published, t->at + t->text.n, next->at))
		return spf_found(s, "spf.split-blank",
		    "is cut in two by a blank where the record was split into "
		    "strings, which are joined as they are",
		    true);
	if (spf_kind_name_is(t->text, SPF_INCLUDE))
		return spf_found(s, "spf.include-without-colon",
		    "has a blank where its colon belongs", true);
	return spf_found(s, "spf.white-space", "has a blank in it", true);
}

/* Two terms in one: "include:a.exampleinclude:b.example", "mx-all". */
static bool
blank_missing(struct spf_suspicion *s)
{
	struct slice t = s->term->text;
	size_t at = 0;
	bool border;

	while (spf_next_start(t, &at)) {
		struct slice two = arena_slicef(s->of->arena, "%.*s %.*s",
		    SLICE_FMT(slice_sub(t, 0, at)),
		    SLICE_FMT(slice_from(t, at)));

		if (!spf_means(s, two))
			continue;
		border = has_border(s->of->published, s->term->at + at,
		    s->term->at + at);
		return spf_found(s, "spf.split-blank",
		    border ? "is two terms without a blank between them: the "
			     "strings of a record are joined as they are"
			   : "is two terms without a blank between them",
		    true);
	}
	return false;
}

/* "ip4:192.0.2.1,192.0.2.2": one name for several values. */
static bool
list(struct spf_suspicion *s)
{
	struct slice all = SLICE_NONE, item, rest = s->term->text, head;
	struct arena *a = s->of->arena;
	bool comma = memchr(rest.p, ',', rest.n) != NULL, more = true;

	head = slice_sub(rest, 0, rest.n - s->parts.value.n);
	if (!comma && memchr(rest.p, ';', rest.n) == NULL)
		return false;
	while (more) {
		struct spf_parts p;

		more = slice_cut(rest, comma ? ',' : ';', &item, &rest);
		p = spf_parts_of(item);
		if (item.n == 0)
			continue;
		if (all.p == NULL || spf_is_kind_name(p.name) || head.n == 0 ||
		    s->parts.value.n == 0)
			all = arena_slicef(a, "%.*s%s%.*s", SLICE_FMT(all),
			    all.n > 0 ? " " : "", SLICE_FMT(item));
		else
			all = arena_slicef(a, "%.*s %.*s%.*s", SLICE_FMT(all),
			    SLICE_FMT(head), SLICE_FMT(item));
	}
	return spf_means(s, all) &&
	       spf_found(s, "spf.syntax",
		   "is a list with commas or semicolons, where SPF has a "
		   "term for each value and blanks between them",
		   true);
}

/* ---- terms without a fault --------------------------------------------- */

/* "v=spf1" once more: two records in one. */
static bool
second_record(struct spf_suspicion *s)
{
	const struct spf_term *all = s->of->record->all;
	bool behind = all != NULL && all < s->term;

	s->out->idle = !behind;
	s->out->advice = behind ? "Take it out, and put the terms behind it "
				  "before the first all."
				: "Take it out.";
	return spf_found(s, "spf.repeated-version",
	    behind ? "begins a second record within this one, behind all, "
		     "where receivers never come to its terms"
		   : "stands within the record, where receivers ignore it",
	    true);
}

/* "include=a.example" is a modifier nobody knows: valid, and ignored. */
static bool
ignored(struct spf_suspicion *s)
{
	if (slice_eq_nocase(s->parts.name, SLICE_LIT("v")))
		return second_record(s);
	if (spf_is_dmarc_tag(&s->parts)) {
		s->out->idle = true;
		s->out->advice = "It belongs into the TXT record at the name "
				 "with _dmarc before it.";
		return spf_found(s, "spf.ignored",
		    "is a tag of DMARC, which SPF ignores", true);
	}
	return spf_term_mistyped(s) &&
	       spf_found(s, "spf.ignored",
		   "is taken for a modifier that nobody knows, and ignored",
		   true);
}

/* ---- all rules --------------------------------------------------------- */

static rule *const of_faulty[] = { white_space, spf_term_brackets, placeholder,
	quotes, dash, ending, spf_term_address, spf_term_range, blank_within,
	spf_term_doubled, spf_term_locator, list, spf_term_host_in_ip,
	spf_term_colon_too_many, spf_term_nothing_behind, blank_missing,
	spf_term_include_colon, spf_term_mistyped, filler, number, cut_off,
	spf_term_bare_host };

static rule *const of_fine[] = { placeholder, spf_term_doubled,
	spf_term_locator, list, blank_missing };

enum {
	N_FAULTY = sizeof(of_faulty) / sizeof(*of_faulty),
	N_FINE = sizeof(of_fine) / sizeof(*of_fine),
};

static bool
try_rules(struct spf_suspicion *s, rule *const *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*s->out = (struct spf_mistake){ .terms = 1 };
		if (!rules[i](s))
			continue;
		/* Without a sign it lets everybody in: nobody means that. */
		if (slice_eq_nocase(s->out->meant, SLICE_LIT("all")))
			s->out->meant = SLICE_LIT("~all");
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
	struct spf_suspicion s = { .of = of,
		.term = t,
		.prev = i > 0 ? &r->terms[i - 1] : NULL,
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
