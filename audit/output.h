#ifndef AUDIT_OUTPUT_H
#define AUDIT_OUTPUT_H

#include "audit/outfile.h"
#include "audit/settings.h"
#include "audit/views/view.h"

/*
 * Where the document goes: one view into each --output, or into standard
 * output.  The files are opened before anything is asked or read.
 */
struct outputs;

struct output_wishes {
	const struct settings *settings;
	enum document document;
	bool many;                    /* more than one item may come */
	const struct outfile *beside; /* another file of the run, or NULL */
};

/* Colour, width and character set for what goes there ("-": stdout). */
void output_look(const struct settings *, const char *path, struct view_look *);

/*
 * Whether questions and answers are to be in the document: the user asked for
 * them, or one of the views shows them.
 */
bool outputs_want_evidence(const struct settings *);

/*
 * RC_INVALID when two would be the same file, or a form does not show such
 * documents: *error says which.
 */
enum rc outputs_open(const struct output_wishes *, struct arena *,
    struct outputs **, struct slice *error);

/* The document's header, or all of it; borrowed until they are closed. */
enum rc outputs_begin(struct outputs *, const json_t *header,
    struct slice *error);

/* The next item, in order. */
enum rc outputs_item(struct outputs *, const json_t *, struct slice *error);

/* What has been said so far reaches a reader at the other end of a pipe. */
void outputs_flush(struct outputs *);

/* Ends the views; all that they said is written. */
enum rc outputs_finish(struct outputs *, struct slice *error);

/* Puts the files in their places, once they are finished. */
enum rc outputs_commit(struct outputs *, struct slice *error);
void outputs_close(struct outputs **);

#endif
