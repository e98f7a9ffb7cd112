#ifndef RULES_AST_H
#define RULES_AST_H

#include "rules/path.h"
#include "rules/regex.h"

/* A compiled expression: the parser makes it, evaluator and printer read it. */

enum literal_kind { LITERAL_NULL, LITERAL_BOOL, LITERAL_NUMBER, LITERAL_TEXT };

struct literal {
	enum literal_kind kind;
	bool truth;
	double number;
	struct slice text; /* decoded; of a number, as it is written */
	size_t at;
};

enum operand_kind { OPERAND_PATH, OPERAND_COUNT, OPERAND_LITERAL };

struct operand {
	enum operand_kind kind;
	struct path path;
	struct literal literal;
	size_t at;
};

enum node_kind {
	NODE_OR,
	NODE_AND,
	NODE_NOT,
	NODE_ALL,
	NODE_ANY,
	NODE_UNDER,
	NODE_IS, /* a fact or a bool alone */
	NODE_COMPARE,
	NODE_IN_SET,
	NODE_IN_LIST,
	NODE_EXISTS,
	NODE_MATCHES,
};

enum relation { REL_EQ, REL_NE, REL_LT, REL_LE, REL_GT, REL_GE };

struct node {
	enum node_kind kind;
	const struct node **kids; /* of or, and; the one of not, all, any */
	size_t n_kids;
	enum relation relation;
	struct operand left; /* all, any: the list */
	struct operand right;
	const struct literal *set;
	size_t n_set;
	const struct regex *regex;
};

struct expr {
	const struct node *root;
	struct slice *paths;
	size_t n_paths;
	size_t cap_paths;
};

#endif
