#include "base/domain.h"
#include "base/limits.h"
#include "base/scripts.h"
#include "checks/check.h"
#include "checks/content.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/html.h"
#include "checks/links.h"
#include "checks/table.h"
#include "message/address.h"

/*
 * Internationalized domains, wherever the mail has one, by the restriction
 * levels of UTS #39 5.2: a name that mixes scripts may imitate another one.
 * Each label is judged by itself: "com" behind a name in Cyrillic letters is no
 * mixture, as browsers have it too.
 */

static const struct fact_doc idn_facts[] = {
	{ "domains", "list",
	    "the domains with letters beyond ASCII, each once; those of "
	    "senders and signatures first" },
	{ "domains[].domain", "text", "as in DNS: xn--..." },
	{ "domains[].shown", "text",
	    "as people read it; null: it cannot be decoded" },
	{ "domains[].roles", "list",
	    "where it stands: from, mail-from, dkim, reply-to, sender, link" },
	{ "domains[].level", "text",
	    "of its label that is worst by UTS #39 5.2: ascii-only, "
	    "single-script, highly-restrictive, moderately-restrictive, "
	    "minimally-restrictive or unrestricted; null: it cannot be "
	    "decoded" },
	{ "domains[].highly_restrictive", "bool",
	    "the level is that one or stricter" },
	{ "complete", "bool",
	    "true: each domain of the mail was looked at; else absent" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "text",
	    "stable: idn.mixed-scripts, idn.characters, idn.undecodable" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

enum role {
	ROLE_FROM,
	ROLE_MAIL_FROM,
	ROLE_DKIM,
	ROLE_REPLY_TO,
	ROLE_SENDER,
	ROLE_LINK,
	ROLES,
};

static const char *const role_names[ROLES] = { "from", "mail-from", "dkim",
	"reply-to", "sender", "link" };

struct idn_domain {
	struct slice domain; /* canonical */
	unsigned int roles;  /* 1 << enum role */
};

struct idn {
	struct check_run *run;
	struct idn_domain list[LIMIT_IDN_DOMAINS];
	size_t n;
	enum cause cause; /* why not all were looked at; or CAUSE_NONE */
	const char *why;
};

static void
not_all(struct idn *d, enum cause cause, const char *why)
{
	if (d->cause != CAUSE_NONE)
		return;
	d->cause = cause;
	d->why = why;
}

/* ---- which there are --------------------------------------------------- */

static bool
is_international(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] >= 0x80)
			return true;
	}
	return slice_find_nocase(text, SLICE_LIT("xn--")) != SIZE_MAX;
}

/* What is no domain name is for other checks to say. */
static void
take(struct idn *d, struct slice text, enum role role)
{
	struct slice domain;
	size_t i = 0;

	if (!is_international(text) ||
	    domain_canonical(d->run->arena, text, &domain) != DOMAIN_FINE)
		return;
	while (i < d->n && !slice_eq(d->list[i].domain, domain))
		i++;
	if (i == LIMIT_IDN_DOMAINS) {
		not_all(d, CAUSE_LIMIT,
		    "the mail has more such domains than are looked at");
		return;
	}
	if (i == d->n)
		d->list[d->n++] = (struct idn_domain){ .domain = domain };
	d->list[i].roles |= 1u << role;
}

static enum rc
take_addresses(struct idn *d, const char *name, enum role role)
{
	const struct field *f =
	    message_field(d->run->subject->message, name, 0);
	struct address_list l = { 0 };
	enum rc rc;

	if (f == NULL)
		return RC_OK;
	rc = address_list_parse(d->run->arena, f->value, &l);
	for (size_t i = 0; rc == RC_OK && i < l.n; i++) {
		if (!l.mailboxes[i].literal)
			take(d, l.mailboxes[i].domain, role);
	}
	return rc;
}

static enum rc
take_signatures(struct idn *d)
{
	const struct dkim_verdicts *v;
	enum rc rc = dkim_verify(d->run, &v);

	if (rc || v == NULL)
		return rc;
	for (size_t i = 0; i < v->n; i++)
		take(d, v->all[i].domain, ROLE_DKIM);
	if (v->cut)
		not_all(d, CAUSE_LIMIT,
		    "the sample has more signatures than are looked at");
	return RC_OK;
}

static enum rc
take_plain(struct idn *d, const struct mime_part *part)
{
	struct slice text, rest, line, uri;
	bool cut;
	enum rc rc = mime_text(d->run->arena, part, LIMIT_HTML, &text, &cut);

	if (rc)
		return rc;
	if (cut)
		not_all(d, CAUSE_LIMIT, "the text is longer than one MiB");
	while (slice_line(&text, &line)) {
		if (!is_international(line))
			continue;
		rest = slice_sub(line, 0, LIMIT_TEXT_LINE);
		while ((uri = link_next(&rest)).n > 0)
			take(d, link_host(uri), ROLE_LINK);
	}
	return RC_OK;
}

/* Of HTML and plain text, HTML is what is shown. */
static enum rc
take_links(struct idn *d)
{
	const struct mime *mime = check_mime(d->run);
	const struct body_html *html;
	const struct mime_part *plain;
	enum rc rc = check_html(d->run, &html);

	if (rc || mime == NULL)
		return rc ? rc : RC_LIMIT;
	plain = mime_body(mime, "plain");
	if (html != NULL) {
		for (size_t i = 0; i < html->html.n_links; i++)
			take(d, link_host(html->html.links[i].href), ROLE_LINK);
		if (html->cut != NULL)
			not_all(d, html->cause, html->cut);
	} else if (plain != NULL && (rc = take_plain(d, plain)) != RC_OK) {
		return rc;
	}
	if (mime->too_many || mime->too_deep)
		not_all(d, CAUSE_LIMIT,
		    "the sample has more parts than are looked at");
	return RC_OK;
}

