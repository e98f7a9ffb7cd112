#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "audit/bounce_packs.h"
#include "audit/bounces_audit.h"
#include "audit/bounces_document.h"
#include "audit/complain.h"
#include "audit/json_text.h"
#include "audit/output.h"
#include "audit/paths.h"
#include "audit/view_bounces.h"
#include "base/limits.h"

struct job {
	const struct settings *settings;
	struct arena *arena;
	struct bounces *packs;
	struct paths paths;
	struct outfile *files; /* one an output */
	size_t n_files;
	struct slice error;
};

/* ---- outputs ----------------------------------------------------------- */

static const struct string_list standard_output = {
	.items = (const char *[]){ "-" },
	.n = 1,
};

static const struct string_list *
outputs_of(const struct settings *s)
{
	return s->outputs.n > 0 ? &s->outputs : &standard_output;
}

static enum rc
open_outputs(struct job *j)
{
	const struct string_list *paths = outputs_of(j->settings);
	enum rc rc = RC_OK;

	j->files = arena_new_of(j->arena, struct outfile, paths->n);
	if (j->files == NULL)
		return RC_NOMEM;
	for (; j->n_files < paths->n && rc == RC_OK; j->n_files++)
		rc = outfile_open(&j->files[j->n_files],
		    paths->items[j->n_files], j->settings->force, j->arena,
		    &j->error);
	return rc;
}

static enum format
format_of(const struct settings *s, const char *path)
{
	return view_find(s->format, path)->format;
}

static void
render(const struct job *j, const json_t *doc, const char *path,
    struct buf *out)
{
	struct view_look look = { .width = 0 };
	struct page p;

	if (format_of(j->settings, path) != FORMAT_TEXT) {
		json_text(out, doc, (struct json_layout){ .indent = 2 });
		buf_add_char(out, '\n');
		return;
	}
	output_look(j->settings, path, &look);
	look.quiet = j->settings->quiet;
	if (look.width == 0)
		look.width = VIEW_WIDTH;
	page_init(&p, out, &look);
	view_bounces(doc, &p);
	page_close(&p);
}

static enum rc
write_documents(struct job *j, const json_t *doc)
{
	enum rc rc = RC_OK;
	struct buf out;

	for (size_t i = 0; i < j->n_files && rc == RC_OK; i++) {
		buf_init(&out, LIMIT_RENDERED);
		render(j, doc, j->files[i].path, &out);
		rc = out.failed ? RC_NOMEM
				: outfile_write(&j->files[i], buf_slice(&out),
				      j->arena, &j->error);
		buf_free(&out);
	}
	return rc;
}

static enum rc
close_outputs(struct job *j)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < j->n_files && rc == RC_OK; i++)
		rc = outfile_finish(&j->files[i], j->arena, &j->error);
	for (size_t i = 0; i < j->n_files && rc == RC_OK; i++)
		rc = outfile_commit(&j->files[i], j->arena, &j->error);
	return rc;
}

/* ---- events ------------------------------------------------------------ */

static enum rc
write_event(void *ctx, const struct input *in, const struct attempt *a)
{
	struct job *j = ctx;
	json_t *event = bounces_event(in, a);
	enum rc rc = RC_OK;
	struct buf line;

	if (event == NULL)
		return RC_NOMEM;
	buf_init(&line, LIMIT_RENDERED);
	json_text(&line, event, (struct json_layout){ .indent = 0 });
	buf_add_char(&line, '\n');
	if (line.failed)
		rc = RC_NOMEM;
	for (size_t i = 0; i < j->n_files && rc == RC_OK; i++)
		rc = outfile_write(&j->files[i], buf_slice(&line), j->arena,
		    &j->error);
	buf_free(&line);
	json_decref(event);
	return rc;
}

/* ---- the command ------------------------------------------------------- */

static unsigned int
threads_of(const struct settings *s)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (s->threads > 0)
		return s->threads;
	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned int)n;
}

static enum rc
prepare(struct job *j, struct bounce_job *what)
{
	const struct settings *s = j->settings;
	enum rc rc = bounce_packs_load(s, j->arena, &j->packs, &j->error);

	*what = (struct bounce_job){
		.packs = j->packs,
		.threads = threads_of(s),
		.year = (int)s->year,
		.now = s->has_as_of ? s->as_of : (int64_t)time(NULL),
		.has_since = s->since.given,
		.since = s->since.at,
		.has_until = s->until.given,
		.until = s->until.at,
		.sender_domains = s->sender_domains.items,
		.n_sender_domains = s->sender_domains.n,
		.unknown = s->unclassified,
		.event = s->events ? write_event : NULL,
		.ctx = j,
	};
	if (rc == RC_OK && s->providers.n > 0)
		rc = bounce_packs_provider(j->packs, s->providers.items[0],
		    j->arena, &what->receiver, &j->error);
	if (rc == RC_OK && s->input_format != NULL &&
	    (what->format = input_format_find(s->input_format)) == NULL) {
		j->error = arena_slicef(j->arena,
		    "--input-format: no format is named '%s'", s->input_format);
		rc = RC_INVALID;
	}
	if (rc == RC_OK)
		rc = paths_list(&s->operands, j->arena, &j->paths, &j->error);
	what->paths = j->paths.items;
	what->n_paths = j->paths.n;
	return rc;
}

/* Says what could not be read; what could be was. */
static enum exit_status
complain_inputs(const struct bounce_result *r)
{
	enum exit_status status = STATUS_FINE;

	for (size_t i = 0; i < r->n_inputs; i++) {
		if (r->inputs[i]->error.n > 0)
			status = complain(RC_INVALID, r->inputs[i]->error);
	}
	return status;
}

static enum exit_status
run(struct job *j)
{
	struct bounce_result result = { .inputs = NULL };
	enum exit_status status = STATUS_FINE;
	struct bounce_job what;
	json_t *doc = NULL;
	enum rc rc = prepare(j, &what);

	if (rc == RC_OK)
		rc = open_outputs(j);
	if (rc == RC_OK)
		rc = bounce_run(&what, j->arena, &result);
	if (rc == RC_OK && !j->settings->events) {
		doc = bounces_document(&what, &result, j->arena);
		rc = doc != NULL ? RC_OK : RC_NOMEM;
		if (rc == RC_OK && j->settings->audit != NULL)
			rc = bounces_audit(j->settings, doc, j->arena,
			    &j->error);
		if (rc == RC_OK)
			rc = write_documents(j, doc);
	}
	if (rc == RC_OK)
		rc = close_outputs(j);
	if (rc == RC_OK)
		status = complain_inputs(&result);
	else
		status = complain(rc, j->error);
	json_decref(doc);
	bounce_result_free(&result);
	return status;
}

enum exit_status
cmd_bounces(const struct settings *s, struct arena *a)
{
	struct job j = { .settings = s, .arena = a };
	enum exit_status status = run(&j);

	for (size_t i = 0; i < j.n_files; i++)
		outfile_close(&j.files[i]);
	bounces_close(&j.packs);
	return status;
}
