#ifndef CHECKS_BLOCKLIST_BLOCKLIST_JOB_H
#define CHECKS_BLOCKLIST_BLOCKLIST_JOB_H

#include "checks/blocklist/blocklist_ask.h"
#include "checks/blocklist/blocklist_names.h"

/* One run of the check: what is looked up where. */

struct blocklist_item {
	struct blocklist_subject subject;
	struct slice text;
	bool is_ip;
	const struct blocklist_name *name; /* NULL: an address */
	bool covered;                      /* there is a list for it */
};

/* A zone and one kind of thing that it holds. */
struct blocklist_list {
	const struct blocklist_zone *zone;
	enum blocklist_kind kind;
	/* What it must list, and what it may not. */
	struct blocklist_lookup test, never;
	struct blocklist_lookup *lookups;
	const struct blocklist_item **items; /* of the lookups */
	size_t n;
};

struct blocklist_job {
	struct check_run *run;
	struct blocklist_names names;
	struct blocklist_item *items;
	size_t n_items;
	struct blocklist_list *lists;
	size_t n_lists;
	size_t asked; /* lookups so far */
};

/* It holds its test point and not the other one. */
bool blocklist_works(const struct blocklist_list *);

/* Makes the facts: all answers are there. */
void blocklist_report(struct blocklist_job *);

#endif
