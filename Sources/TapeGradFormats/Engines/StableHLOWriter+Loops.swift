import TapeGradCore

// A loop is a `stablehlo.while` over the number of the round and what is carried from one to the next. Of a scan with one state of
// 4 numbers over 10 rows of 3,
//
//   %loop.results:3 = stablehlo.while(%loop.round = %0, %loop.value0 = %state, %loop.value1 = %zeros) : …
//   cond { %loop.goesOn = %loop.round < 10 … } do {
//     a row of the sequence; the step; its state put into row %loop.round of %loop.value1
//     stablehlo.return %loop.next, …
//   }

extension StableHLOWriter {
  /// What is carried after so many rounds.
  ///
  /// - Parameters:
  ///   - graph: whose nodes a round consists of.
  ///   - step: writes a round, and returns what the next one gets.
  mutating func loop(
    _ count: Int, over graph: ProgramGraph, from start: [StableHLOValue],
    step: (_ inside: inout StableHLOWriter, _ round: StableHLOValue, _ carried: [StableHLOValue]) throws(ExportError) ->
      [StableHLOValue]
  ) throws(ExportError) -> [StableHLOValue] {
    let name = "%" + unused("loop"), counter = StableHLOType([], .index)
    let zero = number(0, counter), one = number(1, counter), end = number(Double(count), counter)
    let carried = start.indices.map { StableHLOValue(name: "\(name).value\($0)", type: start[$0].type) }
    let pairs = zip(carried, start).map { ", \($0) = \($1)" }.joined()
    let types = ([counter] + start.map(\.type)).map { "\($0)" }.joined(separator: ", ")
    line("\(name).results:\(start.count + 1) = stablehlo.while(\(name).round = \(zero)\(pairs)) : \(types)")
    line("cond {")
    line(
      "  \(name).goesOn = stablehlo.compare LT, \(name).round, \(end), SIGNED : (\(counter), \(counter)) -> tensor<i1>")
    line("  stablehlo.return \(name).goesOn : tensor<i1>")
    line("} do {")
    var inside = StableHLOWriter(graph, taken: taken, depth: depth + 1)
    let values = try step(&inside, StableHLOValue(name: "\(name).round", type: counter), carried)
    inside.line("\(name).next = stablehlo.add \(name).round, \(one) : \(counter)")
    inside.line("stablehlo.return \(name).next\(values.map { ", \($0)" }.joined()) : \(types)")
    append(inside)
    line("}")
    return start.indices.map { StableHLOValue(name: "\(name).results#\($0 + 1)", type: start[$0].type) }
  }

  /// The states after each step of a scan, in one row for each step.
  mutating func scan(
    _ word: LoopWord, _ x: [StableHLOValue], to type: StableHLOType
  ) throws(ExportError) -> StableHLOValue {
    if type.shape.count == 0 { return number(0, type) }
    let body: ProgramGraph
    do { body = try word.body() } catch { throw ExportError("StableHLO", "a step of a scan: \(error)") }
    let states = Array(x.prefix(word.states)), rest = x.dropFirst(word.states + word.stacked)
    let sequences = x[word.states..<word.states + word.stacked], counter = StableHLOType([], .index)
    let zero = number(0, counter), last = number(Double(word.count - 1), counter)
    let results = try loop(word.count, over: body, from: states + [number(0, type)]) {
      inside, round, carried throws(ExportError) in
      let row = word.isReversed ? inside.add("stablehlo.subtract \(last), \(round) : \(counter)", counter) : round
      let rows = sequences.map { inside.row(row, of: $0, zero) }
      let next = try inside.write(inputs: Array(carried.dropLast()) + rows + rest)
      let parts = next.map { inside.reshape($0, to: StableHLOType(Shape([1, $0.type.shape.count]), type.element)) }
      let whole = StableHLOType(Shape([1, type.shape[1]]), type.element)
      let all = parts.count == 1 ? parts[0] : inside.concatenate(parts, 1, to: whole)
      let rowsSoFar = carried[carried.count - 1]
      let updated = inside.add(
        "stablehlo.dynamic_update_slice \(rowsSoFar), \(all), \(row), \(zero) : "
          + "(\(type), \(whole), \(counter), \(counter)) -> \(type)", type)
      return next + [updated]
    }
    return results[word.states]
  }

  /// One row of a sequence, without the axis of the rows.
  private mutating func row(_ row: StableHLOValue, of x: StableHLOValue, _ zero: StableHLOValue) -> StableHLOValue {
    let shape = x.type.shape, one = StableHLOType(shape.replacing(axis: 0, with: 1), x.type.element)
    let starts = [row.name] + Array(repeating: zero.name, count: shape.rank - 1)
    let types = [x.type] + starts.map { _ in zero.type }
    let part = add(
      "stablehlo.dynamic_slice \(x), \(starts.joined(separator: ", ")), sizes = \(one.shape.dimensions) : "
        + "(\(types.map { "\($0)" }.joined(separator: ", "))) -> \(one)", one)
    return reshape(part, to: StableHLOType(Shape(shape.dimensions.dropFirst()), x.type.element))
  }
}
