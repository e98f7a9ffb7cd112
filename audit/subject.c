#include "audit/subject.h"

#include "audit/zones.h"
#include "base/domain.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "checks/zone/zone_needs.h"
#include "message/address.h"
#include "message/trace.h"

/* Of a value from outside that is repeated, in octets. */
enum { SHOWN_MAX = 1000 };

/* What is gathered on the way to a subject. */
struct gathering {
	const struct subject_common *common;
	struct input *input;
	struct audit *audit;
	struct slice from; /* the From field's first address, for the report */
	struct last_hop hop; /* found: the message has been received */
};

static enum rc
fail(struct gathering *g, const char *what)
{
	struct arena *a = g->audit->arena;
	struct slice where = g->input->file != NULL ? slice_str(g->input->file)
						    : g->input->domain;

	g->audit->error = arena_printf(a, "%.*s: %s", SLICE_FMT(where), what);
	return g->audit->error != NULL ? RC_OK : RC_NOMEM;
}

/* ---- the parts --------------------------------------------------------- */

static enum rc
take_message(struct gathering *g)
{
	struct audit *a = g->audit;
	enum rc rc;

	a->octets = g->input->owned;
	if (g->input->octets.p == NULL)
		return RC_OK;
	if (g->input->octets.n == 0)
		return fail(g, "is empty");
	rc = message_parse(a->arena, g->input->octets, &a->message);
	if (rc)
		return rc;
	a->subject.message = &a->message;
	return last_hop_find(a->arena, &a->message, &g->hop);
}

/* The first address in From; SLICE_NONE when there is none to read. */
static enum rc
take_from(struct gathering *g, struct slice *domain)
{
	struct arena *a = g->audit->arena;
	const struct field *f = message_field(&g->audit->message, "From", 0);
	struct address_list list;
	enum rc rc;

	*domain = SLICE_NONE;
	if (g->audit->subject.message == NULL || f == NULL)
		return RC_OK;
	rc = address_list_parse(a, f->value, &list);
	if (rc || list.n == 0)
		return rc;
	*domain = list.mailboxes[0].domain;
	g->from = arena_slicef(a, "%.*s@%.*s",
	    SLICE_FMT(list.mailboxes[0].local), SLICE_FMT(*domain));
	return arena_failed(a) ? RC_NOMEM : RC_OK;
}

static enum rc
take_domain(struct gathering *g)
{
	struct subject *s = &g->audit->subject;
	enum domain_fault fault;
	struct slice from;
	enum rc rc;

	rc = take_from(g, &from);
	if (rc)
		return rc;
	s->domain = g->input->domain;
	if (s->domain.n > 0)
		return RC_OK;
	if (from.n == 0)
		return fail(g,
		    "has no From address that can be read; name the DOMAIN");
	fault = domain_canonical(g->audit->arena, from, &s->domain);
	if (fault == DOMAIN_FINE)
		return RC_OK;
	return fail(g, "the domain in From is none; name the DOMAIN");
}

static enum rc
take_ips(struct gathering *g)
{
	const struct settings *set = g->common->settings;
	struct subject *s = &g->audit->subject;
	struct ip *ip;

	s->ips_named = g->input->row.n_ips > 0 || set->ips.n > 0;
	s->unsubscribe = set->probe_unsubscribe;
	s->authoritative = set->authoritative;
	if (g->input->row.n_ips > 0) {
		s->ips = g->input->row.ips;
		s->n_ips = g->input->row.n_ips;
	} else if (set->ips.n > 0) {
		s->ips = set->ips.items;
		s->n_ips = set->ips.n;
	} else if (g->hop.found && g->hop.hop.ip.family != 0) {
		ip = arena_new_of(g->audit->arena, struct ip, 1);
		if (ip == NULL)
			return RC_NOMEM;
		*ip = g->hop.hop.ip;
		s->ips = ip;
		s->n_ips = 1;
	}
	return RC_OK;
}

