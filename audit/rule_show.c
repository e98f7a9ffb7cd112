#include "audit/rule_show.h"

#include "audit/views/page.h"
#include "base/civil.h"
#include "base/escape.h"
#include "base/limits.h"
#include "rules/path.h"

enum { WIDTH = 80, VALUE_AT = 13 };

/* value is not NUL-terminated; nothing to say of an empty one. */
static void
field(struct page *p, const char *key, struct slice value)
{
	struct buf text;

	if (value.n == 0)
		return;
	buf_init(&text, LIMIT_RENDERED);
	buf_add(&text, value);
	buf_add(&text, slice_of("", 1));
	page_pad(p, key, VALUE_AT);
	if (!text.failed)
		page_fill(p, (const char *)text.p, VALUE_AT, VALUE_AT);
	buf_free(&text);
}

static void
show_time(struct page *p, const char *key, int64_t t)
{
	char text[CIVIL_TEXT_MAX];

	if (t == INT64_MIN || t == INT64_MAX)
		return;
	civil_rfc3339_format(t, text);
	field(p, key, slice_sub(slice_str(text), 0, 10));
}

static void
show_expr(struct page *p, const char *key, const struct expr *e)
{
	struct buf b;

	if (e == NULL)
		return;
	buf_init(&b, LIMIT_RENDERED);
	expr_print(e, &b);
	field(p, key, buf_slice(&b));
	buf_free(&b);
}

static void
show_template(struct page *p, const char *key, const struct template *t)
{
	if (t != NULL)
		field(p, key, template_source(t));
}

static void
show_codes(struct page *p, const struct rule *r)
{
	struct buf all;

	buf_init(&all, LIMIT_RENDERED);
	for (size_t i = 0; i < r->n_codes; i++) {
		buf_add_str(&all, i > 0 ? " " : "");
		buf_add(&all, r->codes[i]);
	}
	field(p, "codes", buf_slice(&all));
	buf_free(&all);
}

/* On one line, as in the pack. */
static void
show_record(struct page *p, const struct rule_record *r)
{
	page_pad(p, "record", VALUE_AT);
	if (r->each != NULL) {
		buf_add_str(p->out, "each(");
		escape_terminal(p->out, r->each->source);
		buf_add_str(p->out, ") ");
	}
	escape_terminal(p->out, template_source(r->name));
	buf_add_char(p->out, ' ');
	escape_terminal(p->out, r->type);
	buf_add_char(p->out, ' ');
	escape_terminal(p->out, template_source(r->value));
	buf_add_char(p->out, '\n');
}

static void
show_mender(struct page *p, const struct rule_mender *m)
{
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	buf_add(&b, m->id);
	if (m->when != NULL) {
		buf_add_str(&b, " if ");
		expr_print(m->when, &b);
	}
	field(p, "mended_by", buf_slice(&b));
	buf_free(&b);
}

static void
show_demand(struct page *p, const struct rule *r)
{
	field(p, "rule", r->id);
	field(p, "title", r->title);
	field(p, "requirement", r->requirement);
	field(p, "applies", slice_str(audience_name(r->audience)));
	field(p, "class", slice_str(mail_class_name(r->class)));
	field(p, "level", slice_str(level_name(r->level)));
	field(p, "consequence", slice_str(consequence_name(r->consequence)));
	show_time(p, "since", r->since);
	show_time(p, "until", r->until);
	field(p, "checked", r->checked);
	field(p, "source", r->source);
}

static void
show_off(struct page *p, const struct rule_off *off)
{
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	buf_add(&b, off->file);
	buf_printf(&b, " line %zu", off->line);
	if (off->why != NULL) {
		buf_add_str(&b, ": ");
		buf_add(&b, template_source(off->why));
	}
	field(p, "disabled", buf_slice(&b));
	buf_free(&b);
}

void
rule_show(const struct rule *r, struct buf *out)
{
	struct view_look look = { .width = WIDTH, .unicode = true };
	struct page p;

	page_init(&p, out, &look);
	show_demand(&p, r);
	show_expr(&p, "when", r->when);
	show_expr(&p, "require", r->require);
	field(&p, "attest", r->attest);
	field(&p, "notes", r->notes);
	show_codes(&p, r);
	show_template(&p, "pass", r->pass);
	show_template(&p, "why", r->why);
	show_template(&p, "fix", r->fix);
	for (size_t i = 0; i < r->n_records; i++)
		show_record(&p, &r->records[i]);
	field(&p, "extends", r->extends);
	for (size_t i = 0; i < r->n_menders; i++)
		show_mender(&p, &r->menders[i]);
	field(&p, "pack", r->file);
	if (r->off != NULL)
		show_off(&p, r->off);
	page_close(&p);
}
