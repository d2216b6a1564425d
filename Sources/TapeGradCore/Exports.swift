// Arrays and shapes are part of this module's vocabulary: whoever imports it has them.
@_exported import TapeGradArrays
