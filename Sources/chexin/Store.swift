import Core
import Cryptography
import Identity
import Migrations
import People
import Storage
import StoragePostgres
import StorageSQLite
import TransparencyLog

/// An open store with its secrets.
struct Store: Sendable {
    let database: any Database
    let dialect: Dialect
    let material: KeyMaterial
    let vault: SubjectVault
    let logKeys: LogKeys

    /// Opens a store that is ready to be used: no migration is missing, and ledger and secret are those it was made
    /// with.
    ///
    /// - Throws: `SettingsError` or `Refused`, with a sentence that says what to do.
    static func open(
        _ settings: Settings,
        clock: some WallClock = SystemClock(),
        onLost: @escaping @Sendable () -> Void = {}
    ) async throws -> Store {
        let database = try await connect(settings, clock: clock, onLost: onLost)
        do {
            let pending = try await migrator(database, settings.store.dialect).status().filter { $0.state == .pending }
            // A store with nothing in it has nothing to lose: the first start makes its tables by itself.
            if pending.count == Schema.migrations.count {
                _ = try await migrator(database, settings.store.dialect).apply()
            } else if let first = pending.first {
                throw Refused(message: "Migration \(first.name) has not been applied. Run: chexin migrate --apply")
            }
            try await refuseMismatch(database, settings.store.dialect)
            let isNew = try await StoreIdentity.isNew(database)
            let keys = KeyDirectory(path: settings.keyDirectory)
            let material = try keys.material(isNewStore: isNew)
            try await StoreIdentity.pin(database, logOrigin: settings.logOrigin, material: material)
            let wrapping = try await StoreIdentity.pin(database, keys.wrapping)
            let logKeys = try await StoreIdentity.pin(database, keys.log, origin: settings.logOrigin)
            return Store(
                database: database,
                dialect: settings.store.dialect,
                material: material,
                vault: SubjectVault(
                    keys: wrapping,
                    index: BlindIndex(key: material.blindIndexKey),
                    reload: keys.wrapping.load
                ),
                logKeys: logKeys
            )
        } catch {
            try? await database.close()
            throw error
        }
    }

    /// Opens the store alone, whatever state its schema is in.
    /// - Parameter isMigrating: a statement may take as long as a table is large.
    static func connect(
        _ settings: Settings,
        isMigrating: Bool = false,
        clock: some WallClock = SystemClock(),
        onLost: @escaping @Sendable () -> Void = {}
    ) async throws -> any Database {
        do {
            return switch settings.store {
            case .sqlite(let location): try await SQLiteDatabase.open(location, clock: clock, onLost: onLost)
            case .postgres(let location):
                try await PostgresDatabase.open(location, clock: clock, limits: isMigrating ? .forMigrations : .init())
            }
        } catch let error as PostgresOpenError {
            throw SettingsError(["CHEXIN_DATABASE_URL: \(error)"])
        } catch {
            throw SettingsError(["CHEXIN_DATABASE_URL: the store cannot be opened (\(error))."])
        }
    }

    static func migrator(_ database: any Database, _ dialect: Dialect) -> Migrator {
        Migrator(Schema.migrations, dialect: dialect, database: database)
    }

    /// Changed and unknown migrations: what `apply` refuses, a start refuses too.
    private static func refuseMismatch(_ database: any Database, _ dialect: Dialect) async throws {
        do {
            _ = try await migrator(database, dialect).apply()
        } catch let failure as Failure where failure.type == .schemaMismatch {
            throw Refused(message: failure.faults.map(\.detail.en).joined(separator: "\n"))
        }
    }
}
