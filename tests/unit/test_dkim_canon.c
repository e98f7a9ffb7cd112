#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/wsp.h"
#include "checks/dkim/dkim_canon.h"

enum { ROOM = 1 << 20 };

static struct buf out;

static struct slice
body_form(enum dkim_canon canon, struct slice body, bool bare)
{
	struct dkim_sink *sink = malloc(sizeof(*sink));

	assert_non_null(sink);
	buf_reset(&out);
	dkim_sink_init(sink, dkim_take_buf, &out);
	dkim_canon_body(sink, canon, body, bare);
	dkim_sink_flush(sink);
	free(sink);
	assert_false(out.failed);
	return buf_slice(&out);
}

static struct slice
field_form(enum dkim_canon canon, const struct dkim_field *f, bool bare)
{
	struct dkim_sink *sink = malloc(sizeof(*sink));

	assert_non_null(sink);
	buf_reset(&out);
	dkim_sink_init(sink, dkim_take_buf, &out);
	dkim_canon_field(sink, canon, f, bare);
	dkim_sink_flush(sink);
	free(sink);
	return buf_slice(&out);
}

static void
check(struct slice is, const char *should, const char *of)
{
	if (!slice_eq(is, slice_str(should)))
		fail_msg("%s: \"%.*s\", not \"%s\"", of, SLICE_FMT(is), should);
}

