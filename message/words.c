#include "message/words.h"

#include "base/fold.h"
#include "base/utf8.h"

/*
 * words   = *( comment / section / word ) LF each
 * comment = "#" *any
 * section = "[" kind 1*( SP language ) "]"
 * word    = 1*any [ "*" ]
 *
 * They are kept by a hash of their first three octets, so that text is gone
 * over once, whatever number of them there is.
 */
enum { HEADS = 4096, KEY = 3 };

struct word {
	struct word *next; /* of the same head */
	struct slice text; /* folded */
	enum words_kind kind;
	bool starts_whole; /* no letter may stand before it */
	bool ends_whole;   /* nor behind it */
};

struct words {
	struct word *heads[HEADS];
};

/* The key of a word, or of text that has so many octets. */
static size_t
head_of(const unsigned char *p)
{
	uint32_t key = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];

	return key * UINT32_C(2654435761) >> 20;
}

/* ---- made of the files ------------------------------------------------- */

static enum fold_class
first_class(struct slice s)
{
	size_t n;

	return s.n > 0 ? fold_class(utf8_next(s, &n)) : FOLD_OTHER;
}

/* Of the code point that ends there; a stray octet is no letter. */
static enum fold_class
last_class(struct slice s)
{
	size_t back = 1, n;

	while (back < s.n && back < 4 && (s.p[s.n - back] & 0xc0) == 0x80)
		back++;
	return s.n > 0 ? fold_class(utf8_next(slice_from(s, s.n - back), &n))
		       : FOLD_OTHER;
}

static void
words_add(struct arena *arena, struct words *words, struct slice line,
    enum words_kind kind)
{
	struct word *w = arena_new_of(arena, struct word, 1);
	bool open = slice_ends_nocase(line, SLICE_LIT("*"));
	size_t head;

	if (w == NULL)
		return;
	w->text = fold_text(arena, slice_sub(line, 0, line.n - (open ? 1 : 0)));
	if (w->text.n < KEY)
		return;
	w->kind = kind;
	w->starts_whole = first_class(w->text) == FOLD_LETTER;
	w->ends_whole = !open && last_class(w->text) == FOLD_LETTER;
	head = head_of(w->text.p);
	w->next = words->heads[head];
	words->heads[head] = w;
}

static void
words_read(struct arena *arena, struct words *words, struct slice text)
{
	enum words_kind kind = WORDS_NONE;
	struct slice line;

	while (slice_line(&text, &line)) {
		line = slice_trim(line);
		if (slice_starts(line, SLICE_LIT("[unsubscribe ")))
			kind = WORDS_UNSUBSCRIBE;
		else if (slice_starts(line, SLICE_LIT("[preferences ")))
			kind = WORDS_PREFERENCES;
		else if (line.n > 0 && line.p[0] != '#')
			words_add(arena, words, line, kind);
	}
}

const struct words *
words_new(struct arena *arena)
{
	struct words *words = arena_new_of(arena, struct words, 1);

	for (size_t i = 0; words != NULL && words_files[i].name != NULL; i++)
		words_read(arena, words,
		    slice_of(words_files[i].text, words_files[i].size));
	return arena_failed(arena) ? NULL : words;
}

/* ---- found in text ----------------------------------------------------- */

/* Whether it stands at this place of the text. */
static bool
word_is_at(const struct word *w, struct slice text, size_t at)
{
	if (!slice_starts(slice_from(text, at), w->text))
		return false;
	if (w->starts_whole &&
	    last_class(slice_sub(text, 0, at)) == FOLD_LETTER)
		return false;
	return !w->ends_whole ||
	       first_class(slice_from(text, at + w->text.n)) != FOLD_LETTER;
}

enum words_kind
words_find(const struct words *words, struct slice text)
{
	enum words_kind found = WORDS_NONE;
	const struct word *w;

	for (size_t at = 0; at + KEY <= text.n; at++) {
		w = words->heads[head_of(&text.p[at])];
		for (; w != NULL && found > WORDS_UNSUBSCRIBE; w = w->next)
			if (w->kind < found && word_is_at(w, text, at))
				found = w->kind;
	}
	return found;
}
