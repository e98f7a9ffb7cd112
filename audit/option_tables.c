#include "audit/option_rows.h"

/* ---- words ------------------------------------------------------------- */

static const struct option_choice audiences[] = {
	{ "bulk", AUDIENCE_BULK },
	{ "all", AUDIENCE_ALL },
	{ NULL, 0 },
};

static const struct option_choice classes[] = {
	{ "marketing", CLASS_MARKETING },
	{ "transactional", CLASS_TRANSACTIONAL },
	{ NULL, 0 },
};

static const struct option_choice fail_ons[] = {
	{ "must", FAIL_ON_MUST },
	{ "should", FAIL_ON_SHOULD },
	{ "never", FAIL_ON_NEVER },
	{ NULL, 0 },
};

const struct option_choice option_formats[] = {
	{ "text", FORMAT_TEXT },
	{ "json", FORMAT_JSON },
	{ "jsonl", FORMAT_JSONL },
	{ "csv", FORMAT_CSV },
	{ "xlsx", FORMAT_XLSX },
	{ "html", FORMAT_HTML },
	{ "junit", FORMAT_JUNIT },
	{ "sarif", FORMAT_SARIF },
	{ "markdown", FORMAT_MARKDOWN },
	{ NULL, 0 },
};

const struct option_choice option_list_formats[] = {
	{ "text", FORMAT_TEXT },
	{ "json", FORMAT_JSON },
	{ NULL, 0 },
};

const struct option_choice option_colors[] = {
	{ "auto", COLOR_AUTO },
	{ "always", COLOR_ALWAYS },
	{ "never", COLOR_NEVER },
	{ NULL, 0 },
};

/* ---- the tables -------------------------------------------------------- */

