#include "probes/probes.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What says where to connect to: --connect-to, --resolver, resolv.conf. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = slice_of(data, n);
	struct resolver one, list[4];
	struct connect_to c;
	size_t found;

	if (connect_to_parse(text, &c)) {
		struct probe_settings s = { .connect_to = &c,
			.n_connect_to = 1 };
		struct ip ip = { .family = 4, .b = { 10, 0, 0, 1 } };
		struct endpoint e = { 0 };

		/* A private address only where the user has named one. */
		if (probes_endpoint(&s, SLICE_LIT("a.test"), &ip, 25, &e) &&
		    c.host2.n == 0)
			__builtin_trap();
	}
	if (resolver_parse(text, &one) &&
	    ((one.ip.family != 4 && one.ip.family != 6) || one.port == 0))
		__builtin_trap();
	found = resolver_system(text, list, 4);
	if (found == 0 || found > 4)
		__builtin_trap();
	for (size_t i = 0; i < found; i++) {
		if (list[i].port == 0)
			__builtin_trap();
	}
	return 0;
}
