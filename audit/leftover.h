#ifndef AUDIT_LEFTOVER_H
#define AUDIT_LEFTOVER_H

/*
 * Files that are written beside their place and must not stay behind, not
 * even when a signal ends the program.  A signal handler has no argument: the
 * list of them is one of the two things here that are global.
 */
struct leftover {
	char *path; /* NULL: there is none */
	struct leftover *next;
};

/*
 * From now on HUP, INT and TERM take the leftovers away before they end us,
 * and exit(3) does.
 */
void leftover_watch(void);

/*
 * mkstemp(3): the descriptor, or -1 and errno.  Neither the template nor the
 * struct may move or go until it is placed or dropped.
 */
int leftover_make(struct leftover *, char *template);

/* rename(2): 0, or -1 and errno; then it is still there. */
int leftover_place(struct leftover *, const char *path);

/* Takes it away; safe on a zeroed struct and twice. */
void leftover_drop(struct leftover *);

/* All of them; async-signal-safe, and for good: the program must end then. */
void leftover_drop_all(void);

/*
 * jansson answers a failed allocation with a member that is not there, which
 * would be a fact that is not known.  From now on it ends the program: one
 * line, no leftovers, exit status 4.
 */
void leftover_guard_json(void);

#endif
