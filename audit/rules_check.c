#include "audit/rules_check.h"

#include <stdio.h>
#include <time.h>

#include "audit/bounce_packs.h"
#include "audit/complain.h"
#include "audit/files.h"
#include "audit/pack_files.h"
#include "audit/packs.h"
#include "base/escape.h"
#include "base/limits.h"
#include "rules/doubt.h"

struct checking {
	const struct settings *settings;
	struct arena *arena;
	struct rules *rules;       /* of the packs before, built in or given */
	const struct facts *known; /* and which are never null */
	struct pack_errors errors; /* of the pack that is read */
	struct buf out;
	bool wrong; /* some pack was */
};

/* ---- what is said ------------------------------------------------------ */

static void
say(struct checking *c, struct slice line)
{
	c->wrong = true;
	(void)fprintf(stderr, "%.*s\n", SLICE_FMT(line));
}

/* All errors, or the one that kept it from being read. */
static void
say_errors(struct checking *c, struct slice error)
{
	const struct pack_errors *e = &c->errors;

	for (size_t i = 0; i < e->n; i++)
		say(c,
		    pack_files_error(e->list[i].file, &e->list[i], c->arena));
	if (e->n == 0)
		say(c, error);
	if (e->n == LIMIT_PROBLEMS)
		say(c, SLICE_LIT("There may be more; these are the first."));
}

/* What is odd about the rules from one on: warnings. */
static enum rc
say_doubts(struct checking *c, const char *path, size_t from)
{
	struct slice doubts[DOUBTS_MAX];
	enum rc rc = RC_OK;
	size_t n;

	for (size_t i = from; rc == RC_OK && i < c->rules->n; i++) {
		const struct rule *r = c->rules->rules[i];

		rc = rule_doubts(c->arena, c->known, r, doubts, &n);
		for (size_t k = 0; rc == RC_OK && k < n; k++) {
			escape_terminal(&c->out, slice_str(path));
			buf_printf(&c->out, ":%zu:2: warning: ", r->line);
			escape_terminal(&c->out, r->id);
			buf_add_str(&c->out, ": ");
			escape_terminal(&c->out, doubts[k]);
			buf_add_char(&c->out, '\n');
		}
	}
	return rc;
}

static void
say_fine(struct checking *c, const char *path, size_t n, const char *what)
{
	escape_terminal(&c->out, slice_str(path));
	buf_printf(&c->out, ": %zu %s%s, all well formed\n", n, what,
	    n == 1 ? "" : "s");
}

/* ---- a pack ------------------------------------------------------------ */

static enum rc
check_rules(struct checking *c, const char *path)
{
	size_t before = c->rules->n, off = c->rules->n_off;
	struct slice error = SLICE_NONE;
	enum rc rc;

	c->errors.n = 0;
	rc = packs_add_file(c->rules, path, c->arena, &error);
	if (rc == RC_INVALID) {
		say_errors(c, error);
		return RC_OK;
	}
	if (rc)
		return rc;
	rc = say_doubts(c, path, before);
	say_fine(c, path, c->rules->n - before, "rule");
	if (c->rules->n_off > off) {
		escape_terminal(&c->out, slice_str(path));
		buf_printf(&c->out, ": %zu of other packs disabled\n",
		    c->rules->n_off - off);
	}
	return rc;
}

static enum rc
check_bounces(struct checking *c, const char *path)
{
	struct slice error = SLICE_NONE;
	size_t n = 0;
	enum rc rc =
	    bounce_packs_check(c->settings, path, c->arena, &n, &error);

	if (rc == RC_INVALID) {
		say(c, error);
		return RC_OK;
	}
	if (rc == RC_OK)
		say_fine(c, path, n, "pattern");
	return rc;
}

static bool
ends_in(const char *path, const char *extension)
{
	return slice_ends_nocase(slice_str(path), slice_str(extension));
}

static enum rc
check_folder(struct checking *c, const char *path, const char *const *files,
    size_t n)
{
	size_t packs = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool rules = ends_in(files[i], ".rules");

		if (!rules && !ends_in(files[i], ".bounces"))
			continue;
		rc = rules ? check_rules(c, files[i])
			   : check_bounces(c, files[i]);
		packs++;
	}
	if (rc == RC_OK && packs == 0)
		say(c,
		    arena_slicef(c->arena, "%s: holds no *.rules file", path));
	return rc;
}

static enum rc
check_path(struct checking *c, const char *path)
{
	struct slice error = SLICE_NONE;
	const char **files = NULL;
	bool folder = false;
	size_t n = 0;
	enum rc rc = folder_list(path, c->arena, &files, &n, &folder, &error);

	if (rc == RC_INVALID) {
		say(c, error);
		return RC_OK;
	}
	if (rc)
		return rc;
	if (folder)
		return check_folder(c, path, files, n);
	return ends_in(path, ".bounces") ? check_bounces(c, path)
					 : check_rules(c, path);
}

enum exit_status
rules_check(const struct settings *s, struct arena *a)
{
	struct checking c = { .settings = s, .arena = a };
	enum exit_status status;
	struct slice error = SLICE_NONE;
	enum rc rc = packs_load_all(s, a, &c.rules, &error);

	c.known = packs_sure_facts(a);
	if (rc == RC_OK && c.known == NULL)
		rc = RC_NOMEM;
	buf_init(&c.out, LIMIT_RENDERED);
	if (rc == RC_OK) {
		c.rules->errors = &c.errors;
		c.rules->now = (int64_t)time(NULL);
	}
	for (size_t i = 1; rc == RC_OK && i < s->operands.n; i++)
		rc = check_path(&c, s->operands.items[i]);
	status = rc ? complain(rc, error) : print_out(&c.out);
	rules_close(&c.rules);
	buf_free(&c.out);
	return status == STATUS_FINE && c.wrong ? STATUS_USAGE : status;
}
