#include <stdlib.h>

#include "base/limits.h"
#include "checks/blocklist/blocklist_job.h"

/* What is said of addresses, of domains, and of both. */
enum group { GROUP_IP, GROUP_DOMAIN, GROUPS };

static const char *const group_facts[] = { "ip_listed", "domain_listed" };

struct report {
	struct blocklist_job *job;
	struct arena *arena;
	json_t *facts;
	bool listed[GROUPS];
	bool lost[GROUPS]; /* a gap says why */
	size_t asked[GROUPS];
};

static enum group
group_of(enum blocklist_kind kind)
{
	return kind == BLOCKLIST_DOMAIN ? GROUP_DOMAIN : GROUP_IP;
}

bool
blocklist_works(const struct blocklist_list *l)
{
	return l->test.said == BLOCKLIST_LISTED &&
	       l->never.said == BLOCKLIST_NOTHING;
}

/* ---- words ------------------------------------------------------------- */

static const char *
kind_name(enum blocklist_kind kind)
{
	static const char *const names[] = {
		[BLOCKLIST_IP4] = "ip4",
		[BLOCKLIST_IP6] = "ip6",
		[BLOCKLIST_DOMAIN] = "domain",
		[BLOCKLIST_KINDS] = "",
	};

	return names[kind];
}

static void
put_roles(json_t *o, const struct blocklist_item *item)
{
	json_t *roles = json_array();

	if (item->is_ip)
		(void)json_array_append_new(roles, json_string("ip"));
	for (size_t i = 0; item->name != NULL && i < BLOCKLIST_ROLES; i++) {
		if (item->name->roles[i])
			(void)json_array_append_new(roles,
			    json_string(
				blocklist_role_name((enum blocklist_role)i)));
	}
	(void)json_object_set_new(o, "roles", roles);
}

static json_t *
new_item(const struct blocklist_item *item)
{
	json_t *o = json_object();

	check_fact_text(o, "subject", item->text);
	check_fact_text(o, "kind",
	    item->is_ip ? SLICE_LIT("ip") : SLICE_LIT("domain"));
	return o;
}

static void
append(json_t *facts, const char *list, json_t *o)
{
	(void)json_array_append_new(json_object_get(facts, list), o);
}

static void
problem(struct report *r, const struct blocklist_list *l, const char *code,
    struct slice detail)
{
	json_t *o = check_problem(r->facts, "problems", code, detail);
	bool listed = slice_ends_nocase(slice_str(code), SLICE_LIT("-listed"));

	if (o == NULL)
		return;
	check_fact_text(o, "severity",
	    listed ? SLICE_LIT("error") : SLICE_LIT("warning"));
	check_fact_text(o, "zone", l->zone->label);
}

/* ---- what is not known ------------------------------------------------- */

/* The list may hold what it was not seen to hold. */
static void
lose(struct report *r, enum group group, enum cause cause, struct slice why)
{
	r->lost[group] = true;
	check_gap(r->job->run, "listings", cause, why);
	check_gap(r->job->run, group_facts[group], cause, why);
	check_gap(r->job->run, "listed", cause, why);
}

static struct slice
lost_text(struct report *r, const struct blocklist_lookup *q)
{
	struct slice detail = q->answer->detail;

	return arena_slicef(r->arena, "%.*s A%s%.*s", SLICE_FMT(q->shown),
	    detail.n > 0 ? ": " : "", SLICE_FMT(detail));
}

/* For an answer that is none, or that tells of an error. */
static void
lose_lookup(struct report *r, const struct blocklist_list *l,
    const struct blocklist_lookup *q)
{
	enum group group = group_of(l->kind);

	if (q->said == BLOCKLIST_LOST)
		lose(r, group, q->answer->cause, lost_text(r, q));
	else
		lose(r, group, blocklist_cause(q->said),
		    arena_slicef(r->arena, "%.*s %s", SLICE_FMT(l->zone->label),
			blocklist_said_text(q->said)));
}

static void
tell_fault(struct report *r, const struct blocklist_list *l,
    enum blocklist_said said)
{
	problem(r, l, blocklist_said_code(said),
	    arena_slicef(r->arena, "The list %.*s %s",
		SLICE_FMT(l->zone->label), blocklist_said_text(said)));
}

/* ---- listings ---------------------------------------------------------- */

static int
by_octets(const void *a, const void *b)
{
	return memcmp(((const struct ip *)a)->b, ((const struct ip *)b)->b, 16);
}

static void
put_meaning(json_t *meanings, const struct blocklist_zone *z,
    const struct ip *ip)
{
	for (size_t i = 0; i < z->n_codes; i++) {
		if (ip_eq(&z->codes[i].answer, ip))
			(void)json_array_append_new(meanings,
			    check_json(z->codes[i].meaning));
	}
}

