import Core
import CoreMetrics
import MetricsTestKit
import Storage
import StoragePostgres
import Support

/// A store on PostgreSQL with a table `note` and the marks of commits, and what the tests do to it.
struct PostgresUnderTest {
    let database: PostgresDatabase
    let metrics: TestMetrics
    let scratch: PostgresScratch

    /// - Parameters:
    ///   - port: of what stands between, if not the server itself.
    ///   - limits: of one writer and one reader where nothing else is said.
    static func open(
        _ limits: PostgresLimits = .one,
        through wire: ((PostgresScratch) throws -> FaultyWire)? = nil
    ) async throws -> PostgresUnderTest {
        let scratch = try await PostgresScratch.make(isMigrated: true)
        try await scratch.cluster.query(
            "CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT, data BYTEA)",
            url: scratch.url
        )
        let location = try wire.map { try scratch.location(port: try $0(scratch).port) } ?? scratch.location
        let metrics = TestMetrics()
        let database = try await withMetricsFactory(metrics) {
            try await PostgresDatabase.open(location, limits: limits)
        }
        return PostgresUnderTest(database: database, metrics: metrics, scratch: scratch)
    }

    /// Another instance of the product on the same database.
    func another(_ limits: PostgresLimits = .one) async throws -> PostgresDatabase {
        try await PostgresDatabase.open(try scratch.location, limits: limits)
    }

    /// What the server says, asked past the store.
    func ask(_ sql: String) async throws -> String {
        try await scratch.cluster.query(sql, url: scratch.url)
    }

    var commits: Int64 { metrics.counterTotal(label: "store_commits") }

    /// Stops the only writer within a transaction.
    func hold() async -> HeldWriter<PostgresDatabase> {
        await HeldWriter.hold(database)
    }

    /// Ends every connection of the store, as an operator may.
    func terminate() async throws {
        let name = scratch.url.split(separator: "/").last ?? ""
        try await scratch.cluster.administrate(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '\(name)'"
        )
    }
}

extension PostgresLimits {
    static var one: PostgresLimits {
        var limits = PostgresLimits()
        limits.writers = 1
        limits.readers = 1
        return limits
    }
}

extension PostgresLimits {
    /// Every commit can be seen on the wire, not the first one only.
    static var unprepared: PostgresLimits {
        var limits = PostgresLimits.one
        limits.preparesStatements = false
        return limits
    }
}

extension PostgresScratch {
    /// Its address with another port.
    func location(port: Int) throws -> PostgresLocation {
        let url = url.replacing(":\(cluster.port)/", with: ":\(port)/")
        guard let location = PostgresLocation(url: url) else { throw StoredDataError("no address: \(url)") }
        return location
    }
}
