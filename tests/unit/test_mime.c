#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena_sweep.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "message/mime.h"
#include "message/mime_kinds.h"
#include "with_arena.h"

WITH_ARENA(16 * 1024 * 1024, 4096)

#define TYPE(t)     "Content-Type: " t "\r\n"
#define MULTI(s, b) TYPE("multipart/" s "; boundary=" b) "\r\n"
#define FILLER      "x\r\n"

static void
parse(struct slice octets, struct lint *l, struct mime *out)
{
	struct message m;

	arena_reset(arena);
	if (l != NULL)
		*l = (struct lint){ .arena = arena };
	assert_int_equal(message_parse(arena, octets, &m), RC_OK);
	assert_int_equal(mime_parse(arena, &m, l, out), RC_OK);
}

/* ---- trees ------------------------------------------------------------- */

static const struct {
	const char *text;
	const char *tree; /* types, in parentheses what is within */
	const char *body; /* of the last part; NULL: it has none */
} trees[] = {
	{ "a: b\r\n\r\nx\r\n", "text/plain", "x\r\n" },
	{ "a: b\r\n", "text/plain", NULL },
	{ "", "text/plain", NULL },
	{ "\r\nx", "text/plain", "x" },
	{ TYPE("TEXT/Html") "\r\n", "text/html", "" },
	{ TYPE("text") "\r\n", "text/plain", "" },
	{ MULTI("mixed", "b") "--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n",
	    "multipart/mixed (text/plain text/plain)", "y" },
	/* LF alone, white space behind boundaries, no end. */
	{ "Content-Type: multipart/mixed; boundary=\"b\"\n\npre\n--b \n\nx\n"
	  "--b\t\r\n\ny\n",
	    "multipart/mixed (text/plain text/plain)", "y\n" },
	{ MULTI("mixed", "b") "--c\r\n\r\nx\r\n--c--\r\n", "multipart/mixed",
	    "--c\r\n\r\nx\r\n--c--\r\n" },
	{ TYPE("multipart/mixed") "\r\n--c\r\n", "multipart/mixed", "--c\r\n" },
	/* An inner one that does not end. */
	{ MULTI("mixed", "b") "--b\r\n" MULTI("related",
	      "c") "--c\r\n\r\nx\r\n"
		   "--b\r\n\r\ny\r\n--b--\r\n",
	    "multipart/mixed (multipart/related (text/plain) text/plain)",
	    "y" },
	/* A boundary that begins with the outer one, and the other way. */
	{ MULTI("mixed", "b") "--b\r\n" MULTI("related",
	      "bb") "--bb\r\n\r\nx\r\n--bb--\r\n--b\r\n\r\ny\r\n--b--\r\n",
	    "multipart/mixed (multipart/related (text/plain) text/plain)",
	    "y" },
	{ MULTI("mixed", "bb") "--bb\r\n" MULTI("related",
	      "b") "--b\r\n\r\nx\r\n--b--\r\n--bb\r\n\r\ny\r\n--bb--\r\n",
	    "multipart/mixed (multipart/related (text/plain) text/plain)",
	    "y" },
	/* One that ends with "--". */
	{ MULTI("mixed", "b--") "--b--\r\n\r\nx\r\n--b----\r\n",
	    "multipart/mixed (text/plain)", "x" },
	/* The same boundary within. */
	{ MULTI("mixed", "b") "--b\r\n" MULTI("related",
	      "b") "--b\r\n\r\nx\r\n--b--\r\n--b\r\n\r\ny\r\n--b--\r\n",
	    "multipart/mixed (multipart/related (text/plain) text/plain)",
	    "y" },
	/* Parts without an empty line, or with nothing at all. */
	{ MULTI("mixed", "b") "--b\r\n--b\r\na: b\r\n--b--\r\n",
	    "multipart/mixed (text/plain text/plain)", NULL },
	{ MULTI("mixed", "b") "--b\r\n\r\n--b--\r\n",
	    "multipart/mixed (text/plain)", "" },
	{ MULTI("mixed", "b") "--b--\r\nx", "multipart/mixed", "--b--\r\nx" },
	/* A delimiter line that could be a header field. */
	{ MULTI("mixed", "\"b:c\"") "--b:c\r\na: b\r\n--b:c\r\n\r\nx\r\n"
				    "--b:c--\r\n",
	    "multipart/mixed (text/plain text/plain)", "x" },
	{ MULTI("digest", "b") "--b\r\n\r\nSubject: x\r\n\r\ny\r\n--b--\r\n",
	    "multipart/digest (message/rfc822 (text/plain))", "y" },
	{ TYPE("message/rfc822") "\r\n" TYPE("text/html") "\r\nx",
	    "message/rfc822 (text/html)", "x" },
	/* Encoded, it is not looked into. */
	{ TYPE(
	      "message/rfc822") "Content-Transfer-Encoding: base64\r\n\r\nQUJD",
	    "message/rfc822", "QUJD" },
	{ MULTI("mixed", "b") "--b\r\n" TYPE(
	      "message/rfc822") "\r\n" MULTI("mixed",
	      "c") "--c\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n",
	    "multipart/mixed (message/rfc822 (multipart/mixed (text/plain)) "
	    "text/plain)",
	    "y" },
};

