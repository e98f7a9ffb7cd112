/*
 * The language of rules.
 *
 *  expression = conjunct *("or" conjunct)
 *  conjunct   = negation *("and" negation)
 *  negation   = "not" negation / test
 *  test       = "(" expression ")"
 *             / ("all" / "any") "(" path "," expression ")"
 *             / "under" "(" operand "," operand ")"
 *             / operand [relation operand / "in" (set / path) / "exists" /
 *               "matches" text]
 *  relation   = "==" / "!=" / "<" / "<=" / ">" / ">="
 *  set        = "[" literal *("," literal) "]"
 *  operand    = path / literal / "count" "(" path ")"
 *  literal    = text / number / "true" / "false" / "null"
 *
 * White space stands anywhere between; path, text and number are those of
 * path.c and lexer.c.  A path alone is true when the fact is true.
 *
 * Order (< <= > >=) is for numbers and for versions: texts such as "TLSv1.2",
 * letters that end in "v" and then numbers, of which two compare when the
 * letters are the same.  What can never be so by what the facts are is an error
 * (type.c); what they turn out to be is judged in eval.c.
 */
#include "base/limits.h"
#include "rules/ast.h"
#include "rules/expr.h"
#include "rules/lexer.h"
#include "rules/literal.h"
#include "rules/type.h"

struct parser {
	struct compile *c;
	struct slice text;
	struct token tok;
	struct expr *expr;
	unsigned int depth;
	enum rc rc; /* the first failure sticks */
};

static const struct node *parse_or(struct parser *);

static const char *const words[] = { "and", "or", "not", "in", "exists",
	"matches", "all", "any", "count", "under", "true", "false", "null",
	NULL };

static void
advance(struct parser *p)
{
	p->tok = lexer_next(p->text, p->tok.at + p->tok.text.n);
}

static void
fail_at(struct parser *p, size_t at, struct slice what)
{
	if (p->rc == RC_OK)
		p->rc = compile_fail(p->c, at, what);
}

static void
out_of_memory(struct parser *p)
{
	fail_at(p, 0, SLICE_NONE);
}

/* "expected X, found Y" at the token that is there. */
static void
expected(struct parser *p, const char *what)
{
	const struct token *t = &p->tok;

	if (t->kind == TOKEN_UNENDED)
		fail_at(p, t->at,
		    SLICE_LIT("a text without its closing quote"));
	else if (t->kind == TOKEN_END)
		fail_at(p, t->at,
		    arena_slicef(p->c->arena, "expected %s, found the end",
			what));
	else
		fail_at(p, t->at,
		    arena_slicef(p->c->arena, "expected %s, found %.*s", what,
			SLICE_FMT(compile_quote(t->text))));
}

static bool
at_word(const struct parser *p, const char *word)
{
	return p->tok.kind == TOKEN_WORD &&
	       slice_eq(p->tok.text, slice_str(word));
}

static bool
take_word(struct parser *p, const char *word)
{
	if (!at_word(p, word))
		return false;
	advance(p);
	return true;
}

static bool
take(struct parser *p, enum token_kind kind, const char *what)
{
	if (p->rc != RC_OK)
		return false;
	if (p->tok.kind != kind) {
		expected(p, what);
		return false;
	}
	advance(p);
	return true;
}

static struct node *
node_new(struct parser *p, enum node_kind kind)
{
	struct node *n = arena_new_of(p->c->arena, struct node, 1);

	if (n == NULL)
		out_of_memory(p);
	else
		n->kind = kind;
	return n;
}

static bool
is_word_of_language(struct slice s)
{
	for (const char *const *w = words; *w != NULL; w++) {
		if (slice_eq(s, slice_str(*w)))
			return true;
	}
	return false;
}

