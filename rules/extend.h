#ifndef RULES_EXTEND_H
#define RULES_EXTEND_H

#include "rules/pack.h"

/*
 * What a pack says of rules that are there already, or come later in it:
 * "extends = ID" takes from another rule what the own one lacks, and
 * "disabled = yes" in a section of its id switches one of an earlier pack off.
 */

/* The section that ends extends a rule: kept until the pack has been read. */
enum rc extend_later(struct pack_reader *);

/* All of them, each behind the one that it extends. */
enum rc extend_all(struct pack_reader *);

/* The section that ends switches a rule off: kept likewise. */
enum rc switch_off_later(struct pack_reader *);
void switch_off_all(struct pack_reader *);

#endif
