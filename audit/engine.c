#include "audit/engine.h"

#include <stdlib.h>

#include "base/limits.h"

struct engine {
	struct loop *loop;
	struct store *store;
	struct probes *probes;
	const struct engine_settings *settings;
	struct arena *scratch; /* of the check that runs now */
	struct task *ready, **ready_end;
	struct audit *flying; /* those in flight, a list */
	size_t in_flight;
};

/* ---- an audit ---------------------------------------------------------- */

enum { AUDIT_BLOCK = 4096, SCRATCH_BLOCK = 64 * 1024 };

enum rc
audit_new(size_t index, struct audit **out)
{
	struct audit *a = calloc(1, sizeof(*a));

	*out = NULL;
	if (a == NULL)
		return RC_NOMEM;
	a->index = index;
	a->arena = arena_new(LIMIT_AUDIT_ARENA, AUDIT_BLOCK);
	a->memos.arena = a->arena;
	a->facts = json_object();
	a->gaps = json_array();
	if (a->arena == NULL || a->facts == NULL || a->gaps == NULL) {
		audit_close(&a);
		return RC_NOMEM;
	}
	*out = a;
	return RC_OK;
}

void
audit_close(struct audit **ap)
{
	struct audit *a = *ap;

	if (a == NULL)
		return;
	*ap = NULL;
	for (size_t i = 0; a->tasks != NULL && checks[i] != NULL; i++) {
		json_decref(a->tasks[i].facts);
		json_decref(a->tasks[i].gaps);
	}
	free(a->tasks);
	json_decref(a->described);
	json_decref(a->facts);
	json_decref(a->gaps);
	json_decref(a->evidence);
	arena_free(a->arena);
	free(a->octets);
	free(a);
}

/* ---- tasks ------------------------------------------------------------- */

static void
task_ready(struct engine *en, struct task *t)
{
	t->next = NULL;
	*en->ready_end = t;
	en->ready_end = &t->next;
}

static void
task_wake(struct asker *asker)
{
	struct task *t = asker->owner;

	task_ready(t->audit->engine, t);
}

static void
task_fail(struct task *t, enum cause cause, const char *detail)
{
	json_object_clear(t->facts);
	json_array_clear(t->gaps);
	(void)json_array_append_new(t->gaps,
	    json_pack("{s:s, s:s, s:s}", "fact", "", "cause", cause_name(cause),
		"detail", detail));
}

/* One more run from the start.  Done when no question is open. */
static enum rc
task_run(struct engine *en, struct task *t)
{
	struct check_run run = {
		.subject = &t->audit->subject,
		.asker = &t->asker,
		.arena = en->scratch,
		.facts = t->facts,
		.gaps = t->gaps,
		.memos = &t->audit->memos,
	};
	enum rc rc;

	arena_reset(en->scratch);
	json_object_clear(t->facts);
	json_array_clear(t->gaps);
	rc = t->check->run(&run);
	if (arena_starved(en->scratch))
		return RC_NOMEM;
	if (rc == RC_LIMIT || rc == RC_NOMEM || arena_failed(en->scratch)) {
		/* Not to be woken: it is done. */
		store_forget(en->store, &t->asker);
		task_fail(t, CAUSE_LIMIT, "there is more than the check holds");
		rc = RC_OK;
		run.waiting = false;
	}
	if (rc)
		return rc;
	t->done = !run.waiting || t->asker.pending == 0;
	return RC_OK;
}

/* Facts by the check's name; gaps with it, first. */
static void
task_collect(struct audit *a, struct task *t)
{
	json_t *gap;
	size_t i;

	(void)json_object_set(a->facts, t->check->name, t->facts);
	json_array_foreach(t->gaps, i, gap)
	{
		json_t *named = json_object();

		(void)json_object_set_new(named, "check",
		    json_string(t->check->name));
		(void)json_object_update(named, gap);
		(void)json_array_append_new(a->gaps, named);
	}
}

static void
audit_deadline(void *arg)
{
	struct audit *a = arg;
	struct engine *en = a->engine;
	struct slice detail =
	    arena_slicef(a->arena, "the deadline of %g s passed",
		(double)en->settings->deadline_ms / 1000);

	a->late = true;
	for (size_t i = 0; checks[i] != NULL; i++)
		store_give_up(en->store, &a->tasks[i].asker, CAUSE_DEADLINE,
		    detail);
}

/* ---- starting and ending an audit -------------------------------------- */

/* Out of the store, the loop and the list of those in flight. */
static void
audit_land(struct engine *en, struct audit *a)
{
	loop_timer_stop(en->loop, &a->deadline);
	for (size_t i = 0; checks[i] != NULL; i++) {
		if (a->tasks[i].check != NULL)
			store_forget(en->store, &a->tasks[i].asker);
	}
	pins_release(en->store, &a->pins);
	if (a->next != NULL)
		a->next->before = a->before;
	*a->before = a->next;
	en->in_flight--;
}

