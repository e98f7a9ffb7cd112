#ifndef AUDIT_CREDENTIAL_FILES_H
#define AUDIT_CREDENTIAL_FILES_H

#include "audit/settings.h"
#include "base/arena.h"
#include "probes/credentials.h"

/*
 * What the files of --postmaster hold together.  Each must be readable by its
 * owner alone.  RC_INVALID: *error says in the arena which is not right, and
 * not a word of what is in it.  From here on the process dumps no core.
 */
enum rc credential_files_read(const struct string_list *, struct arena *,
    struct credentials **, struct slice *error);

#endif
