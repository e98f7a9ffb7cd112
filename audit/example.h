#ifndef AUDIT_EXAMPLE_H
#define AUDIT_EXAMPLE_H

#include <stddef.h>

/*
 * The recorded example that --example audits: "message.eml",
 * "evidence.jsonl" and "ca.pem", compiled in; ends with a NULL name.
 */
struct example_file {
	const char *name;
	const char *text;
	size_t size;
};

extern const struct example_file example_files[];

#endif
