#include "checks/postmaster/postmaster_facts.h"

#include "base/buf.h"

/* ---- the status -------------------------------------------------------- */

static const struct {
	const char *theirs;
	const char *ours;
} states[] = {
	{ "COMPLIANT", "compliant" },
	{ "NEEDS_WORK", "needs-work" },
	{ "STATE_UNSPECIFIED", "unspecified" },
};

/* A word that is new to us stays as it is. */
static struct slice
state_of(struct slice theirs)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (slice_eq(theirs, slice_str(states[i].theirs)))
			return slice_str(states[i].ours);
	}
	return theirs;
}

static json_t *
verdict_json(const struct postmaster_verdict *v)
{
	json_t *o = json_object();

	check_fact_text(o, "status", state_of(v->status));
	if (v->reason.p != NULL)
		check_fact_text(o, "reason", v->reason);
	else
		check_fact_null(o, "reason");
	return o;
}

static json_t *
requirements_json(const struct postmaster_block *b)
{
	json_t *o = json_object();

	for (size_t i = 0; i < POSTMASTER_REQUIREMENTS; i++) {
		if (b->requirements[i].p != NULL)
			check_fact_text(o, postmaster_requirements[i],
			    state_of(b->requirements[i]));
	}
	return o;
}

static void
no_data(struct check_run *run, const char *fact, const char *what)
{
	check_gap(run, fact, CAUSE_NO_DATA,
	    arena_slicef(run->arena, "Google says nothing of %s", what));
}

/* Whether a requirement is met: only the two words that say so tell. */
static void
put_compliant(struct check_run *run, const struct postmaster_block *b)
{
	json_t *o = json_object();

	(void)json_object_set_new(run->facts, "compliant", o);
	for (size_t i = 0; i < POSTMASTER_REQUIREMENTS; i++) {
		const char *name = postmaster_requirements[i];
		struct slice state = b->requirements[i];
		bool met = slice_eq(state, SLICE_LIT("COMPLIANT"));

		if (met || slice_eq(state, SLICE_LIT("NEEDS_WORK"))) {
			check_fact_bool(o, name, met);
			continue;
		}
		no_data(run, arena_printf(run->arena, "compliant.%s", name),
		    name);
		if (state.p == NULL)
			no_data(run,
			    arena_printf(run->arena, "requirements.%s", name),
			    name);
	}
}

static void
put_verdict(struct check_run *run, const char *fact,
    const struct postmaster_verdict *v, const char *what)
{
	if (v->status.p != NULL)
		(void)json_object_set_new(run->facts, fact, verdict_json(v));
	else
		no_data(run, fact, what);
}

/* What Google says of the registrable domain, where that is another one. */
static json_t *
registrable_json(const struct postmaster_status *s)
{
	const struct postmaster_block *b = &s->registrable;
	json_t *o;

	if (!s->subdomain.there || !b->there)
		return json_null();
	o = json_object();
	if (b->domain.p != NULL)
		check_fact_text(o, "domain", b->domain);
	(void)json_object_set_new(o, "requirements", requirements_json(b));
	return o;
}

void
postmaster_put_status(struct check_run *run, const struct postmaster_status *s,
    struct slice domain)
{
	const struct postmaster_block *b =
	    s->subdomain.there ? &s->subdomain : &s->registrable;

	check_fact_text(run->facts, "domain",
	    b->domain.p != NULL ? b->domain : domain);
	(void)json_object_set_new(run->facts, "requirements",
	    requirements_json(b));
	put_compliant(run, b);
	put_verdict(run, "one_click", &b->one_click, "one-click unsubscribing");
	put_verdict(run, "honor_unsubscribe", &b->honor_unsubscribe,
	    "unsubscribe requests");
	(void)json_object_set_new(run->facts, "deliverability",
	    b->deliverability.status.p != NULL
		? verdict_json(&b->deliverability)
		: json_null());
	(void)json_object_set_new(run->facts, "registrable",
	    registrable_json(s));
}

static void
lost(struct check_run *run, const char *const *facts,
    const struct postmaster_reply *r)
{
	for (; *facts != NULL; facts++)
		check_gap(run, *facts, r->cause, r->detail);
}

void
postmaster_lost_status(struct check_run *run, const struct postmaster_reply *r)
{
	static const char *const facts[] = { "domain", "requirements",
		"compliant", "one_click", "honor_unsubscribe", "deliverability",
		"registrable", NULL };

	lost(run, facts, r);
}

/* ---- rates ------------------------------------------------------------- */

/* Those of postmaster_rates[], in its order. */
static const char *const rate_keys[] = { "spam_percent", "spf_percent",
	"dkim_percent", "dmarc_percent", "tls_percent" };

enum { SPAM, SPF, DKIM, DMARC, TLS, RATES };

static json_t *
day_json(struct check_run *run, const struct postmaster_days *d, size_t day)
{
	json_t *o = json_object();

	check_fact_text(o, "date",
	    postmaster_date(run->arena, d->first + (int64_t)day));
	for (size_t i = 0; i < RATES; i++) {
		if (d->rates[i][day] >= 0)
			(void)json_object_set_new(o, rate_keys[i],
			    postmaster_percent(d->rates[i][day]));
	}
	return o;
}

