#include <stdlib.h>

#include "audit/bounces_diff.h"
#include "audit/complain.h"
#include "audit/diff.h"
#include "audit/files.h"
#include "audit/output.h"
#include "base/limits.h"

struct command_run {
	const struct settings *settings;
	struct arena *arena;
	struct saved saved[2];
	struct diff diff;            /* of audits */
	struct bounces_diff bounces; /* of those */
	struct outputs *outputs;
	struct slice error;
};

static enum rc
read_one(struct command_run *c, const char *name, struct saved *out)
{
	struct saved_file file = { .name = name,
		.arena = c->arena,
		.error = &c->error };
	unsigned char *octets = NULL;
	size_t n = 0;
	enum rc rc = file_read(name, LIMIT_DIFF_DOCUMENT, &octets, &n, c->arena,
	    &c->error);

	file.text = slice_of(octets, n);
	if (rc == RC_OK)
		rc = saved_read(&file, out);
	free(octets);
	return rc;
}

/* Two of a kind. */
static enum rc
read_both(struct command_run *c)
{
	const char *const *names = c->settings->operands.items;
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < 2; i++)
		rc = read_one(c, names[i], &c->saved[i]);
	if (rc || c->saved[0].bounces == c->saved[1].bounces)
		return rc;
	c->error = arena_slicef(c->arena,
	    "%s is an analysis of bounces and %s is an audit: two of a kind "
	    "are compared",
	    names[c->saved[0].bounces ? 0 : 1],
	    names[c->saved[0].bounces ? 1 : 0]);
	return RC_INVALID;
}

static enum rc
compare(struct command_run *c)
{
	const char *const *names = c->settings->operands.items;
	json_t *const documents[2] = { c->saved[0].header, c->saved[1].header };

	if (c->saved[0].bounces)
		return bounces_diff_make(documents, names, &c->bounces);
	return diff_make(c->arena, c->saved, names, &c->diff);
}

static enum rc
show(struct command_run *c)
{
	bool bounces = c->saved[0].bounces;
	const json_t *audit;
	enum rc rc;
	size_t i;

	rc = outputs_begin(c->outputs,
	    bounces ? c->bounces.document : c->diff.header, &c->error);
	json_array_foreach(c->diff.audits, i, audit)
	{
		if (rc == RC_OK)
			rc = outputs_item(c->outputs, audit, &c->error);
	}
	if (rc == RC_OK)
		rc = outputs_finish(c->outputs, &c->error);
	if (rc == RC_OK)
		rc = outputs_commit(c->outputs, &c->error);
	return rc;
}

static enum rc
run(struct command_run *c)
{
	enum rc rc = read_both(c);

	if (rc == RC_OK)
		rc = outputs_open(
		    &(struct output_wishes){
			.settings = c->settings,
			.document = c->saved[0].bounces ? DOCUMENT_BOUNCES_DIFF
							: DOCUMENT_DIFF,
		    },
		    c->arena, &c->outputs, &c->error);
	if (rc == RC_OK)
		rc = compare(c);
	return rc == RC_OK ? show(c) : rc;
}

enum exit_status
cmd_diff(const struct settings *s, struct arena *a)
{
	struct command_run c = { .settings = s, .arena = a };
	enum rc rc = run(&c);
	enum exit_status status =
	    rc == RC_OK ? STATUS_FINE : complain(rc, c.error);

	if (rc == RC_OK && c.diff.counts.worse + c.bounces.worse > 0)
		status = STATUS_FAILED;
	outputs_close(&c.outputs);
	diff_close(&c.diff);
	bounces_diff_close(&c.bounces);
	saved_close(&c.saved[0]);
	saved_close(&c.saved[1]);
	return status;
}
