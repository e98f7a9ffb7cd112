#include "audit/seekable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY = 8 * 1024 };

struct copying {
	const char *name;
	struct arena *arena;
	struct slice *error;
};

const char *
seekable_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

static enum rc
complain(const struct copying *s, enum rc rc, const char *what)
{
	*s->error = arena_slicef(s->arena, "%s: %s", s->name, what);
	return rc;
}

/* What goes wrong with the copy is not the input's fault. */
static enum rc
complain_copy(const struct copying *s, const char *folder)
{
	*s->error = arena_slicef(s->arena, "%s: cannot be kept in %s: %s",
	    s->name, folder, strerror(errno));
	return RC_IO;
}

static const char *
folder_of(void)
{
	const char *folder = getenv("TMPDIR");

	return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

/* A file without a name, or -1 and errno. */
static int
open_nameless(const struct copying *s, const char *folder)
{
	char *template;
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	/* Not every file system has such. */
	template = arena_printf(s->arena, "%s/presend.XXXXXX", folder);
	if (template == NULL)
		return -1;
	fd = mkostemp(template, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(template);
	return fd;
}

static enum rc
copy(const struct copying *s, FILE *from, uint64_t max, FILE *to)
{
	unsigned char block[COPY];
	uint64_t all = 0;
	size_t n;

	while ((n = fread(block, 1, sizeof(block), from)) > 0) {
		all += n;
		if (all > max) {
			*s->error = arena_slicef(s->arena,
			    "%s: is larger than %llu octets; save it to a file "
			    "and give that",
			    s->name, (unsigned long long)max);
			return RC_INVALID;
		}
		if (fwrite(block, 1, n, to) != n)
			return complain_copy(s, folder_of());
	}
	if (ferror(from))
		return complain(s, RC_INVALID, strerror(errno));
	if (fflush(to) != 0)
		return complain_copy(s, folder_of());
	rewind(to);
	return RC_OK;
}

static enum rc
copy_of(const struct copying *s, FILE *from, uint64_t max, FILE **out)
{
	int fd = open_nameless(s, folder_of());
	enum rc rc;

	*out = fd >= 0 ? fdopen(fd, "w+b") : NULL;
	if (*out == NULL) {
		rc = complain_copy(s, folder_of());
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	rc = copy(s, from, max, *out);
	if (rc) {
		(void)fclose(*out);
		*out = NULL;
	}
	return rc;
}

enum rc
seekable_open(const char *path, uint64_t max, FILE **out, struct arena *a,
    struct slice *error)
{
	const struct copying s = { seekable_name(path), a, error };
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
			  : open(path, O_RDONLY | O_CLOEXEC);
	FILE *f = fd >= 0 ? fdopen(fd, "rb") : NULL;
	struct stat st;
	enum rc rc;

	*out = NULL;
	if (f == NULL || fstat(fd, &st) != 0)
		rc = complain(&s, RC_INVALID, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		rc = complain(&s, RC_INVALID, "is a folder");
	else if (!S_ISREG(st.st_mode))
		rc = copy_of(&s, f, max, out);
	else
		rc = RC_OK;
	if (rc == RC_OK && *out == NULL)
		*out = f;
	else if (f != NULL)
		(void)fclose(f);
	else if (fd >= 0)
		(void)close(fd);
	return rc;
}
