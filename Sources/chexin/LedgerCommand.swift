import ArgumentParser
import Core
import Cryptography
import History
import Identity
import Ledger
import Storage

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The stored chains.",
        subcommands: [LedgerFsck.self]
    )
}

struct LedgerFsck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract:
            "Recomputes every car's chain and every audit trail from the stored bytes; exit 1 names what is damaged."
    )

    @OptionGroup
    var options: SettingsOptions

    func run() async throws {
        let settings = try await options.settings()
        let database = try await Store.connect(settings)
        defer { Task { try? await database.close() } }
        let audit = LedgerAudit(database: database, log: settings.logOrigin)
        let report = try await audit.run { Console.progress("ledger", $0, of: $1) }
        let brokenTrails = try await brokenTrails(database)
        let answer: JSON = [
            "vehicles": .integer(report.vehicles), "entries": .integer(report.entries),
            "sealed": .integer(report.sealed),
            "damaged": .array(report.damages.map(\.json)),
            "damaged_audit_trails": .array(brokenTrails.map { JSON($0) }),
        ]
        Console.answer(String(decoding: answer.bytes, as: UTF8.self))
        guard report.damages.isEmpty, brokenTrails.isEmpty else {
            throw Refused(message: "Damage was found: restore from a backup, and compare.")
        }
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
