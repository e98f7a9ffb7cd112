#include "checks/certificate.h"
#include "checks/check.h"
#include "checks/exchange.h"
#include "checks/mta_sts_policy.h"

/*
 * MTA-STS, RFC 8461: a TXT record that says there is a policy, a policy over
 * HTTPS that names the MX hosts.  A policy that is wrong can keep mail away.
 */

/* What is right so far; false and unknown is false. */
enum right { RIGHT_NO, RIGHT_UNKNOWN, RIGHT_YES };

static enum right
both(enum right a, enum right b)
{
	return a < b ? a : b;
}

static enum right
right_of(bool b)
{
	return b ? RIGHT_YES : RIGHT_NO;
}

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
}

/* ---- the record (3.1) -------------------------------------------------- */

/*
 *  sts-text-record = sts-version 1*(sts-field-delim sts-field)
 *                    [sts-field-delim]
 *  sts-field-delim = *WSP ";" *WSP
 *  sts-version     = %s"v=STSv1"
 *  sts-id          = %s"id=" 1*32(ALPHA / DIGIT)
 *
 * What does not begin with "v=STSv1;" is not looked at.
 */
static bool
is_record(struct slice text)
{
	struct slice head, rest;

	if (!slice_cut(text, ';', &head, &rest) ||
	    !slice_starts(head, SLICE_LIT("v=STSv1")))
		return false;
	return slice_trim(slice_from(head, 7)).n == 0;
}

/* It was meant to be one. */
static bool
is_nearly_record(struct slice text)
{
	return slice_find_nocase(text, SLICE_LIT("STSv1")) != SIZE_MAX;
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

/*
 *  sts-extension = sts-ext-name "=" sts-ext-value
 *  sts-ext-value = 1*(%x21-3A / %x3C / %x3E-7E)
 */
static bool
field_is_good(struct slice name, struct slice value)
{
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < 0x21 || value.p[i] > 0x7e || value.p[i] == '=')
			return false;
	}
	return value.n > 0 && sts_key_is_good(name);
}

/* 3.2: the first of a field counts, and so of the id. */
static bool
read_record(struct check_run *run, struct slice text)
{
	struct slice id = SLICE_NONE, field, name, value;
	bool more = true, whole = true;

	while (more) {
		more = slice_cut(text, ';', &field, &text);
		field = slice_trim(field);
		(void)slice_cut(field, '=', &name, &value);
		/* One more delimiter at the end is allowed. */
		whole = whole &&
			(field_is_good(name, value) || (field.n == 0 && !more));
		if (slice_eq(name, SLICE_LIT("id")) && id.p == NULL)
			id = value;
	}
	if (id.n == 0)
		check_fact_null(run->facts, "id");
	else
		check_fact_text(run->facts, "id", id);
	if (!id_is_good(id))
		problem(run, "mta_sts.bad-id",
		    SLICE_LIT("the record needs id= with 1 to 32 letters or "
			      "digits"));
	if (!whole)
		problem(run, "mta_sts.bad-record",
		    SLICE_LIT("a part of the record is not name=value, or "
			      "holds what neither may hold"));
	return whole && id_is_good(id);
}

struct found {
	struct slice text; /* nothing: none that counts */
	size_t n;
	struct slice near; /* one that only seems to be a record; or nothing */
};

static struct found
find_record(struct check_run *run, const struct answer *a)
{
	struct found out = { 0 };

	for (size_t i = 0; a->seen == SEEN_ANSWERED && i < a->as.dns.n_records;
	     i++) {
		struct slice text =
		    check_text(run->arena, &a->as.dns.records[i]);

		if (is_record(text)) {
			out.text = text;
			out.n++;
		} else if (out.near.p == NULL && is_nearly_record(text)) {
			out.near = text;
		}
	}
	/* 3.1: with several, senders must assume there is no policy. */
	if (out.n > 1)
		out.text = SLICE_NONE;
	return out;
}

/* ---- the policy (3.2) -------------------------------------------------- */

static void
put_text(json_t *o, const char *key, struct slice s)
{
	if (s.n > 0)
		check_fact_text(o, key, s);
	else
		check_fact_null(o, key);
}

