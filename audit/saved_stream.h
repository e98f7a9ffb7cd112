#ifndef AUDIT_SAVED_STREAM_H
#define AUDIT_SAVED_STREAM_H

#include <jansson.h>

#include "audit/document.h"
#include "base/arena.h"
#include "base/rc.h"

/*
 * A saved document of any kind, read as it is shown: what is held is its
 * header and one item.  It is read twice, as the header is there when the
 * first item is shown, and its members may stand behind the items.
 */
struct saved_stream;

/*
 * "-" is standard input.  RC_INVALID with "FILE: line N: what": it is none, or
 * none that can be shown.
 */
enum rc saved_stream_open(struct saved_stream **, const char *path,
    struct arena *, struct slice *error);
void saved_stream_close(struct saved_stream **);

enum document saved_stream_document(const struct saved_stream *);

/* Of a document that is one object all of it; of events NULL. */
const json_t *saved_stream_header(const struct saved_stream *);

/* There is more than one item. */
bool saved_stream_many(const struct saved_stream *);

/* The next item is the caller's; NULL: there is no more. */
enum rc saved_stream_next(struct saved_stream *, json_t **item,
    struct slice *error);

#endif
