#include "audit/views/view_parts.h"
#include "audit/views/words.h"

/*
 * The zone file that the sender believes in beside public DNS, record by
 * record, as it is pasted; and each name server beside the others.
 */
enum { INDENT = 2, DEEPER = 4, SERVER = 34, ADDRESS = 26 };

static void
line(struct page *p, const char *text, size_t indent)
{
	page_spaces(p, indent);
	page_fill(p, text, indent, indent);
}

static const char *
string_of(const json_t *text)
{
	return json_is_string(text) ? json_string_value(text) : "";
}

/* As it is pasted: from the first column, and never broken. */
static void
print_record(struct page *p, const json_t *o, const char *key)
{
	json_t *record = json_pack("{s:o, s:O?, s:O?}", "name",
	    json_sprintf("%s.", view_text_of(o, "name")), "type",
	    json_object_get(o, "type"), "value", json_object_get(o, key));

	if (record != NULL) {
		record_print(p->out, record);
		buf_add_char(p->out, '\n');
	}
	json_decref(record);
}

static void
print_missing(struct page *p, const json_t *zone)
{
	const json_t *list = json_object_get(zone, "missing"), *o;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	buf_add_char(p->out, '\n');
	line(p, "In the file, and not in public DNS; paste it there:", INDENT);
	json_array_foreach(list, i, o)
	{
		buf_add_char(p->out, '\n');
		page_style(p, STYLE_BOLD);
		print_record(p, o, "value");
		page_style(p, STYLE_PLAIN);
		line(p, view_text_of(o, "detail"), DEEPER);
	}
}

static void
print_differs(struct page *p, const json_t *zone)
{
	const json_t *list = json_object_get(zone, "differs"), *o, *text;
	size_t i, k;

	if (json_array_size(list) == 0)
		return;
	buf_add_char(p->out, '\n');
	line(p, "Another in public DNS than in the file:", INDENT);
	json_array_foreach(list, i, o)
	{
		buf_add_char(p->out, '\n');
		print_record(p, o, "expected");
		json_array_foreach(json_object_get(o, "published"), k, text)
		{
			page_spaces(p, DEEPER);
			(void)page_add(p, "public DNS: ");
			page_fill(p, string_of(text), DEEPER + 12, DEEPER + 12);
		}
	}
}

const char zone_agrees_text[] =
    "Public DNS has all that mail needs of the file.";

static void
print_zone(struct page *p, const json_t *zone)
{
	const char *where = view_text_of(zone, "where");
	bool agrees = json_is_true(json_object_get(zone, "agrees"));

	if (!json_is_string(json_object_get(zone, "file")) ||
	    (agrees && !p->look->verbose))
		return;
	page_heading(p, "YOUR ZONE FILE, AND PUBLIC DNS");
	if (agrees)
		line(p, zone_agrees_text, INDENT);
	if (*where != '\0')
		line(p, where, INDENT);
	print_missing(p, zone);
	print_differs(p, zone);
}

/* ---- the name servers -------------------------------------------------- */

static void
print_server(struct page *p, const json_t *o)
{
	const json_t *serial = json_object_get(o, "serial");

	page_spaces(p, INDENT);
	page_cell(p, view_text_of(o, "name"), SERVER);
	page_cell(p, view_text_of(o, "ip"), ADDRESS);
	if (json_is_integer(serial))
		buf_printf(p->out, "serial %lld\n",
		    (long long)json_integer_value(serial));
	else if (json_is_true(json_object_get(o, "lame")))
		buf_add_str(p->out, "does not have the zone\n");
	else
		buf_add_str(p->out, "no answer\n");
}

static void
print_values(struct page *p, const json_t *o)
{
	const json_t *list = json_object_get(o, "value"), *text;
	size_t i;

	page_spaces(p, INDENT);
	(void)page_add(p, view_text_of(o, "name"));
	buf_add_char(p->out, ' ');
	(void)page_add(p, view_text_of(o, "type"));
	(void)page_add(p, " at ");
	page_fill(p, view_text_of(o, "server"), INDENT, DEEPER);
	if (json_array_size(list) == 0)
		line(p, "nothing", DEEPER);
	json_array_foreach(list, i, text)
	{
		line(p, string_of(text), DEEPER);
	}
}

static void
print_servers(struct page *p, const json_t *facts)
{
	const json_t *o, *differences = json_object_get(facts, "differences");
	size_t i;

	if (!json_is_true(json_object_get(facts, "asked")))
		return;
	page_heading(p, "THE NAME SERVERS, ONE BY ONE");
	json_array_foreach(json_object_get(facts, "servers"), i, o)
	{
		print_server(p, o);
	}
	if (json_array_size(differences) > 0)
		buf_add_char(p->out, '\n');
	json_array_foreach(differences, i, o)
	{
		print_values(p, o);
	}
	json_array_foreach(json_object_get(facts, "cached"), i, o)
	{
		line(p, view_text_of(o, "detail"), INDENT);
	}
}

void
zone_print(struct page *p, const json_t *audit)
{
	const json_t *facts = json_object_get(audit, "facts");

	print_zone(p, json_object_get(facts, "zone"));
	print_servers(p, json_object_get(facts, "authoritative"));
}
