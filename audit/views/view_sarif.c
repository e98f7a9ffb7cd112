#include "audit/json_text.h"
#include "audit/views/mark.h"
#include "audit/views/sarif.h"
#include "audit/views/view_parts.h"

/*
 * SARIF 2.1.0: one run.  Results are what fails, and, as "open", what is not
 * known; what is wrong with the message has its own rules and stands at file,
 * line and column.  Rules and artifacts come behind the results, when all of
 * them are known.
 */

enum { INDENT = 2, OF_RESULTS = 4, OF_RUN = 3 };

#define SCHEMA \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" \
	"sarif-schema-2.1.0.json"

static void
sarif_begin(struct view_run *run)
{
	if (!sarif_open(run->state)) {
		run->rc = RC_NOMEM;
		return;
	}
	buf_add_str(&run->out, "{\n"
			       "  \"$schema\": \"" SCHEMA "\",\n"
			       "  \"version\": \"2.1.0\",\n"
			       "  \"runs\": [\n"
			       "    {\n"
			       "      \"results\": [");
}

static void
give(struct view_run *run, json_t *result)
{
	struct sarif *s = run->state;

	if (result == NULL) {
		run->rc = RC_NOMEM;
		return;
	}
	buf_add_str(&run->out, s->results++ > 0 ? ",\n        " : "\n        ");
	json_text(&run->out, result,
	    (struct json_layout){ INDENT, OF_RESULTS });
	json_decref(result);
	view_drain(run);
}

static bool
is_wanted(const json_t *result)
{
	const char *status = view_text_of(result, "status");

	return strcmp(status, "fail") == 0 || strcmp(status, "unknown") == 0;
}

static void
sarif_audit(struct view_run *run, const json_t *audit)
{
	struct sarif *s = run->state;
	const json_t *one;
	size_t i;

	sarif_subject(s, audit);
	if (*view_text_of(audit, "error") != '\0')
		sarif_failed(s, audit);
	json_array_foreach(json_object_get(audit, "results"), i, one)
	{
		if (is_wanted(one) && run->rc == RC_OK)
			give(run, sarif_result(s, one));
	}
	json_array_foreach(view_message_problems(audit), i, one)
	{
		if (*view_text_of(one, "code") != '\0' && run->rc == RC_OK)
			give(run, sarif_problem(s, one));
	}
}

static void
member(struct view_run *run, const char *name, json_t *value)
{
	buf_printf(&run->out, ",\n      \"%s\": ", name);
	if (value == NULL)
		run->rc = RC_NOMEM;
	else
		json_text(&run->out, value,
		    (struct json_layout){ INDENT, OF_RUN });
	json_decref(value);
}

static void
sarif_end(struct view_run *run)
{
	struct sarif *s = run->state;

	buf_add_str(&run->out, s->results > 0 ? "\n      ]" : "]");
	member(run, "tool", sarif_tool(s, run->header));
	member(run, "artifacts", json_incref(s->artifacts));
	member(run, "invocations", sarif_invocations(s));
	member(run, "originalUriBaseIds", sarif_bases());
	member(run, "automationDetails", json_pack("{s:s}", "id", "presend/"));
	member(run, "columnKind", json_string("unicodeCodePoints"));
	member(run, "properties",
	    json_pack("{s:o}", "as_of",
		sarif_shown(view_text_of(run->header, "as_of"))));
	buf_add_str(&run->out, "\n    }\n  ]\n}\n");
}

static void
sarif_close(struct view_run *run)
{
	sarif_free(run->state);
}

const struct view_part sarif_of_audits = {
	.state = sizeof(struct sarif),
	.begin = sarif_begin,
	.item = sarif_audit,
	.end = sarif_end,
	.close = sarif_close,
};
