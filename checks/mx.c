#include <stdlib.h>

#include "base/domain.h"
#include "base/limits.h"
#include "checks/check.h"
#include "checks/table.h"

/*
 * Whether mail to the sender can get there (RFC 5321 5.1), and whether the
 * domains that it writes in its mail exist at all: receivers refuse mail that
 * cannot be answered.
 */

static const struct fact_doc mx_facts[] = {
	{ "present", "bool", "the domain has MX records other than a null MX" },
	{ "null", "bool",
	    "its only MX record is the null MX: it takes no mail (RFC 7505)" },
	{ "implicit", "bool",
	    "no MX record, but A or AAAA: the domain is its own mail host "
	    "(RFC 5321 5.1)" },
	{ "hosts", "list", "one object for each MX host, the preferred first" },
	{ "hosts[].name", "text", "the name in the MX record" },
	{ "hosts[].preference", "number", "the lowest is tried first" },
	{ "hosts[].addresses", "list", "its A and AAAA records" },
	{ "hosts[].resolves", "bool", "it has an address" },
	{ "hosts[].alias", "bool",
	    "the name is a CNAME, which an MX must not name (RFC 2181 10.3)" },
	{ "hosts[].address_literal", "bool",
	    "an IP address stands where a name must (RFC 1035 3.3.9)" },
	{ "aliases", "list", "the MX hosts known to be a CNAME" },
	{ "unresolved", "list", "the MX hosts known to have no address" },
	{ "domains", "list",
	    "the From domain and, if another, the MAIL FROM domain" },
	{ "domains[].domain", "text", "its name" },
	{ "domains[].role", "from|mail-from", "from or mail-from" },
	{ "domains[].exists", "bool",
	    "an SOA query for it does not say that there is no such domain" },
	{ "domains[].soa", "text",
	    "the zone it is in, as its SOA record says; null: no such domain" },
	{ "domains[].own_soa", "bool",
	    "the SOA query was answered: it, or what it is an alias of, is a "
	    "zone of its own; a SOA record beside an empty answer is not an "
	    "answer" },
	{ "domains[].null_mx", "bool", "it says that it takes no mail" },
	{ "missing_domains", "list", "those known not to exist" },
	{ "without_soa", "list", "those that exist and are no zone" },
	{ "null_mx_domains", "list", "those known to take no mail" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "mx.*",
	    "stable: mx.alias, mx.unresolved, mx.address-literal, "
	    "mx.null-beside-others, mx.null-preference" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

enum { RCODE_NXDOMAIN = 3 };

static struct slice
asked(struct check_run *run, struct slice name, const char *type)
{
	return arena_slicef(run->arena, "%.*s %s", SLICE_FMT(name), type);
}

static void
list_name(struct check_run *run, const char *list, struct slice name)
{
	(void)json_array_append_new(json_object_get(run->facts, list),
	    check_json(name));
}

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
}

/* ---- the records ------------------------------------------------------- */

struct mx_rr {
	uint16_t preference;
	struct slice host;
};

/* What the MX records say. */
struct mx_set {
	const struct mx_rr *hosts; /* without null MX; preferred first */
	size_t n;
	size_t nulls;
	bool null_preference; /* a null MX with another preference than 0 */
};

static int
by_preference(const void *a, const void *b)
{
	const struct mx_rr *x = a, *y = b;

	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return slice_cmp(x->host, y->host);
}

static enum rc
mx_set_read(struct arena *arena, const struct answer *a, struct mx_set *out)
{
	size_t i, n = a->seen == SEEN_ANSWERED ? a->as.dns.n_records : 0;
	struct mx_rr *hosts = arena_new_of(arena, struct mx_rr, n + 1);

	*out = (struct mx_set){ 0 };
	if (hosts == NULL)
		return RC_LIMIT;
	for (i = 0; i < n; i++) {
		const struct dns_record *r = &a->as.dns.records[i];

		if (r->as.mx.host.n > 0) {
			hosts[out->n].preference = r->as.mx.preference;
			hosts[out->n++].host = r->as.mx.host;
			continue;
		}
		out->nulls++;
		if (r->as.mx.preference != 0)
			out->null_preference = true;
	}
	if (out->n > 1)
		qsort(hosts, out->n, sizeof(*hosts), by_preference);
	out->hosts = hosts;
	return RC_OK;
}

/* RFC 7505 3: preference 0, a zero-length name, and no other MX beside. */
static bool
mx_set_is_null(const struct mx_set *set)
{
	return set->nulls > 0 && set->n == 0;
}

/* ---- the hosts --------------------------------------------------------- */

static void
host_addresses(struct check_run *run, struct slice name,
    const struct addresses *a, json_t *host)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < a->n; i++)
		(void)json_array_append_new(list,
		    check_json(ip_text(run->arena, &a->ips[i])));
	if (a->cut) {
		json_decref(list);
		check_gap(run, "hosts[].addresses", CAUSE_LIMIT,
		    asked(run, name, "A and AAAA: more than are looked at"));
		return;
	}
	(void)json_object_set_new(host, "addresses", list);
}

