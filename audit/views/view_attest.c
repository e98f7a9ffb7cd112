#include "audit/views/view_parts.h"
#include "audit/views/words.h"

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
	(void)page_add(p, rule);
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

/* ---- what was answered ------------------------------------------------- */

const char attested_stale[] =
    "That was over 180 days before this audit: ask again.";

bool
attested_is_stale(const json_t *result)
{
	return json_is_true(
	    json_object_get(json_object_get(result, "attested"), "stale"));
}

void
attested_sentence(struct buf *b, const json_t *result)
{
	const json_t *attested = json_object_get(result, "attested");
	const char *note = view_text_of(attested, "note");

	buf_printf(b, "%s (%s): %s, by %s on %s%s%s",
	    view_text_of(result, "title"),
	    view_provider(view_text_of(result, "provider")),
	    view_text_of(attested, "answer"), view_text_of(attested, "by"),
	    view_text_of(attested, "date"), *note != '\0' ? ": " : "", note);
}

static void
print_answer(struct page *p, const json_t *result)
{
	struct buf line;

	buf_init(&line, p->out->limit);
	attested_sentence(&line, result);
	buf_add(&line, slice_of("", 1));
	page_spaces(p, 2);
	(void)page_add(p, "- ");
	if (!line.failed)
		page_fill(p, (const char *)line.p, 4, 4);
	buf_free(&line);
	if (!attested_is_stale(result))
		return;
	page_spaces(p, 4);
	page_style(p, STYLE_OPEN);
	page_fill(p, attested_stale, 4, 4);
	page_style(p, STYLE_PLAIN);
}

void
attested_print(struct page *p, const json_t *audit)
{
	bool begun = false;
	const json_t *result;
	size_t i;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (!json_is_object(json_object_get(result, "attested")))
			continue;
		if (!begun)
			page_heading(p, "ATTESTED, NOT MEASURED");
		begun = true;
		print_answer(p, result);
	}
}
