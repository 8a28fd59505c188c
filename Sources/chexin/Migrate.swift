import ArgumentParser
import Core
import Storage

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows which migrations the store has, or applies those that are missing."
    )

    @OptionGroup
    var options: SettingsOptions

    @Flag(help: "Apply the migrations that are missing.")
    var apply = false

    func run() async throws {
        let settings = try await options.settings()
        let database = try await Store.connect(settings, isMigrating: apply)
        let migrator = Store.migrator(database, settings.store.dialect)
        do {
            if apply { try await applyPending(migrator) }
            try await show(migrator)
        } catch {
            try? await database.close()
            throw error
        }
        try await database.close()
    }

    private func applyPending(_ migrator: Migrator) async throws {
        do {
            let applied = try await migrator.apply()
            Console.note(applied.isEmpty ? "Nothing to apply." : "Applied: \(applied.joined(separator: ", "))")
        } catch let failure as Failure {
            throw Refused(message: failure.faults.map(\.detail.en).joined(separator: "\n"))
        }
    }

    /// One line a migration; exit 1 where the store does not fit the program.
    private func show(_ migrator: Migrator) async throws {
        var isFitting = true
        for migration in try await migrator.status() {
            Console.answer("\(migration.name)\t\(migration.state.word)")
            if case .applied = migration.state { continue }
            isFitting = false
        }
        if !isFitting { throw Refused(message: "The store does not fit this program yet.") }
    }
}

extension MigrationState {
    fileprivate var word: String {
        switch self {
        case .applied: "applied"
        case .pending: "pending"
        case .changed: "changed after it was applied"
        case .unknown: "unknown to this program"
        }
    }
}
