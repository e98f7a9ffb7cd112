#ifndef BOUNCES_TALLY_H
#define BOUNCES_TALLY_H

#include "base/table.h"
#include "bounces/attempt.h"
#include "bounces/distinct.h"

/* What is counted of all that failed, whatever the size of the logs. */

/* What two attempts have in common to be one cluster. */
struct cluster_key {
	const struct bounce_provider *provider; /* NULL: not known */
	const struct bounce_pattern *pattern;   /* NULL: other */
	uint32_t code;
	uint32_t kind; /* enum attempt_kind */
	uint16_t enhanced[3];
	uint16_t has_enhanced;
};

struct domain_count {
	struct slice domain;
	uint64_t count;
};

/* The first moment and the last. */
struct span {
	bool dated;
	int64_t first, last;
	struct hour *hour; /* that was counted last */
};

struct cluster {
	struct cluster_key key;
	uint64_t count;
	struct distinct recipients;
	struct table *domains;  /* of senders: struct domain_count */
	uint64_t other_domains; /* beyond LIMIT_CLUSTER_DOMAINS, or too long */
	struct span times;      /* seconds since 1970 */
	struct span open;       /* years_complete(): of the input being read */
	struct slice sample; /* of the first that was met, as it was logged */
	struct slice text;   /* and in one line, without codes */
	bool sample_cut;
};

struct hour_key {
	int64_t hour; /* since 1970 */
	const struct bounce_provider *provider;
	uint64_t reason;
};

struct hour {
	struct hour_key key;
	uint64_t count;
};

/* Replies of one gist that no pattern knows. */
struct unknown_text {
	struct slice gist;
	struct slice sample;
	const struct bounce_provider *provider; /* of the first */
	unsigned int code;
	bool sample_cut;
	uint64_t count;
};

struct tally {
	struct arena *arena;
	struct table *clusters;
	struct distinct_room room; /* of all clusters */
	struct table *hours;
	struct table *open; /* hours of the input being read, without a year */
	struct arena *open_arena;
	struct table *unknown; /* NULL unless asked for */
	struct cluster *rest;  /* clusters beyond LIMIT_CLUSTERS; or NULL */
	uint64_t counts[ATTEMPT_KINDS];
	uint64_t undated;
	uint64_t hours_lost;   /* attempts beyond LIMIT_HOURS */
	uint64_t unknown_lost; /* and beyond LIMIT_UNKNOWN_TEXTS */
};

/* unknown: keep the texts that no pattern knows.  RC_NOMEM. */
enum rc tally_init(struct tally *, bool unknown);
void tally_free(struct tally *);

/*
 * A judged attempt, whose time years_complete() has seen.  RC_NOMEM, RC_LIMIT.
 */
enum rc tally_add(struct tally *, const struct attempt *);

/* An input has ended: the year zero of its times without a year is known. */
enum rc tally_settle(struct tally *, int zero);

enum bounce_reason cluster_reason(const struct cluster *);

/*
 * In the order in which they are to be mended: LIMIT_CLUSTERS at most, and
 * t->rest.
 */
const struct cluster **tally_clusters(const struct tally *, struct arena *,
    size_t *n);

/* By hour, provider and reason. */
const struct hour **tally_hours(const struct tally *, struct arena *,
    size_t *n);

/* The same by day: the hour is the first of the day (UTC). */
const struct hour **tally_days(const struct tally *, struct arena *, size_t *n);

/* The most frequent first. */
const struct unknown_text **tally_unknown(const struct tally *, struct arena *,
    size_t *n);

/* The sender domains of a cluster, the most frequent first. */
const struct domain_count **cluster_domains(const struct cluster *,
    struct arena *, size_t *n);

#endif
