/*
 * render [-f FORMAT] [-w COLUMNS] [-a] [-c] [-q] FILE: a saved document
 * through a view, as presend view does, with the look by hand.  -a: ASCII
 * only; -c: colour.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/views/view.h"

static enum format
format_named(const char *name)
{
	for (const struct view *v = views; v->name != NULL; v++) {
		if (strcmp(v->name, name) == 0)
			return v->format;
	}
	return FORMAT_TEXT;
}

static void
drain(struct view_run *run)
{
	(void)fwrite(run->out.p, 1, run->out.n, stdout);
	buf_reset(&run->out);
}

static int
render(json_t *document, const struct view *view, struct view_look *look)
{
	json_t *audits = json_object_get(document, "audits"), *audit;
	struct view_wishes want = { .view = view, .header = document };
	struct view_run run;
	enum rc rc;
	size_t i;

	if (!document_of_schema(view_text_of(document, "schema"),
		&want.document) ||
	    view->of[want.document] == NULL)
		return 2;
	json_incref(audits);
	(void)json_object_del(document, "audits");
	look->many = json_array_size(audits) > 1;
	want.look = *look;
	rc = view_begin(&run, &want);
	json_array_foreach(audits, i, audit)
	{
		if (rc == RC_OK)
			rc = view_item(&run, audit);
		drain(&run);
	}
	if (rc == RC_OK)
		rc = view_end(&run);
	drain(&run);
	view_close(&run);
	json_decref(audits);
	return rc == RC_OK ? 0 : 4;
}

int
main(int argc, char **argv)
{
	struct view_look look = { .width = VIEW_WIDTH, .unicode = true };
	enum format format = FORMAT_TEXT;
	json_t *document = NULL;
	json_error_t error;
	int got, status;

	while ((got = getopt(argc, argv, "f:w:acq")) != -1) {
		switch (got) {
		case 'f':
			format = format_named(optarg);
			break;
		case 'w':
			look.width = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'a':
			look.unicode = false;
			break;
		case 'c':
			look.color = true;
			break;
		case 'q':
			look.quiet = true;
			break;
		default:
			return 2;
		}
	}
	if (optind < argc)
		document = json_load_file(argv[optind], 0, &error);
	if (document == NULL)
		return 2;
	status = render(document, view_find(format, "-"), &look);
	json_decref(document);
	return status;
}
