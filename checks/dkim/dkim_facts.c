#include "checks/dkim/dkim_report.h"

const struct fact_doc dkim_facts[] = {
	{ "result", "none|pass|fail|policy|neutral|temperror|permerror",
	    "of all signatures together (RFC 8601): pass if one passes; else "
	    "the first there is of temperror, fail, policy, permerror, "
	    "neutral; none: there is no signature" },
	{ "pass", "bool", "one passes; not known with temperror" },
	{ "reason", "text", "why it is no pass, in words; null: it passes" },
	{ "signatures", "list",
	    "the DKIM-Signature fields, from the top, 50 at most" },
	{ "signatures[].name", "text",
	    "where its key is: SELECTOR._domainkey.DOMAIN; null: unreadable" },
	{ "signatures[].domain", "text", "d=; null: unreadable" },
	{ "signatures[].selector", "text", "s=; null: unreadable" },
	{ "signatures[].identity", "text", "i= as written; null: none" },
	{ "signatures[].algorithm", "text", "a= as written; null: none" },
	{ "signatures[].canonicalization", "text",
	    "c=, of header and body: relaxed/simple" },
	{ "signatures[].line", "number", "line of the message" },
	{ "signatures[].key_bits", "number",
	    "size of the key; null: no key that can be read" },
	{ "signatures[].result", "pass|fail|policy|neutral|temperror|permerror",
	    "pass, fail, policy, neutral, temperror, permerror (RFC 8601)" },
	{ "signatures[].pass", "bool",
	    "the result is pass; not known with temperror" },
	{ "signatures[].reason", "text",
	    "why it is no pass, stable: signature-syntax, "
	    "signature-tag-missing, signature-tag-twice, signature-tag-value, "
	    "signature-version, algorithm-unknown, algorithm-sha1, "
	    "from-not-signed, identity-mismatch, query-unknown, "
	    "signature-expired, key-lost, key-missing, key-several, "
	    "key-syntax, key-revoked, key-type, key-hash, key-service, "
	    "key-strict, key-too-short, key-too-long, body-too-short, "
	    "body-changed, header-changed, key-mismatch, limit; null: it "
	    "passes" },
	{ "signatures[].detail", "text",
	    "the same in words, with what to do; null: it passes" },
	{ "signatures[].body_cause",
	    "canonicalization|length|line-ends|footer|from-quoted|dot-stuffed|empty",
	    "what was done to the body, where that was found out: "
	    "canonicalization, length, line-ends, footer, from-quoted, "
	    "dot-stuffed, empty; null: it was not, or is not changed" },
	{ "signatures[].header_cause",
	    "canonicalization|field-added|duplicate|subject-prefix|from-rewritten|encoding|quotes|folding|copied",
	    "the same of the header: canonicalization, field-added, "
	    "duplicate, subject-prefix, from-rewritten, encoding, quotes, "
	    "folding, copied; null likewise" },
	{ "signatures[].changed", "text",
	    "name of the header field that was changed, where that was found "
	    "out; null likewise" },
	{ "signatures[].testing", "bool", "the key has t=y" },
	{ "signatures[].aligned", "bool",
	    "d= is aligned with the From domain (RFC 9989), strictly where the "
	    "DMARC record has adkim=s" },
	{ "signatures[].body_length", "number", "l=; null: none" },
	{ "signatures[].signed_at", "text", "t=; null: none" },
	{ "signatures[].expires", "text", "x=; null: none" },
	{ "signatures[].covers", "list",
	    "names of header fields that are there and all under it" },
	{ "signatures[].covers[]", "text", "one, in lower case" },
	{ "signatures[].oversigned", "list",
	    "names that h= has more often than the message" },
	{ "signatures[].oversigned[]", "text", "one, in lower case" },
	{ "signatures[].not_covered", "list",
	    "names of fields that should be under it and are not, or not all" },
	{ "signatures[].not_covered[]", "text", "one, in lower case" },
	{ "keys", "list",
	    "the keys that signatures and --selector name, each once" },
	{ "keys[].name", "text", "where it is; null: the selector is no name" },
	{ "keys[].domain", "text", "d= of the signature, or what is audited" },
	{ "keys[].selector", "text", "s= of the signature, or as given" },
	{ "keys[].present", "bool", "there is a TXT record" },
	{ "keys[].alias", "text", "where a CNAME leads; null: there is none" },
	{ "keys[].record", "text", "as published, joined; null: none" },
	{ "keys[].type", "text", "k=, or rsa; null: no record" },
	{ "keys[].bits", "number", "null: no key that can be read" },
	{ "keys[].revoked", "bool", "p= is empty; null: no record" },
	{ "keys[].testing", "bool", "t=y; null: no record" },
	{ "keys[].strict", "bool",
	    "t=s, i= may be of no subdomain; null: no record" },
	{ "keys[].suggested", "text",
	    "the record without what is wrong with it; null: nothing is, or "
	    "the signer has to tell" },
	{ "keys[].problems", "list", "what is wrong with it" },
	{ "keys[].problems[].code", "dkim.*",
	    "stable: dkim.key-missing, dkim.key-several, dkim.key-syntax, "
	    "dkim.key-revoked, dkim.key-too-short, dkim.key-too-long, "
	    "dkim.key-type, dkim.key-weak, dkim.key-testing, "
	    "dkim.key-no-version, dkim.key-unpadded, dkim.key-bare, "
	    "dkim.key-granularity, dkim.key-other-text, dkim.key-hash, "
	    "dkim.selector-invalid" },
	{ "keys[].problems[].severity", "error|warning|advice",
	    "error: no signature with it counts; warning: not with all "
	    "receivers; advice: there is better" },
	{ "keys[].problems[].detail", "text", "what it does, and what to do" },
	{ "suggested_headers", "text",
	    "an h= for this message: what should be signed, and twice what "
	    "nobody shall add" },
	{ "problems", "list",
	    "what is wrong, of keys too; with a lost answer there may be more" },
	{ "problems[].code", "dkim.*",
	    "stable: dkim. and a reason of a signature, or a code of a key; "
	    "dkim.unsigned, dkim.body-length, dkim.expires-soon, "
	    "dkim.no-expiry, dkim.signed-later, dkim.from-not-oversigned, "
	    "dkim.not-covered, dkim.ed25519-alone, dkim.too-many" },
	{ "problems[].severity", "error|warning|advice",
	    "error: receivers do not count a signature; warning: some do not, "
	    "or it is risky; advice: there is better" },
	{ "problems[].detail", "text",
	    "what is wrong, what receivers do, what to do" },
	{ "problems[].name", "text",
	    "where the key is of the signature or key; null: of neither" },
	{ NULL, NULL, NULL },
};
