#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "audit/packs.h"
#include "audit/providers.h"

enum { NAMES_MAX = 8 };

static struct settings
settings_of(struct arena *a, const char *words)
{
	struct settings s = { 0 };
	struct slice rest = slice_str(words), word;
	const char **items = arena_new_of(a, const char *, NAMES_MAX);

	assert_non_null(items);
	while (rest.n > 0 && s.providers.n < NAMES_MAX) {
		(void)slice_cut(rest, ',', &word, &rest);
		items[s.providers.n++] =
		    (const char *)arena_slicef(a, "%.*s", SLICE_FMT(word)).p;
	}
	s.providers.items = items;
	return s;
}

/* What they come to, joined; or the error behind "! ". */
static void
asked(const struct settings *s, char *out, size_t size)
{
	struct arena *a = arena_new(1 << 22, 4096);
	const struct slice *list = NULL;
	struct slice error = SLICE_NONE;
	struct rules *rules = NULL;
	size_t n = 0, at = 0;
	enum rc rc;

	assert_non_null(a);
	assert_int_equal(packs_load(s, a, &rules, &error), RC_OK);
	rc = providers_asked(s, rules, a, &list, &n, &error);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(out + at, size - at, "%s%.*s",
		    i > 0 ? "," : "", SLICE_FMT(list[i]));
	if (rc == RC_INVALID)
		(void)snprintf(out, size, "! %.*s", SLICE_FMT(error));
	else
		assert_int_equal(rc, RC_OK);
	rules_close(&rules);
	arena_free(a);
}

#define ALL \
	"gmail,yahoo,outlook,apple,comcast,docomo,gmx,laposte,mailru,naver," \
	"orange"

static void
a_provider_goes_by_several_names(void **state)
{
	static const char *const names[][2] = {
		{ "", "gmail,yahoo" },
		{ "yahoo", "yahoo" },
		{ "Yahoo,GMAIL", "yahoo,gmail" },
		{ "hotmail,live,msn,outlook.com,microsoft", "outlook" },
		{ "icloud,me.com,mac,apple", "apple" },
		{ "aol", "yahoo" },
		{ "yahoo.co.uk", "yahoo" },
		{ "googlemail.com", "gmail" },
		{ "web.de", "gmx" },
		{ "gmx.net,WEB.DE", "gmx" },
		{ "wanadoo.fr,orange.fr", "orange" },
		{ "laposte.net", "laposte" },
		{ "docomo.ne.jp", "docomo" },
		{ "mail.ru,inbox.ru", "mailru" },
		{ "standards", "standards" },
		{ "all", ALL },
		{ "gmail,all", ALL },
		{ "naver,ALL", ALL },
		{ "naver,gmail,naver.com", "naver,gmail" },
	};
	char got[512];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct arena *a = arena_new(1 << 16, 1024);
		struct settings s;

		assert_non_null(a);
		s = settings_of(a, names[i][0]);
		asked(&s, got, sizeof(got));
		if (strcmp(got, names[i][1]) != 0)
			fail_msg("%s: %s", names[i][0], got);
		arena_free(a);
	}
}

static void
the_standards_are_no_provider_unless_named(void **state)
{
	struct arena *a = arena_new(1 << 16, 1024);
	char got[512];
	struct settings s;

	(void)state;
	assert_non_null(a);
	s = settings_of(a, "standards,all");
	asked(&s, got, sizeof(got));
	assert_string_equal(got, ALL ",standards");
	arena_free(a);
}

static void
an_unknown_name_is_told_with_the_known_ones(void **state)
{
	static const char *const names[] = { "gmial", "mail.com", "mail", "ru",
		"t-online.de", ".", "gmail,\033[31m" };
	char got[512];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct arena *a = arena_new(1 << 16, 1024);
		struct settings s;

		assert_non_null(a);
		s = settings_of(a, names[i]);
		asked(&s, got, sizeof(got));
		if (strncmp(got, "! --provider: there are no rules for '",
			38) != 0)
			fail_msg("%s: %s", names[i], got);
		assert_non_null(strstr(got, "'; there are for gmail, yahoo, "));
		assert_null(strchr(got, '\033'));
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_provider_goes_by_several_names),
		cmocka_unit_test(the_standards_are_no_provider_unless_named),
		cmocka_unit_test(an_unknown_name_is_told_with_the_known_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
