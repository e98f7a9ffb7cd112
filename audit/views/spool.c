#include "audit/views/spool.h"

#include <errno.h>

#include "base/limits.h"

enum { PIECE = 8 * 1024 };

static enum rc
failed(const char **why)
{
	*why = errno == ENOSPC ? "a temporary file for it: no space left"
			       : "there is no temporary file for it";
	return RC_IO;
}

/* What is in memory goes into the file. */
static enum rc
flush(struct spool *s, const char **why)
{
	struct slice all = buf_slice(&s->memory);

	if (s->file == NULL && (s->file = tmpfile()) == NULL)
		return failed(why);
	if (all.n > 0 && fwrite(all.p, 1, all.n, s->file) != all.n)
		return failed(why);
	buf_reset(&s->memory);
	return RC_OK;
}

enum rc
spool_add(struct spool *s, struct slice text, const char **why)
{
	if (s->memory.limit == 0)
		buf_init(&s->memory, LIMIT_RENDERED);
	buf_add(&s->memory, text);
	if (s->memory.failed)
		return RC_NOMEM;
	return s->memory.n < LIMIT_SPOOL ? RC_OK : flush(s, why);
}

void
spool_give(struct spool *s, struct view_run *run)
{
	unsigned char piece[PIECE];
	size_t n;

	if (s->file != NULL && run->rc == RC_OK) {
		run->rc = flush(s, &run->why);
		if (run->rc == RC_OK && fseek(s->file, 0, SEEK_SET) != 0)
			run->rc = failed(&run->why);
		while (run->rc == RC_OK &&
		       (n = fread(piece, 1, sizeof(piece), s->file)) > 0) {
			buf_add(&run->out, slice_of(piece, n));
			view_drain(run);
		}
		if (run->rc == RC_OK && ferror(s->file))
			run->rc = failed(&run->why);
	}
	buf_add(&run->out, buf_slice(&s->memory));
	view_drain(run);
}

void
spool_close(struct spool *s)
{
	if (s->file != NULL)
		(void)fclose(s->file);
	s->file = NULL;
	buf_free(&s->memory);
}
