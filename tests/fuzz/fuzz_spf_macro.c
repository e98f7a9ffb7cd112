#include "base/domain.h"
#include "base/limits.h"
#include "checks/spf/spf_macro.h"
#include "probes/dns_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The input, in lines: the text, and what the letters l, o, d, h, p and r
 * stand for.
 */

static struct slice
next(struct slice *rest)
{
	struct slice line;

	(void)slice_cut(*rest, '\n', &line, rest);
	return line;
}

static struct spf_letters
letters(struct slice rest, size_t size)
{
	struct spf_letters l = { .now = 1795290000 };

	(void)ip_parse(size % 2 == 0 ? SLICE_LIT("192.0.2.1")
				     : SLICE_LIT("2001:db8::cb01"),
	    &l.ip);
	l.sender_local = next(&rest);
	l.sender_domain = next(&rest);
	l.domain = next(&rest);
	l.helo = next(&rest);
	l.validated = next(&rest);
	l.receiver = next(&rest);
	return l;
}

/* ---- names ------------------------------------------------------------- */

static void
check_name(struct arena *a, struct slice text)
{
	struct slice name, again;
	struct dns_name wire;

	if (!spf_target_name(a, text, &name))
		return;
	if (name.n == 0 || !dns_name_parse(name, &wire) || wire.n > 255)
		__builtin_trap();
	if (!slice_eq(dns_name_text(a, &wire), name))
		__builtin_trap();
	again = domain_octets(a, name);
	if (again.n > 253 || !slice_eq(domain_from_octets(a, again), name))
		__builtin_trap();
	if (!spf_target_name(a, again, &again) || !slice_eq(name, again))
		__builtin_trap();
}

/* ---- macros ------------------------------------------------------------ */

static bool
check_syntax(struct slice text, enum spf_macro_place place)
{
	size_t at = SIZE_MAX;
	bool macro, valid = spf_macro_valid(text, place, &at, &macro);

	if (valid)
		return true;
	if (at > text.n || (macro && (at == text.n || text.p[at] != '%')))
		__builtin_trap();
	return false;
}

static void
check_expansion(struct arena *a, struct slice text, const struct spf_letters *l)
{
	struct slice out = SLICE_NONE, again = SLICE_NONE;
	enum rc rc = spf_macro_expand(a, text, l, &out);

	if (rc != spf_macro_expand(a, text, l, &again) || rc == RC_BUG)
		__builtin_trap();
	if (rc)
		return;
	if (out.p == NULL || out.n > LIMIT_SPF_EXPANSION ||
	    !slice_eq(out, again))
		__builtin_trap();
	if (text.n > 0 && memchr(text.p, '%', text.n) == NULL &&
	    !slice_eq(text, out))
		__builtin_trap();
	check_name(a, out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of(data, size), text = next(&rest);
	struct spf_letters l = letters(rest, size);
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	bool domain, string, explanation;

	if (a == NULL)
		return 0;
	domain = check_syntax(text, SPF_DOMAIN_SPEC);
	string = check_syntax(text, SPF_MACRO_STRING);
	explanation = check_syntax(text, SPF_EXPLANATION);
	if ((domain && !string) || (string && !explanation))
		__builtin_trap();
	/* What is not valid is not expanded, but it must do no harm. */
	check_expansion(a, text, &l);
	check_name(a, l.helo);
	arena_free(a);
	return 0;
}
