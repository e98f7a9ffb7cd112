#ifndef AUDIT_VIEW_BOUNCES_H
#define AUDIT_VIEW_BOUNCES_H

#include "audit/page.h"

/* A document presend.bounces/1 for people. */
void view_bounces(const json_t *document, struct page *);

#endif
