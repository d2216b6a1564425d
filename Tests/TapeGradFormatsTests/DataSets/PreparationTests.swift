import TapeGradCore
import TapeGradFormats
import Testing

struct PreparationTests {
  @Test("labels are scaled in regression, and outputs come back in their units")
  func regression() throws {
    let data = try DataSet<Double>(csv: CSVTable("x,y\n1,1000.5\n2,3000.5\n3,2000.5\n"), labels: "y")
    let preparation = try Preparation(fittedTo: data)
    let prepared = preparation.prepared(data)
    let deviation = (2.0 / 3).squareRoot()
    for (value, expected) in zip(try prepared.features.scalars + prepared.labels.scalars, [-1.0, 0, 1, -1, 1, 0]) {
      #expect(abs(value - expected / deviation) < 1e-15)
    }
    for (value, label) in zip(try preparation.labels(from: prepared.labels).scalars, [1000.5, 3000.5, 2000.5]) {
      #expect(abs(value - label) < 1e-12)
    }
  }

  @Test("classes and probabilities are not scaled")
  func classes() throws {
    let data = try DataSet<Double>(csv: CSVTable("x,y\n1,a\n2,b\n3,a\n"), labels: "y")
    let preparation = try Preparation(fittedTo: data)
    #expect(preparation.labelScaling == nil)
    #expect(try preparation.prepared(data).labels.scalars == [0, 1, 0])
    #expect(try preparation.labels(from: Tensor([0.25])).scalars == [0.25])
  }

  @Test("a preparation written as JSON treats new tables with the same bits")
  func json() throws {
    let table = try CSVTable("color,x,y\nred,0.1,1.5\nblue,0.7,2.5\nred,1e-7,4.1\n")
    let preparation = try Preparation(fittedTo: DataSet<Float>(csv: table, labels: "y"))
    let read = try Preparation<Float>(json: preparation.json())
    #expect(read.encoding == preparation.encoding)
    #expect(try read.features(of: table).features.scalars == preparation.features(of: table).features.scalars)
    #expect(try read.labelScaling?.deviations.scalars == preparation.labelScaling?.deviations.scalars)
    #expect(
      errorMessage { _ = try Preparation<Float>(json: "{\"encoding\": 1}") }
        == "a preparation without encoding or features")
  }
}
