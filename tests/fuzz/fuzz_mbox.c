/* An mbox is the same however it is cut. */
#include "bounces/log.h"
#include "bounces/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool fine)
{
	if (!fine)
		__builtin_trap();
}

struct sum {
	uint64_t lines, none, delivered, attempts;
};

static void
take(struct sum *sum, struct slice block)
{
	struct batch b;

	if (batch_init(&b) != RC_OK)
		return;
	mbox_read(&b, block);
	sum->lines += b.lines;
	sum->none += b.of[LOG_NONE];
	sum->delivered += b.delivered;
	sum->attempts += b.n;
	batch_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size), rest = in;
	struct sum whole = { 0 }, parts = { 0 };
	size_t n;

	if (!mbox_recognise(in))
		return 0;
	take(&whole, in);
	/* As the reader does: the last message may go on behind the block. */
	while (rest.n > 0) {
		n = mbox_cut(rest);
		must(n <= rest.n);
		must(n == 0 || n == rest.n ||
		     mbox_recognise(slice_from(rest, n)));
		if (n == 0)
			n = rest.n;
		take(&parts, slice_sub(rest, 0, n));
		rest = slice_from(rest, n);
	}
	must(whole.lines == parts.lines && whole.none == parts.none);
	must(whole.delivered == parts.delivered);
	must(whole.attempts == parts.attempts);
	return 0;
}
