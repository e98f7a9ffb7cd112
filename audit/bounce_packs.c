#include "audit/bounce_packs.h"

#include "audit/options.h"
#include "audit/pack_files.h"

static enum rc
add_pack(const struct pack_loader *l, const struct builtin_pack *p,
    struct pack_error *wrong)
{
	return bounces_add_pack(l->set, slice_str(p->name),
	    slice_of(p->text, p->size), wrong);
}

static struct pack_loader
loader(struct bounces *b, struct arena *a, struct slice *error)
{
	return (struct pack_loader){
		.suffix = ".bounces",
		.builtin = builtin_bounces,
		.add = add_pack,
		.set = b,
		.arena = a,
		.error = error,
	};
}

enum rc
bounce_packs_load(const struct settings *s, struct arena *a,
    struct bounces **out, struct slice *error)
{
	enum rc rc = bounces_new(out);
	struct pack_loader l;

	if (rc)
		return rc;
	l = loader(*out, a, error);
	return pack_files_load(&l, s);
}

enum rc
bounce_packs_check(const struct settings *s, const char *path, struct arena *a,
    size_t *patterns, struct slice *error)
{
	struct bounces *b = NULL;
	enum rc rc = bounce_packs_load(s, a, &b, error);
	size_t before = rc == RC_OK ? b->n_patterns : 0;
	const struct pack_loader l = loader(b, a, error);

	if (rc == RC_OK)
		rc = pack_files_add(&l, path);
	*patterns = rc == RC_OK ? b->n_patterns - before : 0;
	bounces_close(&b);
	return rc;
}

enum rc
bounce_packs_provider(const struct bounces *b, const char *name,
    struct arena *a, const struct bounce_provider **out, struct slice *error)
{
	const char **names, *near;

	*out = bounces_provider(b, slice_str(name));
	if (*out != NULL)
		return RC_OK;
	names = arena_new_of(a, const char *, b->n_providers);
	if (names == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < b->n_providers; i++)
		names[i] = (const char *)arena_copy(a, b->providers[i]->name).p;
	if (arena_failed(a))
		return RC_NOMEM;
	near = options_nearest(name, names, b->n_providers);
	*error = near != NULL
		     ? arena_slicef(a,
			   "--provider: no bounce pack knows '%s'; did you "
			   "mean %s?",
			   name, near)
		     : arena_slicef(a, "--provider: no bounce pack knows '%s'",
			   name);
	return RC_INVALID;
}
