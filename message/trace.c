#include "message/trace.h"

#include "base/limits.h"
#include "message/address.h"
#include "message/received_spf.h"
#include "message/receiver.h"

/* What the fields that are only looked at may hold, one at a time. */
enum { SCRATCH_LIMIT = 4 * 1024 * 1024, SCRATCH_BLOCK = 4096 };

struct finder {
	struct arena *arena;
	struct arena *scratch;
	const struct message *message;
	struct last_hop *out;
	struct slice mailfrom;      /* smtp.mailfrom */
	struct slice envelope_from; /* of Received-SPF */
};

static bool
is_reachable(const struct ip *ip)
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

/* Rule 2 of last_hop_find(). */
static bool
is_from_outside(const struct received *r)
{
	struct slice by = receiver_house(r->by), client;

	if (receiver_is_edge(r->by) || by.n == 0)
		return true;
	client = receiver_house(r->reverse);
	if (client.n == 0)
		client = receiver_house(r->from);
	return !slice_eq_nocase(client, by);
}

/* Rules 1 to 3 of last_hop_find(). */
static bool
is_entry(const struct received *r)
{
	if (r->submitted || r->by.n == 0 || !is_from_outside(r))
		return false;
	if (r->ip.family != 0)
		return is_reachable(&r->ip);
	return r->from.n > 0 && receiver_of(r->by) != NULL;
}

/*
 * The first hop into a receiver below a field (NULL: from the top), and where
 * its notes end.  *left counts what may be looked at.
 */
static const struct field *
entry_find(struct finder *f, const struct field *below, size_t *left,
    struct last_hop *out)
{
	const struct field *field = below, *next;
	struct slice house, above = SLICE_NONE;
	struct received r;

	for (; *left > 0; --*left) {
		field = message_next(f->message, "Received", field);
		if (field == NULL)
			return NULL;
		arena_reset(f->scratch);
		received_parse(f->scratch, field, &r);
		house = receiver_house(r.by);
		if (!is_entry(&r)) {
			if (house.n > 0)
				above = arena_copy(f->arena, house);
			continue;
		}
		received_parse(f->arena, field, &out->hop);
		out->found = true;
		out->receiver = receiver_house(out->hop.by);
		/* Yahoo: its name stands in the field above alone. */
		if (out->receiver.n == 0)
			out->receiver = above;
		next = message_next(f->message, "Received", field);
		out->notes_end = next != NULL ? next->line : SIZE_MAX;
		return field;
	}
	return NULL;
}

/* Whether the receiver of the hop may have written what this server signs. */
static bool
is_same_house(const struct last_hop *hop, struct slice server)
{
	struct slice house = receiver_house(server);

	return house.n == 0 || hop->receiver.n == 0 ||
	       slice_eq_nocase(house, hop->receiver);
}

bool
last_hop_wrote(const struct last_hop *hop, size_t line, struct slice server)
{
	return hop->found && line > hop->notes_begin && line < hop->notes_end &&
	       is_same_house(hop, server);
}

static void
ip_note(struct finder *f, struct slice text)
{
	struct ip ip;

	if (f->out->hop.ip.family == 0 && ip_parse(text, &ip) &&
	    is_reachable(&ip))
		f->out->hop.ip = ip;
}

static void
helo_note(struct finder *f, struct slice name)
{
	if (f->out->hop.from.n == 0 && name.n > 0)
		f->out->hop.from = arena_copy(f->arena, name);
}

static void
text_note(struct finder *f, struct slice *note, struct slice text)
{
	if (note->n == 0 && text.n > 0)
		*note = arena_copy(f->arena, text);
}

/* --- Received-SPF (RFC 7208 9.1) ------------------------------------------- */

static void
spf_note(struct finder *f, const struct field *field)
{
	struct received_spf spf;

	if (received_spf_parse(f->scratch, field->value, &spf) != RC_OK ||
	    !is_same_house(f->out, spf.receiver))
		return;
	ip_note(f, spf.client_ip);
	helo_note(f, spf.helo);
	text_note(f, &f->envelope_from, spf.envelope_from);
}

