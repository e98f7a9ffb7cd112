#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "rules/gist.h"
#include "rules/phrase.h"
#include "with_arena.h"

WITH_ARENA(1 << 20, 4096)

static const struct {
	const char *phrases;
	const char *text;
	const char *found; /* the longest; NULL: none */
} cases[] = {
	{ "user unknown", "550 <x>: User  UNKNOWN in table", "user unknown" },
	{ "user unknown", "user is unknown", NULL },
	{ "User ... unknown", "user is unknown", "User ... unknown" },
	{ "user ... unknown", "unknown user", NULL },
	{ "unknown ... unknown", "unknown", NULL },
	/* A word begins where the phrase does, and may go on. */
	{ "black list", "blacklist", NULL },
	{ "blacklist", "blacklisted", "blacklist" },
	{ "listed", "blacklisted, listed", "listed" },
	{ "listed", "blacklisted", NULL },
	{ "(-all)", "fail(-all)", "(-all)" },
	/* the longest of several */
	{ "spam | is spam | it is spam", "this is spam", "is spam" },
	{ "a | b", "c", NULL },
	/* begin and end */
	{ "^blocked", "Blocked by x", "^blocked" },
	{ "^blocked", "was blocked", NULL },
	{ "^blocked", "was blocked, blocked", NULL },
	{ "- gsmtp$", "x 1-2 - gsmtp", "- gsmtp$" },
	{ "- gsmtp$", "- gsmtp x", NULL },
	{ "a$", "ba", NULL },
	{ "^a$", "a", "^a$" },
	{ "^a ... a$", "a", NULL },
	{ "^a ... a$", "a b a", "^a ... a$" },
	/* folded like the text */
	{ "exceeded 50 hops", "exceeded 100 hops", "exceeded 50 hops" },
	{ "bo\xc3\xaete pleine", "Boite pleine", "bo\xc3\xaete pleine" },
	{ "ab", "x ab", "ab" },
};

static struct phrases
parse(const char *text)
{
	struct compile c = { .arena = arena };
	struct phrases p;

	assert_int_equal(phrases_parse(&c, slice_str(text), &p), RC_OK);
	return p;
}

static void
the_longest_phrase_in_the_gist_is_found(void **state)
{
	unsigned char room[LIMIT_GIST];
	struct grams grams;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phrases p = parse(cases[i].phrases);
		struct slice g = gist_of(slice_str(cases[i].text), room);
		const struct phrase *f;

		grams_of(g, &grams);
		f = phrases_find(&p, g, &grams);
		if (cases[i].found == NULL
			? f != NULL
			: f == NULL ||
			      !slice_eq(f->source, slice_str(cases[i].found)))
			fail_msg("%s in %s: %.*s", cases[i].phrases,
			    cases[i].text, f != NULL ? (int)f->source.n : 4,
			    f != NULL ? (const char *)f->source.p : "none");
	}
}

static const struct {
	const char *text;
	size_t at;
	const char *what;
} wrong[] = {
	{ "a |", 3, "expected words" },
	{ "| a", 0, "expected words" },
	{ "a ... ", 5, "expected words" },
	{ "^", 1, "expected words" },
	{ "a | x@example.com", 4, "letters" },
	{ "a | 12 ", 4, "letters" },
	{ "a...b...c...d...e...f...g...h...i", 32, "8 pieces" },
};

static void
a_bad_phrase_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct compile c = { .arena = arena };
		struct phrases p;

		assert_int_equal(phrases_parse(&c, slice_str(wrong[i].text),
				     &p),
		    RC_INVALID);
		if (c.at != wrong[i].at ||
		    slice_find(c.what, slice_str(wrong[i].what)) == SIZE_MAX)
			fail_msg("%s: %zu: %.*s", wrong[i].text, c.at,
			    SLICE_FMT(c.what));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_phrase_in_the_gist_is_found),
		cmocka_unit_test(a_bad_phrase_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
