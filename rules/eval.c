/*
 * Three-valued logic (Kleene): "false and unknown" is false, "true or unknown"
 * is true, "not unknown" is unknown.
 *
 * A fact that is absent is unknown in every test.  A fact that is null is
 * known not to exist: "exists" is false, "== null" is true, count() is 0, and
 * every other test of it is false.  So is a test of a fact of the wrong type:
 * facts come from our own checks, and a rule that expects another type says
 * nothing about the sender.  "!=" is "not (==)"; so a null differs from any
 * text.
 */
#include <string.h>

#include "base/domain.h"
#include "base/limits.h"
#include "rules/assume.h"
#include "rules/ast.h"
#include "rules/rules.h"
#include "rules/version.h"

enum value_kind {
	VALUE_ABSENT,
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_NUMBER,
	VALUE_TEXT,
	VALUE_PARTS, /* a list or an object */
};

struct value {
	enum value_kind kind;
	bool truth;
	double number;
	struct slice text;
};

struct eval {
	const json_t *facts;
	const json_t *it;
	json_t *absent;                 /* or NULL */
	const struct node *const *held; /* taken for true */
	size_t n_held;
	size_t steps;
};

enum { STEPS_OF_REGEX = 100 };

static enum truth eval_node(struct eval *, const struct node *);

/* --- what was absent ------------------------------------------------------ */

static void
absent_add(struct eval *e, struct slice path)
{
	const json_t *s;
	size_t i;

	if (e->absent == NULL)
		return;
	for (i = 0; i < json_array_size(e->absent); i++) {
		s = json_array_get(e->absent, i);
		if (json_string_length(s) == path.n &&
		    memcmp(json_string_value(s), path.p, path.n) == 0)
			return;
	}
	(void)json_array_append_new(e->absent,
	    json_stringn((const char *)path.p, path.n));
}

/* It did not matter after all. */
static void
absent_cut(struct eval *e, size_t n)
{
	size_t i = e->absent != NULL ? json_array_size(e->absent) : 0;

	for (; i > n; i--)
		(void)json_array_remove(e->absent, i - 1);
}

static size_t
absent_count(const struct eval *e)
{
	return e->absent != NULL ? json_array_size(e->absent) : 0;
}

static enum truth
unknown(struct eval *e, const struct path *path)
{
	absent_add(e, path->shown);
	return TRUTH_UNKNOWN;
}

/* --- values --------------------------------------------------------------- */

static enum truth
truth_of(bool b)
{
	return b ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth
negated(enum truth t)
{
	switch (t) {
	case TRUTH_FALSE:
		return TRUTH_TRUE;
	case TRUTH_TRUE:
		return TRUTH_FALSE;
	case TRUTH_UNKNOWN:
		break;
	}
	return TRUTH_UNKNOWN;
}

static struct value
value_of_json(const json_t *j)
{
	struct value v = { .kind = VALUE_ABSENT };

	if (j == NULL)
		return v;
	switch (json_typeof(j)) {
	case JSON_NULL:
		v.kind = VALUE_NULL;
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		v.kind = VALUE_BOOL;
		v.truth = json_is_true(j);
		break;
	case JSON_INTEGER:
	case JSON_REAL:
		v.kind = VALUE_NUMBER;
		v.number = json_number_value(j);
		break;
	case JSON_STRING:
		v.kind = VALUE_TEXT;
		v.text = slice_of(json_string_value(j), json_string_length(j));
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		v.kind = VALUE_PARTS;
		break;
	}
	return v;
}

static struct value
value_of_literal(const struct literal *l)
{
	static const enum value_kind kinds[] = {
		[LITERAL_NULL] = VALUE_NULL,
		[LITERAL_BOOL] = VALUE_BOOL,
		[LITERAL_NUMBER] = VALUE_NUMBER,
		[LITERAL_TEXT] = VALUE_TEXT,
	};

	return (struct value){ kinds[l->kind], l->truth, l->number, l->text };
}

static struct value
value_of_operand(const struct eval *e, const struct operand *o)
{
	struct value v = { .kind = VALUE_NULL };
	const json_t *j;

	if (o->kind == OPERAND_LITERAL)
		return value_of_literal(&o->literal);
	j = path_find(&o->path, e->facts, e->it);
	if (o->kind == OPERAND_PATH || j == NULL)
		return value_of_json(j);
	if (json_is_array(j) || json_is_null(j)) {
		v.kind = VALUE_NUMBER;
		v.number = (double)json_array_size(j);
	}
	return v;
}

static bool
value_equal(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a->truth == b->truth;
	case VALUE_NUMBER:
		return !(a->number < b->number) && !(a->number > b->number);
	case VALUE_TEXT:
		return slice_eq(a->text, b->text);
	case VALUE_ABSENT:
	case VALUE_PARTS:
		break;
	}
	return false;
}

