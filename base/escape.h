#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/utf8.h"

/*
 * The only ways by which bytes from outside reach a person.  Each takes any
 * octets and adds valid UTF-8 to the buffer.
 *
 * Common to all: invalid UTF-8 is shown as \xHH, one octet at a time.  C0 and
 * C1 controls, DEL, bidirectional controls, line and paragraph separators,
 * zero-width and other invisible characters, noncharacters and tags (the list
 * is in escape.c) are shown as \u{HEX}; newline and tab as \n and \t where the
 * target has no place for them.
 */

/* One line for a terminal: no newline or tab comes out. */
void escape_terminal(struct buf *, struct slice);

/*
 * One CSV field (RFC 4180), quoted when it must be; newlines and tabs stay.  A
 * field that a spreadsheet would take for a formula (= + - @ or their fullwidth
 * forms, tab or CR first) gets a leading apostrophe, unless it is a number.
 */
void escape_csv(struct buf *, struct slice);

/*
 * A cell's string for XLSX: no quoting, as it is never written as a formula,
 * but no character that XML 1.0 forbids, nor "_x0041_", which would be read as
 * one; and at most 32,767 UTF-16 units, of which the last ones say so where it
 * was cut.  Newlines and tabs stay.
 */
void escape_xlsx(struct buf *, struct slice);

/*
 * Text or a quoted attribute of HTML: & < > " ' as references.  Newlines and
 * tabs stay.
 */
void escape_html(struct buf *, struct slice);

/*
 * The same for XML 1.0, of which no character comes out that it forbids.
 * Newlines and tabs are references, so that they survive in an attribute.
 */
void escape_xml(struct buf *, struct slice);

/*
 * A piece of a paragraph, a heading or a table's cell of GitHub-flavoured
 * Markdown, on one line: the words that might be more than words there (a
 * link, an address, @somebody, #1, HTML, emphasis) are code, where nothing is
 * looked for.  In code a backtick and a bar are shown as \u{60} and \u{7C}.
 * Spaces at its ends go, several become one.
 */
void escape_markdown(struct buf *, struct slice);

/*
 * What stands between the quotes of a JSON string (RFC 8259 7): what is hidden
 * as \uXXXX, since a report is read with cat too; U+FFFD for an octet that is
 * no UTF-8.
 */
void escape_json(struct buf *, struct slice);

/*
 * A path of a file system as that of a URI (RFC 3986 3.3): all but unreserved
 * octets and the slash are %HH.
 */
void escape_uri(struct buf *, struct slice);

/*
 * Any octets as a JSON-safe string that can be read back: valid UTF-8 that is
 * visible stays, a backslash is doubled, any other octet is \DDD (decimal, as
 * in RFC 1035 5.1).  unescape_octets() undoes it; on a bad escape it is false
 * and adds nothing.
 */
void escape_octets(struct buf *, struct slice);
bool unescape_octets(struct buf *, struct slice);

#endif