static void
host_resolves(struct check_run *run, struct slice name, bool resolves,
    json_t *host)
{
	check_fact_bool(host, "resolves", resolves);
	if (resolves)
		return;
	list_name(run, "unresolved", name);
	problem(run, "mx.unresolved", name);
}

static void
host_alias(struct check_run *run, struct slice name, bool alias, json_t *host)
{
	check_fact_bool(host, "alias", alias);
	if (!alias)
		return;
	list_name(run, "aliases", name);
	problem(run, "mx.alias", name);
}

static void
host_lookup(struct check_run *run, struct slice name, json_t *host)
{
	struct addresses a = check_ask_addresses(run, name);
	bool known = a.seen == SEEN_ANSWERED || a.seen == SEEN_ABSENT;

	if (a.waiting)
		return;
	if (known)
		host_addresses(run, name, &a, host);
	else
		check_gap(run, "hosts", a.cause,
		    asked(run, name, "A and AAAA"));
	/* One family is enough to know that there is an address, or a CNAME. */
	if (known || a.n > 0)
		host_resolves(run, name, a.n > 0, host);
	if (known || a.n > 0 || a.alias)
		host_alias(run, name, a.alias, host);
}

/* look: whether to look it up too; if not, the rest of it is not known. */
static void
mx_host(struct check_run *run, const struct mx_rr *x, bool look, json_t *hosts)
{
	json_t *host = json_object();
	struct ip ip;
	bool literal = ip_parse(x->host, &ip);

	(void)json_array_append_new(hosts, host);
	check_fact_text(host, "name", x->host);
	(void)json_object_set_new(host, "preference",
	    json_integer(x->preference));
	check_fact_bool(host, "address_literal", literal);
	if (!literal) {
		if (look)
			host_lookup(run, x->host, host);
		return;
	}
	/* A name that looks like an address is under no top-level domain. */
	problem(run, "mx.address-literal", x->host);
	(void)json_object_set_new(host, "addresses", json_array());
	host_resolves(run, x->host, false, host);
	host_alias(run, x->host, false, host);
}

static void
mx_hosts(struct check_run *run, const struct mx_set *set)
{
	json_t *hosts = json_array();
	size_t i;

	(void)json_object_set_new(run->facts, "hosts", hosts);
	(void)json_object_set_new(run->facts, "aliases", json_array());
	(void)json_object_set_new(run->facts, "unresolved", json_array());
	for (i = 0; i < set->n; i++)
		mx_host(run, &set->hosts[i], i < LIMIT_MX_HOSTS, hosts);
	if (set->n > LIMIT_MX_HOSTS)
		check_gap(run, "hosts", CAUSE_LIMIT,
		    arena_slicef(run->arena,
			"%zu MX hosts, of which %d were looked at", set->n,
			LIMIT_MX_HOSTS));
}

/* ---- the domain's mail ------------------------------------------------- */

static void
mx_implicit(struct check_run *run, const struct answer *mx)
{
	struct slice domain = run->subject->domain;
	struct addresses a;

	/* RFC 5321 5.1: only without any MX record are the addresses used. */
	if (mx->seen == SEEN_ANSWERED) {
		check_fact_bool(run->facts, "implicit", false);
		return;
	}
	a = check_ask_addresses(run, domain);
	if (a.waiting)
		return;
	if (a.n > 0 || a.seen == SEEN_ABSENT)
		check_fact_bool(run->facts, "implicit", a.n > 0);
	else
		check_gap(run, "implicit", a.cause,
		    asked(run, domain, "A and AAAA"));
}