static enum rc
take_zone(struct gathering *g)
{
	const struct subject_common *c = g->common;
	struct subject *s = &g->audit->subject;
	struct arena *a = g->audit->arena;
	struct slice error = SLICE_NONE;
	enum rc rc;

	if (c->zones == NULL || c->settings->expect_zones.n == 0)
		return RC_OK;
	rc = zones_find(c->zones, s->domain, c->alone, &s->zone, &error);
	if (rc == RC_INVALID)
		g->audit->error = arena_printf(a, "%.*s", SLICE_FMT(error));
	if (rc == RC_INVALID)
		return g->audit->error != NULL ? RC_OK : RC_NOMEM;
	/* Of several domains some may have no file. */
	if (rc || s->zone != NULL || !c->alone)
		return rc;
	return fail(g,
	    arena_printf(a,
		"no zone of --expect-zone has the domain %.*s: %.*s",
		SLICE_FMT(s->domain), SLICE_FMT(zones_text(c->zones, a))));
}

/* The octets before the next blank or semicolon, which are taken off. */
static struct slice
take_word(struct slice *rest)
{
	struct slice all = *rest;
	size_t n = 0;

	while (n < all.n && !ascii_is_space(all.p[n]) && all.p[n] != ';')
		n++;
	*rest = slice_from(all, n + 1);
	return slice_sub(all, 0, n);
}

/* Of "s1._domainkey.example.com" it is "s1". */
static void
add_selector(struct subject *s, struct slice *selectors, struct slice word)
{
	size_t end = slice_find_nocase(word, SLICE_LIT("._domainkey"));

	if (end != SIZE_MAX)
		word = slice_sub(word, 0, end);
	if (word.n > 0)
		selectors[s->n_selectors++] = word;
}

/* Those whose keys the sender believes to be published. */
static void
add_zone_selectors(struct subject *s, struct slice *selectors)
{
	const struct zone_record *r = s->zone != NULL ? s->zone->first : NULL;
	size_t end = s->n_selectors + LIMIT_DKIM_SELECTORS;

	for (; r != NULL && s->n_selectors < end; r = r->next) {
		struct slice one = zone_selector(r->rr.owner, s->domain);
		bool there = r->rr.type != DNS_TXT && r->rr.type != DNS_CNAME;

		for (size_t i = 0; i < s->n_selectors; i++)
			there = there || slice_eq_nocase(selectors[i], one);
		if (!there)
			add_selector(s, selectors, one);
	}
}

static enum rc
take_selectors(struct gathering *g)
{
	const struct string_list *all = &g->common->settings->selectors;
	struct slice rest = slice_str(g->input->row.selector);
	struct subject *s = &g->audit->subject;
	struct slice *selectors = arena_new_of(g->audit->arena, struct slice,
	    rest.n + all->n + LIMIT_DKIM_SELECTORS + 1);

	if (selectors == NULL)
		return RC_NOMEM;
	s->selectors = selectors;
	if (rest.n == 0)
		for (size_t i = 0; i < all->n; i++)
			add_selector(s, selectors, slice_str(all->items[i]));
	while (rest.n > 0)
		add_selector(s, selectors, take_word(&rest));
	add_zone_selectors(s, selectors);
	return RC_OK;
}

static void
take_helo(struct gathering *g)
{
	const struct settings *set = g->common->settings;
	struct subject *s = &g->audit->subject;

	if (g->input->row.helo != NULL)
		s->helo = slice_str(g->input->row.helo);
	else if (set->helo != NULL)
		s->helo = slice_str(set->helo);
	else if (g->hop.found)
		s->helo = g->hop.hop.from;
}

/*
 * At the last "@"; false when there is none.  What stands behind it need not
 * be a domain: RFC 7208 4.3 has an answer to that, and so has what is checked.
 */
