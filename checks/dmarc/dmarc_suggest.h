#ifndef CHECKS_DMARC_DMARC_SUGGEST_H
#define CHECKS_DMARC_DMARC_SUGGEST_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * The record to publish in place of a text: the text itself if nothing in it
 * is to be mended; else v, p and all that can be made out and is right, in its
 * order.  Without a p that can be used it is p=none, with reports to the domain
 * if no rua is there.  No text: a record that asks for no more than reports.
 * RC_NOMEM or RC_LIMIT.
 */
enum rc dmarc_suggest(struct arena *, struct slice text, struct slice domain,
    struct slice *out);

/* The same, and with an rua in any case. */
enum rc dmarc_suggest_reports(struct arena *, struct slice text,
    struct slice domain, struct slice *out);

#endif
