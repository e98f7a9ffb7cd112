#include "checks/bimi/bimi_record.h"

#include "base/domain.h"
#include "checks/links.h"
#include "checks/tags.h"
#include "message/message.h"

void
bimi_tell(struct check_run *run, const char *code, const char *severity,
    struct slice detail)
{
	json_t *o = check_problem(run->facts, "problems", code, detail);

	if (o != NULL)
		check_fact_text(o, "severity", slice_str(severity));
}

/* ---- a list of tags ---------------------------------------------------- */

/* Names are as they are written (RFC 6376 3.2). */
static enum bimi_tag
tag_of(struct slice name)
{
	static const char *const names[] = { [BIMI_V] = "v",
		[BIMI_L] = "l",
		[BIMI_A] = "a",
		[BIMI_S] = "s",
		[BIMI_AVP] = "avp",
		[BIMI_LPS] = "lps" };
	unsigned int i = 0;

	while (i < BIMI_TAGS && !slice_eq(name, slice_str(names[i])))
		i++;
	return (enum bimi_tag)i;
}

/* A list that is wrong; where: of the record, to be told; nothing: not told. */
static void
tell_tag(struct check_run *run, struct slice where, const char *code,
    struct slice name)
{
	bool twice = strcmp(code, "bimi.duplicate-tag") == 0;

	if (where.n > 0)
		bimi_tell(run, code, BIMI_ERROR,
		    arena_slicef(run->arena, "%.*s has \"%.*s\"%s",
			SLICE_FMT(where), SLICE_FMT(name),
			twice ? " twice: receivers throw such a record away; "
				"leave one"
			      : ", which is no tag=value"));
}

/*
 * bimi-record = bimi-version *(bimi-sep tag-spec) [bimi-sep]
 * Unknown tags are ignored; one that is there twice makes a list of RFC 6376
 * invalid.  False: it is malformed.
 */
static bool
read_tags(struct check_run *run, struct slice text, struct slice where,
    struct slice tags[BIMI_TAGS])
{
	bool right = true;
	struct tag t;

	while (tag_next(&text, &t)) {
		enum bimi_tag tag = tag_of(t.name);
		bool twice = tag != BIMI_TAGS && tags[tag].p != NULL;

		if (t.malformed)
			tell_tag(run, where, "bimi.syntax", t.name);
		else if (twice)
			tell_tag(run, where, "bimi.duplicate-tag", t.name);
		else if (tag != BIMI_TAGS)
			tags[tag] = t.value.n > 0 ? t.value : SLICE_LIT("");
		right = right && !t.malformed && !twice;
	}
	return right;
}

/* ---- what the tags hold ------------------------------------------------ */

/* What a job over one record needs. */
struct reading {
	struct check_run *run;
	struct slice where;
	struct bimi_record *out;
};

static void
wrong(struct reading *r, const char *code, const char *severity,
    struct slice detail)
{
	bimi_tell(r->run, code, severity, detail);
	if (strcmp(severity, BIMI_ERROR) == 0)
		r->out->valid = false;
}

static bool
is_fetched(struct arena *a, struct slice uri)
{
	struct slice host;

	return uri_is_https(uri) &&
	       domain_canonical(a, link_host(uri), &host) == DOMAIN_FINE &&
	       domain_is_fqdn(host);
}

/* The path of a URI ends so, in any case. */
static bool
path_ends(struct slice uri, const char *ending)
{
	struct slice path, rest;

	(void)slice_cut(uri, '#', &path, &rest);
	(void)slice_cut(path, '?', &path, &rest);
	return slice_ends_nocase(path, slice_str(ending));
}

static bool
is_other_image(struct slice uri)
{
	static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".gif",
		".webp", ".bmp", ".ico" };
	bool is = false;

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		is = is || path_ends(uri, endings[i]);
	return is;
}

static void
judge_logo(struct reading *r)
{
	struct slice logo = r->out->tags[BIMI_L];
	struct arena *a = r->run->arena;

	if (logo.n == 0)
		return;
	if (slice_find(logo, SLICE_LIT(",")) != SIZE_MAX)
		wrong(r, "bimi.logo-comma", BIMI_ERROR,
		    arena_slicef(a,
			"l= of %.*s has a comma: it takes one URI, and a comma "
			"in it is to be written %%2C",
			SLICE_FMT(r->where)));
	else if (!is_fetched(a, logo))
		wrong(r, "bimi.logo-uri", BIMI_ERROR,
		    arena_slicef(a,
			"l= of %.*s is \"%.*s\", which is no https URI of a "
			"host name: receivers fetch no logo from it",
			SLICE_FMT(r->where), SLICE_FMT(logo)));
	else if (is_other_image(logo))
		wrong(r, "bimi.logo-format", BIMI_ERROR,
		    arena_slicef(a,
			"The logo %.*s is no SVG by its name: receivers show "
			"SVG (Tiny PS) only",
			SLICE_FMT(logo)));
}

