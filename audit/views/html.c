#include "audit/views/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/views/tables.h"
#include "base/escape.h"
#include "base/limits.h"

enum {
	ARENA_BLOCK = 16 * 1024,
	ID_MAX = 80,
	NUMBER_MAX = 32,
	LONG = 40 /* characters of a column that has sentences, or records */
};

enum rc
html_open(struct html *h, struct view_run *run)
{
	*h = (struct html){
		.run = run,
		.out = &run->out,
		.rows = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK),
		.ids = json_object(),
		.base = "",
		.level = 2,
	};
	buf_init(&h->words, LIMIT_RENDERED);
	return h->rows != NULL && h->ids != NULL ? RC_OK : RC_NOMEM;
}

void
html_close(struct html *h)
{
	arena_free(h->rows);
	json_decref(h->ids);
	buf_free(&h->words);
	h->rows = NULL;
	h->ids = NULL;
}

/* ---- text -------------------------------------------------------------- */

void
html_put(struct html *h, const char *markup)
{
	buf_add_str(h->out, markup);
}

void
html_text(struct html *h, const char *text)
{
	escape_html(h->out, slice_str(text));
}

void
html_bdi(struct html *h, const char *text)
{
	html_put(h, "<bdi>");
	html_text(h, text);
	html_put(h, "</bdi>");
}

void
html_or_dash(struct html *h, const char *text)
{
	html_text(h, slice_trim(slice_str(text)).n > 0 ? text : "-");
}

void
html_wrap(struct html *h, const char *open, const char *text, const char *close)
{
	html_put(h, open);
	html_text(h, text);
	html_put(h, close);
}

void
html_line(struct html *h, const char *open, const char *text, const char *close)
{
	if (text != NULL && *text != '\0')
		html_wrap(h, open, text, close);
}

void
html_count(struct html *h, uint64_t n)
{
	html_add_count(h->out, n);
}

void
html_add_count(struct buf *b, uint64_t n)
{
	char digits[NUMBER_MAX];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_add_char(b, ',');
		buf_add_char(b, digits[i]);
	}
}

struct buf *
html_words(struct html *h)
{
	buf_reset(&h->words);
	return &h->words;
}

void
html_say(struct html *h)
{
	escape_html(h->out, buf_slice(&h->words));
	h->out->failed |= h->words.failed;
}

/* ---- links and ids ----------------------------------------------------- */

static bool
is_of_host(unsigned char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.';
}

/* RFC 3986 2: what may stand behind the authority. */
static bool
is_of_path(unsigned char c)
{
	return ascii_is_alnum(c) ||
	       (c > ' ' && c < 0x7f && strchr("\"<>\\^`{|}", c) == NULL);
}

/* https, a name or a dotted address, perhaps a port; and no user. */
static bool
is_link(struct slice uri)
{
	static const struct slice scheme = { (const unsigned char *)"https://",
		8 };
	size_t i = scheme.n, begin = scheme.n;

	if (!slice_starts(uri, scheme))
		return false;
	while (i < uri.n && is_of_host(uri.p[i]))
		i++;
	if (i == begin || !ascii_is_alnum(uri.p[begin]))
		return false;
	if (i < uri.n && uri.p[i] == ':') {
		for (i++; i < uri.n && ascii_is_digit(uri.p[i]);)
			i++;
	}
	if (i < uri.n && strchr("/?#", uri.p[i]) == NULL)
		return false;
	while (i < uri.n && is_of_path(uri.p[i]))
		i++;
	return i == uri.n;
}

void
html_link(struct html *h, const char *uri)
{
	if (!is_link(slice_str(uri))) {
		html_bdi(h, uri);
		return;
	}
	html_put(h, "<a rel=\"noreferrer\" href=\"");
	html_text(h, uri);
	html_put(h, "\">");
	html_text(h, uri);
	html_put(h, "</a>");
}

/* Letters, digits, points and hyphens; what else there is as _HH. */
static void
add_id(struct buf *b, const char *text)
{
	for (size_t i = 0; text[i] != '\0' && b->n < ID_MAX; i++) {
		unsigned char c = (unsigned char)text[i];

		if (ascii_is_alnum(c) || c == '.' || c == '-')
			buf_add_char(b, (char)c);
		else
			buf_printf(b, "_%02x", (unsigned int)c);
	}
	if (b->n == 0)
		buf_add_str(b, "_");
}

