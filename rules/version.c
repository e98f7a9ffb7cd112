/*
 *  version = 1*ALPHA "v" number *3("." number)
 *  number  = 1*4DIGIT
 */
#include "rules/version.h"

enum { VERSION_PARTS = 4, VERSION_PART_MAX = 9999 };

struct version {
	struct slice letters;
	uint64_t parts[VERSION_PARTS];
};

static bool
version_parse(struct slice s, struct version *out)
{
	struct slice part;
	bool more = true;
	size_t n = 0;

	while (n < s.n && ascii_is_alpha(s.p[n]))
		n++;
	*out = (struct version){ .letters = slice_sub(s, 0, n) };
	if (n < 2 || s.p[n - 1] != 'v')
		return false;
	s = slice_from(s, n);
	for (size_t i = 0; more; i++) {
		if (i == VERSION_PARTS)
			return false;
		more = slice_cut(s, '.', &part, &s);
		if (!slice_number(part, VERSION_PART_MAX, &out->parts[i]))
			return false;
	}
	return true;
}

bool
version_is(struct slice s)
{
	struct version v;

	return version_parse(s, &v);
}

bool
version_compare(struct slice a, struct slice b, int *out)
{
	struct version va, vb;

	if (!version_parse(a, &va) || !version_parse(b, &vb) ||
	    !slice_eq(va.letters, vb.letters))
		return false;
	*out = 0;
	for (size_t i = 0; i < VERSION_PARTS && *out == 0; i++)
		*out =
		    (va.parts[i] > vb.parts[i]) - (va.parts[i] < vb.parts[i]);
	return true;
}
