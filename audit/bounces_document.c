#include "audit/bounces_document.h"

#include "base/civil.h"
#include "base/limits.h"
#include "bounces/log.h"
#include "checks/check.h"

/* A log of one day is shown by the hour. */
enum { HOUR = 3600, HOURS_SHOWN = 36 };

/* ---- parts ------------------------------------------------------------- */

static json_t *
moment(int64_t seconds)
{
	char text[CIVIL_TEXT_MAX];

	civil_rfc3339_format(seconds, text);
	return json_string(text);
}

static json_t *
day(int64_t seconds)
{
	char text[CIVIL_TEXT_MAX];

	civil_rfc3339_format(seconds, text);
	return json_stringn(text, sizeof("2026-11-21") - 1);
}

static void
set(json_t *o, const char *key, json_t *value)
{
	(void)json_object_set_new(o, key, value);
}

static void
set_count(json_t *o, const char *key, uint64_t n)
{
	set(o, key, json_integer((json_int_t)n));
}

static json_t *
provider_of(const struct bounce_provider *p)
{
	return p != NULL ? check_json(p->name) : json_string("other");
}

static void
set_codes(json_t *o, unsigned int code, bool has, const uint16_t status[3])
{
	if (code > 0)
		set(o, "reply", json_sprintf("%u", code));
	if (has)
		set(o, "status",
		    json_sprintf("%u.%u.%u", status[0], status[1], status[2]));
}

static const char *
kind_name(unsigned int kind)
{
	return kind == ATTEMPT_DEFERRED  ? "deferred"
	       : kind == ATTEMPT_BOUNCED ? "bounced"
					 : "delivered";
}

static json_t *
rules_of(const struct bounce_pattern *p)
{
	json_t *list = json_array();

	for (size_t i = 0; p != NULL && i < p->n_rules; i++)
		(void)json_array_append_new(list, check_json(p->rules[i]));
	return list;
}

/* ---- inputs ------------------------------------------------------------ */

/* Of the logs of one input the one that most lines are of. */
static const char *
format_of(const struct input *in, const struct input_count *c)
{
	enum log_format best = LOG_NONE;

	if (in->format == NULL)
		return "unknown";
	if (strcmp(in->format->name, "log") != 0)
		return in->format->name;
	for (unsigned int i = LOG_NONE + 1; i < LOG_FORMATS; i++) {
		if (i != LOG_OTHER && c->of[i] > c->of[best])
			best = (enum log_format)i;
	}
	if (best == LOG_NONE && c->of[LOG_OTHER] > 0)
		best = LOG_OTHER;
	return log_format_name(best);
}

static void
set_some(json_t *o, const char *key, uint64_t n)
{
	if (n > 0)
		set_count(o, key, n);
}

/* Where a limit was reached, and what was not read. */
static void
set_cuts(json_t *o, const struct input *in, const struct input_count *c)
{
	json_t *cut = json_object();

	for (unsigned int i = 0; i < CUTS; i++)
		set_some(cut, cut_name((enum cut)i),
		    c->cut[i] + (i == CUT_LENGTH ? in->too_long : 0));
	set_some(o, "cut_records", in->too_long + c->cut_records);
	if (json_object_size(cut) > 0)
		set(o, "cut", json_incref(cut));
	json_decref(cut);
	set_some(o, "cut_replies", c->cut_replies);
}

static json_t *
input_json(const struct input *in, const struct input_count *c)
{
	json_t *o = json_object();

	set(o, "file", check_json(in->name));
	set(o, "format", json_string(format_of(in, c)));
	set_count(o, "bytes", in->bytes);
	set_count(o, "lines", c->lines);
	set_count(o, "attempts", c->delivered + c->failed);
	set_count(o, "failed", c->failed);
	set_count(o, "unrecognised_lines", c->unrecognised);
	set_cuts(o, in, c);
	if (c->guessed_year)
		set(o, "year_guessed", json_true());
	if (c->future)
		set(o, "later_than_now", json_true());
	if (in->error.n > 0)
		set(o, "error", check_json(in->error));
	return o;
}

static json_t *
inputs_json(const struct bounce_result *r)
{
	static const struct input_count none;
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_inputs; i++) {
		const struct input_count *c =
		    i < r->n_counts ? &r->counts[i] : &none;

		(void)json_array_append_new(list, input_json(r->inputs[i], c));
	}
	return list;
}

