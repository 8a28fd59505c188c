/// Eight bytes of a text in one word, the first byte lowest, all looked at at once. Entries are read at a fraction of
/// the cost of hashing them; a loop over bytes would double it.
struct Lanes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    private let word: UInt64

    init(_ address: UnsafeRawPointer) {
        word = UInt64(littleEndian: address.loadUnaligned(as: UInt64.self))
    }

    /// Whether each byte lies between those that stand in the same place of the two bounds, which are ASCII.
    func areWithin(_ minimum: UInt64, _ maximum: UInt64) -> Bool {
        // With the top bits set before the subtraction and clear before the addition, no byte borrows from the next or
        // carries into it.
        let atLeast = (word | Lanes.tops) &- minimum
        let above = word &+ (~Lanes.tops &- maximum)
        return word & Lanes.tops == 0 && (atLeast & ~above) & Lanes.tops == Lanes.tops
    }

    /// How many bytes stand before the first that a plain JSON string cannot hold as it is: a quote, a backslash, a
    /// control or anything beyond ASCII. 8 where there is none.
    var plainPrefixCount: Int {
        // Each term is right up to and including its lowest hit, which is all that is asked for. Adding one carries a
        // delete into its top bit.
        let quotes = Lanes.zeros(in: word ^ Lanes.ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = Lanes.zeros(in: word ^ Lanes.ones &* UInt64(UInt8(ascii: "\\")))
        let deletes = word &+ Lanes.ones
        let controls = (word &- Lanes.ones &* 0x20) & ~word
        return ((quotes | backslashes | deletes | controls | word) & Lanes.tops).trailingZeroBitCount / 8
    }

    private static func zeros(in word: UInt64) -> UInt64 {
        (word &- ones) & ~word
    }
}
