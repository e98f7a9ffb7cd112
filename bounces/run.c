#include "bounces/run.h"

#include <stdlib.h>

#include "base/limits.h"
#include "bounces/book.h"
#include "bounces/judge.h"
#include "bounces/log.h"
#include "bounces/pool.h"
#include "bounces/years.h"

struct run {
	const struct bounce_job *job;
	struct arena *arena;
	struct bounce_result *result;
	struct reader *reader;
	struct classifier **classifiers; /* one a thread */
	struct piece *pieces;
	void **pointers;
	unsigned int n_pieces;
	/* Of the input whose pieces are being put together. */
	struct input *input;
	struct book book;
	struct years years;
	size_t cap_counts;
	size_t held; /* piece_extra() of what is taken */
};

static enum rc
take(void *ctx, void *piece, bool *end)
{
	struct run *r = ctx;
	enum rc rc = reader_next(r->reader, piece, end);

	r->held += piece_extra(piece);
	return rc;
}

static bool
may_take(void *ctx)
{
	return ((struct run *)ctx)->held < LIMIT_PIECES_HELD;
}

static void
work(void *ctx, void *piece, unsigned int thread)
{
	struct run *r = ctx;
	struct piece *p = piece;

	p->batch.all = r->job->has_since || r->job->has_until ||
		       r->job->n_sender_domains > 0;
	piece_read(p);
	judge_batch(r->classifiers[thread], r->job->receiver, &p->batch);
}

/* ---- in order ---------------------------------------------------------- */

static struct slice
sender_domain(const struct attempt *a)
{
	const unsigned char *at =
	    a->sender.n > 0 ? memrchr(a->sender.p, '@', a->sender.n) : NULL;

	return at != NULL
		   ? slice_from(a->sender, (size_t)(at - a->sender.p) + 1)
		   : a->sender_domain;
}

static bool
wanted(const struct bounce_job *j, const struct attempt *a)
{
	struct slice domain;

	if ((j->has_since || j->has_until) && a->time.kind != MOMENT_FULL)
		return false;
	if (j->has_since && a->time.seconds < j->since)
		return false;
	if (j->has_until && a->time.seconds >= j->until)
		return false;
	if (j->n_sender_domains == 0)
		return true;
	domain = sender_domain(a);
	for (size_t i = 0; i < j->n_sender_domains; i++) {
		if (slice_eq_nocase(domain, slice_str(j->sender_domains[i])))
			return true;
	}
	return false;
}

/* What only the order of the log tells. */
static void
complete(struct run *r, const struct senders *s, uint64_t before,
    struct attempt *a)
{
	struct slice start;

	years_complete(&r->years, &a->time);
	a->line += before;
	if (a->delivery.p != NULL && a->recipient.p == NULL &&
	    book_find(&r->book, log_delivery_id(s, a->delivery), &start))
		log_qmail_start(start, a);
	if (a->sender.p == NULL && !a->sender_gone && a->queue_id.n > 0)
		(void)book_find(&r->book, sender_id(s, a->queue_id),
		    &a->sender);
}

/* Of the input so far all times are known. */
static enum rc
end_input(struct run *r)
{
	return r->years.begun
		   ? tally_settle(&r->result->tally, years_zero(&r->years))
		   : RC_OK;
}

static enum rc
begin_input(struct run *r, const struct piece *p)
{
	const struct bounce_job *j = r->job;
	struct bounce_result *out = r->result;
	struct input_count *grown;
	enum rc rc;

	if (r->input == p->input)
		return RC_OK;
	rc = end_input(r);
	if (rc != RC_OK)
		return rc;
	r->input = p->input;
	book_clear(&r->book);
	r->years = (struct years){ .given = j->year,
		.at_once = j->event != NULL || j->has_since || j->has_until,
		.now = j->now };
	while (p->index >= r->cap_counts) {
		size_t cap = r->cap_counts > 0 ? r->cap_counts * 2 : 16;

		grown = realloc(out->counts, cap * sizeof(*grown));
		if (grown == NULL)
			return RC_NOMEM;
		memset(grown + r->cap_counts, 0,
		    (cap - r->cap_counts) * sizeof(*grown));
		out->counts = grown;
		r->cap_counts = cap;
	}
	out->n_counts = p->index + 1;
	return RC_OK;
}

static enum rc
put_attempt(struct run *r, const struct piece *p, struct attempt *a)
{
	struct input_count *count = &r->result->counts[p->index];
	const struct bounce_job *j = r->job;
	enum rc rc = RC_OK;

	complete(r, &p->batch.senders, count->lines, a);
	if (!wanted(j, a))
		return RC_OK;
	if (a->kind == ATTEMPT_DELIVERED)
		count->delivered += attempt_count(a);
	else
		count->failed += attempt_count(a);
	if (a->cut)
		count->cut_replies += attempt_count(a);
	if (j->event != NULL && a->kind != ATTEMPT_DELIVERED)
		rc = j->event(j->ctx, p->input, a);
	return rc == RC_OK ? tally_add(&r->result->tally, a) : rc;
}

