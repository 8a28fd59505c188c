import Cryptography

/// How many levels of the map a page holds.
package struct IndexLayout: Sendable, Hashable {
    /// Measured for a million cars: with four levels an update writes the fewest bytes and computes the fewest hashes;
    /// more levels save rows, but every one of them is longer and hashed as a whole.
    package static let standard = IndexLayout(levels: 4)

    package let levels: Int

    /// - Parameter levels: 1 to 8.
    package init(levels: Int) {
        self.levels = max(1, min(8, levels))
    }

    /// Pages at the very bottom have fewer.
    func levels(at depth: Int) -> Int { min(levels, 8 * Digest.byteCount - depth) }
}

/// A subtree of the map, cut off some levels below its root. Each slot along the cut holds a car, the root of the page
/// that goes on there, or nothing.
struct IndexPage {
    enum Slot {
        case empty
        case vehicle(VehicleHead, hash: Digest)
        case page(Digest)
    }

    var slots: [Slot]

    init(levels: Int) {
        slots = [Slot](repeating: .empty, count: 1 << levels)
    }

    /// A node of the map within the page.
    struct Node {
        enum Kind {
            case empty
            case vehicle
            case inner
        }

        let kind: Kind
        let hash: Digest

        init(_ slot: Slot) {
            switch slot {
            case .empty: self.init(.empty, .zero)
            case .vehicle(_, let hash): self.init(.vehicle, hash)
            case .page(let root): self.init(.inner, root)
            }
        }

        init(_ kind: Kind, _ hash: Digest) {
            self.kind = kind
            self.hash = hash
        }

        /// Nothing beside a car is that car: a path is no longer than it must be to tell two cars apart.
        init(_ left: Node, _ right: Node) {
            switch (left.kind, right.kind) {
            case (.empty, .empty), (.vehicle, .empty): self = left
            case (.empty, .vehicle): self = right
            default: self.init(.inner, MerkleHash.node(left.hash, right.hash))
            }
        }
    }

    /// Every node, level by level from the page's root.
    var nodes: [[Node]] {
        var rows = [slots.map { Node($0) }]
        while let row = rows.last, row.count > 1 {
            rows.append((0..<row.count / 2).map { Node(row[2 * $0], row[2 * $0 + 1]) })
        }
        return rows.reversed()
    }

    var root: Digest {
        var row = slots.map { Node($0) }
        while row.count > 1 {
            for index in 0..<row.count / 2 { row[index] = Node(row[2 * index], row[2 * index + 1]) }
            row.removeLast(row.count / 2)
        }
        return row.first?.hash ?? .zero
    }
}

extension IndexPage {
    private enum Tag {
        static let empty: UInt8 = 0
        static let vehicle: UInt8 = 1
        static let page: UInt8 = 2
    }

    /// A byte for every slot, and what is in it: a car with the hash of its leaf, or the root of a page.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for slot in slots {
            switch slot {
            case .empty: bytes.append(Tag.empty)
            case .vehicle(let head, let hash):
                bytes.append(Tag.vehicle)
                bytes += head.bytes
                hash.withUnsafeBytes { bytes += $0 }
            case .page(let root):
                bytes.append(Tag.page)
                root.withUnsafeBytes { bytes += $0 }
            }
        }
        return bytes
    }

    /// `nil` for what is no page of that place, one that holds a car of another place included.
    init?(bytes: [UInt8], path: IndexPagePath, layout: IndexLayout) {
        let levels = layout.levels(at: path.depth)
        self.init(levels: levels)
        var rest = bytes[...]
        for index in slots.indices {
            switch rest.popFirst() {
            case Tag.empty: break
            case Tag.vehicle:
                guard let head = VehicleHead(bytes: rest.prefix(VehicleHead.byteCount)),
                    let hash = Digest(bytes: rest.dropFirst(VehicleHead.byteCount).prefix(Digest.byteCount)),
                    head.vehicle.sharesBits(path.depth, with: path.prefix),
                    head.vehicle.bits(from: path.depth, count: levels) == index
                else { return nil }
                slots[index] = .vehicle(head, hash: hash)
                rest = rest.dropFirst(VehicleHead.byteCount + Digest.byteCount)
            case Tag.page:
                guard let root = Digest(bytes: rest.prefix(Digest.byteCount)) else { return nil }
                slots[index] = .page(root)
                rest = rest.dropFirst(Digest.byteCount)
            default: return nil
            }
        }
        guard rest.isEmpty else { return nil }
    }
}
