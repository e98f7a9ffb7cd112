#ifndef AUDIT_VIEWS_HTML_STYLE_H
#define AUDIT_VIEWS_HTML_STYLE_H

#include <stddef.h>

/* page.css, compiled in; ends with a NULL name. */
struct style_file {
	const char *name;
	const char *text;
	size_t size;
};

extern const struct style_file style_files[];

/*
 * What the Content-Security-Policy lets in (CSP 3, 6.7.3.3): the SHA-256 of
 * page.css in base64.  A test says what it must be when page.css changes.
 */
#define HTML_STYLE_SHA256 "T8Z2gN7i+NX3kUbWnjIelVjh1MyIAwcXN03gjFEfvZA="

#endif
