/* Flask-SQLAlchemy's database: which service the application's settings name, and what opens it. */
#ifndef RESOLVE_FLASK_H
#define RESOLVE_FLASK_H

#include "resolve/names.h"

#define FLASK_DATABASE "flask_sqlalchemy.SQLAlchemy"

/* The services behind `SQLALCHEMY_DATABASE_URI`, wherever the tree sets it; 0 when nobody does, or to SQLite.  *file,
 * *line: where. */
service_set flask_services(struct names *names, uint32_t *file, uint32_t *line);
/* Whether a call of this dotted name talks to the database: db.create_all, db.session.commit. */
bool flask_asks(struct str dotted);

#endif
