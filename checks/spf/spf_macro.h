#ifndef CHECKS_SPF_SPF_MACRO_H
#define CHECKS_SPF_SPF_MACRO_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * Macro strings, RFC 7208 7.
 *   domain-spec      = macro-string domain-end
 *   domain-end       = ( "." toplabel [ "." ] ) / macro-expand
 *   explain-string   = *( macro-string / SP )
 *   macro-string     = *( macro-expand / macro-literal )
 *   macro-expand     = ( "%{" macro-letter transformers *delimiter "}" )
 *                      / "%%" / "%_" / "%-"
 *   transformers     = *DIGIT [ "r" ]
 *   delimiter        = "." / "-" / "+" / "," / "/" / "_" / "="
 */

enum spf_macro_place {
	SPF_DOMAIN_SPEC,  /* letters s l o d i p h v */
	SPF_MACRO_STRING, /* the same; of a modifier that is not known */
	SPF_EXPLANATION,  /* c r t too, and spaces */
};

/*
 * What the letters stand for.  All octets as they came, hostile; domain and
 * validated are canonical (base/domain.h), and their escapes octets again.
 */
struct spf_letters {
	struct ip ip;               /* i, v, c */
	struct slice sender_local;  /* l: "postmaster" if it had none */
	struct slice sender_domain; /* o */
	struct slice domain;        /* d: of the record being evaluated */
	struct slice helo;          /* h */
	struct slice validated;     /* p; nothing: "unknown" (RFC 7208 7.3) */
	struct slice receiver;      /* r; nothing: "unknown" */
	int64_t now;                /* t: seconds since 1970 */
};

/*
 * Whether the text may stand there.  False: *at is the offset of what is
 * wrong; *macro tells a bad macro from a bad domain-end or literal.
 */
bool spf_macro_valid(struct slice text, enum spf_macro_place, size_t *at,
    bool *macro);

/* Whether the text has the letter ('p', 'i', ...), in either case. */
bool spf_macro_has(struct slice text, char letter);

/*
 * Expands a valid text.  Upper-case letters escape as URLs do (RFC 7208 7.3).
 * RC_LIMIT: over LIMIT_SPF_EXPANSION octets, or its letters stand for so many
 * before parts of them are taken.
 */
enum rc spf_macro_expand(struct arena *, struct slice text,
    const struct spf_letters *, struct slice *out);

/*
 * The name to ask for: what was expanded, canonical, without a trailing dot;
 * U-labels that are valid become A-labels, and while it is over 253 octets,
 * left labels go (RFC 7208 7.3).  False: it is no name that DNS can have (none
 * at all, an empty label, one over 63 octets; RFC 7208 4.3, 4.8), or past the
 * arena's ceiling.
 */
bool spf_target_name(struct arena *, struct slice expanded, struct slice *out);

#endif
