#ifndef CHECKS_SPF_SUGGEST_H
#define CHECKS_SPF_SUGGEST_H

#include "checks/spf_problems.h"

/*
 * The record to publish in the place of what is there, as one text: mistakes
 * mended where there is no doubt about what was meant, several records merged
 * into one, and missing, the addresses that do not pass, let in before all or
 * redirect (not those that are not public).  What is not understood stays as
 * it is; if the result then would have a fault, there is none.
 *
 * A new record ends with ~all, as Google advises: forged mail is for DMARC to
 * reject, and -all would lose forwarded mail before DKIM is looked at.  Of
 * several records it keeps -all only if all have it, for the same reason; an
 * all that lets anybody in (+all), or none, becomes ~all.
 *
 * *out is SLICE_NONE: nothing to change, or not known.  Lives in the arena.
 */
enum rc spf_suggest_record(struct arena *, const struct spf_published *,
    const struct ip *missing, size_t n, struct slice *out);

enum { SPF_FLAT_MAX = 2000 };

struct spf_flat {
	/* SLICE_NONE: not needed, or it cannot be done. */
	struct slice text;
	/* An answer on which it hangs and that is not known, or NULL. */
	const struct answer *lost;
	struct slice lost_what; /* "example.com A" */
};

/*
 * The record (as suggested, or as published) with as many includes replaced by
 * their addresses as bring it down to ten lookups, the costliest first.  Only
 * an include that passes is, and whose tree has none but ip4, ip6, a and mx
 * that pass; and only if the record then is no longer than SPF_FLAT_MAX octets.
 * Waiting is in the run, but a tree that does not wait has asked for all of it.
 */
enum rc spf_suggest_flat(struct check_run *, const struct spf_judged *,
    struct slice record, struct spf_flat *out);

#endif
