// How many processors this process may run on, and how much memory there is.
//
// The processors are those that the scheduler lets this process use: in a container, or under taskset, fewer than the
// machine has. One thread more than these would only make others wait.
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <unistd.h>

#include "CTapeGradKernels.h"

size_t tg_processor_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return (size_t)CPU_COUNT(&set);
#endif
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (size_t)count : 1;
}

// Where the system does not say, there is no limit: an allocation that is too large then fails when it is tried.
ptrdiff_t tg_memory_size(void) {
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (ptrdiff_t)pages * size : PTRDIFF_MAX;
}
