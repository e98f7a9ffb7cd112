#ifndef BOUNCES_DMARC_REPORT_H
#define BOUNCES_DMARC_REPORT_H

#include "bounces/batch.h"

/*
 * DMARC aggregate reports (RFC 7489 C, RFC 9990): what a receiver did with
 * mail of a domain.  Messages that it refused, put away as spam, or calls
 * against its requirements are attempts, as many as the record counts; all
 * others were delivered.  A document with a document type is not read on: a
 * report needs none, and entities are how XML is made a bomb.
 */
struct dmarc_report;

/* RC_NOMEM; RC_INVALID when there is no Expat. */
enum rc dmarc_report_new(struct batch *, struct dmarc_report **);
void dmarc_report_close(struct dmarc_report **);

/* The next octets.  False: it is no report, or not one any longer. */
bool dmarc_report_take(struct dmarc_report *, struct slice, bool last);

/* Records that were whole. */
uint64_t dmarc_report_records(const struct dmarc_report *);

bool dmarc_report_recognise(struct slice head);

/* A whole one; in the batch it is one line. */
void dmarc_report_read(struct batch *, struct slice xml);

#endif
