#ifndef MESSAGE_TOKEN_H
#define MESSAGE_TOKEN_H

#include "base/cursor.h"
#include "message/address.h"

/* Lexical tokens of RFC 5322 3.2, for addresses. */
enum token_kind {
	TOKEN_END,
	TOKEN_ATOM,    /* no dots in it */
	TOKEN_QUOTED,  /* text is without the quotes */
	TOKEN_LITERAL, /* [...], text is with the brackets */
	TOKEN_SPECIAL, /* text is the one octet */
	TOKEN_FAULT,
};

struct token {
	enum token_kind kind;
	struct slice text;
	size_t at;
	size_t end;
	bool blank; /* a comment or white space stands before it */
	enum address_fault fault;
	bool obsolete; /* controls of obs-qtext, obs-ctext, obs-qp, obs-dtext */
};

/* The next token.  A fault does not move on: it comes again. */
struct token token_next(struct cursor *);

static inline bool
token_is(const struct token *t, unsigned char special)
{
	return t->kind == TOKEN_SPECIAL && t->text.p[0] == special;
}

static inline bool
token_is_word(const struct token *t)
{
	return t->kind == TOKEN_ATOM || t->kind == TOKEN_QUOTED;
}

#endif
