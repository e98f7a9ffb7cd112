#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/limits.h"
#include "message/fields.h"
#include "message/lines.h"
#include "message/mime_kinds.h"
#include "with_arena.h"

/*
 * Each kind of problem of lines and header fields: a message that has it, with
 * the place, and one that is nearly the same and has not.
 */

WITH_ARENA(16 * 1024 * 1024, 4096)

#define D    "Date: Sat, 21 Nov 2026 18:50:31 +0000\r\n"
#define F    "From: Anna <anna@example.com>\r\n"
#define I    "Message-ID: <1.a@example.com>\r\n"
#define T    "To: Ben Smith <ben@example.net>\r\n"
#define S    "Subject: Hello\r\n"
#define B    "\r\nHello\r\n"
#define ALL  D F I T S
#define X10  "xxxxxxxxxx"
#define X50  X10 X10 X10 X10 X10
#define X250 X50 X50 X50 X50 X50
#define X990 X250 X250 X250 X50 X50 X50 X50 X10 X10 X10 X10
/* Encoded words of 75 and of 76 octets. */
#define W63  X50 X10 "xxx"

static const struct lint_case {
	const char *code;
	const char *bad;
	size_t line, column;
	const char *header; /* NULL: none */
	const char *good;
	const char *also; /* other codes that the bad one has; NULL: none */
} cases[] = {
	/* --- lines --------------------------------------------------- */
	{ "format.utf-16",
	    "\xff\xfe"
	    "F\0r\0",
	    1, 1, NULL, ALL B, NULL },
	{ "format.bom", "\xef\xbb\xbf" ALL B, 1, 1, NULL,
	    ALL "X-A: \xef\xbb\xbf\r\n" B,
	    "format.header-utf8 format.no-date" },
	{ "format.no-header", "\r\n" ALL B, 1, 1, NULL, ALL B, NULL },
	{ "format.from-line", "From a@b.example\r\n" ALL B, 1, 1, NULL,
	    "From : a@b.example\r\n" D I T S B, NULL },
	{ "format.bare-cr", ALL "\r\na\rb\r\n", 7, 2, NULL,
	    ALL "\r\na\r\nb\r\n", NULL },
	{ "format.bare-cr", ALL "X-A: b\rc\r\n" B, 6, 7, "X-A",
	    ALL "X-A: b\r\n" B, NULL },
	{ "format.bare-cr", ALL "\r\na\r\r\n", 7, 2, NULL, ALL "\r\na\r\n\r\n",
	    NULL },
	{ "format.bare-lf", ALL "\r\na\r\nbc\nd\r\n", 8, 3, NULL,
	    "Date: Sat, 21 Nov 2026 18:50:31 +0000\nFrom: a@b.example\n"
	    "Message-ID: <1@b.example>\nTo: a@c.example\nSubject: a\n\nbc\n",
	    NULL },
	{ "format.bare-lf", ALL "X-A: b\n" B, 6, 7, "X-A", ALL "X-A: b\r\n" B,
	    NULL },
	{ "format.bare-lf",
	    ALL "\n"
		"Hello\r\n",
	    6, 1, NULL, ALL B, NULL },
	{ "format.line-too-long",
	    ALL "\r\na\r\n" X990 "12345678"
		"9\r\n",
	    8, 999, NULL,
	    ALL "\r\na\r\n" X990 "12345678"
		"\r\n",
	    NULL },
	{ "format.line-too-long",
	    ALL "X-A: " X990 "abcd"
		"\r\n" B,
	    6, 999, "X-A",
	    ALL "X-A: " X990 "abc"
		"\r\n" B,
	    NULL },
	{ "format.header-control",
	    ALL "X-A: a\x01"
		"b\r\n" B,
	    6, 7, "X-A", ALL "X-A: a\tb\r\n" B, NULL },
	{ "format.header-8bit", ALL "X-A: \xc3\xa4 b\xe4\r\n" B, 6, 10, "X-A",
	    ALL "X-A: b\r\n" B, NULL },
	{ "format.header-utf8", ALL "X-A: b\xc3\xa4\xc3\xa4\r\n" B, 6, 7, "X-A",
	    ALL "X-A: b\r\n\r\n\xc3\xa4\r\n", NULL },
	{ "format.header-line-78",
	    D F I T "Subject: a " X50 " " X10 X10 "\r\n" B, 5, 79, "Subject",
	    D F I T "List-Help: a " X50 " " X10 X10 "\r\n" S B, NULL },
	{ "format.header-line-78",
	    ALL "Comments: " X50 " " X10 "12345678\r\n" B, 6, 79, "Comments",
	    ALL "Comments: " X50 " " X10 "1234567\r\n" B, NULL },
	{ "format.header-line-78",
	    ALL "Comments: a\r\n " X50 " " X10 X10 "1234567\r\n" B, 7, 79,
	    "Comments", ALL "Comments: " X50 X10 X10 X10 "\r\n" B, NULL },
	{ "format.first-line-folded", " a\r\n" ALL B, 1, 1, NULL,
	    ALL " a\r\n" B, NULL },
	{ "format.blank-fold", ALL "X-A: b\r\n \t\r\n c\r\n" B, 7, 1, "X-A",
	    ALL "X-A:\r\n b\r\n c\r\n" B, NULL },
	{ "format.not-a-field", D F "Hello there\r\n" I T S B, 3, 1, NULL,
	    D F "Hello: there\r\n" I T S B, NULL },
	{ "format.not-a-field", D F "Na me: x\r\n" I T S B, 3, 1, NULL,
	    D F "Na-me: x\r\n" I T S B, NULL },
	{ "format.space-before-colon", D F I T "Subject : a\r\n" B, 5, 8,
	    "Subject", D F I T "Subject:a\r\n" B, NULL },
	{ "format.no-blank-line", ALL "Hello\r\nWorld\r\n", 6, 1, NULL, ALL B,
	    NULL },
	{ "format.no-body", ALL, 6, 0, NULL, ALL "\r\n", NULL },
	/* --- which fields -------------------------------------------- */
	{ "format.duplicate-field", ALL "subject: b\r\n" B, 6, 1, "subject",
	    ALL "Received: a; Sat, 21 Nov 2026 18:50:31 +0000\r\n"
		"Received: b; Sat, 21 Nov 2026 18:50:31 +0000\r\n" B,
	    NULL },
	{ "format.no-date", F I T S B, 0, 0, NULL, ALL B, NULL },
	{ "format.no-from", D I T S B, 0, 0, NULL, ALL B, NULL },
	{ "format.no-message-id", D F T S B, 0, 0, NULL, ALL B, NULL },
	{ "format.no-subject", D F I T B, 0, 0, NULL, ALL B, NULL },
	{ "format.no-subject", D F I T "Subject: \r\n" B, 5, 9, "Subject",
	    ALL B, NULL },
	{ "format.no-to", D F I S B, 0, 0, NULL,
	    D F I S "Cc: a@b.example\r\n" B, NULL },
	{ "format.empty-field", D F I S "To:\r\n" B, 5, 4, "To",
	    ALL "Bcc:\r\n" B, NULL },
	{ "format.empty-field", D F I S "To: ,\r\n" B, 5, 4, "To",
	    D F I S "To: undisclosed-recipients:;\r\n" B,
	    "format.address-obsolete" },
	{ "format.bcc", ALL "Bcc: c@example.org\r\n" B, 6, 5, "Bcc", ALL B,
	    NULL },
	{ "format.no-sender", D "From: a@b.example, c@d.example\r\n" I T S B, 2,
	    20, "From", ALL B, "format.from-several" },
	/* --- addresses ----------------------------------------------- */
	{ "format.address-syntax",
	    D F I S "To: a@b.example <a@b.example>\r\n" B, 5, 17, "To",
	    D F I S "To: \"a@b.example\" <a@b.example>\r\n" B, NULL },
	{ "format.address-syntax",
	    D F I S "To: c@d.example,\r\n a..b@c.example\r\n" B, 6, 4, "To",
	    D F I S "To: c@d.example,\r\n a.b@c.example\r\n" B, NULL },
	{ "format.address-unclosed", D F I S "To: \"a <b@c.example>\r\n" B, 5,
	    5, "To", D F I S "To: \"a\" <b@c.example>\r\n" B, NULL },
	{ "format.address-no-domain", D F I S "To: a, b@c.example\r\n" B, 5, 6,
	    "To", D F I S "To: a@c.example, b@c.example\r\n" B, NULL },
	{ "format.address-obsolete", D F I S "To: J. Doe <b@c.example>\r\n" B,
	    5, 6, "To", D F I S "To: \"J. Doe\" <b@c.example>\r\n" B, NULL },
	{ "format.address-obsolete",
	    D F I S "To: <@d.example:b@c.example>\r\n" B, 5, 6, "To",
	    D F I S "To: <b@c.example>\r\n" B, NULL },
	{ "format.address-obsolete",
	    D F I S "To: b@c.example,,a@c.example\r\n" B, 5, 17, "To",
	    D F I S "To: b@c.example,a@c.example\r\n" B, NULL },
	{ "format.address-obsolete", D F I S "To: b . c@d.example\r\n" B, 5, 7,
	    "To", D F I S "To: b.c@d.example\r\n" B, NULL },
	{ "format.address-obsolete", D F I S "To: b@d . example\r\n" B, 5, 9,
	    "To", D F I S "To: b@d.example (c)\r\n" B, NULL },
	{ "format.address-length",
	    D F I S "To: \"" X50 X10 "123\"@c.example\r\n" B, 5, 5, "To",
	    D F I S "To: \"" X50 X10 "12\"@c.example\r\n" B,
	    "format.address-quoted" },
	{ "format.address-length",
	    D F I S "To: a@" X50 "." X50 "." X50 "." X50 "." X10 X10 X10 X10
		    "1234567.xx\r\n" B,
	    5, 5, "To",
	    D F I S "To: a@" X50 "." X50 "." X50 "." X50 "." X10 X10 X10 X10
		    "12345.xx\r\n" B,
	    NULL },
	{ "format.address-obsolete", D F I S "To: b@ (c) d.example\r\n" B, 5,
	    12, "To", D F I S "To: b@d.example (c)\r\n" B, NULL },
	{ "format.address-length",
	    D F I S "To: " X50 X10 "12345@c.example\r\n" B, 5, 5, "To",
	    D F I S "To: " X50 X10 "1234@c.example\r\n" B, NULL },
	{ "format.address-length",
	    D F I S "To: a@" X50 X10 "1234.example\r\n" B, 5, 7, "To",
	    D F I S "To: a@" X50 X10 "123.example\r\n" B, NULL },
	{ "format.address-domain", D F I S "To: a@b_c.example\r\n" B, 5, 7,
	    "To", D F I S "To: a@b-c.example\r\n" B, NULL },
	{ "format.address-domain", D F I S "To: a@-b.example\r\n" B, 5, 7, "To",
	    D F I S "To: a@b.example\r\n" B, NULL },
	{ "format.address-no-dot", D "From: a@localhost\r\n" I T S B, 2, 9,
	    "From", D "From: a@localhost.example\r\n" I T S B, NULL },
	{ "format.address-literal", D "From: a@[192.0.2.1]\r\n" I T S B, 2, 9,
	    "From", ALL B, NULL },
	{ "format.address-quoted", D F I S "To: \"a b\"@c.example\r\n" B, 5, 5,
	    "To", D F I S "To: \"a b\" <ab@c.example>\r\n" B, NULL },
	{ "format.address-utf8", D F I S "To: \xc3\xa4@c.example\r\n" B, 5, 5,
	    "To", ALL B, "format.header-utf8" },
	{ "format.address-idn",
	    D F I S "To: a@b\xc3\xbc"
		    "cher.example\r\n" B,
	    5, 7, "To", D F I S "To: a@xn--bcher-kva.example\r\n" B,
	    "format.header-utf8" },
	{ "format.address-characters", D F I S "To: a%b@c.example\r\n" B, 5, 5,
	    "To", D F I S "To: a+b_c@c.example\r\n" B, NULL },
	{ "format.address-encoded-word",
	    D F I S "To: =?utf-8?q?a?=@c.example\r\n" B, 5, 5, "To",
	    D F I S "To: =?utf-8?q?a?= <a@c.example>\r\n" B,
	    "format.word-loose" },
	{ "format.from-several",
	    D
	    "From: a@b.example, c@d.example\r\nSender: a@b.example\r\n" I T S B,
	    2, 20, "From", ALL B, NULL },
	{ "format.from-group", D "From: g: a@b.example;\r\n" I T S B, 2, 6,
	    "From", D F I S "To: g: a@b.example;\r\n" B, NULL },
	{ "format.sender-several", ALL "Sender: a@b.example, c@d.example\r\n" B,
	    6, 8, "Sender", ALL "Sender: a@b.example\r\n" B, NULL },
	/* --- display names ------------------------------------------- */
	{ "format.name-address",
	    D "From: \"a@b.example\" <c@d.example>\r\n" I T S B, 2, 7, "From",
	    D "From: \"C@D.example\" <c@d.example>\r\n" I T S B, NULL },
	{ "format.name-emoji",
	    D "From: =?utf-8?q?a=F0=9F=8E=89?= <c@d.example>\r\n" I T S B, 2, 7,
	    "From",
	    D "From: =?utf-8?q?=C3=A4=C2=AE?= <c@d.example>\r\n" I T S B,
	    NULL },
	{ "format.name-recipient",
	    D "From: Your ben smith <c@d.example>\r\n" I T S B, 2, 7, "From",
	    D "From: Ben <c@d.example>\r\n" I T S B, NULL },
	{ "format.name-recipient",
	    D "From: \"ben@example.net\" <c@d.example>\r\n" I T S B, 2, 7,
	    "From", D "From: Ben Smith <ben@example.net>\r\n" I T S B,
	    "format.name-address" },
	{ "format.name-gmail",
	    D "From: via Gmail.com <c@d.example>\r\n" I T S B, 2, 7, "From",
	    D "From: \"gmail.com\" <c@gmail.com>\r\n" I T S B,
	    "format.address-obsolete" },
	{ "format.name-thread",
	    D "From: \"Anna (2)\" <c@d.example>\r\n" I T S B, 2, 7, "From",
	    D "From: \"Anna (2nd)\" <c@d.example>\r\n" I T S B, NULL },
	{ "format.name-hidden",
	    D "From: =?utf-8?q?a=E2=80=AEb?= <c@d.example>\r\n" I T S B, 2, 7,
	    "From", D "From: =?utf-8?q?a=E2=80=93b?= <c@d.example>\r\n" I T S B,
	    NULL },
	/* --- dates --------------------------------------------------- */
	{ "format.date-syntax", "Date: 2026-11-21 18:50\r\n" F I T S B, 1, 7,
	    "Date", ALL B, NULL },
	{ "format.date-impossible",
	    "Date: 30 Feb 2026 18:50:31 +0000\r\n" F I T S B, 1, 7, "Date",
	    "Date: 28 Feb 2026 18:50:31 +0000\r\n" F I T S B, NULL },
	{ "format.date-zone", "Date: 21 Nov 2026 18:50:31 +2500\r\n" F I T S B,
	    1, 7, "Date", "Date: 21 Nov 2026 18:50:31 +1400\r\n" F I T S B,
	    NULL },
	{ "format.date-weekday",
	    "Date: Sun, 21 Nov 2026 18:50:31 +0000\r\n" F I T S B, 1, 7, "Date",
	    "Date: Sun, 22 Nov 2026 05:50:31 +1200\r\n" F I T S B, NULL },
	{ "format.date-obsolete",
	    "Date:\r\n 21 Nov 26 18:50:31 +0000\r\n" F I T S B, 2, 2, "Date",
	    "Date:\r\n 21 Nov 2026 18:50:31 +0000\r\n" F I T S B, NULL },
	{ "format.date-future",
	    "Date: 23 Nov 2026 18:50:31 +0000\r\n" F I T S B, 1, 7, "Date",
	    "Date: 22 Nov 2026 18:49:31 +0000\r\n" F I T S B, NULL },
	{ "format.date-future",
	    "Date: 21 Nov 2026 18:50:31 +0000\r\nReceived: a; 21 Nov 2026 15:50:30 +0000\r\n" F
		I T S B,
	    1, 7, "Date",
	    "Date: 21 Nov 2026 18:50:31 +0000\r\nReceived: a; 21 Nov 2026 15:50:31 +0000\r\n" F
		I T S B,
	    NULL },
	{ "format.date-past", "Date: 20 Nov 2025 18:50:31 +0000\r\n" F I T S B,
	    1, 7, "Date", "Date: 22 Nov 2025 18:50:31 +0000\r\n" F I T S B,
	    NULL },
	{ "format.date-past",
	    "Date: 21 Nov 2026 18:50:31 +0000\r\nReceived: a; 25 Nov 2026 18:50:32 +0000\r\n" F
		I T S B,
	    1, 7, "Date",
	    "Date: 21 Nov 2026 18:50:31 +0000\r\nReceived: a; 25 Nov 2026 18:50:31 +0000\r\n" F
		I T S B,
	    NULL },
	{ "format.received-date", "Received: from a by b\r\n" ALL B, 1, 10,
	    "Received",
	    "Received: from a by b; 21 Nov 2026 18:50:31 +0000\r\n" ALL B,
	    NULL },
	{ "format.received-date",
	    "Received: from a\r\n by b; yesterday\r\n" ALL B, 2, 8, "Received",
	    "Received: from a\r\n by b;\r\n Sat, 21 Nov 2026 18:50:31 +0000 (x)\r\n" ALL
		B,
	    NULL },
	/* --- ids ----------------------------------------------------- */
	{ "format.message-id-syntax", D F "Message-ID: 1@example.com\r\n" T S B,
	    3, 13, "Message-ID", ALL B, NULL },
	{ "format.message-id-syntax", D F "Message-ID: <1>\r\n" T S B, 3, 15,
	    "Message-ID", ALL B, NULL },
	{ "format.message-id-syntax", D F "Message-ID: <1@>\r\n" T S B, 3, 16,
	    "Message-ID", ALL B, NULL },
	{ "format.message-id-syntax",
	    D F "Message-ID: <a..b@c.example>\r\n" T S B, 3, 16, "Message-ID",
	    D F "Message-ID: <a.b@c.example>\r\n" T S B, NULL },
	{ "format.message-id-syntax",
	    D F "Message-ID: <a b@c.example>\r\n" T S B, 3, 16, "Message-ID",
	    D F "Message-ID: <a_b@c.example>\r\n" T S B, NULL },
	{ "format.message-id-syntax",
	    D F "Message-ID: <a@c.example> <b@c.example>\r\n" T S B, 3, 27,
	    "Message-ID", D F "Message-ID: <a@c.example> (b)\r\n" T S B, NULL },
	{ "format.message-id-obsolete",
	    D F "Message-ID: <\"a b\"@c.example>\r\n" T S B, 3, 12,
	    "Message-ID", ALL B, NULL },
	{ "format.message-id-domain",
	    D F "Message-ID: <a@localhost.localdomain>\r\n" T S B, 3, 16,
	    "Message-ID", D F "Message-ID: <a@localhost.com>\r\n" T S B, NULL },
	{ "format.message-id-domain",
	    D F "Message-ID: <a@[10.0.0.1]>\r\n" T S B, 3, 16, "Message-ID",
	    ALL B, NULL },
	{ "format.message-id-domain", D F "Message-ID: <a@host>\r\n" T S B, 3,
	    16, "Message-ID", ALL B, NULL },
	{ "format.references-syntax",
	    ALL "References: <a@b.example>\r\n <c@d.example\r\n" B, 7, 14,
	    "References",
	    ALL "References: <a@b.example>\r\n <c@d.example>\r\n" B, NULL },
	{ "format.references-syntax", ALL "In-Reply-To: @\r\n" B, 6, 14,
	    "In-Reply-To", ALL "In-Reply-To: <a@b>\r\n" B, NULL },
	{ "format.references-obsolete",
	    ALL "In-Reply-To: Your mail\r\n <a@b.example>\r\n" B, 6, 14,
	    "In-Reply-To", ALL "In-Reply-To: <a@b.example> (your mail)\r\n" B,
	    NULL },
	/* --- Subject, place-holders ---------------------------------- */
	{ "format.subject-reply", D F I T "Subject: RE[2]: a\r\n" B, 5, 10,
	    "Subject",
	    D F I T "Subject: Re: a\r\nReferences: <a@b.example>\r\n" B, NULL },
	{ "format.subject-reply", D F I T "Subject: =?utf-8?q?Fwd:_a?=\r\n" B,
	    5, 10, "Subject", D F I T "Subject: =?utf-8?q?Real:_a?=\r\n" B,
	    NULL },
	{ "format.template-tag", D F I T "Subject: Hi\r\n {{name}}\r\n" B, 6, 2,
	    "Subject", D F I T "Subject: Hi\r\n {nam}s}\r\n" B, NULL },
	{ "format.template-tag",
	    D F I T "Subject: =?utf-8?q?*=7CFNAME=7C*?=\r\n" B, 5, 10,
	    "Subject", D F I T "Subject: =?utf-8?q?*FNAME*?=\r\n" B, NULL },
	{ "format.template-tag",
	    D F I S "To: \"*|FNAME|*\" <a@b.example>\r\n" B, 5, 6, "To", ALL B,
	    NULL },
	/* --- encoded words ------------------------------------------- */
	{ "format.word-length",
	    D F I T "Subject:\r\n =?utf-8?q?" W63 "x?=\r\n" B, 6, 2, "Subject",
	    D F I T "Subject:\r\n =?utf-8?q?" W63 "?=\r\n" B, NULL },
	{ "format.word-line",
	    D F I T "Subject: a =?utf-8?q?" X50 "1234?=\r\n" B, 5, 12,
	    "Subject", D F I T "Subject: a =?utf-8?q?" X50 "123?=\r\n" B,
	    NULL },
	{ "format.word-charset", D F I T "Subject: =?foo?q?a?=\r\n" B, 5, 10,
	    "Subject", D F I T "Subject: =?iso-8859-1?q?a?=\r\n" B, NULL },
	{ "format.word-malformed", D F I T "Subject: =?utf-8?q?a\r\n" B, 5, 10,
	    "Subject", D F I T "Subject: =?utf\r\n" B, NULL },
	{ "format.word-malformed", D F I T "Subject: a =?utf-8?b?a?=\r\n" B, 5,
	    12, "Subject", D F I T "Subject: a =?utf-8?b?YQ==?=\r\n" B, NULL },
	{ "format.word-octets", D F I T "Subject: =?utf-8?q?=E4?=\r\n" B, 5, 10,
	    "Subject", D F I T "Subject: =?iso-8859-1?q?=E4?=\r\n" B, NULL },
	{ "format.word-split",
	    D F I T "Subject: =?utf-8?q?=C3?=\r\n =?utf-8?q?=A4?=\r\n" B, 5, 10,
	    "Subject",
	    D F I T "Subject: =?utf-8?q?=C3=A4?=\r\n =?utf-8?q?=C3=A4?=\r\n" B,
	    NULL },
	{ "format.word-loose", D F I T "Subject: a=?utf-8?q?b?=\r\n" B, 5, 11,
	    "Subject", D F I T "Subject: a =?utf-8?q?b?=\r\n" B, NULL },
	{ "format.word-place",
	    D "From: \"=?utf-8?q?b?=\" <a@b.example>\r\n" I T S B, 2, 8, "From",
	    D "From: =?utf-8?q?b?= <a@b.example>\r\n" I T S B, NULL },
	{ "format.word-place",
	    D F I T S "References: <=?utf-8?q?b?=@b.example>\r\n" B, 6, 14,
	    "References", ALL B, NULL },
	{ "format.word-characters",
	    D "From: =?utf-8?q?J._Doe?= <a@b.example>\r\n" I T S B, 2, 7,
	    "From", D "From: =?utf-8?q?J=2E_Doe?= <a@b.example>\r\n" I T S B,
	    NULL },
	{ "format.word-characters",
	    D "From: =?utf-8?q?Shop,_Ltd?= <a@b.example>\r\n" I T S B, 2, 7,
	    "From", D "From: =?utf-8?q?Shop=2C_Ltd?= <a@b.example>\r\n" I T S B,
	    "format.address-no-domain" },
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

/* 2026-11-21T18:50:31Z */
enum { AS_OF = 1795287031 };

static void
lint_octets(struct slice octets, struct lint *l)
{
	struct message m;
	struct fields f;

	arena_reset(arena);
	*l = (struct lint){ .arena = arena };
	assert_int_equal(message_parse(arena, octets, &m), RC_OK);
	fields_find(&m, &f);
	if (lines_lint(l, &m))
		assert_int_equal(fields_lint(l, &m, &f, AS_OF), RC_OK);
	assert_false(arena_failed(arena));
}

static bool
has_word(const char *words, const char *word)
{
	struct slice rest = slice_str(words), one;

	while (rest.n > 0) {
		(void)slice_cut(rest, ' ', &one, &rest);
		if (slice_eq(one, slice_str(word)))
			return true;
	}
	return false;
}

static const struct lint_problem *
problem_of(const struct lint *l, const char *code)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->problems[i].kind->code, code) == 0)
			return &l->problems[i];
	}
	return NULL;
}

