#include "checks/spf/spf_tree.h"

#include "base/limits.h"
#include "base/table.h"
#include "checks/spf/spf_macro.h"
#include "checks/spf/spf_records.h"

/*
 * First the graph: each record that is led to is read once, and what is below
 * it counted once.  Then the rows: the graph as a tree, until they are full.
 */

struct node;

/* What one term of a record leads to. */
struct link {
	struct slice target; /* without macros; or nothing */
	struct node *to;     /* include, redirect */
	unsigned int lookups;
	unsigned int voids;
	bool empty;
	bool never;
};

/* A domain whose record is read. */
struct node {
	const struct spf_published *record;
	struct link *links; /* one for each term; NULL: not taken apart */
	unsigned int lookups;
	unsigned int voids;
	bool open; /* being counted, or shown: above what is looked at */
};

struct walk {
	struct check_run *run;
	struct spf_records *records;
	struct table *nodes; /* by domain */
	struct spf_tree *out;
	struct spf_row *rows;
	size_t rows_cap;
	size_t asked;
	unsigned int total;
};

static unsigned int
plus(unsigned int a, unsigned int b)
{
	return a + b > SPF_COUNT_MAX ? SPF_COUNT_MAX : a + b;
}

/* ---- asking ------------------------------------------------------------ */

static void
lost_void(struct walk *w, const struct answer *a, struct slice name,
    const char *type)
{
	if (w->out->lost_void != NULL)
		return;
	w->out->lost_void = a;
	w->out->lost_void_what =
	    arena_slicef(w->run->arena, "%.*s %s", SLICE_FMT(name), type);
}

/* One question; whether it is known to be void. */
static bool
is_void(struct walk *w, struct slice name, uint16_t type, const char *shown)
{
	const struct answer *a = check_ask_dns(w->run, name, type);

	if (a == NULL)
		w->out->waiting = true;
	else if (!answer_known(a))
		lost_void(w, a, name, shown);
	return a != NULL && a->seen == SEEN_ABSENT;
}

/* Void for IPv4 and IPv6 clients alike. */
static bool
is_empty_host(struct walk *w, struct slice host)
{
	const struct answer *v4 = check_ask_dns(w->run, host, DNS_A);
	const struct answer *v6 = check_ask_dns(w->run, host, DNS_AAAA);

	if (v4 == NULL || v6 == NULL) {
		w->out->waiting = true;
		return false;
	}
	if (v4->seen == SEEN_ANSWERED || v6->seen == SEEN_ANSWERED)
		return false;
	if (!answer_known(v4))
		lost_void(w, v4, host, "A");
	else if (!answer_known(v6))
		lost_void(w, v6, host, "AAAA");
	return answer_known(v4) && answer_known(v6);
}

/* Over ten names is a permerror (RFC 7208 4.6.4): the rest is not asked. */
static void
ask_mx(struct walk *w, struct link *l)
{
	const struct answer *mx;

	l->empty = is_void(w, l->target, DNS_MX, "MX");
	l->voids = l->empty;
	mx = check_ask_dns(w->run, l->target, DNS_MX);
	if (mx == NULL || mx->seen != SEEN_ANSWERED)
		return;
	for (size_t i = 0; i < mx->as.dns.n_records && i < SPF_MX_NAMES; i++) {
		struct slice host = mx->as.dns.records[i].as.mx.host;

		if (host.n > 0 && is_empty_host(w, host))
			l->voids++;
	}
}

static void
ask_addresses(struct walk *w, struct link *l, enum spf_kind kind)
{
	if (w->asked++ >= LIMIT_SPF_ASKED) {
		w->out->cut = w->out->count_cut = true;
		return;
	}
	if (kind == SPF_MX) {
		ask_mx(w, l);
		return;
	}
	/* RFC 7208 5.7: exists asks A, whatever the client has. */
	l->empty = kind == SPF_EXISTS ? is_void(w, l->target, DNS_A, "A")
				      : is_empty_host(w, l->target);
	l->voids = l->empty;
}

