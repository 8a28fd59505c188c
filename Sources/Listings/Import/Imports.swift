import Core
import Cryptography
import Identity
package import Storage
import Web

/// The verbs on imports. Each is called inside a transaction.
package enum Imports {
    /// - Throws: `notFound` also where there is one that the caller may not see, or that has not arrived.
    static func get(
        _ tx: any Transaction,
        _ id: InventoryImportID,
        where isVisible: (_ dealer: String) -> Bool
    ) throws -> InventoryImport {
        guard let found = try ImportStore.find(tx, id.text), found.state != .receiving, isVisible(found.dealer.text)
        else { throw Failure(.notFound) }
        return found
    }

    /// Begins to take a file. What never comes to `accept` is thrown away in time.
    static func begin(
        _ tx: any Transaction,
        dealer: OrganizationID,
        mode: ImportMode,
        format: FileShape.Format,
        from origin: Origin
    ) throws -> InventoryImport {
        let new = InventoryImport(
            id: InventoryImportID(at: tx.now),
            dealer: dealer,
            credential: origin.credential,
            mode: mode,
            shape: FileShape(format: format),
            state: .receiving,
            fileBytes: 0,
            fileDigest: nil,
            rowsTotal: 0,
            chunksTotal: 0,
            position: 0,
            counts: ImportCounts(),
            version: 1,
            createdAt: tx.now,
            fileUntil: tx.now.adding(seconds: ImportLimits.abandonedSeconds)
        )
        try ImportStore.insert(tx, new)
        return new
    }

    /// The file has arrived, and is stored: from here on it is not lost.
    ///
    /// - Throws: `tooManyImports`.
    static func accept(_ tx: any Transaction, _ arrived: ArrivedFile, from origin: Origin) throws -> InventoryImport {
        let begun = arrived.begun
        guard try ImportStore.unfinished(tx, of: begun.dealer.text) < ImportLimits.unfinished else {
            throw Failure(.tooManyImports)
        }
        var accepted = InventoryImport(
            id: begun.id,
            dealer: begun.dealer,
            credential: begun.credential,
            mode: begun.mode,
            shape: arrived.shape,
            state: .queued,
            fileBytes: arrived.bytes,
            fileDigest: arrived.digest,
            rowsTotal: arrived.rows,
            chunksTotal: arrived.chunks,
            position: 0,
            counts: ImportCounts(),
            version: begun.version,
            createdAt: begun.createdAt
        )
        try replace(tx, begun, by: &accepted)
        try ImportStore.enqueue(tx, accepted)
        try note(tx, .importCreate, accepted, from: origin)
        return accepted
    }

    /// What was written stays. An import that was cancelled before stays so.
    ///
    /// - Throws: `importFinished`.
    static func cancel(_ tx: any Transaction, _ current: InventoryImport, from origin: Origin) throws -> InventoryImport
    {
        if current.state == .cancelled { return current }
        guard !current.state.isFinished else {
            throw Failure(
                .importFinished,
                zh: "导入已结束（\(current.state.rawValue)），不能取消",
                en: "The import is \(current.state.rawValue), and cannot be cancelled"
            )
        }
        var cancelled = current
        cancelled.finish(.cancelled, at: tx.now)
        try replace(tx, current, by: &cancelled)
        try note(tx, .importCancel, cancelled, from: origin)
        return cancelled
    }

    /// Ends what ends in a defect of ours every time, so that it keeps no other waiting. Its file may be sent again:
    /// cars that were written are found by their VIN.
    static func abandon(_ tx: any Transaction, _ current: InventoryImport) throws {
        var abandoned = current
        abandoned.defect = ProblemType.internalError.code
        abandoned.finish(.failed, at: tx.now)
        try replace(tx, current, by: &abandoned)
    }

    /// - Throws: `UniqueViolation` where another instance was faster.
    static func replace(
        _ tx: any Transaction,
        _ current: InventoryImport,
        by changed: inout InventoryImport
    ) throws {
        changed.version = current.version + 1
        guard try ImportStore.update(tx, changed, replacing: current.version) else { throw UniqueViolation() }
        if changed.state.isFinished { try ImportStore.dequeue(tx, changed) }
    }

    private static func note(
        _ tx: any Transaction,
        _ action: Action,
        _ subject: InventoryImport,
        from origin: Origin
    ) throws {
        let entry = AuditEntry(
            chain: subject.dealer.text,
            action: action.rawValue,
            origin: origin,
            subject: subject.id.text,
            detail: [
                .init("mode", JSON(subject.mode.rawValue)), .init("rows", .integer(subject.rowsTotal)),
                .init("sha256", .optional(subject.fileDigest) { JSON($0.hex) }),
            ]
        )
        try AuditTrail.append(tx, entry)
    }

    // MARK: Upkeep

    /// Throws away files whose time is over, and uploads that never arrived, a few chunks at a time.
    ///
    /// - Returns: how many there were; where that is `limit`, there may be more.
    package static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        guard let id = try ImportStore.due(tx), let due = try ImportStore.find(tx, id) else { return 0 }
        let chunks = try ImportRowStore.chunkNumbers(tx, of: id, limit: limit)
        for chunk in chunks { try ImportRowStore.deleteChunk(tx, chunk, of: id) }
        guard chunks.count < limit else { return limit }
        guard due.state != .receiving else {
            try ImportStore.delete(tx, id)
            return limit
        }
        var emptied = due
        emptied.fileUntil = nil
        try replace(tx, due, by: &emptied)
        // Another may be due.
        return limit
    }
}

/// A file that was stored to its end.
struct ArrivedFile: Sendable {
    let begun: InventoryImport
    let shape: FileShape
    let bytes: Int64
    let digest: Digest
    let rows: Int64
    let chunks: Int64
}
