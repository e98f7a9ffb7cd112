#include "base/civil.h"
#include "checks/hops/hops_facts.h"
#include "checks/hops/hops_indirect.h"
#include "checks/hops/hops_notes.h"
#include "checks/hops/hops_problems.h"
#include "checks/table.h"

/*
 * The way of the sample message: its Received fields (RFC 5321 4.4), and what
 * receivers wrote of it on that way (RFC 8601, RFC 7208 9.1, RFC 8617 4.1.1).
 */

/* ---- members ----------------------------------------------------------- */

static void
put_text(struct check_run *run, json_t *o, const char *key, struct slice s)
{
	if (s.n == 0)
		check_fact_null(o, key);
	else
		check_fact_text(o, key, hop_shown(run->arena, s));
}

static void
put_number(json_t *o, const char *key, size_t n)
{
	(void)json_object_set_new(o, key, json_integer((json_int_t)n));
}

static void
put_ip(struct check_run *run, json_t *o, const struct ip *ip)
{
	put_text(run, o, "ip",
	    ip->family != 0 ? ip_text(run->arena, ip) : SLICE_NONE);
}

static void
put_time(json_t *o, int64_t when)
{
	char text[CIVIL_TEXT_MAX];

	if (when == INT64_MIN) {
		check_fact_null(o, "time");
		return;
	}
	civil_rfc3339_format(when, text);
	check_fact_text(o, "time", slice_str(text));
}

/* ---- the chain --------------------------------------------------------- */

static void
put_tls(struct check_run *run, json_t *o, const struct received *r, bool *gap)
{
	put_text(run, o, "tls_version", r->tls_version);
	if (r->tls_known) {
		check_fact_bool(o, "tls", r->over_tls);
		return;
	}
	if (!*gap)
		check_gap(run, "chain[].tls", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("some Received fields do not say whether the hop "
			      "was encrypted"));
	*gap = true;
}

static json_t *
chain_item(struct check_run *run, const struct hop *h, bool *gap)
{
	const struct received *r = &h->received;
	const char *side = hop_side_name(h->side);
	json_t *o = json_object();

	put_number(o, "hop", h->number);
	put_number(o, "line", r->line);
	put_text(run, o, "side", slice_str(side));
	put_text(run, o, "from", r->from);
	put_text(run, o, "reverse", r->reverse);
	put_ip(run, o, &r->ip);
	put_text(run, o, "by", r->by);
	put_text(run, o, "with", r->with);
	put_tls(run, o, r, gap);
	put_time(o, r->when);
	(void)json_object_set_new(o, "delay_seconds",
	    h->has_delay ? json_integer(h->delay) : json_null());
	(void)json_object_set_new(o, "problems", json_array());
	return o;
}

static json_t *
put_chain(struct check_run *run, const struct hops *h)
{
	json_t *chain = json_array();
	bool gap = false;

	for (size_t i = 0; i < h->n; i++)
		(void)json_array_append_new(chain,
		    chain_item(run, &h->list[i], &gap));
	(void)json_object_set_new(run->facts, "chain", chain);
	return chain;
}

/* ---- the delivery ------------------------------------------------------ */

static bool
is_audited(const struct subject *s, const struct ip *ip)
{
	for (size_t i = 0; i < s->n_ips; i++) {
		if (ip_eq(&s->ips[i], ip))
			return true;
	}
	return false;
}

static void
put_mail_from(struct check_run *run, json_t *o, const struct last_hop *last)
{
	if (last->null_sender)
		check_fact_null(o, "mail_from");
	else if (last->has_mail_from)
		check_fact_text(o, "mail_from",
		    hop_shown(run->arena, last->mail_from));
	else
		check_gap(run, "delivery.mail_from", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("the sample shows no envelope sender"));
}