/* Keeps the fact for expr_paths(), once. */
static void
remember(struct parser *p, struct slice shown)
{
	struct expr *e = p->expr;
	struct slice *more;

	for (size_t i = 0; i < e->n_paths; i++) {
		if (slice_eq(e->paths[i], shown))
			return;
	}
	if (e->n_paths >= LIMIT_EXPRESSION_FACTS) {
		fail_at(p, p->tok.at,
		    SLICE_LIT("the expression names too many facts"));
		return;
	}
	more = arena_grow(p->c->arena, e->paths, e->n_paths, &e->cap_paths,
	    sizeof(*more));
	if (more == NULL) {
		out_of_memory(p);
		return;
	}
	e->paths = more;
	e->paths[e->n_paths++] = shown;
}

static void
parse_path(struct parser *p, enum path_use use, struct path *out)
{
	enum rc rc;

	if (p->rc != RC_OK)
		return;
	if (p->tok.kind != TOKEN_WORD || is_word_of_language(p->tok.text)) {
		expected(p, "a fact");
		return;
	}
	rc = path_compile(p->c, p->tok.at, p->tok.text, use, out);
	if (rc) {
		p->rc = rc;
		return;
	}
	remember(p, out->shown);
	advance(p);
}

/* --- literals and operands ------------------------------------------------ */

/* False when what is there is no literal. */
static bool
parse_literal(struct parser *p, struct literal *out)
{
	enum rc rc;

	if (!literal_is(&p->tok))
		return false;
	rc = literal_read(p->c, &p->tok, out);
	if (p->rc == RC_OK)
		p->rc = rc;
	if (p->rc == RC_OK)
		advance(p);
	return true;
}

static void
parse_operand(struct parser *p, struct operand *out, enum path_use use)
{
	*out = (struct operand){ .kind = OPERAND_LITERAL, .at = p->tok.at };
	if (p->rc != RC_OK || parse_literal(p, &out->literal))
		return;
	if (take_word(p, "count")) {
		out->kind = OPERAND_COUNT;
		if (take(p, TOKEN_OPEN, "\"(\""))
			parse_path(p, PATH_LIST, &out->path);
		(void)take(p, TOKEN_CLOSE, "\")\"");
		return;
	}
	out->kind = OPERAND_PATH;
	if (p->tok.kind != TOKEN_WORD || is_word_of_language(p->tok.text))
		expected(p, "a fact or a value");
	else
		parse_path(p, use, &out->path);
}

/* --- tests ---------------------------------------------------------------- */

static bool
relation_of(enum token_kind kind, enum relation *out)
{
	static const struct {
		enum token_kind kind;
		enum relation relation;
	} rows[] = {
		{ TOKEN_EQ, REL_EQ },
		{ TOKEN_NE, REL_NE },
		{ TOKEN_LT, REL_LT },
		{ TOKEN_LE, REL_LE },
		{ TOKEN_GT, REL_GT },
		{ TOKEN_GE, REL_GE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].kind == kind) {
			*out = rows[i].relation;
			return true;
		}
	}
	return false;
}

static void
parse_set(struct parser *p, struct node *n)
{
	struct literal *set = NULL, *more;
	size_t cap = 0;

	do {
		advance(p); /* the bracket or the comma */
		more =
		    arena_grow(p->c->arena, set, n->n_set, &cap, sizeof(*set));
		if (more == NULL) {
			out_of_memory(p);
			return;
		}
		set = more;
		if (!parse_literal(p, &set[n->n_set])) {
			expected(p, "a value");
			return;
		}
		n->n_set++;
	} while (p->rc == RC_OK && p->tok.kind == TOKEN_COMMA);
	n->set = set;
	(void)take(p, TOKEN_CLOSE_SET, "\",\" or \"]\"");
}

static void
parse_in(struct parser *p, struct node *n)
{
	if (p->tok.kind == TOKEN_OPEN_SET) {
		if (n->left.kind == OPERAND_LITERAL)
			fail_at(p, n->left.at,
			    SLICE_LIT("expected a fact before \"in [\""));
		n->kind = NODE_IN_SET;
		parse_set(p, n);
		return;
	}
	n->kind = NODE_IN_LIST;
	n->right = (struct operand){ .kind = OPERAND_PATH, .at = p->tok.at };
	if (p->tok.kind != TOKEN_WORD || is_word_of_language(p->tok.text))
		expected(p, "\"[\" or a list of facts");
	else
		parse_path(p, PATH_LIST, &n->right.path);
}

