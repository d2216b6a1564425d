// The tile of each instruction set: how much of C the micro-kernel keeps in registers.
//
// The sums of a tile never leave the registers while k runs, so the tile should fill them, less one row of B and one
// broadcast element of A. It needs at least ten or so independent sums to cover the latency of two multiply-adds a
// cycle, and the nearer it is to a square the fewer loads it needs for each multiply-add.
//
//   set       registers     tile in vectors   in use
//   baseline  16 × 16 byte  6 × 2             12 sums + 2 of B + broadcast + product
//   avx2      16 × 32 byte  6 × 2             12 sums + 2 of B + broadcast
//   avx512    32 × 64 byte  14 × 2            28 sums + 2 of B + broadcast
//   neon      32 × 16 byte  8 × 3             24 sums + 3 of B + 2 of A
//
// For each k, a tile of r × v vectors loads r + v of them and does r·v multiply-adds: 14 × 2 loads 16 for 28, 6 × 2
// loads 8 for 12. A core does two of either in a cycle, so the loads must be the fewer. In floats the tiles are 6 × 8,
// 6 × 16, 14 × 32 and 8 × 12 elements, in doubles half as wide.
//
// With AVX2 and AVX-512, two steps of k are one round of the loop: processors foresee the end of 128 rounds, but not of 256, which
// costs a fortieth of a chunk. The baseline has no registers left for a second step; NEON has, and is not measured.
//
// The columns of a low tile are loaded often for what is done with them: 6 × 2 wants 21 bytes a cycle of them and 8 of the
// rows, 14 × 2 wants 9 and 4. So where tiles have six rows and these are packed, a tile's columns stay in the first-level
// cache while a block of packed panels passes by, 8 KB each; elsewhere columns pass by one panel.

#define TG_VECTOR_BYTES_baseline 16
#define TG_TILE_ROWS_baseline 6
#define TG_TILE_VECTORS_baseline 2
#define TG_TILE_STEPS_baseline 1
#define TG_ROW_PANELS_baseline 16

#define TG_VECTOR_BYTES_avx2 32
#define TG_TILE_ROWS_avx2 6
#define TG_TILE_VECTORS_avx2 2
#define TG_TILE_STEPS_avx2 2
#define TG_ROW_PANELS_avx2 16

#define TG_VECTOR_BYTES_avx512 64
#define TG_TILE_ROWS_avx512 14
#define TG_TILE_VECTORS_avx512 2
#define TG_TILE_STEPS_avx512 2
#define TG_ROW_PANELS_avx512 1

#define TG_VECTOR_BYTES_neon 16
#define TG_TILE_ROWS_neon 8
#define TG_TILE_VECTORS_neon 3
#define TG_TILE_STEPS_neon 1
#define TG_ROW_PANELS_neon 1

#define TG_VECTOR_BYTES TG_JOIN(TG_VECTOR_BYTES_, TG_SET)
#define TG_TILE_ROWS TG_JOIN(TG_TILE_ROWS_, TG_SET)
#define TG_TILE_VECTORS TG_JOIN(TG_TILE_VECTORS_, TG_SET)
#define TG_TILE_STEPS TG_JOIN(TG_TILE_STEPS_, TG_SET)
#define TG_ROW_PANELS TG_JOIN(TG_ROW_PANELS_, TG_SET)
