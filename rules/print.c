#include "rules/ast.h"
#include "rules/rules.h"

static void
print_text(struct slice s, struct buf *out)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_add_char(out, '\\');
		buf_add(out, slice_sub(s, i, 1));
	}
	buf_add_char(out, '"');
}

static void
print_literal(const struct literal *l, struct buf *out)
{
	switch (l->kind) {
	case LITERAL_NULL:
		buf_add_str(out, "null");
		break;
	case LITERAL_BOOL:
		buf_add_str(out, l->truth ? "true" : "false");
		break;
	case LITERAL_NUMBER:
		buf_add(out, l->text);
		break;
	case LITERAL_TEXT:
		print_text(l->text, out);
		break;
	}
}

static void
print_operand(const struct operand *o, struct buf *out)
{
	switch (o->kind) {
	case OPERAND_LITERAL:
		print_literal(&o->literal, out);
		break;
	case OPERAND_PATH:
		buf_add(out, o->path.source);
		break;
	case OPERAND_COUNT:
		buf_add_str(out, "count(");
		buf_add(out, o->path.source);
		buf_add_char(out, ')');
		break;
	}
}

static void
print_set(const struct node *n, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < n->n_set; i++) {
		if (i > 0)
			buf_add_str(out, ", ");
		print_literal(&n->set[i], out);
	}
	buf_add_char(out, ']');
}

static void print_node(const struct node *, struct buf *);

/* In parentheses when it binds no tighter than what it is part of. */
static void
print_part(const struct node *n, enum node_kind of, struct buf *out)
{
	bool loose = n->kind == NODE_OR || n->kind == NODE_AND;

	if (of == NODE_OR && n->kind == NODE_AND)
		loose = false;
	if (loose)
		buf_add_char(out, '(');
	print_node(n, out);
	if (loose)
		buf_add_char(out, ')');
}

static void
print_compound(const struct node *n, struct buf *out)
{
	if (n->kind == NODE_NOT)
		buf_add_str(out, "not ");
	for (size_t i = 0; i < n->n_kids; i++) {
		if (i > 0)
			buf_add_str(out, n->kind == NODE_OR ? " or " : " and ");
		print_part(n->kids[i], n->kind, out);
	}
}

static void
print_call(const struct node *n, const char *name, struct buf *out)
{
	buf_add_str(out, name);
	buf_add_char(out, '(');
	print_operand(&n->left, out);
	buf_add_str(out, ", ");
	if (n->n_kids > 0)
		print_node(n->kids[0], out);
	else
		print_operand(&n->right, out);
	buf_add_char(out, ')');
}

static void
print_test(const struct node *n, const char *word, struct buf *out)
{
	print_operand(&n->left, out);
	buf_add_str(out, word);
}

static void
print_node(const struct node *n, struct buf *out)
{
	static const char *const relations[] = {
		[REL_EQ] = " == ",
		[REL_NE] = " != ",
		[REL_LT] = " < ",
		[REL_LE] = " <= ",
		[REL_GT] = " > ",
		[REL_GE] = " >= ",
	};

	switch (n->kind) {
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT:
		print_compound(n, out);
		break;
	case NODE_ALL:
		print_call(n, "all", out);
		break;
	case NODE_ANY:
		print_call(n, "any", out);
		break;
	case NODE_UNDER:
		print_call(n, "under", out);
		break;
	case NODE_IS:
		print_operand(&n->left, out);
		break;
	case NODE_COMPARE:
		print_test(n, relations[n->relation], out);
		print_operand(&n->right, out);
		break;
	case NODE_IN_SET:
		print_test(n, " in ", out);
		print_set(n, out);
		break;
	case NODE_IN_LIST:
		print_test(n, " in ", out);
		print_operand(&n->right, out);
		break;
	case NODE_EXISTS:
		print_test(n, " exists", out);
		break;
	case NODE_MATCHES:
		print_test(n, " matches ", out);
		print_operand(&n->right, out);
		break;
	}
}

void
expr_print(const struct expr *e, struct buf *out)
{
	print_node(e->root, out);
}

const struct slice *
expr_paths(const struct expr *e, size_t *n)
{
	*n = e->n_paths;
	return e->paths;
}
