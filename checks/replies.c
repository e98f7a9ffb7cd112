#include "base/domain.h"
#include "base/limits.h"
#include "checks/check.h"
#include "checks/table.h"
#include "message/address.h"
#include "message/message.h"

/*
 * Whether what is sent can be answered, by people and by bounces: mail to a
 * domain goes to its MX hosts, or without any to its own address (RFC 5321
 * 5.1); a null MX says that there is no way (RFC 7505).
 */

static const struct fact_doc replies_facts[] = {
	{ "domains", "list",
	    "the From domain and, if another, the MAIL FROM domain" },
	{ "domains[].domain", "text", "its name" },
	{ "domains[].role", "text", "from or mail-from" },
	{ "domains[].takes_mail", "bool",
	    "it has an MX record other than a null MX, or no MX record but an "
	    "address" },
	{ "domains[].by", "text",
	    "mx or address, whichever it takes mail by; null: by neither" },
	{ "reply_to", "list",
	    "the domains in the sample's Reply-To; empty: it has none" },
	{ "reply_to[].domain", "text", "its name" },
	{ "reply_to[].role", "text", "reply-to" },
	{ "reply_to[].takes_mail", "bool", "as of domains" },
	{ "reply_to[].by", "text", "likewise; null: by neither" },
	{ "unreachable", "list", "those of both known to take no mail" },
	{ NULL, NULL, NULL },
};

static struct slice
asked(struct check_run *run, struct slice name, const char *type)
{
	return arena_slicef(run->arena, "%.*s %s", SLICE_FMT(name), type);
}

/* ---- one domain -------------------------------------------------------- */

static void
tell(struct check_run *run, json_t *facts, struct slice domain, const char *by)
{
	check_fact_bool(facts, "takes_mail", by != NULL);
	if (by != NULL) {
		check_fact_text(facts, "by", slice_str(by));
		return;
	}
	check_fact_null(facts, "by");
	(void)json_array_append_new(json_object_get(run->facts, "unreachable"),
	    check_json(domain));
}

static void
by_address(struct check_run *run, struct slice domain, const char *gap,
    json_t *facts)
{
	struct addresses a = check_ask_addresses(run, domain);

	if (a.waiting)
		return;
	/* One family is enough to know that there is an address. */
	if (a.n > 0 || a.seen == SEEN_ABSENT)
		tell(run, facts, domain, a.n > 0 ? "address" : NULL);
	else
		check_gap(run, gap, a.cause, asked(run, domain, "A and AAAA"));
}

static bool
has_host(const struct answer *mx)
{
	size_t i;

	for (i = 0; i < mx->as.dns.n_records; i++) {
		if (mx->as.dns.records[i].as.mx.host.n > 0)
			return true;
	}
	return false;
}

/* list: domains or reply_to; the domain is canonical. */
static void
add_domain(struct check_run *run, const char *list, struct slice domain,
    const char *role)
{
	const struct answer *mx = check_ask_dns(run, domain, DNS_MX);
	json_t *facts = json_object();

	(void)json_array_append_new(json_object_get(run->facts, list), facts);
	check_fact_text(facts, "domain", domain);
	check_fact_text(facts, "role", slice_str(role));
	if (mx == NULL)
		return;
	if (!answer_known(mx))
		check_gap_answer(run, list, mx, asked(run, domain, "MX"));
	else if (mx->seen == SEEN_ABSENT)
		by_address(run, domain, list, facts);
	else
		tell(run, facts, domain, has_host(mx) ? "mx" : NULL);
}

/* ---- Reply-To ---------------------------------------------------------- */

static bool
is_listed(const struct slice *list, size_t n, struct slice domain)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (slice_eq(list[i], domain))
			return true;
	}
	return false;
}

/* What is no domain name is for the check `format` to say. */
static enum rc
add_reply_to(struct check_run *run, const struct field *f)
{
	struct slice seen[LIMIT_REPLY_DOMAINS], domain;
	struct address_list list;
	enum rc rc = address_list_parse(run->arena, f->value, &list);
	size_t i, n = 0;

	if (rc)
		return rc;
	for (i = 0; i < list.n; i++) {
		if (list.mailboxes[i].literal ||
		    domain_canonical(run->arena, list.mailboxes[i].domain,
			&domain) != DOMAIN_FINE ||
		    is_listed(seen, n, domain))
			continue;
		if (n == LIMIT_REPLY_DOMAINS) {
			check_gap(run, "reply_to", CAUSE_LIMIT,
			    SLICE_LIT("Reply-To has more domains than are "
				      "looked at"));
			break;
		}
		seen[n++] = domain;
		add_domain(run, "reply_to", domain, "reply-to");
	}
	return RC_OK;
}

static enum rc
reply_to(struct check_run *run)
{
	const struct message *m = run->subject->message;
	const struct field *f;

	if (m == NULL) {
		check_gap(run, "reply_to", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("Reply-To shows in a message only"));
		return RC_OK;
	}
	(void)json_object_set_new(run->facts, "reply_to", json_array());
	f = message_field(m, "Reply-To", 0);
	return f != NULL ? add_reply_to(run, f) : RC_OK;
}

/* ------------------------------------------------------------------------ */

static enum rc
replies_run(struct check_run *run)
{
	const struct subject *s = run->subject;
	enum rc rc;

	(void)json_object_set_new(run->facts, "domains", json_array());
	(void)json_object_set_new(run->facts, "unreachable", json_array());
	add_domain(run, "domains", s->domain, "from");
	if (s->mail_from_domain.n > 0 &&
	    !slice_eq(s->mail_from_domain, s->domain))
		add_domain(run, "domains", s->mail_from_domain, "mail-from");
	rc = reply_to(run);
	return rc == RC_OK && arena_failed(run->arena) ? RC_LIMIT : rc;
}

const struct check check_replies = {
	.name = "replies",
	.summary = "whether From, Reply-To and MAIL FROM can be answered",
	.standards = "RFC 5321 5.1, RFC 7505",
	.facts = replies_facts,
	.run = replies_run,
};
