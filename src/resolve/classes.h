/* Kinds of classes that pytest treats differently. */
#ifndef RESOLVE_CLASSES_H
#define RESOLVE_CLASSES_H

#include "resolve/names.h"

/* unittest.TestCase or a library's class known to derive from it stands in the MRO. */
bool class_is_unittest(struct names *names, struct def_ref class_);
/* An unknown base makes it likely, which is never exact. */
bool class_looks_unittest(struct names *names, struct def_ref class_);
/* An abstract method that nothing nearer in the MRO defines: pytest leaves the class out. */
bool class_is_abstract(struct names *names, struct def_ref class_);
/* A metaclass other than ABCMeta. */
bool class_has_metaclass(struct names *names, struct def_ref class_);

#endif
