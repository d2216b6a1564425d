// What a user may ask of a plan. For J = Σ tanh(W·X + b), with W (4, 3), X (3, 50) and b (4, 1) in Float, on one
// thread:
//
//   instructionCount    1
//   peakByteCount       10,688     W 64, X 640, b 64, J 64: numbers in whole cache lines
//                                  9,856 for the thread: 832 for a block, 832 for W·X, 8,192 to pack factors
//   description         as in Plan+Description.swift
//
// A plan is made for shapes, so all of this is known before a number is there.

/// What a program does for arguments of certain shapes: its instructions, and the memory that a run takes.
public struct ProgramPlan: Sendable, CustomStringConvertible {
  private let plan: Plan

  init(_ plan: Plan) { self.plan = plan }

  /// How many instructions one call carries out, or one round of a loop.
  public var instructionCount: Int { plan.instructions.count }

  /// The bytes of numbers that one run holds at its peak: arguments, captured tensors, results, values inside the program
  /// and every thread's scratch memory.
  ///
  /// Values inside that are not needed at the same time share their memory. A caller that keeps earlier results keeps
  /// their memory too: a training loop holds two sets of results, the old and the new.
  public var peakByteCount: Int {
    let before = plan.before.map { before in
      let shared = zip(before.inputs, plan.inputs).compactMap { own, loops in loops == nil ? nil : own }
      return before.byteCount(without: Set(shared + before.results.map(\.buffer)))
    }
    let newStates = plan.loop.inPlace.map(\.buffer) + plan.loop.exchanged.map(\.result)
    return plan.byteCount(without: []) + (before ?? 0) + newStates.reduce(0) { $0 + plan.buffers[$1].byteCount }
  }

  /// The instructions, one by one: what they compute, in what shapes, where it is kept, and what was fused.
  public var description: String { plan.description }
}

extension Plan {
  /// The bytes of the buffers except some, and of scratch memory.
  fileprivate func byteCount(without excluded: Set<BufferIndex>) -> Int {
    buffers.indices.reduce(arenaBytes + threads * scratchBytes) { sum, index in
      switch buffers[index].home {
      case .arena, .part: return sum
      default: break
      }
      return excluded.contains(BufferIndex(index)) ? sum : sum + buffers[index].byteCount
    }
  }
}

extension Program: CustomStringConvertible {
  /// The plan for arguments like these; traces the function where that was not done yet, and runs nothing.
  ///
  /// - Throws: as a call does while it traces the function.
  public func plan(for input: repeat each Input) throws -> ProgramPlan {
    try withUnsafeTemporaryAllocation(of: Value.self, capacity: 24) { memory in
      var inputs = InputList(memory)
      defer { inputs.clear() }
      repeat inputs.append(each input)
      if let error = inputs.error { throw error }
      return try ProgramPlan(entry(for: inputs, repeat each input).plan)
    }
  }

  /// The plan that was used last.
  public var description: String {
    latestPlan?.description ?? "a program that was not called yet"
  }
}
