#ifndef BOUNCES_JUDGE_H
#define BOUNCES_JUDGE_H

#include "bounces/batch.h"

/*
 * Takes the replies of a batch apart and says of each why it was given.
 * receiver: whose replies they all are; NULL: each by itself.
 */
void judge_batch(struct classifier *, const struct bounce_provider *receiver,
    struct batch *);

#endif
