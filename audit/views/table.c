#include "audit/views/table.h"

#include <string.h>

#include "audit/views/tables.h"
#include "base/buf.h"
#include "base/limits.h"

const struct table *const tables[] = {
	&table_results,
	&table_findings,
	&table_verdicts,
	&table_changes,
	&table_gaps,
	&table_problems,
	&table_clusters,
	&table_days,
	&table_unclassified,
	&table_inputs,
	&table_events,
	&table_differences,
	&table_bounce_differences,
	NULL,
};

const struct table *
table_find(enum document document, const char *name)
{
	for (size_t i = 0; tables[i] != NULL; i++) {
		if (tables[i]->document == document &&
		    (name == NULL || strcmp(tables[i]->name, name) == 0))
			return tables[i];
	}
	return NULL;
}

/* ---- values ------------------------------------------------------------ */

static const json_t *
member(const json_t *value, const char *path)
{
	while (value != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		value = json_object_getn(value, path, n);
		path += n + (path[n] == '.');
	}
	return value;
}

const json_t *
table_value(const struct row *r, const char *path)
{
	if (path[0] == '/')
		return member(r->item, path + 1);
	return member(r->value, path);
}

/* "a, b": what a list of texts is in one cell. */
static struct slice
joined(struct arena *a, const json_t *list)
{
	struct buf text;
	struct slice out;
	const json_t *one;
	size_t i;

	buf_init(&text, LIMIT_RENDERED);
	json_array_foreach(list, i, one)
	{
		if (!json_is_string(one))
			continue;
		buf_add_str(&text, text.n > 0 ? ", " : "");
		buf_add(&text,
		    slice_of(json_string_value(one), json_string_length(one)));
	}
	out = arena_copy(a, buf_slice(&text));
	buf_free(&text);
	return out;
}

void
table_cell(const struct row *r, const json_t *v, enum cell_kind kind,
    struct cell *out)
{
	*out = (struct cell){ .kind = CELL_NONE };
	if (json_is_string(v)) {
		*out = (struct cell){ .kind = kind,
			.text = slice_of(json_string_value(v),
			    json_string_length(v)) };
		/* Not the number that was expected: as it is. */
		if (kind == CELL_NUMBER || kind == CELL_REAL ||
		    kind == CELL_FLAG)
			out->kind = CELL_TEXT;
	} else if (json_is_integer(v)) {
		*out = (struct cell){ .kind = CELL_NUMBER,
			.number = json_integer_value(v) };
	} else if (json_is_real(v)) {
		*out = (struct cell){ .kind = CELL_REAL,
			.real = json_real_value(v) };
	} else if (json_is_boolean(v)) {
		*out = (struct cell){ .kind = CELL_FLAG,
			.number = json_is_true(v) };
	} else if (json_is_array(v)) {
		*out = (struct cell){ .kind = CELL_TEXT,
			.text = joined(r->arena, v) };
		if (out->text.n == 0)
			out->kind = CELL_NONE;
	}
}

/* ---- rows -------------------------------------------------------------- */

/*
 * How the values of a row are found: what is of the item is the same for all
 * of its rows, and most of the others are members by one name.
 */
struct plan {
	const struct table *table;
	struct row_sink sink;
	const json_t *fixed[TABLE_COLUMNS]; /* of the item, "/..." */
	size_t names[TABLE_COLUMNS]; /* octets of a path of one name; or 0 */
};

static void
plan_make(struct plan *p, const struct row *r)
{
	for (size_t i = 0; i < p->table->n_columns; i++) {
		const char *path = p->table->columns[i].path;

		p->fixed[i] = NULL;
		p->names[i] = 0;
		if (path == NULL)
			continue;
		if (path[0] == '/')
			p->fixed[i] = table_value(r, path);
		else if (strchr(path, '.') == NULL)
			p->names[i] = strlen(path);
	}
}

static const json_t *
plan_value(const struct plan *p, const struct row *r, size_t i)
{
	const char *path = p->table->columns[i].path;

	if (p->names[i] > 0)
		return json_object_getn(r->value, path, p->names[i]);
	return path[0] == '/' ? p->fixed[i] : member(r->value, path);
}

static bool
give(const struct plan *p, const struct row *r)
{
	struct cell cells[TABLE_COLUMNS];

	for (size_t i = 0; i < p->table->n_columns; i++) {
		const struct column *c = &p->table->columns[i];

		cells[i] = (struct cell){ .kind = CELL_NONE };
		if (c->path != NULL)
			table_cell(r, plan_value(p, r, i), c->kind, &cells[i]);
		else
			c->make(r, &cells[i]);
	}
	return arena_failed(r->arena) || p->sink.row(p->sink.ctx, r, cells);
}

/* A list, or one object that is a row by itself. */
static bool
list_rows(const struct plan *p, struct row *r)
{
	const json_t *list = member(r->item, r->list);
	size_t n = json_is_array(list) ? json_array_size(list) : list != NULL;

	for (size_t i = 0; i < n; i++) {
		r->value = json_is_array(list) ? json_array_get(list, i) : list;
		if (!json_is_object(r->value) ||
		    (p->table->wanted != NULL && !p->table->wanted(r->value)))
			continue;
		arena_reset(r->arena);
		if (!give(p, r) || arena_failed(r->arena))
			return false;
	}
	return true;
}

enum rc
table_rows(const struct table *t, const struct row *of, struct row_sink sink)
{
	struct plan plan = { .table = t, .sink = sink };
	struct row r = *of;

	plan_make(&plan, &r);
	for (size_t i = 0; t->lists[i] != NULL; i++) {
		r.list = t->lists[i];
		if (!list_rows(&plan, &r))
			break;
	}
	return arena_failed(r.arena) ? RC_LIMIT : RC_OK;
}
