#include "audit/views/view_parts.h"
#include "audit/views/words.h"

/* What is wrong with the sample, and no finding says. */

enum { PLACE_COLUMN = 2, TEXT_COLUMN = 12 };

const json_t *
view_message_problems(const json_t *audit)
{
	const json_t *facts = json_object_get(audit, "facts");

	return json_object_get(json_object_get(facts, "format"), "problems");
}

static bool
says(const json_t *result, const json_t *problem)
{
	const char *detail = view_text_of(problem, "detail");

	return *detail != '\0' &&
	       strstr(view_text_of(result, "why"), detail) != NULL;
}

bool
view_message_says(const json_t *audit, const json_t *result)
{
	const json_t *problem;
	size_t i;

	if (strcmp(view_text_of(result, "check"), "format") != 0)
		return false;
	json_array_foreach(view_message_problems(audit), i, problem)
	{
		if (says(result, problem))
			return true;
	}
	return false;
}

/* In the words of a finding that has been printed. */
static bool
is_said(const struct findings *before, const json_t *problem)
{
	for (size_t i = 0; i < before->n; i++) {
		if (says(before->list[i].results[0], problem))
			return true;
	}
	return false;
}

bool
problem_is_error(const json_t *problem)
{
	return strcmp(view_text_of(problem, "severity"), "error") == 0;
}

void
problem_place(const json_t *problem, char text[PLACE_MAX])
{
	json_int_t line = json_integer_value(json_object_get(problem, "line"));
	json_int_t column =
	    json_integer_value(json_object_get(problem, "column"));

	if (line > 0 && column > 0)
		(void)snprintf(text, PLACE_MAX, "%lld:%lld", (long long)line,
		    (long long)column);
	else if (line > 0)
		(void)snprintf(text, PLACE_MAX, "%lld", (long long)line);
	else
		(void)snprintf(text, PLACE_MAX, "-");
}

static void
print_place(struct page *p, const json_t *problem)
{
	char text[PLACE_MAX];

	problem_place(problem, text);
	page_spaces(p, PLACE_COLUMN);
	page_style(p, problem_is_error(problem) ? STYLE_BAD : STYLE_OPEN);
	page_pad(p, text, TEXT_COLUMN - PLACE_COLUMN - 1);
	page_style(p, STYLE_PLAIN);
	page_spaces(p, 1);
}

void
problem_sentence(struct buf *b, const json_t *problem)
{
	const char *header = view_text_of(problem, "header");
	json_int_t count =
	    json_integer_value(json_object_get(problem, "count"));

	if (*header != '\0')
		buf_printf(b, "%.80s%s: ", header,
		    problem_is_error(problem) ? " (error)" : "");
	else if (problem_is_error(problem))
		buf_add_str(b, "Error: ");
	buf_add_str(b, view_text_of(problem, "detail"));
	if (count > 1)
		buf_printf(b, " (%lld times)", (long long)count);
	buf_printf(b, ". %s.", view_text_of(problem, "todo"));
}

static void
print_problem(struct page *p, const json_t *problem)
{
	struct buf line;

	buf_init(&line, p->out->limit);
	problem_sentence(&line, problem);
	buf_add(&line, slice_of("", 1));
	print_place(p, problem);
	if (!line.failed)
		page_fill(p, (const char *)line.p, TEXT_COLUMN, TEXT_COLUMN);
	buf_free(&line);
}

bool
problem_wanted(const json_t *problem, const struct findings *before)
{
	return *view_text_of(problem, "detail") != '\0' &&
	       !is_said(before, problem);
}

/* Those of one severity. */
static void
print_problems(struct page *p, const json_t *problems, bool errors,
    const struct findings *before)
{
	const json_t *problem;
	size_t i;

	json_array_foreach(problems, i, problem)
	{
		if (problem_is_error(problem) == errors &&
		    problem_wanted(problem, before))
			print_problem(p, problem);
	}
}

void
view_message_print(struct page *p, const json_t *audit,
    const struct findings *before)
{
	const json_t *problems = view_message_problems(audit), *problem;
	bool any = false;
	size_t i;

	json_array_foreach(problems, i, problem)
	{
		any = any || problem_wanted(problem, before);
	}
	if (!any)
		return;
	page_heading(p, "WHAT ELSE IS WRONG WITH THE SAMPLE");
	print_problems(p, problems, true, before);
	print_problems(p, problems, false, before);
}
