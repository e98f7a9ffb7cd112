#ifndef MESSAGE_HTML_H
#define MESSAGE_HTML_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * What a person sees of an HTML body and what not: its links, its text, and
 * the text that its inline styles hide.  Style sheets are not looked at.
 */

/* By which of these something is hidden; the outermost counts. */
enum html_way {
	HTML_SHOWN,
	HTML_DISPLAY,    /* display:none, or the attribute hidden */
	HTML_VISIBILITY, /* visibility:hidden */
	HTML_FONT_SIZE,  /* of one pixel at most */
	HTML_OPACITY,    /* opacity:0 */
	HTML_HEIGHT,     /* none, and what overflows is hidden */
	HTML_COLOR,      /* that of the background */
	HTML_WAYS,
};

/* "display:none" and so on; stable. */
const char *html_way_name(enum html_way);

struct html_link {
	struct slice href;   /* white space at its ends is gone */
	struct slice text;   /* with the alt of images; may be empty */
	struct slice label;  /* title or aria-label; or nothing */
	struct slice around; /* as much of the line of its text; HTML_AROUND */
	size_t line;         /* from 1, in the body given */
	enum html_way hidden;
	bool image; /* there is one in it */
};

/* A stretch of hidden text. */
struct html_hidden {
	struct slice text;
	size_t line;
	enum html_way way;
	/* Before all that is seen: what mailboxes show beside the subject. */
	bool preheader;
};

struct html {
	const struct html_link *links; /* in the order of the body */
	size_t n_links;
	const struct html_hidden *hidden;
	size_t n_hidden;
	struct slice text;   /* what is seen; a block a line, spaces single */
	const char *missing; /* why nothing could be read; or NULL */
	const char *cut;     /* why the rest was not looked at; or NULL */
};

/*
 * Reads a body in UTF-8 with libxml2, which is loaded for it.  What is in
 * out lives in the arena.  RC_NOMEM or RC_LIMIT (arena ceiling) only.
 */
enum rc html_read(struct arena *, struct slice body, struct html *out);

#endif
