#ifndef CHECKS_SPF_SPF_NAMES_H
#define CHECKS_SPF_SPF_NAMES_H

#include "checks/spf/spf_record.h"

/* Words and octets of terms that are not what they should be. */

/* sign name separator value, as far as they are there; none is checked. */
struct spf_parts {
	struct slice sign; /* one octet, or empty */
	struct slice name; /* up to ":" or "=" */
	bool separated;
	struct slice value;
};

struct spf_parts spf_parts_of(struct slice text);

/* Whether it is the name of a mechanism, of redirect or exp; of that one. */
bool spf_is_kind_name(struct slice name);
bool spf_kind_name_is(struct slice name, enum spf_kind);

/* The one name that is meant, it seems, or NULL. */
const char *spf_nearest_name(const struct spf_parts *);

/* At least two labels of letters, digits, "-" and "_"; no address. */
bool spf_is_host(struct slice);

/*
 * Where the next term begins, behind *at, in a text that lacks the blank
 * before it; false: nowhere.
 */
bool spf_next_start(struct slice text, size_t *at);

/*
 * Whether a term without a fault has in its name what no name has: ":", ",",
 * or "-all" at its end.  Valid for the grammar, and never what was meant.
 */
bool spf_runs_on(const struct spf_term *);

/* A value that had to be filled in: "x.x.x.x", "YOUR_IP", "<ip>". */
bool spf_is_placeholder(struct slice text);

/* The same, where the term has no fault: "a:mail.yourdomain.com". */
bool spf_is_placeholder_name(struct slice text);

/*
 * "exists:%{i}": an address alone is no name that anybody could have, so it
 * asks in vain for every client.
 */
bool spf_asks_in_vain(const struct spf_term *);

/* "...", and the one character of that shape. */
bool spf_is_ellipsis(struct slice text);

/* ASCII, and neither letter nor digit in it. */
bool spf_is_punctuation(struct slice text);

/* Without what stands before its first letter and behind its last one. */
struct slice spf_letters(struct slice text);

/* A tag of DMARC with a value as such tags have. */
bool spf_is_dmarc_tag(const struct spf_parts *);

/*
 * An IPv4 range in a way that SPF does not know, as SPF writes it: "192.0.2.*",
 * "192.0.2/24", "192.0.2.0/255.255.255.0", "192.0.2.0\24", "192.000.002.001".
 * Nothing: it is none of these.
 */
struct slice spf_plain_range(struct arena *, struct slice text);

/* Without quotation marks at its ends and ";,." at its end. */
struct slice spf_unquote(struct slice text, bool *quoted);

/* A dash of another alphabet, or a sign twice, at the start; or 0. */
size_t spf_dash_length(struct slice text);

/*
 * Tabs, line ends, no-break spaces and so on as blanks, characters without
 * width as nothing.  False: there are none.
 */
bool spf_plain_blanks(struct arena *, struct slice text, struct slice *out);

#endif
