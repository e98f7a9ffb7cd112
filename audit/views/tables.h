#ifndef AUDIT_VIEWS_TABLES_H
#define AUDIT_VIEWS_TABLES_H

#include "audit/views/table.h"

/* What the rows of the register of tables point to. */

enum { TABLE_COLUMNS = 32 }; /* of one table at most */

#define COLUMNS(c) .columns = (c), .n_columns = sizeof(c) / sizeof((c)[0])

/* Of an audit. */
extern const struct table table_results;
extern const struct table table_findings;
extern const struct table table_verdicts;
extern const struct table table_changes;
extern const struct table table_gaps;
extern const struct table table_problems;

/* Of an analysis of bounces. */
extern const struct table table_clusters;
extern const struct table table_days;
extern const struct table table_unclassified;
extern const struct table table_inputs;

/* Of its events, and of a comparison. */
extern const struct table table_events;
extern const struct table table_differences;
extern const struct table table_bounce_differences;

/* Cells that several tables have: "records": name type value, a line each. */
void table_records(const struct row *, struct cell *);

#endif
