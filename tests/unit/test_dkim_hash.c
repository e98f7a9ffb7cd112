#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "checks/dkim/dkim_hash.h"
#include "message/message.h"

static struct dkim_digest
body_hash(struct arena *a, struct memos *memos, const char *octets,
    struct dkim_body body)
{
	struct dkim_keys *keys = dkim_keys_new();
	struct dkim_hasher h;
	struct message m;

	assert_int_equal(message_parse(a, slice_str(octets), &m), RC_OK);
	assert_int_equal(dkim_hasher_init(a, keys, &m, &h), RC_OK);
	h.memos = memos;
	assert_true(dkim_hash_bodies(&h, &body, 1));
	dkim_hasher_close(&h);
	dkim_keys_close(&keys);
	return body.digest;
}

static bool
is_same(const struct dkim_digest *a, const struct dkim_digest *b)
{
	return memcmp(a->octets, b->octets, DKIM_DIGEST) == 0;
}

/* Another message stands for "was not looked at". */
static void
a_body_is_hashed_once_an_audit(void **state)
{
	static const char one[] = "From: a@b.example\r\n\r\nfirst \r\n";
	static const char two[] = "From: a@b.example\r\n\r\nsecond \r\n";
	static const struct dkim_body kinds[] = {
		{ .canon = DKIM_RELAXED },
		{ .canon = DKIM_SIMPLE },
		{ .canon = DKIM_RELAXED, .limited = true, .length = 3 },
		{ .canon = DKIM_RELAXED, .limited = true, .length = 4 },
	};
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct memos memos = { .arena = a };

	(void)state;
	assert_non_null(a);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct dkim_digest first = body_hash(a, NULL, one, kinds[i]);
		struct dkim_digest second = body_hash(a, NULL, two, kinds[i]);
		struct dkim_digest kept;

		assert_false(is_same(&first, &second));
		kept = body_hash(a, &memos, one, kinds[i]);
		assert_true(is_same(&kept, &first));
		kept = body_hash(a, &memos, two, kinds[i]);
		assert_true(is_same(&kept, &first));
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_is_hashed_once_an_audit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
