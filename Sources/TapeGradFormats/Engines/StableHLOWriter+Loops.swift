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
  ///   - graph: whose nodes `write` writes in a round.
  ///   - step: writes a round, and returns what the next one gets.
  mutating func loop<Failure: Error>(
    _ count: Int, over graph: ProgramGraph, from start: [StableHLOValue],
    step: (_ inside: inout StableHLOWriter, _ round: StableHLOValue, _ carried: [StableHLOValue]) throws(Failure) ->
      [StableHLOValue]
  ) throws(Failure) -> [StableHLOValue] {
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

  /// The states of a scan before the first step and after each, in a block of rows for each state.
  mutating func scan(
    _ word: LoopWord, _ x: [StableHLOValue], to type: StableHLOType
  ) throws(ExportError) -> StableHLOValue {
    if type.shape.count == 0 { return number(0, type) }
    let starts = x.prefix(word.states).map { reshape($0, to: StableHLOType([$0.type.shape.count], $0.type.element)) }
    if word.count == 0 { return starts.count == 1 ? starts[0] : concatenate(starts, 0, to: type) }
    let body: ProgramGraph
    do { body = try word.body() } catch { throw ExportError("StableHLO", "a step of a scan: \(error)") }
    let states = Array(x.prefix(word.states)), rest = x.dropFirst(word.states + word.stacked)
    let sequences = x[word.states..<word.states + word.stacked], counter = StableHLOType([], .index)
    let zero = number(0, counter), one = number(1, counter), last = number(Double(word.count - 1), counter)
    let first = number(Double(word.isReversed ? word.count : 0), counter)
    // A state's block begins with what the state begins with, in the row that the first step reads.
    let blocks = states.map { state in
      let block = StableHLOType([word.count + 1, state.type.shape.count], state.type.element)
      return put(state, intoRow: first, of: number(0, block), zero)
    }
    let results = try loop(word.count, over: body, from: states + blocks) {
      inside, round, carried throws(ExportError) in
      let row = word.isReversed ? inside.add("stablehlo.subtract \(last), \(round) : \(counter)", counter) : round
      let rows = sequences.map { sequence in
        let shape = Shape(sequence.type.shape.dimensions.dropFirst())
        return inside.reshape(
          inside.part(sequence, at: row, along: 0), to: StableHLOType(shape, sequence.type.element))
      }
      let next = try inside.write(inputs: Array(carried.prefix(states.count)) + rows + rest)
      // Forward, step t makes row t + 1 of the block; in reverse, row t.
      let made = word.isReversed ? row : inside.add("stablehlo.add \(row), \(one) : \(counter)", counter)
      return next
        + zip(next, carried.dropFirst(states.count)).map { inside.put($0, intoRow: made, of: $1, zero) }
    }
    let flat = results.dropFirst(states.count).map { block in
      reshape(block, to: StableHLOType([block.type.shape.count], block.type.element))
    }
    return flat.count == 1 ? flat[0] : concatenate(flat, 0, to: type)
  }

  /// A block with a value's elements as one of its rows.
  private mutating func put(
    _ value: StableHLOValue, intoRow row: StableHLOValue, of block: StableHLOValue, _ zero: StableHLOValue
  ) -> StableHLOValue {
    let type = block.type, one = StableHLOType([1, type.shape[1]], type.element)
    let values = reshape(value, to: one)
    return add(
      "stablehlo.dynamic_update_slice \(block), \(values), \(row), \(zero) : "
        + "(\(type), \(one), \(row.type), \(zero.type)) -> \(type)", type)
  }

  /// What stands at an index along an axis, which stays with length 1.
  mutating func part(_ x: StableHLOValue, at index: StableHLOValue, along axis: Int) -> StableHLOValue {
    let shape = x.type.shape, one = StableHLOType(shape.replacing(axis: axis, with: 1), x.type.element)
    let zero = number(0, index.type), starts = (0..<shape.rank).map { $0 == axis ? index : zero }
    let names = starts.map(\.name).joined(separator: ", ")
    let types = ([x.type] + starts.map(\.type)).map { "\($0)" }.joined(separator: ", ")
    return add("stablehlo.dynamic_slice \(x), \(names), sizes = \(one.shape.dimensions) : (\(types)) -> \(one)", one)
  }
}
