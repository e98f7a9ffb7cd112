#include "checks/certificate.h"
#include "checks/check.h"
#include "checks/exchange.h"

#include "base/limits.h"

/*
 * MTA-STS, RFC 8461: a TXT record that says there is a policy, a policy over
 * HTTPS that names the MX hosts.  A policy that is wrong can keep mail away.
 */

enum { POLICY_MX_MAX = 100, MAX_AGE_MAX = 31557600 /* 3.2: one year */ };

struct policy {
	struct slice version, mode;
	struct slice mx[POLICY_MX_MAX];
	size_t n_mx;
	bool has_max_age;
	uint64_t max_age;
};

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
}

/* ---- the record (3.1) -------------------------------------------------- */

/*
 *  sts-text-record = sts-version 1*(sts-field-delim sts-field)
 *                    [sts-field-delim]
 *  sts-version     = %s"v=STSv1"
 *  sts-id          = %s"id=" 1*32(ALPHA / DIGIT)
 */
static bool
is_record(struct slice text)
{
	struct slice head, rest;

	(void)slice_cut(text, ';', &head, &rest);
	return slice_eq(slice_trim(head), SLICE_LIT("v=STSv1"));
}

static bool
id_is_good(struct slice id)
{
	for (size_t i = 0; i < id.n; i++) {
		if (!ascii_is_alnum(id.p[i]))
			return false;
	}
	return id.n >= 1 && id.n <= 32;
}

static bool
read_record(struct check_run *run, struct slice text)
{
	struct slice id = SLICE_NONE, field, name, value;
	bool more = true;

	while (more) {
		more = slice_cut(text, ';', &field, &text);
		(void)slice_cut(slice_trim(field), '=', &name, &value);
		if (slice_eq(name, SLICE_LIT("id")) && id.p == NULL)
			id = value;
	}
	if (id.p == NULL)
		check_fact_null(run->facts, "id");
	else
		check_fact_text(run->facts, "id", id);
	if (id_is_good(id))
		return true;
	problem(run, "mta_sts.bad-id",
	    SLICE_LIT("the record needs id= with 1 to 32 letters or digits"));
	return false;
}

/* The one record; nothing: none that counts. */
static struct slice
find_record(struct check_run *run, const struct answer *a)
{
	struct slice found = SLICE_NONE;
	size_t n = 0;

	for (size_t i = 0; a->seen == SEEN_ANSWERED && i < a->as.dns.n_records;
	     i++) {
		struct slice text =
		    check_text(run->arena, &a->as.dns.records[i]);

		if (!is_record(text))
			continue;
		found = text;
		n++;
	}
	if (n <= 1)
		return found;
	/* 3.1: with several, senders must assume there is no policy. */
	problem(run, "mta_sts.multiple-records",
	    arena_slicef(run->arena, "%zu records begin with v=STSv1", n));
	return SLICE_NONE;
}

/* ---- the policy (3.2) -------------------------------------------------- */

static void
policy_field(struct policy *p, struct slice key, struct slice value)
{
	if (slice_eq(key, SLICE_LIT("mx")) && p->n_mx < POLICY_MX_MAX)
		p->mx[p->n_mx++] = value;
	else if (slice_eq(key, SLICE_LIT("version")) && p->version.p == NULL)
		p->version = value;
	else if (slice_eq(key, SLICE_LIT("mode")) && p->mode.p == NULL)
		p->mode = value;
	else if (slice_eq(key, SLICE_LIT("max_age")) && !p->has_max_age)
		p->has_max_age = slice_number(value, MAX_AGE_MAX, &p->max_age);
}

static void
policy_read(struct slice body, struct policy *p)
{
	struct slice line, key, value;

	while (slice_line(&body, &line)) {
		if (slice_cut(line, ':', &key, &value))
			policy_field(p, slice_trim(key), slice_trim(value));
	}
}

