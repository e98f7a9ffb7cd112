#include "audit/inputs.h"

#include <stdlib.h>

#include "audit/files.h"
#include "base/domain.h"
#include "base/escape.h"
#include "base/limits.h"
#include "message/mailbox.h"

/* Octets that stay for the whole run: a message file, an mbox, a list. */
struct held {
	struct held *next;
	unsigned char *p;
};

/* A message to come; octets without a pointer are read when their turn is. */
struct unit {
	const char *file;
	struct slice octets;
};

struct inputs {
	struct arena *arena;
	struct held *held;
	const struct slice *domains; /* operands, canonical */
	size_t n_domains;
	struct domain_list *lists;
	struct domain_list *begun; /* as they were opened */
	size_t n_lists;
	size_t n_rows;
	struct unit *units;
	size_t n_units, cap_units;

	size_t domain, list, unit; /* where we are */
};

enum { LIST_FILE_MAX = 1 << 30 };

/* ---- reading ----------------------------------------------------------- */

static enum rc
hold_file(struct inputs *in, const char *path, size_t max, struct slice *out,
    struct slice *error)
{
	struct held *h = calloc(1, sizeof(*h));
	size_t n = 0;
	enum rc rc;

	if (h == NULL)
		return RC_NOMEM;
	h->next = in->held;
	in->held = h;
	rc = file_read(path, max, &h->p, &n, in->arena, error);
	*out = slice_of(h->p, n);
	return rc;
}

static enum rc
unit_add(struct inputs *in, const char *file, struct slice octets)
{
	in->units = arena_grow(in->arena, in->units, in->n_units,
	    &in->cap_units, sizeof(*in->units));
	if (in->units == NULL)
		return RC_NOMEM;
	in->units[in->n_units++] = (struct unit){ file, octets };
	return RC_OK;
}

static enum rc
add_mbox(struct inputs *in, const char *path, struct slice text)
{
	struct slice one;
	enum rc rc = RC_OK;

	for (size_t i = 1; rc == RC_OK && mailbox_next(&text, &one); i++) {
		const char *file = arena_printf(in->arena, "%s:%zu", path, i);

		rc = file != NULL ? unit_add(in, file, one) : RC_NOMEM;
	}
	return rc;
}

static enum rc
add_message(struct inputs *in, const char *path, struct slice *error)
{
	const char **files = NULL;
	bool folder = false;
	struct slice text;
	size_t n = 0;
	enum rc rc;

	rc = folder_list(path, in->arena, &files, &n, &folder, error);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = unit_add(in, files[i], SLICE_NONE);
	if (rc != RC_OK || folder)
		return rc;
	rc = hold_file(in, path, LIMIT_MESSAGE, &text, error);
	if (rc)
		return rc;
	if (text.n == 0) {
		*error = arena_slicef(in->arena, "%s: is empty",
		    strcmp(path, "-") == 0 ? "standard input" : path);
		return RC_INVALID;
	}
	if (mailbox_is_mbox(text))
		return add_mbox(in, path, text);
	return unit_add(in, strcmp(path, "-") == 0 ? "-" : path, text);
}

static enum rc
add_operands(struct inputs *in, const struct string_list *l,
    struct slice *error)
{
	struct slice *names = arena_new_of(in->arena, struct slice, l->n + 1);

	if (names == NULL)
		return RC_NOMEM;
	in->domains = names;
	for (size_t i = 0; i < l->n; i++) {
		struct slice text = slice_str(l->items[i]);
		enum domain_fault fault =
		    domain_canonical(in->arena, text, &names[i]);
		struct buf b;

		in->n_domains++;
		if (fault == DOMAIN_FINE)
			continue;
		buf_init(&b, LIMIT_LIST_LINE);
		escape_terminal(&b, slice_sub(text, 0, 300));
		*error = arena_slicef(in->arena, "domain '%.*s' %s",
		    SLICE_FMT(buf_slice(&b)), domain_fault_text(fault));
		buf_free(&b);
		return RC_INVALID;
	}
	return RC_OK;
}

/* Reads the list to its end once, so that a bad row is said before. */
static enum rc
check_list(struct inputs *in, const struct domain_list *l, struct slice *error)
{
	struct arena *scratch = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct domain_list copy = *l;
	struct slice wrong = SLICE_NONE;
	struct domain_row row;
	enum rc rc;

	if (scratch == NULL)
		return RC_NOMEM;
	do {
		arena_reset(scratch);
		rc = domain_list_next(&copy, &row, scratch, &wrong);
		in->n_rows += row.line > 0 ? 1 : 0;
	} while (rc == RC_OK && row.line > 0);
	if (rc == RC_INVALID)
		*error = arena_copy(in->arena, wrong);
	arena_free(scratch);
	return rc;
}

