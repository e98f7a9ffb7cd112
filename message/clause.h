#ifndef MESSAGE_CLAUSE_H
#define MESSAGE_CLAUSE_H

#include "base/arena.h"
#include "base/cursor.h"

/*
 * What the fields are made of that receivers write (RFC 8601 2.2, RFC 7208
 * 9.1): comments, words, quoted strings.  All of them take what is there, and
 * say false or set *open when its end is missing.
 */

/* A comment, from its "(", with those in it; text is what stands inside. */
bool clause_comment(struct cursor *, struct slice *text);

/* Up to white space or one of the stops. */
struct slice clause_word(struct cursor *, const char *stops);

/* A quoted-string, from its quote, as it stands between the quotes. */
struct slice clause_extent(struct cursor *, bool *open);

/*
 * The same without backslashes and line ends; one that
 * is open goes to the end.  Nothing past the arena's ceiling.
 */
struct slice clause_quoted(struct arena *, struct cursor *, bool *open);

#endif
