/*
 * libopendkim over the cases on its standard input, a line each.
 *
 *   opendkim verify          what it says to each signature, from the top, with
 *                            commas between: pass, or why not; a note
 *   opendkim sign FOLDER     "signed" and the field, or "refused" and why; the
 *                            keys are in the folder
 *
 * Keys of a case to be signed: by, key (a file), algorithm, domain, selector,
 * identity, canon, sign and over (names with colons between), length, margin,
 * ttl, copied.
 */
#include <sys/types.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <opendkim/dkim.h>

#include "tests/differential/cases.h"

enum {
	NAMES_MAX = 64,
	KEY_OCTETS = 8 * 1024,
	NAME_OCTETS = 512,
	FIELD_OCTETS = 4096,
};

/* What the callbacks of the library look into. */
static struct test_case *current;

static char *
duplicate(const char *s, size_t n)
{
	char *out = strndup(s, n);

	if (out == NULL)
		abort();
	return out;
}

/* ---- the message ------------------------------------------------------- */

/* The end of the field that begins here: CRLF, no white space behind. */
static const char *
field_end(const char *s)
{
	const char *end = s;

	while ((end = strstr(end, "\r\n")) != NULL) {
		if (end[2] != ' ' && end[2] != '\t')
			return end;
		end += 2;
	}
	return s + strlen(s);
}

/* Hands the header over; returns where the body begins. */
static const char *
give_header(DKIM *dkim, const char *s, DKIM_STAT *status)
{
	while (*s != '\0' && strncmp(s, "\r\n", 2) != 0) {
		const char *end = field_end(s);
		char *field = duplicate(s, (size_t)(end - s));

		if (*status == DKIM_STAT_OK)
			*status = dkim_header(dkim, (unsigned char *)field,
			    (size_t)(end - s));
		free(field);
		s = *end != '\0' ? end + 2 : end;
	}
	return *s != '\0' ? s + 2 : s;
}

/* The message but for dkim_eom(). */
static DKIM_STAT
give_message(DKIM *dkim, const char *message)
{
	DKIM_STAT status = DKIM_STAT_OK;
	const char *s = give_header(dkim, message, &status);
	size_t n = strlen(s);
	char *body = duplicate(s, n);
	unsigned char crlf[] = "\r\n";

	if (status == DKIM_STAT_OK)
		status = dkim_eoh(dkim);
	if (status == DKIM_STAT_OK && n > 0)
		status = dkim_body(dkim, (unsigned char *)body, n);
	/* As every line in transport it ends with CRLF; the library insists. */
	if (status == DKIM_STAT_OK && n > 0 &&
	    (n < 2 || strcmp(s + n - 2, "\r\n") != 0))
		status = dkim_body(dkim, crlf, 2);
	free(body);
	return status;
}

/* ---- its clock: that of the case ---------------------------------------- */

/* The library asks this when it looks at x=. */
time_t
time(time_t *out)
{
	const char *now = current != NULL ? case_value(current, "now") : "";
	time_t t = (time_t)strtoll(now, NULL, 10);

	if (out != NULL)
		*out = t;
	return t;
}

/* ---- verifying --------------------------------------------------------- */

static DKIM_CBSTAT
find_key(DKIM *dkim, DKIM_SIGINFO *sig, unsigned char *out, size_t room)
{
	char name[NAME_OCTETS], *data, *text;
	struct found_records *found = malloc(sizeof(*found));
	DKIM_CBSTAT status = DKIM_CBSTAT_NOTFOUND;

	(void)dkim;
	if (found == NULL || room == 0)
		abort();
	(void)snprintf(name, sizeof(name), "%s._domainkey.%s",
	    (char *)dkim_sig_getselector(sig), (char *)dkim_sig_getdomain(sig));
	case_find(current, name, "TXT", found);
	if (found->found == FOUND) {
		FILE *f = fmemopen(out, room, "w");
		char *rest;

		if (f == NULL)
			abort();
		data = duplicate(found->records[0]->data,
		    strlen(found->records[0]->data));
		for (rest = data; (text = case_text(&rest)) != NULL; free(text))
			(void)fputs(text, f);
		(void)fclose(f);
		free(data);
		status = DKIM_CBSTAT_CONTINUE;
	} else if (found->found != FOUND_NXDOMAIN &&
		   found->found != FOUND_NODATA) {
		status = DKIM_CBSTAT_TRYAGAIN;
	}
	free(found);
	return status;
}

