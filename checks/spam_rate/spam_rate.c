#include "checks/spam_rate/spam_rate.h"

#include "base/civil.h"
#include "base/domain.h"
#include "base/limits.h"
#include "checks/table.h"

/*
 * How much of the sender's mail users report as spam.  Only the provider knows,
 * and shows it to the sender: so it is what the user tells (--spam-rate).  What
 * is too much, the rules say.
 */

enum {
	WINDOW = 30, /* days, as the dashboards show */
	SECONDS_A_DAY = 24 * 3600,
	/* Google gives help again after seven days in a row below this. */
	HIGH = 300 * 1000, /* 0.3 % */
	/* One report is a tenth of a percent of so many messages. */
	LITTLE = 1000,
	OLD = 7, /* days without a figure, up to the audit */
};

/* The figures of one provider for this domain. */
struct figures {
	const struct spam_row *all; /* days that are told */
	size_t n_all;
	const struct spam_row *rows; /* the last of them: the window */
	size_t n;
	const struct spam_row *worst;
	double mean;    /* in millionths of a percent */
	int64_t volume; /* -1: not known */
	size_t high;    /* days at HIGH or above */
	size_t below;   /* days in a row, up to the last, below it */
};

static int64_t
today(const struct check_run *run)
{
	return run->subject->as_of / SECONDS_A_DAY;
}

static struct slice
date_text(struct arena *a, int64_t day)
{
	char text[CIVIL_TEXT_MAX];

	civil_rfc3339_format(day * SECONDS_A_DAY, text);
	return arena_slicef(a, "%.10s", text);
}

/* ---- the rows that count ----------------------------------------------- */

/* Of the domain itself, or else of the closest above it. */
static struct slice
closest(const struct spam_told *told, struct slice domain)
{
	struct slice best = SLICE_NONE;

	for (size_t i = 0; i < told->n; i++) {
		struct slice d = told->rows[i].domain;

		if (d.n > best.n && domain_is_under(domain, d))
			best = d;
	}
	return best;
}

/* Those of that domain, up to the day of the audit. */
static size_t
choose(const struct spam_told *told, struct slice domain, int64_t last,
    const struct spam_row **rows)
{
	size_t n = 0;

	*rows = NULL;
	for (size_t i = 0; i < told->n; i++) {
		const struct spam_row *r = &told->rows[i];

		if (!slice_eq(r->domain, domain) ||
		    (r->has_day && r->day > last))
			continue;
		if (n++ == 0)
			*rows = r;
	}
	return n;
}

static void
weigh(struct figures *f)
{
	double sum = 0, weighed = 0, volume = 0;
	bool all = true;

	for (size_t i = 0; i < f->n; i++) {
		const struct spam_row *r = &f->rows[i];

		sum += (double)r->millionths;
		weighed += (double)r->millionths * (double)r->volume;
		volume += (double)r->volume;
		all &= r->volume >= 0;
	}
	f->volume = all ? (int64_t)volume : -1;
	f->mean = all && volume > 0 ? weighed / volume : sum / (double)f->n;
}

static void
count(struct figures *f)
{
	f->worst = &f->rows[f->n - 1];
	for (size_t i = f->n; i > 0; i--) {
		const struct spam_row *r = &f->rows[i - 1];

		f->high += r->millionths >= HIGH;
		if (r->millionths > f->worst->millionths)
			f->worst = r;
	}
	while (f->below < f->n_all &&
	       f->all[f->n_all - 1 - f->below].millionths < HIGH)
		f->below++;
}

static struct figures
figures_of(const struct spam_row *rows, size_t n)
{
	struct figures f = { .all = rows, .n_all = n };
	size_t from = 0;

	while (rows[from].day <= rows[n - 1].day - WINDOW)
		from++;
	f.rows = &rows[from];
	f.n = n - from;
	weigh(&f);
	count(&f);
	return f;
}

/* ---- facts ------------------------------------------------------------- */

static void
set_number(json_t *o, const char *key, int64_t n)
{
	(void)json_object_set_new(o, key,
	    n >= 0 ? json_integer(n) : json_null());
}

static void
set_percent(json_t *o, const char *key, double millionths)
{
	/* To the ten-thousandth, which is what dashboards show at most. */
	int64_t n = (int64_t)(millionths / 100 + 0.5);

	(void)json_object_set_new(o, key, json_real((double)n / 1e4));
}

static struct slice
basis(struct arena *a, const struct figures *f, const struct spam_told *told)
{
	const struct spam_row *last = &f->rows[f->n - 1];
	struct slice mail = SLICE_LIT("of mail whose amount is not given");

	if (f->volume >= 0)
		mail = arena_slicef(a, "of %lld message%s",
		    (long long)f->volume, f->volume == 1 ? "" : "s");
	if (!last->has_day)
		return arena_slicef(a, "%.*s, by %.*s", SLICE_FMT(mail),
		    SLICE_FMT(told->source));
	return arena_slicef(a, "%.*s in %zu day%s up to %.*s, by %.*s",
	    SLICE_FMT(mail), f->n, f->n == 1 ? "" : "s",
	    SLICE_FMT(date_text(a, last->day)), SLICE_FMT(told->source));
}

/* Null where one figure was given for a time that nobody told. */
static void
put_days(struct check_run *run, json_t *o, const struct figures *f)
{
	const struct spam_row *last = &f->rows[f->n - 1];
	static const char *const facts[] = { "days", "days_above_0_3",
		"days_below_0_3_run", "from", "to", "worst_day" };

	if (!last->has_day) {
		for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
			check_fact_null(o, facts[i]);
		return;
	}
	set_number(o, "days", (int64_t)f->n);
	set_number(o, "days_above_0_3", (int64_t)f->high);
	set_number(o, "days_below_0_3_run", (int64_t)f->below);
	check_fact_text(o, "from", date_text(run->arena, f->rows[0].day));
	check_fact_text(o, "to", date_text(run->arena, last->day));
	check_fact_text(o, "worst_day", date_text(run->arena, f->worst->day));
}

