#ifndef RULES_LEXER_H
#define RULES_LEXER_H

#include "base/slice.h"

enum token_kind {
	TOKEN_END,
	TOKEN_WORD, /* a path or a word of the language */
	TOKEN_TEXT,
	TOKEN_NUMBER,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_OPEN_SET,
	TOKEN_CLOSE_SET,
	TOKEN_COMMA,
	TOKEN_EQ,
	TOKEN_NE,
	TOKEN_LT,
	TOKEN_LE,
	TOKEN_GT,
	TOKEN_GE,
	TOKEN_UNENDED, /* a text without its closing quote */
	TOKEN_STRANGE, /* an octet that begins nothing */
};

struct token {
	enum token_kind kind;
	size_t at;
	struct slice text; /* as it is written */
};

/* The token at or after an offset; white space before it is passed over. */
struct token lexer_next(struct slice text, size_t at);

#endif
