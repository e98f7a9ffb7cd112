#ifndef CHECKS_SPF_SPF_MISTAKES_H
#define CHECKS_SPF_SPF_MISTAKES_H

#include "checks/spf/spf_record.h"
#include "probes/evidence.h"

/*
 * The mistakes that are made again and again in SPF records, many of them
 * spread by pages that show how it is done: what a term is, and what was
 * meant by it.
 */

struct spf_mistake {
	const char *code; /* "spf.literal-in-a" */
	/* Half a sentence about the term: "names an address, not a host". */
	const char *said;
	/* What to write: one term or more; nothing: not known. */
	struct slice meant;
	struct slice other; /* or this one; without doubt there is none */
	/* What to do where nothing is to be written, or NULL. */
	const char *advice;
	/* There is no doubt; without a meaning: it can be left out. */
	bool sure;
	bool idle;    /* receivers ignore it, and nothing is lost by that */
	size_t terms; /* so many are the mistake: from this one on */
};

/* A record, and how its text was split; published may be NULL. */
struct spf_suspect {
	struct arena *arena;
	const struct spf_record *record;
	const struct dns_record *published;
};

/*
 * Looks at the term with this index, be it faulty or not.  False: nothing is
 * known about it, whatever its fault.  A meaning always reads without fault.
 */
bool spf_mistake_find(const struct spf_suspect *, size_t i,
    struct spf_mistake *out);

/*
 * Whether a TXT record that is none of SPF was to be one: "spf1 ...", "v=spf1;"
 * and the like; *rest is what follows its version.
 */
bool spf_near_miss(struct slice text, struct slice *rest);

#endif
