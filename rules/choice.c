#include "rules/choice.h"

enum rc
choice_path(struct compile *c, struct slice name, size_t at, struct path *out)
{
	struct slice path = arena_slicef(c->arena, "it.%.*s", SLICE_FMT(name));

	if (path.p == NULL)
		return RC_NOMEM;
	return path_compile(c, at, path, PATH_TEXT, out);
}

enum rc
choice_parse(struct compile *c, struct slice text, size_t at,
    struct choice *out)
{
	struct slice name, rest, word;

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
	return choice_path(c, name, at, &out->path);
}

static struct slice
word_of(const json_t *j)
{
	if (json_is_boolean(j))
		return json_is_true(j) ? SLICE_LIT("yes") : SLICE_LIT("no");
	return slice_of(json_string_value(j), json_string_length(j));
}

bool
choice_takes(const struct choice *c, const json_t *item)
{
	struct slice rest = c->words, word, is;

	if (c->words.p == NULL)
		return true;
	is = word_of(path_find(&c->path, NULL, item));
	while (rest.p != NULL) {
		(void)slice_cut(rest, ',', &word, &rest);
		if (slice_eq(slice_trim(word), is))
			return true;
	}
	return false;
}
