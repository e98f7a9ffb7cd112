#include "audit/outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rc
complain(const struct outfile *o, enum rc rc, const char *what, struct arena *a,
    struct slice *error)
{
	*error = arena_slicef(a, "%s: %s",
	    strcmp(o->path, "-") == 0 ? "standard output" : o->path, what);
	return rc;
}

/* A path that cannot be is the user's; a full disk is not. */
static enum rc
complain_open(const struct outfile *o, struct arena *a, struct slice *error)
{
	int why = errno;
	bool path = why == ENOENT || why == ENOTDIR || why == EACCES ||
		    why == EPERM || why == EISDIR || why == ELOOP ||
		    why == ENAMETOOLONG || why == EROFS;

	return complain(o, path ? RC_INVALID : RC_IO, strerror(why), a, error);
}

/* What an ordinary fopen() would have given. */
static mode_t
usual_mode(void)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	return 0666 & ~mask;
}

static enum rc
open_beside(struct outfile *o, mode_t mode, struct arena *a,
    struct slice *error)
{
	char *template = arena_printf(a, "%s.XXXXXX", o->place);
	int fd;

	if (template == NULL)
		return RC_NOMEM;
	fd = leftover_make(&o->beside, template);
	if (fd < 0)
		return complain_open(o, a, error);
	if (fchmod(fd, mode) == 0)
		o->f = fdopen(fd, "wb");
	if (o->f != NULL)
		return RC_OK;
	(void)complain(o, RC_IO, strerror(errno), a, error);
	(void)close(fd);
	return RC_IO;
}

/* Sets the path without links.  A link is kept; what it names is replaced. */
static enum rc
find_place(struct outfile *o, bool exists, struct arena *a, struct slice *error)
{
	const char *slash = strrchr(o->path, '/');
	const char *name = slash != NULL ? slash + 1 : o->path;
	const char *folder = ".";
	char *real;

	if (exists)
		folder = o->path;
	else if (slash != NULL)
		folder =
		    arena_printf(a, "%.*s", (int)(name - o->path), o->path);
	if (folder == NULL)
		return RC_NOMEM;
	errno = *name != '\0' ? 0 : EISDIR;
	real = errno == 0 ? realpath(folder, NULL) : NULL;
	if (real == NULL)
		return complain_open(o, a, error);
	o->place = arena_printf(a, "%s%s%s", real, exists ? "" : "/",
	    exists ? "" : name);
	free(real);
	return o->place != NULL ? RC_OK : RC_NOMEM;
}

enum rc
outfile_open(struct outfile *o, const char *path, bool force, struct arena *a,
    struct slice *error)
{
	struct stat st;
	bool exists;
	enum rc rc;

	*o = (struct outfile){ .path = path };
	if (strcmp(path, "-") == 0) {
		o->f = stdout;
		return RC_OK;
	}
	exists = stat(path, &st) == 0;
	if (exists && S_ISDIR(st.st_mode))
		return complain(o, RC_INVALID, "is a folder", a, error);
	/* A device or a pipe has nothing to be kept whole. */
	if (exists && !S_ISREG(st.st_mode)) {
		o->f = fopen(path, "wbe");
		return o->f != NULL ? RC_OK : complain_open(o, a, error);
	}
	if (exists && !force)
		return complain(o, RC_INVALID, "exists; --force overwrites it",
		    a, error);
	if (!exists && lstat(path, &st) == 0)
		return complain(o, RC_INVALID, "is a link that leads nowhere",
		    a, error);
	rc = find_place(o, exists, a, error);
	if (rc)
		return rc;
	return open_beside(o, exists ? st.st_mode & 0777 : usual_mode(), a,
	    error);
}

bool
outfile_same(const struct outfile *a, const struct outfile *b)
{
	if (a->f == stdout || b->f == stdout)
		return a->f == b->f;
	return a->place != NULL && b->place != NULL &&
	       strcmp(a->place, b->place) == 0;
}

static void
note(struct outfile *o)
{
	if (o->wrong == 0)
		o->wrong = errno != 0 ? errno : EIO;
}

enum rc
outfile_write(struct outfile *o, struct slice s, struct arena *a,
    struct slice *error)
{
	if (o->wrong == 0 && s.n > 0 && fwrite(s.p, 1, s.n, o->f) != s.n)
		note(o);
	return o->wrong == 0 ? RC_OK
			     : complain(o, RC_IO, strerror(o->wrong), a, error);
}

void
outfile_flush(struct outfile *o)
{
	if (o->f != NULL && o->wrong == 0 && fflush(o->f) != 0)
		note(o);
}

enum rc
outfile_finish(struct outfile *o, struct arena *a, struct slice *error)
{
	FILE *f = o->f;

	outfile_flush(o);
	if (f != stdout) {
		o->f = NULL;
		if (f != NULL && fclose(f) != 0)
			note(o);
	}
	return o->wrong == 0 ? RC_OK
			     : complain(o, RC_IO, strerror(o->wrong), a, error);
}

enum rc
outfile_commit(struct outfile *o, struct arena *a, struct slice *error)
{
	if (o->beside.path != NULL && leftover_place(&o->beside, o->place) != 0)
		return complain(o, RC_IO, strerror(errno), a, error);
	return RC_OK;
}

void
outfile_close(struct outfile *o)
{
	if (o->f != NULL && o->f != stdout)
		(void)fclose(o->f);
	leftover_drop(&o->beside);
	*o = (struct outfile){ 0 };
}
