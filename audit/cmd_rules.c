#include <stdlib.h>

#include "audit/attest_files.h"
#include "audit/complain.h"
#include "audit/json_text.h"
#include "audit/options.h"
#include "audit/output.h"
#include "audit/packs.h"
#include "audit/providers.h"
#include "audit/rule_json.h"
#include "audit/rule_show.h"
#include "audit/rules_check.h"
#include "audit/views/page.h"
#include "base/escape.h"
#include "base/limits.h"

/* ---- list -------------------------------------------------------------- */

/* Where titles begin, and room that they need there. */
enum { TITLE_AT = 53, TITLE_MIN = 24 };

/* Whose rules are listed, and as of when. */
struct listing {
	const struct settings *settings;
	const struct slice *providers; /* none: everybody's */
	size_t n;
};

static bool
wanted(const struct listing *l, const struct rule *r)
{
	for (size_t i = 0; i < l->n; i++) {
		if (slice_eq(l->providers[i], r->provider))
			return true;
	}
	return l->n == 0;
}

static bool
listed(const struct listing *l, const struct rule *r)
{
	return wanted(l, r) && (!l->settings->has_as_of ||
				   rule_in_force(r, l->settings->as_of));
}

static void
add_title(const struct rule *r, struct buf *b)
{
	buf_add(b, r->title);
	if (r->off == NULL)
		return;
	buf_add_str(b, " [disabled in ");
	buf_add(b, r->off->file);
	buf_printf(b, " line %zu]", r->off->line);
}

/* A line for each rule, whatever its length: for scripts. */
static void
list_line(const struct rule *r, struct buf *out)
{
	struct buf title;

	buf_init(&title, LIMIT_LIST_LINE);
	add_title(r, &title);
	buf_printf(out, "%-34.*s %-6s %-10s ", SLICE_FMT(r->id),
	    level_name(r->level), consequence_name(r->consequence));
	escape_terminal(out, buf_slice(&title));
	buf_add_char(out, '\n');
	buf_free(&title);
}

/* The same for a person: titles go on below their begin. */
static void
list_wrapped(const struct rule *r, struct page *p)
{
	size_t at = 0;
	struct buf title;

	buf_init(&title, LIMIT_LIST_LINE);
	if (p->look->width < TITLE_AT + TITLE_MIN) {
		buf_printf(p->out, "%.*s\n  %s, %s: ", SLICE_FMT(r->id),
		    level_name(r->level), consequence_name(r->consequence));
		at = strlen(level_name(r->level)) +
		     strlen(consequence_name(r->consequence)) + 6;
	} else {
		buf_printf(p->out, "%-34.*s %-6s %-10s ", SLICE_FMT(r->id),
		    level_name(r->level), consequence_name(r->consequence));
	}
	add_title(r, &title);
	buf_add_char(&title, '\0');
	if (!title.failed)
		page_fill(p, (const char *)title.p, at > 0 ? at : TITLE_AT,
		    at > 0 ? 2 : TITLE_AT);
	buf_free(&title);
}

static void
list_text(const struct listing *l, const struct rules *rules, struct buf *out)
{
	struct view_look look = { .width = 0 };
	struct page p;
	bool lines;

	output_look(l->settings, "-", &look);
	lines = look.width == 0;
	look.width = view_width(look.width);
	page_init(&p, out, &look);
	for (size_t i = 0; i < rules->n; i++) {
		if (listed(l, rules->rules[i]) && lines)
			list_line(rules->rules[i], out);
		else if (listed(l, rules->rules[i]))
			list_wrapped(rules->rules[i], &p);
	}
	page_close(&p);
}

static void
print_json(json_t *j, struct buf *out)
{
	json_text(out, j, (struct json_layout){ .indent = 2 });
	buf_add_char(out, '\n');
	json_decref(j);
}

static void
list_json(const struct listing *l, const struct rules *rules, struct buf *out)
{
	json_t *all = json_array();

	for (size_t i = 0; i < rules->n; i++) {
		if (listed(l, rules->rules[i]))
			(void)json_array_append_new(all,
			    rule_json(rules->rules[i]));
	}
	print_json(all, out);
}

static enum rc
list(const struct settings *s, const struct rules *rules, struct arena *a,
    struct buf *out, struct slice *error)
{
	struct listing l = { .settings = s };
	enum rc rc = RC_OK;

	if (s->providers.n > 0)
		rc = providers_asked(s, rules, a, &l.providers, &l.n, error);
	if (rc)
		return rc;
	if (s->format == FORMAT_JSON) {
		list_json(&l, rules, out);
		return RC_OK;
	}
	list_text(&l, rules, out);
	return RC_OK;
}

/* ---- attest ------------------------------------------------------------ */

static enum rc
attest(const struct settings *s, const struct rules *rules, struct arena *a,
    struct buf *out, struct slice *error)
{
	const struct slice *providers;
	size_t n;
	enum rc rc = providers_asked(s, rules, a, &providers, &n, error);

	if (rc == RC_OK)
		attest_file_print(rules, providers, n, out);
	return rc;
}

/* ---- show -------------------------------------------------------------- */

static enum rc
show_one(const struct settings *s, const struct rules *rules, struct arena *a,
    struct buf *out, struct slice *error)
{
	const char *id = s->operands.items[1];
	const struct rule *r = rules_find(rules, slice_str(id));
	const char *near = NULL, **ids;

	if (r != NULL && s->format == FORMAT_JSON)
		print_json(rule_json(r), out);
	else if (r != NULL)
		rule_show(r, out);
	if (r != NULL)
		return RC_OK;
	ids = arena_new_of(a, const char *, rules->n + 1);
	for (size_t i = 0; ids != NULL && i < rules->n; i++)
		ids[i] = (const char *)arena_copy(a, rules->rules[i]->id).p;
	if (ids != NULL && !arena_failed(a))
		near = options_nearest(id, ids, rules->n);
	*error =
	    near != NULL
		? arena_slicef(a, "there is no rule '%s'; did you mean %s?", id,
		      near)
		: arena_slicef(a,
		      "there is no rule '%s'; presend rules list has them all",
		      id);
	return RC_INVALID;
}

enum exit_status
cmd_rules(const struct settings *s, struct arena *a)
{
	const char *what = s->operands.n > 0 ? s->operands.items[0] : "list";
	struct slice error = SLICE_NONE;
	struct rules *rules = NULL;
	enum exit_status status;
	struct buf out;
	enum rc rc;

	if (strcmp(what, "check") == 0)
		return rules_check(s, a);
	buf_init(&out, LIMIT_RENDERED);
	rc = packs_load(s, a, &rules, &error);
	if (rc == RC_OK && strcmp(what, "show") == 0)
		rc = show_one(s, rules, a, &out, &error);
	else if (rc == RC_OK && strcmp(what, "attest") == 0)
		rc = attest(s, rules, a, &out, &error);
	else if (rc == RC_OK)
		rc = list(s, rules, a, &out, &error);
	status = rc == RC_OK ? print_out(&out) : complain(rc, error);
	rules_close(&rules);
	buf_free(&out);
	return status;
}
