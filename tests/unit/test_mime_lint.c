#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "message/mime.h"
#include "message/mime_kinds.h"
#include "with_arena.h"

/*
 * Each kind of problem of parts: a message that has it and nothing else, with
 * the place, and one that is nearly the same and has nothing.
 */

WITH_ARENA(16 * 1024 * 1024, 4096)

#define V        "MIME-Version: 1.0\r\n"
#define TYPE(t)  V "Content-Type: " t "\r\n"
#define PLAIN(p) TYPE("text/plain" p) "\r\nHello\r\n"
#define MIXED    TYPE("multipart/mixed; boundary=b") "\r\n"
#define ALT      TYPE("multipart/alternative; boundary=b") "\r\n"
#define CODED(e) "Content-Transfer-Encoding: " e "\r\n"
#define QP       TYPE("text/plain; charset=utf-8") CODED("quoted-printable") "\r\n"
#define BASE64   TYPE("image/png") CODED("base64") "\r\n"
#define T        "--b\r\nContent-Type: text/plain\r\n\r\nHello there\r\n"
#define H        "--b\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n"
#define E        "--b--\r\n"
#define X10      "xxxxxxxxxx"
#define X70      X10 X10 X10 X10 X10 X10 X10
#define A76 \
	"AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKKKKLLLLMMMMNNNNOOOOPPPP" \
	"QQQQRRRRSSSS"
#define X250 X70 X70 X70 X10 X10 X10 X10
#define LONG X250 X250 X250 X250 X10