/* Servers rotate their answers: sorted, they give one document. */
static struct slice
put_codes(struct report *r, const struct blocklist_list *l,
    const struct answer *a, json_t *o)
{
	size_t n = a->as.dns.n_records;
	struct ip *ips = arena_new_of(r->arena, struct ip, n);
	json_t *codes = json_array(), *meanings = json_array();
	struct slice all = SLICE_LIT("");

	for (size_t i = 0; ips != NULL && i < n; i++)
		ips[i] = a->as.dns.records[i].as.address;
	if (ips != NULL)
		qsort(ips, n, sizeof(*ips), by_octets);
	for (size_t i = 0; ips != NULL && i < n &&
			   json_array_size(codes) < LIMIT_BLOCKLIST_CODES;
	     i++) {
		struct slice text = ip_text(r->arena, &ips[i]);

		if (i > 0 && ip_eq(&ips[i - 1], &ips[i]))
			continue;
		(void)json_array_append_new(codes, check_json(text));
		put_meaning(meanings, l->zone, &ips[i]);
		all = arena_slicef(r->arena, "%.*s%s%.*s", SLICE_FMT(all),
		    all.n > 0 ? ", " : "", SLICE_FMT(text));
	}
	(void)json_object_set_new(o, "codes", codes);
	(void)json_object_set_new(o, "meanings", meanings);
	return all;
}

