#include "rules/rules.h"

#include "base/hash.h"
#include "base/limits.h"

enum { RULES_BLOCK = 32 * 1024, INDEX_FIRST = 64 };

enum rc
rules_new(struct rules **out)
{
	struct arena *a = arena_new(LIMIT_RULES_ARENA, RULES_BLOCK);
	struct rules *rules;

	if (a == NULL)
		return RC_NOMEM;
	rules = arena_new_of(a, struct rules, 1);
	if (rules == NULL) {
		arena_free(a);
		return RC_NOMEM;
	}
	rules->arena = a;
	*out = rules;
	return RC_OK;
}

void
rules_close(struct rules **rules)
{
	if (*rules != NULL)
		arena_free((*rules)->arena);
	*rules = NULL;
}

/* Where it is in the index, or would be; there is a free place. */
static const struct rule **
place_of(const struct rules *rules, struct slice id)
{
	size_t i = (size_t)hash64(id, 0) & (rules->index_size - 1);

	while (rules->index[i] != NULL && !slice_eq(rules->index[i]->id, id))
		i = (i + 1) & (rules->index_size - 1);
	return &rules->index[i];
}

const struct rule *
rules_find(const struct rules *rules, struct slice id)
{
	return rules->index_size > 0 ? *place_of(rules, id) : NULL;
}

static void
index_fill(struct rules *rules)
{
	memset(rules->index, 0, rules->index_size * sizeof(*rules->index));
	for (size_t i = 0; i < rules->n; i++)
		*place_of(rules, rules->rules[i]->id) = rules->rules[i];
}

/* It stays at most half full. */
static enum rc
index_room(struct rules *rules)
{
	size_t size =
	    rules->index_size > 0 ? rules->index_size * 2 : INDEX_FIRST;
	const struct rule **index;

	if (2 * (rules->n + 1) <= rules->index_size)
		return RC_OK;
	index = arena_new_of(rules->arena, const struct rule *, size);
	if (index == NULL)
		return RC_NOMEM;
	rules->index = index;
	rules->index_size = size;
	index_fill(rules);
	return RC_OK;
}

enum rc
rules_put(struct rules *rules, const struct rule *rule)
{
	const struct rule **more = arena_grow(rules->arena, rules->rules,
	    rules->n, &rules->cap, sizeof(*more));

	if (more == NULL)
		return RC_NOMEM;
	rules->rules = more;
	if (index_room(rules) != RC_OK)
		return RC_NOMEM;
	rules->rules[rules->n++] = rule;
	*place_of(rules, rule->id) = rule;
	return RC_OK;
}

void
rules_cut(struct rules *rules, size_t n)
{
	if (rules->n == n)
		return;
	rules->n = n;
	index_fill(rules);
}

void
rules_replace(struct rules *rules, const struct rule *rule)
{
	for (size_t i = 0; i < rules->n; i++) {
		if (slice_eq(rules->rules[i]->id, rule->id))
			rules->rules[i] = rule;
	}
	*place_of(rules, rule->id) = rule;
}

bool
rule_in_force(const struct rule *rule, int64_t as_of)
{
	return rule->since <= as_of && as_of < rule->until;
}
