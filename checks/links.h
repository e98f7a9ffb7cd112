#ifndef CHECKS_LINKS_H
#define CHECKS_LINKS_H

#include "base/slice.h"

/* Links of bodies, as readers' programs take them. */

/*
 * The host of an http or https URI, as it is written, an address in brackets
 * without what follows; or nothing.
 */
struct slice link_host(struct slice uri);

/*
 * Takes the next http, https or mailto URI off a plain text, as far as none
 * ends it; or nothing.
 */
struct slice link_next(struct slice *rest);

#endif
