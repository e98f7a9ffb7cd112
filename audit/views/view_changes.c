#include "audit/views/view_parts.h"
#include "audit/views/words.h"

enum { TEXT_AT = 6 };

/* What is gained by changes of that consequence, the gravest first. */
static const struct {
	const char *consequence;
	const char *text;
} gains[] = {
	{ "reject", "So that mail is not rejected:" },
	{ "spam", "So that it does not go to the spam folder:" },
	{ "mitigation", "So that the provider helps when mail is blocked:" },
	{ "advice", "So that all that is asked for is met:" },
};

static void
add_providers(struct buf *line, const json_t *list, const char *before,
    const char *after)
{
	const json_t *provider;
	size_t i;

	json_array_foreach(list, i, provider)
	{
		const char *id = json_string_value(provider);

		buf_printf(line, "%s%s", i > 0 ? ", " : before,
		    view_provider(id != NULL ? id : ""));
	}
	buf_add_str(line, i > 0 ? after : "");
}

void
change_add(struct buf *b, const json_t *change)
{
	buf_add_str(b, view_text_of(change, "title"));
	change_add_rest(b, change);
}

void
change_add_rest(struct buf *b, const json_t *change)
{
	add_providers(b, json_object_get(change, "providers"), " (", ")");
	add_providers(b, json_object_get(change, "completes"),
	    "; then no must fails at ", "");
}

static void
print_change(struct page *p, const json_t *change, size_t number)
{
	struct buf line;

	buf_init(&line, p->out->limit);
	change_add(&line, change);
	buf_add(&line, slice_of("", 1));
	buf_printf(p->out, "%4zu  ", number);
	if (!line.failed)
		page_fill(p, (const char *)line.p, TEXT_AT, TEXT_AT);
	buf_free(&line);
}

/* Whether it is among the changes that a must needs. */
static bool
is_needed(const struct finding *f)
{
	return f->change != NULL &&
	       strcmp(view_text_of(f->change, "level"), "must") == 0;
}

size_t
changes_needed(const struct findings *all)
{
	size_t n = 0;

	while (n < all->n && is_needed(&all->list[n]))
		n++;
	return n < 2 ? 0 : n;
}

const char *
change_gain(size_t i, const char **consequence)
{
	if (i >= sizeof(gains) / sizeof(gains[0]))
		return NULL;
	*consequence = gains[i].consequence;
	return gains[i].text;
}

void
changes_print(struct page *p, const struct findings *all)
{
	size_t n = changes_needed(all);

	if (n == 0)
		return;
	page_heading(p, "WHAT TO CHANGE, IN THIS ORDER");
	for (size_t k = 0; k < sizeof(gains) / sizeof(gains[0]); k++) {
		bool begun = false;

		for (size_t i = 0; i < n; i++) {
			const json_t *change = all->list[i].change;

			if (strcmp(view_text_of(change, "consequence"),
				gains[k].consequence) != 0)
				continue;
			if (!begun) {
				page_spaces(p, 2);
				page_fill(p, gains[k].text, 2, 2);
			}
			begun = true;
			print_change(p, change, i + 1);
		}
	}
}
