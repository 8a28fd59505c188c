import Foundation
import Storage
import Support
import Testing

@Suite struct `A cluster for the tests` {
    @Test func `has databases that know nothing of each other`() async throws {
        let cluster = try await PostgresCluster.shared()
        let first = try await cluster.makeDatabase(migrated: false)
        let second = try await cluster.makeDatabase(migrated: false)
        try await cluster.query("CREATE TABLE only_here (name TEXT)", url: first)
        await #expect(throws: PostgresError.self) {
            try await cluster.query("SELECT name FROM only_here", url: second)
        }
        cluster.drop(first)
        cluster.drop(second)
    }

    @Test func `gives the product's schema`() async throws {
        let cluster = try await PostgresCluster.shared()
        let url = try await cluster.makeDatabase()
        #expect(try await cluster.query("SELECT count(vin) FROM entry", url: url) == "0\n")
        cluster.drop(url)
    }

    @Test func `drops a database when it is told to, and no other`() async throws {
        let cluster = try await PostgresCluster.shared()
        let scratch = try await TestStore.open(.postgres)
        let url = try await cluster.makeDatabase(migrated: false)
        let name = try #require(url.split(separator: "/").last)
        cluster.drop(url)
        var names = ""
        for _ in 0..<600 {
            names = try await cluster.administrate("SELECT datname FROM pg_database")
            if !names.contains(name) { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(!names.contains(name))
        try await scratch.database.check()
    }

    @Test func `is gone with the process that started it`() async throws {
        let cluster = try await PostgresCluster.start()
        #expect(FileManager.default.fileExists(atPath: cluster.directory))
        try cluster.abandon()
        for _ in 0..<600 where FileManager.default.fileExists(atPath: cluster.directory) {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(!FileManager.default.fileExists(atPath: cluster.directory))
        await #expect(throws: PostgresError.self) { try await cluster.administrate("SELECT 1") }
    }
}
