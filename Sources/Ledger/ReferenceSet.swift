/// Finds out cheaply whether a reference may have occurred before: a table of 64-bit fingerprints. The same reference
/// always hits; a hit by chance is possible, so whoever gets one compares the texts.
struct ReferenceSet {
    // Open addressing, at most half full; zero is an empty slot.
    private var slots: [UInt64]
    private var count = 0
    private let seed = ReferenceSet.processSeed

    init(expectedCount: Int) {
        var capacity = 16
        while capacity < expectedCount * 2 { capacity *= 2 }
        slots = [UInt64](repeating: 0, count: capacity)
    }

    /// `false` where the same fingerprint is in already.
    mutating func insert(source: UnsafeRawBufferPointer, ref: UnsafeRawBufferPointer) -> Bool {
        // The end of a source's id tells it from others well enough; see above for what happens where it does not.
        var fingerprint = fold(seed ^ lastWord(of: source) ^ UInt64(ref.count))
        var offset = 0
        while offset + 8 < ref.count {
            fingerprint = fold(fingerprint ^ ref.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        fingerprint = max(1, fold(fingerprint ^ lastWord(of: ref)))
        if count * 2 >= slots.count { grow() }
        guard insert(fingerprint) else { return false }
        count += 1
        return true
    }

    private mutating func insert(_ fingerprint: UInt64) -> Bool {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: fingerprint) & mask
        while slots[index] != 0 {
            if slots[index] == fingerprint { return false }
            index = (index + 1) & mask
        }
        slots[index] = fingerprint
        return true
    }

    private mutating func grow() {
        let fingerprints = slots
        slots = [UInt64](repeating: 0, count: fingerprints.count * 2)
        for fingerprint in fingerprints where fingerprint != 0 { _ = insert(fingerprint) }
    }

    /// Drawn anew by every process, so that nobody can choose references that collide here.
    private static let processSeed = UInt64.random(in: .min ... .max)

    /// The last eight bytes, or all of a shorter text.
    @inline(__always)
    private func lastWord(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard bytes.count < 8 else { return bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self) }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    @inline(__always)
    private func fold(_ value: UInt64) -> UInt64 {
        // 2^64 divided by the golden ratio: an odd number without a pattern.
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
