#include "audit/domains.h"

#include "base/domain.h"
#include "base/escape.h"
#include "base/limits.h"

static const char *const column_names[N_COLUMNS] = {
	[COLUMN_DOMAIN] = "domain",
	[COLUMN_IP] = "ip",
	[COLUMN_HELO] = "helo",
	[COLUMN_MAIL_FROM] = "mail_from",
	[COLUMN_MESSAGE] = "message",
	[COLUMN_SELECTOR] = "selector",
};

enum { ROW_IPS_MAX = 256 };

static enum rc
complain(const struct domain_list *l, struct arena *a, const char *what,
    struct slice value, struct slice *error)
{
	struct buf b;

	buf_init(&b, LIMIT_LIST_LINE * 8);
	buf_printf(&b, "%s: line %zu: ", l->file, l->line);
	if (value.n > 0) {
		buf_add_char(&b, '\'');
		escape_terminal(&b, slice_sub(value, 0, 80));
		buf_add_str(&b, value.n > 80 ? "...' " : "' ");
	}
	buf_add_str(&b, what);
	*error = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return RC_INVALID;
}

/* The next line that is not blank and no comment; false at the end. */
static bool
next_line(struct domain_list *l, struct slice *line)
{
	while (slice_line(&l->rest, line)) {
		l->line++;
		*line = slice_trim(*line);
		if (line->n > 0 && line->p[0] != '#')
			return true;
	}
	return false;
}

/*
 * Takes the next CSV field off *rest; *last says that none follows.  False
 * when a quote does not end.
 */
static bool
csv_field(struct slice *rest, struct arena *a, struct slice *out, bool *last)
{
	unsigned char *p;
	size_t n = 0, i;

	*rest = slice_trim(*rest);
	if (rest->n == 0 || rest->p[0] != '"') {
		*last = !slice_cut(*rest, ',', out, rest);
		*out = slice_trim(*out);
		return true;
	}
	p = arena_new_of(a, unsigned char, rest->n);
	for (i = 1; p != NULL && i < rest->n; i++) {
		if (rest->p[i] == '"' &&
		    (i + 1 == rest->n || rest->p[i + 1] != '"'))
			break;
		if (rest->p[i] == '"')
			i++;
		p[n++] = rest->p[i];
	}
	if (p == NULL || i >= rest->n)
		return false;
	*rest = slice_trim(slice_from(*rest, i + 1));
	*last = rest->n == 0;
	if (!*last && rest->p[0] != ',')
		return false;
	*rest = slice_from(*rest, 1);
	*out = slice_of(p, n);
	return true;
}

static enum rc
read_header(struct domain_list *l, struct slice line, struct arena *a,
    struct slice *error)
{
	bool seen[N_COLUMNS] = { false }, last = false;
	struct slice name;

	while (!last) {
		enum domain_column c = COLUMN_DOMAIN;

		if (!csv_field(&line, a, &name, &last))
			return complain(l, a, "a quote does not end",
			    SLICE_NONE, error);
		while (c < N_COLUMNS &&
		       !slice_eq_nocase(name, slice_str(column_names[c])))
			c++;
		if (c == N_COLUMNS)
			return complain(l, a,
			    "is no column: they are domain, ip, helo, "
			    "mail_from, message, selector",
			    name, error);
		if (seen[c])
			return complain(l, a, "is a column twice", name, error);
		seen[c] = true;
		l->columns[l->n_columns++] = c;
	}
	return RC_OK;
}

enum rc
domain_list_open(struct domain_list *l, const char *file, struct slice text,
    struct arena *a, struct slice *error)
{
	struct domain_list ahead;
	struct slice line, first, rest;

	if (slice_starts(text, SLICE_LIT("\xef\xbb\xbf")))
		text = slice_from(text, 3);
	*l = (struct domain_list){ .file = file, .rest = text };
	ahead = *l;
	if (!next_line(&ahead, &line)) {
		*error = arena_slicef(a, "%s: holds no domain", file);
		return RC_INVALID;
	}
	/* Only a header can have a word without a dot, or a comma. */
	(void)slice_cut(line, ',', &first, &rest);
	l->csv = memchr(line.p, ',', line.n) != NULL ||
		 slice_eq_nocase(slice_trim(first), SLICE_LIT("domain"));
	if (!l->csv)
		return RC_OK;
	*l = ahead;
	l->csv = true;
	return read_header(l, line, a, error);
}

