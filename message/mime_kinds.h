#ifndef MESSAGE_MIME_KINDS_H
#define MESSAGE_MIME_KINDS_H

#include "message/lint.h"

/* What can be wrong with the parts of a message. */

extern const struct lint_kind mime_version_missing;
extern const struct lint_kind mime_version;
extern const struct lint_kind mime_twice;
extern const struct lint_kind mime_type;
extern const struct lint_kind mime_disposition;
extern const struct lint_kind mime_parameter;
extern const struct lint_kind mime_unquoted;
extern const struct lint_kind mime_unclosed;
extern const struct lint_kind mime_parameter_twice;
extern const struct lint_kind mime_word;
extern const struct lint_kind mime_parameter_8bit;
extern const struct lint_kind mime_extended;
extern const struct lint_kind mime_parameter_limit;
extern const struct lint_kind mime_charset_unknown;
extern const struct lint_kind mime_encoding;
extern const struct lint_kind mime_encoding_composite;
extern const struct lint_kind mime_encoding_binary;
extern const struct lint_kind mime_boundary_missing;
extern const struct lint_kind mime_boundary_long;
extern const struct lint_kind mime_boundary_octets;
extern const struct lint_kind mime_boundary_space;
extern const struct lint_kind mime_boundary_unused;
extern const struct lint_kind mime_boundary_open;
extern const struct lint_kind mime_boundary_same;
extern const struct lint_kind mime_boundary_prefix;
extern const struct lint_kind mime_boundary_text;
extern const struct lint_kind mime_boundary_after;
extern const struct lint_kind mime_epilogue;
extern const struct lint_kind mime_multipart_empty;
extern const struct lint_kind mime_part_no_blank;
extern const struct lint_kind mime_part_stray;
extern const struct lint_kind mime_too_deep;
extern const struct lint_kind mime_too_many;
extern const struct lint_kind mime_partial;
extern const struct lint_kind mime_external;
extern const struct lint_kind mime_body_8bit;
extern const struct lint_kind mime_charset_missing;
extern const struct lint_kind mime_charset_ascii;
extern const struct lint_kind mime_charset_octets;
extern const struct lint_kind mime_qp_escape;
extern const struct lint_kind mime_qp_8bit;
extern const struct lint_kind mime_qp_long;
extern const struct lint_kind mime_qp_space;
extern const struct lint_kind mime_qp_soft_end;
extern const struct lint_kind mime_base64_octet;
extern const struct lint_kind mime_base64_long;
extern const struct lint_kind mime_base64_inside;
extern const struct lint_kind mime_base64_short;
extern const struct lint_kind mime_text_long;
extern const struct lint_kind mime_html_only;
extern const struct lint_kind mime_alternative_no_text;
extern const struct lint_kind mime_alternative_order;
extern const struct lint_kind mime_text_empty;
extern const struct lint_kind mime_text_html;
extern const struct lint_kind mime_html_clipped;
extern const struct lint_kind mime_html_cut;
extern const struct lint_kind mime_html_open;

#endif