static void
tree_add(struct buf *out, const struct mime *m)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct mime_part *p = &m->parts[i];
		size_t next = i + 1 < m->n ? m->parts[i + 1].depth : 0;

		buf_printf(out, "%.*s/%.*s", SLICE_FMT(p->type),
		    SLICE_FMT(p->subtype));
		if (next > p->depth)
			buf_add_str(out, " (");
		for (size_t d = p->depth; d > next; d--)
			buf_add_char(out, ')');
		if (next <= p->depth && i + 1 < m->n)
			buf_add_char(out, ' ');
	}
}

static void
messages_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		const struct mime_part *last;
		struct mime m;
		struct buf tree;

		parse(slice_str(trees[i].text), NULL, &m);
		buf_init(&tree, 10 * 1024);
		tree_add(&tree, &m);
		if (!slice_eq(buf_slice(&tree), slice_str(trees[i].tree)))
			fail_msg("%.*s\n%s", SLICE_FMT(buf_slice(&tree)),
			    trees[i].text);
		buf_free(&tree);
		last = &m.parts[m.n - 1];
		if (!slice_eq(last->body, slice_str(trees[i].body)) ||
		    (last->body.p == NULL) != (trees[i].body == NULL))
			fail_msg("%.*s, not %s", SLICE_FMT(last->body),
			    trees[i].body);
		assert_null(m.parts[0].parent);
		for (size_t k = 1; k < m.n; k++)
			assert_int_equal(m.parts[k].parent->depth + 1,
			    m.parts[k].depth);
	}
}

static void
each_octet_has_its_place(void **state)
{
	const struct mime_part *p;
	struct mime m;

	(void)state;
	parse(SLICE_LIT("From x\r\nA: b\r\n" MULTI("mixed",
		  "b") "before\r\n--b\r\nC: d\r\n\r\nx\r\ny\r\n--b\r\n\r\n"
		       "--b-- \r\nafter\r\n"),
	    NULL, &m);
	assert_int_equal(m.n, 3);
	p = m.parts;
	assert_int_equal(p[0].line, 2);
	assert_int_equal(p[0].body_line, 5);
	assert_int_equal(p[0].parts, 2);
	assert_true(slice_eq(p[0].preamble, SLICE_LIT("before")));
	assert_true(slice_eq(p[0].epilogue, SLICE_LIT("after\r\n")));
	assert_true(slice_eq(p[1].octets, SLICE_LIT("C: d\r\n\r\nx\r\ny")));
	assert_true(slice_eq(p[1].header, SLICE_LIT("C: d\r\n")));
	assert_true(slice_eq(p[1].body, SLICE_LIT("x\r\ny")));
	assert_int_equal(p[1].line, 7);
	assert_int_equal(p[1].body_line, 9);
	assert_int_equal(p[2].line, 12);
	assert_int_equal(p[2].body.n, 0);
	assert_non_null(p[2].body.p);
}

static void
header_fields_are_read(void **state)
{
	const struct mime_part *p;
	struct mime m;

	(void)state;
	parse(
	    SLICE_LIT(TYPE(
		"Image/PNG; CHARSET=UTF-8; name=a") "Content-ID: <a@b>"
						    "\r\nContent-Disposition: attachment; filename*=utf-8''%C3%A4"
						    "\r\nContent-Transfer-Encoding: Base64 (a)\r\n\r\nQQ=="),
	    NULL, &m);
	p = m.parts;
	assert_true(mime_is(p, "image", "png"));
	assert_true(mime_is(p, "image", NULL));
	assert_false(mime_is(p, "image", "gif"));
	assert_true(slice_eq(p->charset, SLICE_LIT("utf-8")));
	assert_true(slice_eq(p->name, SLICE_LIT("\xc3\xa4")));
	assert_true(slice_eq(p->id, SLICE_LIT("a@b")));
	assert_int_equal(p->disposition, MIME_ATTACHMENT);
	assert_int_equal(p->encoding, MIME_BASE64);
	assert_true(slice_eq(p->encoding_name, SLICE_LIT("Base64")));
	assert_true(mime_is_attachment(p));
	assert_true(p->typed);
	parse(SLICE_LIT("Content-Disposition: x-none\r\n"
			"Content-Transfer-Encoding: x-uuencode\r\n\r\n"),
	    NULL, &m);
	p = m.parts;
	assert_int_equal(p->disposition, MIME_ATTACHMENT);
	assert_int_equal(p->encoding, MIME_OTHER);
	assert_false(p->typed);
}

