#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/differential/cases.h"

static void
fail(const char *why)
{
	(void)fprintf(stderr, "differential: %s\n", why);
	exit(2);
}

static char *
field(char **rest)
{
	char *f = strsep(rest, "\t");

	if (f == NULL)
		fail("a field is missing");
	return f;
}

void
case_decode(char *s)
{
	char *to = s, digits[3] = "";

	for (; *s != '\0'; s++, to++) {
		*to = *s;
		if (*s != '%' || s[1] == '\0' || s[2] == '\0')
			continue;
		digits[0] = s[1];
		digits[1] = s[2];
		*to = (char)strtoul(digits, NULL, 16);
		s += 2;
	}
	*to = '\0';
}

void
case_encode(FILE *out, const void *octets, size_t n)
{
	const unsigned char *p = octets;
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] > ' ' && p[i] < 0x7f && p[i] != '%' && p[i] != '"' &&
		    p[i] != ',')
			(void)fputc(p[i], out);
		else
			(void)fprintf(out, "%%%02X", p[i]);
}

/* ---- reading ----------------------------------------------------------- */

static void
record_read(struct test_case *c, char *rest)
{
	struct case_record *r = &c->records[c->n];

	if (c->n == CASE_RECORDS)
		fail("too many records");
	r->name = field(&rest);
	r->type = field(&rest);
	r->data = rest != NULL ? rest : r->type + strlen(r->type);
	case_decode(r->name);
	if (strcmp(r->type, "TXT") != 0)
		case_decode(r->data);
	c->n++;
}

static void
key_read(struct test_case *c, char *key, char *value)
{
	if (c->n_keys == CASE_KEYS || value == NULL)
		fail("a key is too much, or has no value");
	case_decode(value);
	c->keys[c->n_keys] = key;
	c->values[c->n_keys++] = value;
}

void
case_clear(struct test_case *c)
{
	size_t i;

	for (i = 0; i < c->n_lines; i++)
		free(c->lines[i]);
	free(c->asked);
	c->n_lines = c->n_keys = c->n = c->asked_n = 0;
	c->asked = NULL;
}

bool
case_read(FILE *in, struct test_case *c)
{
	char *line = NULL, *rest, *key;
	size_t cap = 0;

	case_clear(c);
	while (getline(&line, &cap, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '\0')
			break;
		if (c->n_lines == CASE_RECORDS)
			fail("a case is too long");
		c->lines[c->n_lines++] = rest = line;
		line = NULL;
		cap = 0;
		key = field(&rest);
		if (strcmp(key, "rr") == 0)
			record_read(c, rest);
		else
			key_read(c, key, rest);
	}
	free(line);
	return c->n_lines > 0;
}

const char *
case_value(const struct test_case *c, const char *key)
{
	size_t i;

	for (i = 0; i < c->n_keys; i++)
		if (strcmp(c->keys[i], key) == 0)
			return c->values[i];
	return "";
}

/* ---- the zone ---------------------------------------------------------- */

static void
note(struct test_case *c, const char *name, const char *type)
{
	FILE *out;
	char *text = NULL;
	size_t n = 0, i;

	out = open_memstream(&text, &n);
	if (out == NULL)
		fail("out of memory");
	if (c->asked_n > 0)
		(void)fprintf(out, "%s,", c->asked);
	for (i = 0; name[i] != '\0'; i++) {
		char octet = (char)tolower((unsigned char)name[i]);

		if (octet != '.' || name[i + 1] != '\0')
			case_encode(out, &octet, 1);
	}
	(void)fprintf(out, "/%s", type);
	(void)fclose(out);
	free(c->asked);
	c->asked = text;
	c->asked_n = n;
}

static bool
same_name(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	if (n > 0 && a[n - 1] == '.')
		n--;
	if (m > 0 && b[m - 1] == '.')
		m--;
	return n == m && strncasecmp(a, b, n) == 0;
}

static bool
lost(const struct case_record *r, const char *type, enum found *out)
{
	if (strcmp(r->type, "*") != 0 && strcmp(r->type, type) != 0)
		return false;
	if (strcmp(r->data, "SERVFAIL") == 0)
		*out = FOUND_SERVFAIL;
	else if (strcmp(r->data, "TIMEOUT") == 0)
		*out = FOUND_TIMEOUT;
	else
		return false;
	return true;
}

/* One name; an alias is given back, to be followed. */
static const struct case_record *
find_once(const struct test_case *c, const char *name, const char *type,
    struct found_records *out)
{
	const struct case_record *alias = NULL;
	size_t i;

	out->found = FOUND_NXDOMAIN;
	for (i = 0; i < c->n; i++) {
		const struct case_record *r = &c->records[i];

		if (!same_name(r->name, name))
			continue;
		if (lost(r, type, &out->found)) {
			out->n = 0;
			return NULL;
		}
		if (out->found == FOUND_NXDOMAIN)
			out->found = FOUND_NODATA;
		if (strcmp(r->type, "CNAME") == 0)
			alias = r;
		if (strcmp(r->type, type) != 0)
			continue;
		out->found = FOUND;
		out->records[out->n++] = r;
	}
	return out->found == FOUND_NODATA ? alias : NULL;
}

void
case_find(struct test_case *c, const char *name, const char *type,
    struct found_records *out)
{
	const struct case_record *alias;

	note(c, name, type);
	out->n = out->n_chain = 0;
	out->name = name;
	while ((alias = find_once(c, out->name, type, out)) != NULL &&
	       out->n_chain < CASE_CHAIN) {
		out->name = alias->data;
		out->chain[out->n_chain++] = alias->data;
	}
}

/* ---- data -------------------------------------------------------------- */

char *
case_text(char **data)
{
	char *s = *data, *end;

	if (s == NULL || *s != '"')
		return NULL;
	s++;
	end = strchr(s, '"');
	*data = NULL;
	s = end != NULL ? strndup(s, (size_t)(end - s)) : strdup(s);
	if (s == NULL)
		fail("out of memory");
	*data = end;
	case_decode(s);
	return s;
}

const char *
case_host(const char *data)
{
	const char *blank = strchr(data, ' ');

	return blank != NULL ? blank + 1 : data;
}

void
case_reply_end(const struct test_case *c, FILE *out)
{
	(void)fprintf(out, "\t%s\n", c->asked != NULL ? c->asked : "");
	(void)fflush(out);
}
