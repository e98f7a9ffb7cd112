#ifndef BASE_WSP_H
#define BASE_WSP_H

#include "base/slice.h"

/*
 * Where white space is not in its shortest form: the offset, from at on, of
 * the first tab, or of the first space that has white space or a control
 * behind it or stands at the end.  s.n: nowhere.
 */
size_t wsp_find_untidy(struct slice s, size_t at);

#endif
