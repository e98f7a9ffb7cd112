#ifndef CHECKS_HOPS_HOPS_INDIRECT_H
#define CHECKS_HOPS_HOPS_INDIRECT_H

#include "checks/hops/hops_notes.h"

/*
 * Whether the message came by way of a mailbox that forwards or of a mailing
 * list: then SPF, HELO and address are theirs.  Says "indirect",
 * "indirect_signs", "mailing_list", "list_id" and "forward_fields".
 */
void hops_indirect(struct check_run *, const struct hops *,
    const struct hop_notes *);

/* Says "relays": hosts of other houses that took it before the delivery. */
void hops_relays(struct check_run *, const struct hops *);

#endif
