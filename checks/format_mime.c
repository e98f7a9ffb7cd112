#include "checks/format_mime.h"

#include "base/limits.h"
#include "checks/content.h"

enum rc
format_mime_lint(struct check_run *run, struct lint *l)
{
	const struct content *c = check_content(run);

	if (c == NULL)
		return RC_LIMIT;
	for (size_t i = 0; i < c->lint.n; i++) {
		const struct lint_problem *p = &c->lint.problems[i];

		lint_say_many(l, p->kind,
		    (struct lint_place){ p->line, p->column, p->header },
		    p->detail, p->count);
	}
	l->cut = l->cut || c->lint.cut;
	return RC_OK;
}

/* ---- facts ------------------------------------------------------------- */

static const char *
encoding_name(enum mime_encoding encoding)
{
	switch (encoding) {
	case MIME_7BIT:
		return "7bit";
	case MIME_8BIT:
		return "8bit";
	case MIME_BINARY:
		return "binary";
	case MIME_QUOTED_PRINTABLE:
		return "quoted-printable";
	case MIME_BASE64:
		return "base64";
	case MIME_OTHER:
		break;
	}
	return "unknown";
}

static const char *
disposition_name(enum mime_disposition disposition)
{
	switch (disposition) {
	case MIME_INLINE:
		return "inline";
	case MIME_ATTACHMENT:
		return "attachment";
	case MIME_NO_DISPOSITION:
		break;
	}
	return NULL;
}

static void
text_or_null(json_t *o, const char *key, struct slice text)
{
	if (text.n > 0)
		check_fact_text(o, key, text);
	else
		check_fact_null(o, key);
}

/*
 * What Windows takes for the kind of a file: behind the last dot, without the
 * dots and spaces that it drops from the end of a name.  Lower case.
 */
static struct slice
extension(struct arena *a, struct slice name)
{
	unsigned char *p;
	size_t dot;

	while (name.n > 0 && (name.p[name.n - 1] == '.' ||
				 ascii_is_space(name.p[name.n - 1])))
		name.n--;
	for (dot = name.n; dot > 0 && name.p[dot - 1] != '.';)
		dot--;
	if (dot == 0)
		return SLICE_NONE;
	name = slice_from(name, dot);
	p = arena_new_of(a, unsigned char, name.n);
	for (size_t i = 0; p != NULL && i < name.n; i++)
		p[i] = ascii_lower(name.p[i]);
	return p != NULL ? slice_of(p, name.n) : SLICE_NONE;
}

static json_t *
file_json(struct check_run *run, const struct mime_part *p)
{
	json_t *o = json_object();

	check_fact_text(o, "type",
	    arena_slicef(run->arena, "%.*s/%.*s", SLICE_FMT(p->type),
		SLICE_FMT(p->subtype)));
	(void)json_object_set_new(o, "octets",
	    json_integer((json_int_t)p->decoded));
	text_or_null(o, "name", p->name);
	text_or_null(o, "extension", extension(run->arena, p->name));
	return o;
}

static json_t *
part_json(struct check_run *run, const struct mime_part *p)
{
	const char *disposition = disposition_name(p->disposition);
	json_t *o = file_json(run, p);

	(void)json_object_set_new(o, "line", json_integer((json_int_t)p->line));
	(void)json_object_set_new(o, "depth",
	    json_integer((json_int_t)p->depth));
	text_or_null(o, "charset", p->charset);
	(void)json_object_set_new(o, "encoding",
	    json_string(encoding_name(p->encoding)));
	text_or_null(o, "disposition", slice_str(disposition));
	return o;
}

static void
lists_add(struct check_run *run, const struct mime *m)
{
	json_t *parts, *files;

	if (m->too_many || m->too_deep) {
		check_gap(run, "parts", CAUSE_LIMIT,
		    SLICE_LIT("the message has too many parts"));
		check_gap(run, "attachments", CAUSE_LIMIT,
		    SLICE_LIT("the message has too many parts"));
		return;
	}
	parts = json_array();
	files = json_array();
	for (size_t i = 0; i < m->n; i++) {
		const struct mime_part *p = &m->parts[i];

		(void)json_array_append_new(parts, part_json(run, p));
		if (mime_is_attachment(p))
			(void)json_array_append_new(files, file_json(run, p));
	}
	(void)json_object_set_new(run->facts, "parts", parts);
	(void)json_object_set_new(run->facts, "attachments", files);
}

/* One that is there is there, however much was left out. */
static void
body_add(struct check_run *run, const struct mime *m, const char *subtype,
    const char *fact)
{
	const struct mime_part *p = mime_body(m, subtype);

	if (p != NULL || (!m->too_many && !m->too_deep))
		check_fact_bool(run->facts, fact, p != NULL);
	else
		check_gap(run, fact, CAUSE_LIMIT,
		    SLICE_LIT("the message has too many parts"));
}

enum rc
format_mime_facts(struct check_run *run)
{
	const struct mime *m = check_mime(run);
	const struct mime_part *html;

	if (m == NULL)
		return RC_LIMIT;
	lists_add(run, m);
	body_add(run, m, "plain", "text_part");
	body_add(run, m, "html", "html_part");
	html = mime_body(m, "html");
	if (html != NULL)
		(void)json_object_set_new(run->facts, "html_octets",
		    json_integer((json_int_t)html->decoded));
	else if (m->too_many || m->too_deep)
		check_gap(run, "html_octets", CAUSE_LIMIT,
		    SLICE_LIT("the message has too many parts"));
	else
		check_fact_null(run->facts, "html_octets");
	return RC_OK;
}
