#include "message/mime_kinds.h"

const struct lint_kind mime_version_missing = { "format.mime-version-missing",
	LINT_ERROR, "RFC 2045 4", "Add the header field MIME-Version: 1.0" };

const struct lint_kind mime_version = { "format.mime-version", LINT_WARNING,
	"RFC 2045 4", "Write the field as MIME-Version: 1.0" };

const struct lint_kind mime_twice = { "format.mime-field-twice", LINT_ERROR,
	"RFC 2045 3", "Have each MIME field once in a header" };

const struct lint_kind mime_type = {
	"format.content-type", LINT_ERROR, "RFC 2045 5.1",
	"Write Content-Type as type/subtype; parameter=value, such as text/html; charset=utf-8"
};

const struct lint_kind mime_disposition = {
	"format.content-disposition", LINT_WARNING, "RFC 2183 2",
	"Write Content-Disposition as inline or attachment, with its parameters behind a semicolon"
};

const struct lint_kind mime_parameter = { "format.parameter-syntax", LINT_ERROR,
	"RFC 2045 5.1",
	"Write each parameter as name=value, with a semicolon before it" };

const struct lint_kind mime_unquoted = { "format.parameter-unquoted",
	LINT_ERROR, "RFC 2045 5.1", "Put the value in double quotes" };

const struct lint_kind mime_unclosed = { "format.parameter-unclosed",
	LINT_ERROR, "RFC 2045 5.1", "Close the quote or the comment" };

const struct lint_kind mime_parameter_twice = { "format.parameter-twice",
	LINT_ERROR, "RFC 2045 5", "Have each parameter once" };

const struct lint_kind mime_word = { "format.parameter-encoded-word",
	LINT_WARNING, "RFC 2047 5",
	"Write the parameter by RFC 2231: name*=utf-8''percent-encoded" };

const struct lint_kind mime_parameter_8bit = { "format.parameter-8bit",
	LINT_WARNING, "RFC 2231 4",
	"Write the parameter by RFC 2231: name*=utf-8''percent-encoded" };

const struct lint_kind mime_extended = {
	"format.parameter-extended", LINT_ERROR, "RFC 2231 7",
	"Write name*=charset''percent-encoded, in sections name*0*, name*1* if it is long"
};

const struct lint_kind mime_parameter_limit = { "format.parameter-limit",
	LINT_WARNING, "RFC 2045 5.1",
	"Shorten the field: what is over the limit is not looked at" };

const struct lint_kind mime_charset_unknown = { "format.charset-unknown",
	LINT_WARNING, "RFC 2046 4.1.2", "Use charset=utf-8" };

const struct lint_kind mime_encoding = { "format.encoding-unknown", LINT_ERROR,
	"RFC 2045 6.4", "Use 7bit, 8bit, quoted-printable or base64" };

const struct lint_kind mime_encoding_composite = {
	"format.encoding-composite", LINT_ERROR, "RFC 2045 6.4",
	"Encode the parts, and give what holds them 7bit or 8bit, or no such field"
};

const struct lint_kind mime_encoding_binary = { "format.encoding-binary",
	LINT_WARNING, "RFC 2045 6.2",
	"Use base64, or 7bit or 8bit where the lines are short text" };

const struct lint_kind mime_boundary_missing = {
	"format.boundary-missing", LINT_ERROR, "RFC 2046 5.1.1",
	"Add the parameter boundary with what stands behind \"--\" in the delimiter lines"
};

const struct lint_kind mime_boundary_long = { "format.boundary-long",
	LINT_ERROR, "RFC 2046 5.1.1",
	"Use a boundary of at most 70 characters" };

const struct lint_kind mime_boundary_octets = { "format.boundary-characters",
	LINT_ERROR, "RFC 2046 5.1.1",
	"Make the boundary of letters, digits and '()+_,-./:=? only" };

const struct lint_kind mime_boundary_space = { "format.boundary-space",
	LINT_ERROR, "RFC 2046 5.1.1",
	"Use a boundary that does not end with a space" };

const struct lint_kind mime_boundary_unused = {
	"format.boundary-unused", LINT_ERROR, "RFC 2046 5.1.1",
	"Begin each part with a line of \"--\" and the boundary, exactly as the parameter has it"
};

const struct lint_kind mime_boundary_open = { "format.boundary-unterminated",
	LINT_ERROR, "RFC 2046 5.1.1",
	"End the multipart with a line of \"--\", the boundary and \"--\"" };

const struct lint_kind mime_boundary_same = { "format.boundary-nested",
	LINT_ERROR, "RFC 2046 5.1.2",
	"Give each multipart a boundary of its own" };

const struct lint_kind mime_boundary_prefix = {
	"format.boundary-prefix", LINT_WARNING, "RFC 2046 5.1.1",
	"Use boundaries of which none begins with another, such as random ones of one length"
};

const struct lint_kind mime_boundary_text = {
	"format.boundary-text", LINT_WARNING, "RFC 2046 5.1.1",
	"Have nothing but white space behind the boundary, and no other line that begins with it"
};

const struct lint_kind mime_boundary_after = {
	"format.boundary-after-end", LINT_ERROR, "RFC 2046 5.1.1",
	"Put the closing delimiter (with \"--\" at its end) behind the last part only"
};

const struct lint_kind mime_epilogue = {
	"format.mime-epilogue", LINT_WARNING, "RFC 2046 5.1.1",
	"Put the text into a part: nobody sees it behind the closing delimiter"
};

