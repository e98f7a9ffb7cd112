/*
 * All that a rule's facts can be is tried out: each fact that is compared with
 * literals by those, by one more value, by null and by its absence.  Tests that
 * cannot be tried so (patterns, lists, two facts) are taken for true, false and
 * unknown, whatever the others are; so more is taken for possible than is, and
 * what is not possible then is not at all.
 */
#include "rules/doubt.h"

#include <stdio.h>

#include "base/limits.h"
#include "rules/ast.h"
#include "rules/template.h"

enum { VALUES_MAX = 24, VARIABLES_MAX = 24 };

enum { MAY_FALSE = 1, MAY_UNKNOWN = 2, MAY_TRUE = 4, MAY_ALL = 7 };

/* Numbers on either side of one that is compared with. */
static const double nearby = 1e-6;

/* One fact, or one test that is not tried out. */
struct variable {
	struct slice name;
	const struct path *path;    /* NULL: a test */
	json_t *values[VALUES_MAX]; /* of a fact; NULL: absent */
	enum truth truths[3];       /* of a test */
	size_t n;
	size_t at; /* the one that it has now */
};

struct trial {
	struct arena *arena;
	struct variable list[VARIABLES_MAX];
	size_t n;
	bool full; /* too many variables or values: nothing is said */
};

/* ---- variables --------------------------------------------------------- */

static struct variable *
variable_of(struct trial *t, struct slice name)
{
	for (size_t i = 0; i < t->n; i++) {
		if (slice_eq(t->list[i].name, name))
			return &t->list[i];
	}
	if (t->n == VARIABLES_MAX) {
		t->full = true;
		return NULL;
	}
	t->list[t->n] = (struct variable){ .name = name };
	return &t->list[t->n++];
}

/* Takes the value over. */
static void
add_value(struct trial *t, struct variable *v, json_t *value)
{
	bool there = v->n == VALUES_MAX;

	t->full = t->full || there;
	for (size_t i = 0; i < v->n; i++)
		there = there || (v->values[i] != NULL && value != NULL &&
				     json_equal(v->values[i], value));
	if (there)
		json_decref(value);
	else
		v->values[v->n++] = value;
}

/* A text that is none of those compared with; of words, each. */
static void
add_texts(struct trial *t, struct variable *v, const struct fact *fact)
{
	struct slice rest = fact != NULL ? fact->words : SLICE_NONE, word;

	if (rest.p == NULL)
		add_value(t, v, json_string("\001"));
	while (rest.p != NULL) {
		(void)slice_cut(rest, '|', &word, &rest);
		if (word.n > 0)
			add_value(t, v,
			    json_stringn((const char *)word.p, word.n));
	}
}

/* What the fact can be whatever it is compared with. */
static struct variable *
fact_variable(struct trial *t, const struct path *path)
{
	const struct fact *fact = path->fact;
	enum fact_kind kind = fact != NULL ? fact->kind : FACT_ANY;
	struct variable *v = variable_of(t, path->shown);

	if (v == NULL || v->n > 0)
		return v;
	v->path = path;
	add_value(t, v, NULL);
	if (fact == NULL || !fact->sure)
		add_value(t, v, json_null());
	if (kind == FACT_ANY || kind == FACT_BOOL) {
		add_value(t, v, json_true());
		add_value(t, v, json_false());
	}
	if (kind == FACT_ANY || kind == FACT_TEXT)
		add_texts(t, v, fact);
	if (kind == FACT_LIST)
		add_value(t, v, json_array());
	if (kind == FACT_GROUP)
		add_value(t, v, json_object());
	if (kind == FACT_ANY || kind == FACT_NUMBER)
		add_value(t, v, json_real(-0.25));
	return v;
}

static void
add_literal(struct trial *t, struct variable *v, const struct literal *l)
{
	switch (l->kind) {
	case LITERAL_NULL:
		break;
	case LITERAL_BOOL:
		add_value(t, v, json_boolean(l->truth));
		break;
	case LITERAL_NUMBER:
		add_value(t, v, json_real(l->number - nearby));
		add_value(t, v, json_real(l->number));
		add_value(t, v, json_real(l->number + nearby));
		break;
	case LITERAL_TEXT:
		add_value(t, v,
		    json_stringn((const char *)l->text.p, l->text.n));
		break;
	}
}

/* ---- tests ------------------------------------------------------------- */

static int may_be(const struct node *);

static int
may_be_chain(const struct node *n)
{
	int all = 0, some = 0;

	for (size_t i = 0; i < n->n_kids; i++) {
		int kid = may_be(n->kids[i]);

		some |= kid;
		all = i == 0 ? kid : all & kid;
	}
	if (n->kind == NODE_AND)
		return (some & (MAY_FALSE | MAY_UNKNOWN)) | (all & MAY_TRUE);
	return (some & (MAY_TRUE | MAY_UNKNOWN)) | (all & MAY_FALSE);
}

/* Whether the list is never null. */
static bool
is_sure(const struct node *n)
{
	return n->left.path.fact != NULL && n->left.path.fact->sure;
}

