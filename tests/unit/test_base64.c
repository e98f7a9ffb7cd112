#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base64.h"

static void
what_is_base64_is_decoded(void **state)
{
	static const struct {
		const char *text, *octets;
		bool unpadded;
	} rows[] = {
		{ "", "", false },
		{ "Zg==", "f", false },
		{ "Zm8=", "fo", false },
		{ "Zm9v", "foo", false },
		{ "Zm9vYg==", "foob", false },
		{ " Z m\t9\r\n v ", "foo", false },
		{ "Zg = =", "f", false },
		{ "Zg", "f", true },
		{ "Zm8", "fo", true },
		{ "++//", "\xfb\xef\xff", false },
	};

	unsigned char out[BASE64_OCTETS(64)];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct base64 r = base64_decode(slice_str(rows[i].text), out);

		if (!r.valid || r.unpadded != rows[i].unpadded ||
		    !slice_eq(slice_of(out, r.n), slice_str(rows[i].octets)))
			fail_msg("%s", rows[i].text);
	}
}

static void
what_is_not_says_where(void **state)
{
	static const struct {
		const char *text;
		size_t bad;
	} rows[] = {
		{ "Zm9v-", 4 },
		{ "Z", 1 },
		{ "Zg=", 3 },
		{ "Zg=a", 3 },
		{ "Zg==Zg==", 4 },
		{ "Zm9v=", 4 },
		{ "=", 0 },
		{ "Zm\x80v", 2 },
	};

	unsigned char out[BASE64_OCTETS(64)];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct base64 r = base64_decode(slice_str(rows[i].text), out);

		if (r.valid || r.bad != rows[i].bad)
			fail_msg("%s: %zu", rows[i].text, r.bad);
	}
}

static void
every_octet_comes_back(void **state)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
	    "qrstuvwxyz0123456789+/";

	(void)state;
	for (unsigned int octet = 0; octet < 256; octet++) {
		char text[] = { digits[octet >> 2], digits[(octet & 3) << 4],
			'=', '=', '\0' };
		unsigned char out[BASE64_OCTETS(4)];
		struct base64 r = base64_decode(slice_str(text), out);

		assert_true(r.valid);
		assert_int_equal(r.n, 1);
		assert_int_equal(out[0], octet);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_base64_is_decoded),
		cmocka_unit_test(what_is_not_says_where),
		cmocka_unit_test(every_octet_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
