package import Cryptography

/// The sparse Merkle map from every car's key to the head of its chain. Its root says of every car at once how many
/// entries there are, so that none can be held back from anybody.
package struct VehicleIndex<Pages: IndexPageReader> {
    private let pages: Pages
    private let layout: IndexLayout

    package init(pages: Pages, layout: IndexLayout = .standard) {
        self.pages = pages
        self.layout = layout
    }

    /// 32 zero bytes where there is no car.
    package func root() throws -> Digest {
        guard var page = try page(at: .root) else { return .zero }
        return page.root()
    }

    /// Takes the new heads of some cars. Pages that they share are read and written once.
    /// - Parameter heads: in the order of the log; the last of a car's counts.
    /// - Returns: the pages to be stored before the root is signed.
    package func updating(_ heads: some Sequence<VehicleHead>) throws -> IndexUpdate {
        var newest: [Digest: VehicleHead] = [:]
        for head in heads {
            if let known = newest[head.vehicle], known.count > head.count {
                throw IndexError.goesBack(vehicle: head.vehicle)
            }
            newest[head.vehicle] = head
        }
        let sorted = newest.values.sorted { $0.vehicle.precedes($1.vehicle) }
        guard !sorted.isEmpty else { return IndexUpdate(root: try root(), pages: []) }
        var changes = IndexUpdate(root: .zero, pages: [])
        changes.root = try update(try page(at: .root) ?? newPage(.root), .root, sorted[...], &changes)
        return changes
    }

    private func update(
        _ old: IndexPage,
        _ path: IndexPagePath,
        _ heads: ArraySlice<VehicleHead>,
        _ changes: inout IndexUpdate
    ) throws -> Digest {
        let levels = layout.levels(at: path.depth)
        var page = old
        var rest = heads
        while let first = rest.first {
            let slot = first.vehicle.bits(from: path.depth, count: levels)
            let same = rest.prefix { $0.vehicle.bits(from: path.depth, count: levels) == slot }
            rest = rest[same.endIndex...]
            page[slot] = try fill(page[slot], below: path.depth + levels, same, &changes)
        }
        let root = page.root()
        changes.pages.append(IndexUpdate.Page(path: path, bytes: page.bytes))
        return root
    }

    private func fill(
        _ slot: IndexPage.Slot,
        below depth: Int,
        _ heads: ArraySlice<VehicleHead>,
        _ changes: inout IndexUpdate
    ) throws -> IndexPage.Slot {
        guard let first = heads.first else { return slot }
        let path = IndexPagePath(depth: depth, of: first.vehicle)
        switch slot {
        case .page:
            guard let page = try page(at: path) else { throw IndexError.missingPage(path) }
            return .page(try update(page, path, heads, &changes))
        case .vehicle(let known, _):
            let same = heads.first { $0.vehicle == known.vehicle }
            if let same, same.count < known.count { throw IndexError.goesBack(vehicle: known.vehicle) }
            let all = same == nil ? (heads + [known]).sorted { $0.vehicle.precedes($1.vehicle) }[...] : heads
            return try fill(.empty, below: depth, all, &changes)
        case .empty:
            guard heads.count > 1 else { return .vehicle(first, hash: first.hash) }
            return .page(try update(newPage(path), path, heads, &changes))
        }
    }

    private func newPage(_ path: IndexPagePath) -> IndexPage { IndexPage(levels: layout.levels(at: path.depth)) }

    private func page(at path: IndexPagePath) throws -> IndexPage? {
        guard let bytes = try pages.page(at: path) else { return nil }
        guard let page = IndexPage(bytes: bytes, path: path, layout: layout) else {
            throw IndexError.malformedPage(path)
        }
        return page
    }
}

package struct IndexUpdate: Sendable, Hashable {
    package struct Page: Sendable, Hashable {
        package let path: IndexPagePath
        package let bytes: [UInt8]
    }

    package fileprivate(set) var root: Digest
    /// Each once, as it is afterwards.
    package fileprivate(set) var pages: [Page]
}

extension VehicleIndex {
    /// The way to where a car stands, or would.
    /// - Returns: its head, `nil` for a car without history; the proof of either; and the root that both lead to.
    package func proof(of vehicle: Digest) throws -> (head: VehicleHead?, proof: IndexProof, root: Digest) {
        var siblings: [Digest] = []
        var path = IndexPagePath.root
        var found = try page(at: path) ?? newPage(path)
        let root = found.root()
        while true {
            let nodes = found.nodes
            let levels = nodes.count - 1
            var level = 0
            let slot = vehicle.bits(from: path.depth, count: levels)
            while level < levels, nodes[level][slot >> (levels - level)].kind == .inner {
                level += 1
                siblings.append(nodes[level][slot >> (levels - level) ^ 1].hash)
            }
            switch nodes[level][slot >> (levels - level)].kind {
            case .empty: return (nil, IndexProof(siblings: siblings.reversed(), other: nil), root)
            case .vehicle:
                let head = found.vehicle(under: slot >> (levels - level), level: level)
                let other = head?.vehicle == vehicle ? nil : head
                let proof = IndexProof(siblings: siblings.reversed(), other: other)
                return (other == nil ? head : nil, proof, root)
            case .inner:
                path = IndexPagePath(depth: path.depth + levels, of: vehicle)
                guard let next = try page(at: path) else { throw IndexError.missingPage(path) }
                found = next
            }
        }
    }
}

extension VehicleIndex {
    /// Reads every page and computes everything anew, for whoever doubts the store.
    /// - Parameter visit: is told of every car once.
    /// - Returns: the root.
    /// - Throws: `IndexError`, naming the first page that is missing, or does not follow from what is below it.
    package func checked(_ visit: (VehicleHead) throws -> Void) throws -> Digest {
        guard var page = try page(at: .root) else { return .zero }
        try check(page, .root, visit)
        return page.root()
    }

    private func check(_ page: IndexPage, _ path: IndexPagePath, _ visit: (VehicleHead) throws -> Void) throws {
        guard page.isSound else { throw IndexError.malformedPage(path) }
        let levels = layout.levels(at: path.depth)
        for head in page.vehicles { try visit(head) }
        for (slot, root) in page.pages {
            let below = path.below(slot: slot, levels: levels)
            guard var next = try self.page(at: below) else { throw IndexError.missingPage(below) }
            guard next.root() == root else { throw IndexError.malformedPage(below) }
            try check(next, below, visit)
        }
    }
}
