#ifndef BOUNCES_SOURCE_H
#define BOUNCES_SOURCE_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * The octets of a file, of a pipe, or of what is compressed in either: gz,
 * xz, zst, bz2, and each member of a zip or a tar.  What it is shows in its
 * first octets, never in its name.
 */
struct source;

/*
 * "-" is standard input.  The path is borrowed until source_close().
 * RC_INVALID: *error, in the arena, is "FILE: what is wrong".
 */
enum rc source_open(const char *path, struct arena *, struct source **,
    struct slice *error);
void source_close(struct source **);

/*
 * Fills the room as far as the file goes; *n is less than size at its end
 * only.  RC_INVALID for what cannot be read or unpacked, with *error.
 */
enum rc source_read(struct source *, unsigned char *room, size_t size,
    size_t *n, struct slice *error);

/* Whether these first octets are of something packed. */
bool source_is_packed(struct slice head);

/*
 * What was read so far, and is copied, turned out to be packed: from now on
 * the members of it are read, one after the other.
 */
enum rc source_unpack(struct source *, struct slice head, struct slice *error);

/*
 * The next member, once it is packed.  *name is "FILE", or "FILE: MEMBER" if
 * there are names; in the arena.
 */
enum rc source_next(struct source *, struct slice *name, bool *there,
    struct slice *error);

#endif
