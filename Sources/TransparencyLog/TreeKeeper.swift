import Core
import Cryptography
import Ledger
import Storage
import Synchronization

/// Extends the tree by the leaves that are stored, and signs what comes of it: all in the transaction that it is given,
/// so that no checkpoint covers what is not there.
///
/// It keeps the tree's right edge in memory, and takes it up anew from the store wherever that is not the tree signed
/// last: after a commit that failed, or where another process wrote.
final class TreeKeeper: Sendable {
    /// So often a checkpoint is put aside.
    static let keptEverySeconds: Int64 = 60

    private struct Edge {
        var tree: TreeBuilder
        var root: Digest
    }

    private struct State {
        var edge: Edge?
        var refusal: Failure?
    }

    private let keys: LogKeys
    private let state = Mutex(State())

    init(_ keys: LogKeys) {
        self.keys = keys
    }

    /// - Throws: `Failure.logHalted` where nothing may be signed any more.
    func refuseWhereHalted() throws {
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
    }

    /// Signs nothing more until the process starts again.
    func halt(_ reason: LocalizedText) -> Failure {
        let refusal = Failure(.logHalted, zh: reason.zh, en: reason.en)
        state.withLock { $0.refusal = refusal }
        return refusal
    }

    /// Takes up every leaf that is stored and not yet covered, and signs once.
    /// - Returns: the new head; the old one where there was nothing to do.
    @discardableResult
    func extend(_ tx: any Transaction) throws -> LogHead {
        try refuseWhereHalted()
        let head = try LogStore.head(tx)
        let leaves = try LogStore.leaves(tx, from: head.size, limit: .max)
        guard !leaves.isEmpty || head.note == nil else { return head }
        for (offset, leaf) in leaves.enumerated() where leaf.number != head.size + Int64(offset) {
            throw halt(.gap(at: head.size + Int64(offset)))
        }
        var edge = try takeUp(head, tx)
        try LogStore.write(tx, edge.tree.append(leaves.map(\.leaf.hash)))
        edge.root = edge.tree.root
        let next = try sign(edge, after: head, at: tx.now)
        try LogStore.advance(tx, from: head, to: next)
        if next.keptAt != head.keptAt { try LogStore.keep(tx, next) }
        state.withLock { $0.edge = edge }
        return next
    }

    private func sign(_ edge: Edge, after head: LogHead, at now: Instant) throws -> LogHead {
        let note = try keys.signed(size: edge.tree.size, root: edge.root)
        let isDue = now >= head.keptAt.adding(seconds: TreeKeeper.keptEverySeconds)
        return LogHead(
            size: edge.tree.size,
            root: edge.root,
            note: String(decoding: note.bytes, as: UTF8.self),
            keptAt: isDue ? now : head.keptAt
        )
    }

    /// The right edge of the tree that was signed last.
    private func takeUp(_ head: LogHead, _ tx: any Transaction) throws -> Edge {
        if let edge = state.withLock({ $0.edge }), edge.tree.size == head.size, edge.root == head.root { return edge }
        return try storedEdge(of: head, tx)
    }

    /// Computes the right edge anew from its tiles.
    /// - Throws: `Failure.logHalted` where it is not what was signed.
    private func storedEdge(of head: LogHead, _ tx: any Transaction) throws -> Edge {
        do {
            let tree = try TreeBuilder(size: head.size, tiles: StoredTiles(tx: tx))
            guard tree.root == head.root else { throw halt(.edgeDiffers(size: head.size)) }
            return Edge(tree: tree, root: head.root)
        } catch is TreeError {
            throw halt(.edgeDiffers(size: head.size))
        }
    }

    /// - Throws: `Failure.logHalted`.
    func checkEdge(_ tx: any Transaction) throws {
        _ = try storedEdge(of: try LogStore.head(tx), tx)
    }
}

extension LocalizedText {
    fileprivate static func gap(at number: Int64) -> LocalizedText {
        LocalizedText(
            zh: "日志缺少第 \(number) 条叶子，已停止签名。请运行 chexin ledger fsck，并从备份恢复",
            en: "Leaf \(number) of the log is missing, and nothing is signed. "
                + "Run chexin ledger fsck, and restore from a backup"
        )
    }

    fileprivate static func edgeDiffers(size: Int64) -> LocalizedText {
        LocalizedText(
            zh: "存储的日志树与最近签名的检查点（\(size) 条）不符，已停止签名。请运行 chexin ledger fsck，并从备份恢复",
            en: "The stored tree is not the one that was signed last, of \(size) entries, and nothing is signed. "
                + "Run chexin ledger fsck, and restore from a backup"
        )
    }
}
