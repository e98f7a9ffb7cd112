#include "audit/beside.h"

#include <string.h>

#include "base/buf.h"

enum { REASON_MAX = 4096 };

/* ---- what is known of a requirement ------------------------------------ */

/*
 * Why Google may see more than we do, and less.  share: the fact that says how
 * much of all mail is right, or NULL.
 */
static const struct requirement {
	const char *name;
	const char *share[2]; /* below "postmaster": "auth", "spf" */
	const char *passes;   /* of that share: "passes SPF" */
	const char *other;    /* what else may be sent */
	const char *most;     /* why ours fails all the same */
} requirements[] = {
	{ "SPF", { "auth", "spf" }, "passes SPF",
	    "another stream (a second mail service, a web server, an old host) "
	    "may send from an address that SPF does not name",
	    NULL },
	{ "DKIM", { "auth", "dkim" }, "passes DKIM",
	    "another stream may send without a signature, or with one that "
	    "breaks on its way",
	    NULL },
	{ "SPF_AND_DKIM", { NULL, NULL }, NULL,
	    "another stream may pass only one of the two", NULL },
	{ "DMARC_POLICY", { NULL, NULL }, NULL,
	    "the record may be new, or another domain of yours in From may "
	    "have none",
	    "the record that we found may have been changed since" },
	{ "DMARC_ALIGNMENT", { "auth", "dmarc" }, "passes DMARC",
	    "another stream may pass for the domain of the service that sends "
	    "it, and not for yours",
	    NULL },
	{ "MESSAGE_FORMATTING", { NULL, NULL }, NULL,
	    "other programs and templates may form messages otherwise", NULL },
	{ "DNS_RECORDS", { NULL, NULL }, NULL,
	    "another sending address may lack a PTR record that leads back to "
	    "it",
	    NULL },
	{ "ENCRYPTION", { "tls", NULL }, "comes by TLS",
	    "another host may send without TLS", NULL },
	{ "USER_REPORTED_SPAM_RATE", { NULL, NULL }, NULL,
	    "other figures than Google's tell less: only Gmail's own users "
	    "count",
	    "one bad day is enough for our rule, and Google's verdict waits "
	    "for more" },
	{ "ONE_CLICK_UNSUBSCRIBE", { NULL, NULL }, NULL,
	    "other messages than this kind may lack the two header fields",
	    "Google looks at what it takes for promotion, and does not say "
	    "whether a signature covers the fields" },
	{ "HONOR_UNSUBSCRIBE", { NULL, NULL }, NULL,
	    "other lists than the one you know of may go on sending",
	    "Google has to see mail to people who unsubscribed before" },
	{ 0 },
};

/* Google's reasons in words. */
static const struct {
	const char *reason;
	const char *text;
} reasons[] = {
	{ "NO_UNSUB_GENERAL",
	    "most of the messages have no one-click unsubscribing" },
	{ "NO_UNSUB_SPAM_REPORTS",
	    "most of the messages that users report as spam have no one-click "
	    "unsubscribing" },
	{ "NO_UNSUB_PROMO_SPAM_REPORTS",
	    "most of the promotional messages that users report as spam have "
	    "no one-click unsubscribing" },
	{ "NOT_HONORING", "mail still goes to people who unsubscribed" },
	{ "NOT_HONORING_TOO_FEW_CAMPAIGNS",
	    "mail still goes to people who unsubscribed, and there are too few "
	    "campaigns that one can leave singly" },
	{ "NOT_HONORING_TOO_MANY_CAMPAIGNS",
	    "mail still goes to people who unsubscribed, and there are too many "
	    "campaigns that each have to be left" },
};

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

/* ---- ours -------------------------------------------------------------- */

struct ours {
	json_t *rules; /* their ids */
	size_t pass, fail, unknown;
};

/* What Gmail's pack demands under that name, and how it came out. */
static void
gather(const json_t *results, const char *requirement, struct ours *out)
{
	const json_t *r;
	size_t i;

	json_array_foreach(results, i, r)
	{
		const char *status = text_of(r, "status");

		if (strcmp(text_of(r, "provider"), "gmail") != 0 ||
		    strcmp(text_of(r, "requirement"), requirement) != 0 ||
		    strcmp(text_of(r, "level"), "must") != 0 ||
		    strcmp(status, "not-applicable") == 0)
			continue;
		out->pass += strcmp(status, "pass") == 0;
		out->fail += strcmp(status, "fail") == 0;
		out->unknown += strcmp(status, "unknown") == 0;
		(void)json_array_append(out->rules, json_object_get(r, "rule"));
	}
}

static json_t *
ours_json(const struct ours *o)
{
	if (o->fail > 0)
		return json_string("fail");
	if (o->unknown > 0)
		return json_string("unknown");
	return o->pass > 0 ? json_string("pass") : json_null();
}

