import Core

/// A SHA-256 digest: 32 bytes held inline, so that a chain of many entries is compared without touching the heap.
package struct Digest: Sendable, Hashable {
    // The bytes in memory order, not numbers: `withUnsafeBytes(of:)` shows the digest as it is.
    private var words: (UInt64, UInt64, UInt64, UInt64)

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

    /// Reads 64 lower-case hexadecimal digits; `nil` for anything else, upper case included.
    package init?(hex text: String) {
        guard text.utf8.count == Digest.hexCount, let bytes = [UInt8](lowercaseHex: text) else { return nil }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    package var hex: String { withUnsafeBytes { $0.hex } }

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
