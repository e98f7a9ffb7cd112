#include "checks/zone/zone_lexer.h"

#include "base/limits.h"

/*
 * entry  = *word [";" comment] newline
 * word   = 1*(escape / any but blank, newline, ";", DQUOTE, "(", ")")
 *        / DQUOTE *(escape / any but DQUOTE, newline) DQUOTE
 * escape = "\" 3DIGIT / "\" any
 *
 * Between parentheses a newline is a blank.  A quoted string ends with its
 * line at the latest, as in BIND: so one that is not closed spoils one record.
 */

void
zone_lexer_init(struct zone_lexer *l, struct arena *a, struct slice text)
{
	*l = (struct zone_lexer){ .arena = a, .c = cursor_of(text), .line = 1 };
	/* A byte order mark, as Windows' editors put it. */
	if (slice_starts(text, SLICE_LIT("\xEF\xBB\xBF")))
		(void)cursor_bytes(&l->c, 3);
	l->line_start = l->c.at;
}

static struct zone_place
here(const struct zone_lexer *l)
{
	return (struct zone_place){ l->line, l->c.at - l->line_start + 1 };
}

static void
entry_fault(struct zone_entry *e, const char *what, struct zone_place at)
{
	if (e->fault != NULL)
		return;
	e->fault = what;
	e->fault_at = at;
}

static bool
is_blank(int ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r';
}

static bool
ends_word(int ch)
{
	return ch < 0 || ch == '\n' || is_blank(ch) || ch == ';' || ch == '"' ||
	       ch == '(' || ch == ')';
}

static bool
word_add(struct zone_lexer *l, const struct zone_word *w)
{
	struct zone_word *more =
	    arena_grow(l->arena, l->words, l->n, &l->cap, sizeof(*more));

	if (more == NULL)
		return false;
	l->words = more;
	l->words[l->n++] = *w;
	return true;
}

/* A backslash takes the octet behind it along, but for a line's end. */
static void
take_octet(struct zone_lexer *l)
{
	if (cursor_u8(&l->c) == '\\' && cursor_peek(&l->c) >= 0 &&
	    cursor_peek(&l->c) != '\n')
		(void)cursor_u8(&l->c);
}

static bool
take_word(struct zone_lexer *l)
{
	struct zone_word w = { .at = here(l) };
	size_t start = l->c.at;

	while (!ends_word(cursor_peek(&l->c)))
		take_octet(l);
	w.raw = slice_sub(l->c.all, start, l->c.at - start);
	return word_add(l, &w);
}

static bool
take_string(struct zone_lexer *l, struct zone_entry *e)
{
	struct zone_word w = { .quoted = true, .at = here(l) };
	size_t start = l->c.at + 1;
	int ch;

	(void)cursor_u8(&l->c);
	while ((ch = cursor_peek(&l->c)) >= 0 && ch != '"' && ch != '\n')
		take_octet(l);
	w.raw = slice_sub(l->c.all, start, l->c.at - start);
	if (!cursor_skip(&l->c, '"'))
		entry_fault(e, "a quote is not closed on its line", w.at);
	return word_add(l, &w);
}

static void
take_comment(struct zone_lexer *l, struct zone_entry *e)
{
	size_t start = l->c.at;
	bool follows = start > l->begun && !ends_word(l->c.all.p[start - 1]);

	while (cursor_peek(&l->c) >= 0 && cursor_peek(&l->c) != '\n')
		(void)cursor_u8(&l->c);
	if (follows && e->tail.p == NULL)
		e->tail = slice_sub(l->c.all, start, l->c.at - start);
}

static void
take_parenthesis(struct zone_lexer *l, struct zone_entry *e)
{
	struct zone_place at = here(l);

	if (cursor_u8(&l->c) == '(') {
		/* So many that are left open cost the square of the file. */
		if (l->unclosed >= LIMIT_PROBLEMS)
			return;
		if (l->depth++ == 0)
			l->opened = at;
	} else if (l->depth > 0) {
		l->depth--;
	} else {
		entry_fault(e, "a \")\" closes nothing", at);
	}
}

static void
take_newline(struct zone_lexer *l)
{
	(void)cursor_u8(&l->c);
	l->line++;
	l->line_start = l->c.at;
	if (l->second == 0)
		l->second = l->c.at;
}

/* The first line was all of it: what follows is read again by itself. */
static void
give_up_parenthesis(struct zone_lexer *l, struct zone_entry *e, size_t line)
{
	entry_fault(e, "a \"(\" is never closed", l->opened);
	l->unclosed++;
	l->depth = 0;
	if (l->second == 0)
		return;
	l->c = cursor_at(l->c.all, l->second);
	l->line = line + 1;
	l->line_start = l->second;
}

/* One step; false: the entry is over. */
static bool
step(struct zone_lexer *l, struct zone_entry *e)
{
	switch (cursor_peek(&l->c)) {
	case -1:
		return false;
	case '\n':
		take_newline(l);
		return l->depth > 0 && l->c.at - l->begun <= LIMIT_ZONE_ENTRY;
	case ' ':
	case '\t':
	case '\r':
		(void)cursor_u8(&l->c);
		return true;
	case ';':
		take_comment(l, e);
		return true;
	case '(':
	case ')':
		take_parenthesis(l, e);
		return true;
	case '"':
		return take_string(l, e);
	default:
		return take_word(l);
	}
}

bool
zone_lexer_next(struct zone_lexer *l, struct zone_entry *e)
{
	while (!cursor_done(&l->c)) {
		size_t line = l->line;

		*e = (struct zone_entry){ 0 };
		l->n = l->depth = l->second = 0;
		l->begun = l->c.at;
		e->blank = is_blank(cursor_peek(&l->c));
		while (step(l, e))
			continue;
		if (arena_failed(l->arena))
			return false;
		if (l->depth > 0)
			give_up_parenthesis(l, e, line);
		e->words = l->words;
		e->n = l->n;
		if (e->n > 0 || e->fault != NULL)
			return true;
	}
	return false;
}
