#ifndef CHECKS_HOPS_HOPS_FACTS_H
#define CHECKS_HOPS_HOPS_FACTS_H

#include "checks/check.h"

/* What the check says, for the register. */
extern const struct fact_doc hops_facts[];

#endif
