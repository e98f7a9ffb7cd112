#ifndef AUDIT_VERBOSE_H
#define AUDIT_VERBOSE_H

#include <stdio.h>

#include "probes/evidence.h"

/* For -v: a question and its answer, as lines that are safe on a terminal. */
void verbose_print(FILE *, const struct question *, const struct answer *);

#endif
