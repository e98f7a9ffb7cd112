#include "mail_signer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/* ---- keys -------------------------------------------------------------- */

static EVP_PKEY *keys[SIGNER_KEYS];
static char *publics[2 * SIGNER_KEYS];

static EVP_PKEY *
key_make(enum signer_key which)
{
	switch (which) {
	case SIGNER_RSA:
	case SIGNER_OTHER:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	case SIGNER_RSA_1024:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
	case SIGNER_RSA_512:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)512);
	case SIGNER_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case SIGNER_KEYS:
		break;
	}
	return NULL;
}

static EVP_PKEY *
key_of(enum signer_key which)
{
	if (keys[which] == NULL)
		keys[which] = key_make(which);
	assert_non_null(keys[which]);
	return keys[which];
}

static char *
base64(const unsigned char *p, size_t n)
{
	char *out = malloc(n / 3 * 4 + 5);

	assert_non_null(out);
	(void)EVP_EncodeBlock((unsigned char *)out, p, (int)n);
	return out;
}

static char *
public_make(enum signer_key which, bool bare)
{
	unsigned char raw[32], *der = NULL;
	size_t n = sizeof(raw);
	char *text;
	int length;

	if (which == SIGNER_ED25519) {
		assert_int_equal(EVP_PKEY_get_raw_public_key(key_of(which), raw,
				     &n),
		    1);
		return base64(raw, n);
	}
	length = bare ? i2d_PublicKey(key_of(which), &der)
		      : i2d_PUBKEY(key_of(which), &der);
	assert_true(length > 0);
	text = base64(der, (size_t)length);
	OPENSSL_free(der);
	return text;
}

const char *
signer_public(enum signer_key which)
{
	if (publics[which] == NULL)
		publics[which] = public_make(which, false);
	return publics[which];
}

const char *
signer_bare(enum signer_key which)
{
	if (publics[SIGNER_KEYS + which] == NULL)
		publics[SIGNER_KEYS + which] = public_make(which, true);
	return publics[SIGNER_KEYS + which];
}

void
signer_close(void)
{
	for (size_t i = 0; i < SIGNER_KEYS; i++) {
		EVP_PKEY_free(keys[i]);
		keys[i] = NULL;
	}
	for (size_t i = 0; i < sizeof(publics) / sizeof(*publics); i++) {
		free(publics[i]);
		publics[i] = NULL;
	}
}

/* ---- canonical forms, octet by octet ----------------------------------- */

struct text {
	char *p;
	size_t n;
};

static struct text
text_new(struct arena *arena, size_t room)
{
	struct text t = { arena_new_of(arena, char, room + 8), 0 };

	assert_non_null(t.p);
	return t;
}

static void
add(struct text *t, const char *p, size_t n)
{
	memcpy(t->p + t->n, p, n);
	t->n += n;
}

static bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* RFC 6376 3.4.4: b) after a). */
static struct text
body_form(struct arena *arena, const char *body, bool relaxed)
{
	size_t n = strlen(body);
	struct text t = text_new(arena, n);

	for (size_t i = 0; i < n; i++) {
		if (relaxed && is_wsp(body[i])) {
			while (i + 1 < n && is_wsp(body[i + 1]))
				i++;
			if (i + 2 < n && body[i + 1] == '\r' &&
			    body[i + 2] == '\n')
				continue;
			add(&t, " ", 1);
		} else {
			add(&t, body + i, 1);
		}
	}
	if (t.n < 2 || memcmp(t.p + t.n - 2, "\r\n", 2) != 0)
		add(&t, "\r\n", t.n > 0 || !relaxed ? 2 : 0);
	while (t.n >= 4 && memcmp(t.p + t.n - 4, "\r\n\r\n", 4) == 0)
		t.n -= 2;
	if (relaxed && t.n == 2 && memcmp(t.p, "\r\n", 2) == 0)
		t.n = 0;
	return t;
}

/* One field without its last CRLF. */
static struct text
field_form(struct arena *arena, const char *p, size_t n, bool relaxed)
{
	struct text t = text_new(arena, n);
	bool named = false;

	if (!relaxed) {
		add(&t, p, n);
		return t;
	}
	for (size_t i = 0; i < n; i++) {
		char c = p[i];

		if (c == '\r' || c == '\n')
			continue;
		if (!named) {
			c = (char)ascii_lower((unsigned char)c);
			named = c == ':';
		}
		if (is_wsp(c) &&
		    (!named || t.p[t.n - 1] == ':' || t.p[t.n - 1] == ' '))
			continue;
		add(&t, is_wsp(c) ? " " : &c, 1);
	}
	while (t.n > 0 && t.p[t.n - 1] == ' ')
		t.n--;
	return t;
}

/* The nth field of a name from the bottom; 0 octets: there is none. */
static struct text
field_find(const char *header, const char *name, size_t n, size_t nth)
{
	struct text found = { NULL, 0 };
	size_t seen = 0, total = 0;

	for (int pass = 0; pass < 2; pass++) {
		const char *at = header, *end;

		for (seen = 0; *at != '\0'; at = end) {
			end = strstr(at, "\r\n");
			while (end != NULL && is_wsp(end[2]))
				end = strstr(end + 2, "\r\n");
			assert_non_null(end);
			end += 2;
			if (!slice_starts_nocase(slice_str(at),
				slice_of(name, n)) ||
			    at[n] != ':')
				continue;
			if (pass == 1 && total - seen - 1 == nth)
				found = (struct text){ (char *)(uintptr_t)at,
					(size_t)(end - at) - 2 };
			seen++;
		}
		total = seen;
	}
	return found;
}

