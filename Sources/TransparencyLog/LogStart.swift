import Core
import Cryptography
package import Ledger
import Storage

extension TransparencyLog {
    /// Looks at what is stored before anything is signed, and signs the empty tree of a log that begins.
    ///
    /// - Parameter known: the newest checkpoints that are known from elsewhere: published by an earlier run, or seen by
    ///   a witness. A store that was brought back from a backup stands behind them, and must not sign another history.
    ///   They were read before the store is.
    /// - Throws: `Failure.logHalted`, with a sentence that says what to do.
    package func start(knowing known: [SignedNote]) async throws {
        try await database.writeRetrying { tx in
            try check(tx, against: known)
            try tree.extend(tx)
            try signAgain(tx)
        }
        if placesAtOnce { try await catchUp() }
    }

    /// Signs what was signed last again, where a key has come that has not: some readers may soon know that one alone.
    private func signAgain(_ tx: any Transaction) throws {
        let head = try LogStore.head(tx)
        if let note = head.note, lacks(note, keys.verifierKeys) {
            let signed = try keys.signed(size: head.size, root: head.root)
            let text = String(decoding: signed.bytes, as: UTF8.self)
            let again = LogHead(size: head.size, root: head.root, note: text, keptAt: head.keptAt)
            try LogStore.advance(tx, from: head, to: again)
        }
        let index = try IndexStore.head(tx)
        if let note = index.note, lacks(note, keys.indexVerifierKeys) {
            let signed = try keys.signedIndex(size: index.size, root: index.root)
            let text = String(decoding: signed.bytes, as: UTF8.self)
            try IndexStore.advance(tx, from: index, to: IndexHead(size: index.size, root: index.root, note: text))
        }
    }

    private func lacks(_ text: String, _ keys: [VerifierKey]) -> Bool {
        guard let note = try? SignedNote(parsing: Array(text.utf8)) else { return true }
        return keys.contains { (try? note.verified(by: [$0])) == nil }
    }

    private func check(_ tx: any Transaction, against known: [SignedNote]) throws {
        let head = try LogStore.head(tx)
        if let text = head.note {
            let own = Checkpoint(origin: origin, size: head.size, root: head.root)
            guard let note = try? SignedNote(parsing: Array(text.utf8)), Checkpoint(parsing: note.text) == own,
                (try? note.verified(by: keys.verifierKeys)) != nil
            else { throw tree.halt(.otherKey) }
        }
        try tree.checkEdge(tx)
        for note in known { try check(tx, head, against: note) }
    }

    private func check(_ tx: any Transaction, _ head: LogHead, against note: SignedNote) throws {
        guard let checkpoint = Checkpoint(parsing: note.text), checkpoint.origin == origin,
            (try? note.verified(by: keys.verifierKeys)) != nil
        else { throw tree.halt(.unreadable) }
        guard checkpoint.size <= head.size else {
            throw tree.halt(.behind(stored: head.size, known: checkpoint.size))
        }
        var reader = TreeReader(size: checkpoint.size, tiles: StoredTiles(tx: tx))
        guard let root = try? reader.root(), root == checkpoint.root else {
            throw tree.halt(.forked(size: checkpoint.size))
        }
    }
}

extension LocalizedText {
    fileprivate static let otherKey = LocalizedText(
        zh: "存储中最近的检查点不是用现有日志密钥签名的，拒绝签名。请从密钥备份恢复 log.key（轮换期间还有 log.old.key）",
        en: "The newest checkpoint in the store is not signed by the log's key, and nothing is signed. "
            + "Bring log.key (and while it is replaced, log.old.key) back from the backup of the keys"
    )

    fileprivate static let unreadable = LocalizedText(
        zh: "已发布的检查点无法读取，或不是用现有日志密钥签名的，拒绝签名。请先查明原因，切勿直接删除该文件",
        en: "The published checkpoint cannot be read, or is not signed by the log's key, and nothing is signed. "
            + "Find out why before you remove that file"
    )

    static func behind(stored: Int64, known: Int64) -> LocalizedText {
        LocalizedText(
            zh: "存储中的日志只有 \(stored) 条，而已公开的检查点有 \(known) 条：存储来自较旧的备份，拒绝签名。"
                + "请恢复较新的存储；若已无法找回，只能以新的 CHEXIN_LOG_ORIGIN 开始新的日志",
            en:
                "The stored log has \(stored) entries, and a checkpoint of \(known) was published: the store is an "
                + "older backup, and nothing is signed. Bring back the newer store; where there is none, "
                + "a new log has to begin under another CHEXIN_LOG_ORIGIN"
        )
    }

    fileprivate static func forked(size: Int64) -> LocalizedText {
        LocalizedText(
            zh: "存储的日志在第 \(size) 条处与已公开的检查点不符，拒绝签名。请恢复与之相符的存储，并运行 chexin ledger fsck",
            en: "The stored log is not the one of which a checkpoint of \(size) entries was published, and nothing is "
                + "signed. Bring back the store that fits it, and run chexin ledger fsck"
        )
    }
}
