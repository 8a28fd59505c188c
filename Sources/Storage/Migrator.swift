package import Core

/// Brings a store to the schema that this program knows, on either engine.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    private let dialect: Dialect
    private let database: any Database

    /// - Parameter migrations: in the order in which they are applied.
    package init(_ migrations: [Migration], dialect: Dialect, database: any Database) {
        self.migrations = migrations
        self.dialect = dialect
        self.database = database
    }

    /// What the program knows, in its order, then what only the store knows.
    package func status() async throws -> [MigrationStatus] {
        let applied = try await appliedChecksums()
        let known = try migrations.map { migration in
            MigrationStatus(name: migration.name, state: try state(of: migration, in: applied))
        }
        let unknown = Set(applied.keys).subtracting(migrations.map(\.name)).sorted()
        return known + unknown.map { MigrationStatus(name: $0, state: .unknown) }
    }

    /// Applies what is pending, each migration in one transaction with the note that it ran.
    /// - Returns: the names of what it applied.
    /// - Throws: `Failure.schemaMismatch` naming every migration that changed since it ran and every one that this
    ///   program does not know; nothing is applied then.
    package func apply() async throws -> [String] {
        let status = try await status()
        try refuseMismatch(status)
        let pending = Set(status.filter { $0.state == .pending }.map(\.name))
        var applied: [String] = []
        for migration in migrations where pending.contains(migration.name) {
            if try await apply(migration) { applied.append(migration.name) }
        }
        return applied
    }

    private func state(of migration: Migration, in applied: [String: String]) throws -> MigrationState {
        guard let checksum = applied[migration.name] else { return .pending }
        return checksum == (try migration.checksum(for: dialect)) ? .applied(checksum: checksum) : .changed
    }

    private func refuseMismatch(_ status: [MigrationStatus]) throws {
        let faults = FaultCollector()
        for migration in status {
            switch migration.state {
            case .changed:
                let zh = "迁移 \(migration.name) 执行之后内容被改动"
                let en = "Migration \(migration.name) was changed after it had been applied"
                faults.add("/\(migration.name)", "changed", zh: zh, en: en)
            case .unknown:
                let zh = "数据库中有本程序不认识的迁移 \(migration.name)，应由较新版本写入"
                let en = "The store has migration \(migration.name), which a newer program must have applied"
                faults.add("/\(migration.name)", "unknown", zh: zh, en: en)
            case .applied, .pending:
                break
            }
        }
        guard let first = faults.faults.first else { return }
        throw Failure(.schemaMismatch, zh: first.detail.zh, en: first.detail.en, faults: faults.faults)
    }

    /// - Returns: `false` where another instance, started at the same time, was faster.
    private func apply(_ migration: Migration) async throws -> Bool {
        let statements = try migration.statements(for: dialect)
        let checksum = try migration.checksum(for: dialect)
        return try await database.write { transaction in
            // The note comes before the statements, so that of two instances one waits here and then has nothing to do.
            let noted = try transaction.execute(
                """
                INSERT INTO schema_migration (name, checksum, applied_at)
                VALUES (\(migration.name), \(checksum), \(transaction.now.microseconds))
                ON CONFLICT (name) DO NOTHING
                """
            )
            guard noted == 1 else { return false }
            for statement in statements {
                try transaction.execute(statement)
            }
            return true
        }
    }

    private func appliedChecksums() async throws -> [String: String] {
        try await database.write { transaction in
            try transaction.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migration (
                    name TEXT PRIMARY KEY,
                    checksum TEXT NOT NULL,
                    applied_at BIGINT NOT NULL
                )
                """
            )
            let rows = try transaction.rows("SELECT name, checksum FROM schema_migration")
            return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.text(0), try $0.text(1)) })
        }
    }
}

extension ProblemType {
    /// Stops a start; no caller of the API ever gets it.
    package static let schemaMismatch = ProblemType(
        "schema_mismatch",
        .conflict,
        zh: "数据库结构与本程序不符",
        en: "The store's schema does not fit this program"
    )
}
