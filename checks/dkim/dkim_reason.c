#include "checks/dkim/dkim_reason.h"

#include <stddef.h>

const char *
dkim_result_name(enum dkim_result r)
{
	switch (r) {
	case DKIM_NONE:
		return "none";
	case DKIM_PASS:
		return "pass";
	case DKIM_FAIL:
		return "fail";
	case DKIM_POLICY:
		return "policy";
	case DKIM_NEUTRAL:
		return "neutral";
	case DKIM_TEMPERROR:
		return "temperror";
	case DKIM_PERMERROR:
		return "permerror";
	}
	return "none";
}

struct row {
	const char *name;
	enum dkim_result result;
};

/*
 * RFC 8601 2.7.1: "fail" is of a signature that was verified; "policy" of one
 * that is not acceptable, as by RFC 8301; "permerror" of one that cannot be
 * verified, ever; "neutral" of one that was not processed.
 */
static const struct row rows[DKIM_REASONS] = {
	[DKIM_VALID] = { NULL, DKIM_PASS },
	[DKIM_SYNTAX] = { "signature-syntax", DKIM_PERMERROR },
	[DKIM_TAG_MISSING] = { "signature-tag-missing", DKIM_PERMERROR },
	[DKIM_TAG_TWICE] = { "signature-tag-twice", DKIM_PERMERROR },
	[DKIM_TAG_VALUE] = { "signature-tag-value", DKIM_PERMERROR },
	[DKIM_VERSION] = { "signature-version", DKIM_PERMERROR },
	[DKIM_ALGORITHM] = { "algorithm-unknown", DKIM_PERMERROR },
	[DKIM_SHA1] = { "algorithm-sha1", DKIM_POLICY },
	[DKIM_FROM_UNSIGNED] = { "from-not-signed", DKIM_PERMERROR },
	[DKIM_IDENTITY] = { "identity-mismatch", DKIM_PERMERROR },
	[DKIM_QUERY] = { "query-unknown", DKIM_PERMERROR },
	[DKIM_EXPIRED] = { "signature-expired", DKIM_PERMERROR },
	[DKIM_KEY_LOST] = { "key-lost", DKIM_TEMPERROR },
	[DKIM_KEY_MISSING] = { "key-missing", DKIM_PERMERROR },
	[DKIM_KEY_SEVERAL] = { "key-several", DKIM_PERMERROR },
	[DKIM_KEY_SYNTAX] = { "key-syntax", DKIM_PERMERROR },
	[DKIM_KEY_REVOKED] = { "key-revoked", DKIM_PERMERROR },
	[DKIM_KEY_TYPE] = { "key-type", DKIM_PERMERROR },
	[DKIM_KEY_HASH] = { "key-hash", DKIM_PERMERROR },
	[DKIM_KEY_SERVICE] = { "key-service", DKIM_PERMERROR },
	[DKIM_KEY_STRICT] = { "key-strict", DKIM_PERMERROR },
	[DKIM_KEY_SHORT] = { "key-too-short", DKIM_POLICY },
	[DKIM_KEY_LONG] = { "key-too-long", DKIM_POLICY },
	[DKIM_BODY_SHORT] = { "body-too-short", DKIM_FAIL },
	[DKIM_BODY_CHANGED] = { "body-changed", DKIM_FAIL },
	[DKIM_HEADER_CHANGED] = { "header-changed", DKIM_FAIL },
	[DKIM_KEY_MISMATCH] = { "key-mismatch", DKIM_FAIL },
	[DKIM_LIMIT] = { "limit", DKIM_NEUTRAL },
};

const char *
dkim_reason_name(enum dkim_reason r)
{
	return rows[r].name;
}

enum dkim_result
dkim_reason_result(enum dkim_reason r)
{
	return rows[r].result;
}
