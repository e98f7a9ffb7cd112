#include "audit/view_parts.h"

/* Whether an answer would settle the result. */
static bool
is_open(const json_t *result)
{
	const json_t *reason;
	size_t i;

	json_array_foreach(json_object_get(result, "unknown"), i, reason)
	{
		if (strcmp(view_text_of(reason, "cause"),
			"needs-attestation") == 0)
			return true;
	}
	return false;
}

void
attest_question(struct page *p, const char *rule, const char *question)
{
	buf_add_str(p->out, "\n# ");
	p->margin = "# ";
	page_fill(p, question, 2, 2);
	p->margin = NULL;
	buf_add_char(p->out, '[');
	(void)page_clip(p, rule, p->look->width - 2);
	buf_add_str(p->out, "]\nanswer = ?\n");
}

void
attest_head(struct page *p)
{
	buf_add_str(p->out, "[attest]\nby = ?\ndate = ?\n");
}

void
attest_print(struct page *p, const json_t *audit)
{
	bool begun = false;
	const json_t *result;
	size_t i;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (!is_open(result) || view_is_advice(result))
			continue;
		if (!begun) {
			page_gap(p);
			attest_head(p);
		}
		begun = true;
		attest_question(p, view_text_of(result, "rule"),
		    view_text_of(result, "question"));
	}
	if (begun)
		page_gap(p);
}