/* Otherwise it ends with the first that passes. */
static DKIM_CBSTAT
verify_each(DKIM *dkim, DKIM_SIGINFO **sigs, int n)
{
	int i;

	for (i = 0; i < n; i++)
		(void)dkim_sig_process(dkim, sigs[i]);
	return DKIM_CBSTAT_CONTINUE;
}

static const char *
sig_says(DKIM_SIGINFO *sig)
{
	int error = dkim_sig_geterror(sig);

	if (DKIM_SIG_CHECK(sig))
		return "pass";
	if (dkim_sig_getbh(sig) == DKIM_SIGBH_MISMATCH)
		return "body";
	if (error == DKIM_SIGERROR_OK || error == DKIM_SIGERROR_UNKNOWN)
		return "unknown";
	return dkim_sig_geterrorstr(error);
}

static void
verify_reply(DKIM *dkim, DKIM_STAT status)
{
	DKIM_SIGINFO **sigs = NULL;
	int i, n = 0;

	if (dkim_getsiglist(dkim, &sigs, &n) != DKIM_STAT_OK)
		n = 0;
	for (i = 0; i < n; i++)
		(void)printf("%s%s", i > 0 ? "," : "", sig_says(sigs[i]));
	(void)printf("\t%s %s\n", dkim_getresultstr(status),
	    dkim_geterror(dkim) != NULL ? dkim_geterror(dkim) : "");
	(void)fflush(stdout);
}

static void
verify(struct test_case *c, DKIM_LIB *lib)
{
	DKIM_STAT status = DKIM_STAT_OK;
	DKIM *dkim;

	current = c;
	dkim = dkim_verify(lib, (const unsigned char *)"case", NULL, &status);
	if (dkim == NULL)
		abort();
	status = give_message(dkim, case_value(c, "message"));
	if (status == DKIM_STAT_OK)
		status = dkim_eom(dkim, NULL);
	verify_reply(dkim, status);
	(void)dkim_free(dkim);
}

/* ---- signing ----------------------------------------------------------- */

struct names {
	char *text;
	const char *all[NAMES_MAX + 1];
};

static void
names_read(struct names *out, const char *text)
{
	char *rest, *name;
	size_t n = 0;

	out->text = rest = duplicate(text, strlen(text));
	while ((name = strsep(&rest, ":")) != NULL && n < NAMES_MAX)
		if (*name != '\0')
			out->all[n++] = name;
	out->all[n] = NULL;
}

static void
read_key(const char *folder, const char *name, char *out)
{
	char path[NAME_OCTETS];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "r");
	if (f == NULL)
		abort();
	n = fread(out, 1, KEY_OCTETS - 1, f);
	out[n] = '\0';
	(void)fclose(f);
}

static void
sign_options(struct test_case *c, DKIM_LIB *lib, struct names *sign,
    struct names *over)
{
	uint64_t now = strtoull(case_value(c, "time"), NULL, 10);
	uint64_t ttl = strtoull(case_value(c, "ttl"), NULL, 10);
	unsigned int flags = DKIM_LIBFLAGS_NONE, bits = 0;

	if (*case_value(c, "length") != '\0')
		flags |= DKIM_LIBFLAGS_SIGNLEN;
	if (*case_value(c, "copied") != '\0')
		flags |= DKIM_LIBFLAGS_ZTAGS;
	names_read(sign, case_value(c, "sign"));
	names_read(over, case_value(c, "over"));
	(void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags,
	    sizeof(flags));
	(void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits,
	    sizeof(bits));
	(void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_FIXEDTIME, &now,
	    sizeof(now));
	(void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_SIGNATURETTL, &ttl,
	    sizeof(ttl));
	(void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_SIGNHDRS, sign->all,
	    sizeof(const char **));
	(void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_OVERSIGNHDRS,
	    over->all, sizeof(const char **));
}