static enum rc
mx_own(struct check_run *run)
{
	static const char *const facts[] = { "present", "null", "implicit",
		"hosts", "aliases", "unresolved" };
	struct slice domain = run->subject->domain;
	const struct answer *mx = check_ask_dns(run, domain, DNS_MX);
	struct mx_set set;
	enum rc rc;
	size_t i;

	/* Asked ahead; what matters of it is for mx_implicit() to say. */
	if (mx == NULL) {
		(void)check_ask_addresses(run, domain);
		return RC_OK;
	}
	if (!answer_known(mx)) {
		for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
			check_gap_answer(run, facts[i], mx,
			    asked(run, domain, "MX"));
		return RC_OK;
	}
	rc = mx_set_read(run->arena, mx, &set);
	if (rc)
		return rc;
	check_fact_bool(run->facts, "present", set.n > 0);
	check_fact_bool(run->facts, "null", mx_set_is_null(&set));
	if (set.nulls > 0 && set.n + set.nulls > 1)
		problem(run, "mx.null-beside-others", domain);
	if (set.null_preference)
		problem(run, "mx.null-preference", domain);
	mx_implicit(run, mx);
	mx_hosts(run, &set);
	return RC_OK;
}

/* ---- the domains in the mail ------------------------------------------- */

static void
domain_exists(struct check_run *run, struct slice domain, json_t *facts)
{
	const struct answer *a = check_ask_dns(run, domain, DNS_SOA);
	struct slice zone;

	if (a == NULL)
		return;
	if (!answer_known(a)) {
		check_gap_answer(run, "domains", a, asked(run, domain, "SOA"));
		return;
	}
	/* RFC 8020: nothing is there or below. */
	if (a->seen == SEEN_ABSENT && a->as.dns.rcode == RCODE_NXDOMAIN) {
		check_fact_bool(facts, "exists", false);
		check_fact_null(facts, "soa");
		check_fact_bool(facts, "own_soa", false);
		list_name(run, "missing_domains", domain);
		return;
	}
	check_fact_bool(facts, "exists", true);
	check_fact_bool(facts, "own_soa", a->seen == SEEN_ANSWERED);
	if (a->seen != SEEN_ANSWERED)
		list_name(run, "without_soa", domain);
	zone = a->as.dns.soa_owner; /* RFC 2308 2.2 */
	if (a->seen == SEEN_ANSWERED && a->as.dns.n_records > 0)
		zone = a->as.dns.records[0].owner;
	if (zone.p != NULL)
		check_fact_text(facts, "soa",
		    zone.n > 0 ? zone : SLICE_LIT("."));
	else
		check_gap(run, "domains[].soa", CAUSE_MALFORMED,
		    asked(run, domain, "SOA: no zone was named"));
}

static enum rc
domain_null_mx(struct check_run *run, struct slice domain, json_t *facts)
{
	const struct answer *a = check_ask_dns(run, domain, DNS_MX);
	struct mx_set set;
	enum rc rc;

	if (a == NULL)
		return RC_OK;
	if (!answer_known(a)) {
		check_gap_answer(run, "domains[].null_mx", a,
		    asked(run, domain, "MX"));
		return RC_OK;
	}
	rc = mx_set_read(run->arena, a, &set);
	if (rc)
		return rc;
	check_fact_bool(facts, "null_mx", mx_set_is_null(&set));
	if (mx_set_is_null(&set))
		list_name(run, "null_mx_domains", domain);
	return RC_OK;
}

static enum rc
mx_domain(struct check_run *run, struct slice domain, const char *role)
{
	json_t *facts = json_object();

	(void)json_array_append_new(json_object_get(run->facts, "domains"),
	    facts);
	check_fact_text(facts, "domain", domain);
	check_fact_text(facts, "role", slice_str(role));
	domain_exists(run, domain, facts);
	return domain_null_mx(run, domain, facts);
}

static enum rc
mx_run(struct check_run *run)
{
	const struct subject *s = run->subject;
	enum rc rc;

	(void)json_object_set_new(run->facts, "problems", json_array());
	(void)json_object_set_new(run->facts, "domains", json_array());
	(void)json_object_set_new(run->facts, "missing_domains", json_array());
	(void)json_object_set_new(run->facts, "without_soa", json_array());
	(void)json_object_set_new(run->facts, "null_mx_domains", json_array());
	rc = mx_own(run);
	if (!rc)
		rc = mx_domain(run, s->domain, "from");
	if (!rc && s->mail_from_domain.n > 0 &&
	    !slice_eq(s->mail_from_domain, s->domain))
		rc = mx_domain(run, s->mail_from_domain, "mail-from");
	if (!rc && arena_failed(run->arena))
		rc = RC_LIMIT;
	return rc;
}

const struct check check_mx = {
	.name = "mx",
	.summary = "mail exchangers, and whether the sender's domains exist",
	.standards = "RFC 5321 5.1, RFC 7505, RFC 2181 10.3",
	.facts = mx_facts,
	.run = mx_run,
};