/* ---- the graph --------------------------------------------------------- */

static enum rc count_node(struct walk *, struct node *);

/*
 * Past LIMIT_SPF_RECORDS.  spf_published() goes level by level, this walk
 * branch by branch: would it ask for more, then each time others, as the
 * answers lead it deeper.
 */
static bool
is_beyond(const struct walk *w, struct slice domain)
{
	size_t n = table_count(w->nodes);

	return n >= LIMIT_SPF_RECORDS ||
	       (n > 0 && !spf_is_led_to(w->records, domain));
}

/* The node of a name, read and counted; NULL past LIMIT_SPF_RECORDS. */
static enum rc
lead_to(struct walk *w, struct slice domain, struct node **out)
{
	struct node *n = table_get(w->nodes, domain);

	*out = n;
	if (n != NULL)
		return RC_OK;
	if (is_beyond(w, domain)) {
		w->out->cut = w->out->count_cut = true;
		return RC_OK;
	}
	n = arena_new_of(w->run->arena, struct node, 1);
	if (n == NULL)
		return RC_LIMIT;
	n->record = spf_published(w->records, domain);
	if (n->record == NULL)
		return RC_LIMIT;
	if (!table_put(w->nodes, domain, n))
		return RC_NOMEM;
	*out = n;
	return count_node(w, n);
}

/* Behind the first all nothing is evaluated, and no redirect beside it. */
static bool
is_never(const struct spf_record *r, const struct spf_term *t)
{
	if (t->kind == SPF_REDIRECT)
		return r->all != NULL || t != r->redirect;
	if (t->kind == SPF_EXP || t->kind == SPF_MODIFIER)
		return false;
	return r->all != NULL && t > r->all;
}

static enum rc
follow(struct walk *w, struct link *l)
{
	const struct answer *a;
	enum rc rc = lead_to(w, l->target, &l->to);

	if (rc || l->to == NULL)
		return rc;
	a = l->to->record->answer;
	l->empty = a != NULL && a->seen == SEEN_ABSENT;
	l->voids = l->empty;
	return RC_OK;
}

static bool
has_target(const struct spf_term *t)
{
	return spf_kind_asks(t->kind) && t->kind != SPF_PTR;
}

static enum rc
count_term(struct walk *w, const struct node *n, const struct spf_term *t,
    struct link *l)
{
	bool leads = t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT;

	l->never = is_never(&n->record->record, t);
	if (t->fault != SPF_FINE || !spf_kind_asks(t->kind))
		return RC_OK;
	l->lookups = l->never ? 0 : 1;
	if (t->macros || !has_target(t)) {
		if (t->macros && leads && !l->never)
			w->out->dynamic = true;
		return RC_OK;
	}
	if (t->spec.n == 0)
		l->target = n->record->domain;
	else if (!spf_target_name(w->run->arena, t->spec, &l->target))
		l->target = SLICE_NONE;
	if (l->never || l->target.n == 0)
		return RC_OK;
	if (leads)
		return follow(w, l);
	ask_addresses(w, l, t->kind);
	return RC_OK;
}

static void
add_link(struct node *n, const struct link *l)
{
	n->lookups = plus(n->lookups, l->lookups);
	n->voids = plus(n->voids, l->voids);
	/* What is still open is above: a loop, which is not followed. */
	if (l->to != NULL && !l->to->open) {
		n->lookups = plus(n->lookups, l->to->lookups);
		n->voids = plus(n->voids, l->to->voids);
	}
}

