#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena_sweep.h"
#include "checks/dkim/dkim_key.h"
#include "mail_signer.h"
#include "with_arena.h"

WITH_ARENA(1 << 22, 4096)

static struct dkim_keys *keys;

static struct dkim_key *
find(const char *const *records, size_t n)
{
	struct dns_record *all = arena_new_of(arena, struct dns_record, n);
	struct slice *texts = arena_new_of(arena, struct slice, n);
	struct answer *a = arena_new_of(arena, struct answer, 1);
	struct dkim_key *k;

	assert_non_null(all);
	assert_non_null(texts);
	assert_non_null(a);
	for (size_t i = 0; i < n; i++) {
		texts[i] = slice_str(signer_expand(arena, records[i]));
		all[i].as.text.strings = &texts[i];
		all[i].as.text.n = 1;
	}
	a->seen = SEEN_ANSWERED;
	a->as.dns.records = all;
	a->as.dns.n_records = n;
	assert_int_equal(dkim_key_find(arena, a, keys, &k), RC_OK);
	return k;
}

static struct dkim_key *
find_one(const char *record)
{
	return find(&record, 1);
}

static void
a_record_is_read(void **state)
{
	struct dkim_key *k = find_one("v=DKIM1; h=sha256:x; k=RSA; n=a=20b; "
				      "s=email; t=y : s; p=@rsa@");

	(void)state;
	assert_int_equal(k->fault, DKIM_VALID);
	assert_int_equal(k->type, DKIM_KEY_RSA);
	assert_int_equal(k->bits, 2048);
	assert_int_equal(k->notes, 0);
	assert_true(k->testing);
	assert_true(k->strict);
	assert_false(k->revoked);
	assert_true(slice_eq(k->note, SLICE_LIT("a=20b")));
	assert_non_null(dkim_key_public(keys, k));
}

