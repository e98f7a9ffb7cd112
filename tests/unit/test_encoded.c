#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message/charset.h"
#include "message/encoded.h"
#include "with_arena.h"

#define FFFD "\xef\xbf\xbd"

WITH_ARENA(16 * 1024 * 1024, 4096)

static void
check(const char *in, const char *want, struct encoded_text *t)
{
	assert_int_equal(encoded_decode(arena, slice_str(in), t), RC_OK);
	if (!slice_eq(t->text, slice_str(want)))
		fail_msg("%s: %.*s", in, SLICE_FMT(t->text));
}

static const struct {
	const char *in, *out;
} good[] = {
	/* RFC 2047 8 */
	{ "=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>",
	    "Keith Moore <moore@cs.utk.edu>" },
	{ "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>",
	    "Keld J\xc3\xb8rn Simonsen <keld@dkuug.dk>" },
	{ "=?ISO-8859-1?Q?Andr=E9?= Pirard", "Andr\xc3\xa9 Pirard" },
	{ "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n"
	  "    =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
	    "If you can read this you understand the example." },
	{ "=?ISO-8859-1?Q?Olle_J=E4rnefors?=", "Olle J\xc3\xa4rnefors" },
	{ "=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=",
	    "Patrik F\xc3\xa4ltstr\xc3\xb6m" },
	{ "(=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=)",
	    "(\xd7\x9d\xd7\x95\xd7\x9c\xd7\xa9 \xd7\x9f\xd7\x91 "
	    "\xd7\x99\xd7\x9c\xd7\x98\xd7\xa4\xd7\xa0)" },
	{ "(=?ISO-8859-1?Q?a?=)", "(a)" },
	{ "(=?ISO-8859-1?Q?a?= b)", "(a b)" },
	{ "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)" },
	{ "(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)" },
	{ "(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)" },
	{ "(=?ISO-8859-1?Q?a_b?=)", "(a b)" },
	{ "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)" },
	/* RFC 2231 5 */
	{ "=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore" },
	/* a character split over words, Q after B */
	{ "=?utf-8?Q?=C3?= =?UTF-8*de?B?pA==?=", "\xc3\xa4" },
	{ "=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "\xe2\x82\xac" },
	{ "=?utf-8?q?=e2=82=ac?=", "\xe2\x82\xac" },
	{ "=?utf-8?B?YQ?=", "a" },
	{ "=?utf-8?Q?\?=", "" },
	{ "=?utf-8?Q?\?= x", " x" },
	{ "=?koi8-r?B?8NLJ18XU?=",
	    "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
	{ "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\xe6\x97\xa5\xe6\x9c\xac" },
	{ "=?gb2312?B?xOO6ww==?=", "\xe4\xbd\xa0\xe5\xa5\xbd" },
	{ "=?shift_jis?B?k/qWew==?=", "\xe6\x97\xa5\xe6\x9c\xac" },
	{ "=?big5?B?p0Gmbg==?=", "\xe4\xbd\xa0\xe5\xa5\xbd" },
	{ "=?ks_c_5601-1987?B?vsiz5w==?=", "\xec\x95\x88\xeb\x85\x95" },
	{ "=?windows-1252?Q?=80?=", "\xe2\x82\xac" },
	{ "a =?utf-8?q?b?= c =?utf-8?q?d?=", "a b c d" },
	{ "\xe4 =?utf-8?q?b?=", "\xe4 b" },
};

static void
encoded_words_become_utf8(void **state)
{
	struct encoded_text t;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		check(good[i].in, good[i].out, &t);
		assert_true(t.words > 0);
		assert_int_equal(t.malformed + t.unknown, 0);
		assert_false(t.bad_octets);
		assert_false(t.loose);
	}
}

static const struct {
	const char *in, *out;
	size_t malformed, unknown;
	bool bad_octets, loose;
} odd[] = {
	{ "=?utf-8?Q?a b?=", "=?utf-8?Q?a b?=", .malformed = 1 },
	{ "=?utf-8?Q?a", "=?utf-8?Q?a", .malformed = 1 },
	{ "=?utf-8?Q?a?", "=?utf-8?Q?a?", .malformed = 1 },
	{ "=?utf-8?Q?a?b?=", "=?utf-8?Q?a?b?=", .malformed = 1 },
	{ "=?utf-8?Q?=4?=", "=?utf-8?Q?=4?=", .malformed = 1 },
	{ "=?utf-8?Q?=GG?=", "=?utf-8?Q?=GG?=", .malformed = 1 },
	{ "=?utf-8?B?YQ=a?=", "=?utf-8?B?YQ=a?=", .malformed = 1 },
	{ "=?utf-8?B?Y?=", "=?utf-8?B?Y?=", .malformed = 1 },
	{ "=?utf-8?B?Y!==?=", "=?utf-8?B?Y!==?=", .malformed = 1 },
	{ "=?*de?Q?a?=", "=?*de?Q?a?=", .malformed = 1 },
	{ "=?utf-8?Q?\xc3\xa4?=", "=?utf-8?Q?\xc3\xa4?=", .malformed = 1 },
	{ "=?utf-8?q?a?= =?utf-8?q?=?= =?utf-8?q?b?=", "a =?utf-8?q?=?= b",
	    .malformed = 1 },
	{ "=?x-none?Q?a?= b", "=?x-none?Q?a?= b", .unknown = 1 },
	{ "=?utf-8?q?a?= =?x-none?q?b?=", "a =?x-none?q?b?=", .unknown = 1 },
	{ "=?utf-8?q?=ff?=", FFFD, .bad_octets = true },
	{ "=?utf-8?q?a=c3?= b", "a" FFFD " b", .bad_octets = true },
	{ "=?us-ascii?q?=80?=", FFFD, .bad_octets = true },
	{ "=?iso-8859-7?q?a=d2b?=", "a" FFFD "b", .bad_octets = true },
	{ "=?shift_jis?q?=93?=", FFFD, .bad_octets = true },
	{ "x=?utf-8?q?a?=", "xa", .loose = true },
	{ "=?utf-8?q?a?=x", "ax", .loose = true },
	{ "=?utf-8?q?a?==?utf-8?q?b?=", "ab", .loose = true },
	{ "\"=?utf-8?q?a?=\"", "\"a\"", .loose = true },
};

static void
what_is_no_encoded_word_is_left_and_said(void **state)
{
	struct encoded_text t;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		check(odd[i].in, odd[i].out, &t);
		assert_int_equal(t.malformed, odd[i].malformed);
		assert_int_equal(t.unknown, odd[i].unknown);
		assert_int_equal(t.bad_octets, odd[i].bad_octets);
		assert_int_equal(t.loose, odd[i].loose);
	}
}

