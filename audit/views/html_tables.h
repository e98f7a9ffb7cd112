#ifndef AUDIT_VIEWS_HTML_TABLES_H
#define AUDIT_VIEWS_HTML_TABLES_H

#include "audit/views/table.h"

/* Tables of an audit that a page folds away, and which columns it shows. */

extern const struct table html_signatures, html_keys, html_reports, html_hosts,
    html_addresses, html_mx, html_hops, html_receiver, html_zone_missing,
    html_zone_differs, html_servers, html_differences, html_google,
    html_figures;

#endif
