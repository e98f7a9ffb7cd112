#include "checks/postmaster/postmaster_facts.h"

/* One requirement, as it is said twice. */
#define REQUIREMENT(name) \
	{ \
		"requirements." name, "text", \
		    "compliant, needs-work, unspecified, or a new word of Google's" \
	}
#define COMPLIANT(name) \
	{ \
		"compliant." name, "bool", \
		    "compliant (true) or needs-work (false)" \
	}
#define SHARE(name, what) \
	{ name, "object", what }, \
	    { name ".percent", "number", "the mean of the days" }, \
	    { name ".worst_percent", "number", "the lowest of the days" }, \
	{ \
		name ".days", "number", "how many days have the figure" \
	}
#define VERDICT(name, what) \
	{ name, "object", what }, \
	    { name ".status", "text", "as those of requirements" }, \
	{ \
		name ".reason", "text", "as Google words it; null: none" \
	}

const struct fact_doc postmaster_fact_docs[] = {
	{ "domain", "text",
	    "whose data it is: the domain, or its registrable domain where "
	    "Google has or shows no other" },
	{ "requirements", "object", "Google's verdicts, of up to seven days" },
	REQUIREMENT("SPF"),
	REQUIREMENT("DKIM"),
	REQUIREMENT("SPF_AND_DKIM"),
	REQUIREMENT("DMARC_POLICY"),
	REQUIREMENT("DMARC_ALIGNMENT"),
	REQUIREMENT("MESSAGE_FORMATTING"),
	REQUIREMENT("DNS_RECORDS"),
	REQUIREMENT("ENCRYPTION"),
	REQUIREMENT("USER_REPORTED_SPAM_RATE"),
	REQUIREMENT("ONE_CLICK_UNSUBSCRIBE"),
	REQUIREMENT("HONOR_UNSUBSCRIBE"),
	{ "compliant", "object",
	    "the same for rules: absent where Google does not say" },
	COMPLIANT("SPF"),
	COMPLIANT("DKIM"),
	COMPLIANT("SPF_AND_DKIM"),
	COMPLIANT("DMARC_POLICY"),
	COMPLIANT("DMARC_ALIGNMENT"),
	COMPLIANT("MESSAGE_FORMATTING"),
	COMPLIANT("DNS_RECORDS"),
	COMPLIANT("ENCRYPTION"),
	COMPLIANT("USER_REPORTED_SPAM_RATE"),
	COMPLIANT("ONE_CLICK_UNSUBSCRIBE"),
	COMPLIANT("HONOR_UNSUBSCRIBE"),
	VERDICT("one_click", "on one-click unsubscribing"),
	VERDICT("honor_unsubscribe", "on requests to be unsubscribed"),
	VERDICT("deliverability",
	    "on deliverability, a preview of Google's; null: it does not say"),
	{ "registrable", "object",
	    "what Google says of the registrable domain, where domain is a "
	    "sub-domain of it; null: nothing else" },
	{ "registrable.domain", "text", "the registrable domain" },
	{ "registrable.requirements", "object", "as requirements" },
	{ "from", "text", "the first of the thirty days" },
	{ "to", "text", "the last, which is that of the audit" },
	{ "days", "list", "the days that Google has figures of" },
	{ "days[].date", "text", "the day, as Google counts days" },
	{ "days[].spam_percent", "number",
	    "of the mail in inboxes, what users reported as spam" },
	{ "days[].spf_percent", "number", "what passed SPF" },
	{ "days[].dkim_percent", "number", "what passed DKIM" },
	{ "days[].dmarc_percent", "number", "what passed DMARC" },
	{ "days[].tls_percent", "number", "what came by TLS" },
	{ "missing_days", "list", "the days that Google has no figures of" },
	{ "missing_days[]", "text", "the day" },
	{ "spam_rate", "object", "what users report as spam" },
	{ "spam_rate.percent", "number",
	    "the mean of the days, whatever their volume" },
	{ "spam_rate.worst_percent", "number", "the highest of the days" },
	{ "spam_rate.latest_percent", "number", "the last day's" },
	{ "spam_rate.week_worst_percent", "number",
	    "the highest of the last seven days" },
	{ "spam_rate.days", "number", "how many days have the figure" },
	{ "spam_rate.from", "text", "the first of them" },
	{ "spam_rate.to", "text", "the last of them" },
	{ "spam_rate.source", "text", "postmaster" },
	{ "auth", "object", "what passed authentication" },
	SHARE("auth.spf", "SPF"),
	SHARE("auth.dkim", "DKIM"),
	SHARE("auth.dmarc", "DMARC"),
	SHARE("tls", "what came to Gmail by TLS"),
	{ "delivery_errors", "list", "what was turned away, by reason" },
	{ "delivery_errors[].type", "text", "reject or temp_fail" },
	{ "delivery_errors[].reason", "text",
	    "as Google words it: low_domain_reputation, spammy_content, ..." },
	{ "delivery_errors[].percent", "number", "the mean of the days" },
	{ "delivery_errors[].worst_percent", "number",
	    "the highest of the days" },
	{ "delivery_errors[].days", "number", "how many days have it" },
	{ 0 },
};