static void
policy_put(struct check_run *run, const struct sts_policy *p)
{
	json_t *o = json_object(), *mx = json_array();

	put_text(o, "version", p->version);
	put_text(o, "mode", p->mode);
	for (size_t i = 0; i < p->n_mx; i++)
		(void)json_array_append_new(mx, check_json(p->mx[i]));
	(void)json_object_set_new(o, "mx", mx);
	if (p->has_max_age)
		(void)json_object_set_new(o, "max_age",
		    json_integer((json_int_t)p->max_age));
	else
		check_fact_null(o, "max_age");
	(void)json_object_set_new(run->facts, "policy", o);
	put_text(run->facts, "mode", p->mode);
}

/* ---- its HTTPS (3.3) --------------------------------------------------- */

/* Why nobody takes it; nothing: it is good as far as that can be told. */
static struct slice
certificate_fault(struct check_run *run, const struct certificate *c,
    struct slice host)
{
	if (!c->readable)
		return SLICE_LIT("it cannot be read");
	if (!c->matches_san)
		return arena_slicef(run->arena, "it is not made out for %.*s",
		    SLICE_FMT(host));
	if (c->expired)
		return SLICE_LIT("it has expired");
	if (c->not_yet_valid)
		return SLICE_LIT("it is not valid yet");
	if (c->trust_known && !c->trusted)
		return c->error;
	return SLICE_NONE;
}

static enum rc
check_certificate(struct check_run *run, const struct http_answer *h,
    struct slice host, enum right *right)
{
	struct certificate c;
	struct slice fault;
	enum rc rc = certificate_read(run, &h->tls, host, &c);

	if (rc)
		return rc;
	fault = certificate_fault(run, &c, host);
	*right = RIGHT_NO;
	if (fault.n > 0) {
		problem(run, "mta_sts.certificate", fault);
		check_fact_bool(run->facts, "certificate_ok", false);
	} else if (c.trust_known) {
		check_fact_bool(run->facts, "certificate_ok", true);
		*right = RIGHT_YES;
	} else {
		check_gap(run, "certificate_ok", CAUSE_OFFLINE,
		    SLICE_LIT("no trust anchors could be read"));
		check_gap(run, "valid", CAUSE_OFFLINE,
		    SLICE_LIT("no trust anchors could be read"));
		*right = RIGHT_UNKNOWN;
	}
	return RC_OK;
}

/* RFC 9110 8.3.1: type "/" subtype *( OWS ";" OWS parameter ) */
static bool
is_plain_text(struct slice content_type)
{
	struct slice type, parameters;

	(void)slice_cut(content_type, ';', &type, &parameters);
	return slice_eq_nocase(slice_trim(type), SLICE_LIT("text/plain"));
}

/* Says what is wrong with how it is served; false if something is. */
static bool
check_service(struct check_run *run, const struct http_answer *h)
{
	if (h->status != 200) {
		/* 3.3: redirects must not be followed. */
		problem(run, "mta_sts.status",
		    arena_slicef(run->arena, "HTTP status %u instead of 200%s",
			h->status,
			h->status / 100 == 3 ? "; a redirect is not followed"
					     : ""));
		return false;
	}
	/* 3.3: senders are to read no more than this. */
	if (h->body_truncated)
		problem(run, "mta_sts.too-large",
		    SLICE_LIT("the policy is longer than 64 KiB"));
	/* 3.2: senders should look at it, so it may be fatal. */
	if (!is_plain_text(h->content_type))
		problem(run, "mta_sts.content-type",
		    h->content_type.n > 0
			? h->content_type
			: SLICE_LIT("the policy is served without one"));
	return !h->body_truncated && is_plain_text(h->content_type);
}

/* Not now: what is there at other times is not known. */
static bool
is_for_now(uint16_t status)
{
	return status == 429 || (status >= 502 && status <= 504);
}

/* ---- the MX hosts (4.1) ------------------------------------------------ */

static void
put_hosts(struct check_run *run, const struct exchanges *mx,
    const struct sts_policy *p)
{
	json_t *hosts = json_array(), *unmatched = json_array();

	(void)json_object_set_new(run->facts, "hosts", hosts);
	(void)json_object_set_new(run->facts, "unmatched", unmatched);
	for (size_t i = 0; i < mx->n; i++) {
		struct slice host = mx->list[i].host;
		json_t *o = json_object();
		bool matches = false;

		for (size_t k = 0; k < p->n_mx; k++)
			matches = matches || sts_mx_matches(p->mx[k], host);
		check_fact_text(o, "name", host);
		check_fact_bool(o, "matches", matches);
		(void)json_array_append_new(hosts, o);
		if (!matches)
			(void)json_array_append_new(unmatched,
			    check_json(host));
	}
}

