#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "bounces/pool.h"
#include "bounces/reader.h"
#include "with_arena.h"

WITH_ARENA(64 * 1024 * 1024, 4096)

enum { PIECES = 6 };

/* What came of a run: the recipients in order, and numbers. */
struct seen {
	struct reader *reader;
	struct buf recipients;
	uint64_t lines, delivered, none;
};

static enum rc
take(void *ctx, void *piece, bool *end)
{
	return reader_next(((struct seen *)ctx)->reader, piece, end);
}

static void
work(void *ctx, void *piece, unsigned int thread)
{
	(void)ctx;
	(void)thread;
	piece_read(piece);
}

static enum rc
put(void *ctx, void *piece)
{
	struct seen *s = ctx;
	const struct piece *p = piece;

	s->lines += p->batch.lines;
	s->delivered += p->batch.delivered;
	s->none += p->batch.of[0];
	for (size_t i = 0; i < p->batch.n; i++) {
		buf_add(&s->recipients, p->batch.attempts[i].recipient);
		buf_add_char(&s->recipients, '\n');
	}
	return RC_OK;
}

static void
run(const char *path, unsigned int threads, struct seen *s)
{
	const struct pool_work w = { s, take, work, put, NULL };
	struct piece pieces[PIECES];
	void *pointers[PIECES];

	*s = (struct seen){ .reader = NULL };
	buf_init(&s->recipients, 64 * 1024 * 1024);
	assert_int_equal(reader_new(&path, 1, NULL, arena, &s->reader), RC_OK);
	for (size_t i = 0; i < PIECES; i++) {
		assert_int_equal(piece_init(&pieces[i]), RC_OK);
		pointers[i] = &pieces[i];
	}
	assert_int_equal(pool_run(&w, pointers, PIECES, threads), RC_OK);
	for (size_t i = 0; i < PIECES; i++)
		piece_free(&pieces[i]);
}

static void
done(struct seen *s)
{
	reader_free(&s->reader);
	buf_free(&s->recipients);
}

static const struct input *
only_input(const struct seen *s)
{
	size_t n;
	struct input *const *inputs = reader_inputs(s->reader, &n);

	assert_int_equal(n, 1);
	return inputs[0];
}

static char *
write_file(struct slice octets)
{
	static char path[] = "/tmp/presend-test-XXXXXX";
	FILE *f;
	int fd;

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	f = fdopen(fd, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(octets.p, 1, octets.n, f), octets.n);
	assert_int_equal(fclose(f), 0);
	return path;
}

/* Over four blocks of lines, of which some are as long as a block. */
static void
make_log(struct buf *b, size_t n)
{
	buf_init(b, 64 * 1024 * 1024);
	for (size_t i = 0; i < n; i++) {
		buf_printf(b,
		    "2026-01-05 03:06:18 1v1az8-1gnkxW-6B ** u%zu@x: y", i);
		for (size_t k = 0; i % 1000 == 7 && k < 300 * 1024; k++)
			buf_add_char(b, 'z');
		buf_add_str(b, "\n2026-01-05 03:06:18 1v1az8-1gnkxW-6B => u\n");
	}
}

static void
any_number_of_threads_sees_the_same(void **state)
{
	struct seen one, more;
	struct buf log;
	char *path;

	(void)state;
	make_log(&log, 10 * 1000);
	path = write_file(buf_slice(&log));
	run(path, 1, &one);
	assert_int_equal(one.lines, 20 * 1000);
	assert_int_equal(one.delivered, 10 * 1000);
	assert_int_equal(one.none, 0);
	assert_int_equal(only_input(&one)->bytes, log.n);
	assert_int_equal(only_input(&one)->too_long, 0);
	for (unsigned int threads = 2; threads < 5; threads++) {
		run(path, threads, &more);
		assert_int_equal(more.lines, one.lines);
		assert_true(slice_eq(buf_slice(&more.recipients),
		    buf_slice(&one.recipients)));
		done(&more);
	}
	done(&one);
	buf_free(&log);
	assert_int_equal(unlink(path), 0);
}

static void
a_line_without_end_is_cut_and_counted(void **state)
{
	struct slice last =
	    SLICE_LIT("\n2026-01-05 03:06:18 1v1az8-1gnkxW-6B ** last@x: y");
	struct seen s;
	struct buf log;
	char *path;

	(void)state;
	buf_init(&log, 64 * 1024 * 1024);
	for (size_t i = 0; i < 3 * LIMIT_LOG_LINE; i++)
		buf_add_char(&log, 'x');
	buf_add(&log, last);
	path = write_file(buf_slice(&log));
	run(path, 1, &s);
	assert_int_equal(s.lines, 2);
	assert_int_equal(s.none, 1);
	assert_int_equal(only_input(&s)->too_long, 1);
	assert_int_equal(only_input(&s)->bytes, log.n);
	assert_true(slice_eq(buf_slice(&s.recipients), SLICE_LIT("last@x\n")));
	done(&s);
	buf_free(&log);
	assert_int_equal(unlink(path), 0);
}

static void
what_cannot_be_read_is_said(void **state)
{
	static const struct {
		struct slice octets;
		const char *error;
	} cases[] = {
		{ { (const void *)"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10 },
		    "truncated gzip input" },
		{ { (const void *)"PK\3\4", 4 }, "Truncated ZIP file header" },
	};
	struct seen s;
	char *path;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		path = write_file(cases[i].octets);
		run(path, 1, &s);
		assert_int_equal(s.lines, 0);
		if (slice_find(only_input(&s)->error,
			slice_str(cases[i].error)) == SIZE_MAX)
			fail_msg("%.*s", SLICE_FMT(only_input(&s)->error));
		assert_true(
		    slice_starts(only_input(&s)->error, slice_str(path)));
		done(&s);
		assert_int_equal(unlink(path), 0);
	}
	run("/nowhere/at/all", 1, &s);
	assert_true(slice_eq(only_input(&s)->error,
	    SLICE_LIT("/nowhere/at/all: No such file or directory")));
	done(&s);
}

static void
nothing_is_read_as_nothing(void **state)
{
	struct seen s;
	char *path = write_file(SLICE_LIT(""));

	(void)state;
	run(path, 2, &s);
	assert_int_equal(s.lines, 0);
	assert_int_equal(only_input(&s)->error.n, 0);
	done(&s);
	assert_int_equal(unlink(path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_threads_sees_the_same),
		cmocka_unit_test(a_line_without_end_is_cut_and_counted),
		cmocka_unit_test(what_cannot_be_read_is_said),
		cmocka_unit_test(nothing_is_read_as_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