static const struct lint_case {
	const char *code;
	const char *bad;
	size_t line, column;
	const char *header; /* NULL: none */
	const char *good;
} cases[] = {
	/* --- header fields ------------------------------------------- */
	{ "format.mime-version-missing", "Content-Type: text/plain\r\n\r\nx", 1,
	    1, NULL, TYPE("text/plain") "\r\nx" },
	{ "format.mime-version-missing", "Content-ID: <a@b>\r\n\r\nx", 1, 1,
	    NULL, "Subject: x\r\n\r\nx" },
	{ "format.mime-version",
	    "MIME-Version: 1.1\r\nContent-Type: text/plain\r\n\r\nx", 1, 14,
	    "MIME-Version",
	    "MIME-Version: (a) 1.0 (b)\r\nContent-Type: text/plain\r\n\r\nx" },
	{ "format.mime-field-twice",
	    MIXED
	    "--b\r\nContent-ID: <a@b>\r\ncontent-id: <c@d>\r\n\r\nx\r\n" E,
	    6, 1, "content-id",
	    MIXED "--b\r\nContent-ID: <a@b>\r\n\r\nx\r\n" E },
	{ "format.content-type", TYPE("text") "\r\nx", 2, 15, "Content-Type",
	    TYPE("text/plain") "\r\nx" },
	{ "format.content-type", TYPE("text/; charset=utf-8") "\r\nx", 2, 15,
	    "Content-Type", TYPE(" text / plain ; charset=utf-8") "\r\nx" },
	{ "format.content-disposition",
	    TYPE("text/plain") "Content-Disposition: ;filename=x\r\n\r\nx", 3,
	    22, "Content-Disposition",
	    TYPE(
		"text/plain") "Content-Disposition: inline;filename=x\r\n\r\nx" },
	{ "format.parameter-syntax", PLAIN("; charset"), 2, 27, "Content-Type",
	    PLAIN("; charset=utf-8;") },
	{ "format.parameter-syntax", PLAIN(";\r\n charset=utf-8\r\n name=x"), 4,
	    2, "Content-Type", PLAIN(";\r\n charset=utf-8;\r\n name=x") },
	{ "format.parameter-unquoted", PLAIN("; name=My file.pdf"), 2, 32,
	    "Content-Type", PLAIN("; name=\"My file.pdf\"") },
	{ "format.parameter-unclosed", PLAIN("; name=\"x"), 2, 32,
	    "Content-Type", PLAIN("; name=\"x\\\"\"") },
	{ "format.parameter-unclosed", PLAIN("; name=x (a(b)"), 2, 34,
	    "Content-Type", PLAIN("; name=x (a(b\\)))") },
	{ "format.parameter-twice", PLAIN("; charset=utf-8; CHARSET=ascii"), 2,
	    42, "Content-Type", PLAIN("; charset=utf-8; name*0=a; name*1=b") },
	{ "format.parameter-encoded-word", PLAIN("; name=\"=?utf-8?q?a?=\""), 2,
	    27, "Content-Type", PLAIN("; name=\"=?a?=\"") },
	{ "format.parameter-8bit", PLAIN("; name=\"\xc3\xa4\""), 2, 27,
	    "Content-Type", PLAIN("; name*=utf-8''%C3%A4") },
	{ "format.parameter-extended", PLAIN("; name*=utf-8''%C3%A"), 2, 27,
	    "Content-Type", PLAIN("; name*=utf-8'en'%c3%a4") },
	{ "format.parameter-extended", PLAIN("; name*0=a; name*2=b"), 2, 37,
	    "Content-Type", PLAIN("; name*1=b; name*0=a") },
	{ "format.parameter-extended", PLAIN("; name*=x-none''a"), 2, 27,
	    "Content-Type", PLAIN("; name*=iso-8859-1''%E4") },
	{ "format.parameter-limit", PLAIN("; name=\"" LONG X10 X10 "\""), 2, 27,
	    "Content-Type", PLAIN("; name=\"" LONG "\"") },
	{ "format.charset-unknown", PLAIN("; charset=x-none"), 2, 14,
	    "Content-Type", PLAIN("; charset=LATIN1") },
	{ "format.encoding-unknown", V CODED("8 bit") "\r\nx", 2, 27,
	    "Content-Transfer-Encoding", V CODED("8BIT") "\r\nx" },
	{ "format.encoding-composite",
	    TYPE("multipart/mixed; boundary=b") CODED("base64") "\r\n" T E, 3,
	    27, "Content-Transfer-Encoding",
	    TYPE("multipart/mixed; boundary=b") CODED("8bit") "\r\n" T E },
	{ "format.encoding-binary", V CODED("binary") "\r\nx", 2, 27,
	    "Content-Transfer-Encoding", V CODED("7bit") "\r\nx" },

	/* --- boundaries ---------------------------------------------- */
	{ "format.boundary-missing", TYPE("multipart/mixed") "\r\n" T E, 2, 14,
	    "Content-Type", MIXED T E },
	{ "format.boundary-missing",
	    TYPE("multipart/mixed; boundary=\"\"") "\r\n", 2, 14,
	    "Content-Type", MIXED T E },
	{ "format.boundary-long",
	    TYPE("multipart/mixed; boundary=" X70
		 "y") "\r\n--" X70 "y\r\n\r\nx\r\n--" X70 "y--\r\n",
	    2, 14, "Content-Type",
	    TYPE("multipart/mixed; boundary=" X70) "\r\n--" X70
						   "\r\n\r\nx\r\n--" X70
						   "--\r\n" },
	{ "format.boundary-characters",
	    TYPE(
		"multipart/mixed; boundary=\"a@b\"") "\r\n--a@b\r\n\r\nx\r\n--a@b--\r\n",
	    2, 14, "Content-Type",
	    TYPE(
		"multipart/mixed; boundary=\"a b'()+_,-./:=?\"") "\r\n--a b'()+_,-./:=?\r\n\r\nx\r\n--a b'()+_,-./:=?--\r\n" },
	{ "format.boundary-space",
	    TYPE("multipart/mixed; boundary=\"b \"") "\r\n" T E, 2, 14,
	    "Content-Type", MIXED T E },
	{ "format.boundary-unused", MIXED "--c\r\n\r\nx\r\n--c--\r\n", 4, 1,
	    NULL, MIXED T E },
	{ "format.boundary-unterminated", MIXED T "--b\r\n\r\nx\r\n", 11, 1,
	    NULL, MIXED T "--b\r\n\r\nx\r\n" E },
	{ "format.boundary-unterminated",
	    MIXED
	    "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n"
	    "x\r\n" E,
	    9, 2, NULL,
	    MIXED
	    "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n"
	    "x\r\n--c--\r\n" E },
	{ "format.boundary-nested",
	    MIXED
	    "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" T E E,
	    5, 1, NULL,
	    MIXED
	    "--b\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\n"
	    "x\r\n--B--\r\n" E },
	{ "format.boundary-prefix",
	    MIXED
	    "--b\r\nContent-Type: multipart/mixed; boundary=bc\r\n\r\n--bc\r\n"
	    "\r\nx\r\n--bc--\r\n" E,
	    5, 1, NULL,
	    MIXED
	    "--b\r\nContent-Type: multipart/mixed; boundary=cb\r\n\r\n--cb\r\n"
	    "\r\nx\r\n--cb--\r\n" E },
	{ "format.boundary-text", MIXED T "--bc\r\n" E, 8, 1, NULL,
	    MIXED T "--cb\r\n" E },
	{ "format.boundary-after-end", MIXED T E T, 9, 1, NULL, MIXED T E },
	{ "format.mime-epilogue", MIXED T E "\r\nSee you\r\n", 10, 1, NULL,
	    MIXED T E "\r\n \r\n" },
	{ "format.multipart-empty", MIXED E, 4, 1, NULL, MIXED T E },
	{ "format.part-no-blank-line", MIXED "--b\r\nContent-ID: <a@b>\r\n" E,
	    5, 1, NULL, MIXED "--b\r\nContent-ID: <a@b>\r\n\r\n" E },
	{ "format.part-no-blank-line", MIXED "--b\r\n" T E, 5, 1, NULL,
	    MIXED "--b\r\n\r\n" T E },
	{ "format.part-not-a-field",
	    MIXED "--b\r\nContent-ID: <a@b>\r\nHello\r\n\r\nx\r\n" E, 6, 1,
	    NULL, MIXED "--b\r\nContent-ID: <a@b>\r\n Hello\r\n\r\nx\r\n" E },
	{ "format.message-partial",
	    MIXED "--b\r\nContent-Type: message/partial; id=a; number=1\r\n\r\n"
		  "x\r\n" E,
	    5, 1, NULL, MIXED T E },
	{ "format.message-external-body",
	    MIXED
	    "--b\r\nContent-Type: message/external-body; access-type=URL\r\n"
	    "\r\nx\r\n" E,
	    5, 1, NULL, MIXED T E },

	/* --- transfer encodings -------------------------------------- */
	{ "format.body-8bit",
	    TYPE("text/plain; charset=utf-8") "\r\na\r\nb \xc3\xa4", 5, 3, NULL,
	    TYPE("text/plain; charset=utf-8") CODED("8bit") "\r\nb \xc3\xa4" },
	{ "format.qp-escape", QP "a=20\r\nb=G0", 6, 2, NULL,
	    QP "a=20\r\nb=c3=A4" },
	{ "format.qp-escape", QP "a=2", 5, 2, NULL, QP "a=20=\r\n=20" },
	{ "format.qp-8bit", QP "a\xc3\xa4", 5, 2, NULL, QP "a=C3=A4" },
	{ "format.qp-long-line", QP "a\r\n" X70 "1234567\r\n", 6, 77, NULL,
	    QP "a\r\n" X70 "12345=\r\n7\r\n" },
	{ "format.qp-trailing-space", QP "a \t\r\nb", 5, 2, NULL,
	    QP "a=20\r\nb" },
	{ "format.qp-soft-end", QP "a\r\nb=", 6, 2, NULL, QP "a= \r\nb" },
	{ "format.base64-character", BASE64 "QUJD\r\nQU.JD\r\n", 6, 3, NULL,
	    BASE64 "QUJD\r\nQU JD\r\n" },
	{ "format.base64-character", BASE64 "QUJD=\r\n", 5, 5, NULL,
	    BASE64 "QUJDRA==\r\n" },
	{ "format.base64-long-line", BASE64 A76 "\r\n" A76 "QUJD\r\n", 6, 77,
	    NULL, BASE64 A76 "\r\n" A76 "\r\n" },
	{ "format.base64-padding", BASE64 "QQ==\r\nQUJD\r\n", 6, 1, NULL,
	    BASE64 "QUJDQQ=\r\n=\r\n" },
	{ "format.base64-truncated", BASE64 "QUJD\r\nQUJ\r\n", 6, 1, NULL,
	    BASE64 "QUJD\r\nQUJ=\r\n" },
	{ "format.base64-truncated", BASE64 "QUJD\r\nQQ=", 6, 1, NULL,
	    BASE64 "QUJD\r\nQQ==" },

	/* --- charsets ------------------------------------------------ */
	{ "format.charset-missing", V CODED("8bit") "\r\na\xe4", 4, 2, NULL,
	    V CODED("8bit") "\r\na" },
	{ "format.charset-missing",
	    TYPE("text/plain") CODED("base64") "\r\nQUJD\r\nw6Q=\r\n", 6, 1,
	    NULL, TYPE("text/plain") CODED("base64") "\r\nQUJD\r\n" },
	{ "format.charset-ascii",
	    TYPE("text/plain; charset=US-ASCII")
		CODED("quoted-printable") "\r\nab=\r\nc=C3=A4",
	    6, 2, NULL,
	    TYPE("text/plain; charset=US-ASCII")
		CODED("quoted-printable") "\r\nab=\r\nc=3D" },
	{ "format.charset-octets", QP "a=C3=A4\r\nbc=E4d", 6, 3, NULL,
	    QP "a=C3=A4\r\nbc=C3=A4d" },
	{ "format.charset-octets",
	    TYPE("text/plain; charset=iso-8859-7") CODED("8bit") "\r\n\xe1\xd2",
	    5, 2, NULL,
	    TYPE("text/plain; charset=iso-8859-7") CODED("8bit") "\r\n\xe1" },
	{ "format.charset-octets",
	    TYPE("text/plain; charset=iso-2022-jp") "\r\nab\x1b$B!\r\n", 4, 6,
	    NULL,
	    TYPE(
		"text/plain; charset=iso-2022-jp") "\r\nab\x1b$B!!\x1b(B\r\n" },

	/* --- texts --------------------------------------------------- */
	{ "format.html-only", TYPE("text/html") "\r\n<p>x</p>", 1, 1, NULL,
	    ALT T H E },
	{ "format.html-only", MIXED H E, 5, 1, NULL, MIXED T H E },
	{ "format.alternative-no-text", ALT H E, 1, 1, NULL, ALT T H E },
	{ "format.alternative-no-text",
	    ALT H "--b\r\nContent-Type: text/plain\r\n"
		  "Content-Disposition: attachment\r\n\r\nx\r\n" E,
	    1, 1, NULL, ALT T H E },
	{ "format.alternative-order", ALT H T E, 5, 1, NULL, ALT T H E },
	{ "format.text-empty",
	    ALT "--b\r\n\r\n \r\n--b\r\nContent-Type: text/html\r\n\r\n<p>" LONG
		"</p>\r\n" E,
	    5, 1, NULL, ALT "--b\r\n\r\n \r\n" H E },
	{ "format.text-is-html", TYPE("text/plain") "\r\n <HTML><p>x", 4, 2,
	    NULL, PLAIN("") "see <html> tags" },
	{ "format.text-is-html", PLAIN("") "<p>a</p><p>b</p><br><a>c</a>", 5, 1,
	    NULL, PLAIN("") "<https://example.com/> a <b@c.example> 1 < 2" },
	{ "format.html-cut-off",
	    ALT T "--b\r\nContent-Type: text/html\r\n\r\n"
		  "<p>a</p>\r\n<a href=\"x\r\n" E,
	    12, 1, NULL, ALT T H E },
	{ "format.html-cut-off",
	    ALT T "--b\r\nContent-Type: text/html\r\n\r\n"
		  "a <!-- b > c\r\n" E,
	    11, 3, NULL,
	    ALT T "--b\r\nContent-Type: text/html\r\n\r\n"
		  "1 < 2 <!-- b > <i --> c <!--> d\r\n" E },
	{ "format.html-unclosed",
	    ALT T "--b\r\nContent-Type: text/html\r\n\r\n"
		  "<html><p>a</p>\r\n" E,
	    11, 14, NULL,
	    ALT T "--b\r\nContent-Type: text/html\r\n\r\n"
		  "<html><p>a</p></HTML >\r\n" E },
	{ "format.template-tag", QP "a=20{=\r\n{name}} b", 5, 5, NULL,
	    QP "a=20{=\r\nnme} b" },
	{ "format.template-tag", PLAIN("") "Dear *|FNAME|*, 100%", 5, 6, NULL,
	    PLAIN("") "[Unsubscribe] (https://example.com/)" },
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

static const struct lint *
lint_of(const char *text, struct mime *mime)
{
	static struct lint l;
	struct message m;

	arena_reset(arena);
	l = (struct lint){ .arena = arena };
	assert_int_equal(message_parse(arena, slice_str(text), &m), RC_OK);
	assert_int_equal(mime_parse(arena, &m, &l, mime), RC_OK);
	return &l;
}

static void
check_bad(const struct lint_case *c)
{
	struct mime mime;
	const struct lint *l = lint_of(c->bad, &mime);
	const struct lint_problem *p = l->problems;

	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->problems[i].kind->code, c->code) == 0)
			p = &l->problems[i];
		else
			print_message("# also %s in %s\n",
			    l->problems[i].kind->code, c->bad);
	if (l->n == 0 || strcmp(p->kind->code, c->code) != 0)
		fail_msg("%s: not said of %s", c->code, c->bad);
	if (p->line != c->line || p->column != c->column ||
	    !slice_eq(p->header, slice_str(c->header)))
		fail_msg("%s: at %zu:%zu, not %zu:%zu, of %s", c->code, p->line,
		    p->column, c->line, c->column, c->bad);
	assert_true(p->detail.n > 0);
	if (l->n != 1)
		fail_msg("%s: more is said of %s", c->code, c->bad);
}

