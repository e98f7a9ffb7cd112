#include "rules/assume.h"

#include "rules/ast.h"

static bool
literal_same(const struct literal *a, const struct literal *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case LITERAL_NULL:
		return true;
	case LITERAL_BOOL:
		return a->truth == b->truth;
	case LITERAL_NUMBER:
	case LITERAL_TEXT:
		return slice_eq(a->text, b->text);
	}
	return false;
}

static bool
operand_same(const struct operand *a, const struct operand *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == OPERAND_LITERAL)
		return literal_same(&a->literal, &b->literal);
	return slice_eq(a->path.source, b->path.source);
}

static bool
set_same(const struct node *a, const struct node *b)
{
	if (a->n_set != b->n_set)
		return false;
	for (size_t i = 0; i < a->n_set; i++) {
		if (!literal_same(&a->set[i], &b->set[i]))
			return false;
	}
	return true;
}

/* Patterns are compiled each for itself, so two are never the same. */
static bool
leaf_same(const struct node *a, const struct node *b)
{
	return a->kind == b->kind && a->relation == b->relation &&
	       a->regex == b->regex && operand_same(&a->left, &b->left) &&
	       operand_same(&a->right, &b->right) && set_same(a, b);
}

bool
node_same(const struct node *a, const struct node *b)
{
	if (a == b)
		return true;
	if (!leaf_same(a, b) || a->n_kids != b->n_kids)
		return false;
	for (size_t i = 0; i < a->n_kids; i++) {
		if (!node_same(a->kids[i], b->kids[i]))
			return false;
	}
	return true;
}
