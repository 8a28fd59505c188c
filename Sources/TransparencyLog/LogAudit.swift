package import Core
import Cryptography
import Ledger
package import Storage

/// Computes everything that the store has of the log anew, out of its leaves, and holds it against what is stored.
package struct LogAudit: Sendable {
    /// Leaves that are read by one transaction.
    private static let step = 4096

    private let origin: String
    private let database: any Database
    private let keys: LogKeys?

    /// - Parameter keys: to verify the notes with; without them only what they say is looked at.
    package init(origin: String, database: any Database, keys: LogKeys?) {
        self.origin = origin
        self.database = database
        self.keys = keys
    }

    /// What was found: of every kind the first.
    package struct Report: Sendable {
        package fileprivate(set) var leaves: Int64 = 0
        package fileprivate(set) var damages: [Damage] = []

        fileprivate mutating func add(_ kind: String, _ place: String, zh: String, en: String) {
            guard !damages.contains(where: { $0.kind == kind }) else { return }
            damages.append(Damage(kind: kind, place: place, detail: LocalizedText(zh: zh, en: en)))
        }
    }

    package struct Damage: Sendable, Hashable {
        /// `leaf`, `tile`, `root`, `note`, `checkpoint` or `index`.
        package let kind: String
        package let place: String
        package let detail: LocalizedText
    }

    /// What the leaves come to.
    private struct Computed {
        var tree = TreeBuilder()
        /// As of the size that the index covers.
        var heads: [Digest: VehicleHead] = [:]
    }

    /// - Parameter progress: called now and then with the leaves done and the leaves there are.
    package func run(progress: @Sendable (Int64, Int64) -> Void) async throws -> Report {
        let (head, index) = try await database.read { (try LogStore.head($0), try IndexStore.head($0)) }
        var report = Report()
        var computed = Computed()
        while computed.tree.size < head.size {
            let first = computed.tree.size
            let count = Int(min(Int64(LogAudit.step), head.size - first))
            let leaves = try await database.read { try LogStore.leaves($0, from: first, limit: count) }
            guard take(leaves, from: first, index.size, &computed, &report) else { break }
            let tiles = computed.tree.append(leaves.map(\.leaf.hash))
            // What is not full yet is part of the right edge, which is looked at in the end.
            let final = tiles.filter(\.tile.isFull)
            let bad = try await database.read { tx in
                try final.first { try LogStore.tile(tx, $0.tile.place) != $0.bytes }
            }
            if let bad {
                let path = TilePath.hashes(bad.tile).text
                report.add("tile", path, zh: "分块与叶子不符", en: "The tile does not follow from the leaves")
            }
            progress(computed.tree.size, head.size)
        }
        report.leaves = computed.tree.size
        guard computed.tree.size == head.size else { return report }
        let edge = try await database.read { (try? TreeBuilder(size: head.size, tiles: StoredTiles(tx: $0)))?.root }
        if edge != head.root {
            report.add("tile", "edge", zh: "日志树的右缘与检查点不符", en: "The right edge of the tree is not what was signed")
        }
        if computed.tree.root != head.root {
            let place = "\(head.size)"
            report.add("root", place, zh: "最近检查点的根与叶子不符", en: "The newest root does not follow from the leaves")
        }
        examine(head.note, origin, head.size, head.root, keys?.verifierKeys, &report)
        let indexOrigin = origin + Checkpoint.vehiclesSuffix
        examine(index.note, indexOrigin, index.size, index.root, keys?.indexVerifierKeys, &report)
        try await examineCheckpoints(&report)
        try await examineIndex(index, computed.heads, &report)
        return report
    }

    /// - Returns: whether they are there without a gap.
    private func take(
        _ leaves: [PlacedLeaf],
        from first: Int64,
        _ indexSize: Int64,
        _ computed: inout Computed,
        _ report: inout Report
    ) -> Bool {
        for (offset, leaf) in leaves.enumerated() {
            guard leaf.number == first + Int64(offset) else { break }
            guard leaf.number < indexSize else { continue }
            let count = (computed.heads[leaf.leaf.vehicle]?.count ?? 0) + 1
            if leaf.count != count {
                let place = "\(leaf.number)"
                report.add("leaf", place, zh: "叶子的车内序号不符", en: "The leaf is another entry of its car than it says")
            }
            computed.heads[leaf.leaf.vehicle] = VehicleHead(
                vehicle: leaf.leaf.vehicle,
                count: count,
                head: leaf.leaf.entry
            )
        }
        let isWhole = leaves.last.map { $0.number == first + Int64(leaves.count) - 1 } ?? false
        if !isWhole {
            let present = leaves.enumerated().prefix { $1.number == first + Int64($0) }.count
            report.add("leaf", "\(first + Int64(present))", zh: "缺少这条叶子", en: "The leaf is missing")
        }
        return isWhole
    }

    private func examine(
        _ text: String?,
        _ origin: String,
        _ size: Int64,
        _ root: Digest,
        _ keys: [VerifierKey]?,
        _ report: inout Report
    ) {
        guard let text else { return }
        let note = try? SignedNote(parsing: Array(text.utf8))
        let isSigned = keys.map { keys in (try? note?.verified(by: keys)) != nil } ?? true
        guard let note, isSigned, Checkpoint(parsing: note.text) == Checkpoint(origin: origin, size: size, root: root)
        else {
            return report.add("note", origin, zh: "注记的签名或内容不符", en: "The note is not what was signed, or by nobody")
        }
    }

    private func examineCheckpoints(_ report: inout Report) async throws {
        let bad = try await database.read { tx -> Int64? in
            let rows = try tx.rows("SELECT size, root FROM log_checkpoint WHERE size >= 0 ORDER BY size")
            return try rows.first { row in
                var tree = TreeReader(size: try row.integer(0), tiles: StoredTiles(tx: tx))
                return try (try? tree.root()) != LogStore.digest(row, 1)
            }?.integer(0)
        }
        guard let bad else { return }
        let place = "\(bad)"
        report.add("checkpoint", place, zh: "曾签名的检查点与日志树不符", en: "A former checkpoint is of another tree")
    }

    private func examineIndex(
        _ head: IndexHead,
        _ heads: [Digest: VehicleHead],
        _ report: inout Report
    ) async throws {
        let bad = try await database.read { tx -> String? in
            var seen = 0
            var bad: String?
            do {
                let root = try VehicleIndex(pages: StoredPages(tx: tx)).checked { vehicle in
                    seen += 1
                    if heads[vehicle.vehicle] != vehicle { bad = bad ?? vehicle.vehicle.hex }
                }
                if root != head.root || seen != heads.count { bad = bad ?? "root" }
            } catch let error as IndexError {
                bad = bad ?? "\(error)"
            }
            return bad
        }
        guard let bad else { return }
        report.add("index", bad, zh: "车辆索引与叶子不符", en: "The vehicle index does not follow from the leaves")
    }
}