static void
the_body_is_no_attachment_and_of_the_message_itself(void **state)
{
	struct mime m;

	(void)state;
	parse(
	    SLICE_LIT(MULTI("mixed",
		"b") "--b\r\nContent-Disposition: "
		     "attachment\r\n\r\nx\r\n--b\r\n" TYPE(
			 "message/rfc822") "\r\nA: b\r\n\r\nx\r\n--b\r\n" MULTI("alternative",
			 "c") "--c\r\n\r\ny\r\n--c\r\n" TYPE("text/html") "\r\nz\r\n--c--\r\n"
									  "--b--\r\n"),
	    NULL, &m);
	assert_true(slice_eq(mime_body(&m, "plain")->body, SLICE_LIT("y")));
	assert_true(slice_eq(mime_body(&m, "html")->body, SLICE_LIT("z")));
	assert_null(mime_body(&m, "calendar"));
}

/* ---- text -------------------------------------------------------------- */

static const struct {
	const char *header, *body, *text;
	size_t max;
	bool cut;
} texts[] = {
	{ "charset=utf-8", "caf\xc3\xa9", "caf\xc3\xa9", 100, false },
	{ "charset=utf-8", "caf\xc3\xa9", "caf", 4, true },
	{ "charset=utf-8", "caf\xc3\xa9", "caf\xc3\xa9", 5, false },
	{ "charset=utf-8", "caf\xe9", "caf\xef\xbf\xbd", 100, false },
	{ "charset=iso-8859-1", "caf\xe9", "caf\xc3\xa9", 100, false },
	{ "charset=iso-8859-1", "caf\xe9", "caf", 3, true },
	{ "charset=x-none", "caf\xe9", "caf\xef\xbf\xbd", 100, false },
	{ "x=y", "caf\xc3\xa9", "caf\xc3\xa9", 100, false },
	{ "charset=koi8-r\r\nContent-Transfer-Encoding: base64",
	    "8NI=", "\xd0\x9f\xd1\x80", 100, false },
	{ "charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
	    "=C3=\r\n=A4 =", "\xc3\xa4 ", 100, false },
};

static void
bodies_become_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct slice text;
		struct mime m;
		bool cut;

		char *all = arena_printf(arena,
		    "Content-Type: text/plain; %s\r\n\r\n%s", texts[i].header,
		    texts[i].body);
		struct message message;

		assert_int_equal(message_parse(arena, slice_str(all), &message),
		    RC_OK);
		assert_int_equal(mime_parse(arena, &message, NULL, &m), RC_OK);
		assert_int_equal(mime_text(arena, m.parts, texts[i].max, &text,
				     &cut),
		    RC_OK);
		if (!slice_eq(text, slice_str(texts[i].text)))
			fail_msg("%zu: %.*s", i, SLICE_FMT(text));
		assert_int_equal(cut, texts[i].cut);
		assert_true(utf8_valid(text));
	}
}

/* ---- limits ------------------------------------------------------------ */

static void
check_one_problem(const struct lint *l, const struct lint_kind *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->problems[i].kind == kind;
	assert_int_equal(n, 1);
	assert_false(l->cut);
}

static void
ten_thousand_nested_parts_are_one_problem(void **state)
{
	struct buf b;
	struct lint l;
	struct mime m;

	(void)state;
	buf_init(&b, 10 * 1024 * 1024);
	for (int i = 0; i < 10 * 1000; i++)
		buf_printf(&b, MULTI("mixed", "n%d") "--n%d\r\n", i, i);
	parse(buf_slice(&b), &l, &m);
	assert_true(m.too_deep);
	assert_int_equal(m.n, LIMIT_MIME_DEPTH + 1);
	check_one_problem(&l, &mime_too_deep);
	buf_reset(&b);
	for (int i = 0; i < 10 * 1000; i++)
		buf_add_str(&b, TYPE("message/rfc822") "\r\n");
	parse(buf_slice(&b), &l, &m);
	assert_true(m.too_deep);
	assert_int_equal(m.n, LIMIT_MIME_DEPTH + 1);
	check_one_problem(&l, &mime_too_deep);
	buf_free(&b);
}

