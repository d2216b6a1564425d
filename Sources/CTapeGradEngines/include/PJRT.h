// PJRT's C interface, as far as it is used: how a library that compiles and runs programs on a device (a plugin) is called.
// Written from its documented layout, under its own names.
//
// A plugin exports `GetPjrtApi`, which returns a table: a header, and behind it functions in a fixed order. New ones are added
// at the end. A function takes a pointer to one structure, arguments and results in it, and returns an error or NULL. Each
// structure begins with its size, by which the plugin sees what the caller knows; new members are added at the end, and 0 in
// one means that the caller does not ask for anything.

#ifndef TAPEGRAD_PJRT_H
#define TAPEGRAD_PJRT_H

#include <stddef.h>
#include <stdint.h>

/// The version that these declarations follow.
enum { PJRT_API_MAJOR = 0, PJRT_API_MINOR = 81 };

typedef struct PJRT_Error PJRT_Error;
typedef struct PJRT_Event PJRT_Event;
typedef struct PJRT_Client PJRT_Client;
typedef struct PJRT_Device PJRT_Device;
typedef struct PJRT_Memory PJRT_Memory;
typedef struct PJRT_Buffer PJRT_Buffer;
typedef struct PJRT_LoadedExecutable PJRT_LoadedExecutable;

/// The table's header. The functions stand behind it.
typedef struct {
  size_t struct_size;
  void *extension_start;
  struct {
    size_t struct_size;
    void *extension_start;
    int major_version;
    int minor_version;
  } pjrt_api_version;
} PJRT_Api_Header;

typedef PJRT_Error *(*PJRT_Function)(void *arguments);
/// The two functions on errors return none.
typedef void (*PJRT_Error_Function)(void *arguments);

/// The positions of functions in the table.
enum {
  PJRT_Error_Destroy = 0,
  PJRT_Error_Message = 1,
  PJRT_Plugin_Initialize = 3,
  PJRT_Event_Destroy = 5,
  PJRT_Event_Await = 8,
  PJRT_Client_Create = 10,
  PJRT_Client_Destroy = 11,
  PJRT_Client_PlatformName = 12,
  PJRT_Client_AddressableDevices = 16,
  PJRT_Client_Compile = 20,
  PJRT_Client_BufferFromHostBuffer = 22,
  PJRT_LoadedExecutable_Destroy = 50,
  PJRT_LoadedExecutable_Execute = 55,
  PJRT_Buffer_Destroy = 58,
  PJRT_Buffer_ToHostBuffer = 70,
};

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Error *error;
} PJRT_Error_Destroy_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  const PJRT_Error *error;
  const char *message;  // out
  size_t message_size;  // out
} PJRT_Error_Message_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
} PJRT_Plugin_Initialize_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Event *event;
} PJRT_Event_Destroy_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Event *event;
} PJRT_Event_Await_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  const void *create_options;
  size_t num_options;
  void *kv_get_callback;
  void *kv_get_user_arg;
  void *kv_put_callback;
  void *kv_put_user_arg;
  PJRT_Client *client;  // out
  void *kv_try_get_callback;
  void *kv_try_get_user_arg;
} PJRT_Client_Create_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Client *client;
} PJRT_Client_Destroy_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Client *client;
  const char *platform_name;  // out
  size_t platform_name_size;  // out
} PJRT_Client_PlatformName_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Client *client;
  PJRT_Device *const *addressable_devices;  // out
  size_t num_addressable_devices;           // out
} PJRT_Client_AddressableDevices_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  char *code;
  size_t code_size;
  const char *format;
  size_t format_size;
} PJRT_Program;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Client *client;
  const PJRT_Program *program;
  const char *compile_options;
  size_t compile_options_size;
  PJRT_LoadedExecutable *executable;  // out
} PJRT_Client_Compile_Args;

/// The types of elements that programs have.
enum { PJRT_Buffer_Type_F32 = 11, PJRT_Buffer_Type_F64 = 12 };

/// The host's memory is read during the call, and not afterwards.
enum { PJRT_HostBufferSemantics_kImmutableOnlyDuringCall = 0 };

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Client *client;
  const void *data;
  int32_t type;
  const int64_t *dims;
  size_t num_dims;
  const int64_t *byte_strides;
  size_t num_byte_strides;
  int32_t host_buffer_semantics;
  PJRT_Device *device;
  PJRT_Memory *memory;
  void *device_layout;
  PJRT_Event *done_with_host_buffer;  // out
  PJRT_Buffer *buffer;                // out
} PJRT_Client_BufferFromHostBuffer_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_LoadedExecutable *executable;
} PJRT_LoadedExecutable_Destroy_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  void *send_callbacks;
  void *recv_callbacks;
  size_t num_send_ops;
  size_t num_recv_ops;
  int launch_id;
  const int64_t *non_donatable_input_indices;
  size_t num_non_donatable_input_indices;
  void *context;
  const char *call_location;
  size_t num_tasks;
  int *task_ids;
  int64_t *incarnation_ids;
} PJRT_ExecuteOptions;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_LoadedExecutable *executable;
  PJRT_ExecuteOptions *options;
  PJRT_Buffer *const *const *argument_lists;
  size_t num_devices;
  size_t num_args;
  PJRT_Buffer **const *output_lists;    // out
  PJRT_Event **device_complete_events;  // out
  PJRT_Device *execute_device;
} PJRT_LoadedExecutable_Execute_Args;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Buffer *buffer;
} PJRT_Buffer_Destroy_Args;

/// The order of a buffer's axes in memory, the innermost first.
typedef struct {
  size_t struct_size;
  void *extension_start;
  struct {
    size_t struct_size;
    void *extension_start;
    const int64_t *minor_to_major;
    size_t minor_to_major_size;
    const int64_t *tile_dims;
    const size_t *tile_dim_sizes;
    size_t num_tiles;
  } tiled;
  int32_t type;
} PJRT_Buffer_MemoryLayout;

typedef struct {
  size_t struct_size;
  void *extension_start;
  PJRT_Buffer *src;
  PJRT_Buffer_MemoryLayout *host_layout;
  void *dst;
  size_t dst_size;
  PJRT_Event *event;  // out
} PJRT_Buffer_ToHostBuffer_Args;

#endif
