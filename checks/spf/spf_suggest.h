#ifndef CHECKS_SPF_SPF_SUGGEST_H
#define CHECKS_SPF_SPF_SUGGEST_H

#include "checks/spf/spf_problems.h"
#include "checks/spf/spf_ranges.h"

/* What a suggestion is made of. */
struct spf_wish {
	const struct spf_published *published;
	const struct spf_tree *tree; /* of it; NULL: none */
	const struct ip *missing;    /* what is to be let in */
	size_t n;
	bool examples; /* as in struct spf_judged */
};

/* Whether one of them is of the documentation's (RFC 5737, RFC 3849). */
bool spf_has_examples(const struct ip *, size_t n);

/*
 * Whether no mail comes from anywhere in the range; that of the documentation
 * counts as public where examples are meant.
 */
bool spf_is_no_sender(const struct spf_range *, bool examples);

/*
 * The record to publish in the place of what is there, as one text: mistakes
 * mended where there is no doubt about what was meant, several records merged
 * into one, and missing, the addresses that do not pass, let in before all or
 * redirect (not those that are not public).  What is not understood stays as
 * it is; if the result then would have a fault, there is none.  Left out is what
 * can let nothing in: addresses that are not public, and by the tree an include
 * or redirect to no record or back to itself, names that have nothing; and what
 * lets everything in.  Where others' records or too many lookups still make it
 * an error, what is let in stands in front of them.
 *
 * A new record ends with ~all, as Google advises: forged mail is for DMARC to
 * reject, and -all would lose forwarded mail before DKIM is looked at.  Of
 * several records it keeps -all only if all have it, for the same reason; an
 * all that lets anybody in (+all), says nothing (?all), or is not there, becomes
 * ~all.
 *
 * *out is SLICE_NONE: nothing to change, or not known.  Lives in the arena.
 */
enum rc spf_suggest_record(struct arena *, const struct spf_wish *,
    struct slice *out);

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
