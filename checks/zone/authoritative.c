#include "base/limits.h"
#include "checks/table.h"
#include "checks/zone/authority.h"
#include "checks/zone/zone_rdata.h"

/*
 * Each authoritative name server beside the others, and beside what the
 * resolver has (--authoritative).  A change that not every server has, or that
 * a cache hides, looks like a record that comes and goes.
 */

static const struct fact_doc authoritative_facts[] = {
	{ "asked", "bool",
	    "each name server is to be asked (--authoritative); when not, all "
	    "else is null or empty" },
	{ "zone", "text", "the zone that the domain is in" },
	{ "servers", "list", "one object for each address of a name server" },
	{ "servers[].name", "text", "the name in the NS record" },
	{ "servers[].ip", "text", "where it was asked" },
	{ "servers[].lame", "bool",
	    "it does not have the zone: it refuses, refers elsewhere, or "
	    "answers without authority" },
	{ "servers[].serial", "number",
	    "of the zone as it has it; null: it is lame" },
	{ "asked_for", "list", "names and types that each is asked for" },
	{ "differences", "list",
	    "one object for each server and record in which not all agree" },
	{ "differences[].name", "text", "of the record" },
	{ "differences[].type", "text", "TXT or MX" },
	{ "differences[].server", "text", "the server's name" },
	{ "differences[].ip", "text", "its address" },
	{ "differences[].value", "list", "what it answers; empty: nothing" },
	{ "differences[].others", "list",
	    "what other servers answer, and it does not" },
	{ "agree", "bool",
	    "all servers that have the zone answer the same, and from the same "
	    "serial" },
	{ "cached", "list",
	    "records of which the resolver has an older state" },
	{ "cached[].name", "text", "of the record" },
	{ "cached[].type", "text", "TXT or MX" },
	{ "cached[].value", "list", "what the resolver answers" },
	{ "cached[].published", "list", "what all name servers answer" },
	{ "cached[].ttl", "number",
	    "seconds that it may stay so; null: it has none, and how long that "
	    "holds is not seen" },
	{ "cached[].detail", "text", "for people" },
	{ "fresh", "bool",
	    "the resolver answers what the name servers do, as far as they "
	    "agree" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "authoritative.*",
	    "stable: authoritative.lame, authoritative.serial, "
	    "authoritative.differs, authoritative.no-address, "
	    "authoritative.no-servers" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

struct job {
	struct check_run *run;
	struct authorities servers;
	struct authority_needs needs;
	json_t *differences, *cached;
	json_t **values; /* of each server, for the record at hand; or NULL */
	bool lost;       /* some server's answer is not known */
	bool blind;      /* some answer of the resolver is not known */
	bool stale;      /* an old serial; or no server at all */
};

static void
problem(const struct job *j, const char *code, struct slice detail)
{
	(void)check_problem(j->run->facts, "problems", code, detail);
}

static json_t *
list_fact(const struct job *j, const char *key)
{
	json_t *list = json_array();

	(void)json_object_set_new(j->run->facts, key, list);
	return list;
}

/* ---- the servers ------------------------------------------------------- */

/* RFC 1982 3.2: whether a comes before b. */
static bool
serial_before(uint32_t a, uint32_t b)
{
	return a != b && (int32_t)(b - a) > 0;
}

static bool
is_behind(const struct job *j, const struct authority *s)
{
	for (size_t i = 0; i < j->servers.n; i++) {
		const struct authority *o = &j->servers.all[i];

		if (o->state == AUTHORITY_ANSWERS &&
		    serial_before(s->serial, o->serial))
			return true;
	}
	return false;
}

static void
say_behind(struct job *j, const struct authority *s)
{
	j->stale = true;
	problem(j, "authoritative.serial",
	    arena_slicef(j->run->arena,
		"%.*s has serial %u of %.*s, older than another name server "
		"has: it answers without the last changes. See why it does not "
		"transfer the zone, and whether the serial was raised",
		SLICE_FMT(authority_text(j->run->arena, s)), s->serial,
		SLICE_FMT(j->servers.zone)));
}

static void
say_lame(struct job *j, const struct authority *s)
{
	problem(j, "authoritative.lame",
	    arena_slicef(j->run->arena,
		"%.*s stands among the name servers of %.*s and does not have "
		"the zone: who asks it gets no answer. Set the zone up there, "
		"or take it out of the delegation at the registrar",
		SLICE_FMT(authority_text(j->run->arena, s)),
		SLICE_FMT(j->servers.zone)));
}

static void
say_server(struct job *j, const struct authority *s, json_t *list)
{
	json_t *o = json_object();

	(void)json_array_append_new(list, o);
	check_fact_text(o, "name", s->name);
	check_fact_text(o, "ip", ip_text(j->run->arena, &s->ip));
	switch (s->state) {
	case AUTHORITY_ANSWERS:
		check_fact_bool(o, "lame", false);
		(void)json_object_set_new(o, "serial", json_integer(s->serial));
		if (is_behind(j, s))
			say_behind(j, s);
		return;
	case AUTHORITY_LAME:
		check_fact_bool(o, "lame", true);
		check_fact_null(o, "serial");
		say_lame(j, s);
		return;
	case AUTHORITY_UNKNOWN:
		j->lost = true;
		return;
	case AUTHORITY_WAITING:
	case AUTHORITY_NO_WAY:
		return;
	}
}

/* ---- one record -------------------------------------------------------- */

/* In the order of their octets, each once. */
static void
insert(json_t *list, json_t *text)
{
	size_t i = 0, n = json_array_size(list);
	int order = 1;

	for (; i < n; i++) {
		order = strcmp(json_string_value(text),
		    json_string_value(json_array_get(list, i)));
		if (order <= 0)
			break;
	}
	if (order == 0 && i < n)
		json_decref(text);
	else
		(void)json_array_insert_new(list, i, text);
}

/*
 * What a known answer says, to be compared.  Only the first CNAME: what it
 * leads to may be in a zone that the server does not have.
 */
static json_t *
value_of(struct arena *a, const struct answer *answer)
{
	const struct dns_answer *d = &answer->as.dns;
	json_t *list = json_array();

	if (d->n_chain > 0) {
		insert(list, check_json(arena_slicef(a, "CNAME %.*s.",
				 SLICE_FMT(d->chain[0].as.name))));
		return list;
	}
	for (size_t i = 0; answer->seen == SEEN_ANSWERED && i < d->n_records;
	     i++) {
		const struct dns_record *r = &d->records[i];

		if (r->type == DNS_MX)
			insert(list, check_json(arena_slicef(a, "%u %.*s.",
					 r->as.mx.preference,
					 SLICE_FMT(r->as.mx.host))));
		else
			insert(list, check_json(check_text(a, r)));
	}
	return list;
}

/* False: the name is in a zone of its own, and not theirs to know. */
static bool
ask_servers(struct job *j, const struct authority_need *n)
{
	struct arena *arena = j->run->arena;

	for (size_t i = 0; i < j->servers.n; i++) {
		const struct authority *s = &j->servers.all[i];
		const struct answer *a;

		if (s->state != AUTHORITY_ANSWERS)
			continue;
		a = check_ask_server(j->run, n->name, n->type, &s->ip);
		if (a == NULL)
			continue;
		if (a->as.dns.referral)
			return false;
		if (answer_known(a)) {
			if (a->as.dns.authoritative)
				j->values[i] = value_of(arena, a);
		} else {
			j->lost = true;
			check_gap_answer(j->run, "differences", a,
			    arena_slicef(arena, "%.*s %s of %.*s",
				SLICE_FMT(n->name), zone_type_name(n->type),
				SLICE_FMT(authority_text(arena, s))));
		}
	}
	return true;
}

static bool
has(const json_t *list, const json_t *text)
{
	size_t i;
	json_t *one;

	json_array_foreach(list, i, one)
	{
		if (json_equal(one, text))
			return true;
	}
	return false;
}

/* What others have and this one has not, each once. */
static json_t *
others_of(const struct job *j, size_t me)
{
	json_t *out = json_array(), *text;
	size_t i, k;

	for (i = 0; i < j->servers.n; i++) {
		json_array_foreach(j->values[i], k, text)
		{
			if (!has(j->values[me], text))
				insert(out, json_copy(text));
		}
	}
	return out;
}

static bool
all_same(const struct job *j, json_t **value)
{
	*value = NULL;
	for (size_t i = 0; i < j->servers.n; i++) {
		if (j->values[i] == NULL)
			continue;
		if (*value != NULL && !json_equal(*value, j->values[i]))
			return false;
		*value = j->values[i];
	}
	return true;
}

static json_t *
record_object(json_t *list, const struct authority_need *n)
{
	json_t *o = json_object();

	(void)json_array_append_new(list, o);
	check_fact_text(o, "name", n->name);
	check_fact_text(o, "type", slice_str(zone_type_name(n->type)));
	return o;
}

static void
say_differences(struct job *j, const struct authority_need *n)
{
	struct arena *a = j->run->arena;

	for (size_t i = 0; i < j->servers.n; i++) {
		const struct authority *s = &j->servers.all[i];
		json_t *o;

		if (j->values[i] == NULL)
			continue;
		o = record_object(j->differences, n);
		check_fact_text(o, "server", s->name);
		check_fact_text(o, "ip", ip_text(a, &s->ip));
		(void)json_object_set(o, "value", j->values[i]);
		(void)json_object_set_new(o, "others", others_of(j, i));
	}
	problem(j, "authoritative.differs",
	    arena_slicef(a,
		"The name servers do not agree on %.*s %s: what a receiver "
		"sees hangs on which of them it asks. Publish the same zone on "
		"all of them",
		SLICE_FMT(n->name), zone_type_name(n->type)));
}

/* The seconds left; -1: it is an answer without records. */
static json_int_t
ttl_of(const struct answer *a)
{
	if (a->as.dns.n_chain > 0)
		return a->as.dns.chain[0].ttl;
	if (a->seen == SEEN_ANSWERED && a->as.dns.n_records > 0)
		return a->as.dns.records[0].ttl;
	return -1;
}

static void
say_cached(struct job *j, const struct authority_need *n,
    const struct answer *a, json_t *published)
{
	json_t *o = record_object(j->cached, n);
	json_int_t ttl = ttl_of(a);
	struct slice wait = SLICE_LIT("");

	(void)json_object_set_new(o, "value", value_of(j->run->arena, a));
	(void)json_object_set(o, "published", published);
	if (ttl >= 0) {
		(void)json_object_set_new(o, "ttl", json_integer(ttl));
		wait = arena_slicef(j->run->arena, ", for %lld s more",
		    (long long)ttl);
	} else {
		check_fact_null(o, "ttl");
	}
	check_fact_text(o, "detail",
	    arena_slicef(j->run->arena,
		"The resolver still has an older state of %.*s %s%.*s, and so "
		"may receivers have; the name servers all have the new one",
		SLICE_FMT(n->name), zone_type_name(n->type), SLICE_FMT(wait)));
}

static void
compare_cached(struct job *j, const struct authority_need *n, json_t *published)
{
	const struct answer *a = check_ask_dns(j->run, n->name, n->type);
	json_t *value;

	if (a == NULL)
		return;
	if (!answer_known(a)) {
		j->blind = true;
		check_gap_answer(j->run, "fresh", a,
		    arena_slicef(j->run->arena, "%.*s %s", SLICE_FMT(n->name),
			zone_type_name(n->type)));
		return;
	}
	value = value_of(j->run->arena, a);
	if (!json_equal(value, published))
		say_cached(j, n, a, published);
	json_decref(value);
}

static void
compare_record(struct job *j, const struct authority_need *n)
{
	bool theirs = ask_servers(j, n);
	json_t *value;

	/* Asked ahead, along with them. */
	(void)check_ask_dns(j->run, n->name, n->type);
	if (theirs && !all_same(j, &value))
		say_differences(j, n);
	else if (theirs && value != NULL && !j->lost)
		compare_cached(j, n, value);
	for (size_t i = 0; i < j->servers.n; i++) {
		json_decref(j->values[i]);
		j->values[i] = NULL;
	}
}

/* ---- the whole --------------------------------------------------------- */

static void
conclude(struct job *j)
{
	bool differ = j->stale || json_array_size(j->differences) > 0;
	json_t *facts = j->run->facts;
	struct slice why = SLICE_LIT("not every name server answered");

	if (differ)
		check_fact_bool(facts, "agree", false);
	else if (!j->lost)
		check_fact_bool(facts, "agree", true);
	else
		check_gap(j->run, "agree", CAUSE_UNPROVEN, why);
	if (json_array_size(j->cached) > 0)
		check_fact_bool(facts, "fresh", false);
	else if (!j->lost && !j->blind)
		check_fact_bool(facts, "fresh", true);
	else
		check_gap(j->run, "fresh", CAUSE_UNPROVEN, why);
	if (j->lost)
		check_gap(j->run, "cached", CAUSE_UNPROVEN, why);
}

static void
say_needs(const struct job *j)
{
	json_t *list = list_fact(j, "asked_for");

	for (size_t i = 0; i < j->needs.n; i++)
		(void)json_array_append_new(list,
		    check_json(arena_slicef(j->run->arena, "%.*s %s",
			SLICE_FMT(j->needs.all[i].name),
			zone_type_name(j->needs.all[i].type))));
}

static enum rc
compare_servers(struct job *j)
{
	json_t *list = list_fact(j, "servers");
	enum rc rc = authority_needs_find(j->run, j->servers.zone, &j->needs);

	j->values = arena_new_of(j->run->arena, json_t *, LIMIT_AUTHORITIES);
	if (rc || j->values == NULL)
		return rc ? rc : RC_LIMIT;
	j->lost = j->servers.missing || j->servers.cut || j->needs.cut;
	j->differences = list_fact(j, "differences");
	j->cached = list_fact(j, "cached");
	say_needs(j);
	for (size_t i = 0; i < j->servers.n; i++)
		say_server(j, &j->servers.all[i], list);
	if (j->servers.n == 0 && !j->servers.missing && !j->run->waiting) {
		j->stale = true;
		problem(j, "authoritative.no-servers",
		    arena_slicef(j->run->arena,
			"%.*s has no name server that can be reached by name",
			SLICE_FMT(j->servers.zone)));
	}
	if (j->servers.cut || j->needs.cut)
		check_gap(j->run, "differences", CAUSE_LIMIT,
		    SLICE_LIT("there are more name servers or records than are "
			      "looked at"));
	for (size_t i = 0; i < j->needs.n; i++)
		compare_record(j, &j->needs.all[i]);
	if (!j->run->waiting)
		conclude(j);
	return RC_OK;
}

static enum rc
authoritative_run(struct check_run *run)
{
	struct job j = { .run = run };
	enum rc rc;

	if (!run->subject->authoritative)
		check_facts_none(run, authoritative_facts);
	check_fact_bool(run->facts, "asked", run->subject->authoritative);
	if (!run->subject->authoritative)
		return RC_OK;
	(void)list_fact(&j, "problems");
	rc = authorities_find(run, &j.servers);
	if (rc)
		return rc;
	if (j.servers.zone.n == 0) {
		if (j.servers.lost != NULL)
			check_gap_answer(run, "", j.servers.lost,
			    SLICE_LIT("the zone's SOA"));
		else if (!run->waiting)
			check_gap(run, "", CAUSE_MALFORMED,
			    SLICE_LIT("no answer names the zone"));
		return RC_OK;
	}
	check_fact_text(run->facts, "zone", j.servers.zone);
	rc = compare_servers(&j);
	if (rc)
		return rc;
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_authoritative = {
	.name = "authoritative",
	.summary = "each authoritative name server, beside the others and the "
		   "resolver",
	.standards = "RFC 1034 4.3, RFC 1982, RFC 2308",
	.facts = authoritative_facts,
	.run = authoritative_run,
};
