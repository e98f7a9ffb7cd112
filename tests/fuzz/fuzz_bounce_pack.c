/*
 * The whole reader of bounce packs: a pack is taken or refused with a place that
 * is in it, a refused one leaves no pattern, and what is taken can be used.
 */
#include <stdint.h>

#include "bounces/classify.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static size_t
count_lines(struct slice text)
{
	struct slice line;
	size_t n = 0;

	while (slice_line(&text, &line))
		n++;
	return n;
}

static void
use(const struct bounces *b)
{
	static unsigned char room[LIMIT_GIST];
	struct bounce_source from = { .host = SLICE_LIT("mx.example.com") };
	struct classifier *c = NULL;
	struct bounce_identity id;
	struct bounce_class class;
	struct reply r;

	must(classifier_new(b, &c) == RC_OK);
	reply_parse(SLICE_LIT("550 5.7.26 [192.0.2.1] user unknown TSS04"),
	    room, &r);
	classify(c, &r, &from, &class);
	bounce_identify(b, &class, r.text, &id);
	for (size_t i = 0; i < b->n_patterns; i++) {
		const struct bounce_pattern *p = b->patterns[i];

		must(p->id.n > 0 && p->title.n > 0 && p->fix.n > 0);
		must(p->source.n > 0 && p->checked.n == 10);
		must(p->provider != NULL);
		must(bounces_find(b, p->id) == p);
	}
	classifier_close(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = slice_of(data, n);
	struct pack_error e = { .line = 0 };
	struct bounces *b = NULL;
	enum rc rc;

	must(bounces_new(&b) == RC_OK);
	rc = bounces_add_pack(b, SLICE_LIT("f.bounces"), text, &e);
	if (rc == RC_INVALID) {
		must(e.line >= 1 && e.column >= 1 && e.what.n > 0);
		must(e.line <= count_lines(text));
	}
	must(rc == RC_OK || (b->n_patterns == 0 && b->n_providers == 1));
	use(b);
	/* The same again: every id is taken. */
	if (rc == RC_OK && b->n_patterns > 0)
		must(
		    bounces_add_pack(b, SLICE_LIT("again"), text, &e) != RC_OK);
	bounces_close(&b);
	return 0;
}