static json_t *
totals_json(const struct bounce_result *r)
{
	const struct tally *t = &r->tally;
	uint64_t lines = 0, unrecognised = 0;
	json_t *o = json_object();

	for (size_t i = 0; i < r->n_counts; i++) {
		lines += r->counts[i].lines;
		unrecognised += r->counts[i].unrecognised;
	}
	set_count(o, "delivered", t->counts[ATTEMPT_DELIVERED]);
	set_count(o, "deferred", t->counts[ATTEMPT_DEFERRED]);
	set_count(o, "bounced", t->counts[ATTEMPT_BOUNCED]);
	set_count(o, "lines", lines);
	set_count(o, "unrecognised_lines", unrecognised);
	set_count(o, "undated", t->undated);
	return o;
}

/* ---- clusters ---------------------------------------------------------- */

static void
set_domains(json_t *o, const struct cluster *c, struct arena *a)
{
	size_t n;
	const struct domain_count **all = cluster_domains(c, a, &n);
	uint64_t others = c->other_domains;
	json_t *domains = json_object();

	for (size_t i = 0; all != NULL && i < n; i++) {
		json_t *name;

		if (i >= LIMIT_SHOWN_DOMAINS) {
			others += all[i]->count;
			continue;
		}
		name = check_json(all[i]->domain);
		set_count(domains, json_string_value(name), all[i]->count);
		json_decref(name);
	}
	set(o, "sender_domains", domains);
	if (others > 0)
		set_count(o, "other_sender_domains", others);
}

/* What was met when there were as many clusters as there may be. */
static void
set_rest(json_t *o)
{
	set(o, "rest", json_true());
	set(o, "title",
	    json_sprintf("Other replies: there are more than %d kinds of them",
		LIMIT_CLUSTERS));
	set(o, "fix",
	    json_string("Read a part of the logs, by --since and --until or "
			"by --sender-domain, to tell these apart."));
}

static void
set_pattern(json_t *o, const struct bounce_pattern *p)
{
	if (p == NULL) {
		set(o, "title", json_string("No bounce pack knows this reply"));
		set(o, "fix",
		    json_string("Read the sample; presend bounces "
				"--unclassified lists such replies."));
		return;
	}
	set(o, "title", check_json(p->title));
	if (p->fix.n > 0)
		set(o, "fix", check_json(p->fix));
	set(o, "pattern", check_json(p->id));
	set(o, "source", check_json(p->source));
}

static void
set_recipients(json_t *o, const struct cluster *c)
{
	bool estimated;
	uint64_t n = distinct_count(&c->recipients, &estimated);

	set_count(o, "recipients", n);
	if (estimated)
		set(o, "recipients_estimated", json_true());
}

/* Whom the first reply says that it refuses. */
static void
set_identity(json_t *o, const struct bounces *packs, const struct cluster *c)
{
	const struct bounce_class class = { .pattern = c->key.pattern,
		.provider = c->key.provider,
		.reason = cluster_reason(c) };
	struct bounce_identity identity;
	json_t *all = json_object();

	bounce_identify(packs, &class, c->text, &identity);
	for (size_t i = 0; i < BOUNCE_IDENTITIES; i++) {
		if (identity.values[i].n > 0)
			set(all,
			    bounce_identity_name((enum bounce_identity_kind)i),
			    check_json(identity.values[i]));
	}
	if (json_object_size(all) > 0)
		set(o, "identity", all);
	else
		json_decref(all);
}

static json_t *
cluster_json(const struct bounces *packs, const struct tally *t,
    const struct cluster *c, struct arena *a)
{
	json_t *o = json_object();

	set(o, "provider", provider_of(c->key.provider));
	set_codes(o, c->key.code, c->key.has_enhanced, c->key.enhanced);
	set(o, "reason", json_string(bounce_reason_name(cluster_reason(c))));
	set(o, "rules", rules_of(c->key.pattern));
	set(o, "kind", json_string(kind_name(c->key.kind)));
	set_count(o, "count", c->count);
	set_recipients(o, c);
	set_domains(o, c, a);
	if (c->times.dated) {
		set(o, "first", moment(c->times.first));
		set(o, "last", moment(c->times.last));
	}
	set(o, "sample", check_json(c->sample));
	if (c->text.n > 0)
		set(o, "text", check_json(c->text));
	if (c->sample_cut)
		set(o, "sample_cut", json_true());
	set_identity(o, packs, c);
	if (c == t->rest)
		set_rest(o);
	else
		set_pattern(o, c->key.pattern);
	return o;
}

