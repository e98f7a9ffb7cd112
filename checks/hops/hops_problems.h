#ifndef CHECKS_HOPS_HOPS_PROBLEMS_H
#define CHECKS_HOPS_HOPS_PROBLEMS_H

#include "checks/hops/hops_chain.h"

/*
 * What is wrong with the chain: into "problems" of the run's facts, and its
 * code into "problems" of the element of "chain" that it is about.
 */
void hops_judge(struct check_run *, const struct hops *, json_t *chain);

#endif
