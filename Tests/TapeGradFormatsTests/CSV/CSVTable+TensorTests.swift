import TapeGradCore
import TapeGradFormats
import Testing

struct CSVTableTensorTests {
  @Test("columns become rows of the tensor, in the order asked for")
  func order() throws {
    let table = try CSVTable("a,b,c\n1,2,x\n4,5,y\n7,8,z\n")
    let tensor: Tensor<Float> = try table.tensor(columns: ["b", "1"])
    #expect(tensor.shape == [2, 3])
    #expect(try tensor.scalars == [2, 5, 8, 1, 4, 7])
  }

  @Test("an unknown column is an error")
  func unknown() throws {
    let table = try CSVTable("a,b\n1,2\n", named: "t.csv")
    #expect(
      errorMessage { let _: Tensor<Float> = try table.tensor(columns: ["a", "d"]) }
        == "t.csv: found no column \"d\", expected \"a\" or \"b\"")
  }
}
