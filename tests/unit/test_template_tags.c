#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "message/template_tags.h"

/* text, and the place-holder in it; NULL: none. */
static const struct {
	const char *text, *tag;
} cases[] = {
	{ "Hello {{name}}, hello", "{{name}}" },
	{ "Hello {{ contact.first_name | default: 'friend' }}!",
	    "{{ contact.first_name | default: 'friend' }}" },
	{ "{{{raw}}}", "{{{raw}}}" },
	{ "a {% if x %} b", "{% if x %}" },
	{ "Hi %%FNAME%%", "%%FNAME%%" },
	{ "Hi %%=v(@first)=%%", "%%=v(@first)=%%" },
	{ "Dear *|FNAME|*,", "*|FNAME|*" },
	{ "*|IF:FNAME|*x", "*|IF:FNAME|*" },
	{ "Hi <%= user.name %>", "<%= user.name %>" },
	{ "Hi ${firstName}", "${firstName}" },
	{ "Hi $!{first}", "$!{first}" },
	{ "Hi #{name}", "#{name}" },
	{ "Hi [[First Name]]", "[[First Name]]" },
	{ "Hi [[data:firstname:\"\"]]", "[[data:firstname:\"\"]]" },
	{ "Hi %FIRSTNAME%", "%FIRSTNAME%" },
	{ "Hi %recipient.first_name%", "%recipient.first_name%" },
	{ "Hi ~Contact.FirstName~", "~Contact.FirstName~" },
	{ "Hi {!Contact.FirstName}", "{!Contact.FirstName}" },
	{ "Hi [FIRSTNAME]", "[FIRSTNAME]" },
	{ "Hi [First_Name,fallback=you]", "[First_Name,fallback=you]" },
	{ "Hi {first_name}", "{first_name}" },
	{ "Hi {$name}", "{$name}" },
	{ "Hi #FIRST_NAME#", "#FIRST_NAME#" },
	{ "Hi ##name##", "##name##" },
	{ "Hi << First Name >>", "<< First Name >>" },
	{ "{ { [ %% {{x}}", "{{x}}" },
	{ "", NULL },
	{ "[URGENT] 50% off, 100% of 20% {sic} #fff# {{ }}", NULL },
	{ "{{name", NULL },
	{ "{{foo}", NULL },
	{ "{{na\nme}}", NULL },
	{ "{{}}", NULL },
	{ "%%%%", NULL },
	{ "caf%C3%A9%20 %20%AB%", NULL },
	{ "a <b> c </b> ~1.5~ ~a~ ~.a.~", NULL },
	{ "#f00#, [1], [name1], {a:b}, $5, ${}", NULL },
	{ "[averyveryveryverylongwordthatisnone]", NULL },
	{ "\xc3\xa4{{\xc3\xa4}}", NULL },
};

static void
place_holders_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice all = slice_str(cases[i].text), tag = SLICE_NONE;
		bool found = template_tag_find(all, &tag);

		if (found != (cases[i].tag != NULL) ||
		    (found && !slice_eq(tag, slice_str(cases[i].tag))))
			fail_msg("\"%s\": \"%.*s\"", cases[i].text,
			    SLICE_FMT(tag));
	}
}

static void
a_long_one_is_none(void **state)
{
	char text[1024] = "{{";
	struct slice tag;

	(void)state;
	memset(text + 2, 'a', sizeof(text) - 4);
	memcpy(text + sizeof(text) - 2, "}}", 2);
	assert_false(template_tag_find(slice_of(text, sizeof(text)), &tag));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(place_holders_are_found),
		cmocka_unit_test(a_long_one_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
