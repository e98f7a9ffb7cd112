#include "audit/views/sarif.h"

#include <stdlib.h>

#include "audit/views/mark.h"
#include "audit/views/view_parts.h"
#include "base/escape.h"
#include "base/limits.h"

#define BASE "%SRCROOT%"

bool
sarif_open(struct sarif *s)
{
	*s = (struct sarif){
		.rules = json_array(),
		.rule_indices = json_object(),
		.artifacts = json_array(),
		.artifact_indices = json_object(),
		.notifications = json_array(),
		.domain = "",
	};
	return s->rules != NULL && s->rule_indices != NULL &&
	       s->artifacts != NULL && s->artifact_indices != NULL &&
	       s->notifications != NULL;
}

void
sarif_free(struct sarif *s)
{
	json_decref(s->rules);
	json_decref(s->rule_indices);
	json_decref(s->artifacts);
	json_decref(s->artifact_indices);
	json_decref(s->notifications);
	json_decref(s->first);
	json_decref(s->last);
}

/* ---- texts ------------------------------------------------------------- */

static json_t *
string_of(const struct buf *b)
{
	if (b->failed)
		return NULL;
	return json_stringn(b->n > 0 ? (const char *)b->p : "", b->n);
}

json_t *
sarif_shown(const char *text)
{
	json_t *out;
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	escape_terminal(&b, slice_str(text));
	out = string_of(&b);
	buf_free(&b);
	return out;
}

static void
set_shown(json_t *o, const char *key, const char *text)
{
	if (*text != '\0')
		(void)json_object_set_new(o, key, sarif_shown(text));
}

/*
 * 3.11.5: braces are doubled, for {0} is a place for an argument.  3.11.6:
 * [text](1) is a link, unless a backslash is there.
 */
static json_t *
message_string(const struct buf *in, bool plain)
{
	struct slice s = buf_slice(in);
	bool links = plain && slice_find(s, SLICE_LIT("](")) != SIZE_MAX;
	json_t *out;
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	b.failed = in->failed;
	for (size_t i = 0; i < s.n; i++) {
		if (links && (s.p[i] == '[' || s.p[i] == ']'))
			buf_add_char(&b, '\\');
		if (s.p[i] == '{' || s.p[i] == '}')
			buf_add_char(&b, (char)s.p[i]);
		buf_add_char(&b, (char)s.p[i]);
	}
	out = string_of(&b);
	buf_free(&b);
	return out;
}

json_t *
sarif_message(const struct buf *text, const struct buf *markdown)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "text", message_string(text, true));
	if (markdown != NULL && markdown->n > 0)
		(void)json_object_set_new(o, "markdown",
		    message_string(markdown, false));
	return o;
}

json_t *
sarif_text(const char *text)
{
	struct buf b;
	json_t *o;

	buf_init(&b, LIMIT_RENDERED);
	escape_terminal(&b, slice_str(text));
	o = sarif_message(&b, NULL);
	buf_free(&b);
	return o;
}

/* ---- artifacts and locations ------------------------------------------- */

/* 3.4.4: no way out of the base. */
static bool
climbs(const char *path)
{
	struct slice rest = slice_str(path), segment;
	bool more = true;

	while (more) {
		more = slice_cut(rest, '/', &segment, &rest);
		if (slice_eq(segment, SLICE_LIT("..")))
			return true;
	}
	return false;
}

static json_t *
artifact_location(const char *path, size_t index)
{
	json_t *o = json_object();
	struct buf uri;

	buf_init(&uri, LIMIT_RENDERED);
	buf_add_str(&uri, path[0] == '/' ? "file://" : "");
	escape_uri(&uri, slice_str(path));
	(void)json_object_set_new(o, "uri", string_of(&uri));
	buf_free(&uri);
	if (path[0] != '/' && !climbs(path))
		(void)json_object_set_new(o, "uriBaseId", json_string(BASE));
	(void)json_object_set_new(o, "index", json_integer((json_int_t)index));
	return o;
}

static json_t *
artifact(const json_t *message, json_t *location)
{
	const json_t *bytes = json_object_get(message, "bytes");
	const char *sha256 = view_text_of(message, "sha256");
	json_t *o = json_pack("{s:O, s:s, s:[s]}", "location", location,
	    "mimeType", "message/rfc822", "roles", "analysisTarget");

	if (json_is_integer(bytes) && json_integer_value(bytes) >= 0)
		(void)json_object_set_new(o, "length",
		    json_integer(json_integer_value(bytes)));
	if (*sha256 != '\0')
		(void)json_object_set_new(o, "hashes",
		    json_pack("{s:o}", "sha-256", sarif_shown(sha256)));
	return o;
}

/* The index of a name in a list, which it is new in when that grows. */
static size_t
index_of(json_t *indices, const char *name, size_t next)
{
	const json_t *known = json_object_get(indices, name);

	if (known != NULL)
		return (size_t)json_integer_value(known);
	(void)json_object_set_new(indices, name,
	    json_integer((json_int_t)next));
	return next;
}

