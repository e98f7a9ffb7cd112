#include "audit/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { READ_STEP = 64 * 1024, PATH_LENGTH_MAX = 4096 };

static enum rc
complain(struct arena *a, const char *path, const char *what,
    struct slice *error)
{
	*error = arena_slicef(a, "%s: %s", path, what);
	return RC_INVALID;
}

static enum rc
read_all(FILE *f, size_t max, unsigned char **out, size_t *n)
{
	unsigned char *p = NULL;
	size_t size = 0, cap = 0;

	for (;;) {
		size_t got;

		if (cap - size < READ_STEP) {
			unsigned char *more;

			cap = cap > 0 ? cap * 2 : 2 * READ_STEP;
			more = realloc(p, cap + 1);
			if (more == NULL) {
				free(p);
				return RC_NOMEM;
			}
			p = more;
		}
		got = fread(p + size, 1, cap - size, f);
		size += got;
		if (got == 0 || size > max)
			break;
	}
	if (ferror(f) || size > max) {
		free(p);
		return size > max ? RC_LIMIT : RC_IO;
	}
	p[size] = '\0';
	*out = p;
	*n = size;
	return RC_OK;
}

enum rc
file_read(const char *path, size_t max, unsigned char **out, size_t *n,
    struct arena *a, struct slice *error)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *f = standard ? stdin : fopen(path, "rbe");
	struct stat st;
	enum rc rc;

	if (standard)
		path = "standard input";
	if (f == NULL)
		return complain(a, path, strerror(errno), error);
	if (fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		if (!standard)
			(void)fclose(f);
		return complain(a, path, "is a folder", error);
	}
	rc = read_all(f, max, out, n);
	if (rc == RC_IO)
		rc = complain(a, path, strerror(errno), error);
	if (rc == RC_LIMIT) {
		*error = arena_slicef(
		    a, "%s: is larger than %zu octets", path, max);
		rc = RC_INVALID;
	}
	if (!standard)
		(void)fclose(f);
	return rc;
}

/* ---- folders ----------------------------------------------------------- */

struct listing {
	struct arena *arena;
	const char **files;
	size_t n, cap;
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum rc
list_add(struct listing *l, const char *folder, const char *name)
{
	char *path = arena_printf(l->arena, "%s/%s", folder, name);
	struct stat st;

	if (path == NULL)
		return RC_NOMEM;
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return RC_OK;
	l->files = arena_grow(
	    l->arena, l->files, l->n, &l->cap, sizeof(*l->files));
	if (l->files == NULL)
		return RC_NOMEM;
	l->files[l->n++] = path;
	return RC_OK;
}

static enum rc
list_folder(struct listing *l, const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	enum rc rc = RC_OK;

	if (d == NULL)
		return RC_IO;
	while (rc == RC_OK && (e = readdir(d)) != NULL) {
		if (e->d_name[0] != '.')
			rc = list_add(l, folder, e->d_name);
	}
	(void)closedir(d);
	return rc;
}

static bool
is_folder_path(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

enum rc
folder_list(const char *path, struct arena *a, const char ***files, size_t *n,
    bool *is_folder, struct slice *error)
{
	struct listing l = { .arena = a };
	const char *current = arena_printf(a, "%s/cur", path);
	const char *fresh = arena_printf(a, "%s/new", path);
	enum rc rc;

	*is_folder = is_folder_path(path);
	if (!*is_folder)
		return RC_OK;
	if (current == NULL || fresh == NULL)
		return RC_NOMEM;
	if (is_folder_path(current) && is_folder_path(fresh)) {
		rc = list_folder(&l, current);
		if (rc == RC_OK)
			rc = list_folder(&l, fresh);
	} else {
		rc = list_folder(&l, path);
	}
	if (rc == RC_IO)
		return complain(a, path, strerror(errno), error);
	if (rc)
		return rc;
	if (l.n == 0)
		return complain(a, path, "holds no message", error);
	qsort(l.files, l.n, sizeof(*l.files), by_name);
	*files = l.files;
	*n = l.n;
	return RC_OK;
}
