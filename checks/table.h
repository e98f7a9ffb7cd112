#ifndef CHECKS_TABLE_H
#define CHECKS_TABLE_H

#include "checks/check.h"

/* One line a check; its row is in table.c. */
extern const struct check check_ptr;
extern const struct check check_helo;
extern const struct check check_mx;
extern const struct check check_replies;
extern const struct check check_tls;
extern const struct check check_mta_sts;
extern const struct check check_tls_rpt;
extern const struct check check_dane;
extern const struct check check_spf;
extern const struct check check_spf_from;
extern const struct check check_dkim;
extern const struct check check_arc;
extern const struct check check_dmarc;
extern const struct check check_bimi;
extern const struct check check_misplaced;
extern const struct check check_blocklist;
extern const struct check check_format;
extern const struct check check_unsubscribe;
extern const struct check check_feedback;
extern const struct check check_idn;
extern const struct check check_hops;
extern const struct check check_receiver;
extern const struct check check_zone;
extern const struct check check_authoritative;
extern const struct check check_postmaster;
extern const struct check check_spam_rate;

#endif
