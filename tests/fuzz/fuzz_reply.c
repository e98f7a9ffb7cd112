/*
 * A reply taken apart and folded: what comes out is within its limits, and is
 * the same a second time.
 */
#include <stdint.h>

#include "bounces/reply.h"
#include "rules/gist.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static bool
is_within(struct slice part, struct slice all)
{
	return part.n == 0 ||
	       (part.p >= all.p && part.p + part.n <= all.p + all.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static unsigned char room[LIMIT_GIST], again[LIMIT_GIST];
	static unsigned char folded[LIMIT_GIST], twice[LIMIT_GIST];
	struct slice in = slice_of(data, n), gist;
	struct reply r, s;

	reply_parse(in, room, &r);
	must(r.code == 0 || (r.code >= 200 && r.code <= 599));
	must(r.text.n <= LIMIT_GIST && r.text.n <= n);
	must(!r.has_status || r.status[1] <= 7);
	must(is_within(r.host, in) && is_within(r.ip, in) &&
	     is_within(r.command, in));
	for (size_t i = 0; i < r.text.n; i++)
		must(r.text.p[i] >= ' ' && r.text.p[i] != 0x7f);
	reply_parse(in, again, &s);
	must(slice_eq(r.text, s.text) && r.code == s.code);
	gist = gist_of(r.text, folded);
	must(gist.n <= r.text.n);
	must(slice_eq(gist, gist_of(s.text, twice)));
	return 0;
}
