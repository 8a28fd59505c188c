import Migrations
package import Storage
package import StoragePostgres
import StorageSQLite

/// A fresh, migrated store for one test. It goes away with the last reference to it, its files or its database with it.
package struct TestStore: Sendable {
    /// PostgreSQL has one place only.
    package enum Place: String, Sendable, CaseIterable {
        case memory
        case disk
    }

    package let database: any Database
    package let clock: ManualClock
    private let directory: TemporaryDirectory?
    private let scratch: PostgresScratch?

    /// Everything that the store has on the disk at this moment, its log included. Nothing where it is in memory.
    package func bytesOnDisk() throws -> [UInt8] {
        try directory?.bytes() ?? []
    }

    /// What a backup of the store holds: of SQLite a copy of its files, of PostgreSQL its dump.
    package func backup() async throws -> [UInt8] {
        guard let scratch else { return try bytesOnDisk() }
        return Array(try await Command.run("\(scratch.cluster.programs)/pg_dump", ["-d", scratch.url]).utf8)
    }

    package static func open(
        _ engine: Engine = .usual,
        in place: Place = .memory,
        migrations: [Migration]? = nil,
        clock: ManualClock = ManualClock()
    ) async throws -> TestStore {
        let store =
            switch engine {
            case .sqlite: try await openSQLite(in: place, clock)
            case .postgres: try await openPostgres(isMigrated: migrations == nil, clock)
            }
        // PostgreSQL's template has the product's schema already.
        guard engine == .sqlite || migrations != nil else { return store }
        let migrator = Migrator(
            migrations ?? Schema.migrations,
            dialect: engine.dialect,
            database: store.database
        )
        _ = try await migrator.apply()
        return store
    }

    /// A copy of what is on the disk at this moment: what whoever starts next finds after `kill -9`, of SQLite.
    package func wreck() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for name in ["store.db", "store.db-wal"] { try directory?.copy(name, to: copy) }
        return copy
    }

    package static func open(_ wreck: TemporaryDirectory, clock: ManualClock) async throws -> TestStore {
        let database = try await SQLiteDatabase.open(.file(path: wreck.path("store.db")), clock: clock)
        return TestStore(database: database, clock: clock, directory: wreck, scratch: nil)
    }

    private static func openSQLite(in place: Place, _ clock: ManualClock) async throws -> TestStore {
        let directory = place == .disk ? try TemporaryDirectory() : nil
        let location = directory.map { SQLiteLocation.file(path: $0.path("store.db")) } ?? .memory
        let database = try await SQLiteDatabase.open(location, clock: clock)
        return TestStore(database: database, clock: clock, directory: directory, scratch: nil)
    }

    private static func openPostgres(isMigrated: Bool, _ clock: ManualClock) async throws -> TestStore {
        let scratch = try await PostgresScratch.make(isMigrated: isMigrated)
        let database = try await PostgresDatabase.open(scratch.location, clock: clock, limits: .forTests)
        return TestStore(database: database, clock: clock, directory: nil, scratch: scratch)
    }
}

/// A database of a test's own, dropped when nobody holds it any more.
package final class PostgresScratch: Sendable {
    package let cluster: PostgresCluster
    package let url: String

    private init(_ cluster: PostgresCluster, url: String) {
        self.cluster = cluster
        self.url = url
    }

    deinit {
        cluster.drop(url)
    }

    package static func make(isMigrated: Bool) async throws -> PostgresScratch {
        let cluster = try await PostgresCluster.shared()
        return PostgresScratch(cluster, url: try await cluster.makeDatabase(migrated: isMigrated))
    }

    package var location: PostgresLocation {
        get throws {
            guard let location = PostgresLocation(url: url) else { throw StoredDataError("no address: \(url)") }
            return location
        }
    }
}

extension PostgresLimits {
    /// Many stores are open at once, and the cluster has so many connections.
    package static var forTests: PostgresLimits {
        var limits = PostgresLimits()
        limits.writers = 2
        limits.readers = 2
        return limits
    }
}
