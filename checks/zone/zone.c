#include "base/domain.h"
#include "base/limits.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/table.h"
#include "checks/zone/zone_compare.h"
#include "checks/zone/zone_rdata.h"

/*
 * The zone file that the sender believes in (--expect-zone) beside what public
 * DNS has.  The usual case: a panel made the records, the zone has moved to
 * another provider, and nobody copied them.
 */

static const struct fact_doc zone_facts[] = {
	{ "file", "text",
	    "the zone file that the sender believes in; null, and with it all "
	    "else: none was given, or none has this domain" },
	{ "name", "text", "the zone that the file is of" },
	{ "serial", "number", "of its SOA record; null: it has none" },
	{ "published_serial", "number",
	    "of the SOA record in public DNS; null: there is no such zone" },
	{ "records", "number",
	    "records read: A, AAAA, CNAME, MX, NS, SOA and TXT" },
	{ "others", "number", "records of other types, which are not read" },
	{ "compared", "number",
	    "names and types that the sender's mail needs, and that are looked "
	    "up" },
	{ "missing", "list", "records of the file that public DNS lacks" },
	{ "missing[].name", "text", "where it has to be" },
	{ "missing[].type", "text", "TXT, CNAME, MX, A or AAAA" },
	{ "missing[].value", "text", "what is to be pasted" },
	{ "missing[].kind", "dkim|spf|dmarc|mx|host|mta-sts|tls-rpt|bimi",
	    "what it is for: dkim, spf, dmarc, mx, host, mta-sts, tls-rpt or "
	    "bimi" },
	{ "missing[].line", "number", "in the file" },
	{ "missing[].detail", "text", "for people" },
	{ "missing_keys", "list", "those of them that are DKIM keys in TXT" },
	{ "missing_keys[].name", "text", "where it has to be" },
	{ "missing_keys[].value", "text", "what is to be pasted" },
	{ "differs", "list",
	    "records of the file in whose place public DNS has others" },
	{ "differs[].name", "text", "where it has to be" },
	{ "differs[].type", "text", "TXT, CNAME, MX, A or AAAA" },
	{ "differs[].expected", "text", "what the file has" },
	{ "differs[].published", "list", "what public DNS has there" },
	{ "differs[].kind", "text", "as in missing" },
	{ "differs[].line", "number", "in the file" },
	{ "differs[].detail", "text", "for people" },
	{ "extra", "list",
	    "records that public DNS has beside those of the file, at the same "
	    "names" },
	{ "extra[].name", "text", "where it is" },
	{ "extra[].type", "text", "TXT, MX, A or AAAA" },
	{ "extra[].value", "text", "what it holds" },
	{ "extra[].kind", "text", "as in missing" },
	{ "answered", "bool",
	    "true: DNS answered for all that is compared; else it is not "
	    "known" },
	{ "agrees", "bool", "nothing is missing, differs or is extra" },
	{ "nameservers", "list",
	    "the name servers of the zone in public DNS, which the public "
	    "asks" },
	{ "file_nameservers", "list", "those that the file names" },
	{ "moved", "bool",
	    "the public asks other name servers than the file names, and none "
	    "of these" },
	{ "where", "text", "who publishes what the public sees, for people" },
	{ "problems", "list", "what of the file cannot be read, or is odd" },
	{ "problems[].code", "zone.*",
	    "stable: zone.syntax, zone.owner, zone.type, zone.data, "
	    "zone.origin, zone.include, zone.generate, zone.directive, "
	    "zone.too-many, zone.unquoted, zone.string-length, zone.no-dot" },
	{ "problems[].line", "number", "in the file" },
	{ "problems[].column", "number", "from 1" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

struct zone_job {
	struct check_run *run;
	const struct zone_file *z;
	const struct dkim_verdicts *verdicts; /* NULL: not known yet */
	json_t *missing, *keys, *differs, *extra;
	bool lost; /* some answer is not known */
};

/* ---- what is said of a record ------------------------------------------ */

static bool
sample_needs(const struct zone_job *j, struct slice name)
{
	for (size_t i = 0; j->verdicts != NULL && i < j->verdicts->n; i++)
		if (j->verdicts->all[i].reason == DKIM_KEY_MISSING &&
		    slice_eq(j->verdicts->all[i].name, name))
			return true;
	return false;
}

/* What comes of it that it is not there. */
static const char *
consequence(const struct zone_job *j, const struct zone_need *n)
{
	switch (n->kind) {
	case ZONE_DKIM:
		if (sample_needs(j, n->owner))
			return ": the sample is signed with this key, and this "
			       "is why its DKIM signature fails";
		return ": a DKIM signature with this selector cannot be "
		       "verified";
	case ZONE_SPF:
		return ": receivers find no SPF record for that name";
	case ZONE_DMARC:
		return ": receivers find no DMARC policy there";
	case ZONE_MX:
		return ": mail is not brought to that host";
	case ZONE_HOST:
		return ": the host cannot be found";
	case ZONE_MTA_STS:
	case ZONE_TLS_RPT:
	case ZONE_BIMI:
		break;
	}
	return "";
}

static json_t *
entry(json_t *list, const struct zone_need *n, const char *key,
    struct slice value)
{
	json_t *o = json_object();

	check_fact_text(o, "name", n->owner);
	check_fact_text(o, "type", slice_str(zone_type_name(n->type)));
	check_fact_text(o, key, value);
	check_fact_text(o, "kind", slice_str(zone_kind_name(n->kind)));
	(void)json_array_append_new(list, o);
	return o;
}

static void
say(const struct zone_job *j, const struct zone_need *n, json_t *o,
    const struct zone_value *v, const char *what)
{
	(void)json_object_set_new(o, "line", json_integer((json_int_t)v->line));
	check_fact_text(o, "detail",
	    arena_slicef(j->run->arena, "%.*s %s (%s, line %zu) %s",
		SLICE_FMT(n->owner), zone_type_name(n->type),
		zone_kind_title(n->kind), v->line, what));
}

static void
say_missing(const struct zone_job *j, const struct zone_need *n,
    const struct zone_value *v)
{
	json_t *key;

	say(j, n, entry(j->missing, n, "value", v->shown), v,
	    arena_printf(j->run->arena,
		"is in the file and not in public DNS%s", consequence(j, n)));
	if (n->kind != ZONE_DKIM || n->type != DNS_TXT)
		return;
	key = json_object();
	check_fact_text(key, "name", n->owner);
	check_fact_text(key, "value", v->shown);
	(void)json_array_append_new(j->keys, key);
}

static void
say_differs(const struct zone_job *j, const struct zone_need *n,
    const struct zone_value *v, const struct zone_values *published)
{
	json_t *o = entry(j->differs, n, "expected", v->shown);
	json_t *list = json_array();

	for (size_t i = 0; i < published->n; i++)
		(void)json_array_append_new(list,
		    check_json(published->all[i].shown));
	(void)json_object_set_new(o, "published", list);
	say(j, n, o, v, "is another in public DNS");
}

static void
lose(struct zone_job *j, const struct answer *a, struct slice name,
    uint16_t type)
{
	j->lost = true;
	check_gap_answer(j->run, "answered", a,
	    arena_slicef(j->run->arena, "%.*s %s", SLICE_FMT(name),
		zone_type_name(type)));
}

/* ---- comparing --------------------------------------------------------- */

static enum rc
compare(struct zone_job *j, const struct zone_need *n, const struct answer *a)
{
	struct zone_values want, have;
	bool told = false;
	enum rc rc = zone_values_expected(j->run->arena, n, &want);

	if (rc == RC_OK)
		rc = zone_values_published(j->run->arena, n, a, &have);
	for (size_t i = 0; rc == RC_OK && i < want.n; i++) {
		if (zone_values_have(&have, &want.all[i]))
			continue;
		told = true;
		if (have.n == 0)
			say_missing(j, n, &want.all[i]);
		else
			say_differs(j, n, &want.all[i], &have);
	}
	/* What stands in another's place is told along with that. */
	for (size_t i = 0; rc == RC_OK && !told && i < have.n; i++)
		if (!zone_values_have(&want, &have.all[i]))
			(void)entry(j->extra, n, "value", have.all[i].shown);
	return rc;
}

/* What a CNAME stands in place of. */
static uint16_t
type_behind(const struct zone_need *n)
{
	if (n->kind == ZONE_HOST || slice_starts(n->owner, SLICE_LIT("mta-")))
		return DNS_A;
	return DNS_TXT;
}

static bool
leads_to(const struct answer *a, struct slice target)
{
	const struct dns_answer *d = &a->as.dns;

	for (size_t i = 0; i < d->n_chain; i++)
		if (slice_eq(d->chain[i].as.name, target))
			return true;
	return false;
}

/* The same records, whichever way they are found. */
static enum rc
same_records(struct zone_job *j, const struct zone_need *n,
    const struct answer *const answers[2], bool *same)
{
	struct zone_need plain = { .kind = n->kind, .type = type_behind(n) };
	struct zone_values v[2];
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < 2; i++)
		rc = zone_values_published(j->run->arena, &plain, answers[i],
		    &v[i]);
	*same = rc == RC_OK && v[0].n == v[1].n;
	for (size_t i = 0; *same && i < v[0].n; i++)
		*same = zone_values_have(&v[1], &v[0].all[i]);
	return rc;
}

/* Another CNAME, or records in its place. */
static enum rc
say_not_alias(struct zone_job *j, const struct zone_need *n,
    const struct zone_value *v, const struct answer *a)
{
	struct zone_need plain = { .kind = n->kind, .type = type_behind(n) };
	struct zone_values have;
	enum rc rc = zone_values_published(j->run->arena, &plain, a, &have);
	struct zone_value alias = { 0 };

	if (rc)
		return rc;
	if (a->as.dns.n_chain > 0) {
		alias.shown = arena_slicef(j->run->arena, "%.*s.",
		    SLICE_FMT(a->as.dns.chain[0].as.name));
		have = (struct zone_values){ &alias, 1 };
	}
	if (have.n > 0)
		say_differs(j, n, v, &have);
	else
		say_missing(j, n, v);
	return RC_OK;
}

static enum rc
compare_alias(struct zone_job *j, const struct zone_need *n)
{
	uint16_t type = type_behind(n);
	const struct zone_record *r =
	    zone_file_find_type(j->z, n->owner, DNS_CNAME);
	struct slice target = r->rr.as.name;
	const struct answer *found[2];
	struct zone_values want;
	bool same = false;
	enum rc rc = zone_values_expected(j->run->arena, n, &want);

	found[0] = check_ask_dns(j->run, n->owner, type);
	if (found[0] == NULL || rc)
		return rc;
	if (leads_to(found[0], target))
		return RC_OK;
	if (!answer_known(found[0])) {
		lose(j, found[0], n->owner, type);
		return RC_OK;
	}
	if (found[0]->seen == SEEN_ANSWERED) {
		found[1] = check_ask_dns(j->run, target, type);
		if (found[1] == NULL)
			return RC_OK;
		if (!answer_known(found[1])) {
			lose(j, found[1], target, type);
			return RC_OK;
		}
		rc = same_records(j, n, found, &same);
	}
	if (rc || same)
		return rc;
	return say_not_alias(j, n, &want.all[0], found[0]);
}

static enum rc
compare_need(struct zone_job *j, const struct zone_need *n)
{
	const struct answer *a;

	if (n->type == DNS_CNAME)
		return compare_alias(j, n);
	a = check_ask_dns(j->run, n->owner, n->type);
	if (a == NULL)
		return RC_OK;
	if (answer_known(a))
		return compare(j, n, a);
	lose(j, a, n->owner, n->type);
	return RC_OK;
}

static enum rc
compare_all(struct zone_job *j)
{
	json_t *facts = j->run->facts;
	struct zone_needs needs;
	enum rc rc = zone_needs_find(j->run, j->z, &needs);

	for (size_t i = 0; rc == RC_OK && i < needs.n; i++)
		rc = compare_need(j, &needs.all[i]);
	if (rc)
		return rc;
	(void)json_object_set_new(facts, "compared",
	    json_integer((json_int_t)needs.n));
	if (needs.cut) {
		j->lost = true;
		check_gap(j->run, "answered", CAUSE_LIMIT,
		    SLICE_LIT("the file has more records that mail needs than "
			      "are looked up"));
	}
	if (!j->lost)
		check_fact_bool(facts, "answered", true);
	if (json_array_size(j->missing) + json_array_size(j->differs) +
		json_array_size(j->extra) >
	    0)
		check_fact_bool(facts, "agrees", false);
	else if (!j->lost)
		check_fact_bool(facts, "agrees", true);
	else
		check_gap(j->run, "agrees", CAUSE_UNPROVEN,
		    SLICE_LIT("not every record could be compared"));
	return RC_OK;
}

/* ---- who serves the zone ----------------------------------------------- */

static bool
list_has(const json_t *list, const json_t *text)
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

static struct slice
join(struct arena *a, const json_t *list)
{
	struct slice out = SLICE_LIT("");
	size_t i, n = json_array_size(list);
	json_t *one;

	json_array_foreach(list, i, one)
	{
		const char *between = i + 1 == n ? " and " : ", ";

		out = arena_slicef(a, "%.*s%s%s", SLICE_FMT(out),
		    i > 0 ? between : "", json_string_value(one));
	}
	return out;
}

static void
where(struct zone_job *j, const json_t *public, const json_t *file)
{
	struct arena *a = j->run->arena;
	bool moved = json_array_size(file) > 0;
	size_t i;
	json_t *one;

	json_array_foreach(file, i, one)
	{
		if (list_has(public, one))
			moved = false;
	}
	if (json_array_size(file) > 0)
		check_fact_bool(j->run->facts, "moved", moved);
	else
		check_fact_null(j->run->facts, "moved");
	if (moved)
		check_fact_text(j->run->facts, "where",
		    arena_slicef(a,
			"Public DNS for %.*s is served by %.*s. The file names "
			"%.*s, which the public does not ask: what is changed "
			"there does not reach anybody",
			SLICE_FMT(j->z->apex), SLICE_FMT(join(a, public)),
			SLICE_FMT(join(a, file))));
	else
		check_fact_text(j->run->facts, "where",
		    arena_slicef(a, "Public DNS for %.*s is served by %.*s",
			SLICE_FMT(j->z->apex), SLICE_FMT(join(a, public))));
}

static json_t *
own_nameservers(const struct zone_job *j)
{
	const struct zone_record *r = zone_file_find(j->z, j->z->apex);
	json_t *list = json_array();

	for (; r != NULL; r = r->same)
		if (r->rr.type == DNS_NS &&
		    json_array_size(list) < LIMIT_ZONE_VALUES)
			(void)json_array_append_new(list,
			    check_json(r->rr.as.name));
	return list;
}

static void
nameservers(struct zone_job *j)
{
	const struct answer *a = check_ask_dns(j->run, j->z->apex, DNS_NS);
	json_t *list, *own = own_nameservers(j);

	(void)json_object_set_new(j->run->facts, "file_nameservers", own);
	if (a == NULL)
		return;
	if (!answer_known(a)) {
		struct slice what = arena_slicef(j->run->arena, "%.*s NS",
		    SLICE_FMT(j->z->apex));

		check_gap_answer(j->run, "nameservers", a, what);
		check_gap_answer(j->run, "moved", a, what);
		check_gap_answer(j->run, "where", a, what);
		return;
	}
	list = json_array();
	(void)json_object_set_new(j->run->facts, "nameservers", list);
	for (size_t i = 0; a->seen == SEEN_ANSWERED &&
			   i < a->as.dns.n_records && i < LIMIT_ZONE_VALUES;
	     i++)
		(void)json_array_append_new(list,
		    check_json(a->as.dns.records[i].as.name));
	if (json_array_size(list) > 0) {
		where(j, list, own);
		return;
	}
	check_fact_null(j->run->facts, "moved");
	check_fact_text(j->run->facts, "where",
	    arena_slicef(j->run->arena,
		"Public DNS has no name servers for %.*s: the zone is not delegated",
		SLICE_FMT(j->z->apex)));
}

static void
serials(struct zone_job *j)
{
	const struct answer *a = check_ask_dns(j->run, j->z->apex, DNS_SOA);
	json_t *facts = j->run->facts;

	if (j->z->soa != NULL)
		(void)json_object_set_new(facts, "serial",
		    json_integer(j->z->soa->rr.as.soa.serial));
	else
		check_fact_null(facts, "serial");
	if (a == NULL)
		return;
	if (!answer_known(a))
		check_gap_answer(j->run, "published_serial", a,
		    arena_slicef(j->run->arena, "%.*s SOA",
			SLICE_FMT(j->z->apex)));
	else if (a->seen == SEEN_ANSWERED && a->as.dns.n_records > 0)
		(void)json_object_set_new(facts, "published_serial",
		    json_integer(a->as.dns.records[0].as.soa.serial));
	else
		check_fact_null(facts, "published_serial");
}

/* ---- the file ---------------------------------------------------------- */

static void
say_faults(const struct zone_job *j)
{
	const struct zone_file *z = j->z;
	json_t *facts = j->run->facts;

	(void)json_object_set_new(facts, "problems", json_array());
	for (size_t i = 0; i < z->n_faults; i++) {
		const struct zone_fault *f = &z->faults[i];
		json_t *o = check_problem(facts, "problems", f->code,
		    arena_slicef(j->run->arena,
			"%.*s, line %zu, column %zu: %.*s", SLICE_FMT(z->file),
			f->at.line, f->at.column, SLICE_FMT(f->detail)));

		(void)json_object_set_new(o, "line",
		    json_integer((json_int_t)f->at.line));
		(void)json_object_set_new(o, "column",
		    json_integer((json_int_t)f->at.column));
	}
	/* It says that there are more. */
	if (z->all_faults > z->n_faults)
		(void)check_problem(facts, "problems", "", SLICE_NONE);
}

static json_t *
list_fact(struct zone_job *j, const char *key)
{
	json_t *list = json_array();

	(void)json_object_set_new(j->run->facts, key, list);
	return list;
}

static enum rc
zone_run(struct check_run *run)
{
	struct zone_job j = { .run = run, .z = run->subject->zone };
	enum rc rc;

	if (j.z == NULL) {
		check_facts_none(run, zone_facts);
		return RC_OK;
	}
	rc = dkim_verify(run, &j.verdicts);
	if (rc)
		return rc;
	check_fact_text(run->facts, "file", j.z->file);
	check_fact_text(run->facts, "name", j.z->apex);
	(void)json_object_set_new(run->facts, "records",
	    json_integer((json_int_t)j.z->n_records));
	(void)json_object_set_new(run->facts, "others",
	    json_integer((json_int_t)j.z->n_others));
	j.missing = list_fact(&j, "missing");
	j.keys = list_fact(&j, "missing_keys");
	j.differs = list_fact(&j, "differs");
	j.extra = list_fact(&j, "extra");
	rc = compare_all(&j);
	if (rc)
		return rc;
	nameservers(&j);
	serials(&j);
	say_faults(&j);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_zone = {
	.name = "zone",
	.summary = "the zone file that the sender believes in, beside public "
		   "DNS",
	.standards = "RFC 1035 5.1, RFC 3597 5",
	.facts = zone_facts,
	.run = zone_run,
};