/* 4.1, for the modes in which senders look. */
static void
judge_hosts(struct check_run *run, const struct sts_policy *p)
{
	struct exchanges mx = check_exchanges(run, run->subject->domain);
	struct slice detail = arena_slicef(run->arena, "the MX of %.*s",
	    SLICE_FMT(run->subject->domain));

	if (slice_eq(p->mode, SLICE_LIT("none"))) {
		check_fact_null(run->facts, "hosts");
		check_fact_null(run->facts, "unmatched");
	} else if (mx.unknown != NULL) {
		check_gap_answer(run, "hosts", mx.unknown, detail);
		check_gap_answer(run, "unmatched", mx.unknown, detail);
	} else {
		put_hosts(run, &mx, p);
	}
	if (mx.cut)
		check_gap(run, "hosts", CAUSE_LIMIT,
		    SLICE_LIT("there are more MX hosts than are looked at"));
}

/* ---- the whole --------------------------------------------------------- */

/* What comes of the policy; each absent with it, or null. */
static const char *const of_policy[] = { "policy", "mode", "hosts",
	"unmatched" };

static void
no_policy(struct check_run *run)
{
	for (size_t i = 0; i < sizeof(of_policy) / sizeof(of_policy[0]); i++)
		check_fact_null(run->facts, of_policy[i]);
}

static void
lost_policy(struct check_run *run, enum cause cause, struct slice detail)
{
	for (size_t i = 0; i < sizeof(of_policy) / sizeof(of_policy[0]); i++)
		check_gap(run, of_policy[i], cause, detail);
}

static enum rc
judge_policy(struct check_run *run, const struct http_answer *h,
    struct slice host, enum right *right)
{
	struct sts_policy p = { 0 };
	enum rc rc = check_certificate(run, h, host, right);

	if (rc)
		return rc;
	*right = both(*right, right_of(check_service(run, h)));
	if (h->status != 200) {
		no_policy(run);
		return RC_OK;
	}
	if (h->body_truncated) {
		lost_policy(run, CAUSE_LIMIT,
		    SLICE_LIT("the policy was not read to its end"));
		return RC_OK;
	}
	sts_policy_read(run->arena, h->body, &p);
	*right = both(*right, right_of(sts_policy_check(run, &p)));
	policy_put(run, &p);
	judge_hosts(run, &p);
	return RC_OK;
}

/* The gap of what was not fetched; the record may be wrong all the same. */
static enum rc
not_fetched(struct check_run *run, const struct answer *a, struct slice what,
    enum right *right)
{
	struct slice detail = what;

	if (a->detail.n > 0)
		detail = arena_slicef(run->arena, "%.*s: %.*s", SLICE_FMT(what),
		    SLICE_FMT(a->detail));
	lost_policy(run, a->cause, detail);
	check_gap(run, "certificate_ok", a->cause, detail);
	check_gap(run, "valid", a->cause, detail);
	*right = RIGHT_UNKNOWN;
	return RC_OK;
}

static enum rc
no_host(struct check_run *run, const struct addresses *at, struct slice host,
    enum right *right)
{
	struct answer lost = { .seen = at->seen,
		.cause = at->cause,
		.detail = at->detail };

	if (at->seen != SEEN_ABSENT)
		return not_fetched(run, &lost, host, right);
	problem(run, "mta_sts.no-host",
	    arena_slicef(run->arena, "%.*s has no address", SLICE_FMT(host)));
	no_policy(run);
	check_fact_null(run->facts, "certificate_ok");
	*right = RIGHT_NO;
	return RC_OK;
}

