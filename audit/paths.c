#include "audit/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

struct walk {
	struct arena *arena;
	struct paths *out;
	struct slice *error;
};

static enum rc
refuse(struct walk *w, const char *path, const char *why)
{
	*w->error = arena_slicef(w->arena, "%s: %s", path, why);
	return RC_INVALID;
}

static enum rc
add(struct walk *w, const char *path)
{
	struct paths *out = w->out;
	const char **grown = arena_grow(w->arena, out->items, out->n, &out->cap,
	    sizeof(*out->items));

	if (grown == NULL)
		return RC_LIMIT;
	out->items = grown;
	grown[out->n++] = path;
	return RC_OK;
}

static int
without_dot(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* Of a Maildir: in tmp are messages that are still being written. */
static int
with_mail(const struct dirent *e)
{
	return strcmp(e->d_name, "cur") == 0 || strcmp(e->d_name, "new") == 0;
}

static bool
has_folder(struct walk *w, const char *path, const char *name)
{
	const char *below = arena_printf(w->arena, "%s/%s", path, name);
	struct stat st;

	return below != NULL && stat(below, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
is_maildir(struct walk *w, const char *path)
{
	return has_folder(w, path, "cur") && has_folder(w, path, "new");
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum rc visit(struct walk *, const char *path, unsigned int depth);

static enum rc
visit_folder(struct walk *w, const char *path, unsigned int depth)
{
	struct dirent **names = NULL;
	enum rc rc = RC_OK;
	int n;

	if (depth == LIMIT_FOLDER_DEPTH)
		return refuse(w, path, "lies too deep in folders");
	n = scandir(path, &names, is_maildir(w, path) ? with_mail : without_dot,
	    by_name);
	if (n < 0)
		return refuse(w, path, strerror(errno));
	for (int i = 0; i < n; i++) {
		const char *below =
		    arena_printf(w->arena, "%s/%s", path, names[i]->d_name);

		if (rc == RC_OK)
			rc = below != NULL ? visit(w, below, depth + 1)
					   : RC_LIMIT;
		free(names[i]);
	}
	free(names);
	return rc;
}

static enum rc
visit(struct walk *w, const char *path, unsigned int depth)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return refuse(w, path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return visit_folder(w, path, depth);
	/* Below a folder sockets and the like are passed over. */
	if (depth > 0 && !S_ISREG(st.st_mode))
		return RC_OK;
	if (access(path, R_OK) != 0)
		return refuse(w, path, strerror(errno));
	return add(w, path);
}

enum rc
paths_list(const struct string_list *named, struct arena *a, struct paths *out,
    struct slice *error)
{
	struct walk w = { a, out, error };
	enum rc rc = RC_OK;

	if (named->n == 0)
		return add(&w, "-");
	for (size_t i = 0; i < named->n && rc == RC_OK; i++)
		rc = strcmp(named->items[i], "-") == 0
			 ? add(&w, "-")
			 : visit(&w, named->items[i], 0);
	return rc;
}
