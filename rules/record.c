/*
 *  record = ["each(" path ")" 1*WSP] name 1*WSP type 1*WSP value
 *  type   = 1*(%x41-5A / DIGIT) / "header" / "address"
 *
 * name and value are templates; a name's white space is inside its braces.  In
 * a record for each element of a list "it" is the element.  A TXT value may
 * stand in quotes, as in a zone file: they are not part of it.  "address" is A
 * or AAAA, as the value is.
 */
#include "rules/record.h"

#include "rules/path.h"
#include "rules/template.h"

/* Takes the white space at *at; false when there is none, or nothing more. */
static bool
take_blanks(struct slice s, size_t *at)
{
	size_t start = *at;

	while (*at < s.n && ascii_is_space(s.p[*at]))
		(*at)++;
	return *at > start && *at < s.n;
}

/* Up to white space that is not inside braces. */
static size_t
field_length(struct slice s)
{
	size_t n = 0, depth = 0;

	for (; n < s.n && (depth > 0 || !ascii_is_space(s.p[n])); n++) {
		if (s.p[n] == '{')
			depth++;
		if (s.p[n] == '}' && depth > 0)
			depth--;
	}
	return n;
}

/* "each(path)" at the start; *at moves past it and the space behind. */
static enum rc
record_each(struct compile *c, struct slice text, size_t *at,
    const struct path **out)
{
	const struct slice each = SLICE_LIT("each(");
	struct path *path;
	enum rc rc;
	size_t n;

	if (!slice_starts(text, each))
		return RC_OK;
	path = arena_new_of(c->arena, struct path, 1);
	if (path == NULL)
		return RC_NOMEM;
	n = path_length(slice_from(text, each.n));
	if (n == 0)
		return compile_fail(c, each.n,
		    SLICE_LIT("expected a list of facts"));
	rc = path_compile(c, each.n, slice_sub(text, each.n, n), PATH_LIST,
	    path);
	if (rc)
		return rc;
	*at = each.n + n;
	if (*at == text.n || text.p[*at] != ')')
		return compile_fail(c, *at, SLICE_LIT("expected \")\""));
	*at += 1;
	c->each = path->shown;
	*out = path;
	if (!take_blanks(text, at))
		return compile_fail(c, *at,
		    SLICE_LIT("expected NAME TYPE VALUE"));
	return RC_OK;
}

static bool
is_type(struct slice s)
{
	if (slice_eq(s, SLICE_LIT("header")) ||
	    slice_eq(s, SLICE_LIT("address")))
		return true;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) && (s.p[i] < 'A' || s.p[i] > 'Z'))
			return false;
	}
	return s.n > 0;
}

/* Takes the quotes off a TXT value; true if there were some. */
static bool
unquote(struct slice type, struct slice *value)
{
	if (!slice_eq(type, SLICE_LIT("TXT")) || value->n < 2 ||
	    value->p[0] != '"' || value->p[value->n - 1] != '"')
		return false;
	*value = slice_sub(*value, 1, value->n - 2);
	return true;
}

enum rc
record_parse(struct compile *c, struct slice text, struct rule_record *out)
{
	struct slice value;
	size_t at = 0, n;
	enum rc rc = record_each(c, text, &at, &out->each);

	if (rc)
		return rc;
	n = field_length(slice_from(text, at));
	c->base = at;
	rc = template_parse(c, slice_sub(text, at, n), &out->name);
	c->base = 0;
	if (rc)
		return rc;
	at += n;
	if (!take_blanks(text, &at))
		return compile_fail(c, at,
		    SLICE_LIT("expected NAME TYPE VALUE"));
	n = field_length(slice_from(text, at));
	out->type = slice_sub(text, at, n);
	if (!is_type(out->type))
		return compile_fail(c, at,
		    SLICE_LIT("expected a record type such as TXT, or "
			      "\"header\""));
	at += n;
	if (!take_blanks(text, &at))
		return compile_fail(c, at,
		    SLICE_LIT("expected NAME TYPE VALUE"));
	value = slice_from(text, at);
	c->base = at + (unquote(out->type, &value) ? 1 : 0);
	rc = template_parse(c, value, &out->value);
	c->base = 0;
	return rc;
}

size_t
rule_record_count(const struct rule_record *record, const json_t *facts)
{
	if (record->each == NULL)
		return template_is_filled(record->name, facts) &&
		       template_is_filled(record->value, facts);
	return json_array_size(path_find(record->each, facts, NULL));
}

struct slice
rule_record_type(const struct rule_record *record, struct slice value)
{
	if (!slice_eq(record->type, SLICE_LIT("address")))
		return record->type;
	if (slice_find(value, SLICE_LIT(":")) != SIZE_MAX)
		return SLICE_LIT("AAAA");
	return SLICE_LIT("A");
}

void
rule_record_expand(const struct rule_record *record, const json_t *facts,
    size_t i, struct buf *name, struct buf *value)
{
	const json_t *it = NULL;

	if (record->each != NULL)
		it = json_array_get(path_find(record->each, facts, NULL), i);
	template_expand_it(record->name, facts, it, name);
	template_expand_it(record->value, facts, it, value);
}
