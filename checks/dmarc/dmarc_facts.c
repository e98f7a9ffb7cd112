#include "checks/dmarc/dmarc_facts.h"

const struct fact_doc dmarc_facts[] = {
	{ "name", "text",
	    "where the domain's own record stands: _dmarc.DOMAIN" },
	{ "record", "text",
	    "the record that applies by RFC 9989: the domain's own, or its "
	    "organizational domain's, or the public suffix's; null: there is "
	    "none" },
	{ "location", "text", "the name where it was found; null: none" },
	{ "policy", "none|quarantine|reject",
	    "what applies to this domain: none, quarantine or reject, from p, "
	    "sp or np, a step lower with t=y; null: no record, or one by which "
	    "no DMARC is done" },
	{ "applies", "p|sp|np",
	    "the tag that policy is of: p, sp or np; null: none decided" },
	{ "p_tag", "none|quarantine|reject",
	    "the record's p, if it is there and valid; null: it is not" },
	{ "testing", "bool", "the record has t=y; null: no record" },
	{ "adkim", "relaxed|strict",
	    "how DKIM is aligned: relaxed or strict; null: no record" },
	{ "aspf", "relaxed|strict", "the same of SPF; null: no record" },
	{ "rua", "list",
	    "where aggregate reports go, as published: what is a URI; empty: "
	    "nowhere" },
	{ "rua[]", "text", "an item of it" },
	{ "ruf", "list", "the same of failure reports" },
	{ "ruf[]", "text", "an item of it" },
	{ "domain_exists", "bool", "DNS has the domain, with any type at all" },
	{ "defect", "text",
	    "why there is no p that can be used, in words; null: there is" },
	{ "suggested", "text",
	    "a record for name: the one that is there, mended where it must "
	    "be, with p=none if it has no p; or one that asks for no more than "
	    "reports" },
	{ "with_rua", "text",
	    "a record for location: the one that is there, mended, with an rua "
	    "if it has none that can be read; null: no record" },
	{ "records_found", "number",
	    "DMARC records at name; more than one count as none" },
	{ "walk", "list", "the queries of the tree walk, in its order" },
	{ "walk[].name", "text", "the name that is asked" },
	{ "walk[].records", "number", "DMARC records there" },
	{ "walk[].psd", "y|n|u",
	    "its psd: y, n or u; null: it has none, or there is no record" },
	{ "organizational_domain", "object", "the domain's, by both ways" },
	{ "organizational_domain.tree_walk", "text",
	    "by the tree walk of RFC 9989" },
	{ "organizational_domain.psl", "text",
	    "by the public suffix list, as in RFC 7489; a public suffix's is "
	    "itself" },
	{ "psl", "object", "what receivers find that go by RFC 7489" },
	{ "psl.source", "text", "the list: \"built in\", or its file" },
	{ "psl.record", "text", "the record that applies; null: none" },
	{ "psl.location", "text", "the name where it was found; null: none" },
	{ "psl.policy", "none|quarantine|reject",
	    "what applies to this domain; null: nothing" },
	{ "psl.aligned_spf", "bool", "as aligned_spf, by the list" },
	{ "psl.aligned_dkim", "bool", "as aligned_dkim, by the list" },
	{ "psl.result", "none|pass|fail|temperror|permerror",
	    "as result, by the list" },
	{ "methods_agree", "bool",
	    "both ways give one organizational domain, record and policy" },
	{ "aligned_spf", "bool",
	    "the envelope sender's domain (for the null sender the HELO name) "
	    "is aligned with the domain, as aspf says, by the tree walk" },
	{ "aligned_dkim", "bool",
	    "a DKIM signature of the sample passes, and its domain is aligned "
	    "with the From domain, as adkim says, by the tree walk" },
	{ "result", "none|pass|fail|temperror|permerror",
	    "none: no record; pass: by SPF from every sending IP, or by a DKIM "
	    "signature, aligned; fail: by neither; temperror: the record "
	    "cannot be had now; permerror: From has not one domain, or is "
	    "there twice" },
	{ "author_domains", "list",
	    "the domains of the sample's From; without a sample the domain" },
	{ "author_domains[]", "text", "one of them" },
	{ "external_reports", "list",
	    "addresses of rua and ruf at other organizations" },
	{ "external_reports[].target", "text", "the address's domain" },
	{ "external_reports[].uri", "text", "as published" },
	{ "external_reports[].tag", "rua|ruf", "rua or ruf" },
	{ "external_reports[].name", "text",
	    "where it has to say that it takes them" },
	{ "external_reports[].authorized", "bool", "it does" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "dmarc.*",
	    "stable: dmarc.multiple-records, dmarc.bad-version, "
	    "dmarc.version-case, dmarc.spf-record, dmarc.name-too-long, dmarc.no-policy, "
	    "dmarc.p-missing, dmarc.p-not-second, dmarc.TAG-invalid of any "
	    "tag, dmarc.rua-no-scheme, dmarc.rua-scheme, dmarc.rua-separator, "
	    "dmarc.rua-empty and the same of ruf, dmarc.no-rua, "
	    "dmarc.fo-without-ruf, dmarc.many-uris, dmarc.syntax, "
	    "dmarc.no-semicolon, dmarc.comma, dmarc.quotes, "
	    "dmarc.smart-quotes, dmarc.backslash, dmarc.non-ascii, "
	    "dmarc.empty-tag, dmarc.duplicate-tag, dmarc.unknown-tag, "
	    "dmarc.tag-case, dmarc.obsolete-tag, dmarc.obsolete-size, "
	    "dmarc.sp-no-effect, dmarc.np-no-effect, dmarc.methods-differ, "
	    "dmarc.report-not-authorized, dmarc.from-none, "
	    "dmarc.from-multiple, dmarc.from-differs" },
	{ "problems[].severity", "error|warning|advice",
	    "error: it does not do what it is for; warning: with some "
	    "receivers; advice: there is better" },
	{ "problems[].detail", "text", "what it does, and what to write" },
	{ NULL, NULL, NULL },
};
