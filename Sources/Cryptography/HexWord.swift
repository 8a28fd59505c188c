/// Eight lower-case hexadecimal digits in one word, the first in the lowest byte, all read at once.
struct HexWord {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The four bytes that the digits stand for, the first in the lowest byte.
    let value: UInt32
    /// Zero where all eight are digits.
    let defects: UInt64

    @inline(__always)
    init(_ address: UnsafeRawPointer) {
        let word = UInt64(littleEndian: address.loadUnaligned(as: UInt64.self))
        // 1 for a letter, by the bit that tells `a` (0x61) from `0` (0x30).
        let isLetter = word >> 6 & HexWord.ones
        let nibbles = (word & 0x0F0F_0F0F_0F0F_0F0F) &+ isLetter &* 9
        // A digit's upper half is 3, a letter's 6; a nibble is 10 or more exactly in a letter, and never 16. No sum
        // below leaves its byte.
        let upperHalves = (word & 0xF0F0_F0F0_F0F0_F0F0) ^ (HexWord.ones &+ isLetter) &* 0x30
        let ranges = ((nibbles &+ HexWord.ones &* 6) ^ isLetter << 4 | nibbles) & 0x1010_1010_1010_1010
        defects = upperHalves | ranges
        let pairs = (nibbles << 4 | nibbles >> 8) & 0x00FF_00FF_00FF_00FF
        let quads = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF
        value = UInt32(truncatingIfNeeded: quads | quads >> 16)
    }

    /// The eight digits of four bytes, the first byte and the first digit lowest.
    @inline(__always)
    static func digits(of bytes: UInt32) -> UInt64 {
        let quads = (UInt64(bytes) | UInt64(bytes) << 16) & 0x0000_FFFF_0000_FFFF
        let pairs = (quads | quads << 8) & 0x00FF_00FF_00FF_00FF
        let nibbles = (pairs >> 4 | pairs << 8) & 0x0F0F_0F0F_0F0F_0F0F
        // `a` stands 39 places behind where the digits would go on.
        let isLetter = (nibbles &+ ones &* 6) >> 4 & ones
        return nibbles &+ ones &* 0x30 &+ isLetter &* 39
    }
}