/* ---- one row ----------------------------------------------------------- */

static enum rc
row_domain(const struct domain_list *l, struct slice text,
    struct domain_row *row, struct arena *a, struct slice *error)
{
	enum domain_fault fault = domain_canonical(a, text, &row->domain);

	if (fault != DOMAIN_FINE)
		return complain(l, a, domain_fault_text(fault), text, error);
	return RC_OK;
}

static enum rc
row_ips(const struct domain_list *l, struct slice text, struct domain_row *row,
    struct arena *a, struct slice *error)
{
	struct ip *ips = NULL;
	size_t cap = 0;

	while ((text = slice_trim(text)).n > 0) {
		size_t n = 0;

		while (n < text.n && !ascii_is_space(text.p[n]) &&
		       text.p[n] != ';')
			n++;
		ips = arena_grow(a, ips, row->n_ips, &cap, sizeof(*ips));
		if (ips == NULL)
			return RC_NOMEM;
		if (row->n_ips == ROW_IPS_MAX ||
		    !ip_parse(slice_sub(text, 0, n), &ips[row->n_ips]))
			return complain(l, a, "is not an IP address",
			    slice_sub(text, 0, n), error);
		row->n_ips++;
		text = slice_from(text, n + (n < text.n ? 1 : 0));
	}
	row->ips = ips;
	return RC_OK;
}

static enum rc
row_set(const struct domain_list *l, enum domain_column c, struct slice value,
    struct domain_row *row, struct arena *a, struct slice *error)
{
	const char **text = NULL;

	switch (c) {
	case COLUMN_DOMAIN:
		return value.n > 0 ? row_domain(l, value, row, a, error)
				   : RC_OK;
	case COLUMN_IP:
		return row_ips(l, value, row, a, error);
	case COLUMN_HELO:
		text = &row->helo;
		break;
	case COLUMN_MAIL_FROM:
		text = &row->mail_from;
		break;
	case COLUMN_MESSAGE:
		text = &row->message;
		break;
	case COLUMN_SELECTOR:
		text = &row->selector;
		break;
	case N_COLUMNS:
		break;
	}
	if (text == NULL)
		return RC_BUG;
	if (value.n == 0)
		return RC_OK;
	if (memchr(value.p, '\0', value.n) != NULL)
		return complain(l, a, "holds a NUL", value, error);
	*text = (const char *)arena_copy(a, value).p;
	return *text != NULL ? RC_OK : RC_NOMEM;
}

static enum rc
read_row(struct domain_list *l, struct slice line, struct domain_row *row,
    struct arena *a, struct slice *error)
{
	bool last = false;

	for (size_t i = 0; !last; i++) {
		struct slice value;
		enum rc rc;

		if (!csv_field(&line, a, &value, &last))
			return complain(l, a, "a quote does not end",
			    SLICE_NONE, error);
		if (i == l->n_columns)
			return complain(l, a,
			    "there are more fields than columns", SLICE_NONE,
			    error);
		rc = row_set(l, l->columns[i], value, row, a, error);
		if (rc)
			return rc;
	}
	if (row->domain.n == 0 && row->message == NULL)
		return complain(l, a, "there is no domain and no message",
		    SLICE_NONE, error);
	return RC_OK;
}

enum rc
domain_list_next(struct domain_list *l, struct domain_row *row, struct arena *a,
    struct slice *error)
{
	struct slice line;

	*row = (struct domain_row){ 0 };
	if (!next_line(l, &line))
		return RC_OK;
	row->line = l->line;
	if (line.n > LIMIT_LIST_LINE)
		return complain(l, a, "the line is too long", SLICE_NONE,
		    error);
	if (l->csv)
		return read_row(l, line, row, a, error);
	return row_domain(l, line, row, a, error);
}
