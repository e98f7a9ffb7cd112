#include "audit/bounce_packs.h"

#include <stdlib.h>

#include "audit/files.h"
#include "audit/options.h"
#include "base/escape.h"
#include "base/limits.h"

static enum rc
add_text(struct bounces *b, const char *name, struct slice text,
    struct arena *a, struct slice *error)
{
	struct pack_error wrong = { .line = 0 };
	enum rc rc = bounces_add_pack(b, slice_str(name), text, &wrong);
	struct buf line;

	if (rc != RC_INVALID)
		return rc;
	buf_init(&line, LIMIT_LIST_LINE);
	escape_terminal(&line, slice_str(name));
	buf_printf(&line, ":%zu:%zu: ", wrong.line, wrong.column);
	escape_terminal(&line, wrong.what);
	*error = arena_copy(a, buf_slice(&line));
	buf_free(&line);
	return RC_INVALID;
}

enum rc
bounce_packs_add_file(struct bounces *b, const char *path, struct arena *a,
    struct slice *error)
{
	unsigned char *p = NULL;
	size_t n = 0;
	enum rc rc = file_read(path, LIMIT_PACK, &p, &n, a, error);

	if (rc == RC_OK)
		rc = add_text(b, path, slice_of(p, n), a, error);
	free(p);
	return rc;
}

static bool
is_bounces(const char *path)
{
	return slice_ends_nocase(slice_str(path), SLICE_LIT(".bounces"));
}

static enum rc
add_folder(struct bounces *b, const char *path, struct arena *a,
    struct slice *error)
{
	const char **files = NULL;
	bool folder = false;
	size_t n = 0;
	enum rc rc = folder_list(path, a, &files, &n, &folder, error);

	if (rc == RC_OK && !folder)
		return is_bounces(path)
			   ? bounce_packs_add_file(b, path, a, error)
			   : RC_OK;
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (is_bounces(files[i]))
			rc = bounce_packs_add_file(b, files[i], a, error);
	}
	return rc;
}

enum rc
bounce_packs_load(const struct settings *s, struct arena *a,
    struct bounces **out, struct slice *error)
{
	const struct builtin_pack *p = builtin_bounces;
	enum rc rc = bounces_new(out);

	for (; rc == RC_OK && !s->no_default_rules && p->name != NULL; p++)
		rc = add_text(*out, p->name, slice_of(p->text, p->size), a,
		    error);
	for (size_t i = 0; rc == RC_OK && i < s->rule_dirs.n; i++)
		rc = add_folder(*out, s->rule_dirs.items[i], a, error);
	return rc;
}

enum rc
bounce_packs_check(const struct settings *s, const char *path, struct arena *a,
    size_t *patterns, struct slice *error)
{
	struct bounces *b = NULL;
	enum rc rc = bounce_packs_load(s, a, &b, error);
	size_t before = rc == RC_OK ? b->n_patterns : 0;

	if (rc == RC_OK)
		rc = bounce_packs_add_file(b, path, a, error);
	*patterns = rc == RC_OK ? b->n_patterns - before : 0;
	bounces_close(&b);
	return rc;
}

enum rc
bounce_packs_provider(const struct bounces *b, const char *name,
    struct arena *a, const struct bounce_provider **out, struct slice *error)
{
	const char **names, *near;

	*out = bounces_provider(b, slice_str(name));
	if (*out != NULL)
		return RC_OK;
	names = arena_new_of(a, const char *, b->n_providers);
	if (names == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < b->n_providers; i++)
		names[i] = (const char *)arena_copy(a, b->providers[i]->name).p;
	if (arena_failed(a))
		return RC_NOMEM;
	near = options_nearest(name, names, b->n_providers);
	*error = near != NULL
		     ? arena_slicef(a,
			   "--provider: no bounce pack knows '%s'; did you "
			   "mean %s?",
			   name, near)
		     : arena_slicef(a, "--provider: no bounce pack knows '%s'",
			   name);
	return RC_INVALID;
}
