#ifndef BOUNCES_CLASSIFY_H
#define BOUNCES_CLASSIFY_H

#include "bounces/provider.h"
#include "bounces/reply.h"

/*
 * Why a delivery failed, by the bounce packs.  Of the patterns whose codes and
 * words fit, the best is taken:
 *
 *  1. one that has words of the text before one that knows the codes alone; in
 *     between stand weak ones, whose words are around a reason that is none of
 *     those known ("address rejected: ...");
 *  2. one of the receiver's own, then of the provider that it is like, then of
 *     any receiver;
 *  3. one that knows the reply by a tag (TSS04);
 *  4. the one whose words are the longest;
 *  5. the one whose enhanced code, then whose reply code, is the most exact;
 *  6. that of the later pack, and in one pack the first.
 *
 * A code that the log does not have keeps no pattern with words from fitting.
 * Where the receiver is not known, the words of every provider's patterns are
 * looked for, but for those that are common.
 */
struct bounce_class {
	const struct bounce_pattern *pattern;   /* NULL: none fits */
	const struct bounce_provider *provider; /* NULL: not known */
	enum provider_by by;
	enum bounce_reason reason;
};

/* Who a reply is from, as far as the log tells; all may be nothing. */
struct bounce_source {
	struct slice host;
	struct ip ip;
	struct slice domain; /* of the recipient */
	const struct bounce_provider *given;
};

/*
 * A set of packs in use, with what it knows of replies that it has seen.  Each
 * thread has its own; the packs, which have to outlive it, are shared.
 */
struct classifier;

enum rc classifier_new(const struct bounces *, struct classifier **);
void classifier_close(struct classifier **);

/* Always says something: what nothing fits is REASON_OTHER. */
void classify(struct classifier *, const struct reply *,
    const struct bounce_source *, struct bounce_class *);

/* What the reply says of whom it refuses: of its text, nothing where not. */
struct bounce_identity {
	struct slice values[BOUNCE_IDENTITIES];
};

void bounce_identify(const struct bounces *, const struct bounce_class *,
    struct slice text, struct bounce_identity *);

/* Whether the pattern has words, and not only codes. */
bool bounce_has_words(const struct bounce_pattern *);

#endif
