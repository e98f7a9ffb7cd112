#ifndef CHECKS_SPF_SPF_RANGES_H
#define CHECKS_SPF_SPF_RANGES_H

#include "base/arena.h"
#include "base/ip.h"

/* Addresses that have their first bits in common; ip has no others set. */
struct spf_range {
	struct ip ip;
	unsigned int bits;
};

/* bits over 32 or 128 are these. */
struct spf_range spf_range_of(const struct ip *, unsigned int bits);

/* What all its addresses are; IP_PUBLIC also when they are of several kinds. */
enum ip_scope spf_range_scope(const struct spf_range *);

bool spf_range_has(const struct spf_range *, const struct spf_range *inner);

/* "192.0.2.0/24", "192.0.2.1": as it stands behind "ip4:" or "ip6:". */
struct slice spf_range_text(struct arena *, const struct spf_range *);

/*
 * In order, without those that lie in another, halves of one range made one.
 * Returns how many are left.
 */
size_t spf_ranges_merge(struct spf_range *, size_t n);

/* Which ranges came earlier; made and freed as a table is. */
struct spf_cover;

struct spf_cover *spf_cover_new(struct arena *);
void spf_cover_free(struct spf_cover *);

/*
 * The value of the widest earlier range that holds this one, or NULL; then
 * this one is noted with its own value, which must not be NULL.  False: out of
 * memory.
 */
bool spf_cover_add(struct spf_cover *, const struct spf_range *, void *value,
    void **earlier);

#endif
