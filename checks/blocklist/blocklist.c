#include "checks/blocklist/blocklist_ask.h"
#include "checks/blocklist/blocklist_job.h"
#include "checks/table.h"

/*
 * Whether the sending addresses and the domains of the mail are in the DNS
 * blocklists that the user may query (RFC 5782).  A list counts only when it
 * holds its test point, and not what no list may hold: a dead one would say
 * "not listed", and one that somebody took over would list the world.
 */

static const struct fact_doc blocklist_facts[] = {
	{ "zones", "list",
	    "one object for each list and kind of thing that was looked up" },
	{ "zones[].name", "text",
	    "the list, as the blocklists file calls it; a key in the name of "
	    "its zone is not shown" },
	{ "zones[].kind", "text", "ip4, ip6, domain" },
	{ "zones[].works", "bool",
	    "it lists its test point, and not what no list may (RFC 5782 5)" },
	{ "zones[].fault", "text",
	    "why it does not work: the code of its problem; null: it works" },
	{ "zones[].looked_up", "number", "of how many it was asked" },
	{ "subjects", "list", "what was looked up" },
	{ "subjects[].subject", "text", "an address or a domain" },
	{ "subjects[].kind", "text", "ip or domain" },
	{ "subjects[].roles", "list",
	    "what it is: ip, from, mail_from, helo, dkim, link (in the body)" },
	{ "listings", "list", "what is listed, and by which list" },
	{ "listings[].subject", "text", "an address or a domain" },
	{ "listings[].kind", "text", "ip or domain" },
	{ "listings[].zone", "text", "the list" },
	{ "listings[].roles", "list", "as in subjects" },
	{ "listings[].codes", "list", "the addresses that it answers" },
	{ "listings[].meanings", "list",
	    "what these mean, as far as the blocklists file says" },
	{ "listings[].reason", "text",
	    "what its TXT records say; null: there are none" },
	{ "listed", "bool", "an address or a domain is listed" },
	{ "ip_listed", "bool", "a sending address is listed" },
	{ "domain_listed", "bool", "a domain is listed" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "text",
	    "stable: blocklist.ip-listed, blocklist.domain-listed; of a list "
	    "that tells nothing: blocklist.dead, blocklist.lists-all, "
	    "blocklist.outside, blocklist.name, blocklist.public-resolver, "
	    "blocklist.rate-limit, blocklist.refused" },
	{ "problems[].severity", "text", "error or warning" },
	{ "problems[].detail", "text", "a sentence for people" },
	{ "problems[].zone", "text", "the list" },
	{ NULL, NULL, NULL },
};

/* ---- what is looked up ------------------------------------------------- */

static enum blocklist_kind
kind_of(const struct blocklist_item *item)
{
	if (item->subject.ip.family == 0)
		return BLOCKLIST_DOMAIN;
	return item->subject.ip.family == 4 ? BLOCKLIST_IP4 : BLOCKLIST_IP6;
}

/* The same address named twice is looked up once. */
static void
add_ips(struct blocklist_job *job)
{
	const struct subject *s = job->run->subject;

	for (size_t i = 0; i < s->n_ips; i++) {
		size_t k = 0;

		while (k < job->n_items &&
		       !ip_eq(&job->items[k].subject.ip, &s->ips[i]))
			k++;
		if (k < job->n_items)
			continue;
		job->items[job->n_items++] = (struct blocklist_item){
			.subject = { .ip = s->ips[i] },
			.text = ip_text(job->run->arena, &s->ips[i]),
			.is_ip = true,
		};
	}
}

static enum rc
gather(struct blocklist_job *job)
{
	struct check_run *run = job->run;
	enum rc rc = blocklist_names(run, &job->names);

	if (rc)
		return rc;
	job->items = arena_new_of(run->arena, struct blocklist_item,
	    run->subject->n_ips + job->names.n);
	if (job->items == NULL)
		return RC_LIMIT;
	add_ips(job);
	for (size_t i = 0; i < job->names.n; i++) {
		struct slice name = job->names.list[i].name;

		job->items[job->n_items++] = (struct blocklist_item){
			.subject = { .name = name },
			.text = name,
			.name = &job->names.list[i],
		};
	}
	return RC_OK;
}

/* ---- asking ------------------------------------------------------------ */

