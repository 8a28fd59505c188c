package import Cryptography

/// Where a page of the vehicle index stands: the first `depth` bits of the keys under it.
package struct IndexPagePath: Sendable, Hashable {
    package let depth: Int
    /// All bits behind `depth` are clear.
    let prefix: Digest

    package static let root = IndexPagePath(depth: 0, prefix: .zero)

    private init(depth: Int, prefix: Digest) {
        self.depth = depth
        self.prefix = prefix
    }

    /// The page at that depth on the way to a car.
    init(depth: Int, of vehicle: Digest) {
        var bytes = vehicle.bytes
        for index in bytes.indices {
            let kept = max(0, min(8, depth - index * 8))
            bytes[index] &= UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
        self.init(depth: depth, prefix: Digest(bytes: bytes) ?? .zero)
    }

    /// The page that goes on in a slot.
    func below(slot: Int, levels: Int) -> IndexPagePath {
        var bytes = prefix.bytes
        for bit in 0..<levels where slot >> (levels - 1 - bit) & 1 == 1 {
            bytes[(depth + bit) >> 3] |= 0x80 >> UInt8((depth + bit) & 7)
        }
        return IndexPagePath(depth: depth + levels, prefix: Digest(bytes: bytes) ?? .zero)
    }

    /// The depth in a byte and the bits in as many as they need: the primary key of a row. The upper pages, which every
    /// update writes, stand side by side.
    package var bytes: [UInt8] {
        [UInt8(truncatingIfNeeded: depth)] + prefix.bytes.prefix((depth + 7) / 8)
    }

    /// `nil` for what `bytes` would not have written.
    package init?(bytes: [UInt8]) {
        guard let depth = bytes.first.map({ Int($0) }), bytes.count == 1 + (depth + 7) / 8 else { return nil }
        let padded = bytes.dropFirst() + [UInt8](repeating: 0, count: Digest.byteCount - bytes.count + 1)
        guard let prefix = Digest(bytes: padded) else { return nil }
        self.init(depth: depth, of: prefix)
        guard self.prefix == prefix else { return nil }
    }
}

/// Gives the pages of an index that is stored somewhere.
package protocol IndexPageReader {
    /// `nil` where there is no such page.
    func page(at path: IndexPagePath) throws -> [UInt8]?
}

package enum IndexError: Error, Sendable, Hashable {
    case missingPage(IndexPagePath)
    case malformedPage(IndexPagePath)
    /// A car would have fewer entries than before. Entries are never taken away.
    case goesBack(vehicle: Digest)
}
