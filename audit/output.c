#include "audit/output.h"

#include <langinfo.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct output {
	struct outfile file;
	struct view_run run;
};

struct outputs {
	struct arena *arena;
	struct output *list;
	size_t n;
};

static unsigned int
terminal_width(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0)
		return w.ws_col;
	return 0;
}

static bool
wants_color(const struct settings *s, bool terminal)
{
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");

	switch (s->color) {
	case COLOR_ALWAYS:
		return true;
	case COLOR_NEVER:
		return false;
	case COLOR_AUTO:
		break;
	}
	/* https://no-color.org: present and not empty. */
	return terminal && (none == NULL || none[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

void
output_look(const struct settings *s, const char *path, struct view_look *look)
{
	bool to_terminal = strcmp(path, "-") == 0 && isatty(STDOUT_FILENO) == 1;

	look->color = wants_color(s, to_terminal);
	look->width = to_terminal ? terminal_width() : 0;
	look->unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static enum rc
output_open(struct outputs *all, struct output *o, const char *path,
    const struct settings *s, const struct view_run *want, struct slice *error)
{
	const struct view *v = view_find(s->format, path);
	struct view_look look = want->look;
	enum rc rc;

	rc = outfile_open(&o->file, path, s->force, all->arena, error);
	if (rc)
		return rc;
	output_look(s, path, &look);
	return view_begin(&o->run, v, &look, want->header);
}

/* Two into one file would leave one of them. */
static enum rc
check_apart(struct outputs *all, const struct outfile *beside,
    struct slice *error)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct outfile *o = &all->list[i].file;
		bool twice = beside != NULL && outfile_same(o, beside);

		for (size_t k = 0; k < i; k++)
			twice |= outfile_same(o, &all->list[k].file);
		if (!twice)
			continue;
		*error = arena_slicef(all->arena,
		    "%s: two outputs would go there", o->path);
		return RC_INVALID;
	}
	return RC_OK;
}

bool
outputs_want_evidence(const struct settings *s)
{
	const char *path = "-";
	bool wanted = s->evidence;

	for (size_t i = 0; i < s->outputs.n || i == 0; i++) {
		if (i < s->outputs.n)
			path = s->outputs.items[i];
		wanted |= view_find(s->format, path)->evidence;
	}
	return wanted;
}

enum rc
outputs_open(const struct output_wishes *w, struct arena *a,
    struct outputs **out, struct slice *error)
{
	const struct settings *s = w->settings;
	static const char *const standard[] = { "-" };
	size_t n = s->outputs.n > 0 ? s->outputs.n : 1;
	const char *const *paths =
	    s->outputs.n > 0 ? s->outputs.items : standard;
	struct view_run want = {
		.look = { .quiet = s->quiet,
		    .verbose = s->verbose,
		    .many = w->many },
		.header = w->header,
	};
	struct outputs *o = arena_new_of(a, struct outputs, 1);
	enum rc rc = RC_OK;

	*out = o;
	if (o == NULL || (o->list = arena_new_of(a, struct output, n)) == NULL)
		return RC_NOMEM;
	o->arena = a;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc =
		    output_open(o, &o->list[o->n++], paths[i], s, &want, error);
	return rc == RC_OK ? check_apart(o, w->beside, error) : rc;
}

static enum rc
drain(struct outputs *all, struct output *o, struct slice *error)
{
	enum rc rc;

	if (o->run.out.failed)
		return RC_NOMEM;
	rc = outfile_write(&o->file, buf_slice(&o->run.out), all->arena, error);
	buf_reset(&o->run.out);
	return rc;
}

enum rc
outputs_audit(struct outputs *all, const json_t *audit, struct slice *error)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < all->n; i++) {
		rc = view_audit(&all->list[i].run, audit);
		if (rc == RC_OK)
			rc = drain(all, &all->list[i], error);
	}
	return rc;
}

void
outputs_flush(struct outputs *all)
{
	for (size_t i = 0; i < all->n; i++) {
		if (all->list[i].file.beside.path == NULL)
			outfile_flush(&all->list[i].file);
	}
}

enum rc
outputs_finish(struct outputs *all, struct slice *error)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < all->n; i++) {
		rc = view_end(&all->list[i].run);
		if (rc == RC_OK)
			rc = drain(all, &all->list[i], error);
		if (rc == RC_OK)
			rc = outfile_finish(&all->list[i].file, all->arena,
			    error);
	}
	return rc;
}

enum rc
outputs_commit(struct outputs *all, struct slice *error)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < all->n; i++)
		rc = outfile_commit(&all->list[i].file, all->arena, error);
	return rc;
}

void
outputs_close(struct outputs **out)
{
	if (*out == NULL)
		return;
	for (size_t i = 0; i < (*out)->n; i++) {
		view_close(&(*out)->list[i].run);
		outfile_close(&(*out)->list[i].file);
	}
	*out = NULL;
}
