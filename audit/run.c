#include "audit/run.h"

#include <stdlib.h>

#include "audit/evidence_list.h"
#include "audit/subject.h"
#include "base/limits.h"

static bool
named(const struct string_list *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->items[i], name) == 0)
			return true;
	}
	return false;
}

static bool
selected(void *arg, const struct check *check)
{
	const struct audit_run *r = arg;
	const struct settings *s = r->settings;

	return (s->checks.n == 0 || named(&s->checks, check->name)) &&
	       !named(&s->skip, check->name);
}

static enum rc
next(void *arg, struct audit **out)
{
	struct audit_run *r = arg;
	const struct subject_common common = {
		.settings = r->settings,
		.as_of = r->as_of,
		.anchors = r->anchors,
		.suffixes = r->suffixes,
		.dkim_keys = r->dkim_keys,
		.spam_rates = r->spam_rates,
		.blocklists = &r->blocklists,
		.zones = r->zones,
		.alone = inputs_count(r->inputs) == 1,
		.postmaster = r->postmaster,
	};
	struct input input;
	struct audit *a;
	enum rc rc;

	*out = NULL;
	rc = audit_new(r->started, &a);
	if (rc)
		return rc;
	if (!inputs_next(r->inputs, a->arena, &input)) {
		audit_close(&a);
		return RC_OK;
	}
	rc = input.starved ? RC_NOMEM : subject_build(&common, &input, a);
	if (rc) {
		audit_close(&a);
		return rc;
	}
	r->started++;
	*out = a;
	return RC_OK;
}

static bool
room(void *arg)
{
	const struct audit_run *r = arg;

	return r->started - r->emitted < r->window;
}

/* Emits what is next in turn, as far as it is there. */
static enum rc
emit_ready(struct audit_run *r)
{
	json_t **slot;

	while (*(slot = &r->waiting[r->emitted % r->window]) != NULL) {
		enum rc rc = r->emit(r->arg, *slot);

		json_decref(*slot);
		*slot = NULL;
		r->emitted++;
		if (rc)
			return rc;
	}
	return RC_OK;
}

static void
note_error(struct audit_run *r, const struct audit *a)
{
	if (a->error == NULL)
		r->judged++;
	else if (r->errors++ == 0)
		r->first_error = arena_copy(r->arena, slice_str(a->error));
}

static enum rc
checked(void *arg, struct audit *a)
{
	const struct audit_run *r = arg;

	a->evidence = evidence_list_make(a, &r->blocklists);
	return a->evidence != NULL ? RC_OK : RC_NOMEM;
}

static enum rc
done(void *arg, struct audit *a)
{
	struct audit_run *r = arg;
	json_t *element = scorecard_make(&r->scorecard, a, &r->counts);

	if (element == NULL) {
		audit_close(&a);
		return RC_NOMEM;
	}
	note_error(r, a);
	r->waiting[a->index % r->window] = element;
	audit_close(&a);
	return emit_ready(r);
}

static void
tick(void *arg, size_t in_flight)
{
	struct audit_run *r = arg;

	r->tick(r->arg, r->emitted, in_flight);
}

enum rc
audit_run(struct audit_run *r)
{
	const struct engine_settings engine = {
		.jobs = r->settings->jobs,
		.deadline_ms = r->settings->deadline_ms,
		.selected = selected,
		.next = next,
		.room = room,
		.checked = r->evidence ? checked : NULL,
		.done = done,
		.tick = tick,
		.arg = r,
	};
	enum rc rc = RC_NOMEM;

	r->window = r->settings->jobs + LIMIT_AUDITS_WAITING;
	r->waiting = calloc(r->window, sizeof(json_t *));
	r->scorecard.as_of = r->as_of;
	r->scorecard.selected = selected;
	r->scorecard.arg = r;
	if (r->waiting != NULL)
		rc = scorecard_open(&r->scorecard);
	if (rc == RC_OK)
		rc = engine_run(r->loop, r->store, r->probes, &engine);
	for (size_t i = 0; r->waiting != NULL && i < r->window; i++)
		json_decref(r->waiting[i]);
	scorecard_close(&r->scorecard);
	free(r->waiting);
	r->waiting = NULL;
	return rc;
}
