#include "audit/packs.h"

#include "audit/pack_files.h"
#include "checks/check.h"
#include "rules/fact.h"

/* What scorecard and subject add to the facts of the checks. */
static const struct fact_row subject_facts[] = {
	{ "subject.domain", "text", true },
	{ "subject.ips", "list", true },
	{ "subject.ips[]", "text", true },
	{ "subject.helo", "text", false },
	{ "subject.mail_from", "text", false },
	{ "subject.mail_from_domain", "text", false },
	{ "subject.audience", "bulk|all", true },
	{ "subject.class", "marketing|transactional", true },
	{ "subject.has_message", "bool", true },
	{ "subject.message", "object", false },
	{ "subject.message.from", "text", false },
	{ "subject.message.subject", "text", false },
	{ "subject.message.message_id", "text", false },
};

enum { N_SUBJECT_FACTS = sizeof(subject_facts) / sizeof(subject_facts[0]) };

static size_t
count_facts(void)
{
	size_t n = N_SUBJECT_FACTS;

	for (size_t i = 0; checks[i] != NULL; i++) {
		for (size_t k = 0; checks[i]->facts[k].path != NULL; k++)
			n++;
	}
	return n;
}

/* "ptr.ips[].confirmed" */
static const char *
join(struct arena *a, const char *check, const char *fact)
{
	size_t head = strlen(check), tail = strlen(fact);
	char *path = arena_new_of(a, char, head + tail + 2);

	if (path == NULL)
		return NULL;
	memcpy(path, check, head);
	path[head] = '.';
	memcpy(path + head + 1, fact, tail);
	return path;
}

static const struct facts *
known_facts(struct arena *a, bool sure)
{
	struct fact_row *rows =
	    arena_new_of(a, struct fact_row, count_facts() + 1);
	const struct facts *known = NULL;
	size_t n = N_SUBJECT_FACTS;

	if (rows == NULL)
		return NULL;
	memcpy(rows, subject_facts, sizeof(subject_facts));
	for (size_t i = 0; checks[i] != NULL; i++) {
		const struct fact_doc *f = checks[i]->facts;

		for (; f->path != NULL; f++, n++)
			rows[n] = (struct fact_row){
				join(a, checks[i]->name, f->path), f->type,
				sure && !checks_may_be_null(checks[i], f)
			};
	}
	if (arena_failed(a) || facts_new(a, rows, &known) != RC_OK)
		return NULL;
	return known;
}

const struct facts *
packs_known_facts(struct arena *a)
{
	return known_facts(a, false);
}

const struct facts *
packs_sure_facts(struct arena *a)
{
	return known_facts(a, true);
}

/* ---- loading ----------------------------------------------------------- */

static enum rc
add_pack(const struct pack_loader *l, const struct builtin_pack *p,
    struct pack_error *wrong)
{
	struct rules *r = l->set;
	size_t before = r->n + r->n_off;
	enum rc rc;

	if (r->known == NULL)
		r->known = packs_known_facts(l->arena);
	if (r->known == NULL)
		return RC_NOMEM;
	if (p->sha256 != NULL)
		return rules_add_builtin(r, p, r->known, wrong);
	rc = rules_add_pack(r, slice_str(p->name), slice_of(p->text, p->size),
	    r->known, wrong);
	if (rc != RC_OK || r->n + r->n_off > before)
		return rc;
	*l->error = arena_slicef(l->arena, "%s: holds no rule", p->name);
	return RC_INVALID;
}

static struct pack_loader
loader(struct rules *r, struct arena *a, struct slice *error)
{
	return (struct pack_loader){
		.suffix = ".rules",
		.also = ".bounces", /* audit/bounce_packs.c */
		.any_name = true,
		.needed = true,
		.builtin = builtin_packs,
		.add = add_pack,
		.set = r,
		.arena = a,
		.error = error,
	};
}

enum rc
packs_add_file(struct rules *r, const char *path, struct arena *a,
    struct slice *error)
{
	const struct pack_loader l = loader(r, a, error);

	return pack_files_add(&l, path);
}

enum rc
packs_load_all(const struct settings *s, struct arena *a, struct rules **out,
    struct slice *error)
{
	enum rc rc = rules_new(out);
	struct pack_loader l;

	if (rc)
		return rc;
	l = loader(*out, a, error);
	return pack_files_load(&l, s);
}

enum rc
packs_load(const struct settings *s, struct arena *a, struct rules **out,
    struct slice *error)
{
	enum rc rc = packs_load_all(s, a, out, error);

	if (rc == RC_OK && (*out)->n == 0) {
		*error = SLICE_LIT("there are no rules: --no-default-rules "
				   "needs --rules DIR");
		rc = RC_INVALID;
	}
	return rc;
}

static bool
is_named(const char *file, const struct slice *names, size_t n)
{
	struct slice stem, rest;

	(void)slice_cut(slice_str(file), '.', &stem, &rest);
	for (size_t i = 0; i < n; i++) {
		if (slice_eq(stem, names[i]))
			return true;
	}
	return false;
}

enum rc
packs_load_some(const struct settings *s, const struct slice *names, size_t n,
    struct arena *a, struct rules **out, struct slice *error)
{
	const struct builtin_pack *p = builtin_packs;
	struct pack_error wrong;
	enum rc rc;

	/* Those of the user may speak of any rule. */
	if (s->rule_dirs.n > 0)
		return packs_load(s, a, out, error);
	rc = rules_new(out);

	for (; rc == RC_OK && !s->no_default_rules && p->name != NULL; p++) {
		if (is_named(p->name, names, n))
			rc = rules_add_builtin(*out, p, NULL, &wrong);
	}
	return rc;
}

/* Providers asked for by name, so many that all packs may as well be read. */
enum { PACKS_NAMED = 8 };

/*
 * The packs of the providers that are named as their packs are, and the
 * standards: the others need not be read.  False: it takes all of them to tell
 * whose rules are asked for, or what an answer is about.
 */
static bool
name_packs(const struct settings *s, struct slice *names, size_t *n)
{
	static const char *const usual[] = { "gmail", "yahoo" };
	const struct builtin_pack *p;

	*n = 0;
	if (s->attest_files.n > 0 || s->no_default_rules ||
	    s->providers.n >= PACKS_NAMED)
		return false;
	for (size_t i = 0; i < s->providers.n; i++) {
		struct slice stem = SLICE_NONE, rest;

		for (p = builtin_packs; p->name != NULL; p++) {
			(void)slice_cut(slice_str(p->name), '.', &stem, &rest);
			if (slice_eq(stem, slice_str(s->providers.items[i])))
				break;
		}
		if (p->name == NULL)
			return false;
		names[(*n)++] = stem;
	}
	for (size_t i = 0; s->providers.n == 0 && i < 2; i++)
		names[(*n)++] = slice_str(usual[i]);
	names[(*n)++] = SLICE_LIT("standards");
	return true;
}

enum rc
packs_load_asked(const struct settings *s, struct arena *a, struct rules **out,
    struct slice *error)
{
	struct slice names[PACKS_NAMED + 1];
	size_t n;

	if (name_packs(s, names, &n))
		return packs_load_some(s, names, n, a, out, error);
	return packs_load(s, a, out, error);
}