static void
each_problem_is_said_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++)
		check_bad(&cases[i]);
}

static void
what_is_right_is_let_be(void **state)
{
	struct mime mime;

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		const struct lint *l;

		if (cases[i].good == NULL)
			continue;
		l = lint_of(cases[i].good, &mime);
		if (l->n > 0)
			fail_msg("%s is said of %s", l->problems[0].kind->code,
			    cases[i].good);
	}
}

static bool
has_case(const char *code)
{
	for (size_t i = 0; i < CASES; i++) {
		if (strcmp(cases[i].code, code) == 0)
			return true;
	}
	return false;
}

/* Limits are for test_mime.c. */
static bool
is_limit(const struct lint_kind *k)
{
	return k == &mime_too_deep || k == &mime_too_many ||
	       k == &mime_text_long || k == &mime_html_clipped;
}

static void
each_kind_has_a_case(void **state)
{
	size_t i = 0, n = 0;

	(void)state;
	while (lint_kinds[i] != &mime_version_missing)
		i++;
	for (; lint_kinds[i] != NULL; i++, n++) {
		if (!is_limit(lint_kinds[i]) && !has_case(lint_kinds[i]->code))
			fail_msg("%s has no case", lint_kinds[i]->code);
		if (lint_kinds[i] == &mime_html_open)
			break;
	}
	assert_true(n > 50);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_problem_is_said_with_its_place),
		TEST(what_is_right_is_let_be),
		TEST(each_kind_has_a_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
