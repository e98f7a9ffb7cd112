#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/scripts.h"

static void
words_have_the_levels_of_uts_39(void **state)
{
	static const struct {
		const char *word;
		enum scripts_level level;
	} rows[] = {
		{ "", SCRIPTS_ASCII },
		{ "example-1", SCRIPTS_ASCII },
		{ "b\xc3\xbc"
		  "cher",
		    SCRIPTS_SINGLE },
		/* Cyrillic "primer", with a digit and a hyphen */
		{ "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80-1",
		    SCRIPTS_SINGLE },
		/* Latin with Han, Hiragana and Katakana */
		{ "abc\xe6\x97\xa5\xe3\x81\xae\xe3\x82\xab", SCRIPTS_HIGH },
		/* Latin with Hebrew */
		{ "abc\xd7\x90", SCRIPTS_MODERATE },
		/* Latin with one Cyrillic "a" */
		{ "\xd0\xb0pple", SCRIPTS_MINIMAL },
		/* Latin with Greek */
		{ "bet\xce\xb1", SCRIPTS_MINIMAL },
		/* a heart, which no identifier has */
		{ "i\xe2\x99\xa5you", SCRIPTS_UNRESTRICTED },
		{ "\xff", SCRIPTS_UNRESTRICTED },
	};

	const char *why = NULL;
	struct scripts *s = scripts_open(&why);

	(void)state;
	if (s == NULL)
		fail_msg("%s", why);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum scripts_level level;

		assert_true(
		    scripts_level_of(s, slice_str(rows[i].word), &level));
		if (level != rows[i].level)
			fail_msg("\"%s\" is %s", rows[i].word,
			    scripts_level_name(level));
	}
	scripts_close(&s);
	assert_null(s);
	scripts_close(&s);
}

static void
a_word_longer_than_any_name_is_not_judged(void **state)
{
	static unsigned char word[2000];
	const char *why = NULL;
	struct scripts *s = scripts_open(&why);
	enum scripts_level level;

	(void)state;
	assert_non_null(s);
	memset(word, 'a', sizeof(word));
	assert_false(scripts_level_of(s, slice_of(word, sizeof(word)), &level));
	scripts_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_have_the_levels_of_uts_39),
		cmocka_unit_test(a_word_longer_than_any_name_is_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