static void
put_delivery(struct check_run *run, const struct hops *h)
{
	const struct last_hop *last = &h->last;
	const struct hop *hop;
	json_t *o;

	if (h->delivery < 0) {
		check_fact_null(run->facts, "delivery");
		return;
	}
	hop = &h->list[h->delivery];
	o = json_object();
	(void)json_object_set_new(run->facts, "delivery", o);
	put_number(o, "hop", hop->number);
	put_text(run, o, "helo", hop->received.from);
	put_text(run, o, "reverse", hop->received.reverse);
	put_ip(run, o, &hop->received.ip);
	put_text(run, o, "by", hop->received.by);
	put_text(run, o, "receiver", last->receiver);
	put_mail_from(run, o, last);
	put_time(o, hop->received.when);
	check_fact_bool(o, "audited",
	    is_audited(run->subject, &hop->received.ip));
	put_text(run, o, "gateway",
	    last->has_gateway ? last->gateway.by : SLICE_NONE);
}

/* ---- what receivers wrote ---------------------------------------------- */

static struct slice
property_name(struct check_run *run, const struct auth_property *p)
{
	return p->ptype.n > 0 ? arena_slicef(run->arena, "%.*s.%.*s",
				    SLICE_FMT(p->ptype), SLICE_FMT(p->name))
			      : p->name;
}

static json_t *
result_item(struct check_run *run, const struct auth_result *r)
{
	json_t *o = json_object(), *properties = json_array();

	put_text(run, o, "method", r->method);
	put_text(run, o, "result", r->result);
	put_text(run, o, "reason", r->reason);
	(void)json_object_set_new(o, "properties", properties);
	for (size_t i = 0; i < r->n_properties; i++) {
		json_t *p = json_object();

		check_fact_text(p, "name",
		    property_name(run, &r->properties[i]));
		check_fact_text(p, "value", r->properties[i].value);
		(void)json_array_append_new(properties, p);
	}
	return o;
}

static void
put_note(struct check_run *run, json_t *list, const struct hop_note *note)
{
	json_t *o = json_object(), *results = json_array();

	check_fact_text(o, "field", slice_str(hop_note_name(note->kind)));
	put_number(o, "line", note->line);
	put_text(run, o, "server", note->server);
	if (note->hop != 0)
		put_number(o, "hop", note->hop);
	else
		check_fact_null(o, "hop");
	check_fact_bool(o, "trusted", note->trusted);
	check_fact_bool(o, "malformed", note->malformed);
	for (size_t i = 0; i < note->n; i++)
		(void)json_array_append_new(results,
		    result_item(run, &note->results[i]));
	(void)json_object_set_new(o, "results", results);
	(void)json_array_append_new(list, o);
}

static void
put_notes(struct check_run *run, const struct hop_notes *notes)
{
	json_t *list = json_array();

	for (size_t i = 0; i < notes->n; i++)
		put_note(run, list, &notes->list[i]);
	(void)json_object_set_new(run->facts, "authentication", list);
}

/* ---- the check --------------------------------------------------------- */

static enum rc
hops_run(struct check_run *run)
{
	const struct message *m = run->subject->message;
	struct hop_notes notes;
	struct hops hops;
	enum rc rc;

	if (m == NULL) {
		check_gap(run, "", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message"));
		return RC_OK;
	}
	rc = hops_read(run->arena, m, &hops);
	if (rc == RC_OK)
		rc = hop_notes_read(run->arena, m, &hops, &notes);
	if (rc)
		return rc;
	(void)json_object_set_new(run->facts, "problems", json_array());
	put_number(run->facts, "count", hops.count);
	check_fact_bool(run->facts, "cut",
	    hops.cut || notes.cut || m->too_many);
	hops_judge(run, &hops, put_chain(run, &hops));
	put_delivery(run, &hops);
	hops_relays(run, &hops);
	hops_indirect(run, &hops, &notes);
	put_notes(run, &notes);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_hops = {
	.name = "hops",
	.summary = "the way of the message, and what receivers wrote of it",
	.standards = "RFC 5321 4.4, RFC 8601, RFC 7208 9.1",
	.facts = hops_facts,
	.run = hops_run,
};
