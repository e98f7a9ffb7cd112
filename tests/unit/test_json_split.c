#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/json_split.h"

struct octets {
	struct slice rest;
	size_t step;
};

static size_t
read_octets(void *ctx, unsigned char *to, size_t n)
{
	struct octets *o = ctx;
	struct slice some = slice_sub(o->rest, 0, o->step < n ? o->step : n);

	if (some.n > 0)
		memcpy(to, some.p, some.n);
	o->rest = slice_from(o->rest, some.n);
	return some.n;
}

static struct json_split *
split_of(struct octets *o, size_t max)
{
	struct json_split *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	json_split_init(s,
	    (struct json_source){ .read = read_octets, .ctx = o }, "audits",
	    max);
	return s;
}

static void
split_close(struct json_split *s)
{
	json_split_free(s);
	free(s);
}

/* "name=value" of each piece, ";" behind it; an item has no name. */
static enum rc
describe(struct json_split *s, struct buf *out)
{
	struct json_piece piece = { .kind = JSON_PIECE_MEMBER };
	bool more;
	enum rc rc = json_split_enter(s, &more);

	assert_true(rc != RC_OK || more);
	while (rc == RC_OK && piece.kind != JSON_PIECE_END) {
		char *text;

		rc = json_split_next(s, &piece);
		text = json_dumps(piece.value,
		    JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
		if (rc == RC_OK && piece.kind != JSON_PIECE_END)
			buf_printf(out, "%s=%s;",
			    piece.kind == JSON_PIECE_MEMBER ? piece.name : "",
			    text != NULL ? text : "");
		free(text);
		json_decref(piece.value);
	}
	buf_add(out, slice_of("", 1));
	return rc;
}

static void
members_and_items_come_in_their_order(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "{}", "" },
		{ " {\"a\" : 1 , \"b\":[1,{\"c\":\"]}\"}]} ",
		    "a=1;b=[1,{\"c\":\"]}\"}];" },
		{ "{\"audits\":[]}", "" },
		{ "{\"audits\":[{},[],1,\"x\\\"]\"],\"z\":null}",
		    "={};=[];=1;=\"x\\\"]\";z=null;" },
		{ "{\"h\":\"x\",\"audits\":[1\n,2]}", "h=\"x\";=1;=2;" },
		{ "{\"\\u0061udits\":[1]}", "=1;" },
		{ "{\"audits\":7}", "audits=7;" },
		{ "{\"a\":{\"audits\":[1]}}", "a={\"audits\":[1]};" },
		{ "{\"a\":\"\\\\\",\"b\":true}", "a=\"\\\\\";b=true;" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * 3; i++) {
		static const size_t steps[] = { 1, 3, 100 };
		struct octets o = { slice_str(rows[i / 3].text), steps[i % 3] };
		struct json_split *s = split_of(&o, 1 << 20);
		struct buf out;

		buf_init(&out, 1 << 16);
		assert_int_equal(describe(s, &out), RC_OK);
		assert_string_equal((const char *)out.p, rows[i / 3].want);
		buf_free(&out);
		split_close(s);
	}
}

