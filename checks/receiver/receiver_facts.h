#ifndef CHECKS_RECEIVER_RECEIVER_FACTS_H
#define CHECKS_RECEIVER_RECEIVER_FACTS_H

#include "checks/check.h"

/* What the check says, for the register. */
extern const struct fact_doc receiver_facts[];

#endif
