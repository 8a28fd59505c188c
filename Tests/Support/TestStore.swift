import Migrations
package import Storage
import StorageSQLite

/// A fresh, migrated store for one test. It goes away with the last reference to it, its files with it.
package struct TestStore: Sendable {
    package enum Place: String, Sendable, CaseIterable {
        case memory
        case disk
    }

    package let database: any Database
    package let clock: ManualClock
    private let directory: TemporaryDirectory?

    /// Everything that the store has on the disk at this moment, its log included. Nothing where it is in memory.
    package func bytesOnDisk() throws -> [UInt8] {
        try directory?.bytes() ?? []
    }

    package static func open(
        _ engine: Engine = .sqlite,
        in place: Place = .memory,
        migrations: [Migration] = Schema.migrations,
        clock: ManualClock = ManualClock()
    ) async throws -> TestStore {
        let directory = place == .disk ? try TemporaryDirectory() : nil
        let location = directory.map { SQLiteLocation.file(path: $0.path("store.db")) } ?? .memory
        let database =
            switch engine {
            case .sqlite: try await SQLiteDatabase.open(location, clock: clock)
            }
        let store = TestStore(database: database, clock: clock, directory: directory)
        _ = try await Migrator(migrations, dialect: engine.dialect, database: database).apply()
        return store
    }
}
