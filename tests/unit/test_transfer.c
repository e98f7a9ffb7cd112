#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "message/transfer.h"

#define NO_FAULT TRANSFER_FAULTS

static const struct {
	enum mime_encoding encoding;
	const char *in, *out;
	enum transfer_fault fault; /* the only one; or NO_FAULT */
	size_t count, at;
} cases[] = {
	/* RFC 4648 10 */
	{ MIME_BASE64, "", "", NO_FAULT, 0, 0 },
	{ MIME_BASE64, "Zg==", "f", NO_FAULT, 0, 0 },
	{ MIME_BASE64, "Zm8=", "fo", NO_FAULT, 0, 0 },
	{ MIME_BASE64, "Zm9v", "foo", NO_FAULT, 0, 0 },
	{ MIME_BASE64, "Zm9vYmFy", "foobar", NO_FAULT, 0, 0 },
	{ MIME_BASE64, "+/+/", "\xfb\xff\xbf", NO_FAULT, 0, 0 },
	/* groups over line ends, white space, bare CR */
	{ MIME_BASE64, "Z\r\nm 9\tv\nYm\rFy\r\n", "foobar", NO_FAULT, 0, 0 },
	{ MIME_BASE64, "Zg=\r\n=\r\n", "f", NO_FAULT, 0, 0 },
	{ MIME_BASE64, "Zm-9v_\x80", "foo", BASE64_OCTET, 3, 2 },
	{ MIME_BASE64, "Zm9v=", "foo", BASE64_OCTET, 1, 4 },
	{ MIME_BASE64, "Zg==Zg==", "ff", BASE64_INSIDE, 1, 4 },
	{ MIME_BASE64, "Zm9vZm8", "foofo", BASE64_SHORT, 1, 4 },
	{ MIME_BASE64, "Zm9vZ", "foo", BASE64_SHORT, 1, 4 },
	{ MIME_BASE64, "Zg=", "f", BASE64_SHORT, 1, 0 },

	{ MIME_QUOTED_PRINTABLE, "", "", NO_FAULT, 0, 0 },
	{ MIME_QUOTED_PRINTABLE, "a=3D=C3=a4\r\nb", "a=\xc3\xa4\r\nb", NO_FAULT,
	    0, 0 },
	{ MIME_QUOTED_PRINTABLE, "a=\r\nb= \t\nc\n", "abc\n", NO_FAULT, 0, 0 },
	{ MIME_QUOTED_PRINTABLE, "a=20\r\n", "a \r\n", NO_FAULT, 0, 0 },
	{ MIME_QUOTED_PRINTABLE, "a \r\nb\t", "a\r\nb", QP_SPACE, 2, 1 },
	{ MIME_QUOTED_PRINTABLE, "a=xb=4", "a=xb=4", QP_ESCAPE, 2, 1 },
	{ MIME_QUOTED_PRINTABLE, "a=4\r\nb", "a=4\r\nb", QP_ESCAPE, 1, 1 },
	{ MIME_QUOTED_PRINTABLE, "\xe4\xe4", "\xe4\xe4", QP_8BIT, 1, 0 },
	{ MIME_QUOTED_PRINTABLE, "ab=\r\n", "ab", QP_SOFT_END, 1, 2 },
	{ MIME_QUOTED_PRINTABLE, "=", "", QP_SOFT_END, 1, 0 },

	{ MIME_8BIT, "a=3D\xe4 ", "a=3D\xe4 ", NO_FAULT, 0, 0 },
	{ MIME_OTHER, "Zg==", "Zg==", NO_FAULT, 0, 0 },
};

static void
what_is_encoded_is_decoded_damage_and_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out;
		struct transfer t = { .in = slice_str(cases[i].in),
			.out = &out,
			.max = 100 };

		buf_init(&out, 100);
		transfer_decode(&t, cases[i].encoding);
		if (!slice_eq(buf_slice(&out), slice_str(cases[i].out)))
			fail_msg("%s: %.*s", cases[i].in,
			    SLICE_FMT(buf_slice(&out)));
		assert_int_equal(t.n, out.n);
		for (size_t k = 0; k < TRANSFER_FAULTS; k++) {
			size_t want = k == cases[i].fault ? cases[i].count : 0;

			if (t.faults[k].count != want)
				fail_msg("%s: fault %zu: %zu", cases[i].in, k,
				    t.faults[k].count);
			if (want > 0)
				assert_int_equal(t.faults[k].at, cases[i].at);
		}
		buf_free(&out);
	}
}

static void
more_than_wanted_is_counted_only(void **state)
{
	struct buf out;
	struct transfer t = { .in = SLICE_LIT("Zm9vYmFy"),
		.out = &out,
		.max = 4 };

	(void)state;
	buf_init(&out, 4);
	transfer_decode(&t, MIME_BASE64);
	assert_true(slice_eq(buf_slice(&out), SLICE_LIT("foob")));
	assert_int_equal(t.n, 6);
	assert_false(out.failed);
	buf_free(&out);
}

static void
octets_are_found_where_they_came_from(void **state)
{
	struct slice qp = SLICE_LIT("ab=3Dc=\r\nd\r\ne");
	struct slice b64 = SLICE_LIT("Zm9v\r\nYm\r\nFy");

	static const size_t of_qp[] = { 0, 1, 2, 5, 9, 10, 11, 12, 13 };

	(void)state;
	for (size_t i = 0; i < sizeof(of_qp) / sizeof(of_qp[0]); i++)
		assert_int_equal(transfer_origin(qp, MIME_QUOTED_PRINTABLE, i),
		    of_qp[i]);
	assert_int_equal(transfer_origin(b64, MIME_BASE64, 0), 0);
	assert_int_equal(transfer_origin(b64, MIME_BASE64, 3), 6);
	assert_int_equal(transfer_origin(b64, MIME_BASE64, 6), b64.n);
	assert_int_equal(transfer_origin(b64, MIME_7BIT, 5), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_encoded_is_decoded_damage_and_all),
		cmocka_unit_test(more_than_wanted_is_counted_only),
		cmocka_unit_test(octets_are_found_where_they_came_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
