#include "audit/bounces_diff.h"
#include "audit/diff.h"
#include "audit/views/view.h"
#include "base/escape.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input: a saved document, a line "--", another one. */

static const char *const files[] = { "a", "b" };

static void
split(struct slice in, struct slice parts[2])
{
	struct slice rest = in, line;

	parts[0] = in;
	parts[1] = SLICE_LIT("");
	while (slice_line(&rest, &line)) {
		if (!slice_eq(line, SLICE_LIT("--")))
			continue;
		parts[0] = slice_sub(in, 0, (size_t)(line.p - in.p));
		parts[1] = rest;
		return;
	}
}

static long long
count(const struct diff *d, const char *key)
{
	return (long long)json_integer_value(
	    json_object_get(json_object_get(d->header, "counts"), key));
}

/* What is counted is what is there. */
static void
check_counts(const struct diff *d)
{
	long long worse = 0, n = 0;
	const json_t *audit;
	size_t i;

	json_array_foreach(d->audits, i, audit)
	{
		worse += (long long)json_integer_value(
		    json_object_get(audit, "worse"));
		n++;
	}
	if (worse != (long long)d->counts.worse || worse != count(d, "worse") ||
	    n != count(d, "changed") + count(d, "added") + count(d, "removed"))
		__builtin_trap();
}

/* A terminal gets lines of visible UTF-8. */
static void
check_text(enum document document, const json_t *header, json_t *audits)
{
	struct view_wishes want = { .view = &views[0],
		.document = document,
		.look = { .unicode = true },
		.header = header };
	struct view_run run;
	struct slice s;
	json_t *audit;
	size_t i, n;
	enum rc rc = view_begin(&run, &want);

	json_array_foreach(audits, i, audit)
	{
		if (rc == RC_OK)
			rc = view_item(&run, audit);
	}
	if (rc == RC_OK)
		rc = view_end(&run);
	for (s = buf_slice(&run.out); rc == RC_OK && s.n > 0;
	     s = slice_from(s, n)) {
		uint32_t c = utf8_next(s, &n);

		if (c == UINT32_MAX || (c < 0x20 && c != '\n') ||
		    (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E))
			__builtin_trap();
	}
	view_close(&run);
}

static void
compare(struct arena *a, const struct saved saved[2], bool same)
{
	struct diff d;
	enum rc rc = diff_make(a, saved, files, &d);

	if (rc == RC_OK) {
		check_counts(&d);
		check_text(DOCUMENT_DIFF, d.header, d.audits);
		/* Of a document and itself nothing is another. */
		if (same && json_array_size(d.audits) > 0)
			__builtin_trap();
	}
	diff_close(&d);
}

/* Each cluster that is not the same is listed, and no other. */
static void
compare_bounces(const struct saved saved[2], bool same)
{
	json_t *const documents[2] = { saved[0].header, saved[1].header };
	struct bounces_diff d;
	json_t *value, *counts;
	const char *name;
	json_int_t n = 0;

	if (bounces_diff_make(documents, files, &d) == RC_OK) {
		counts = json_object_get(d.document, "counts");
		json_object_foreach(counts, name, value)
		{
			if (strcmp(name, "same") != 0)
				n += json_integer_value(value);
		}
		if (n != (json_int_t)json_array_size(
			     json_object_get(d.document, "clusters")) ||
		    (same && n > 0))
			__builtin_trap();
		check_text(DOCUMENT_BOUNCES_DIFF, d.document, NULL);
	}
	bounces_diff_close(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 22, 4096);
	struct saved saved[2] = { { .header = NULL } }, twice[2];
	struct slice parts[2], error;
	enum rc rc = RC_OK;

	if (a == NULL)
		return 0;
	split(slice_of(data, size), parts);
	for (int i = 0; i < 2 && rc == RC_OK; i++) {
		struct saved_file f = { files[i], parts[i], a, &error };

		rc = saved_read(&f, &saved[i]);
	}
	if (rc == RC_OK && saved[0].bounces && saved[1].bounces)
		compare_bounces(saved, false);
	else if (rc == RC_OK && !saved[0].bounces && !saved[1].bounces)
		compare(a, saved, false);
	twice[0] = twice[1] = saved[0];
	if (saved[0].bounces)
		compare_bounces(twice, true);
	else if (saved[0].audits != NULL && saved[0].header != NULL)
		compare(a, twice, true);
	saved_close(&saved[0]);
	saved_close(&saved[1]);
	arena_free(a);
	return 0;
}
