#include "bounces/expat.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define EXPAT_SONAME "libexpat.so.1"

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
	{ "XML_ParserCreate", offsetof(struct expat, create) },
	{ "XML_ParserFree", offsetof(struct expat, free_parser) },
	{ "XML_SetUserData", offsetof(struct expat, set_user_data) },
	{ "XML_SetElementHandler", offsetof(struct expat, set_elements) },
	{ "XML_SetCharacterDataHandler", offsetof(struct expat, set_text) },
	{ "XML_SetStartDoctypeDeclHandler",
	    offsetof(struct expat, set_doctype) },
	{ "XML_Parse", offsetof(struct expat, parse) },
	{ "XML_StopParser", offsetof(struct expat, stop) },
};

const char *
expat_load(struct expat *out)
{
	void *library = dlopen(EXPAT_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return EXPAT_SONAME " could not be loaded";
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *address = dlsym(library, symbols[i].name);

		if (address == NULL)
			return EXPAT_SONAME " lacks a function";
		memcpy((char *)out + symbols[i].at, &address, sizeof(address));
	}
	return NULL;
}
