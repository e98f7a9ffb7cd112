#include "message/received_spf.h"

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
	struct arena *a = arena_new(4 * 1024 * 1024, 4096);
	struct received_spf spf;

	if (a == NULL)
		return 0;
	if (received_spf_parse(a, slice_of(data, size), &spf) == RC_OK) {
		const struct slice all[] = { spf.result, spf.comment,
			spf.client_ip, spf.envelope_from, spf.helo,
			spf.receiver, spf.identity, spf.mechanism,
			spf.problem };

		for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
			check(all[i].n <= size);
		check(spf.result.n > 0 || spf.malformed);
	} else {
		check(arena_failed(a));
	}
	arena_free(a);
	return 0;
}
