#include "audit/views/view_parts.h"
#include "audit/views/words.h"

/*
 * What the receiver said beside what we say: where the two differ, and with
 * --verbose where they agree.
 */
enum {
	MARK = 3,
	WORD = 11, /* "temperror", "bestguess" */
};

static bool
differs(const json_t *result)
{
	return json_is_false(json_object_get(result, "agree"));
}

const char *
receiver_ours(const json_t *result)
{
	const json_t *ours = json_object_get(result, "ours");

	if (json_is_string(ours))
		return json_string_value(ours);
	return json_is_null(ours) ? "none" : "not known";
}

/* "dkim example.com s1": without the octets of the signature. */
void
receiver_name(struct buf *b, const json_t *result)
{
	static const char *const keys[] = { "method", "domain", "selector" };
	const char *before = "";

	for (size_t i = 0; i < 3; i++) {
		const char *text = view_text_of(result, keys[i]);

		if (*text == '\0')
			continue;
		buf_printf(b, "%s%s", before, text);
		before = " ";
	}
}

static const char *
name_text(struct buf *b, const json_t *result)
{
	buf_reset(b);
	receiver_name(b, result);
	buf_add(b, slice_of("", 1));
	return b->failed ? "" : (const char *)b->p;
}

static void
print_row(struct page *p, const json_t *audit, const json_t *result,
    struct buf *text)
{
	const char *explanation = view_text_of(result, "explanation");

	page_style(p, differs(result) ? STYLE_BAD : STYLE_PLAIN);
	page_pad(p, differs(result) ? " !" : "", MARK);
	page_style(p, STYLE_PLAIN);
	page_cell(p, view_text_of(result, "theirs"), WORD);
	page_cell(p, receiver_ours(result), WORD);
	page_fill(p, name_text(text, result), MARK + 2 * WORD, MARK + 2 * WORD);
	if (*explanation == '\0' ||
	    view_is_said(audit, "receiver", explanation))
		return;
	page_spaces(p, MARK + 2);
	page_fill(p, explanation, MARK + 2, MARK + 2);
}

static void
print_head(struct page *p)
{
	page_heading(p, "WHAT THE RECEIVER SAID, AND WHAT WE SAY");
	page_style(p, STYLE_DIM);
	page_spaces(p, MARK);
	page_cell(p, "They", WORD);
	page_cell(p, "We", WORD);
	(void)page_add(p, "Of");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

bool
view_is_said(const json_t *audit, const char *check, const char *detail)
{
	const json_t *result;
	size_t i;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (strcmp(view_text_of(result, "check"), check) == 0 &&
		    strcmp(view_text_of(result, "status"), "fail") == 0 &&
		    strstr(view_text_of(result, "why"), detail) != NULL)
			return true;
	}
	return false;
}

void
receiver_print(struct page *p, const json_t *audit)
{
	const json_t *receiver =
	    json_object_get(json_object_get(audit, "facts"), "receiver");
	const json_t *result;
	bool head = false;
	struct buf text;
	size_t i;

	buf_init(&text, p->out->limit);
	json_array_foreach(json_object_get(receiver, "results"), i, result)
	{
		if (!differs(result) && !p->look->verbose)
			continue;
		if (!head)
			print_head(p);
		head = true;
		print_row(p, audit, result, &text);
	}
	buf_free(&text);
}
