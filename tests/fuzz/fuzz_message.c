#include "base/limits.h"
#include "message/fields.h"
#include "message/lines.h"
#include "message/mailbox.h"
#include "message/template_tags.h"

/*
 * Any octets: where the parts are, and that they are parts; what the lint says
 * of them has a place in them.
 */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

/* Within all, or nothing at all. */
static void
check_within(struct slice part, struct slice all)
{
	check(part.n <= all.n);
	if (part.p != NULL && all.p != NULL)
		check(part.p >= all.p && part.p + part.n <= all.p + all.n);
}

static void
check_field(struct arena *a, const struct message *m, size_t i)
{
	const struct field *f = &m->fields[i];
	struct slice unfolded = field_unfolded(a, f);

	check_within(f->name, m->header);
	check_within(f->value, m->header);
	check(f->name.n > 0 && f->lines > 0 && f->line > 0);
	check(f->name.p + f->name.n < f->value.p);
	if (i > 0)
		check(f->line >= f[-1].line + f[-1].lines &&
		      f->name.p >= f[-1].value.p + f[-1].value.n);
	check(unfolded.n <= f->value.n || arena_failed(a));
	check(unfolded.n == 0 || memchr(unfolded.p, '\n', unfolded.n) == NULL);
	(void)field_text(a, f);
}

static void
check_problem(const struct message *m, const struct lint_problem *p)
{
	struct slice rest = m->octets, line = SLICE_NONE;
	size_t number = m->line;

	check(p->kind != NULL && p->count > 0 && p->detail.n > 0);
	if (p->line < m->line)
		return; /* all of the message, or the From_ line */
	while (number < p->line && slice_line(&rest, &line))
		number++;
	check(number == p->line);
	/* The end of a line has a place too, and the octet behind it. */
	line = SLICE_NONE;
	(void)slice_line(&rest, &line);
	check(p->column <= line.n + 2);
}

static void
check_lint(struct arena *a, const struct message *m)
{
	struct lint l = { .arena = a };
	struct fields f;
	struct slice tag;

	fields_find(m, &f);
	if (lines_lint(&l, m))
		(void)fields_lint(&l, m, &f, 1795287031);
	check(l.n <= LIMIT_PROBLEMS);
	if (arena_failed(a))
		return;
	for (size_t i = 0; i < l.n; i++)
		check_problem(m, &l.problems[i]);
	if (template_tag_find(m->octets, &tag))
		check_within(tag, m->octets);
}

static void
check_message(struct arena *a, struct slice all)
{
	const struct field *f = NULL;
	struct message m;
	size_t seen = 0;

	arena_reset(a);
	if (message_parse(a, all, &m) != RC_OK)
		return;
	check_within(m.octets, all);
	check_within(m.header, m.octets);
	check_within(m.body, m.octets);
	check(m.header.n + m.body.n <= m.octets.n);
	if (m.body.p == NULL)
		check(m.header.n == m.octets.n);
	for (size_t i = 0; i < m.n_fields; i++)
		check_field(a, &m, i);
	check_lint(a, &m);
	if (m.n_fields == 0)
		return;
	while ((f = message_next(&m, "To", f)) != NULL)
		check(f == message_field(&m, "tO", seen++));
	check(seen == message_count(&m, "TO"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_of(data, size), rest = all, one;
	struct arena *a = arena_new(1024 * 1024, 4096);
	size_t before;

	if (a == NULL)
		return 0;
	check_message(a, all);
	before = rest.n + 1;
	while (mailbox_next(&rest, &one)) {
		check(rest.n < before && one.n + rest.n <= all.n);
		check_within(one, all);
		before = rest.n;
		(void)mailbox_is_quoted(one);
		check_message(a, one);
	}
	arena_free(a);
	return 0;
}
