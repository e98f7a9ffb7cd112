#include "message/html_xml.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* libxml2 2.14 changed its interface, and its name with it. */
#if LIBXML_VERSION >= 21400
#define XML_SONAME "libxml2.so.16"
#else
#define XML_SONAME "libxml2.so.2"
#endif

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
	{ "htmlCreatePushParserCtxt", offsetof(struct html_xml, create) },
	{ "htmlCtxtUseOptions", offsetof(struct html_xml, use_options) },
	{ "htmlParseChunk", offsetof(struct html_xml, parse_chunk) },
	{ "htmlFreeParserCtxt", offsetof(struct html_xml, free_context) },
	{ "xmlStopParser", offsetof(struct html_xml, stop) },
};

const char *
html_xml_load(struct html_xml *out)
{
	void *library = dlopen(XML_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return XML_SONAME " could not be loaded";
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *address = dlsym(library, symbols[i].name);

		if (address == NULL)
			return XML_SONAME " lacks a function";
		memcpy((char *)out + symbols[i].at, &address, sizeof(address));
	}
	return NULL;
}
