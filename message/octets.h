#ifndef MESSAGE_OCTETS_H
#define MESSAGE_OCTETS_H

#include "base/slice.h"

/* Offset of the first octet over 127; s.n: there is none.  Eight at a time. */
size_t octets_8bit(struct slice);

/* How many line feeds there are. */
size_t octets_lines(struct slice);

/* In lower case: itself when it is so already.  NULL: arena_failed(). */
struct arena;
struct slice octets_lower(struct arena *, struct slice);

#endif
