/// What a program in C calls.
@_cdecl("fail_in_swift") public func failInSwift() { failures() }
