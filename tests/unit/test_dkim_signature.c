#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena_sweep.h"
#include "checks/dkim/dkim_signature.h"
#include "with_arena.h"

WITH_ARENA(1 << 22, 4096)

#define BH   "bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;"
#define B    "b=Zm9v"
#define HEAD "v=1; a=rsa-sha256; d=example.com; s=s;"
#define GOOD HEAD " h=From:To;" BH B

static struct dkim_signature
read(const char *value)
{
	struct field *f = arena_new_of(arena, struct field, 1);
	struct dkim_signature s;
	struct slice all = arena_slicef(arena, "DKIM-Signature:%s", value);

	assert_non_null(f);
	f->name = slice_sub(all, 0, sizeof("DKIM-Signature") - 1);
	f->value = slice_from(all, sizeof("DKIM-Signature"));
	f->line = 1;
	assert_int_equal(dkim_signature_read(arena, f, DKIM_SIGNATURE, &s),
	    RC_OK);
	return s;
}

static void
all_tags_are_read(void **state)
{
	struct dkim_signature s =
	    read(" v=1; a=RSA-SHA256; c=relaxed; d=Example.COM; s=S1.x;\r\n"
		 "\tq=dns/txt:other; t=10; x=20; l=7; i=a@b@m.example.com;\r\n"
		 "\th=From : To:\r\n Subject::from; z=From:x;" BH
		 " b=Zm9\r\n\tv\r\n ");

	(void)state;
	assert_int_equal(s.fault, DKIM_VALID);
	assert_int_equal(s.algorithm, DKIM_RSA_SHA256);
	assert_int_equal(s.header_canon, DKIM_RELAXED);
	assert_int_equal(s.body_canon, DKIM_SIMPLE);
	assert_true(slice_eq(s.domain, SLICE_LIT("example.com")));
	assert_true(slice_eq(s.selector, SLICE_LIT("s1.x")));
	assert_true(
	    slice_eq(s.key_name, SLICE_LIT("s1.x._domainkey.example.com")));
	assert_true(slice_eq(s.identity, SLICE_LIT("a@b@m.example.com")));
	assert_true(slice_eq(s.identity_domain, SLICE_LIT("m.example.com")));
	assert_true(s.has_length && s.has_time && s.has_expiry);
	assert_int_equal(s.length, 7);
	assert_int_equal(s.time, 10);
	assert_int_equal(s.expiry, 20);
	assert_int_equal(s.n_names, 4);
	assert_true(slice_eq(s.names[2], SLICE_LIT("Subject")));
	assert_int_equal(dkim_signature_names(&s, SLICE_LIT("FROM")), 2);
	assert_true(slice_eq(s.value, SLICE_LIT("foo")));
	assert_true(slice_eq(s.hole, SLICE_LIT("Zm9\r\n\tv\r\n ")));
	assert_int_equal(s.body_hash.n, 32);
	assert_true(slice_eq(s.copied, SLICE_LIT("From:x")));
}

static void
what_is_left_out_has_a_default(void **state)
{
	struct dkim_signature s = read(GOOD);

	(void)state;
	assert_int_equal(s.fault, DKIM_VALID);
	assert_int_equal(s.header_canon, DKIM_SIMPLE);
	assert_int_equal(s.body_canon, DKIM_SIMPLE);
	assert_true(slice_eq(s.identity_domain, SLICE_LIT("example.com")));
	assert_null(s.identity.p);
	assert_false(s.has_length || s.has_time || s.has_expiry);
	/* RFC 6376 3.2: unknown tags are passed over. */
	assert_int_equal(read(GOOD ";zz=1").fault, DKIM_VALID);
	/* RFC 8616: names in UTF-8. */
	s = read("v=1; a=rsa-sha256; d=b\xc3\xbc"
		 "cher.example; s=s; h=From;" BH B);
	assert_int_equal(s.fault, DKIM_VALID);
	assert_true(slice_eq(s.domain, SLICE_LIT("xn--bcher-kva.example")));
}

