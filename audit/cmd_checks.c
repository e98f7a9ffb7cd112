#include "audit/complain.h"
#include "audit/options.h"
#include "audit/page.h"
#include "base/limits.h"
#include "checks/check.h"

/* Columns: a fact, its type, its meaning. */
enum { WIDTH = 80, TYPE_AT = 30, MEANING_AT = 38 };

static void
print_fact(struct page *p, const char *check, const struct fact_doc *fact)
{
	size_t at = 2;

	page_spaces(p, 2);
	at += page_add(p, check);
	at += page_add(p, ".");
	at += page_add(p, fact->path);
	if (at >= TYPE_AT) {
		buf_add_char(p->out, '\n');
		at = 0;
	}
	page_spaces(p, TYPE_AT - at);
	page_pad(p, fact->type, MEANING_AT - TYPE_AT);
	page_fill(p, fact->meaning, MEANING_AT, MEANING_AT);
}

static void
print_check(struct page *p, const struct check *c, struct arena *a)
{
	const char *head =
	    arena_printf(a, "%s: %s (%s)", c->name, c->summary, c->standards);

	if (head != NULL)
		page_fill(p, head, 0, MEANING_AT - TYPE_AT);
	for (size_t i = 0; c->facts[i].path != NULL; i++)
		print_fact(p, c->name, &c->facts[i]);
}

enum exit_status
cmd_checks(const struct settings *s, struct arena *a)
{
	struct view_look look = { .width = WIDTH, .unicode = true };
	enum exit_status status;
	struct page p;
	struct buf out;

	(void)s;
	buf_init(&out, LIMIT_RENDERED);
	page_init(&p, &out, &look);
	for (size_t i = 0; checks[i] != NULL; i++) {
		if (i > 0)
			buf_add_char(&out, '\n');
		print_check(&p, checks[i], a);
	}
	page_close(&p);
	status = print_out(&out);
	buf_free(&out);
	return status;
}
