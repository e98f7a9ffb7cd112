#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "probes/dns_name.h"
#include "with_arena.h"

WITH_ARENA(64 * 1024, 1024)

#define HEADER "123456789012"

struct wire_row {
	struct slice packet;
	size_t at;
	const char *text; /* NULL: refused */
	size_t next;      /* where the cursor then is */
};

static void
names_are_taken_from_the_wire(void **state)
{
	static const struct wire_row rows[] = {
		{ { (const unsigned char *)HEADER "\3www\4Test\0", 22 }, 12,
		    "www.test", 22 },
		{ { (const unsigned char *)HEADER "\0", 13 }, 12, "", 13 },
		{ { (const unsigned char *)HEADER "\4test\0\1A\300\14x", 23 },
		    18, "a.test", 22 },
		{ { (const unsigned char *)HEADER "\4test\0\300\14", 20 }, 18,
		    "test", 20 },
		/* a pointer to a pointer */
		{ { (const unsigned char *)HEADER "\1a\0\300\14\300\17", 19 },
		    17, "a", 19 },
		/* dot, space, backslash, octets */
		{ { (const unsigned char *)HEADER "\6a.b \\\377\0", 20 }, 12,
		    "a\\046b\\032\\092\\255", 20 },
		{ { (const unsigned char *)HEADER "\3a@\"\0", 17 }, 12, "a@\"",
		    17 },
		/* to itself, forwards, into the header, past the end */
		{ { (const unsigned char *)HEADER "\300\14", 14 }, 12, NULL,
		    0 },
		{ { (const unsigned char *)HEADER "\300\16\0", 15 }, 12, NULL,
		    0 },
		{ { (const unsigned char *)HEADER "\300\0", 14 }, 12, NULL, 0 },
		{ { (const unsigned char *)HEADER "\377\377", 14 }, 12, NULL,
		    0 },
		/* a loop by way of a label */
		{ { (const unsigned char *)HEADER "\1a\300\14", 16 }, 12, NULL,
		    0 },
		/* cut short: in a label, before its end, in a pointer */
		{ { (const unsigned char *)HEADER "\4tes", 16 }, 12, NULL, 0 },
		{ { (const unsigned char *)HEADER "\4test", 17 }, 12, NULL, 0 },
		{ { (const unsigned char *)HEADER "\300", 13 }, 12, NULL, 0 },
		{ { (const unsigned char *)HEADER "", 12 }, 12, NULL, 0 },
		/* label types of RFC 2673 and none */
		{ { (const unsigned char *)HEADER "\101a\0", 15 }, 12, NULL,
		    0 },
		{ { (const unsigned char *)HEADER "\200a\0", 15 }, 12, NULL,
		    0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cursor c = cursor_at(rows[i].packet, rows[i].at);
		struct dns_name name;
		bool taken = dns_name_take(&c, &name);

		if (taken != (rows[i].text != NULL))
			fail_msg("row %zu", i);
		assert_int_equal(c.failed, !taken);
		if (!taken)
			continue;
		assert_string_equal(dns_name_text(arena, &name).p,
		    rows[i].text);
		assert_int_equal(c.at, rows[i].next);
	}
}

/* A name of labels of 63 octets, and one of rest. */
static size_t
long_name(unsigned char *p, unsigned int rest)
{
	size_t n = 0;

	for (int i = 0; i < 3; i++) {
		p[n] = 63;
		memset(p + n + 1, 'a', 63);
		n += 64;
	}
	p[n] = (unsigned char)rest;
	memset(p + n + 1, 'b', rest);
	n += rest + 1;
	p[n++] = 0;
	return n;
}

static void
a_name_has_255_octets_at_most(void **state)
{
	unsigned char p[300];
	struct dns_name name;
	struct cursor c;
	size_t n;

	(void)state;
	n = long_name(p, 61);
	assert_int_equal(n, 255);
	c = cursor_of(slice_of(p, n));
	assert_true(dns_name_take(&c, &name));
	assert_int_equal(dns_name_text(arena, &name).n, 253);
	n = long_name(p, 62);
	c = cursor_of(slice_of(p, n));
	assert_false(dns_name_take(&c, &name));
}

static void
pointers_are_counted(void **state)
{
	unsigned char p[12 + 1 + 2 * (LIMIT_DNS_POINTERS + 1)] = { 0 };
	struct dns_name name;
	struct cursor c;

	(void)state;
	for (unsigned int i = 0; i <= LIMIT_DNS_POINTERS; i++) {
		unsigned int to = i == 0 ? 12 : 13 + 2 * (i - 1);

		p[13 + 2 * i] = (unsigned char)(0xC0 | to >> 8);
		p[14 + 2 * i] = (unsigned char)to;
	}
	c = cursor_at(slice_of(p, sizeof(p)), sizeof(p) - 4);
	assert_true(dns_name_take(&c, &name));
	c = cursor_at(slice_of(p, sizeof(p)), sizeof(p) - 2);
	assert_false(dns_name_take(&c, &name));
}

static void
text_becomes_a_name_and_text_again(void **state)
{
	static const struct {
		const char *in, *out; /* NULL: refused */
	} rows[] = {
		{ "example.test", "example.test" },
		{ "Example.Test.", "example.test" },
		{ "", "" },
		{ ".", "" },
		{ "_dmarc.example.test", "_dmarc.example.test" },
		{ "a\\046b.test", "a\\046b.test" },
		{ "a\\.b.test", "a\\046b.test" },
		{ "\\065.test", "a.test" },
		{ "a\\000.test", "a\\000.test" },
		{ "..", NULL },
		{ ".test", NULL },
		{ "a..test", NULL },
		{ "a\\", NULL },
		{ "a\\25", NULL },
		{ "a\\256", NULL },
		{ "a\\2x5", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dns_name name;
		bool fine = dns_name_parse(slice_str(rows[i].in), &name);

		if (fine != (rows[i].out != NULL))
			fail_msg("%s", rows[i].in);
		if (fine)
			assert_string_equal(dns_name_text(arena, &name).p,
			    rows[i].out);
	}
}

static void
labels_and_names_that_are_too_long_are_refused(void **state)
{
	char text[512];
	struct dns_name name;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(dns_name_parse(slice_of(text, 63), &name));
	assert_false(dns_name_parse(slice_of(text, 64), &name));
	for (size_t i = 50; i < sizeof(text); i += 50)
		text[i] = '.';
	assert_true(dns_name_parse(slice_of(text, 253), &name));
	assert_int_equal(name.n, DNS_NAME_MAX);
	assert_false(dns_name_parse(slice_of(text, 254), &name));
}

static void
ancestors_are_found_by_whole_labels(void **state)
{
	static const struct {
		const char *name, *ancestor;
		bool under;
	} rows[] = {
		{ "a.example.test", "example.test", true },
		{ "example.test", "example.test", true },
		{ "example.test", "", true },
		{ "", "", true },
		{ "", "test", false },
		{ "example.test", "a.example.test", false },
		{ "badexample.test", "example.test", false },
		{ "a.example.test", "example.org", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dns_name n, a;

		assert_true(dns_name_parse(slice_str(rows[i].name), &n));
		assert_true(dns_name_parse(slice_str(rows[i].ancestor), &a));
		assert_int_equal(dns_name_is_under(&n, &a), rows[i].under);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_taken_from_the_wire),
		cmocka_unit_test(a_name_has_255_octets_at_most),
		cmocka_unit_test(pointers_are_counted),
		cmocka_unit_test(text_becomes_a_name_and_text_again),
		cmocka_unit_test(
		    labels_and_names_that_are_too_long_are_refused),
		cmocka_unit_test(ancestors_are_found_by_whole_labels),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
