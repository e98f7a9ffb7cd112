#include "checks/spf/spf_suspicion.h"

/* ---- values ------------------------------------------------------------ */

/* An address where a name belongs, or behind the wrong mechanism. */
bool
spf_term_address(struct spf_suspicion *s)
{
	const struct spf_parts *p = &s->parts;
	struct slice value = p->value.n > 0 ? p->value : p->name, host, bits;
	struct ip ip;

	if (p->value.n == 0 && p->separated)
		return false;
	/* "ip4192.0.2.1" */
	if (!p->separated && slice_starts_nocase(value, SLICE_LIT("ip")) &&
	    value.n > 3)
		value = slice_from(value, ascii_is_alnum(value.p[3]) ? 3 : 4);
	/* "2001:db8::1" has what looks like a name. */
	if (ip_parse(slice_from(s->term->text, p->sign.n), &ip))
		value = slice_from(s->term->text, p->sign.n);
	(void)slice_cut(value, '/', &host, &bits);
	if (!ip_parse(host, &ip) ||
	    !spf_means(s,
		arena_slicef(s->of->arena, "%.*sip%d:%.*s", SLICE_FMT(p->sign),
		    ip.family == 4 ? 4 : 6, SLICE_FMT(value))))
		return false;
	if (spf_kind_asks(s->term->kind))
		return spf_found(s, "spf.literal-in-a",
		    "has an address where a host name belongs", true);
	return spf_found(s, "spf.syntax", "names an address by the wrong word",
	    true);
}

/* "ip4:mail.example.com" */
bool
spf_term_host_in_ip(struct spf_suspicion *s)
{
	const struct spf_parts *p = &s->parts;

	if ((s->term->kind != SPF_IP4 && s->term->kind != SPF_IP6) ||
	    !spf_is_host(p->value))
		return false;
	return spf_means(s, arena_slicef(s->of->arena, "%.*sa:%.*s",
				SLICE_FMT(p->sign), SLICE_FMT(p->value))) &&
	       spf_found(s, "spf.syntax",
		   "has a host name in the place of an "
		   "address",
		   true);
}

/* "ip4:192.0.2.*", "ip4:192.0.2/24", "ip4:192.0.2.0/255.255.255.0" */
bool
spf_term_range(struct spf_suspicion *s)
{
	const struct spf_parts *p = &s->parts;
	struct slice text = p->value.n > 0 ? p->value : p->name;

	if (p->separated && !slice_starts_nocase(p->name, SLICE_LIT("ip")))
		return false;
	text = spf_plain_range(s->of->arena, text);
	return text.n > 0 &&
	       spf_means(s, arena_slicef(s->of->arena, "%.*sip4:%.*s",
				SLICE_FMT(p->sign), SLICE_FMT(text))) &&
	       spf_found(s, "spf.syntax",
		   "does not write its addresses as SPF does", true);
}

/* "ip4:[192.0.2.1]", "include:<a.example>" */
bool
spf_term_brackets(struct spf_suspicion *s)
{
	struct slice v = s->parts.value, head = s->term->text, inner;

	if (v.n < 3 || strchr("<[({", v.p[0]) == NULL ||
	    strchr(">])}", v.p[v.n - 1]) == NULL)
		return false;
	inner = slice_sub(v, 1, v.n - 2);
	head = slice_sub(head, 0, head.n - v.n);
	return !spf_is_placeholder(inner) &&
	       spf_means(s, arena_slicef(s->of->arena, "%.*s%.*s",
				SLICE_FMT(head), SLICE_FMT(inner))) &&
	       spf_found(s, "spf.syntax", "has brackets around its value",
		   true);
}

/* "include:https://a.example/", "include:me@a.example" */
bool
spf_term_locator(struct spf_suspicion *s)
{
	struct slice v = s->parts.value, head = s->term->text, host, rest;
	size_t at = slice_find_nocase(v, SLICE_LIT("://"));
	bool web = at != SIZE_MAX;

	head = slice_sub(head, 0, head.n - v.n);
	if (web)
		v = slice_from(v, at + 3);
	else if (!slice_cut(v, '@', &rest, &v))
		return false;
	(void)slice_cut(v, '/', &host, &rest);
	return spf_is_host(host) &&
	       spf_means(s, arena_slicef(s->of->arena, "%.*s%.*s",
				SLICE_FMT(head), SLICE_FMT(host))) &&
	       spf_found(s, "spf.syntax",
		   web ? "has a web address where a name belongs"
		       : "has a mail address where a name belongs",
		   true);
}