static bool
split_mail_from(struct arena *a, struct subject *s)
{
	struct slice domain;
	size_t at = s->mail_from.n;

	while (at > 0 && s->mail_from.p[at - 1] != '@')
		at--;
	if (at == 0)
		return false;
	s->mail_from_local = slice_sub(s->mail_from, 0, at - 1);
	s->mail_from_raw_domain = slice_from(s->mail_from, at);
	if (domain_canonical(a, s->mail_from_raw_domain, &domain) ==
	    DOMAIN_FINE)
		s->mail_from_domain = domain;
	return true;
}

/* RFC 5321 4.1.2: not even a quoted string may hold one. */
static bool
has_control(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	}
	return false;
}

static enum rc
take_mail_from(struct gathering *g)
{
	const struct settings *set = g->common->settings;
	struct subject *s = &g->audit->subject;
	struct arena *a = g->audit->arena;

	if (g->input->row.mail_from != NULL)
		s->mail_from = slice_str(g->input->row.mail_from);
	else if (set->mail_from != NULL)
		s->mail_from = slice_str(set->mail_from);
	else if (g->hop.has_mail_from && g->hop.null_sender)
		s->mail_from = SLICE_LIT("");
	else if (g->hop.has_mail_from)
		s->mail_from = g->hop.mail_from;
	else
		s->mail_from =
		    arena_slicef(a, "postmaster@%.*s", SLICE_FMT(s->domain));
	/* As it stands in MAIL FROM:<...>; "<>" is the null sender. */
	if (s->mail_from.n >= 2 && s->mail_from.p[0] == '<' &&
	    s->mail_from.p[s->mail_from.n - 1] == '>')
		s->mail_from = slice_sub(s->mail_from, 1, s->mail_from.n - 2);
	if (s->mail_from.n == 0 ||
	    (!has_control(s->mail_from) && split_mail_from(a, s)))
		return RC_OK;
	return fail(g,
	    arena_printf(a, "the envelope sender '%.*s' is not an address",
		SLICE_FMT(slice_sub(s->mail_from, 0, SHOWN_MAX))));
}

/* ---- the description --------------------------------------------------- */

static void
put(json_t *o, const char *key, struct slice s)
{
	if (s.p == NULL)
		(void)json_object_set_new(o, key, json_null());
	else
		(void)json_object_set_new(o, key, check_json(s));
}

/* A field may have megabytes; here it is to recognise the message by. */
static void
put_shown(json_t *o, const char *key, struct arena *a, struct slice s)
{
	size_t n = SHOWN_MAX;

	if (s.n <= SHOWN_MAX) {
		put(o, key, s);
		return;
	}
	while (n > 0 && (s.p[n] & 0xc0) == 0x80)
		n--;
	put(o, key,
	    arena_slicef(a, "%.*s... (%zu octets)",
		SLICE_FMT(slice_sub(s, 0, n)), s.n));
}

static void
put_field(json_t *o, const char *key, struct audit *a, const char *name)
{
	const struct field *f = message_field(&a->message, name, 0);

	put_shown(o, key, a->arena,
	    f != NULL ? field_text(a->arena, f) : SLICE_NONE);
}

static void
put_sha256(json_t *o, struct slice octets)
{
	char text[SHA256_TEXT];

	sha256_of(octets, text);
	(void)json_object_set_new(o, "sha256", json_string(text));
}

static json_t *
describe_message(struct gathering *g)
{
	struct slice file = slice_str(g->input->file);
	json_t *o = json_object();

	put(o, "file", file);
	put_sha256(o, g->input->octets);
	(void)json_object_set_new(o, "bytes",
	    json_integer((json_int_t)g->input->octets.n));
	put_shown(o, "from", g->audit->arena, g->from);
	put_field(o, "subject", g->audit, "Subject");
	put_field(o, "message_id", g->audit, "Message-ID");
	return o;
}

