#include "base/domain.h"
#include "base/limits.h"
#include "base/suffix.h"
#include "checks/check.h"
#include "checks/reverse.h"
#include "checks/table.h"

/*
 * Forward-confirmed reverse DNS of each sending address (RFC 8601 3, "iprev";
 * RFC 1912 2.1): its PTR names, and whether one of them has the address.
 */

static const struct fact_doc ptr_facts[] = {
	{ "ips", "list", "one object for each sending IP" },
	{ "ips[].ip", "text", "the address" },
	{ "ips[].public", "bool",
	    "the address is of the public internet; a receiver never sees a "
	    "private one" },
	{ "ips[].scope", "text",
	    "public, private, loopback, link-local, documentation, ..." },
	{ "ips[].names", "list",
	    "the names of its PTR records; empty: it has none" },
	{ "ips[].confirmed", "bool",
	    "a name's A or AAAA records hold the address" },
	{ "ips[].confirmed_name", "text",
	    "the first such name; null: no name is confirmed" },
	{ "ips[].generic", "bool",
	    "the name looks made up for the address: the address is in it "
	    "(decimal or hexadecimal, forwards or backwards), or a word such "
	    "as dynamic, pool, dsl, static, customer with a number. Of several "
	    "names, all must look so" },
	{ "ips[].own_domain", "bool",
	    "a name is in the domain of the sender: both have the same "
	    "organizational domain by the public suffix list" },
	{ "unconfirmed", "list",
	    "the IPs of which it is known that no name is confirmed" },
	{ "nameless", "list",
	    "the IPs of which it is known that they have "
	    "no PTR record" },
	{ "generic", "list", "the IPs whose name looks generic" },
	{ "foreign", "list", "the IPs that have names, none in own_domain" },
	{ "not_public", "list", "the IPs that are not public" },
	{ "set_ptr", "list",
	    "what a PTR record is to be made or changed for: the unconfirmed "
	    "IPs without a name of own_domain" },
	{ "set_ptr[].ip", "text", "the address" },
	{ "set_ptr[].host", "text",
	    "the name that it should get: that of EHLO, or mail.DOMAIN" },
	{ "set_address", "list",
	    "what an A or AAAA record must be there for: all unconfirmed IPs" },
	{ "set_address[].ip", "text", "the address" },
	{ "set_address[].host", "text",
	    "its PTR name of own_domain, or the one of set_ptr" },
	{ "problems", "list", "code and detail: ptr.none, ptr.unconfirmed" },
	{ "problems[].code", "ptr.*", "ptr.NAME" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

/* What is known of one address. */
struct ptr {
	const struct ip *ip;
	struct slice text;
	struct reverse reverse;
	enum holds confirmed;   /* of the names together */
	const struct slice *by; /* the name that confirms, or NULL */
	json_t *facts;
};

static void
list_ip(struct check_run *run, const char *list, const struct ptr *p)
{
	(void)json_array_append_new(json_object_get(run->facts, list),
	    check_json(p->text));
}

/* ---- names and back ---------------------------------------------------- */

/*
 * One name that holds the address is enough.  Only when none does is it of
 * weight that another one gave no answer.
 */
static void
ptr_confirm(struct check_run *run, struct ptr *p)
{
	struct slice lost_name = SLICE_NONE, what;
	const struct answer *lost = NULL, *why;
	size_t i;

	p->confirmed = HOLDS_NO;
	for (i = 0; i < p->reverse.n && i < LIMIT_PTR_NAMES; i++) {
		struct slice name = p->reverse.names[i];
		enum holds h = reverse_holds(run, name, p->ip, &why);

		if (h == HOLDS_YES && p->by == NULL)
			p->by = &p->reverse.names[i];
		if (h == HOLDS_UNKNOWN && lost == NULL) {
			lost = why;
			lost_name = name;
		}
	}
	if (p->by != NULL) {
		p->confirmed = HOLDS_YES;
	} else if (lost != NULL) {
		p->confirmed = HOLDS_UNKNOWN;
		what = reverse_forward_question(run->arena, lost_name, p->ip);
		check_gap_answer(run, "ips[].confirmed", lost, what);
		check_gap_answer(run, "ips[].confirmed_name", lost, what);
	} else if (p->reverse.n > LIMIT_PTR_NAMES) {
		p->confirmed = HOLDS_UNKNOWN;
		what = arena_slicef(run->arena,
		    "%.*s has %zu names, of which %d were resolved",
		    SLICE_FMT(p->text), p->reverse.n, LIMIT_PTR_NAMES);
		check_gap(run, "ips[].confirmed", CAUSE_LIMIT, what);
		check_gap(run, "ips[].confirmed_name", CAUSE_LIMIT, what);
	}
}

/* ---- what the names say ------------------------------------------------ */

enum own { OWN_NO, OWN_YES, OWN_UNKNOWN };

/*
 * By the public suffix list (RFC 7489 3.2).  What is below a public suffix is
 * somebody's of its own.  Without a list it is clear only of names that are
 * below the domain.
 */
static enum own
is_own(const struct check_run *run, struct slice name)
{
	const struct subject *s = run->subject;
	struct slice mine;

	if (slice_eq(name, s->domain))
		return OWN_YES;
	if (suffix_list_source(s->suffixes) == NULL)
		return domain_is_under(name, s->domain) ? OWN_YES : OWN_UNKNOWN;
	mine = suffix_organizational(s->suffixes, s->domain);
	return mine.n > 0 &&
		       slice_eq(mine, suffix_organizational(s->suffixes, name))
		   ? OWN_YES
		   : OWN_NO;
}

static void
ptr_own_domain(struct check_run *run, const struct ptr *p)
{
	enum own own = OWN_NO, one;
	size_t i;

	for (i = 0; i < p->reverse.n && own != OWN_YES; i++) {
		one = is_own(run, p->reverse.names[i]);
		if (one != OWN_NO)
			own = one;
	}
	if (own == OWN_UNKNOWN) {
		check_gap(run, "ips[].own_domain", CAUSE_NO_LIST,
		    arena_slicef(run->arena,
			"whether %.*s is of the organization of %.*s",
			SLICE_FMT(p->reverse.names[0]),
			SLICE_FMT(run->subject->domain)));
		return;
	}
	check_fact_bool(p->facts, "own_domain", own == OWN_YES);
	if (own == OWN_NO && p->reverse.n > 0)
		list_ip(run, "foreign", p);
}

static void
ptr_generic(struct check_run *run, const struct ptr *p)
{
	bool generic = p->reverse.n > 0;
	size_t i;

	for (i = 0; i < p->reverse.n && generic; i++)
		generic =
		    reverse_generic(run->arena, p->reverse.names[i], p->ip);
	check_fact_bool(p->facts, "generic", generic);
	if (generic)
		list_ip(run, "generic", p);
}

static void
ptr_names(struct check_run *run, const struct ptr *p)
{
	json_t *names = json_array();
	size_t i;

	for (i = 0; i < p->reverse.n; i++)
		(void)json_array_append_new(names,
		    check_json(p->reverse.names[i]));
	(void)json_object_set_new(p->facts, "names", names);
	if (p->reverse.n == 0)
		list_ip(run, "nameless", p);
}

/* ---- how to mend it ---------------------------------------------------- */

static struct slice
own_name(const struct check_run *run, const struct ptr *p)
{
	for (size_t i = 0; i < p->reverse.n; i++) {
		if (is_own(run, p->reverse.names[i]) == OWN_YES)
			return p->reverse.names[i];
	}
	return SLICE_NONE;
}

/* The name that the sender says, if it is one; else one of its domain. */
static struct slice
wanted_name(struct check_run *run)
{
	struct slice helo;

	if (domain_canonical(run->arena, run->subject->helo, &helo) ==
		DOMAIN_FINE &&
	    domain_is_fqdn(helo))
		return helo;
	return arena_slicef(run->arena, "mail.%.*s",
	    SLICE_FMT(run->subject->domain));
}

static void
add_mend(struct check_run *run, const char *list, struct slice ip,
    struct slice host)
{
	json_t *o = json_object();

	check_fact_text(o, "ip", ip);
	check_fact_text(o, "host", host);
	(void)json_array_append_new(json_object_get(run->facts, list), o);
}

static void
ptr_mend(struct check_run *run, const struct ptr *p)
{
	struct slice host = own_name(run, p);

	if (p->reverse.n == 0)
		check_problem(run->facts, "problems", "ptr.none",
		    arena_slicef(run->arena, "%.*s has no PTR record",
			SLICE_FMT(p->text)));
	else
		check_problem(run->facts, "problems", "ptr.unconfirmed",
		    arena_slicef(run->arena,
			"%.*s has the name %.*s, which has no A or AAAA record "
			"with that address",
			SLICE_FMT(p->text), SLICE_FMT(p->reverse.names[0])));
	if (host.n == 0) {
		host = wanted_name(run);
		add_mend(run, "set_ptr", p->text, host);
	}
	add_mend(run, "set_address", p->text, host);
}

static void
ptr_confirmed_facts(struct check_run *run, const struct ptr *p)
{
	if (p->confirmed == HOLDS_UNKNOWN)
		return;
	check_fact_bool(p->facts, "confirmed", p->confirmed == HOLDS_YES);
	if (p->by != NULL) {
		check_fact_text(p->facts, "confirmed_name", *p->by);
		return;
	}
	check_fact_null(p->facts, "confirmed_name");
	list_ip(run, "unconfirmed", p);
	ptr_mend(run, p);
}

/* ---- one address ------------------------------------------------------- */

static void
ptr_place(struct check_run *run, const struct ptr *p)
{
	enum ip_scope scope = ip_scope(p->ip);

	check_fact_text(p->facts, "ip", p->text);
	check_fact_bool(p->facts, "public", scope == IP_PUBLIC);
	check_fact_text(p->facts, "scope", slice_str(ip_scope_name(scope)));
	if (scope != IP_PUBLIC)
		list_ip(run, "not_public", p);
}

static enum rc
ptr_one(struct check_run *run, const struct ip *ip, json_t *facts)
{
	struct ptr p = { .ip = ip, .facts = facts };
	const struct answer *a;
	enum rc rc;

	p.text = ip_text(run->arena, ip);
	ptr_place(run, &p);
	rc = reverse_ask(run, ip, &p.reverse);
	a = p.reverse.answer;
	if (rc || a == NULL)
		return rc;
	if (!answer_known(a)) {
		check_gap_answer(run, "ips", a,
		    reverse_question(run->arena, ip));
		return RC_OK;
	}
	ptr_confirm(run, &p);
	ptr_names(run, &p);
	ptr_confirmed_facts(run, &p);
	ptr_generic(run, &p);
	ptr_own_domain(run, &p);
	return RC_OK;
}

static enum rc
ptr_run(struct check_run *run)
{
	static const char *const lists[] = { "unconfirmed", "nameless",
		"generic", "foreign", "not_public", "set_ptr", "set_address",
		"problems" };
	const struct subject *s = run->subject;
	json_t *ips;
	size_t i;

	if (s->n_ips == 0) {
		check_gap(run, "", CAUSE_NEEDS_IP,
		    SLICE_LIT("the sending IP is not known"));
		return RC_OK;
	}
	ips = json_array();
	(void)json_object_set_new(run->facts, "ips", ips);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		(void)json_object_set_new(run->facts, lists[i], json_array());
	for (i = 0; i < s->n_ips; i++) {
		json_t *facts = json_object();
		enum rc rc;

		(void)json_array_append_new(ips, facts);
		rc = ptr_one(run, &s->ips[i], facts);
		if (rc)
			return rc;
	}
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_ptr = {
	.name = "ptr",
	.summary = "reverse DNS of the sending IPs, and back",
	.standards = "RFC 1912 2.1, RFC 8601 3",
	.facts = ptr_facts,
	.run = ptr_run,
};
