#include "checks/dmarc/dmarc_problems.h"

/* Texts that were meant to be a record, and why they are none. */

struct fault {
	const char *code;
	const char *why;  /* "which is none as it ..." */
	const char *mend; /* "write ..." */
};

static bool
has(struct slice text, struct slice what)
{
	return slice_find(text, what) != SIZE_MAX;
}

/* The version is there, but not where and as it must be. */
static struct fault
fault_of(struct slice text)
{
	struct dmarc_octets o = dmarc_octets_look(text);

	if (o.quotes)
		return (struct fault){ "dmarc.quotes",
			"as it has quotation marks in it",
			"publish it without them" };
	if (o.smart_quotes)
		return (struct fault){ "dmarc.smart-quotes",
			"as it has typographic quotation marks in it",
			"publish it without them" };
	if (o.backslash)
		return (struct fault){ "dmarc.backslash",
			"as it has backslashes in it, which belong before "
			"semicolons in zone files alone",
			"publish it without them" };
	if (o.other)
		return (struct fault){ "dmarc.non-ascii",
			"as it has octets in it that are not of printable "
			"ASCII, as come with text that is copied from pages",
			"type it anew" };
	if (text.n > 0 && ascii_is_space(text.p[0]))
		return (struct fault){ "dmarc.bad-version",
			"as it begins with a blank",
			"publish it without the blank" };
	if (has(text, SLICE_LIT("v=DMARC1")) &&
	    !slice_starts(text, SLICE_LIT("v=DMARC1")))
		return (struct fault){ "dmarc.bad-version",
			"as v=DMARC1 is not its first tag",
			"put v=DMARC1 before all else" };
	if (slice_starts(text, SLICE_LIT("v=DMARC1 ")) ||
	    slice_starts(text, SLICE_LIT("v=DMARC1\t")))
		return (struct fault){ "dmarc.no-semicolon",
			"as no semicolon ends its version, v=DMARC1",
			"write v=DMARC1; and then the tags" };
	if (slice_starts_nocase(text, SLICE_LIT("v=DMARC1;")))
		return (struct fault){ "dmarc.bad-version",
			"as the version has to be in capitals",
			"write v=DMARC1" };
	return (struct fault){ "dmarc.bad-version",
		"as it does not begin with v=DMARC1 and a semicolon",
		"let it begin with v=DMARC1;" };
}

void
dmarc_near_problem(struct check_run *run, struct slice text, struct slice name)
{
	struct fault f = fault_of(text);

	dmarc_tell(run, f.code, DMARC_ERROR,
	    arena_slicef(run->arena,
		"%.*s has \"%.*s\", which receivers do not take for a DMARC "
		"record, %s; %s",
		SLICE_FMT(name), SLICE_FMT(dmarc_clip(text)), f.why, f.mend));
}