/* False when there is no order between them. */
static bool
value_order(const struct value *a, const struct value *b, int *out)
{
	if (a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER) {
		*out = (a->number > b->number) - (a->number < b->number);
		return true;
	}
	return a->kind == VALUE_TEXT && b->kind == VALUE_TEXT &&
	       version_compare(a->text, b->text, out);
}

static bool
related(enum relation r, const struct value *a, const struct value *b)
{
	int order = 0;

	if (r == REL_EQ || r == REL_NE)
		return value_equal(a, b) == (r == REL_EQ);
	if (!value_order(a, b, &order))
		return false;
	switch (r) {
	case REL_LT:
		return order < 0;
	case REL_LE:
		return order <= 0;
	case REL_GT:
		return order > 0;
	case REL_GE:
		return order >= 0;
	case REL_EQ:
	case REL_NE:
		break;
	}
	return false;
}

/* Both operands; false when one is absent, which is noted. */
static bool
both(struct eval *e, const struct node *n, struct value *a, struct value *b)
{
	*a = value_of_operand(e, &n->left);
	*b = value_of_operand(e, &n->right);
	if (a->kind == VALUE_ABSENT)
		absent_add(e, n->left.path.shown);
	if (b->kind == VALUE_ABSENT)
		absent_add(e, n->right.path.shown);
	return a->kind != VALUE_ABSENT && b->kind != VALUE_ABSENT;
}

/* --- tests ---------------------------------------------------------------- */

static enum truth
eval_compare(struct eval *e, const struct node *n)
{
	struct value a, b;

	if (!both(e, n, &a, &b))
		return TRUTH_UNKNOWN;
	return truth_of(related(n->relation, &a, &b));
}

static enum truth
eval_under(struct eval *e, const struct node *n)
{
	struct value a, b;

	if (!both(e, n, &a, &b))
		return TRUTH_UNKNOWN;
	return truth_of(a.kind == VALUE_TEXT && b.kind == VALUE_TEXT &&
			domain_is_under(a.text, b.text));
}

static enum truth
eval_in_set(struct eval *e, const struct node *n)
{
	struct value a = value_of_operand(e, &n->left), b;

	if (a.kind == VALUE_ABSENT)
		return unknown(e, &n->left.path);
	for (size_t i = 0; i < n->n_set; i++) {
		b = value_of_literal(&n->set[i]);
		if (value_equal(&a, &b))
			return TRUTH_TRUE;
	}
	return TRUTH_FALSE;
}

static enum truth
eval_in_list(struct eval *e, const struct node *n)
{
	const json_t *list = path_find(&n->right.path, e->facts, e->it);
	struct value a = value_of_operand(e, &n->left), b;
	size_t i;

	if (list != NULL && json_array_size(list) == 0)
		return TRUTH_FALSE; /* whatever the other is */
	if (a.kind == VALUE_ABSENT)
		absent_add(e, n->left.path.shown);
	if (list == NULL)
		absent_add(e, n->right.path.shown);
	if (a.kind == VALUE_ABSENT || list == NULL)
		return TRUTH_UNKNOWN;
	e->steps += json_array_size(list);
	for (i = 0; i < json_array_size(list); i++) {
		b = value_of_json(json_array_get(list, i));
		if (value_equal(&a, &b))
			return TRUTH_TRUE;
	}
	return TRUTH_FALSE;
}

static enum truth
eval_exists(struct eval *e, const struct node *n)
{
	const json_t *j = path_find(&n->left.path, e->facts, e->it);

	if (j == NULL)
		return unknown(e, &n->left.path);
	return truth_of(!json_is_null(j));
}

static enum truth
eval_matches(struct eval *e, const struct node *n)
{
	struct value v = value_of_operand(e, &n->left);
	enum truth t;

	if (v.kind == VALUE_ABSENT)
		return unknown(e, &n->left.path);
	if (v.kind != VALUE_TEXT)
		return TRUTH_FALSE;
	e->steps += STEPS_OF_REGEX;
	t = regex_match(n->regex, v.text);
	return t == TRUTH_UNKNOWN ? unknown(e, &n->left.path) : t;
}

static enum truth
eval_is(struct eval *e, const struct node *n)
{
	struct value v = value_of_operand(e, &n->left);

	if (v.kind == VALUE_ABSENT)
		return unknown(e, &n->left.path);
	return truth_of(v.kind == VALUE_BOOL && v.truth);
}

