// The sizes of version 0.81 on 64-bit machines, where these plugins run: a member that is missing would be noticed here.

#include "PJRT.h"

#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(PJRT_Api_Header) == 40, "PJRT_Api up to the functions");
_Static_assert(sizeof(PJRT_Client_Create_Args) == 88, "PJRT_Client_Create_Args");
_Static_assert(sizeof(PJRT_Program) == 48, "PJRT_Program");
_Static_assert(sizeof(PJRT_Client_Compile_Args) == 56, "PJRT_Client_Compile_Args");
_Static_assert(sizeof(PJRT_Client_BufferFromHostBuffer_Args) == 120, "PJRT_Client_BufferFromHostBuffer_Args");
_Static_assert(sizeof(PJRT_ExecuteOptions) == 112, "PJRT_ExecuteOptions");
_Static_assert(sizeof(PJRT_LoadedExecutable_Execute_Args) == 80, "PJRT_LoadedExecutable_Execute_Args");
_Static_assert(sizeof(PJRT_Buffer_MemoryLayout) == 80, "PJRT_Buffer_MemoryLayout");
_Static_assert(sizeof(PJRT_Buffer_ToHostBuffer_Args) == 56, "PJRT_Buffer_ToHostBuffer_Args");
#endif
