#ifndef BASE_SCRIPTS_H
#define BASE_SCRIPTS_H

#include "base/slice.h"

/*
 * How far the scripts of a word are mixed, by the restriction levels of Unicode
 * Technical Standard #39 5.2, the strictest first.
 */
enum scripts_level {
	SCRIPTS_ASCII,
	SCRIPTS_SINGLE, /* all of one script */
	SCRIPTS_HIGH,   /* Latin with Japanese, Chinese or Korean */
	SCRIPTS_MODERATE,
	SCRIPTS_MINIMAL,
	SCRIPTS_UNRESTRICTED, /* characters that no identifier may have, too */
};

/* "highly-restrictive": stable. */
const char *scripts_level_name(enum scripts_level);

/*
 * The tables are those of ICU, which is loaded here: it brings 40 MB of data
 * and the C++ library, and few runs see a domain that needs them.
 */
struct scripts;

/* NULL: *why is a sentence part. */
struct scripts *scripts_open(const char **why);
void scripts_close(struct scripts **);

/* Of a word in UTF-8, such as a label.  False: ICU cannot tell. */
bool scripts_level_of(const struct scripts *, struct slice word,
    enum scripts_level *out);

#endif
