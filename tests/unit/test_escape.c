#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/escape.h"

typedef void escaper(struct buf *, struct slice);

struct escape_case {
	struct slice in;
	const char *want;
};

#define IN(s) \
	{ \
		(const unsigned char *)("" s), sizeof(s) - 1 \
	}

static void
check(escaper *f, const struct escape_case *cases, size_t n)
{
	struct buf b;

	buf_init(&b, 1024);
	for (size_t i = 0; i < n; i++) {
		buf_reset(&b);
		f(&b, cases[i].in);
		assert_false(b.failed);
		buf_add_char(&b, '\0');
		assert_string_equal((const char *)b.p, cases[i].want);
	}
	buf_free(&b);
}

#define CHECK(f, cases) check((f), (cases), sizeof(cases) / sizeof(*(cases)))

static void
terminal_shows_nothing_that_acts(void **state)
{
	static const struct escape_case cases[] = {
		{ IN(""), "" },
		{ IN("plain \\ text"), "plain \\ text" },
		{ IN("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"),
		    "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80" },
		{ IN("a\nb\tc\r"), "a\\nb\\tc\\u{D}" },
		{ IN("\x1b[31m\x07\x7f\0"), "\\u{1B}[31m\\u{7}\\u{7F}\\u{0}" },
		{ IN("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0"),
		    "\\u{80}\\u{9B}\\u{9F}\xc2\xa0" },
		{ IN("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f"),
		    "\\u{61C}\\u{200E}\\u{200F}" },
		{ IN("\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9"),
		    "\\u{202A}\\u{202E}\\u{2066}\\u{2069}" },
		{ IN("\xe2\x80\xa8\xe2\x80\xa9"), "\\u{2028}\\u{2029}" },
		{ IN("\xc2\xad\xe2\x80\x8b\xe2\x80\x8d\xe2\x81\xa0\xef\xbb"
		     "\xbf"),
		    "\\u{AD}\\u{200B}\\u{200D}\\u{2060}\\u{FEFF}" },
		{ IN("\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\xbf\xbe"),
		    "\\u{FFFE}\\u{FFFF}\\u{1FFFE}" },
		{ IN("\xf3\xa0\x80\x81\xf3\xa0\x81\xbf"),
		    "\\u{E0001}\\u{E007F}" },
		{ IN("\xef\xbf\xbd\xe2\x80\x90"), "\xef\xbf\xbd\xe2\x80\x90" },
	};

	(void)state;
	CHECK(escape_terminal, cases);
}

