import Core
package import Logging
package import ServiceLifecycle
package import Storage

/// Goes through imports, a chunk at a time. Dealers take turns, a chunk each, so that a short file never waits for a
/// long one of somebody else; files of one dealer go one after the other, as a later one may mend an earlier one.
///
/// One instance does it at a time. Every chunk is one transaction, which also says that it is done: whenever the
/// process dies, the next one goes on behind the last chunk that was written, and no row is written twice.
package struct ImportWorker: Sendable {
    package static let leaseName = "imports"
    /// How soon a new import is begun.
    static let idleInterval = Duration.milliseconds(500)

    private let database: any Database
    private let logger: Logger

    package init(database: any Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    package var service: some Service {
        LeaseHolder(ImportWorker.leaseName, database: database, logger: logger) { lease in
            while true {
                try await drain(under: lease)
                try await Task.sleep(for: ImportWorker.idleInterval)
            }
        }
    }

    /// Goes on until nothing waits.
    ///
    /// - Throws: `LeaseLost`, and `Failure` where the store cannot do it now: it is tried again under the next lease.
    package func drain(under lease: Lease) async throws {
        var attempts: [String: Int] = [:]
        var dealer: String? = ""
        while let last = dealer {
            try Task.checkCancellation()
            dealer = try await turn(after: last, under: lease, &attempts)
            // Behind the last dealer comes the first, as long as there is one.
            if dealer == nil, !last.isEmpty { dealer = "" }
        }
    }

    /// One chunk of the next dealer's oldest import.
    ///
    /// - Parameter attempts: how often each import has ended in a defect.
    /// - Returns: whose turn it was; `nil` where nobody is behind `dealer`.
    func turn(after dealer: String, under lease: Lease, _ attempts: inout [String: Int]) async throws -> String? {
        guard let next = try await database.read({ tx in try ImportStore.next(tx, after: dealer) }) else { return nil }
        do {
            try await goOn(next.id, under: lease)
        } catch let error where error is LeaseLost || error is CancellationError {
            throw error
        } catch let failure as Failure where failure.type.kind == .unavailable || failure.type.kind == .full {
            throw failure
        } catch {
            attempts[next.id, default: 0] += 1
            logger.error("a chunk of an import failed", metadata: ["import": "\(next.id)", "error": "\(error)"])
            if attempts[next.id, default: 0] >= ImportLimits.attempts { try await giveUp(next.id, under: lease) }
        }
        return next.dealer
    }

    /// Writes the next chunk.
    private func goOn(_ id: String, under lease: Lease) async throws {
        guard let batch = try await database.read({ tx in try ImportWorker.batch(tx, id) })?.read() else { return }
        _ = try await database.writeRetrying { tx in
            try lease.guardWrite(tx)
            return try batch.write(tx)
        }
    }

    private struct Unread: Sendable {
        let current: InventoryImport
        let chunk: RowChunk

        func read() throws -> ImportBatch { try ImportBatch(current, chunk) }
    }

    private static func batch(_ tx: any Transaction, _ id: String) throws -> Unread? {
        guard let current = try ImportStore.find(tx, id), !current.state.isFinished else { return nil }
        guard let chunk = try ImportRowStore.chunk(tx, current.position, of: id) else {
            throw StoredDataError("an import lacks a chunk")
        }
        return Unread(current: current, chunk: chunk)
    }

    private func giveUp(_ id: String, under lease: Lease) async throws {
        try await database.writeRetrying { tx in
            try lease.guardWrite(tx)
            guard let current = try ImportStore.find(tx, id), !current.state.isFinished else { return }
            try Imports.abandon(tx, current)
        }
    }
}