const struct lint_kind mime_multipart_empty = { "format.multipart-empty",
	LINT_ERROR, "RFC 2046 5.1",
	"Put at least one part into each multipart" };

const struct lint_kind mime_part_no_blank = {
	"format.part-no-blank-line", LINT_ERROR, "RFC 2046 5.1",
	"Put an empty line between a part's header and its body, also when there is no header"
};

const struct lint_kind mime_part_stray = {
	"format.part-not-a-field", LINT_ERROR, "RFC 2046 5.1",
	"Put an empty line before the part's body, or mend the field: a name, a colon, the value"
};

const struct lint_kind mime_too_deep = { "format.mime-too-deep", LINT_ERROR,
	"RFC 2046 5.1",
	"Nest fewer parts: receivers give up, and this audit did too" };

const struct lint_kind mime_too_many = { "format.mime-too-many-parts",
	LINT_ERROR, "RFC 2046 5.1",
	"Send fewer parts: receivers give up, and this audit did too" };

const struct lint_kind mime_partial = { "format.message-partial", LINT_WARNING,
	"RFC 2046 5.2.2", "Send the message whole" };

const struct lint_kind mime_external = { "format.message-external-body",
	LINT_WARNING, "RFC 2046 5.2.3",
	"Attach the content, or link to it from the text" };

const struct lint_kind mime_body_8bit = {
	"format.body-8bit", LINT_ERROR, "RFC 2045 2.7",
	"Encode the part as quoted-printable or base64, or at least say Content-Transfer-Encoding: 8bit"
};

const struct lint_kind mime_charset_missing = { "format.charset-missing",
	LINT_ERROR, "RFC 2046 4.1.2",
	"Name the charset in Content-Type, such as text/plain; charset=utf-8" };

const struct lint_kind mime_charset_ascii = { "format.charset-ascii",
	LINT_ERROR, "RFC 2046 4.1.2",
	"Name the charset that the text is in, usually utf-8" };

const struct lint_kind mime_charset_octets = { "format.charset-octets",
	LINT_ERROR, "RFC 2046 4.1.2",
	"Name the charset that the text is in, or convert the text to it" };

const struct lint_kind mime_qp_escape = {
	"format.qp-escape", LINT_ERROR, "RFC 2045 6.7",
	"Write an equals sign as =3D, and let quoted-printable be made by a library"
};

const struct lint_kind mime_qp_8bit = { "format.qp-8bit", LINT_ERROR,
	"RFC 2045 6.7",
	"Write octets over 127 as = and two hexadecimal digits" };

const struct lint_kind mime_qp_long = { "format.qp-long-line", LINT_ERROR,
	"RFC 2045 6.7", "Break lines with = at their end before octet 76" };

const struct lint_kind mime_qp_space = { "format.qp-trailing-space",
	LINT_WARNING, "RFC 2045 6.7",
	"Write a space at the end of a line as =20" };

const struct lint_kind mime_qp_soft_end = { "format.qp-soft-end", LINT_ERROR,
	"RFC 2045 6.7", "End the last line without =" };

const struct lint_kind mime_base64_octet = {
	"format.base64-character", LINT_ERROR, "RFC 2045 6.8",
	"Have only base64 in the part; a footer that is added on the way needs a part of its own"
};

const struct lint_kind mime_base64_long = { "format.base64-long-line",
	LINT_ERROR, "RFC 2045 6.8",
	"Break base64 into lines of at most 76 characters" };

const struct lint_kind mime_base64_inside = { "format.base64-padding",
	LINT_ERROR, "RFC 2045 6.8",
	"Encode the whole content at once, so that = stands at its end only" };

const struct lint_kind mime_base64_short = { "format.base64-truncated",
	LINT_ERROR, "RFC 2045 6.8",
	"Send all of the encoded content, with its padding (=)" };

const struct lint_kind mime_text_long = { "format.text-too-long", LINT_WARNING,
	"RFC 2046 4.1",
	"Shorten the text: what is over the limit is not looked at" };

const struct lint_kind mime_html_only = { "format.html-only", LINT_WARNING,
	"RFC 2046 5.1.4",
	"Send multipart/alternative with a text/plain part before the HTML" };

const struct lint_kind mime_alternative_no_text = {
	"format.alternative-no-text", LINT_WARNING, "RFC 2046 5.1.4",
	"Put a text/plain part first into the multipart/alternative"
};

const struct lint_kind mime_alternative_order = {
	"format.alternative-order", LINT_ERROR, "RFC 2046 5.1.4",
	"Put text/plain first and text/html last: readers show the last that they can"
};

const struct lint_kind mime_text_empty = { "format.text-empty", LINT_WARNING,
	"RFC 2046 5.1.4", "Say in the text/plain part what the HTML says" };

const struct lint_kind mime_text_html = { "format.text-is-html", LINT_WARNING,
	"RFC 2046 4.1.3", "Send HTML as text/html, and text in text/plain" };

const struct lint_kind mime_html_clipped = {
	"format.html-clipped", LINT_WARNING, "RFC 2046 4.1",
	"Keep the HTML under 102 KB: shorten styles and markup, put images on a server"
};

const struct lint_kind mime_html_cut = { "format.html-cut-off", LINT_ERROR,
	"HTML 13.2.5",
	"Send all of the HTML: it ends in the middle of a tag or a comment" };

const struct lint_kind mime_html_open = {
	"format.html-unclosed", LINT_WARNING, "HTML 13.1",
	"End the HTML with </body></html>: what is missing may have been more"
};
