import Core

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014), and the reduction to a
/// range. The standard library may reduce differently in its next version; a seed must mean the same fleet for ever.
struct SeededRandom {
    private var state: UInt64

    /// - Parameter stream: each car has its own, so that a larger fleet begins with the cars of a smaller one.
    init(seed: UInt64, stream: UInt64) {
        state = seed
        state = next() ^ (stream &* 0xD134_2543_DE82_EF95)
        state = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int(next().multipliedFullWidth(by: width).high)
    }

    mutating func chance(percent: Int) -> Bool {
        integer(0...99) < percent
    }

    /// - Parameter elements: at least one.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[integer(0...elements.count - 1)]
    }

    /// 64 hexadecimal digits, standing for the digest of a document that exists only in the story.
    mutating func digest() -> String {
        (0..<4).flatMap { _ in withUnsafeBytes(of: next().bigEndian) { Array($0) } }.hex
    }
}