const struct option_row audit_options[] = {
	{
	    .letter = 'm',
	    .name = "message",
	    .kind = OPTION_STRINGS,
	    .offset = AT(messages),
	    .argument = "FILE|DIR",
	    .help = "sample message as it was sent (RFC 5322), - is standard "
		    "input; a folder, Maildir or mbox is one audit a message",
	    .group = SUBJECT,
	},
	{
	    .name = "ip",
	    .kind = OPTION_IPS,
	    .offset = AT(ips),
	    .argument = "ADDR",
	    .help = "address that the mail is sent from, IPv4 or IPv6",
	    .group = SUBJECT,
	},
	{
	    .name = "helo",
	    .kind = OPTION_STRING,
	    .offset = AT(helo),
	    .argument = "NAME",
	    .help = "what the sending host says in EHLO",
	    .group = SUBJECT,
	    .min = 1,
	    .max = STRING_MAX,
	},
	{
	    .name = "mail-from",
	    .kind = OPTION_STRING,
	    .offset = AT(mail_from),
	    .argument = "ADDR",
	    .help = "envelope sender, '' is the null sender; default: the "
		    "message's Return-Path, else postmaster@DOMAIN",
	    .group = SUBJECT,
	    .max = STRING_MAX,
	},
	{
	    .name = "received",
	    .kind = OPTION_FLAG,
	    .offset = AT(received),
	    .help = "take address, HELO, MAIL FROM and TLS of the last hop "
		    "from the message's own Received fields (the default "
		    "when it has them)",
	    .group = SUBJECT,
	},
	{
	    .name = "selector",
	    .kind = OPTION_STRINGS,
	    .offset = AT(selectors),
	    .argument = "NAME",
	    .help = "DKIM selector of the domain: its key is looked up, "
		    "with a message or without",
	    .group = SUBJECT,
	},
	{
	    .name = "expect-zone",
	    .kind = OPTION_STRINGS,
	    .offset = AT(expect_zones),
	    .argument = "FILE",
	    .help = "zone file, as the sender's panel has it: what public DNS "
		    "lacks of it or has otherwise is shown",
	    .group = SUBJECT,
	},
	{
	    .name = "audience",
	    .kind = OPTION_CHOICE,
	    .offset = AT(audience),
	    .argument = "bulk|all",
	    .help = "bulk is 5,000 messages a day and more (the default)",
	    .group = SUBJECT,
	    .choices = audiences,
	},
	{
	    .name = "class",
	    .kind = OPTION_CHOICE,
	    .offset = AT(class),
	    .argument = "marketing|transactional",
	    .help = "kind of mail; default marketing",
	    .group = SUBJECT,
	    .choices = classes,
	},
	{
	    .letter = 'd',
	    .name = "domains",
	    .kind = OPTION_STRINGS,
	    .offset = AT(domain_files),
	    .argument = "FILE",
	    .help = "one domain a line, or CSV whose header names its "
		    "columns: domain,ip,helo,mail_from,message,selector",
	    .group = SUBJECT,
	},
	{
	    .name = "spam-rate",
	    .kind = OPTION_STRINGS,
	    .offset = AT(spam_rates),
	    .argument = "PERCENT|FILE",
	    .help = "how much users report as spam, or what a dashboard "
		    "exports; gmail=0.12, yahoo=FILE for one provider",
	    .group = SUBJECT,
	},
	{
	    .name = "example",
	    .kind = OPTION_FLAG,
	    .offset = AT(example),
	    .help = "audit the example that is built in; asks nothing",
	    .group = SUBJECT,
	},

	{
	    .letter = 'p',
	    .name = "provider",
	    .kind = OPTION_NAMES,
	    .offset = AT(providers),
	    .argument = "LIST",
	    .help = "providers to judge for, with commas between, or all; "
		    "default gmail,yahoo",
	    .group = JUDGED,
	},
	{
	    .letter = 'c',
	    .name = "check",
	    .kind = OPTION_NAMES,
	    .offset = AT(checks),
	    .argument = "LIST",
	    .help = "only these checks (see presend checks)",
	    .group = JUDGED,
	},
	{
	    .name = "skip",
	    .kind = OPTION_NAMES,
	    .offset = AT(skip),
	    .argument = "LIST",
	    .help = "all checks but these",
	    .group = JUDGED,
	},
	ROW_RULES,
	ROW_NO_DEFAULT_RULES,
	{
	    .name = "as-of",
	    .kind = OPTION_TIME,
	    .offset = AT(as_of),
	    .argument = "TIME",
	    .help = "judge as of then (RFC 3339): signatures, certificates "
		    "and the dates of rules",
	    .group = JUDGED,
	},
	{
	    .name = "attest",
	    .kind = OPTION_STRINGS,
	    .offset = AT(attest_files),
	    .argument = "FILE",
	    .help = "answers to what nobody outside can see; presend rules "
		    "attest prints the questions",
	    .group = JUDGED,
	},
	{
	    .name = "fail-on",
	    .kind = OPTION_CHOICE,
	    .offset = AT(fail_on),
	    .argument = "must|should|never",
	    .help = "exit with 1 when a rule of this level or above fails; "
		    "default must",
	    .group = JUDGED,
	    .choices = fail_ons,
	},

	{
	    .name = "postmaster",
	    .kind = OPTION_STRINGS,
	    .offset = AT(postmaster),
	    .argument = "FILE",
	    .help = "credentials for the Gmail Postmaster Tools: what Google "
		    "sees of the domain is asked for and set beside ours",
	    .group = ASKED,
	},
	{
	    .letter = 'n',
	    .name = "resolver",
	    .kind = OPTION_RESOLVER,
	    .offset = AT(resolvers),
	    .argument = "ADDR",
	    .help = "DNS resolver: 127.0.0.1, 127.0.0.1:5353, [::1]:5353; "
		    "default: the system's",
	    .group = ASKED,
	},
	{
	    .name = "connect-to",
	    .kind = OPTION_CONNECT,
	    .offset = AT(connect_to),
	    .argument = "HOST1:PORT1:HOST2:PORT2",
	    .help = "reach HOST1:PORT1 at HOST2:PORT2 instead (SMTP, HTTPS "
		    "and --authoritative); an empty HOST1 or PORT1 is any",
	    .group = ASKED,
	},
	{
	    .name = "ca-file",
	    .kind = OPTION_STRING,
	    .offset = AT(ca_file),
	    .argument = "FILE",
	    .help = "trust anchors (PEM) instead of the system's",
	    .group = ASKED,
	    .min = 1,
	    .max = STRING_MAX,
	},
	{
	    .name = "psl",
	    .kind = OPTION_STRING,
	    .offset = AT(psl_file),
	    .argument = "FILE",
	    .help = "public suffix list instead of the newest there is",
	    .group = ASKED,
	    .min = 1,
	    .max = STRING_MAX,
	},
	{
	    .name = "blocklists",
	    .kind = OPTION_STRING,
	    .offset = AT(blocklists),
	    .argument = "FILE",
	    .help = "DNS blocklists that you may query, a zone a line; "
		    "without it none is asked",
	    .group = ASKED,
	    .min = 1,
	    .max = STRING_MAX,
	},
	{
	    .name = "ehlo",
	    .kind = OPTION_STRING,
	    .offset = AT(ehlo),
	    .argument = "NAME",
	    .help = "what the SMTP probe says in EHLO; default: the address "
		    "it connects from",
	    .group = ASKED,
	    .min = 1,
	    .max = 255,
	},
	{
	    .name = "probe-unsubscribe",
	    .kind = OPTION_FLAG,
	    .offset = AT(probe_unsubscribe),
	    .help = "send the one-click POST of the message for real, once: it "
		    "unsubscribes the recipient",
	    .group = ASKED,
	},
	{
	    .name = "authoritative",
	    .kind = OPTION_FLAG,
	    .offset = AT(authoritative),
	    .help = "ask each authoritative name server too, and show where "
		    "they differ",
	    .group = ASKED,
	},
	{
	    .name = "allow-private",
	    .kind = OPTION_FLAG,
	    .offset = AT(allow_private),
	    .help = "let SMTP and HTTPS probes and --authoritative go to "
		    "private and loopback addresses",
	    .group = ASKED,
	},
	{
	    .letter = 't',
	    .name = "timeout",
	    .kind = OPTION_SECONDS,
	    .offset = AT(timeout_ms),
	    .argument = "SECONDS",
	    .help = "for one try of one question; default 5",
	    .group = ASKED,
	    .min = 10,
	    .max = 600 * 1000,
	},
	{
	    .name = "retries",
	    .kind = OPTION_COUNT,
	    .offset = AT(retries),
	    .argument = "N",
	    .help = "further tries of a question to DNS or Google; default 2",
	    .group = ASKED,
	    .min = 0,
	    .max = 10,
	},
	{
	    .name = "deadline",
	    .kind = OPTION_SECONDS,
	    .offset = AT(deadline_ms),
	    .argument = "SECONDS",
	    .help = "for one audit; what is open then is unknown; default 60",
	    .group = ASKED,
	    .min = 10,
	    .max = 24 * 3600 * 1000,
	},
	{
	    .name = "jobs",
	    .kind = OPTION_COUNT,
	    .offset = AT(jobs),
	    .argument = "N",
	    .help = "audits in flight; default 100",
	    .group = ASKED,
	    .min = 1,
	    .max = 10000,
	},
	{
	    .name = "record",
	    .kind = OPTION_STRING,
	    .offset = AT(record),
	    .argument = "FILE",
	    .help = "keep every question and its answer there",
	    .group = ASKED,
	    .min = 1,
	    .max = STRING_MAX,
	},
	{
	    .name = "replay",
	    .kind = OPTION_STRING,
	    .offset = AT(replay),
	    .argument = "FILE",
	    .help = "take the answers from there and ask nothing",
	    .group = ASKED,
	    .min = 1,
	    .max = STRING_MAX,
	},
	{
	    .name = "offline",
	    .kind = OPTION_FLAG,
	    .offset = AT(offline),
	    .help = "ask nothing; judge what the message alone tells",
	    .group = ASKED,
	},

	ROW_FORMAT,
	ROW_TABLE,
	ROW_OUTPUT,
	ROW_FORCE,
	{
	    .name = "evidence",
	    .kind = OPTION_FLAG,
	    .offset = AT(evidence),
	    .help = "put each question, its answer and when it was asked "
		    "into the document, with a digest of them",
	    .group = SHOWN,
	},
	ROW_COLOR,
	ROW_QUIET,
	{
	    .letter = 'v',
	    .name = "verbose",
	    .kind = OPTION_FLAG,
	    .offset = AT(verbose),
	    .help = "questions and answers on standard error",
	    .group = SHOWN,
	},
	ROW_HELP,
	{ .name = NULL },
};