static int
by_text(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* The reasons of all TXT records, in one order, without the user's key. */
static struct slice
reason(struct report *r, const struct blocklist_list *l, const struct answer *a)
{
	size_t n = a->as.dns.n_records;
	struct slice *texts = arena_new_of(r->arena, struct slice, n);
	struct slice all = SLICE_LIT("");

	if (texts == NULL)
		return all;
	for (size_t i = 0; i < n; i++)
		texts[i] = check_text(r->arena, &a->as.dns.records[i]);
	qsort(texts, n, sizeof(*texts), by_text);
	for (size_t i = 0; i < n && all.n < LIMIT_BLOCKLIST_REASON; i++) {
		struct slice one = blocklist_hide(r->arena, l->zone,
		    slice_sub(texts[i], 0, LIMIT_BLOCKLIST_REASON));

		all = arena_slicef(r->arena, "%.*s%s%.*s", SLICE_FMT(all),
		    all.n > 0 ? "; " : "", SLICE_FMT(one));
	}
	return slice_sub(all, 0, LIMIT_BLOCKLIST_REASON);
}

static void
put_reason(struct report *r, const struct blocklist_list *l,
    const struct blocklist_lookup *q, json_t *o)
{
	const struct answer *a = check_ask_dns(r->job->run, q->name, DNS_TXT);

	if (a == NULL)
		return;
	if (a->seen == SEEN_ANSWERED)
		check_fact_text(o, "reason", reason(r, l, a));
	else if (a->seen == SEEN_ABSENT)
		check_fact_null(o, "reason");
	else
		check_gap_answer(r->job->run, "listings[].reason", a,
		    arena_slicef(r->arena, "%.*s TXT", SLICE_FMT(q->shown)));
}

static void
tell_listing(struct report *r, const struct blocklist_list *l, size_t i)
{
	const struct blocklist_item *item = l->items[i];
	json_t *o = new_item(item);
	struct slice codes;

	check_fact_text(o, "zone", l->zone->label);
	put_roles(o, item);
	codes = put_codes(r, l, l->lookups[i].answer, o);
	put_reason(r, l, &l->lookups[i], o);
	append(r->facts, "listings", o);
	r->listed[group_of(l->kind)] = true;
	problem(r, l,
	    item->is_ip ? "blocklist.ip-listed" : "blocklist.domain-listed",
	    arena_slicef(r->arena,
		"%.*s is listed by %.*s (%.*s): receivers that use the list "
		"refuse its mail or take it for spam; its page of removal "
		"tells why it is there and how it gets out",
		SLICE_FMT(item->text), SLICE_FMT(l->zone->label),
		SLICE_FMT(codes)));
}

/* ---- one list ---------------------------------------------------------- */

static bool
is_lost(const struct blocklist_lookup *q)
{
	return q->said != BLOCKLIST_NOTHING && q->said != BLOCKLIST_LISTED;
}

/* One gap for all that a list did not answer; each error is told once. */
static void
report_lookups(struct report *r, const struct blocklist_list *l)
{
	bool told[BLOCKLIST_UNASKED + 1] = { false };

	for (size_t i = 0; i < l->n; i++) {
		const struct blocklist_lookup *q = &l->lookups[i];

		if (q->said == BLOCKLIST_LISTED)
			tell_listing(r, l, i);
		if (!is_lost(q) || told[q->said])
			continue;
		told[q->said] = true;
		lose_lookup(r, l, q);
		if (q->said != BLOCKLIST_LOST && q->said != BLOCKLIST_UNASKED)
			tell_fault(r, l, q->said);
	}
}

/* What is wrong with it by its test points; they are both known. */
static enum blocklist_said
fault_of(const struct blocklist_list *l)
{
	return l->test.said != BLOCKLIST_LISTED ? l->test.said : l->never.said;
}

static void
report_list(struct report *r, const struct blocklist_list *l)
{
	const struct blocklist_lookup *lost = NULL;
	json_t *o = json_object();

	append(r->facts, "zones", o);
	check_fact_text(o, "name", l->zone->label);
	check_fact_text(o, "kind", slice_str(kind_name(l->kind)));
	(void)json_object_set_new(o, "looked_up",
	    json_integer((json_int_t)l->n));
	r->asked[group_of(l->kind)] += l->n;
	if (l->never.said == BLOCKLIST_LOST)
		lost = &l->never;
	if (l->test.said == BLOCKLIST_LOST)
		lost = &l->test;
	if (lost != NULL) {
		check_gap(r->job->run, "zones[].works", lost->answer->cause,
		    lost_text(r, lost));
		check_gap(r->job->run, "zones[].fault", lost->answer->cause,
		    lost_text(r, lost));
		lose_lookup(r, l, lost);
		return;
	}
	check_fact_bool(o, "works", blocklist_works(l));
	if (blocklist_works(l)) {
		check_fact_null(o, "fault");
		report_lookups(r, l);
		return;
	}
	check_fact_text(o, "fault",
	    slice_str(blocklist_said_code(fault_of(l))));
	tell_fault(r, l, fault_of(l));
	lose_lookup(r, l,
	    l->test.said != BLOCKLIST_LISTED ? &l->test : &l->never);
}

/* ---- all --------------------------------------------------------------- */

static void
report_subjects(struct report *r)
{
	for (size_t i = 0; i < r->job->n_items; i++) {
		const struct blocklist_item *item = &r->job->items[i];
		json_t *o;

		if (!item->covered)
			continue;
		o = new_item(item);
		put_roles(o, item);
		append(r->facts, "subjects", o);
	}
}

/* Of what no list in the file holds anything. */
static void
tell_uncovered(struct report *r, const struct blocklist_item *item)
{
	enum group group = item->is_ip ? GROUP_IP : GROUP_DOMAIN;
	struct slice why = SLICE_LIT("no list was named that holds domains");

	if (item->subject.ip.family == 4)
		why = SLICE_LIT("no list was named that holds IPv4 addresses");
	if (item->subject.ip.family == 6)
		why = SLICE_LIT("no list was named that holds IPv6 addresses");
	check_gap(r->job->run, group_facts[group], CAUSE_NO_BLOCKLISTS, why);
	if (r->asked[group] > 0)
		check_gap(r->job->run, "listed", CAUSE_NO_BLOCKLISTS, why);
	r->lost[group] = true;
}

static void
report_uncovered(struct report *r)
{
	bool told[GROUPS] = { false };

	for (size_t i = 0; i < r->job->n_items; i++) {
		const struct blocklist_item *item = &r->job->items[i];
		enum group group = item->is_ip ? GROUP_IP : GROUP_DOMAIN;

		if (!item->covered && !told[group])
			tell_uncovered(r, item);
		told[group] = told[group] || !item->covered;
	}
}

static void
report_names(struct report *r)
{
	const struct blocklist_names *names = &r->job->names;

	if (names->cut != NULL && r->asked[GROUP_DOMAIN] > 0)
		lose(r, GROUP_DOMAIN, names->cause,
		    arena_slicef(r->arena, "not every domain was looked up: %s",
			names->cut));
}

static void
report_group(struct report *r, enum group group)
{
	if (r->listed[group])
		check_fact_bool(r->facts, group_facts[group], true);
	else if (!r->lost[group] && r->asked[group] > 0)
		check_fact_bool(r->facts, group_facts[group], false);
	else if (!r->lost[group] && group == GROUP_IP)
		check_gap(r->job->run, group_facts[group], CAUSE_NEEDS_IP,
		    SLICE_LIT("the sending IP is not known"));
}

/* Of what the lists in the file are for; what they are not for is no loss. */
static void
report_listed(struct report *r)
{
	bool listed = r->listed[GROUP_IP] || r->listed[GROUP_DOMAIN];
	bool all = true;

	for (size_t i = 0; i < GROUPS; i++)
		all = all && (r->asked[i] == 0 || !r->lost[i]);
	if (listed || (all && r->asked[GROUP_IP] + r->asked[GROUP_DOMAIN] > 0))
		check_fact_bool(r->facts, "listed", listed);
	else if (all)
		check_gap(r->job->run, "listed", CAUSE_NEEDS_IP,
		    SLICE_LIT("there is nothing that the lists hold"));
}

void
blocklist_report(struct blocklist_job *job)
{
	static const char *const lists[] = { "zones", "subjects", "listings",
		"problems" };
	struct report r = { .job = job,
		.arena = job->run->arena,
		.facts = job->run->facts };

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		(void)json_object_set_new(r.facts, lists[i], json_array());
	report_subjects(&r);
	for (size_t i = 0; i < job->n_lists; i++)
		report_list(&r, &job->lists[i]);
	report_names(&r);
	report_uncovered(&r);
	for (size_t i = 0; i < GROUPS; i++)
		report_group(&r, (enum group)i);
	report_listed(&r);
}
