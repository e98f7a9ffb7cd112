#ifndef AUDIT_EVIDENCE_TEXT_H
#define AUDIT_EVIDENCE_TEXT_H

#include "base/buf.h"
#include "probes/evidence.h"

/*
 * Evidence as a person reads it.  Each adds to one line, which is safe on a
 * terminal.
 */

/* "TXT _dmarc.example.com.", "mx.example.com port 25", "GET https://...". */
void evidence_text_question(struct buf *, const struct question *);

/* What came: the records, how far SMTP went, a status; or why nothing did. */
void evidence_text_answer(struct buf *, const struct question *,
    const struct answer *);

/* A domain with the dot at its end. */
void evidence_text_name(struct buf *, struct slice canonical);

/* What stands behind a record's type in a zone file. */
void evidence_text_record(struct buf *, const struct dns_record *);

#endif
