#include "audit/outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rc
complain(struct outfile *o, enum rc rc, const char *what, struct arena *a,
    struct slice *error)
{
	*error = arena_slicef(a, "%s: %s",
	    strcmp(o->path, "-") == 0 ? "standard output" : o->path, what);
	return rc;
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
open_beside(struct outfile *o, struct arena *a, struct slice *error)
{
	int fd;

	o->beside = arena_printf(a, "%s.XXXXXX", o->path);
	if (o->beside == NULL)
		return RC_NOMEM;
	fd = mkstemp(o->beside);
	if (fd < 0) {
		o->beside = NULL;
		return complain(o, RC_INVALID, strerror(errno), a, error);
	}
	if (fchmod(fd, usual_mode()) != 0 ||
	    (o->f = fdopen(fd, "wb")) == NULL) {
		(void)close(fd);
		return complain(o, RC_INVALID, strerror(errno), a, error);
	}
	return RC_OK;
}

enum rc
outfile_open(struct outfile *o, const char *path, bool force, struct arena *a,
    struct slice *error)
{
	struct stat st;

	*o = (struct outfile){ .path = path };
	if (strcmp(path, "-") == 0) {
		o->f = stdout;
		return RC_OK;
	}
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return complain(o, RC_INVALID, "is a folder", a, error);
		/* A device or a pipe has nothing to be kept whole. */
		if (!S_ISREG(st.st_mode)) {
			o->f = fopen(path, "wbe");
			if (o->f == NULL)
				return complain(o, RC_INVALID, strerror(errno),
				    a, error);
			return RC_OK;
		}
		if (!force)
			return complain(o, RC_INVALID,
			    "exists; --force overwrites it", a, error);
	}
	return open_beside(o, a, error);
}

enum rc
outfile_write(struct outfile *o, struct slice s, struct arena *a,
    struct slice *error)
{
	if (s.n == 0 || fwrite(s.p, 1, s.n, o->f) == s.n)
		return RC_OK;
	return complain(o, RC_IO, strerror(errno), a, error);
}

enum rc
outfile_commit(struct outfile *o, struct arena *a, struct slice *error)
{
	FILE *f = o->f;

	if (fflush(f) != 0)
		return complain(o, RC_IO, strerror(errno), a, error);
	if (f == stdout)
		return RC_OK;
	o->f = NULL;
	if (fclose(f) != 0)
		return complain(o, RC_IO, strerror(errno), a, error);
	if (o->beside != NULL && rename(o->beside, o->path) != 0)
		return complain(o, RC_IO, strerror(errno), a, error);
	o->beside = NULL;
	return RC_OK;
}

void
outfile_close(struct outfile *o)
{
	if (o->f != NULL && o->f != stdout)
		(void)fclose(o->f);
	if (o->beside != NULL)
		(void)unlink(o->beside);
	*o = (struct outfile){ 0 };
}