static bool
policy_check(struct check_run *run, const struct policy *p)
{
	bool none = slice_eq(p->mode, SLICE_LIT("none"));
	bool good = true;

	if (!slice_eq(p->version, SLICE_LIT("STSv1"))) {
		problem(run, "mta_sts.bad-version",
		    SLICE_LIT("the policy needs the line \"version: STSv1\""));
		good = false;
	}
	if (!none && !slice_eq(p->mode, SLICE_LIT("enforce")) &&
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
	if (!none && p->n_mx == 0) {
		problem(run, "mta_sts.no-mx",
		    SLICE_LIT("the policy names no mx"));
		good = false;
	}
	return good;
}

static void
policy_put(struct check_run *run, const struct policy *p)
{
	json_t *o = json_object(), *mx = json_array();

	check_fact_text(o, "version", p->version);
	check_fact_text(o, "mode", p->mode);
	for (size_t i = 0; i < p->n_mx; i++)
		(void)json_array_append_new(mx, check_json(p->mx[i]));
	(void)json_object_set_new(o, "mx", mx);
	if (p->has_max_age)
		(void)json_object_set_new(o, "max_age",
		    json_integer((json_int_t)p->max_age));
	else
		check_fact_null(o, "max_age");
	(void)json_object_set_new(run->facts, "policy", o);
	check_fact_text(run->facts, "mode", p->mode);
}

/* ---- its HTTPS (3.3) --------------------------------------------------- */

static enum rc
check_https(struct check_run *run, const struct http_answer *h,
    struct slice host, bool *good)
{
	struct certificate c;
	enum rc rc = certificate_read(run, &h->tls, host, &c);

	*good = true;
	if (rc)
		return rc;
	if (!c.readable || !c.matches_san || c.expired || c.not_yet_valid ||
	    (c.trust_known && !c.trusted)) {
		*good = false;
		problem(run, "mta_sts.certificate",
		    !c.readable ? SLICE_LIT("it cannot be read")
		    : !c.matches_san
			? arena_slicef(run->arena,
			      "it is not made out for %.*s", SLICE_FMT(host))
		    : c.expired       ? SLICE_LIT("it has expired")
		    : c.not_yet_valid ? SLICE_LIT("it is not valid yet")
				      : c.error);
	}
	if (c.trust_known || !*good)
		check_fact_bool(run->facts, "certificate_ok", *good);
	else
		check_gap(run, "certificate_ok", CAUSE_OFFLINE,
		    SLICE_LIT("no trust anchors could be read"));
	if (h->status == 200)
		return RC_OK;
	*good = false;
	/* 3.3: redirects must not be followed. */
	problem(run, "mta_sts.status",
	    arena_slicef(run->arena, "HTTP status %u instead of 200%s",
		h->status,
		h->status / 100 == 3 ? "; a redirect is not followed" : ""));
	return RC_OK;
}

/* ---- the MX hosts (4.1) ------------------------------------------------ */

/* A pattern with a leftmost "*" stands for exactly one label. */
static bool
mx_matches(struct slice pattern, struct slice host)
{
	struct slice label, rest;

	if (pattern.n > 0 && pattern.p[pattern.n - 1] == '.')
		pattern.n--;
	if (!slice_starts(pattern, SLICE_LIT("*.")))
		return slice_eq_nocase(pattern, host);
	return slice_cut(host, '.', &label, &rest) && label.n > 0 &&
	       slice_eq_nocase(slice_from(pattern, 2), rest);
}

static void
put_hosts(struct check_run *run, const struct exchanges *mx,
    const struct policy *p)
{
	json_t *hosts = json_array(), *unmatched = json_array();

	(void)json_object_set_new(run->facts, "hosts", hosts);
	(void)json_object_set_new(run->facts, "unmatched", unmatched);
	for (size_t i = 0; i < mx->n; i++) {
		struct slice host = mx->list[i].host;
		json_t *o = json_object();
		bool matches = false;

		for (size_t k = 0; k < p->n_mx; k++)
			matches = matches || mx_matches(p->mx[k], host);
		check_fact_text(o, "name", host);
		check_fact_bool(o, "matches", matches);
		(void)json_array_append_new(hosts, o);
		if (!matches)
			(void)json_array_append_new(unmatched,
			    check_json(host));
	}
}

/* ---- the whole --------------------------------------------------------- */

static enum rc
judge_policy(struct check_run *run, const struct answer *a, struct slice host,
    bool good)
{
	struct exchanges mx = check_exchanges(run, run->subject->domain);
	struct policy p = { 0 };
	bool https;
	enum rc rc;

	rc = check_https(run, &a->as.http, host, &https);
	if (rc)
		return rc;
	good = good && https;
	if (a->as.http.status == 200) {
		policy_read(a->as.http.body, &p);
		good = policy_check(run, &p) && good;
		policy_put(run, &p);
	} else {
		check_fact_null(run->facts, "policy");
	}
	check_fact_bool(run->facts, "valid", good);
	if (a->as.http.status != 200 || slice_eq(p.mode, SLICE_LIT("none")))
		return RC_OK;
	if (mx.unknown != NULL)
		check_gap_answer(run, "hosts", mx.unknown, SLICE_LIT("the MX"));
	else
		put_hosts(run, &mx, &p);
	return RC_OK;
}

static enum rc
fetch_policy(struct check_run *run, bool good)
{
	struct slice host = arena_slicef(run->arena, "mta-sts.%.*s",
	    SLICE_FMT(run->subject->domain));
	struct slice url = arena_slicef(run->arena,
	    "https://%.*s/.well-known/mta-sts.txt", SLICE_FMT(host));
	struct addresses at = check_ask_addresses(run, host);
	const struct answer *a;

	(void)check_exchanges(run, run->subject->domain);
	if (at.waiting || arena_failed(run->arena))
		return RC_OK;
	if (at.n == 0) {
		struct answer lost = { .seen = at.seen,
			.cause = at.cause,
			.detail = at.detail };

		if (at.seen != SEEN_ABSENT) {
			check_gap_answer(run, "policy", &lost, host);
			check_gap_answer(run, "valid", &lost, host);
			return RC_OK;
		}
		problem(run, "mta_sts.no-host",
		    arena_slicef(run->arena, "%.*s has no address",
			SLICE_FMT(host)));
		check_fact_null(run->facts, "policy");
		check_fact_bool(run->facts, "valid", false);
		return RC_OK;
	}
	a = check_ask_https(run, url, at.ips, at.n);
	if (a == NULL)
		return RC_OK;
	if (a->seen != SEEN_ANSWERED) {
		check_gap_answer(run, "policy", a, url);
		check_gap_answer(run, "valid", a, url);
		check_gap_answer(run, "hosts", a, url);
		return RC_OK;
	}
	return judge_policy(run, a, host, good);
}

static enum rc
mta_sts_run(struct check_run *run)
{
	struct slice name = arena_slicef(run->arena, "_mta-sts.%.*s",
	    SLICE_FMT(run->subject->domain));
	const struct answer *a = check_ask_dns(run, name, DNS_TXT);
	struct slice record;

	if (a == NULL)
		return RC_OK;
	if (!answer_known(a)) {
		check_gap_answer(run, "", a,
		    arena_slicef(run->arena, "%.*s TXT", SLICE_FMT(name)));
		return RC_OK;
	}
	(void)json_object_set_new(run->facts, "problems", json_array());
	record = find_record(run, a);
	if (record.p == NULL) {
		check_fact_null(run->facts, "record");
		check_fact_null(run->facts, "policy");
		if (json_array_size(json_object_get(run->facts, "problems")) >
		    0)
			check_fact_bool(run->facts, "valid", false);
		else
			check_fact_null(run->facts, "valid");
		return RC_OK;
	}
	check_fact_text(run->facts, "record", record);
	return fetch_policy(run, read_record(run, record));
}

static const struct fact_doc facts[] = {
	{ "record", "text", "the TXT record at _mta-sts; null: none" },
	{ "id", "text", "the record's id; null: it has none" },
	{ "policy", "object", "the policy that was fetched; null: none" },
	{ "policy.version", "text", "STSv1" },
	{ "policy.mode", "text", "enforce, testing or none" },
	{ "policy.mx", "list", "the patterns for MX hosts" },
	{ "policy.mx[]", "text", "a pattern" },
	{ "policy.max_age", "number", "seconds; null: missing or wrong" },
	{ "mode", "text", "the policy's mode" },
	{ "hosts", "list", "the domain's MX hosts; not for mode none" },
	{ "hosts[].name", "text", "the host" },
	{ "hosts[].matches", "bool", "a pattern of the policy covers it" },
	{ "unmatched", "list", "MX hosts that the policy does not cover" },
	{ "unmatched[]", "text", "the host" },
	{ "certificate_ok", "bool",
	    "the policy host's certificate is valid for it" },
	{ "valid", "bool",
	    "record, policy and HTTPS are right; null: no record" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "text", "mta_sts.NAME, stable" },
	{ "problems[].detail", "text", "for people" },
	{ 0 },
};

const struct check check_mta_sts = {
	.name = "mta_sts",
	.summary = "MTA-STS record, policy, and whether it covers the MX",
	.standards = "RFC 8461",
	.facts = facts,
	.run = mta_sts_run,
};
