#include <stdlib.h>

#include "audit/bounce_packs.h"
#include "audit/complain.h"
#include "audit/explain.h"
#include "audit/files.h"
#include "audit/output.h"
#include "audit/packs.h"
#include "base/limits.h"

struct job {
	const struct settings *settings;
	struct arena *arena;
	struct bounces *bounces;
	struct rules *rules;
	unsigned char *input; /* of "-" */
	struct slice error;
};

/* ---- what is to be explained ------------------------------------------- */

static enum rc
read_input(struct job *j, struct slice *text)
{
	size_t n = 0;
	enum rc rc =
	    file_read("-", LIMIT_EXPLAINED, &j->input, &n, j->arena, &j->error);

	*text = slice_of(j->input, n);
	return rc;
}

/* The operands, with a space between. */
static enum rc
read_text(struct job *j, struct slice *text)
{
	const struct string_list *words = &j->settings->operands;
	struct buf all;
	enum rc rc = RC_OK;

	if (words->n == 1 && strcmp(words->items[0], "-") == 0)
		return read_input(j, text);
	buf_init(&all, LIMIT_EXPLAINED);
	for (size_t i = 0; i < words->n; i++) {
		buf_add_str(&all, i > 0 ? " " : "");
		buf_add_str(&all, words->items[i]);
	}
	if (all.failed) {
		j->error = SLICE_LIT("a reply of more than 64 KiB is none");
		rc = RC_INVALID;
	} else {
		*text = arena_copy(j->arena, buf_slice(&all));
		rc = text->p != NULL ? RC_OK : RC_NOMEM;
	}
	buf_free(&all);
	return rc;
}

/* ---- what comes out ---------------------------------------------------- */

static enum rc
show(struct job *j, const json_t *doc)
{
	struct outputs *o = NULL;
	enum rc rc = outputs_open(
	    &(struct output_wishes){
		.settings = j->settings,
		.document = DOCUMENT_EXPLAIN,
	    },
	    j->arena, &o, &j->error);

	if (rc == RC_OK)
		rc = outputs_begin(o, doc, &j->error);
	if (rc == RC_OK)
		rc = outputs_finish(o, &j->error);
	if (rc == RC_OK)
		rc = outputs_commit(o, &j->error);
	outputs_close(&o);
	return rc;
}

/* ---- the command ------------------------------------------------------- */

static enum rc
load(struct job *j, struct explanation *what)
{
	const struct settings *s = j->settings;
	enum rc rc = read_text(j, &what->text);

	if (rc == RC_OK)
		rc = bounce_packs_load(s, j->arena, &j->bounces, &j->error);
	what->bounces = j->bounces;
	if (rc == RC_OK && s->providers.n > 0)
		rc = bounce_packs_provider(j->bounces, s->providers.items[0],
		    j->arena, &what->provider, &j->error);
	return rc;
}

/* Of the rule packs only those that it points into: the others take time. */
static enum rc
add_rules(struct job *j, json_t *doc)
{
	size_t n = 0;
	const struct slice *packs = explain_rule_packs(doc, j->arena, &n);
	enum rc rc;

	if (n == 0)
		return arena_failed(j->arena) ? RC_NOMEM : RC_OK;
	rc = packs_load_some(j->settings, packs, n, j->arena, &j->rules,
	    &j->error);
	if (rc == RC_OK)
		explain_rules(doc, j->rules);
	return rc;
}

static enum rc
run(struct job *j, json_t **doc)
{
	struct explanation what = { .provider = NULL };
	bool known = false;
	enum rc rc = load(j, &what);

	if (rc)
		return rc;
	*doc = explain(&what, j->arena, &known);
	if (*doc == NULL)
		return RC_NOMEM;
	if (known)
		return add_rules(j, *doc);
	j->error = SLICE_LIT("that is neither a code nor a reply: a code is "
			     "5.7.26, 550 5.7.26 or TSS04; a reply is what the "
			     "log has, in quotes");
	return RC_INVALID;
}

enum exit_status
cmd_explain(const struct settings *s, struct arena *a)
{
	struct job j = { .settings = s, .arena = a };
	json_t *doc = NULL;
	enum exit_status status = STATUS_FINE;
	enum rc rc = run(&j, &doc);

	if (rc == RC_OK)
		rc = show(&j, doc);
	if (rc)
		status = complain(rc, j.error);
	json_decref(doc);
	rules_close(&j.rules);
	bounces_close(&j.bounces);
	free(j.input);
	return status;
}
