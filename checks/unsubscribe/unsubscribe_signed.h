#ifndef CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_SIGNED_H
#define CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_SIGNED_H

#include "checks/unsubscribe/unsubscribe_fields.h"

/*
 * RFC 8058 4: a DKIM signature that passes has to cover both fields.  Says
 * dkim_covers, dkim_covers_aligned, one_click and suggested_h, and what is
 * wrong.  Waits for the keys.
 */
enum rc unsubscribe_signed(struct check_run *,
    const struct unsubscribe_fields *);

#endif
