#ifndef AUDIT_SUBJECT_H
#define AUDIT_SUBJECT_H

#include "audit/engine.h"
#include "audit/inputs.h"
#include "audit/settings.h"

/* What all audits of a run have in common. */
struct subject_common {
	const struct settings *settings;
	int64_t as_of;
	struct trust_anchors *anchors;
	struct suffix_list *suffixes;
	struct dkim_keys *dkim_keys;
	const struct spam_rates *spam_rates;
	const struct blocklist_zones *blocklists;
	struct zones *zones; /* NULL: none are given */
	bool alone;          /* it is the only audit of the run */
	bool postmaster;
};

/*
 * Fills the audit's subject, message, description and its facts' "subject"
 * from the command line, the row and the message; takes input->owned over.
 * Where it cannot be (no From, a bad address), audit->error says why.
 * RC_NOMEM or RC_LIMIT otherwise.
 *
 * Where the command line names none, the sending IP, the HELO name and the
 * envelope sender are those of the last hop before the receiving provider,
 * from the message's own trace (message/trace.h); then the envelope sender is
 * postmaster@DOMAIN.
 */
enum rc subject_build(const struct subject_common *, struct input *,
    struct audit *);

#endif
