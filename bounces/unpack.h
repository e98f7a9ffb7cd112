#ifndef BOUNCES_UNPACK_H
#define BOUNCES_UNPACK_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * Compressed files and archives, by libarchive, which is loaded when the
 * first is met.  How much may come out is bounded (LIMIT_UNPACKED and, of
 * what is packed, LIMIT_UNPACK_RATIO), so that a bomb is an error.
 */
struct unpack;

/* Fills the room unless the file ends; as source_read(). */
typedef enum rc unpack_reader(void *ctx, unsigned char *room, size_t size,
    size_t *n, struct slice *error);

/* By its first octets: gz, bz2, xz, zst, zip. */
bool unpack_recognise(struct slice head);

enum rc unpack_open(unpack_reader *reader, void *ctx, struct arena *a,
    struct unpack **out, struct slice *error);
void unpack_close(struct unpack **);

/* The next member; its name is nothing when there is but one, without name. */
enum rc unpack_next(struct unpack *, struct slice *name, bool *there,
    struct slice *error);

enum rc unpack_read(struct unpack *, unsigned char *room, size_t size,
    size_t *n, struct slice *error);

#endif