/* All of a piece, which may have more than its batch takes at once. */
static enum rc
put_attempts(struct run *r, struct piece *p)
{
	struct batch *b = &p->batch;

	for (;;) {
		for (size_t i = 0; i < b->n; i++) {
			enum rc rc = put_attempt(r, p, &b->attempts[i]);

			if (rc != RC_OK)
				return rc;
		}
		if (!b->more)
			return RC_OK;
		piece_read_on(p);
		if (b->failed)
			return RC_NOMEM;
		judge_batch(r->classifiers[0], r->job->receiver, b);
	}
}

static enum rc
put(void *ctx, void *piece)
{
	struct run *r = ctx;
	struct piece *p = piece;
	struct batch *b = &p->batch;
	struct input_count *count;
	enum rc rc = begin_input(r, p);

	if (rc != RC_OK || b->failed)
		return rc != RC_OK ? rc : RC_NOMEM;
	count = &r->result->counts[p->index];
	rc = put_attempts(r, p);
	count->lines += b->lines;
	count->delivered += b->delivered;
	r->result->tally.counts[ATTEMPT_DELIVERED] += b->delivered;
	count->unrecognised += b->of[LOG_NONE];
	for (size_t i = 0; i < LOG_FORMATS; i++)
		count->of[i] += b->of[i];
	for (size_t i = 0; i < CUTS; i++)
		count->cut[i] += b->cut[i];
	count->cut_records += b->cut_records;
	count->guessed_year = r->years.begun && r->job->year == 0;
	count->future = r->years.future;
	if (rc == RC_OK)
		rc = book_note(&r->book, &b->senders);
	r->result->senders_lost |= r->book.lost;
	r->held -= piece_extra(p);
	piece_rest(p);
	return rc;
}

/* ---- all of it --------------------------------------------------------- */

static enum rc
begin(struct run *r, struct bounce_result *out)
{
	const struct bounce_job *j = r->job;
	enum rc rc = tally_init(&out->tally, j->unknown);

	/* One thread has each block in the cache: it takes one at a time. */
	r->n_pieces = j->threads > 1 ? 2 * j->threads + 2 : 1;
	r->classifiers = calloc(j->threads, sizeof(*r->classifiers));
	r->pieces = calloc(r->n_pieces, sizeof(*r->pieces));
	r->pointers = calloc(r->n_pieces, sizeof(*r->pointers));
	if (r->classifiers == NULL || r->pieces == NULL || r->pointers == NULL)
		return RC_NOMEM;
	book_init(&r->book);
	for (unsigned int i = 0; i < j->threads && rc == RC_OK; i++)
		rc = classifier_new(j->packs, &r->classifiers[i]);
	for (unsigned int i = 0; i < r->n_pieces && rc == RC_OK; i++) {
		rc = piece_init(&r->pieces[i]);
		r->pointers[i] = &r->pieces[i];
	}
	if (rc == RC_OK)
		rc = reader_new(j->paths, j->n_paths, j->format, r->arena,
		    &r->reader);
	return rc;
}

static void
end(struct run *r)
{
	for (unsigned int i = 0; r->classifiers != NULL && i < r->job->threads;
	     i++)
		classifier_close(&r->classifiers[i]);
	for (unsigned int i = 0; r->pieces != NULL && i < r->n_pieces; i++)
		piece_free(&r->pieces[i]);
	free(r->classifiers);
	free(r->pieces);
	free(r->pointers);
	book_free(&r->book);
	reader_free(&r->reader);
}

enum rc
bounce_run(const struct bounce_job *j, struct arena *a,
    struct bounce_result *out)
{
	struct run r = { .job = j, .arena = a, .result = out };
	const struct pool_work w = { &r, take, work, put, may_take };
	enum rc rc;

	*out = (struct bounce_result){ .inputs = NULL };
	rc = begin(&r, out);
	if (rc == RC_OK)
		rc = pool_run(&w, r.pointers, r.n_pieces, j->threads);
	if (rc == RC_OK)
		rc = end_input(&r);
	if (rc == RC_OK)
		out->inputs = reader_inputs(r.reader, &out->n_inputs);
	end(&r);
	return rc;
}

void
bounce_result_free(struct bounce_result *r)
{
	tally_free(&r->tally);
	free(r->counts);
	*r = (struct bounce_result){ .inputs = NULL };
}
