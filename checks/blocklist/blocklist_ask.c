#include "checks/blocklist/blocklist_ask.h"

enum { NAME_MAX_OCTETS = 253 };

/*
 * RFC 5782 2.1, 2.4: the octets of an IPv4 address, or the nibbles of an IPv6
 * one, backwards, as below in-addr.arpa and ip6.arpa.
 */
static struct slice
reversed(struct arena *a, const struct ip *ip)
{
	struct slice top = ip->family == 4 ? SLICE_LIT(".in-addr.arpa")
					   : SLICE_LIT(".ip6.arpa");
	char name[IP_REVERSE_MAX];
	struct slice all;

	ip_reverse_name(ip, name);
	all = slice_str(name);
	return arena_copy(a, slice_sub(all, 0, all.n - top.n));
}

/* ---- what an answer says ----------------------------------------------- */

/*
 * 127.255.255.0/24 is for errors (Spamhaus, and others after it); URIBL and
 * SURBL say 127.0.0.1 to whom they do not serve, which RFC 5782 lists nothing
 * by.
 */
static enum blocklist_said
address_said(const struct ip *ip)
{
	static const uint8_t errors[] = { 127, 255, 255 };
	static const uint8_t refused[] = { 127, 0, 0, 1 };

	if (ip->family != 4 || ip->b[0] != 127)
		return BLOCKLIST_OUTSIDE;
	if (memcmp(ip->b, refused, sizeof(refused)) == 0)
		return BLOCKLIST_REFUSED;
	if (memcmp(ip->b, errors, sizeof(errors)) != 0)
		return BLOCKLIST_LISTED;
	switch (ip->b[3]) {
	case 252:
		return BLOCKLIST_TYPO;
	case 254:
		return BLOCKLIST_PUBLIC;
	case 255:
		return BLOCKLIST_RATE;
	default:
		return BLOCKLIST_REFUSED;
	}
}

/* An error counts before a listing, and that before what is outside. */
static int
weight(enum blocklist_said said)
{
	if (said == BLOCKLIST_OUTSIDE)
		return 0;
	return said == BLOCKLIST_LISTED ? 1 : 2;
}

static enum blocklist_said
answer_said(const struct answer *a)
{
	enum blocklist_said said = BLOCKLIST_OUTSIDE;

	if (!answer_known(a))
		return BLOCKLIST_LOST;
	if (a->seen == SEEN_ABSENT)
		return BLOCKLIST_NOTHING;
	for (size_t i = 0; i < a->as.dns.n_records; i++) {
		enum blocklist_said one =
		    address_said(&a->as.dns.records[i].as.address);

		if (weight(one) > weight(said))
			said = one;
	}
	return said;
}

enum rc
blocklist_ask(struct check_run *run, const struct blocklist_zone *zone,
    const struct blocklist_subject *subject, struct blocklist_lookup *out)
{
	struct slice head = subject->ip.family != 0
				? reversed(run->arena, &subject->ip)
				: subject->name;

	*out = (struct blocklist_lookup){ .said = BLOCKLIST_UNASKED };
	out->name = arena_slicef(run->arena, "%.*s.%.*s", SLICE_FMT(head),
	    SLICE_FMT(zone->name));
	out->shown = arena_slicef(run->arena, "%.*s.%.*s", SLICE_FMT(head),
	    SLICE_FMT(zone->label));
	if (arena_failed(run->arena))
		return RC_LIMIT;
	/* Nothing has so long a name, so it is in no list. */
	if (out->name.n > NAME_MAX_OCTETS) {
		out->said = BLOCKLIST_NOTHING;
		return RC_OK;
	}
	out->answer = check_ask_dns(run, out->name, DNS_A);
	out->said =
	    out->answer != NULL ? answer_said(out->answer) : BLOCKLIST_WAITING;
	return RC_OK;
}

/* ---- why nothing is known ---------------------------------------------- */

enum cause
blocklist_cause(enum blocklist_said said)
{
	switch (said) {
	case BLOCKLIST_TYPO:
		return CAUSE_LIST_NAME;
	case BLOCKLIST_PUBLIC:
		return CAUSE_PUBLIC_DNS;
	case BLOCKLIST_RATE:
		return CAUSE_RATE_LIMIT;
	case BLOCKLIST_REFUSED:
		return CAUSE_REFUSED;
	case BLOCKLIST_UNASKED:
		return CAUSE_LIMIT;
	case BLOCKLIST_NOTHING:
	case BLOCKLIST_LISTED:
	case BLOCKLIST_OUTSIDE:
		return CAUSE_DEAD_LIST;
	case BLOCKLIST_WAITING:
	case BLOCKLIST_LOST:
		break;
	}
	return CAUSE_NONE;
}

const char *
blocklist_said_code(enum blocklist_said said)
{
	switch (said) {
	case BLOCKLIST_TYPO:
		return "blocklist.name";
	case BLOCKLIST_PUBLIC:
		return "blocklist.public-resolver";
	case BLOCKLIST_RATE:
		return "blocklist.rate-limit";
	case BLOCKLIST_REFUSED:
		return "blocklist.refused";
	case BLOCKLIST_OUTSIDE:
		return "blocklist.outside";
	case BLOCKLIST_NOTHING:
		return "blocklist.dead";
	case BLOCKLIST_LISTED:
		return "blocklist.lists-all";
	case BLOCKLIST_UNASKED:
	case BLOCKLIST_WAITING:
	case BLOCKLIST_LOST:
		break;
	}
	return "blocklist.unknown";
}

const char *
blocklist_said_text(enum blocklist_said said)
{
	switch (said) {
	case BLOCKLIST_TYPO:
		return "answers 127.255.255.252: the zone's name, or the key "
		       "in it, is mistyped; mend the blocklists file";
	case BLOCKLIST_PUBLIC:
		return "answers 127.255.255.254: it does not serve public "
		       "resolvers, and was asked by one; name a resolver of "
		       "your own with -n ADDR";
	case BLOCKLIST_RATE:
		return "answers 127.255.255.255: your resolver has asked it "
		       "too often; ask later, or take its paid service";
	case BLOCKLIST_REFUSED:
		return "answers by an error code: it does not serve this "
		       "resolver; see its terms of use";
	case BLOCKLIST_OUTSIDE:
		return "answers with an address outside 127.0.0.0/8, which is "
		       "no listing: the list has gone, and somebody else "
		       "answers for its name; take it out of the file";
	case BLOCKLIST_NOTHING:
		return "does not list its own test point (RFC 5782 5): it has "
		       "no data, or a key in its name is not valid; what it "
		       "does not list may be listed";
	case BLOCKLIST_LISTED:
		return "lists what no list may (RFC 5782 5): it lists "
		       "everything; take it out of the file";
	case BLOCKLIST_UNASKED:
		return "was not asked for all: there is too much to look up";
	case BLOCKLIST_WAITING:
	case BLOCKLIST_LOST:
		break;
	}
	return "gave no answer";
}
