#ifndef MESSAGE_FIELDS_H
#define MESSAGE_FIELDS_H

#include "message/lint.h"
#include "message/message.h"

/* Header fields that the standards know. */
enum field_id {
	FIELD_OTHER,
	FIELD_DATE,
	FIELD_FROM,
	FIELD_SENDER,
	FIELD_REPLY_TO,
	FIELD_TO,
	FIELD_CC,
	FIELD_BCC,
	FIELD_MESSAGE_ID,
	FIELD_IN_REPLY_TO,
	FIELD_REFERENCES,
	FIELD_SUBJECT,
	FIELD_MIME_VERSION,
	FIELD_CONTENT_TYPE,
	FIELD_CONTENT_ENCODING,
	FIELD_CONTENT_ID,
	FIELD_CONTENT_DESCRIPTION,
	FIELD_CONTENT_DISPOSITION,
	FIELD_RECEIVED,
	FIELD_FEEDBACK_ID,
	FIELD_IDS,
};

struct fields {
	const struct field *first[FIELD_IDS]; /* NULL: not there */
	size_t count[FIELD_IDS];
};

enum field_id field_id_of(struct slice name);

/* All of them in one walk. */
void fields_find(const struct message *, struct fields *);

/*
 * Header fields: which must be and which may be once only (RFC 5322 3.6), and
 * what is in those that are known.  as_of is the time of the audit.  RC_NOMEM
 * or RC_LIMIT.
 */
enum rc fields_lint(struct lint *, const struct message *,
    const struct fields *, int64_t as_of);

extern const struct lint_kind fields_duplicate, fields_no_date, fields_no_from,
    fields_no_message_id, fields_no_subject, fields_no_sender, fields_empty,
    fields_long, fields_bcc, fields_no_to;

extern const struct lint_kind field_address_syntax, field_address_unclosed,
    field_address_no_domain, field_address_too_many, field_address_obsolete,
    field_address_length, field_address_domain, field_address_no_dot,
    field_address_literal, field_address_quoted, field_address_utf8,
    field_address_idn, field_address_characters, field_address_word,
    field_from_several, field_from_group, field_sender_several;

extern const struct lint_kind field_name_address, field_name_emoji,
    field_name_recipient, field_name_gmail, field_name_thread,
    field_name_hidden;

extern const struct lint_kind field_date_syntax, field_date_impossible,
    field_date_zone, field_date_weekday, field_date_obsolete, field_date_future,
    field_date_past, field_received_date;

extern const struct lint_kind field_id_syntax, field_id_obsolete,
    field_id_domain, field_references_syntax, field_references_obsolete;

extern const struct lint_kind field_subject_reply, field_template_tag;

extern const struct lint_kind field_word_length, field_word_line,
    field_word_charset, field_word_malformed, field_word_octets,
    field_word_split, field_word_loose, field_word_place, field_word_characters;

#endif