static void
a_hundred_thousand_parts_are_one_problem(void **state)
{
	struct buf b;
	struct lint l;
	struct mime m;

	(void)state;
	buf_init(&b, 10 * 1024 * 1024);
	buf_add_str(&b, "MIME-Version: 1.0\r\n" MULTI("mixed", "b"));
	for (int i = 0; i < 100 * 1000; i++)
		buf_add_str(&b, "--b\r\n\r\nx\r\n");
	parse(buf_slice(&b), &l, &m);
	assert_true(m.too_many);
	assert_int_equal(m.n, LIMIT_MIME_PARTS);
	assert_int_equal(l.n, 1);
	check_one_problem(&l, &mime_too_many);
	assert_int_equal(m.parts[0].epilogue.p + m.parts[0].epilogue.n - b.p,
	    b.n);
	assert_true(arena_size(arena) < 2 * 1024 * 1024);
	buf_free(&b);
}

static void
a_long_text_is_looked_at_in_part(void **state)
{
	struct buf b;
	struct lint l;
	struct mime m;

	(void)state;
	buf_init(&b, 10 * 1024 * 1024);
	buf_add_str(&b,
	    "MIME-Version: 1.0\r\n" TYPE(
		"text/plain") "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	while (b.n < 2 * LIMIT_MIME_TEXT)
		buf_add_str(&b, "abcdefgh=\r\n");
	buf_add_str(&b, "x{{name}}\r\n");
	parse(buf_slice(&b), &l, &m);
	assert_int_equal(l.n, 1);
	check_one_problem(&l, &mime_text_long);
	assert_true(m.parts[0].decoded > LIMIT_MIME_TEXT);
	buf_free(&b);
}

static void
html_over_102_kilobytes_is_clipped(void **state)
{
	struct buf b;
	struct lint l;
	struct mime m;
	size_t header;

	(void)state;
	buf_init(&b, 1024 * 1024);
	buf_add_str(&b, "MIME-Version: 1.0\r\n" TYPE("text/html") "\r\n");
	header = b.n;
	while (b.n < header + GMAIL_CLIPS)
		buf_add_char(&b, 'x');
	parse(buf_slice(&b), &l, &m);
	assert_int_equal(l.n, 1); /* format.html-only */
	buf_add_char(&b, 'x');
	parse(buf_slice(&b), &l, &m);
	assert_int_equal(l.n, 2);
	check_one_problem(&l, &mime_html_clipped);
	assert_int_equal(l.problems[0].line, 4);
	assert_int_equal(l.problems[0].column, GMAIL_CLIPS + 1);
	buf_free(&b);
}

/* ---- memory ------------------------------------------------------------ */

static const char swept[] =
    "MIME-Version: 1.0\r\n" MULTI("mixed", "\"a\\b\"") "--ab\r\n" TYPE(
	"Text/Html; charset=iso-8859-7; name*=utf-8''%C3%A4") "Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>=D2{{name}}\r\n"
							      "--ab\r\n" TYPE(
								  "text/plain; charset=X; name=\"=?utf-8?q?a?=\"") "Content-Transfer-Encoding: x\r\n\r\n<html>\xff\r\n--ab--\r\n";

static enum rc
run_parse(struct arena *a)
{
	struct lint l = { .arena = a };
	struct message m;
	struct mime mime;
	enum rc rc = message_parse(a, slice_str(swept), &m);

	if (rc == RC_OK)
		rc = mime_parse(a, &m, &l, &mime);
	if (rc)
		return rc;
	assert_int_equal(mime.n, 3);
	assert_true(l.n > 5);
	return RC_OK;
}

static enum rc
run_text(struct arena *a)
{
	struct message m;
	struct mime mime;
	struct slice text;
	bool cut;
	enum rc rc = message_parse(a, slice_str(swept), &m);

	if (rc == RC_OK)
		rc = mime_parse(a, &m, NULL, &mime);
	if (rc == RC_OK)
		rc = mime_text(a, &mime.parts[1], 100, &text, &cut);
	if (rc)
		return rc;
	assert_true(slice_starts(text, SLICE_LIT("<p>\xef\xbf\xbd")));
	return RC_OK;
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	arena_sweep(run_parse);
	arena_sweep(run_text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages_are_taken_apart),
		TEST(each_octet_has_its_place),
		TEST(header_fields_are_read),
		TEST(the_body_is_no_attachment_and_of_the_message_itself),
		TEST(bodies_become_utf8),
		TEST(ten_thousand_nested_parts_are_one_problem),
		TEST(a_hundred_thousand_parts_are_one_problem),
		TEST(a_long_text_is_looked_at_in_part),
		TEST(html_over_102_kilobytes_is_clipped),
		TEST(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
