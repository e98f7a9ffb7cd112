#include "base/fold.h"
#include "base/utf8.h"
#include "message/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* They are the same for all inputs, and take long to read. */
	static const struct words *words;
	static struct arena *kept;
	struct arena *a = arena_new(8 * 1024 * 1024, 4096);
	struct slice all = slice_of(data, size), once, again;

	if (kept == NULL)
		kept = arena_new(1 << 20, 4096);
	if (kept != NULL && words == NULL)
		words = words_new(kept);
	if (a != NULL && words != NULL) {
		once = fold_text(a, all);
		again = fold_text(a, once);
		if (!arena_failed(a)) {
			check(once.n <= size);
			check(!utf8_valid(all) || utf8_valid(once));
			check(!utf8_valid(all) || slice_eq(once, again));
			check(words_find(words, once) <= WORDS_NONE);
		}
	}
	arena_free(a);
	return 0;
}