static void
describe(struct gathering *g)
{
	const struct settings *set = g->common->settings;
	const struct subject *s = &g->audit->subject;
	json_t *o = json_object(), *ips = json_array();
	char text[IP_TEXT_MAX];

	put(o, "domain", s->domain);
	for (size_t i = 0; i < s->n_ips; i++) {
		ip_format(&s->ips[i], text);
		(void)json_array_append_new(ips, json_string(text));
	}
	(void)json_object_set_new(o, "ips", ips);
	if (s->helo.n > 0)
		put(o, "helo", s->helo);
	if (s->mail_from.n > 0)
		put(o, "mail_from", s->mail_from);
	else if (s->mail_from.p != NULL) /* the null sender */
		(void)json_object_set_new(o, "mail_from", json_null());
	(void)json_object_set_new(o, "audience",
	    json_string(audience_name(set->audience)));
	(void)json_object_set_new(o, "class",
	    json_string(mail_class_name(set->class)));
	if (s->message != NULL)
		(void)json_object_set_new(o, "message", describe_message(g));
	else if (g->input->file != NULL)
		(void)json_object_set_new(o, "message",
		    json_pack("{s:o}", "file",
			check_json(slice_str(g->input->file))));
	else
		(void)json_object_set_new(o, "message", json_null());
	g->audit->described = o;
}

/* The same for the rules, with what only they want. */
static void
set_subject_facts(struct audit *a)
{
	json_t *o = json_copy(a->described);

	put(o, "mail_from_domain", a->subject.mail_from_domain);
	(void)json_object_set_new(o, "has_message",
	    json_boolean(a->subject.message != NULL));
	(void)json_object_set_new(a->facts, "subject", o);
}

static enum rc
gather(struct gathering *g)
{
	struct input *input = g->input;
	struct audit *audit = g->audit;
	enum rc rc = take_message(g);

	if (rc == RC_OK && input->error.n > 0) {
		audit->error = (const char *)input->error.p;
	} else if (rc == RC_OK && audit->error == NULL) {
		rc = take_domain(g);
		if (rc == RC_OK && audit->error == NULL)
			rc = take_zone(g);
		if (rc == RC_OK)
			rc = take_ips(g);
		if (rc == RC_OK)
			rc = take_selectors(g);
		take_helo(g);
		if (rc == RC_OK && audit->error == NULL)
			rc = take_mail_from(g);
	}
	if (rc)
		return rc;
	describe(g);
	set_subject_facts(audit);
	return arena_failed(audit->arena) ? RC_LIMIT : RC_OK;
}

/* What does not fit is one audit that cannot be made, not the end of all. */
static enum rc
give_up(struct gathering *g, const char *why)
{
	struct audit *a = g->audit;

	if (arena_starved(a->arena))
		return RC_NOMEM;
	a->subject = (struct subject){ 0 };
	a->error = why;
	json_decref(a->described);
	json_object_clear(a->facts);
	g->from = SLICE_NONE;
	describe(g);
	return RC_OK;
}

enum rc
subject_build(const struct subject_common *common, struct input *input,
    struct audit *audit)
{
	struct gathering g = {
		.common = common,
		.input = input,
		.audit = audit,
	};
	const char *why = arena_printf(audit->arena,
	    "%s: holds more than is looked at; see LIMITS in the man page",
	    input->file != NULL ? input->file : "the domain");
	enum rc rc;

	if (why == NULL)
		return RC_NOMEM;
	audit->subject.as_of = common->as_of;
	audit->subject.anchors = common->anchors;
	audit->subject.suffixes = common->suffixes;
	audit->subject.dkim_keys = common->dkim_keys;
	audit->subject.spam_rates = common->spam_rates;
	audit->subject.postmaster = common->postmaster;
	audit->subject.blocklists = common->blocklists;
	rc = gather(&g);
	if (rc == RC_LIMIT || (rc == RC_NOMEM && arena_failed(audit->arena)))
		rc = give_up(&g, why);
	return rc;
}
