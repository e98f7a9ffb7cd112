#include <stdlib.h>

#include "audit/complain.h"
#include "audit/files.h"
#include "audit/output.h"
#include "audit/saved.h"
#include "base/limits.h"

/* A saved document on its way to the views. */
struct viewing {
	const struct settings *settings;
	struct arena *arena;
	struct saved_file file;
	json_t *header;
	struct outputs *outputs;
	struct slice error;
};

static enum rc
show(struct viewing *v, const json_t *audit)
{
	enum rc rc = outputs_item(v->outputs, audit, &v->error);

	outputs_flush(v->outputs);
	return rc;
}

/* The header is there; opens the outputs for one audit or many. */
static enum rc
begin(struct viewing *v, bool many)
{
	struct output_wishes want = { .settings = v->settings, .many = many };
	enum rc rc;

	if (!document_of_schema(view_text_of(v->header, "schema"),
		&want.document))
		return saved_refuse(&v->file, 0,
		    "its schema is not " AUDIT_SCHEMA);
	rc = outputs_open(&want, v->arena, &v->outputs, &v->error);
	return rc == RC_OK ? outputs_begin(v->outputs, v->header, &v->error)
			   : rc;
}

/* ---- one document ------------------------------------------------------ */

static enum rc
view_document(struct viewing *v)
{
	json_t *audits = json_incref(json_object_get(v->header, "audits"));
	const json_t *audit;
	enum rc rc;
	size_t i;

	(void)json_object_del(v->header, "audits");
	rc = json_is_array(audits)
		 ? begin(v, json_array_size(audits) > 1)
		 : saved_refuse(&v->file, 0, "has no list of audits");
	json_array_foreach(audits, i, audit)
	{
		if (rc == RC_OK && !json_is_object(audit))
			rc = saved_refuse(&v->file, 0,
			    "has an audit that is no object");
		if (rc == RC_OK)
			rc = show(v, audit);
	}
	json_decref(audits);
	return rc;
}

/* ---- a line an audit --------------------------------------------------- */

static bool
has_more_lines(struct slice rest)
{
	return slice_trim(rest).n > 0;
}

static enum rc
view_line(struct viewing *v, struct slice text, size_t n, bool more)
{
	json_t *audit = NULL, *header = NULL;
	enum rc rc = saved_object(&v->file, text, n, &audit);

	if (rc) {
		json_decref(audit);
		return rc;
	}
	header = saved_split_header(audit);
	if (v->header == NULL) {
		v->header = json_incref(header);
		rc = begin(v, more);
	} else if (!json_equal(header, v->header)) {
		rc = saved_refuse(&v->file, n,
		    "has another schema or as_of than the first");
	}
	if (rc == RC_OK)
		rc = show(v, audit);
	json_decref(header);
	json_decref(audit);
	return rc;
}

static enum rc
view_lines(struct viewing *v)
{
	struct slice rest = v->file.text, line;
	enum rc rc = RC_OK;
	size_t n = 0;

	while (rc == RC_OK && slice_line(&rest, &line)) {
		n++;
		if (slice_trim(line).n > 0)
			rc = view_line(v, line, n, has_more_lines(rest));
	}
	return rc;
}

/* ---- the command ------------------------------------------------------- */

static enum rc
view_text(struct viewing *v)
{
	enum rc rc;

	if (saved_is_lines(v->file.text))
		return view_lines(v);
	rc = saved_object(&v->file, v->file.text, 0, &v->header);
	return rc == RC_OK ? view_document(v) : rc;
}

enum exit_status
cmd_view(const struct settings *s, struct arena *a)
{
	struct viewing v = {
		.settings = s,
		.arena = a,
		.file = { .name = s->operands.items[0], .arena = a },
	};
	unsigned char *octets = NULL;
	size_t n = 0;
	enum exit_status status;
	enum rc rc;

	v.file.error = &v.error;
	rc = file_read(v.file.name, LIMIT_DOCUMENT, &octets, &n, a, &v.error);
	v.file.text = slice_of(octets, n);
	if (rc == RC_OK)
		rc = view_text(&v);
	if (rc == RC_OK)
		rc = outputs_finish(v.outputs, &v.error);
	if (rc == RC_OK)
		rc = outputs_commit(v.outputs, &v.error);
	status = rc == RC_OK ? STATUS_FINE : complain(rc, v.error);
	outputs_close(&v.outputs);
	json_decref(v.header);
	free(octets);
	return status;
}
