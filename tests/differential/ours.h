#ifndef TESTS_DIFFERENTIAL_OURS_H
#define TESTS_DIFFERENTIAL_OURS_H

#include "probes/store.h"
#include "tests/differential/cases.h"

/* A store that is answered from the zone of a case. */
struct zone_store {
	struct test_case *of;
	struct store *store;
	struct pins pins;
	struct asker asker;
};

/* Ends the program when there is no memory. */
void zone_store_open(struct zone_store *, struct test_case *);
void zone_store_close(struct zone_store *);

/* Answers all that is wanted. */
void zone_store_answer(struct zone_store *);

/* Writes a canonical name's octets as a reply has them. */
void reply_name(FILE *, struct slice canonical);

#endif
