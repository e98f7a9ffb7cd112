#include "audit/credential_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/secret.h"

struct reading {
	struct arena *arena;
	const char *path;
	struct slice *error;
};

static enum rc
wrong(const struct reading *r, const char *what)
{
	*r->error = arena_slicef(r->arena, "%s: %s", r->path, what);
	return RC_INVALID;
}

/* Whoever may read it can read the sender's figures at Google. */
static enum rc
check_mode(const struct reading *r, int fd)
{
	enum { OTHERS = S_IRWXG | S_IRWXO };
	struct stat st;

	if (fstat(fd, &st) != 0)
		return wrong(r, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return wrong(r, "is a folder");
	if ((st.st_mode & OTHERS) == 0)
		return RC_OK;
	*r->error = arena_slicef(r->arena,
	    "%s: holds secrets, and others than its owner may use it (mode "
	    "%03o): chmod 600 %s",
	    r->path, (unsigned int)st.st_mode & 0777, r->path);
	return RC_INVALID;
}

/* Not by stdio, whose buffer nobody wipes. */
static enum rc
read_octets(const struct reading *r, int fd, unsigned char *to, size_t *n)
{
	ssize_t got;

	for (*n = 0; *n <= LIMIT_CREDENTIALS; *n += (size_t)got) {
		got = read(fd, to + *n, LIMIT_CREDENTIALS + 1 - *n);
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got < 0)
			return wrong(r, strerror(errno));
		else if (got == 0)
			return RC_OK;
	}
	return wrong(r, "is far too large for credentials");
}

static enum rc
take(const struct reading *r, struct slice text, struct credentials *c)
{
	struct credentials_fault fault = credentials_read(c, text);

	if (fault.text == NULL)
		return RC_OK;
	if (fault.line == 0)
		return wrong(r, fault.text);
	*r->error = arena_slicef(r->arena, "%s: line %zu: %s", r->path,
	    fault.line, fault.text);
	return RC_INVALID;
}

static enum rc
read_file(const struct reading *r, struct credentials *c)
{
	int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	unsigned char *octets = NULL;
	enum rc rc = RC_NOMEM;
	size_t n = 0;

	if (fd < 0)
		return wrong(r, strerror(errno));
	rc = check_mode(r, fd);
	if (rc)
		goto out;
	rc = RC_NOMEM;
	octets = secret_new(LIMIT_CREDENTIALS + 1);
	if (octets != NULL)
		rc = read_octets(r, fd, octets, &n);
	if (rc == RC_OK)
		rc = take(r, slice_of(octets, n), c);
out:
	secret_free(octets, LIMIT_CREDENTIALS + 1);
	(void)close(fd);
	return rc;
}

enum rc
credential_files_read(const struct string_list *files, struct arena *a,
    struct credentials **out, struct slice *error)
{
	struct reading r = { .arena = a, .error = error };
	struct credentials *c;
	const char *lack = NULL;
	enum rc rc = RC_OK;

	secret_no_core();
	c = credentials_new();
	if (c == NULL)
		return RC_NOMEM;
	for (size_t i = 0; rc == RC_OK && i < files->n; i++) {
		r.path = files->items[i];
		rc = read_file(&r, c);
	}
	if (rc == RC_OK)
		lack = credentials_lack(c);
	if (lack != NULL)
		rc = wrong(&r, lack);
	if (rc == RC_OK) {
		*out = c;
		c = NULL;
	}
	credentials_close(&c);
	return rc;
}
