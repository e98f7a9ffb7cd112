#include "message/transfer.h"

/* Any octets as base64 and as quoted-printable. */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_decoded(struct slice all, enum mime_encoding encoding, size_t max)
{
	struct transfer kept = { .in = all, .max = max };
	struct transfer looked = { .in = all };
	struct buf out;

	buf_init(&out, max);
	kept.out = &out;
	transfer_decode(&kept, encoding);
	transfer_decode(&looked, encoding);
	check(!out.failed);
	check(kept.n == looked.n && kept.n <= all.n);
	check(out.n == (kept.n < max ? kept.n : max));
	for (size_t i = 0; i < TRANSFER_FAULTS; i++) {
		check(kept.faults[i].count == looked.faults[i].count);
		check(kept.faults[i].at <= all.n);
	}
	check(transfer_origin(all, encoding, kept.n) == all.n);
	for (size_t i = 0; i < kept.n && i < 20; i++)
		check(transfer_origin(all, encoding, i) < all.n);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_of(data, size);

	check_decoded(all, MIME_BASE64, 100);
	check_decoded(all, MIME_QUOTED_PRINTABLE, 100);
	check_decoded(all, MIME_BASE64, size);
	check_decoded(all, MIME_QUOTED_PRINTABLE, size);
	return 0;
}
