package import Core
import Cryptography
import Identity
package import Ledger
package import Storage
import TransparencyLog

/// Walks every car's chain in the store and recomputes it from its bytes.
package struct LedgerAudit: Sendable {
    private let database: any Database
    private let log: String

    package init(database: any Database, log: String) {
        self.database = database
        self.log = log
    }

    /// What was found, so far or in all.
    package struct Report: Sendable {
        package fileprivate(set) var vehicles: Int64 = 0
        package fileprivate(set) var entries: Int64 = 0
        package fileprivate(set) var sealed: Int64 = 0
        package fileprivate(set) var damages: [Damage] = []
    }

    /// One car whose chain does not verify.
    package struct Damage: Sendable {
        package let vin: String
        /// The first bad entry; `nil` where the head does not stand on the last entry.
        package let place: EntryPlace?
        package let detail: LocalizedText
    }

    /// Cars read by one transaction: long enough to be fast, short enough not to hold up the write-ahead log.
    private static let vehiclesPerRead = 64

    /// - Parameter progress: called now and then with the cars done and the cars there are.
    package func run(progress: @Sendable (Int64, Int64) -> Void) async throws -> Report {
        let total = try await database.read { try HistoryStore.vehicleCount($0) }
        var report = Report()
        var last = ""
        while true {
            let after = last
            let chains = try await database.read { tx in
                try HistoryStore.vehicles(tx, after: after, limit: LedgerAudit.vehiclesPerRead).map { vin in
                    try StoredChain(tx, vin: vin)
                }
            }
            guard let end = chains.last?.vin else { break }
            for chain in chains { examine(chain, &report) }
            last = end
            progress(report.vehicles, total)
        }
        return report
    }

    /// Everything that the store has on one car.
    private struct StoredChain: Sendable {
        let vin: String
        let head: ChainHead?
        let entries: [StoredEntry]
        let keys: [String: Ed25519.PublicKey]
        /// The first entry whose place in the log is another's.
        let misplaced: Int?

        init(_ tx: any Transaction, vin: String) throws {
            self.vin = vin
            head = try HistoryStore.head(tx, vin: vin)
            let rows = try HistoryStore.entries(tx, vin: vin, from: 0, limit: .max)
            entries = try HistoryStore.withKnownHashes(tx, rows)
            misplaced = try TransparencyLog.firstMisplaced(tx, of: vin, rows.map(\.hash))
            let found = try ClaimVerifier.keys(tx, of: rows)
            keys = Dictionary(
                uniqueKeysWithValues: found.map { (LedgerAudit.name($1.organization.text, $0), $1.publicKey) }
            )
        }
    }

    private static func name(_ source: String, _ key: String) -> String { source + "/" + key }

    private func examine(_ chain: StoredChain, _ report: inout Report) {
        let verdict = ChainVerifier.verify(chain.entries, vin: chain.vin, log: log) { source, key in
            chain.keys[LedgerAudit.name(source, key)]
        }
        report.vehicles += 1
        report.entries += Int64(verdict.count)
        report.sealed += Int64(verdict.sealed.count)
        if !verdict.isGenuine {
            let detail = verdict.checks.first { !$0.passed }?.detail ?? verdict.summary
            report.damages.append(Damage(vin: chain.vin, place: verdict.firstBadEntry, detail: detail))
        } else if verdict.head != chain.head?.hash || Int64(verdict.count) != chain.head?.count {
            let detail = LocalizedText(
                zh: "最新记录与保存的链头不符，末尾有缺失",
                en: "The stored head does not stand on the last entry: entries are missing at the end"
            )
            report.damages.append(Damage(vin: chain.vin, place: nil, detail: detail))
        } else if let seq = chain.misplaced {
            let detail = LocalizedText(
                zh: "seq \(seq) 不在日志所说的位置",
                en: "seq \(seq) does not stand in the log where it should"
            )
            report.damages.append(Damage(vin: chain.vin, place: nil, detail: detail))
        }
    }
}
