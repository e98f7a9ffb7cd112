#ifndef MESSAGE_HTML_STYLE_H
#define MESSAGE_HTML_STYLE_H

#include "message/html.h"

/* A colour by its red, green and blue; or not known. */
struct html_color {
	bool known;
	uint32_t rgb;
};

/*
 * How an element is shown: what its own attributes say, over what it has from
 * those around it.
 */
struct html_style {
	enum html_way gone; /* nothing within can undo it; or HTML_SHOWN */
	bool invisible;
	bool tiny;
	struct html_color color;
	struct html_color background;
};

/* name is an attribute's, in lower case; value as it stands. */
void html_style_attribute(struct html_style *, struct slice name,
    struct slice value);

/* Why text in it is not seen; or HTML_SHOWN. */
enum html_way html_style_hides(const struct html_style *);

#endif