/* --- Authentication-Results ------------------------------------------------ */

static struct slice
property(const struct auth_result *r, const char *ptype, const char *name)
{
	for (size_t i = 0; i < r->n_properties; i++) {
		const struct auth_property *p = &r->properties[i];

		if (slice_eq_nocase(p->ptype, slice_str(ptype)) &&
		    slice_eq_nocase(p->name, slice_str(name)))
			return p->value;
	}
	return SLICE_NONE;
}

static void
result_note(struct finder *f, const struct auth_result *r)
{
	ip_note(f, property(r, "policy", "iprev"));
	ip_note(f, property(r, "smtp", "remote-ip"));
	if (!slice_eq_nocase(r->method, SLICE_LIT("spf")))
		return;
	helo_note(f, property(r, "smtp", "helo"));
	text_note(f, &f->mailfrom, property(r, "smtp", "mailfrom"));
}

static void
auth_note(struct finder *f, const struct field *field)
{
	struct auth_results ar;

	if (auth_results_parse(f->scratch, field->value, &ar) != RC_OK ||
	    !is_same_house(f->out, ar.server))
		return;
	for (size_t i = 0; i < ar.n; i++)
		result_note(f, &ar.results[i]);
}

/* The fields of a name among the hop's notes, LIMIT_RECEIVED of them. */
static void
notes_read(struct finder *f, const char *name,
    void (*note)(struct finder *, const struct field *))
{
	const struct field *field = NULL;

	for (size_t i = 0; i < LIMIT_RECEIVED; i++) {
		field = message_next(f->message, name, field);
		if (field == NULL || field->line >= f->out->notes_end)
			return;
		arena_reset(f->scratch);
		if (field->line > f->out->notes_begin &&
		    field->value.n <= LIMIT_TRACE_FIELD)
			note(f, field);
	}
}

/* --- gateways -------------------------------------------------------------- */

/*
 * Whether a gateway's results tell that it took the message from outside: what
 * SPF says of it; of Microsoft, which notes that of its customers' own mail
 * too, with "compauth" beside it.
 */
static bool
has_judged(const struct auth_results *ar, bool microsoft)
{
	bool spf = false, compauth = !microsoft;

	for (size_t i = 0; i < ar->n; i++) {
		struct slice method = ar->results[i].method;

		spf |= slice_eq_nocase(method, SLICE_LIT("spf"));
		compauth |= slice_eq_nocase(method, SLICE_LIT("compauth"));
	}
	return spf && compauth;
}

static bool
is_judgement(struct finder *f, const struct field *field,
    const struct last_hop *gate)
{
	bool microsoft = receiver_is_edge(gate->hop.by);
	struct auth_results ar;

	arena_reset(f->scratch);
	if (field->value.n > LIMIT_TRACE_FIELD ||
	    auth_results_parse(f->scratch, field->value, &ar) != RC_OK ||
	    (ar.server.n == 0 && !microsoft))
		return false;
	return last_hop_wrote(gate, field->line, ar.server) &&
	       has_judged(&ar, microsoft);
}

static bool
gateway_judged(struct finder *f, const struct last_hop *gate)
{
	/* Microsoft renames what it finds there. */
	static const char *const names[] = { "Authentication-Results",
		"Authentication-Results-Original" };

	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		const struct field *field = NULL;

		for (size_t i = 0; i < LIMIT_RECEIVED; i++) {
			field = message_next(f->message, names[n], field);
			if (field == NULL || field->line >= gate->notes_end)
				break;
			if (is_judgement(f, field, gate))
				return true;
		}
	}
	return false;
}

bool
mail_from_is_rewritten(struct slice mail_from)
{
	return slice_starts_nocase(mail_from, SLICE_LIT("srs0")) ||
	       slice_starts_nocase(mail_from, SLICE_LIT("srs1")) ||
	       slice_find_nocase(mail_from, SLICE_LIT("+srs")) != SIZE_MAX ||
	       slice_find_nocase(mail_from, SLICE_LIT("+caf_=")) != SIZE_MAX;
}

