#include "bounces/input_format.h"

#include "base/limits.h"
#include "bounces/csv.h"
#include "bounces/log.h"

/* Up to the end of the last line; one line that is longer than that is cut. */
static size_t
lines_cut(struct slice block)
{
	const unsigned char *end =
	    block.n > 0 ? memrchr(block.p, '\n', block.n) : NULL;

	return end != NULL ? (size_t)(end - block.p) + 1 : 0;
}

static bool
anything(struct slice head)
{
	(void)head;
	return true;
}

static void
lines_read(struct batch *b, struct slice block, struct slice preface)
{
	(void)preface;
	log_read(b, block);
}

const struct input_format input_formats[] = {
	{ "csv", csv_recognise, csv_cut, csv_read, LIMIT_LOG_LINE },
	{ "log", anything, lines_cut, lines_read, LIMIT_LOG_LINE },
	{ NULL, NULL, NULL, NULL, 0 },
};

const struct input_format *
input_format_recognise(struct slice head)
{
	const struct input_format *f = input_formats;

	while (!f->recognise(head))
		f++;
	return f;
}

const struct input_format *
input_format_find(const char *name)
{
	for (const struct input_format *f = input_formats; f->name != NULL;
	     f++) {
		if (strcmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}
