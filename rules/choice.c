#include "rules/choice.h"

#include <stdio.h>

#include "rules/type.h"

enum { NUMBER_ROOM = 24 };

enum rc
choice_path(struct compile *c, struct slice name, size_t at, struct path *out)
{
	struct slice path = arena_slicef(c->arena, "it.%.*s", SLICE_FMT(name));

	if (path.p == NULL)
		return RC_NOMEM;
	return path_compile(c, at, path, PATH_TEXT, out);
}

static enum rc
check_number(struct compile *c, const struct fact *fact, struct slice word,
    size_t at)
{
	uint64_t n;

	if (slice_number(word, INT64_MAX, &n))
		return RC_OK;
	return compile_fail(c, at,
	    arena_slicef(c->arena,
		"expected a number, as \"%.*s\" is; found \"%.*s\"",
		SLICE_FMT(compile_quote(fact->path)),
		SLICE_FMT(compile_quote(word))));
}

/* Whether the fact can be any of the words; at: where they begin. */
static enum rc
check_words(struct compile *c, const struct choice *choice, size_t at)
{
	const struct fact *fact = choice->path.fact;
	struct slice rest = choice->words, word;
	enum rc rc = RC_OK;

	while (rc == RC_OK && rest.p != NULL) {
		struct fact f = fact != NULL ? *fact : (struct fact){ 0 };
		size_t here = at + slice_offset(choice->words, rest);

		if (f.kind == FACT_BOOL)
			f.words = SLICE_LIT("yes|no");
		(void)slice_cut(rest, ',', &word, &rest);
		rc = f.kind == FACT_NUMBER
			 ? check_number(c, &f, slice_trim(word), here)
			 : type_check_words(c, &f, slice_trim(word), here);
	}
	return rc;
}

enum rc
choice_parse(struct compile *c, struct slice text, size_t at,
    struct choice *out)
{
	struct slice name, rest, word;
	enum rc rc;

	if (text.n == 0)
		return RC_OK;
	if (!slice_cut(text, '=', &name, &out->words) ||
	    path_length(name) != name.n)
		return compile_fail(c, at,
		    SLICE_LIT("expected FACT=WORD or \"]\""));
	rest = out->words;
	do {
		(void)slice_cut(rest, ',', &word, &rest);
		if (slice_trim(word).n == 0)
			return compile_fail(c, at + name.n + 1,
			    SLICE_LIT("expected words with commas between"));
	} while (rest.p != NULL);
	rc = choice_path(c, name, at, &out->path);
	return rc ? rc : check_words(c, out, at + name.n + 1);
}

/* The word of a fact; room: for that of a number. */
static struct slice
word_of(const json_t *j, char *room, size_t n)
{
	if (json_is_boolean(j))
		return json_is_true(j) ? SLICE_LIT("yes") : SLICE_LIT("no");
	if (!json_is_integer(j))
		return slice_of(json_string_value(j), json_string_length(j));
	(void)snprintf(room, n, "%" JSON_INTEGER_FORMAT, json_integer_value(j));
	return slice_str(room);
}

bool
choice_takes(const struct choice *c, const json_t *item)
{
	struct slice rest = c->words, word, is;
	char room[NUMBER_ROOM];

	if (c->words.p == NULL)
		return true;
	is = word_of(path_find(&c->path, NULL, item), room, sizeof(room));
	while (rest.p != NULL) {
		(void)slice_cut(rest, ',', &word, &rest);
		if (slice_eq(slice_trim(word), is))
			return true;
	}
	return false;
}
