#include "checks/table.h"

/* The order is that of the report. */
const struct check *const checks[] = {
	&check_ptr,
	&check_helo,
	&check_mx,
	&check_tls,
	&check_mta_sts,
	&check_tls_rpt,
	&check_dane,
	&check_spf,
	&check_dkim,
	&check_arc,
	&check_dmarc,
	&check_misplaced,
	&check_format,
	&check_unsubscribe,
	&check_feedback,
	&check_idn,
	&check_hops,
	&check_receiver,
	&check_zone,
	&check_authoritative,
	&check_postmaster,
	NULL,
};
