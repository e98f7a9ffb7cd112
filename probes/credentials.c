#include "probes/credentials.h"

#include "base/secret.h"

struct credentials *
credentials_new(void)
{
	return secret_new(sizeof(struct credentials));
}

void
credentials_close(struct credentials **c)
{
	secret_free(*c, sizeof(**c));
	*c = NULL;
}

/* ---- members ----------------------------------------------------------- */

static const struct member {
	const char *name;
	size_t at;
} members[] = {
	{ "client_id", offsetof(struct credentials, client_id) },
	{ "client_secret", offsetof(struct credentials, client_secret) },
	{ "refresh_token", offsetof(struct credentials, refresh_token) },
	{ "access_token", offsetof(struct credentials, access_token) },
	{ "quota_project_id", offsetof(struct credentials, quota_project) },
	/* google-auth for Python says it so. */
	{ "token", offsetof(struct credentials, access_token) },
};

enum { N_MEMBERS = sizeof(members) / sizeof(*members) };

static char *
member_of(struct credentials *c, const struct member *m)
{
	return (char *)c + m->at;
}

/* RFC 6749 appendix A: VSCHAR, which cannot end a header field. */
static bool
is_visible(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	}
	return true;
}

static const char *
take(struct credentials *c, const struct member *m, struct slice value)
{
	char *to = member_of(c, m);

	if (value.n == 0)
		return "a value is empty";
	if (value.n > CREDENTIAL_MAX)
		return "a value is longer than Google's are";
	if (!is_visible(value))
		return "a value has characters that none of Google's has";
	if (*to != '\0' && !slice_eq(slice_str(to), value))
		return "a value is there already, and another one";
	memcpy(to, value.p, value.n);
	to[value.n] = '\0';
	return NULL;
}

/* ---- key = value ------------------------------------------------------- */

/*
 *  file  = *(line LF)
 *  line  = *WSP [ key *WSP "=" *WSP value / "#" *OCTET ] *WSP
 */
static const char *
take_line(struct credentials *c, struct slice line)
{
	struct slice key, value;

	line = slice_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return NULL;
	if (!slice_cut(line, '=', &key, &value))
		return "is no key = value, and the file is no JSON object";
	for (size_t i = 0; i < N_MEMBERS; i++) {
		if (slice_eq(slice_trim(key), slice_str(members[i].name)))
			return take(c, &members[i], slice_trim(value));
	}
	return "the key is none of client_id, client_secret, refresh_token, "
	       "access_token, quota_project_id";
}

static struct credentials_fault
read_lines(struct credentials *c, struct slice text)
{
	struct credentials_fault fault = { NULL, 0 };
	struct slice line;

	while (fault.text == NULL && slice_line(&text, &line)) {
		fault.line++;
		fault.text = take_line(c, line);
	}
	return fault;
}

/* ---- JSON -------------------------------------------------------------- */

static const char *
take_object(struct credentials *c, const json_t *o)
{
	const char *fault = NULL;

	for (size_t i = 0; i < N_MEMBERS && fault == NULL; i++) {
		const json_t *j = json_object_get(o, members[i].name);

		if (json_is_string(j))
			fault = take(c, &members[i],
			    slice_of(json_string_value(j),
				json_string_length(j)));
		else if (j != NULL && !json_is_null(j))
			fault = "a value is no string";
	}
	return fault;
}

static const char *
take_json(struct credentials *c, const json_t *o)
{
	static const char *const clients[] = { "installed", "web" };
	const char *type = json_string_value(json_object_get(o, "type"));
	const char *fault;

	if (type != NULL && strcmp(type, "service_account") == 0)
		return "is the key of a service account; the Postmaster Tools "
		       "belong to a user (type authorized_user)";
	fault = take_object(c, o);
	for (size_t i = 0; i < 2 && fault == NULL; i++)
		fault = take_object(c, json_object_get(o, clients[i]));
	return fault;
}

struct credentials_fault
credentials_read(struct credentials *c, struct slice text)
{
	struct credentials_fault fault = { NULL, 0 };
	json_t *o;

	if (!slice_starts(slice_trim(text), SLICE_LIT("{")))
		return read_lines(c, text);
	o = secret_json(text);
	fault.text = o != NULL ? take_json(c, o) : "is not right as JSON";
	if (o != NULL)
		secret_json_end(o);
	return fault;
}

const char *
credentials_lack(const struct credentials *c)
{
	if (c->refresh_token[0] == '\0' && c->access_token[0] == '\0')
		return "holds neither refresh_token nor access_token";
	if (c->refresh_token[0] == '\0')
		return NULL;
	if (c->client_id[0] == '\0' || c->client_secret[0] == '\0')
		return "a refresh_token is of use only with its client_id and "
		       "client_secret";
	return NULL;
}

bool
credentials_renew(struct credentials *c, struct slice access_token)
{
	static const struct member token = { "access_token",
		offsetof(struct credentials, access_token) };

	secret_wipe(c->access_token, sizeof(c->access_token));
	return take(c, &token, access_token) == NULL;
}

/* ---- the form ---------------------------------------------------------- */

/* RFC 3986 2.3; what is not unreserved goes as %XX. */
static bool
is_unreserved(unsigned char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

struct form {
	char *p;
	size_t n;
};

static void
form_octet(struct form *f, char c)
{
	if (f->n < CREDENTIAL_FORM_MAX)
		f->p[f->n++] = c;
}

static void
form_add(struct form *f, const char *name, const char *value)
{
	static const char digits[] = "0123456789ABCDEF";

	if (f->n > 0)
		form_octet(f, '&');
	for (; *name != '\0'; name++)
		form_octet(f, *name);
	form_octet(f, '=');
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if (is_unreserved(c)) {
			form_octet(f, *value);
			continue;
		}
		form_octet(f, '%');
		form_octet(f, digits[c >> 4]);
		form_octet(f, digits[c & 15]);
	}
}

bool
credentials_form(const struct credentials *c, char out[CREDENTIAL_FORM_MAX])
{
	struct form f = { .p = out };

	form_add(&f, "client_id", c->client_id);
	form_add(&f, "client_secret", c->client_secret);
	form_add(&f, "refresh_token", c->refresh_token);
	form_add(&f, "grant_type", "refresh_token");
	form_octet(&f, '\0');
	return out[f.n - 1] == '\0';
}

/* ---- hiding ------------------------------------------------------------ */

/* Google's are far longer; what is shorter would hide half of a text. */
enum { HIDDEN_MIN = 8 };

static void
hide(struct slice secret, unsigned char *p, size_t n)
{
	struct slice rest = slice_of(p, n);
	size_t at, done = 0;

	while (secret.n >= HIDDEN_MIN &&
	       (at = slice_find(rest, secret)) != SIZE_MAX) {
		memset(p + done + at, '*', secret.n);
		done += at + secret.n;
		rest = slice_from(slice_of(p, n), done);
	}
}

void
credentials_hide(const struct credentials *c, unsigned char *p, size_t n)
{
	hide(slice_str(c->access_token), p, n);
	hide(slice_str(c->refresh_token), p, n);
	hide(slice_str(c->client_secret), p, n);
	hide(slice_str(c->client_id), p, n);
}
