#ifndef BOUNCES_INPUT_FORMAT_H
#define BOUNCES_INPUT_FORMAT_H

#include "bounces/batch.h"

/*
 * A kind of input.  It is told by what is in it, never by the name of the
 * file.  Each is read in blocks, by any thread and in any order, except those
 * that make sense as a whole only.
 */
struct input_format {
	const char *name; /* for --input-format, and in the document */
	/* By its first octets; the first of the register that knows it reads. */
	bool (*recognise)(struct slice head);
	/*
	 * How much of a block that others follow is made of whole records; 0:
	 * none ends in it.  NULL: all of the input is one record.
	 */
	size_t (*cut)(struct slice block);
	/* Reads whole records.  preface: how the input begins. */
	void (*read)(struct batch *, struct slice block, struct slice preface);
	size_t record_max; /* octets; of a longer one the beginning is read */
};

/* The register; ends with a NULL name.  The last takes whatever is left. */
extern const struct input_format input_formats[];

const struct input_format *input_format_recognise(struct slice head);

/* By its name; NULL: there is none. */
const struct input_format *input_format_find(const char *name);

#endif