static void
a_fault_is_named_by_line(void **state)
{
	static const struct {
		const char *text;
		size_t line;
		const char *why;
	} rows[] = {
		{ "[]", 1, "an object is expected" },
		{ "{", 1, "ends in the middle" },
		{ "{\n\n\"audits\":[1,\n{\"a\":\n\"b", 5,
		    "ends in the middle" },
		{ "{\"a\":1", 1, "ends in the middle" },
		{ "{\"a\":1,}", 1, "the name of a member" },
		{ "{\"a\":\n,\"b\":1}", 2, "a value is expected" },
		{ "{\"audits\":[1,]}", 1, "a value is expected" },
		{ "{\"audits\":[1 2]}", 1, "a comma or a bracket" },
		{ "{\"a\":1\n\"b\":2}", 2, "a comma or a brace" },
		{ "{\"a\" 1}", 1, "a colon" },
		{ "{\n\"audits\":[1],\n\"audits\":[2]}", 3, "twice" },
		{ "{\"audits\":[\n{\n\"a\":1,\n\"a\":2}]}", 4, "duplicate" },
		{ "{\"a\":\n[}\n]}", 2, "unexpected" },
		{ "{\"audits\":[\n1e999]}", 2, "real number overflow" },
		{ "{\"a\":\n99999999999999999999}", 2, "too big integer" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct octets o = { slice_str(rows[i].text), 2 };
		struct json_split *s = split_of(&o, 1 << 20);
		struct buf out;

		buf_init(&out, 1 << 16);
		assert_int_equal(describe(s, &out), RC_INVALID);
		if (strstr(s->why, rows[i].why) == NULL ||
		    s->line != rows[i].line)
			fail_msg("%s: line %zu: %s", rows[i].text, s->line,
			    s->why);
		buf_free(&out);
		split_close(s);
	}
}

static void
what_is_skipped_is_not_looked_at(void **state)
{
	struct octets o = { slice_str("{\"audits\":[{\"a\":1 1},[}],\"b\":2}"),
		4 };
	struct json_split *s = split_of(&o, 1 << 20);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	s->skip = true;
	assert_int_equal(describe(s, &out), RC_OK);
	assert_string_equal((const char *)out.p, "=;=;b=2;");
	buf_free(&out);
	split_close(s);
}

static void
values_may_follow_each_other(void **state)
{
	struct octets o = { slice_str("{\"a\":1}\n{\"b\":\n2} [3]\n"), 5 };
	struct json_split *s = split_of(&o, 1 << 20);
	struct json_piece piece;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		static const size_t lines[] = { 1, 2, 3 };

		assert_int_equal(json_split_next(s, &piece), RC_OK);
		assert_int_equal(piece.kind, JSON_PIECE_ITEM);
		assert_int_equal(s->begin, lines[i]);
		json_decref(piece.value);
	}
	assert_int_equal(json_split_next(s, &piece), RC_OK);
	assert_int_equal(piece.kind, JSON_PIECE_END);
	split_close(s);
}

static void
a_part_that_is_too_large_is_refused_unless_skipped(void **state)
{
	enum { SIZE = 300 * 1000 };

	char *text = malloc(SIZE + 32);
	int head = snprintf(text, 32, "{\"audits\":[\"");

	(void)state;
	memset(text + head, 'x', SIZE);
	memcpy(text + head + SIZE, "\"]}", sizeof("\"]}"));
	for (int skip = 0; skip < 2; skip++) {
		struct octets o = { slice_str(text), 1 << 16 };
		struct json_split *s = split_of(&o, 1 << 18);
		struct buf out;

		buf_init(&out, 1 << 16);
		s->skip = skip == 1;
		assert_int_equal(describe(s, &out),
		    skip == 1 ? RC_OK : RC_INVALID);
		assert_true(skip == 1 || strstr(s->why, "larger") != NULL);
		assert_true(s->text.cap <= (1 << 18) + 1);
		buf_free(&out);
		split_close(s);
	}
	free(text);
}

static void
depth_is_bounded(void **state)
{
	enum { DEPTH = 5000 };

	char *text = malloc(DEPTH + 32);
	int head = snprintf(text, 32, "{\"audits\":");
	struct octets o;
	struct json_split *s;
	struct buf out;

	(void)state;
	memset(text + head, '[', DEPTH);
	text[head + DEPTH] = '\0';
	o = (struct octets){ slice_str(text), 7 };
	s = split_of(&o, 1 << 20);
	s->skip = true;
	buf_init(&out, 1 << 16);
	assert_int_equal(describe(s, &out), RC_INVALID);
	assert_non_null(strstr(s->why, "nested too deeply"));
	buf_free(&out);
	split_close(s);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_and_items_come_in_their_order),
		cmocka_unit_test(a_fault_is_named_by_line),
		cmocka_unit_test(what_is_skipped_is_not_looked_at),
		cmocka_unit_test(values_may_follow_each_other),
		cmocka_unit_test(
		    a_part_that_is_too_large_is_refused_unless_skipped),
		cmocka_unit_test(depth_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
