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

void
verdict_sentence(struct buf *b, const json_t *verdict)
{
	long long pass = verdict_count(verdict, "must", "pass");
	long long fail = verdict_count(verdict, "must", "fail");
	long long unknown = verdict_count(verdict, "must", "unknown");
	long long advised = verdict_count(verdict, "should", "fail");
	long long all = pass + fail + unknown;

	if (all == 0)
		buf_add_str(b, "no requirement applies");
	else if (fail > 0)
		buf_printf(b, "%lld of %lld requirement%s", fail, all,
		    all == 1 ? "" : "s");
	else if (pass == all)
		buf_printf(b, "all %lld requirement%s met", all,
		    all == 1 ? "" : "s");
	else
		buf_printf(b, "%lld of %lld requirement%s met", pass, all,
		    all == 1 ? "" : "s");
	if (advised > 0)
		buf_printf(b, "%s%lld recommendation%s%s",
		    fail > 0 ? " and " : ", ", advised, advised == 1 ? "" : "s",
		    fail > 0 ? "" : " not");
	if (fail > 0)
		buf_add_str(b, " not met");
	if (unknown > 0)
		buf_printf(b, "%s%lld not known",
		    fail == 0 && advised > 0 ? "; " : ", ", unknown);
}
