#include "checks/hops/hops_chain.h"

#include "base/domain.h"
#include "base/limits.h"
#include "message/receiver.h"

const char *
hop_side_name(enum hop_side side)
{
	switch (side) {
	case HOP_SENDER:
		return "sender";
	case HOP_DELIVERY:
		return "delivery";
	case HOP_RECEIVER:
		return "receiver";
	case HOP_UNKNOWN:
		break;
	}
	return NULL;
}

/* ---- names and numbers ------------------------------------------------- */

bool
hop_is_public(const struct ip *ip)
{
	if (ip->family == 0)
		return false;
	switch (ip_scope(ip)) {
	case IP_PUBLIC:
	case IP_DOCUMENTATION:
		return true;
	case IP_UNSPECIFIED:
	case IP_LOOPBACK:
	case IP_PRIVATE:
	case IP_LINK_LOCAL:
	case IP_MULTICAST:
	case IP_RESERVED:
		break;
	}
	return false;
}

/* RFC 6762 appendix G, RFC 6761, and what else is in use. */
bool
hop_is_inner_name(struct slice name)
{
	static const char *const suffixes[] = { "local", "localdomain",
		"localhost", "lan", "internal", "intranet", "intra", "corp",
		"home", "private", "invalid", "arpa" };

	if (name.n == 0 || memchr(name.p, '.', name.n) == NULL)
		return true;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (domain_is_under(name, slice_str(suffixes[i])))
			return true;
	}
	return false;
}

struct slice
hop_client(const struct received *r)
{
	return r->reverse.n > 0 ? r->reverse : r->from;
}

bool
hop_is_handover(const struct received *r)
{
	struct slice client = hop_client(r);
	struct slice from = receiver_house(client), by = receiver_house(r->by);

	return !r->submitted && from.n > 0 && by.n > 0 &&
	       !hop_is_inner_name(client) && !hop_is_inner_name(r->by) &&
	       !slice_eq_nocase(from, by);
}

struct slice
hop_shown(struct arena *a, struct slice s)
{
	size_t n = LIMIT_HOP_TEXT;

	if (s.n <= n)
		return s;
	while (n > 0 && (s.p[n] & 0xc0) == 0x80)
		n--;
	return arena_slicef(a, "%.*s... (%zu octets)",
	    SLICE_FMT(slice_sub(s, 0, n)), s.n);
}

struct slice
hop_duration(struct arena *a, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" },
		{ 1, "s" } };

	int64_t n = seconds < 0 ? -seconds : seconds, second;
	size_t i = 0;

	while (i < 3 && n < units[i].seconds)
		i++;
	second = i < 3 ? n % units[i].seconds / units[i + 1].seconds : 0;
	if (second == 0)
		return arena_slicef(a, "%lld %s",
		    (long long)(n / units[i].seconds), units[i].name);
	return arena_slicef(a, "%lld %s %lld %s",
	    (long long)(n / units[i].seconds), units[i].name, (long long)second,
	    units[i + 1].name);
}

/* ---- the fields -------------------------------------------------------- */

/* From the top of the message, so to the back of the list. */
static void
fields_read(struct arena *a, const struct message *m, struct hops *out)
{
	const struct field *f = NULL;

	for (size_t i = 0; i < out->n; i++) {
		struct hop *h = &out->list[out->n - 1 - i];

		f = message_next(m, "Received", f);
		if (f == NULL)
			return;
		received_parse(a, f, &h->received);
		h->number = out->count - i;
		h->too_long = f->value.n > LIMIT_TRACE_FIELD;
	}
}

static void
sides_tell(struct hops *h)
{
	h->delivery = HOPS_NONE;
	if (!h->last.found)
		return;
	for (size_t i = 0; i < h->n; i++) {
		struct hop *hop = &h->list[i];

		if (hop->received.line == h->last.hop.line) {
			hop->side = HOP_DELIVERY;
			h->delivery = (int)i;
			/* With what its notes say of the client. */
			hop->received = h->last.hop;
		} else {
			hop->side = hop->received.line > h->last.hop.line
					? HOP_SENDER
					: HOP_RECEIVER;
		}
	}
}

static void
delays_tell(struct hops *h)
{
	size_t before = SIZE_MAX;

	for (size_t i = 0; i < h->n; i++) {
		struct hop *hop = &h->list[i];

		if (hop->received.when == INT64_MIN)
			continue;
		if (before != SIZE_MAX) {
			hop->has_delay = true;
			hop->before = before;
			hop->delay =
			    hop->received.when - h->list[before].received.when;
		}
		before = i;
	}
}

enum rc
hops_read(struct arena *a, const struct message *m, struct hops *out)
{
	enum rc rc;

	*out = (struct hops){ .delivery = HOPS_NONE };
	rc = last_hop_find(a, m, &out->last);
	if (rc)
		return rc;
	out->count = message_count(m, "Received");
	out->n = out->count < LIMIT_RECEIVED ? out->count : LIMIT_RECEIVED;
	out->cut = out->n < out->count;
	out->list = arena_new_of(a, struct hop, out->n + 1);
	if (out->list == NULL)
		return RC_LIMIT;
	fields_read(a, m, out);
	sides_tell(out);
	delays_tell(out);
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