/* UTF-16 has NULs. */
static struct slice
octets_of(const struct lint_case *c)
{
	if (strcmp(c->code, "format.utf-16") == 0)
		return SLICE_LIT("\xff\xfe"
				 "F\0r\0");
	return slice_str(c->bad);
}

static void
each_problem_is_said_where_it_is(void **state)
{
	struct lint l;

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		const struct lint_case *c = &cases[i];
		const struct lint_problem *p;

		lint_octets(octets_of(c), &l);
		p = problem_of(&l, c->code);
		if (p == NULL)
			fail_msg("%s, %zu: is not said of\n%s", c->code, i,
			    c->bad);
		else if (p->line != c->line || p->column != c->column ||
			 !slice_eq(p->header, slice_str(c->header)))
			fail_msg("%s, %zu: is at %zu:%zu %.*s, not at %zu:%zu",
			    c->code, i, p->line, p->column,
			    SLICE_FMT(p->header), c->line, c->column);
		for (size_t k = 0; k < l.n; k++) {
			const char *code = l.problems[k].kind->code;

			if (&l.problems[k] != p &&
			    (c->also == NULL || !has_word(c->also, code)))
				fail_msg("%s, %zu: %s is said too (%.*s)",
				    c->code, i, code,
				    SLICE_FMT(l.problems[k].detail));
		}
	}
}