static void
judge_certificate(struct reading *r)
{
	struct slice uri = r->out->tags[BIMI_A];
	struct arena *a = r->run->arena;

	if (uri.n == 0)
		bimi_tell(r->run, "bimi.no-certificate", BIMI_ADVICE,
		    arena_slicef(a,
			"%.*s names no certificate (a=): Gmail shows a logo "
			"only with a VMC or CMC, Apple with a VMC",
			SLICE_FMT(r->where)));
	else if (!is_fetched(a, uri))
		wrong(r, "bimi.certificate-uri", BIMI_ERROR,
		    arena_slicef(a,
			"a= of %.*s is \"%.*s\", which is no https URI of a "
			"host name: receivers fetch no certificate from it",
			SLICE_FMT(r->where), SLICE_FMT(uri)));
	else if (path_ends(uri, ".svg") || path_ends(uri, ".svgz"))
		wrong(r, "bimi.certificate-format", BIMI_ERROR,
		    arena_slicef(a,
			"a= of %.*s names an SVG, %.*s: it is for the "
			"certificate (PEM); the logo belongs into l=",
			SLICE_FMT(r->where), SLICE_FMT(uri)));
}

static void
judge_presence(struct reading *r)
{
	struct slice *tags = r->out->tags;
	struct arena *a = r->run->arena;

	r->out->declined = tags[BIMI_L].p != NULL && tags[BIMI_L].n == 0 &&
			   tags[BIMI_A].n == 0;
	if (tags[BIMI_L].p == NULL)
		wrong(r, "bimi.logo-missing", BIMI_ERROR,
		    arena_slicef(a,
			"%.*s has no l=, which names the logo: receivers throw "
			"such a record away",
			SLICE_FMT(r->where)));
	else if (tags[BIMI_L].n == 0 && tags[BIMI_A].n > 0)
		wrong(r, "bimi.logo-empty", BIMI_ERROR,
		    arena_slicef(a,
			"l= of %.*s is empty, though a= names a certificate: "
			"name the logo too",
			SLICE_FMT(r->where)));
}

static void
judge_preference(struct reading *r)
{
	struct slice avp = r->out->tags[BIMI_AVP];

	if (avp.p != NULL && !slice_eq(avp, SLICE_LIT("brand")) &&
	    !slice_eq(avp, SLICE_LIT("personal")))
		wrong(r, "bimi.avp", BIMI_WARNING,
		    arena_slicef(r->run->arena,
			"avp= of %.*s is \"%.*s\": it takes brand or personal",
			SLICE_FMT(r->where), SLICE_FMT(avp)));
}

void
bimi_record_read(struct check_run *run, struct slice text, struct slice name,
    struct bimi_record *out)
{
	struct reading r = { run, name, out };

	*out = (struct bimi_record){ .valid = true };
	out->valid = read_tags(run, text, name, out->tags);
	judge_presence(&r);
	if (out->declined)
		return;
	judge_logo(&r);
	judge_certificate(&r);
	judge_preference(&r);
}

/* ---- BIMI-Selector ----------------------------------------------------- */

/*
 * bimi-selector-header = bimi-header-version bimi-sep bimi-selector [bimi-sep]
 * bimi-header-version  = "v" *WSP "=" *WSP "BIMI" 1DIGIT
 * bimi-selector        = "s" *WSP "=" *WSP selector
 * selector             = sub-domain *( "." sub-domain )
 */
struct slice
bimi_selector(struct check_run *run, bool *there)
{
	const struct message *m = run->subject->message;
	const struct field *f =
	    m != NULL ? message_field(m, "BIMI-Selector", 0) : NULL;
	struct slice tags[BIMI_TAGS] = { SLICE_NONE }, selector;

	*there = f != NULL;
	if (f == NULL)
		return SLICE_NONE;
	if (read_tags(run, field_unfolded(run->arena, f), SLICE_NONE, tags) &&
	    slice_eq(tags[BIMI_V], SLICE_LIT("BIMI1")) &&
	    domain_canonical(run->arena, tags[BIMI_S], &selector) ==
		DOMAIN_FINE)
		return selector;
	bimi_tell(run, "bimi.selector-syntax", BIMI_WARNING,
	    SLICE_LIT("BIMI-Selector is not of the form \"v=BIMI1; s=NAME\", "
		      "so receivers take the selector default"));
	return SLICE_NONE;
}
