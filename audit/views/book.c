#include "audit/views/book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/views/book_parts.h"
#include "base/civil.h"
#include "base/limits.h"

enum {
	COPY = 64 * 1024,
	SLACK = 256 * 1024,   /* the small files of a workbook, and theirs */
	NAME_MAX_OCTETS = 64, /* "/proc/self/fd/12" */
};

/* ---- what goes wrong --------------------------------------------------- */

void
book_fail(struct book *b, enum rc rc, const char *what, int why)
{
	const char *folder = b->run->look.folder;

	if (b->run->rc != RC_OK)
		return;
	b->run->rc = rc;
	if (rc == RC_IO)
		b->run->why = why == 0
				  ? what
				  : arena_printf(b->run->arena, "%s in %s: %s",
					what, folder, strerror(why));
}

void
book_check(struct book *b, lxw_error error)
{
	if (error == LXW_NO_ERROR)
		return;
	if (error == LXW_ERROR_MEMORY_MALLOC_FAILED)
		book_fail(b, RC_NOMEM, NULL, 0);
	else if (error < LXW_ERROR_NULL_PARAMETER_IGNORED)
		book_fail(b, RC_IO, "cannot write the workbook", errno);
	else
		book_fail(b, RC_BUG, NULL, 0);
}

/* ---- opening ----------------------------------------------------------- */

/*
 * The library writes to a path.  The file has none by then: whatever ends us,
 * nothing is left.
 */
static int
open_file(struct book *b)
{
	char *template = arena_printf(b->run->arena, "%s/presend.XXXXXX",
	    b->run->look.folder);
	int fd = template != NULL ? mkstemp(template) : -1;

	if (template == NULL)
		book_fail(b, RC_NOMEM, NULL, 0);
	else if (fd < 0)
		book_fail(b, RC_IO, "cannot make a temporary file", errno);
	else
		(void)unlink(template);
	return fd;
}

static void
set_properties(struct book *b, char *title)
{
	int64_t as_of = 0;
	char author[] = "presend";
	lxw_doc_properties p = { .title = title, .author = author };

	/* The same document gives the same octets, whenever it is shown. */
	if (!civil_rfc3339_parse(slice_str(
				     view_text_of(b->run->header, "as_of")),
		&as_of) ||
	    as_of <= 0)
		as_of = 1;
	p.created = (time_t)as_of;
	book_check(b, b->library.set_properties(b->workbook, &p));
}

static void
open_workbook(struct book *b)
{
	char path[NAME_MAX_OCTETS];
	char *folder = arena_printf(b->run->arena, "%s", b->run->look.folder);
	lxw_workbook_options options = { .constant_memory = 1,
		.tmpdir = folder,
		.use_zip64 = 0 };

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", b->file);
	if (folder != NULL)
		b->workbook = b->library.workbook_new(path, &options);
	if (b->workbook == NULL) {
		book_fail(b, RC_NOMEM, NULL, 0);
		return;
	}
	book_formats(b);
}

void
book_open(struct book *b, struct view_run *run, const char *title)
{
	char *own = arena_printf(run->arena, "%s", title);
	const char *why;

	*b = (struct book){ .run = run, .file = -1, .rows_max = LXW_ROW_MAX };
	buf_init(&b->text, LIMIT_RENDERED);
	why = xlsx_load(&b->library);
	if (why != NULL)
		book_fail(b, RC_IO, why, 0);
	if (run->rc == RC_OK)
		b->file = open_file(b);
	if (run->rc == RC_OK)
		open_workbook(b);
	if (run->rc == RC_OK && own != NULL)
		set_properties(b, own);
}

/* ---- the end ----------------------------------------------------------- */

/*
 * The library looks at no error when it puts a sheet together from its rows:
 * so there must be room for it first.
 */
static void
make_room(struct book *b)
{
	off_t most = 0, room;
	lxw_worksheet *w;
	int why;

	LXW_FOREACH_WORKSHEET(w, b->workbook)
	{
		errno = 0;
		if (fflush(w->optimize_tmpfile) != 0 ||
		    ferror(w->optimize_tmpfile) != 0) {
			book_fail(b, RC_IO, "cannot write a temporary file",
			    errno != 0 ? errno : ENOSPC);
			return;
		}
		room = ftello(w->optimize_tmpfile);
		if (room > most)
			most = room;
	}
	room = most + (off_t)b->text.cap * BOOK_COLUMNS + SLACK;
	why = posix_fallocate(b->file, 0, room);
	if (why == 0 && ftruncate(b->file, 0) != 0)
		why = errno;
	if (why != 0)
		book_fail(b, RC_IO, "cannot write a temporary file", why);
}

/* The library tells its failures to standard error too. */
static void
close_quietly(struct book *b)
{
	int standard = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	lxw_error error;

	if (standard >= 0 && nowhere >= 0)
		(void)dup2(nowhere, STDERR_FILENO);
	errno = 0;
	error = b->library.workbook_close(b->workbook);
	b->workbook = NULL;
	book_check(b, error);
	if (standard >= 0 && nowhere >= 0)
		(void)dup2(standard, STDERR_FILENO);
	if (standard >= 0)
		(void)close(standard);
	if (nowhere >= 0)
		(void)close(nowhere);
}

static void
copy(struct book *b)
{
	struct view_run *run = b->run;
	off_t at = 0;
	ssize_t n = 1;

	buf_reset(&b->text);
	buf_reserve(&b->text, COPY);
	if (b->text.failed)
		book_fail(b, RC_NOMEM, NULL, 0);
	while (run->rc == RC_OK && n > 0) {
		n = pread(b->file, b->text.p, COPY, at);
		if (n < 0)
			book_fail(b, RC_IO, "cannot read a temporary file",
			    errno);
		else
			buf_add(&run->out, slice_of(b->text.p, (size_t)n));
		at += n;
		view_drain(run);
	}
}

void
book_finish(struct book *b)
{
	for (size_t i = 0; i < b->n_sheets && b->run->rc == RC_OK; i++)
		book_end_sheet(&b->sheets[i]);
	if (b->run->rc == RC_OK)
		make_room(b);
	if (b->run->rc == RC_OK)
		close_quietly(b);
	if (b->run->rc == RC_OK)
		copy(b);
}

void
book_close(struct book *b)
{
	if (b->workbook != NULL)
		b->library.workbook_free(b->workbook);
	if (b->run != NULL && b->file >= 0)
		(void)close(b->file);
	buf_free(&b->text);
	*b = (struct book){ .run = NULL };
}
