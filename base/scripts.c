#include "base/scripts.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <unicode/uspoof.h>
#include <unicode/uvernum.h>

#include "base/limits.h"

#define ICU_SONAME "libicui18n.so." U_ICU_VERSION_SHORT

/* ICU's headers add the release to each name: uspoof_open_72. */
#define NAME_OF(macro)  NAME_OF_THAT(macro)
#define NAME_OF_THAT(x) #x

struct scripts {
	USpoofChecker *checker;
	USpoofCheckResult *result;
	__typeof__(uspoof_open) *open;
	__typeof__(uspoof_close) *close;
	__typeof__(uspoof_getRecommendedSet) *recommended;
	__typeof__(uspoof_getInclusionSet) *inclusion;
	__typeof__(uset_openEmpty) *set_open;
	__typeof__(uset_addAll) *set_add;
	__typeof__(uset_close) *set_close;
	__typeof__(uspoof_setAllowedChars) *allow;
	__typeof__(uspoof_setChecks) *set_checks;
	__typeof__(uspoof_openCheckResult) *open_result;
	__typeof__(uspoof_closeCheckResult) *close_result;
	__typeof__(uspoof_check2UTF8) *check;
	__typeof__(uspoof_getCheckResultRestrictionLevel) *level;
};

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
	{ NAME_OF(uspoof_open), offsetof(struct scripts, open) },
	{ NAME_OF(uspoof_close), offsetof(struct scripts, close) },
	{ NAME_OF(uspoof_getRecommendedSet),
	    offsetof(struct scripts, recommended) },
	{ NAME_OF(uspoof_getInclusionSet),
	    offsetof(struct scripts, inclusion) },
	{ NAME_OF(uset_openEmpty), offsetof(struct scripts, set_open) },
	{ NAME_OF(uset_addAll), offsetof(struct scripts, set_add) },
	{ NAME_OF(uset_close), offsetof(struct scripts, set_close) },
	{ NAME_OF(uspoof_setAllowedChars), offsetof(struct scripts, allow) },
	{ NAME_OF(uspoof_setChecks), offsetof(struct scripts, set_checks) },
	{ NAME_OF(uspoof_openCheckResult),
	    offsetof(struct scripts, open_result) },
	{ NAME_OF(uspoof_closeCheckResult),
	    offsetof(struct scripts, close_result) },
	{ NAME_OF(uspoof_check2UTF8), offsetof(struct scripts, check) },
	{ NAME_OF(uspoof_getCheckResultRestrictionLevel),
	    offsetof(struct scripts, level) },
};

static const struct {
	URestrictionLevel icu;
	const char *name;
} levels[] = {
	[SCRIPTS_ASCII] = { USPOOF_ASCII, "ascii-only" },
	[SCRIPTS_SINGLE] = { USPOOF_SINGLE_SCRIPT_RESTRICTIVE,
	    "single-script" },
	[SCRIPTS_HIGH] = { USPOOF_HIGHLY_RESTRICTIVE, "highly-restrictive" },
	[SCRIPTS_MODERATE] = { USPOOF_MODERATELY_RESTRICTIVE,
	    "moderately-restrictive" },
	[SCRIPTS_MINIMAL] = { USPOOF_MINIMALLY_RESTRICTIVE,
	    "minimally-restrictive" },
	[SCRIPTS_UNRESTRICTED] = { USPOOF_UNRESTRICTIVE, "unrestricted" },
};

enum { N_LEVELS = sizeof(levels) / sizeof(levels[0]) };

const char *
scripts_level_name(enum scripts_level level)
{
	return levels[level].name;
}

static const char *
load(struct scripts *s)
{
	void *library = dlopen(ICU_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return ICU_SONAME " could not be loaded";
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *address = dlsym(library, symbols[i].name);

		if (address == NULL)
			return ICU_SONAME " lacks a function";
		memcpy((char *)s + symbols[i].at, &address, sizeof(address));
	}
	return NULL;
}

/* UTS #39 3.1: letters and digits, and a few signs such as the hyphen. */
static void
allow(struct scripts *s, UErrorCode *status)
{
	const USet *recommended = s->recommended(status);
	const USet *inclusion = s->inclusion(status);
	USet *both;

	if (U_FAILURE(*status))
		return;
	both = s->set_open();
	if (both == NULL) {
		*status = U_MEMORY_ALLOCATION_ERROR;
		return;
	}
	s->set_add(both, recommended);
	s->set_add(both, inclusion);
	s->allow(s->checker, both, status);
	s->set_close(both);
}

static const char *
set_up(struct scripts *s)
{
	UErrorCode status = U_ZERO_ERROR;

	s->checker = s->open(&status);
	s->result = s->open_result(&status);
	allow(s, &status);
	s->set_checks(s->checker, USPOOF_RESTRICTION_LEVEL | USPOOF_AUX_INFO,
	    &status);
	return U_SUCCESS(status) ? NULL : ICU_SONAME " could not be set up";
}

struct scripts *
scripts_open(const char **why)
{
	struct scripts *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		*why = "there is no memory for it";
		return NULL;
	}
	*why = load(s);
	if (*why == NULL)
		*why = set_up(s);
	if (*why != NULL)
		scripts_close(&s);
	return s;
}

void
scripts_close(struct scripts **s)
{
	if (*s == NULL)
		return;
	if ((*s)->result != NULL)
		(*s)->close_result((*s)->result);
	if ((*s)->checker != NULL)
		(*s)->close((*s)->checker);
	free(*s);
	*s = NULL;
}

bool
scripts_level_of(const struct scripts *s, struct slice word,
    enum scripts_level *out)
{
	UErrorCode status = U_ZERO_ERROR;
	URestrictionLevel level;

	if (word.n > LIMIT_DOMAIN_TEXT)
		return false;
	(void)s->check(s->checker, word.n > 0 ? (const char *)word.p : "",
	    (int32_t)word.n, s->result, &status);
	level = s->level(s->result, &status);
	for (int i = 0; U_SUCCESS(status) && i < N_LEVELS; i++) {
		if (levels[i].icu == level) {
			*out = (enum scripts_level)i;
			return true;
		}
	}
	return false;
}
