#ifndef CHECKS_ZONE_ZONE_COMPARE_H
#define CHECKS_ZONE_ZONE_COMPARE_H

#include "checks/zone/zone_needs.h"

/* Records of a file beside those of an answer, by what they mean. */

struct zone_value {
	struct slice shown; /* as it is pasted; TXT: its strings joined */
	struct slice plain; /* the same for all that mean the same */
	size_t line;        /* in the file; 0: from an answer */
};

struct zone_values {
	struct zone_value *all;
	size_t n;
};

/* What the file has for the need, each once. */
enum rc zone_values_expected(struct arena *, const struct zone_need *,
    struct zone_values *);

/* What a known answer has of that kind and type. */
enum rc zone_values_published(struct arena *, const struct zone_need *,
    const struct answer *, struct zone_values *);

bool zone_values_have(const struct zone_values *, const struct zone_value *);

#endif
