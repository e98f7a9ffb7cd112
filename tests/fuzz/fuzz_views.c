#include <stdint.h>

#include "audit/document.h"
#include "audit/views/view.h"
#include "base/escape.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A terminal gets lines of visible UTF-8, whatever the document holds. */
static void
expect_harmless(struct slice s, enum format format)
{
	/* Fields of CSV keep the lines of their texts. */
	const char *more = format == FORMAT_CSV ? "\r\n\t" : "\n";
	size_t n;

	for (; s.n > 0; s = slice_from(s, n)) {
		uint32_t c = utf8_next(s, &n);

		if (c == UINT32_MAX ||
		    (c < 0x20 && (c == 0 || strchr(more, (int)c) == NULL)) ||
		    (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E))
			__builtin_trap();
	}
}

/* What json wrote is read back as the same. */
static void
expect_same(struct slice s, const json_t *header, const json_t *item)
{
	json_t *got = json_loadb((const char *)s.p, s.n, 0, NULL);
	const json_t *audits = json_object_get(got, "audits");

	if (got == NULL ||
	    !json_equal(item != NULL ? json_array_get(audits, 0) : got,
		item != NULL ? item : header))
		__builtin_trap();
	json_decref(got);
}

/* item NULL: the header is all of the document. */
static void
render(const struct view *view, struct view_wishes want, const json_t *item)
{
	struct view_run run = { .part = NULL };
	enum rc rc;

	want.view = view;
	if (view->of[want.document] == NULL)
		return;
	rc = view_begin(&run, &want);
	if (rc == RC_OK && item != NULL)
		rc = view_item(&run, item);
	if (rc == RC_OK)
		rc = view_end(&run);
	if (rc == RC_OK && !view->binary) {
		expect_harmless(buf_slice(&run.out), view->format);
		if (view->format == FORMAT_JSON &&
		    want.document != DOCUMENT_EVENTS)
			expect_same(buf_slice(&run.out), want.header, item);
	}
	view_close(&run);
}

/* By every form; text is looked at in each way. */
static void
render_all(enum document document, const json_t *header, const json_t *item)
{
	struct view_wishes want = { .document = document,
		.header = header,
		.look = { .unicode = true } };

	for (const struct view *v = views; v->name != NULL; v++) {
		render(v, want, item);
		want.look.width = VIEW_WIDTH_MIN;
	}
	render(&views[0], want, item);
	want.look.many = true;
	render(&views[0], want, item);
	want.look.many = false;
	want.look.quiet = true;
	want.look.unicode = false;
	render(&views[0], want, item);
}

static bool
is_of(const json_t *object, const char *schema)
{
	return strcmp(view_text_of(object, "schema"), schema) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	json_t *item = json_loadb((const char *)data, n, 0, NULL);
	json_t *audit = json_pack("{s:s}", "schema", AUDIT_SCHEMA);
	json_t *diff = json_pack("{s:s}", "schema", DIFF_SCHEMA);

	if (is_of(item, BOUNCES_SCHEMA)) {
		render_all(DOCUMENT_BOUNCES, item, NULL);
	} else if (is_of(item, EXPLAIN_SCHEMA)) {
		render_all(DOCUMENT_EXPLAIN, item, NULL);
	} else if (json_is_object(item)) {
		render_all(DOCUMENT_AUDIT, audit, item);
		render_all(DOCUMENT_DIFF, diff, item);
		render_all(DOCUMENT_EVENTS, NULL, item);
	}
	json_decref(diff);
	json_decref(audit);
	json_decref(item);
	return 0;
}
