#include "rules/type.h"

#include "rules/version.h"

static const enum fact_kind literal_kinds[] = {
	[LITERAL_NULL] = FACT_ANY, /* any fact may be null */
	[LITERAL_BOOL] = FACT_BOOL,
	[LITERAL_NUMBER] = FACT_NUMBER,
	[LITERAL_TEXT] = FACT_TEXT,
};

static enum fact_kind
kind_of(const struct operand *o)
{
	switch (o->kind) {
	case OPERAND_LITERAL:
		return literal_kinds[o->literal.kind];
	case OPERAND_COUNT:
		return FACT_NUMBER;
	case OPERAND_PATH:
		break;
	}
	return o->path.fact != NULL ? o->path.fact->kind : FACT_ANY;
}

/* "dmarc.record", as the message names it. */
static struct slice
name_of(const struct operand *o)
{
	return compile_quote(o->path.source);
}

/* --- what is compared ----------------------------------------------------- */

/* The fact of an operand can never be that literal. */
static enum rc
check_literal(struct compile *c, const struct operand *o,
    const struct literal *l, size_t at)
{
	enum fact_kind is = kind_of(o), found = literal_kinds[l->kind];

	if (o->kind == OPERAND_COUNT && found != FACT_NUMBER)
		return compile_fail(c, at,
		    SLICE_LIT("a count is compared with a number"));
	if (is != FACT_ANY && found != FACT_ANY && is != found)
		return compile_fail(c, at,
		    arena_slicef(c->arena,
			"expected %s, as \"%.*s\" is; found %s",
			fact_kind_text(is), SLICE_FMT(name_of(o)),
			fact_kind_text(found)));
	if (found != FACT_TEXT || o->kind != OPERAND_PATH ||
	    o->path.fact == NULL)
		return RC_OK;
	return type_check_words(c, o->path.fact, l->text, at);
}

static enum rc
check_operands(struct compile *c, const struct node *n)
{
	const struct operand *l = &n->left, *r = &n->right;
	enum fact_kind a = kind_of(l), b = kind_of(r);

	if (r->kind == OPERAND_LITERAL)
		return check_literal(c, l, &r->literal, r->at);
	if (l->kind == OPERAND_LITERAL)
		return check_literal(c, r, &l->literal, l->at);
	if (a == FACT_ANY || b == FACT_ANY || a == b)
		return RC_OK;
	return compile_fail(c, r->at,
	    arena_slicef(c->arena,
		"expected %s, as \"%.*s\" is; \"%.*s\" is %s",
		fact_kind_text(a), SLICE_FMT(name_of(l)), SLICE_FMT(name_of(r)),
		fact_kind_text(b)));
}

/* Numbers have an order, and texts that are versions. */
static enum rc
check_ordered(struct compile *c, const struct operand *o)
{
	if (o->kind == OPERAND_LITERAL ? o->literal.kind == LITERAL_NUMBER ||
					     (o->literal.kind == LITERAL_TEXT &&
						 version_is(o->literal.text))
				       : kind_of(o) != FACT_BOOL)
		return RC_OK;
	return compile_fail(c, o->at,
	    SLICE_LIT("only numbers and versions such as \"TLSv1.2\" have an "
		      "order"));
}

static enum rc
check_compare(struct compile *c, const struct node *n)
{
	enum rc rc = RC_OK;

	if (n->left.kind == OPERAND_LITERAL && n->right.kind == OPERAND_LITERAL)
		return compile_fail(c, n->left.at,
		    SLICE_LIT("expected a fact on one side of a comparison"));
	if (n->relation != REL_EQ && n->relation != REL_NE) {
		rc = check_ordered(c, &n->left);
		if (rc == RC_OK)
			rc = check_ordered(c, &n->right);
	}
	return rc ? rc : check_operands(c, n);
}

/* --- the other tests ------------------------------------------------------ */

static enum rc
check_kind(struct compile *c, const struct operand *o, enum fact_kind wanted,
    const char *expected)
{
	enum fact_kind is = kind_of(o);

	if (is == FACT_ANY || is == wanted)
		return RC_OK;
	return compile_fail(c, o->at,
	    arena_slicef(c->arena, "expected %s; \"%.*s\" is %s", expected,
		SLICE_FMT(name_of(o)), fact_kind_text(is)));
}

static enum rc
check_set(struct compile *c, const struct node *n)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n->n_set; i++)
		rc = check_literal(c, &n->left, &n->set[i], n->set[i].at);
	return rc;
}

static enum rc
check_list(struct compile *c, const struct node *n)
{
	const struct fact *list = n->right.path.fact;
	struct operand element = n->right;
	struct node pair = { .left = n->left, .right = element };

	if (list == NULL || list->element == NULL || !list->element->named)
		return RC_OK;
	element.path.fact = list->element;
	if (n->left.kind == OPERAND_LITERAL)
		return check_literal(c, &element, &n->left.literal, n->left.at);
	pair.right = element;
	return check_operands(c, &pair);
}

static enum rc
check_under(struct compile *c, const struct node *n)
{
	enum rc rc = RC_OK;

	for (int i = 0; rc == RC_OK && i < 2; i++) {
		const struct operand *o = i == 0 ? &n->left : &n->right;

		if (o->kind == OPERAND_PATH)
			rc = check_kind(c, o, FACT_TEXT, "a domain");
		else if (o->kind == OPERAND_COUNT ||
			 o->literal.kind != LITERAL_TEXT)
			rc = compile_fail(c, o->at,
			    SLICE_LIT("expected a domain: a fact or a text"));
	}
	return rc;
}

static enum rc
check_alone(struct compile *c, const struct node *n)
{
	const struct operand *o = &n->left;

	if (o->kind == OPERAND_PATH)
		return check_kind(c, o, FACT_BOOL,
		    "a condition, or a fact that is yes or no");
	if (o->kind == OPERAND_LITERAL && o->literal.kind == LITERAL_BOOL)
		return RC_OK;
	return compile_fail(c, o->at,
	    SLICE_LIT("a value alone is no condition: compare it"));
}

enum rc
type_check(struct compile *c, const struct node *n)
{
	switch (n->kind) {
	case NODE_IS:
		return check_alone(c, n);
	case NODE_COMPARE:
		return check_compare(c, n);
	case NODE_IN_SET:
		return check_set(c, n);
	case NODE_IN_LIST:
		return check_list(c, n);
	case NODE_UNDER:
		return check_under(c, n);
	case NODE_MATCHES:
		return check_kind(c, &n->left, FACT_TEXT, "a text");
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT:
	case NODE_ALL:
	case NODE_ANY:
	case NODE_EXISTS:
		break;
	}
	return RC_OK;
}

/* --- words ---------------------------------------------------------------- */

enum rc
type_check_words(struct compile *c, const struct fact *fact, struct slice word,
    size_t at)
{
	struct slice words;

	if (fact == NULL || fact_may_be(fact, word))
		return RC_OK;
	words = fact_words_text(c->arena, fact->words);
	if (words.p == NULL)
		return RC_NOMEM;
	return compile_fail(c, at,
	    arena_slicef(c->arena, "\"%.*s\" is never \"%.*s\": expected %.*s",
		SLICE_FMT(compile_quote(fact->path)),
		SLICE_FMT(compile_quote(word)), SLICE_FMT(words)));
}
