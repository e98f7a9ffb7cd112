/*
 * OpenSSL is loaded at its first use.  Its relocations cost more than all
 * that a short run does, and many runs read no certificate and no signature:
 * "presend --version" took four times as long as /bin/true, now less than two.
 *
 * Each function that the program calls stands here under its own name and
 * hands over to the library.  The compiler holds the rows against the
 * prototypes in OpenSSL's headers; a function without a row is taken from the
 * library at the start, as usual, and tests/unit/loads.sh says so.
 */
#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_OF(macro)  TEXT_OF_THAT(macro)
#define TEXT_OF_THAT(x) #x
#define SONAME(name)    name ".so." TEXT_OF(OPENSSL_SHLIB_VERSION)

/* As for want of memory, which mostly is why. */
enum { STATUS_NOT_LOADED = 4 };

static void
give_up(const char *why)
{
	(void)fprintf(stderr, "presend: %s\n", why);
	exit(STATUS_NOT_LOADED);
}

/*
 * libcrypto sets itself up at its first use.  When that was for want of memory
 * in vain, some of its functions take what is not there for granted.
 */
static void
set_up(void *library)
{
	__typeof__(OSSL_LIB_CTX_get0_global_default) *context;
	void *address = dlsym(library, "OSSL_LIB_CTX_get0_global_default");

	if (address == NULL)
		give_up(dlerror());
	memcpy(&context, &address, sizeof(address));
	if (context() == NULL)
		give_up("libcrypto cannot be set up");
}

/*
 * The address of a function, put where its pointer is.  Never unloaded:
 * OpenSSL leaves exit handlers behind.
 */
static void
find(const char *soname, const char *name, void *pointer)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	void *address = library != NULL ? dlsym(library, name) : NULL;

	if (address == NULL)
		give_up(dlerror());
	set_up(library);
	memcpy(pointer, &address, sizeof(address));
}

/*
 * The pointers are the only variables of the program with static storage:
 * what would be entries of the linker's own tables otherwise.
 */
