#include "checks/hops/hops_problems.h"

#include "base/limits.h"
#include "message/receiver.h"

enum {
	/* Clocks are set to seconds; what is read here is cut to them. */
	CLOCKS_DIFFER = 60,
	SLOW = 15 * 60,
	/* Sendmail takes so many Received for a loop, Exim 30, Postfix 50. */
	HOPS_MANY = 25,
};

struct judging {
	struct check_run *run;
	struct arena *arena;
	const struct hops *hops;
	json_t *chain;
};

struct kind {
	const char *code;
	const char *severity; /* "warning", or "note": nothing has to be done */
};

static const struct kind too_long = { "hops.too-long", "warning" };
static const struct kind unreadable = { "hops.unreadable", "warning" };
static const struct kind no_date = { "hops.no-date", "warning" };
static const struct kind bad_date = { "hops.unreadable-date", "warning" };
static const struct kind backwards = { "hops.time-goes-backwards", "warning" };
static const struct kind slow = { "hops.slow", "note" };
static const struct kind gap = { "hops.gap", "note" };
static const struct kind private_ip = { "hops.private-address", "note" };
static const struct kind literal_helo = { "hops.helo-literal", "note" };
static const struct kind bare_helo = { "hops.helo-bare", "note" };
static const struct kind forged = { "hops.forged", "warning" };
static const struct kind no_tls = { "hops.no-tls", "warning" };
static const struct kind loop = { "hops.loop", "warning" };
static const struct kind too_many = { "hops.too-many", "warning" };

/* ---- saying ------------------------------------------------------------ */

static struct slice
host(const struct judging *j, size_t i)
{
	struct slice by = j->hops->list[i].received.by;

	return by.n > 0 ? hop_shown(j->arena, by) : SLICE_LIT("a host");
}

static struct slice
client(const struct judging *j, size_t i)
{
	const struct received *r = &j->hops->list[i].received;
	struct slice name = hop_client(r);

	if (name.n > 0)
		return hop_shown(j->arena, name);
	return r->ip.family != 0 ? ip_text(j->arena, &r->ip)
				 : SLICE_LIT("a host without a name");
}

/* The sender can mend what its own hosts write, not a provider's. */
static bool
is_own(const struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i];

	return h->side == HOP_SENDER && receiver_of(h->received.by) == NULL;
}

/* The same of one end at least. */
static bool
is_own_end(const struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i];

	return h->side == HOP_SENDER &&
	       (receiver_of(h->received.by) == NULL ||
		   receiver_of(hop_client(&h->received)) == NULL);
}

static void
say(struct judging *j, const struct kind *kind, size_t i, bool own,
    struct slice detail)
{
	const struct hop *h = &j->hops->list[i];
	json_t *o =
	    check_problem(j->run->facts, "problems", kind->code, detail);

	(void)json_array_append_new(json_object_get(json_array_get(j->chain, i),
					"problems"),
	    json_string(kind->code));
	if (o == NULL)
		return;
	(void)json_object_set_new(o, "severity", json_string(kind->severity));
	(void)json_object_set_new(o, "hop",
	    json_integer((json_int_t)h->number));
	(void)json_object_set_new(o, "line",
	    json_integer((json_int_t)h->received.line));
	check_fact_bool(o, "own", own);
}

/* ---- one field --------------------------------------------------------- */

/* False: there is nothing in it to judge further. */
static bool
judge_readable(struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i];

	if (h->too_long) {
		say(j, &too_long, i, is_own(j, i),
		    arena_slicef(j->arena,
			"the Received field of hop %zu is longer than the %d "
			"octets that are looked at; no server writes so much",
			h->number, LIMIT_TRACE_FIELD));
		return false;
	}
	if (h->received.by.n > 0 || h->received.from.n > 0 ||
	    h->received.ip.family != 0)
		return true;
	say(j, &unreadable, i, is_own(j, i),
	    arena_slicef(j->arena,
		"the Received field of hop %zu says neither \"from\" nor "
		"\"by\": what wrote it does not keep to RFC 5321 4.4",
		h->number));
	return false;
}

