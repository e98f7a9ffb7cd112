#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * The only ways by which bytes from outside reach a person.  Each takes any
 * octets and adds valid UTF-8 to the buffer.
 *
 * Common to all: invalid UTF-8 is shown as \xHH; C0 and C1 controls, DEL,
 * bidirectional controls (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to
 * U+2069), line and paragraph separators, zero-width and other invisible
 * format characters (U+00AD, U+200B to U+200D, U+2060, U+FEFF), U+FFFE and
 * U+FFFF and tags (U+E0000 to U+E007F) as \u{HEX}; newline and tab as \n and
 * \t where the target has no place for them.
 */

/* One line for a terminal: no newline or tab comes out. */
void escape_terminal(struct buf *, struct slice);

/*
 * One CSV field (RFC 4180), quoted when it must be.  A field that a
 * spreadsheet would take for a formula (= + - @ tab CR first) gets a leading
 * apostrophe, unless it is a plain number.
 */
void escape_csv(struct buf *, struct slice);

/*
 * A cell's string for XLSX: no quoting, as it is never written as a formula,
 * but no character that XML 1.0 forbids, and at most 32,767 characters with
 * an ellipsis where it was cut.  Newlines stay.
 */
void escape_xlsx(struct buf *, struct slice);

/* Text or a quoted attribute of HTML: & < > " ' as references. */
void escape_html(struct buf *, struct slice);

/*
 * Any octets as a JSON-safe string that can be read back: valid UTF-8 without
 * controls stays, a backslash is doubled, any other octet is \DDD (decimal,
 * as in RFC 1035 5.1).  unescape_octets() undoes it; false on a bad escape.
 */
void escape_octets(struct buf *, struct slice);
bool unescape_octets(struct buf *, struct slice);

/*
 * The next code point of UTF-8 and its length in *n (1 for a bad octet);
 * UINT32_MAX when the octets there are not valid UTF-8 (RFC 3629: no
 * overlong forms, no surrogates).  s.n must not be 0.
 */
uint32_t utf8_next(struct slice s, size_t *n);
bool utf8_valid(struct slice);

/* Columns on a terminal: 0 for combining marks, 2 for wide East Asian. */
int utf8_width(uint32_t);

#endif