static enum rc
fetch_policy(struct check_run *run, enum right *right)
{
	struct slice host = arena_slicef(run->arena, "mta-sts.%.*s",
	    SLICE_FMT(run->subject->domain));
	struct slice url = arena_slicef(run->arena,
	    "https://%.*s/.well-known/mta-sts.txt", SLICE_FMT(host));
	struct addresses at = check_ask_addresses(run, host);
	const struct answer *a;

	*right = RIGHT_UNKNOWN;
	/* Asked for ahead of its time. */
	(void)check_exchanges(run, run->subject->domain);
	if (at.waiting || arena_failed(run->arena))
		return RC_OK;
	if (at.n == 0)
		return no_host(run, &at, host, right);
	a = check_ask_https(run, url, at.ips, at.n);
	if (a == NULL)
		return RC_OK;
	if (a->seen == SEEN_ANSWERED && is_for_now(a->as.http.status))
		return not_fetched(run,
		    &(struct answer){ .cause = CAUSE_DEFERRED },
		    arena_slicef(run->arena, "%.*s: HTTP status %u",
			SLICE_FMT(url), a->as.http.status),
		    right);
	if (a->seen != SEEN_ANSWERED)
		return not_fetched(run, a, url, right);
	return judge_policy(run, &a->as.http, host, right);
}

/* 3.1: there is none, or none that senders would take. */
static void
no_record(struct check_run *run, const struct found *f)
{
	static const char *const names[] = { "record", "id", "certificate_ok" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_fact_null(run->facts, names[i]);
	no_policy(run);
	if (f->n > 1) {
		problem(run, "mta_sts.multiple-records",
		    arena_slicef(run->arena, "%zu records begin with v=STSv1",
			f->n));
		check_fact_bool(run->facts, "valid", false);
	} else {
		check_fact_null(run->facts, "valid");
	}
	if (f->near.p != NULL)
		problem(run, "mta_sts.not-a-record", f->near);
}

static enum rc
judge_record(struct check_run *run, const struct answer *a)
{
	struct found found = find_record(run, a);
	enum right record, policy;
	enum rc rc;

	(void)json_object_set_new(run->facts, "problems", json_array());
	if (found.text.p == NULL) {
		no_record(run, &found);
		return RC_OK;
	}
	check_fact_text(run->facts, "record", found.text);
	record = right_of(read_record(run, found.text));
	rc = fetch_policy(run, &policy);
	if (rc)
		return rc;
	record = both(record, policy);
	if (record != RIGHT_UNKNOWN)
		check_fact_bool(run->facts, "valid", record == RIGHT_YES);
	return RC_OK;
}

static enum rc
mta_sts_run(struct check_run *run)
{
	struct slice name = arena_slicef(run->arena, "_mta-sts.%.*s",
	    SLICE_FMT(run->subject->domain));
	const struct answer *a;
	enum rc rc = RC_OK;

	if (arena_failed(run->arena))
		return RC_LIMIT;
	a = check_ask_dns(run, name, DNS_TXT);
	if (a == NULL)
		return RC_OK;
	if (answer_known(a))
		rc = judge_record(run, a);
	else
		check_gap_answer(run, "", a,
		    arena_slicef(run->arena, "%.*s TXT", SLICE_FMT(name)));
	if (rc)
		return rc;
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

static const struct fact_doc facts[] = {
	{ "record", "text", "the TXT record at _mta-sts; null: none" },
	{ "id", "text", "the record's id; null: it has none" },
	{ "policy", "object", "the policy that was fetched; null: none" },
	{ "policy.version", "text", "STSv1; null: missing" },
	{ "policy.mode", "text", "enforce, testing or none; null: missing" },
	{ "policy.mx", "list", "the patterns for MX hosts" },
	{ "policy.mx[]", "text", "a pattern" },
	{ "policy.max_age", "number", "seconds; null: missing or wrong" },
	{ "mode", "text", "the policy's mode; null: none" },
	{ "hosts", "list",
	    "the domain's MX hosts; null: no policy, or mode none" },
	{ "hosts[].name", "text", "the host" },
	{ "hosts[].matches", "bool", "a pattern of the policy covers it" },
	{ "unmatched", "list",
	    "MX hosts that the policy does not cover; null as hosts" },
	{ "unmatched[]", "text", "the host" },
	{ "certificate_ok", "bool",
	    "the policy host's certificate is valid for it; null: no policy "
	    "host" },
	{ "valid", "bool",
	    "record, policy and HTTPS are right; null: no record" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "mta_sts.*", "mta_sts.NAME, stable" },
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
