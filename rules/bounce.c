#include "rules/bounce.h"

#include "base/limits.h"

enum { BOUNCES_BLOCK = 64 * 1024 };

static const char *const reasons[BOUNCE_REASONS] = {
	[REASON_AUTHENTICATION] = "authentication",
	[REASON_SPF] = "spf",
	[REASON_DKIM] = "dkim",
	[REASON_DMARC] = "dmarc",
	[REASON_ALIGNMENT] = "alignment",
	[REASON_PTR] = "ptr",
	[REASON_HELO] = "helo",
	[REASON_TLS] = "tls",
	[REASON_FORMAT] = "format",
	[REASON_UNSUBSCRIBE] = "unsubscribe",
	[REASON_SPAM_RATE] = "spam-rate",
	[REASON_REPUTATION] = "reputation",
	[REASON_BLOCKLIST] = "blocklist",
	[REASON_RATE] = "rate",
	[REASON_CONTENT] = "content",
	[REASON_POLICY] = "policy",
	[REASON_USER_UNKNOWN] = "user-unknown",
	[REASON_MAILBOX_FULL] = "mailbox-full",
	[REASON_MAILBOX_INACTIVE] = "mailbox-inactive",
	[REASON_HOST_UNKNOWN] = "host-unknown",
	[REASON_CONNECTION] = "connection",
	[REASON_SIZE] = "size",
	[REASON_GREYLISTED] = "greylisted",
	[REASON_RELAY_DENIED] = "relay-denied",
	[REASON_SYSTEM] = "system",
	[REASON_LOOP] = "loop",
	[REASON_VACATION] = "vacation",
	[REASON_FEEDBACK] = "feedback",
	[REASON_OTHER] = "other",
};

static const char *const identities[BOUNCE_IDENTITIES] = {
	[IDENTITY_IP] = "ip",
	[IDENTITY_NETBLOCK] = "netblock",
	[IDENTITY_DKIM_DOMAIN] = "dkim_domain",
	[IDENTITY_SPF_DOMAIN] = "spf_domain",
	[IDENTITY_FROM_DOMAIN] = "from_domain",
	[IDENTITY_URL] = "url",
};

const char *
bounce_reason_name(enum bounce_reason r)
{
	return reasons[r];
}

const char *
bounce_identity_name(enum bounce_identity_kind k)
{
	return identities[k];
}

static enum rc
add_generic(struct bounces *b)
{
	struct bounce_provider *p =
	    arena_new_of(b->arena, struct bounce_provider, 1);

	b->providers = arena_grow(b->arena, NULL, 0, &b->cap_providers,
	    sizeof(struct bounce_provider *));
	if (p == NULL || b->providers == NULL)
		return RC_NOMEM;
	p->name = SLICE_LIT("generic");
	p->title = SLICE_LIT("any receiver");
	b->providers[b->n_providers++] = p;
	return RC_OK;
}

enum rc
bounces_new(struct bounces **out)
{
	struct arena *a = arena_new(LIMIT_RULES_ARENA, BOUNCES_BLOCK);
	struct bounces *b;

	if (a == NULL)
		return RC_NOMEM;
	b = arena_new_of(a, struct bounces, 1);
	if (b != NULL)
		b->arena = a;
	if (b == NULL || add_generic(b) != RC_OK) {
		arena_free(a);
		return RC_NOMEM;
	}
	*out = b;
	return RC_OK;
}

void
bounces_close(struct bounces **b)
{
	if (*b != NULL)
		arena_free((*b)->arena);
	*b = NULL;
}

struct bounce_provider *
bounces_provider(const struct bounces *b, struct slice name)
{
	for (size_t i = 0; i < b->n_providers; i++) {
		if (slice_eq(b->providers[i]->name, name))
			return b->providers[i];
	}
	return NULL;
}

const struct bounce_provider *
bounces_generic(const struct bounces *b)
{
	return b->providers[0];
}

const struct bounce_pattern *
bounces_find(const struct bounces *b, struct slice id)
{
	for (size_t i = 0; i < b->n_patterns; i++) {
		if (slice_eq(b->patterns[i]->id, id))
			return b->patterns[i];
	}
	return NULL;
}

bool
bounce_status_in(const struct bounce_status *s, const uint16_t status[3])
{
	return (s->class < 0 || s->class == status[0]) &&
	       (s->subject < 0 || s->subject == status[1]) &&
	       s->from <= status[2] && status[2] <= s->to;
}

bool
bounce_tag_is(const struct bounce_tag *t, struct slice word)
{
	if (!t->any)
		return slice_eq(t->head, word);
	return word.n >= t->head.n + t->tail.n && slice_starts(word, t->head) &&
	       slice_eq(slice_from(word, word.n - t->tail.n), t->tail);
}