static json_t *
clusters_json(const struct bounces *packs, const struct tally *t,
    struct arena *a)
{
	size_t n;
	const struct cluster **all = tally_clusters(t, a, &n);
	json_t *list = json_array();

	for (size_t i = 0; all != NULL && i < n; i++)
		(void)json_array_append_new(list,
		    cluster_json(packs, t, all[i], a));
	return list;
}

/* ---- time -------------------------------------------------------------- */

static json_t *
step_json(const struct hour *h, const char *key, json_t *when, uint64_t count)
{
	json_t *o = json_object();

	set(o, key, when);
	set(o, "provider", provider_of(h->key.provider));
	set(o, "reason",
	    json_string(bounce_reason_name((enum bounce_reason)h->key.reason)));
	set_count(o, "count", count);
	return o;
}

static json_t *
hours_json(const struct hour *const *all, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(list,
		    step_json(all[i], "hour", moment(all[i]->key.hour * HOUR),
			all[i]->count));
	return list;
}

static json_t *
days_json(const struct tally *t, struct arena *a)
{
	size_t n;
	const struct hour **all = tally_days(t, a, &n);
	json_t *list = json_array();

	for (size_t i = 0; all != NULL && i < n; i++)
		(void)json_array_append_new(list,
		    step_json(all[i], "day", day(all[i]->key.hour * HOUR),
			all[i]->count));
	return list;
}

static void
set_times(json_t *doc, const struct tally *t, struct arena *a)
{
	size_t n;
	const struct hour **all = tally_hours(t, a, &n);

	if (all == NULL)
		n = 0;
	set(doc, "days", days_json(t, a));
	if (n > 0 && all[n - 1]->key.hour - all[0]->key.hour < HOURS_SHOWN)
		set(doc, "hours", hours_json(all, n));
}

static json_t *
unclassified_json(const struct tally *t, struct arena *a)
{
	size_t n;
	const struct unknown_text **all = tally_unknown(t, a, &n);
	json_t *list = json_array();

	for (size_t i = 0; all != NULL && i < n; i++) {
		json_t *o = json_object();

		set(o, "text", check_json(all[i]->gist));
		set_count(o, "count", all[i]->count);
		set(o, "provider", provider_of(all[i]->provider));
		if (all[i]->code > 0)
			set(o, "reply", json_sprintf("%u", all[i]->code));
		set(o, "sample", check_json(all[i]->sample));
		if (all[i]->sample_cut)
			set(o, "sample_cut", json_true());
		(void)json_array_append_new(list, o);
	}
	return list;
}

json_t *
bounces_document(const struct bounce_job *j, const struct bounce_result *r,
    struct arena *a)
{
	const struct tally *t = &r->tally;
	json_t *doc = json_pack("{s:s,s:s}", "schema", BOUNCES_SCHEMA,
	    "generator", "presend " PACKAGE_VERSION);

	if (doc == NULL)
		return NULL;
	set(doc, "inputs", inputs_json(r));
	set(doc, "totals", totals_json(r));
	set(doc, "clusters", clusters_json(j->packs, t, a));
	set_times(doc, t, a);
	if (j->unknown)
		set(doc, "unclassified", unclassified_json(t, a));
	set_some(doc, "unclassified_lost", t->unknown_lost);
	set_some(doc, "times_lost", t->hours_lost);
	if (r->senders_lost)
		set(doc, "senders_lost", json_true());
	return doc;
}

/* ---- events ------------------------------------------------------------ */

static void
set_text(json_t *o, const char *key, struct slice s)
{
	if (s.p != NULL)
		set(o, key, check_json(s));
}

json_t *
bounces_event(const struct input *in, const struct attempt *a)
{
	json_t *o = json_object();

	if (a->time.kind == MOMENT_FULL)
		set(o, "time", moment(a->time.seconds));
	set_text(o, "queue_id", a->queue_id);
	set_text(o, "sender", a->sender);
	set_text(o, "recipient", a->recipient);
	set(o, "provider", provider_of(a->class.provider));
	set_text(o, "host", a->host);
	set_text(o, "ip", a->ip);
	set_codes(o, a->code, a->has_enhanced, a->enhanced);
	set(o, "kind", json_string(kind_name(a->kind)));
	set(o, "reason", json_string(bounce_reason_name(a->class.reason)));
	set(o, "rules", rules_of(a->class.pattern));
	set_text(o, "text", a->text);
	if (a->cut)
		set(o, "reply_cut", json_true());
	set_text(o, "file", in->name);
	set_count(o, "line", a->line);
	return o;
}