const struct option_row rules_options[] = {
	{
	    .letter = 'p',
	    .name = "provider",
	    .kind = OPTION_NAMES,
	    .offset = AT(providers),
	    .argument = "LIST",
	    .help = "only rules of these providers; default all",
	    .group = JUDGED,
	},
	ROW_RULES,
	ROW_NO_DEFAULT_RULES,
	{
	    .name = "as-of",
	    .kind = OPTION_TIME,
	    .offset = AT(as_of),
	    .argument = "TIME",
	    .help = "only rules in force then (RFC 3339); default: all",
	    .group = JUDGED,
	},
	ROW_LIST_FORMAT,
	ROW_HELP,
	{ .name = NULL },
};

const struct option_row checks_options[] = {
	ROW_LIST_FORMAT,
	ROW_HELP,
	{ .name = NULL },
};

const struct option_row view_options[] = {
	ROW_FORMAT,
	ROW_TABLE,
	{
	    .name = "fail-on",
	    .kind = OPTION_CHOICE,
	    .offset = AT(fail_on),
	    .argument = "must|should|never",
	    .help = "junit: what of this level or above fails is a failure; "
		    "default must",
	    .group = SHOWN,
	    .choices = fail_ons,
	},
	ROW_OUTPUT,
	ROW_FORCE,
	ROW_COLOR,
	ROW_QUIET,
	ROW_HELP,
	{ .name = NULL },
};

