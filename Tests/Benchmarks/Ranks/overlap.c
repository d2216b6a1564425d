// Does a sum over ranks go on while its rank computes? Prints, for several sizes, the shortest times in milliseconds of
//
//   sum        MPI_Allreduce
//   compute    arithmetic that takes about as long, on data in the first-level cache
//   in turn    one after the other
//   beside     MPI_Iallreduce, the arithmetic in 16 parts with MPI_Test between them, MPI_Wait
//
// Overlap pays where `beside` is well below `in turn`.

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

enum { length = 2048, parts = 16, rounds = 200 };
static float data[length];

static void compute(long passes) {
  for (long pass = 0; pass < passes; pass++)
    for (int i = 0; i < length; i++) data[i] = data[i] * 0.999f + 0.001f;
}

static double shortest(double a, double b) { return a < b ? a : b; }

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank, flag;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 0) printf("%10s %9s %9s %9s %9s\n", "numbers", "sum", "compute", "in turn", "beside");
  for (int count = 1 << 14; count <= 1 << 22; count <<= 2) {
    float *numbers = calloc(count, sizeof(float));
    double sum = 1, pass = 1, computing = 1, turn = 1, beside = 1;
    for (int i = 0; i < rounds; i++) {
      MPI_Barrier(MPI_COMM_WORLD);
      double start = MPI_Wtime();
      MPI_Allreduce(MPI_IN_PLACE, numbers, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
      sum = shortest(sum, MPI_Wtime() - start);
      start = MPI_Wtime();
      compute(100);
      pass = shortest(pass, (MPI_Wtime() - start) / 100);
    }
    // All ranks do the same amount of work.
    long passes = (long)(sum / pass / parts) + 1;
    MPI_Bcast(&passes, 1, MPI_LONG, 0, MPI_COMM_WORLD);
    for (int i = 0; i < rounds; i++) {
      double start = MPI_Wtime();
      for (int part = 0; part < parts; part++) compute(passes);
      computing = shortest(computing, MPI_Wtime() - start);
      MPI_Barrier(MPI_COMM_WORLD);
      start = MPI_Wtime();
      for (int part = 0; part < parts; part++) compute(passes);
      MPI_Allreduce(MPI_IN_PLACE, numbers, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
      turn = shortest(turn, MPI_Wtime() - start);
      MPI_Barrier(MPI_COMM_WORLD);
      MPI_Request request;
      start = MPI_Wtime();
      MPI_Iallreduce(MPI_IN_PLACE, numbers, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, &request);
      for (int part = 0; part < parts; part++) {
        compute(passes);
        MPI_Test(&request, &flag, MPI_STATUS_IGNORE);
      }
      MPI_Wait(&request, MPI_STATUS_IGNORE);
      beside = shortest(beside, MPI_Wtime() - start);
    }
    if (rank == 0)
      printf("%10d %9.3f %9.3f %9.3f %9.3f\n", count, sum * 1e3, computing * 1e3, turn * 1e3, beside * 1e3);
    free(numbers);
  }
  MPI_Finalize();
}
