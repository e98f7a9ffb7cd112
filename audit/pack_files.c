#include "audit/pack_files.h"

#include <stdlib.h>

#include "audit/files.h"
#include "base/escape.h"
#include "base/limits.h"

struct slice
pack_files_error(struct slice file, const struct pack_error *e, struct arena *a)
{
	struct slice text;
	struct buf b;

	buf_init(&b, LIMIT_LIST_LINE);
	escape_terminal(&b, file);
	buf_printf(&b, ":%zu:%zu: ", e->line, e->column);
	escape_terminal(&b, e->what);
	text = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return text;
}

static enum rc
add_pack(const struct pack_loader *l, const struct builtin_pack *p)
{
	struct pack_error wrong = { .line = 0 };
	enum rc rc = l->add(l, p, &wrong);

	/* Where nothing in it is wrong, what it is may be. */
	if (rc == RC_INVALID && wrong.what.n > 0)
		*l->error =
		    pack_files_error(slice_str(p->name), &wrong, l->arena);
	return rc;
}

enum rc
pack_files_add(const struct pack_loader *l, const char *path)
{
	unsigned char *p = NULL;
	size_t n = 0;
	enum rc rc = file_read(path, LIMIT_PACK, &p, &n, l->arena, l->error);

	if (rc == RC_OK)
		rc = add_pack(l, &(struct builtin_pack){ .name = path,
				     .text = (const char *)p,
				     .size = n });
	free(p);
	return rc;
}

static bool
has_suffix(const char *path, const char *suffix)
{
	return suffix != NULL &&
	       slice_ends_nocase(slice_str(path), slice_str(suffix));
}

/* A folder, or a file. */
static enum rc
add_path(const struct pack_loader *l, const char *path)
{
	const char **files = NULL;
	bool folder = false;
	size_t n = 0, packs = 0;
	enum rc rc = folder_list(path, l->arena, &files, &n, &folder, l->error);

	if (rc == RC_OK && !folder)
		return l->any_name || has_suffix(path, l->suffix)
			   ? pack_files_add(l, path)
			   : RC_OK;
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		bool own = has_suffix(files[i], l->suffix);

		packs += own || has_suffix(files[i], l->also);
		if (own)
			rc = pack_files_add(l, files[i]);
	}
	if (rc != RC_OK || packs > 0 || !l->needed)
		return rc;
	*l->error =
	    arena_slicef(l->arena, "%s: holds no *%s file", path, l->suffix);
	return RC_INVALID;
}

enum rc
pack_files_load(const struct pack_loader *l, const struct settings *s)
{
	const struct builtin_pack *p = l->builtin;
	enum rc rc = RC_OK;

	for (; rc == RC_OK && !s->no_default_rules && p->name != NULL; p++)
		rc = add_pack(l, p);
	for (size_t i = 0; rc == RC_OK && i < s->rule_dirs.n; i++)
		rc = add_path(l, s->rule_dirs.items[i]);
	return rc;
}
