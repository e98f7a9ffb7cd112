#ifndef PROBES_STORE_H
#define PROBES_STORE_H

#include <stdio.h>

#include "probes/evidence.h"

/*
 * The evidence store as the engine and the probes see it.  One entry per
 * question; an entry lives while an audit has it pinned, and after that until
 * the idle ones together pass LIMIT_STORE_IDLE.  One of a POST lives as long
 * as the store, and what came back answers all who ask: it is not sent again.
 */
struct store;
struct entry;
struct pin;

/* Told of a question and the answer that there is to it. */
typedef void store_observer(void *arg, const struct question *,
    const struct answer *);

/* The asker's part that the engine owns; one per check of each audit. */
struct asker {
	struct store *store;
	struct pins *pins;            /* of the audit; shared by its checks */
	void (*wake)(struct asker *); /* all that was wanted is there */
	void *owner;
	unsigned int pending; /* questions without an answer yet */
};

/*
 * The entries that one audit holds.  Zero-initialised is empty.  Once there is
 * a witness nothing is asked any more: of what is held each answer is given
 * again, and told to the witness the first time.
 */
struct pins {
	struct pin *list;
	size_t n;
	size_t cap;
	store_observer *witness;
	void *witness_arg;
};

struct store *store_new(void);
void store_free(struct store *);

/* Lets go of everything the audit holds; the pins are empty again. */
void pins_release(struct store *, struct pins *);

/*
 * The next question to send, in the order asked; NULL when there is none.
 * The entry lasts until the probe answers it, which it must do once, even if
 * entry_answered() says that the askers gave it up meanwhile.
 */
struct entry *store_next_wanted(struct store *);
const struct question *entry_question(const struct entry *);
struct slice entry_key(const struct entry *);

/* Memory for the entry's answer: everything in it must live here. */
struct arena *entry_arena(struct entry *);

/*
 * Gives the answer (copied shallowly) and wakes who waited.  Whoever got the
 * entry from store_next_wanted() calls this once, however late: until then the
 * entry lives, even if it was given up.  The entry must not be used afterwards:
 * it may be gone.
 */
void entry_answer(struct entry *, const struct answer *);

/* Shorthand for an answer that is none. */
void entry_fail(struct entry *, enum seen, enum cause, const char *detail);

/* Whether the answer has come (or was given up). */
bool entry_answered(const struct entry *);

/*
 * Gives up what the asker still waits for, and wakes it: its audit sees an
 * answer of this cause from now on.  Other audits wait on, or ask again.  The
 * detail is borrowed until the pins are released.
 */
void store_give_up(struct store *, struct asker *, enum cause,
    struct slice detail);

/* The asker goes: nobody may wake it any more. */
void store_forget(struct store *, struct asker *);

/* Called for each fresh answer, before anyone is woken; for -v, --record. */
void store_observe(struct store *, store_observer *, void *arg);

/*
 * "dns example.com TXT", "dns example.com TXT 192.0.2.1", "smtp mx.example.com
 * 192.0.2.1 25", "https URL", "post URL", "token URL", "postmaster URL BODY".
 */
struct slice question_key(struct arena *, const struct question *);

/* ---- recording (presend.evidence/1) ------------------------------------ */

/* A DNS type's name ("TXT", "TYPE65280") and back; 0 when unknown. */
void dns_type_name(uint16_t type, char out[12]);
uint16_t dns_type_parse(struct slice);

/* The header line; as_of in seconds since 1970. */
enum rc recording_begin(FILE *, int64_t as_of);

/* One question and its answer; a line. */
enum rc recording_write(FILE *, const struct question *, const struct answer *);

/*
 * An entry that is answered before anyone asks.  NULL: the question has a
 * known answer, which stays; what was not asked at first may be asked later.
 * After store_set_recorded() nothing else is sent: what is not there is
 * CAUSE_OFFLINE.
 */
enum rc store_preload(struct store *, const struct question *, struct entry **);
void store_set_recorded(struct store *);

/* Whether it has a question of that kind. */
bool store_holds(const struct store *, enum question_kind);

/*
 * Reads a recording whole into the store, whose questions from then on are
 * answered from it, and by CAUSE_OFFLINE when it has none.  A question that
 * was asked again keeps its first known answer.  On RC_INVALID
 * *error says what and on which line; it lives in the arena.
 */
enum rc recording_load(struct store *, struct slice text, int64_t *as_of,
    struct arena *, struct slice *error);

#endif