static dkim_alg_t
algorithm(const char *name)
{
	if (strcmp(name, "rsa-sha1") == 0)
		return DKIM_SIGN_RSASHA1;
	return strcmp(name, "rsa-sha256") == 0 ? DKIM_SIGN_RSASHA256
					       : DKIM_SIGN_ED25519SHA256;
}

static DKIM *
signer(struct test_case *c, DKIM_LIB *lib, char *key, DKIM_STAT *status)
{
	const char *canon = case_value(c, "canon");
	const char *length = case_value(c, "length");
	const char *identity = case_value(c, "identity");
	const char *body = strchr(canon, '/');
	dkim_canon_t h = *canon == 'r' ? DKIM_CANON_RELAXED : DKIM_CANON_SIMPLE;
	dkim_canon_t b = body != NULL && body[1] == 'r' ? DKIM_CANON_RELAXED
							: DKIM_CANON_SIMPLE;
	DKIM *dkim = dkim_sign(lib, (const unsigned char *)"case", NULL,
	    (unsigned char *)key,
	    (const unsigned char *)case_value(c, "selector"),
	    (const unsigned char *)case_value(c, "domain"), h, b,
	    algorithm(case_value(c, "algorithm")),
	    *length == '\0' || *length == 'a' ? -1 : atol(length), status);

	if (dkim != NULL && *identity != '\0')
		(void)dkim_set_signer(dkim, (const unsigned char *)identity);
	if (dkim != NULL)
		(void)dkim_set_margin(dkim,
		    (int)strtol(case_value(c, "margin"), NULL, 10));
	return dkim;
}

static void
sign_reply(DKIM *dkim, DKIM_STAT status)
{
	static const char name[] = "DKIM-Signature: ";
	unsigned char *value = NULL;
	size_t n = 0;

	if (status == DKIM_STAT_OK)
		status = dkim_getsighdr_d(dkim, strlen(name), &value, &n);
	if (status == DKIM_STAT_OK) {
		(void)fputs("signed\t", stdout);
		case_encode(stdout, name, strlen(name));
		case_encode(stdout, value, n);
		(void)putchar('\n');
	} else {
		(void)printf("refused\t%s %s\n", dkim_getresultstr(status),
		    dkim != NULL && dkim_geterror(dkim) != NULL
			? dkim_geterror(dkim)
			: "");
	}
	(void)fflush(stdout);
}

static void
sign(struct test_case *c, const char *folder)
{
	char key[KEY_OCTETS];
	struct names sign, over;
	DKIM_STAT status = DKIM_STAT_OK;
	DKIM_LIB *lib = dkim_init(NULL, NULL);
	DKIM *dkim;

	if (lib == NULL)
		abort();
	read_key(folder, case_value(c, "key"), key);
	sign_options(c, lib, &sign, &over);
	dkim = signer(c, lib, key, &status);
	if (dkim != NULL)
		status = give_message(dkim, case_value(c, "message"));
	if (status == DKIM_STAT_OK)
		status = dkim_eom(dkim, NULL);
	sign_reply(dkim, status);
	if (dkim != NULL)
		(void)dkim_free(dkim);
	dkim_close(lib);
	free(sign.text);
	free(over.text);
}

/* ---- all of them ------------------------------------------------------- */

int
main(int argc, char **argv)
{
	struct test_case *c = calloc(1, sizeof(*c));
	DKIM_LIB *lib = dkim_init(NULL, NULL);
	uint64_t drift = 0;

	if (c == NULL || lib == NULL || argc < 2)
		return 2;
	(void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_CLOCKDRIFT, &drift,
	    sizeof(drift));
	(void)dkim_set_key_lookup(lib, find_key);
	(void)dkim_set_final(lib, verify_each);
	while (case_read(stdin, c))
		if (strcmp(argv[1], "sign") == 0 && argc > 2)
			sign(c, argv[2]);
		else
			verify(c, lib);
	dkim_close(lib);
	case_clear(c);
	free(c);
	return 0;
}