static enum rc
add_lists(struct inputs *in, const struct string_list *l, struct slice *error)
{
	in->lists = arena_new_of(in->arena, struct domain_list, l->n + 1);
	in->begun = arena_new_of(in->arena, struct domain_list, l->n + 1);
	if (in->lists == NULL || in->begun == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < l->n; i++) {
		struct domain_list *list = &in->lists[in->n_lists++];
		size_t rows = in->n_rows;
		struct slice text;
		enum rc rc =
		    hold_file(in, l->items[i], LIST_FILE_MAX, &text, error);

		if (rc == RC_OK)
			rc = domain_list_open(list, l->items[i], text,
			    in->arena, error);
		if (rc == RC_OK)
			rc = check_list(in, list, error);
		if (rc)
			return rc;
		if (in->n_rows == rows) {
			*error = arena_slicef(in->arena, "%s: holds no domain",
			    l->items[i]);
			return RC_INVALID;
		}
		in->begun[i] = *list;
	}
	return RC_OK;
}

static enum rc
check_whole(struct inputs *in, struct slice *error)
{
	size_t names = in->n_domains + in->n_rows;

	if (names == 0 && in->n_units == 0)
		*error = SLICE_LIT("nothing to audit: name a DOMAIN, a sample "
				   "message (-m FILE) or a list (-d FILE)");
	else if (names > 1 && in->n_units > 1)
		*error = SLICE_LIT("several domains and several messages: "
				   "which belongs to which?  Use a CSV list "
				   "(-d) with a message column");
	else
		return RC_OK;
	return RC_INVALID;
}

enum rc
inputs_open(const struct settings *s, struct arena *a, struct inputs **out,
    struct slice *error)
{
	struct inputs *in = arena_new_of(a, struct inputs, 1);
	enum rc rc;

	*out = in;
	if (in == NULL)
		return RC_NOMEM;
	in->arena = a;
	rc = add_operands(in, &s->operands, error);
	if (rc == RC_OK)
		rc = add_lists(in, &s->domain_files, error);
	for (size_t i = 0; rc == RC_OK && i < s->messages.n; i++)
		rc = add_message(in, s->messages.items[i], error);
	return rc != RC_OK ? rc : check_whole(in, error);
}

enum rc
inputs_of_octets(struct arena *a, const char *file, struct slice octets,
    struct inputs **out)
{
	struct inputs *in = arena_new_of(a, struct inputs, 1);

	*out = in;
	if (in == NULL)
		return RC_NOMEM;
	in->arena = a;
	return unit_add(in, file, octets);
}

void
inputs_close(struct inputs **in)
{
	struct held *next;

	if (*in == NULL)
		return;
	for (struct held *h = (*in)->held; h != NULL; h = next) {
		next = h->next;
		free(h->p);
		free(h);
	}
	*in = NULL;
}

/* ---- taking ------------------------------------------------------------ */

static bool
next_domain(struct inputs *in, struct arena *a, struct input *out)
{
	if (in->domain < in->n_domains) {
		out->domain = in->domains[in->domain++];
		return true;
	}
	for (; in->list < in->n_lists; in->list++) {
		struct domain_list *l = &in->lists[in->list];
		enum rc rc = domain_list_next(l, &out->row, a, &out->error);

		if (rc == RC_OK && out->row.line == 0)
			continue;
		out->domain = out->row.domain;
		out->starved = rc == RC_NOMEM;
		return true;
	}
	return false;
}

/* Back to the one domain that goes with every message. */
static void
rewind_domains(struct inputs *in)
{
	in->domain = in->list = 0;
	for (size_t i = 0; i < in->n_lists; i++)
		in->lists[i] = in->begun[i];
}

static void
load(struct input *in, struct arena *a)
{
	size_t n = 0;

	if (in->file == NULL || in->octets.p != NULL)
		return;
	if (file_read(in->file, LIMIT_MESSAGE, &in->owned, &n, a, &in->error) ==
	    RC_NOMEM)
		in->starved = true;
	in->octets = slice_of(in->owned, n);
}

bool
inputs_next(struct inputs *in, struct arena *a, struct input *out)
{
	bool named = in->n_domains + in->n_rows > 0;
	bool many = in->n_units > 1;
	const struct unit *u = NULL;

	*out = (struct input){ 0 };
	if (!named || many) {
		if (in->unit == in->n_units)
			return false;
		u = &in->units[in->unit++];
	} else if (in->n_units == 1) {
		u = &in->units[0];
	}
	if (named && many)
		rewind_domains(in);
	if (named && !next_domain(in, a, out))
		return false;
	out->file = out->row.message;
	if (u != NULL && out->file == NULL) {
		out->file = u->file;
		out->octets = u->octets;
	}
	if (!out->starved)
		load(out, a);
	return true;
}

size_t
inputs_count(const struct inputs *in)
{
	size_t named = in->n_domains + in->n_rows;

	return in->n_units > 1 || named == 0 ? in->n_units : named;
}
