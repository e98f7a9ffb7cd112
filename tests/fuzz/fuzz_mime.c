#include "base/utf8.h"
#include "message/mime.h"

/* Any octets: parts, that nothing is lost, and that each problem has a place. */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_within(struct slice part, struct slice all)
{
	check(part.n <= all.n);
	if (part.p != NULL && part.n > 0)
		check(part.p >= all.p && part.p + part.n <= all.p + all.n);
}

static const unsigned char *
end(struct slice s)
{
	return s.p + s.n;
}

/* Line ends and delimiter lines. */
static void
check_delimiters(const struct mime_part *p, const unsigned char *from,
    const unsigned char *to)
{
	struct slice rest = slice_of(from, to > from ? (size_t)(to - from) : 0);
	struct slice line;

	while (slice_line(&rest, &line)) {
		line = slice_trim(line);
		if (line.n == 0)
			continue;
		check(slice_starts(line, SLICE_LIT("--")));
		line = slice_from(line, 2);
		check(slice_starts(line, p->boundary));
		line = slice_from(line, p->boundary.n);
		check(line.n == 0 || slice_eq(line, SLICE_LIT("--")));
	}
}

/* The next part that it holds, from one of them on; NULL: no more. */
static const struct mime_part *
next_child(const struct mime *m, const struct mime_part *p,
    const struct mime_part *from)
{
	for (; from < m->parts + m->n && from->depth > p->depth; from++) {
		if (from->parent == p)
			return from;
	}
	return NULL;
}

static void
check_multipart(const struct mime *m, const struct mime_part *p)
{
	const unsigned char *at = p->body.p;
	const struct mime_part *q = p;

	if (p->preamble.p != NULL) {
		check(p->preamble.p == p->body.p);
		at = end(p->preamble);
	}
	while ((q = next_child(m, p, q + 1)) != NULL) {
		check_delimiters(p, at, q->octets.p);
		at = end(q->octets);
	}
	if (p->epilogue.p != NULL) {
		check_delimiters(p, at, p->epilogue.p);
		at = end(p->epilogue);
	}
	check(at <= end(p->body));
	check_delimiters(p, at, end(p->body));
}

static void
check_part(const struct mime *m, const struct mime_part *p)
{
	const struct mime_part *q;
	size_t children = 0;

	check_within(p->header, p->octets);
	check_within(p->body, p->octets);
	check_within(p->preamble, p->body);
	check_within(p->epilogue, p->body);
	check(p->type.n > 0 && p->subtype.n > 0);
	check(p->body.p == NULL || end(p->body) == end(p->octets));
	check(p->body.p != NULL || p->header.n == p->octets.n);
	check((p->parent == NULL) == (p->depth == 0));
	for (q = p; (q = next_child(m, p, q + 1)) != NULL; children++)
		check_within(q->octets, p->body);
	check(children == p->parts);
	if (children > 0 && p->boundary.n > 0)
		check_multipart(m, p);
	else if (children > 0)
		check(children == 1 && p[1].octets.p == p->body.p &&
		      p[1].octets.n == p->body.n);
}

static void
check_text(struct arena *a, const struct mime_part *p)
{
	struct slice octets, text;
	bool cut;

	if (mime_decode(a, p, 1000, &octets, &cut) != RC_OK) {
		check(arena_failed(a));
		return;
	}
	check(octets.n <= 1000);
	check(p->parts > 0 || p->body.n == 0 || cut == (p->decoded > 1000));
	if (mime_text(a, p, 1000, &text, &cut) == RC_OK)
		check(utf8_valid(text));
}

static void
check_lint(const struct message *m, const struct lint *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct lint_problem *p = &l->problems[i];

		check(p->line >= m->line && p->line <= m->octets.n + 2);
		check(p->column > 0 && p->column <= m->octets.n + 1);
		check(p->detail.n > 0 && p->count > 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(4 * 1024 * 1024, 4096);
	struct lint l = { .arena = a };
	struct mime mime;
	struct message m;

	if (a == NULL)
		return 0;
	if (message_parse(a, slice_of(data, size), &m) == RC_OK &&
	    mime_parse(a, &m, &l, &mime) == RC_OK) {
		check(mime.n > 0 && slice_eq(mime.parts[0].octets, m.octets));
		check_lint(&m, &l);
		for (size_t i = 0; i < mime.n; i++) {
			check_part(&mime, &mime.parts[i]);
			check_text(a, &mime.parts[i]);
		}
	}
	arena_free(a);
	return 0;
}
