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
	    .name = "bounces",
	    .summary = "read bounce logs and say what to mend first",
	    .operands = "[FILE|DIR]...",
	    .about =
		"Reads the logs of mail servers, plain or compressed, and says "
		"of each rejection who gave it, for what reason, by which "
		"requirement, and how to mend it. What they are, what is in "
		"them tells. Without operands, or by -, it reads standard "
		"input.",
	    .examples = "  presend bounces /var/log/mail.log\n"
			"  presend bounces /var/log/exim4 -f json -o b.json\n"
			"  presend bounces --sender-domain example.com "
			"mail.log.gz\n"
			"  presend bounces --events mail.log | jq .recipient\n",
	    .options = bounces_options,
	    .conflict = bounces_conflict,
	    .run = cmd_bounces,
	},
	{
	    .name = "explain",
	    .summary = "say what a reply or a code of a receiver means",
	    .operands = "CODE|TEXT",
	    .about =
		"Says what the reply of a mail server means: at which "
		"receiver, which requirement it is about, and what to do. A "
		"code alone often means several things; then it says what "
		"would settle it. Several operands are one reply; - is "
		"standard input.",
	    .examples =
		"  presend explain 5.7.26\n"
		"  presend explain -p gmail 4.7.28\n"
		"  presend explain TSS04\n"
		"  presend explain '550-5.7.26 This mail has been blocked "
		"because ...'\n",
	    .options = explain_options,
	    .conflict = explain_conflict,
	    .run = cmd_explain,
	},
	{
	    .name = "rules",
	    .summary = "list the rules, show one, or check a rule pack",
	    .operands = "[list | show ID | attest | check FILE...]",
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
