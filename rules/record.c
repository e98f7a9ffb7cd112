/*
 *  record = ["each(" path ["[" choice "]"] ")" 1*WSP] name 1*WSP type 1*WSP
 *           value
 *  type   = "TXT" / "MX" / ... / "header" / "address"    ; types[]
 *
 * name and value are templates; a name's white space is inside its braces.  In
 * a record for each element of a list "it" is the element.  A TXT value may
 * stand in quotes, as in a zone file: they are not part of it.  "address" is A
 * or AAAA, as the value is.
 */
#include "rules/record.h"

#include "rules/choice.h"
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

/* What stands in brackets at *at, which moves past them. */
static enum rc
take_choice(struct compile *c, struct slice text, size_t *at,
    const struct choice **out)
{
	struct slice rest = slice_from(text, *at);
	size_t end = slice_find(rest, SLICE_LIT("]"));
	struct choice *choice;
	enum rc rc;

	if (rest.n == 0 || rest.p[0] != '[')
		return RC_OK;
	if (end == SIZE_MAX)
		return compile_fail(c, *at,
		    SLICE_LIT("\"[\" without its \"]\""));
	choice = arena_new_of(c->arena, struct choice, 1);
	if (choice == NULL)
		return RC_NOMEM;
	rc = choice_parse(c, slice_sub(rest, 1, end - 1), *at + 1, choice);
	*out = choice;
	*at += end + 1;
	return rc;
}

/* "each(path)" at the start; *at moves past it and the space behind. */
static enum rc
record_each(struct compile *c, struct slice text, size_t *at,
    struct rule_record *out)
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
	c->each = path->shown;
	rc = take_choice(c, text, at, &out->choice);
	if (rc)
		return rc;
	if (*at == text.n || text.p[*at] != ')')
		return compile_fail(c, *at, SLICE_LIT("expected \")\""));
	*at += 1;
	out->each = path;
	if (!take_blanks(text, at))
		return compile_fail(c, *at,
		    SLICE_LIT("expected NAME TYPE VALUE"));
	return RC_OK;
}

/* What mail may need in DNS, and in a message. */
static const char *const types[] = { "A", "AAAA", "CAA", "CNAME", "MX", "NS",
	"PTR", "SOA", "SRV", "TLSA", "TXT", "header", "address", NULL };

static enum rc
check_type(struct compile *c, struct slice s, size_t at)
{
	struct slice all = SLICE_LIT("A");

	for (size_t i = 0; types[i] != NULL; i++) {
		if (slice_eq(s, slice_str(types[i])))
			return RC_OK;
		if (i > 0)
			all = arena_slicef(c->arena, "%.*s%s%s", SLICE_FMT(all),
			    types[i + 1] != NULL ? ", " : " or ", types[i]);
		if (all.p == NULL)
			return RC_NOMEM;
	}
	return compile_fail(c, at,
	    arena_slicef(c->arena,
		"expected a record type: %.*s; found "
		"\"%.*s\"",
		SLICE_FMT(all), SLICE_FMT(compile_quote(s))));
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
	enum rc rc = record_each(c, text, &at, out);

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
	rc = check_type(c, out->type, at);
	if (rc)
		return rc;
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

/* Something stands in each place of it; it: the element, or NULL. */
static bool
is_filled(const struct rule_record *record, const json_t *facts,
    const json_t *it)
{
	return template_is_filled(record->name, facts, it) &&
	       template_is_filled(record->value, facts, it);
}

/* The i-th element that has a record; *n: how many have one, up to it. */
static const json_t *
chosen(const struct rule_record *record, const json_t *facts, size_t i,
    size_t *n)
{
	const json_t *list = path_find(record->each, facts, NULL), *item;
	size_t k;

	*n = 0;
	json_array_foreach(list, k, item)
	{
		if (record->choice != NULL &&
		    !choice_takes(record->choice, item))
			continue;
		if (!is_filled(record, facts, item))
			continue;
		if ((*n)++ == i)
			return item;
	}
	return NULL;
}

size_t
rule_record_count(const struct rule_record *record, const json_t *facts)
{
	size_t n;

	if (record->each == NULL)
		return is_filled(record, facts, NULL);
	(void)chosen(record, facts, SIZE_MAX, &n);
	return n;
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
	size_t n;

	if (record->each != NULL)
		it = chosen(record, facts, i, &n);
	template_expand_it(record->name, facts, it, name);
	template_expand_it(record->value, facts, it, value);
}
