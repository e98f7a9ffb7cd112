/*
 *  path  = name *("." name / "[]")
 *  type  = "bool" / "number" / "text" / "list" / "object" / words
 *  words = word *("|" word)           ; of one word: word "|"
 *  word  = 1*OCTET ["*"]              ; "*": any octets
 *
 * All that begins a path and ends before a "." or a "[]" is found too: a group
 * of facts, a list, an element of one.
 */
#include "rules/fact.h"

#include "base/hash.h"
#include "rules/compile.h"

struct facts {
	struct fact **table; /* open addressing; NULL: free */
	size_t mask;
	size_t n;
	const struct fact_row *rows;
	size_t n_rows;
};

static const struct {
	const char *type;
	enum fact_kind kind;
} kinds[] = {
	{ "bool", FACT_BOOL },
	{ "number", FACT_NUMBER },
	{ "text", FACT_TEXT },
	{ "list", FACT_LIST },
	{ "object", FACT_GROUP },
};

const char *
fact_kind_text(enum fact_kind k)
{
	static const char *const texts[] = {
		[FACT_ANY] = "one fact",
		[FACT_BOOL] = "yes or no",
		[FACT_NUMBER] = "a number",
		[FACT_TEXT] = "a text",
		[FACT_LIST] = "a list",
		[FACT_GROUP] = "a group of facts",
	};

	return texts[k];
}

/* --- making --------------------------------------------------------------- */

static struct fact **
place_of(const struct facts *f, struct slice path)
{
	size_t i = (size_t)hash64(path, 0) & f->mask;

	while (f->table[i] != NULL && !slice_eq(f->table[i]->path, path))
		i = (i + 1) & f->mask;
	return &f->table[i];
}

/* There is room: table_size() saw to it. */
static struct fact *
fact_at(struct arena *a, struct facts *f, struct slice path)
{
	struct fact **place = place_of(f, path);

	if (*place == NULL) {
		*place = arena_new_of(a, struct fact, 1);
		if (*place != NULL)
			(*place)->path = path;
	}
	return *place;
}

static void
set_type(struct fact *fact, const char *type)
{
	fact->named = true;
	if (type == NULL || fact->kind != FACT_ANY)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(type, kinds[i].type) == 0) {
			fact->kind = kinds[i].kind;
			return;
		}
	}
	fact->kind = FACT_TEXT;
	fact->words = slice_str(type);
}

/* The row, and all that stands above it. */
static enum rc
add_row(struct arena *a, struct facts *f, const struct fact_row *row)
{
	struct slice path = slice_str(row->path);
	struct fact *fact, *list = NULL;
	size_t at;

	for (at = 0; at <= path.n; at++) {
		if (at < path.n && path.p[at] != '.' && path.p[at] != '[')
			continue;
		fact = fact_at(a, f, slice_sub(path, 0, at));
		if (fact == NULL)
			return RC_NOMEM;
		if (list != NULL)
			list->element = fact;
		list = NULL;
		if (at == path.n) {
			set_type(fact, row->type);
			fact->sure = row->sure;
		} else if (path.p[at] == '.') {
			fact->kind = FACT_GROUP;
			fact->below = true;
		} else {
			fact->kind = FACT_LIST;
			list = fact;
			at++; /* to the "]" */
		}
	}
	return RC_OK;
}

/* Twice as many places as there can be facts. */
static size_t
table_size(const struct fact_row *rows)
{
	size_t n = 1, size = 16;

	for (; rows->path != NULL; rows++) {
		n++;
		for (const char *p = rows->path; *p != '\0'; p++)
			n += *p == '.' || *p == '[';
	}
	while (size < 2 * n)
		size *= 2;
	return size;
}

enum rc
facts_new(struct arena *a, const struct fact_row *rows,
    const struct facts **out)
{
	struct facts *f = arena_new_of(a, struct facts, 1);
	size_t size = table_size(rows);
	enum rc rc = RC_OK;

	if (f == NULL)
		return RC_NOMEM;
	f->mask = size - 1;
	f->rows = rows;
	f->table = arena_new_of(a, struct fact *, size);
	if (f->table == NULL)
		return RC_NOMEM;
	for (; rc == RC_OK && rows[f->n_rows].path != NULL; f->n_rows++)
		rc = add_row(a, f, &rows[f->n_rows]);
	*out = f;
	return rc;
}

/* --- finding -------------------------------------------------------------- */

const struct fact *
facts_find(const struct facts *f, struct slice path)
{
	return *place_of(f, path);
}

/* Of a list its elements, of a group its facts. */
static bool
is_unsaid(const struct fact *f, unsigned char next)
{
	if (f == NULL || !f->named)
		return false;
	if (next == '[')
		return f->element == NULL &&
		       (f->kind == FACT_LIST || f->kind == FACT_ANY);
	return f->kind == FACT_GROUP && !f->below;
}

bool
facts_unsaid(const struct facts *f, struct slice path)
{
	for (size_t at = 0; at < path.n; at++) {
		if ((path.p[at] == '.' || path.p[at] == '[') &&
		    is_unsaid(facts_find(f, slice_sub(path, 0, at)),
			path.p[at]))
			return true;
	}
	return false;
}

const char *
facts_suggest(struct arena *a, const struct facts *f, struct slice path)
{
	const char **names = arena_new_of(a, const char *, f->n_rows + 1);

	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < f->n_rows; i++)
		names[i] = f->rows[i].path;
	return compile_suggest(a, path, names);
}

/* --- words ---------------------------------------------------------------- */

static bool
word_is(struct slice word, struct slice text)
{
	if (word.n > 0 && word.p[word.n - 1] == '*')
		return slice_starts(text, slice_sub(word, 0, word.n - 1));
	return word.n > 0 && slice_eq(word, text);
}

bool
fact_may_be(const struct fact *fact, struct slice text)
{
	struct slice rest = fact->words, word;

	if (rest.p == NULL)
		return true;
	while (rest.p != NULL) {
		(void)slice_cut(rest, '|', &word, &rest);
		if (word_is(word, text))
			return true;
	}
	return false;
}

struct slice
fact_words_text(struct arena *a, struct slice words)
{
	struct slice text = SLICE_LIT(""), word, rest = words;
	const char *between = "";

	while (rest.p != NULL && text.p != NULL) {
		(void)slice_cut(rest, '|', &word, &rest);
		if (word.n > 0)
			text = arena_slicef(a, "%.*s%s%.*s", SLICE_FMT(text),
			    between, SLICE_FMT(word));
		between =
		    rest.n > 0 && slice_find(rest, SLICE_LIT("|")) == SIZE_MAX
			? " or "
			: ", ";
	}
	return text;
}