static void
parse_matches(struct parser *p, struct node *n)
{
	struct token t = p->tok;
	struct literal pattern = { 0 };
	size_t base = p->c->base;
	enum rc rc;

	n->kind = NODE_MATCHES;
	if (n->left.kind != OPERAND_PATH) {
		fail_at(p, n->left.at,
		    SLICE_LIT("expected a fact before \"matches\""));
		return;
	}
	if (t.kind != TOKEN_TEXT) {
		expected(p, "a regular expression in quotes");
		return;
	}
	(void)parse_literal(p, &pattern);
	if (p->rc != RC_OK)
		return;
	n->right = (struct operand){ .literal = pattern, .at = t.at };
	n->right.kind = OPERAND_LITERAL;
	p->c->base = 0;
	rc = regex_compile(p->c, pattern.text, &n->regex);
	p->c->base = base;
	if (rc == RC_INVALID)
		p->c->at = base + t.at + literal_offset(t.text, p->c->at);
	if (rc)
		p->rc = rc;
}

/* Of a fact of several parts only whether it exists may be asked. */
static enum path_use
use_ahead(const struct parser *p)
{
	struct token next = lexer_next(p->text, p->tok.at + p->tok.text.n);

	if (next.kind == TOKEN_EQ || next.kind == TOKEN_NE) {
		next = lexer_next(p->text, next.at + next.text.n);
		if (slice_eq(next.text, SLICE_LIT("null")))
			return PATH_ANYTHING;
	}
	return slice_eq(next.text, SLICE_LIT("exists")) ? PATH_ANYTHING
							: PATH_VALUE;
}

/* What has been read of a test must make sense. */
static const struct node *
sensible(struct parser *p, const struct node *n)
{
	if (p->rc == RC_OK)
		p->rc = type_check(p->c, n);
	return p->rc == RC_OK ? n : NULL;
}

static const struct node *
parse_comparison(struct parser *p)
{
	struct node *n = node_new(p, NODE_IS);

	if (n == NULL)
		return NULL;
	parse_operand(p, &n->left, use_ahead(p));
	if (p->rc != RC_OK)
		return NULL;
	if (relation_of(p->tok.kind, &n->relation)) {
		n->kind = NODE_COMPARE;
		advance(p);
		parse_operand(p, &n->right, PATH_VALUE);
	} else if (take_word(p, "in")) {
		parse_in(p, n);
	} else if (take_word(p, "matches")) {
		parse_matches(p, n);
	} else if (take_word(p, "exists")) {
		n->kind = NODE_EXISTS;
		if (n->left.kind != OPERAND_PATH)
			fail_at(p, n->left.at,
			    SLICE_LIT("expected a fact before \"exists\""));
	}
	return sensible(p, n);
}

static const struct node *
parse_quantifier(struct parser *p, enum node_kind kind)
{
	struct node *n = node_new(p, kind);
	struct slice outer = p->c->each;

	if (n == NULL || !take(p, TOKEN_OPEN, "\"(\""))
		return NULL;
	n->left = (struct operand){ .kind = OPERAND_PATH, .at = p->tok.at };
	n->kids = arena_new_of(p->c->arena, const struct node *, 1);
	if (n->kids == NULL)
		out_of_memory(p);
	parse_path(p, PATH_LIST, &n->left.path);
	if (!take(p, TOKEN_COMMA, "\",\""))
		return NULL;
	p->c->each = n->left.path.shown;
	n->kids[0] = parse_or(p);
	n->n_kids = 1;
	p->c->each = outer;
	return take(p, TOKEN_CLOSE, "\")\"") ? n : NULL;
}

