#include <stdlib.h>

#include "base/limits.h"
#include "checks/dmarc/dmarc_problems.h"
#include "checks/dmarc/dmarc_suggest.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input is the text of a record, its strings joined. */

enum { ARENA = 32 << 20 };

#define NAME SLICE_LIT("_dmarc.example.com")

static bool
has_text(const json_t *problem, const char *key)
{
	const char *text = json_string_value(json_object_get(problem, key));

	return text != NULL && text[0] != '\0';
}

/* What is told of a record; true: something is an error. */
static bool
has_error(struct arena *arena, struct slice text)
{
	struct check_run run = { .arena = arena, .facts = json_object() };
	json_t *list = json_array();
	struct dmarc_record record;
	bool error = false;
	size_t i;

	(void)json_object_set_new(run.facts, "problems", list);
	dmarc_record_read(text, &record);
	dmarc_record_problems(&run, &record, NAME);
	if (json_array_size(list) > LIMIT_PROBLEMS + 1)
		__builtin_trap();
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *p = json_array_get(list, i);

		if (!has_text(p, "code") || !has_text(p, "detail") ||
		    !has_text(p, "severity"))
			__builtin_trap();
		error = error || strcmp(json_string_value(
					    json_object_get(p, "severity")),
				     DMARC_ERROR) == 0;
	}
	json_decref(run.facts);
	return error;
}

static struct slice
suggest(struct arena *arena, struct slice text)
{
	struct slice out = SLICE_NONE;
	enum rc rc = dmarc_suggest(arena, text, SLICE_LIT("example.com"), &out);

	if (rc == RC_OK)
		return out;
	if (rc != RC_NOMEM && !arena_failed(arena))
		__builtin_trap();
	return SLICE_NONE;
}

/* A suggestion is a record without an error, and needs no mending. */
static void
check_suggestion(struct arena *arena, struct slice text)
{
	struct slice out = suggest(arena, text);
	struct dmarc_record record;
	struct dmarc_wish wish;

	if (out.p == NULL)
		return;
	if (!slice_starts_nocase(slice_trim(out), SLICE_LIT("v")))
		__builtin_trap();
	dmarc_record_read(out, &record);
	wish = dmarc_record_wish(&record, DMARC_OWN, false);
	if (wish.policy == NULL || wish.applies == NULL ||
	    has_error(arena, out) || !slice_eq(suggest(arena, out), out))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	struct arena *arena = arena_new(ARENA, 8192);
	struct check_run run = { .arena = arena, .facts = json_object() };

	if (arena != NULL && run.facts != NULL) {
		(void)has_error(arena, text);
		dmarc_near_problem(&run, text, NAME);
		check_suggestion(arena, text);
	}
	json_decref(run.facts);
	arena_free(arena);
	return 0;
}
