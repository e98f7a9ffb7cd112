#include "audit/saved.h"

#include "audit/views/view.h"

enum rc
saved_refuse(const struct saved_file *f, size_t line, const char *what)
{
	if (line > 0)
		*f->error = arena_slicef(f->arena, "%s: line %zu: %s", f->name,
		    line, what);
	else
		*f->error = arena_slicef(f->arena, "%s: %s", f->name, what);
	return RC_INVALID;
}

enum rc
saved_object(const struct saved_file *f, struct slice text, size_t line,
    json_t **out)
{
	json_error_t error;

	*out = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES,
	    &error);
	if (*out == NULL)
		return saved_refuse(f, line > 0 ? line : (size_t)error.line,
		    error.text);
	if (json_is_object(*out))
		return RC_OK;
	return saved_refuse(f, line, "is not an object");
}

static bool
is_of_bounces(const json_t *value)
{
	return strcmp(view_text_of(value, "schema"), BOUNCES_SCHEMA) == 0;
}

bool
saved_is_lines(struct slice text)
{
	struct slice first;
	json_t *value;
	bool lines;

	text = slice_trim(text);
	if (!slice_line(&text, &first))
		return false;
	value = json_loadb((const char *)first.p, first.n, 0, NULL);
	lines = value != NULL && json_object_get(value, "audits") == NULL &&
		!is_of_bounces(value);
	json_decref(value);
	return lines;
}

json_t *
saved_split_header(json_t *audit)
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

/* ---- all of it --------------------------------------------------------- */

/* What else presend writes is named for what it is. */
static enum rc
check_schema(const struct saved_file *f, const json_t *header, size_t line)
{
	const char *schema = view_text_of(header, "schema");
	enum document what;

	if (strcmp(schema, AUDIT_SCHEMA) == 0)
		return RC_OK;
	if (strcmp(schema, EVIDENCE_SCHEMA) == 0)
		return saved_refuse(f, line,
		    "is a recording (" EVIDENCE_SCHEMA "); audit by it with "
		    "--replay, and compare the documents");
	if (!document_of_schema(schema, &what))
		return saved_refuse(f, line,
		    "its schema is neither " AUDIT_SCHEMA
		    " nor " BOUNCES_SCHEMA);
	*f->error = arena_slicef(f->arena,
	    "%s: is %s (%s); what is compared are audits and analyses of "
	    "bounces",
	    f->name, document_name(what), schema);
	return RC_INVALID;
}

static enum rc
read_line(const struct saved_file *f, struct slice text, size_t n,
    struct saved *out)
{
	json_t *audit = NULL, *header = NULL;
	enum rc rc = saved_object(f, text, n, &audit);

	if (rc == RC_OK) {
		header = saved_split_header(audit);
		rc = check_schema(f, header, n);
	}
	if (rc == RC_OK && out->header == NULL)
		out->header = json_incref(header);
	else if (rc == RC_OK && !json_equal(header, out->header))
		rc = saved_refuse(f, n,
		    "has another schema or as_of than the first");
	if (rc == RC_OK && json_array_append(out->audits, audit) != 0)
		rc = RC_NOMEM;
	json_decref(header);
	json_decref(audit);
	return rc;
}

static enum rc
read_lines(const struct saved_file *f, struct saved *out)
{
	struct slice rest = f->text, line;
	enum rc rc = RC_OK;
	size_t n = 0;

	out->audits = json_array();
	while (rc == RC_OK && slice_line(&rest, &line)) {
		n++;
		if (slice_trim(line).n > 0)
			rc = read_line(f, line, n, out);
	}
	return rc;
}

static enum rc
read_document(const struct saved_file *f, struct saved *out)
{
	enum rc rc = saved_object(f, f->text, 0, &out->header);
	const json_t *audit;
	size_t i;

	out->bounces = rc == RC_OK && is_of_bounces(out->header);
	if (out->bounces)
		return RC_OK;
	if (rc == RC_OK)
		rc = check_schema(f, out->header, 0);
	if (rc)
		return rc;
	out->audits = json_incref(json_object_get(out->header, "audits"));
	(void)json_object_del(out->header, "audits");
	if (!json_is_array(out->audits))
		return saved_refuse(f, 0, "has no list of audits");
	json_array_foreach(out->audits, i, audit)
	{
		if (!json_is_object(audit))
			return saved_refuse(f, 0,
			    "has an audit that is no object");
	}
	return RC_OK;
}

enum rc
saved_read(const struct saved_file *f, struct saved *out)
{
	*out = (struct saved){ .header = NULL };
	return saved_is_lines(f->text) ? read_lines(f, out)
				       : read_document(f, out);
}

void
saved_close(struct saved *s)
{
	json_decref(s->header);
	json_decref(s->audits);
	*s = (struct saved){ .header = NULL };
}
