#ifndef BOUNCES_CSV_H
#define BOUNCES_CSV_H

#include "base/arena.h"
#include "bounces/batch.h"

/*
 * Tables with a line that names their columns (RFC 4180): PowerMTA's accounting
 * files, Exchange's message tracking logs, message traces of Microsoft 365.
 */
bool csv_recognise(struct slice head);
size_t csv_cut(struct slice block);
void csv_read(struct batch *, struct slice block, struct slice preface);

/*
 * Takes the next field off *record; *more: another follows in the record.
 * False at the end of all.  What is quoted is copied into the arena.
 */
bool csv_field(struct slice *rest, struct arena *, struct slice *field,
    bool *more);

#endif