static void
what_is_nearly_the_same_is_fine(void **state)
{
	struct lint l;

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		const struct lint_case *c = &cases[i];

		lint_octets(slice_str(c->good), &l);
		if (problem_of(&l, c->code) != NULL)
			fail_msg("%s, %zu: is said of\n%s", c->code, i,
			    c->good);
	}
}

/* Every CRLF a LF. */
static struct slice
with_lf(const char *text)
{
	static unsigned char out[16 * 1024];
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (text[0] != '\r' || text[1] != '\n')
			out[n++] = (unsigned char)*text;
	}
	return slice_of(out, n);
}

static void
a_file_with_lf_throughout_is_the_same(void **state)
{
	struct lint l;

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		const struct lint_case *c = &cases[i];
		const struct lint_problem *p;

		if (slice_starts(slice_str(c->code),
			SLICE_LIT("format.bare")) ||
		    strcmp(c->code, "format.utf-16") == 0)
			continue;
		lint_octets(with_lf(c->bad), &l);
		p = problem_of(&l, c->code);
		if (p == NULL || p->line != c->line || p->column != c->column ||
		    problem_of(&l, "format.bare-lf") != NULL)
			fail_msg("%s, %zu", c->code, i);
	}
}

static void
a_right_message_has_no_problem(void **state)
{
	struct lint l;

	(void)state;
	lint_octets(SLICE_LIT(ALL B), &l);
	assert_int_equal(l.n, 0);
}

