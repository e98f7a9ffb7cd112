#include "base/limits.h"
#include "checks/spf/spf_macro.h"
#include "checks/spf/spf_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
is_inside(struct slice s, struct slice all)
{
	return s.n == 0 || (s.p >= all.p && s.p + s.n <= all.p + all.n);
}

static void
check_modifier(const struct spf_term *t)
{
	bool modifier = t->kind == SPF_REDIRECT || t->kind == SPF_EXP ||
			t->kind == SPF_MODIFIER;

	if (modifier != (t->qualifier == 0) || (modifier && t->qualified))
		__builtin_trap();
	if (!modifier && memchr("+-?~", t->qualifier, 4) == NULL)
		__builtin_trap();
}

/* What no term without a fault may be. */
static void
check_fine(const struct spf_term *t)
{
	enum spf_macro_place place =
	    t->kind == SPF_MODIFIER ? SPF_MACRO_STRING : SPF_DOMAIN_SPEC;
	bool network = t->kind == SPF_IP4 || t->kind == SPF_IP6, macro;
	size_t at;

	if (t->kind == SPF_NONSENSE)
		__builtin_trap();
	for (size_t i = 0; i < t->text.n; i++) {
		if (t->text.p[i] <= ' ' || t->text.p[i] > '~')
			__builtin_trap();
	}
	if (network)
		return;
	if (t->spec.n > 0 && !spf_macro_valid(t->spec, place, &at, &macro))
		__builtin_trap();
	if (t->macros !=
	    (t->spec.n > 0 && memchr(t->spec.p, '%', t->spec.n) != NULL))
		__builtin_trap();
}

static void
check_network(const struct spf_term *t)
{
	unsigned int family = t->kind == SPF_IP4   ? 4
			      : t->kind == SPF_IP6 ? 6
						   : 0;

	if (t->fault == SPF_FINE && t->ip.family != family)
		__builtin_trap();
	if (t->ip.family != 0 && t->ip.family != family)
		__builtin_trap();
	if (t->bits4 > 32 || t->bits6 > 128)
		__builtin_trap();
}

static void
check_term(const struct spf_term *t, struct slice record)
{
	if (t->text.n == 0 || !is_inside(t->text, record) ||
	    t->text.p != record.p + t->at)
		__builtin_trap();
	if (!is_inside(t->name, t->text) || !is_inside(t->spec, t->text))
		__builtin_trap();
	if (memchr(t->text.p, ' ', t->text.n) != NULL)
		__builtin_trap();
	if (t->fault >= SPF_FAULTS || t->kind > SPF_NONSENSE)
		__builtin_trap();
	check_modifier(t);
	check_network(t);
	if (t->fault == SPF_FINE)
		check_fine(t);
}

/* The first of its kind, or NULL when there is none. */
static void
check_first(const struct spf_record *r, const struct spf_term *first,
    enum spf_kind kind)
{
	size_t i = 0;

	while (i < r->n && r->terms[i].kind != kind)
		i++;
	if (first != (i < r->n ? &r->terms[i] : NULL))
		__builtin_trap();
	for (i++; i < r->n; i++) {
		if (kind != SPF_ALL && r->terms[i].kind == kind &&
		    r->terms[i].fault == SPF_FINE)
			__builtin_trap();
	}
}

static void
check_record(const struct spf_record *r)
{
	size_t faults = 0, end = 0;

	for (size_t i = 0; i < r->n; i++) {
		check_term(&r->terms[i], r->text);
		/* In order, and with a space between. */
		if (i > 0 && r->terms[i].at <= end)
			__builtin_trap();
		end = r->terms[i].at + r->terms[i].text.n;
		faults += r->terms[i].fault != SPF_FINE;
	}
	if (faults != r->faults || r->n > LIMIT_SPF_TERMS)
		__builtin_trap();
	check_first(r, r->all, SPF_ALL);
	check_first(r, r->redirect, SPF_REDIRECT);
	check_first(r, r->exp, SPF_EXP);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 1024);
	struct spf_record r;
	enum rc rc;

	if (a == NULL)
		return 0;
	rc = spf_record_parse(a, in, &r);
	if (rc == RC_OK)
		check_record(&r);
	else if (!arena_failed(a))
		__builtin_trap();
	(void)spf_record_is(in);
	arena_free(a);
	return 0;
}
