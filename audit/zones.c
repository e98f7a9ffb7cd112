#include "audit/zones.h"

#include <stdlib.h>

#include "audit/files.h"
#include "base/domain.h"
#include "base/limits.h"

/* One file; what it was read into. */
struct one {
	const char *path;
	unsigned char *text;
	size_t n;
	struct arena *arena;
	struct zone_file zone;
	bool read;
};

struct zones {
	struct arena *arena;
	struct one *all;
	size_t n;
};

static enum rc
wrong(struct zones *z, const struct one *o, struct slice what,
    struct slice *error)
{
	*error = arena_slicef(z->arena, "%s: %.*s",
	    strcmp(o->path, "-") == 0 ? "standard input" : o->path,
	    SLICE_FMT(what));
	return error->p != NULL ? RC_INVALID : RC_NOMEM;
}

/* origin: of names that are relative to nothing; or nothing. */
static enum rc
read_one(struct zones *z, struct one *o, struct slice origin,
    struct slice *error)
{
	struct slice what = SLICE_NONE;
	enum rc rc;

	zone_file_close(&o->zone);
	rc = zone_file_read(o->arena, slice_str(o->path),
	    slice_of(o->text, o->n), origin, &o->zone, &what);

	o->read = rc == RC_OK;
	if (rc == RC_LIMIT)
		return wrong(z, o,
		    SLICE_LIT("holds more records than are looked at; see "
			      "LIMITS in the man page"),
		    error);
	/* Which zone it is may be known later. */
	if (rc == RC_INVALID && o->zone.homeless && origin.p == NULL)
		return RC_OK;
	return rc == RC_INVALID ? wrong(z, o, what, error) : rc;
}

static enum rc
open_one(struct zones *z, struct one *o, struct slice *error)
{
	enum rc rc = file_read(o->path, LIMIT_ZONE_FILE, &o->text, &o->n,
	    z->arena, error);

	if (rc)
		return rc;
	o->arena = arena_new(LIMIT_ZONE_ARENA, 64 * 1024);
	if (o->arena == NULL)
		return RC_NOMEM;
	return read_one(z, o, SLICE_NONE, error);
}

enum rc
zones_open(const struct settings *s, struct arena *a, struct zones **out,
    struct slice *error)
{
	const struct string_list *files = &s->expect_zones;
	struct zones *z = arena_new_of(a, struct zones, 1);
	enum rc rc = RC_OK;

	*out = z;
	if (z == NULL)
		return RC_NOMEM;
	z->arena = a;
	z->all = arena_new_of(a, struct one, files->n + 1);
	if (z->all == NULL)
		return RC_NOMEM;
	for (size_t i = 0; rc == RC_OK && i < files->n; i++) {
		z->all[z->n].path = files->items[i];
		rc = open_one(z, &z->all[z->n++], error);
	}
	return rc;
}

void
zones_close(struct zones **zz)
{
	struct zones *z = *zz;

	if (z == NULL)
		return;
	for (size_t i = 0; i < z->n; i++) {
		zone_file_close(&z->all[i].zone);
		arena_free(z->all[i].arena);
		free(z->all[i].text);
	}
	*zz = NULL;
}

/* The domain that the file is called after; or nothing. */
static struct slice
domain_of_name(struct arena *a, const char *path)
{
	static const char *const ends[] = { ".db", ".zone", ".txt", ".hosts",
		".dns", ".bind", ".conf" };
	const char *slash = strrchr(path, '/');
	struct slice name = slice_str(slash != NULL ? slash + 1 : path), out;

	if (slice_starts(name, SLICE_LIT("db.")) ||
	    slice_starts(name, SLICE_LIT("pri.")))
		name = slice_from(name, name.p[0] == 'd' ? 3 : 4);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (slice_ends_nocase(name, slice_str(ends[i])))
			name = slice_sub(name, 0, name.n - strlen(ends[i]));
	if (domain_canonical(a, name, &out) != DOMAIN_FINE ||
	    !domain_is_fqdn(out))
		return SLICE_NONE;
	return out;
}

static enum rc
bind_one(struct zones *z, struct one *o, struct slice domain, bool alone,
    struct slice *error)
{
	struct slice named = domain_of_name(z->arena, o->path);

	if (named.n > 0)
		return read_one(z, o, named, error);
	return alone ? read_one(z, o, domain, error) : RC_OK;
}

enum rc
zones_find(struct zones *z, struct slice domain, bool alone,
    const struct zone_file **out, struct slice *error)
{
	*out = NULL;
	for (size_t i = 0; i < z->n; i++) {
		struct one *o = &z->all[i];
		enum rc rc = RC_OK;

		if (!o->read)
			rc = bind_one(z, o, domain, alone, error);
		if (rc)
			return rc;
		if (o->read && domain_is_under(domain, o->zone.apex) &&
		    (*out == NULL || o->zone.apex.n > (*out)->apex.n))
			*out = &o->zone;
	}
	return RC_OK;
}

struct slice
zones_text(const struct zones *z, struct arena *a)
{
	struct slice out = SLICE_LIT("");

	for (size_t i = 0; i < z->n; i++) {
		const struct one *o = &z->all[i];

		out = arena_slicef(a, "%.*s%s%s is of %.*s", SLICE_FMT(out),
		    i > 0 ? ", " : "", o->path,
		    SLICE_FMT(o->read && o->zone.apex.n > 0
				  ? o->zone.apex
				  : SLICE_LIT("no zone that it names")));
	}
	return out;
}
