#ifndef CHECKS_SPAM_RATE_SPAM_RATE_H
#define CHECKS_SPAM_RATE_SPAM_RATE_H

#include "checks/spam_rate/spam_rate_export.h"

/* What the user tells of one provider's figures. */
struct spam_told {
	bool given;
	const struct spam_row *rows; /* of it alone: by domain and day */
	size_t n;
	struct slice source; /* "rates.csv", "--spam-rate" */
};

/* Of a run; the subject of each audit has it. */
struct spam_rates {
	struct spam_told of[SPAM_PROVIDERS];
};

#endif