/* What a test can come to, each of its parts by itself. */
static int
may_be(const struct node *n)
{
	int kid;

	switch (n->kind) {
	case NODE_OR:
	case NODE_AND:
		return may_be_chain(n);
	case NODE_NOT:
		kid = may_be(n->kids[0]);
		return (kid & MAY_UNKNOWN) | (kid & MAY_TRUE ? MAY_FALSE : 0) |
		       (kid & MAY_FALSE ? MAY_TRUE : 0);
	case NODE_ALL: /* true of an empty list, false of null */
		return MAY_TRUE | MAY_UNKNOWN | (is_sure(n) ? 0 : MAY_FALSE) |
		       (may_be(n->kids[0]) & MAY_FALSE);
	case NODE_ANY:
		return MAY_FALSE | MAY_UNKNOWN |
		       (may_be(n->kids[0]) & MAY_TRUE);
	case NODE_IS:
		if (n->left.kind == OPERAND_LITERAL)
			return n->left.literal.truth ? MAY_TRUE : MAY_FALSE;
		break;
	case NODE_UNDER:
	case NODE_COMPARE:
	case NODE_IN_SET:
	case NODE_IN_LIST:
	case NODE_EXISTS:
	case NODE_MATCHES:
		break;
	}
	return MAY_ALL;
}

static struct slice
printed(struct trial *t, const struct node *n)
{
	const struct expr e = { .root = n };
	struct slice text;
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	expr_print(&e, &b);
	text = arena_copy(t->arena, buf_slice(&b));
	buf_free(&b);
	return text;
}

/* One fact from the top and literals, without order among texts. */
static const struct operand *
tried(const struct node *n)
{
	const struct operand *o = &n->left, *other = &n->right;

	if (n->kind == NODE_COMPARE && o->kind == OPERAND_LITERAL) {
		o = &n->right;
		other = &n->left;
	}
	if (o->kind != OPERAND_PATH || o->path.it)
		return NULL;
	if (n->kind == NODE_IS || n->kind == NODE_EXISTS ||
	    n->kind == NODE_IN_SET)
		return o;
	if (n->kind != NODE_COMPARE || other->kind != OPERAND_LITERAL ||
	    (other->literal.kind == LITERAL_TEXT && n->relation != REL_EQ &&
		n->relation != REL_NE))
		return NULL;
	return o;
}

static void
gather_test(struct trial *t, const struct node *n)
{
	const struct operand *o = tried(n);
	struct variable *v;
	int may = may_be(n);

	if (n->kind == NODE_IS && n->left.kind == OPERAND_LITERAL)
		return;
	if (o == NULL) {
		v = variable_of(t, printed(t, n));
		for (int i = 0; v != NULL && v->n == 0 && i < 3; i++) {
			/* In the order of enum truth, as the bits are. */
			if ((may & 1 << i) != 0)
				v->truths[v->at++] = (enum truth)i;
		}
		if (v != NULL && v->n == 0) {
			v->n = v->at;
			v->at = 0;
		}
		return;
	}
	v = fact_variable(t, &o->path);
	if (v == NULL)
		return;
	if (n->kind == NODE_COMPARE)
		add_literal(t, v,
		    o == &n->left ? &n->right.literal : &n->left.literal);
	for (size_t i = 0; i < n->n_set; i++)
		add_literal(t, v, &n->set[i]);
}

static void
gather(struct trial *t, const struct node *n)
{
	if (n->kind != NODE_OR && n->kind != NODE_AND && n->kind != NODE_NOT) {
		gather_test(t, n);
		return;
	}
	for (size_t i = 0; i < n->n_kids; i++)
		gather(t, n->kids[i]);
}

/* ---- trying ------------------------------------------------------------ */

static void
put_fact(json_t *facts, const struct variable *v)
{
	const struct path *p = v->path;
	json_t *o = facts, *next, *value;

	for (size_t i = 0; i + 1 < p->n; i++) {
		next = json_object_get(o, p->keys[i]);
		if (!json_is_object(next)) {
			next = json_object();
			(void)json_object_set_new(o, p->keys[i], next);
		}
		o = next;
	}
	value = v->values[v->at];
	if (value == NULL)
		(void)json_object_del(o, p->keys[p->n - 1]);
	else if (!json_is_object(value) ||
		 !json_is_object(json_object_get(o, p->keys[p->n - 1])))
		(void)json_object_set(o, p->keys[p->n - 1], value);
}

static bool
is_group(const struct variable *v)
{
	return v->path != NULL && v->path->fact != NULL &&
	       v->path->fact->kind == FACT_GROUP;
}

/* Groups last: one that is absent or null takes its facts with it. */
static json_t *
facts_of(const struct trial *t)
{
	json_t *facts = json_object();

	for (size_t i = 0; i < t->n; i++) {
		if (t->list[i].path != NULL && !is_group(&t->list[i]))
			put_fact(facts, &t->list[i]);
	}
	for (size_t i = 0; i < t->n; i++) {
		if (is_group(&t->list[i]))
			put_fact(facts, &t->list[i]);
	}
	return facts;
}

static enum truth
negated(enum truth truth)
{
	return (enum truth)(TRUTH_TRUE - truth);
}

