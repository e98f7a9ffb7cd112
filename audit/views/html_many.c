#include "audit/views/html_many.h"

#include "base/limits.h"

enum rc
html_many_open(struct html_many *m, struct view_run *run)
{
	enum rc rc = html_open(&m->html, run);

	m->names = json_object();
	buf_init(&m->row, LIMIT_RENDERED);
	m->html.level = 3;
	return m->names != NULL ? rc : RC_NOMEM;
}

void
html_many_close(struct html_many *m)
{
	html_close(&m->html);
	json_decref(m->names);
	spool_close(&m->rows);
	spool_close(&m->bodies);
	buf_free(&m->row);
}

const char *
html_many_id(struct html_many *m, const char *name)
{
	static const char *const taken[] = { "main", "overview", "fails",
		"unknown" };
	struct html *h = &m->html;
	json_t *own = h->ids;
	const char *id, *base;

	html_rebase(h, "");
	h->ids = m->names;
	if (json_object_size(h->ids) == 0) {
		for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
			(void)html_id(h, taken[i]);
	}
	id = html_id(h, name);
	h->ids = own;
	base = arena_printf(h->run->arena, "%s/", id);
	h->base = base != NULL ? base : "";
	return id;
}

static void
keep(struct html_many *m, struct spool *s, struct buf *text)
{
	struct view_run *run = m->html.run;

	if (text->failed && run->rc == RC_OK)
		run->rc = RC_LIMIT;
	if (run->rc == RC_OK)
		run->rc = spool_add(s, buf_slice(text), &run->why);
	buf_reset(text);
}

struct html *
html_many_row(struct html_many *m)
{
	m->html.out = &m->row;
	return &m->html;
}

void
html_many_row_end(struct html_many *m)
{
	m->html.out = &m->html.run->out;
	keep(m, &m->rows, &m->row);
}

void
html_many_body(struct html_many *m)
{
	keep(m, &m->bodies, m->html.out);
}

void
html_many_name(struct html_many *m, const char *id, const char *name)
{
	struct html *h = &m->html;

	html_wrap(h, "<tr><th scope=\"row\"><a href=\"#", id, "\">");
	html_bdi(h, *name != '\0' ? name : "(no domain)");
	html_put(h, "</a></th>");
}
