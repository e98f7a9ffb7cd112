#include "checks/dmarc_record.h"

/*
 * RFC 9989 4.8:
 *   dmarc-sep     = *WSP ";" *WSP
 *   equals        = *WSP "=" *WSP
 *   dmarc-record  = dmarc-version *(dmarc-sep dmarc-tag) [dmarc-sep]
 *   dmarc-tag     = 1*ALPHA equals 1*dmarc-value
 *   dmarc-value   = %x20-3A / %x3C-7E
 *   dmarc-version = "v" equals %s"DMARC1"
 *   dmarc-request = "none" / "quarantine" / "reject"
 *   dmarc-psd     = "y" / "n" / "u"
 *   dmarc-urilist = dmarc-uri *(*WSP "," *WSP dmarc-uri)
 */
const struct version dmarc_version = {
	.value = { (const unsigned char *)"DMARC1", 6 },
	.loose = true,
};

static const char *const tag_names[DMARC_TAGS] = {
	[DMARC_P] = "p",
	[DMARC_SP] = "sp",
	[DMARC_NP] = "np",
	[DMARC_PSD] = "psd",
	[DMARC_RUA] = "rua",
};

/* RFC 9989 4.7, and the ones that RFC 9989 took out of RFC 7489. */
static const char *const other_names[] = { "adkim", "aspf", "fo", "ruf", "t" };
static const char *const obsolete_names[] = { "pct", "rf", "ri" };

const char *
dmarc_policy_name(struct slice value)
{
	static const char *const names[] = { "none", "quarantine", "reject" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eq_nocase(value, slice_str(names[i])))
			return names[i];
	return NULL;
}

static bool
is_psd(struct slice v)
{
	return v.n == 1 && memchr("ynuYNU", v.p[0], 6) != NULL;
}

/* At least one URI that can be read (RFC 9989 4.10.1). */
static bool
has_uri(struct slice list)
{
	struct slice uri, scheme, rest;

	while (list_next(&list, &uri)) {
		if (!uri_split(uri, &scheme, &rest))
			continue;
		if (!slice_eq_nocase(scheme, SLICE_LIT("mailto")) ||
		    uri_is_mailto(uri))
			return true;
	}
	return false;
}

static bool
is_valid(enum dmarc_tag tag, struct slice value)
{
	switch (tag) {
	case DMARC_P:
	case DMARC_SP:
	case DMARC_NP:
		return dmarc_policy_name(value) != NULL;
	case DMARC_PSD:
		return is_psd(value);
	case DMARC_RUA:
		return has_uri(value);
	case DMARC_TAGS:
		break;
	}
	return false;
}

/* The tag's number, or DMARC_TAGS. */
static enum dmarc_tag
tag_number(struct slice name)
{
	unsigned int i;

	for (i = 0; i < DMARC_TAGS; i++)
		if (slice_eq_nocase(name, slice_str(tag_names[i])))
			break;
	return (enum dmarc_tag)i;
}

void
dmarc_record_read(struct slice text, struct dmarc_record *out)
{
	struct tag t;

	*out = (struct dmarc_record){ .text = text };
	(void)tag_next(&text, &t); /* the version */
	while (tag_next(&text, &t)) {
		enum dmarc_tag n =
		    t.malformed ? DMARC_TAGS : tag_number(t.name);

		/* Of two the first; which one counts no RFC says. */
		if (n == DMARC_TAGS || out->tags[n].there)
			continue;
		out->tags[n] =
		    (struct dmarc_value){ true, is_valid(n, t.value), t.value };
	}
}

char
dmarc_record_psd(const struct dmarc_record *r)
{
	const struct dmarc_value *v = &r->tags[DMARC_PSD];

	return v->valid ? (char)ascii_lower(v->text.p[0]) : 'u';
}

/* ---- what is wrong ----------------------------------------------------- */

/* Where a problem is said. */
struct teller {
	struct check_run *run;
	struct slice where;
};

static void
tell(const struct teller *t, const char *code, struct slice what)
{
	check_problem(t->run->facts, "problems", code,
	    arena_slicef(t->run->arena, "%.*s: %.*s", SLICE_FMT(t->where),
		SLICE_FMT(what)));
}

static bool
among(struct slice name, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (slice_eq_nocase(name, slice_str(names[i])))
			return true;
	return false;
}

/* A name that is known, in the case in which it is written. */
static bool
is_lower(struct slice name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (ascii_lower(name.p[i]) != name.p[i])
			return false;
	return true;
}

static bool
is_known(struct slice name)
{
	return tag_number(name) != DMARC_TAGS ||
	       among(name, other_names,
		   sizeof(other_names) / sizeof(other_names[0]));
}

static void
tell_tag(const struct teller *teller, const struct tag *t)
{
	if (t->malformed || t->value.n == 0)
		tell(teller, "dmarc.syntax", t->name);
	else if (among(t->name, obsolete_names,
		     sizeof(obsolete_names) / sizeof(obsolete_names[0])))
		tell(teller, "dmarc.obsolete-tag", t->name);
	else if (!is_known(t->name))
		tell(teller, "dmarc.unknown-tag", t->name);
	else if (!is_lower(t->name))
		/* RFC 6376 3.2 has tags in one case only. */
		tell(teller, "dmarc.tag-case", t->name);
}

/* The same tag stands further down. */
static bool
repeats(struct slice rest, struct slice name)
{
	struct tag t;

	while (tag_next(&rest, &t))
		if (slice_eq_nocase(t.name, name))
			return true;
	return false;
}

static void
tell_values(const struct teller *teller, const struct dmarc_record *r)
{
	static const char *const codes[DMARC_TAGS] = {
		[DMARC_P] = "dmarc.p-invalid",
		[DMARC_SP] = "dmarc.sp-invalid",
		[DMARC_NP] = "dmarc.np-invalid",
		[DMARC_PSD] = "dmarc.psd-invalid",
		[DMARC_RUA] = "dmarc.rua-invalid",
	};
	size_t i;

	for (i = 0; i < DMARC_TAGS; i++)
		if (r->tags[i].there && !r->tags[i].valid)
			tell(teller, codes[i], r->tags[i].text);
	if (!r->tags[DMARC_P].there)
		tell(teller, "dmarc.p-missing", r->text);
}

void
dmarc_record_problems(struct check_run *run, const struct dmarc_record *r,
    struct slice where)
{
	struct teller teller = { run, where };
	struct slice text = r->text;
	struct tag t;

	/* "v=DMARC1 p=none": the semicolon is missing. */
	if (tag_next(&text, &t) && !slice_eq(t.value, dmarc_version.value))
		tell(&teller, "dmarc.syntax", t.value);
	while (tag_next(&text, &t)) {
		tell_tag(&teller, &t);
		/* Of the known alone: so it takes no square of time. */
		if (is_known(t.name) && !t.malformed && repeats(text, t.name))
			tell(&teller, "dmarc.duplicate-tag", t.name);
	}
	tell_values(&teller, r);
}
