import Cryptography

/// How many levels of the map a page holds.
package struct IndexLayout: Sendable, Hashable {
    /// What `Benchmarks/run index` measures. Per append of a batch of 64, in memory: four levels write 2,478 bytes in
    /// 3.8 rows for a million cars, five 3,805 in 3.1; for 100,000 cars four wrote the fewest bytes of 4, 5, 6 and 8.
    /// More levels save rows, but every one of them is longer.
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
///
/// Half way up, the page keeps the nodes that it has computed: a slot that changes costs the hashes of its own group
/// and those above the groups, not those of the whole page.
struct IndexPage {
    enum Slot {
        case empty
        case vehicle(VehicleHead, hash: Digest)
        case page(Digest)
    }

    private let groupHeight: Int
    private var slots: [Slot]
    /// Nodes half way up; `nil` where one is to be computed, or is none with two branches.
    private var groups: [Digest?]

    init(levels: Int) {
        groupHeight = levels / 2
        slots = [Slot](repeating: .empty, count: 1 << levels)
        groups = [Digest?](repeating: nil, count: 1 << (levels - groupHeight))
    }

    subscript(slot: Int) -> Slot {
        get { slots[slot] }
        set {
            slots[slot] = newValue
            groups[slot >> groupHeight] = nil
        }
    }

    /// Every node, level by level from the page's root, computed from the slots alone.
    var nodes: [[IndexNode]] {
        var rows = [slots.map { IndexNode($0) }]
        while let row = rows.last, row.count > 1 {
            rows.append((0..<row.count / 2).map { IndexNode(row[2 * $0], row[2 * $0 + 1]) })
        }
        return rows.reversed()
    }

    /// The only car under a node.
    func vehicle(under index: Int, level: Int) -> VehicleHead? {
        let width = slots.count >> level
        for slot in slots[index * width..<(index + 1) * width] {
            if case .vehicle(let head, _) = slot { return head }
        }
        return nil
    }

    /// Computes what has changed, and keeps it.
    mutating func root() -> Digest {
        foldGroups(groups.indices).hash
    }

    private mutating func foldGroups(_ range: Range<Int>) -> IndexNode {
        guard range.count == 1 else {
            let middle = range.lowerBound + range.count / 2
            return IndexNode(foldGroups(range.lowerBound..<middle), foldGroups(middle..<range.upperBound))
        }
        let group = range.lowerBound
        if let known = groups[group] { return IndexNode(.inner, known) }
        let node = fold(group << groupHeight..<(group + 1) << groupHeight)
        if node.kind == .inner { groups[group] = node.hash }
        return node
    }

    private func fold(_ range: Range<Int>) -> IndexNode {
        guard range.count > 1 else { return IndexNode(slots[range.lowerBound]) }
        let middle = range.lowerBound + range.count / 2
        return IndexNode(fold(range.lowerBound..<middle), fold(middle..<range.upperBound))
    }

    /// Whether what the page keeps of its cars and nodes follows from the cars: nobody sees it from outside.
    var isSound: Bool {
        var anew = self
        for index in slots.indices {
            if case .vehicle(let head, let hash) = slots[index], head.hash != hash { return false }
            anew[index] = slots[index]
        }
        _ = anew.root()
        return zip(anew.groups, groups).allSatisfy { $1 == nil || $0 == $1 }
    }

    var pages: [(slot: Int, root: Digest)] {
        slots.enumerated().compactMap { index, slot in
            if case .page(let root) = slot { (index, root) } else { nil }
        }
    }

    var vehicles: [VehicleHead] {
        slots.compactMap { slot in
            if case .vehicle(let head, _) = slot { head } else { nil }
        }
    }
}

/// A node of the map.
struct IndexNode {
    enum Kind {
        case empty
        case vehicle
        case inner
    }

    let kind: Kind
    let hash: Digest

    init(_ slot: IndexPage.Slot) {
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
    init(_ left: IndexNode, _ right: IndexNode) {
        switch (left.kind, right.kind) {
        case (.empty, .empty), (.vehicle, .empty): self = left
        case (.empty, .vehicle): self = right
        default: self.init(.inner, MerkleHash.node(left.hash, right.hash))
        }
    }
}

extension IndexPage {
    private enum Tag {
        static let empty: UInt8 = 0
        static let vehicle: UInt8 = 1
        static let page: UInt8 = 2
    }

    /// A byte for every slot, and what is in it: a car with the hash of its leaf, or the root of a page. Behind them
    /// stand the nodes half way up that have two branches.
    var bytes: [UInt8] {
        let most = slots.count * (1 + VehicleHead.byteCount + Digest.byteCount) + groups.count * Digest.byteCount
        return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(buffer))
            for slot in slots {
                switch slot {
                case .empty: writer.byte(Tag.empty)
                case .vehicle(let head, let hash):
                    writer.byte(Tag.vehicle)
                    writer.take(VehicleHead.byteCount) { head.write(to: $0) }
                    writer.digest(hash)
                case .page(let root):
                    writer.byte(Tag.page)
                    writer.digest(root)
                }
            }
            for case .some(let group) in groups { writer.digest(group) }
            count = writer.count
        }
    }

    /// `nil` for what is no page of that place, one that holds a car of another place included.
    init?(bytes: [UInt8], path: IndexPagePath, layout: IndexLayout) {
        let page = bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            let page = IndexPage(&reader, path, levels: layout.levels(at: path.depth))
            return reader.rest.isEmpty ? page : nil
        }
        guard let page else { return nil }
        self = page
    }

    private init?(_ reader: inout ByteReader, _ path: IndexPagePath, levels: Int) {
        self.init(levels: levels)
        for index in slots.indices {
            switch reader.byte() {
            case Tag.empty: break
            case Tag.vehicle:
                guard let head = VehicleHead(&reader), let hash = reader.digest(),
                    head.vehicle.sharesBits(path.depth, with: path.prefix),
                    head.vehicle.bits(from: path.depth, count: levels) == index
                else { return nil }
                slots[index] = .vehicle(head, hash: hash)
            case Tag.page:
                guard let root = reader.digest() else { return nil }
                slots[index] = .page(root)
            default: return nil
            }
        }
        for group in groups.indices where hasTwoBranches(group) {
            guard let node = reader.digest() else { return nil }
            groups[group] = node
        }
    }

    private func hasTwoBranches(_ group: Int) -> Bool {
        var count = 0
        for slot in slots[group << groupHeight..<(group + 1) << groupHeight] {
            switch slot {
            case .empty: break
            case .vehicle: count += 1
            case .page: count += 2
            }
        }
        return count > 1
    }
}

/// Puts fields side by side into memory that has room for all of them.
private struct ByteWriter {
    private let bytes: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ bytes: UnsafeMutableRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func byte(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }

    mutating func digest(_ digest: Digest) {
        take(Digest.byteCount) { room in digest.withUnsafeBytes { room.copyMemory(from: $0) } }
    }

    mutating func take(_ length: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
        write(UnsafeMutableRawBufferPointer(rebasing: bytes[count..<count + length]))
        count += length
    }
}
