#include "audit/settle.h"
#include "audit/views/view_parts.h"
#include "audit/views/words.h"

enum { INDENT = 4, DETAILS_MAX = 5 };

/*
 * Causes (cause_name() of probes/evidence.h) as a heading, in the order in
 * which they are shown: first what the reader can give.  A cause that is not
 * here is shown by its name.  Without any message "needs-" stands for all that
 * one would mend.
 */
static const struct heading {
	const char *cause;
	const char *text;
	bool details; /* what was asked says something */
} headings[] = {
	{ "needs-", "No sample message was given, and only one tells", false },
	{ "needs-message", "Only a sample message tells", false },
	{ "needs-ip", "Only the sending address tells", false },
	{ "needs-helo", "Only the HELO name tells", false },
	{ "needs-spam-rate", "Only the provider's figures tell", false },
	{ "needs-attestation", "Nobody outside sees it, but you do", false },
	{ "timeout", "There was no answer in time", true },
	{ "servfail", "A name server failed (SERVFAIL)", true },
	{ "refused", "The question was refused", true },
	{ "network", "The network did not carry it", true },
	{ "blocked", "Port 25 is blocked from here", true },
	{ "deferred", "The server put us off", true },
	{ "rejected", "The server turned us away", true },
	{ "malformed", "The answer could not be read", true },
	{ "cname-loop", "An alias leads in a circle", true },
	{ "rcode", "A name server answered with an error", true },
	{ "tls", "There was no TLS session", true },
	{ "deadline", "The time for this audit was over", false },
	{ "offline", "Nothing was asked", false },
	{ "private", "A private address was not connected to", true },
	{ "limit", "There was more than is looked at", true },
	{ "unproven", "It takes DNSSEC to prove it", true },
	{ "no-list", "There is no public suffix list", false },
	{ "no-blocklists", "No DNS blocklists were named", false },
	{ "list-name", "A blocklist says that its name is wrong", true },
	{ "public-resolver", "A blocklist refused a public resolver", true },
	{ "rate-limit", "A blocklist was asked too often", true },
	{ "dead-list", "A blocklist does not work", true },
	{ "unsupported", "presend does not look at it yet", true },
	{ "skipped", "The check was left out", false },
	{ "needs-postmaster", "Only Google tells", false },
	{ "credentials", "The credentials were refused", true },
	{ "forbidden", "The domain is not shared with that user", true },
	{ "unregistered", "The domain is not registered there", true },
	{ "rate", "Too much was asked", true },
	{ "no-data", "Google has no figures", true },
};

enum { N_HEADINGS = sizeof(headings) / sizeof(headings[0]) };

static bool
is_group(const char *cause)
{
	return cause[strlen(cause) - 1] == '-';
}

bool
unknown_needs_message(const char *cause)
{
	static const char *const needs[] = { "needs-", "needs-message",
		"needs-ip", "needs-helo" };

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (strcmp(cause, needs[i]) == 0)
			return true;
	}
	return false;
}

static bool
cause_is(const char *cause, const char *wanted)
{
	if (*wanted != '\0' && is_group(wanted))
		return unknown_needs_message(cause);
	return strcmp(cause, wanted) == 0;
}

static bool
is_unknown(const json_t *result)
{
	return strcmp(view_text_of(result, "status"), "unknown") == 0;
}

/* A result's reason of this cause, from *at on; NULL: no more. */
static const json_t *
reason_next(const json_t *result, const char *cause, size_t *at)
{
	const json_t *list = json_object_get(result, "unknown");

	for (; *at < json_array_size(list); (*at)++) {
		const json_t *o = json_array_get(list, *at);

		if (cause_is(view_text_of(o, "cause"), cause)) {
			(*at)++;
			return o;
		}
	}
	return NULL;
}

static bool
has_cause(const json_t *result, const char *cause)
{
	size_t at = 0;

	return reason_next(result, cause, &at) != NULL;
}

/* Adds a JSON string to a set of them. */
static void
add_once(json_t *set, const char *text)
{
	const json_t *other;
	size_t i;

	json_array_foreach(set, i, other)
	{
		if (strcmp(json_string_value(other), text) == 0)
			return;
	}
	if (*text != '\0')
		(void)json_array_append_new(set, json_string(text));
}

/*
 * Titles of the results of a cause, and what was asked in vain.  Advice is
 * counted, not named: nobody's mail hangs on it.
 */
static size_t
gather(const json_t *open, const char *cause, json_t *titles, json_t *details)
{
	const json_t *result, *reason;
	size_t i, at, advice = 0;

	json_array_foreach(open, i, result)
	{
		if (!has_cause(result, cause))
			continue;
		if (view_is_advice(result))
			advice++;
		else
			add_once(titles, view_text_of(result, "title"));
		at = 0;
		while ((reason = reason_next(result, cause, &at)) != NULL)
			add_once(details, view_text_of(reason, "detail"));
	}
	return advice;
}

void
unknown_advice(struct buf *b, const struct unknown *u)
{
	buf_printf(b, "%s%zu piece%s of advice from the standards",
	    json_array_size(u->titles) > 0 ? "and " : "", u->advice,
	    u->advice == 1 ? "" : "s");
}

