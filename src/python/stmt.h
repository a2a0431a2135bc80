/* The reader of statements: logical lines in, nested statements out. */
#ifndef PYTHON_STMT_H
#define PYTHON_STMT_H

#include "python/reader.h"

/* A block whose lines are being read. */
struct open_block {
	uint32_t level;  /* of indentation */
	uint32_t parent; /* statement it is the body of; 0: the module */
	uint32_t last;   /* statement read last in it */
	uint32_t owner;  /* def around it */
};

struct statements {
	struct reader *reader;
	struct open_block blocks[LEX_INDENTS + 2];
	uint32_t n_blocks;
	uint32_t waiting;        /* compound statement that wants its body on the lines that
                        follow, or 0 */
	uint32_t level;          /* of the line before */
	uint32_t skip;           /* lines deeper than this are skipped, after a broken one;
                        UINT32_MAX: none */
	uint32_t end_line;       /* of the line before */
	struct chain decorators; /* waiting for their def */
};

void stmt_start(struct statements *statements, struct reader *reader);
void stmt_read(struct statements *statements, uint32_t i); /* logical line i of the batch */
void stmt_end(struct statements *statements);              /* of the file */

#endif
