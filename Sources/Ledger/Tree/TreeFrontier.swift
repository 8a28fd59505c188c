package import Cryptography

/// The right edge of a tree: all that is needed to append to it and to know its root.
package struct TreeFrontier: Sendable, Hashable {
    package private(set) var size: Int64 = 0
    /// Roots of the perfect subtrees that the leaves fall into, widest first: one for every bit of `size`.
    package private(set) var subtrees: [Digest] = []

    package init() {}

    /// `nil` where the number of subtrees is not that of the bits of `size`.
    package init?(size: Int64, subtrees: [Digest]) {
        guard size >= 0, subtrees.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.subtrees = subtrees
    }

    package var root: Digest { MerkleHash.fold(subtrees) }

    package mutating func append(_ leafHash: Digest) {
        append(leafHash) { _, _ in }
    }

    /// - Parameter completed: is told of every perfect subtree that ends with this leaf, from the leaf upward.
    mutating func append(_ leafHash: Digest, completed: (_ level: Int, _ hash: Digest) -> Void) {
        var hash = leafHash
        var level = 0
        completed(level, hash)
        while size >> level & 1 == 1, let left = subtrees.popLast() {
            hash = MerkleHash.node(left, hash)
            level += 1
            completed(level, hash)
        }
        subtrees.append(hash)
        size += 1
    }
}

extension TreeFrontier {
    /// The size in 8 bytes, big-endian, and the subtrees.
    package var bytes: [UInt8] {
        bigEndianBytes(UInt64(size)) + subtrees.flatMap(\.bytes)
    }

    /// `nil` for what `bytes` would not have written.
    package init?(bytes: [UInt8]) {
        guard bytes.count >= 8, let size = Int64(exactly: bigEndianInteger(bytes.prefix(8))),
            let subtrees = [Digest](packed: Array(bytes.dropFirst(8)))
        else { return nil }
        self.init(size: size, subtrees: subtrees)
    }
}

func bigEndianBytes(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

func bigEndianInteger(_ bytes: some Collection<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}

extension [Digest] {
    /// Hashes one after another; `nil` where a part of one is left over.
    init?(packed bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: Digest.byteCount) else { return nil }
        self = bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            return (0..<bytes.count / Digest.byteCount).compactMap { _ in reader.digest() }
        }
    }
}

/// Takes fields off the front of bytes that somebody owns.
struct ByteReader {
    private(set) var rest: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes[...]
    }

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func digest() -> Digest? {
        guard rest.count >= Digest.byteCount else { return nil }
        defer { rest = rest.dropFirst(Digest.byteCount) }
        return Digest(copying: UnsafeRawBufferPointer(rebasing: rest.prefix(Digest.byteCount)))
    }

    /// Eight bytes, big-endian; `nil` beyond 2^63 − 1.
    mutating func integer() -> Int64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return Int64(exactly: bigEndianInteger(rest.prefix(8)))
    }
}
