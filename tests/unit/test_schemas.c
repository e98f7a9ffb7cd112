#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bounces/batch.h"
#include "bounces/provider.h"
#include "probes/recording.h"
#include "rules/bounce.h"
#include "rules/rules.h"

/*
 * The words of the schemas (audit/schemas) are those that the program's tables
 * have, in their order, and no others.
 */

static json_t *
schema(const char *name)
{
	const char *top = getenv("top_srcdir");
	json_error_t error;
	char path[4096];
	json_t *s;

	(void)snprintf(path, sizeof(path), "%s/audit/schemas/%s-1.json",
	    top != NULL ? top : ".", name);
	s = json_load_file(path, 0, &error);
	if (s == NULL)
		fail_msg("%s:%d: %s", path, error.line, error.text);
	return s;
}

/* Below it by names with a blank between, down to the list of words. */
static const json_t *
words_of(const json_t *s, const char *path)
{
	struct slice rest = slice_str(path), name;

	while (rest.n > 0) {
		(void)slice_cut(rest, ' ', &name, &rest);
		s = json_object_getn(s, (const char *)name.p, name.n);
	}
	s = json_object_get(s, "enum");
	if (!json_is_array(s))
		fail_msg("%s: has no words", path);
	return s;
}

/* A table by number, from its first to where there is no other. */
typedef const char *name_by(unsigned int);

static void
has_words(const char *file, const char *path, name_by *name)
{
	json_t *s = schema(file);
	const json_t *words = words_of(s, path);
	unsigned int n = 0;

	for (; name(n) != NULL; n++) {
		const char *word = json_string_value(json_array_get(words, n));

		if (word == NULL || strcmp(word, name(n)) != 0)
			fail_msg("%s: %s: %s, and the program has %s", file,
			    path, word != NULL ? word : "nothing", name(n));
	}
	assert_true(n > 1);
	assert_int_equal(json_array_size(words), n);
	json_decref(s);
}

static const char *
cause_by(unsigned int i)
{
	return i < CAUSE_NO_DATA ? cause_name((enum cause)(i + 1)) : NULL;
}

static const char *
reason_by(unsigned int i)
{
	return i < BOUNCE_REASONS ? bounce_reason_name((enum bounce_reason)i)
				  : NULL;
}

/* The gravest is the last in the program and the first in the schema. */
static const char *
level_by(unsigned int i)
{
	return i <= LEVEL_MUST ? level_name((enum level)(LEVEL_MUST - i))
			       : NULL;
}

static const char *
consequence_by(unsigned int i)
{
	return i <= CONSEQUENCE_REJECT ? consequence_name((enum consequence)(
					     CONSEQUENCE_REJECT - i))
				       : NULL;
}

static const char *
audience_by(unsigned int i)
{
	return i <= AUDIENCE_BULK
		   ? audience_name((enum audience)(AUDIENCE_BULK - i))
		   : NULL;
}

static const char *
class_by(unsigned int i)
{
	return i <= CLASS_TRANSACTIONAL ? mail_class_name((enum mail_class)i)
					: NULL;
}

static const char *
seen_by(unsigned int i)
{
	return recording_seen[i];
}

static const char *
stage_by(unsigned int i)
{
	return recording_stages[i];
}

/* Of dns and smtp each has a form of its own. */
static const char *
kind_by(unsigned int i)
{
	return recording_kinds[i + QUESTION_HTTP];
}

static void
words_are_those_of_the_program(void **state)
{
	static const char *const audits[] = { "audit", "bounces", "diff" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		has_words(audits[i], "$defs cause", cause_by);
		has_words(audits[i], "$defs consequence", consequence_by);
		has_words(audits[i], "$defs audience", audience_by);
	}
	has_words("audit", "$defs level", level_by);
	has_words("diff", "$defs level", level_by);
	has_words("rules", "$defs level", level_by);
	has_words("rules", "$defs consequence", consequence_by);
	has_words("rules", "$defs audience", audience_by);
	has_words("rules", "$defs definition properties class", class_by);
	has_words("bounces", "$defs reason", reason_by);
	has_words("event", "$defs reason", reason_by);
	has_words("explain", "$defs reason", reason_by);
	has_words("evidence", "$defs cause", cause_by);
	has_words("evidence", "$defs entry properties seen", seen_by);
	has_words("evidence", "$defs smtp properties stage", stage_by);
}

static const json_t *
nth(const json_t *s, const char *def, const char *list, size_t n)
{
	return json_array_get(json_object_get(json_object_get(json_object_get(s,
								  "$defs"),
						  def),
				  list),
	    n);
}

static void
kinds_of_questions_are_those_of_the_program(void **state)
{
	json_t *s = schema("evidence");
	const json_t *words =
	    words_of(nth(s, "question", "oneOf", 2), "properties kind");
	size_t n = 0;

	(void)state;
	for (; kind_by((unsigned int)n) != NULL; n++)
		assert_string_equal(json_string_value(json_array_get(words, n)),
		    kind_by((unsigned int)n));
	assert_int_equal(json_array_size(words), n);
	json_decref(s);
}

static void
identities_are_those_of_the_program(void **state)
{
	static const char *const files[] = { "bounces", "explain" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		json_t *s = schema(files[i]);
		const json_t *o =
		    json_object_get(i == 0 ? json_object_get(s, "$defs")
					   : json_object_get(s, "properties"),
			"identity");

		o = json_object_get(o, "properties");
		assert_int_equal(json_object_size(o), BOUNCE_IDENTITIES);
		for (int k = 0; k < BOUNCE_IDENTITIES; k++)
			assert_non_null(json_object_get(o,
			    bounce_identity_name(
				(enum bounce_identity_kind)k)));
		json_decref(s);
	}
}

static void
cuts_are_those_of_the_program(void **state)
{
	json_t *s = schema("bounces");
	const json_t *o = json_object_get(json_object_get(s, "$defs"), "input");

	(void)state;
	o = json_object_get(json_object_get(o, "properties"), "cut");
	o = json_object_get(o, "properties");
	assert_int_equal(json_object_size(o), CUTS);
	for (int i = 0; i < CUTS; i++)
		assert_non_null(json_object_get(o, cut_name((enum cut)i)));
	json_decref(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_those_of_the_program),
		cmocka_unit_test(kinds_of_questions_are_those_of_the_program),
		cmocka_unit_test(identities_are_those_of_the_program),
		cmocka_unit_test(cuts_are_those_of_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
