#include <stdlib.h>

#include "audit/attest_files.h"
#include "audit/bounce_packs.h"
#include "audit/complain.h"
#include "audit/options.h"
#include "audit/packs.h"
#include "audit/providers.h"
#include "audit/rule_show.h"
#include "base/escape.h"
#include "base/limits.h"

/* ---- list -------------------------------------------------------------- */

static bool
wanted(const struct slice *providers, size_t n, const struct rule *r)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq(providers[i], r->provider))
			return true;
	}
	return n == 0;
}

static enum rc
list(const struct settings *s, const struct rules *rules, struct arena *a,
    struct buf *out, struct slice *error)
{
	const struct slice *providers = NULL;
	size_t n = 0;
	enum rc rc = RC_OK;

	if (s->providers.n > 0)
		rc = providers_asked(s, rules, a, &providers, &n, error);
	if (rc)
		return rc;
	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *r = rules->rules[i];

		if (!wanted(providers, n, r))
			continue;
		buf_printf(out, "%-34.*s %-6s %-10s ", SLICE_FMT(r->id),
		    level_name(r->level), consequence_name(r->consequence));
		escape_terminal(out, r->title);
		buf_add_char(out, '\n');
	}
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

	if (r != NULL) {
		rule_show(r, out);
		return RC_OK;
	}
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

/* ---- check ------------------------------------------------------------- */

static enum rc
check_bounces(const struct settings *s, const char *path, struct arena *a,
    struct buf *out, struct slice *error)
{
	size_t n = 0;
	enum rc rc = bounce_packs_check(s, path, a, &n, error);

	if (rc)
		return rc;
	escape_terminal(out, slice_str(path));
	buf_printf(out, ": %zu patterns, all well formed\n", n);
	return RC_OK;
}

static bool
is_bounces(const char *path)
{
	return slice_ends_nocase(slice_str(path), SLICE_LIT(".bounces"));
}

static enum rc
check(const struct settings *s, struct arena *a, struct buf *out,
    struct slice *error)
{
	struct rules *rules = NULL;
	enum rc rc = rules_new(&rules);

	for (size_t i = 1; rc == RC_OK && i < s->operands.n; i++) {
		size_t before = rules->n;

		if (is_bounces(s->operands.items[i])) {
			rc = check_bounces(s, s->operands.items[i], a, out,
			    error);
			continue;
		}
		rc = packs_add_file(rules, s->operands.items[i], a, error);
		if (rc)
			break;
		escape_terminal(out, slice_str(s->operands.items[i]));
		buf_printf(out, ": %zu rules, all well formed\n",
		    rules->n - before);
	}
	rules_close(&rules);
	return rc;
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

	buf_init(&out, LIMIT_RENDERED);
	if (strcmp(what, "check") == 0) {
		rc = check(s, a, &out, &error);
	} else {
		rc = packs_load(s, a, &rules, &error);
		if (rc == RC_OK && strcmp(what, "show") == 0)
			rc = show_one(s, rules, a, &out, &error);
		else if (rc == RC_OK && strcmp(what, "attest") == 0)
			rc = attest(s, rules, a, &out, &error);
		else if (rc == RC_OK)
			rc = list(s, rules, a, &out, &error);
	}
	status = rc == RC_OK ? print_out(&out) : complain(rc, error);
	rules_close(&rules);
	buf_free(&out);
	return status;
}
