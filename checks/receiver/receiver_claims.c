#include "checks/receiver/receiver_claims.h"

#include "base/domain.h"

static const char *const methods[] = {
	[CLAIM_SPF] = "spf",
	[CLAIM_DKIM] = "dkim",
	[CLAIM_DMARC] = "dmarc",
};

struct gatherer {
	struct arena *arena;
	struct claims *out;
	struct claim *list;
	size_t cap;
};

const char *
claim_method_name(enum claim_method method)
{
	return method < CLAIM_METHODS ? methods[method] : "";
}

static struct slice
lower(struct arena *a, struct slice s)
{
	unsigned char *text = arena_alloc(a, s.n + 1, 1);

	if (text == NULL)
		return SLICE_NONE;
	for (size_t i = 0; i < s.n; i++)
		text[i] = ascii_lower(s.p[i]);
	return slice_of(text, s.n);
}

/* ---- properties -------------------------------------------------------- */

/* What stands behind the last "@" of a mailbox, of "@domain" or of a domain. */
static struct slice
domain_of(struct arena *a, struct slice text)
{
	struct slice head, domain = SLICE_NONE;

	while (slice_cut(text, '@', &head, &text))
		;
	text = head;
	if (text.n > 0 && text.p[text.n - 1] == '>')
		text.n--;
	if (text.n == 0 || domain_canonical(a, text, &domain) != DOMAIN_FINE)
		return SLICE_NONE;
	return domain;
}

static void
spf_read(struct arena *a, const struct auth_result *r, struct claim *c)
{
	static const char *const ips[][2] = { { "", "client-ip" },
		{ "smtp", "remote-ip" }, { "policy", "iprev" },
		{ "smtp", "client-ip" } };
	struct slice from = hop_note_property(r, "smtp", "mailfrom");
	struct slice helo = hop_note_property(r, "smtp", "helo");

	if (from.n == 0)
		from = hop_note_property(r, "", "envelope-from");
	if (helo.n == 0)
		helo = hop_note_property(r, "", "helo");
	c->domain = domain_of(a, from);
	c->of_helo = slice_eq_nocase(hop_note_property(r, "", "identity"),
			 SLICE_LIT("helo")) ||
		     c->domain.n == 0;
	if (c->of_helo)
		c->domain = domain_of(a, helo);
	for (size_t i = 0; i < sizeof(ips) / sizeof(ips[0]); i++) {
		if (c->ip.family == 0 &&
		    !ip_parse(hop_note_property(r, ips[i][0], ips[i][1]),
			&c->ip))
			c->ip = (struct ip){ 0 };
	}
}

static void
dkim_read(struct arena *a, const struct auth_result *r, struct claim *c)
{
	struct slice selector = hop_note_property(r, "header", "s");

	c->domain = domain_of(a, hop_note_property(r, "header", "d"));
	if (c->domain.n == 0)
		c->domain = domain_of(a, hop_note_property(r, "header", "i"));
	if (domain_canonical(a, selector, &c->selector) != DOMAIN_FINE)
		c->selector = SLICE_NONE;
	c->signature = hop_note_property(r, "header", "b");
}

/* ---- claims ------------------------------------------------------------ */

static struct slice
name_of(struct arena *a, const struct claim *c)
{
	if (c->method != CLAIM_DKIM || c->domain.n == 0)
		return slice_str(claim_method_name(c->method));
	return arena_slicef(a, "dkim %.*s%s%.*s%s%.*s", SLICE_FMT(c->domain),
	    c->selector.n > 0 ? " " : "", SLICE_FMT(c->selector),
	    c->signature.n > 0 ? " " : "", SLICE_FMT(c->signature));
}

static struct claim *
same_name(struct gatherer *g, struct slice name)
{
	for (size_t i = 0; g->list != NULL && i < g->out->n; i++) {
		if (slice_eq(g->list[i].name, name))
			return &g->list[i];
	}
	return NULL;
}

static void
claim_add(struct gatherer *g, const struct claim *c)
{
	struct claim *same = same_name(g, c->name), *more;

	/* Received-SPF has the address that Authentication-Results lacks. */
	if (same != NULL && same->ip.family == 0 &&
	    slice_eq(same->result, c->result))
		same->ip = c->ip;
	if (same != NULL && same->reason.n == 0)
		same->reason = c->reason;
	if (same != NULL)
		return;
	more = arena_grow(g->arena, g->list, g->out->n, &g->cap, sizeof(*c));
	if (more == NULL)
		return;
	g->list = more;
	g->list[g->out->n++] = *c;
}

static void
result_take(struct gatherer *g, const struct hop_note *note,
    const struct auth_result *r)
{
	struct claim c = { .method = CLAIM_METHODS,
		.reason = r->reason,
		.server = note->server,
		.line = note->line };

	for (size_t i = 0; i < CLAIM_METHODS; i++) {
		if (slice_eq_nocase(r->method, slice_str(methods[i])))
			c.method = (enum claim_method)i;
	}
	c.result = lower(g->arena, r->result);
	switch (c.method) {
	case CLAIM_SPF:
		spf_read(g->arena, r, &c);
		break;
	case CLAIM_DKIM:
		dkim_read(g->arena, r, &c);
		break;
	case CLAIM_DMARC:
		c.domain =
		    domain_of(g->arena, hop_note_property(r, "header", "from"));
		break;
	case CLAIM_METHODS:
		g->out->arc |= slice_eq_nocase(r->method, SLICE_LIT("arc")) &&
			       slice_eq(c.result, SLICE_LIT("pass"));
		return;
	}
	c.name = name_of(g->arena, &c);
	if (c.result.n > 0)
		claim_add(g, &c);
}

enum rc
claims_gather(struct arena *a, const struct hop_notes *notes,
    struct claims *out)
{
	struct gatherer g = { .arena = a, .out = out };

	*out = (struct claims){ 0 };
	for (size_t i = 0; i < notes->n; i++) {
		const struct hop_note *note = &notes->list[i];

		for (size_t k = 0; note->trusted && k < note->n; k++)
			result_take(&g, note, &note->results[k]);
	}
	out->list = g.list;
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
