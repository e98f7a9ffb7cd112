#ifndef TESTS_UNIT_FACT_TYPES_H
#define TESTS_UNIT_FACT_TYPES_H

#include "checks/check.h"

/* Fails unless each of these facts is in the check's table, of that type. */
void fact_types_hold(const struct check *, const json_t *facts);

#endif