const char *
html_id(struct html *h, const char *text)
{
	struct buf *b = html_words(h);
	const char *bare, *id;
	json_int_t n;

	add_id(b, text);
	bare = arena_printf(h->run->arena, "%.*s", SLICE_FMT(buf_slice(b)));
	id = bare;
	while (id != NULL && json_object_get(h->ids, id) != NULL) {
		n = json_integer_value(json_object_get(h->ids, bare)) + 1;
		(void)json_object_set_new(h->ids, bare, json_integer(n));
		id = arena_printf(h->run->arena, "%s-%lld", bare, (long long)n);
	}
	if (id == NULL)
		return "";
	(void)json_object_set_new(h->ids, id, json_integer(1));
	id = arena_printf(h->run->arena, "%s%s", h->base, id);
	return id != NULL ? id : "";
}

void
html_rebase(struct html *h, const char *base)
{
	(void)json_object_clear(h->ids);
	h->base = base;
}

/* ---- parts of a page --------------------------------------------------- */

void
html_heading_open(struct html *h, unsigned int deeper, const char *id)
{
	buf_printf(h->out, "<h%u", h->level + deeper);
	html_line(h, " id=\"", id, "\"");
	html_put(h, ">");
}

void
html_heading_close(struct html *h, unsigned int deeper)
{
	buf_printf(h->out, "</h%u>\n", h->level + deeper);
}

void
html_heading(struct html *h, unsigned int deeper, const char *id,
    const char *text)
{
	html_heading_open(h, deeper, id);
	html_text(h, text);
	html_heading_close(h, deeper);
}

void
html_fold_open(struct html *h)
{
	html_put(h, "<details><summary>");
}

void
html_fold_body(struct html *h)
{
	html_put(h, "</summary>\n");
}

void
html_fold(struct html *h, const char *summary)
{
	html_fold_open(h);
	html_text(h, summary);
	html_fold_body(h);
}

void
html_fold_close(struct html *h)
{
	html_put(h, "</details>\n");
}

void
html_records(struct html *h, const json_t *records)
{
	const json_t *record;
	size_t i;

	if (json_array_size(records) == 0)
		return;
	html_put(h, "<pre class=\"record\">");
	json_array_foreach(records, i, record)
	{
		html_put(h, i > 0 ? "\n" : "");
		record_print(html_words(h), record);
		html_say(h);
	}
	html_put(h, "</pre>\n");
}

const char *
html_class(enum style style)
{
	switch (style) {
	case STYLE_GOOD:
		return "good";
	case STYLE_BAD:
		return "bad";
	case STYLE_OPEN:
		return "open";
	case STYLE_PLAIN:
	case STYLE_BOLD:
	case STYLE_DIM:
		break;
	}
	return "plain";
}

void
html_status(struct html *h, const char *status)
{
	static const char *const classes[][2] = {
		{ "pass", "good" },
		{ "fail", "bad" },
		{ "unknown", "open" },
	};
	const char *class = "plain";

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strcmp(status, classes[i][0]) == 0)
			class = classes[i][1];
	}
	buf_printf(h->out, "<span class=\"s %s\">", class);
	html_text(h, status);
	html_put(h, "</span>");
}

/* ---- pairs ------------------------------------------------------------- */

void
html_pairs_open(struct html *h)
{
	html_put(h, "<dl>\n");
}

void
html_pair(void *html, const char *label, const char *text)
{
	struct html *h = html;

	html_wrap(h, "<div><dt>", label, "</dt><dd>");
	html_bdi(h, text);
	html_put(h, "</dd></div>\n");
}

void
html_list(struct html *h, const char *label, const json_t *list)
{
	const json_t *value;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	html_wrap(h, "<div><dt>", label, "</dt><dd>");
	json_array_foreach(list, i, value)
	{
		const char *text = json_string_value(value);

		html_put(h, i > 0 ? ", " : "");
		html_bdi(h, text != NULL ? text : "");
	}
	html_put(h, "</dd></div>\n");
}

void
html_pairs_close(struct html *h)
{
	html_put(h, "</dl>\n");
}

/* ---- tables ------------------------------------------------------------ */

