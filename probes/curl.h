#ifndef PROBES_CURL_H
#define PROBES_CURL_H

/* Its type checks are macros over functions that are not linked here. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include <stdbool.h>

/*
 * What is used of libcurl.  It is loaded when the first HTTPS question is
 * asked, because it drags in thirty libraries, which would cost two
 * milliseconds at every start, and most runs ask nothing by HTTPS.
 */
struct curl {
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_version_info) *version_info;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_free) *free;
	__typeof__(curl_multi_init) *multi_init;
	__typeof__(curl_multi_setopt) *multi_setopt;
	__typeof__(curl_multi_add_handle) *multi_add_handle;
	__typeof__(curl_multi_remove_handle) *multi_remove_handle;
	__typeof__(curl_multi_socket_action) *multi_socket_action;
	__typeof__(curl_multi_info_read) *multi_info_read;
	__typeof__(curl_multi_cleanup) *multi_cleanup;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
	__typeof__(curl_url) *url;
	__typeof__(curl_url_set) *url_set;
	__typeof__(curl_url_get) *url_get;
	__typeof__(curl_url_cleanup) *url_cleanup;
};

/*
 * Loads and initialises libcurl.  Returns NULL, or a sentence part that says
 * why there is no HTTPS; the table must not be used then.  Never unloaded:
 * OpenSSL and others that come with it leave exit handlers behind.
 */
const char *curl_load(struct curl *);

#endif
