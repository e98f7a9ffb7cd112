#include "bounces/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bounces/unpack.h"

struct source {
	struct arena *arena;
	const char *path;
	int fd;
	struct unpack *unpack;     /* NULL: as it is */
	unsigned char *head;       /* read before it was known to be packed */
	size_t head_n, head_taken; /* octets of it */
};

static enum rc
failed(struct source *s, const char *why, struct slice *error)
{
	*error = arena_slicef(s->arena, "%s: %s", s->path, why);
	return RC_INVALID;
}

/* Until the room is full or the file at its end. */
static enum rc
read_file(struct source *s, unsigned char *room, size_t size, size_t *n,
    struct slice *error)
{
	ssize_t got;

	for (*n = 0; *n < size; *n += (size_t)got) {
		got = read(s->fd, room + *n, size - *n);
		if (got == 0)
			break;
		if (got > 0)
			continue;
		if (errno != EINTR)
			return failed(s, strerror(errno), error);
		got = 0;
	}
	return RC_OK;
}

/* What was read before comes first. */
static enum rc
read_packed(void *ctx, unsigned char *room, size_t size, size_t *n,
    struct slice *error)
{
	struct source *s = ctx;
	size_t left = s->head_n - s->head_taken;

	if (left == 0)
		return read_file(s, room, size, n, error);
	*n = left < size ? left : size;
	memcpy(room, s->head + s->head_taken, *n);
	s->head_taken += *n;
	return RC_OK;
}

enum rc
source_open(const char *path, struct arena *a, struct source **out,
    struct slice *error)
{
	struct source *s = calloc(1, sizeof(*s));
	struct stat st;
	bool in = strcmp(path, "-") == 0;

	*out = s;
	if (s == NULL)
		return RC_NOMEM;
	s->arena = a;
	s->path = in ? "standard input" : path;
	s->fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return failed(s, strerror(errno), error);
	if (fstat(s->fd, &st) == 0 && S_ISDIR(st.st_mode))
		return failed(s, "is a folder", error);
	return RC_OK;
}

void
source_close(struct source **sp)
{
	struct source *s = *sp;

	*sp = NULL;
	if (s == NULL)
		return;
	unpack_close(&s->unpack);
	if (s->fd > STDIN_FILENO)
		(void)close(s->fd);
	free(s->head);
	free(s);
}

/* An error of unpacking lacks the name of the file. */
static enum rc
named(struct source *s, enum rc rc, struct slice *error)
{
	if (rc == RC_INVALID && !slice_starts(*error, slice_str(s->path)))
		*error = arena_slicef(s->arena, "%s: %.*s", s->path,
		    SLICE_FMT(*error));
	return rc;
}

enum rc
source_read(struct source *s, unsigned char *room, size_t size, size_t *n,
    struct slice *error)
{
	if (s->unpack == NULL)
		return read_file(s, room, size, n, error);
	return named(s, unpack_read(s->unpack, room, size, n, error), error);
}

bool
source_is_packed(struct slice head)
{
	return unpack_recognise(head);
}

enum rc
source_unpack(struct source *s, struct slice head, struct slice *error)
{
	s->head = malloc(head.n);
	if (s->head == NULL)
		return RC_NOMEM;
	memcpy(s->head, head.p, head.n);
	s->head_n = head.n;
	return named(s,
	    unpack_open(read_packed, s, s->arena, &s->unpack, error), error);
}

enum rc
source_next(struct source *s, struct slice *name, bool *there,
    struct slice *error)
{
	struct slice member = SLICE_NONE;
	enum rc rc = unpack_next(s->unpack, &member, there, error);

	*name = slice_str(s->path);
	if (rc == RC_OK && *there && member.n > 0)
		*name = arena_slicef(s->arena, "%s: %.*s", s->path,
		    SLICE_FMT(member));
	return named(s, rc, error);
}
