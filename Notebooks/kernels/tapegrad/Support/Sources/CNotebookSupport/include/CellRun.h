#pragma once

/// Runs a cell's entry point. Returns 0 where it came to its end, and 1 where an error reached the top level.
int notebook_run(int (*entry)(int, char **));
