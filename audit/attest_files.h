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

/* Such a file with the questions of all rules that are wanted, unanswered. */
void attest_file_print(const struct rules *,
    bool (*wanted)(const struct settings *, const struct rule *),
    const struct settings *, struct buf *);

#endif