static void
print_titles(struct page *p, const struct unknown *u)
{
	const json_t *title;
	struct buf text;
	size_t i;

	json_array_foreach(u->titles, i, title)
	{
		page_spaces(p, INDENT);
		page_fill(p, json_string_value(title), INDENT, INDENT);
	}
	if (u->advice == 0)
		return;
	buf_init(&text, p->out->limit);
	unknown_advice(&text, u);
	buf_add(&text, slice_of("", 1));
	page_spaces(p, INDENT);
	if (!text.failed)
		page_fill(p, (const char *)text.p, INDENT, INDENT);
	buf_free(&text);
}

static void
print_details(struct page *p, const json_t *details)
{
	size_t n = json_array_size(details);

	for (size_t i = 0; i < n && i < DETAILS_MAX; i++) {
		page_spaces(p, INDENT);
		(void)page_add(p, "- ");
		page_fill(p, json_string_value(json_array_get(details, i)),
		    INDENT + 2, INDENT + 2);
	}
	if (n > DETAILS_MAX)
		buf_printf(p->out, "%*s- and %zu more\n", INDENT, "",
		    n - DETAILS_MAX);
}

static void
print_heading(struct page *p, const char *heading)
{
	struct buf text;

	buf_init(&text, p->out->limit);
	buf_printf(&text, "%s:", heading);
	buf_add(&text, slice_of("", 1));
	if (!text.failed)
		page_fill(p, (const char *)text.p, 2, 2);
	buf_free(&text);
}

static void
print_cause(void *ctx, const json_t *audit, const struct unknown *u)
{
	struct page *p = ctx;

	page_gap(p);
	page_spaces(p, 2);
	page_style(p, STYLE_OPEN);
	print_heading(p, u->heading);
	page_style(p, STYLE_PLAIN);
	print_titles(p, u);
	print_details(p, u->details);
	page_spaces(p, INDENT);
	page_style(p, STYLE_BOLD);
	(void)page_add(p, "Do: ");
	page_style(p, STYLE_PLAIN);
	page_fill(p, u->todo, INDENT + 4, INDENT);
	if (strcmp(u->cause, "needs-attestation") == 0)
		attest_print(p, audit);
}

/* What is not known of an audit, and whom it is told. */
struct telling {
	const json_t *audit;
	json_t *open; /* its results that are not known */
	struct unknown_sink sink;
};

static void
tell(const struct telling *t, const char *cause, const struct heading *h)
{
	json_t *titles = json_array(), *details = json_array();
	bool told = h == NULL || h->details;
	struct unknown u = {
		.cause = cause,
		.heading = h != NULL ? h->text : cause,
		.titles = titles,
		.details = told ? details : NULL,
		.advice = gather(t->open, cause, titles, details),
		.todo = settle_text(slice_str(cause)),
	};

	if (json_array_size(titles) + u.advice > 0)
		t->sink.cause(t->sink.ctx, t->audit, &u);
	json_decref(titles);
	json_decref(details);
}

static bool
has_heading(const char *cause)
{
	for (size_t i = 0; i < N_HEADINGS; i++) {
		if (strcmp(headings[i].cause, cause) == 0)
			return true;
	}
	return false;
}

/* Causes of results that have no heading here. */
static void
gather_others(const json_t *audit, json_t *causes)
{
	const json_t *result, *reason;
	size_t i, k;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (!is_unknown(result))
			continue;
		json_array_foreach(json_object_get(result, "unknown"), k,
		    reason)
		{
			const char *cause = view_text_of(reason, "cause");

			if (!has_heading(cause))
				add_once(causes, cause);
		}
	}
}

size_t
unknowns_count(const json_t *audit)
{
	const json_t *result;
	size_t i, n = 0;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		n += is_unknown(result);
	}
	return n;
}

const char *
unknown_heading(const char *cause)
{
	for (size_t i = 0; i < N_HEADINGS; i++) {
		if (strcmp(headings[i].cause, cause) == 0)
			return headings[i].text;
	}
	return cause;
}

/* The group, or the causes in it. */
static bool
is_shown(const struct heading *h, bool grouped)
{
	if (!unknown_needs_message(h->cause))
		return true;
	return is_group(h->cause) == grouped;
}

void
unknowns_each(const json_t *audit, struct unknown_sink sink)
{
	struct telling t = { audit, json_array(), sink };
	json_t *others = json_array(), *result;
	bool grouped = !json_is_object(
	    json_object_get(json_object_get(audit, "subject"), "message"));
	const json_t *cause;
	size_t i;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (is_unknown(result))
			(void)json_array_append(t.open, result);
	}
	for (i = 0; i < N_HEADINGS; i++) {
		if (is_shown(&headings[i], grouped))
			tell(&t, headings[i].cause, &headings[i]);
	}
	gather_others(audit, others);
	json_array_foreach(others, i, cause)
	{
		tell(&t, json_string_value(cause), NULL);
	}
	json_decref(others);
	json_decref(t.open);
}

void
unknowns_print(struct page *p, const json_t *audit)
{
	if (unknowns_count(audit) > 0)
		page_heading(p, "WHAT IS NOT KNOWN, AND HOW TO SETTLE IT");
	unknowns_each(audit, (struct unknown_sink){ print_cause, p });
}
