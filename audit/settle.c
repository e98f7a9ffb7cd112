#include "audit/settle.h"

static const struct {
	const char *cause;
	const char *text;
} ways[] = {
	{ "needs-",
	    "Run again with one: -m FILE.  Best is a message that a mailbox at "
	    "the provider received, saved with its full header; it tells the "
	    "sending address and the EHLO name too.  Without one, --ip ADDR "
	    "and --helo NAME tell a part." },
	{ "needs-message",
	    "Run again with a sample message: -m FILE.  Best is one that a "
	    "mailbox at the provider received, saved with its full header." },
	{ "needs-ip",
	    "Name the sending addresses: --ip ADDR, once for each; or give a "
	    "received sample message with -m FILE." },
	{ "needs-helo",
	    "Say what the sending host calls itself in EHLO: --helo NAME; or "
	    "give a received sample message with -m FILE." },
	{ "needs-attestation",
	    "Answer by yes or no in a file and run again with --attest FILE.  "
	    "presend rules attest prints that file with all questions." },
	{ "needs-spam-rate",
	    "Give the spam rate that the provider shows you: --spam-rate "
	    "PROVIDER=PERCENT, or what its dashboard exports, --spam-rate "
	    "FILE." },
	{ "timeout",
	    "Run again, with a longer --timeout.  If it stays so, what is named "
	    "above does not answer, and the provider may not reach it either: "
	    "have its operator look at it." },
	{ "servfail",
	    "The name servers of that name fail (often a DNSSEC or delegation "
	    "error).  Have the DNS operator look at it, then run again." },
	{ "refused",
	    "Whoever was asked refused.  For DNS try another resolver with "
	    "-n ADDR; for a host see that port 25 is open to the world." },
	{ "network",
	    "The network did not carry the question.  For DNS name a resolver "
	    "that answers: -n ADDR; else run from a host that can reach what "
	    "is named above." },
	{ "blocked",
	    "Connections to port 25 are blocked from here, as in many "
	    "offices and clouds.  Run from a host that may send mail." },
	{ "deferred",
	    "The server put us off (SMTP 4xx, HTTP 5xx).  Run again in some minutes." },
	{ "rejected",
	    "The server did not want to talk to us.  Run again from the "
	    "sending host, or with --ehlo NAME of a host it knows." },
	{ "malformed",
	    "The answer broke its protocol.  Run with -v to see it; have the "
	    "operator of that server look at it." },
	{ "cname-loop",
	    "The alias (CNAME) leads in a circle.  Have it point at a name "
	    "that holds the record itself." },
	{ "rcode",
	    "The name server answered with an error.  Try another resolver "
	    "with -n ADDR; if it stays, ask the DNS operator." },
	{ "tls",
	    "No TLS session could be made.  See that the server's certificate "
	    "and TLS versions are right, then run again." },
	{ "deadline", "Run again with a longer --deadline." },
	{ "offline",
	    "Run again without --offline, or with a recording that holds the "
	    "answer." },
	{ "private",
	    "The address is private, so it was not connected to.  If it is "
	    "yours, run again with --allow-private." },
	{ "limit",
	    "There was more than is looked at.  See the limits in the man "
	    "page." },
	{ "unproven",
	    "Only DNSSEC can prove it.  Ask a validating resolver on this "
	    "machine: -n 127.0.0.1." },
	{ "no-list", "There is no public suffix list.  Name one: --psl FILE." },
	{ "no-blocklists",
	    "Name the DNS blocklists that you may query in a file: "
	    "--blocklists FILE." },
	{ "list-name",
	    "The name of the list's zone, or the key in it, is wrong.  Mend "
	    "the file of --blocklists." },
	{ "public-resolver",
	    "The list does not serve public resolvers.  Ask by one of your own: "
	    "-n ADDR." },
	{ "rate-limit",
	    "Your resolver has asked the list too often.  Run again later, or "
	    "take the list's paid service." },
	{ "dead-list",
	    "The list is dead or lists everything.  See that its zone in the "
	    "file of --blocklists is right; else take it out." },
	{ "unsupported",
	    "This release does not look at it; NEWS tells what a newer one "
	    "does." },
	{ "skipped",
	    "The check was left out.  Run again without --check and --skip." },
	{ "needs-postmaster",
	    "Let Google tell: register the domain in Gmail Postmaster Tools and "
	    "run again with credentials, --postmaster FILE; or give the spam rate "
	    "that it shows, --spam-rate gmail=PERCENT." },
	{ "credentials",
	    "Google does not take the credentials.  Sign in anew as a user to "
	    "whom the domain is shared, with the scope postmaster."
	    "traffic.readonly, and name the new file: --postmaster FILE." },
	{ "forbidden",
	    "Have the owner of the domain in Gmail Postmaster Tools share it "
	    "with this user; see too that the API is enabled in the project of "
	    "the credentials." },
	{ "unregistered",
	    "Register and verify the domain at postmaster.google.com, as the "
	    "user of these credentials; figures come some days later." },
	{ "rate", "Too much was asked in too short a time.  Run again in some "
		  "minutes, with fewer --jobs." },
	{ "no-data",
	    "Google has no figures: it shows none for domains and days with "
	    "little mail.  More mail, or some days, bring them." },
};

const char *
settle_text(struct slice cause)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (slice_eq(cause, slice_str(ways[i].cause)))
			return ways[i].text;
	}
	return "Run again with -v to see what was asked and answered.";
}
