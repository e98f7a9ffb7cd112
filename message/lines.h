#ifndef MESSAGE_LINES_H
#define MESSAGE_LINES_H

#include "message/lint.h"
#include "message/message.h"

/*
 * The octets of a message and its lines (RFC 5322 2.1 to 2.3): ends, lengths,
 * controls, octets over 127 in the header, what is no header field, and where
 * header and body part.  A message that has LF throughout was saved by a Unix
 * tool, and is read as if it had CRLF.
 *
 * False: it is no text (UTF-16), or has no header at all.  That is said, and
 * all else that could be said of it would follow from it.
 */
bool lines_lint(struct lint *, const struct message *);

extern const struct lint_kind lines_utf16, lines_bom, lines_no_header,
    lines_from_line, lines_bare_cr, lines_bare_lf, lines_too_long, lines_nul,
    lines_control, lines_8bit, lines_utf8, lines_over_78, lines_first_folded,
    lines_blank_fold, lines_not_a_field, lines_space_before_colon,
    lines_no_blank_line, lines_no_body, lines_too_many_fields;

#endif
