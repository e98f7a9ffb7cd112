#include "probes/curl.h"

#include <dlfcn.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/slice.h"

#define CURL_SONAME "libcurl.so.4"

struct symbol {
	const char *name;
	size_t at;
};

#define SYMBOL(member) \
	{ \
		"curl_" #member, offsetof(struct curl, member) \
	}

static const struct symbol symbols[] = {
	SYMBOL(global_init),
	SYMBOL(version_info),
	SYMBOL(easy_init),
	SYMBOL(easy_setopt),
	SYMBOL(easy_getinfo),
	SYMBOL(easy_cleanup),
	SYMBOL(free),
	SYMBOL(multi_init),
	SYMBOL(multi_setopt),
	SYMBOL(multi_add_handle),
	SYMBOL(multi_remove_handle),
	SYMBOL(multi_socket_action),
	SYMBOL(multi_info_read),
	SYMBOL(multi_cleanup),
	SYMBOL(slist_append),
	SYMBOL(slist_free_all),
	SYMBOL(url),
	SYMBOL(url_set),
	SYMBOL(url_get),
	SYMBOL(url_cleanup),
};

/*
 * The sessions are looked at with our own OpenSSL (probes/tls_seen.h): curl's
 * must be the same one, not another TLS library and not another generation.
 */
static bool
same_openssl(const struct curl *c)
{
	const curl_version_info_data *v = c->version_info(CURLVERSION_NOW);
	struct slice theirs = slice_str(v->ssl_version);
	struct slice digits, rest;
	uint64_t major;

	if (!slice_starts(theirs, SLICE_LIT("OpenSSL/")))
		return false;
	(void)slice_cut(slice_from(theirs, 8), '.', &digits, &rest);
	return slice_number(digits, 99, &major) &&
	       major == OPENSSL_version_major();
}

const char *
curl_load(struct curl *out)
{
	void *library = dlopen(CURL_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return CURL_SONAME " could not be loaded";
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *address = dlsym(library, symbols[i].name);

		if (address == NULL)
			return CURL_SONAME " is too old";
		memcpy((char *)out + symbols[i].at, &address, sizeof(address));
	}
	/* CURLOPT_PROTOCOLS_STR came with 7.85.0 */
	if (out->version_info(CURLVERSION_NOW)->version_num < 0x075500)
		return CURL_SONAME " is too old";
	if (!same_openssl(out))
		return CURL_SONAME " uses another TLS library than we do";
	if (out->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return CURL_SONAME " could not be initialised";
	return NULL;
}
