#include "checks/dmarc/dmarc_problems.h"
#include "base/limits.h"

/* ---- telling ----------------------------------------------------------- */

bool
dmarc_may_tell(const struct check_run *run)
{
	return json_array_size(json_object_get(run->facts, "problems")) <=
	       LIMIT_PROBLEMS;
}

void
dmarc_tell(struct check_run *run, const char *code, const char *severity,
    struct slice detail)
{
	json_t *list = json_object_get(run->facts, "problems");
	size_t n = json_array_size(list);

	check_problem(run->facts, "problems", code, detail);
	if (json_array_size(list) > n)
		(void)json_object_set_new(json_array_get(list, n), "severity",
		    json_string(n < LIMIT_PROBLEMS ? severity : DMARC_ADVICE));
}

/* One record as it is gone through. */
struct reading {
	struct check_run *run;
	const struct dmarc_record *record;
	struct slice name;   /* where it stands */
	unsigned int seen;   /* a bit for each tag that was there */
	bool empty;          /* an empty tag was told */
	bool bundled;        /* a missing semicolon was told */
	enum dmarc_tag last; /* of the tags that are known */
	size_t nth;          /* tags so far, the version is the first */
};

/* The tag is the last word of the code: "dmarc." TAG "-invalid". */
static const char *
code_of(struct check_run *run, enum dmarc_tag tag, const char *what)
{
	const char *code =
	    arena_printf(run->arena, "dmarc.%s-%s", dmarc_tag_name(tag), what);

	return code != NULL ? code : "dmarc.syntax";
}

/* ---- report URIs ------------------------------------------------------- */

static void
tell_no_uri(struct reading *g, enum dmarc_tag tag, struct slice item)
{
	const char *name = dmarc_tag_name(tag);
	struct slice shown = dmarc_clip(item);

	if (item.n == 0)
		dmarc_tell(g->run, code_of(g->run, tag, "empty"), DMARC_WARNING,
		    arena_slicef(g->run->arena,
			"%s at %.*s has a comma too many: between two commas, "
			"or at an end, there is no address; take it out",
			name, SLICE_FMT(g->name)));
	else
		dmarc_tell(g->run, code_of(g->run, tag, "invalid"), DMARC_ERROR,
		    arena_slicef(g->run->arena,
			"%s at %.*s names \"%.*s\", which is no URI, so no "
			"report goes there; write %s=mailto:ADDRESS",
			name, SLICE_FMT(g->name), SLICE_FMT(shown), name));
}

static void
tell_uri(struct reading *g, enum dmarc_tag tag, struct slice item)
{
	struct dmarc_uri u = dmarc_uri_read(item);
	const char *name = dmarc_tag_name(tag);
	struct slice shown = dmarc_clip(u.text);

	switch (u.kind) {
	case DMARC_MAILTO:
		break;
	case DMARC_ADDRESS:
		dmarc_tell(g->run, code_of(g->run, tag, "no-scheme"),
		    DMARC_ERROR,
		    arena_slicef(g->run->arena,
			"%s at %.*s names the address %.*s without "
			"\"mailto:\", so it is no URI and no report goes "
			"there; write %s=mailto:%.*s",
			name, SLICE_FMT(g->name), SLICE_FMT(shown), name,
			SLICE_FMT(shown)));
		break;
	case DMARC_HTTP:
	case DMARC_OTHER:
		dmarc_tell(g->run, code_of(g->run, tag, "scheme"),
		    DMARC_WARNING,
		    arena_slicef(g->run->arena,
			"%s at %.*s names %.*s: receivers have to know "
			"mailto: alone, and send no report there; write "
			"%s=mailto:ADDRESS",
			name, SLICE_FMT(g->name), SLICE_FMT(shown), name));
		break;
	case DMARC_NO_URI:
		tell_no_uri(g, tag, item);
		break;
	}
	if (u.size.p != NULL && dmarc_may_tell(g->run))
		dmarc_tell(g->run, "dmarc.obsolete-size", DMARC_ADVICE,
		    arena_slicef(g->run->arena,
			"%s at %.*s ends %.*s with a size, \"!%.*s\": RFC 9989 "
			"has it no more, and receivers that go by that pass "
			"over it; take it out",
			name, SLICE_FMT(g->name), SLICE_FMT(shown),
			SLICE_FMT(dmarc_clip(u.size))));
}