/* Whether a time comes before (or after) the one that is kept. */
static bool
is_beyond(const json_t *time, const json_t *kept, bool later)
{
	int order;

	if (kept == NULL)
		return true;
	order = strcmp(json_string_value(time), json_string_value(kept));
	return later ? order > 0 : order < 0;
}

/* The earlier or the later of two times of RFC 3339 in UTC. */
static void
widen(json_t **kept, const json_t *evidence, const char *key, bool later)
{
	json_t *time = json_object_get(evidence, key);

	if (!json_is_string(time) || !view_is_time(json_string_value(time)) ||
	    !is_beyond(time, *kept, later))
		return;
	json_decref(*kept);
	*kept = json_incref(time);
}

void
sarif_subject(struct sarif *s, const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject");
	const json_t *message = json_object_get(subject, "message");
	const json_t *evidence = json_object_get(audit, "evidence");
	const char *file = view_text_of(message, "file");
	size_t n = json_array_size(s->artifacts), index;

	s->domain = view_text_of(subject, "domain");
	s->location = NULL;
	widen(&s->first, evidence, "first", false);
	widen(&s->last, evidence, "last", true);
	if (*file == '\0')
		return;
	index = index_of(s->artifact_indices, file, n);
	if (index == n) {
		json_t *location = artifact_location(file, index);

		(void)json_array_append_new(s->artifacts,
		    artifact(message, location));
		json_decref(location);
	}
	s->location =
	    json_object_get(json_array_get(s->artifacts, index), "location");
}

static json_t *
physical(const struct sarif *s, const json_t *problem)
{
	json_int_t line = json_integer_value(json_object_get(problem, "line"));
	json_int_t column =
	    json_integer_value(json_object_get(problem, "column"));
	json_t *o = json_object(), *region;

	(void)json_object_set(o, "artifactLocation",
	    (json_t *)(uintptr_t)s->location);
	if (line <= 0)
		return o;
	region = json_pack("{s:I}", "startLine", line);
	if (column > 0)
		(void)json_object_set_new(region, "startColumn",
		    json_integer(column));
	(void)json_object_set_new(o, "region", region);
	return o;
}

/* 3.33: a name of DNS, once. */
static void
add_name(json_t *list, json_t *seen, const char *name)
{
	json_t *o;

	if (*name == '\0' || json_object_get(seen, name) != NULL)
		return;
	(void)json_object_set_new(seen, name, json_true());
	o = json_pack("{s:s}", "kind", "resource");
	set_shown(o, "name", name);
	set_shown(o, "fullyQualifiedName", name);
	(void)json_array_append_new(list, o);
}

/* The names of the records to publish; else the domain. */
static json_t *
logical(const struct sarif *s, const json_t *result)
{
	json_t *list = json_array(), *seen = json_object();
	const json_t *record;
	size_t i;

	json_array_foreach(json_object_get(result, "records"), i, record)
	{
		if (strcmp(view_text_of(record, "type"), "header") != 0)
			add_name(list, seen, view_text_of(record, "name"));
	}
	if (json_array_size(list) == 0)
		add_name(list, seen, s->domain);
	json_decref(seen);
	return list;
}

/* What has a record of DNS to publish is there, the rest in the message. */
static bool
is_of_dns(const json_t *result)
{
	const json_t *record;
	size_t i;

	json_array_foreach(json_object_get(result, "records"), i, record)
	{
		if (strcmp(view_text_of(record, "type"), "header") != 0)
			return true;
	}
	return false;
}

static json_t *
locations(const struct sarif *s, const json_t *result, const json_t *problem)
{
	json_t *o = json_object(), *names = logical(s, result);

	if (s->location != NULL && (problem != NULL || !is_of_dns(result)))
		(void)json_object_set_new(o, "physicalLocation",
		    physical(s, problem));
	if (json_array_size(names) > 0)
		(void)json_object_set(o, "logicalLocations", names);
	json_decref(names);
	return json_pack("[o]", o);
}

/* ---- results ----------------------------------------------------------- */

static const char *
level_of(const json_t *result)
{
	const char *level = view_text_of(result, "level");

	if (strcmp(level, "must") == 0)
		return "error";
	return strcmp(level, "should") == 0 ? "warning" : "note";
}

/* The same in each run that finds the same. */
static json_t *
fingerprint(const struct sarif *s, const char *rule, const char *where)
{
	json_t *value;
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	escape_terminal(&b, slice_str(s->domain));
	buf_add_char(&b, '/');
	escape_terminal(&b, slice_str(rule));
	buf_add_str(&b, *where != '\0' ? "/" : "");
	escape_terminal(&b, slice_str(where));
	value = string_of(&b);
	buf_free(&b);
	return json_pack("{s:o}", "presend/1", value);
}

static void
paragraph(struct buf *text, struct buf *markdown, const char *label,
    const char *words)
{
	if (*words == '\0')
		return;
	buf_printf(text, "%s%s", text->n > 0 ? "\n\n" : "", label);
	escape_terminal(text, slice_str(words));
	buf_printf(markdown, "%s%s", markdown->n > 0 ? "\n\n" : "",
	    *label != '\0' ? "**" : "");
	buf_add(markdown, slice_trim(slice_str(label)));
	buf_add_str(markdown, *label != '\0' ? "** " : "");
	mark_text(markdown, words);
}

