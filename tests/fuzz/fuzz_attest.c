/*
 * The reader of attest files: answers are taken or refused with a place that
 * is in the file, and what is taken is whole.
 */
#include <stdint.h>
#include <string.h>

#include "rules/attest.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* 2026-11-26T00:00:00Z */
enum { AS_OF = 1795651200 };

static const char pack[] =
    "[p.asked]\ntitle = T\nlevel = must\nconsequence = reject\n"
    "source = https://example.com/\nwhy = W\nfix = F\nattest = Do you?\n"
    "[p.both]\ntitle = T\nlevel = must\nconsequence = reject\n"
    "source = https://example.com/\nwhy = W\nfix = F\nattest = Do you?\n"
    "require = spf.pass\n"
    "[p.measured]\ntitle = T\nlevel = must\nconsequence = reject\n"
    "source = https://example.com/\nwhy = W\nfix = F\nrequire = spf.pass\n";

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
check(const struct attestations *all)
{
	must(all->n <= 2);
	for (size_t i = 0; i < all->n; i++) {
		const struct attestation *a = &all->list[i];

		must(a->rule != NULL && a->rule->attest.n > 0);
		must(a->by.n > 0 && a->date.n == 10 && a->line > 0);
		must(slice_cmp(a->date, SLICE_LIT("2026-11-26")) <= 0);
		must(attest_find(all, a->rule) == a);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct attestations all = { .arena = arena_new(4 << 20, 4096) };
	struct slice text = slice_of(data, n);
	struct pack_error e = { .line = 0 };
	struct rules *rules = NULL;
	enum rc rc;

	must(all.arena != NULL && rules_new(&rules) == RC_OK);
	must(rules_add_pack(rules, SLICE_LIT("p"), slice_str(pack), NULL, &e) ==
	     RC_OK);
	rc = attest_read(&all, rules, AS_OF, SLICE_LIT("a"), text, &e);
	if (rc == RC_INVALID)
		must(e.line > 0 && e.column > 0 && e.what.n > 0 &&
		     e.line <= count_lines(text) + 1);
	if (rc == RC_OK)
		check(&all);
	rules_close(&rules);
	arena_free(all.arena);
	return 0;
}
