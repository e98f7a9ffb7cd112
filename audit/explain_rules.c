#include "audit/explain.h"

#include "audit/views/view.h"
#include "base/limits.h"
#include "checks/check.h"

/* ---- the rules of a document ------------------------------------------- */

struct each {
	const json_t *meanings;
	size_t meaning, rule;
};

/* The next rule, or NULL. */
static json_t *
next_rule(struct each *e)
{
	while (e->meaning < json_array_size(e->meanings)) {
		const json_t *rules =
		    json_object_get(json_array_get(e->meanings, e->meaning),
			"rules");

		if (e->rule < json_array_size(rules))
			return json_array_get(rules, e->rule++);
		e->meaning++;
		e->rule = 0;
	}
	return NULL;
}

static bool
has(const struct slice *list, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq(list[i], name))
			return true;
	}
	return false;
}

const struct slice *
explain_rule_packs(const json_t *doc, struct arena *a, size_t *n)
{
	struct each each = { json_object_get(doc, "meanings"), 0, 0 };
	struct slice *list = NULL, first, rest;
	const json_t *rule;
	size_t cap = 0;

	*n = 0;
	while ((rule = next_rule(&each)) != NULL) {
		struct slice *more =
		    arena_grow(a, list, *n, &cap, sizeof(*list));

		if (more == NULL)
			return NULL;
		list = more;
		(void)slice_cut(slice_str(view_text_of(rule, "id")), '.',
		    &first, &rest);
		if (!has(list, *n, first))
			list[(*n)++] = first;
	}
	return list;
}

/* ---- what they say ----------------------------------------------------- */

static json_t *
named(const json_t *identity, const char *kind, const char *otherwise)
{
	const char *text = view_text_of(identity, kind);

	return json_string(text[0] != '\0' ? text : otherwise);
}

/* What a fix can name without an audit: by what the reply says. */
static json_t *
stand_ins(const json_t *identity)
{
	static const char from[] = "the From domain";
	static const char envelope[] = "the envelope sender's domain";

	return json_pack("{s:{s:o,s:o}, s:{s:o}, s:{s:o}, s:{s:s}}", "subject",
	    "domain", named(identity, "from_domain", from), "mail_from_domain",
	    named(identity, "spf_domain", envelope), "spf", "domain",
	    named(identity, "spf_domain", envelope), "dmarc", "domain",
	    named(identity, "from_domain", from), "helo", "name",
	    "the name in EHLO");
}

/*
 * Only where nothing of it hangs on facts that an audit alone has, nor speaks
 * of a record below.
 */
static void
add_fix(json_t *out, const struct rule *r, const json_t *facts)
{
	struct buf text;

	buf_init(&text, LIMIT_RENDERED);
	template_expand(r->fix, facts, &text);
	if (!text.failed && r->n_records == 0 &&
	    slice_find(buf_slice(&text), SLICE_LIT("(not known)")) == SIZE_MAX)
		(void)json_object_set_new(out, "fix",
		    check_json(buf_slice(&text)));
	buf_free(&text);
}

void
explain_rules(json_t *doc, const struct rules *rules)
{
	struct each each = { json_object_get(doc, "meanings"), 0, 0 };
	json_t *facts = stand_ins(json_object_get(doc, "identity"));
	json_t *out;

	while ((out = next_rule(&each)) != NULL) {
		const struct rule *r =
		    rules_find(rules, slice_str(view_text_of(out, "id")));

		if (r == NULL)
			continue;
		(void)json_object_set_new(out, "title", check_json(r->title));
		add_fix(out, r, facts);
		(void)json_object_set_new(out, "source", check_json(r->source));
	}
	json_decref(facts);
}
