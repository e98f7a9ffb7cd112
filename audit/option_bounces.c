#include "audit/option_rows.h"
#include "base/limits.h"

#define AUDITED "The audit beside it"

/* Of the commands that read what receivers said. */

const struct option_row bounces_options[] = {
	{
	    .name = "input-format",
	    .kind = OPTION_STRING,
	    .offset = AT(input_format),
	    .argument = "NAME",
	    .help = "what the inputs are; default: what is in each tells",
	    .group = READ,
	    .min = 1,
	    .max = STRING_MAX,
	},
	{
	    .name = "since",
	    .kind = OPTION_MOMENT,
	    .offset = AT(since),
	    .argument = "TIME",
	    .help = "only attempts from then on",
	    .group = READ,
	},
	{
	    .name = "until",
	    .kind = OPTION_MOMENT,
	    .offset = AT(until),
	    .argument = "TIME",
	    .help = "only attempts before that",
	    .group = READ,
	},
	{
	    .name = "sender-domain",
	    .kind = OPTION_STRINGS,
	    .offset = AT(sender_domains),
	    .argument = "NAME",
	    .help = "only mail of that envelope sender's domain; repeatable",
	    .group = READ,
	},
	{
	    .name = "year",
	    .kind = OPTION_COUNT,
	    .offset = AT(year),
	    .argument = "YYYY",
	    .help = "of the first time in a log whose times have no year; "
		    "default: the newest that is not after now",
	    .group = READ,
	    .min = 1970,
	    .max = 9998,
	},
	{
	    .name = "as-of",
	    .kind = OPTION_TIME,
	    .offset = AT(as_of),
	    .argument = "TIME",
	    .help = "what is taken for now",
	    .group = READ,
	},
	{
	    .name = "jobs",
	    .kind = OPTION_COUNT,
	    .offset = AT(threads),
	    .argument = "N",
	    .help = "threads; default: one a processor, at most 16",
	    .group = READ,
	    .min = 1,
	    .max = THREADS_MAX,
	},
	{
	    .letter = 'p',
	    .name = "provider",
	    .kind = OPTION_NAMES,
	    .offset = AT(providers),
	    .argument = "NAME",
	    .help = "who gave the replies; default: host and text tell",
	    .group = JUDGED,
	},
	{
	    .name = "rules",
	    .kind = OPTION_STRINGS,
	    .offset = AT(rule_dirs),
	    .argument = "DIR",
	    .help = "folder with more bounce packs (*.bounces)",
	    .group = JUDGED,
	},
	ROW_NO_DEFAULT_RULES,
	{
	    .name = "audit",
	    .kind = OPTION_STRING,
	    .offset = AT(audit),
	    .argument = "DOMAIN",
	    .help = "audit it now, and say of each cluster whether it still "
		    "fails",
	    .group = AUDITED,
	    .min = 1,
	    .max = LIMIT_DOMAIN_TEXT,
	},
	{
	    .letter = 'm',
	    .name = "message",
	    .kind = OPTION_STRINGS,
	    .offset = AT(messages),
	    .argument = "FILE",
	    .help = "sample message",
	    .group = AUDITED,
	},
	{
	    .name = "ip",
	    .kind = OPTION_IPS,
	    .offset = AT(ips),
	    .argument = "ADDR",
	    .help = "sending IP; default: the one that replies name",
	    .group = AUDITED,
	},
	{
	    .name = "helo",
	    .kind = OPTION_STRING,
	    .offset = AT(helo),
	    .argument = "NAME",
	    .help = "what the sender says in EHLO",
	    .group = AUDITED,
	    .min = 1,
	    .max = LIMIT_DOMAIN_TEXT,
	},
	{
	    .name = "mail-from",
	    .kind = OPTION_STRING,
	    .offset = AT(mail_from),
	    .argument = "ADDR",
	    .help = "envelope sender",
	    .group = AUDITED,
	    .min = 0,
	    .max = STRING_MAX,
	},
	{
	    .name = "selector",
	    .kind = OPTION_STRINGS,
	    .offset = AT(selectors),
	    .argument = "NAME",
	    .help = "DKIM selector to look up; repeatable",
	    .group = AUDITED,
	},
	{
	    .name = "expect-zone",
	    .kind = OPTION_STRINGS,
	    .offset = AT(expect_zones),
	    .argument = "FILE",
	    .help = "zone file that the sender believes is published",
	    .group = AUDITED,
	},
	{
	    .letter = 'n',
	    .name = "resolver",
	    .kind = OPTION_RESOLVER,
	    .offset = AT(resolvers),
	    .argument = "ADDR",
	    .help = "DNS resolver; default: the system's",
	    .group = AUDITED,
	},
	{
	    .name = "replay",
	    .kind = OPTION_STRING,
	    .offset = AT(replay),
	    .argument = "FILE",
	    .help = "take its answers from there and ask nothing",
	    .group = AUDITED,
	    .min = 1,
	    .max = STRING_MAX,
	},
	{
	    .name = "events",
	    .kind = OPTION_FLAG,
	    .offset = AT(events),
	    .help = "one line of JSON for each failed attempt, instead",
	    .group = SHOWN,
	},
	{
	    .name = "unclassified",
	    .kind = OPTION_FLAG,
	    .offset = AT(unclassified),
	    .help = "the most frequent replies that no pack knows",
	    .group = SHOWN,
	},
	ROW_FORMAT,
	ROW_TABLE,
	ROW_OUTPUT,
	ROW_FORCE,
	ROW_COLOR,
	{
	    .letter = 'q',
	    .name = "quiet",
	    .kind = OPTION_FLAG,
	    .offset = AT(quiet),
	    .help = "counts only, no explanations",
	    .group = SHOWN,
	},
	ROW_HELP,
	{ .name = NULL },
};

const struct option_row explain_options[] = {
	{
	    .letter = 'p',
	    .name = "provider",
	    .kind = OPTION_NAMES,
	    .offset = AT(providers),
	    .argument = "NAME",
	    .help = "who gave the reply; default: whom its text tells",
	    .group = JUDGED,
	},
	{
	    .name = "rules",
	    .kind = OPTION_STRINGS,
	    .offset = AT(rule_dirs),
	    .argument = "DIR",
	    .help = "folder with more packs (*.bounces, *.rules)",
	    .group = JUDGED,
	},
	ROW_NO_DEFAULT_RULES,
	ROW_FORMAT,
	ROW_OUTPUT,
	ROW_FORCE,
	ROW_COLOR,
	ROW_HELP,
	{ .name = NULL },
};

const char *
bounces_conflict(const struct settings *s)
{
	if (s->providers.n > 1)
		return "--provider is one here: who gave the replies";
	if (s->audit != NULL && (s->events || s->unclassified))
		return "--audit stands beside the report of clusters alone";
	if (s->events && s->unclassified)
		return "--events and --unclassified exclude each other";
	if (s->no_default_rules && s->rule_dirs.n == 0)
		return "--no-default-rules leaves no packs without --rules";
	return NULL;
}

const char *
explain_conflict(const struct settings *s)
{
	if (s->operands.n == 0)
		return "it takes a code or a reply, - is standard input";
	if (s->providers.n > 1)
		return "--provider is one here: who gave the reply";
	if (s->no_default_rules && s->rule_dirs.n == 0)
		return "--no-default-rules leaves no packs without --rules";
	return NULL;
}