static void
a_fault_has_a_reason_and_a_column(void **state)
{
	static const struct {
		const char *value;
		enum dkim_reason fault;
		size_t column; /* of the value, from 0 */
	} rows[] = {
		{ "v=1; a", DKIM_SYNTAX, 5 },
		{ "v=1; a=x; a=y", DKIM_TAG_TWICE, 10 },
		{ "a=rsa-sha256; d=e.com; s=s; h=From;" BH B, DKIM_TAG_MISSING,
		    0 },
		{ "v=2; a=rsa-sha256; d=e.com; s=s; h=From;" BH B, DKIM_VERSION,
		    0 },
		{ "v=1; d=e.com; s=s; h=From;" BH B, DKIM_TAG_MISSING, 0 },
		{ "v=1; a=rsa-md5; d=e.com; s=s; h=From;" BH B, DKIM_ALGORITHM,
		    5 },
		{ "v=1; a=rsa-sha256; s=s; h=From;" BH B, DKIM_TAG_MISSING, 0 },
		{ "v=1; a=rsa-sha256; d=e.com; h=From;" BH B, DKIM_TAG_MISSING,
		    0 },
		{ "v=1; a=rsa-sha256; d=e..com; s=s; h=From;" BH B,
		    DKIM_TAG_VALUE, 19 },
		{ "v=1; a=rsa-sha256; d=; s=s; h=From;" BH B, DKIM_TAG_VALUE,
		    19 },
		{ HEAD BH B, DKIM_TAG_MISSING, 0 },
		{ HEAD "h=To;" BH B, DKIM_FROM_UNSIGNED, 38 },
		{ HEAD "h=From;" B, DKIM_TAG_MISSING, 0 },
		{ HEAD "h=From;bh=AAAA;" B, DKIM_TAG_VALUE, 45 },
		{ HEAD "h=From;bh=*;" B, DKIM_TAG_VALUE, 45 },
		{ HEAD "h=From;" BH, DKIM_TAG_MISSING, 0 },
		{ HEAD "h=From;" BH "b=", DKIM_TAG_VALUE, 93 },
		{ HEAD "h=From;" BH "b=%", DKIM_TAG_VALUE, 93 },
		{ GOOD ";c=nofws", DKIM_TAG_VALUE, 104 },
		{ GOOD ";c=simple/", DKIM_TAG_VALUE, 104 },
		{ GOOD ";i=example.com", DKIM_TAG_VALUE, 104 },
		{ GOOD ";i=@example.net", DKIM_IDENTITY, 104 },
		{ GOOD ";i=@notexample.com", DKIM_IDENTITY, 104 },
		{ GOOD ";l=-1", DKIM_TAG_VALUE, 104 },
		{ GOOD ";t=x", DKIM_TAG_VALUE, 104 },
		{ GOOD ";t=20;x=19", DKIM_TAG_VALUE, 109 },
		{ GOOD ";q=dns/srv", DKIM_QUERY, 104 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dkim_signature s = read(rows[i].value);
		size_t column = s.place.column - sizeof("DKIM-Signature:");

		if (s.fault != rows[i].fault || column != rows[i].column ||
		    s.detail.n == 0)
			fail_msg("%s: %s at %zu", rows[i].value,
			    dkim_reason_name(s.fault) != NULL
				? dkim_reason_name(s.fault)
				: "valid",
			    column);
	}
}

static void
what_is_longer_than_looked_at_is_said(void **state)
{
	struct slice long_value = SLICE_NONE, names = SLICE_NONE;

	(void)state;
	for (int i = 0; i < LIMIT_DKIM_NAMES; i++)
		names = arena_slicef(arena, "%.*s:x", SLICE_FMT(names));
	names = arena_slicef(arena, HEAD "h=From%.*s;" BH B, SLICE_FMT(names));
	assert_int_equal(read((const char *)names.p).fault, DKIM_LIMIT);
	long_value = arena_slicef(arena, GOOD ";zz=%0*d", LIMIT_DKIM_FIELD, 0);
	assert_int_equal(read((const char *)long_value.p).fault, DKIM_LIMIT);
	/* Longer than any key makes. */
	long_value = arena_slicef(arena, HEAD "h=From;" BH "b=%05000d", 0);
	assert_int_equal(read((const char *)long_value.p).fault,
	    DKIM_TAG_VALUE);
}

static void
expiry_is_the_last_second(void **state)
{
	struct dkim_signature s = read(GOOD ";x=100");

	(void)state;
	assert_false(dkim_signature_is_expired(&s, 100));
	assert_true(dkim_signature_is_expired(&s, 101));
	assert_false(dkim_signature_is_expired(&s, -1));
	s = read(GOOD);
	assert_false(dkim_signature_is_expired(&s, INT64_MAX));
}

static enum rc
read_in(struct arena *a)
{
	/* Of one text, as those of a message are. */
	const struct slice all =
	    SLICE_LIT("DKIM-Signature:" GOOD ";i=@x.example.com");
	struct field f = { .name = slice_sub(all, 0, 14),
		.value = slice_from(all, 15),
		.line = 1 };
	struct dkim_signature s;

	return dkim_signature_read(a, &f, DKIM_SIGNATURE, &s);
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	arena_sweep(read_in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_tags_are_read),
		cmocka_unit_test(what_is_left_out_has_a_default),
		cmocka_unit_test(a_fault_has_a_reason_and_a_column),
		cmocka_unit_test(what_is_longer_than_looked_at_is_said),
		cmocka_unit_test(expiry_is_the_last_second),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
