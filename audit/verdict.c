#include "audit/view_parts.h"

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

static void
add_shoulds(struct buf *b, const json_t *verdict)
{
	long long fail = verdict_count(verdict, "should", "fail");

	if (fail > 0)
		buf_printf(b, "; %lld should%s fail%s", fail,
		    fail == 1 ? "" : "s", fail == 1 ? "s" : "");
}

void
verdict_sentence(struct buf *b, const json_t *verdict)
{
	long long pass = verdict_count(verdict, "must", "pass");
	long long fail = verdict_count(verdict, "must", "fail");
	long long unknown = verdict_count(verdict, "must", "unknown");
	long long all = pass + fail + unknown;
	const char *musts = all == 1 ? "must" : "musts";

	if (all == 0)
		buf_add_str(b, "no must applies");
	else if (fail > 0)
		buf_printf(b, "%lld of %lld %s fail%s", fail, all, musts,
		    fail == 1 ? "s" : "");
	else if (unknown > 0)
		buf_printf(b, "none of %lld %s fails", all, musts);
	else
		buf_printf(b, "all %lld %s pass", all, musts);
	if (unknown > 0)
		buf_printf(b, ", %lld not known", unknown);
	add_shoulds(b, verdict);
}