static json_t *
result_message(const json_t *result)
{
	const json_t *records = json_object_get(result, "records"), *record;
	struct buf text, markdown;
	json_t *o;
	size_t i;

	buf_init(&text, LIMIT_RENDERED);
	buf_init(&markdown, LIMIT_RENDERED);
	paragraph(&text, &markdown, "", view_text_of(result, "why"));
	if (text.n == 0)
		paragraph(&text, &markdown, "", view_text_of(result, "title"));
	paragraph(&text, &markdown, "Fix: ", view_text_of(result, "fix"));
	json_array_foreach(records, i, record)
	{
		buf_add_str(&text, i == 0 ? "\n\n" : "\n");
		record_print(&text, record);
	}
	buf_add_str(&markdown, i > 0 ? "\n\n" : "");
	mark_records(&markdown, records);
	o = sarif_message(&text, &markdown);
	buf_free(&text);
	buf_free(&markdown);
	return o;
}

json_t *
sarif_result(struct sarif *s, const json_t *result)
{
	bool fails = strcmp(view_text_of(result, "status"), "fail") == 0;
	const char *rule = view_text_of(result, "rule");
	size_t n = json_array_size(s->rules);
	size_t index = index_of(s->rule_indices, rule, n);

	if (index == n)
		(void)json_array_append_new(s->rules,
		    sarif_rule(rule, level_of(result), result));
	/* 3.27.10: what is no failure has no level. */
	return json_pack("{s:o, s:I, s:s, s:s, s:o, s:o, s:o}", "ruleId",
	    sarif_shown(rule), "ruleIndex", (json_int_t)index, "kind",
	    fails ? "fail" : "open", "level", fails ? level_of(result) : "none",
	    "message", result_message(result), "locations",
	    locations(s, result, NULL), "partialFingerprints",
	    fingerprint(s, rule, ""));
}

static json_t *
problem_message(const json_t *problem)
{
	struct buf text, markdown;
	json_t *o;

	buf_init(&text, LIMIT_RENDERED);
	buf_init(&markdown, LIMIT_RENDERED);
	paragraph(&text, &markdown, "", view_text_of(problem, "detail"));
	if (text.n == 0)
		paragraph(&text, &markdown, "", view_text_of(problem, "code"));
	paragraph(&text, &markdown, "To do: ", view_text_of(problem, "todo"));
	o = sarif_message(&text, &markdown);
	buf_free(&text);
	buf_free(&markdown);
	return o;
}

json_t *
sarif_problem(struct sarif *s, const json_t *problem)
{
	const char *code = view_text_of(problem, "code");
	const char *severity = view_text_of(problem, "severity");
	const char *level = strcmp(severity, "error") == 0     ? "error"
			    : strcmp(severity, "warning") == 0 ? "warning"
							       : "note";
	json_int_t count =
	    json_integer_value(json_object_get(problem, "count"));
	size_t n = json_array_size(s->rules);
	size_t index = index_of(s->rule_indices, code, n);
	json_t *o;

	if (index == n)
		(void)json_array_append_new(s->rules,
		    sarif_rule(code, level, problem));
	o = json_pack("{s:o, s:I, s:s, s:s, s:o, s:o, s:o}", "ruleId",
	    sarif_shown(code), "ruleIndex", (json_int_t)index, "kind", "fail",
	    "level", level, "message", problem_message(problem), "locations",
	    locations(s, NULL, problem), "partialFingerprints",
	    fingerprint(s, code, view_text_of(problem, "header")));
	if (count > 0)
		(void)json_object_set_new(o, "occurrenceCount",
		    json_integer(count));
	return o;
}

/* ---- the run ----------------------------------------------------------- */

void
sarif_failed(struct sarif *s, const json_t *audit)
{
	json_t *o = json_pack("{s:s, s:o}", "level", "error", "message",
	    sarif_text(view_text_of(audit, "error")));

	if (s->location != NULL || *s->domain != '\0')
		(void)json_object_set_new(o, "locations",
		    locations(s, NULL, NULL));
	(void)json_array_append_new(s->notifications, o);
}

json_t *
sarif_invocations(const struct sarif *s)
{
	json_t *o = json_pack("{s:b}", "executionSuccessful",
	    json_array_size(s->notifications) == 0);

	if (s->first != NULL)
		set_shown(o, "startTimeUtc", json_string_value(s->first));
	if (s->last != NULL)
		set_shown(o, "endTimeUtc", json_string_value(s->last));
	if (json_array_size(s->notifications) > 0)
		(void)json_object_set(o, "toolExecutionNotifications",
		    s->notifications);
	return json_pack("[o]", o);
}

json_t *
sarif_bases(void)
{
	return json_pack("{s:{s:{s:s}}}", BASE, "description", "text",
	    "The folder that presend ran in.");
}