/* ---- what does not fit into a table ------------------------------------ */

static void
assert_said(struct slice octets, const char *code, size_t line, size_t column,
    const char *header)
{
	const struct lint_problem *p;
	struct lint l;

	lint_octets(octets, &l);
	p = problem_of(&l, code);
	if (p == NULL)
		fail_msg("%s is not said", code);
	else if (p->line != line || p->column != column ||
		 !slice_eq(p->header, slice_str(header)))
		fail_msg("%s is at %zu:%zu %.*s", code, p->line, p->column,
		    SLICE_FMT(p->header));
}

static void
assert_not_said(struct slice octets, const char *code)
{
	struct lint l;

	lint_octets(octets, &l);
	assert_null(problem_of(&l, code));
}

/* head, then a piece n times, then tail; to be freed. */
static struct slice
repeated(const char *head, const char *piece, size_t n, const char *tail)
{
	size_t piece_n = strlen(piece), at = strlen(head);
	unsigned char *p = malloc(at + n * piece_n + strlen(tail));

	if (p == NULL)
		abort();
	memcpy(p, head, at);
	for (size_t i = 0; i < n; i++, at += piece_n)
		memcpy(p + at, piece, piece_n);
	memcpy(p + at, tail, strlen(tail));
	return slice_of(p, at + strlen(tail));
}

