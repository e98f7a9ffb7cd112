#include <stdint.h>

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

/* What json wrote is read back as the same audit. */
static void
expect_same(struct slice s, const json_t *audit)
{
	json_t *got = json_loadb((const char *)s.p, s.n, 0, NULL);
	const json_t *audits = json_object_get(got, "audits");

	if (got == NULL || !json_equal(json_array_get(audits, 0), audit))
		__builtin_trap();
	json_decref(got);
}

static void
render(const struct view *view, const struct view_look *look,
    const json_t *audit, const char *schema)
{
	json_t *header = json_pack("{s:s}", "schema", schema);
	struct view_wishes want = { .view = view,
		.look = *look,
		.header = header };
	struct view_run run = { .part = NULL };
	enum rc rc;

	(void)document_of_schema(schema, &want.document);
	if (view->of[want.document] == NULL) {
		json_decref(header);
		return;
	}
	rc = view_begin(&run, &want);

	if (rc == RC_OK)
		rc = view_item(&run, audit);
	if (rc == RC_OK)
		rc = view_end(&run);
	if (rc == RC_OK) {
		expect_harmless(buf_slice(&run.out), view->format);
		if (view->format == FORMAT_JSON)
			expect_same(buf_slice(&run.out), audit);
	}
	view_close(&run);
	json_decref(header);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	json_t *audit = json_loadb((const char *)data, n, 0, NULL);
	struct view_look look = { .unicode = true };

	for (const struct view *v = views; audit != NULL && v->name; v++) {
		if (json_is_object(audit))
			render(v, &look, audit, "presend.audit/1");
		look.width = VIEW_WIDTH_MIN;
	}
	if (json_is_object(audit))
		render(&views[0], &look, audit, "presend.diff/1");
	look.many = true;
	if (json_is_object(audit))
		render(&views[0], &look, audit, "presend.audit/1");
	look.many = false;
	look.quiet = true;
	look.unicode = false;
	if (json_is_object(audit))
		render(&views[0], &look, audit, "presend.audit/1");
	json_decref(audit);
	return 0;
}
