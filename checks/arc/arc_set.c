#include "checks/arc/arc_set.h"

#include "base/cursor.h"
#include "checks/dkim/dkim_tags.h"

/*
 * RFC 8617 4.1:
 *   arc-authres-header = "ARC-Authentication-Results:" [CFWS] arc-info
 *   arc-info       = instance [CFWS] ";" authres-payload
 *   instance       = [CFWS] %s"i" [CFWS] "=" [CFWS] instance-value [CFWS]
 *   instance-value = 1*2DIGIT      ; 1 to 50
 * ARC-Message-Signature and ARC-Seal are tag lists of RFC 6376, with a tag i.
 */

enum { INSTANCE_DIGITS = 2 };

static const char *const kinds[ARC_KINDS] = {
	[ARC_RESULTS] = "ARC-Authentication-Results",
	[ARC_SIGNATURE] = "ARC-Message-Signature",
	[ARC_SEAL] = "ARC-Seal",
};

const char *
arc_kind_name(enum arc_kind k)
{
	return kinds[k];
}

const char *
arc_fault_name(enum arc_fault f)
{
	static const char *const names[] = {
		[ARC_FINE] = "",
		[ARC_TOO_MANY] = "too-many",
		[ARC_NO_INSTANCE] = "instance-invalid",
		[ARC_TWICE] = "field-twice",
		[ARC_MISSING] = "field-missing",
		[ARC_GAP] = "instance-missing",
	};

	return names[f];
}

/* ---- the instance of a field ------------------------------------------- */

/* Offset behind the comment that begins there; s.n: it does not end. */
static size_t
comment_end(struct slice s, size_t at)
{
	size_t depth = 0;

	for (; at < s.n; at++) {
		if (s.p[at] == '\\')
			at++;
		else if (s.p[at] == '(')
			depth++;
		else if (s.p[at] == ')' && --depth == 0)
			return at + 1;
	}
	return s.n;
}

static struct slice
skip_cfws(struct slice s)
{
	while (s.n > 0 && (ascii_is_space(s.p[0]) || s.p[0] == '('))
		s = slice_from(s, s.p[0] == '(' ? comment_end(s, 0) : 1);
	return s;
}

/* False: not there.  White space and comments before it go as well. */
static bool
take(struct slice *s, unsigned char octet)
{
	struct slice rest = skip_cfws(*s);

	if (rest.n == 0 || rest.p[0] != octet)
		return false;
	*s = slice_from(rest, 1);
	return true;
}

/* 0: no number from 1 to 50. */
static size_t
instance_value(struct slice text)
{
	uint64_t n;

	if (text.n > INSTANCE_DIGITS || !slice_number(text, LIMIT_ARC_SETS, &n))
		return 0;
	return (size_t)n;
}

static size_t
results_instance(struct slice value, struct slice *results)
{
	struct slice digits;
	size_t n = 0;

	if (!take(&value, 'i') || !take(&value, '='))
		return 0;
	value = skip_cfws(value);
	while (n < value.n && ascii_is_digit(value.p[n]))
		n++;
	digits = slice_sub(value, 0, n);
	value = slice_from(value, n);
	if (!take(&value, ';'))
		return 0;
	*results = slice_trim(value);
	return instance_value(digits);
}

/* Of a tag list as far as it can be read: what is wrong comes out later. */
static size_t
tags_instance(struct slice value)
{
	struct dkim_tags tags;

	(void)dkim_tags_read(value, &tags);
	return instance_value(dkim_tags_value(&tags, "i"));
}

/* ---- the chain --------------------------------------------------------- */

static void
fault(struct arc_chain *c, enum arc_fault f, enum arc_kind kind,
    const struct field *field)
{
	if (c->fault != ARC_FINE)
		return;
	c->fault = f;
	c->kind = kind;
	c->field = field;
}

static void
put(struct arc_chain *c, enum arc_kind kind, const struct field *field)
{
	struct slice results = SLICE_NONE;
	size_t i = 0;

	if (field->value.n <= LIMIT_DKIM_FIELD)
		i = kind == ARC_RESULTS
			? results_instance(field->value, &results)
			: tags_instance(field->value);
	if (i == 0) {
		fault(c, ARC_NO_INSTANCE, kind, field);
		return;
	}
	if (c->sets[i - 1].fields[kind] != NULL) {
		fault(c, ARC_TWICE, kind, field);
		c->instance = c->instance > 0 ? c->instance : i;
		return;
	}
	c->sets[i - 1].fields[kind] = field;
	if (kind == ARC_RESULTS)
		c->sets[i - 1].results = results;
	if (i > c->n)
		c->n = i;
}

static bool
kind_of(struct slice name, enum arc_kind *out)
{
	size_t k;

	if (!slice_starts_nocase(name, SLICE_LIT("ARC-")))
		return false;
	for (k = 0; k < ARC_KINDS; k++) {
		*out = (enum arc_kind)k;
		if (slice_eq_nocase(name, slice_str(kinds[k])))
			return true;
	}
	return false;
}

static void
look_for_missing(struct arc_chain *c)
{
	size_t i, k, missing;

	for (i = 0; i < c->n && c->fault == ARC_FINE; i++) {
		missing = 0;
		for (k = 0; k < ARC_KINDS; k++)
			missing += c->sets[i].fields[k] == NULL;
		if (missing == 0)
			continue;
		for (k = 0; c->sets[i].fields[k] != NULL; k++)
			continue;
		fault(c, missing == ARC_KINDS ? ARC_GAP : ARC_MISSING,
		    (enum arc_kind)k, NULL);
		c->instance = i + 1;
	}
}

void
arc_chain_read(const struct message *m, struct arc_chain *c)
{
	enum arc_kind kind;
	size_t i, seen = 0;

	*c = (struct arc_chain){ .fault = ARC_FINE };
	for (i = 0; i < m->n_fields; i++) {
		if (!kind_of(m->fields[i].name, &kind))
			continue;
		c->there = true;
		if (++seen > (size_t)LIMIT_ARC_SETS * ARC_KINDS) {
			fault(c, ARC_TOO_MANY, kind, &m->fields[i]);
			break;
		}
		put(c, kind, &m->fields[i]);
	}
	look_for_missing(c);
}

struct slice
arc_fault_text(struct arena *arena, const struct arc_chain *c)
{
	const char *name = kinds[c->kind];

	switch (c->fault) {
	case ARC_FINE:
		break;
	case ARC_TOO_MANY:
		return arena_slicef(arena,
		    "The message has more ARC fields than %d sets have",
		    LIMIT_ARC_SETS);
	case ARC_NO_INSTANCE:
		return arena_slicef(arena,
		    "The %s of line %zu has no i= from 1 to %d", name,
		    c->field->line, LIMIT_ARC_SETS);
	case ARC_TWICE:
		return arena_slicef(arena, "ARC set %zu has a second %s",
		    c->instance, name);
	case ARC_MISSING:
		return arena_slicef(arena, "ARC set %zu has no %s", c->instance,
		    name);
	case ARC_GAP:
		return arena_slicef(arena,
		    "ARC set %zu is missing below a later one", c->instance);
	}
	return SLICE_NONE;
}
