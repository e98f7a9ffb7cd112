#ifndef CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_ENDPOINT_H
#define CHECKS_UNSUBSCRIBE_UNSUBSCRIBE_ENDPOINT_H

#include "checks/unsubscribe/unsubscribe_fields.h"

/*
 * The POST for real, where the user wants it and RFC 8058 allows it; if not,
 * not even the host is looked up.  Says probed and endpoint.
 */
enum rc unsubscribe_endpoint(struct check_run *,
    const struct unsubscribe_fields *);

#endif
