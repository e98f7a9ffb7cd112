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
#include "audit/output.h"
#include "audit/paths.h"
#include "base/limits.h"

struct job {
	const struct settings *settings;
	struct arena *arena;
	struct bounces *packs;
	struct paths paths;
	struct outputs *outputs;
	struct slice error;
};

/* ---- outputs ----------------------------------------------------------- */

/* By its own option, or because that table is asked for. */
static bool
wants(const struct settings *s, bool option, const char *table)
{
	return option || (s->table != NULL && strcmp(s->table, table) == 0);
}

static bool
wants_events(const struct settings *s)
{
	return wants(s, s->events, "events");
}

static enum rc
open_outputs(struct job *j)
{
	bool events = wants_events(j->settings);
	enum rc rc = outputs_open(
	    &(struct output_wishes){
		.settings = j->settings,
		.document = events ? DOCUMENT_EVENTS : DOCUMENT_BOUNCES,
	    },
	    j->arena, &j->outputs, &j->error);

	if (rc == RC_OK && events)
		rc = outputs_begin(j->outputs, NULL, &j->error);
	return rc;
}

static enum rc
close_outputs(struct job *j)
{
	enum rc rc = outputs_finish(j->outputs, &j->error);

	return rc == RC_OK ? outputs_commit(j->outputs, &j->error) : rc;
}

static enum rc
write_event(void *ctx, const struct input *in, const struct attempt *a)
{
	struct job *j = ctx;
	json_t *event = bounces_event(in, a);
	enum rc rc = event != NULL ? outputs_item(j->outputs, event, &j->error)
				   : RC_NOMEM;

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
		.unknown = wants(s, s->unclassified, "unclassified"),
		.event = wants_events(s) ? write_event : NULL,
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
	if (rc == RC_OK && !wants_events(j->settings)) {
		doc = bounces_document(&what, &result, j->arena);
		rc = doc != NULL ? RC_OK : RC_NOMEM;
		if (rc == RC_OK && j->settings->audit != NULL)
			rc = bounces_audit(j->settings, doc, j->arena,
			    &j->error);
		if (rc == RC_OK)
			rc = outputs_begin(j->outputs, doc, &j->error);
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

	outputs_close(&j.outputs);
	bounces_close(&j.packs);
	return status;
}
