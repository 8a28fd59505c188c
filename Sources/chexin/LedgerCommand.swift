import ArgumentParser
import Core
import Cryptography
import History
import Identity
import Ledger
import Storage
import TransparencyLog

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The stored chains, and the log that they are in.",
        subcommands: [LedgerFsck.self]
    )
}

struct LedgerFsck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract:
            "Recomputes every chain, the log's tree and index and every audit trail; exit 1 names damage."
    )

    @OptionGroup
    var options: SettingsOptions

    func run() async throws {
        let settings = try await options.settings()
        let database = try await Store.connect(settings)
        defer { Task { try? await database.close() } }
        let audit = LedgerAudit(database: database, log: settings.logOrigin)
        let report = try await audit.run { Console.progress("ledger", $0, of: $1) }
        let log = try await logReport(database, settings)
        let brokenTrails = try await brokenTrails(database)
        let answer: JSON = [
            "vehicles": .integer(report.vehicles), "entries": .integer(report.entries),
            "sealed": .integer(report.sealed),
            "damaged": .array(report.damages.map(\.json)),
            "leaves": .integer(log.leaves),
            "damaged_log": .array(log.damages.map(\.json)),
            "damaged_audit_trails": .array(brokenTrails.map { JSON($0) }),
        ]
        Console.answer(String(decoding: answer.bytes, as: UTF8.self))
        guard report.damages.isEmpty, log.damages.isEmpty, brokenTrails.isEmpty else {
            throw Refused(message: "Damage was found: restore from a backup, and compare.")
        }
    }

    /// Notes are verified where the keys are at hand.
    private func logReport(_ database: any Database, _ settings: Settings) async throws -> LogAudit.Report {
        let files = KeyDirectory(path: settings.keyDirectory).log
        let keys = try? files.load(origin: settings.logOrigin, isNewLog: false)
        return try await LogAudit(origin: settings.logOrigin, database: database, keys: keys)
            .run { Console.progress("log", $0, of: $1) }
    }

    private func brokenTrails(_ database: any Database) async throws -> [String] {
        try await database.read { tx in
            try AuditTrail.chains(tx).compactMap { chain in
                guard case .broken(let seq, let defect) = try AuditTrail.verify(tx, chain) else { return nil }
                return "\(chain) at record \(seq): \(defect.rawValue)"
            }
        }
    }
}

extension LogAudit.Damage {
    fileprivate var json: JSON {
        ["kind": JSON(kind), "place": JSON(place), "detail": ["zh": JSON(detail.zh), "en": JSON(detail.en)]]
    }
}

extension LedgerAudit.Damage {
    fileprivate var json: JSON {
        [
            "vin": JSON(vin),
            "seq": .optional(place) { JSON($0.seq) },
            "hash": .optional(place) { JSON($0.hash.hex) },
            "detail": ["zh": JSON(detail.zh), "en": JSON(detail.en)],
        ]
    }
}
