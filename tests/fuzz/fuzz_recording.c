#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "probes/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Any text as a recording.  What loads is written again, and what was written
 * loads, and is the same when it is written once more.
 */
struct written {
	FILE *f;
	char *text;
	size_t n;
};

static void
observe(void *arg, const struct question *q, const struct answer *a)
{
	struct written *w = arg;

	if (recording_write(w->f, q, a) != RC_OK)
		__builtin_trap();
}

/* Loads the text and writes each answer as it comes. */
static enum rc
copy(struct slice text, struct written *w)
{
	struct arena *a = arena_new(1 << 16, 1024);
	struct store *s = store_new();
	struct slice error = SLICE_NONE;
	int64_t as_of = 0;
	enum rc rc = RC_NOMEM;

	*w = (struct written){ 0 };
	w->f = open_memstream(&w->text, &w->n);
	if (a != NULL && s != NULL && w->f != NULL) {
		store_observe(s, observe, w);
		rc = recording_load(s, text, &as_of, a, &error);
		if (rc == RC_INVALID && error.n == 0)
			__builtin_trap();
	}
	store_free(s);
	arena_free(a);
	if (w->f != NULL)
		(void)fclose(w->f);
	return rc;
}

/* With a header before it. */
static char *
with_header(const struct written *w, size_t *n)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, n);

	if (f == NULL)
		return NULL;
	if (recording_begin(f, 0) != RC_OK ||
	    fwrite(w->text, 1, w->n, f) != w->n)
		__builtin_trap();
	(void)fclose(f);
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct written once, again;
	char *text;
	size_t n;

	if (copy(slice_of(data, size), &once) == RC_OK) {
		text = with_header(&once, &n);
		if (text == NULL || copy(slice_of(text, n), &again) != RC_OK ||
		    again.n != once.n ||
		    (once.n > 0 && memcmp(once.text, again.text, once.n) != 0))
			__builtin_trap();
		free(again.text);
		free(text);
	}
	free(once.text);
	return 0;
}
