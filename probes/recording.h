#ifndef PROBES_RECORDING_H
#define PROBES_RECORDING_H

#include <jansson.h>

#include "probes/store.h"

/*
 * How evidence stands in JSON; the writer (record.c) and the reader
 * (replay.c) share these names, so that they cannot drift.
 */
#define EVIDENCE_SCHEMA "presend.evidence/1"

/* Indexed by the enums; NULL ends each. */
extern const char *const recording_kinds[];  /* enum question_kind */
extern const char *const recording_seen[];   /* enum seen */
extern const char *const recording_stages[]; /* enum smtp_stage */

/* The line that recording_write() writes, given away in pieces. */
enum rc recording_dump(const struct question *, const struct answer *,
    json_dump_callback_t, void *arg);

#endif