/* --- and, or, all, any ---------------------------------------------------- */

/* One outcome decides: false for "and" and all(), true for "or" and any(). */
struct tally {
	enum truth decisive;
	enum truth sum;
	size_t mark; /* of what was absent, when it began */
};

static struct tally
tally_of(const struct eval *e, bool conjunction)
{
	if (conjunction)
		return (
		    struct tally){ TRUTH_FALSE, TRUTH_TRUE, absent_count(e) };
	return (struct tally){ TRUTH_TRUE, TRUTH_FALSE, absent_count(e) };
}

/* True when that decides it. */
static bool
tally_add(struct eval *e, struct tally *t, enum truth outcome)
{
	if (outcome == TRUTH_UNKNOWN)
		t->sum = TRUTH_UNKNOWN;
	if (outcome != t->decisive)
		return false;
	t->sum = outcome;
	absent_cut(e, t->mark);
	return true;
}

static enum truth
eval_chain(struct eval *e, const struct node *n)
{
	struct tally t = tally_of(e, n->kind == NODE_AND);

	for (size_t i = 0; i < n->n_kids; i++) {
		if (tally_add(e, &t, eval_node(e, n->kids[i])))
			break;
	}
	return t.sum;
}

static enum truth
eval_quantifier(struct eval *e, const struct node *n)
{
	const json_t *list = path_find(&n->left.path, e->facts, e->it);
	const json_t *outer = e->it;
	struct tally t = tally_of(e, n->kind == NODE_ALL);
	size_t i;

	if (list == NULL)
		return unknown(e, &n->left.path);
	if (!json_is_array(list))
		return TRUTH_FALSE;
	for (i = 0; i < json_array_size(list); i++) {
		e->it = json_array_get(list, i);
		if (tally_add(e, &t, eval_node(e, n->kids[0])))
			break;
	}
	e->it = outer;
	return t.sum;
}

static bool
is_held(const struct eval *e, const struct node *n)
{
	for (size_t i = 0; i < e->n_held; i++) {
		if (node_same(e->held[i], n))
			return true;
	}
	return false;
}

static enum truth
eval_node(struct eval *e, const struct node *n)
{
	if (++e->steps > LIMIT_EXPRESSION_STEPS)
		return TRUTH_UNKNOWN;
	if (is_held(e, n))
		return TRUTH_TRUE;
	switch (n->kind) {
	case NODE_OR:
	case NODE_AND:
		return eval_chain(e, n);
	case NODE_NOT:
		return negated(eval_node(e, n->kids[0]));
	case NODE_ALL:
	case NODE_ANY:
		return eval_quantifier(e, n);
	case NODE_UNDER:
		return eval_under(e, n);
	case NODE_IS:
		return eval_is(e, n);
	case NODE_COMPARE:
		return eval_compare(e, n);
	case NODE_IN_SET:
		return eval_in_set(e, n);
	case NODE_IN_LIST:
		return eval_in_list(e, n);
	case NODE_EXISTS:
		return eval_exists(e, n);
	case NODE_MATCHES:
		return eval_matches(e, n);
	}
	return TRUTH_UNKNOWN;
}

enum truth
expr_eval(const struct expr *expr, const json_t *facts, json_t *absent)
{
	struct eval e = { .facts = facts, .absent = absent };

	return eval_node(&e, expr->root);
}

enum truth
expr_eval_if(const struct expr *expr, const json_t *facts,
    const struct node *const *held, size_t n)
{
	struct eval e = { .facts = facts, .held = held, .n_held = n };

	return eval_node(&e, expr->root);
}

const struct node *
expr_fault(const struct expr *expr, const json_t *facts)
{
	struct eval e = { .facts = facts };
	const struct node *at = expr->root, *fault = NULL;

	while (at->kind == NODE_AND) {
		fault = NULL;
		for (size_t i = 0; i < at->n_kids; i++) {
			if (eval_node(&e, at->kids[i]) != TRUTH_FALSE)
				continue;
			if (fault != NULL)
				return NULL;
			fault = at->kids[i];
		}
		if (fault == NULL)
			return NULL;
		at = fault;
	}
	return eval_node(&e, at) == TRUTH_FALSE ? at : NULL;
}

enum vagueness
expr_vagueness(const struct expr *expr, const struct node *fault)
{
	if (fault == NULL || fault->kind == NODE_OR)
		return VAGUE_CHOICE;
	return fault == expr->root ? VAGUE_NOT : VAGUE_PART;
}
