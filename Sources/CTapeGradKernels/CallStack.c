// The return addresses of a call, and the image (program or library) that an address lies in.
//
// The frames of a call that failed, innermost first, and what is kept of them:
//
//   tg_return_addresses    the frame of this file's own function: skipped
//   Tensor.+               an address in the library
//   loss(x:)               an address in the user's program: the call site that an error names
//   main
//
// A frame can be found by following saved frame pointers, which is fast, but optimized code and code of other languages
// need not save them, and one wrong pointer ends the process. The unwind tables, which are there for exceptions, say
// for every address where the caller's frame begins; so they are what is used. Only numbers are kept. What they mean
// (file, line) is looked up when somebody prints the error.
#if defined(__linux__)
#define _GNU_SOURCE
#include <link.h>
#include <string.h>
#endif
#include "CTapeGradKernels.h"

#if defined(__wasm__)
// A WebAssembly program cannot see its own stack.
size_t tg_return_addresses(uintptr_t *addresses, size_t capacity) {
  (void)addresses, (void)capacity;
  return 0;
}
#else
#include <unwind.h>

// The number of the frame pointer in the unwinder's tables.
#if defined(__aarch64__)
enum { frame_pointer = 29 };
#elif defined(__x86_64__)
enum { frame_pointer = 6 };
#endif

// What `visit` fills. `is_past_own` is false until the first frame, that of the function which asked, has been seen.
struct addresses {
  uintptr_t *addresses;
  size_t count, capacity;
  bool is_past_own;
};

// Called by the unwinder once for each frame, from the innermost outwards, until it answers "end of stack".
static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *state) {
  struct addresses *list = state;
  const uintptr_t address = _Unwind_GetIP(context);
  if (address == 0 || list->count == list->capacity) return _URC_END_OF_STACK;
  if (list->is_past_own) list->addresses[list->count++] = address;
  list->is_past_own = true;  // the first frame is that of the function below
#if defined(__aarch64__) || defined(__x86_64__)
  // An async function of Swift sets bit 60 of the frame pointer that it saves. Its caller's frame cannot be found by
  // such a pointer.
  if (_Unwind_GetGR(context, frame_pointer) >> 60 & 1) return _URC_END_OF_STACK;
#endif
  return _URC_NO_REASON;
}

size_t tg_return_addresses(uintptr_t *addresses, size_t capacity) {
  struct addresses list = {addresses, 0, capacity, false};
  _Unwind_Backtrace(visit, &list);
  return list.count;
}
#endif

#if defined(__linux__)
// The address that is looked for, and where the answer goes.
struct query {
  uintptr_t address;
  struct TGImage *image;
  bool found;
};

// Called by the loader once for each image in memory; an answer other than 0 ends the walk. An image is mapped in
// segments, so it holds the address if one of them does: `offset` is unsigned, so an address below the segment gives a
// huge one, and one comparison serves for both ends. The program itself has no name in the list; Linux shows its file
// as /proc/self/exe.
static int compare(struct dl_phdr_info *info, size_t size, void *state) {
  (void)size;
  struct query *query = state;
  bool holds = false;
  for (int i = 0; i < info->dlpi_phnum && !holds; ++i) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
    const uintptr_t offset = query->address - info->dlpi_addr - segment->p_vaddr;
    holds = segment->p_type == PT_LOAD && offset < segment->p_memsz;
  }
  if (!holds) return 0;
  const char *name = info->dlpi_name && info->dlpi_name[0] ? info->dlpi_name : "/proc/self/exe";
  const size_t length = strlen(name), headers = info->dlpi_phnum * sizeof *info->dlpi_phdr;
  if (length < query->image->path_capacity && headers <= query->image->headers_capacity) {
    memcpy(query->image->path, name, length + 1);
    memcpy(query->image->headers, info->dlpi_phdr, headers);
    query->image->headers_size = headers;
    query->image->base = info->dlpi_addr;
    query->found = true;
  }
  return 1;
}

bool tg_find_image(uintptr_t address, struct TGImage *image) {
  struct query query = {address, image, false};
  dl_iterate_phdr(compare, &query);  // under the loader's lock: nobody unloads the image meanwhile
  return query.found;
}
#endif
