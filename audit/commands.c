#include "audit/options.h"

const struct command commands[] = {
	{
	    .name = "audit",
	    .summary = "audit domains and sample messages",
	    .operands = "[DOMAIN]...",
	    .about =
		"Judges what DNS, the mail hosts and a sample message show by "
		"the requirements of the mail providers. Without a sample "
		"message or a sending address, what only they can tell is "
		"unknown. The more is given, the more is judged.",
	    .examples =
		"  presend audit --example\n"
		"  presend audit -m newsletter.eml --ip 192.0.2.25 \\\n"
		"      --helo mail.example.com\n"
		"  presend audit example.com\n"
		"  presend audit -d domains.txt -f jsonl -o audits.jsonl\n"
		"  presend audit -m newsletter.eml --record evidence.jsonl\n",
	    .options = audit_options,
	    .conflict = audit_conflict,
	    .run = cmd_audit,
	},
	{
	    .name = "rules",
	    .summary = "list the rules, show one, or check a rule pack",
	    .operands = "[list | show ID | check FILE]",
	    .about =
		"Lists the requirements that audits judge by, shows one with "
		"its source, or says whether a rule pack is well formed and "
		"where it is not.",
	    .examples = "  presend rules -p gmail\n"
			"  presend rules show gmail.dmarc.record\n"
			"  presend rules check company.rules\n",
	    .options = rules_options,
	    .conflict = rules_conflict,
	    .run = cmd_rules,
	},
	{
	    .name = "checks",
	    .summary = "list the checks and the facts they produce",
	    .operands = "",
	    .about = "Lists the checks, what standard each follows, and the "
		     "facts that rules can ask of it.",
	    .options = checks_options,
	    .conflict = checks_conflict,
	    .run = cmd_checks,
	},
	{
	    .name = "view",
	    .summary = "render a saved document in another format",
	    .operands = "FILE",
	    .about = "Renders what presend audit saved as json or jsonl in "
		     "another format; - is standard input.",
	    .examples = "  presend view audit.json\n"
			"  presend view -f jsonl audit.json\n",
	    .options = view_options,
	    .conflict = view_conflict,
	    .run = cmd_view,
	},
	{
	    .name = "diff",
	    .summary = "say what changed between two saved documents",
	    .operands = "OLD NEW",
	    .about =
		"Compares two documents that presend audit saved as json or "
		"jsonl: rules whose status is another, what got worse and "
		"better, and the facts that changed. Exits with 1 when "
		"something got worse; - is standard input.",
	    .examples = "  presend diff monday.json friday.json\n"
			"  presend diff -f json -o change.json a.json b.json\n",
	    .options = diff_options,
	    .conflict = diff_conflict,
	    .run = cmd_diff,
	},
	{ .name = NULL },
};
