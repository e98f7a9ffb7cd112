#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/regex.h"

#include <pcre2.h>

#include "base/limits.h"

struct regex {
	const pcre2_code *code;
	pcre2_match_context *match;
};

static void *
arena_malloc(size_t size, void *arena)
{
	return arena_alloc(arena, 1, size);
}

/* The arena frees everything at once. */
static void
arena_keep(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

static enum rc
regex_fail(struct compile *c, int code, size_t at)
{
	PCRE2_UCHAR text[128];

	if (code == PCRE2_ERROR_HEAP_FAILED)
		return RC_NOMEM;
	if (pcre2_get_error_message(code, text, sizeof(text)) < 0)
		text[0] = '\0';
	return compile_fail(c, at,
	    arena_slicef(c->arena, "bad regular expression: %s",
		(const char *)text));
}

static pcre2_match_context *
limits(pcre2_general_context *g)
{
	pcre2_match_context *m = pcre2_match_context_create(g);

	if (m == NULL)
		return NULL;
	(void)pcre2_set_match_limit(m, LIMIT_REGEX_MATCHES);
	(void)pcre2_set_depth_limit(m, LIMIT_REGEX_DEPTH);
	(void)pcre2_set_heap_limit(m, LIMIT_REGEX_HEAP_KIB);
	return m;
}

enum rc
regex_compile(struct compile *c, struct slice pattern, const struct regex **out)
{
	pcre2_general_context *g;
	pcre2_compile_context *cc;
	struct regex *re;
	PCRE2_SIZE at = 0;
	int code = 0;

	if (pattern.n > LIMIT_REGEX_PATTERN)
		return compile_fail(c, LIMIT_REGEX_PATTERN,
		    SLICE_LIT("the regular expression is too long"));
	re = arena_new_of(c->arena, struct regex, 1);
	g = pcre2_general_context_create(arena_malloc, arena_keep, c->arena);
	if (re == NULL || g == NULL)
		return RC_NOMEM;
	cc = pcre2_compile_context_create(g);
	re->match = limits(g);
	if (cc == NULL || re->match == NULL)
		return RC_NOMEM;
	re->code = pcre2_compile(pattern.p, pattern.n,
	    PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C,
	    &code, &at, cc);
	if (re->code == NULL)
		return regex_fail(c, code, at);
	*out = re;
	return RC_OK;
}

enum truth
regex_match(const struct regex *re, struct slice text)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int n;

	if (data == NULL)
		return TRUTH_UNKNOWN;
	n = pcre2_match(re->code, text.p, text.n, 0, 0, data, re->match);
	pcre2_match_data_free(data);
	if (n >= 0)
		return TRUTH_TRUE;
	return n == PCRE2_ERROR_NOMATCH ? TRUTH_FALSE : TRUTH_UNKNOWN;
}