/* RFC 5782 5: what a list of a kind must hold, and what it may not. */
static struct blocklist_subject
test_point(const struct blocklist_list *l, bool held)
{
	static const uint8_t mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
		0xff, 127, 0, 0, 1 };
	struct blocklist_subject out = { .ip = { .family = 0 } };

	if (l->kind == BLOCKLIST_DOMAIN) {
		out.name = held ? SLICE_LIT("test") : SLICE_LIT("invalid");
		if (held && l->zone->test_domain.n > 0)
			out.name = l->zone->test_domain;
		return out;
	}
	if (l->kind == BLOCKLIST_IP4)
		(void)ip_from_octets(slice_of(mapped + 12, 4), &out.ip);
	else
		(void)ip_from_octets(slice_of(mapped, 16), &out.ip);
	if (held)
		out.ip.b[l->kind == BLOCKLIST_IP4 ? 3 : 15] = 2;
	if (held && l->zone->test_ip.family == out.ip.family)
		out.ip = l->zone->test_ip;
	return out;
}

static enum rc
ask_tests(struct blocklist_job *job, struct blocklist_list *l)
{
	struct blocklist_subject test = test_point(l, true);
	struct blocklist_subject never = test_point(l, false);
	enum rc rc = blocklist_ask(job->run, l->zone, &test, &l->test);

	return rc ? rc : blocklist_ask(job->run, l->zone, &never, &l->never);
}

static enum rc
ask_items(struct blocklist_job *job, struct blocklist_list *l)
{
	enum rc rc = RC_OK;

	l->lookups =
	    arena_new_of(job->run->arena, struct blocklist_lookup, l->n);
	l->items =
	    arena_new_of(job->run->arena, const struct blocklist_item *, l->n);
	if (l->lookups == NULL || l->items == NULL)
		return RC_LIMIT;
	l->n = 0;
	for (size_t i = 0; rc == RC_OK && i < job->n_items; i++) {
		if (kind_of(&job->items[i]) != l->kind)
			continue;
		job->items[i].covered = true;
		l->items[l->n] = &job->items[i];
		l->lookups[l->n].said = BLOCKLIST_UNASKED;
		if (job->asked++ < LIMIT_BLOCKLIST_LOOKUPS)
			rc = blocklist_ask(job->run, l->zone,
			    &job->items[i].subject, &l->lookups[l->n]);
		l->n++;
	}
	return rc;
}

static enum rc
ask_list(struct blocklist_job *job, struct blocklist_list *l)
{
	enum rc rc;

	for (size_t i = 0; i < job->n_items; i++)
		l->n += kind_of(&job->items[i]) == l->kind;
	if (l->n == 0)
		return RC_OK;
	rc = ask_tests(job, l);
	return rc ? rc : ask_items(job, l);
}

static enum rc
ask(struct blocklist_job *job)
{
	const struct blocklist_zones *zones = job->run->subject->blocklists;
	enum rc rc = RC_OK;

	job->lists = arena_new_of(job->run->arena, struct blocklist_list,
	    zones->n * BLOCKLIST_KINDS);
	if (job->lists == NULL)
		return RC_LIMIT;
	for (size_t i = 0; i < zones->n * BLOCKLIST_KINDS && rc == RC_OK; i++) {
		const struct blocklist_zone *z =
		    &zones->list[i / BLOCKLIST_KINDS];
		struct blocklist_list *l = &job->lists[job->n_lists];

		l->kind = (enum blocklist_kind)(i % BLOCKLIST_KINDS);
		if (!z->holds[l->kind])
			continue;
		l->zone = z;
		rc = ask_list(job, l);
		job->n_lists += l->n > 0;
	}
	return rc;
}

/* Its reason, of what is listed; once all else is known. */
static void
ask_reasons(struct blocklist_job *job)
{
	for (size_t i = 0; i < job->n_lists; i++) {
		struct blocklist_list *l = &job->lists[i];

		for (size_t k = 0; k < l->n; k++) {
			if (blocklist_works(l) &&
			    l->lookups[k].said == BLOCKLIST_LISTED)
				(void)check_ask_dns(job->run,
				    l->lookups[k].name, DNS_TXT);
		}
	}
}

/* ---- the check --------------------------------------------------------- */

static enum rc
blocklist_run(struct check_run *run)
{
	const struct blocklist_zones *zones = run->subject->blocklists;
	struct blocklist_job job = { .run = run };
	enum rc rc;

	if (zones == NULL || zones->n == 0) {
		check_gap(run, "", CAUSE_NO_BLOCKLISTS,
		    SLICE_LIT("no blocklists were named"));
		return RC_OK;
	}
	rc = gather(&job);
	if (rc == RC_OK)
		rc = ask(&job);
	if (rc)
		return rc;
	if (!run->waiting)
		ask_reasons(&job);
	if (!run->waiting)
		blocklist_report(&job);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_blocklist = {
	.name = "blocklist",
	.summary = "the DNS blocklists that the user may query",
	.standards = "RFC 5782",
	.facts = blocklist_facts,
	.run = blocklist_run,
};
