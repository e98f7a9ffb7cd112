#ifndef AUDIT_VIEWS_VIEW_BOUNCES_H
#define AUDIT_VIEWS_VIEW_BOUNCES_H

#include "audit/views/page.h"

/* What the parts of an analysis of bounces share, as text. */

enum { GROUPED_MAX = 32 };

/* "1,234,567"; returns out. */
const char *view_grouped(uint64_t n, char out[GROUPED_MAX]);

/* A member that is a number; 0 of less than none. */
uint64_t view_count(const json_t *o, const char *key);

/* "1,234 lines", of one "1 line". */
void view_add_count(struct buf *, uint64_t n, const char *one,
    const char *many);

/* The same number at the right end of its columns. */
void page_count(struct page *, uint64_t n, size_t columns);

/* Columns of the largest of a list's counts. */
size_t view_count_columns(const json_t *list);

/* Ends what was put together and fills it into lines, from column at on. */
void page_fill_buf(struct page *, struct buf *, size_t at, size_t indent);

/* "2026-11-21T04:05:06Z" is "2026-11-21 04:05"; anything else itself. */
void view_add_minute(struct buf *, const char *time);

/* "gmail" is "Gmail", "other" and what is none "others". */
const char *view_bounce_provider(const json_t *o);

/* "bounced by Gmail, 550 5.7.26: dmarc" */
void view_add_cluster(struct buf *, const json_t *cluster);

/* "about 12 recipients, ... UTC"; "a.example (7), and others", or nothing. */
void cluster_recipients(struct buf *, const json_t *cluster);
void cluster_senders(struct buf *, const json_t *cluster);

/* Of two compared: one of them, "12 (0.3 %), now 9", and what all comes to. */
void bounces_diff_origin(struct buf *, const json_t *side);
void bounces_diff_numbers(struct buf *, const json_t *cluster);
void bounces_diff_counts(struct buf *, const json_t *counts);
extern const char bounces_diff_by_count[];

/* That the times of an input may be of another year; NULL: they are not. */
const char *bounces_year_note(const json_t *input);

/* "1 record is too large and read in part (text 1)."; nothing of none. */
void bounces_cuts(struct buf *, const json_t *input);

/* "Audited beside it: example.com: Gmail non-compliant". */
void bounces_audited(struct buf *, const json_t *audit);

/* What to mend first, and what else failed. */
void clusters_print(struct page *, const json_t *clusters);

#endif