#define ROW(soname, result, name, parameters, call) \
	result name parameters \
	{ \
		static __typeof__(name) *real; \
\
		if (real == NULL) \
			find(soname, #name, &real); \
		call; \
	}
#define CRYPTO(result, name, parameters, arguments) \
	ROW(SONAME("libcrypto"), result, name, parameters, \
	    return real arguments)
#define CRYPTO_VOID(name, parameters, arguments) \
	ROW(SONAME("libcrypto"), void, name, parameters, real arguments)
#define SSL(result, name, parameters, arguments) \
	ROW(SONAME("libssl"), result, name, parameters, return real arguments)
#define SSL_VOID(name, parameters, arguments) \
	ROW(SONAME("libssl"), void, name, parameters, real arguments)

CRYPTO(const unsigned char *, ASN1_STRING_get0_data, (const ASN1_STRING *a),
    (a))
CRYPTO(int, ASN1_STRING_length, (const ASN1_STRING *a), (a))
CRYPTO(int, ASN1_TIME_to_tm, (const ASN1_TIME *a, struct tm *b), (a, b))
CRYPTO(long, BIO_ctrl, (BIO * a, int b, long c, void *d), (a, b, c, d))
CRYPTO(int, BIO_free, (BIO * a), (a))
CRYPTO(BIO *, BIO_new, (const BIO_METHOD *a), (a))
CRYPTO(BIO *, BIO_new_mem_buf, (const void *a, int b), (a, b))
CRYPTO(int, BIO_read, (BIO * a, void *b, int c), (a, b, c))
CRYPTO(const BIO_METHOD *, BIO_s_mem, (void), ())
CRYPTO(int, BIO_write, (BIO * a, const void *b, int c), (a, b, c))
CRYPTO_VOID(CRYPTO_free, (void *a, const char *b, int c), (a, b, c))
CRYPTO_VOID(ERR_clear_error, (void), ())
CRYPTO(unsigned long, ERR_get_error, (void), ())
CRYPTO(unsigned long, ERR_peek_error, (void), ())
CRYPTO(const char *, ERR_reason_error_string, (unsigned long a), (a))
CRYPTO(int, EVP_Digest,
    (const void *a, size_t b, unsigned char *c, unsigned int *d,
	const EVP_MD *e, ENGINE *f),
    (a, b, c, d, e, f))
CRYPTO(int, EVP_DigestFinal_ex,
    (EVP_MD_CTX * a, unsigned char *b, unsigned int *c), (a, b, c))
CRYPTO(int, EVP_DigestInit_ex2,
    (EVP_MD_CTX * a, const EVP_MD *b, const OSSL_PARAM c[]), (a, b, c))
CRYPTO(int, EVP_DigestUpdate, (EVP_MD_CTX * a, const void *b, size_t c),
    (a, b, c))
CRYPTO(int, EVP_DigestVerify,
    (EVP_MD_CTX * a, const unsigned char *b, size_t c, const unsigned char *d,
	size_t e),
    (a, b, c, d, e))
CRYPTO(int, EVP_DigestVerifyInit,
    (EVP_MD_CTX * a, EVP_PKEY_CTX **b, const EVP_MD *c, ENGINE *d, EVP_PKEY *e),
    (a, b, c, d, e))
CRYPTO(int, EVP_MD_CTX_copy_ex, (EVP_MD_CTX * a, const EVP_MD_CTX *b), (a, b))
CRYPTO_VOID(EVP_MD_CTX_free, (EVP_MD_CTX * a), (a))
CRYPTO(EVP_MD_CTX *, EVP_MD_CTX_new, (void), ())
CRYPTO(int, EVP_MD_CTX_reset, (EVP_MD_CTX * a), (a))
CRYPTO(EVP_MD *, EVP_MD_fetch, (OSSL_LIB_CTX * a, const char *b, const char *c),
    (a, b, c))
CRYPTO_VOID(EVP_MD_free, (EVP_MD * a), (a))
CRYPTO_VOID(EVP_PKEY_CTX_free, (EVP_PKEY_CTX * a), (a))
CRYPTO(EVP_PKEY_CTX *, EVP_PKEY_CTX_new, (EVP_PKEY * a, ENGINE *b), (a, b))
CRYPTO(int, EVP_PKEY_CTX_set_rsa_padding, (EVP_PKEY_CTX * a, int b), (a, b))
CRYPTO(int, EVP_PKEY_CTX_set_signature_md, (EVP_PKEY_CTX * a, const EVP_MD *b),
    (a, b))
CRYPTO_VOID(EVP_PKEY_free, (EVP_PKEY * a), (a))
CRYPTO(const char *, EVP_PKEY_get0_type_name, (const EVP_PKEY *a), (a))
CRYPTO(int, EVP_PKEY_get_bits, (const EVP_PKEY *a), (a))
CRYPTO(int, EVP_PKEY_is_a, (const EVP_PKEY *a, const char *b), (a, b))
CRYPTO(EVP_PKEY *, EVP_PKEY_new_raw_public_key,
    (int a, ENGINE *b, const unsigned char *c, size_t d), (a, b, c, d))
CRYPTO(int, EVP_PKEY_verify,
    (EVP_PKEY_CTX * a, const unsigned char *b, size_t c, const unsigned char *d,
	size_t e),
    (a, b, c, d, e))
CRYPTO(int, EVP_PKEY_verify_init, (EVP_PKEY_CTX * a), (a))
CRYPTO(int, EVP_PKEY_verify_recover,
    (EVP_PKEY_CTX * a, unsigned char *b, size_t *c, const unsigned char *d,
	size_t e),
    (a, b, c, d, e))
CRYPTO(int, EVP_PKEY_verify_recover_init, (EVP_PKEY_CTX * a), (a))
CRYPTO(const EVP_MD *, EVP_sha256, (void), ())
CRYPTO(const EVP_MD *, EVP_sha512, (void), ())
CRYPTO_VOID(GENERAL_NAMES_free, (GENERAL_NAMES * a), (a))
CRYPTO(const char *, OBJ_nid2sn, (int a), (a))
CRYPTO(OPENSSL_STACK *, OPENSSL_sk_new_null, (void), ())
CRYPTO(int, OPENSSL_sk_num, (const OPENSSL_STACK *a), (a))
CRYPTO_VOID(OPENSSL_sk_pop_free, (OPENSSL_STACK * a, void (*b)(void *)), (a, b))
CRYPTO(int, OPENSSL_sk_push, (OPENSSL_STACK * a, const void *b), (a, b))
CRYPTO(void *, OPENSSL_sk_value, (const OPENSSL_STACK *a, int b), (a, b))
CRYPTO(unsigned int, OPENSSL_version_major, (void), ())
CRYPTO(int, PEM_read_bio,
    (BIO * a, char **b, char **c, unsigned char **d, long *e), (a, b, c, d, e))
CRYPTO(int, PEM_write_bio,
    (BIO * a, const char *b, const char *c, const unsigned char *d, long e),
    (a, b, c, d, e))
SSL(int, SSL_CIPHER_get_bits, (const SSL_CIPHER *a, int *b), (a, b))
SSL(const char *, SSL_CIPHER_get_name, (const SSL_CIPHER *a), (a))
SSL(long, SSL_CTX_ctrl, (SSL_CTX * a, int b, long c, void *d), (a, b, c, d))
SSL_VOID(SSL_CTX_free, (SSL_CTX * a), (a))
SSL(void *, SSL_CTX_get_ex_data, (const SSL_CTX *a, int b), (a, b))
SSL(SSL_CTX *, SSL_CTX_new, (const SSL_METHOD *a), (a))
SSL_VOID(SSL_CTX_set_cert_verify_callback,
    (SSL_CTX * a, int (*b)(X509_STORE_CTX *, void *), void *c), (a, b, c))
SSL(int, SSL_CTX_set_cipher_list, (SSL_CTX * a, const char *b), (a, b))
SSL(int, SSL_CTX_set_ex_data, (SSL_CTX * a, int b, void *c), (a, b, c))
SSL_VOID(SSL_CTX_set_info_callback,
    (SSL_CTX * a, void (*b)(const SSL *, int, int)), (a, b))
SSL(uint64_t, SSL_CTX_set_options, (SSL_CTX * a, uint64_t b), (a, b))
SSL_VOID(SSL_CTX_set_security_level, (SSL_CTX * a, int b), (a, b))
SSL_VOID(SSL_CTX_set_verify, (SSL_CTX * a, int b, SSL_verify_cb c), (a, b, c))
SSL(long, SSL_ctrl, (SSL * a, int b, long c, void *d), (a, b, c, d))
SSL(int, SSL_do_handshake, (SSL * a), (a))
SSL_VOID(SSL_free, (SSL * a), (a))
SSL(SSL_CTX *, SSL_get_SSL_CTX, (const SSL *a), (a))
SSL(const SSL_CIPHER *, SSL_get_current_cipher, (const SSL *a), (a))
SSL(int, SSL_get_error, (const SSL *a, int b), (a, b))
SSL(void *, SSL_get_ex_data, (const SSL *a, int b), (a, b))
SSL(int, SSL_get_ex_data_X509_STORE_CTX_idx, (void), ())
SSL(STACK_OF(X509) *, SSL_get_peer_cert_chain, (const SSL *a), (a))
SSL(const char *, SSL_get_version, (const SSL *a), (a))
SSL(SSL *, SSL_new, (SSL_CTX * a), (a))
SSL(int, SSL_read_ex, (SSL * a, void *b, size_t c, size_t *d), (a, b, c, d))
SSL_VOID(SSL_set_bio, (SSL * a, BIO *b, BIO *c), (a, b, c))
SSL_VOID(SSL_set_connect_state, (SSL * a), (a))
SSL(int, SSL_set_ex_data, (SSL * a, int b, void *c), (a, b, c))
SSL(int, SSL_write_ex, (SSL * a, const void *b, size_t c, size_t *d),
    (a, b, c, d))
SSL(const SSL_METHOD *, TLS_client_method, (void), ())
CRYPTO(int, X509_NAME_cmp, (const X509_NAME *a, const X509_NAME *b), (a, b))
CRYPTO_VOID(X509_NAME_free, (X509_NAME * a), (a))
CRYPTO(int, X509_NAME_print_ex,
    (BIO * a, const X509_NAME *b, int c, unsigned long d), (a, b, c, d))
CRYPTO_VOID(X509_STORE_CTX_free, (X509_STORE_CTX * a), (a))
CRYPTO(X509_VERIFY_PARAM *, X509_STORE_CTX_get0_param,
    (const X509_STORE_CTX *a), (a))
CRYPTO(STACK_OF(X509) *, X509_STORE_CTX_get0_untrusted,
    (const X509_STORE_CTX *a), (a))
CRYPTO(int, X509_STORE_CTX_get_error, (const X509_STORE_CTX *a), (a))
CRYPTO(int, X509_STORE_CTX_get_error_depth, (const X509_STORE_CTX *a), (a))
CRYPTO(void *, X509_STORE_CTX_get_ex_data, (const X509_STORE_CTX *a, int b),
    (a, b))
CRYPTO(int, X509_STORE_CTX_init,
    (X509_STORE_CTX * a, X509_STORE *b, X509 *c, STACK_OF(X509) * d),
    (a, b, c, d))
CRYPTO(X509_STORE_CTX *, X509_STORE_CTX_new, (void), ())
CRYPTO_VOID(X509_STORE_CTX_set_error, (X509_STORE_CTX * a, int b), (a, b))
CRYPTO(int, X509_STORE_CTX_set_ex_data, (X509_STORE_CTX * a, int b, void *c),
    (a, b, c))
CRYPTO_VOID(X509_STORE_CTX_set_verify_cb,
    (X509_STORE_CTX * a, X509_STORE_CTX_verify_cb b), (a, b))
CRYPTO(int, X509_STORE_add_cert, (X509_STORE * a, X509 *b), (a, b))
CRYPTO_VOID(X509_STORE_free, (X509_STORE * a), (a))
CRYPTO(X509_STORE *, X509_STORE_new, (void), ())
CRYPTO_VOID(X509_VERIFY_PARAM_set_auth_level, (X509_VERIFY_PARAM * a, int b),
    (a, b))
CRYPTO(int, X509_VERIFY_PARAM_set_flags,
    (X509_VERIFY_PARAM * a, unsigned long b), (a, b))
CRYPTO(int, X509_VERIFY_PARAM_set_purpose, (X509_VERIFY_PARAM * a, int b),
    (a, b))
CRYPTO_VOID(X509_VERIFY_PARAM_set_time, (X509_VERIFY_PARAM * a, time_t b),
    (a, b))
CRYPTO(STACK_OF(X509) *, X509_chain_up_ref, (STACK_OF(X509) * a), (a))
CRYPTO(int, X509_check_host,
    (X509 * a, const char *b, size_t c, unsigned int d, char **e),
    (a, b, c, d, e))
CRYPTO_VOID(X509_free, (X509 * a), (a))
CRYPTO(const ASN1_TIME *, X509_get0_notAfter, (const X509 *a), (a))
CRYPTO(const ASN1_TIME *, X509_get0_notBefore, (const X509 *a), (a))
CRYPTO(EVP_PKEY *, X509_get0_pubkey, (const X509 *a), (a))
CRYPTO(X509_PUBKEY *, X509_get_X509_PUBKEY, (const X509 *a), (a))
CRYPTO(void *, X509_get_ext_d2i, (const X509 *a, int b, int *c, int *d),
    (a, b, c, d))
CRYPTO(X509_NAME *, X509_get_issuer_name, (const X509 *a), (a))
CRYPTO(int, X509_get_signature_info,
    (X509 * a, int *b, int *c, int *d, uint32_t *e), (a, b, c, d, e))
CRYPTO(int, X509_get_signature_nid, (const X509 *a), (a))
CRYPTO(X509_NAME *, X509_get_subject_name, (const X509 *a), (a))
CRYPTO(int, X509_self_signed, (X509 * a, int b), (a, b))
CRYPTO(int, X509_verify_cert, (X509_STORE_CTX * a), (a))
CRYPTO(const char *, X509_verify_cert_error_string, (long a), (a))
CRYPTO(EVP_PKEY *, d2i_PUBKEY, (EVP_PKEY * *a, const unsigned char **b, long c),
    (a, b, c))
CRYPTO(EVP_PKEY *, d2i_PublicKey,
    (int a, EVP_PKEY **b, const unsigned char **c, long d), (a, b, c, d))
CRYPTO(X509 *, d2i_X509, (X509 * *a, const unsigned char **b, long c),
    (a, b, c))
CRYPTO(X509_NAME *, d2i_X509_NAME,
    (X509_NAME * *a, const unsigned char **b, long c), (a, b, c))
CRYPTO(int, i2d_X509, (const X509 *a, unsigned char **b), (a, b))
CRYPTO(int, i2d_X509_PUBKEY, (const X509_PUBKEY *a, unsigned char **b), (a, b))