/* "mailto:a@example.com mailto:b@example.com": blanks for commas. */
static bool
tell_blanks(struct reading *g, enum dmarc_tag tag, struct slice item)
{
	struct slice word, rest;
	size_t i;

	for (i = 0; i < item.n && !ascii_is_space(item.p[i]); i++)
		continue;
	if (i == item.n)
		return false;
	word = slice_sub(item, 0, i);
	rest = slice_trim(slice_from(item, i));
	dmarc_tell(g->run, code_of(g->run, tag, "separator"), DMARC_ERROR,
	    arena_slicef(g->run->arena,
		"%s at %.*s has a blank between \"%.*s\" and \"%.*s\", so "
		"that neither is read; between two addresses stands a comma, "
		"and within one no blank",
		dmarc_tag_name(tag), SLICE_FMT(g->name),
		SLICE_FMT(dmarc_clip(word)), SLICE_FMT(dmarc_clip(rest))));
	return true;
}

static void
tell_uris(struct reading *g, enum dmarc_tag tag, struct slice value)
{
	struct slice item;

	if (value.n == 0 || value.p[value.n - 1] == ',')
		tell_no_uri(g, tag, SLICE_NONE);
	while (list_next(&value, &item) && dmarc_may_tell(g->run))
		if (!tell_blanks(g, tag, item))
			tell_uri(g, tag, item);
}

/* ---- one tag ----------------------------------------------------------- */

/* What a receiver does with a value that it cannot read. */
static const char *
effect_of(enum dmarc_tag tag)
{
	switch (tag) {
	case DMARC_P:
		return "so the record says no policy: receivers take p=none "
		       "if rua is right, and else pass over the record";
	case DMARC_SP:
	case DMARC_NP:
		return "so receivers take all of the record for p=none if rua "
		       "is right, and else pass over it";
	case DMARC_ADKIM:
	case DMARC_ASPF:
		return "so receivers take r, relaxed";
	case DMARC_PSD:
		return "so receivers take u, as if it was not there";
	case DMARC_T:
		return "so receivers take n, and the policy applies in full";
	case DMARC_FO:
		return "so receivers take 0";
	case DMARC_RUA:
	case DMARC_RUF:
	case DMARC_PCT:
	case DMARC_RF:
	case DMARC_RI:
	case DMARC_TAGS:
		break;
	}
	return "so receivers pass over it";
}

static void
tell_value(struct reading *g, enum dmarc_tag tag, struct slice value)
{
	bool decides = tag == DMARC_P || tag == DMARC_SP || tag == DMARC_NP;

	if (dmarc_tag_is_valid(tag, value))
		return;
	dmarc_tell(g->run, code_of(g->run, tag, "invalid"),
	    decides ? DMARC_ERROR : DMARC_WARNING,
	    arena_slicef(g->run->arena,
		"%s at %.*s is \"%.*s\" where only %s may stand, %s",
		dmarc_tag_name(tag), SLICE_FMT(g->name),
		SLICE_FMT(dmarc_clip(value)), dmarc_tag_values(tag),
		effect_of(tag)));
}

static void
tell_obsolete(struct reading *g, enum dmarc_tag tag, struct slice value)
{
	bool valid = dmarc_tag_is_valid(tag, value);
	bool part =
	    tag == DMARC_PCT && valid && !slice_eq(value, SLICE_LIT("100"));
	const char *means = "", *instead = "";

	if (!valid)
		means = ", and some of the others pass over a record with "
			"such a value";
	if (part) {
		means = " and apply the policy to all mail";
		instead = ", and lower the policy by a step, or write t=y, if "
			  "it is not meant for all";
	}
	dmarc_tell(g->run, "dmarc.obsolete-tag",
	    part || !valid ? DMARC_WARNING : DMARC_ADVICE,
	    arena_slicef(g->run->arena,
		"%s=%.*s at %.*s is of RFC 7489 alone: receivers that go by "
		"RFC 9989 pass over it%s; take it out%s",
		dmarc_tag_name(tag), SLICE_FMT(dmarc_clip(value)),
		SLICE_FMT(g->name), means, instead));
}

/* "p=none rua=...": receivers read all that for the value of p. */
static bool
tell_bundled(struct reading *g, struct slice segment)
{
	bool comma = false;
	size_t at = dmarc_find_bundled(segment, &comma);

	if (at == SIZE_MAX)
		return false;
	g->bundled = true;
	dmarc_tell(g->run, comma ? "dmarc.comma" : "dmarc.no-semicolon",
	    DMARC_ERROR,
	    arena_slicef(g->run->arena,
		"At %.*s \"%.*s\" is not followed by a semicolon%s, so "
		"receivers take what comes after it for a part of it; between "
		"two tags stands a semicolon",
		SLICE_FMT(g->name),
		SLICE_FMT(dmarc_clip(slice_sub(segment, 0, at))),
		comma ? " but by a comma" : ""));
	return true;
}

static void
tell_twice(struct reading *g, const char *tag)
{
	dmarc_tell(g->run, "dmarc.duplicate-tag", DMARC_ERROR,
	    arena_slicef(g->run->arena,
		"%s stands twice in the record at %.*s: no RFC says which "
		"counts, and some receivers pass over the record; keep one",
		tag, SLICE_FMT(g->name)));
}

