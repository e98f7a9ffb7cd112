#ifndef BOUNCES_EXPAT_H
#define BOUNCES_EXPAT_H

#include <expat.h>

/*
 * What is used of Expat.  It is loaded when the first XML is read, as
 * libarchive is with the first compressed file: most runs read none.
 */
struct expat {
	__typeof__(XML_ParserCreate) *create;
	__typeof__(XML_ParserFree) *free_parser;
	__typeof__(XML_SetUserData) *set_user_data;
	__typeof__(XML_SetElementHandler) *set_elements;
	__typeof__(XML_SetCharacterDataHandler) *set_text;
	__typeof__(XML_SetStartDoctypeDeclHandler) *set_doctype;
	__typeof__(XML_Parse) *parse;
	__typeof__(XML_StopParser) *stop;
};

/* NULL, or a sentence part that says why there is none.  Never unloaded. */
const char *expat_load(struct expat *);

#endif
