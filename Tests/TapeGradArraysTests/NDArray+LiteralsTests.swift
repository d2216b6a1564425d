import Testing

@testable import TapeGradArrays

struct NDArrayLiteralsTests {
  @Test("nested lists give a matrix")
  func matrices() throws {
    let matrix = try NDArray<Float>([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.shape == [2, 3])
    #expect(matrix.scalars == [1, 2, 3, 4, 5, 6])
    #expect(try NDArray<Float>([[], []] as [[Float]]).shape == [2, 0])
    #expect(try NDArray([[Double]]()).shape == [0, 0])
  }

  @Test("lists of matrices give an array of rank 3")
  func threeAxes() throws {
    let x = try NDArray<Double>([[[1, 2]], [[3, 4]], [[5, 6]]])
    #expect(x.shape == [3, 1, 2])
    #expect(x.scalars == [1, 2, 3, 4, 5, 6])
    #expect(try NDArray([[[Double]]]()).shape == [0, 0, 0])
    #expect(try NDArray<Double>([[], []] as [[[Double]]]).shape == [2, 0, 0])
  }

  @Test("a ragged literal is an error that says where")
  func ragged() {
    #expect(throws: ShapeError("the literal is ragged: row 0 has 2 numbers, row 2 has 3")) {
      try NDArray<Double>([[1, 2], [3, 4], [5, 6, 7]])
    }
    #expect(throws: ShapeError("the literal is ragged: plane 0 has 2 rows, plane 1 has 1")) {
      try NDArray<Double>([[[1], [2]], [[3]]])
    }
    #expect(throws: ShapeError("the literal is ragged: row 0 of plane 0 has 1 numbers, row 1 of plane 1 has 2")) {
      try NDArray<Double>([[[1], [2]], [[3], [4, 5]]])
    }
  }
}