/* ---- signing ----------------------------------------------------------- */

static const char *
or_else(const char *given, const char *usual)
{
	return given != NULL ? given : usual;
}

static void
sha256(const char *p, size_t n, unsigned char out[32])
{
	assert_int_equal(EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL), 1);
}

static char *
signature_of(struct arena *arena, enum signer_key which,
    const unsigned char digest[32])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key_of(which), NULL);
	unsigned char value[512];
	size_t n = sizeof(value);
	char *text, *kept;

	assert_non_null(md);
	assert_non_null(c);
	if (which == SIGNER_ED25519) {
		assert_int_equal(EVP_DigestSignInit(md, NULL, NULL, NULL,
				     key_of(which)),
		    1);
		assert_int_equal(EVP_DigestSign(md, value, &n, digest, 32), 1);
	} else {
		assert_int_equal(EVP_PKEY_sign_init(c), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(c,
				     RSA_PKCS1_PADDING),
		    1);
		assert_int_equal(EVP_PKEY_CTX_set_signature_md(c, EVP_sha256()),
		    1);
		assert_int_equal(EVP_PKEY_sign(c, value, &n, digest, 32), 1);
	}
	EVP_PKEY_CTX_free(c);
	EVP_MD_CTX_free(md);
	text = base64(value, n);
	kept = arena_printf(arena, "%s", text);
	free(text);
	return kept;
}

static struct text
header_form(struct arena *arena, const char *header, const char *names,
    bool relaxed)
{
	struct text t = text_new(arena, strlen(header) + 3 * strlen(names));
	struct slice rest = slice_str(names), name, before, one;

	while (rest.n > 0) {
		struct text raw, form;
		size_t nth = 0;

		before = slice_str(names);
		before.n = (size_t)((const char *)rest.p - names);
		(void)slice_cut(rest, ':', &name, &rest);
		while (before.n > 0) {
			(void)slice_cut(before, ':', &one, &before);
			nth += slice_eq_nocase(one, name);
		}
		raw = field_find(header, (const char *)name.p, name.n, nth);
		if (raw.n == 0)
			continue;
		form = field_form(arena, raw.p, raw.n, relaxed);
		add(&t, form.p, form.n);
		add(&t, "\r\n", 2);
	}
	return t;
}

char *
mail_sign(struct arena *arena, const struct signing *s, const char *header,
    const char *body)
{
	const char *canon = or_else(s->canon, "relaxed/relaxed");
	const char *names = or_else(s->names, "From:To:Subject");
	bool ed = s->key == SIGNER_ED25519;
	bool head_relaxed = strncmp(canon, "relaxed", 7) == 0;
	bool body_relaxed = strstr(canon, "/relaxed") != NULL;
	struct text form =
	    body_form(arena, or_else(s->body, body), body_relaxed);
	unsigned char digest[32];
	struct text all, own;
	char *bh, *field;

	sha256(form.p, form.n, digest);
	bh = base64(digest, sizeof(digest));
	field = arena_printf(arena,
	    "DKIM-Signature: v=1; a=%s; c=%s; d=%s; s=%s;\r\n\th=%s;%s\r\n\t"
	    "bh=%s; b=",
	    or_else(s->algorithm, ed ? "ed25519-sha256" : "rsa-sha256"), canon,
	    or_else(s->domain, "example.com"), ed ? "ed" : "s", names,
	    or_else(s->more, ""), bh);
	free(bh);
	assert_non_null(field);
	all = header_form(arena, header, names, head_relaxed);
	own = field_form(arena, field, strlen(field), head_relaxed);
	all = (struct text){ arena_printf(arena, "%.*s%.*s", (int)all.n, all.p,
				 (int)own.n, own.p),
		all.n + own.n };
	assert_non_null(all.p);
	sha256(all.p, all.n, digest);
	field = arena_printf(arena, "%s%s\r\n%s\r\n%s", field,
	    signature_of(arena, s->key, digest), header, body);
	assert_non_null(field);
	return field;
}

/* ---- texts ------------------------------------------------------------- */

char *
mail_replace(struct arena *arena, const char *text, const char *from,
    const char *to)
{
	const char *at = strstr(text, from);
	char *out;

	if (at == NULL)
		fail_msg("there is no %s in %s", from, text);
	out = arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to,
	    at + strlen(from));
	assert_non_null(out);
	return out;
}

char *
signer_expand(struct arena *arena, const char *text)
{
	static const char *const marks[] = { "@rsa@", "@1024@", "@512@",
		"@other@", "@ed@" };
	char *out = arena_printf(arena, "%s", text);

	assert_non_null(out);
	for (size_t i = 0; i < SIGNER_KEYS; i++)
		while (strstr(out, marks[i]) != NULL)
			out = mail_replace(arena, out, marks[i],
			    signer_public((enum signer_key)i));
	while (strstr(out, "@bare@") != NULL)
		out =
		    mail_replace(arena, out, "@bare@", signer_bare(SIGNER_RSA));
	return out;
}