/* RFC 5321 4.4: a date-time ends it. */
static void
judge_date(struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i];
	struct slice date = hop_shown(j->arena, h->received.date);

	if (h->received.when != INT64_MIN)
		return;
	if (date.n == 0)
		say(j, &no_date, i, is_own(j, i),
		    arena_slicef(j->arena,
			"the Received field of hop %zu (%.*s) has no date; let "
			"that host write one behind a semicolon, with its zone",
			h->number, SLICE_FMT(host(j, i))));
	else
		say(j, &bad_date, i, is_own(j, i),
		    arena_slicef(j->arena,
			"the date of hop %zu (%.*s) cannot be read: \"%.*s\"; "
			"its form is \"Sat, 21 Nov 2026 18:50:31 +0000\"",
			h->number, SLICE_FMT(host(j, i)), SLICE_FMT(date)));
}

static bool
is_backwards(const struct hop *h)
{
	return h->has_delay && h->delay < -CLOCKS_DIFFER;
}

/*
 * Of a pair in the wrong order the lower one is the sender's to mend, if it
 * is: the receiver's clock is right.  After such a pair no wait is certain.
 */
static void
judge_time(struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i];
	struct slice time;

	if (!h->has_delay)
		return;
	time = hop_duration(j->arena, h->delay);
	if (is_backwards(h))
		say(j, &backwards, i, is_own(j, h->before),
		    arena_slicef(j->arena,
			"Hop %zu (%.*s) is dated %.*s before hop %zu (%.*s), "
			"which comes first: the clock of one of them is wrong, "
			"or a line is not genuine; filters count that against "
			"the message, so let the hosts set their clocks by NTP",
			h->number, SLICE_FMT(host(j, i)), SLICE_FMT(time),
			j->hops->list[h->before].number,
			SLICE_FMT(host(j, h->before))));
	else if (h->delay > SLOW && !is_backwards(&j->hops->list[h->before]))
		say(j, &slow, i, false,
		    arena_slicef(j->arena,
			"the message took %.*s to hop %zu (%.*s): it waited in "
			"a queue, was put off (greylisting, a 4xx reply), or a "
			"clock is wrong",
			SLICE_FMT(time), h->number, SLICE_FMT(host(j, i))));
}

/* RFC 5321 4.1.3, 4.1.4; of submissions (RFC 6409) anything is taken. */
static void
judge_helo(struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i];
	const struct received *r = &h->received;
	struct ip ip;

	if (r->submitted || r->from.n == 0 || !hop_is_public(&r->ip) ||
	    h->side == HOP_RECEIVER)
		return;
	if (r->from.p[0] == '[' || ip_parse(r->from, &ip))
		say(j, &literal_helo, i, is_own(j, i),
		    arena_slicef(j->arena,
			"the host that came to hop %zu said the address %.*s "
			"for its name in EHLO; many filters take that for a "
			"sign of spam",
			h->number, SLICE_FMT(hop_shown(j->arena, r->from))));
	else if (memchr(r->from.p, '.', r->from.n) == NULL)
		say(j, &bare_helo, i, is_own(j, i),
		    arena_slicef(j->arena,
			"the host that came to hop %zu said \"%.*s\" in EHLO, "
			"which is no full host name; some servers refuse that",
			h->number, SLICE_FMT(hop_shown(j->arena, r->from))));
}

static void
judge_address(struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i];
	const struct received *r = &h->received;

	if (r->ip.family == 0 || hop_is_public(&r->ip) ||
	    h->side == HOP_RECEIVER || !hop_is_handover(r))
		return;
	say(j, &private_ip, i, false,
	    arena_slicef(j->arena,
		"Hop %zu (%.*s) took the message from %.*s at %.*s, an address "
		"of no public use: fine if both are in one network, or else "
		"address translation hides where it came from",
		h->number, SLICE_FMT(host(j, i)), SLICE_FMT(client(j, i)),
		SLICE_FMT(ip_text(j->arena, &r->ip))));
}

/* The hop into the receiver is judged by the providers' own rules. */
static void
judge_tls(struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i];
	const struct received *r = &h->received;

	if (!r->tls_known || r->over_tls || !hop_is_public(&r->ip) ||
	    h->side == HOP_DELIVERY || h->side == HOP_RECEIVER)
		return;
	say(j, &no_tls, i, is_own_end(j, i),
	    arena_slicef(j->arena,
		"Hop %zu (%.*s) took the message from %.*s (%.*s) without TLS: "
		"between the two anyone on the way can read and change it; "
		"switch on STARTTLS at both",
		h->number, SLICE_FMT(host(j, i)), SLICE_FMT(client(j, i)),
		SLICE_FMT(ip_text(j->arena, &r->ip))));
}

/* ---- one field and the next -------------------------------------------- */