static void
a_record_that_cannot_be_used_says_why(void **state)
{
	static const struct {
		const char *record;
		enum dkim_reason fault;
	} rows[] = {
		{ "", DKIM_KEY_SYNTAX },
		{ "hello", DKIM_KEY_SYNTAX },
		{ "v=DKIM1", DKIM_KEY_SYNTAX },
		{ "v=DKIM2; p=@rsa@", DKIM_KEY_SYNTAX },
		{ "v=dkim1; p=@rsa@", DKIM_KEY_SYNTAX },
		{ "k=rsa; v=DKIM1; p=@rsa@", DKIM_KEY_SYNTAX },
		{ "v=DKIM1; p=@rsa@; p=@rsa@", DKIM_KEY_SYNTAX },
		{ "v=DKIM1;; p=@rsa@", DKIM_KEY_SYNTAX },
		{ "v=DKIM1; p=@rsa@x", DKIM_KEY_SYNTAX },
		{ "v=DKIM1; p=AAAA", DKIM_KEY_SYNTAX },
		{ "v=DKIM1; k=ed25519; p=AAAA", DKIM_KEY_SYNTAX },
		{ "v=DKIM1; k=ed25519; p=@rsa@", DKIM_KEY_SYNTAX },
		{ "v=DKIM1; p=@ed@", DKIM_KEY_SYNTAX },
		{ "v=DKIM1; p=", DKIM_KEY_REVOKED },
		{ "p= ;", DKIM_KEY_REVOKED },
		{ "v=DKIM1; p=@512@", DKIM_KEY_SHORT },
		/* What the type is matters to the signature alone. */
		{ "v=DKIM1; k=dsa; p=AAAA", DKIM_VALID },
		{ "p=@rsa@", DKIM_VALID },
		{ "v=DKIM1; p=@bare@", DKIM_VALID },
		{ "v=DKIM1; k=ed25519; p=@ed@", DKIM_VALID },
		{ " v = DKIM1 ; p = @rsa@ ; ", DKIM_VALID },
		{ "v=DKIM1; x=y; p=@1024@", DKIM_VALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dkim_key *k = find_one(rows[i].record);

		if (k->fault != rows[i].fault ||
		    (k->fault != DKIM_VALID && k->detail.n == 0))
			fail_msg("%s: %d", rows[i].record, (int)k->fault);
	}
}

static void
what_is_unusual_is_noted(void **state)
{
	static const struct {
		const char *records[2];
		unsigned int notes;
	} rows[] = {
		{ { "p=@rsa@" }, DKIM_NOTE_NO_VERSION },
		{ { "v=DKIM1; p=@bare@" }, DKIM_NOTE_BARE },
		{ { "v=DKIM1; g=*; p=@rsa@" }, DKIM_NOTE_G_OLD },
		{ { "v=DKIM1; g=x; p=@rsa@" },
		    DKIM_NOTE_G_OLD | DKIM_NOTE_GRANULARITY },
		{ { "v=DKIM1; h=sha1; p=@rsa@" }, DKIM_NOTE_SHA1_ONLY },
		{ { "v=spf1 -all", "v=DKIM1; p=@rsa@" }, DKIM_NOTE_OTHER_TEXT },
		{ { "v=DKIM1; p=@rsa@", "some text" }, DKIM_NOTE_OTHER_TEXT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dkim_key *k =
		    find(rows[i].records, rows[i].records[1] != NULL ? 2 : 1);

		if (k->notes != rows[i].notes || k->fault != DKIM_VALID)
			fail_msg("%s: %u, %d", rows[i].records[0], k->notes,
			    (int)k->fault);
	}
}

static void
base64_without_its_end_is_noted(void **state)
{
	char *record = signer_expand(arena, "v=DKIM1; k=ed25519; p=@ed@");
	struct dkim_key *k;

	(void)state;
	assert_int_equal(record[strlen(record) - 1], '=');
	record[strlen(record) - 1] = '\0';
	k = find_one(record);
	assert_int_equal(k->fault, DKIM_VALID);
	assert_int_equal(k->notes, DKIM_NOTE_UNPADDED);
}

static void
of_several_keys_none_counts(void **state)
{
	static const char *const two[] = { "v=DKIM1; p=@rsa@",
		"v=DKIM1; p=@other@" };
	static const char *const one_revoked[] = { "v=DKIM1; p=",
		"v=DKIM1; p=@other@" };

	(void)state;
	assert_int_equal(find(two, 2)->fault, DKIM_KEY_SEVERAL);
	assert_int_equal(find(two, 2)->records, 2);
	assert_int_equal(find(one_revoked, 2)->fault, DKIM_KEY_SEVERAL);
}

static void
a_key_serves_what_it_is_for(void **state)
{
	static const struct {
		const char *record;
		enum dkim_algorithm algorithm;
		const char *identity;
		enum dkim_reason reason;
	} rows[] = {
		{ "p=@rsa@", DKIM_RSA_SHA256, "e.com", DKIM_VALID },
		{ "p=@rsa@", DKIM_ED25519_SHA256, "e.com", DKIM_KEY_TYPE },
		{ "k=ed25519; p=@ed@", DKIM_RSA_SHA256, "e.com",
		    DKIM_KEY_TYPE },
		{ "k=dsa; p=AAAA", DKIM_RSA_SHA256, "e.com", DKIM_KEY_TYPE },
		{ "h=sha1; p=@rsa@", DKIM_RSA_SHA256, "e.com", DKIM_KEY_HASH },
		{ "h=; p=@rsa@", DKIM_RSA_SHA256, "e.com", DKIM_VALID },
		{ "s=other; p=@rsa@", DKIM_RSA_SHA256, "e.com",
		    DKIM_KEY_SERVICE },
		{ "s=other:EMAIL; p=@rsa@", DKIM_RSA_SHA256, "e.com",
		    DKIM_VALID },
		{ "t=s; p=@rsa@", DKIM_RSA_SHA256, "e.com", DKIM_VALID },
		{ "t=s; p=@rsa@", DKIM_RSA_SHA256, "a.e.com", DKIM_KEY_STRICT },
		{ "p=", DKIM_RSA_SHA256, "e.com", DKIM_KEY_REVOKED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dkim_signature s = { .algorithm = rows[i].algorithm,
			.domain = SLICE_LIT("e.com"),
			.identity_domain = slice_str(rows[i].identity) };
		enum dkim_reason is =
		    dkim_key_allows(find_one(rows[i].record), &s);

		if (is != rows[i].reason)
			fail_msg("%s: %d", rows[i].record, (int)is);
	}
}

static void
more_keys_than_are_kept_are_read_all_the_same(void **state)
{
	const struct dkim_public *one, *two;
	unsigned char octets[32] = { 0 };

	(void)state;
	for (int i = 0; i < 2 * LIMIT_DKIM_KEYS; i++) {
		octets[0] = (unsigned char)i;
		octets[1] = (unsigned char)(i >> 8);
		assert_int_equal(dkim_public_read(keys, DKIM_KEY_ED25519,
				     slice_of(octets, 32), &one),
		    RC_OK);
		assert_non_null(one);
		assert_int_equal(dkim_public_bits(one), 256);
		assert_int_equal(dkim_public_read(keys, DKIM_KEY_ED25519,
				     slice_of(octets, 32), &two),
		    RC_OK);
		assert_ptr_equal(one, two);
	}
	/* The same octets are no RSA key. */
	assert_int_equal(dkim_public_read(keys, DKIM_KEY_RSA,
			     slice_of(octets, 32), &one),
	    RC_OK);
	assert_null(one);
}

static enum rc
read_in(struct arena *a)
{
	struct dkim_key k;

	return dkim_key_read(a, SLICE_LIT("v=DKIM1; p=AAAA"), &k);
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	arena_sweep(read_in);
}

static int
setup_keys(void **state)
{
	keys = dkim_keys_new();
	return keys != NULL ? setup(state) : -1;
}

static int
teardown_keys(void **state)
{
	dkim_keys_close(&keys);
	signer_close();
	return teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_read),
		cmocka_unit_test(a_record_that_cannot_be_used_says_why),
		cmocka_unit_test(what_is_unusual_is_noted),
		cmocka_unit_test(base64_without_its_end_is_noted),
		cmocka_unit_test(of_several_keys_none_counts),
		cmocka_unit_test(a_key_serves_what_it_is_for),
		cmocka_unit_test(more_keys_than_are_kept_are_read_all_the_same),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, setup_keys, teardown_keys);
}
