#include "message/trace.h"

#include "base/limits.h"
#include "message/address.h"
#include "message/receiver.h"

/* What the fields that are only looked at may hold, one at a time. */
enum { SCRATCH_LIMIT = 4 * 1024 * 1024, SCRATCH_BLOCK = 4096 };

struct finder {
	struct arena *arena;
	struct arena *scratch;
	const struct message *message;
	struct last_hop *out;
	size_t end;                 /* line at which the hop's notes end */
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

static void
hop_find(struct finder *f)
{
	const struct message *m = f->message;
	const struct field *field = NULL;
	struct received r;

	f->end = SIZE_MAX;
	for (size_t i = 0; i < LIMIT_RECEIVED; i++) {
		field = message_next(m, "Received", field);
		if (field == NULL)
			return;
		if (f->out->found) {
			f->end = field->line;
			return;
		}
		arena_reset(f->scratch);
		received_parse(f->scratch, field, &r);
		if (is_entry(&r)) {
			received_parse(f->arena, field, &f->out->hop);
			r = f->out->hop;
			f->out->found = true;
			f->out->receiver = receiver_house(r.by);
		}
	}
}

/* Whether the receiver of the hop may have written what this server signs. */
static bool
is_same_house(const struct finder *f, struct slice server)
{
	struct slice house = receiver_house(server);

	return house.n == 0 || f->out->receiver.n == 0 ||
	       slice_eq_nocase(house, f->out->receiver);
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

static struct slice
unquoted(struct slice s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return slice_sub(s, 1, s.n - 2);
	return s;
}

/*
 * header-field   = "Received-SPF:" [CFWS] result FWS [comment FWS]
 *                  [key-value-list]
 * key-value-list = key-value-pair *(";" [CFWS] key-value-pair) [";"]
 */
static struct slice
spf_pairs(struct slice value)
{
	struct slice result, rest;
	size_t depth = 0, i = 0;

	(void)slice_cut(value, ' ', &result, &rest);
	rest = slice_trim(rest);
	do {
		if (i < rest.n && rest.p[i] == '(')
			depth++;
		else if (i < rest.n && rest.p[i] == ')' && depth > 0)
			depth--;
		else if (depth == 0)
			return slice_from(rest, i);
	} while (++i < rest.n);
	return slice_from(rest, i);
}

static struct slice
spf_value(struct slice pairs, struct slice key)
{
	struct slice pair, name, value;

	do {
		(void)slice_cut(pairs, ';', &pair, &pairs);
		if (slice_cut(pair, '=', &name, &value) &&
		    slice_eq_nocase(slice_trim(name), key))
			return unquoted(slice_trim(value));
	} while (pairs.n > 0);
	return SLICE_NONE;
}

static void
spf_note(struct finder *f, const struct field *field)
{
	struct slice value = field_unfolded(f->scratch, field), pairs;

	if (value.n == 0)
		return;
	pairs = spf_pairs(value);
	if (!is_same_house(f, spf_value(pairs, SLICE_LIT("receiver"))))
		return;
	ip_note(f, spf_value(pairs, SLICE_LIT("client-ip")));
	helo_note(f, spf_value(pairs, SLICE_LIT("helo")));
	text_note(f, &f->envelope_from,
	    spf_value(pairs, SLICE_LIT("envelope-from")));
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
	    !is_same_house(f, ar.server))
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
		if (field == NULL || field->line >= f->end)
			return;
		arena_reset(f->scratch);
		if (field->value.n <= LIMIT_TRACE_FIELD)
			note(f, field);
	}
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
	hop_find(&f);
	return_path_read(&f);
	if (out->found) {
		notes_read(&f, "Received-SPF", spf_note);
		notes_read(&f, "Authentication-Results", auth_note);
		mail_from_note(&f, f.mailfrom);
		mail_from_note(&f, f.envelope_from);
	}
	arena_free(f.scratch);
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
