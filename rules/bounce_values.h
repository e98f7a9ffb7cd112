#ifndef RULES_BOUNCE_VALUES_H
#define RULES_BOUNCE_VALUES_H

#include "rules/bounce.h"
#include "rules/pack.h"

/*
 * The values of a bounce pack's keys, read into the arena of the reader.
 * RC_INVALID: the reader's error says where.
 */

/* "550 4xx": reply codes, and classes of them. */
enum rc bounce_take_replies(struct pack_reader *, const struct value *,
    struct bounce_pattern *);

/* "5.7.26 x.7.28 5.7.606-649 4.2.*". */
enum rc bounce_take_statuses(struct pack_reader *, const struct value *,
    struct bounce_pattern *);

/* "TSS04 LPN*_402". */
enum rc bounce_take_tags(struct pack_reader *, const struct value *,
    struct bounce_pattern *);

enum rc bounce_take_phrases(struct pack_reader *, const struct value *,
    struct phrases *);

/* "with ip: [{ip}] | SPF check for {spf_domain}". */
enum rc bounce_take_captures(struct pack_reader *, const struct value *,
    struct bounce_captures *);

enum rc bounce_take_reason(struct pack_reader *, const struct value *,
    enum bounce_reason *);

/* Words with white space between. */
enum rc bounce_take_words(struct pack_reader *, const struct value *,
    const struct slice **, size_t *n);

/* "192.0.2.0/24 2001:db8::/32". */
enum rc bounce_take_networks(struct pack_reader *, const struct value *,
    struct bounce_provider *);

#endif
