#include "audit/attest_files.h"

#include <stdlib.h>

#include "audit/files.h"
#include "audit/pack_files.h"
#include "audit/views/view_parts.h"
#include "base/limits.h"

enum { WIDTH = 80 };

static enum rc
read_one(struct attestations *all, const struct rules *rules, int64_t as_of,
    const char *path, struct slice *error)
{
	struct pack_error wrong = { .line = 0 };
	unsigned char *p = NULL;
	size_t n = 0;
	enum rc rc = file_read(path, LIMIT_PACK, &p, &n, all->arena, error);

	if (rc)
		return rc;
	rc = attest_read(all, rules, as_of, slice_str(path), slice_of(p, n),
	    &wrong);
	free(p);
	if (rc == RC_INVALID)
		*error = pack_files_error(slice_str(path), &wrong, all->arena);
	return rc;
}

enum rc
attest_files_read(const struct settings *s, const struct rules *rules,
    int64_t as_of, struct arena *a, const struct attestations **out,
    struct slice *error)
{
	struct attestations *all = arena_new_of(a, struct attestations, 1);
	enum rc rc = RC_OK;

	if (all == NULL)
		return RC_NOMEM;
	all->arena = a;
	for (size_t i = 0; rc == RC_OK && i < s->attest_files.n; i++)
		rc = read_one(all, rules, as_of, s->attest_files.items[i],
		    error);
	*out = all;
	return rc;
}

/* ---- to be filled in --------------------------------------------------- */

static const char head[] =
    "# Answers to what nobody outside can see, for presend audit --attest.\n"
    "# answer is yes or no, and ? as long as there is none; by is who answers,\n"
    "# date the day (2026-11-26). Both may stand under an answer too, and so may\n"
    "# a note.\n\n";

static void
print_rule(struct page *p, const struct rule *r)
{
	struct buf text;

	buf_init(&text, LIMIT_RENDERED);
	buf_printf(&text, "%.*s", SLICE_FMT(r->id));
	buf_add(&text, slice_of("", 1));
	buf_printf(&text, "%.*s", SLICE_FMT(r->attest));
	buf_add(&text, slice_of("", 1));
	if (!text.failed)
		attest_question(p, (const char *)text.p,
		    (const char *)text.p + r->id.n + 1);
	buf_free(&text);
}

static bool
is_of(const struct rule *r, const struct slice *providers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq(r->provider, providers[i]))
			return true;
	}
	return false;
}

void
attest_file_print(const struct rules *rules, const struct slice *providers,
    size_t n, struct buf *out)
{
	struct view_look look = { .width = WIDTH, .unicode = true };
	struct page p;

	page_init(&p, out, &look);
	buf_add_str(out, head);
	attest_head(&p);
	for (size_t i = 0; i < rules->n; i++) {
		if (rules->rules[i]->attest.p != NULL &&
		    is_of(rules->rules[i], providers, n))
			print_rule(&p, rules->rules[i]);
	}
	page_close(&p);
}
