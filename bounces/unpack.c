#include "bounces/unpack.h"

#include <dlfcn.h>
#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/limits.h"

#define ARCHIVE_SONAME "libarchive.so.13"

/* The functions of it that are used: it is loaded with the first file. */
struct library {
	struct archive *(*create)(void);
	int (*filter_gzip)(struct archive *);
	int (*filter_bzip2)(struct archive *);
	int (*filter_xz)(struct archive *);
	int (*filter_zstd)(struct archive *);
	int (*format_raw)(struct archive *);
	int (*format_tar)(struct archive *);
	int (*format_zip)(struct archive *);
	int (*open)(struct archive *, void *, archive_open_callback *,
	    archive_read_callback *, archive_close_callback *);
	int (*next)(struct archive *, struct archive_entry **);
	la_ssize_t (*data)(struct archive *, void *, size_t);
	int (*destroy)(struct archive *);
	const char *(*error)(struct archive *);
	int (*format)(struct archive *);
	const char *(*name)(struct archive_entry *);
	__LA_MODE_T (*type)(struct archive_entry *);
};

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
	{ "archive_read_new", offsetof(struct library, create) },
	{ "archive_read_support_filter_gzip",
	    offsetof(struct library, filter_gzip) },
	{ "archive_read_support_filter_bzip2",
	    offsetof(struct library, filter_bzip2) },
	{ "archive_read_support_filter_xz",
	    offsetof(struct library, filter_xz) },
	{ "archive_read_support_filter_zstd",
	    offsetof(struct library, filter_zstd) },
	{ "archive_read_support_format_raw",
	    offsetof(struct library, format_raw) },
	{ "archive_read_support_format_tar",
	    offsetof(struct library, format_tar) },
	{ "archive_read_support_format_zip",
	    offsetof(struct library, format_zip) },
	{ "archive_read_open", offsetof(struct library, open) },
	{ "archive_read_next_header", offsetof(struct library, next) },
	{ "archive_read_data", offsetof(struct library, data) },
	{ "archive_read_free", offsetof(struct library, destroy) },
	{ "archive_error_string", offsetof(struct library, error) },
	{ "archive_format", offsetof(struct library, format) },
	{ "archive_entry_pathname", offsetof(struct library, name) },
	{ "archive_entry_filetype", offsetof(struct library, type) },
};

enum { UNPACK_ROOM = 64 * 1024 };

struct unpack {
	struct library library;
	struct archive *archive;
	unpack_reader *reader;
	void *ctx;
	struct arena *arena;
	struct slice wrong; /* what the reader said, if it failed */
	uint64_t in, out;
	unsigned char room[UNPACK_ROOM];
};

static const struct slice magics[] = {
	{ (const void *)"\x1f\x8b", 2 },
	{ (const void *)"BZh", 3 },
	{ (const void *)"\xfd"
			"7zXZ\0",
	    6 },
	{ (const void *)"\x28\xb5\x2f\xfd", 4 },
	{ (const void *)"PK\3\4", 4 },
};

bool
unpack_recognise(struct slice head)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (slice_starts(head, magics[i]))
			return true;
	}
	return false;
}

static const char *
load(struct library *out)
{
	void *handle = dlopen(ARCHIVE_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return ARCHIVE_SONAME " could not be loaded";
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *address = dlsym(handle, symbols[i].name);

		if (address == NULL)
			return ARCHIVE_SONAME " lacks a function";
		memcpy((char *)out + symbols[i].at, &address, sizeof(address));
	}
	return NULL;
}

static la_ssize_t
more(struct archive *archive, void *ctx, const void **room)
{
	struct unpack *u = ctx;
	size_t n;

	(void)archive;
	*room = u->room;
	if (u->reader(u->ctx, u->room, sizeof(u->room), &n, &u->wrong) != RC_OK)
		return ARCHIVE_FATAL;
	u->in += n;
	return (la_ssize_t)n;
}

static enum rc
failed(struct unpack *u, struct slice *error)
{
	const char *why = u->library.error(u->archive);

	*error = u->wrong.n > 0 ? u->wrong
				: arena_slicef(u->arena, "%s",
				      why != NULL ? why : "damaged");
	return RC_INVALID;
}

enum rc
unpack_open(unpack_reader *reader, void *ctx, struct arena *a,
    struct unpack **out, struct slice *error)
{
	struct unpack *u = calloc(1, sizeof(*u));
	const struct library *l;
	const char *why;

	*out = u;
	if (u == NULL)
		return RC_NOMEM;
	u->reader = reader;
	u->ctx = ctx;
	u->arena = a;
	l = &u->library;
	why = load(&u->library);
	if (why != NULL) {
		*error = slice_str(why);
		return RC_INVALID;
	}
	u->archive = l->create();
	if (u->archive == NULL)
		return RC_NOMEM;
	(void)l->filter_gzip(u->archive);
	(void)l->filter_bzip2(u->archive);
	(void)l->filter_xz(u->archive);
	(void)l->filter_zstd(u->archive);
	(void)l->format_raw(u->archive);
	(void)l->format_tar(u->archive);
	(void)l->format_zip(u->archive);
	return l->open(u->archive, u, NULL, more, NULL) == ARCHIVE_OK
		   ? RC_OK
		   : failed(u, error);
}

void
unpack_close(struct unpack **up)
{
	struct unpack *u = *up;

	*up = NULL;
	if (u != NULL && u->archive != NULL)
		(void)u->library.destroy(u->archive);
	free(u);
}

enum rc
unpack_next(struct unpack *u, struct slice *name, bool *there,
    struct slice *error)
{
	const struct library *l = &u->library;
	struct archive_entry *entry;
	int got;

	do {
		got = l->next(u->archive, &entry);
		*there = got != ARCHIVE_EOF;
		if (got == ARCHIVE_EOF)
			return RC_OK;
		if (got < ARCHIVE_WARN)
			return failed(u, error);
	} while (l->type(entry) != AE_IFREG && l->type(entry) != 0);
	*name = SLICE_NONE;
	if (l->format(u->archive) != ARCHIVE_FORMAT_RAW &&
	    l->name(entry) != NULL)
		*name = arena_copy(u->arena, slice_str(l->name(entry)));
	return RC_OK;
}

enum rc
unpack_read(struct unpack *u, unsigned char *room, size_t size, size_t *n,
    struct slice *error)
{
	la_ssize_t got;

	for (*n = 0; *n < size; *n += (size_t)got) {
		got = u->library.data(u->archive, room + *n, size - *n);
		if (got < 0)
			return failed(u, error);
		if (got == 0)
			break;
	}
	u->out += *n;
	if (u->out > LIMIT_UNPACKED && u->out / LIMIT_UNPACK_RATIO > u->in) {
		*error = arena_slicef(u->arena,
		    "cannot be unpacked: over %d times as large as it is packed",
		    LIMIT_UNPACK_RATIO);
		return RC_INVALID;
	}
	return RC_OK;
}
