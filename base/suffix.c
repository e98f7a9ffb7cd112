#include "base/suffix.h"

#include <libpsl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limits.h"

enum {
	/* As in base/domain.h, each octet of a name of 253 as \DDD. */
	NAME_MAX_TEXT = 4 * 253,
	RULES_ARENA = 64 * 1024,
};

struct suffix_list {
	const char *name;
	struct slice text;
	bool read;
	psl_ctx_t *psl; /* NULL: not read yet, or no list */
};

enum rc
suffix_list_new(const char *name, struct slice text, struct suffix_list **out)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return RC_NOMEM;
	(*out)->name = name;
	(*out)->text = text;
	return RC_OK;
}

void
suffix_list_close(struct suffix_list **l)
{
	if (*l == NULL)
		return;
	psl_free((*l)->psl);
	free(*l);
	*l = NULL;
}

/* ---- a list in text ---------------------------------------------------- */

/*
 * https://github.com/publicsuffix/list/wiki/Format
 *
 *  line    = [ rule ] [ whitespace anything ] / comment
 *  comment = "//" anything
 *  rule    = [ "!" / "*." ] name / "*"
 *
 * libpsl takes any text for a list, cuts lines of over 255 octets in two and
 * looks for names in the spelling they are asked in.  So it is given the
 * rules alone, each as a canonical name.
 */
struct rules {
	struct arena *arena; /* of one rule at a time */
	struct buf out;
	size_t n;
};

/* Rules outside of a section would not count as public suffixes. */
static const char section[] = "// ===BEGIN ICANN DOMAINS===\n";

static bool
rule_add(struct rules *r, struct slice rule)
{
	const char *mark = "";
	struct slice name;

	/* It is what goes for all that have no rule. */
	if (slice_eq(rule, SLICE_LIT("*"))) {
		r->n++;
		return true;
	}
	if (slice_starts(rule, SLICE_LIT("!")))
		mark = "!";
	else if (slice_starts(rule, SLICE_LIT("*.")))
		mark = "*.";
	arena_reset(r->arena);
	if (domain_canonical(r->arena, slice_from(rule, strlen(mark)), &name) !=
	    DOMAIN_FINE)
		return false;
	buf_printf(&r->out, "%s%.*s\n", mark, SLICE_FMT(name));
	r->n++;
	return true;
}

/* What stands before the first white space. */
static struct slice
line_rule(struct slice line)
{
	size_t n = 0;

	while (n < line.n && !ascii_is_space(line.p[n]))
		n++;
	return slice_sub(line, 0, n);
}

static enum rc
rules_read(struct rules *r, struct slice text, size_t *line_number)
{
	const struct slice mark = SLICE_LIT("\xef\xbb\xbf");
	struct slice line;

	if (slice_starts(text, mark))
		text = slice_from(text, mark.n);
	for (*line_number = 1; slice_line(&text, &line); (*line_number)++) {
		line = slice_trim(line);
		if (line.n == 0 || slice_starts(line, SLICE_LIT("//")))
			continue;
		if (!rule_add(r, line_rule(line)))
			return arena_failed(r->arena) ? RC_NOMEM : RC_INVALID;
	}
	*line_number = 0;
	if (r->out.failed)
		return RC_NOMEM;
	return r->n > 0 ? RC_OK : RC_INVALID;
}

/* ---- into libpsl ------------------------------------------------------- */

/* NULL: it is no list, or out of memory. */
static psl_ctx_t *
load_octets(struct slice octets)
{
	/* fmemopen() wants it writable, and "r" does not write. */
	void *p = (void *)(uintptr_t)octets.p;
	FILE *f = octets.n > 0 ? fmemopen(p, octets.n, "r") : NULL;
	psl_ctx_t *psl = f != NULL ? psl_load_fp(f) : NULL;

	if (f != NULL)
		(void)fclose(f);
	return psl;
}

static enum rc
load_text(struct suffix_list *l, size_t *line)
{
	struct rules r = { .arena = arena_new(RULES_ARENA, 4096) };
	enum rc rc = RC_NOMEM;

	/* Punycode may be longer than what it stands for. */
	buf_init(&r.out, 8 * (size_t)LIMIT_SUFFIX_LIST);
	buf_add_str(&r.out, section);
	if (r.arena != NULL)
		rc = rules_read(&r, l->text, line);
	if (rc == RC_OK) {
		l->psl = load_octets(buf_slice(&r.out));
		rc = l->psl != NULL ? RC_OK : RC_NOMEM;
	}
	buf_free(&r.out);
	arena_free(r.arena);
	return rc;
}

/*
 * What stands in a DAFSA cannot be counted; any that is one of the list's
 * knows "com" by a rule of its own.
 */
static enum rc
load_dafsa(struct suffix_list *l)
{
	l->psl = load_octets(l->text);
	if (l->psl != NULL && psl_is_public_suffix2(l->psl, "com",
				  PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1)
		return RC_OK;
	psl_free(l->psl);
	l->psl = NULL;
	return RC_INVALID;
}

enum rc
suffix_list_load(struct suffix_list *l, size_t *line)
{
	*line = 0;
	if (l->read)
		return l->psl != NULL ? RC_OK : RC_INVALID;
	l->read = true;
	if (slice_starts(l->text, SLICE_LIT(".DAFSA@PSL_")))
		return load_dafsa(l);
	if (l->text.p != NULL)
		return load_text(l, line);
	l->psl = psl_latest(NULL);
	return l->psl != NULL ? RC_OK : RC_INVALID;
}

/* ---- what it says ------------------------------------------------------ */

struct slice
suffix_organizational(struct suffix_list *l, struct slice name)
{
	char text[NAME_MAX_TEXT + 1];
	const char *found;
	size_t line;

	if (l == NULL || name.n == 0 || name.n > NAME_MAX_TEXT ||
	    suffix_list_load(l, &line) != RC_OK)
		return SLICE_NONE;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	found = psl_registrable_domain(l->psl, text);
	if (found == NULL)
		return SLICE_NONE;
	return slice_from(name, name.n - strlen(found));
}

const char *
suffix_list_source(struct suffix_list *l)
{
	size_t line;

	if (l == NULL || suffix_list_load(l, &line) != RC_OK)
		return NULL;
	if (l->name != NULL)
		return l->name;
	return l->psl == psl_builtin() ? "built in" : psl_dist_filename();
}