static void
said_of_repeated(const struct slice octets[2], const char *code, size_t line,
    size_t column, const char *header)
{
	assert_said(octets[0], code, line, column, header);
	assert_not_said(octets[1], code);
	for (size_t i = 0; i < 2; i++)
		free((void *)(uintptr_t)octets[i].p);
}

static void
nul_octets_are_said(void **state)
{
	(void)state;
	assert_said(SLICE_LIT(ALL "X-A: a\0b\r\n" B), "format.nul", 6, 7,
	    "X-A");
	assert_said(SLICE_LIT(ALL "\r\na\r\nb\0c\0"), "format.nul", 8, 2, NULL);
	assert_not_said(SLICE_LIT(ALL B), "format.nul");
}

static void
fields_over_the_limit_are_said(void **state)
{
	const struct slice both[] = {
		repeated(ALL, "X: y\r\n", LIMIT_HEADER_FIELDS - 4, B),
		repeated(ALL, "X: y\r\n", LIMIT_HEADER_FIELDS - 5, B),
	};

	(void)state;
	said_of_repeated(both, "format.too-many-fields",
	    LIMIT_HEADER_FIELDS + 1, 0, NULL);
}

static void
a_field_over_the_limit_is_said(void **state)
{
	const struct slice both[] = {
		repeated(D F I S "To: a@b.example", " ", LIMIT_FIELD, B),
		repeated(D F I S "To: a@b.example", " ", LIMIT_FIELD - 20,
		    "\r\n" B),
	};

	(void)state;
	said_of_repeated(both, "format.field-too-long", 5, 4, "To");
}

