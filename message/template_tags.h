#ifndef MESSAGE_TEMPLATE_TAGS_H
#define MESSAGE_TEMPLATE_TAGS_H

#include "base/slice.h"

/*
 * Finds the first place-holder of a mail template that nobody filled in, of
 * the forms that mail services use: {{name}}, {% if x %}, %%FNAME%%, *|FNAME|*,
 * <%= name %>, ${name}, #{name}, [[First Name]], %FIRSTNAME%, ~Contact.Name~,
 * and in single brackets, braces or signs ([FIRSTNAME], {first_name},
 * #FIRST_NAME#) the words that are known to be such.  *tag is a part of text.
 * Linear; octets that are no ASCII are never the beginning of one.
 */
bool template_tag_find(struct slice text, struct slice *tag);

#endif
