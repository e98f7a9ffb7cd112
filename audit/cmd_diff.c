#include <stdlib.h>

#include "audit/complain.h"
#include "audit/diff.h"
#include "audit/files.h"
#include "audit/output.h"
#include "base/limits.h"

struct command_run {
	const struct settings *settings;
	struct arena *arena;
	struct saved saved[2];
	struct diff diff;
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

static enum rc
show(struct command_run *c)
{
	const json_t *audit;
	enum rc rc;
	size_t i;

	rc = outputs_begin(c->outputs, c->diff.header, &c->error);
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

enum exit_status
cmd_diff(const struct settings *s, struct arena *a)
{
	struct command_run c = { .settings = s, .arena = a };
	enum exit_status status;
	enum rc rc = outputs_open(
	    &(struct output_wishes){
		.settings = s,
		.document = DOCUMENT_DIFF,
	    },
	    a, &c.outputs, &c.error);

	for (size_t i = 0; rc == RC_OK && i < 2; i++)
		rc = read_one(&c, s->operands.items[i], &c.saved[i]);
	if (rc == RC_OK)
		rc = diff_make(a, c.saved, s->operands.items, &c.diff);
	if (rc == RC_OK)
		rc = show(&c);
	status = rc == RC_OK ? STATUS_FINE : complain(rc, c.error);
	if (rc == RC_OK && c.diff.counts.worse > 0)
		status = STATUS_FAILED;
	outputs_close(&c.outputs);
	diff_close(&c.diff);
	saved_close(&c.saved[0]);
	saved_close(&c.saved[1]);
	return status;
}