static void
tell_late(struct reading *g)
{
	dmarc_tell(g->run, "dmarc.p-not-second", DMARC_WARNING,
	    arena_slicef(g->run->arena,
		"p is not the second tag at %.*s: by RFC 9989 it may stand "
		"anywhere after v, but RFC 7489 has it second, and receivers "
		"that go by that may pass over the record; put it after "
		"v=DMARC1",
		SLICE_FMT(g->name)));
}

static void
tell_known(struct reading *g, enum dmarc_tag tag, const struct tag *t,
    bool bundled)
{
	if (!slice_eq(t->name, slice_str(dmarc_tag_name(tag))))
		/* RFC 6376 3.2 has tags in one case only. */
		dmarc_tell(g->run, "dmarc.tag-case", DMARC_ADVICE,
		    arena_slicef(g->run->arena,
			"%.*s at %.*s is in upper case: by RFC 9989 that is "
			"the same, but not every receiver knows; write %s",
			SLICE_FMT(t->name), SLICE_FMT(g->name),
			dmarc_tag_name(tag)));
	if ((g->seen & 1u << tag) != 0)
		tell_twice(g, dmarc_tag_name(tag));
	else if (bundled)
		;
	else if (dmarc_tag_is_obsolete(tag))
		tell_obsolete(g, tag, t->value);
	else if (tag == DMARC_RUA || tag == DMARC_RUF)
		tell_uris(g, tag, t->value);
	else
		tell_value(g, tag, t->value);
	if (tag == DMARC_P && (g->seen & 1u << tag) == 0 && g->nth > 2)
		tell_late(g);
	g->seen |= 1u << tag;
	g->last = tag;
}

/* ---- what is no tag ---------------------------------------------------- */

static bool
is_report_tag(enum dmarc_tag tag)
{
	return tag == DMARC_RUA || tag == DMARC_RUF;
}

/* "rua=mailto:a@example.com; mailto:b@example.com" */
static bool
continues_uris(const struct reading *g, struct slice segment)
{
	return is_report_tag(g->last) && dmarc_uri_is_stray(segment);
}

static void
tell_stray(struct reading *g, struct slice segment)
{
	struct slice name, value, shown = dmarc_clip(segment);
	enum dmarc_tag tag;

	if (continues_uris(g, segment)) {
		dmarc_tell(g->run, code_of(g->run, g->last, "separator"),
		    DMARC_ERROR,
		    arena_slicef(g->run->arena,
			"At %.*s a semicolon ends %s before \"%.*s\", so no "
			"report goes there; between two addresses stands a "
			"comma",
			SLICE_FMT(g->name), dmarc_tag_name(g->last),
			SLICE_FMT(shown)));
		return;
	}
	(void)slice_cut(segment, ':', &name, &value);
	tag = dmarc_tag_find(slice_trim(name));
	if (tag != DMARC_TAGS && value.p != NULL)
		dmarc_tell(g->run, "dmarc.syntax", DMARC_WARNING,
		    arena_slicef(g->run->arena,
			"\"%.*s\" at %.*s has a colon after %s, so receivers "
			"pass over it; write %s=%.*s",
			SLICE_FMT(shown), SLICE_FMT(g->name),
			dmarc_tag_name(tag), dmarc_tag_name(tag),
			SLICE_FMT(dmarc_clip(slice_trim(value)))));
	else
		dmarc_tell(g->run, "dmarc.syntax", DMARC_WARNING,
		    arena_slicef(g->run->arena,
			"\"%.*s\" at %.*s is no tag: it has no name and \"=\" "
			"before its value; receivers pass over it, and some "
			"over all of the record; take it out",
			SLICE_FMT(shown), SLICE_FMT(g->name)));
}

static void
tell_unknown(struct reading *g, const struct tag *t)
{
	dmarc_tell(g->run, "dmarc.unknown-tag", DMARC_ADVICE,
	    arena_slicef(g->run->arena,
		"%.*s at %.*s is no tag of DMARC, so receivers pass over it; "
		"take it out, or see that its name is right",
		SLICE_FMT(dmarc_clip(t->name)), SLICE_FMT(g->name)));
}

/* ---- the record -------------------------------------------------------- */

static void
read_segment(struct reading *g, struct slice segment)
{
	bool bundled = tell_bundled(g, segment);
	struct tag t;
	enum dmarc_tag tag;

	t.malformed = !slice_cut(segment, '=', &t.name, &t.value);
	t.name = slice_trim(t.name);
	t.value = slice_trim(t.value);
	g->nth++;
	if (t.malformed || t.name.n == 0 || continues_uris(g, segment)) {
		tell_stray(g, segment);
		return;
	}
	tag = dmarc_tag_find(t.name);
	if (tag != DMARC_TAGS)
		tell_known(g, tag, &t, bundled);
	else if (slice_eq_nocase(t.name, SLICE_LIT("v")))
		tell_twice(g, "v");
	else if (!bundled)
		tell_unknown(g, &t);
}