static void
invalid_utf8_is_shown_octet_by_octet(void **state)
{
	static const struct escape_case cases[] = {
		{ IN("\x80"), "\\x80" },
		{ IN("a\xff"
		     "b\xfe"),
		    "a\\xFFb\\xFE" },
		{ IN("\xc0\x80"), "\\xC0\\x80" },
		{ IN("\xc1\xbf"), "\\xC1\\xBF" },
		{ IN("\xe0\x80\xaf"), "\\xE0\\x80\\xAF" },
		{ IN("\xf0\x80\x80\xaf"), "\\xF0\\x80\\x80\\xAF" },
		{ IN("\xed\xa0\x80"), "\\xED\\xA0\\x80" },
		{ IN("\xed\xbf\xbf"), "\\xED\\xBF\\xBF" },
		{ IN("\xf4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80" },
		{ IN("\xf5\x80\x80\x80"), "\\xF5\\x80\\x80\\x80" },
		{ IN("\xe2\x82"), "\\xE2\\x82" },
		{ IN("\xc3"), "\\xC3" },
		{ IN("\xc3"
		     "a"),
		    "\\xC3a" },
		/* What follows a broken sequence is read anew. */
		{ IN("\xe2\xc3\xbc"), "\\xE2\xc3\xbc" },
		{ IN("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbd"),
		    "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbd" },
	};

	(void)state;
	CHECK(escape_terminal, cases);
}

static void
csv_field_is_quoted_and_never_a_formula(void **state)
{
	static const struct escape_case cases[] = {
		{ IN(""), "" },
		{ IN("plain"), "plain" },
		{ IN("a,b"), "\"a,b\"" },
		{ IN("say \"hi\""), "\"say \"\"hi\"\"\"" },
		{ IN("a\nb"), "\"a\nb\"" },
		{ IN("a\r\nb"), "\"a\\u{D}\nb\"" },
		{ IN(" a"), "\" a\"" },
		{ IN("a;b"), "\"a;b\"" },
		{ IN("=1+1"), "'=1+1" },
		{ IN("@SUM(A1)"), "'@SUM(A1)" },
		{ IN("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0" },
		{ IN("-2+3"), "'-2+3" },
		{ IN("=HYPERLINK(\"x\",\"y\")"),
		    "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"" },
		{ IN("\t=1"), "\"'\t=1\"" },
		{ IN("\r=1"), "'\\u{D}=1" },
		{ IN("\xef\xbc\x9d"
		     "1"),
		    "'\xef\xbc\x9d"
		    "1" },
		{ IN("-"), "'-" },
		{ IN("-1"), "-1" },
		{ IN("+1.50e-3"), "+1.50e-3" },
		{ IN("-1."), "'-1." },
		{ IN("-1e"), "'-1e" },
		{ IN("-.5"), "'-.5" },
		{ IN("-1 "), "\"'-1 \"" },
		{ IN("\x1b[0m"), "\\u{1B}[0m" },
		{ IN("gr\xc3\xbc\xc3\x9f \\ \xff"),
		    "gr\xc3\xbc\xc3\x9f \\ \\xFF" },
		{ IN("a long plain text \"with\" quotes, that is cut"),
		    "\"a long plain text \"\"with\"\" quotes, that is cut\"" },
	};

	(void)state;
	CHECK(escape_csv, cases);
}

static void
html_has_no_markup_left(void **state)
{
	static const struct escape_case cases[] = {
		{ IN("<a href=\"x\">&'"),
		    "&lt;a href=&quot;x&quot;&gt;&amp;&#39;" },
		{ IN("a\n\tb\r\0"), "a\n\tb\\u{D}\\u{0}" },
		{ IN("\xff<"), "\\xFF&lt;" },
	};

	(void)state;
	CHECK(escape_html, cases);
}

static void
xml_keeps_lines_in_an_attribute(void **state)
{
	static const struct escape_case cases[] = {
		{ IN(""), "" },
		{ IN("<a href=\"x\">&'"),
		    "&lt;a href=&quot;x&quot;&gt;&amp;&#39;" },
		{ IN("a\n\tb\r\0"), "a&#10;&#9;b\\u{D}\\u{0}" },
		{ IN("]]>"), "]]&gt;" },
		{ IN("\xef\xbf\xbe\xff<"), "\\u{FFFE}\\xFF&lt;" },
		{ IN("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80" },
	};

	(void)state;
	CHECK(escape_xml, cases);
}

static void
markdown_leaves_words_alone(void **state)
{
	static const struct escape_case cases[] = {
		{ IN(""), "" },
		{ IN("Send mail over TLS."), "Send mail over TLS." },
		{ IN("It isn't (\"so\"), is it? Yes; or/and: no."),
		    "It isn't (\"so\"), is it? Yes; or/and: no." },
		{ IN("under 0.3%, not 50%"), "under 0.3%, not 50%" },
		{ IN("192.0.2.1 mail.example.com."),
		    "192.0.2.1 mail.example.com." },
		{ IN("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f" },
		{ IN("  two   spaces "), "two spaces" },
		{ IN("in 2026."), "in 2026." },
		{ IN("..."), "..." },
	};

	(void)state;
	CHECK(escape_markdown, cases);
}

static void
markdown_makes_code_of_what_might_act(void **state)
{
	static const struct escape_case cases[] = {
		{ IN("v=spf1 include:a.example -all"),
		    "`v=spf1 include:a.example -all`" },
		{ IN("set p=none, then wait"), "set `p=none`, then wait" },
		{ IN("(see https://a.example/x)."),
		    "(see `https://a.example/x`)." },
		{ IN("[x](http://a)"), "`[x](http://a)`" },
		{ IN("![x](y) <b>"), "`![x](y) <b>`" },
		{ IN("www.a.example"), "`www.a.example`" },
		{ IN("WWW.a.example"), "`WWW.a.example`" },
		{ IN("a@b.example, @c"), "`a@b.example`, `@c`" },
		{ IN("#1 GH-1 !1"), "`#1 GH-1 !1`" },
		{ IN("deadbeef deed"), "`deadbeef` deed" },
		{ IN("**b** _i_"), "`**b** _i_`" },
		{ IN("a | `b`"), "a `\\u{7C} \\u{60}b\\u{60}`" },
		{ IN("- a"), "`-` a" },
		{ IN("1. a"), "`1.` a" },
		{ IN("12) a"), "`12)` a" },
		{ IN("# a"), "`#` a" },
		{ IN("/close"), "`/close`" },
		{ IN(":smile:"), "`:smile`:" },
		{ IN("f(x@y)"), "`f(x@y)`" },
		{ IN("a\nb\tc"), "`a\\nb\\tc`" },
		{ IN("\x1b[m\xff"), "`\\u{1B}[m\\xFF`" },
		{ IN("\\"), "`\\`" },
		{ IN("&amp;"), "`&amp`;" },
		{ IN("---"), "`---`" },
		{ IN("==="), "`===`" },
	};

	(void)state;
	CHECK(escape_markdown, cases);
}

static void
uri_has_only_unreserved_octets(void **state)
{
	static const struct escape_case cases[] = {
		{ IN("a/b-c_d.e~f"), "a/b-c_d.e~f" },
		{ IN("a b?c#d%e:f"), "a%20b%3Fc%23d%25e%3Af" },
		{ IN("\xc3\xbc\xff\n\0"), "%C3%BC%FF%0A%00" },
		{ IN("[<\"'>]\\"), "%5B%3C%22%27%3E%5D%5C" },
	};

	(void)state;
	CHECK(escape_uri, cases);
}

static void
xlsx_cell_has_only_what_xml_allows(void **state)
{
	static const struct escape_case cases[] = {
		{ IN("=1+1"), "=1+1" },
		{ IN("a\n\tb\r\v"), "a\n\tb\\u{D}\\u{B}" },
		{ IN("\xef\xbf\xbf\xff"), "\\u{FFFF}\\xFF" },
		{ IN("\"a\\b\"\"c\" '"), "\"a\\b\"\"c\" '" },
		/* Excel would read a character there. */
		{ IN("_x003D_1"), "_x005F_x003D_1" },
		{ IN("__x202e__"), "__x005F_x202e__" },
		{ IN("_x005F_x000d_"), "_x005F_x005F_x005F_x000d_" },
		{ IN("_x003D _x03D_ _X003D_ _x003G_ _x003D"),
		    "_x003D _x03D_ _X003D_ _x003G_ _x003D" },
	};

	(void)state;
	CHECK(escape_xlsx, cases);
}

/* What a cell says of itself that held more. */
#define XLSX_CUT " \xe2\x80\xa6 (cut: the document has more)"

enum { XLSX_CUT_UNITS = sizeof(XLSX_CUT) - 1 - 2 };

static bool
ends_with(const struct buf *b, const char *what)
{
	size_t n = strlen(what);

	return b->n >= n && memcmp(b->p + b->n - n, what, n) == 0;
}

static void
xlsx_fill(struct buf *in, size_t n, const char *last)
{
	buf_reset(in);
	for (size_t i = 0; i < n; i++)
		buf_add_char(in, 'x');
	buf_add_str(in, last);
}

static void
xlsx_cell_is_cut_at_32767_units(void **state)
{
	struct buf in, out;

	(void)state;
	buf_init(&in, 100 * 1000);
	buf_init(&out, 200 * 1000);
	xlsx_fill(&in, 32767, "");
	escape_xlsx(&out, buf_slice(&in));
	assert_int_equal(out.n, 32767);
	buf_reset(&out);
	buf_add_str(&out, "before");
	xlsx_fill(&in, 32768, "");
	escape_xlsx(&out, buf_slice(&in));
	assert_int_equal(out.n, 6 + 32767 + 2);
	assert_true(ends_with(&out, "x" XLSX_CUT));
	/* One past the plane of the first 65,536 counts twice. */
	buf_reset(&out);
	xlsx_fill(&in, 32766, "\xf0\x9f\x98\x80");
	escape_xlsx(&out, buf_slice(&in));
	assert_int_equal(out.n, 32767 + 2);
	assert_true(ends_with(&out, "x" XLSX_CUT));
	buf_reset(&out);
	xlsx_fill(&in, 32765, "\xf0\x9f\x98\x80");
	escape_xlsx(&out, buf_slice(&in));
	assert_true(ends_with(&out, "x\xf0\x9f\x98\x80"));
	/* An escape is never cut in two. */
	buf_reset(&out);
	xlsx_fill(&in, 32767 - XLSX_CUT_UNITS - 3, "\xff");
	for (size_t i = 0; i < XLSX_CUT_UNITS; i++)
		buf_add_char(&in, 'y');
	escape_xlsx(&out, buf_slice(&in));
	assert_int_equal(out.n,
	    32767 - XLSX_CUT_UNITS - 3 + XLSX_CUT_UNITS + 2);
	assert_true(ends_with(&out, "x" XLSX_CUT));
	buf_free(&in);
	buf_free(&out);
}

static void
octets_come_back_as_they_were(void **state)
{
	static const struct escape_case cases[] = {
		{ IN("plain"), "plain" },
		{ IN("a\\b"), "a\\\\b" },
		{ IN("\0\n\xff"), "\\000\\010\\255" },
		{ IN("\xc3\xbc\xc2\x80"), "\xc3\xbc\\194\\128" },
		{ IN("\\065"), "\\\\065" },
	};
	unsigned char all[256];
	struct buf shown, back;

	(void)state;
	CHECK(escape_octets, cases);
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)i;
	buf_init(&shown, 4096);
	buf_init(&back, 4096);
	escape_octets(&shown, slice_of(all, sizeof(all)));
	assert_true(utf8_valid(buf_slice(&shown)));
	assert_true(unescape_octets(&back, buf_slice(&shown)));
	assert_true(slice_eq(buf_slice(&back), slice_of(all, sizeof(all))));
	buf_free(&shown);
	buf_free(&back);
}

static void
bad_escape_of_octets_adds_nothing(void **state)
{
	static const char *const cases[] = { "a\\", "a\\1", "a\\12", "a\\256",
		"a\\1x2", "a\\n", "a\\-12", "a\\999" };
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	buf_add_str(&b, "kept");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_false(unescape_octets(&b, slice_str(cases[i])));
		assert_true(slice_eq(buf_slice(&b), SLICE_LIT("kept")));
	}
	buf_free(&b);
}

static void
width_is_that_of_terminals(void **state)
{
	(void)state;
	assert_int_equal(utf8_width('a'), 1);
	assert_int_equal(utf8_width(0xe9), 1);
	assert_int_equal(utf8_width(0x0301), 0);
	assert_int_equal(utf8_width(0x0300), 0);
	assert_int_equal(utf8_width(0x0370), 1);
	assert_int_equal(utf8_width(0x4e2d), 2);
	assert_int_equal(utf8_width(0xac00), 2);
	assert_int_equal(utf8_width(0xff21), 2);
	assert_int_equal(utf8_width(0xff71), 1);
	assert_int_equal(utf8_width(0x1f600), 2);
	assert_int_equal(utf8_width(0x2500), 1);
	assert_int_equal(utf8_width(0xfe0f), 0);
	assert_int_equal(utf8_width(0x20000), 2);
	assert_int_equal(utf8_width(0x10ffff), 1);
}

/* Eight octets are looked at together: one alone, and among others. */
static void
json_escapes_an_octet_wherever_it_stands(void **state)
{
	enum { LENGTH = 19 };

	unsigned char text[LENGTH];
	struct buf whole, parts;

	(void)state;
	buf_init(&whole, 256);
	buf_init(&parts, 256);
	for (unsigned int c = 0; c < 256; c++) {
		for (size_t at = 0; at < LENGTH; at++) {
			memset(text, c == 'a' ? '~' : 'a', LENGTH);
			text[at] = (unsigned char)c;
			buf_reset(&whole);
			buf_reset(&parts);
			escape_json(&whole, slice_of(text, LENGTH));
			for (size_t i = 0; i < LENGTH; i++)
				escape_json(&parts, slice_of(&text[i], 1));
			assert_true(
			    slice_eq(buf_slice(&whole), buf_slice(&parts)));
		}
	}
	buf_free(&whole);
	buf_free(&parts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_escapes_an_octet_wherever_it_stands),
		cmocka_unit_test(terminal_shows_nothing_that_acts),
		cmocka_unit_test(invalid_utf8_is_shown_octet_by_octet),
		cmocka_unit_test(csv_field_is_quoted_and_never_a_formula),
		cmocka_unit_test(html_has_no_markup_left),
		cmocka_unit_test(xml_keeps_lines_in_an_attribute),
		cmocka_unit_test(markdown_leaves_words_alone),
		cmocka_unit_test(markdown_makes_code_of_what_might_act),
		cmocka_unit_test(uri_has_only_unreserved_octets),
		cmocka_unit_test(xlsx_cell_has_only_what_xml_allows),
		cmocka_unit_test(xlsx_cell_is_cut_at_32767_units),
		cmocka_unit_test(octets_come_back_as_they_were),
		cmocka_unit_test(bad_escape_of_octets_adds_nothing),
		cmocka_unit_test(width_is_that_of_terminals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
