import ArgumentParser
import Core
import Cryptography
import FoundationEssentials
import History
import Identity
import Storage
import StoragePostgres
import StorageSQLite
import StoreMove

struct MigrateStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate-store",
        abstract: "Moves a store into an empty, migrated one and verifies it; run again, it goes on where it stopped.",
        discussion: """
            Stop the server first. The source stays as it is. The target is made with: \
            chexin migrate --apply --database-url TARGET
            """
    )

    @Argument(help: "Where the store is, as in CHEXIN_DATABASE_URL.")
    var source: String

    @Argument(help: "Where it goes: postgres://USER@HOST/DATABASE, or sqlite:PATH.")
    var target: String

    func run() async throws {
        let (from, to) = (try location(source, "The source"), try location(target, "The target"))
        guard from != to else { throw Refused(message: "Source and target are the same store.") }
        try refuseMissingFile(from)
        try await withStore(from, "The source") { sourceStore in
            try await withStore(to, "The target") { try await move(sourceStore, to: $0) }
        }
        if let keys = from.keyDirectoryBeside, to.keyDirectoryBeside == nil {
            Console.note("Before you serve from the target, set CHEXIN_KEY_DIR=\(keys), or move that directory.")
        }
    }

    private func move(_ source: any Database, to target: any Database) async throws {
        let bar = MoveBar()
        do {
            let seals = try await StoreMove(from: source, to: target, report: bar.show).run {
                try await verifyChains(target)
            }
            for seal in seals { Console.answer("\(seal.table)\t\(seal.rows)\t\(seal.digest.hex)") }
        } catch let refusal as MoveRefusal {
            throw Refused(message: refusal.sentence)
        }
    }

    /// Every car's chain and every audit trail of the moved store, from its bytes.
    private func verifyChains(_ target: any Database) async throws {
        let origin = try await target.read { try StoreIdentity.logOrigin($0) } ?? Settings.defaultLogOrigin
        let report = try await LedgerAudit(database: target, log: origin).run { Console.progress("chains", $0, of: $1) }
        if let damage = report.damages.first {
            throw Refused(
                message: "The chain of \(damage.vin) does not verify (\(damage.detail.en)), and did not in the source: "
                    + "there, chexin ledger fsck names all that is damaged."
            )
        }
        let broken = try await target.read { tx in
            try AuditTrail.chains(tx).first { chain in
                if case .broken = try AuditTrail.verify(tx, chain) { true } else { false }
            }
        }
        if let broken { throw Refused(message: "The audit trail of \(broken) does not verify.") }
        Console.note("\(report.vehicles) chains of \(report.entries) entries verify, and every audit trail.")
    }

    private func location(_ url: String, _ which: String) throws -> StoreLocation {
        guard let location = StoreLocation(url: url) else {
            throw ValidationError("\(which) must be sqlite:PATH or postgres://USER@HOST/DATABASE.")
        }
        return location
    }

    /// SQLite would make the file, and an empty store would be moved.
    private func refuseMissingFile(_ location: StoreLocation) throws {
        guard case .sqlite(.file(let path)) = location, !FileManager.default.fileExists(atPath: path) else { return }
        throw Refused(message: "The source: there is no file \(path).")
    }

    private func withStore(
        _ location: StoreLocation,
        _ which: String,
        _ body: (any Database) async throws -> Void
    ) async throws {
        let database = try await open(location, which)
        do {
            try await refuseOtherSchema(database, location.dialect, which)
            try await body(database)
        } catch {
            try? await database.close()
            throw error
        }
        try await database.close()
    }

    private func open(_ location: StoreLocation, _ which: String) async throws -> any Database {
        do {
            return switch location {
            case .sqlite(let location): try await SQLiteDatabase.open(location)
            case .postgres(let location): try await PostgresDatabase.open(location)
            }
        } catch {
            throw SettingsError(["\(which) cannot be opened: \(error)"])
        }
    }

    private func refuseOtherSchema(_ database: any Database, _ dialect: Dialect, _ which: String) async throws {
        for migration in try await Store.migrator(database, dialect).status() {
            switch migration.state {
            case .applied: continue
            case .pending:
                let mend = "Run: chexin migrate --apply --database-url with its address"
                throw Refused(message: "\(which) lacks migration \(migration.name). \(mend)")
            case .changed, .unknown:
                throw Refused(message: "\(which) has another schema than this program: \(migration.name).")
            }
        }
    }
}

extension MoveRefusal {
    fileprivate var sentence: String {
        switch self {
        case .targetNotEmpty(let table):
            "The target has rows of its own in \(table). Only an empty store can be moved into."
        case .otherSource:
            "The target holds a part of another store, or the source has changed since the move was broken off. "
                + "Stop the source's server and begin again with an empty target."
        case .sourceChanged(let table):
            "The source changed in \(table) while it was moved. Stop its server and begin again with an empty target."
        case .targetDiffers(let table):
            "The target holds something else in \(table) than the source. Begin again with an empty target of its own."
        }
    }
}

/// A bar on a terminal; elsewhere a line for every table that is done.
private struct MoveBar: Sendable {
    @Sendable func show(_ progress: StoreMove.Progress) {
        let title = "\(progress.phase.rawValue): \(progress.table)"
        guard Console.isWatched else {
            if progress.isLast { Console.note("\(title), \(progress.rows) rows") }
            return
        }
        if let total = progress.total {
            if total > 0, progress.isLast || progress.rows < total { Console.progress(title, progress.rows, of: total) }
        } else {
            Console.counter(title, progress.rows, isLast: progress.isLast)
        }
    }
}
