/*
 * Failed results that one deed mends are one change: those with the same fix,
 * or with the same records for the same requirement.  A change is left out
 * where others mend all of its rules: where a rule says so (mended_by), or
 * where its expression is true once the parts hold that the others make true
 * (rules/assume.h).
 */
#include "audit/changes.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "rules/assume.h"

enum {
	BLOCK = 4096,
	N_LEVELS = LEVEL_MUST + 1,
	N_CONSEQUENCES = CONSEQUENCE_REJECT + 1
};

struct member {
	const json_t *result;
	const struct rule *rule;
	const struct node *fault; /* what its deed makes true, if one thing */
	enum vagueness vague;
	bool implied; /* its own deed is another one */
};

struct change {
	struct member *members; /* the first is what is said */
	size_t n;
	size_t cap;
	bool needed; /* for a must */
	bool gone;   /* others mend all of it */
};

struct changes {
	struct arena *arena;
	const struct rules *rules;
	const json_t *facts;
	struct change *list;
	size_t n;
	size_t cap;
	const struct node **held; /* room for one a member */
	size_t members;
};

/* ---- gathering --------------------------------------------------------- */

static const char *
text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text != NULL ? text : "";
}

static bool
same_member(const json_t *a, const json_t *b, const char *key)
{
	const json_t *x = json_object_get(a, key), *y = json_object_get(b, key);

	return x == y || json_equal(x, y);
}

/*
 * However each provider words its fix, the same records for the same
 * requirement are the same deed; without records the words decide.
 */
static bool
same_deed(const json_t *a, const json_t *b)
{
	if (!same_member(a, b, "records"))
		return false;
	if (same_member(a, b, "fix"))
		return json_is_string(json_object_get(a, "fix")) ||
		       json_array_size(json_object_get(a, "records")) > 0;
	return json_array_size(json_object_get(a, "records")) > 0 &&
	       same_member(a, b, "check") && same_member(a, b, "requirement");
}

/*
 * Less comes first: a must, then what is graver, and of the same gravity plainer: "spf.pass" says better what is
 * to be done than "spf.pass or dkim.pass".
 */
static int
rank(const struct member *m)
{
	int consequence = CONSEQUENCE_REJECT - (int)m->rule->consequence;
	int level = LEVEL_MUST - (int)m->rule->level;
	int must = level == 0 ? 0 : N_CONSEQUENCES * N_LEVELS;

	return (must + consequence * N_LEVELS + level) * 6 + m->implied * 3 +
	       (int)m->vague;
}

static void
change_add(struct changes *all, struct change *c, struct member m)
{
	struct member *members =
	    arena_grow(all->arena, c->members, c->n, &c->cap, sizeof(*members));
	size_t at = c->n;

	if (members == NULL)
		return;
	c->members = members;
	for (; at > 0 && rank(&members[at - 1]) > rank(&m); at--)
		members[at] = members[at - 1];
	members[at] = m;
	c->n++;
}

static void
changes_add(struct changes *all, const json_t *result, const struct rule *rule)
{
	struct member m = { .result = result, .rule = rule };
	struct change *list;
	size_t i = 0;

	if (rule->require != NULL) {
		m.fault = expr_fault(rule->require, all->facts);
		m.vague = expr_vagueness(rule->require, m.fault);
	}
	while (i < all->n && !same_deed(all->list[i].members[0].result, result))
		i++;
	if (i == all->n) {
		list = arena_grow(all->arena, all->list, all->n, &all->cap,
		    sizeof(*list));
		if (list == NULL)
			return;
		all->list = list;
		list[i] = (struct change){ 0 };
		change_add(all, &list[i], m);
		all->n += list[i].n;
	} else {
		change_add(all, &all->list[i], m);
	}
	all->members++;
}

static void
gather(struct changes *all, const json_t *results)
{
	const struct rule *rule;
	const json_t *result;
	size_t i;

	json_array_foreach(results, i, result)
	{
		if (strcmp(text_of(result, "status"), "fail") != 0 ||
		    strcmp(text_of(result, "provider"), "standards") == 0)
			continue;
		rule =
		    rules_find(all->rules, slice_str(text_of(result, "rule")));
		if (rule != NULL)
			changes_add(all, result, rule);
	}
	all->held =
	    arena_new_of(all->arena, const struct node *, all->members + 1);
}

/* ---- what others mend -------------------------------------------------- */

static bool
names(const struct change *c, const struct rule_mender *m, const json_t *facts)
{
	if (m->when != NULL && expr_eval(m->when, facts, NULL) != TRUTH_TRUE)
		return false;
	for (size_t i = 0; i < c->n; i++) {
		if (!c->members[i].implied &&
		    slice_eq(c->members[i].rule->id, m->id))
			return true;
	}
	return false;
}

