import Foundation

/// `baseˣ`. (Beside TapeGrad's own `pow`, the compiler takes long to choose one.)
func powerOf(base: Double, _ x: Double) -> Double { Foundation.pow(base, x) }
