#include "checks/mta_sts_policy.h"

#include "base/domain.h"

enum {
	MAX_AGE_MAX = 31557600, /* 3.2: one year */
	KEY_MAX = 32,           /* 3.2: of a field, in octets */
};

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
}

/* ---- reading ----------------------------------------------------------- */

static void
policy_mx(struct arena *arena, struct sts_policy *p, struct slice value)
{
	struct slice *mx =
	    arena_grow(arena, p->mx, p->n_mx, &p->mx_cap, sizeof(*mx));

	if (mx == NULL)
		return;
	p->mx = mx;
	p->mx[p->n_mx++] = value;
}

/* 3.2: of a field that stands twice, but for mx, the first counts. */
static void
policy_field(struct arena *arena, struct sts_policy *p, struct slice key,
    struct slice value)
{
	if (slice_eq(key, SLICE_LIT("mx")))
		policy_mx(arena, p, value);
	else if (slice_eq(key, SLICE_LIT("version")) && p->version.p == NULL)
		p->version = value;
	else if (slice_eq(key, SLICE_LIT("mode")) && p->mode.p == NULL)
		p->mode = value;
	else if (slice_eq(key, SLICE_LIT("max_age")) && p->age.p == NULL) {
		p->age = value;
		p->has_max_age = slice_number(value, MAX_AGE_MAX, &p->max_age);
	}
}

bool
sts_key_is_good(struct slice key)
{
	for (size_t i = 0; i < key.n; i++) {
		unsigned char c = key.p[i];

		if (!ascii_is_alnum(c) &&
		    (i == 0 || (c != '_' && c != '-' && c != '.')))
			return false;
	}
	return key.n > 0 && key.n <= KEY_MAX;
}

/*
 *  sts-policy-record = sts-policy-field *WSP
 *                      *(sts-policy-term sts-policy-field *WSP)
 *                      [sts-policy-term]
 *  sts-policy-field-delim = ":" *WSP
 *  sts-policy-term        = LF / CRLF
 *
 * Empty lines are let pass.
 */
void
sts_policy_read(struct arena *arena, struct slice body, struct sts_policy *p)
{
	struct slice line, key, value;

	while (slice_line(&body, &line)) {
		if (slice_cut(line, ':', &key, &value) &&
		    sts_key_is_good(key) && slice_trim(value).n > 0)
			policy_field(arena, p, key, slice_trim(value));
		else if (slice_trim(line).n > 0)
			p->bad_line = true;
	}
}

/* ---- judging ----------------------------------------------------------- */

/*
 *  sts-policy-mx-value = ["*."] Domain
 *
 * A-labels only (4.1).
 */
static bool
mx_is_good(struct arena *arena, struct slice mx)
{
	struct slice name;

	if (slice_starts(mx, SLICE_LIT("*.")))
		mx = slice_from(mx, 2);
	for (size_t i = 0; i < mx.n; i++) {
		if (!ascii_is_alnum(mx.p[i]) && mx.p[i] != '-' &&
		    mx.p[i] != '.')
			return false;
	}
	return mx.n > 0 && mx.p[mx.n - 1] != '.' &&
	       domain_canonical(arena, mx, &name) == DOMAIN_FINE;
}

static bool
policy_check_mx(struct check_run *run, const struct sts_policy *p)
{
	bool good = true;

	for (size_t i = 0; i < p->n_mx; i++) {
		if (mx_is_good(run->arena, p->mx[i]))
			continue;
		problem(run, "mta_sts.bad-mx", p->mx[i]);
		good = false;
	}
	if (p->n_mx > 0 || slice_eq(p->mode, SLICE_LIT("none")))
		return good;
	problem(run, "mta_sts.no-mx", SLICE_LIT("the policy names no mx"));
	return false;
}

bool
sts_policy_check(struct check_run *run, const struct sts_policy *p)
{
	bool good = true;

	if (!slice_eq(p->version, SLICE_LIT("STSv1"))) {
		problem(run, "mta_sts.bad-version",
		    SLICE_LIT("the policy needs the line \"version: STSv1\""));
		good = false;
	}
	if (!slice_eq(p->mode, SLICE_LIT("none")) &&
	    !slice_eq(p->mode, SLICE_LIT("enforce")) &&
	    !slice_eq(p->mode, SLICE_LIT("testing"))) {
		problem(run, "mta_sts.bad-mode",
		    SLICE_LIT("mode must be enforce, testing or none"));
		good = false;
	}
	if (!p->has_max_age) {
		problem(run, "mta_sts.bad-max-age",
		    SLICE_LIT("max_age must be there, from 0 to 31557600"));
		good = false;
	}
	if (p->bad_line) {
		problem(run, "mta_sts.bad-line",
		    SLICE_LIT("the policy has a line that is not key: value"));
		good = false;
	}
	return policy_check_mx(run, p) && good;
}

bool
sts_mx_matches(struct slice pattern, struct slice host)
{
	struct slice label, rest;

	if (!slice_starts(pattern, SLICE_LIT("*.")))
		return slice_eq_nocase(pattern, host);
	return slice_cut(host, '.', &label, &rest) && label.n > 0 &&
	       slice_eq_nocase(slice_from(pattern, 2), rest);
}