static enum rc
take_message(struct idn *d)
{
	enum rc rc;

	if (d->run->subject->message == NULL) {
		not_all(d, CAUSE_NEEDS_MESSAGE,
		    "links, signatures and the other headers show in a sample "
		    "message only");
		return RC_OK;
	}
	rc = take_signatures(d);
	if (!rc)
		rc = take_addresses(d, "Reply-To", ROLE_REPLY_TO);
	if (!rc)
		rc = take_addresses(d, "Sender", ROLE_SENDER);
	return rc ? rc : take_links(d);
}

/* ---- what they are ----------------------------------------------------- */

struct look {
	bool undecodable;
	bool unknown; /* ICU cannot tell */
	enum scripts_level level;
	struct slice shown;
};

static void
look_at_label(const struct scripts *s, struct arena *a, struct slice label,
    struct look *out)
{
	struct slice shown = domain_label_shown(a, label);
	enum scripts_level level;

	if (shown.p == NULL) {
		out->undecodable = true;
		return;
	}
	out->shown = arena_slicef(a, "%.*s%s%.*s", SLICE_FMT(out->shown),
	    out->shown.n > 0 ? "." : "", SLICE_FMT(shown));
	if (!scripts_level_of(s, shown, &level))
		out->unknown = true;
	else if (level > out->level)
		out->level = level;
}

static void
say(struct idn *d, const struct idn_domain *x, const struct look *l)
{
	struct slice name = x->domain, shown = l->shown;

	if (l->undecodable)
		check_problem(d->run->facts, "problems", "idn.undecodable",
		    arena_slicef(d->run->arena,
			"%.*s begins like an internationalized domain and "
			"cannot be decoded",
			SLICE_FMT(name)));
	else if (l->level == SCRIPTS_UNRESTRICTED)
		check_problem(d->run->facts, "problems", "idn.characters",
		    arena_slicef(d->run->arena,
			"%.*s (%.*s) has characters that no name should have, "
			"or mixes many scripts",
			SLICE_FMT(shown), SLICE_FMT(name)));
	else if (l->level > SCRIPTS_HIGH)
		check_problem(d->run->facts, "problems", "idn.mixed-scripts",
		    arena_slicef(d->run->arena,
			"%.*s (%.*s) mixes letters of several scripts, by "
			"which it may pass for another name",
			SLICE_FMT(shown), SLICE_FMT(name)));
}

static void
tell(struct idn *d, const struct idn_domain *x, const struct look *l, json_t *o)
{
	if (l->undecodable) {
		check_fact_null(o, "shown");
		check_fact_null(o, "level");
	} else {
		check_fact_text(o, "shown", l->shown);
	}
	if (l->unknown && !l->undecodable) {
		check_gap(d->run, "domains[].level", CAUSE_UNSUPPORTED,
		    x->domain);
		return;
	}
	if (!l->undecodable)
		check_fact_text(o, "level",
		    slice_str(scripts_level_name(l->level)));
	check_fact_bool(o, "highly_restrictive",
	    !l->undecodable && l->level <= SCRIPTS_HIGH);
	say(d, x, l);
}

static void
judge(struct idn *d, const struct scripts *s, const struct idn_domain *x,
    json_t *o)
{
	struct look l = { .level = SCRIPTS_ASCII };
	struct slice label, rest = x->domain;
	bool more;

	do {
		more = slice_cut(rest, '.', &label, &rest);
		look_at_label(s, d->run->arena, label, &l);
	} while (more);
	tell(d, x, &l, o);
}

static json_t *
roles_json(unsigned int roles)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ROLES; i++) {
		if ((roles & 1u << i) != 0)
			(void)json_array_append_new(list,
			    json_string(role_names[i]));
	}
	return list;
}

static void
judge_all(struct idn *d)
{
	json_t *list = json_object_get(d->run->facts, "domains");
	struct scripts *s = NULL;
	const char *why = NULL;

	if (d->n > 0)
		s = scripts_open(&why);
	if (why != NULL)
		check_gap(d->run, "domains[]", CAUSE_UNSUPPORTED,
		    slice_str(why));
	for (size_t i = 0; i < d->n; i++) {
		json_t *o = json_object();

		(void)json_array_append_new(list, o);
		check_fact_text(o, "domain", d->list[i].domain);
		(void)json_object_set_new(o, "roles",
		    roles_json(d->list[i].roles));
		if (s != NULL)
			judge(d, s, &d->list[i], o);
	}
	scripts_close(&s);
}

/* ------------------------------------------------------------------------ */

static enum rc
idn_run(struct check_run *run)
{
	struct idn d = { .run = run };
	enum rc rc;

	take(&d, run->subject->domain, ROLE_FROM);
	take(&d, run->subject->mail_from_domain, ROLE_MAIL_FROM);
	rc = take_message(&d);
	if (rc || run->waiting)
		return rc;
	(void)json_object_set_new(run->facts, "domains", json_array());
	(void)json_object_set_new(run->facts, "problems", json_array());
	judge_all(&d);
	if (d.cause == CAUSE_NONE)
		check_fact_bool(run->facts, "complete", true);
	else
		check_gap(run, "complete", d.cause, slice_str(d.why));
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_idn = {
	.name = "idn",
	.summary = "internationalized domains that mix scripts",
	.standards = "UTS #39 5.2, RFC 5891",
	.facts = idn_facts,
	.run = idn_run,
};
