#ifndef AUDIT_ATTEST_FILES_H
#define AUDIT_ATTEST_FILES_H

#include "audit/settings.h"
#include "rules/attest.h"

/*
 * The answers of all --attest files; an empty list when there are none.
 * RC_INVALID: *error is "FILE:LINE:COLUMN: what", safe to show.
 */
enum rc attest_files_read(const struct settings *, const struct rules *,
    int64_t as_of, struct arena *, const struct attestations **out,
    struct slice *error);

/* Such a file with the questions of these providers, unanswered. */
void attest_file_print(const struct rules *, const struct slice *providers,
    size_t n, struct buf *);

#endif