static void
put_days(struct check_run *run, const struct postmaster_days *d)
{
	json_t *days = json_array(), *missing = json_array();

	(void)json_object_set_new(run->facts, "days", days);
	(void)json_object_set_new(run->facts, "missing_days", missing);
	for (size_t i = 0; i < POSTMASTER_DAYS; i++) {
		json_t *day = day_json(run, d, i);

		if (json_object_size(day) > 1)
			(void)json_array_append(days, day);
		else
			(void)json_array_append(missing,
			    json_object_get(day, "date"));
		json_decref(day);
	}
	if (json_array_size(missing) > 0)
		check_gap(run, "days", CAUSE_NO_DATA,
		    arena_slicef(run->arena,
			"Google shows no figures for %zu of %d days: none for "
			"days with little mail, and the last days come late",
			json_array_size(missing), (int)POSTMASTER_DAYS));
	if (d->odd > 0)
		check_gap(run, "days", CAUSE_MALFORMED,
		    arena_slicef(run->arena,
			"%zu rows of Google's figures cannot be read", d->odd));
}

/* worst: the highest of spam and errors, the lowest of what should pass. */
static json_t *
sum_json(const struct postmaster_sum *s, double worst)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "percent", postmaster_percent(s->mean));
	(void)json_object_set_new(o, "worst_percent",
	    postmaster_percent(worst));
	(void)json_object_set_new(o, "days", json_integer((json_int_t)s->days));
	return o;
}

static void
no_figures(struct check_run *run, const char *fact)
{
	check_gap(run, fact, CAUSE_NO_DATA,
	    SLICE_LIT("Google shows no such figure for any of the last 30 "
		      "days; it shows none for days with little mail"));
}

static void
put_spam(struct check_run *run, const struct postmaster_days *d)
{
	struct postmaster_sum s = postmaster_sum(d, SPAM);
	json_t *o;

	if (s.days == 0) {
		no_figures(run, "spam_rate");
		return;
	}
	o = sum_json(&s, s.worst);
	(void)json_object_set_new(run->facts, "spam_rate", o);
	(void)json_object_set_new(o, "latest_percent",
	    postmaster_percent(s.latest));
	(void)json_object_set_new(o, "week_worst_percent",
	    postmaster_percent(s.week_worst));
	check_fact_text(o, "from",
	    postmaster_date(run->arena, d->first + s.from));
	check_fact_text(o, "to", postmaster_date(run->arena, d->first + s.to));
	check_fact_text(o, "source", SLICE_LIT("postmaster"));
}

static double
lowest(const struct postmaster_days *d, size_t metric)
{
	double low = 1;

	for (size_t i = 0; i < POSTMASTER_DAYS; i++) {
		if (d->rates[metric][i] >= 0 && d->rates[metric][i] < low)
			low = d->rates[metric][i];
	}
	return low;
}

static void
put_share(struct check_run *run, json_t *object, const char *fact,
    const struct postmaster_days *d, size_t metric)
{
	static const char *const keys[] = { NULL, "spf", "dkim", "dmarc",
		"tls" };
	struct postmaster_sum s = postmaster_sum(d, metric);

	if (s.days > 0)
		(void)json_object_set_new(object, keys[metric],
		    sum_json(&s, lowest(d, metric)));
	else
		no_figures(run, fact);
}

void
postmaster_put_rates(struct check_run *run, const struct postmaster_days *d)
{
	json_t *auth = json_object();

	check_fact_text(run->facts, "from",
	    postmaster_date(run->arena, d->first));
	check_fact_text(run->facts, "to",
	    postmaster_date(run->arena, d->first + POSTMASTER_DAYS - 1));
	put_days(run, d);
	put_spam(run, d);
	(void)json_object_set_new(run->facts, "auth", auth);
	put_share(run, auth, "auth.spf", d, SPF);
	put_share(run, auth, "auth.dkim", d, DKIM);
	put_share(run, auth, "auth.dmarc", d, DMARC);
	put_share(run, run->facts, "tls", d, TLS);
}

void
postmaster_lost_rates(struct check_run *run, const struct postmaster_reply *r)
{
	static const char *const facts[] = { "from", "to", "days",
		"missing_days", "spam_rate", "auth", "tls", NULL };

	lost(run, facts, r);
}

/* ---- delivery errors --------------------------------------------------- */

static json_t *
error_json(const char *name, const struct postmaster_sum *s)
{
	struct slice text = slice_str(name), type = SLICE_LIT("reject");
	json_t *o = json_object();

	if (!slice_starts(text, type))
		type = SLICE_LIT("temp_fail");
	check_fact_text(o, "type", type);
	check_fact_text(o, "reason", slice_from(text, type.n + 1));
	(void)json_object_set_new(o, "percent", postmaster_percent(s->mean));
	(void)json_object_set_new(o, "worst_percent",
	    postmaster_percent(s->worst));
	(void)json_object_set_new(o, "days", json_integer((json_int_t)s->days));
	return o;
}

void
postmaster_put_errors(struct check_run *run, const struct postmaster_days *d)
{
	json_t *list = json_array();
	bool any = false;

	for (size_t i = 0; postmaster_errors[i].name != NULL; i++) {
		struct postmaster_sum s = postmaster_sum(d, i);

		any = any || s.days > 0;
		if (s.days > 0 && s.worst > 0)
			(void)json_array_append_new(list,
			    error_json(postmaster_errors[i].name, &s));
	}
	if (any)
		(void)json_object_set(run->facts, "delivery_errors", list);
	else
		no_figures(run, "delivery_errors");
	json_decref(list);
}

void
postmaster_lost_errors(struct check_run *run, const struct postmaster_reply *r)
{
	check_gap(run, "delivery_errors", r->cause, r->detail);
}