/* Whether a name tells at all whose a host is. */
static bool
is_telling(struct slice name)
{
	return receiver_house(name).n > 0 && !hop_is_inner_name(name);
}

static bool
is_same_house(struct slice a, struct slice b)
{
	return slice_eq_nocase(receiver_house(a), receiver_house(b));
}

/* The client of the upper hop may be the host of the lower one. */
static bool
fits(const struct received *lower, const struct received *upper)
{
	if (!is_telling(lower->by))
		return true;
	if (upper->ip.family != 0 && !hop_is_public(&upper->ip))
		return true;
	if (!is_telling(upper->from) && !is_telling(upper->reverse))
		return true;
	return is_same_house(lower->by, upper->from) ||
	       is_same_house(lower->by, upper->reverse);
}

/*
 * A message that says to come from a big provider, and comes from elsewhere.
 * What was fetched from a mailbox, or submitted, was there before.
 */
static void
judge_next(struct judging *j, size_t i)
{
	const struct hop *h = &j->hops->list[i], *next = h + 1;

	if (i + 1 == j->hops->n || next->too_long ||
	    next->side == HOP_RECEIVER || next->received.submitted ||
	    fits(&h->received, &next->received))
		return;
	if (receiver_of(h->received.by) != NULL && h->side != HOP_UNKNOWN)
		say(j, &forged, i, false,
		    arena_slicef(j->arena,
			"Hop %zu says that %.*s took the message, but %.*s had "
			"it next: the line is forged, or left from a message "
			"that was sent anew; filters look for such lines, so "
			"remove it",
			h->number, SLICE_FMT(host(j, i)),
			SLICE_FMT(client(j, i + 1))));
	else
		say(j, &gap, i + 1, false,
		    arena_slicef(j->arena,
			"Hop %zu ended at %.*s, and hop %zu began at %.*s: "
			"often two names of one host, but the lower line may "
			"also be forged",
			h->number, SLICE_FMT(host(j, i)), next->number,
			SLICE_FMT(client(j, i + 1))));
}

/* The nearest hop below by the same host; HOPS_NONE: there is none. */
static int
same_below(const struct judging *j, size_t i)
{
	struct slice by = j->hops->list[i].received.by;

	for (size_t k = i; k-- > 0;) {
		if (slice_eq_nocase(j->hops->list[k].received.by, by))
			return (int)k;
	}
	return HOPS_NONE;
}

/*
 * RFC 5321 6.3: the same host again, with another house between.  Through a
 * filter on the host itself (amavis) a message comes back, too.
 */
static void
judge_loop(struct judging *j, size_t i)
{
	const struct hop *list = j->hops->list;
	int below =
	    is_telling(list[i].received.by) ? same_below(j, i) : HOPS_NONE;

	for (size_t k = i; below >= 0 && k-- > (size_t)below + 1;) {
		if (!is_telling(list[k].received.by) ||
		    is_same_house(list[k].received.by, list[i].received.by))
			continue;
		say(j, &loop, i, is_own(j, i),
		    arena_slicef(j->arena,
			"%.*s took the message twice, as hop %zu and, by way "
			"of %.*s, as hop %zu: a mail loop, or two servers that "
			"hand on to each other",
			SLICE_FMT(host(j, i)), list[below].number,
			SLICE_FMT(host(j, k)), list[i].number));
		return;
	}
}

static void
judge_count(struct judging *j)
{
	if (j->hops->count <= HOPS_MANY)
		return;
	say(j, &too_many, j->hops->n - 1, j->hops->delivery >= 0,
	    arena_slicef(j->arena,
		"the message has %zu Received fields%s; servers take more than "
		"25 (Sendmail), 30 (Exim), 50 (Postfix) or 100 (RFC 5321 6.3) "
		"for a mail loop and refuse it, so send a message anew without "
		"the fields of its earlier way",
		j->hops->count,
		j->hops->cut ? ", of which the newest 100 are looked at" : ""));
}

void
hops_judge(struct check_run *run, const struct hops *hops, json_t *chain)
{
	struct judging j = { run, run->arena, hops, chain };

	for (size_t i = 0; i < hops->n; i++) {
		if (!judge_readable(&j, i))
			continue;
		judge_date(&j, i);
		judge_time(&j, i);
		judge_helo(&j, i);
		judge_address(&j, i);
		judge_tls(&j, i);
		judge_next(&j, i);
		judge_loop(&j, i);
	}
	judge_count(&j);
}
