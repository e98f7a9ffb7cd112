#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "audit/files.h"
#include "base/limits.h"
#include "checks/check.h"
#include "message/mime.h"
#include "message/mime_value.h"

/*
 * mime_parts FILE...     the parts of each message, one JSON object a line
 * mime_parts --value     of Content-Type fields on standard input, each ended
 *                        by NUL: type and parameters, one JSON object a line
 */

static json_t *
place(struct slice all, struct slice s)
{
	if (s.p == NULL)
		return json_null();
	return json_pack("[I, I]", (json_int_t)slice_offset(all, s),
	    (json_int_t)s.n);
}

static json_t *
part_json(struct slice all, const struct mime_part *p)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "depth",
	    json_integer((json_int_t)p->depth));
	(void)json_object_set_new(o, "parts",
	    json_integer((json_int_t)p->parts));
	(void)json_object_set_new(o, "line", json_integer((json_int_t)p->line));
	(void)json_object_set_new(o, "decoded",
	    json_integer((json_int_t)p->decoded));
	(void)json_object_set_new(o, "octets", place(all, p->octets));
	(void)json_object_set_new(o, "header", place(all, p->header));
	(void)json_object_set_new(o, "body", place(all, p->body));
	(void)json_object_set_new(o, "preamble", place(all, p->preamble));
	(void)json_object_set_new(o, "epilogue", place(all, p->epilogue));
	check_fact_text(o, "type", p->type);
	check_fact_text(o, "subtype", p->subtype);
	check_fact_text(o, "charset", p->charset);
	check_fact_text(o, "boundary", p->boundary);
	check_fact_text(o, "name", p->name);
	return o;
}

static json_t *
problems_json(const struct lint *l)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < l->n; i++) {
		const struct lint_problem *p = &l->problems[i];

		o = json_pack("{s:s, s:I, s:I, s:I}", "code", p->kind->code,
		    "line", (json_int_t)p->line, "column",
		    (json_int_t)p->column, "count", (json_int_t)p->count);
		check_fact_text(o, "detail", p->detail);
		(void)json_array_append_new(list, o);
	}
	return list;
}

static void
print(json_t *o)
{
	(void)json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static int
message_print(struct arena *a, const char *file, struct slice octets)
{
	struct lint lint = { .arena = a };
	struct message m;
	struct mime mime;
	json_t *parts = json_array();

	if (message_parse(a, octets, &m) || mime_parse(a, &m, &lint, &mime)) {
		fprintf(stderr, "%s: out of memory\n", file);
		json_decref(parts);
		return 1;
	}
	for (size_t i = 0; i < mime.n; i++)
		(void)json_array_append_new(parts,
		    part_json(m.octets, &mime.parts[i]));
	print(json_pack("{s:s, s:I, s:b, s:b, s:o, s:o}", "file", file,
	    "octets", (json_int_t)m.octets.n, "too_many", mime.too_many,
	    "too_deep", mime.too_deep, "parts", parts, "problems",
	    problems_json(&lint)));
	return 0;
}

static void
value_print(struct arena *a, struct slice value)
{
	json_t *o = json_object(), *parameters = json_object();
	struct mime_value v;
	char name[256];

	mime_value_parse(value, true, &v);
	check_fact_text(o, "type", v.type);
	check_fact_text(o, "subtype", v.subtype);
	for (size_t i = 0; i < v.n; i++) {
		struct slice key = v.parameters[i].name;

		if (key.n >= sizeof(name))
			continue;
		memcpy(name, key.p, key.n);
		name[key.n] = '\0';
		(void)json_object_set_new(parameters, name,
		    check_json(mime_value_get(a, &v, name, true)));
	}
	(void)json_object_set_new(o, "parameters", parameters);
	(void)json_object_set_new(o, "faults",
	    json_integer((json_int_t)v.faults[MIME_FAULT_TYPE].count));
	print(o);
}

static int
values_print(struct arena *a)
{
	static char room[1024 * 1024];
	struct slice rest, value;

	rest = slice_of(room, fread(room, 1, sizeof(room), stdin));
	while (slice_cut(rest, '\0', &value, &rest))
		value_print(a, value);
	return 0;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	int status = 0;

	if (a == NULL)
		return 1;
	if (argc == 2 && strcmp(argv[1], "--value") == 0)
		status = values_print(a);
	for (int i = 1; status == 0 && i < argc && argv[i][0] != '-'; i++) {
		struct slice error;
		unsigned char *p = NULL;
		size_t n;

		arena_reset(a);
		if (file_read(argv[i], LIMIT_MESSAGE, &p, &n, a, &error))
			return 1;
		status = message_print(a, argv[i], slice_of(p, n));
		free(p);
	}
	arena_free(a);
	return status;
}