static enum truth
outcome(struct trial *t, const struct node *n, const json_t *facts)
{
	enum truth sum = n->kind == NODE_AND ? TRUTH_TRUE : TRUTH_FALSE;
	const struct expr e = { .root = n };
	struct variable *v;

	if (n->kind == NODE_NOT)
		return negated(outcome(t, n->kids[0], facts));
	if (n->kind == NODE_AND || n->kind == NODE_OR) {
		for (size_t i = 0; i < n->n_kids; i++) {
			enum truth kid = outcome(t, n->kids[i], facts);

			/* Kleene's "and" is the least, "or" the greatest. */
			if (n->kind == NODE_AND ? kid < sum : kid > sum)
				sum = kid;
		}
		return sum;
	}
	if (tried(n) != NULL || n->kind == NODE_IS)
		return expr_eval(&e, facts, NULL);
	v = variable_of(t, printed(t, n));
	return v != NULL ? v->truths[v->at] : TRUTH_UNKNOWN;
}

/* The next combination; false when there is none. */
static bool
advance(struct trial *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (++t->list[i].at < t->list[i].n)
			return true;
		t->list[i].at = 0;
	}
	return false;
}

struct seen {
	bool applies;
	bool passes;
	bool fails;
	bool whole; /* all combinations were tried */
};

static void
try_one(struct trial *t, const struct rule *r, const json_t *facts,
    struct seen *seen)
{
	enum truth when = TRUTH_TRUE, require;

	if (r->when != NULL)
		when = outcome(t, r->when->root, facts);
	if (when != TRUTH_TRUE)
		return;
	seen->applies = true;
	require = outcome(t, r->require->root, facts);
	seen->passes = seen->passes || require == TRUTH_TRUE;
	seen->fails = seen->fails || require == TRUTH_FALSE;
}

static void
try_all(struct trial *t, const struct rule *r, struct seen *seen)
{
	size_t tries = 0;
	bool more = true;

	while (more && tries++ < LIMIT_DOUBT_TRIES &&
	       !(seen->passes && seen->fails)) {
		json_t *facts = facts_of(t);

		try_one(t, r, facts, seen);
		json_decref(facts);
		more = advance(t);
	}
	seen->whole = !more && !t->full;
}

/* ---- what is said ------------------------------------------------------ */

static void
add_doubt(struct slice *doubts, size_t *n, struct slice text)
{
	if (*n < DOUBTS_MAX)
		doubts[(*n)++] = text;
}

/* Whether the rule fails in some way in which the fact is null or a list
 * without elements. */
static bool
fails_without(struct trial *t, const struct rule *r, const struct variable *v)
{
	struct seen seen = { .applies = false };
	size_t tries = 0;
	bool more = true;

	for (size_t i = 0; i < t->n; i++)
		t->list[i].at = 0;
	while (more && tries++ < LIMIT_DOUBT_TRIES && !seen.fails) {
		const json_t *is = v->values[v->at];

		if (json_is_null(is)) {
			json_t *facts = facts_of(t);

			try_one(t, r, facts, &seen);
			json_decref(facts);
		}
		more = advance(t);
	}
	return seen.fails;
}

static void
doubt_places(struct trial *t, const struct rule *r, struct slice *doubts,
    size_t *n)
{
	const struct path *place;
	size_t at = 0;

	while ((place = template_bare_place(r->why, &at)) != NULL) {
		for (size_t i = 0; i < t->n; i++) {
			struct variable *v = &t->list[i];

			if (v->path != NULL &&
			    slice_eq(v->name, place->shown) &&
			    fails_without(t, r, v))
				add_doubt(doubts, n,
				    arena_slicef(t->arena,
					"{%.*s} in \"why\" may be \"nothing\" "
					"when it fails: write {%.*s|...}",
					SLICE_FMT(place->source),
					SLICE_FMT(place->source)));
		}
	}
}

static void
trial_close(struct trial *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct variable *v = &t->list[i];

		for (size_t k = 0; v->path != NULL && k < v->n; k++)
			json_decref(v->values[k]);
	}
}

enum rc
rule_doubts(struct arena *a, const struct rule *r, struct slice *doubts,
    size_t *n)
{
	struct trial t = { .arena = a };
	struct seen seen = { .applies = false };

	*n = 0;
	if (r->require == NULL)
		return RC_OK;
	if (r->when != NULL)
		gather(&t, r->when->root);
	gather(&t, r->require->root);
	if (!t.full)
		try_all(&t, r, &seen);
	if (seen.whole && !seen.applies)
		add_doubt(doubts, n,
		    SLICE_LIT("it never applies: \"when\" is never true"));
	else if (seen.whole && !seen.fails)
		add_doubt(doubts, n,
		    SLICE_LIT("it can never fail: \"require\" is never false"));
	else if (seen.whole && !seen.passes)
		add_doubt(doubts, n,
		    SLICE_LIT("it can never pass: \"require\" is never true"));
	if (!t.full)
		doubt_places(&t, r, doubts, n);
	trial_close(&t);
	return arena_failed(a) ? RC_NOMEM : RC_OK;
}
