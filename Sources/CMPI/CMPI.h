// What TapeGradMPI calls of MPI. Handles such as MPI_COMM_WORLD are macros that cast, which Swift does not import, and which
// differ between implementations: they stay on this side. Every function gives MPI's error code, 0 where all went well.

#ifndef CMPI_H
#define CMPI_H

#include <mpi.h>

// Begins MPI, with errors returned from then on instead of ending all processes.
static inline int cmpi_begin(int *threads) {
  int code = MPI_Init_thread(0, 0, MPI_THREAD_SERIALIZED, threads);
  return code ? code : MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

// Whether calls may come from several threads, one at a time.
static inline int cmpi_is_serialized(int threads) { return threads >= MPI_THREAD_SERIALIZED; }

// The only two that may be called before the beginning and after the end.
static inline int cmpi_has_begun(int *flag) { return MPI_Initialized(flag); }
static inline int cmpi_has_ended(int *flag) { return MPI_Finalized(flag); }

static inline int cmpi_end(void) { return MPI_Finalize(); }

static inline int cmpi_rank(int *rank) { return MPI_Comm_rank(MPI_COMM_WORLD, rank); }
static inline int cmpi_size(int *size) { return MPI_Comm_size(MPI_COMM_WORLD, size); }

static inline int cmpi_sum_float(float *numbers, int count) {
  return MPI_Allreduce(MPI_IN_PLACE, numbers, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

static inline int cmpi_sum_double(double *numbers, int count) {
  return MPI_Allreduce(MPI_IN_PLACE, numbers, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

static inline int cmpi_broadcast(void *bytes, int count) {
  return MPI_Bcast(bytes, count, MPI_BYTE, 0, MPI_COMM_WORLD);
}

// A text of at most this many characters, with its 0.
enum { cmpi_text_length = MPI_MAX_ERROR_STRING };

static inline int cmpi_text(int code, char *text) {
  int length;
  return MPI_Error_string(code, text, &length);
}

#endif
