#include "audit/bounces_audit.h"

#include <string.h>

#include "audit/collect.h"
#include "audit/views/view.h"

/* Checks whose rules a reason is about, besides those that it names. */
static const struct {
	const char *reason;
	const char *checks[6];
} related[] = {
	{ "authentication",
	    { "spf", "dkim", "dmarc", "zone", "authoritative" } },
	{ "spf", { "spf", "zone", "authoritative" } },
	{ "dkim", { "dkim", "zone", "authoritative" } },
	{ "dmarc", { "dmarc", "spf", "dkim", "zone", "authoritative" } },
	{ "alignment", { "dmarc", "spf", "dkim" } },
	{ "policy", { "dmarc", "spf", "dkim", "zone" } },
	{ "ptr", { "ptr" } },
	{ "helo", { "helo" } },
	{ "tls", { "tls" } },
	{ "format", { "format" } },
	{ "unsubscribe", { "unsubscribe" } },
	{ "blocklist", { "blocklist" } },
};

static bool
is_related(const char *reason, const char *check)
{
	for (size_t i = 0; i < sizeof(related) / sizeof(related[0]); i++) {
		if (strcmp(related[i].reason, reason) != 0)
			continue;
		for (size_t k = 0; k < 6 && related[i].checks[k] != NULL; k++) {
			if (strcmp(related[i].checks[k], check) == 0)
				return true;
		}
	}
	return false;
}

static bool
names(const json_t *rules, const char *id)
{
	const json_t *rule;
	size_t i;

	json_array_foreach(rules, i, rule)
	{
		if (strcmp(json_string_value(rule), id) == 0)
			return true;
	}
	return false;
}

/* ---- what a cluster is told -------------------------------------------- */

/* What of a result a reader of bounces needs. */
static json_t *
short_result(const json_t *r)
{
	static const char *const keys[] = { "rule", "status", "title", "why",
		"fix", "records" };
	json_t *o = json_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *v = json_object_get(r, keys[i]);

		if (v != NULL)
			(void)json_object_set(o, keys[i], v);
	}
	return o;
}

struct sum {
	size_t fail, pass, unknown;
};

static void
add_status(struct sum *s, const char *status)
{
	if (strcmp(status, "fail") == 0)
		s->fail++;
	else if (strcmp(status, "pass") == 0)
		s->pass++;
	else if (strcmp(status, "unknown") == 0)
		s->unknown++;
}

/*
 * The rules that the cluster is about say it; where they cannot, what else of
 * their kind fails does.
 */
static const char *
today_of(const struct sum *named, size_t others_fail)
{
	if (named->fail > 0 || (named->unknown > 0 && others_fail > 0))
		return "still-failing";
	if (named->unknown > 0)
		return "unknown";
	if (named->pass > 0)
		return "mended";
	return others_fail > 0 ? "still-failing" : "unknown";
}

/*
 * A requirement of the same provider that fails, or a record that the sender
 * believes in and nobody sees.
 */
static bool
explains(const json_t *r, const char *reason, const char *provider)
{
	const char *check = view_text_of(r, "check");

	if (strcmp(view_text_of(r, "status"), "fail") != 0 ||
	    !is_related(reason, check))
		return false;
	if (strcmp(view_text_of(r, "provider"), "standards") == 0)
		return strcmp(check, "zone") == 0 ||
		       strcmp(check, "authoritative") == 0;
	return strcmp(view_text_of(r, "provider"), provider) == 0 &&
	       strcmp(view_text_of(r, "level"), "must") == 0;
}

static void
set_today(json_t *cluster, const json_t *results)
{
	const char *reason = view_text_of(cluster, "reason");
	const char *provider = view_text_of(cluster, "provider");
	const json_t *rules = json_object_get(cluster, "rules");
	json_t *list = json_array();
	struct sum named = { 0 };
	size_t others = 0, i;
	const json_t *r;

	json_array_foreach(results, i, r)
	{
		const char *status = view_text_of(r, "status");

		if (names(rules, view_text_of(r, "rule")))
			add_status(&named, status);
		else if (explains(r, reason, provider))
			others++;
		else
			continue;
		(void)json_array_append_new(list, short_result(r));
	}
	if (named.fail + named.pass + named.unknown + others > 0) {
		(void)json_object_set_new(cluster, "today",
		    json_string(today_of(&named, others)));
		(void)json_object_set(cluster, "results", list);
	}
	json_decref(list);
}

/* ---- the audit --------------------------------------------------------- */

/* The first of that name that a reply tells of whom it refuses. */
static const char *
identity_of(const json_t *document, const char *key)
{
	const json_t *cluster;
	size_t i;

	json_array_foreach(json_object_get(document, "clusters"), i, cluster)
	{
		const char *value =
		    view_text_of(json_object_get(cluster, "identity"), key);

		if (value[0] != '\0')
			return value;
	}
	return NULL;
}

/* The settings of bounces as those of an audit of one domain. */
static enum rc
subject_of(const struct settings *s, const json_t *document, struct arena *a,
    struct settings *out)
{
	static const char *everybody[] = { "all" };
	const char *ip = identity_of(document, "ip");
	const char *domain = identity_of(document, "spf_domain");
	const char **one = arena_new_of(a, const char *, 1);
	struct ip *address = arena_new_of(a, struct ip, 1);

	if (one == NULL || address == NULL)
		return RC_NOMEM;
	*out = *s;
	*one = s->audit;
	out->operands = (struct string_list){ .items = one, .n = 1 };
	out->providers = (struct string_list){ .items = everybody, .n = 1 };
	if (s->ips.n == 0 && ip != NULL && ip_parse(slice_str(ip), address))
		out->ips = (struct ip_list){ .items = address, .n = 1 };
	if (s->mail_from == NULL && domain != NULL)
		out->mail_from = arena_printf(a, "postmaster@%s", domain);
	return arena_failed(a) ? RC_NOMEM : RC_OK;
}

static json_t *
summary_of(const json_t *audit)
{
	static const char *const keys[] = { "subject", "verdicts", "gaps",
		"error" };
	json_t *o = json_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *v = json_object_get(audit, keys[i]);

		if (v != NULL)
			(void)json_object_set(o, keys[i], v);
	}
	return o;
}

enum rc
bounces_audit(const struct settings *s, json_t *document, struct arena *a,
    struct slice *error)
{
	json_t *audits = json_array(), *cluster;
	const json_t *audit, *results;
	struct settings subject;
	enum rc rc;
	size_t i;

	if (audits == NULL)
		return RC_NOMEM;
	rc = subject_of(s, document, a, &subject);
	if (rc == RC_OK)
		rc = audit_collect(&subject, a, audits, error);
	audit = json_array_get(audits, 0);
	results = json_object_get(audit, "results");
	if (rc == RC_OK && audit != NULL) {
		(void)json_object_set_new(document, "audit", summary_of(audit));
		json_array_foreach(json_object_get(document, "clusters"), i,
		    cluster) set_today(cluster, results);
	}
	json_decref(audits);
	return rc;
}
