#include "audit/complain.h"

#include <errno.h>
#include <stdio.h>

#include "base/escape.h"
#include "base/limits.h"

/* What is said when nothing better is known. */
static const char *
general(enum rc rc)
{
	switch (rc) {
	case RC_OK:
		return "";
	case RC_NOMEM:
		return "out of memory";
	case RC_LIMIT:
		return "there is more than can be held; see LIMITS in the "
		       "man page";
	case RC_IO:
		return strerror(errno);
	case RC_INVALID:
		return "the input is not valid";
	case RC_BUG:
		return "an error in presend itself; please report it";
	}
	return "";
}

enum exit_status
complain(enum rc rc, struct slice text)
{
	struct buf b;

	buf_init(&b, LIMIT_LIST_LINE);
	buf_add_str(&b, "presend: ");
	escape_terminal(&b, text.n > 0 ? slice_sub(text, 0, LIMIT_LIST_LINE / 8)
				       : slice_str(general(rc)));
	buf_add_char(&b, '\n');
	if (b.failed)
		(void)fputs("presend: out of memory\n", stderr);
	else
		(void)fwrite(b.p, 1, b.n, stderr);
	buf_free(&b);
	return rc == RC_INVALID ? STATUS_USAGE : STATUS_INTERNAL;
}

enum exit_status
print_out(const struct buf *b)
{
	if (b->failed)
		return complain(RC_NOMEM, SLICE_NONE);
	if ((b->n > 0 && fwrite(b->p, 1, b->n, stdout) != b->n) ||
	    fflush(stdout) != 0) {
		struct buf line;
		enum exit_status status;

		buf_init(&line, LIMIT_LIST_LINE);
		buf_printf(&line, "standard output: %s", strerror(errno));
		status = complain(RC_IO, buf_slice(&line));
		buf_free(&line);
		return status;
	}
	return STATUS_FINE;
}
