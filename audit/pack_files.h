#ifndef AUDIT_PACK_FILES_H
#define AUDIT_PACK_FILES_H

#include "audit/settings.h"
#include "rules/rules.h"

/* How packs of one kind are loaded, whatever they are. */
struct pack_loader {
	const char *suffix; /* of their files in a folder */
	const char *also;   /* of packs of another kind there; or NULL */
	bool any_name;      /* a file that is named need not have the suffix */
	bool needed;        /* a folder has to have packs, of either kind */
	const struct builtin_pack *builtin;
	/*
	 * Adds one; a file's has no sha256.  RC_INVALID with pack_error, or
	 * with *error alone.
	 */
	enum rc (*add)(const struct pack_loader *, const struct builtin_pack *,
	    struct pack_error *);
	void *set; /* that they are added to */
	struct arena *arena;
	struct slice *error;
};

/*
 * Those that are built in, unless --no-default-rules, and those of each
 * --rules folder or file.  RC_INVALID: *error is "FILE:LINE:COLUMN: what",
 * safe to show.
 */
enum rc pack_files_load(const struct pack_loader *, const struct settings *);

/* One file. */
enum rc pack_files_add(const struct pack_loader *, const char *path);

/* "FILE:LINE:COLUMN: what", safe to show. */
struct slice pack_files_error(struct slice file, const struct pack_error *,
    struct arena *);

#endif
