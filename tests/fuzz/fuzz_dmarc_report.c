/* A DMARC report, whole and in pieces of seven octets. */
#include "bounces/dmarc_report.h"
#include "bounces/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool fine)
{
	if (!fine)
		__builtin_trap();
}

enum { PIECE = 7 };

static void
take(struct batch *b, struct slice in)
{
	struct dmarc_report *r = NULL;

	if (dmarc_report_new(b, &r) == RC_OK) {
		while (in.n > 0 && dmarc_report_take(r, slice_sub(in, 0, PIECE),
				       in.n <= PIECE))
			in = slice_from(in, PIECE);
	}
	dmarc_report_close(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct batch whole, parts;

	if (batch_init(&whole) != RC_OK)
		return 0;
	must(batch_init(&parts) == RC_OK);
	(void)dmarc_report_recognise(in);
	dmarc_report_read(&whole, in);
	must(whole.lines == 1 && whole.of[LOG_NONE] <= 1);
	must(!whole.failed);
	take(&parts, in);
	must(whole.delivered == parts.delivered && whole.n == parts.n);
	for (size_t i = 0; i < whole.n; i++) {
		must(whole.attempts[i].count == parts.attempts[i].count);
		must(slice_eq(whole.attempts[i].text, parts.attempts[i].text));
		must(whole.attempts[i].text.n > 0);
	}
	batch_free(&whole);
	batch_free(&parts);
	return 0;
}
