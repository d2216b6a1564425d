/// The type of the numbers in a file.
public enum ElementType: String, Sendable, CaseIterable {
  /// Truth values, a byte each.
  case bool = "BOOL"
  /// Whole numbers without a sign, of 8 to 64 bits.
  case uint8 = "U8", uint16 = "U16", uint32 = "U32", uint64 = "U64"
  /// Whole numbers with a sign, of 8 to 64 bits.
  case int8 = "I8", int16 = "I16", int32 = "I32", int64 = "I64"
  /// Numbers of 16 bits with 11 significant ones, or with 8 and the range of `Float`.
  case half = "F16", bfloat16 = "BF16"
  /// `Float` and `Double`.
  case float = "F32", double = "F64"

  /// The bytes that one number takes.
  public var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .half, .bfloat16: 2
    case .uint32, .int32, .float: 4
    case .uint64, .int64, .double: 8
    }
  }
}
