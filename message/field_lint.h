#ifndef MESSAGE_FIELD_LINT_H
#define MESSAGE_FIELD_LINT_H

#include "message/address.h"
#include "message/encoded.h"
#include "message/fields.h"
#include "message/lint.h"

/* What the files that lint header fields share. */

struct field_job {
	struct lint *lint;
	const struct message *m;
	const struct fields *fields;
	int64_t as_of;
	struct arena *scratch;     /* emptied before each field */
	const struct field *field; /* at hand */
};

/* Says it of an octet of the value of the field at hand. */
void field_say(struct field_job *, const struct lint_kind *, size_t at,
    struct slice detail);
bool field_wants(const struct field_job *, const struct lint_kind *);

/* Octets from outside within a detail, cut at so many. */
enum { FIELD_QUOTE = 60 };

/* A text that is searched more than once is not longer than this. */
enum { FIELD_SHORT = 4096 };

struct slice field_quote(struct field_job *, struct slice);

/* One function for each kind of value; the field at hand. */
void field_addresses_lint(struct field_job *, enum field_id);
void field_date_lint(struct field_job *);
void field_received_lint(struct field_job *);
void field_message_id_lint(struct field_job *);
void field_references_lint(struct field_job *);
void field_subject_lint(struct field_job *);

/* The display name of an author. */
void field_name_lint(struct field_job *, const struct mailbox *);

/* Encoded words where they may be, and where they may not. */
void field_words_lint(struct field_job *);
void field_no_words_lint(struct field_job *);

/* Place-holders of templates. */
void field_tags_lint(struct field_job *);

#endif
