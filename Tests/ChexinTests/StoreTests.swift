import Core
import Foundation
import Identity
import Storage
import StorageSQLite
import Support
import Testing

@testable import chexin

/// What stops a start, each with a sentence that says why.
@Suite struct StoreTests {
    private func settings(_ directory: TemporaryDirectory, origin: String = "a.example/log") async throws -> Settings {
        try await Settings.read(
            flags: [:],
            file: nil,
            environment: [
                "CHEXIN_DATABASE_URL": "sqlite:\(directory.path("store.sqlite"))", "CHEXIN_LOG_ORIGIN": origin,
            ]
        )
    }

    private func made(_ directory: TemporaryDirectory) async throws {
        try await Store.open(try await settings(directory)).database.close()
    }

    private func refusal(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return ""
        } catch let refused as Refused {
            return refused.message
        } catch {
            return "\(error)"
        }
    }

    @Test func `a new store makes its tables and its key, readable by the owner alone`() async throws {
        let directory = try TemporaryDirectory()
        try await made(directory)
        let key = directory.path("store.sqlite.keys/master.key")
        let attributes = try FileManager.default.attributesOfItem(atPath: key)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(FileManager.default.contents(atPath: key)?.count == KeyMaterial.masterByteCount)
        try await made(directory)
    }

    @Test func `another ledger's name stops the start`() async throws {
        let directory = try TemporaryDirectory()
        try await made(directory)
        let sentence = await refusal {
            try await Store.open(try await settings(directory, origin: "b.example/log")).database.close()
        }
        #expect(sentence.contains("CHEXIN_LOG_ORIGIN"))
        #expect(sentence.contains("a.example/log"))
    }

    @Test func `another master key stops the start`() async throws {
        let directory = try TemporaryDirectory()
        try await made(directory)
        let key = directory.path("store.sqlite.keys/master.key")
        try Data(repeating: 1, count: KeyMaterial.masterByteCount).write(to: URL(fileURLWithPath: key))
        #expect(await refusal { try await made(directory) }.contains("CHEXIN_KEY_DIR"))
    }

    @Test func `a master key that is missing, short or open to others stops the start`() async throws {
        let directory = try TemporaryDirectory()
        try await made(directory)
        let key = directory.path("store.sqlite.keys/master.key")
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        #expect(await refusal { try await made(directory) }.contains("0600"))
        try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        try await made(directory)
        let master = try #require(manager.contents(atPath: key))
        try master.prefix(31).write(to: URL(fileURLWithPath: key))
        #expect(await refusal { try await made(directory) }.contains("32 bytes"))
        try manager.removeItem(atPath: key)
        #expect(await refusal { try await made(directory) }.contains("missing"))
        #expect(!manager.fileExists(atPath: key))
    }

    @Test func `a migration that was changed after it ran stops the start and is named`() async throws {
        let directory = try TemporaryDirectory()
        try await made(directory)
        let database = try await Store.connect(try await settings(directory))
        _ = try await database.write { tx in
            try tx.execute("UPDATE schema_migration SET checksum = \("00") WHERE name = \("m0003_history")")
        }
        try await database.close()
        #expect(await refusal { try await made(directory) }.contains("m0003_history"))
    }

    @Test func `a migration that is missing stops the start and says what to run`() async throws {
        let directory = try TemporaryDirectory()
        try await made(directory)
        let database = try await Store.connect(try await settings(directory))
        _ = try await database.write { tx in
            try tx.execute("DELETE FROM schema_migration WHERE name = \("m0004_instance")")
        }
        try await database.close()
        #expect(await refusal { try await made(directory) }.contains("chexin migrate --apply"))
    }

    @Test func `a store that a newer program made stops the start`() async throws {
        let directory = try TemporaryDirectory()
        try await made(directory)
        let database = try await Store.connect(try await settings(directory))
        _ = try await database.write { tx in
            try tx.execute(
                "INSERT INTO schema_migration (name, checksum, applied_at) VALUES (\("m9999_future"), \("00"), \(0))"
            )
        }
        try await database.close()
        #expect(await refusal { try await made(directory) }.contains("m9999_future"))
    }
}
