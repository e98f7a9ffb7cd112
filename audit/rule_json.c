#include "audit/rule_json.h"

#include "base/civil.h"
#include "base/limits.h"
#include "checks/check.h"
#include "rules/path.h"

static void
set(json_t *o, const char *key, struct slice s)
{
	(void)json_object_set_new(o, key,
	    s.n > 0 ? check_json(s) : json_null());
}

static void
set_day(json_t *o, const char *key, int64_t t)
{
	char text[CIVIL_TEXT_MAX];

	if (t == INT64_MIN || t == INT64_MAX) {
		(void)json_object_set_new(o, key, json_null());
		return;
	}
	civil_rfc3339_format(t, text);
	set(o, key, slice_sub(slice_str(text), 0, 10));
}

static void
set_expr(json_t *o, const char *key, const struct expr *e)
{
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	if (e != NULL)
		expr_print(e, &b);
	set(o, key, buf_slice(&b));
	buf_free(&b);
}

static void
set_template(json_t *o, const char *key, const struct template *t)
{
	set(o, key, t != NULL ? template_source(t) : SLICE_NONE);
}

static json_t *
codes_json(const struct rule *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_codes; i++)
		(void)json_array_append_new(list, check_json(r->codes[i]));
	return list;
}

static json_t *
records_json(const struct rule *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_records; i++) {
		const struct rule_record *x = &r->records[i];
		json_t *o = json_object();

		set(o, "each", x->each != NULL ? x->each->source : SLICE_NONE);
		set_template(o, "name", x->name);
		set(o, "type", x->type);
		set_template(o, "value", x->value);
		(void)json_array_append_new(list, o);
	}
	return list;
}

static json_t *
menders_json(const struct rule *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_menders; i++) {
		json_t *o = json_object();

		set(o, "rule", r->menders[i].id);
		set_expr(o, "when", r->menders[i].when);
		(void)json_array_append_new(list, o);
	}
	return list;
}

static json_t *
off_json(const struct rule_off *off)
{
	json_t *o = json_object();

	set_template(o, "why", off->why);
	set(o, "pack", off->file);
	(void)json_object_set_new(o, "line",
	    json_integer((json_int_t)off->line));
	return o;
}

json_t *
rule_json(const struct rule *r)
{
	json_t *o = json_object();

	set(o, "rule", r->id);
	set(o, "provider", r->provider);
	set(o, "check", r->check);
	set(o, "title", r->title);
	set(o, "requirement", r->requirement);
	set(o, "audience", slice_str(audience_name(r->audience)));
	set(o, "class", slice_str(mail_class_name(r->class)));
	set(o, "level", slice_str(level_name(r->level)));
	set(o, "consequence", slice_str(consequence_name(r->consequence)));
	set_day(o, "since", r->since);
	set_day(o, "until", r->until);
	set(o, "checked", r->checked);
	set(o, "source", r->source);
	set_expr(o, "when", r->when);
	set_expr(o, "require", r->require);
	(void)json_object_set_new(o, "codes", codes_json(r));
	set_template(o, "pass", r->pass);
	set_template(o, "why", r->why);
	set_template(o, "fix", r->fix);
	(void)json_object_set_new(o, "records", records_json(r));
	(void)json_object_set_new(o, "mended_by", menders_json(r));
	set(o, "attest", r->attest);
	set(o, "notes", r->notes);
	set(o, "extends", r->extends);
	(void)json_object_set_new(o, "disabled",
	    r->off != NULL ? off_json(r->off) : json_null());
	set(o, "pack", r->file);
	(void)json_object_set_new(o, "line", json_integer((json_int_t)r->line));
	return o;
}
