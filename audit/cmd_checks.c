#include "audit/complain.h"
#include "audit/json_text.h"
#include "audit/options.h"
#include "audit/output.h"
#include "audit/views/page.h"
#include "base/limits.h"
#include "checks/check.h"
#include "rules/fact.h"

/* Columns: a fact, its type, its meaning; or below each other. */
enum { TYPE_AT = 30, MEANING_AT = 38, MEANING_MIN = 30, BELOW_AT = 4 };

static bool
is_words(const struct fact_doc *fact)
{
	return strpbrk(fact->type, "|*") != NULL;
}

/* With the words that it may be, unless they are told there. */
static const char *
meaning_of(const struct fact_doc *fact, struct arena *a)
{
	struct slice rest = slice_str(fact->type), word, all;
	bool told = true;

	while (is_words(fact) && rest.p != NULL) {
		(void)slice_cut(rest, '|', &word, &rest);
		told = told && (slice_find(word, SLICE_LIT("*")) != SIZE_MAX ||
				   slice_find(slice_str(fact->meaning), word) !=
				       SIZE_MAX);
	}
	all = fact_words_text(a, slice_str(fact->type));
	return told
		   ? fact->meaning
		   : arena_printf(a, "%s; %.*s", fact->meaning, SLICE_FMT(all));
}

static void
print_fact(struct page *p, const char *check, const struct fact_doc *fact,
    struct arena *a)
{
	const char *type = is_words(fact) ? "word" : fact->type;
	size_t at = 2;

	page_spaces(p, 2);
	at += page_add(p, check);
	at += page_add(p, ".");
	at += page_add(p, fact->path);
	if (p->look->width < MEANING_AT + MEANING_MIN) {
		buf_add_char(p->out, '\n');
		page_spaces(p, BELOW_AT);
		at = BELOW_AT + page_add(p, type);
		at += page_add(p, ": ");
		page_fill(p, meaning_of(fact, a), at, BELOW_AT);
		return;
	}
	if (at >= TYPE_AT) {
		buf_add_char(p->out, '\n');
		at = 0;
	}
	page_spaces(p, TYPE_AT - at);
	page_pad(p, type, MEANING_AT - TYPE_AT);
	page_fill(p, meaning_of(fact, a), MEANING_AT, MEANING_AT);
}

static void
print_check(struct page *p, const struct check *c, struct arena *a)
{
	const char *head =
	    arena_printf(a, "%s: %s (%s)", c->name, c->summary, c->standards);

	if (head != NULL)
		page_fill(p, head, 0, MEANING_AT - TYPE_AT);
	for (size_t i = 0; c->facts[i].path != NULL; i++)
		print_fact(p, c->name, &c->facts[i], a);
}

static void
print_text(const struct settings *s, struct buf *out, struct arena *a)
{
	struct view_look look = { .unicode = true };
	struct page p;

	output_look(s, "-", &look);
	look.width = view_width(look.width);
	page_init(&p, out, &look);
	for (size_t i = 0; checks[i] != NULL; i++) {
		if (i > 0)
			buf_add_char(out, '\n');
		print_check(&p, checks[i], a);
	}
	page_close(&p);
}

/* ---- as JSON ----------------------------------------------------------- */

static json_t *
fact_json(const struct check *c, const struct fact_doc *fact, struct arena *a)
{
	struct slice rest = slice_str(fact->type), word;
	json_t *o = json_object(), *words = json_array();

	(void)json_object_set_new(o, "fact",
	    json_sprintf("%s.%s", c->name, fact->path));
	(void)json_object_set_new(o, "type",
	    json_string(is_words(fact) ? "word" : fact->type));
	while (is_words(fact) && rest.p != NULL) {
		(void)slice_cut(rest, '|', &word, &rest);
		if (word.n > 0)
			(void)json_array_append_new(words, check_json(word));
	}
	if (json_array_size(words) > 0)
		(void)json_object_set(o, "words", words);
	json_decref(words);
	(void)json_object_set_new(o, "meaning",
	    json_string(meaning_of(fact, a)));
	(void)json_object_set_new(o, "nullable",
	    json_boolean(checks_may_be_null(c, fact)));
	return o;
}

static json_t *
check_doc_json(const struct check *c, struct arena *a)
{
	json_t *o = json_object(), *facts = json_array();

	(void)json_object_set_new(o, "check", json_string(c->name));
	(void)json_object_set_new(o, "summary", json_string(c->summary));
	(void)json_object_set_new(o, "standards", json_string(c->standards));
	for (size_t i = 0; c->facts[i].path != NULL; i++)
		(void)json_array_append_new(facts,
		    fact_json(c, &c->facts[i], a));
	(void)json_object_set_new(o, "facts", facts);
	return o;
}

static void
print_json(struct buf *out, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; checks[i] != NULL; i++)
		(void)json_array_append_new(list, check_doc_json(checks[i], a));
	json_text(out, list, (struct json_layout){ .indent = 2 });
	buf_add_char(out, '\n');
	json_decref(list);
}

enum exit_status
cmd_checks(const struct settings *s, struct arena *a)
{
	enum exit_status status;
	struct buf out;

	buf_init(&out, LIMIT_RENDERED);
	if (s->format == FORMAT_JSON)
		print_json(&out, a);
	else
		print_text(s, &out, a);
	status = print_out(&out);
	buf_free(&out);
	return status;
}