/* ---- why they differ --------------------------------------------------- */

/* "By its count 87 % of it passes DKIM." */
static void
add_share(struct buf *b, const struct requirement *r, const json_t *google)
{
	const json_t *o = google;

	for (size_t i = 0; i < 2 && r->share[i] != NULL; i++)
		o = json_object_get(o, r->share[i]);
	o = json_object_get(o, "percent");
	if (r->share[0] != NULL && json_is_number(o))
		buf_printf(b, " By its count %.4g %% of it %s.",
		    json_number_value(o), r->passes);
}

static const char *
verdict_reason(const struct requirement *r, const json_t *google)
{
	const char *fact =
	    strcmp(r->name, "ONE_CLICK_UNSUBSCRIBE") == 0 ? "one_click"
	    : strcmp(r->name, "HONOR_UNSUBSCRIBE") == 0   ? "honor_unsubscribe"
							  : "";
	const char *reason = text_of(json_object_get(google, fact), "reason");

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (strcmp(reasons[i].reason, reason) == 0)
			return reasons[i].text;
	}
	return NULL;
}

static void
add_looked(struct buf *b, const json_t *subject, const json_t *google)
{
	bool sample = json_is_object(json_object_get(subject, "message"));

	buf_printf(b,
	    "Google looks at all mail of %s over up to seven days, we at %s.",
	    text_of(google, "domain"),
	    sample ? "one message and at DNS as it is now"
		   : "DNS as it is now");
}

/* Google asks for more work, and we saw nothing wrong. */
static void
add_seen_less(struct buf *b, const struct requirement *r, const json_t *google)
{
	const char *why = verdict_reason(r, google);

	if (why != NULL)
		buf_printf(b, " It says that %s.", why);
	add_share(b, r, google);
	buf_printf(b, " So %s.", r->other);
	buf_add_str(b, r->share[0] != NULL
			   ? " The aggregate reports of DMARC (rua) name it."
			   : "");
	buf_add_str(b, " What was mended in the last seven days may not show "
		       "there yet.");
}

/* Google is content, and we found something wrong. */
static void
add_seen_more(struct buf *b, const struct requirement *r, const json_t *google)
{
	add_share(b, r, google);
	if (r->most != NULL)
		buf_printf(b, " And %s.", r->most);
	buf_add_str(b,
	    " Most of the mail may be right, and what we saw not; or our rule "
	    "takes Google's page more strictly than Google does; or it broke "
	    "since. Gmail refuses message by message, so mend it.");
}

static json_t *
reason_json(const struct requirement *r, const json_t *subject,
    const json_t *google, bool content)
{
	json_t *text = NULL;
	struct buf b;

	buf_init(&b, REASON_MAX);
	add_looked(&b, subject, google);
	if (content)
		add_seen_more(&b, r, google);
	else
		add_seen_less(&b, r, google);
	if (!b.failed)
		text = json_stringn((const char *)b.p, b.n);
	buf_free(&b);
	return text != NULL ? text : json_null();
}

/* ---- a row ------------------------------------------------------------- */

static json_t *
row_json(const struct requirement *r, const json_t *subject,
    const json_t *google, const json_t *results)
{
	json_t *theirs =
	    json_object_get(json_object_get(google, "requirements"), r->name);
	const json_t *met =
	    json_object_get(json_object_get(google, "compliant"), r->name);
	struct ours ours = { .rules = json_array() };
	json_t *o = json_object();
	bool differs;

	gather(results, r->name, &ours);
	differs = (json_is_true(met) && ours.fail > 0) ||
		  (json_is_false(met) && ours.pass > 0 &&
		      ours.fail + ours.unknown == 0);
	(void)json_object_set_new(o, "requirement", json_string(r->name));
	(void)json_object_set_new(o, "google",
	    theirs != NULL ? json_incref(theirs) : json_null());
	(void)json_object_set_new(o, "ours", ours_json(&ours));
	(void)json_object_set_new(o, "rules", ours.rules);
	(void)json_object_set_new(o, "differs", json_boolean(differs));
	(void)json_object_set_new(o, "reason",
	    differs ? reason_json(r, subject, google, json_is_true(met))
		    : json_null());
	return o;
}

json_t *
beside_make(const json_t *subject, const json_t *facts, const json_t *results)
{
	const json_t *google = json_object_get(facts, "postmaster");
	json_t *list;

	if (json_object_size(json_object_get(google, "requirements")) == 0)
		return NULL;
	list = json_array();
	for (const struct requirement *r = requirements; r->name != NULL; r++)
		(void)json_array_append_new(list,
		    row_json(r, subject, google, results));
	return list;
}
