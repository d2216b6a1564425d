#include "CellRun.h"
#include <setjmp.h>
#include <stddef.h>

static jmp_buf start;

// In Swift: sends the error to the notebook.
extern void notebook_report(const void *error);

int notebook_run(int (*entry)(int, char **)) {
  if (setjmp(start)) return 1;
  entry(0, NULL);
  return 0;
}

// The Swift runtime calls this function where an error reaches the top level of a script, and its own ends the process.
// This library is loaded before the runtime's, so this definition counts: the cell ends, and the session goes on.
__attribute__((swiftcall)) void swift_errorInMain(const void *error) {
  notebook_report(error);
  longjmp(start, 1);
}
