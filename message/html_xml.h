#ifndef MESSAGE_HTML_XML_H
#define MESSAGE_HTML_XML_H

#include <libxml/HTMLparser.h>

/*
 * What is used of libxml2.  It is loaded when the first HTML body is read, as
 * libcurl is for the first HTTPS question (probes/curl.h): it brings three
 * more libraries, and most runs read no HTML.
 */
struct html_xml {
	__typeof__(htmlCreatePushParserCtxt) *create;
	__typeof__(htmlCtxtUseOptions) *use_options;
	__typeof__(htmlParseChunk) *parse_chunk;
	__typeof__(htmlFreeParserCtxt) *free_context;
	__typeof__(xmlStopParser) *stop;
};

/* NULL, or a sentence part that says why there is none.  Never unloaded. */
const char *html_xml_load(struct html_xml *);

#endif