void
html_table_open(struct html *h, const char *caption)
{
	html_wrap(h,
	    "<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
	    "aria-label=\"",
	    caption, "\"><table>");
	html_line(h, "<caption>", caption, "</caption>\n");
}

void
html_table_close(struct html *h)
{
	html_put(h, "</tbody></table></div>\n");
}

struct showing {
	struct html *html;
	const struct html_table *of;
	size_t at[TABLE_COLUMNS]; /* places of the columns */
	size_t n;
	bool begun;
};

static bool
is_number(enum cell_kind kind)
{
	return kind == CELL_NUMBER || kind == CELL_REAL;
}

static void
begin_table(struct showing *s)
{
	struct html *h = s->html;

	html_table_open(h, s->of->caption);
	html_put(h, "<thead><tr>");
	for (size_t i = 0; i < s->n; i++) {
		const struct column *c = &s->of->table->columns[s->at[i]];

		html_wrap(h,
		    is_number(c->kind) ? "<th scope=\"col\" class=\"n\">"
				       : "<th scope=\"col\">",
		    c->title, "</th>");
	}
	html_put(h, "</tr></thead>\n<tbody>");
	s->begun = true;
}

static void
put_value(struct html *h, const struct cell *c)
{
	const char *text = (const char *)c->text.p;

	switch (c->kind) {
	case CELL_NONE:
		break;
	case CELL_NUMBER:
		if (c->number < 0)
			buf_printf(h->out, "%lld", (long long)c->number);
		else
			html_count(h, (uint64_t)c->number);
		break;
	case CELL_REAL:
		buf_printf(h->out, "%.6g", c->real);
		break;
	case CELL_FLAG:
		html_put(h, c->number ? "yes" : "no");
		break;
	case CELL_LINK:
		html_link(h, text != NULL ? text : "");
		break;
	case CELL_TEXT:
	case CELL_TIME:
	case CELL_DAY:
		html_put(h, "<bdi>");
		escape_html(h->out, c->text);
		html_put(h, "</bdi>");
		break;
	}
}

/* A heading of nothing is none. */
static bool
is_seen(const struct cell *c)
{
	return c->kind != CELL_NONE &&
	       (c->text.p == NULL || slice_trim(c->text).n > 0);
}

static const char *
cell_open(const struct column *column, const struct cell *c, bool head)
{
	if (head)
		return "<th scope=\"row\">";
	if (is_number(c->kind))
		return "<td class=\"n\">";
	if (c->kind == CELL_TIME || c->kind == CELL_DAY)
		return "<td class=\"k\">";
	return column->width >= LONG ? "<td class=\"long\">" : "<td>";
}

static bool
put_row(void *ctx, const struct row *row, const struct cell *cells)
{
	struct showing *s = ctx;
	struct html *h = s->html;

	(void)row;
	if (!s->begun)
		begin_table(s);
	html_put(h, "<tr>");
	for (size_t i = 0; i < s->n; i++) {
		const struct cell *c = &cells[s->at[i]];
		bool head = i == 0 && is_seen(c);

		html_put(h,
		    cell_open(&s->of->table->columns[s->at[i]], c, head));
		put_value(h, c);
		html_put(h, head ? "</th>" : "</td>");
	}
	html_put(h, "</tr>\n");
	return !h->out->failed;
}

static void
choose(struct showing *s, size_t at)
{
	if (s->n < TABLE_COLUMNS)
		s->at[s->n++] = at;
}

/* Names that the table has not are left out. */
static void
choose_all(struct showing *s)
{
	const char *const *names = s->of->columns;
	const struct table *t = s->of->table;

	for (size_t k = 0; names == NULL && k < t->n_columns; k++)
		choose(s, k);
	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		for (size_t k = 0; k < t->n_columns; k++) {
			if (strcmp(t->columns[k].name, names[i]) == 0)
				choose(s, k);
		}
	}
}

bool
html_table(struct html *h, const struct html_table *t, const json_t *item)
{
	struct showing s = { .html = h, .of = t };
	struct row of = { .header = h->run->header,
		.item = item,
		.arena = h->rows };
	enum rc rc;

	choose_all(&s);
	rc = table_rows(t->table, &of,
	    (struct row_sink){ .row = put_row, .ctx = &s });
	if (h->run->rc == RC_OK)
		h->run->rc = rc;
	if (s.begun)
		html_table_close(h);
	return s.begun;
}
