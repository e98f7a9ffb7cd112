#include "checks/receiver/receiver_facts.h"

const struct fact_doc receiver_facts[] = {
	{ "house", "text",
	    "the receiver, as in hops.delivery.receiver; null: the sample was "
	    "not delivered from outside" },
	{ "time", "text", "when it took the message; null: it does not say" },
	{ "results", "list",
	    "what it wrote of SPF, DKIM and DMARC (those of "
	    "hops.authentication that are trusted), beside our own" },
	{ "results[].name", "text",
	    "spf, dmarc, or dkim with domain, selector and the beginning of "
	    "the signature, as far as told" },
	{ "results[].method", "spf|dkim|dmarc", "spf, dkim or dmarc" },
	{ "results[].domain", "text",
	    "of the SPF identity, of d= or of From; null: not told" },
	{ "results[].selector", "text", "of DKIM; null: none, or not told" },
	{ "results[].line", "number", "of the field in the message" },
	{ "results[].theirs", "text", "their result, in lower case" },
	{ "results[].ours", "text",
	    "ours; null: the sample has no such signature" },
	{ "results[].agree", "bool",
	    "the same; of DKIM, whose receivers do not keep to the words of "
	    "RFC 8601, both pass or both do not" },
	{ "results[].cause", "text",
	    "why not: dns-changed, other-address, other-identity, best-guess, "
	    "their-temperror, key-gone, key-changed, altered, expired, "
	    "signature-gone, ed25519, stricter, follows (DMARC, of SPF or DKIM), override or unclear; null: "
	    "they agree" },
	{ "results[].explanation", "text", "for people; null: they agree" },
	{ "problems", "list",
	    "where they differ: receiver.failed-there (it passes here), "
	    "receiver.passed-there (it does not here), receiver.differs" },
	{ "problems[].code", "text", "receiver.NAME" },
	{ "problems[].method", "spf|dkim|dmarc", "spf, dkim or dmarc" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};