static const struct node *
parse_under(struct parser *p)
{
	struct node *n = node_new(p, NODE_UNDER);

	if (n == NULL || !take(p, TOKEN_OPEN, "\"(\""))
		return NULL;
	parse_operand(p, &n->left, PATH_VALUE);
	(void)take(p, TOKEN_COMMA, "\",\"");
	parse_operand(p, &n->right, PATH_VALUE);
	if (!take(p, TOKEN_CLOSE, "\")\""))
		return NULL;
	return sensible(p, n);
}

static const struct node *
parse_test(struct parser *p)
{
	const struct node *n;

	if (p->tok.kind == TOKEN_OPEN) {
		advance(p);
		n = parse_or(p);
		return take(p, TOKEN_CLOSE, "\")\"") ? n : NULL;
	}
	if (take_word(p, "all"))
		return parse_quantifier(p, NODE_ALL);
	if (take_word(p, "any"))
		return parse_quantifier(p, NODE_ANY);
	if (take_word(p, "under"))
		return parse_under(p);
	return parse_comparison(p);
}

/* --- and, or, not --------------------------------------------------------- */

static bool
deeper(struct parser *p)
{
	if (p->rc == RC_OK && p->depth >= LIMIT_EXPRESSION_DEPTH)
		fail_at(p, p->tok.at,
		    SLICE_LIT("the expression is nested too deeply"));
	if (p->rc != RC_OK)
		return false;
	p->depth++;
	return true;
}

static const struct node *
parse_not(struct parser *p)
{
	const struct node *inner;
	struct node *n;

	if (!at_word(p, "not"))
		return parse_test(p);
	if (!deeper(p))
		return NULL;
	advance(p);
	inner = parse_not(p);
	p->depth--;
	n = p->rc == RC_OK ? node_new(p, NODE_NOT) : NULL;
	if (n == NULL)
		return NULL;
	n->kids = arena_new_of(p->c->arena, const struct node *, 1);
	if (n->kids == NULL) {
		out_of_memory(p);
		return NULL;
	}
	n->kids[0] = inner;
	n->n_kids = 1;
	return n;
}

/* One or more terms with a word between them. */
static const struct node *
parse_chain(struct parser *p, enum node_kind kind, const char *word,
    const struct node *(*term)(struct parser *))
{
	const struct node *first = term(p), **more;
	struct node *n;
	size_t cap = 1;

	if (p->rc != RC_OK || !at_word(p, word))
		return first;
	n = node_new(p, kind);
	if (n == NULL)
		return NULL;
	n->kids = arena_new_of(p->c->arena, const struct node *, cap);
	if (n->kids == NULL) {
		out_of_memory(p);
		return NULL;
	}
	n->kids[n->n_kids++] = first;
	while (p->rc == RC_OK && take_word(p, word)) {
		more = arena_grow(p->c->arena, n->kids, n->n_kids, &cap,
		    sizeof(*more));
		if (more == NULL) {
			out_of_memory(p);
			return NULL;
		}
		n->kids = more;
		n->kids[n->n_kids++] = term(p);
	}
	return n;
}

static const struct node *
parse_and(struct parser *p)
{
	return parse_chain(p, NODE_AND, "and", parse_not);
}

static const struct node *
parse_or(struct parser *p)
{
	const struct node *n;

	if (!deeper(p))
		return NULL;
	n = parse_chain(p, NODE_OR, "or", parse_and);
	p->depth--;
	return n;
}

enum rc
expr_parse(struct compile *c, struct slice text, const struct expr **out)
{
	struct parser p = { .c = c, .text = text };

	p.expr = arena_new_of(c->arena, struct expr, 1);
	if (p.expr == NULL)
		return RC_NOMEM;
	p.tok = lexer_next(text, 0);
	p.expr->root = parse_or(&p);
	if (p.rc == RC_OK && p.tok.kind != TOKEN_END)
		expected(&p, "\"and\", \"or\" or the end");
	if (p.rc == RC_OK)
		*out = p.expr;
	return p.rc;
}