static void
addresses_over_the_limit_are_said(void **state)
{
	const struct slice both[] = {
		repeated(D F I S "To: ", "a@b.example,\r\n ", LIMIT_ADDRESSES,
		    "c@d.example\r\n" B),
		repeated(D F I S "To: ", "a@b.example,\r\n ",
		    LIMIT_ADDRESSES - 1, "c@d.example\r\n" B),
	};

	(void)state;
	said_of_repeated(both, "format.address-too-many", LIMIT_ADDRESSES + 5,
	    2, "To");
}

static size_t
count_of(const char *octets, const char *code)
{
	const struct lint_problem *p;
	struct lint l;

	lint_octets(slice_str(octets), &l);
	p = problem_of(&l, code);
	return p != NULL ? p->count : 0;
}

static void
repetitions_are_counted(void **state)
{
	(void)state;
	assert_int_equal(count_of(ALL "\r\na\rb\r\n\r\r\rc\r\n",
			     "format.bare-cr"),
	    4);
	assert_int_equal(count_of(ALL "Subject: 2\r\nsubject: 3\r\n" B,
			     "format.duplicate-field"),
	    2);
	assert_int_equal(count_of(ALL "\r\na\nb\nc\n", "format.bare-lf"), 3);
}

/* UTF-16 of either order, with or without a mark, has one problem. */
static void
utf_16_has_one_problem(void **state)
{
	static const struct slice all[] = {
		{ (const unsigned char *)"\xfe\xff\0F\0r\0o\0m", 10 },
		{ (const unsigned char *)"F\0r\0o\0m\0:\0 \0a\0", 14 },
		{ (const unsigned char *)"\0F\0r\0o\0m\0:\0 \0a", 14 },
	};
	struct lint l;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		lint_octets(all[i], &l);
		assert_int_equal(l.n, 1);
		assert_ptr_equal(l.problems[0].kind, &lines_utf16);
	}
}

