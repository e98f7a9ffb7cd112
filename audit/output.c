#include "audit/output.h"

#include <langinfo.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "audit/views/table.h"
#include "base/limits.h"

struct output {
	struct outputs *all;
	struct outfile file;
	const struct view *view;
	struct view_run run;
	struct slice error; /* of the file */
};

struct outputs {
	struct arena *arena;
	struct output_wishes wishes;
	struct output *list;
	size_t n;
	bool tables; /* one of them is CSV */
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
take(void *ctx, struct slice s)
{
	struct output *o = ctx;

	return outfile_write(&o->file, s, o->all->arena, &o->error);
}

static enum rc
refuse(struct outputs *all, const struct output *o, const char *path,
    struct slice *error)
{
	*error = arena_slicef(all->arena, "%s: there is no %s of %s",
	    strcmp(path, "-") == 0 ? "--format" : path, o->view->name,
	    document_name(all->wishes.document));
	return RC_INVALID;
}

/* CSV is one table, that must be there. */
static enum rc
check_table(struct outputs *all, const struct output *o, struct slice *error)
{
	const char *name = all->wishes.settings->table;
	enum document document = all->wishes.document;
	struct buf names;

	all->tables |= o->view->format == FORMAT_CSV;
	if (name == NULL || o->view->format != FORMAT_CSV ||
	    table_find(document, name) != NULL)
		return RC_OK;
	buf_init(&names, LIMIT_LIST_LINE);
	for (size_t i = 0; tables[i] != NULL; i++) {
		if (tables[i]->document == document)
			buf_printf(&names, "%s%s", names.n > 0 ? ", " : "",
			    tables[i]->name);
	}
	*error = arena_slicef(all->arena, "--table: of %s there are: %.*s",
	    document_name(document), SLICE_FMT(buf_slice(&names)));
	buf_free(&names);
	return RC_INVALID;
}

/* Of the file's name; "" when it has none. */
static const char *
extension_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	return dot != NULL && dot > name ? dot + 1 : "";
}

/*
 * Text in a file that is named .pdf is no report in PDF: who names a form that
 * is not there is told which are.
 */
static enum rc
check_name(struct outputs *all, const struct output *o, const char *path,
    struct slice *error)
{
	static const char *const plain[] = { "", "txt", "text", "log" };
	const char *extension = extension_of(path);
	struct buf names;

	if (all->wishes.settings->format != FORMAT_BY_NAME ||
	    o->view->format != FORMAT_TEXT)
		return RC_OK;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (slice_eq_nocase(slice_str(extension), slice_str(plain[i])))
			return RC_OK;
	}
	buf_init(&names, LIMIT_LIST_LINE);
	for (const struct view *v = views; v->name != NULL; v++)
		buf_printf(&names, "%s.%s", v == views ? "" : ", ",
		    v->extension);
	*error = arena_slicef(all->arena,
	    "%s: no form has the extension .%s; give --format, or one of %.*s",
	    path, extension, SLICE_FMT(buf_slice(&names)));
	buf_free(&names);
	return RC_INVALID;
}

/* A workbook is nothing that a terminal shows. */
static enum rc
check_terminal(struct outputs *all, const struct output *o, struct slice *error)
{
	if (!o->view->binary || o->file.f == NULL ||
	    isatty(fileno(o->file.f)) != 1)
		return RC_OK;
	*error = arena_slicef(all->arena,
	    "%s is not for a terminal: name a file by --output", o->view->name);
	return RC_INVALID;
}

static enum rc
output_open(struct outputs *all, const char *path, struct slice *error)
{
	const struct settings *s = all->wishes.settings;
	struct output *o = &all->list[all->n++];
	enum rc rc;

	o->all = all;
	o->view = view_find(s->format, path);
	if (o->view->of[all->wishes.document] == NULL)
		return refuse(all, o, path, error);
	rc = check_name(all, o, path, error);
	if (rc == RC_OK)
		rc = check_table(all, o, error);
	if (rc == RC_OK)
		rc = outfile_open(&o->file, path, s->force, all->arena, error);
	return rc == RC_OK ? check_terminal(all, o, error) : rc;
}

/* What went wrong in the view itself is said with the file's name. */
static enum rc
outcome(struct output *o, enum rc rc, struct slice *error)
{
	if (rc == RC_OK)
		return rc;
	if (o->error.n > 0)
		*error = o->error;
	else if (o->run.why != NULL)
		*error = arena_slicef(o->all->arena, "%s: %s", o->file.path,
		    o->run.why);
	return rc;
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
	struct outputs *o = arena_new_of(a, struct outputs, 1);
	enum rc rc = RC_OK;

	*out = o;
	if (o == NULL || (o->list = arena_new_of(a, struct output, n)) == NULL)
		return RC_NOMEM;
	o->arena = a;
	o->wishes = *w;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = output_open(o, paths[i], error);
	if (rc == RC_OK && s->table != NULL && !o->tables) {
		*error = arena_slicef(a,
		    "--table: only csv is one table, and no output is csv");
		rc = RC_INVALID;
	}
	return rc == RC_OK ? check_apart(o, w->beside, error) : rc;
}

enum rc
outputs_begin(struct outputs *all, const json_t *header, struct slice *error)
{
	const struct settings *s = all->wishes.settings;
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < all->n; i++) {
		struct output *o = &all->list[i];
		struct view_wishes want = {
			.view = o->view,
			.document = all->wishes.document,
			.look = { .quiet = s->quiet,
			    .verbose = s->verbose,
			    .many = all->wishes.many,
			    .table = s->table,
			    .fail_on = s->fail_on },
			.header = header,
			.sink = { .take = take, .ctx = o },
		};

		output_look(s, o->file.path, &want.look);
		rc = outcome(o, view_begin(&o->run, &want), error);
	}
	return rc;
}

enum rc
outputs_item(struct outputs *all, const json_t *item, struct slice *error)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < all->n; i++) {
		struct output *o = &all->list[i];

		rc = outcome(o, view_item(&o->run, item), error);
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
		struct output *o = &all->list[i];

		rc = outcome(o, view_end(&o->run), error);
		if (rc == RC_OK)
			rc = outfile_finish(&o->file, all->arena, error);
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