/* Whether the rule says that this change mends it. */
static bool
is_named(const struct changes *all, const struct change *c,
    const struct rule *rule)
{
	for (size_t i = 0; i < rule->n_menders; i++) {
		if (names(c, &rule->menders[i], all->facts))
			return true;
	}
	return false;
}

/* Adds what holds once the change is made. */
static void
hold(struct changes *all, const struct change *c, size_t *n)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->members[i].fault != NULL && !c->members[i].implied)
			all->held[(*n)++] = c->members[i].fault;
	}
}

static bool
holds(const struct changes *all, const struct rule *rule, size_t n)
{
	return n > 0 && rule->require != NULL &&
	       expr_eval_if(rule->require, all->facts, all->held, n) ==
		   TRUTH_TRUE;
}

/* Whether a change is among those that may mend what another is about. */
static bool
counts(const struct change *c, const struct change *but, bool needed)
{
	return c != but && !c->gone && (c->needed || !needed);
}

/*
 * The change that mends the rule of another one: alone, or with all others
 * (then the first that adds to it).  NULL: they do not.
 */
static struct change *
mender_of(struct changes *all, const struct change *but,
    const struct rule *rule, bool needed)
{
	struct change *first = NULL, *c;
	size_t n = 0, before;

	for (size_t i = 0; i < all->n; i++) {
		c = &all->list[i];
		before = 0;
		if (!counts(c, but, needed))
			continue;
		hold(all, c, &before);
		if (is_named(all, c, rule) || holds(all, rule, before))
			return c;
	}
	for (size_t i = 0; i < all->n; i++) {
		c = &all->list[i];
		before = n;
		if (!counts(c, but, needed))
			continue;
		hold(all, c, &n);
		if (n > before && first == NULL)
			first = c;
	}
	return holds(all, rule, n) ? first : NULL;
}

/* What was given to others stays mended without the change. */
static bool
is_spared(struct changes *all, const struct change *but, bool musts)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct change *c = &all->list[i];

		for (size_t k = 0; c != but && k < c->n; k++) {
			if (c->members[k].implied &&
			    mender_of(all, but, c->members[k].rule, musts) ==
				NULL)
				return false;
		}
	}
	return true;
}

/* Whether others mend all of it that is of that level, or of any. */
static bool
is_covered(struct changes *all, const struct change *c, bool musts)
{
	if (!is_spared(all, c, musts))
		return false;
	for (size_t i = 0; i < c->n; i++) {
		if ((c->members[i].rule->level == LEVEL_MUST || !musts) &&
		    mender_of(all, c, c->members[i].rule, musts) == NULL)
			return false;
	}
	return true;
}

/* Gives what others mend to them; what is left stays. */
static void
hand_over(struct changes *all, struct change *c, bool musts)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct member m = c->members[i];
		struct change *to = NULL;

		if (m.rule->level == LEVEL_MUST || !musts)
			to = mender_of(all, c, m.rule, musts);
		if (to == NULL) {
			c->members[kept++] = m;
			continue;
		}
		m.implied = true;
		change_add(all, to, m);
	}
	c->n = kept;
	c->gone = kept == 0;
}

static enum vagueness
vagueness_of(const struct change *c)
{
	enum vagueness least = VAGUE_CHOICE;

	for (size_t i = 0; i < c->n; i++) {
		if (c->members[i].vague < least)
			least = c->members[i].vague;
	}
	return least;
}

/* First what says least of what is to be done; of the same, the last. */
static void
shorten(struct changes *all, bool musts)
{
	for (size_t i = 3 * all->n; i > 0; i--) {
		struct change *c = &all->list[(i - 1) % all->n];

		if (c->gone || c->needed != musts ||
		    vagueness_of(c) != (i - 1) / all->n ||
		    !is_covered(all, c, musts))
			continue;
		hand_over(all, c, musts);
		c->needed = false;
	}
}

/* What should be done besides goes with what must be, where that mends it. */
static void
set_needed(struct changes *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct change *c = &all->list[i];

		for (size_t k = 0; k < c->n; k++)
			c->needed |= c->members[k].rule->level == LEVEL_MUST;
	}
}

/* ---- order ------------------------------------------------------------- */

static size_t
count_of(const struct change *c, enum level level, enum consequence least)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->members[i].rule->level >= level &&
		     c->members[i].rule->consequence >= least;
	return n;
}

/* Whether a comes before b: what is graver, then what unblocks more. */
static bool
is_before(const struct change *a, const struct change *b)
{
	enum level level = a->needed ? LEVEL_MUST : LEVEL_MAY;
	size_t x, y;

	if (a->needed != b->needed)
		return a->needed;
	for (int c = CONSEQUENCE_REJECT; c >= CONSEQUENCE_ADVICE; c--) {
		x = count_of(a, level, (enum consequence)c);
		y = count_of(b, level, (enum consequence)c);
		if ((x > 0) != (y > 0))
			return x > 0;
		if (x != y)
			return x > y;
	}
	return false;
}

