#ifndef CHECKS_DKIM_DKIM_HEADERS_H
#define CHECKS_DKIM_DKIM_HEADERS_H

#include "base/arena.h"
#include "message/message.h"

/*
 * The header fields of a message by their names, to be taken as h= takes them:
 * each mention of a name takes the next field of it from the bottom up (RFC
 * 6376 5.4.2).
 */
struct dkim_headers;

/* In the arena, but for a table that dkim_headers_close() frees. */
enum rc dkim_headers_new(struct arena *, const struct message *,
    struct dkim_headers **);
void dkim_headers_close(struct dkim_headers **);

/* How many fields of that name (any case) there are. */
size_t dkim_headers_count(const struct dkim_headers *, struct slice name);

/* From the bottom again, for the next signature. */
void dkim_headers_rewind(struct dkim_headers *);

/* The next field of that name (any case), or NULL: there is none left. */
const struct field *dkim_headers_take(struct dkim_headers *, struct slice name);

#endif