static void
audit_take_off(struct engine *en, struct audit *a)
{
	a->next = en->flying;
	a->before = &en->flying;
	if (a->next != NULL)
		a->next->before = &a->next;
	en->flying = a;
	en->in_flight++;
}

static enum rc
audit_finish(struct engine *en, struct audit *a)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; checks[i] != NULL; i++) {
		if (a->tasks[i].check != NULL)
			task_collect(a, &a->tasks[i]);
	}
	if (en->settings->checked != NULL)
		rc = en->settings->checked(en->settings->arg, a);
	audit_land(en, a);
	if (rc) {
		audit_close(&a);
		return rc;
	}
	return en->settings->done(en->settings->arg, a);
}

static enum rc
audit_prepare(struct engine *en, struct audit *a)
{
	size_t n = 0;

	while (checks[n] != NULL)
		n++;
	a->engine = en;
	a->tasks = calloc(n + 1, sizeof(*a->tasks));
	if (a->tasks == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < n; i++) {
		struct task *t = &a->tasks[i];

		if (!en->settings->selected(en->settings->arg, checks[i]))
			continue;
		*t = (struct task){
			.asker = { .store = en->store,
			    .pins = &a->pins,
			    .wake = task_wake,
			    .owner = t },
			.audit = a,
			.check = checks[i],
			.facts = json_object(),
			.gaps = json_array(),
		};
		if (t->facts == NULL || t->gaps == NULL)
			return RC_NOMEM;
		a->open++;
	}
	return RC_OK;
}

/* The audit is the engine's from here on, whatever happens. */
static enum rc
audit_start(struct engine *en, struct audit *a)
{
	enum rc rc = RC_OK;

	if (a->error == NULL)
		rc = audit_prepare(en, a);
	if (rc) {
		audit_close(&a);
		return rc;
	}
	if (a->open == 0)
		return en->settings->done(en->settings->arg, a);
	audit_take_off(en, a);
	a->deadline = (struct timer){ .fire = audit_deadline, .arg = a };
	rc = loop_timer(en->loop, &a->deadline,
	    loop_now(en->loop) + en->settings->deadline_ms);
	for (size_t i = 0; checks[i] != NULL; i++) {
		if (a->tasks[i].check != NULL)
			task_ready(en, &a->tasks[i]);
	}
	return rc;
}

static enum rc
engine_fill(struct engine *en, bool *more)
{
	const struct engine_settings *s = en->settings;

	while (*more && en->in_flight < s->jobs && s->room(s->arg)) {
		struct audit *a;
		enum rc rc = s->next(s->arg, &a);

		if (rc)
			return rc;
		*more = a != NULL;
		if (a != NULL && (rc = audit_start(en, a)) != RC_OK)
			return rc;
	}
	return RC_OK;
}

static struct task *
ready_take(struct engine *en)
{
	struct task *t = en->ready;

	if (t == NULL)
		return NULL;
	en->ready = t->next;
	if (en->ready == NULL)
		en->ready_end = &en->ready;
	return t;
}

/*
 * Questions go out after each task and not after all of them: the resolver
 * works while we do.
 */
static enum rc
engine_work(struct engine *en)
{
	struct task *t;
	enum rc rc;

	while ((t = ready_take(en)) != NULL) {
		struct audit *a = t->audit;

		rc = task_run(en, t);
		if (rc)
			return rc;
		if (!t->done && a->late)
			store_give_up(en->store, &t->asker, CAUSE_DEADLINE,
			    SLICE_LIT("not asked: the deadline had passed"));
		if (t->done && --a->open == 0 &&
		    (rc = audit_finish(en, a)) != RC_OK)
			return rc;
		rc = probes_send(en->probes);
		if (rc)
			return rc;
	}
	return RC_OK;
}

enum rc
engine_run(struct loop *loop, struct store *store, struct probes *probes,
    const struct engine_settings *settings)
{
	struct engine en = {
		.loop = loop,
		.store = store,
		.probes = probes,
		.settings = settings,
		.scratch = arena_new(LIMIT_AUDIT_ARENA, SCRATCH_BLOCK),
	};
	struct audit *a, *left;
	bool more = true;
	enum rc rc = RC_NOMEM;

	if (en.scratch == NULL)
		return RC_NOMEM;
	en.ready_end = &en.ready;
	for (;;) {
		if ((rc = engine_fill(&en, &more)) != RC_OK ||
		    (rc = engine_work(&en)) != RC_OK)
			break;
		if (en.in_flight == 0 && !more)
			break;
		if (en.ready == NULL && en.in_flight > 0 &&
		    (rc = loop_turn(loop, -1)) != RC_OK)
			break;
		settings->tick(settings->arg, en.in_flight);
	}
	for (a = en.flying; a != NULL; a = left) {
		left = a->next;
		audit_land(&en, a);
		audit_close(&a);
	}
	arena_free(en.scratch);
	return rc;
}