static void
problem(struct check_run *run, const char *provider, const char *code,
    struct slice detail)
{
	json_t *p = check_problem(run->facts, "problems", code, detail);

	if (p != NULL)
		(void)json_object_set_new(p, "provider", json_string(provider));
}

static void
judge(struct check_run *run, const char *provider, const struct figures *f)
{
	const struct spam_row *last = &f->rows[f->n - 1];
	int64_t age = last->has_day ? today(run) - last->day : 0;

	if (f->volume >= 0 && f->volume < LITTLE)
		problem(run, provider, "spam_rate.little-volume",
		    arena_slicef(run->arena,
			"The rate rests on %lld messages, too few to tell: one "
			"report more is %.2f %% of them",
			(long long)f->volume,
			100.0 / (double)(f->volume > 0 ? f->volume : 1)));
	if (age > OLD)
		problem(run, provider, "spam_rate.old",
		    arena_slicef(run->arena,
			"The figures end on %.*s, %lld days before this "
			"audit: take the export anew",
			SLICE_FMT(date_text(run->arena, last->day)),
			(long long)age));
}

static void
put(struct check_run *run, const char *provider, const struct spam_told *told,
    const struct figures *f)
{
	json_t *o = json_object();

	set_percent(o, "percent", f->mean);
	set_percent(o, "worst_percent", (double)f->worst->millionths);
	set_percent(o, "last_percent", (double)f->rows[f->n - 1].millionths);
	set_number(o, "volume", f->volume);
	(void)json_object_set_new(o, "little_volume",
	    f->volume >= 0 ? json_boolean(f->volume < LITTLE) : json_null());
	put_days(run, o, f);
	check_fact_text(o, "source", told->source);
	check_fact_text(o, "basis", basis(run->arena, f, told));
	(void)json_object_set_new(run->facts, provider, o);
	(void)json_array_append_new(json_object_get(run->facts, "given"),
	    json_string(provider));
	judge(run, provider, f);
}

static void
tell(struct check_run *run, enum spam_provider p, const struct spam_told *told)
{
	struct slice domain = run->subject->domain;
	const struct spam_row *rows;
	struct figures f;
	size_t n = choose(told, closest(told, domain), today(run), &rows);

	if (n == 0) {
		check_gap(run, spam_provider_name(p), CAUSE_NEEDS_SPAM_RATE,
		    arena_slicef(run->arena,
			"%.*s has no figure for %.*s up to the day of the "
			"audit",
			SLICE_FMT(told->source), SLICE_FMT(domain)));
		return;
	}
	f = figures_of(rows, n);
	put(run, spam_provider_name(p), told, &f);
}

static enum rc
run_spam_rate(struct check_run *run)
{
	const struct spam_rates *rates = run->subject->spam_rates;

	(void)json_object_set_new(run->facts, "given", json_array());
	(void)json_object_set_new(run->facts, "problems", json_array());
	for (int i = 0; i < SPAM_PROVIDERS; i++) {
		const char *name = spam_provider_name((enum spam_provider)i);

		if (rates != NULL && rates->of[i].given)
			tell(run, (enum spam_provider)i, &rates->of[i]);
		else
			check_gap(run, name, CAUSE_NEEDS_SPAM_RATE,
			    arena_slicef(run->arena,
				"the spam rate that %s shows its senders was "
				"not given",
				name));
	}
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

#define FACTS_OF(name) \
	{ name ".percent", "number", \
		"how much is reported as spam, of the last 30 days: weighed by " \
		"volume where that is known for each day, else the mean" }, \
	    { name ".worst_percent", "number", "the highest of those days" }, \
	    { name ".worst_day", "text", \
		    "and when that was; null: it is not by days" }, \
	    { name ".last_percent", "number", "that of the last day" }, \
	    { name ".volume", "number", \
		    "how many messages it rests on; null: not given" }, \
	    { name ".little_volume", "bool", \
		    "under 1,000, too few to tell; null: not given" }, \
	    { name ".days", "number", \
		    "how many days have a rate; null: it is not by days" }, \
	    { name ".days_above_0_3", "number", \
		    "how many of them have 0.3 % or more; null: not by days" }, \
	    { name ".days_below_0_3_run", "number", \
		    "days in a row below 0.3 %, up to the last; days without a " \
		    "rate do not count; null: it is not by days" }, \
	    { name ".from", "text", "the first of the days; null: none" }, \
	    { name ".to", "text", "the last; null: none" }, \
	    { name ".source", "text", "the file, or --spam-rate" }, \
	{ \
		name ".basis", "text", \
		    "the same in words: \"of 81234 messages in 30 days up to " \
		    "2026-11-25, by rates.csv\"" \
	}

static const struct fact_doc facts[] = {
	{ "given", "list", "the providers of which a rate was given" },
	FACTS_OF("gmail"),
	FACTS_OF("yahoo"),
	FACTS_OF("outlook"),
	FACTS_OF("orange"),
	{ "problems", "list", "what is odd about what was given" },
	{ "problems[].code", "text",
	    "spam_rate.little-volume or spam_rate.old" },
	{ "problems[].provider", "text", "whose rate" },
	{ "problems[].detail", "text", "in a sentence" },
	{ NULL, NULL, NULL },
};

const struct check check_spam_rate = {
	.name = "spam_rate",
	.summary = "How much of the mail users report as spam.",
	.standards = "none: the dashboards of Gmail and Yahoo",
	.facts = facts,
	.run = run_spam_rate,
};
