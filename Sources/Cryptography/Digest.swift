import Core

/// A SHA-256 digest: 32 bytes held inline, so that a chain of many entries is compared without touching the heap.
package struct Digest: Sendable, Hashable {
    // The bytes in memory order, not numbers: `withUnsafeBytes(of:)` shows the digest as it is.
    @usableFromInline
    var words: (UInt64, UInt64, UInt64, UInt64)

    package static let byteCount = 32
    package static let hexCount = 64
    /// 32 zero bytes: what stands before the first entry of a chain.
    package static let zero = Digest()

    init() {
        words = (0, 0, 0, 0)
    }

    /// `nil` unless there are exactly 32 bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        self.init()
        withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    }

    /// The same from memory, at once: trees are read faster than they are hashed.
    package init?(copying bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Digest.byteCount else { return nil }
        self.init()
        withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
    }

    /// Reads 64 lower-case hexadecimal digits; `nil` for anything else, upper case included.
    package init?(hex text: String) {
        var text = text
        guard let digest = text.withUTF8({ Digest(hexDigits: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = digest
    }

    /// The same, from bytes, eight digits at a time: chains are read faster than they are hashed.
    package init?(hexDigits digits: UnsafeRawBufferPointer) {
        guard digits.count == Digest.hexCount, let address = digits.baseAddress else { return nil }
        var defects: UInt64 = 0
        @inline(__always)
        func word(at offset: Int) -> UInt64 {
            let (first, second) = (HexWord(address + offset), HexWord(address + offset + 8))
            defects |= first.defects | second.defects
            return (UInt64(first.value) | UInt64(second.value) << 32).littleEndian
        }
        words = (word(at: 0), word(at: 16), word(at: 32), word(at: 48))
        guard defects == 0 else { return nil }
    }

    /// Whether these are the 64 digits of this digest: cheaper than reading them first.
    package func isWritten(in digits: UnsafeRawBufferPointer) -> Bool {
        guard digits.count == Digest.hexCount, let address = digits.baseAddress else { return false }
        @inline(__always)
        func differences(_ word: UInt64, _ offset: Int) -> UInt64 {
            let word = UInt64(littleEndian: word)
            let first = UInt64(littleEndian: (address + offset).loadUnaligned(as: UInt64.self))
            let second = UInt64(littleEndian: (address + offset + 8).loadUnaligned(as: UInt64.self))
            return (first ^ HexWord.digits(of: UInt32(truncatingIfNeeded: word)))
                | (second ^ HexWord.digits(of: UInt32(truncatingIfNeeded: word >> 32)))
        }
        return differences(words.0, 0) | differences(words.1, 16) | differences(words.2, 32)
            | differences(words.3, 48) == 0
    }

    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    package var hex: String { withUnsafeBytes { $0.hex } }

    @inlinable
    package static func == (left: Digest, right: Digest) -> Bool {
        left.words == right.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: words, body)
    }

    mutating func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try Swift.withUnsafeMutableBytes(of: &words, body)
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { hex }
}
