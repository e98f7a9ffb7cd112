#include "audit/views/view_parts.h"

long long
verdict_count(const json_t *verdict, const char *level, const char *status)
{
	return (long long)json_integer_value(
	    json_object_get(json_object_get(verdict, level), status));
}

enum style
verdict_style(const char *verdict)
{
	if (strcmp(verdict, "compliant") == 0)
		return STYLE_GOOD;
	return strcmp(verdict, "incomplete") == 0 ? STYLE_OPEN : STYLE_BAD;
}

const char *
verdict_word(const char *verdict)
{
	static const char *const words[][2] = {
		{ "compliant", "COMPLIANT" },
		{ "non-compliant", "NON-COMPLIANT" },
		{ "incomplete", "INCOMPLETE" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(verdict, words[i][0]) == 0)
			return words[i][1];
	}
	return verdict;
}

/*
 * What failed musts come to, the worst first: the word that leads, and what is
 * said of those beside it.
 */
static const struct {
	const char *name;
	const char *head;
	enum style style;
	const char *one, *more;
} costs[] = {
	{ "reject", "WILL REJECT", STYLE_BAD, "rejects", "reject" },
	{ "spam", "SPAM FOLDER", STYLE_BAD, "leads to the spam folder",
	    "lead to the spam folder" },
	{ "mitigation", "NO MITIGATION", STYLE_OPEN, "costs mitigation",
	    "cost mitigation" },
	{ "advice", "NON-COMPLIANT", STYLE_OPEN, "has no stated penalty",
	    "have no stated penalty" },
};

enum { N_COSTS = sizeof(costs) / sizeof(costs[0]) };

static long long
failed_of(const json_t *verdict, size_t cost, const char *level)
{
	const json_t *all = json_object_get(verdict, "consequences");
	const json_t *o = json_object_get(all, costs[cost].name);

	return (long long)json_integer_value(json_object_get(o, level));
}

/* The worst of what fails among the musts; N_COSTS: nothing is said of it. */
static size_t
worst_of(const json_t *verdict)
{
	size_t i = 0;

	if (strcmp(view_text_of(verdict, "verdict"), "non-compliant") != 0)
		return N_COSTS;
	while (i < N_COSTS && failed_of(verdict, i, "must") == 0)
		i++;
	return i;
}

const char *
verdict_head(const json_t *verdict)
{
	size_t worst = worst_of(verdict);

	return worst < N_COSTS ? costs[worst].head
			       : verdict_word(view_text_of(verdict, "verdict"));
}

enum style
verdict_head_style(const json_t *verdict)
{
	size_t worst = worst_of(verdict);

	return worst < N_COSTS
		   ? costs[worst].style
		   : verdict_style(view_text_of(verdict, "verdict"));
}

const char *
verdict_consequence(const json_t *verdict)
{
	size_t worst = worst_of(verdict);

	return worst < N_COSTS ? costs[worst].name : "";
}

/* What is not known, and what is recommended and fails. */
static void
add_rest(struct buf *b, const json_t *verdict)
{
	long long advised = verdict_count(verdict, "should", "fail");
	long long unknown = verdict_count(verdict, "must", "unknown");

	if (advised > 0)
		buf_printf(b, "; %lld recommendation%s not met", advised,
		    advised == 1 ? "" : "s");
	if (advised > 0 && failed_of(verdict, 0, "should") > 0)
		buf_add_str(b, " (mail may be rejected)");
	else if (advised > 0 && failed_of(verdict, 1, "should") > 0)
		buf_add_str(b, " (mail may go to the spam folder)");
	if (unknown > 0)
		buf_printf(b, "; %lld not known", unknown);
}

/* "for 2 of 18 requirements; 1 more costs mitigation". */
static void
failed_sentence(struct buf *b, const json_t *verdict, long long all)
{
	size_t worst = worst_of(verdict);
	long long n = worst < N_COSTS ? failed_of(verdict, worst, "must")
				      : verdict_count(verdict, "must", "fail");

	buf_printf(b, "%s%lld of %lld requirement%s%s",
	    worst < N_COSTS - 1 ? "for " : "", n, all, all == 1 ? "" : "s",
	    worst < N_COSTS - 1 ? "" : " not met");
	if (worst == N_COSTS - 1)
		buf_add_str(b, ", with no stated penalty");
	for (size_t i = worst + 1; i < N_COSTS; i++) {
		n = failed_of(verdict, i, "must");
		if (n > 0)
			buf_printf(b, "; %lld more %s", n,
			    n == 1 ? costs[i].one : costs[i].more);
	}
}

void
verdict_sentence(struct buf *b, const json_t *verdict)
{
	long long pass = verdict_count(verdict, "must", "pass");
	long long fail = verdict_count(verdict, "must", "fail");
	long long unknown = verdict_count(verdict, "must", "unknown");
	long long all = pass + fail + unknown;

	if (all == 0)
		buf_add_str(b, "no requirement applies");
	else if (fail > 0)
		failed_sentence(b, verdict, all);
	else if (pass == all && all == 1)
		buf_add_str(b, "its one requirement met");
	else if (pass == all)
		buf_printf(b, "all %lld requirements met", all);
	else
		buf_printf(b, "%lld of %lld requirement%s met", pass, all,
		    all == 1 ? "" : "s");
	add_rest(b, verdict);
}

void
verdict_stale(struct buf *b, const json_t *verdict)
{
	const json_t *stale = json_object_get(verdict, "stale");
	long long days =
	    (long long)json_integer_value(json_object_get(stale, "days"));
	long long rules =
	    (long long)json_integer_value(json_object_get(stale, "rules"));

	if (!json_is_object(stale))
		return;
	buf_printf(b,
	    "%lld of %lld rules of %s were last compared with what it publishes "
	    "over 180 days before, the oldest on %s (%lld days): they may have "
	    "changed since.",
	    rules, (long long)json_integer_value(json_object_get(stale, "of")),
	    view_provider(view_text_of(verdict, "provider")),
	    view_text_of(stale, "oldest"), days);
}
