/*
 * dkim_forms simple|relaxed
 *
 * Prints the message on standard input in its canonical form: all header
 * fields, an empty line, the body.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "checks/dkim/dkim_canon.h"

static unsigned char octets[1 << 20];

static void
print(void *to, struct slice s)
{
	(void)fwrite(s.p, 1, s.n, to);
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new(LIMIT_AUDIT_ARENA, 4096);
	size_t n = fread(octets, 1, sizeof(octets), stdin), i;
	struct dkim_sink *sink = calloc(1, sizeof(*sink));
	enum dkim_canon canon;
	struct message m;
	bool bare;

	if (argc != 2 || arena == NULL || sink == NULL ||
	    message_parse(arena, slice_of(octets, n), &m) != RC_OK)
		return 2;
	canon = slice_eq(slice_str(argv[1]), SLICE_LIT("relaxed"))
		    ? DKIM_RELAXED
		    : DKIM_SIMPLE;
	bare = dkim_lines_are_bare(m.octets);
	dkim_sink_init(sink, print, stdout);
	for (i = 0; i < m.n_fields; i++) {
		struct dkim_field f = { .field = &m.fields[i] };

		dkim_canon_field(sink, canon, &f, bare);
	}
	dkim_sink_put(sink, SLICE_LIT("\r\n"));
	dkim_canon_body(sink, canon, m.body, bare);
	dkim_sink_flush(sink);
	free(sink);
	arena_free(arena);
	return fflush(stdout) == 0 ? 0 : 4;
}
