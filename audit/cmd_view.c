#include <stdlib.h>

#include "audit/complain.h"
#include "audit/files.h"
#include "audit/output.h"
#include "base/limits.h"

#define AUDIT_SCHEMA "presend.audit/1"

/* A saved document on its way to the views. */
struct viewing {
	const struct settings *settings;
	struct arena *arena;
	const char *file;
	struct slice text;
	json_t *header;
	struct outputs *outputs;
	struct slice error;
};

static enum rc
refuse(struct viewing *v, size_t line, const char *what)
{
	if (line > 0)
		v->error = arena_slicef(v->arena, "%s: line %zu: %s", v->file,
		    line, what);
	else
		v->error = arena_slicef(v->arena, "%s: %s", v->file, what);
	return RC_INVALID;
}

static enum rc
load(struct viewing *v, struct slice text, size_t line, json_t **out)
{
	json_error_t error;

	*out = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES,
	    &error);
	if (*out == NULL)
		return refuse(v, line > 0 ? line : (size_t)error.line,
		    error.text);
	if (json_is_object(*out))
		return RC_OK;
	return refuse(v, line, "is not an object");
}

static enum rc
show(struct viewing *v, const json_t *audit)
{
	enum rc rc = outputs_audit(v->outputs, audit, &v->error);

	outputs_flush(v->outputs);
	return rc;
}

/* The header is there; opens the outputs for one audit or many. */
static enum rc
begin(struct viewing *v, bool many)
{
	if (strcmp(view_text_of(v->header, "schema"), AUDIT_SCHEMA) != 0)
		return refuse(v, 0, "its schema is not " AUDIT_SCHEMA);
	return outputs_open(&(struct output_wishes){ .settings = v->settings,
				.header = v->header,
				.many = many },
	    v->arena, &v->outputs, &v->error);
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
	rc = json_is_array(audits) ? begin(v, json_array_size(audits) > 1)
				   : refuse(v, 0, "has no list of audits");
	json_array_foreach(audits, i, audit)
	{
		if (rc == RC_OK && !json_is_object(audit))
			rc = refuse(v, 0, "has an audit that is no object");
		if (rc == RC_OK)
			rc = show(v, audit);
	}
	json_decref(audits);
	return rc;
}

/* ---- a line an audit --------------------------------------------------- */

/* Moves what a line adds to its audit (schema, as_of) into a header. */
static json_t *
split_header(json_t *audit)
{
	static const char *const keys[] = { "schema", "as_of" };
	json_t *header = json_object();

	for (size_t i = 0; i < 2; i++) {
		json_t *value = json_object_get(audit, keys[i]);

		if (value != NULL)
			(void)json_object_set(header, keys[i], value);
		(void)json_object_del(audit, keys[i]);
	}
	return header;
}

static bool
has_more_lines(struct slice rest)
{
	return slice_trim(rest).n > 0;
}

static enum rc
view_line(struct viewing *v, struct slice text, size_t n, bool more)
{
	json_t *audit = NULL, *header = NULL;
	enum rc rc = load(v, text, n, &audit);

	if (rc) {
		json_decref(audit);
		return rc;
	}
	header = split_header(audit);
	if (v->header == NULL) {
		v->header = json_incref(header);
		rc = begin(v, more);
	} else if (!json_equal(header, v->header)) {
		rc = refuse(v, n, "has another schema or as_of than the first");
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
	struct slice rest = v->text, line;
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

/* One JSON value that is all of the text is a document; else lines. */
static bool
is_lines(struct slice text)
{
	struct slice first;
	json_t *value;
	bool lines;

	text = slice_trim(text);
	if (!slice_line(&text, &first))
		return false;
	value = json_loadb((const char *)first.p, first.n, 0, NULL);
	lines = value != NULL && json_object_get(value, "audits") == NULL;
	json_decref(value);
	return lines;
}

static enum rc
view_text(struct viewing *v)
{
	enum rc rc;

	if (is_lines(v->text))
		return view_lines(v);
	rc = load(v, v->text, 0, &v->header);
	return rc == RC_OK ? view_document(v) : rc;
}

enum exit_status
cmd_view(const struct settings *s, struct arena *a)
{
	struct viewing v = {
		.settings = s,
		.arena = a,
		.file = s->operands.items[0],
	};
	unsigned char *octets = NULL;
	size_t n = 0;
	enum exit_status status;
	enum rc rc;

	rc = file_read(v.file, LIMIT_DOCUMENT, &octets, &n, a, &v.error);
	v.text = slice_of(octets, n);
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
