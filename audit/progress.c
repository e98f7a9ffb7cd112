#include "audit/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not before this; a short run shows nothing. */
enum { FIRST_AFTER = 500, EVERY = 100 };

struct progress {
	size_t total;
	int64_t next; /* when it may be shown again; 0: not begun */
	bool shown;
};

enum rc
progress_new(bool wanted, size_t total, struct progress **out)
{
	const char *term = getenv("TERM");

	*out = NULL;
	if (!wanted || term == NULL || strcmp(term, "dumb") == 0)
		return RC_OK;
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return RC_NOMEM;
	(*out)->total = total;
	return RC_OK;
}

void
progress_show(struct progress *p, int64_t now, size_t done, size_t in_flight)
{
	char of[32] = "";

	if (p == NULL)
		return;
	if (p->next == 0)
		p->next = now + FIRST_AFTER;
	if (now < p->next)
		return;
	if (p->total > 0)
		(void)snprintf(of, sizeof(of), "/%zu", p->total);
	/* CSI K: what a longer line left behind goes. */
	(void)fprintf(stderr, "\r%zu%s audited, %zu in flight\033[K", done, of,
	    in_flight);
	(void)fflush(stderr);
	p->next = now + EVERY;
	p->shown = true;
}

void
progress_clear(struct progress *p)
{
	if (p == NULL || !p->shown)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	p->shown = false;
}

void
progress_close(struct progress **p)
{
	progress_clear(*p);
	free(*p);
	*p = NULL;
}
