#ifndef CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_BODY_H
#define CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_BODY_H

#include "checks/unsubscribe/unsubscribe_fields.h"

/*
 * The link by which a person unsubscribes, in the body that is shown.  Says
 * body_link and body_link_by, and what is wrong.
 */
enum rc unsubscribe_body(struct check_run *, const struct unsubscribe_fields *);

#endif
