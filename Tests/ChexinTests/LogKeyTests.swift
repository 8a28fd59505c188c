import Core
import Cryptography
import Foundation
import Ledger
import Storage
import Support
import Testing
import TransparencyLog

@testable import chexin

/// The keys of the log on the disk, and the file that remembers what was published.
@Suite struct LogKeyTests {
    private func settings(_ directory: TemporaryDirectory) async throws -> Settings {
        try await Settings.read(
            flags: [:],
            file: nil,
            environment: [
                "CHEXIN_DATABASE_URL": "sqlite:\(directory.path("store.sqlite"))", "CHEXIN_LOG_ORIGIN": "a.example/log",
            ]
        )
    }

    private func keys(_ directory: TemporaryDirectory) async throws -> LogKeys {
        let store = try await Store.open(try await settings(directory))
        try await store.database.close()
        return store.logKeys
    }

    private func sentence(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return ""
        } catch let refused as Refused {
            return refused.message
        } catch {
            return "\(error)"
        }
    }

    private func path(_ directory: TemporaryDirectory, _ name: String) -> String {
        directory.path("store.sqlite.keys/\(name)")
    }

    @Test func `the first start makes the keys, readable by the owner alone, and later ones keep them`() async throws {
        let directory = try TemporaryDirectory()
        let first = try await keys(directory)
        for name in ["log.key", "vrf.key"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path(directory, name))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.size] as? Int == 32)
        }
        let second = try await keys(directory)
        #expect(first.verifierKeys == second.verifierKeys)
        #expect(first.vehicles.publicKey == second.vehicles.publicKey)
        #expect(first.verifierKeys.map(\.name) == ["a.example/log"])
        #expect(first.indexVerifierKeys.map(\.name) == ["a.example/log/vehicles"])
    }

    @Test func `keys that the operator has brought are used`() async throws {
        let directory = try TemporaryDirectory()
        try SecretFile(path: path(directory, "log.key")).write([UInt8](repeating: 3, count: 32))
        let brought = try await keys(directory).verifierKeys
        #expect(try LogKeys.forTests(origin: "a.example/log", seeds: [3]).verifierKeys == brought)
    }

    @Test(arguments: ["log.key", "vrf.key"])
    func `a key that is missing later is not made anew`(name: String) async throws {
        let directory = try TemporaryDirectory()
        _ = try await keys(directory)
        try FileManager.default.removeItem(atPath: path(directory, name))
        let refusal = await sentence { _ = try await keys(directory) }
        #expect(refusal.contains("\(name) is missing"))
        #expect(refusal.contains("backup of the keys"))
    }

    @Test func `another key for the names of cars is refused`() async throws {
        let directory = try TemporaryDirectory()
        _ = try await keys(directory)
        try SecretFile(path: path(directory, "vrf.key")).write([UInt8](repeating: 3, count: 32))
        #expect(await sentence { _ = try await keys(directory) }.contains("vrf.key is not the key"))
    }

    @Test func `a key that is replaced goes on signing beside the new one until it is removed`() async throws {
        let directory = try TemporaryDirectory()
        let before = try await keys(directory).verifierKeys[0]
        let files = KeyDirectory(path: directory.path("store.sqlite.keys")).log
        try files.rotate()
        let both = try await keys(directory)
        #expect(both.verifierKeys.count == 2)
        #expect(both.verifierKeys[1] == before)
        #expect(both.json["former_checkpoint_key"]?.stringValue == before.text)
        #expect(await sentence { try files.rotate() }.contains("log.old.key still signs"))
        try FileManager.default.removeItem(atPath: path(directory, "log.old.key"))
        let after = try await keys(directory)
        #expect(after.verifierKeys == [both.verifierKeys[0]])
        let printed = String(decoding: after.json.bytes, as: UTF8.self)
        #expect(try BundleKeys(parsing: printed).policy.logs.map(\.key) == after.verifierKeys)
    }

    @Test func `a published checkpoint that cannot be read stops the start`() throws {
        let directory = try TemporaryDirectory()
        let file = PublishedCheckpoint(directory: directory.path("keys"))
        #expect(try file.read() == nil)
        let key = try Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: 3, count: 32)))
        let checkpoint = try #require(Checkpoint(origin: "a.example/log", size: 0, root: MerkleHash.emptyRoot))
        let note = try checkpoint.signed(by: [try #require(NoteSigner(name: "a.example/log", key: key))])
        try file.write(note.bytes)
        #expect(try file.read() == note)
        try file.write(Array(note.bytes.dropLast()))
        #expect(throws: Refused.self) { try file.read() }
    }

    @Test func `a policy of witnesses has to name the log by its key`() throws {
        let directory = try TemporaryDirectory()
        let keys = try LogKeys.forTests(origin: "a.example/log")
        func policy(_ text: String) throws -> LogPolicy {
            let path = directory.path("policy")
            try Data(text.utf8).write(to: URL(filePath: path))
            return try Witnesses.policy(at: path, for: keys)
        }
        #expect(try policy("log \(keys.verifierKeys[0].text)\nquorum none\n").logs.count == 1)
        let other = try LogKeys.forTests(origin: "a.example/log", seeds: [4]).verifierKeys[0]
        for (text, part) in [
            ("log \(other.text)\nquorum none\n", "has no line log"), ("quorum none\n", "has no line log"),
            ("x\n", "line 1"),
        ] {
            let error = #expect(throws: SettingsError.self) { try policy(text) }
            #expect(error?.description.contains(part) == true)
        }
        #expect(throws: SettingsError.self) { try Witnesses.policy(at: directory.path("none"), for: keys) }
    }
}
