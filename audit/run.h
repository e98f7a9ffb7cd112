#ifndef AUDIT_RUN_H
#define AUDIT_RUN_H

#include "audit/blocklists.h"
#include "audit/inputs.h"
#include "audit/scorecard.h"
#include "audit/settings.h"
#include "checks/certificate.h"

/*
 * Many audits at once, their results in input order.  At most so many are
 * started ahead of the one whose turn it is that memory stays flat however
 * many there are.
 */
struct audit_run {
	const struct settings *settings;
	struct inputs *inputs;
	struct store *store;
	struct loop *loop;
	struct probes *probes;
	struct probe_settings probe_settings;
	struct trust_anchors *anchors;
	struct suffix_list *suffixes;
	struct dkim_keys *dkim_keys;
	const struct spam_rates *spam_rates;
	struct blocklist_zones blocklists; /* none: n is 0 */
	struct zones *zones;
	bool postmaster; /* Google's view is asked for, or in the recording */
	bool evidence;   /* each audit lists its questions and answers */
	struct scorecard_settings scorecard;
	int64_t as_of;

	/* Each element of the document, in input order. */
	enum rc (*emit)(void *arg, json_t *element);
	void (*tick)(void *arg, size_t done, size_t in_flight);
	void *arg;

	/* What came of it. */
	struct scorecard_counts counts;
	size_t judged;
	size_t errors; /* audits that could not be made */
	struct slice first_error;

	/* audit_run()'s own. */
	size_t started;
	size_t emitted;
	json_t **waiting; /* ring of elements whose turn has not come */
	size_t window;
	struct arena *arena; /* for first_error */
};

/* RC_OK: everything was emitted. */
enum rc audit_run(struct audit_run *);

#endif