/* Not even the beginning of one. */
static const char *const plain[] = { "=?", "a =? b ?= c", "=?utf-8",
	"=?utf-8?x?a?=", "=?\?Q?a?=", "=?=?=?=?", "plain = ? text" };

static void
text_without_words_stays(void **state)
{
	struct slice in = SLICE_LIT("plain = ? text");
	struct encoded_text t;

	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		check(plain[i], plain[i], &t);
		assert_int_equal(t.words + t.malformed + t.unknown, 0);
	}
	assert_int_equal(encoded_decode(arena, in, &t), RC_OK);
	assert_ptr_equal(t.text.p, in.p);
	assert_int_equal(encoded_decode(arena, SLICE_NONE, &t), RC_OK);
	assert_null(t.text.p);
}

static void
aliases_are_one_charset(void **state)
{
	(void)state;
	assert_int_equal(charset_find(SLICE_LIT("UTF8")),
	    charset_find(SLICE_LIT("utf-8")));
	assert_int_equal(charset_find(SLICE_LIT("gbk")),
	    charset_find(SLICE_LIT("GB2312")));
	assert_int_not_equal(charset_find(SLICE_LIT("iso-8859-1")),
	    charset_find(SLICE_LIT("iso-8859-2")));
	assert_int_equal(charset_find(SLICE_LIT("utf-8//TRANSLIT")), -1);
	assert_int_equal(charset_find(SLICE_LIT("")), -1);
}

/* Each row of the table must be one that iconv(3) has here. */
static void
every_known_charset_converts(void **state)
{
	static const char *const names[] = { "utf-8", "us-ascii", "iso-8859-1",
		"iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5",
		"iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-9",
		"iso-8859-10", "iso-8859-11", "iso-8859-13", "iso-8859-14",
		"iso-8859-15", "iso-8859-16", "windows-874", "windows-1250",
		"windows-1251", "windows-1252", "windows-1253", "windows-1254",
		"windows-1255", "windows-1256", "windows-1257", "windows-1258",
		"tis-620", "koi8-r", "koi8-u", "macintosh", "ibm437", "ibm850",
		"ibm866", "iso-2022-jp", "euc-jp", "shift_jis", "iso-2022-kr",
		"euc-kr", "gb18030", "big5", "big5-hkscs", "utf-7" };
	struct charsets sets = { 0 };
	struct buf out;
	bool known;

	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int set = charset_find(slice_str(names[i]));

		assert_true(set >= 0);
		buf_reset(&out);
		assert_int_equal(charset_to_utf8(&sets, set, SLICE_LIT("abc"),
				     &out, &known),
		    0);
		assert_true(known);
		assert_int_equal(out.n, 3);
		assert_memory_equal(out.p, "abc", 3);
	}
	charsets_close(&sets);
	buf_free(&out);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(encoded_words_become_utf8),
		TEST(what_is_no_encoded_word_is_left_and_said),
		TEST(text_without_words_stays),
		TEST(aliases_are_one_charset),
		TEST(every_known_charset_converts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