static enum rc
count_node(struct walk *w, struct node *n)
{
	const struct spf_published *p = n->record;
	const struct spf_record *r = &p->record;

	if (p->answer == NULL) {
		w->out->waiting = true;
		return RC_OK;
	}
	if (!answer_known(p->answer) && w->out->lost == NULL) {
		w->out->lost = p->answer;
		w->out->lost_what = arena_slicef(w->run->arena, "%.*s TXT",
		    SLICE_FMT(p->domain));
	}
	if (!answer_known(p->answer) || p->found != 1)
		return RC_OK;
	n->links = arena_new_of(w->run->arena, struct link, r->n);
	if (n->links == NULL)
		return RC_LIMIT;
	w->out->cut = w->out->cut || r->cut;
	n->open = true;
	for (size_t i = 0; i < r->n; i++) {
		enum rc rc = count_term(w, n, &r->terms[i], &n->links[i]);

		if (rc)
			return rc;
		add_link(n, &n->links[i]);
	}
	n->open = false;
	return RC_OK;
}

/* ---- the rows ---------------------------------------------------------- */

/* NULL: they are full, or the arena is. */
static struct spf_row *
new_row(struct walk *w, const struct node *n, unsigned int depth)
{
	struct spf_row *rows = w->rows, *row;

	if (w->out->n >= LIMIT_SPF_ROWS) {
		w->out->cut = true;
		return NULL;
	}
	rows = arena_grow(w->run->arena, rows, w->out->n, &w->rows_cap,
	    sizeof(*rows));
	if (rows == NULL)
		return NULL;
	w->rows = rows;
	row = &rows[w->out->n++];
	*row = (struct spf_row){ .depth = depth,
		.domain = n->record->domain,
		.total = w->total };
	return row;
}

static bool show_node(struct walk *, struct node *, unsigned int depth);

static bool
show_term(struct walk *w, const struct node *n, size_t i, unsigned int depth)
{
	const struct link *l = &n->links[i];
	struct spf_row *row;

	w->total = plus(w->total, l->lookups);
	row = new_row(w, n, depth);
	if (row == NULL)
		return false;
	row->term = &n->record->record.terms[i];
	row->target = l->target;
	row->lookups = row->below = l->lookups;
	row->voids = l->voids;
	row->empty = l->empty;
	row->never = l->never;
	if (l->to == NULL)
		return true;
	row->record = l->to->record;
	row->loop = l->to->open;
	if (row->loop)
		return true;
	row->below = plus(l->lookups, l->to->lookups);
	return l->to->links == NULL || show_node(w, l->to, depth + 1);
}

static bool
show_node(struct walk *w, struct node *n, unsigned int depth)
{
	const struct spf_record *r = &n->record->record;
	struct spf_row *row = new_row(w, n, depth);
	bool good = true;

	if (row == NULL)
		return false;
	row->record = n->record;
	row->below = n->lookups;
	if (n->links == NULL)
		return true;
	n->open = true;
	for (size_t i = 0; good && i < r->n; i++)
		if (&r->terms[i] != r->redirect)
			good = show_term(w, n, i, depth);
	if (good && r->redirect != NULL)
		good = show_term(w, n, (size_t)(r->redirect - r->terms), depth);
	n->open = false;
	return good;
}

enum rc
spf_tree_walk(struct check_run *run, struct spf_records *records,
    struct slice domain, struct spf_tree *out)
{
	struct walk w = { .run = run, .records = records, .out = out };
	enum rc rc = RC_NOMEM;
	struct node *root;

	*out = (struct spf_tree){ 0 };
	w.nodes = table_new();
	if (w.nodes == NULL)
		goto out;
	rc = lead_to(&w, domain, &root);
	if (rc)
		goto out;
	(void)show_node(&w, root, 0);
	out->rows = w.rows;
	out->lookups = root->lookups;
	out->voids = root->voids;
	rc = arena_failed(run->arena) ? RC_LIMIT : RC_OK;
out:
	table_free(w.nodes);
	return rc;
}

bool
spf_tree_below(const struct spf_tree *tree, struct slice domain,
    unsigned int *below)
{
	for (size_t i = 0; i < tree->n; i++) {
		const struct spf_row *row = &tree->rows[i];

		if (row->term == NULL || row->loop || row->record == NULL ||
		    !slice_eq(row->record->domain, domain))
			continue;
		*below = row->below - row->lookups;
		return true;
	}
	return false;
}
