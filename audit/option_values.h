#ifndef AUDIT_OPTION_VALUES_H
#define AUDIT_OPTION_VALUES_H

#include "audit/options.h"

/*
 * Takes the text of one option into its field of the settings, by the row's
 * kind (not OPTION_HELP and OPTION_VERSION, which have none).  What is wrong
 * with it comes back as half a sentence behind the value; NULL: nothing.
 */
const char *option_take(struct arena *, const struct option_row *,
    const char *value, struct settings *);

const char *option_add_string(struct arena *, struct string_list *,
    const char *);

#endif
