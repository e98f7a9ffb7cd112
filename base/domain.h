#ifndef BASE_DOMAIN_H
#define BASE_DOMAIN_H

#include "base/arena.h"
#include "base/slice.h"

/*
 * Domain names in text.  Canonical form throughout the program: A-labels,
 * lower case, no trailing dot, octets outside printable ASCII and dots inside
 * a label as \DDD (RFC 1035 5.1), the root as an empty name.
 */

enum domain_fault {
	DOMAIN_FINE,
	DOMAIN_EMPTY,       /* nothing, or only a dot */
	DOMAIN_EMPTY_LABEL, /* two dots in a row, a leading dot */
	DOMAIN_LABEL_LONG,  /* over 63 octets */
	DOMAIN_LONG,        /* over 253 octets */
	DOMAIN_CHARACTER,   /* outside letters, digits, hyphen, underscore */
	DOMAIN_HYPHEN,      /* a label begins or ends with a hyphen */
	DOMAIN_IDN, /* not valid under IDNA 2008 (UTS 46, non-transitional) */
};

/* What the fault is, as half a sentence: "has an empty label". */
const char *domain_fault_text(enum domain_fault);

/*
 * Canonical form of a name given by a person or found in a message: U-labels
 * become A-labels (libidn2), a trailing dot goes.  Underscores are let
 * through: they are in DNS names if not in host names.  On a fault *out is
 * untouched.  NULL in out->p with DOMAIN_FINE cannot be; out of memory gives
 * DOMAIN_LONG.
 */
enum domain_fault domain_canonical(struct arena *, struct slice text,
    struct slice *out);

/*
 * The octets of a name, its labels with dots between, in canonical form but
 * for letter case, which stays.  Nothing is judged.  Nothing past the arena's
 * ceiling.
 */
struct slice domain_from_octets(struct arena *, struct slice octets);

/*
 * The other way round: without escapes.  Borrows when there are none.  Nothing
 * past the arena's ceiling.
 */
struct slice domain_octets(struct arena *, struct slice canonical);

/*
 * A label as people read it: of an A-label the U-label in UTF-8, any other as
 * it is.  Nothing: it is no A-label though it begins like one, or the arena is
 * at its ceiling.
 */
struct slice domain_label_shown(struct arena *, struct slice label);

/* One octet of a label as canonical text; its length. */
enum { DOMAIN_OCTET_MAX = 4 };

size_t domain_octet_text(unsigned char octet,
    unsigned char out[DOMAIN_OCTET_MAX]);

/*
 * A host name by RFC 5321 2.3.5: canonical, LDH only, at least two labels, the
 * last one not all digits.
 */
bool domain_is_fqdn(struct slice canonical);

/* The name without its leftmost label; nothing left gives an empty slice. */
struct slice domain_parent(struct slice canonical);

size_t domain_labels(struct slice canonical);

/* Whether name is ancestor or below it, by whole labels, case-insensitive. */
bool domain_is_under(struct slice name, struct slice ancestor);

#endif
