#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/views/book.h"
#include "base/limits.h"

enum { ARENA_BLOCK = 4096 };

static const struct book_column columns[] = { { .title = "Name", .width = 10 },
	{ .title = "Times", .width = 9 } };

struct scene {
	struct view_run run;
	struct book book;
	json_t *header;
};

static struct scene *
set_up(const char *folder)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->header = json_pack("{s:s}", "as_of", "2026-11-21T00:00:00Z");
	s->run = (struct view_run){
		.look = { .folder = folder },
		.header = s->header,
		.arena = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK),
	};
	buf_init(&s->run.out, LIMIT_RENDERED);
	book_open(&s->book, &s->run, "A book");
	return s;
}

static void
tear_down(struct scene *s)
{
	book_close(&s->book);
	book_close(&s->book); /* as often as you like */
	buf_free(&s->run.out);
	arena_free(s->run.arena);
	json_decref(s->header);
	free(s);
}

static void
fill(struct sheet *sheet, int rows)
{
	for (int i = 0; i < rows; i++) {
		sheet_text(sheet, 0, "x", BOOK_TEXT);
		sheet_number(sheet, 1, i, BOOK_COUNT);
		sheet_end_row(sheet);
	}
}

static size_t
worksheets(const struct book *b)
{
	const lxw_worksheet *w;
	size_t n = 0;

	LXW_FOREACH_WORKSHEET(w, b->workbook)
	n++;
	return n;
}

static void
what_has_no_room_goes_on_another_sheet(void **state)
{
	/* Of five rows one is of heads, and one may have to say so. */
	static const struct {
		int rows;
		size_t sheets;
		size_t row; /* under way on the last one */
	} cases[] = { { 0, 1, 1 }, { 2, 1, 3 }, { 3, 2, 1 }, { 4, 2, 2 },
		{ 6, 3, 1 } };
	struct scene *s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sheet *sheet;

		s = set_up("/tmp");
		s->book.rows_max = 5;
		sheet = book_sheet(&s->book, "Events");
		assert_non_null(sheet);
		sheet_heads(sheet, columns, 2, true);
		fill(sheet, cases[i].rows);
		assert_int_equal(worksheets(&s->book), cases[i].sheets);
		assert_int_equal(sheet->row, cases[i].row);
		assert_string_equal(sheet->worksheet->name,
		    cases[i].sheets == 1   ? "Events"
		    : cases[i].sheets == 2 ? "Events 2"
					   : "Events 3");
		book_finish(&s->book);
		assert_int_equal(s->run.rc, RC_OK);
		assert_memory_equal(s->run.out.p, "PK\3\4", 4);
		tear_down(s);
	}
}

static void
one_sheet_more_than_there_is_room_for_is_a_bug(void **state)
{
	struct scene *s;

	(void)state;
	s = set_up("/tmp");
	for (int i = 0; i < BOOK_SHEETS; i++) {
		char *title = arena_printf(s->run.arena, "Sheet of %d", i);

		assert_non_null(book_sheet(&s->book, title));
	}
	assert_null(book_sheet(&s->book, "One more"));
	assert_int_equal(s->run.rc, RC_BUG);
	/* After that nothing is done, and nothing fails. */
	sheet_text(NULL, 0, "x", BOOK_TEXT);
	sheet_end_row(NULL);
	book_finish(&s->book);
	assert_int_equal(s->run.out.n, 0);
	tear_down(s);
}

static void
a_folder_that_is_not_there_is_named(void **state)
{
	struct scene *s;

	(void)state;
	s = set_up("/nowhere at all");
	assert_int_equal(s->run.rc, RC_IO);
	assert_string_equal(s->run.why,
	    "cannot make a temporary file in /nowhere at all: No such file or "
	    "directory");
	assert_null(book_sheet(&s->book, "Events"));
	tear_down(s);
}

static void
a_column_is_as_wide_as_what_is_in_it(void **state)
{
	static const struct {
		const char *text;
		unsigned int width, lines;
	} cases[] = {
		{ "x", 7, 1 },
		{ "12345678", 8, 1 },
		{ "1234567890", 10, 1 },
		{ "1234567890 1", 10, 2 },
		{ "12345678901", 10, 2 },
		{ "1\n2\n3", 7, 3 },
		{ "one word and another", 10, 3 },
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5", 8, 1 },
	};
	struct scene *s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sheet *sheet;

		s = set_up("/tmp");
		sheet = book_sheet(&s->book, "Events");
		sheet->fitted = true;
		sheet_heads(sheet, columns, 2, true);
		sheet_text(sheet, 0, cases[i].text, BOOK_WRAP);
		assert_int_equal(sheet->widths[0], cases[i].width);
		assert_int_equal(sheet->lines, cases[i].lines);
		assert_true(sheet->used[0]);
		assert_false(sheet->used[1]);
		tear_down(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_no_room_goes_on_another_sheet),
		cmocka_unit_test(
		    one_sheet_more_than_there_is_room_for_is_a_bug),
		cmocka_unit_test(a_folder_that_is_not_there_is_named),
		cmocka_unit_test(a_column_is_as_wide_as_what_is_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