/* "mx:/24" */
bool
spf_term_colon_too_many(struct spf_suspicion *s)
{
	const struct spf_parts *p = &s->parts;

	return slice_starts(p->value, SLICE_LIT("/")) &&
	       spf_means(s, arena_slicef(s->of->arena, "%.*s%.*s%.*s",
				SLICE_FMT(p->sign), SLICE_FMT(p->name),
				SLICE_FMT(p->value))) &&
	       spf_found(s, "spf.syntax", "has a colon and no name behind it",
		   true);
}

/* "mx:", "a:", "all:" */
bool
spf_term_nothing_behind(struct spf_suspicion *s)
{
	struct slice t = s->term->text;

	if (!s->parts.separated || s->parts.value.n > 0 || t.n < 2)
		return false;
	return spf_means(s, slice_sub(t, 0, t.n - 1)) &&
	       spf_found(s, "spf.syntax",
		   "ends with a colon and nothing behind it", true);
}

/* "include:include:a.example", "ip4:ip4:192.0.2.1" */
bool
spf_term_doubled(struct spf_suspicion *s)
{
	struct slice value = s->parts.value;

	if (!spf_is_kind_name(s->parts.name) ||
	    !slice_starts_nocase(value, s->parts.name) ||
	    !spf_means(s, arena_slicef(s->of->arena, "%.*s%.*s",
			      SLICE_FMT(s->parts.sign), SLICE_FMT(value))))
		return false;
	return spf_found(s, "spf.syntax", "has its name twice", true);
}

/* ---- names ------------------------------------------------------------- */

/*
 * "include_spf.example.com": the colon is missing, or was mistyped.  A name
 * that begins with "_spf." is so common that it is taken for the former.
 */
bool
spf_term_include_colon(struct spf_suspicion *s)
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
	if (!sure && spf_is_host(slice_from(rest, 1)))
		s->out->other = arena_slicef(s->of->arena, "%.*sinclude:%.*s",
		    SLICE_FMT(s->parts.sign), SLICE_FMT(slice_from(rest, 1)));
	return spf_is_host(rest) &&
	       spf_means(s, arena_slicef(s->of->arena, "%.*sinclude:%.*s",
				SLICE_FMT(s->parts.sign), SLICE_FMT(rest))) &&
	       spf_found(s, "spf.include-without-colon", "has no colon", sure);
}

/* A name that is no mechanism's, but nearly. */
bool
spf_term_mistyped(struct spf_suspicion *s)
{
	const struct spf_parts *p = &s->parts;
	const char *near = spf_nearest_name(p);
	bool modifier;

	if (near == NULL)
		return false;
	modifier = slice_eq(slice_str(near), SLICE_LIT("redirect")) ||
		   slice_eq(slice_str(near), SLICE_LIT("exp"));
	return spf_means(s, arena_slicef(s->of->arena, "%.*s%s%s%.*s",
				SLICE_FMT(p->sign), near,
				!p->separated ? "" : (modifier ? "=" : ":"),
				SLICE_FMT(p->value))) &&
	       spf_found(s, "spf.syntax",
		   spf_is_kind_name(p->name)
		       ? "has the wrong one of \":\" and \"=\""
		       : "is misspelled, it seems",
		   true);
}

/* "mail.example.com" alone. */
bool
spf_term_bare_host(struct spf_suspicion *s)
{
	struct slice host = slice_from(s->term->text, s->parts.sign.n);
	bool record = slice_find_nocase(host, SLICE_LIT("spf")) != SIZE_MAX ||
		      (s->prev != NULL && s->prev->kind == SPF_INCLUDE);

	return spf_is_host(host) &&
	       spf_means(s, arena_slicef(s->of->arena, "%.*s%s:%.*s",
				SLICE_FMT(s->parts.sign),
				record ? "include" : "a", SLICE_FMT(host))) &&
	       spf_found(s, "spf.syntax",
		   "is a name without a mechanism before it", false);
}
