/* Marks that pytest itself and well-known plugins register. */
#ifndef AUDIT_PLUGINS_H
#define AUDIT_PLUGINS_H

#include "base/str.h"

bool plugin_mark(struct str name);

#endif
