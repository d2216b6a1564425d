@main
struct Async {
  static func main() async {
    failures()
    await Task.yield()
    await suspended(3)
    await Task.detached { failures() }.value
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { await suspended(1) } }
    }
  }

  static func suspended(_ depth: Int) async {
    await Task.yield()
    if depth > 0 { return await suspended(depth - 1) }
    failures()
  }
}
