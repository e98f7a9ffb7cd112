#include "base/domain.h"
#include "checks/check.h"
#include "checks/reverse.h"
#include "checks/table.h"

/*
 * What the sender says in EHLO (RFC 5321 2.3.5, 4.1.1.1, 4.1.3): a fully
 * qualified name that resolves, or the address literal of its own address.
 */

static const struct fact_doc helo_facts[] = {
	{ "name", "text", "what is said, as given" },
	{ "literal", "bool", "it is an address literal, such as [192.0.2.1]" },
	{ "literal_matches_ip", "bool",
	    "the literal is the address of every sending IP; null: no literal. "
	    "Right by RFC 5321 4.1.3, though many receivers want a name" },
	{ "host", "text", "the same as a host name; null: it is none" },
	{ "fqdn", "bool", "a host name of at least two labels" },
	{ "resolves", "bool",
	    "the name has A or AAAA records; null: there is no name" },
	{ "addresses", "list", "those addresses" },
	{ "matches_ip", "bool",
	    "every sending IP is among them, or is the literal" },
	{ "matches_ptr", "bool", "the name is a PTR name of every sending IP" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "helo.*",
	    "stable: helo.empty, helo.syntax, helo.not-fqdn, "
	    "helo.underscore, helo.localhost, helo.bare-ip, "
	    "helo.literal-syntax, helo.literal-mismatch, helo.unresolvable, "
	    "helo.mismatch" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

/* What was said, taken apart. */
struct helo {
	struct slice text;
	bool literal;
	struct ip ip;      /* of the literal */
	struct slice name; /* canonical; nothing: there is no name */
	bool fqdn;
};

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
}

/* ---- what it is -------------------------------------------------------- */

/*
 * RFC 5321 4.1.3:
 *   address-literal      = "[" ( IPv4-address-literal / IPv6-address-literal /
 *                          General-address-literal ) "]"
 *   IPv6-address-literal = "IPv6:" IPv6-addr
 * There is no general one in use.
 */
static void
read_literal(struct check_run *run, struct helo *h)
{
	static const struct slice tag = { (const unsigned char *)"IPv6:", 5 };
	struct slice inner = slice_sub(h->text, 1, h->text.n - 1);
	bool tagged;

	if (inner.n > 0 && inner.p[inner.n - 1] == ']') {
		inner.n--;
		tagged = slice_starts_nocase(inner, tag);
		if (tagged)
			inner = slice_from(inner, tag.n);
		/* Only the tag makes it IPv6, and only IPv6 has one. */
		h->literal =
		    ip_parse(inner, &h->ip) &&
		    tagged == (slice_find(inner, SLICE_LIT(":")) != SIZE_MAX);
	}
	if (h->literal)
		return;
	problem(run, "helo.literal-syntax", h->text);
}

static bool
is_localhost(struct slice name)
{
	return domain_is_under(name, SLICE_LIT("localhost")) ||
	       domain_is_under(name, SLICE_LIT("localdomain"));
}

static void
read_name(struct check_run *run, struct helo *h)
{
	enum domain_fault fault =
	    domain_canonical(run->arena, h->text, &h->name);

	if (fault != DOMAIN_FINE) {
		h->name = SLICE_NONE;
		problem(run,
		    fault == DOMAIN_EMPTY ? "helo.empty" : "helo.syntax",
		    arena_slicef(run->arena, "the name %s",
			domain_fault_text(fault)));
		return;
	}
	h->fqdn = domain_is_fqdn(h->name);
	if (is_localhost(h->name))
		problem(run, "helo.localhost", h->name);
	else if (slice_find(h->name, SLICE_LIT("_")) != SIZE_MAX)
		problem(run, "helo.underscore", h->name);
	else if (!h->fqdn)
		problem(run, "helo.not-fqdn", h->name);
}

static struct helo
helo_read(struct check_run *run)
{
	struct helo h = { .text = slice_trim(run->subject->helo) };
	struct ip bare;

	if (h.text.n > 0 && h.text.p[0] == '[')
		read_literal(run, &h);
	else if (ip_parse(h.text, &bare))
		problem(run, "helo.bare-ip", h.text);
	else
		read_name(run, &h);
	return h;
}

/* ---- what it leads to -------------------------------------------------- */

static void
helo_address_list(struct check_run *run, const struct addresses *a)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < a->n; i++)
		(void)json_array_append_new(list,
		    check_json(ip_text(run->arena, &a->ips[i])));
	(void)json_object_set_new(run->facts, "addresses", list);
}

static void
helo_addresses(struct check_run *run, const struct helo *h)
{
	struct addresses a = check_ask_addresses(run, h->name);
	bool known = a.seen == SEEN_ANSWERED || a.seen == SEEN_ABSENT;
	struct slice what;

	if (a.waiting)
		return;
	what = arena_slicef(run->arena, "%.*s A and AAAA", SLICE_FMT(h->name));
	if (known || a.n > 0)
		check_fact_bool(run->facts, "resolves", a.n > 0);
	else
		check_gap(run, "resolves", a.cause, what);
	if (known && a.n == 0)
		problem(run, "helo.unresolvable", h->name);
	if (!known)
		check_gap(run, "addresses", a.cause, what);
	else if (a.cut)
		check_gap(run, "addresses", CAUSE_LIMIT, what);
	else
		helo_address_list(run, &a);
}

