#include "audit/packs.h"

#include <stdlib.h>

#include "audit/files.h"
#include "base/escape.h"
#include "base/limits.h"
#include "checks/check.h"

/* What scorecard and subject add to the facts of the checks. */
static const char *const subject_facts[] = { "subject.domain", "subject.ips",
	"subject.ips[]", "subject.helo", "subject.mail_from",
	"subject.mail_from_domain", "subject.audience", "subject.class",
	"subject.has_message", "subject.message", "subject.message.from",
	"subject.message.subject", "subject.message.message_id" };

enum { N_SUBJECT_FACTS = sizeof(subject_facts) / sizeof(subject_facts[0]) };

const char *const *
packs_known_facts(struct arena *a)
{
	size_t n = N_SUBJECT_FACTS + 1, at = 0;
	const char **list;

	for (size_t i = 0; checks[i] != NULL; i++) {
		for (size_t k = 0; checks[i]->facts[k].path != NULL; k++)
			n++;
		n++;
	}
	list = arena_new_of(a, const char *, n);
	if (list == NULL)
		return NULL;
	for (size_t i = 0; i < N_SUBJECT_FACTS; i++)
		list[at++] = subject_facts[i];
	for (size_t i = 0; checks[i] != NULL; i++) {
		const struct fact_doc *f = checks[i]->facts;

		for (; f->path != NULL; f++)
			list[at++] =
			    arena_printf(a, "%s.%s", checks[i]->name, f->path);
	}
	return arena_failed(a) ? NULL : list;
}

/* ---- loading ----------------------------------------------------------- */

static enum rc
add_text(struct rules *r, const char *name, struct slice text, struct arena *a,
    struct slice *error)
{
	const char *const *known = packs_known_facts(a);
	size_t before = r->n;
	struct pack_error wrong = { 0 };
	struct buf b;
	enum rc rc;

	if (known == NULL)
		return RC_NOMEM;
	rc = rules_add_pack(r, slice_str(name), text, known, &wrong);
	if (rc == RC_OK && r->n == before) {
		*error = arena_slicef(a, "%s: holds no rule", name);
		return RC_INVALID;
	}
	if (rc != RC_INVALID)
		return rc;
	buf_init(&b, LIMIT_LIST_LINE);
	escape_terminal(&b, slice_str(name));
	buf_printf(&b, ":%zu:%zu: ", wrong.line, wrong.column);
	escape_terminal(&b, wrong.what);
	*error = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return RC_INVALID;
}

enum rc
packs_add_file(struct rules *r, const char *path, struct arena *a,
    struct slice *error)
{
	unsigned char *p = NULL;
	size_t n = 0;
	enum rc rc = file_read(path, LIMIT_PACK, &p, &n, a, error);

	if (rc == RC_OK)
		rc = add_text(r, path, slice_of(p, n), a, error);
	free(p);
	return rc;
}

static enum rc
add_folder(struct rules *r, const char *path, struct arena *a,
    struct slice *error)
{
	const char **files = NULL;
	bool folder = false;
	size_t n = 0, added = 0;
	enum rc rc = folder_list(path, a, &files, &n, &folder, error);

	if (rc == RC_OK && !folder)
		return packs_add_file(r, path, a, error);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		/* Bounce packs: audit/bounce_packs.c. */
		added += slice_ends_nocase(slice_str(files[i]),
		    SLICE_LIT(".bounces"));
		if (!slice_ends_nocase(slice_str(files[i]),
			SLICE_LIT(".rules")))
			continue;
		rc = packs_add_file(r, files[i], a, error);
		added++;
	}
	if (rc == RC_OK && added == 0) {
		*error = arena_slicef(a, "%s: holds no *.rules file", path);
		rc = RC_INVALID;
	}
	return rc;
}

enum rc
packs_load(const struct settings *s, struct arena *a, struct rules **out,
    struct slice *error)
{
	const struct builtin_pack *p = builtin_packs;
	enum rc rc = rules_new(out);

	for (; rc == RC_OK && !s->no_default_rules && p->name != NULL; p++)
		rc = add_text(*out, p->name, slice_of(p->text, p->size), a,
		    error);
	for (size_t i = 0; rc == RC_OK && i < s->rule_dirs.n; i++)
		rc = add_folder(*out, s->rule_dirs.items[i], a, error);
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
	enum rc rc = rules_new(out);

	for (; rc == RC_OK && !s->no_default_rules && p->name != NULL; p++) {
		if (is_named(p->name, names, n))
			rc = rules_add_pack(*out, slice_str(p->name),
			    slice_of(p->text, p->size), NULL, &wrong);
	}
	for (size_t i = 0; rc == RC_OK && i < s->rule_dirs.n; i++)
		rc = add_folder(*out, s->rule_dirs.items[i], a, error);
	return rc;
}
