#ifndef AUDIT_VIEWS_HTML_CHART_H
#define AUDIT_VIEWS_HTML_CHART_H

#include "audit/views/html.h"

/*
 * Columns of time, each stacked of what it is made of, as inline SVG; below it
 * which colour is what, and the numbers as a table.
 */
struct html_chart {
	const json_t *steps; /* {when, series, "count"}, in order of time */
	const char *when;    /* their member "day" or "hour" */
	const char *series;  /* "reason" or "provider" */
	const char *title;   /* "By reason" */
	/* How a series is named to people; NULL: by itself. */
	const char *(*name)(const char *);
};

/* Whether there are two steps at least: of one there is nothing to compare. */
bool html_chart_wanted(const struct html_chart *);
void html_chart_show(struct html *, const struct html_chart *);

#endif