/* The first tag; that it is the version is known. */
static void
read_version(struct reading *g, struct slice segment)
{
	g->nth = 1;
	if (slice_starts(segment, SLICE_LIT("V")))
		dmarc_tell(g->run, "dmarc.version-case", DMARC_ADVICE,
		    arena_slicef(g->run->arena,
			"The record at %.*s begins with V=DMARC1, which is the "
			"same as v=DMARC1 by RFC 9989, but not every receiver "
			"knows; write v=DMARC1",
			SLICE_FMT(g->name)));
}

static void
tell_octets(struct reading *g)
{
	struct dmarc_octets o = dmarc_octets_look(g->record->text);

	if (o.quotes)
		dmarc_tell(g->run, "dmarc.quotes", DMARC_ERROR,
		    arena_slicef(g->run->arena,
			"The record at %.*s has quotation marks in it, which "
			"receivers read as a part of the values; publish it "
			"without them",
			SLICE_FMT(g->name)));
	if (o.smart_quotes)
		dmarc_tell(g->run, "dmarc.smart-quotes", DMARC_ERROR,
		    arena_slicef(g->run->arena,
			"The record at %.*s has typographic quotation marks in "
			"it, as text programs make them, which receivers read "
			"as a part of the values; publish it without them",
			SLICE_FMT(g->name)));
	if (o.backslash)
		dmarc_tell(g->run, "dmarc.backslash", DMARC_ERROR,
		    arena_slicef(g->run->arena,
			"The record at %.*s has backslashes in it, which "
			"belong before semicolons in zone files alone; "
			"receivers read them as a part of the values; publish "
			"it without them",
			SLICE_FMT(g->name)));
	if (o.other)
		dmarc_tell(g->run, "dmarc.non-ascii", DMARC_ERROR,
		    arena_slicef(g->run->arena,
			"The record at %.*s has octets in it that are not of "
			"printable ASCII, as come with text that is copied "
			"from pages; tags with them are not read; type it anew",
			SLICE_FMT(g->name)));
}

static void
tell_missing(struct reading *g)
{
	const struct dmarc_value *tags = g->record->tags;

	if (!tags[DMARC_P].there)
		dmarc_tell(g->run, "dmarc.p-missing", DMARC_ERROR,
		    arena_slicef(g->run->arena,
			"The record at %.*s has no p: receivers take p=none if "
			"rua is right, and else pass over the record, and "
			"Gmail and those that go by RFC 7489 want one; write "
			"p=none, p=quarantine or p=reject after v=DMARC1",
			SLICE_FMT(g->name)));
	/* It may be what the semicolon is missing before. */
	if (!tags[DMARC_RUA].there && !g->bundled)
		dmarc_tell(g->run, "dmarc.no-rua", DMARC_ADVICE,
		    arena_slicef(g->run->arena,
			"The record at %.*s has no rua, so nobody tells you "
			"what mail is sent under your name, and what of yours "
			"fails; write rua=mailto:ADDRESS",
			SLICE_FMT(g->name)));
	if (tags[DMARC_FO].there && !tags[DMARC_RUF].there)
		dmarc_tell(g->run, "dmarc.fo-without-ruf", DMARC_ADVICE,
		    arena_slicef(g->run->arena,
			"The record at %.*s has fo but no ruf: fo says when "
			"failure reports are sent, and without ruf they go "
			"nowhere; take fo out, or add ruf=mailto:ADDRESS",
			SLICE_FMT(g->name)));
}

void
dmarc_record_problems(struct check_run *run, const struct dmarc_record *r,
    struct slice name)
{
	struct reading g = { .run = run,
		.record = r,
		.name = name,
		.last = DMARC_TAGS };
	struct slice rest = r->text, segment;
	bool more = true;

	tell_octets(&g);
	while (more && dmarc_may_tell(run)) {
		more = slice_cut(rest, ';', &segment, &rest);
		segment = slice_trim(segment);
		if (segment.n > 0 && g.nth == 0) {
			read_version(&g, segment);
		} else if (segment.n > 0) {
			read_segment(&g, segment);
		} else if (more && !g.empty) {
			g.empty = true;
			dmarc_tell(run, "dmarc.empty-tag", DMARC_WARNING,
			    arena_slicef(run->arena,
				"At %.*s two semicolons have nothing between "
				"them, which some receivers take for a broken "
				"record; take one out",
				SLICE_FMT(name)));
		}
	}
	tell_missing(&g);
}