static void
sort(struct changes *all)
{
	struct change moved;
	size_t n = 0, at;

	for (size_t i = 0; i < all->n; i++) {
		if (all->list[i].gone)
			continue;
		moved = all->list[i];
		for (at = n; at > 0 && is_before(&moved, &all->list[at - 1]);
		     at--)
			all->list[at] = all->list[at - 1];
		all->list[at] = moved;
		n++;
	}
	all->n = n;
}

/* ---- the document ------------------------------------------------------ */

static void
add_once(json_t *list, const char *text)
{
	const json_t *other;
	size_t i;

	json_array_foreach(list, i, other)
	{
		if (strcmp(json_string_value(other), text) == 0)
			return;
	}
	(void)json_array_append_new(list, json_string(text));
}

/* A provider is done with when no later change mends a must of it. */
static bool
is_last_of(const struct changes *all, size_t at, const char *provider)
{
	for (size_t i = at + 1; i < all->n; i++) {
		const struct change *c = &all->list[i];

		for (size_t k = 0; k < c->n; k++) {
			if (c->members[k].rule->level == LEVEL_MUST &&
			    strcmp(text_of(c->members[k].result, "provider"),
				provider) == 0)
				return false;
		}
	}
	return true;
}

static enum consequence
lifted(const struct change *c)
{
	enum level level = c->needed ? LEVEL_MUST : LEVEL_MAY;
	enum consequence worst = CONSEQUENCE_REJECT;

	while (worst > CONSEQUENCE_ADVICE && count_of(c, level, worst) == 0)
		worst--;
	return worst;
}

/* The ids of the rules that it mends by itself, or by the way. */
static json_t *
rules_json(const struct change *c, bool implied)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n; i++) {
		if (c->members[i].implied == implied)
			add_once(list, text_of(c->members[i].result, "rule"));
	}
	return list;
}

/* All providers of its rules, or those that it completes. */
static json_t *
providers_json(const struct changes *all, size_t at, bool completed)
{
	const struct change *c = &all->list[at];
	json_t *list = json_array();

	for (size_t i = 0; i < c->n; i++) {
		const char *provider =
		    text_of(c->members[i].result, "provider");

		if (!completed || (c->members[i].rule->level == LEVEL_MUST &&
				      is_last_of(all, at, provider)))
			add_once(list, provider);
	}
	return list;
}

static json_t *
change_json(const struct changes *all, size_t at)
{
	const struct change *c = &all->list[at];
	const json_t *first = c->members[0].result;
	enum level level = LEVEL_MAY;
	json_t *o = json_object();

	for (size_t i = 0; i < c->n; i++) {
		if (c->members[i].rule->level > level)
			level = c->members[i].rule->level;
	}
	(void)json_object_set(o, "title", json_object_get(first, "title"));
	(void)json_object_set_new(o, "level", json_string(level_name(level)));
	(void)json_object_set_new(o, "consequence",
	    json_string(consequence_name(lifted(c))));
	(void)json_object_set_new(o, "providers",
	    providers_json(all, at, false));
	(void)json_object_set_new(o, "rules", rules_json(c, false));
	(void)json_object_set_new(o, "implied", rules_json(c, true));
	(void)json_object_set_new(o, "completes",
	    providers_json(all, at, true));
	(void)json_object_set(o, "fix", json_object_get(first, "fix"));
	(void)json_object_set(o, "records", json_object_get(first, "records"));
	return o;
}

enum rc
changes_set(json_t *element, const struct rules *rules, const json_t *facts)
{
	struct changes all = {
		.arena = arena_new(LIMIT_AUDIT_ARENA, BLOCK),
		.rules = rules,
		.facts = facts,
	};
	json_t *needed = json_array(), *besides = json_array();
	bool failed;

	if (all.arena == NULL)
		return RC_NOMEM;
	gather(&all, json_object_get(element, "results"));
	failed = arena_failed(all.arena);
	if (!failed && all.n > 0) {
		set_needed(&all);
		shorten(&all, true);
		shorten(&all, false);
		sort(&all);
	}
	for (size_t i = 0; !failed && i < all.n; i++)
		(void)json_array_append_new(all.list[i].needed ? needed
							       : besides,
		    change_json(&all, i));
	failed |= arena_failed(all.arena);
	(void)json_object_set_new(element, "changes", needed);
	(void)json_object_set_new(element, "recommended", besides);
	arena_free(all.arena);
	return failed ? RC_NOMEM : RC_OK;
}
