#ifndef AUDIT_SETTLE_H
#define AUDIT_SETTLE_H

#include "base/slice.h"

/*
 * What a person does to settle something that is not known for this cause
 * (cause_name() of probes/evidence.h): one or two sentences.  Never NULL.
 */
const char *settle_text(struct slice cause);

#endif
