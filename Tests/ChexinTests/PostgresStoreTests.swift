import Core
import Identity
import Storage
import StoragePostgres
import Support
import Testing

@testable import chexin

/// What stops a start on PostgreSQL, each with a sentence that says why.
@Suite struct PostgresStoreTests {
    private func settings(_ url: String, _ directory: TemporaryDirectory) async throws -> Settings {
        try await Settings.read(
            flags: [:],
            file: nil,
            environment: ["CHEXIN_DATABASE_URL": url, "CHEXIN_KEY_DIR": directory.path("keys")]
        )
    }

    private func refusal(_ url: String, _ directory: TemporaryDirectory) async -> String {
        do {
            try await Store.open(try await settings(url, directory)).database.close()
            return ""
        } catch let refused as Refused {
            return refused.message
        } catch {
            return "\(error)"
        }
    }

    @Test func `an empty database becomes a store, with an administrator`() async throws {
        let directory = try TemporaryDirectory()
        let scratch = try await PostgresScratch.make(isMigrated: false)
        let store = try await Store.open(try await settings(scratch.url, directory))
        let administrator = try await Bootstrap.firstAdministrator(store.database, pepper: store.material.pepper)
        #expect(!administrator.key.secret.isEmpty)
        try await store.database.check()
        try await store.database.close()
        #expect(await refusal(scratch.url, directory) == "")
    }

    @Test func `a schema that is older, newer or changed stops the start`() async throws {
        let directory = try TemporaryDirectory()
        let scratch = try await PostgresScratch.make(isMigrated: false)
        try await Store.open(try await settings(scratch.url, directory)).database.close()
        let query = { (sql: String) in _ = try await scratch.cluster.query(sql, url: scratch.url) }
        try await query("UPDATE schema_migration SET name = 'm9999_future' WHERE name = 'm0005_instances'")
        #expect(await refusal(scratch.url, directory).contains("chexin migrate --apply"))
        try await query("INSERT INTO schema_migration VALUES ('m0005_instances', '00', 0)")
        let sentence = await refusal(scratch.url, directory)
        #expect(sentence.contains("m0005_instances"))
        #expect(sentence.contains("m9999_future"))
    }

    @Test func `a server that is not there stops the start, and the password is not repeated`() async throws {
        let directory = try TemporaryDirectory()
        let sentence = await refusal("postgres://chexin:geheim@127.0.0.1:1/chexin?connect_timeout=2", directory)
        #expect(sentence.hasPrefix("CHEXIN_DATABASE_URL: "))
        #expect(sentence.contains("host and port"))
        #expect(!sentence.contains("geheim"))
    }

    @Test func `a mistaken address is not repeated either`() async throws {
        let directory = try TemporaryDirectory()
        for url in ["postgres://u:geheim@x@host/db", "postgres:/u:geheim@host/db", "postgresq://u:geheim@host/db"] {
            let sentence = await refusal(url, directory)
            #expect(sentence.contains("CHEXIN_DATABASE_URL"))
            #expect(!sentence.contains("geheim"))
        }
    }

    @Test func `the directory of the secrets has to be said`() async throws {
        await #expect(throws: SettingsError.self) {
            _ = try await Settings.read(
                flags: [:],
                file: nil,
                environment: ["CHEXIN_DATABASE_URL": "postgres://chexin@127.0.0.1/chexin"]
            )
        }
    }
}
