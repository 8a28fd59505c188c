import Core
import Ledger
package import Storage
import TransparencyLog

/// Puts into the log what was recorded before there was one: every car's entries in their order, before any newer one
/// of that car can be. Runs before requests are taken; where it was done once, it costs one read.
package struct LogFilling: Sendable {
    /// Cars whose entries share one commit.
    private static let vehiclesPerCommit = 64
    private static let factName = "log_filled"
    /// Stands behind every VIN.
    private static let done = "~"

    private let database: any Database
    private let histories: Histories

    package init(database: any Database, histories: Histories) {
        self.database = database
        self.histories = histories
    }

    /// - Parameter progress: called now and then with the last car that is in the log.
    package func run(progress: @Sendable (String) -> Void = { _ in }) async throws {
        guard histories.transparency != nil else { return }
        var last = try await database.read { try LogFilling.last($0) }
        while last != LogFilling.done {
            let after = last
            last = try await database.writeRetrying { tx in
                let vins = try HistoryStore.vehicles(tx, after: after, limit: LogFilling.vehiclesPerCommit)
                for vin in vins { try fill(tx, vin: vin) }
                let last = vins.last ?? LogFilling.done
                try LogFilling.note(tx, last)
                return last
            }
            progress(last)
        }
    }

    private func fill(_ tx: any Transaction, vin: String) throws {
        guard let transparency = histories.transparency else { return }
        let rows = try histories.placed(tx, try HistoryStore.entries(tx, vin: vin, from: 0, limit: .max))
        let missing = rows.filter { $0.leafIndex == nil }
        guard !missing.isEmpty else { return }
        let vehicle = try transparency.vehicle(tx, keeping: vin)
        for row in missing {
            try transparency.addEarlier(
                tx,
                LogLeaf(vehicle: vehicle.key, entry: row.hash),
                count: row.seq + 1,
                recordedAt: try Envelope.parse(Array(row.envelope.utf8)).recordedAt
            )
        }
    }

    private static func last(_ tx: any Transaction) throws -> String {
        try tx.first("SELECT value FROM store_fact WHERE name = \(factName)")?.text(0) ?? ""
    }

    private static func note(_ tx: any Transaction, _ last: String) throws {
        try tx.execute(
            """
            INSERT INTO store_fact (name, value)
            VALUES (\(factName), \(last))
            ON CONFLICT (name) DO UPDATE
            SET value = excluded.value
            """
        )
    }
}