/* Of several IPs: one that is not held settles it, one unknown unsettles. */
static void
helo_matches_ip(struct check_run *run, const struct helo *h)
{
	const struct subject *s = run->subject;
	const struct answer *lost = NULL, *why;
	struct slice lost_what = SLICE_NONE;
	bool mismatch = false;
	size_t i;

	for (i = 0; i < s->n_ips; i++) {
		switch (reverse_holds(run, h->name, &s->ips[i], &why)) {
		case HOLDS_NO:
			mismatch = true;
			break;
		case HOLDS_UNKNOWN:
			lost = why;
			lost_what = reverse_forward_question(run->arena,
			    h->name, &s->ips[i]);
			break;
		case HOLDS_WAITING:
		case HOLDS_YES:
			break;
		}
	}
	if (!mismatch && lost != NULL) {
		check_gap_answer(run, "matches_ip", lost, lost_what);
		return;
	}
	check_fact_bool(run->facts, "matches_ip", !mismatch);
	if (mismatch)
		problem(run, "helo.mismatch", h->name);
}

static bool
reverse_has(const struct reverse *r, struct slice name)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (slice_eq_nocase(r->names[i], name))
			return true;
	return false;
}

static enum rc
helo_matches_ptr(struct check_run *run, const struct helo *h)
{
	const struct subject *s = run->subject;
	const struct answer *lost = NULL;
	struct slice lost_what = SLICE_NONE;
	bool mismatch = false;
	size_t i;

	for (i = 0; i < s->n_ips; i++) {
		struct reverse r;
		enum rc rc = reverse_ask(run, &s->ips[i], &r);

		if (rc)
			return rc;
		if (r.answer == NULL)
			continue;
		if (!answer_known(r.answer)) {
			lost = r.answer;
			lost_what = reverse_question(run->arena, &s->ips[i]);
		} else if (!reverse_has(&r, h->name)) {
			mismatch = true;
		}
	}
	if (!mismatch && lost != NULL)
		check_gap_answer(run, "matches_ptr", lost, lost_what);
	else
		check_fact_bool(run->facts, "matches_ptr", !mismatch);
	return RC_OK;
}

/* ---- the three kinds --------------------------------------------------- */

static bool
ips_known(struct check_run *run, const char *fact)
{
	if (run->subject->n_ips > 0)
		return true;
	check_gap(run, fact, CAUSE_NEEDS_IP,
	    SLICE_LIT("the sending IP is not known"));
	return false;
}

static enum rc
judge_name(struct check_run *run, const struct helo *h)
{
	check_fact_null(run->facts, "literal_matches_ip");
	helo_addresses(run, h);
	if (ips_known(run, "matches_ip"))
		helo_matches_ip(run, h);
	return ips_known(run, "matches_ptr") ? helo_matches_ptr(run, h) : RC_OK;
}

static void
judge_literal(struct check_run *run, const struct helo *h)
{
	const struct subject *s = run->subject;
	bool matches = true;
	size_t i;

	if (!ips_known(run, "literal_matches_ip")) {
		(void)ips_known(run, "matches_ip");
		return;
	}
	for (i = 0; i < s->n_ips; i++)
		matches = matches && ip_eq(&h->ip, &s->ips[i]);
	check_fact_bool(run->facts, "literal_matches_ip", matches);
	check_fact_bool(run->facts, "matches_ip", matches);
	if (!matches)
		problem(run, "helo.literal-mismatch", h->text);
}

static void
judge_nothing(struct check_run *run)
{
	check_fact_null(run->facts, "literal_matches_ip");
	check_fact_bool(run->facts, "matches_ip", false);
}

static enum rc
helo_run(struct check_run *run)
{
	enum rc rc = RC_OK;
	struct helo h;

	if (run->subject->helo.p == NULL) {
		check_gap(run, "", CAUSE_NEEDS_HELO,
		    SLICE_LIT("what the sender says in EHLO is not known"));
		return RC_OK;
	}
	(void)json_object_set_new(run->facts, "problems", json_array());
	h = helo_read(run);
	check_fact_text(run->facts, "name", run->subject->helo);
	check_fact_bool(run->facts, "literal", h.literal);
	check_fact_bool(run->facts, "fqdn", h.fqdn);
	if (h.fqdn)
		check_fact_text(run->facts, "host", h.name);
	else
		check_fact_null(run->facts, "host");
	if (h.name.n > 0) {
		rc = judge_name(run, &h);
	} else {
		check_fact_null(run->facts, "resolves");
		(void)json_object_set_new(run->facts, "addresses",
		    json_array());
		check_fact_bool(run->facts, "matches_ptr", false);
		if (h.literal)
			judge_literal(run, &h);
		else
			judge_nothing(run);
	}
	if (!rc && arena_failed(run->arena))
		rc = RC_LIMIT;
	return rc;
}

const struct check check_helo = {
	.name = "helo",
	.summary = "the name the sender says in EHLO",
	.standards = "RFC 5321 2.3.5, 4.1.1.1, 4.1.3",
	.facts = helo_facts,
	.run = helo_run,
};
