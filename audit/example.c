#include "audit/example.h"
const struct example_file example_files[] = { { 0, 0, 0 } };
