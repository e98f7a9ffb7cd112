#include "base/utf8.h"
#include "message/encoded.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

/* Each behind the one before, and within. */
static void
check_words(struct slice all)
{
	struct encoded_word w;
	size_t at = 0;

	while (encoded_next(all, at, &w)) {
		check(w.at >= at && w.n > 0 && w.at + w.n <= all.n);
		check(slice_starts(slice_from(all, w.at), SLICE_LIT("=?")));
		if (w.kind != ENCODED_MALFORMED)
			check(w.charset.n > 0 && w.text.n < w.n);
		at = w.at + w.n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(4 * 1024 * 1024, 4096);
	struct slice all = slice_of(data, size);
	struct encoded_text t;

	if (a == NULL)
		return 0;
	if (encoded_decode(a, all, &t) == RC_OK) {
		check(t.text.n <= 4 * size + 64);
		if (t.words == 0)
			check(slice_eq(t.text, all) && !t.bad_octets);
		/* What words become is UTF-8; the rest is as it was. */
		if (utf8_valid(all))
			check(utf8_valid(t.text));
	} else {
		check(arena_failed(a));
	}
	check_words(all);
	arena_free(a);
	return 0;
}
