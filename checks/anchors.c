#include "checks/anchors.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

struct anchor {
	struct slice der; /* OpenSSL's memory */
	X509_NAME *subject;
	bool loaded;
};

struct trust_anchors {
	struct slice pem;
	bool split; /* into the list */
	struct anchor *list;
	size_t n;
	size_t cap;
	X509_STORE *store;
	size_t usable; /* of those that were loaded */
};

struct trust_anchors *
trust_anchors_new(struct slice pem)
{
	struct trust_anchors *t = calloc(1, sizeof(*t));

	if (t != NULL)
		t->pem = pem;
	return t;
}

void
trust_anchors_close(struct trust_anchors **t)
{
	if (*t == NULL)
		return;
	if ((*t)->store != NULL)
		X509_STORE_free((*t)->store);
	for (size_t i = 0; i < (*t)->n; i++) {
		OPENSSL_free((void *)(uintptr_t)(*t)->list[i].der.p);
		X509_NAME_free((*t)->list[i].subject);
	}
	free((*t)->list);
	free(*t);
	*t = NULL;
}

/* ---- from PEM to a list ------------------------------------------------ */

/* X.690 8.1: one element with a definite length.  Its content. */
static struct slice
element(struct cursor *c)
{
	size_t n, octets;

	(void)cursor_u8(c);
	n = cursor_u8(c);
	octets = n & 0x7f;
	if (n < 0x80 || octets > 4)
		return cursor_bytes(c, n < 0x80 ? n : SIZE_MAX);
	for (n = 0; octets > 0; octets--)
		n = n << 8 | cursor_u8(c);
	return cursor_bytes(c, n);
}

/*
 *  Certificate    = SEQUENCE { TBSCertificate, ... }           RFC 5280 4.1
 *  TBSCertificate = SEQUENCE { [0] version OPTIONAL, serial, signature,
 *                              issuer, validity, subject, ... }
 *
 * NULL when there is none.
 */
static X509_NAME *
subject_of(struct slice der)
{
	enum { BEFORE_SUBJECT = 4, VERSION_TAG = 0xa0 };
	struct cursor all = cursor_of(der), c = cursor_of(element(&all)), start;
	const unsigned char *p;

	c = cursor_of(element(&c));
	if (cursor_peek(&c) == VERSION_TAG)
		(void)element(&c);
	for (int i = 0; i < BEFORE_SUBJECT; i++)
		(void)element(&c);
	start = c;
	(void)element(&c);
	if (c.failed)
		return NULL;
	p = slice_from(c.all, start.at).p;
	return d2i_X509_NAME(NULL, &p, (long)(c.at - start.at));
}

static bool
list_add(struct trust_anchors *t, struct slice der)
{
	if (t->n == t->cap) {
		size_t cap = t->cap > 0 ? t->cap * 2 : 16;
		struct anchor *more = realloc(t->list, cap * sizeof(*more));

		if (more == NULL)
			return false;
		t->list = more;
		t->cap = cap;
	}
	t->list[t->n++] =
	    (struct anchor){ .der = der, .subject = subject_of(der) };
	return true;
}

static bool
is_certificate(const char *label)
{
	return strcmp(label, PEM_STRING_X509) == 0 ||
	       strcmp(label, PEM_STRING_X509_OLD) == 0;
}

static void
split(struct trust_anchors *t)
{
	BIO *bio = BIO_new_mem_buf(t->pem.p, (int)t->pem.n);
	unsigned char *der;
	char *label, *header;
	bool kept = true;
	long n;

	t->split = true;
	t->store = X509_STORE_new();
	while (bio != NULL && kept &&
	       PEM_read_bio(bio, &label, &header, &der, &n) == 1) {
		bool wanted = is_certificate(label) && n > 0;

		kept = !wanted || list_add(t, slice_of(der, (size_t)n));
		if (!wanted || !kept)
			OPENSSL_free(der);
		OPENSSL_free(label);
		OPENSSL_free(header);
	}
	BIO_free(bio);
	ERR_clear_error();
}

/* ---- into the store ---------------------------------------------------- */

/* The certificate, to be freed; NULL when it cannot be read. */
static X509 *
load(struct trust_anchors *t, struct anchor *a)
{
	const unsigned char *p = a->der.p;
	X509 *x = d2i_X509(NULL, &p, (long)a->der.n);

	a->loaded = true;
	if (x != NULL && t->store != NULL &&
	    X509_STORE_add_cert(t->store, x) == 1)
		t->usable++;
	ERR_clear_error();
	return x;
}

static void
load_named(struct trust_anchors *t, const X509_NAME *name)
{
	for (size_t i = 0; i < t->n; i++) {
		struct anchor *a = &t->list[i];
		X509 *x;

		if (a->loaded || a->subject == NULL ||
		    X509_NAME_cmp(a->subject, name) != 0)
			continue;
		x = load(t, a);
		if (x != NULL)
			load_named(t, X509_get_issuer_name(x));
		X509_free(x);
	}
}

void
anchors_load_for(struct trust_anchors *t, const X509 *of)
{
	load_named(t, X509_get_subject_name(of));
	load_named(t, X509_get_issuer_name(of));
}

bool
trust_anchors_any(struct trust_anchors *t)
{
	if (t == NULL)
		return false;
	if (!t->split)
		split(t);
	for (size_t i = 0; t->usable == 0 && i < t->n; i++) {
		if (!t->list[i].loaded)
			X509_free(load(t, &t->list[i]));
	}
	return t->usable > 0;
}

X509_STORE *
anchors_store(const struct trust_anchors *t)
{
	return t->store;
}
