#include "checks/dkim/dkim_headers.h"

#include <stdlib.h>

#include "base/table.h"

/* The fields of one name, chained from the bottom up. */
struct chain {
	uint32_t bottom; /* numbers of fields, from 1; 0: none */
	uint32_t next;   /* the one to be taken next */
	uint32_t n;
};

struct dkim_headers {
	const struct message *message;
	struct table *table;  /* chains, by the name in lower case */
	struct chain *chains; /* of all names */
	size_t n;
	uint32_t *above;      /* by field: the next of its name further up */
	unsigned char *lower; /* names in lower case, one after another */
	unsigned char *name;  /* room for one more */
	size_t longest;
};

static struct slice
lower_case(struct slice name, unsigned char *out)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		out[i] = ascii_lower(name.p[i]);
	return slice_of(out, name.n);
}

static bool
add(struct dkim_headers *h, size_t i, size_t *used)
{
	struct slice name =
	    lower_case(h->message->fields[i].name, h->lower + *used);
	struct chain *c = table_get(h->table, name);

	if (c == NULL) {
		c = &h->chains[h->n++];
		if (!table_put(h->table, name, c))
			return false;
		*used += name.n;
	}
	h->above[i] = c->bottom;
	c->bottom = (uint32_t)i + 1;
	c->n++;
	return true;
}

static enum rc
add_all(struct dkim_headers *h)
{
	size_t i, used = 0;

	for (i = 0; i < h->message->n_fields; i++)
		if (!add(h, i, &used))
			return RC_NOMEM;
	dkim_headers_rewind(h);
	return RC_OK;
}

static size_t
longest_name(const struct message *m, size_t *all)
{
	size_t i, longest = 0;

	*all = 0;
	for (i = 0; i < m->n_fields; i++) {
		*all += m->fields[i].name.n;
		if (m->fields[i].name.n > longest)
			longest = m->fields[i].name.n;
	}
	return longest;
}

enum rc
dkim_headers_new(struct arena *arena, const struct message *m,
    struct dkim_headers **out)
{
	struct dkim_headers *h = arena_new_of(arena, struct dkim_headers, 1);
	size_t all;
	enum rc rc;

	*out = NULL;
	if (h == NULL)
		return RC_LIMIT;
	h->message = m;
	h->longest = longest_name(m, &all);
	h->above = arena_new_of(arena, uint32_t, m->n_fields + 1);
	h->chains = arena_new_of(arena, struct chain, m->n_fields + 1);
	h->lower = arena_new_of(arena, unsigned char, all + h->longest + 1);
	h->name = arena_new_of(arena, unsigned char, h->longest + 1);
	if (h->above == NULL || h->chains == NULL || h->lower == NULL ||
	    h->name == NULL)
		return RC_LIMIT;
	h->table = table_new();
	rc = h->table != NULL ? add_all(h) : RC_NOMEM;
	if (rc) {
		dkim_headers_close(&h);
		return rc;
	}
	*out = h;
	return RC_OK;
}

void
dkim_headers_close(struct dkim_headers **hp)
{
	if (*hp != NULL)
		table_free((*hp)->table);
	*hp = NULL;
}

void
dkim_headers_rewind(struct dkim_headers *h)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		h->chains[i].next = h->chains[i].bottom;
}

static struct chain *
chain_of(const struct dkim_headers *h, struct slice name)
{
	if (name.n > h->longest)
		return NULL;
	return table_get(h->table, lower_case(name, h->name));
}

size_t
dkim_headers_count(const struct dkim_headers *h, struct slice name)
{
	const struct chain *c = chain_of(h, name);

	return c != NULL ? c->n : 0;
}

const struct field *
dkim_headers_take(struct dkim_headers *h, struct slice name)
{
	struct chain *c = chain_of(h, name);
	uint32_t field;

	if (c == NULL || c->next == 0)
		return NULL;
	field = c->next;
	c->next = h->above[field - 1];
	return &h->message->fields[field - 1];
}