static void
nothing_is_said_to_no_lint(void **state)
{
	struct message m;
	struct fields f;

	(void)state;
	assert_int_equal(message_parse(arena, SLICE_LIT("x"), &m), RC_OK);
	fields_find(&m, &f);
	assert_true(lines_lint(NULL, &m));
	assert_int_equal(fields_lint(NULL, &m, &f, AS_OF), RC_OK);
}

/* ---- all kinds --------------------------------------------------------- */

/* Of those that are said above without the table. */
static const char *const apart[] = { "format.nul", "format.too-many-fields",
	"format.field-too-long", "format.address-too-many" };

static bool
is_tested(const char *code)
{
	for (size_t i = 0; i < CASES; i++) {
		if (strcmp(cases[i].code, code) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++) {
		if (strcmp(apart[i], code) == 0)
			return true;
	}
	return false;
}

static void
each_kind_is_tested(void **state)
{
	(void)state;
	/* Those of parts have a test of their own. */
	for (size_t i = 0; lint_kinds[i] != &mime_version_missing; i++) {
		const struct lint_kind *k = lint_kinds[i];

		if (!is_tested(k->code))
			fail_msg("%s has no test", k->code);
	}
}

static void
each_kind_says_what_to_do_by_which_clause(void **state)
{
	(void)state;
	for (size_t i = 0; lint_kinds[i] != NULL; i++) {
		const struct lint_kind *k = lint_kinds[i];

		assert_true(
		    slice_starts(slice_str(k->code), SLICE_LIT("format.")));
		assert_true(
		    slice_starts(slice_str(k->clause), SLICE_LIT("RFC ")) ||
		    slice_starts(slice_str(k->clause), SLICE_LIT("HTML ")));
		assert_true(strlen(k->todo) > 10);
		assert_true(k->todo[strlen(k->todo) - 1] != '.');
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(k->code, lint_kinds[j]->code);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_problem_is_said_where_it_is),
		TEST(what_is_nearly_the_same_is_fine),
		TEST(a_file_with_lf_throughout_is_the_same),
		TEST(a_right_message_has_no_problem),
		TEST(nul_octets_are_said),
		TEST(fields_over_the_limit_are_said),
		TEST(a_field_over_the_limit_is_said),
		TEST(addresses_over_the_limit_are_said),
		TEST(repetitions_are_counted),
		TEST(utf_16_has_one_problem),
		TEST(nothing_is_said_to_no_lint),
		TEST(each_kind_is_tested),
		TEST(each_kind_says_what_to_do_by_which_clause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
