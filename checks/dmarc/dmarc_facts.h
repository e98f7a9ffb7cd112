#ifndef CHECKS_DMARC_DMARC_FACTS_H
#define CHECKS_DMARC_DMARC_FACTS_H

#include "checks/check.h"

/* What checks/dmarc/dmarc.c says; ends with a NULL path. */
extern const struct fact_doc dmarc_facts[];

#endif
