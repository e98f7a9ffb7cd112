#include "audit/packs_used.h"

#include "base/limits.h"
#include "base/sha256.h"
#include "checks/check.h"

/* What the rules of one pack have in common. */
struct account {
	bool used;
	size_t rules;
	struct slice
	    provider; /* nothing: they are of several, or there is none */
	bool several;
	struct slice newest, oldest; /* checked; or nothing */
};

/* A rule has its pack's own name, so that two of one name are told apart. */
static size_t
pack_of(const struct rules *rules, struct slice file)
{
	size_t i = 0;

	while (i < rules->n_packs && rules->packs[i].file.p != file.p)
		i++;
	return i;
}

static bool
is_judged(const struct scorecard_settings *s, const struct rule *r)
{
	for (size_t i = 0; i < s->n_providers; i++) {
		if (slice_eq(s->providers[i], r->provider))
			return true;
	}
	return s->advice && slice_eq(r->provider, SLICE_LIT("standards"));
}

/* What the rule says is in these packs, of which there are some. */
static void
mark_used(const struct rules *rules, const struct rule *r,
    struct account *accounts)
{
	if (r->off != NULL)
		accounts[pack_of(rules, r->off->file)].used = true;
	for (size_t i = 0; r != NULL && i <= LIMIT_RULE_EXTENDS; i++) {
		accounts[pack_of(rules, r->file)].used = true;
		r = r->extends.n > 0 ? rules_find(rules, r->extends) : NULL;
	}
}

static void
add_rule(struct account *a, const struct rule *r)
{
	a->rules++;
	a->several |= a->provider.n > 0 && !slice_eq(a->provider, r->provider);
	a->provider = r->provider;
	if (r->checked.n == 0)
		return;
	if (a->newest.n == 0 || slice_cmp(r->checked, a->newest) > 0)
		a->newest = r->checked;
	if (a->oldest.n == 0 || slice_cmp(r->checked, a->oldest) < 0)
		a->oldest = r->checked;
}

static json_t *
text_or_null(struct slice s)
{
	return s.n > 0 ? check_json(s) : json_null();
}

static json_t *
pack_json(const struct rule_pack *p, const struct account *a)
{
	char sum[SHA256_TEXT];
	const char *sha256 = sum;
	json_t *o = json_object();

	/* No digest is made of those that are built in: that loads OpenSSL. */
	if (p->built_in != NULL)
		sha256 = p->built_in->sha256;
	else
		sha256_of(p->text, sum);
	(void)json_object_set_new(o, "name", check_json(p->file));
	(void)json_object_set_new(o, "provider",
	    text_or_null(a->several ? SLICE_NONE : a->provider));
	(void)json_object_set_new(o, "rules",
	    json_integer((json_int_t)a->rules));
	(void)json_object_set_new(o, "checked", text_or_null(a->newest));
	(void)json_object_set_new(o, "oldest_checked", text_or_null(a->oldest));
	(void)json_object_set_new(o, "sha256", json_string(sha256));
	(void)json_object_set_new(o, "built_in",
	    json_boolean(p->built_in != NULL));
	return o;
}

json_t *
packs_used(const struct scorecard_settings *s)
{
	const struct rules *rules = s->rules;
	struct account *accounts = /* and one for what is in no pack */
	    arena_new_of(rules->arena, struct account, rules->n_packs + 1);
	json_t *list = json_array();

	if (accounts == NULL || list == NULL) {
		json_decref(list);
		return NULL;
	}
	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *r = rules->rules[i];

		add_rule(&accounts[pack_of(rules, r->file)], r);
		if (is_judged(s, r))
			mark_used(rules, r, accounts);
	}
	for (size_t i = 0; i < rules->n_packs; i++) {
		if (accounts[i].used)
			(void)json_array_append_new(list,
			    pack_json(&rules->packs[i], &accounts[i]));
	}
	return list;
}
