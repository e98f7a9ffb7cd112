#ifndef RULES_VERSION_H
#define RULES_VERSION_H

#include "base/slice.h"

/* Letters that end in "v", then numbers with dots between: "TLSv1.2". */
bool version_is(struct slice);

/*
 * Order of two versions with the same letters: *out is below, at or above 0.
 * A missing number is 0.  False when there is no order between them.
 */
bool version_compare(struct slice a, struct slice b, int *out);

#endif
