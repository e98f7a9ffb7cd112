#ifndef AUDIT_BOUNCES_DOCUMENT_H
#define AUDIT_BOUNCES_DOCUMENT_H

#include <jansson.h>

#include "audit/document.h"

#include "bounces/run.h"

/* The document of a run; NULL when there is no memory. */
json_t *bounces_document(const struct bounce_job *,
    const struct bounce_result *, struct arena *);

/* One line of --events: an attempt that failed. */
json_t *bounces_event(const struct input *, const struct attempt *);

#endif