/* The client of the hop found may be the receiver's own way in. */
static bool
is_gateway(const struct finder *f, struct slice *house)
{
	const struct received *hop = &f->out->hop;
	struct slice client = hop->reverse.n > 0 ? hop->reverse : hop->from;
	const struct receiver *r = receiver_of(client);

	*house = receiver_house(client);
	/* Microsoft is one for servers of its customers' own alone. */
	return r != NULL && r->gateway &&
	       (r->edge == NULL || receiver_of(hop->by) == NULL) &&
	       !slice_eq_nocase(*house, f->out->receiver) &&
	       !mail_from_is_rewritten(f->out->mail_from);
}

static void
hop_find(struct finder *f)
{
	size_t left = LIMIT_RECEIVED;
	const struct field *field = entry_find(f, NULL, &left, f->out), *lower;
	struct last_hop gate = { 0 };
	struct slice house;

	if (field == NULL || !is_gateway(f, &house))
		return;
	house = arena_copy(f->arena, house);
	left -= left > 0;
	lower = entry_find(f, field, &left, &gate);
	gate.notes_begin = field->line;
	if (lower == NULL || !slice_eq_nocase(gate.receiver, house) ||
	    !gateway_judged(f, &gate))
		return;
	f->out->gateway = f->out->hop;
	f->out->has_gateway = true;
	f->out->hop = gate.hop;
	f->out->receiver = gate.receiver;
	f->out->notes_begin = gate.notes_begin;
	f->out->notes_end = gate.notes_end;
}

/* --- MAIL FROM ------------------------------------------------------------- */

static void
mail_from_set(struct finder *f, struct slice local, struct slice domain)
{
	size_t n = local.n + 1 + domain.n;
	unsigned char *text = arena_alloc(f->arena, n, 1);

	if (text == NULL)
		return;
	if (local.n > 0)
		memcpy(text, local.p, local.n);
	text[local.n] = '@';
	memcpy(text + local.n + 1, domain.p, domain.n);
	f->out->mail_from = slice_of(text, n);
	f->out->has_mail_from = true;
}

/* False: no path. */
static bool
path_note(struct finder *f, struct slice text)
{
	struct path path;

	arena_reset(f->scratch);
	if (!path_parse(f->scratch, text, &path))
		return false;
	if (!path.null) {
		mail_from_set(f, path.local, path.domain);
	} else {
		f->out->null_sender = true;
		f->out->has_mail_from = true;
	}
	return true;
}

static void
return_path_read(struct finder *f)
{
	const struct field *field = NULL;

	for (size_t i = 0; i < LIMIT_RECEIVED; i++) {
		field = message_next(f->message, "Return-Path", field);
		if (field == NULL)
			return;
		if (field->value.n <= LIMIT_TRACE_FIELD &&
		    path_note(f, field->value))
			return;
	}
}

static bool
is_domain_text(struct slice s)
{
	if (s.n == 0 || memchr(s.p, '.', s.n) == NULL)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 128 && !ascii_is_alnum(s.p[i]) && s.p[i] != '.' &&
		    s.p[i] != '-' && s.p[i] != '_')
			return false;
	}
	return true;
}

/* A path, or a domain by itself. */
static void
mail_from_note(struct finder *f, struct slice text)
{
	if (f->out->has_mail_from || text.n == 0 || path_note(f, text))
		return;
	if (is_domain_text(text)) {
		mail_from_set(f, SLICE_LIT("postmaster"), text);
		f->out->domain_only = true;
	}
}

enum rc
last_hop_find(struct arena *a, const struct message *m, struct last_hop *out)
{
	struct finder f = { .arena = a, .message = m, .out = out };

	*out = (struct last_hop){ 0 };
	f.scratch = arena_new(SCRATCH_LIMIT, SCRATCH_BLOCK);
	if (f.scratch == NULL)
		return RC_NOMEM;
	return_path_read(&f);
	hop_find(&f);
	if (out->found) {
		notes_read(&f, "Received-SPF", spf_note);
		notes_read(&f, "Authentication-Results", auth_note);
		mail_from_note(&f, f.mailfrom);
		mail_from_note(&f, f.envelope_from);
	}
	arena_free(f.scratch);
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
