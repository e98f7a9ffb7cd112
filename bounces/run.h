#ifndef BOUNCES_RUN_H
#define BOUNCES_RUN_H

#include "bounces/reader.h"
#include "bounces/tally.h"

/* What is to be read, and how. */
struct bounce_job {
	const char *const *paths;
	size_t n_paths;
	const struct input_format *format; /* NULL: by what is in each */
	const struct bounces *packs;
	const struct bounce_provider *receiver; /* NULL: each by itself */
	unsigned int threads;
	int year;    /* of the first time that has none; 0: bounces/years.h */
	int64_t now; /* seconds since 1970 */
	/* Only attempts from since to before until, of these sender domains. */
	bool has_since, has_until;
	int64_t since, until;
	const char *const *sender_domains;
	size_t n_sender_domains;
	bool unknown; /* keep the texts that no pattern knows */
	/* Each attempt that failed, in order; or NULL. */
	enum rc (
	    *event)(void *ctx, const struct input *, const struct attempt *);
	void *ctx;
};

/* Of one input, as the tally does not have it. */
struct input_count {
	uint64_t lines, unrecognised;
	uint64_t of[LOG_FORMATS_MAX]; /* lines by enum log_format */
	uint64_t delivered, failed;
	uint64_t cut[CUTS];   /* records by enum cut */
	uint64_t cut_records; /* with any of these, besides input.too_long */
	uint64_t cut_replies; /* attempts whose reply has over LIMIT_GIST */
	bool guessed_year;
	bool future; /* years were wanted at once, and it led beyond now */
};

struct bounce_result {
	struct tally tally;
	struct input *const *inputs;
	size_t n_inputs;
	struct input_count *counts; /* of each input that was read */
	size_t n_counts;
	bool senders_lost; /* LIMIT_SENDERS was reached */
};

/*
 * Reads all of it.  What it found lives in the arena and in the result, until
 * bounce_result_free().  RC_NOMEM, RC_LIMIT; what cannot be read is said in
 * its input.
 */
enum rc bounce_run(const struct bounce_job *, struct arena *,
    struct bounce_result *);
void bounce_result_free(struct bounce_result *);

#endif