const struct option_row diff_options[] = {
	ROW_FORMAT,
	ROW_TABLE,
	ROW_OUTPUT,
	ROW_FORCE,
	ROW_COLOR,
	ROW_QUIET,
	ROW_HELP,
	{ .name = NULL },
};

const struct option_row top_options[] = {
	ROW_HELP,
	{
	    .name = "version",
	    .kind = OPTION_VERSION,
	    .help = "show the version",
	    .group = SHOWN,
	},
	{ .name = NULL },
};

/* ---- what does not go together ----------------------------------------- */

static size_t
standard_inputs(const struct settings *s)
{
	const struct string_list *lists[] = { &s->messages, &s->domain_files,
		&s->rule_dirs, &s->expect_zones, &s->attest_files };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (size_t k = 0; k < lists[i]->n; k++)
			n += strcmp(lists[i]->items[k], "-") == 0;
	}
	n += s->replay != NULL && strcmp(s->replay, "-") == 0;
	n += s->ca_file != NULL && strcmp(s->ca_file, "-") == 0;
	n += s->psl_file != NULL && strcmp(s->psl_file, "-") == 0;
	n += s->blocklists != NULL && strcmp(s->blocklists, "-") == 0;
	return n;
}

const char *
audit_conflict(const struct settings *s)
{
	bool named =
	    s->operands.n > 0 || s->messages.n > 0 || s->domain_files.n > 0;

	if (!named && !s->example)
		return "name a domain, or give --message, --domains or "
		       "--example";
	if (named && s->example)
		return "--example brings its own domain and message";
	if (standard_inputs(s) > 1)
		return "standard input (-) can be read once only";
	if (s->replay != NULL && s->record != NULL)
		return "--replay asks nothing, so there is nothing to --record";
	if (s->example && s->replay != NULL)
		return "--example brings its own recording";
	if (s->no_default_rules && s->rule_dirs.n == 0)
		return "--no-default-rules leaves no rules without --rules";
	return NULL;
}

const char *
rules_conflict(const struct settings *s)
{
	const char *verb = s->operands.n > 0 ? s->operands.items[0] : "list";

	if (strcmp(verb, "list") == 0)
		return s->operands.n <= 1 ? NULL : "list takes no operand";
	if (strcmp(verb, "attest") == 0)
		return s->operands.n == 1 ? NULL : "attest takes no operand";
	if (strcmp(verb, "show") == 0)
		return s->operands.n == 2 ? NULL : "show takes one rule id";
	if (strcmp(verb, "check") == 0)
		return s->operands.n >= 2 ? NULL : "check takes rule packs";
	return "what it can do is list, show ID, attest and check FILE...";
}

const char *
checks_conflict(const struct settings *s)
{
	return s->operands.n == 0 ? NULL : "it takes no operand";
}

const char *
view_conflict(const struct settings *s)
{
	return s->operands.n == 1 ? NULL : "it takes one saved document";
}

const char *
diff_conflict(const struct settings *s)
{
	if (s->operands.n != 2)
		return "it takes two saved documents, the older one first";
	if (strcmp(s->operands.items[0], "-") == 0 &&
	    strcmp(s->operands.items[1], "-") == 0)
		return "standard input (-) can be read once only";
	return NULL;
}
