#include "audit/complain.h"
#include "audit/output.h"
#include "audit/saved_stream.h"

/* A saved document on its way to the views. */
struct viewing {
	struct saved_stream *stream;
	struct outputs *outputs;
	struct slice error;
};

static enum rc
begin(struct viewing *v, const struct settings *s, struct arena *a)
{
	const struct output_wishes want = {
		.settings = s,
		.document = saved_stream_document(v->stream),
		.many = saved_stream_many(v->stream),
	};
	enum rc rc = outputs_open(&want, a, &v->outputs, &v->error);

	return rc == RC_OK ? outputs_begin(v->outputs,
				 saved_stream_header(v->stream), &v->error)
			   : rc;
}

static enum rc
show_items(struct viewing *v)
{
	for (;;) {
		json_t *item = NULL;
		enum rc rc = saved_stream_next(v->stream, &item, &v->error);

		if (rc || item == NULL)
			return rc;
		rc = outputs_item(v->outputs, item, &v->error);
		json_decref(item);
		if (rc)
			return rc;
		outputs_flush(v->outputs);
	}
}

enum exit_status
cmd_view(const struct settings *s, struct arena *a)
{
	struct viewing v = { .stream = NULL };
	enum exit_status status;
	enum rc rc;

	rc = saved_stream_open(&v.stream, s->operands.items[0], a, &v.error);
	if (rc == RC_OK)
		rc = begin(&v, s, a);
	if (rc == RC_OK)
		rc = show_items(&v);
	if (rc == RC_OK)
		rc = outputs_finish(v.outputs, &v.error);
	if (rc == RC_OK)
		rc = outputs_commit(v.outputs, &v.error);
	status = rc == RC_OK ? STATUS_FINE : complain(rc, v.error);
	outputs_close(&v.outputs);
	saved_stream_close(&v.stream);
	return status;
}
