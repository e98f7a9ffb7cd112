/* One message, whatever it is: what it tells of is counted, and judged. */
#include "bounces/judge.h"
#include "bounces/log.h"
#include "bounces/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static const struct bounces *
packs(void)
{
	static struct bounces *all;
	struct pack_error error;

	if (all != NULL)
		return all;
	must(bounces_new(&all) == RC_OK);
	for (const struct builtin_pack *p = builtin_bounces; p->name != NULL;
	     p++)
		must(bounces_add_pack(all, slice_str(p->name),
			 slice_of(p->text, p->size), &error) == RC_OK);
	return all;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct classifier *c = NULL;
	struct batch b;

	if (batch_init(&b) != RC_OK)
		return 0;
	b.all = size % 2 == 1;
	(void)mail_recognise(slice_of(data, size));
	mail_read(&b, slice_of(data, size));
	must(b.lines == (size > 0));
	must(b.of[LOG_NONE] <= 1);
	/* What is not recognised tells of nothing. */
	must(b.of[LOG_NONE] == 0 || b.n == 0);
	must(!b.failed);
	if (b.n > 0 && classifier_new(packs(), &c) == RC_OK)
		judge_batch(c, NULL, &b);
	for (size_t i = 0; i < b.n; i++) {
		must(b.attempts[i].line == 1);
		/* Of an octet of the message, decoded, three characters. */
		must(b.attempts[i].recipient.n <= 9 * size);
	}
	classifier_close(&c);
	batch_free(&b);
	return 0;
}