static void
bodies_have_two_forms(void **state)
{
	static const struct {
		const char *body, *simple, *relaxed;
	} rows[] = {
		{ "", "\r\n", "" },
		{ "\r\n", "\r\n", "" },
		{ "\r\n\r\n", "\r\n", "" },
		{ " \r\n", " \r\n", "" },
		{ "a", "a\r\n", "a\r\n" },
		{ "a\r\n", "a\r\n", "a\r\n" },
		{ "a\r\n\r\n\r\n", "a\r\n", "a\r\n" },
		{ "a\r\n \t\r\n\r\n", "a\r\n \t\r\n", "a\r\n" },
		{ "\r\n\r\na\r\n", "\r\n\r\na\r\n", "\r\n\r\na\r\n" },
		/* RFC 6376 3.4.6 */
		{ " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n",
		    " C\r\nD E\r\n" },
		{ "a\tb\r\n", "a\tb\r\n", "a b\r\n" },
		{ "a  b\r\n", "a  b\r\n", "a b\r\n" },
		{ "\ta\r\n", "\ta\r\n", " a\r\n" },
		/* A CR or LF alone is an octet like any. */
		{ "a \rb\r\n", "a \rb\r\n", "a \rb\r\n" },
		{ "a \nb\r\n", "a \nb\r\n", "a \nb\r\n" },
		{ "a\r\n\n", "a\r\n\n\r\n", "a\r\n\n\r\n" },
		{ "a\r", "a\r\r\n", "a\r\r\n" },
		/* White space that no line end ends. */
		{ "a  ", "a  \r\n", "a \r\n" },
		{ "\r\n ", "\r\n \r\n", "\r\n \r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice body = slice_str(rows[i].body);

		check(body_form(DKIM_SIMPLE, body, false), rows[i].simple,
		    rows[i].body);
		check(body_form(DKIM_RELAXED, body, false), rows[i].relaxed,
		    rows[i].body);
	}
}

static void
bare_line_ends_stand_for_crlf(void **state)
{
	static const struct {
		const char *body, *simple, *relaxed;
	} rows[] = {
		{ "\n\n", "\r\n", "" },
		{ "a\n", "a\r\n", "a\r\n" },
		{ "a \t\nb\n\n", "a \t\r\nb\r\n", "a\r\nb\r\n" },
		{ "a\n \n", "a\r\n \r\n", "a\r\n" },
		{ "\na  b", "\r\na  b\r\n", "\r\na b\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice body = slice_str(rows[i].body);

		check(body_form(DKIM_SIMPLE, body, true), rows[i].simple,
		    rows[i].body);
		check(body_form(DKIM_RELAXED, body, true), rows[i].relaxed,
		    rows[i].body);
	}
	assert_true(dkim_lines_are_bare(SLICE_LIT("a\nb\n")));
	assert_true(dkim_lines_are_bare(SLICE_LIT("a\nb\rc")));
	assert_false(dkim_lines_are_bare(SLICE_LIT("a\nb\r\n")));
	assert_false(dkim_lines_are_bare(SLICE_LIT("a\r\nb\n")));
	assert_false(dkim_lines_are_bare(SLICE_LIT("")));
}

static void
fields_have_two_forms(void **state)
{
	static const struct {
		const char *name, *field, *simple, *relaxed;
		bool bare;
	} rows[] = {
		/* RFC 6376 3.4.5 */
		{ "A", "A: X", "A: X", "a:X", false },
		{ "B", "B : Y\t\r\n\tZ  ", "B : Y\t\r\n\tZ  ", "b:Y Z", false },
		{ "B", "B : Y\t\n\tZ  ", "B : Y\t\r\n\tZ  ", "b:Y Z", true },
		{ "X", "X:", "X:", "x:", false },
		{ "X", "X: \r\n ", "X: \r\n ", "x:", false },
		{ "X", "X:a\nb", "X:a\nb", "x:a\nb", false },
		{ "X", "X:a\rb", "X:a\rb", "x:a\rb", false },
		{ "SUBJect", "SUBJect: A  B", "SUBJect: A  B", "subject:A B",
		    false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice all = slice_str(rows[i].field), name, value;
		struct field field;
		struct dkim_field f = { .field = &field, .last = true };

		(void)slice_cut(all, ':', &name, &value);
		field =
		    (struct field){ .name = slice_trim(name), .value = value };
		check(field_form(DKIM_SIMPLE, &f, rows[i].bare), rows[i].simple,
		    rows[i].field);
		check(field_form(DKIM_RELAXED, &f, rows[i].bare),
		    rows[i].relaxed, rows[i].field);
	}
}

static void
a_hole_is_left_out(void **state)
{
	struct slice all = SLICE_LIT("D: a; b= xy\r\n z ; c=d");
	struct field field = { .name = slice_sub(all, 0, 1),
		.value = slice_from(all, 2) };
	struct dkim_field f = { .field = &field, .hole = slice_sub(all, 8, 8) };

	(void)state;
	check(field_form(DKIM_SIMPLE, &f, false), "D: a; b=; c=d\r\n",
	    "simple");
	check(field_form(DKIM_RELAXED, &f, false), "d:a; b=; c=d\r\n",
	    "relaxed");
	/* At the end of the field. */
	f.hole = slice_from(all, 8);
	check(field_form(DKIM_RELAXED, &f, false), "d:a; b=\r\n", "the end");
	f.hole = slice_from(all, all.n);
	check(field_form(DKIM_SIMPLE, &f, false), "D: a; b= xy\r\n z ; c=d\r\n",
	    "an empty one");
}

static void
a_body_is_mended(void **state)
{
	static const struct {
		const char *body, *should;
		struct dkim_mending how;
	} rows[] = {
		{ "a\nb\rc\r\nd", "a\r\nb\r\nc\r\nd\r\n",
		    { .line_ends = true } },
		{ "a\n\r\n\r\r", "a\r\n", { .line_ends = true } },
		{ ">From x\r\n>>From\r\n", "From x\r\n>>From\r\n",
		    { .quoted = true } },
		{ "..\r\n.\r\n...a\r\n", ".\r\n.\r\n..a\r\n",
		    { .dots = true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dkim_sink *sink = malloc(sizeof(*sink));

		assert_non_null(sink);
		buf_reset(&out);
		dkim_sink_init(sink, dkim_take_buf, &out);
		dkim_canon_mended(sink, DKIM_SIMPLE, slice_str(rows[i].body),
		    &rows[i].how);
		dkim_sink_flush(sink);
		free(sink);
		check(buf_slice(&out), rows[i].should, rows[i].body);
	}
}

/* ---- against a form written as the RFC has it -------------------------- */

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

/* What mostly makes a difference, and now and then something long. */
static size_t
random_body(uint32_t *seed, unsigned char *p, size_t room)
{
	static const char octets[] = "  \t\t\r\n\r\n\n\rabc";
	size_t n = 0, want = next_random(seed) % room;

	while (n + 2 < want) {
		uint32_t r = next_random(seed);

		if (r % 4 == 0) {
			p[n++] = '\r';
			p[n++] = '\n';
		} else if (r % 11 == 0) {
			size_t run = next_random(seed) % 600;

			for (; run > 0 && n + 2 < want; run--)
				p[n++] = 'x';
		} else {
			p[n++] = (unsigned char)
			    octets[r / 64 % (sizeof(octets) - 1)];
		}
	}
	return n;
}

static size_t
plain_form(const unsigned char *p, size_t n, bool relaxed, unsigned char *to)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		bool wsp = p[i] == ' ' || p[i] == '\t';

		if (!relaxed || !wsp) {
			to[k++] = p[i];
			continue;
		}
		while (i + 1 < n && (p[i + 1] == ' ' || p[i + 1] == '\t'))
			i++;
		if (!(i + 2 < n && p[i + 1] == '\r' && p[i + 2] == '\n'))
			to[k++] = ' ';
	}
	if (k < 2 || to[k - 2] != '\r' || to[k - 1] != '\n') {
		if (k == 0 && relaxed)
			return 0;
		to[k++] = '\r';
		to[k++] = '\n';
	}
	while (k >= 4 && memcmp(to + k - 4, "\r\n\r\n", 4) == 0)
		k -= 2;
	return relaxed && k == 2 && to[0] == '\r' ? 0 : k;
}

static void
any_body_has_the_form_of_the_rfc(void **state)
{
	enum { LONGEST = 12000, TIMES = 3000 };

	unsigned char *body = malloc(LONGEST);
	unsigned char *want = malloc(LONGEST + 8);
	uint32_t seed = 6376;

	(void)state;
	assert_non_null(body);
	assert_non_null(want);
	for (int i = 0; i < TIMES; i++) {
		size_t n =
		    random_body(&seed, body, i % 10 == 0 ? LONGEST : 200);

		for (int relaxed = 0; relaxed < 2; relaxed++) {
			size_t k = plain_form(body, n, relaxed == 1, want);
			struct slice is =
			    body_form(relaxed == 1 ? DKIM_RELAXED : DKIM_SIMPLE,
				slice_of(body, n), false);

			if (!slice_eq(is, slice_of(want, k)))
				fail_msg("body %d, relaxed %d", i, relaxed);
		}
	}
	free(body);
	free(want);
}

static void
white_space_is_found_wherever_it_stands(void **state)
{
	unsigned char p[100];

	(void)state;
	for (size_t n = 1; n < sizeof(p); n++) {
		for (size_t at = 0; at < n; at++) {
			struct slice s = slice_of(p, n);

			memset(p, 'x', sizeof(p));
			assert_int_equal(wsp_find_untidy(s, 0), n);
			p[at] = '\t';
			assert_int_equal(wsp_find_untidy(s, 0), at);
			assert_int_equal(wsp_find_untidy(s, at + 1), n);
			p[at] = ' ';
			assert_int_equal(wsp_find_untidy(s, 0),
			    at + 1 == n ? at : n);
			if (at + 1 < n) {
				p[at + 1] = '\r';
				assert_int_equal(wsp_find_untidy(s, 0), at);
				p[at + 1] = 0x80;
				assert_int_equal(wsp_find_untidy(s, 0), n);
			}
		}
	}
}

static int
setup(void **state)
{
	(void)state;
	buf_init(&out, ROOM);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_free(&out);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_have_two_forms),
		cmocka_unit_test(bare_line_ends_stand_for_crlf),
		cmocka_unit_test(fields_have_two_forms),
		cmocka_unit_test(a_hole_is_left_out),
		cmocka_unit_test(a_body_is_mended),
		cmocka_unit_test(any_body_has_the_form_of_the_rfc),
		cmocka_unit_test(white_space_is_found_wherever_it_stands),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
