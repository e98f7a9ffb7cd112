#include "rules/rules.h"

#include "base/limits.h"

enum { RULES_BLOCK = 32 * 1024 };

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

const struct rule *
rules_find(const struct rules *rules, struct slice id)
{
	for (size_t i = 0; i < rules->n; i++) {
		if (slice_eq(rules->rules[i]->id, id))
			return rules->rules[i];
	}
	return NULL;
}

bool
rule_in_force(const struct rule *rule, int64_t as_of)
{
	return rule->since <= as_of && as_of < rule->until;
}
